//! The controller that the chart `ingress-nginx` installs: a proxy in the cluster, which serves the Ingresses of its class.

use super::actions::Redirect;
use super::backends::{Backend, Target, backends, host_name};
use super::chart::{CONTROLLER, takes};
use super::object::{self, Kind, Object};
use super::pods::{self, Delivery};
use super::values::at;
use crate::model::{
    Accepts, Companion, Doubt, Evidence, Face, Leg, ListenerId, NodeKind, Operator, Segment, TlsFloor, Transport,
    Verification,
};
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, Place};
use crate::services::read::{Alternative, Block, Child, Field, Setting, doubt_of, field};
use crate::value::Value;
use crate::value::secret::Text;
use std::collections::BTreeSet;

const TLS: Field = field("tls", "-");
const HOSTS: Field = field("hosts", "-");
const BACKEND: Field = field("nginx.ingress.kubernetes.io/backend-protocol", "-");
const REDIRECT: Field = field("nginx.ingress.kubernetes.io/ssl-redirect", "-");
const FORCED_REDIRECT: Field = field("nginx.ingress.kubernetes.io/force-ssl-redirect", "-");
const PASSTHROUGH: Field = field("nginx.ingress.kubernetes.io/ssl-passthrough", "-");
const VERIFY: Field = field("nginx.ingress.kubernetes.io/proxy-ssl-verify", "-");
const AUTHORITIES: Field = field("nginx.ingress.kubernetes.io/proxy-ssl-secret", "-");
const AUTH: Field = field("nginx.ingress.kubernetes.io/auth-url", "-");
/// Configuration of nginx itself, which may send requests elsewhere.
const SNIPPETS: [Field; 2] = [
    field("nginx.ingress.kubernetes.io/configuration-snippet", "-"),
    field("nginx.ingress.kubernetes.io/server-snippet", "-"),
];

/// The controller ends TLS with a certificate that lies in the cluster, and reads every request. It also answers HTTPS
/// where an Ingress names no certificate, with one of its own.
///
/// Source: "TLS/HTTPS" of the ingress-nginx user guide.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(values) = block.get(CONTROLLER) else { return };
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Customer,
        party: "the ingress-nginx controller",
        why: "ends TLS in the cluster, reads the request and opens a connection of its own",
    };
    let node = draft.node(block, facts);
    let header = block.owner.header;
    let ends_tls = Evidence::new("chart ingress-nginx", "the controller ends TLS", header);
    let answers = Evidence::new("chart ingress-nginx", "the controller answers by HTTP", header);
    let faces = [
        (80, Accepts::Plaintext(vec![answers])),
        (443, Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![ends_tls] }),
    ];
    let when = block.owner.exists.when();
    let mut listeners = Vec::new();
    for (port, accepts) in faces {
        let from = draft.listen(node, Some(port), vec![Face::always(accepts)]);
        draft.admit(Entry { listener: from, exposure: Exposure::Private, when: when.cloned(), evidence: Vec::new() });
        listeners.push((port, from));
    }
    let ingresses = object::objects(draft.world, block.id, Kind::Ingress);
    let mine: Vec<Object<'a>> = ingresses.into_iter().filter(|ingress| takes(block, ingress)).collect();
    let certified = certified(&mine);
    for ingress in &mine {
        if let Setting::Text(_, value) = ingress.annotation(AUTH) {
            let evidence = Evidence::new(AUTH.terraform, "it is asked about each request", value.span());
            draft.companion(node, Companion::inside("the service that authenticates", evidence, false));
        }
        for (port, from) in &listeners {
            serve(draft, (values, &certified), ingress, *port, *from);
        }
    }
    if mine.is_empty() {
        for (_, from) in listeners {
            send_elsewhere(draft, block, from);
        }
    }
}

