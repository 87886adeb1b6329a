//! From compute to stores: what a server or a function is given of a store's endpoint, and how the URL around it speaks.

mod address;
mod groups;
mod mention;
mod onward;
mod speech;

pub(super) use address::{Address, addresses};
pub(super) use mention::{Mention, flat, mentions, texts};
pub(super) use speech::{Speech, Url};

use super::dynamodb::TABLE;
use super::lambda::FUNCTION;
use super::{api_endpoint, app_runner, autoscaling, batch, ec2, ecs, elastic_beanstalk, kubernetes};
use crate::model::{Accepts, Doubt, Evidence, Face, Leg, NodeKind, Segment, TlsFloor, Transport, Verification};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, PendingHop, Place, scheme_of};
use crate::services::read::{Block, Field, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;
use speech::{Peers, port_of};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

pub(super) static SERVICES: &[Service] = &[
    Service { types: FUNCTION, describe: describe_function },
    Service { types: ecs::SERVICE, describe: describe_tasks },
    Service { types: ecs::TASK_SET, describe: describe_tasks },
    Service { types: ec2::INSTANCE, describe: describe_instance },
    Service { types: autoscaling::GROUP, describe: describe_group },
    Service { types: elastic_beanstalk::ENVIRONMENT, describe: describe_environment },
    Service { types: batch::JOB, describe: describe_job },
    Service { types: app_runner::APP, describe: describe_app },
    Service { types: kubernetes::WORKLOAD, describe: describe_pods },
    Service { types: kubernetes::MANIFEST, describe: describe_pods },
];

/// Stores with an endpoint in the network, to which clients connect by themselves.
const WITH_ENDPOINT: Types = Types {
    terraform: &[
        "aws_db_instance",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
        "aws_db_proxy",
        "aws_db_proxy_endpoint",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticache_serverless_cache",
        "aws_memorydb_cluster",
        "aws_docdb_cluster",
        "aws_neptune_cluster",
        "aws_redshift_cluster",
        "aws_opensearch_domain",
        "aws_elasticsearch_domain",
        "aws_msk_cluster",
    ],
    cloudformation: &[
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBProxy",
        "AWS::RDS::DBProxyEndpoint",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::MemoryDB::Cluster",
        "AWS::DocDB::DBCluster",
        "AWS::Neptune::DBCluster",
        "AWS::Redshift::Cluster",
        "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain",
        "AWS::MSK::Cluster",
    ],
};
/// Stores that the AWS SDKs call by name.
const BY_NAME: Types = Types {
    terraform: &["aws_s3_bucket", "aws_dynamodb_table", "aws_sqs_queue", "aws_sns_topic", "aws_kinesis_stream"],
    cloudformation: &[
        "AWS::S3::Bucket",
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
        "AWS::Serverless::SimpleTable",
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::Kinesis::Stream",
    ],
};
/// Where code keeps a text that it hands out by reference.
const HOLDER: Types = Types {
    terraform: &[
        "aws_ssm_parameter",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_version",
        "kubernetes_config_map",
        "kubernetes_config_map_v1",
        "kubernetes_secret",
        "kubernetes_secret_v1",
    ],
    cloudformation: &["AWS::SSM::Parameter", "AWS::SecretsManager::Secret"],
};
const SECRET_VERSION: Types = Types { terraform: &["aws_secretsmanager_secret_version"], cloudformation: &[] };

const ENVIRONMENT: Field = field("environment", "Environment");
const VARIABLES: Field = field("variables", "Variables");
const VPC: Field = field("vpc_config", "VpcConfig");
const FUNCTION_GROUPS: Field = field("security_group_ids", "SecurityGroupIds");
const HELD: Field = field("value|insecure_value|secret_string|data", "Value|SecretString");
const PODS: Field = field("spec|manifest", "-");
const APP_SOURCE: Field = field("source_configuration", "SourceConfiguration");

fn describe_function<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let environments = block.known_blocks(ENVIRONMENT);
    let texts: Vec<_> = environments.iter().flat_map(|environment| under(environment, VARIABLES)).collect();
    let groups: Vec<_> = block.known_blocks(VPC).iter().flat_map(|vpc| under(vpc, FUNCTION_GROUPS)).collect();
    connect(draft, block, &texts, &groups);
}

fn describe_tasks<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let texts = ecs::texts(draft.world, block);
    let groups: Vec<_> = ecs::interfaces(block).iter().flat_map(|interface| under(interface, ecs::GROUPS)).collect();
    connect(draft, block, &texts, &groups);
}

