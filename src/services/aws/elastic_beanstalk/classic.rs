//! Listeners of classic load balancers, which name the servers' port and protocol themselves.

use super::listener::{floor, presence, unsupported};
use super::options::{Options, Said};
use super::{Balancer, MOST_LISTENERS, Presence, said};
use crate::model::{Accepts, Evidence, Face, Leg, TlsFloor, TlsVersion, Transport, Verification};
use crate::services::draft::Draft;
use crate::services::read::Alternative;
use crate::value::When;

const DEFAULT_LISTENER: &str = "aws:elb:listener";
pub(super) const LISTENER: &str = "aws:elb:listener:";
const POLICY: &str = "aws:elb:policies:";
/// Options of the time before listeners had namespaces of their own.
const BALANCER: &str = "aws:elb:loadbalancer";

pub(super) fn describe(draft: &mut Draft<'_>, balancer: &Balancer<'_, '_>) {
    let options = balancer.options;
    let ports = options.suffixes(LISTENER);
    let is_off = options.text(BALANCER, "LoadBalancerHTTPPort").is_some_and(|text| text == "OFF");
    if !ports.contains("80") && !is_off {
        describe_listener(draft, balancer, DEFAULT_LISTENER, Some(80));
    }
    balancer.bound(draft, ports.len());
    for port in ports.into_iter().take(MOST_LISTENERS) {
        describe_listener(draft, balancer, &format!("{LISTENER}{port}"), port.parse().ok());
    }
    describe_old_listener(draft, balancer);
}

fn describe_listener(draft: &mut Draft<'_>, balancer: &Balancer<'_, '_>, namespace: &str, port: Option<i64>) {
    let options = balancer.options;
    let presence = presence(options, namespace);
    if presence.is_empty() {
        return;
    }
    let faces = faces(options, namespace, port);
    let own = options.text(namespace, "InstancePort").and_then(|text| text.parse().ok());
    let legs = legs(options, namespace, &faces, own.or(port));
    let listener = draft.listen(balancer.node, port, faces);
    balancer.admit(draft, listener, &presence);
    balancer.send(draft, listener, own.or(port), &legs, &presence);
}

/// `LoadBalancerHTTPSPort` opens a secure listener. How it speaks to the servers is not documented.
fn describe_old_listener(draft: &mut Draft<'_>, balancer: &Balancer<'_, '_>) {
    let options = balancer.options;
    let Some(port) = options.text(BALANCER, "LoadBalancerHTTPSPort").filter(|text| text != "OFF") else { return };
    let faces = vec![Face::always(Accepts::Tls { floor: TlsFloor::unknown(), evidence: Vec::new() })];
    let listener = draft.listen(balancer.node, port.parse().ok(), faces);
    let always = [Presence { when: None, doubt: None }];
    let mut doubt = options.doubt(BALANCER, "LoadBalancerHTTPSPort", "");
    doubt.message = "how this listener speaks to the servers is not documented".to_owned();
    doubt.settle = "use the namespace aws:elb:listener:443 instead".to_owned();
    balancer.admit(draft, listener, &always);
    balancer.send(draft, listener, None, &[Leg::new(Transport::Unknown(doubt), Vec::new())], &always);
}

fn faces(options: &Options<'_>, namespace: &str, port: Option<i64>) -> Vec<Face> {
    let read = |Alternative { when, value }: Alternative<Said<'_>>| {
        let accepts = match value {
            Said::Unknown(doubt) => Accepts::Undeclared(doubt),
            Said::Nothing => Accepts::Undeclared(options.doubt(namespace, "ListenerProtocol", "HTTP")),
            Said::Text(text, option) => {
                let stated = |meaning: &str| vec![said("ListenerProtocol", &text, &option, meaning)];
                match text.as_str() {
                    "HTTP" => Accepts::Plaintext(stated("the listener speaks HTTP")),
                    "HTTPS" | "SSL" => Accepts::Tls {
                        floor: policy_floor(options, port),
                        evidence: stated("the load balancer ends TLS here"),
                    },
                    "TCP" => Accepts::Opaque(stated("the listener passes the bytes on without opening them")),
                    _ => Accepts::Undeclared(unsupported(options, namespace, &text)),
                }
            }
        };
        Face { when, accepts }
    };
    options.read(namespace, "ListenerProtocol").into_iter().map(read).collect()
}

