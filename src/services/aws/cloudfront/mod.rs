//! CloudFront: every distribution ends the viewer's TLS and opens a connection of its own to the origin.
//!
//! Judged per pair of behaviour and origin: `match-viewer` is only as strong as the behaviour's viewer policy.

mod fields;
mod logs;
mod origin;
mod target;
mod tenant;
mod viewer;

use crate::model::{
    Companion, CompanionKind, Doubt, Evidence, Leg, ListenerId, NodeId, NodeKind, Operator, Segment, Transport,
};
use crate::services::Service;
use crate::services::aws::private_keys;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, Place};
use crate::services::read::{Block, Child, Field, field};
use crate::services::world::Types;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: DISTRIBUTION, describe },
    Service { types: tenant::TENANT, describe: tenant::describe },
    // After the distributions that may use them.
    Service { types: fields::PUBLIC_KEY, describe: fields::describe_key },
];

const DISTRIBUTION: Types = Types {
    terraform: &["aws_cloudfront_distribution", "aws_cloudfront_multitenant_distribution"],
    cloudformation: &["AWS::CloudFront::Distribution"],
};

const CONFIG: Field = field("", "DistributionConfig");
const ENABLED: Field = field("enabled", "Enabled");
const ALIASES: Field = field("aliases", "Aliases|CNAMEs");
const DEFAULT_BEHAVIOUR: Field = field("default_cache_behavior", "DefaultCacheBehavior");
const MORE_BEHAVIOURS: Field = field("ordered_cache_behavior|cache_behavior", "CacheBehaviors");
const PATH_PATTERN: Field = field("path_pattern", "PathPattern");
const LAMBDA_ASSOCIATIONS: Field = field("lambda_function_association", "LambdaFunctionAssociations");
const FUNCTION_ASSOCIATIONS: Field = field("function_association", "FunctionAssociations");
const LAMBDA_ARN: Field = field("lambda_arn", "LambdaFunctionARN");
const FUNCTION_ARN: Field = field("function_arn", "FunctionARN");
const EVENT_TYPE: Field = field("event_type", "EventType");

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = draft.node(
        block,
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Aws,
            party: "Amazon CloudFront",
            why: "ends the viewer's TLS and starts a new connection to the origin",
        },
    );
    draft.at_the_edge(node);
    logs::describe_delivered(draft, node, block);
    for config in block.children(CONFIG) {
        match config.value {
            Child::Block(config) => describe_config(draft, node, &config),
            Child::Unknown(doubt) => {
                let listener = draft.listen(node, None, vec![viewer::undeclared(doubt)]);
                let when = When::both(block.owner.exists.when(), config.when.as_ref());
                draft.admit(Entry { listener, exposure: Exposure::Internet, when, evidence: Vec::new() });
            }
        }
    }
}

fn describe_config<'a>(draft: &mut Draft<'a>, node: NodeId, config: &Block<'a>) {
    let Some(on) = config.unless_off(ENABLED) else { return };
    let exists = When::both(config.owner.exists.when(), on.as_ref());
    let exists = exists.as_ref();
    logs::describe_standard(draft, node, config);
    for alias in config.get(ALIASES).and_then(Value::as_list).unwrap_or_default() {
        if let Some(name) = alias.as_str() {
            let to = Destination::resource(config.id);
            draft.host(name, Lead::to(to, exists.cloned()));
        }
    }
    for certificate in config.known_blocks(viewer::CERTIFICATE) {
        private_keys::describe_certificate(draft, node, &certificate, viewer::ISSUED);
    }
    for behaviours in [DEFAULT_BEHAVIOUR, MORE_BEHAVIOURS] {
        for behaviour in config.children(behaviours) {
            let when = When::both(exists, behaviour.when.as_ref());
            match behaviour.value {
                Child::Block(block) => describe_behaviour(draft, node, config, &block, when.as_ref()),
                Child::Unknown(doubt) => describe_unknown_behaviour(draft, node, doubt, when),
            }
        }
    }
}

/// A behaviour of which nothing is known may send any request anywhere.
fn describe_unknown_behaviour(draft: &mut Draft<'_>, node: NodeId, doubt: Doubt, when: Option<When>) {
    let listener = draft.listen(node, None, vec![viewer::undeclared(doubt.clone())]);
    draft.admit(Entry { listener, exposure: Exposure::Internet, when: when.clone(), evidence: Vec::new() });
    draft.send(to_unknown(listener, doubt, when));
}