/// What an instance leaves out, its launch template may say.
fn describe_instance<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let launches = autoscaling::launch_data(draft.world, block);
    let texts = ec2::texts(draft.world, block);
    let mut groups = under(block, ec2::GROUPS);
    if groups.is_empty() {
        groups = groups_of(&launches);
    }
    connect(draft, block, &texts, &groups);
}

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let launches = autoscaling::launch_data(draft.world, block);
    let texts: Vec<_> = launches.iter().flat_map(|launch| under(launch, ec2::USER_DATA)).collect();
    connect(draft, block, &texts, &groups_of(&launches));
}

fn groups_of<'a>(launches: &[Block<'a>]) -> Vec<Block<'a>> {
    let mut groups: Vec<_> = launches.iter().flat_map(|launch| under(launch, autoscaling::GROUPS)).collect();
    for launch in launches {
        for interface in launch.known_blocks(autoscaling::INTERFACES) {
            groups.extend(under(&interface, autoscaling::INTERFACE_GROUPS));
        }
    }
    groups
}

fn describe_environment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let texts = elastic_beanstalk::variables(draft.world, block);
    let groups = elastic_beanstalk::server_groups(draft.world, block);
    connect(draft, block, &texts, &groups);
}

fn describe_job<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    connect(draft, block, &batch::texts(block), &[]);
}

fn describe_app<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    connect(draft, block, &under(block, APP_SOURCE), &[]);
}

/// What the pods are given in their template; manifests of other kinds run nothing.
fn describe_pods<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let runs = |node| draft.model.node(node).kind == NodeKind::Server;
    if draft.home(block.id).is_some_and(runs) {
        connect(draft, block, &under(block, PODS), &[]);
    }
}

/// All alternatives of the value under a field.
fn under<'a>(block: &Block<'a>, field: Field) -> Vec<Block<'a>> {
    block.values(field).into_iter().map(|(_, value)| value).collect()
}

/// Sends the caller's messages to all services and stores that its texts name, and, with a doubt, to those that its groups may reach.
fn connect<'a>(draft: &mut Draft<'a>, caller: &Block<'a>, texts: &[Block<'a>], groups: &[Block<'a>]) {
    let Some(from) = draft.speaker(caller.id) else { return };
    onward::call(draft, caller, from, texts);
    let mut contacts = Vec::new();
    for text in texts {
        collect(draft, text, None, &mut contacts);
    }
    let mut reached = BTreeSet::new();
    let mut seen = HashSet::new();
    for contact in contacts {
        let of_function = FUNCTION.holds(&caller.owner.type_name);
        if of_function && TABLE.holds(&draft.world.resource(contact.store).type_name) {
            continue;
        }
        reached.insert(contact.store);
        if seen.insert((contact.store, contact.speech, contact.port, contact.when.clone())) {
            let hop = PendingHop {
                from,
                to: Destination::resource(contact.store).at_port(contact.port),
                legs: legs(draft, contact.store, contact.speech, &contact.because),
                via: contact.held_by.into_iter().collect(),
                evidence: vec![contact.given],
                when: When::both(caller.owner.exists.when(), contact.when.as_ref()),
                segment: Segment::Store,
                doubt: None,
            };
            draft.send(hop);
        }
    }
    for (store, evidence) in groups::let_in(draft.world, groups, WITH_ENDPOINT) {
        if reached.insert(store) {
            let doubt = by_group_only(draft.world, caller, store, &evidence);
            let hop = PendingHop {
                from,
                to: Destination::resource(store),
                legs: legs_as_demanded(draft, store),
                via: Vec::new(),
                evidence: vec![evidence],
                when: caller.owner.exists.when().cloned(),
                segment: Segment::Store,
                doubt: Some(doubt),
            };
            draft.send(hop);
        }
    }
}

fn by_group_only(world: &World<'_>, caller: &Block<'_>, store: ResourceId, evidence: &Evidence) -> Doubt {
    let (caller, store) = (&caller.owner.address, world.address(store));
    Doubt::new(
        format!("whether {caller} uses {store}"),
        "a security group lets it connect; what the code there does is not read",
        "assume it in e2e-lint.yaml, with the reason",
        Some(evidence.span),
    )
}

/// A store that a caller is told of.
struct Contact {
    store: ResourceId,
    speech: Speech,
    port: Option<i64>,
    when: Option<When>,
    given: Evidence,
    /// What decides how the caller speaks.
    because: Vec<Evidence>,
    held_by: Option<Arc<str>>,
}

