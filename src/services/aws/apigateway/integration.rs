//! Integrations: how API Gateway calls what stands behind it.
//!
//! The same attributes stand in resources of both languages and in OpenAPI documents; a [`Spelling`] tells them apart.

use super::target::{self, Target};
use super::{Family, Front};
use crate::model::{Doubt, Evidence, Leg, Segment, TlsFloor, Transport, Verification};
use crate::services::aws::api_endpoint;
use crate::services::draft::{Destination, Draft, PendingHop, Place, scheme_of};
use crate::services::read::{Alternative, Block, Field, Presence, Setting, doubt_of, field};
use crate::services::world::World;
use crate::value::secret::Text;
use crate::value::{Kind, Value, When};

/// How the attributes of an integration are spelled where it stands.
pub(super) struct Spelling {
    pub kind: Field,
    pub uri: Field,
    pub connection: Field,
    pub vpc_link: Field,
    /// The balancer behind a VPC link of the second generation, for REST APIs.
    pub balancer: Field,
    pub tls: Field,
    pub subtype: Field,
    pub templates: Field,
    pub parameters: Field,
}

const NONE: Field = field("-", "-");

pub(super) static REST: Spelling = Spelling {
    kind: field("type", "Type"),
    uri: field("uri", "Uri"),
    connection: field("connection_type", "ConnectionType"),
    vpc_link: field("connection_id", "ConnectionId"),
    balancer: field("integration_target", "IntegrationTarget"),
    tls: field("tls_config", "-"),
    subtype: NONE,
    templates: field("request_templates", "RequestTemplates"),
    parameters: field("request_parameters", "RequestParameters"),
};

pub(super) static HTTP: Spelling = Spelling {
    kind: field("integration_type", "IntegrationType"),
    uri: field("integration_uri", "IntegrationUri"),
    connection: field("connection_type", "ConnectionType"),
    vpc_link: field("connection_id", "ConnectionId"),
    balancer: NONE,
    tls: field("tls_config", "TlsConfig"),
    subtype: field("integration_subtype", "IntegrationSubtype"),
    templates: field("request_templates", "RequestTemplates"),
    parameters: field("request_parameters", "RequestParameters"),
};

/// `x-amazon-apigateway-integration`, which is the same in both languages.
pub(super) static OPENAPI: Spelling = Spelling {
    kind: field("type", "type"),
    uri: field("uri", "uri"),
    connection: field("connectionType", "connectionType"),
    vpc_link: field("connectionId", "connectionId"),
    balancer: field("integrationTarget", "integrationTarget"),
    tls: field("tlsConfig", "tlsConfig"),
    subtype: field("integrationSubtype", "integrationSubtype"),
    templates: field("requestTemplates", "requestTemplates"),
    parameters: field("requestParameters", "requestParameters"),
};

/// Quick create: the API itself names its one target.
static QUICK: Spelling = Spelling {
    kind: NONE,
    uri: field("target", "Target"),
    connection: NONE,
    vpc_link: NONE,
    balancer: NONE,
    tls: NONE,
    subtype: NONE,
    templates: NONE,
    parameters: NONE,
};

const SKIP_VERIFICATION: Field =
    field("insecure_skip_verification|insecureSkipVerification", "insecureSkipVerification");
const NAME_TO_VERIFY: Field =
    field("server_name_to_verify|serverNameToVerify", "ServerNameToVerify|serverNameToVerify");

/// Sends the hops of one integration.
pub(super) fn send<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, spelling: &Spelling) {
    for Alternative { when, value } in block.setting(spelling.kind) {
        let front = front.under(when.as_ref());
        match value {
            Setting::Unknown(doubt) => send_unknown(draft, &front, block, doubt),
            Setting::Absent => {
                let name = spelling.kind.spelling(block.language());
                let message = format!("{name} is required and missing");
                let doubt = Doubt::new(name, message, format!("set {name}"), Some(block.place()));
                send_unknown(draft, &front, block, doubt);
            }
            Setting::Text(text, written) => match text.to_ascii_uppercase().as_str() {
                "MOCK" => {}
                "HTTP" | "HTTP_PROXY" => send_http(draft, &front, block, spelling),
                "AWS" | "AWS_PROXY" => {
                    send_service(draft, &front, block, spelling, block.stated(spelling.kind, &text, written, CALLS));
                }
                _ => {
                    let message = format!("{text} is no type of integration that e2e-lint knows");
                    let settle = "use HTTP, HTTP_PROXY, AWS, AWS_PROXY or MOCK";
                    send_unknown(draft, &front, block, Doubt::new(text, message, settle, Some(written.span())));
                }
            },
        }
    }
}

const CALLS: &str = "API Gateway calls the service through its API, which is HTTPS";

/// The target that an HTTP API names itself: a URL or a function.
pub(super) fn send_quick<'a>(draft: &mut Draft<'a>, front: &Front, block: &Block<'a>) {
    for (when, uri) in block.values(QUICK.uri) {
        let front = front.under(when.as_ref());
        if scheme(uri.value).is_some() {
            send_to_url(draft, &front, block, &QUICK, &uri);
        } else {
            let evidence = Evidence::new(QUICK.uri.spelling(block.language()), CALLS, uri.value.span());
            send_call(draft, &front, block, &QUICK, &uri, &call(evidence.along(uri.value)));
        }
    }
}

