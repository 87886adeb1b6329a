//! Pods: what runs them is the node. A Service finds them by their labels, and whoever calls the Service calls them:
//! what carries its packets inside the cluster opens nothing.

use super::object::{self, Kind, LABELS, MANIFEST, Object, object};
use crate::model::{Doubt, Leg, ListenerId, Segment};
use crate::services::aws::ec2;
use crate::services::document::HOLE;
use crate::services::draft::{Destination, Draft, Lead, PendingHop, Place};
use crate::services::read::{Block, Field, Link, doubt_of, field};
use crate::services::world::{ResourceId, World};
use crate::value::{Object as Entries, Value, When};

const SELECTOR: Field = field("selector", "-");
const TEMPLATE: Field = field("template", "-");
const METADATA: Field = field("metadata", "-");
const TYPE: Field = field("type", "-");
const EXTERNAL_NAME: Field = field("external_name|externalName", "-");
/// Written by e2e-lint itself into the Service that a chart makes: what the Service leads to.
const CONTROLLER: &str = "controller";

/// What runs pods is an end, like a server.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if object(block).is_none_or(|object| object.kind != Kind::Workload) {
        return;
    }
    let node = ec2::server(draft, block, "the pods");
    let world = draft.world;
    // One says as much as all of them.
    let doubt = world.beside(block.id, MANIFEST).into_iter().find_map(|id| object::unread(world, id));
    if let Some(doubt) = doubt {
        draft.unread(node, doubt);
    }
}

/// Something that a Service leads to.
struct Found {
    to: Destination,
    when: Option<When>,
    /// Why it is not sure that the Service leads there.
    doubt: Option<Doubt>,
}

fn behind<'a>(world: &World<'a>, service: &Object<'a>) -> Vec<Found> {
    if let Some(id) = made_with(world, service) {
        return vec![Found { to: Destination::resource(id), when: None, doubt: None }];
    }
    if service.spec.text(TYPE).as_deref() == Some("ExternalName") {
        let links = service.spec.links(world, EXTERNAL_NAME).into_iter();
        let found = |link: crate::services::read::Alternative<Link<'a>>| Found {
            to: Destination::of_link(world, service.id(), &link.value),
            when: link.when,
            doubt: None,
        };
        return links.map(found).collect();
    }
    let Some(selector) = service.spec.get(SELECTOR) else { return Vec::new() };
    let mut found = Vec::new();
    for workload in object::objects(world, service.id(), Kind::Workload) {
        if !service.shares_namespace(&workload) {
            continue;
        }
        let doubt = match fit(world, selector, &workload) {
            Fit::No => continue,
            Fit::Yes => None,
            Fit::Perhaps(doubt) => Some(doubt),
        };
        found.push(Found { to: Destination::resource(workload.id()), when: workload.exists(), doubt });
    }
    found
}

/// The controller that a chart makes together with the Service.
fn made_with(world: &World<'_>, service: &Object<'_>) -> Option<ResourceId> {
    let reference = service.spec.value.get(CONTROLLER)?.as_reference()?;
    world.find(service.id(), &reference.target)
}

/// Whether a Service's selector finds the pods of a workload.
enum Fit {
    Yes,
    No,
    Perhaps(Doubt),
}

fn fit(world: &World<'_>, selector: &Value, workload: &Object<'_>) -> Fit {
    let refers = |value: &Value| {
        let target = value.as_reference().and_then(|found| world.find(workload.id(), &found.target));
        target == Some(workload.id())
    };
    let Some(wanted) = selector.as_object() else {
        let speaks_of_it = selector.references().iter().any(|found| *found.target == *world.address(workload.id()));
        return if speaks_of_it { Fit::Perhaps(doubt_of(selector)) } else { Fit::No };
    };
    let Some(labels) = labels(workload) else { return Fit::No };
    let Some(labels) = labels.as_object() else { return Fit::Perhaps(doubt_of(labels)) };
    if wanted.is_empty() {
        return Fit::No;
    }
    let mut doubt = None;
    for (key, wanted) in wanted {
        let Some(label) = labels.get(key) else {
            if has_hole(labels) {
                doubt = doubt.or_else(|| Some(doubt_of(wanted)));
                continue;
            }
            return Fit::No;
        };
        match (wanted.as_text(), label.as_text()) {
            (Some(wanted), Some(label)) if wanted == label => {}
            (Some(_), Some(_)) => return Fit::No,
            _ if wanted.kind == label.kind || refers(wanted) => {}
            (None, _) => doubt = doubt.or_else(|| Some(doubt_of(wanted))),
            (_, None) => doubt = doubt.or_else(|| Some(doubt_of(label))),
        }
    }
    doubt.map_or(Fit::Yes, Fit::Perhaps)
}