/// Parameters and secrets are looked into once: what they hold is what the caller gets.
fn collect<'a>(draft: &Draft<'a>, text: &Block<'a>, held_by: Option<&Arc<str>>, found: &mut Vec<Contact>) {
    for mention in mentions(text.value, text.when.as_ref()) {
        let Some(target) = draft.world.find(text.id, &mention.reference.target) else { continue };
        let type_name = &draft.world.resource(target).type_name;
        if HOLDER.holds(type_name) && (!mention.is_read || is_name(&mention)) {
            if held_by.is_none() {
                let holder = draft.world.address(target);
                for held in held(draft.world, target) {
                    collect(draft, &held.given(mention.when.as_ref()), Some(&holder), found);
                }
            }
        } else if WITH_ENDPOINT.holds(type_name) && is_endpoint(&mention.reference.attribute) {
            found.push(by_endpoint(target, &mention, held_by));
        } else if BY_NAME.holds(type_name) && draft.home(target).is_some() && (!mention.is_read || is_name(&mention)) {
            found.push(by_name(target, &mention, held_by));
        }
    }
}

fn held<'a>(world: &World<'a>, holder: ResourceId) -> Vec<Block<'a>> {
    let mut found = under(&world.block(holder), HELD);
    for version in world.referrers(holder, SECRET_VERSION) {
        found.extend(under(&world.block(version), HELD));
    }
    found
}

/// Whether the text that was read from an argument is the resource's name.
fn is_name(mention: &Mention<'_>) -> bool {
    matches!(&*mention.reference.attribute, "name" | "bucket")
}

/// Attributes by which clients find a store, and not its port, its name or its password.
fn is_endpoint(attribute: &str) -> bool {
    let attribute = attribute.to_ascii_lowercase();
    let names_place = ["endpoint", "address", "dns_name", "bootstrap_brokers"];
    names_place.iter().any(|name| attribute.contains(name)) && !attribute.ends_with("port")
}

fn by_endpoint(store: ResourceId, mention: &Mention<'_>, held_by: Option<&Arc<str>>) -> Contact {
    let url = Url::around(mention);
    let brokers = mention.reference.attribute.strip_prefix("bootstrap_brokers");
    let (speech, because) = match (&url, brokers) {
        (Some(url), _) => (url.speech, Some(evidence_of_url(url, mention))),
        (None, Some("")) => (Speech::Plaintext, Some(evidence_of_brokers("speak plaintext", mention))),
        (None, Some(_)) => (Speech::Tls(Peers::Unknown), Some(evidence_of_brokers("speak TLS", mention))),
        (None, None) => (Speech::Undecided, None),
    };
    Contact {
        store,
        speech,
        port: url.map_or_else(|| port_of(&mention.after), |url| url.port),
        when: mention.when.clone(),
        given: given(mention),
        because: because.into_iter().collect(),
        held_by: held_by.cloned(),
    }
}

/// The AWS SDKs use HTTPS unless they are told otherwise; what the program tells them is not read.
fn by_name(store: ResourceId, mention: &Mention<'_>, held_by: Option<&Arc<str>>) -> Contact {
    let attribute = mention.reference.attribute.to_ascii_lowercase();
    let url = Url::around(mention).filter(|url| url.speech == Speech::Plaintext);
    let (speech, because) = match url {
        Some(url) => (Speech::Plaintext, evidence_of_url(&url, mention)),
        None if attribute.contains("website") => {
            let meaning = "the website endpoint of a bucket speaks HTTP only";
            (Speech::Plaintext, Evidence::new(mention.reference.text(), meaning, mention.value.span()))
        }
        None if stands_in_http(mention) => {
            let meaning = "a URL with http:// holds the name";
            (Speech::Undecided, Evidence::new("http://", meaning, mention.value.span()).along(mention.value))
        }
        None => {
            let meaning = "the AWS SDK calls the service by HTTPS";
            let mut default = Evidence::new("no endpoint is set", meaning, mention.value.span()).along(mention.value);
            default.default = true;
            (Speech::Tls(Peers::Unknown), default)
        }
    };
    Contact {
        store,
        speech,
        port: None,
        when: mention.when.clone(),
        given: given(mention),
        because: vec![because],
        held_by: held_by.cloned(),
    }
}

/// Whether the name is a part of a URL by which plaintext is spoken, such as a queue's with its scheme changed.
fn stands_in_http(mention: &Mention<'_>) -> bool {
    let in_word = mention.before.to_ascii_lowercase().contains("http://");
    in_word || scheme_of(mention.value).is_some_and(|scheme| scheme == "http")
}

