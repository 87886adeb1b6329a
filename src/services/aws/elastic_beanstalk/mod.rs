//! Elastic Beanstalk: an environment is its servers; the load balancer that it makes in front of them is a node of its own.
//!
//! Source of all names and defaults: "General options for all environments".

mod classic;
mod listener;
mod options;

use super::{ec2, network};
use crate::model::{Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeId, NodeKind, Operator, Segment, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, Opening, PendingHop};
use crate::services::read::{Alternative, Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::When;
use crate::value::secret::Text;
use options::{Options, Said, VALUE};

pub(super) static SERVICES: &[Service] = &[Service { types: ENVIRONMENT, describe: describe_environment }];

pub(super) const ENVIRONMENT: Types = Types {
    terraform: &["aws_elastic_beanstalk_environment"],
    cloudformation: &["AWS::ElasticBeanstalk::Environment"],
};

const TIER: Field = field("tier", "Tier");
const TIER_NAME: Field = field("-", "Name");

const GENERAL: &str = "aws:elasticbeanstalk:environment";
const VARIABLES: &str = "aws:elasticbeanstalk:application:environment";
const NETWORK: &str = "aws:ec2:vpc";
const SERVERS: &str = "aws:autoscaling:launchconfiguration";

/// No balancer can have more listeners, or a listener more rules.
const MOST_LISTENERS: usize = 100;

/// What stands in front of the servers.
enum Family {
    Classic,
    Application,
    Network,
    Unknown(Doubt),
}

/// A way in which something may be there: when, and why that is not sure.
struct Presence {
    when: Option<When>,
    doubt: Option<Doubt>,
}

impl Presence {
    fn given(&self, when: Option<&When>) -> Self {
        Self { when: When::both(self.when.as_ref(), when), doubt: self.doubt.clone() }
    }
}

/// The load balancer that an environment makes, with all that its listeners need.
struct Balancer<'b, 'a> {
    options: &'b Options<'a>,
    node: NodeId,
    servers: ListenerId,
    exposures: Vec<Alternative<Exposure>>,
    presence: Vec<Presence>,
}

impl Balancer<'_, '_> {
    /// Of more listeners than are looked at it is not known what they do.
    fn bound(&self, draft: &mut Draft<'_>, listeners: usize) {
        if listeners > MOST_LISTENERS {
            draft.unread(self.node, too_many(self.options, "listeners"));
        }
    }

    /// The ways in which both the balancer and a listener of it may be there.
    fn with(&self, listener: &[Presence]) -> Vec<Presence> {
        let mut found = Vec::new();
        for own in &self.presence {
            for inner in listener {
                let when = When::both(own.when.as_ref(), inner.when.as_ref());
                if when.as_ref().is_none_or(When::satisfiable) {
                    found.push(Presence { when, doubt: own.doubt.clone().or_else(|| inner.doubt.clone()) });
                }
            }
        }
        found
    }

    fn send(&self, draft: &mut Draft<'_>, from: ListenerId, port: Option<i64>, legs: &[Leg], listener: &[Presence]) {
        for Presence { when, doubt } in self.with(listener) {
            draft.send(PendingHop {
                from,
                to: Destination::listener(self.servers).at_port(port),
                legs: legs.to_vec(),
                via: Vec::new(),
                evidence: Vec::new(),
                when,
                segment: Segment::Request,
                doubt,
            });
        }
    }

    fn admit(&self, draft: &mut Draft<'_>, listener: ListenerId, presence: &[Presence]) {
        for Presence { when, doubt } in self.with(presence) {
            for exposure in &self.exposures {
                let when = When::both(when.as_ref(), exposure.when.as_ref());
                let exposure = match &doubt {
                    Some(doubt) => Exposure::Unknown(doubt.clone()),
                    None => exposure.value.clone(),
                };
                draft.admit(Entry { listener, exposure, when, evidence: Vec::new() });
            }
        }
    }
}

fn describe_environment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    ec2::server(draft, block, "the servers of the environment");
    let Some(servers) = draft.front(block.id) else { return };
    draft.speak_from(block.id, servers);
    if is_worker(block) {
        return;
    }
    let options = Options::of(draft.world, block);
    let mut presence = Vec::new();
    for Alternative { when, value } in options.read(GENERAL, "EnvironmentType") {
        let own = When::both(block.owner.exists.when(), when.as_ref());
        match value {
            Said::Text(text, _) if text == "SingleInstance" => {
                let exposure = Exposure::Internet;
                draft.admit(Entry { listener: servers, exposure, when: own, evidence: Vec::new() });
            }
            Said::Text(..) => presence.push(Presence { when: own, doubt: options.unread.clone() }),
            Said::Nothing => {
                let doubt = options.unread.clone().or_else(|| options.elsewhere.clone());
                presence.push(Presence { when: own, doubt });
            }
            Said::Unknown(doubt) => presence.push(Presence { when: own, doubt: Some(doubt) }),
        }
    }
    if presence.is_empty() {
        return;
    }
    if options.text(GENERAL, "LoadBalancerIsShared").is_some_and(|text| text == "true") {
        let doubt = shared(block);
        for Presence { when, .. } in presence {
            let exposure = Exposure::Unknown(doubt.clone());
            draft.admit(Entry { listener: servers, exposure, when, evidence: Vec::new() });
        }
        return;
    }
    describe_balancer(draft, block, &options, servers, presence);
}

/// A worker takes messages from a queue and hands them to the application on the same server.
fn is_worker(block: &Block<'_>) -> bool {
    let tier = block.text(TIER).or_else(|| block.known_block(TIER).and_then(|tier| tier.text(TIER_NAME)));
    tier.is_some_and(|tier| tier == "Worker")
}

