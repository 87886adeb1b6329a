//! The two sides of a proxied name: how visitors come in, and how Cloudflare goes on to the origin.

use super::rules::Override;
use super::zone::{self, SettingName, Settings, State, Stated, Zone};
use super::{code, logs, rules};
use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeId, NodeKind, Operator, TlsFloor, TlsVersion, Transport,
    Verification,
};
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, normal_host};
use crate::services::read::{Alternative, Block, Field, Setting, field};
use crate::services::world::{Types, World};
use crate::value::When;

const HOSTNAME_SETTING: Types = Types { terraform: &["cloudflare_hostname_tls_setting"], cloudformation: &[] };

const SSL: SettingName = SettingName("ssl");
const ALWAYS_USE_HTTPS: SettingName = SettingName("always_use_https");
const MIN_TLS: SettingName = SettingName("min_tls_version");
const ALWAYS_USE_HTTPS_FIELD: Field = field("always_use_https", "-");
const SETTING_ID: Field = field("setting_id", "-");
const HOSTNAME: Field = field("hostname", "-");
const VALUE: Field = field("value", "-");
const PROXIED: Field = field("proxied", "-");

/// With which protocol a visitor comes in. In the modes `full` and `strict` Cloudflare uses the same to the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

/// A listener for one protocol.
pub(super) struct Door {
    pub listener: ListenerId,
    pub scheme: Scheme,
    pub when: Option<When>,
    /// Why it is not known whether requests that come in here go on: they may only be redirected.
    pub doubt: Option<Doubt>,
}

/// A name that Cloudflare proxies.
pub(super) struct Front {
    pub node: NodeId,
    pub zone: Zone,
    pub exposure: Exposure,
    pub when: Option<When>,
    /// What makes Cloudflare proxy it.
    pub evidence: Vec<Evidence>,
    /// The least TLS version, where it is the name's own and not the zone's.
    pub floor: Option<TlsFloor>,
}

pub(super) fn node<'a>(draft: &mut Draft<'a>, block: &Block<'a>) -> NodeId {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Cloudflare,
        party: "Cloudflare",
        why: "ends the visitor's TLS and starts a new connection to the origin",
    };
    let node = draft.node(block, facts);
    draft.at_the_edge(node);
    node
}

/// What `proxied` makes of a name: fronts of Cloudflare's edge, and the conditions under which it only answers DNS queries.
/// It is false by default.
pub(super) fn fronts<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    zone: &Zone,
    exists: Option<&When>,
) -> (Vec<Front>, Vec<Option<When>>) {
    let (mut proxied, mut plain) = (Vec::new(), Vec::new());
    for Alternative { when, value } in block.setting(PROXIED) {
        let when = When::both(exists, when.as_ref());
        match value {
            // The provider converts the text to a truth value.
            Setting::Text(text, value) if text == "true" => {
                let evidence = block.stated(PROXIED, &text, value, "Cloudflare ends the visitor's TLS here");
                proxied.push((when, Exposure::Internet, vec![evidence]));
            }
            Setting::Text(..) | Setting::Absent => plain.push(when),
            Setting::Unknown(doubt) => proxied.push((when, Exposure::Unknown(doubt), Vec::new())),
        }
    }
    if proxied.is_empty() {
        return (Vec::new(), plain);
    }
    let node = draft.home(block.id).unwrap_or_else(|| node(draft, block));
    let mut fronts = Vec::new();
    for (when, exposure, evidence) in proxied {
        lead_here(draft, block, zone, when.as_ref());
        fronts.push(Front { node, zone: zone.clone(), exposure, when, evidence, floor: None });
    }
    (fronts, plain)
}

/// The zone's name leads to the resource.
pub(super) fn lead_here<'a>(draft: &mut Draft<'a>, block: &Block<'a>, zone: &Zone, when: Option<&When>) {
    if let Some(host) = &zone.host {
        let to = Destination::resource(block.id);
        draft.host(host, Lead::to(to, when.cloned()));
    }
}