/// Something is called and nothing of it is known.
pub(super) fn send_unknown(draft: &mut Draft<'_>, front: &Front, block: &Block<'_>, doubt: Doubt) {
    let what = format!("an integration of {}", draft.world.address(front.api));
    let what = if block.id == front.api { what } else { format!("{what} in {}", block.owner.address) };
    let place = Place::Outside(what, Some(doubt.clone()));
    hop(draft, front, Target::at(Destination { place, port: None }), Leg::new(Transport::Unknown(doubt), Vec::new()));
}

fn hop(draft: &mut Draft<'_>, front: &Front, target: Target, leg: Leg) {
    let mut via = front.via.clone();
    via.extend(target.via);
    draft.send(PendingHop {
        from: front.listener,
        to: target.to,
        legs: vec![leg],
        via,
        evidence: Vec::new(),
        when: When::both(front.when.as_ref(), target.when.as_ref()),
        segment: Segment::Request,
        doubt: front.doubt.clone(),
    });
}

fn send_http<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, spelling: &Spelling) {
    for Alternative { when, value } in block.setting(spelling.connection) {
        let front = front.under(when.as_ref());
        match value {
            Setting::Unknown(doubt) => send_unknown(draft, &front, block, doubt),
            Setting::Text(text, _) if text.eq_ignore_ascii_case("VPC_LINK") => match front.family {
                Family::Rest => send_through_rest_link(draft, &front, block, spelling),
                Family::Http => send_through_http_link(draft, &front, block, spelling),
            },
            // "The default value is INTERNET".
            Setting::Text(..) | Setting::Absent => send_public(draft, &front, block, spelling),
        }
    }
}

fn send_public<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, spelling: &Spelling) {
    for (when, uri) in uris(draft, front, block, spelling) {
        send_to_url(draft, &front.under(when.as_ref()), block, spelling, &uri);
    }
}

fn send_to_url<'b, 'a: 'b>(
    draft: &mut Draft<'a>,
    front: &Front,
    block: &Block<'b>,
    spelling: &Spelling,
    uri: &Block<'b>,
) {
    let world: &World<'b> = draft.world;
    let (leg, port) = by_scheme(front.family, block, spelling, uri.value);
    for target in target::links(world, front.api, uri) {
        hop(draft, front, target.or_port(port), leg.clone());
    }
}

/// The URI's scheme decides also where a VPC link carries the request, whatever the balancer's listener speaks:
/// "the URI is not used for routing" but for the Host header and the certificate's name. Source: PutIntegration.
fn send_through_rest_link<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, spelling: &Spelling) {
    let world: &World<'b> = draft.world;
    for (when, uri) in uris(draft, front, block, spelling) {
        let front = front.under(when.as_ref());
        let (leg, port) = by_scheme(front.family, block, spelling, uri.value);
        let written = target::links(world, front.api, &uri).first().and_then(|target| target.to.port);
        for target in target::behind_link(world, front.api, block, spelling) {
            hop(draft, &front, target.or_port(written.or(port)), leg.clone());
        }
    }
}

/// "By default, private integration traffic uses the HTTP protocol"; a TLS configuration makes it HTTPS. The protocol of
/// the listener that the URI names decides nothing. Source: "Create private integrations for HTTP APIs".
fn send_through_http_link<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, spelling: &Spelling) {
    let world: &World<'b> = draft.world;
    for Alternative { when, value } in block.presence(spelling.tls) {
        let leg = match value {
            Presence::Unknown(doubt) => Leg::new(Transport::Unknown(doubt), Vec::new()),
            Presence::Absent => {
                let meaning = "API Gateway sends the request through the VPC link in the clear";
                Leg::new(Transport::Plaintext, vec![block.defaulted(spelling.tls, "HTTP", meaning)])
            }
            Presence::Block(tls) => {
                let verification = match tls.setting(NAME_TO_VERIFY).as_slice() {
                    [Alternative { value: Setting::Text(..), .. }] => Verification::Verified,
                    [Alternative { value: Setting::Absent, .. }] => Verification::Unknown,
                    _ => Verification::Undecided,
                };
                let meaning = "API Gateway opens a new TLS connection through the VPC link";
                let evidence = Evidence::new(spelling.tls.spelling(block.language()), meaning, tls.place());
                Leg::new(Transport::Tls { floor: TlsFloor::unknown(), verification }, vec![evidence.along(tls.value)])
            }
        };
        let front = front.under(when.as_ref());
        let link = target::link_addresses(world, front.api, block, spelling);
        for (when, uri) in uris(draft, &front, block, spelling) {
            let mut front = front.under(when.as_ref());
            front.via.extend(link.iter().cloned());
            for target in target::links(world, front.api, &uri) {
                hop(draft, &front, target, leg.clone());
            }
        }
    }
}

