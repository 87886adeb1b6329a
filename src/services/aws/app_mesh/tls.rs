//! How two proxies of a mesh speak: the caller's client policy and the listener's mode decide together.
//!
//! Source of all this: "Transport Layer Security (TLS)" of the App Mesh guide, on how Envoys negotiate TLS.

use crate::model::{Accepts, Doubt, Evidence, Face, Leg, TlsFloor, Transport, Verification};
use crate::services::read::{Alternative, Block, Field, Presence, Setting, doubt_of, field};
use crate::value::{Value, When};

pub(super) const CLIENT_POLICY: Field = field("client_policy", "ClientPolicy");
const TLS: Field = field("tls", "TLS");
const ENFORCE: Field = field("enforce", "Enforce");
const PORTS: Field = field("ports", "Ports");
const MODE: Field = field("mode", "Mode");
const CERTIFICATE: Field = field("certificate", "Certificate");
const OF_ACM: Field = field("acm", "ACM");
const OF_FILE: Field = field("file", "File");
const PORT_MAPPING: Field = field("port_mapping", "PortMapping");
const PORT: Field = field("port", "Port");
const PROTOCOL: Field = field("protocol", "Protocol");

/// What the caller's proxy wants.
enum Client {
    /// It has no policy for this port: the listener decides.
    Silent,
    /// TLS, with a certificate that its policy trusts.
    Demands(Evidence),
    /// A policy that is not enforced.
    Lenient,
    Unknown(Doubt),
}

/// What a listener takes.
enum Server {
    Plaintext(Evidence),
    Tls(Evidence, Verification),
    Both(Evidence, Verification),
    Unknown(Doubt),
}

pub(super) fn port(listener: &Block<'_>) -> Option<i64> {
    listener.known_block(PORT_MAPPING)?.get(PORT).and_then(Value::as_integer)
}

/// How the proxy of a caller with these client policies speaks to the listener.
pub(super) fn legs(policies: Option<&Block<'_>>, listener: &Block<'_>) -> Vec<Leg> {
    let mut legs = Vec::new();
    let servers = servers(listener);
    for client in clients(policies, port(listener)) {
        for server in &servers {
            let when = When::both(client.when.as_ref(), server.when.as_ref());
            if when.as_ref().is_none_or(When::satisfiable) {
                let (transport, evidence) = between(&client.value, &server.value, listener);
                legs.push(Leg { when, transport, evidence: evidence.into_iter().collect() });
            }
        }
    }
    legs
}

fn clients(holder: Option<&Block<'_>>, port: Option<i64>) -> Vec<Alternative<Client>> {
    let Some(holder) = holder else { return vec![Alternative::always(Client::Silent)] };
    let mut found = Vec::new();
    for policy in holder.presence(CLIENT_POLICY) {
        let tls = match policy.value {
            Presence::Absent => vec![Alternative { when: policy.when, value: Presence::Absent }],
            Presence::Unknown(doubt) => vec![Alternative { when: policy.when, value: Presence::Unknown(doubt) }],
            Presence::Block(policy) => policy.presence(TLS),
        };
        for Alternative { when, value } in tls {
            match value {
                Presence::Absent => found.push(Alternative { when, value: Client::Silent }),
                Presence::Unknown(doubt) => found.push(Alternative { when, value: Client::Unknown(doubt) }),
                Presence::Block(tls) => found.extend(of_policy(&tls, port)),
            }
        }
    }
    found
}

/// A policy is enforced unless it says otherwise, for the ports that it names or for all.
fn of_policy(tls: &Block<'_>, port: Option<i64>) -> Vec<Alternative<Client>> {
    let meant = is_meant(tls, port);
    let read = |Alternative { when, value }: Alternative<Setting<'_>>| {
        let value = match (value, &meant) {
            (_, Ok(false)) => Client::Silent,
            (_, Err(doubt)) => Client::Unknown(doubt.clone()),
            (Setting::Text(text, _), Ok(true)) if text == "false" => Client::Lenient,
            (Setting::Unknown(doubt), Ok(true)) => Client::Unknown(doubt),
            (Setting::Text(..) | Setting::Absent, Ok(true)) => {
                let fact = CLIENT_POLICY.spelling(tls.language());
                Client::Demands(Evidence::new(fact, "the caller's proxy demands TLS and verifies", tls.place()))
            }
        };
        Alternative { when, value }
    };
    tls.setting(ENFORCE).into_iter().map(read).collect()
}

/// Whether the policy is for the port.
fn is_meant(tls: &Block<'_>, port: Option<i64>) -> Result<bool, Doubt> {
    let Some(value) = tls.get(PORTS) else { return Ok(true) };
    let Some(ports) = value.as_list() else { return Err(doubt_of(value)) };
    let known: Vec<i64> = ports.iter().filter_map(Value::as_integer).collect();
    match port {
        _ if ports.is_empty() => Ok(true),
        Some(port) if known.contains(&port) => Ok(true),
        Some(_) if known.len() == ports.len() => Ok(false),
        _ => Err(doubt_of(value)),
    }
}

