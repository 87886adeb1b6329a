//! Names of AWS security policies and protocol lists, read by grammar with a dated table.

use crate::model::TlsVersion;

/// The least version of an Elastic Load Balancing security policy; `None` for a name outside the grammar.
///
/// Source: "Security policies for your Application Load Balancer" and "... Network Load Balancer" (describe-ssl-policies),
/// names up to 2025-09. The `1-x` field is the least version, also behind `TLS13-`: `TLS13-1-0-2021-06` accepts TLS 1.0.
/// Names without the field (2016-08, 2015-05, FS-2018-06 ...) accept TLS 1.0. A name of the grammar with a
/// newer date is not in the table and therefore unknown.
pub(super) fn elb_policy(name: &str) -> Option<TlsVersion> {
    let rest = name.strip_prefix("ELBSecurityPolicy-")?;
    let (fields, date) = split_date(rest)?;
    if !("2011-08"..=NEWEST_ELB_POLICY).contains(&date) {
        return None;
    }
    let mut parts: Vec<&str> = if fields.is_empty() { Vec::new() } else { fields.split('-').collect() };
    let family = parts.first().copied();
    if matches!(family, Some("TLS13" | "TLS" | "FS")) {
        parts.remove(0);
    }
    let version = match parts.as_slice() {
        ["1", minor, ..] => {
            let version = TlsVersion::parse(&format!("1.{minor}"))?;
            parts.drain(..2);
            version
        }
        _ if family.is_none() || family == Some("FS") => TlsVersion::V1_0,
        _ => return None,
    };
    let known = |part: &&str| {
        matches!(*part, "Res" | "Ext" | "Ext0" | "Ext1" | "Ext2" | "RFC9151" | "FIPS" | "PQ")
            || part.starts_with("INTEROP")
    };
    parts.iter().all(known).then_some(version)
}

/// The date of the newest policy in the table.
const NEWEST_ELB_POLICY: &str = "2025-09";

/// What applies where a listener names no policy (API, Terraform and CloudFormation; the console's default differs).
pub(super) const ELB_DEFAULT_POLICY: &str = "ELBSecurityPolicy-2016-08";

fn split_date(text: &str) -> Option<(&str, &str)> {
    let start = text.len().checked_sub("2016-08".len())?;
    let date = text.get(start..)?;
    let shape = date.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() });
    if !shape {
        return None;
    }
    Some((text.get(..start)?.trim_end_matches('-'), date))
}

/// The least version of a CloudFront `MinimumProtocolVersion`.
///
/// Source: "Supported protocols and ciphers between viewers and CloudFront", up to `TLSv1.3_2025`.
pub(super) fn cloudfront_minimum(name: &str) -> Option<TlsVersion> {
    match name {
        "SSLv3" => Some(TlsVersion::Ssl3),
        "TLSv1" | "TLSv1_2016" => Some(TlsVersion::V1_0),
        "TLSv1.1_2016" => Some(TlsVersion::V1_1),
        "TLSv1.2_2018" | "TLSv1.2_2019" | "TLSv1.2_2021" | "TLSv1.2_2025" => Some(TlsVersion::V1_2),
        "TLSv1.3_2025" => Some(TlsVersion::V1_3),
        _ => None,
    }
}

/// An entry of CloudFront's `OriginSSLProtocols`, which is a list of what is allowed.
pub(super) fn protocol(name: &str) -> Option<TlsVersion> {
    match name {
        "SSLv3" | "Protocol-SSLv3" => Some(TlsVersion::Ssl3),
        "TLSv1" | "Protocol-TLSv1" => Some(TlsVersion::V1_0),
        "TLSv1.1" | "Protocol-TLSv1.1" => Some(TlsVersion::V1_1),
        "TLSv1.2" | "Protocol-TLSv1.2" => Some(TlsVersion::V1_2),
        "TLSv1.3" => Some(TlsVersion::V1_3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_names_follow_the_grammar() {
        let minimum = |name: &str| elb_policy(&format!("ELBSecurityPolicy-{name}"));
        assert_eq!(minimum("TLS13-1-2-2021-06"), Some(TlsVersion::V1_2));
        assert_eq!(minimum("TLS13-1-3-FIPS-PQ-2025-09"), Some(TlsVersion::V1_3));
        assert_eq!(minimum("TLS13-1-2-Ext0-FIPS-2023-04"), Some(TlsVersion::V1_2));
        assert_eq!(minimum("FS-1-2-Res-2020-10"), Some(TlsVersion::V1_2));
        assert_eq!(minimum("TLS-1-1-2017-01"), Some(TlsVersion::V1_1));
        assert_eq!(minimum("TLS-1-2-Ext-2018-06"), Some(TlsVersion::V1_2));
        assert_eq!(minimum("2016-08"), Some(TlsVersion::V1_0));
    }

    #[test]
    fn trap_9_tls13_policies_may_accept_tls_1_0() {
        assert_eq!(elb_policy("ELBSecurityPolicy-TLS13-1-0-2021-06"), Some(TlsVersion::V1_0));
        assert_eq!(elb_policy("ELBSecurityPolicy-FS-2018-06"), Some(TlsVersion::V1_0));
    }

    #[test]
    fn a_newer_name_is_unknown_and_not_weak() {
        assert_eq!(elb_policy("ELBSecurityPolicy-TLS13-1-3-2027-01"), None);
        assert_eq!(elb_policy("ELBSecurityPolicy-Quantum-2025-09"), None);
        assert_eq!(elb_policy("mine"), None);
    }
}
