//! What the load balancer of an Ingress listens on, and who can call it.

use super::object::{self, Kind, Object, Written};
use super::ports::floor;
use crate::model::{Accepts, Doubt, Evidence};
use crate::services::draft::Exposure;
use crate::services::read::{Field, Setting, field};
use crate::services::world::World;
use std::collections::BTreeMap;

const CERTIFICATE: Field = field("alb.ingress.kubernetes.io/certificate-arn", "-");
const PORTS: Field = field("alb.ingress.kubernetes.io/listen-ports", "-");
const POLICY: Field = field("alb.ingress.kubernetes.io/ssl-policy", "-");
const SCHEME: Field = field("alb.ingress.kubernetes.io/scheme", "-");

/// `internal` by default. Settings of the class go before those of the Ingress.
pub(super) fn exposure(ingress: &Object<'_>, class: Option<&Doubt>) -> Exposure {
    if let Some(doubt) = class {
        return Exposure::Unknown(doubt.clone());
    }
    match ingress.annotation(SCHEME) {
        Setting::Text(text, _) if text == "internet-facing" => Exposure::Internet,
        Setting::Text(..) | Setting::Absent => Exposure::Private,
        Setting::Unknown(doubt) => Exposure::Unknown(doubt),
    }
}

/// Settings of an Ingress class that the code holds; which class they are for is not followed.
///
/// Source: `computeIngressExplicitTLSCertARNs` and its neighbours in the AWS Load Balancer Controller.
pub(super) fn class_settings(world: &World<'_>, ingress: &Object<'_>) -> Option<Doubt> {
    let parameters = object::objects(world, ingress.id(), Kind::ClassParameters).into_iter().next()?;
    let message = format!("{} may set the ports, the certificate and the scheme", parameters.block.owner.address);
    Some(ingress.doubt("what the class of the Ingress decides", &message))
}

/// HTTP on port 80 unless a certificate or `listen-ports` says otherwise.
pub(super) fn listeners<'a>(
    world: &World<'a>,
    ingress: &Object<'a>,
    class: Option<&Doubt>,
) -> Vec<(Option<i64>, Accepts)> {
    if let Some(doubt) = class {
        return vec![(None, Accepts::Undeclared(doubt.clone()))];
    }
    let setting = ingress.annotation(PORTS);
    let certificate = ingress.names(world, CERTIFICATE, "the load balancer ends TLS");
    let tls = |evidence: Evidence| Accepts::Tls { floor: floor(ingress, POLICY), evidence: vec![evidence] };
    let plaintext = || {
        let meaning = "the load balancer answers by HTTP";
        Accepts::Plaintext(vec![ingress.evidence(PORTS, &setting, "HTTP on port 80", meaning)])
    };
    match (&setting, &certificate) {
        (Setting::Unknown(doubt), _) | (Setting::Absent, Written::Unknown(doubt)) => {
            vec![(None, Accepts::Undeclared(doubt.clone()))]
        }
        (Setting::Absent, Written::There(evidence)) => vec![(Some(443), tls(evidence.clone()))],
        (Setting::Absent, Written::Absent) => vec![(Some(80), plaintext())],
        (Setting::Text(text, _), _) => {
            let Some(ports) = listen_ports(text) else {
                let message = format!("{text} is no list of ports that e2e-lint can read");
                return vec![(None, Accepts::Undeclared(ingress.doubt(PORTS.terraform, &message)))];
            };
            let meaning = "the load balancer ends TLS";
            let accepts =
                |is_tls| if is_tls { tls(ingress.evidence(PORTS, &setting, "", meaning)) } else { plaintext() };
            ports.into_iter().map(|(is_tls, port)| (Some(port), accepts(is_tls))).collect()
        }
    }
}

/// `[{"HTTP": 80}, {"HTTPS": 443}]`: whether each port speaks TLS, and its number.
fn listen_ports(text: &str) -> Option<Vec<(bool, i64)>> {
    let entries: Vec<BTreeMap<String, i64>> = serde_json::from_str(text).ok()?;
    let mut found = Vec::new();
    for (protocol, port) in entries.into_iter().flatten() {
        match protocol.as_str() {
            "HTTP" => found.push((false, port)),
            "HTTPS" => found.push((true, port)),
            _ => return None,
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_as_the_controller_does() {
        assert_eq!(listen_ports(r#"[{"HTTP": 80}, {"HTTPS":443}]"#), Some(vec![(false, 80), (true, 443)]));
        assert_eq!(listen_ports(r#"[{"HTTP": 80, "HTTPS": 443}]"#), Some(vec![(false, 80), (true, 443)]));
        assert_eq!(listen_ports(r#"[{"https": 443}]"#), None);
        assert_eq!(listen_ports("[]"), None);
        assert_eq!(listen_ports("80"), None);
    }
}
