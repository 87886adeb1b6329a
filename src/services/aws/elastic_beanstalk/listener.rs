//! Listeners of Application and Network Load Balancers, and the processes that they send requests to.

use super::options::{Options, Said};
use super::{Balancer, MOST_LISTENERS, Presence, said, too_many};
use crate::model::{Accepts, Doubt, Face, Leg, TlsFloor, TlsVersion, Transport, Verification};
use crate::services::aws::tls_policy::elb_policy;
use crate::services::draft::Draft;
use crate::services::read::Alternative;
use crate::value::When;
use crate::value::secret::Text;
use std::collections::HashSet;

pub(super) const LISTENER: &str = "aws:elbv2:listener:";
const RULE: &str = "aws:elbv2:listenerrule:";
const PROCESS: &str = "aws:elasticbeanstalk:environment:process:";
/// The listener of port 80, which is there unless it is disabled.
const DEFAULT: &str = "default";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Application,
    Network,
}

pub(super) fn describe(draft: &mut Draft<'_>, balancer: &Balancer<'_, '_>, layer: Layer) {
    let mut names = balancer.options.suffixes(LISTENER);
    if !names.contains("80") {
        names.insert(DEFAULT.to_owned());
    }
    balancer.bound(draft, names.len());
    for name in names.into_iter().take(MOST_LISTENERS) {
        let port = if name == DEFAULT { Some(80) } else { name.parse().ok() };
        let namespace = format!("{LISTENER}{name}");
        let presence = presence(balancer.options, &namespace);
        if presence.is_empty() {
            continue;
        }
        let listener = draft.listen(balancer.node, port, faces(balancer.options, &namespace, layer));
        balancer.admit(draft, listener, &presence);
        for (when, process) in processes(balancer.options, &namespace) {
            let presence: Vec<_> = presence.iter().map(|presence| presence.given(when.as_ref())).collect();
            let (legs, port) = match process {
                Ok(process) => {
                    let namespace = format!("{PROCESS}{process}");
                    let port = balancer.options.text(&namespace, "Port").and_then(|text| text.parse().ok());
                    (legs(balancer.options, &namespace, layer), port)
                }
                Err(doubt) => (vec![Leg::new(Transport::Unknown(doubt), Vec::new())], None),
            };
            balancer.send(draft, listener, port, &legs, &presence);
        }
    }
}

/// A listener that the code sets options of is enabled by default.
pub(super) fn presence(options: &Options<'_>, namespace: &str) -> Vec<Presence> {
    let written = options.in_namespace(namespace);
    let conditions = || written.iter().map(|option| option.when.as_ref());
    let always = written.is_empty() || When::otherwise(conditions()).is_none();
    let exists = if always { None } else { When::any_of(conditions()) };
    let mut found = Vec::new();
    for Alternative { when, value } in options.read(namespace, "ListenerEnabled") {
        let doubt = match value {
            Said::Text(text, _) if text == "false" => continue,
            Said::Text(..) => None,
            Said::Nothing if !written.is_empty() => None,
            Said::Nothing => Some(options.doubt(namespace, "ListenerEnabled", "true")),
            Said::Unknown(doubt) => Some(doubt),
        };
        let when = When::both(exists.as_ref(), when.as_ref());
        if when.as_ref().is_none_or(When::satisfiable) {
            found.push(Presence { when, doubt });
        }
    }
    found
}

fn faces(options: &Options<'_>, namespace: &str, layer: Layer) -> Vec<Face> {
    let read = |Alternative { when, value }: Alternative<Said<'_>>| {
        let accepts = match value {
            Said::Unknown(doubt) => Accepts::Undeclared(doubt),
            Said::Nothing if layer == Layer::Network => Accepts::Opaque(Vec::new()),
            Said::Nothing => Accepts::Undeclared(options.doubt(namespace, "Protocol", "HTTP")),
            Said::Text(text, option) => match (text.as_str(), layer) {
                ("HTTP", Layer::Application) => {
                    Accepts::Plaintext(vec![said("Protocol", &text, &option, "the listener speaks HTTP")])
                }
                ("HTTPS", Layer::Application) => Accepts::Tls {
                    floor: floor(options, namespace, "SSLPolicy"),
                    evidence: vec![said("Protocol", &text, &option, "the load balancer ends TLS here")],
                },
                ("TCP", Layer::Network) => {
                    let meaning = "the listener passes the bytes on without opening them";
                    Accepts::Opaque(vec![said("Protocol", &text, &option, meaning)])
                }
                _ => Accepts::Undeclared(unsupported(options, namespace, &text)),
            },
        };
        Face { when, accepts }
    };
    options.read(namespace, "Protocol").into_iter().map(read).collect()
}