fn has_hole(entries: &Entries) -> bool {
    entries.keys().any(|key| key.contains(HOLE))
}

/// The labels of the pods: those of the template, or a single pod's own.
fn labels<'a>(workload: &Object<'a>) -> Option<&'a Value> {
    if !workload.spec.has(TEMPLATE) {
        return workload.metadata.get(LABELS);
    }
    workload.spec.known_block(TEMPLATE)?.known_block(METADATA)?.get(LABELS)
}

/// A way from a listener to the pods of a Service.
pub(super) struct Delivery<'d, 'a> {
    pub from: ListenerId,
    /// What the load balancer or proxy is made of; it names the pods where they are not in the code.
    pub front: &'d Object<'a>,
    pub service: Option<&'d Object<'a>>,
    pub port: Option<i64>,
    pub leg: Leg,
    pub when: Option<When>,
    pub doubt: Option<Doubt>,
}

/// Sends the message on, to pods of the code or to those that only the cluster knows.
pub(super) fn deliver<'a>(draft: &mut Draft<'a>, delivery: &Delivery<'_, 'a>) {
    let Delivery { from, front, service, port, leg, when, doubt } = delivery;
    let mut found = service.map(|service| behind(draft.world, service)).unwrap_or_default();
    if found.is_empty() {
        found.push(Found { to: elsewhere(front), when: None, doubt: None });
    }
    let via = service.filter(|service| service.id() != front.id()).map(|service| draft.world.address(service.id()));
    let exists = service.and_then(|service| service.exists());
    for found in found {
        let when = When::both(when.as_ref(), found.when.as_ref());
        draft.send(PendingHop {
            from: *from,
            to: found.to.at_port(*port),
            legs: vec![leg.clone()],
            via: via.clone().into_iter().collect(),
            evidence: Vec::new(),
            when: When::both(When::both(front.exists().as_ref(), exists.as_ref()).as_ref(), when.as_ref()),
            segment: Segment::Request,
            doubt: doubt.clone().or(found.doubt),
        });
    }
}

/// Puts the pods of a Service into a target group of the code.
pub(super) fn register<'a>(
    draft: &mut Draft<'a>,
    group: ResourceId,
    binding: &Object<'a>,
    service: Option<&Object<'a>>,
    when: Option<&When>,
) {
    let mut found = service.map(|service| behind(draft.world, service)).unwrap_or_default();
    if found.is_empty() {
        found.push(Found { to: elsewhere(binding), when: None, doubt: None });
    }
    let exists = When::both(binding.exists().as_ref(), when);
    for found in found {
        let to = match found.doubt {
            Some(doubt) => Destination { place: Place::Outside(doubt.what.clone(), Some(doubt)), port: None },
            None => found.to,
        };
        let when = When::both(exists.as_ref(), found.when.as_ref());
        let via = vec![draft.world.address(binding.id())];
        draft.lead(group, Lead { to, via, when, evidence: Vec::new() });
    }
}

fn elsewhere(front: &Object<'_>) -> Destination {
    let address = &front.block.owner.address;
    let what = format!("the pods of {address}");
    let message = format!("what stands behind {address} in the cluster, and what it serves, is not in this code");
    let settle = "assume in e2e-lint.yaml what stands there";
    let doubt = Doubt::new(what.clone(), message, settle, Some(front.block.owner.header));
    Destination { place: Place::Outside(what, Some(doubt)), port: None }
}

/// The port of the pods that a port of a Service leads to. A port's name is the pods' own matter.
pub(super) fn target_port(port: &Block<'_>) -> Option<i64> {
    const TARGET: Field = field("target_port|targetPort", "-");
    const NUMBER: Field = field("port", "-");
    match port.get(TARGET) {
        Some(value) => value.as_integer(),
        None => port.get(NUMBER).and_then(Value::as_integer),
    }
}
