//! The viewer's side: which schemes a behaviour answers, and with which least TLS version.

use crate::model::{Accepts, Doubt, Face, TlsFloor, TlsVersion};
use crate::services::aws::tls_policy::cloudfront_minimum;
use crate::services::read::{Alternative, Block, Field, Setting, field};
use crate::value::{Value, When};

const VIEWER_POLICY: Field = field("viewer_protocol_policy", "ViewerProtocolPolicy");
pub(super) const CERTIFICATE: Field = field("viewer_certificate", "ViewerCertificate");
pub(super) const ISSUED: Field = field("acm_certificate_arn|iam_certificate_id", "AcmCertificateArn|IamCertificateId");
const DEFAULT_CERTIFICATE: Field = field("cloudfront_default_certificate", "CloudFrontDefaultCertificate");
const MINIMUM: Field = field("minimum_protocol_version", "MinimumProtocolVersion");

/// With which scheme a request has come in, which decides what `match-viewer` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    Unknown,
}

/// One way through a behaviour.
pub(super) struct Door {
    pub scheme: Scheme,
    pub port: Option<i64>,
    pub faces: Vec<Face>,
    pub when: Option<When>,
}

pub(super) fn undeclared(doubt: Doubt) -> Face {
    Face::always(Accepts::Undeclared(doubt))
}

/// HTTPS is always answered; HTTP is forwarded under `allow-all` only. `https-only` refuses it and `redirect-to-https`
/// answers with a redirect: nothing of an HTTP request goes on to the origin.
pub(super) fn doors(config: &Block<'_>, behaviour: &Block<'_>) -> Vec<Door> {
    let mut doors = Vec::new();
    let mut secure = Vec::new();
    for Alternative { when, value } in behaviour.setting(VIEWER_POLICY) {
        match value {
            Setting::Text(policy, written) => {
                let meaning = match policy.as_str() {
                    "allow-all" => "viewers may use HTTP",
                    "https-only" => "HTTP is refused",
                    _ => "HTTP is redirected to HTTPS",
                };
                let evidence = behaviour.stated(VIEWER_POLICY, &policy, written, meaning);
                if policy == "allow-all" {
                    let faces = vec![Face::always(Accepts::Plaintext(vec![evidence.clone()]))];
                    doors.push(Door { scheme: Scheme::Http, port: Some(80), faces, when: when.clone() });
                }
                secure.push(Face { when, accepts: Accepts::Tls { floor: floor(config), evidence: vec![evidence] } });
            }
            Setting::Absent => secure.push(undeclared(missing(behaviour))),
            Setting::Unknown(doubt) => {
                let faces = vec![undeclared(doubt.clone())];
                doors.push(Door { scheme: Scheme::Unknown, port: Some(80), faces, when: when.clone() });
                secure.push(Face { when, accepts: Accepts::Tls { floor: floor(config), evidence: Vec::new() } });
            }
        }
    }
    doors.push(Door { scheme: Scheme::Https, port: Some(443), faces: secure, when: None });
    doors
}

fn missing(behaviour: &Block<'_>) -> Doubt {
    let name = VIEWER_POLICY.spelling(behaviour.language());
    Doubt::new(name, format!("{name} is required and missing"), format!("set {name}"), Some(behaviour.place()))
}

/// The default certificate forces `TLSv1` whatever the minimum says, and is what applies without a certificate block.
/// Source: ViewerCertificate in the CloudFront API; Terraform's default for an absent minimum is `TLSv1`.
fn floor(config: &Block<'_>) -> TlsFloor {
    let Some(certificate) = config.block(CERTIFICATE) else {
        if config.has(CERTIFICATE) {
            return TlsFloor::unknown();
        }
        let meaning = "the default certificate accepts TLS 1.0";
        return TlsFloor::known(TlsVersion::V1_0, config.defaulted(CERTIFICATE, "the default certificate", meaning));
    };
    if let Some(value) = certificate.get(DEFAULT_CERTIFICATE).filter(|value| value.as_bool() == Some(true)) {
        let meaning = "the default certificate accepts TLS 1.0, whatever the minimum says";
        return TlsFloor::known(TlsVersion::V1_0, certificate.stated(DEFAULT_CERTIFICATE, "true", value, meaning));
    }
    match certificate.setting(MINIMUM).as_slice() {
        [Alternative { value: Setting::Text(name, value), .. }] => stated_floor(&certificate, name, value),
        [Alternative { value: Setting::Absent, .. }]
            if certificate.language() == crate::resource::Language::Terraform
                && !certificate.has(DEFAULT_CERTIFICATE) =>
        {
            TlsFloor::known(TlsVersion::V1_0, certificate.defaulted(MINIMUM, "TLSv1", "viewers may use TLS 1.0"))
        }
        _ => TlsFloor::unknown(),
    }
}

fn stated_floor(certificate: &Block<'_>, name: &str, value: &Value) -> TlsFloor {
    match cloudfront_minimum(name) {
        Some(version) => {
            let meaning = format!("viewers may use {version}");
            TlsFloor::known(version, certificate.stated(MINIMUM, name, value, meaning))
        }
        None => TlsFloor::unknown(),
    }
}
