//! The viewer's side: which schemes a behaviour answers, and with which least TLS version.

use crate::model::{Accepts, Doubt, Evidence, Face, TlsFloor, TlsVersion};
use crate::services::aws::tls_policy::cloudfront_minimum;
use crate::services::read::{Alternative, Block, Field, Presence, Setting, field};
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
                secure.extend(secure_faces(config, when.as_ref(), &[evidence]));
            }
            Setting::Absent => secure.push(undeclared(missing(behaviour))),
            Setting::Unknown(doubt) => {
                let faces = vec![undeclared(doubt.clone())];
                doors.push(Door { scheme: Scheme::Unknown, port: Some(80), faces, when: when.clone() });
                secure.extend(secure_faces(config, when.as_ref(), &[]));
            }
        }
    }
    doors.push(Door { scheme: Scheme::Https, port: Some(443), faces: secure, when: None });
    doors
}

/// HTTPS with each certificate that the distribution may have.
fn secure_faces(config: &Block<'_>, when: Option<&When>, evidence: &[Evidence]) -> Vec<Face> {
    let face = |alternative: Alternative<TlsFloor>| {
        let when = When::both(when, alternative.when.as_ref());
        let accepts = Accepts::Tls { floor: alternative.value, evidence: evidence.to_vec() };
        when.as_ref().is_none_or(When::satisfiable).then_some(Face { when, accepts })
    };
    floors(config).into_iter().filter_map(face).collect()
}

fn missing(behaviour: &Block<'_>) -> Doubt {
    let name = VIEWER_POLICY.spelling(behaviour.language());
    Doubt::new(name, format!("{name} is required and missing"), format!("set {name}"), Some(behaviour.place()))
}

/// The least version with each certificate that there may be. The default certificate forces `TLSv1` whatever the minimum
/// says, and is what applies without a certificate block.
/// Source: ViewerCertificate in the CloudFront API; Terraform's default for an absent minimum is `TLSv1`.
fn floors(config: &Block<'_>) -> Vec<Alternative<TlsFloor>> {
    let mut found = Vec::new();
    for Alternative { when, value } in config.presence(CERTIFICATE) {
        match value {
            Presence::Unknown(_) => found.push(Alternative { when, value: TlsFloor::unknown() }),
            Presence::Absent => {
                let meaning = "the default certificate accepts TLS 1.0; only one of your own can ask for more";
                let evidence = config.defaulted(CERTIFICATE, "the default certificate", meaning).mended_by(OWN_NAME);
                found.push(Alternative { when, value: TlsFloor::known(TlsVersion::V1_0, evidence) });
            }
            Presence::Block(certificate) => floors_of(&certificate, &mut found),
        }
    }
    found
}

/// Only a name of one's own can have another certificate than the default one.
const OWN_NAME: &str =
    "give the distribution a name of your own (aliases) with a certificate for it, and ask for TLSv1.2_2021 there";

fn floors_of(certificate: &Block<'_>, found: &mut Vec<Alternative<TlsFloor>>) {
    for Alternative { when, value } in certificate.setting(DEFAULT_CERTIFICATE) {
        match value {
            Setting::Unknown(_) => found.push(Alternative { when, value: TlsFloor::unknown() }),
            Setting::Text(text, value) if text.eq_ignore_ascii_case("true") => {
                let meaning = "the default certificate accepts TLS 1.0, whatever the minimum says";
                let evidence = certificate.stated(DEFAULT_CERTIFICATE, "true", value, meaning).mended_by(OWN_NAME);
                found.push(Alternative { when, value: TlsFloor::known(TlsVersion::V1_0, evidence) });
            }
            Setting::Absent | Setting::Text(..) => {
                let own = Block { when, ..certificate.clone() };
                let minimum = |alternative: Alternative<Setting<'_>>| {
                    let value = own_floor(&own, &alternative.value);
                    Alternative { when: alternative.when, value }
                };
                found.extend(own.setting(MINIMUM).into_iter().map(minimum));
            }
        }
    }
}

fn own_floor(certificate: &Block<'_>, minimum: &Setting<'_>) -> TlsFloor {
    match minimum {
        Setting::Text(name, value) => stated_floor(certificate, name, value),
        Setting::Absent
            if certificate.language() == crate::resource::Language::Terraform
                && !certificate.has(DEFAULT_CERTIFICATE) =>
        {
            TlsFloor::known(TlsVersion::V1_0, certificate.defaulted(MINIMUM, "TLSv1", "viewers may use TLS 1.0"))
        }
        Setting::Absent | Setting::Unknown(_) => TlsFloor::unknown(),
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