fn servers(listener: &Block<'_>) -> Vec<Alternative<Server>> {
    let mut found = Vec::new();
    for Alternative { when, value } in listener.presence(TLS) {
        match value {
            Presence::Absent => {
                let fact = format!("{} is absent: no TLS by default", TLS.spelling(listener.language()));
                let mut evidence = Evidence::new(fact, "the proxies speak plaintext", listener.place());
                evidence.default = true;
                found.push(Alternative { when, value: Server::Plaintext(evidence) });
            }
            Presence::Unknown(doubt) => found.push(Alternative { when, value: Server::Unknown(doubt) }),
            Presence::Block(tls) => found.extend(tls.setting(MODE).into_iter().map(|mode| of_mode(&tls, mode))),
        }
    }
    found
}

fn of_mode(tls: &Block<'_>, Alternative { when, value }: Alternative<Setting<'_>>) -> Alternative<Server> {
    let value = match value {
        Setting::Text(text, value) => {
            let stated = |meaning: &str| tls.stated(MODE, &text, value, meaning);
            match text.as_str() {
                "STRICT" => Server::Tls(stated("the listener takes TLS only"), by_certificate(tls)),
                "PERMISSIVE" => Server::Both(stated("the listener takes TLS and plaintext"), by_certificate(tls)),
                "DISABLED" => Server::Plaintext(stated("the listener takes plaintext only")),
                _ => Server::Unknown(unknown_mode(tls)),
            }
        }
        Setting::Unknown(doubt) => Server::Unknown(doubt),
        Setting::Absent => Server::Unknown(unknown_mode(tls)),
    };
    Alternative { when, value }
}

/// Of clients without a policy: App Mesh lets them verify certificates of ACM, and not those from files.
fn by_certificate(tls: &Block<'_>) -> Verification {
    let surely = |kind: Field| {
        let found = tls.presence_along(&[CERTIFICATE, kind]);
        matches!(found.as_slice(), [Alternative { when, value: Presence::Block(_) }] if *when == tls.when)
    };
    match (surely(OF_ACM), surely(OF_FILE)) {
        (true, _) => Verification::Verified,
        (false, true) => Verification::Unverified,
        (false, false) => Verification::Undecided,
    }
}

fn unknown_mode(tls: &Block<'_>) -> Doubt {
    let what = format!("the TLS mode of {}", tls.owner.address);
    Doubt::new(what.clone(), format!("{what} is not known"), "set it to STRICT", Some(tls.place()))
}

/// Without a policy the listener decides: the proxies negotiate TLS where it takes TLS at all.
fn between(client: &Client, server: &Server, listener: &Block<'_>) -> (Transport, Option<Evidence>) {
    let tls = |verification| Transport::Tls { floor: TlsFloor::unknown(), verification };
    match (client, server) {
        (Client::Unknown(doubt), _) | (_, Server::Unknown(doubt)) => (Transport::Unknown(doubt.clone()), None),
        (Client::Demands(evidence), Server::Tls(..) | Server::Both(..)) => {
            (tls(Verification::Verified), Some(evidence.clone()))
        }
        (Client::Demands(_), Server::Plaintext(evidence)) => {
            let message = "the caller demands TLS and the listener takes none: the connection cannot succeed";
            let doubt = Doubt::new("TLS to a plaintext listener", message, "make both speak TLS", Some(evidence.span));
            (Transport::Unknown(doubt), None)
        }
        (Client::Silent, Server::Tls(evidence, verification) | Server::Both(evidence, verification)) => {
            (tls(*verification), Some(evidence.clone()))
        }
        (Client::Lenient, Server::Tls(evidence, _)) => (tls(Verification::Unknown), Some(evidence.clone())),
        (Client::Lenient, Server::Both(evidence, _)) => {
            let message = "the caller's policy is not enforced and the listener takes both TLS and plaintext";
            let doubt = Doubt::new("a policy that is not enforced", message, "enforce it", Some(evidence.span));
            (Transport::Unknown(doubt), None)
        }
        (Client::Silent | Client::Lenient, Server::Plaintext(evidence)) => {
            (unencrypted(listener, evidence), Some(evidence.clone()))
        }
    }
}

/// The proxies read HTTP and gRPC; what goes over TCP may be encrypted by the application itself.
fn unencrypted(listener: &Block<'_>, evidence: &Evidence) -> Transport {
    let protocol = listener.known_block(PORT_MAPPING).and_then(|mapping| mapping.text(PROTOCOL));
    match protocol.as_deref() {
        Some("http" | "http2" | "grpc") => Transport::Plaintext,
        _ => Transport::Unknown(Doubt::new(
            "what the application speaks",
            "the proxies pass TCP on unencrypted, and the code does not show whether the application encrypts",
            "set the listener's TLS mode to STRICT",
            Some(evidence.span),
        )),
    }
}

/// What a gateway takes from callers outside of the mesh.
pub(super) fn faces(listener: &Block<'_>) -> Vec<Face> {
    let face = |Alternative { when, value }: Alternative<Server>| {
        let accepts = match value {
            Server::Plaintext(evidence) => Accepts::Plaintext(vec![evidence]),
            Server::Tls(evidence, _) => Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] },
            Server::Both(evidence, _) => Accepts::Undeclared(Doubt::new(
                evidence.fact,
                "the listener takes TLS and plaintext: the caller decides",
                "set its mode to STRICT",
                Some(evidence.span),
            )),
            Server::Unknown(doubt) => Accepts::Undeclared(doubt),
        };
        Face { when, accepts }
    };
    servers(listener).into_iter().map(face).collect()
}