/// The least version by the named policy. Without one the application's own configuration files may set it.
pub(super) fn floor(options: &Options<'_>, namespace: &str, name: &str) -> TlsFloor {
    match options.read(namespace, name).as_slice() {
        [Alternative { value: Said::Text(text, option), .. }] => match elb_policy(text) {
            Some(version) => {
                TlsFloor::known(version, said(name, text, option, &format!("this policy accepts {version}")))
            }
            None => TlsFloor::unknown(),
        },
        _ => TlsFloor::unknown(),
    }
}

pub(super) fn unsupported(options: &Options<'_>, namespace: &str, text: &Text) -> Doubt {
    let mut doubt = options.doubt(namespace, &text.to_string(), "");
    doubt.message = format!("{text} is no protocol that the load balancer of this environment can speak here");
    doubt.settle = "use a protocol of this kind of load balancer".to_owned();
    doubt
}

/// A process by its name, or why that is not known, with the condition under which requests go there.
type Process = (Option<When>, Result<String, Doubt>);

/// The processes that a listener sends requests to: its default one, and those of its rules.
fn processes(options: &Options<'_>, namespace: &str) -> Vec<Process> {
    let mut found = named(options, namespace, "DefaultProcess", None);
    for Alternative { when, value } in options.read(namespace, "Rules") {
        match value {
            Said::Text(rules, _) => {
                if rules.split(',').count() > MOST_LISTENERS {
                    found.push((when.clone(), Err(too_many(options, "rules"))));
                }
                for rule in rules.split(',').take(MOST_LISTENERS) {
                    found.extend(named(options, &format!("{RULE}{}", rule.trim()), "Process", when.as_ref()));
                }
            }
            Said::Nothing => {}
            Said::Unknown(doubt) => found.push((when, Err(doubt))),
        }
    }
    let mut seen = HashSet::new();
    found.retain(|(when, process)| process.is_err() || seen.insert((when.clone(), process.clone().ok())));
    found
}

fn named(options: &Options<'_>, namespace: &str, name: &str, when: Option<&When>) -> Vec<Process> {
    let process = |Alternative { when: own, value }: Alternative<Said<'_>>| {
        let process = match value {
            // Its namespace would tell it.
            Said::Text(text, option) if text.is_sensitive() => {
                let message = format!("{text} is marked as sensitive, so it is not told which process it is");
                let settle = "take the mark off what is no secret (nonsensitive)";
                Err(Doubt::new(text, message, settle, Some(option.place())))
            }
            Said::Text(text, _) => Ok(text.to_string()),
            Said::Nothing => Ok("default".to_owned()),
            Said::Unknown(doubt) => Err(doubt),
        };
        (When::both(when, own.as_ref()), process)
    };
    options.read(namespace, name).into_iter().map(process).collect()
}

/// How the balancer speaks to a process: Application Load Balancers verify nobody and accept TLS 1.0 from targets.
fn legs(options: &Options<'_>, namespace: &str, layer: Layer) -> Vec<Leg> {
    let read = |Alternative { when, value }: Alternative<Said<'_>>| {
        let (transport, evidence) = match value {
            Said::Unknown(doubt) => (Transport::Unknown(doubt), Vec::new()),
            Said::Nothing if layer == Layer::Network => (Transport::AsReceived, Vec::new()),
            Said::Nothing => (Transport::Unknown(options.doubt(namespace, "Protocol", "HTTP")), Vec::new()),
            Said::Text(text, option) => {
                let stated = |meaning: &str| vec![said("Protocol", &text, &option, meaning)];
                match (text.as_str(), layer) {
                    ("HTTP", Layer::Application) => {
                        (Transport::Plaintext, stated("the load balancer sends the request in the clear"))
                    }
                    ("HTTPS", Layer::Application) => {
                        let floor = TlsFloor::fixed(TlsVersion::V1_0);
                        let transport = Transport::Tls { floor, verification: Verification::Unverified };
                        (transport, stated("the load balancer opens a new TLS connection and verifies nobody"))
                    }
                    ("TCP", Layer::Network) => (Transport::AsReceived, stated("the bytes are passed on as they came")),
                    _ => (Transport::Unknown(unsupported(options, namespace, &text)), Vec::new()),
                }
            }
        };
        Leg { when, transport, evidence }
    };
    options.read(namespace, "Protocol").into_iter().map(read).collect()
}