/// Adds the listeners with their ways in, and the code that reads there.
pub(super) fn open(draft: &mut Draft<'_>, front: &Front, modes: &Modes<'_>) -> Vec<Door> {
    let world = draft.world;
    for companion in code::readers(world, &front.zone).into_iter().chain(logs::readers(world, &front.zone)) {
        draft.companion(front.node, companion);
    }
    let mut doors = Vec::new();
    if let [Alternative { when: None, value: State::Stated(mode) }] = modes.usual.as_slice()
        && mode.text == "off"
    {
        let meaning = "Cloudflare speaks HTTP only and redirects visitors who use HTTPS to HTTP";
        let evidence = mode.block.stated(mode.field, &mode.text, mode.value, meaning);
        doors.push(door(draft, front, Scheme::Http, None, Accepts::Plaintext(vec![evidence])));
        return doors;
    }
    for Alternative { when, value } in http_faces(world, &front.zone) {
        doors.push(door(draft, front, Scheme::Http, when, value));
    }
    let floor = front.floor.clone().unwrap_or_else(|| floor(world, &front.zone));
    let accepts = Accepts::Tls { floor, evidence: front.evidence.clone() };
    doors.push(door(draft, front, Scheme::Https, None, accepts));
    doors
}

fn door(draft: &mut Draft<'_>, front: &Front, scheme: Scheme, when: Option<When>, accepts: Accepts) -> Door {
    let port = match scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
    };
    let doubt = match &accepts {
        Accepts::Undeclared(doubt) => Some(doubt.clone()),
        _ => None,
    };
    let listener = draft.listen(front.node, Some(port), vec![Face::always(accepts)]);
    let when = When::both(front.when.as_ref(), when.as_ref());
    let entry = Entry { listener, exposure: front.exposure.clone(), when: when.clone(), evidence: Vec::new() };
    draft.admit(entry);
    Door { listener, scheme, when, doubt }
}

/// What is accepted on port 80, per alternative of `always_use_https`, which answers every HTTP request with a
/// redirect. Nothing is, where a rule does so.
fn http_faces(world: &World<'_>, zone: &Zone) -> Vec<Alternative<Accepts>> {
    let redirects = rules::redirects(world, zone);
    if redirects.iter().any(|redirect| redirect.covers) {
        return Vec::new();
    }
    let redirect = redirects.into_iter().next().map(|redirect| redirect.doubt);
    let mut found = Vec::new();
    for Alternative { when, value } in zone::read(world, zone, ALWAYS_USE_HTTPS) {
        let accepts = match value {
            State::Stated(stated) if stated.text == "on" => continue,
            State::Stated(stated) if stated.text == "off" => {
                let meaning = "visitors may use HTTP";
                Accepts::Plaintext(vec![stated.block.stated(stated.field, &stated.text, stated.value, meaning)])
            }
            State::Stated(stated) => Accepts::Undeclared(unknown_value(&stated, "always_use_https", "on or off")),
            State::Unknown(doubt) => Accepts::Undeclared(doubt),
            State::Absent => absent_redirect(world, zone),
        };
        let accepts = match (accepts, &redirect) {
            (Accepts::Plaintext(_), Some(doubt)) => Accepts::Undeclared(doubt.clone()),
            (accepts, _) => accepts,
        };
        found.push(Alternative { when, value: accepts });
    }
    found
}

fn absent_redirect(world: &World<'_>, zone: &Zone) -> Accepts {
    let (what, settle) = ("always_use_https of the Cloudflare zone", "set always_use_https for the zone in this code");
    match zone::settings(world, zone) {
        Settings::Written(block) => {
            let meaning = "visitors may use HTTP";
            Accepts::Plaintext(vec![block.defaulted(ALWAYS_USE_HTTPS_FIELD, "off", meaning)])
        }
        Settings::Unread(block) => {
            let message = format!("{} sets something that is not known", block.owner.address);
            Accepts::Undeclared(Doubt::new(what, message, settle, Some(block.place())))
        }
        Settings::Missing => {
            let message = "the settings of the Cloudflare zone are not in this code, so it may let visitors use HTTP";
            Accepts::Undeclared(zone.doubt(what, message, settle))
        }
    }
}