/// What only other code says.
fn send_elsewhere<'a>(draft: &mut Draft<'a>, block: &Block<'a>, from: ListenerId) {
    let what = format!("what stands behind {}", block.owner.address);
    let message = "no Ingress of the controller's class is in this code";
    let settle = "lint the code that declares the Ingresses together with this code, or assume it in e2e-lint.yaml";
    let doubt = Doubt::new(what.clone(), message, settle, Some(block.owner.header));
    draft.send(PendingHop {
        from,
        to: Destination { place: Place::Outside(what, Some(doubt.clone())), port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when: block.owner.exists.when().cloned(),
        segment: Segment::Request,
        doubt: None,
    });
}

fn serve<'a>(
    draft: &mut Draft<'a>,
    (values, certified): (&Value, &BTreeSet<String>),
    ingress: &Object<'a>,
    port: i64,
    from: ListenerId,
) {
    let is_asked = port == 80 && !is_handed_opened(values);
    for backend in backends(draft.world, ingress) {
        let redirect = if is_asked { redirect(values, certified, ingress, &backend) } else { Redirect::Nothing };
        let perhaps = match redirect {
            Redirect::All => continue,
            Redirect::Perhaps(doubt) => Some(doubt),
            Redirect::Nothing => None,
        };
        let (service, port, leg) = match &backend.target {
            Target::Service(service, port) => (Some(&**service), *port, leg(ingress)),
            Target::Missing(_) | Target::Action(_) => (None, None, leg(ingress)),
            Target::Unknown(doubt) => (None, None, Leg::new(Transport::Unknown(doubt.clone()), Vec::new())),
        };
        let doubt = sent_elsewhere(ingress).or(perhaps);
        let when = backend.when.clone();
        pods::deliver(draft, &Delivery { from, front: ingress, service, port, leg, when, doubt });
    }
}

/// The hosts for which Ingresses of the controller surely name a certificate in a `tls` section.
fn certified(ingresses: &[Object<'_>]) -> BTreeSet<String> {
    let sections = ingresses.iter().filter(|ingress| ingress.exists().is_none()).flat_map(|ingress| {
        let sections = ingress.spec.known_blocks(TLS).into_iter();
        sections.filter(|section| section.when.is_none())
    });
    let hosts = sections.filter_map(|section| section.get(HOSTS)).filter_map(Value::as_list).flatten();
    hosts.map(host_name).collect()
}

/// A certificate for `*.example.com` is for the names one label below. Source: `certificate.lua` of the controller.
fn is_certified(host: &str, certified: &BTreeSet<String>) -> bool {
    let wildcard = host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
    certified.contains(host) || wildcard.is_some_and(|wildcard| certified.contains(&wildcard))
}

/// HTTP is redirected for the hosts that have a certificate by a `tls` section, unless that is switched off, or where it is
/// forced. The Ingress's own annotation goes before the setting for all.
///
/// Sources: "Server-side HTTPS enforcement through redirect" of the user guide, and `redirect_to_https` of the controller.
fn redirect(values: &Value, certified: &BTreeSet<String>, ingress: &Object<'_>, backend: &Backend<'_>) -> Redirect {
    if values.as_unknown().is_some() {
        return Redirect::Perhaps(doubt_of(values));
    }
    let globally = |key: &str| at(values, &["controller", "config", key]).and_then(Value::as_bool);
    match ingress.annotation(FORCED_REDIRECT) {
        Setting::Text(text, _) if text == "true" => return Redirect::All,
        Setting::Unknown(doubt) => return Redirect::Perhaps(doubt),
        Setting::Absent if globally("force-ssl-redirect") == Some(true) => return Redirect::All,
        Setting::Text(..) | Setting::Absent => {}
    }
    let has_certificate = |host: &Option<String>| host.as_ref().is_some_and(|host| is_certified(host, certified));
    let doubt = if backend.hosts.iter().all(has_certificate) { None } else { by_own_sections(ingress, backend) };
    match (ingress.annotation(REDIRECT), doubt) {
        (_, Some(Redirect::Nothing)) => Redirect::Nothing,
        (Setting::Text(text, _), _) if text == "false" => Redirect::Nothing,
        (Setting::Absent, _) if globally("ssl-redirect") == Some(false) => Redirect::Nothing,
        (Setting::Unknown(doubt), _) => Redirect::Perhaps(doubt),
        (Setting::Text(..) | Setting::Absent, doubt) => doubt.unwrap_or(Redirect::All),
    }
}

/// What is redirected of hosts that no `tls` section surely names. A section without hosts is for those of its Ingress, as far
/// as its certificate is.
fn by_own_sections(ingress: &Object<'_>, backend: &Backend<'_>) -> Option<Redirect> {
    let sections = ingress.spec.children(TLS);
    if sections.is_empty() {
        return Some(Redirect::Nothing);
    }
    let is_for_all = |section: &Alternative<Child<'_>>| match &section.value {
        Child::Block(block) => section.when.is_none() && !block.has(HOSTS),
        Child::Unknown(_) => false,
    };
    if sections.iter().any(is_for_all) && !backend.hosts.contains(&None) {
        return None;
    }
    let message = "HTTP is redirected for hosts that a tls section names, and whether one is for all hosts of this backend \
                   is not known";
    Some(Redirect::Perhaps(ingress.doubt("whether HTTP is redirected", message)))
}