fn send_service<'b, 'a: 'b>(
    draft: &mut Draft<'a>,
    front: &Front,
    block: &Block<'b>,
    spelling: &Spelling,
    evidence: Evidence,
) {
    let world: &World<'b> = draft.world;
    let leg = call(evidence);
    if let Some(subtype) = block.text(spelling.subtype) {
        let service = subtype.split('-').next().unwrap_or(&subtype).to_ascii_lowercase();
        for target in target::of_service(world, block, spelling, &service) {
            hop(draft, front, target, leg.clone());
        }
        return;
    }
    for (when, uri) in uris(draft, front, block, spelling) {
        send_call(draft, &front.under(when.as_ref()), block, spelling, &uri, &leg);
    }
}

/// How API Gateway calls the API of another service.
fn call(evidence: Evidence) -> Leg {
    Leg::new(api_endpoint::call(), vec![evidence])
}

fn send_call<'b, 'a: 'b>(
    draft: &mut Draft<'a>,
    front: &Front,
    block: &Block<'b>,
    spelling: &Spelling,
    uri: &Block<'b>,
    leg: &Leg,
) {
    let world: &World<'b> = draft.world;
    for target in target::called(world, front.api, block, spelling, uri) {
        hop(draft, front, target, leg.clone());
    }
}

/// The alternatives of the URI; without one a hop that is not known is sent.
fn uris<'b>(
    draft: &mut Draft<'_>,
    front: &Front,
    block: &Block<'b>,
    spelling: &Spelling,
) -> Vec<(Option<When>, Block<'b>)> {
    let mut found = block.values(spelling.uri);
    found.retain(|(_, uri)| !uri.value.is_null());
    if found.is_empty() {
        let name = spelling.uri.spelling(block.language());
        let doubt = Doubt::new(name, format!("{name} is missing"), format!("set {name}"), Some(block.place()));
        send_unknown(draft, front, block, doubt);
    }
    found
}

/// Attributes whose text is a URL that begins with `https://` or `wss://`.
const SECURE_URLS: [&str; 6] =
    ["function_url", "FunctionUrl", "api_endpoint", "ApiEndpoint", "invoke_url", "GraphQLUrl"];

fn scheme(uri: &Value) -> Option<String> {
    let start = match &uri.kind {
        Kind::Template(parts) => parts.first()?,
        _ => uri,
    };
    match start.as_reference() {
        Some(reference) => SECURE_URLS.contains(&&*reference.attribute).then(|| "https".to_owned()),
        None => scheme_of(uri),
    }
}

/// The leg that the URI's scheme gives, and the scheme's port.
fn by_scheme(family: Family, block: &Block<'_>, spelling: &Spelling, uri: &Value) -> (Leg, Option<i64>) {
    let name = spelling.uri.spelling(block.language());
    let stated = |scheme: &str, meaning: &str| {
        vec![match uri.as_str() {
            Some(text) => block.stated(spelling.uri, text, uri, meaning),
            None => Evidence::new(format!("{name} with {scheme}://"), meaning, uri.span()).along(uri),
        }]
    };
    match scheme(uri).as_deref() {
        Some(scheme @ ("http" | "ws")) => {
            let evidence = stated(scheme, "API Gateway sends the request in the clear");
            (Leg::new(Transport::Plaintext, evidence), Some(80))
        }
        Some(scheme @ ("https" | "wss")) => {
            let mut evidence = stated(scheme, "API Gateway opens a new TLS connection");
            let (verification, reason) = verification(family, block, spelling);
            evidence.extend(reason);
            (Leg::new(Transport::Tls { floor: TlsFloor::unknown(), verification }, evidence), Some(443))
        }
        _ => {
            let doubt = match &uri.kind {
                Kind::String(_) if let Some(text) = Text::of(uri) => {
                    let message = format!("{text} does not show whether the integration is called by HTTP or HTTPS");
                    Doubt::new(text, message, "write the URL with its scheme", Some(uri.span()))
                }
                _ => doubt_of(uri),
            };
            (Leg::new(Transport::Unknown(doubt), Vec::new()), None)
        }
    }
}

/// REST APIs verify unless they are told not to ("insecureSkipVerification ... default is false"); what HTTP APIs verify is
/// not documented. Source: TlsConfig in the API Gateway API.
fn verification(family: Family, block: &Block<'_>, spelling: &Spelling) -> (Verification, Option<Evidence>) {
    if family == Family::Http {
        return (Verification::Unknown, None);
    }
    let mut verification = Verification::Verified;
    for Alternative { when, value } in block.presence(spelling.tls) {
        let Presence::Block(tls) = value else {
            if matches!(value, Presence::Unknown(_)) {
                verification = Verification::Undecided;
            }
            continue;
        };
        match tls.get(SKIP_VERIFICATION) {
            Some(skip) if skip.as_bool() == Some(true) && when.is_none() => {
                let meaning = "API Gateway does not verify the certificate's issuer";
                return (Verification::Unverified, Some(tls.stated(SKIP_VERIFICATION, "true", skip, meaning)));
            }
            Some(skip) if skip.as_bool() != Some(false) => verification = Verification::Undecided,
            _ => {}
        }
    }
    (verification, None)
}