/// A host name's own setting goes before the zone's. Absent, the least version is not known, and neither is it where a setting
/// that is for a host or a zone which is not known may be the name's own.
fn floor(world: &World<'_>, zone: &Zone) -> TlsFloor {
    let alternatives = match own_settings(world, zone).as_slice() {
        [] => zone::read(world, zone, MIN_TLS),
        [(block, true), ..] => zone::alternatives(block, VALUE, block.owner.exists.when()),
        [(_, false), ..] => return TlsFloor::unknown(),
    };
    match alternatives.as_slice() {
        [Alternative { value: State::Stated(stated), .. }] => match TlsVersion::parse(&stated.text) {
            Some(version) => {
                let meaning = format!("visitors may use {version}");
                TlsFloor::known(version, stated.block.stated(stated.field, &stated.text, stated.value, meaning))
            }
            None => TlsFloor::unknown(),
        },
        _ => TlsFloor::unknown(),
    }
}

/// Settings of the least version for the zone's name, certain ones first, with whether they surely are.
fn own_settings<'a>(world: &World<'a>, zone: &Zone) -> Vec<(Block<'a>, bool)> {
    let is = |block: &Block<'a>, field: Field, wanted: &str| match block.get(field).map(|value| value.as_text()) {
        Some(Some(text)) if normal_host(&text) == wanted => Some(true),
        Some(None) => Some(false),
        _ => None,
    };
    let Some(host) = &zone.host else { return Vec::new() };
    let mut found = Vec::new();
    for (block, perhaps) in zone.all_possible(world, HOSTNAME_SETTING) {
        if let (Some(setting), Some(name)) = (is(&block, SETTING_ID, MIN_TLS.0), is(&block, HOSTNAME, host)) {
            found.push((block, perhaps.is_none() && setting && name));
        }
    }
    found.sort_by_key(|(_, certain)| !certain);
    found
}

/// The least version that a name's own setting states.
pub(super) fn own_floor(block: &Block<'_>, field: Field) -> Option<TlsFloor> {
    let value = block.get(field)?;
    let text = value.as_text().unwrap_or_default();
    let Some(version) = TlsVersion::parse(&text) else { return Some(TlsFloor::unknown()) };
    let meaning = format!("visitors may use {version}");
    Some(TlsFloor::known(version, block.stated(field, &text, value, meaning)))
}

/// One way of going on to the origin.
pub(super) struct Upstream {
    pub legs: Vec<Leg>,
    /// The scheme's port, where the scheme is the same in all alternatives.
    pub port: Option<i64>,
    /// Which rules match the request.
    pub when: Option<When>,
    pub doubt: Option<Doubt>,
}

/// By the SSL mode, and by every rule that may set another one.
pub(super) fn upstreams(zone: &Zone, modes: &Modes<'_>, rerouted: Option<&Doubt>, door: &Door) -> Vec<Upstream> {
    let scheme = door.scheme;
    let rerouted = door.doubt.as_ref().or(rerouted).cloned();
    let none_matches = When::otherwise(modes.overrides.iter().map(|rule| Some(&rule.when)));
    let without = none_matches.map(|when| upstream(zone, &modes.usual, scheme, when, rerouted.clone()));
    let mut found: Vec<_> = without.into_iter().collect();
    found.extend(
        modes
            .overrides
            .iter()
            .map(|rule| upstream(zone, &rule.modes, scheme, Some(rule.when.clone()), rerouted.clone())),
    );
    found
}

/// How Cloudflare goes on from a name.
pub(super) struct Modes<'a> {
    /// The zone's SSL mode, or that of a rule for all requests to the name.
    usual: Vec<Alternative<State<'a>>>,
    /// The rules that may set another one.
    overrides: Vec<Override<'a>>,
}

/// Why requests for the name may go elsewhere; likewise.
pub(super) fn rerouted(world: &World<'_>, zone: &Zone) -> Option<Doubt> {
    rules::reroutes(world, zone).into_iter().next()
}

