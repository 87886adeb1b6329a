//! CloudFront: every distribution ends the viewer's TLS and opens a connection of its own to the origin.
//!
//! Judged per pair of behaviour and origin: `match-viewer` is only as strong as the behaviour's viewer policy.

mod fields;
mod logs;
mod origin;
mod tenant;
mod viewer;

use crate::model::{
    Companion, CompanionKind, Doubt, Evidence, Leg, ListenerId, NodeId, NodeKind, Operator, Segment, Transport,
};
use crate::services::Service;
use crate::services::aws::private_keys;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, Place};
use crate::services::read::{Block, Child, Field, Link, doubt_of, field};
use crate::services::world::Types;
use crate::value::{Kind, Value, When, render};

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
const TARGET_ORIGIN: Field = field("target_origin_id", "TargetOriginId");
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
    if config.get(ENABLED).and_then(Value::as_bool) == Some(false) {
        return;
    }
    let exists = config.owner.exists.when();
    logs::describe_standard(draft, node, config);
    for alias in config.get(ALIASES).and_then(Value::as_list).unwrap_or_default() {
        if let Some(name) = alias.as_str() {
            let to = Destination::resource(config.id);
            draft.host(name, Lead { to, via: Vec::new(), when: exists.cloned(), evidence: Vec::new() });
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
        let (origins, unknown) = origins(config, behaviour);
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
            let address = association.links(draft.world, code).into_iter().find_map(|link| match link.value {
                Link::Resource { id, .. } => Some(draft.world.address(id)),
                _ => None,
            });
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

/// An origin that a behaviour may use.
struct Origin<'a> {
    block: Block<'a>,
    when: Option<When>,
}

const ORIGINS: Field = field("origin", "Origins");
/// "Legacy": one origin of either kind.
const OLD_ORIGINS: Field = field("-", "CustomOrigin|S3Origin");
const ORIGIN_ID: Field = field("origin_id|id", "Id");
const GROUPS: Field = field("origin_group", "OriginGroups");
const GROUP_ITEMS: Field = field("", "Items");
const GROUP_ID: Field = field("origin_id", "Id");
const MEMBERS: Field = field("member", "Members");
const MEMBER_ITEMS: Field = field("", "Items");
const MEMBER_ID: Field = field("origin_id", "OriginId");

/// Origins of which nothing is known, with why and when.
type Unknown = Vec<(Option<When>, Doubt)>;

/// The origins behind a behaviour's target: one, or the members of an origin group. A target that matches no declared id is
/// among those that are not known; without such it can only mean the single origin there is, or any of them.
fn origins<'a>(config: &Block<'a>, behaviour: &Block<'a>) -> (Vec<Origin<'a>>, Unknown) {
    let (declared, undeclared) = all_origins(config);
    let (mut found, mut unknown, mut missing) = (Vec::new(), Unknown::new(), false);
    for (when, target) in behaviour.get(TARGET_ORIGIN).map(Value::alternatives).unwrap_or_default() {
        for (own, id) in members(config, identity(target), &mut unknown) {
            let when = When::both(when.as_ref(), own.as_ref());
            let before = found.len();
            for origin in
                declared.iter().filter(|origin| origin.block.get(ORIGIN_ID).map(identity).as_ref() == Some(&id))
            {
                let when = When::both(origin.when.as_ref(), when.as_ref());
                found.push(Origin { when, block: origin.block.clone() });
            }
            missing |= found.len() == before;
        }
    }
    if missing || found.is_empty() {
        unknown.extend(undeclared);
    }
    if !found.is_empty() || !unknown.is_empty() || declared.len() < 2 {
        return (if found.is_empty() && unknown.is_empty() { declared } else { found }, unknown);
    }
    let chosen = |origin: Origin<'a>| {
        let id = origin.block.get(ORIGIN_ID).map(identity).unwrap_or_default();
        let choice = When::atom(format!("the target origin is {id}"));
        Origin { when: When::both(origin.when.as_ref(), Some(&choice)), ..origin }
    };
    (declared.into_iter().map(chosen).collect(), Vec::new())
}

/// The origins of a distribution, and those of which nothing is known.
fn all_origins<'a>(config: &Block<'a>) -> (Vec<Origin<'a>>, Unknown) {
    let (mut declared, mut unknown) = (Vec::new(), Unknown::new());
    for origin in config.children(ORIGINS) {
        match origin.value {
            Child::Block(block) => declared.push(Origin { block, when: origin.when }),
            Child::Unknown(doubt) => unknown.push((origin.when, doubt)),
        }
    }
    if let Some(origin) = config.get(OLD_ORIGINS).filter(|_| !config.has(ORIGINS)) {
        let message = "an origin in the legacy form is not read";
        unknown.push((None, Doubt::new("the origin", message, "write it under Origins", Some(origin.span()))));
    }
    (declared, unknown)
}

/// The ids behind a target: those of the members, where it is the id of an origin group, or of several under conditions.
fn members(config: &Block<'_>, target: String, unknown: &mut Unknown) -> Vec<(Option<When>, String)> {
    let groups = config.known_along(&[GROUPS, GROUP_ITEMS]).into_iter();
    let is_meant = |group: &Block<'_>| group.get(GROUP_ID).map(identity).as_ref() == Some(&target);
    let groups: Vec<_> = groups.filter(is_meant).collect();
    if groups.is_empty() {
        return vec![(None, target)];
    }
    let path = [MEMBERS, MEMBER_ITEMS];
    let mut ids = Vec::new();
    for group in &groups {
        unknown.extend(group.unknown_along(&path).map(|doubt| (group.when.clone(), doubt)));
        for member in group.known_along(&path) {
            for (when, id) in member.get(MEMBER_ID).map(Value::alternatives).unwrap_or_default() {
                let when = When::both(member.when.as_ref(), when.as_ref());
                if id.as_unknown().is_some() {
                    unknown.push((when.clone(), doubt_of(id)));
                }
                ids.push((when, identity(id)));
            }
        }
    }
    ids
}

/// Two ids are the same if they are written the same way, known or not.
fn identity(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.to_string(),
        _ => render(value).to_string(),
    }
}