fn to_unknown(from: ListenerId, doubt: Doubt, when: Option<When>) -> PendingHop {
    PendingHop {
        from,
        to: Destination { place: Place::Outside(doubt.what.clone(), Some(doubt.clone())), port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when,
        segment: Segment::Request,
        doubt: None,
    }
}

fn describe_behaviour<'a>(
    draft: &mut Draft<'a>,
    node: NodeId,
    config: &Block<'a>,
    behaviour: &Block<'a>,
    when: Option<&When>,
) {
    let doubt = describe_edge_code(draft, node, behaviour);
    logs::describe_real_time(draft, node, behaviour);
    let path = behaviour.text(PATH_PATTERN).map(|pattern| {
        let place = behaviour.get(PATH_PATTERN).map_or(behaviour.place(), Value::span);
        let sensitive = behaviour.get(PATH_PATTERN).is_some_and(|value| value.sensitive);
        let pattern = if sensitive { "(sensitive)" } else { pattern.as_str() };
        Evidence::selecting(format!("path {pattern}"), place)
    });
    for door in viewer::doors(config, behaviour) {
        let listener = draft.listen(node, door.port, door.faces);
        let when = When::both(when, door.when.as_ref());
        draft.admit(Entry { listener, exposure: Exposure::Internet, when: when.clone(), evidence: Vec::new() });
        let (origins, unknown) = target::origins(config, behaviour);
        for (unknown, doubt) in unknown {
            draft.send(to_unknown(listener, doubt, When::both(when.as_ref(), unknown.as_ref())));
        }
        for origin in origins {
            let legs = origin::legs(draft.world, &origin.block, door.scheme);
            for (to, to_when) in origin::destinations(draft.world, &origin.block, door.scheme) {
                let hop_when = When::both(when.as_ref(), origin.when.as_ref());
                draft.send(PendingHop {
                    from: listener,
                    to,
                    legs: legs.clone(),
                    via: Vec::new(),
                    evidence: origin::evidence(&origin.block, path.clone()),
                    when: When::both(hop_when.as_ref(), to_when.as_ref()),
                    segment: Segment::Request,
                    doubt: doubt.clone(),
                });
            }
        }
    }
}

/// Edge code reads what CloudFront reads; code on origin-request events may also choose another origin.
fn describe_edge_code<'a>(draft: &mut Draft<'a>, node: NodeId, behaviour: &Block<'a>) -> Option<Doubt> {
    let mut doubt = None;
    let kinds = [
        (LAMBDA_ASSOCIATIONS, LAMBDA_ARN, "the Lambda@Edge function"),
        (FUNCTION_ASSOCIATIONS, FUNCTION_ARN, "the CloudFront function"),
    ];
    for (associations, code, party) in kinds {
        let unread = behaviour.unknown_along(&[associations]);
        doubt = doubt.or_else(|| {
            unread.map(|unread| Doubt { message: format!("{party} may be there: {}", unread.message), ..unread })
        });
        for association in draft.readers(node, behaviour, &[associations], party) {
            let event = association.text(EVENT_TYPE).unwrap_or_default();
            let meaning = format!("{party} sees the requests");
            let span = association.get(EVENT_TYPE).map_or(association.place(), Value::span);
            let evidence = Evidence::new(association.spell(EVENT_TYPE, &event), meaning, span);
            let code = association.resources(draft.world, code).into_iter().next();
            let address = code.map(|id| draft.world.address(id));
            let kind = CompanionKind::Inside;
            draft.companion(node, Companion { party: party.to_owned(), address, evidence, certain: true, kind });
            if associations == FUNCTION_ASSOCIATIONS && event != "viewer-response" {
                let message = format!(
                    "{party} sees requests before they go on, and its code is not read: it may choose another origin"
                );
                let settle = "take the function out of this behaviour, or accept that the claim stays unproven";
                draft.unread(node, Doubt::new(format!("{party} on {event}"), message, settle, Some(span)));
            }
            // An event that is not known may be the one on which the code can choose.
            let may_choose = event == "origin-request" || event.is_empty();
            if associations == LAMBDA_ASSOCIATIONS && may_choose {
                doubt = Some(Doubt::new(
                    format!("{party} on origin-request"),
                    format!("{party} may send the request to another origin"),
                    "assume in e2e-lint.yaml that it does not, with the reason",
                    Some(span),
                ));
            }
        }
    }
    doubt
}