fn given(mention: &Mention<'_>) -> Evidence {
    let text = mention.reference.text();
    let meaning = format!("the caller is given {text}");
    Evidence::new(text, meaning, mention.value.span()).along(mention.value)
}

fn evidence_of_url(url: &Url, mention: &Mention<'_>) -> Evidence {
    let meaning = match url.speech {
        Speech::Plaintext => "the client speaks plaintext",
        Speech::Tls(Peers::Verified) => "the client speaks TLS and verifies the store",
        Speech::Tls(Peers::Unverified) => "the client speaks TLS and verifies nobody",
        Speech::Tls(Peers::Unknown) => "the client speaks TLS",
        Speech::Undecided => "the URL leaves it to the client whether to use TLS",
    };
    Evidence::new(format!("{}://", url.scheme), meaning, mention.value.span()).along(mention.value)
}

fn evidence_of_brokers(meaning: &str, mention: &Mention<'_>) -> Evidence {
    let text = mention.reference.text();
    Evidence::new(text, format!("these brokers {meaning}"), mention.value.span()).along(mention.value)
}

/// How a client of which nothing is known speaks to a store: as the store demands.
pub(super) fn legs_as_demanded(draft: &Draft<'_>, store: ResourceId) -> Vec<Leg> {
    legs(draft, store, Speech::Undecided, &[])
}

/// How a client speaks to a store: as its URL says; where that says nothing, as the store demands.
fn legs(draft: &Draft<'_>, store: ResourceId, speech: Speech, because: &[Evidence]) -> Vec<Leg> {
    if let Speech::Tls(peers) = speech {
        let by_api = BY_NAME.holds(&draft.world.resource(store).type_name);
        let floor = if by_api { api_endpoint::floor() } else { TlsFloor::unknown() };
        let transport = Transport::Tls { floor, verification: peers.verification() };
        return vec![Leg::new(transport, because.to_vec())];
    }
    let faces = faces_of(draft, store);
    let legs: Vec<Leg> = faces.iter().map(|face| leg_to(face, speech, because)).collect();
    if !legs.is_empty() {
        return legs;
    }
    let transport = match speech {
        Speech::Plaintext => Transport::Plaintext,
        Speech::Tls(_) | Speech::Undecided => Transport::Unknown(undecided(&draft.world.address(store))),
    };
    vec![Leg::new(transport, because.to_vec())]
}

fn leg_to(face: &Face, speech: Speech, because: &[Evidence]) -> Leg {
    let mut evidence = because.to_vec();
    let transport = match (&face.accepts, speech) {
        (Accepts::Tls { evidence: demanded, .. }, Speech::Plaintext) => {
            let span = demanded.first().map(|first| first.span);
            let message = "the client speaks plaintext and the store takes TLS only: the connection cannot succeed";
            Transport::Unknown(Doubt::new("plaintext to a TLS store", message, "make both speak TLS", span))
        }
        (Accepts::Tls { floor, evidence: demanded }, _) => {
            evidence.extend(demanded.iter().cloned());
            Transport::Tls { floor: floor.clone(), verification: Verification::Unknown }
        }
        (_, Speech::Plaintext) => Transport::Plaintext,
        (Accepts::Plaintext(demanded), _) => {
            evidence.extend(demanded.iter().cloned());
            Transport::Plaintext
        }
        (Accepts::Undeclared(doubt), _) => Transport::Unknown(doubt.clone()),
        (Accepts::Opaque(_), _) => Transport::Unknown(undecided("the store")),
    };
    Leg { when: face.when.clone(), transport, evidence }
}

/// What the store accepts, or the cluster that it belongs to.
fn faces_of(draft: &Draft<'_>, store: ResourceId) -> Vec<Face> {
    let home = match draft.home(store) {
        Some(_) => Some(store),
        None => draft.leads_of(store).iter().find_map(|lead| match lead.to.place {
            Place::Resource(next) => Some(next),
            _ => None,
        }),
    };
    let listener = home.and_then(|home| draft.front(home));
    listener.map(|listener| draft.model.listener(listener).faces.clone()).unwrap_or_default()
}

fn undecided(store: &str) -> Doubt {
    Doubt::new(
        format!("how clients speak to {store}"),
        "neither the client's settings nor the store decide whether TLS is used",
        "give the client a URL that requires TLS",
        None,
    )
}