/// Worked out once for all doors of a name.
pub(super) fn modes<'a>(world: &World<'a>, zone: &Zone) -> Modes<'a> {
    let mut overrides = rules::overrides(world, zone);
    match overrides.iter().rposition(|found| found.covers) {
        Some(last) => {
            let after = overrides.split_off(last + 1);
            Modes { usual: overrides.pop().map(|found| found.modes).unwrap_or_default(), overrides: after }
        }
        None => Modes { usual: zone::read(world, zone, SSL), overrides },
    }
}

fn upstream(
    zone: &Zone,
    modes: &[Alternative<State<'_>>],
    scheme: Scheme,
    when: Option<When>,
    doubt: Option<Doubt>,
) -> Upstream {
    let legs: Vec<Leg> = modes.iter().map(|mode| leg(zone, mode, scheme)).collect();
    let port = |leg: &Leg| match leg.transport {
        Transport::Plaintext => Some(80),
        Transport::Tls { .. } => Some(443),
        _ => None,
    };
    let first = legs.first().and_then(port);
    let port = if legs.iter().all(|leg| port(leg) == first) { first } else { None };
    Upstream { legs, port, when, doubt }
}

fn leg(zone: &Zone, mode: &Alternative<State<'_>>, scheme: Scheme) -> Leg {
    let (transport, evidence) = match &mode.value {
        State::Stated(stated) => by_mode(stated, scheme),
        State::Unknown(doubt) => (Transport::Unknown(doubt.clone()), Vec::new()),
        State::Absent => (Transport::Unknown(absent_mode(zone)), Vec::new()),
    };
    Leg { when: mode.when.clone(), transport, evidence }
}

/// Source: "Encryption modes" of Cloudflare's SSL/TLS documentation.
fn by_mode(stated: &Stated<'_>, scheme: Scheme) -> (Transport, Vec<Evidence>) {
    let tls = |verification| Transport::Tls { floor: TlsFloor::unknown(), verification };
    let (transport, meaning) = match (stated.text.as_str(), scheme) {
        ("off", _) => (Transport::Plaintext, "Cloudflare speaks HTTP only, to visitors as well as to the origin"),
        ("flexible", _) => (Transport::Plaintext, "Cloudflare sends the request to the origin in the clear"),
        ("full" | "strict", Scheme::Http) => {
            (Transport::Plaintext, "Cloudflare speaks to the origin with the visitor's protocol, which is HTTP here")
        }
        ("full", Scheme::Https) => {
            let meaning = "Cloudflare opens a new TLS connection to the origin and accepts any certificate";
            (tls(Verification::Unverified), meaning)
        }
        ("strict", Scheme::Https) => {
            let meaning = "Cloudflare opens a new TLS connection to the origin and verifies its certificate";
            (tls(Verification::Verified), meaning)
        }
        ("origin_pull", _) => {
            let meaning = "Cloudflare always opens a TLS connection to the origin and verifies its certificate";
            (tls(Verification::Verified), meaning)
        }
        _ => {
            let known = "off, flexible, full, strict or origin_pull";
            return (Transport::Unknown(unknown_value(stated, "the SSL mode", known)), Vec::new());
        }
    };
    (transport, vec![stated.block.stated(stated.field, &stated.text, stated.value, meaning)])
}

/// Never taken to be `flexible`, nor anything else: Automatic SSL/TLS, the default, chooses by what the origin serves.
fn absent_mode(zone: &Zone) -> Doubt {
    zone.doubt(
        "the SSL mode of the Cloudflare zone",
        "this code does not set the SSL mode of the Cloudflare zone, and Cloudflare may choose it itself",
        "set ssl for the zone in this code",
    )
}

fn unknown_value(stated: &Stated<'_>, what: &str, known: &str) -> Doubt {
    let text = &stated.text;
    let message = format!("{text} is no value of {what} that e2e-lint knows");
    Doubt::new(text.clone(), message, format!("use {known}"), Some(stated.value.span()))
}
