//! Services of type `LoadBalancer`: a network or classic load balancer of AWS in front of the pods.

use super::object::{Kind, Object, object};
use super::pods::{self, Delivery};
use super::ports::port_of_service;
use super::unread;
use crate::model::{Accepts, Doubt, Face, Leg, NodeKind, Operator, Transport};
use crate::services::draft::{Draft, Entry, Exposure, NodeFacts, Opening};
use crate::services::read::{Block, Child, Field, Setting, doubt_of, field};
use crate::value::Value;
use crate::value::secret::Text;

const TYPE: Field = field("type", "-");
const CLASS: Field = field("load_balancer_class|loadBalancerClass", "-");
const PORTS: Field = field("port|ports", "-");
const PARTY: &str = "the load balancer of the Kubernetes service";
const NUMBER: Field = field("port", "-");

pub(super) const PREFIX: &str = "service.beta.kubernetes.io/aws-load-balancer-";
const ACTIONS: &str = "service.beta.kubernetes.io/actions.";
const MADE_BY: Field = field("service.beta.kubernetes.io/aws-load-balancer-type", "-");
const SCHEME: Field = field("service.beta.kubernetes.io/aws-load-balancer-scheme", "-");
const INTERNAL: Field = field("service.beta.kubernetes.io/aws-load-balancer-internal", "-");
const LOAD_BALANCER_GROUPS: Field = field("service.beta.kubernetes.io/aws-load-balancer-security-groups", "-");
const RANGES: Field = field("load_balancer_source_ranges|loadBalancerSourceRanges", "-");

/// Which controller makes the load balancer: the same annotations mean different things.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Controller {
    /// The AWS Load Balancer Controller, or EKS Auto Mode: a network load balancer.
    External,
    /// A network load balancer by `nlb`, made by the controller in Kubernetes or by the AWS Load Balancer Controller.
    Network,
    /// The controller in Kubernetes makes a classic load balancer; the AWS Load Balancer Controller, where it is
    /// installed, takes over new Services and makes a network load balancer.
    Undecided,
}

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(service) = object(block).filter(|object| object.kind == Kind::Service) else { return };
    let Some(kind) = service.spec.get(TYPE) else { return };
    let controller = match kind.as_text().as_deref() {
        Some("LoadBalancer") => controller(&service),
        Some(_) => return,
        None => Err(doubt_of(kind)),
    };
    match controller {
        Ok(controller) => describe_balancer(draft, &service, controller),
        Err(doubt) => unread::front(draft, &service, PARTY, std::slice::from_ref(&service), &doubt),
    }
}

/// Who makes the load balancer, where it is one of AWS. The webhook of the AWS Load Balancer Controller gives its class to
/// every new Service that has none, whatever the annotations say.
fn controller(service: &Object<'_>) -> Result<Controller, Doubt> {
    if let Some(class) = service.spec.get(CLASS) {
        return match Text::of(class) {
            Some(own) if matches!(own.as_str(), "service.k8s.aws/nlb" | "eks.amazonaws.com/nlb") => {
                Ok(Controller::External)
            }
            Some(other) => {
                let message = format!("what makes load balancers of the class {other} is not known to e2e-lint");
                Err(service.doubt("the class of the load balancer", &message))
            }
            None => Err(doubt_of(class)),
        };
    }
    if service.unread_annotations().is_none() && !service.has_annotation(PREFIX) {
        let message = "no annotation says which load balancer it is: what the cluster's cloud makes is not known";
        return Err(service.doubt("the load balancer", message));
    }
    match service.annotation(MADE_BY) {
        Setting::Text(text, _) if text == "external" || text == "nlb-ip" => Ok(Controller::External),
        Setting::Text(text, _) if text == "nlb" => Ok(Controller::Network),
        Setting::Text(..) | Setting::Absent => Ok(Controller::Undecided),
        Setting::Unknown(doubt) => Err(doubt),
    }
}

fn describe_balancer<'a>(draft: &mut Draft<'a>, service: &Object<'a>, controller: Controller) {
    let mut ports = Vec::new();
    for port in service.spec.children(PORTS) {
        ports.push(match port.value {
            Child::Block(port) => {
                let (accepts, leg) = port_of_service(draft.world, service, controller, &port);
                let number = port.get(NUMBER).and_then(Value::as_integer);
                (number, pods::target_port(&port), accepts, leg)
            }
            Child::Unknown(doubt) => {
                let leg = Leg::new(Transport::Unknown(doubt.clone()), Vec::new());
                (None, None, Accepts::Undeclared(doubt), leg)
            }
        });
    }
    let passes = ports.iter().all(|(_, _, accepts, _)| matches!(accepts, Accepts::Opaque(_)));
    let facts = NodeFacts {
        kind: if passes { NodeKind::PassThrough } else { NodeKind::Proxy },
        operator: Operator::Aws,
        party: PARTY,
        why: if passes { "passes the bytes on without opening them" } else { "ends TLS where it has a certificate" },
    };
    let node = draft.node(&service.resource(), facts);
    if let Some(doubt) = narrowed(service) {
        draft.guard(node, vec![Opening::doubtful(None, doubt)]);
    }
    let weighted = service.has_annotation(ACTIONS).then(|| {
        let message = "an annotation may send some of the messages to other Services";
        service.doubt("where the load balancer sends the messages", message)
    });
    let exposure = exposure(service, controller);
    let when = service.exists();
    for (number, target, accepts, leg) in ports {
        let from = draft.listen(node, number, vec![Face::always(accepts)]);
        let doubt = weighted.clone();
        let delivery = Delivery { from, front: service, service: Some(service), port: target, leg, when: None, doubt };
        pods::deliver(draft, &delivery);
        let exposure = exposure.clone();
        draft.admit(Entry { listener: from, exposure, when: when.clone(), evidence: Vec::new() });
    }
}

/// Who may connect is not worked out where the Service narrows it.
fn narrowed(service: &Object<'_>) -> Option<Doubt> {
    let by_groups = !matches!(service.annotation(LOAD_BALANCER_GROUPS), Setting::Absent);
    let message = "who may connect to the load balancer is narrowed, and how far is not worked out";
    (by_groups || service.spec.has(RANGES)).then(|| service.doubt("who may connect", message))
}

/// The controller in Kubernetes faces the internet by default and knows `internal` alone; the AWS Load Balancer
/// Controller is internal by default and knows both.
fn exposure(service: &Object<'_>, controller: Controller) -> Exposure {
    let undecided = || {
        let message = "which controller makes the load balancer is not known, and their defaults differ";
        Exposure::Unknown(service.doubt("the scheme", message))
    };
    match service.annotation(SCHEME) {
        Setting::Text(text, _) if text == "internet-facing" => return Exposure::Internet,
        Setting::Text(..) if controller == Controller::External => return Exposure::Private,
        Setting::Text(..) => return undecided(),
        Setting::Unknown(doubt) => return Exposure::Unknown(doubt),
        Setting::Absent => {}
    }
    match service.annotation(INTERNAL) {
        Setting::Text(text, _) if text == "true" => Exposure::Private,
        Setting::Text(text, _) if text == "false" => Exposure::Internet,
        Setting::Absent if controller == Controller::External => Exposure::Private,
        Setting::Text(..) | Setting::Absent => undecided(),
        Setting::Unknown(doubt) => Exposure::Unknown(doubt),
    }
}