fn shared(block: &Block<'_>) -> Doubt {
    let what = format!("the load balancer that {} shares", block.owner.address);
    let message = format!("{what} has listeners and rules of its own, which are not followed");
    Doubt::new(what, message, "assume in e2e-lint.yaml what the servers serve", Some(block.owner.header))
}

fn describe_balancer<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    options: &Options<'a>,
    servers: ListenerId,
    presence: Vec<Presence>,
) {
    let family = family(options);
    let (kind, party, why) = match family {
        Family::Network => {
            (NodeKind::PassThrough, "the network load balancer", "passes the bytes on without opening them")
        }
        Family::Classic | Family::Application | Family::Unknown(_) => {
            let why = "ends the client's connection and opens a new one to the servers of the environment";
            (NodeKind::Proxy, "the load balancer", why)
        }
    };
    let facts = NodeFacts { kind, operator: Operator::Aws, party, why };
    let node = draft.node_in_front(block, "load-balancer", facts);
    if !matches!(family, Family::Application) {
        draft.may_pass(node);
    }
    if let Some(doubt) = &options.more {
        draft.unread(node, doubt.clone());
    }
    if let Some(openings) = openings(draft.world, options, &family) {
        draft.guard(node, openings);
    }
    let balancer = Balancer { options, node, servers, exposures: exposures(options), presence };
    match family {
        Family::Classic => classic::describe(draft, &balancer),
        Family::Application => listener::describe(draft, &balancer, listener::Layer::Application),
        Family::Network => listener::describe(draft, &balancer, listener::Layer::Network),
        Family::Unknown(doubt) => {
            let from = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt.clone()))]);
            let legs = vec![Leg::new(Transport::Unknown(doubt), Vec::new())];
            let always = [Presence { when: None, doubt: None }];
            balancer.send(draft, from, None, &legs, &always);
            balancer.admit(draft, from, &always);
        }
    }
}

/// Without a type an environment gets a classic balancer, unless the application's own configuration files say otherwise.
fn family(options: &Options<'_>) -> Family {
    let doubt = || options.doubt(GENERAL, "LoadBalancerType", "classic");
    match options.read(GENERAL, "LoadBalancerType").as_slice() {
        [Alternative { value: Said::Text(text, _), .. }] => match text.as_str() {
            "classic" => Family::Classic,
            "application" => Family::Application,
            "network" => Family::Network,
            _ => Family::Unknown(doubt()),
        },
        [Alternative { value: Said::Unknown(doubt), .. }] => Family::Unknown(doubt.clone()),
        [Alternative { value: Said::Nothing, .. }] => {
            let writes = |prefix: &str| !options.suffixes(prefix).is_empty();
            if writes("aws:elb:") && !writes("aws:elbv2:") { Family::Classic } else { Family::Unknown(doubt()) }
        }
        _ => Family::Unknown(doubt()),
    }
}

/// Public by default.
fn exposures(options: &Options<'_>) -> Vec<Alternative<Exposure>> {
    let read = |Alternative { when, value }: Alternative<Said<'_>>| {
        let value = match value {
            Said::Text(text, _) if text == "internal" => Exposure::Private,
            Said::Nothing | Said::Text(..) => Exposure::Internet,
            Said::Unknown(doubt) => Exposure::Unknown(doubt),
        };
        Alternative { when, value }
    };
    options.read(NETWORK, "ELBScheme").into_iter().map(read).collect()
}

/// The groups that the code gives to the balancer. The environment makes one more, unless it is told to use one of these.
/// A network balancer gets none.
fn openings<'a>(world: &World<'a>, options: &Options<'a>, family: &Family) -> Option<Vec<Opening>> {
    let namespace = match family {
        Family::Classic => "aws:elb:loadbalancer",
        Family::Application => "aws:elbv2:loadbalancer",
        Family::Network | Family::Unknown(_) => return None,
    };
    let written = options.written(namespace, "SecurityGroups");
    if written.is_empty() {
        return None;
    }
    let mut found: Vec<_> = written.iter().flat_map(|block| network::group_openings(world, block, VALUE)).collect();
    if options.written(namespace, "ManagedSecurityGroup").is_empty() {
        let default = "a group of the environment's own";
        found.push(Opening::doubtful(None, options.doubt(namespace, "ManagedSecurityGroup", default)));
    }
    Some(found)
}

/// What the application finds in its environment.
pub(super) fn variables<'a>(world: &World<'a>, environment: &Block<'a>) -> Vec<Block<'a>> {
    values(&Options::of(world, environment).in_namespace(VARIABLES))
}

/// The groups of the servers.
pub(super) fn server_groups<'a>(world: &World<'a>, environment: &Block<'a>) -> Vec<Block<'a>> {
    values(&Options::of(world, environment).written(SERVERS, "SecurityGroups"))
}

fn values<'a>(options: &[Block<'a>]) -> Vec<Block<'a>> {
    options.iter().flat_map(|option| option.values(VALUE)).map(|(_, value)| value).collect()
}

/// The evidence that an option gives.
fn said(name: &str, text: &Text, option: &Block<'_>, meaning: &str) -> Evidence {
    let value = option.get(VALUE).unwrap_or(option.value);
    Evidence::new(format!("{name} is {text}"), meaning, value.span()).along(value)
}

/// Why not all of something is looked at.
fn too_many(options: &Options<'_>, what: &str) -> Doubt {
    let mut doubt = options.doubt("", what, "");
    doubt.what = format!("the other {what}");
    doubt.message = format!("there are more than {MOST_LISTENERS} {what}, and the others are not looked at");
    doubt.settle = format!("declare fewer {what}");
    doubt
}