/// Whether the load balancer sends what came by HTTPS to the controller's port for HTTP: it has ended TLS itself then.
fn is_handed_opened(values: &Value) -> bool {
    let target = at(values, &["controller", "service", "targetPorts", "https"]).and_then(Value::as_text);
    target.is_some_and(|target| target == "http" || target == "80")
}

fn sent_elsewhere(ingress: &Object<'_>) -> Option<Doubt> {
    let field = SNIPPETS.into_iter().find(|field| match ingress.annotation(*field) {
        Setting::Text(text, _) => text.contains("proxy_pass") || text.contains("return "),
        Setting::Unknown(_) => ingress.unread_annotations().is_none(),
        Setting::Absent => false,
    })?;
    let message = "configuration of nginx may send requests elsewhere";
    Some(ingress.doubt(field.terraform, message))
}

/// `HTTP` by default, and certificates are not verified by default.
///
/// Source: "Backend Protocol" and "Backend Certificate Authentication" of the ingress-nginx annotations.
fn leg(ingress: &Object<'_>) -> Leg {
    let unknown = |doubt: Doubt| Leg::new(Transport::Unknown(doubt), Vec::new());
    match ingress.annotation(PASSTHROUGH) {
        Setting::Text(text, _) if text == "true" => {
            let message = "whether the controller is started with --enable-ssl-passthrough is not followed";
            return unknown(ingress.doubt(PASSTHROUGH.terraform, message));
        }
        Setting::Unknown(doubt) => return unknown(doubt),
        Setting::Text(..) | Setting::Absent => {}
    }
    let setting = ingress.annotation(BACKEND);
    let text = match &setting {
        Setting::Unknown(doubt) => return unknown(doubt.clone()),
        Setting::Absent => Text::open("HTTP"),
        Setting::Text(text, _) => text.clone(),
    };
    match text.as_str() {
        "HTTP" | "GRPC" | "FCGI" => {
            let meaning = "the controller speaks plaintext to the pods";
            Leg::new(Transport::Plaintext, vec![ingress.evidence(BACKEND, &setting, "HTTP", meaning)])
        }
        "HTTPS" | "GRPCS" => {
            // Without a secret of authorities the annotation is not looked at.
            let verification = match (ingress.annotation(VERIFY), ingress.annotation(AUTHORITIES)) {
                (Setting::Text(..) | Setting::Absent, Setting::Absent) => Verification::Unverified,
                (Setting::Text(text, _), Setting::Text(..)) if text == "on" => Verification::Verified,
                (Setting::Text(..) | Setting::Absent, Setting::Text(..)) => Verification::Unverified,
                (Setting::Unknown(_), _) | (_, Setting::Unknown(_)) => Verification::Undecided,
            };
            let meaning = "the controller opens a TLS connection to the pods";
            let evidence = vec![ingress.evidence(BACKEND, &setting, "HTTP", meaning)];
            Leg::new(Transport::Tls { floor: TlsFloor::unknown(), verification }, evidence)
        }
        _ => unknown(ingress.doubt(BACKEND.terraform, &format!("{text} does not say whether TLS is used"))),
    }
}