fn policy_floor(options: &Options<'_>, port: Option<i64>) -> TlsFloor {
    let of_port = policies(options, "LoadBalancerPorts", port);
    let mut floors = of_port.iter().map(|policy| floor(options, policy, "SSLReferencePolicy"));
    floors.find(|floor| floor.version.is_some()).unwrap_or_default()
}

/// The namespaces of the policies for a port.
fn policies(options: &Options<'_>, ports: &str, port: Option<i64>) -> Vec<String> {
    let covers = |namespace: &String| {
        let listed = options.text(namespace, ports).unwrap_or_default();
        let mut listed = listed.split(',').map(str::trim);
        listed.any(|text| text == ":all" || (port.is_some() && text.parse().ok() == port))
    };
    options.suffixes(POLICY).into_iter().map(|name| format!("{POLICY}{name}")).filter(covers).collect()
}

/// The one balancer of AWS that can verify servers: by pinned public keys.
fn verification(options: &Options<'_>, port: Option<i64>) -> Verification {
    let mut pinning = policies(options, "InstancePorts", port).into_iter();
    match pinning.any(|policy| options.text(&policy, "PublicKeyPolicyNames").is_some()) {
        true => Verification::Verified,
        false => Verification::Unverified,
    }
}

fn legs(options: &Options<'_>, namespace: &str, faces: &[Face], port: Option<i64>) -> Vec<Leg> {
    let mut found = Vec::new();
    for Alternative { when, value } in options.read(namespace, "InstanceProtocol") {
        for face in faces {
            let when = When::both(when.as_ref(), face.when.as_ref());
            if when.as_ref().is_none_or(When::satisfiable) {
                let (transport, evidence) = transport(options, namespace, &value, &face.accepts, port);
                found.push(Leg { when, transport, evidence });
            }
        }
    }
    found
}

/// Default: HTTP behind HTTP and HTTPS, TCP behind TCP and SSL.
fn transport(
    options: &Options<'_>,
    namespace: &str,
    protocol: &Said<'_>,
    front: &Accepts,
    port: Option<i64>,
) -> (Transport, Vec<Evidence>) {
    let (text, option) = match protocol {
        Said::Unknown(doubt) => return (Transport::Unknown(doubt.clone()), Vec::new()),
        Said::Nothing => {
            let default = if matches!(front, Accepts::Opaque(_)) { "TCP" } else { "that of the listener's layer" };
            return (Transport::Unknown(options.doubt(namespace, "InstanceProtocol", default)), Vec::new());
        }
        Said::Text(text, option) => (text, option),
    };
    let stated = |meaning: &str| vec![said("InstanceProtocol", text, option, meaning)];
    match (text.as_str(), front) {
        ("HTTP", _) => (Transport::Plaintext, stated("the load balancer sends the request in the clear")),
        ("TCP", Accepts::Tls { .. }) => {
            (Transport::Plaintext, stated("TLS has ended, so the bytes go out in the clear"))
        }
        ("TCP", Accepts::Opaque(_)) => (Transport::AsReceived, stated("the bytes are passed on as they came")),
        ("HTTPS" | "SSL", _) => {
            let floor = TlsFloor::fixed(TlsVersion::V1_0);
            let transport = Transport::Tls { floor, verification: verification(options, port) };
            (transport, stated("the load balancer opens a new TLS connection"))
        }
        _ => (Transport::Unknown(unsupported(options, namespace, text)), Vec::new()),
    }
}
