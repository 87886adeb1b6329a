//! Ingresses of the AWS Load Balancer Controller: an Application Load Balancer in front of the pods.

use super::actions::{Action, Redirect, action, redirect};
use super::backends::{Backend, Target, backends};
use super::listeners::{class_settings, exposure, listeners};
use super::object::{Kind, Object, object};
use super::pods::{self, Delivery};
use super::ports::tls_to_pods;
use super::{chart, unread};
use crate::model::{Accepts, Doubt, Face, Leg, ListenerId, NodeKind, Operator, Transport};
use crate::services::draft::{Draft, Entry, NodeFacts, Opening};
use crate::services::read::{Block, Field, Setting, field};
use crate::value::secret::Text;

pub(super) const CLASS: Field = field("ingress_class_name|ingressClassName", "-");
pub(super) const PREFIX: &str = "alb.ingress.kubernetes.io/";
pub(super) const OLD_CLASS: Field = field("kubernetes.io/ingress.class", "-");
const BACKEND: Field = field("alb.ingress.kubernetes.io/backend-protocol", "-");
/// Who may connect.
const NARROWING: [Field; 3] = [
    field("alb.ingress.kubernetes.io/inbound-cidrs", "-"),
    field("alb.ingress.kubernetes.io/security-groups", "-"),
    field("alb.ingress.kubernetes.io/security-group-prefix-lists", "-"),
];

/// The class by its field or by the older annotation.
pub(super) fn class(ingress: &Object<'_>) -> Option<Text> {
    ingress.spec.text(CLASS).or_else(|| match ingress.annotation(OLD_CLASS) {
        Setting::Text(text, _) => Some(text),
        Setting::Absent | Setting::Unknown(_) => None,
    })
}

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(ingress) = object(block).filter(|object| object.kind == Kind::Ingress) else { return };
    let class = class(&ingress);
    // The controller that a chart of the code installs takes its Ingresses itself.
    if chart::serves(draft.world, &ingress) {
        return;
    }
    if class.as_deref() == Some("alb") || ingress.has_annotation(PREFIX) {
        describe_balancer(draft, &ingress);
        return;
    }
    let message = match (&class, ingress.unread_annotations()) {
        (_, Some(doubt)) => doubt.message.clone(),
        (Some(class), None) => format!("what serves Ingresses of the class {class} is not in this code"),
        (None, None) => "which controller serves the Ingress is not in this code".to_owned(),
    };
    let doubt = ingress.doubt("the controller", &message);
    let services: Vec<Object<'a>> = backends(draft.world, &ingress)
        .into_iter()
        .filter_map(|backend| match backend.target {
            Target::Service(service, _) => Some(*service),
            Target::Action(_) | Target::Missing(_) | Target::Unknown(_) => None,
        })
        .collect();
    unread::front(draft, &ingress, "the controller of the Ingress", &services, &doubt);
}

fn describe_balancer<'a>(draft: &mut Draft<'a>, ingress: &Object<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the load balancer of the Ingress",
        why: "ends TLS, reads the request and opens a connection of its own",
    };
    let node = draft.node(&ingress.resource(), facts);
    if NARROWING.into_iter().any(|field| !matches!(ingress.annotation(field), Setting::Absent)) {
        let message = "who may connect to the load balancer is narrowed, and how far is not worked out";
        draft.guard(node, vec![Opening::doubtful(None, ingress.doubt("who may connect", message))]);
    }
    let backends = backends(draft.world, ingress);
    let redirect = redirect(draft.world, ingress, &backends);
    let class = class_settings(draft.world, ingress);
    let exposure = exposure(ingress, class.as_ref());
    for (port, accepts) in listeners(draft.world, ingress, class.as_ref()) {
        let is_http = matches!(accepts, Accepts::Plaintext(_));
        let from = draft.listen(node, port, vec![Face::always(accepts)]);
        let exposure = exposure.clone();
        draft.admit(Entry { listener: from, exposure, when: ingress.exists(), evidence: Vec::new() });
        match &redirect {
            Redirect::All if is_http => {}
            Redirect::Perhaps(doubt) if is_http => forward(draft, ingress, from, &backends, Some(doubt)),
            _ => forward(draft, ingress, from, &backends, None),
        }
    }
}

fn forward<'a>(
    draft: &mut Draft<'a>,
    ingress: &Object<'a>,
    from: ListenerId,
    backends: &[Backend<'a>],
    doubt: Option<&Doubt>,
) {
    for backend in backends {
        let (service, port, leg) = match &backend.target {
            Target::Service(service, port) => (Some(&**service), *port, leg(ingress, Some(&**service))),
            Target::Missing(_) => (None, None, leg(ingress, None)),
            Target::Unknown(doubt) => (None, None, Leg::new(Transport::Unknown(doubt.clone()), Vec::new())),
            Target::Action(name) => match action(ingress, name) {
                Action::RedirectToTls | Action::AnswersItself => continue,
                Action::Elsewhere => {
                    let message = format!("the action {name} sends requests to somewhere that is not followed");
                    let doubt = ingress.doubt("where requests are sent", &message);
                    (None, None, Leg::new(Transport::Unknown(doubt), Vec::new()))
                }
            },
        };
        let (when, doubt) = (backend.when.clone(), doubt.cloned());
        pods::deliver(draft, &Delivery { from, front: ingress, service, port, leg, when, doubt });
    }
}

/// An annotation of the Service goes before the Ingress's own. `HTTP` by default; only `HTTP` and `HTTPS` are taken, by
/// these letters.
///
/// Source: `buildTargetGroupSpec` and `buildTargetGroupProtocol` of the AWS Load Balancer Controller.
fn leg(ingress: &Object<'_>, service: Option<&Object<'_>>) -> Leg {
    let Some(service) = service else {
        let message = "an annotation of the Service goes before the Ingress's own, and the Service is not in this code";
        let doubt = Doubt::new("the Service's annotations", message, "lint the code that declares the Service", None);
        return Leg::new(Transport::Unknown(doubt), Vec::new());
    };
    let decides = match service.annotation(BACKEND) {
        Setting::Absent => ingress,
        Setting::Text(..) | Setting::Unknown(_) => service,
    };
    let setting = decides.annotation(BACKEND);
    let text = match &setting {
        Setting::Unknown(doubt) => return Leg::new(Transport::Unknown(doubt.clone()), Vec::new()),
        Setting::Absent => Text::open("HTTP"),
        Setting::Text(text, _) => text.clone(),
    };
    match text.as_str() {
        "HTTP" => {
            let meaning = "the load balancer speaks plaintext to the pods";
            Leg::new(Transport::Plaintext, vec![decides.evidence(BACKEND, &setting, "HTTP", meaning)])
        }
        "HTTPS" => {
            let meaning = "the load balancer speaks TLS to the pods and verifies nobody";
            tls_to_pods(decides.evidence(BACKEND, &setting, "HTTP", meaning))
        }
        _ => {
            let message = format!("{text} is no protocol that the controller takes");
            Leg::new(Transport::Unknown(decides.doubt(BACKEND.terraform, &message)), Vec::new())
        }
    }
}
