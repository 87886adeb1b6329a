//! RDS Proxy: ends TLS, reads every statement, and opens connections of its own to the database.

use super::links::legs_as_demanded;
use super::rds;
use super::store::{Takes, by_setting};
use crate::model::{Companion, Evidence, ListenerId, NodeKind, Operator, Segment};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, NodeFacts, PendingHop};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types};
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: PROXY, describe: describe_proxy },
    Service { types: ENDPOINT, describe: describe_endpoint },
    Service { types: TARGET, describe: describe_target },
];

const PROXY: Types = Types { terraform: &["aws_db_proxy"], cloudformation: &["AWS::RDS::DBProxy"] };
const ENDPOINT: Types = Types { terraform: &["aws_db_proxy_endpoint"], cloudformation: &["AWS::RDS::DBProxyEndpoint"] };
const TARGET: Types = Types { terraform: &["aws_db_proxy_target"], cloudformation: &["AWS::RDS::DBProxyTargetGroup"] };

const REQUIRE_TLS: Field = field("require_tls", "RequireTLS");
const DEBUG_LOGGING: Field = field("debug_logging", "DebugLogging");
const PROXY_NAME: Field = field("db_proxy_name", "DBProxyName");
const PROXY_NAMES: [&str; 2] = ["name", "DBProxyName"];

/// A kind of database behind a proxy: the target's attribute, the resources, and where these say their name.
type Databases = (Field, Types, [&'static str; 2]);
const DATABASES: [Databases; 2] = [
    (field("db_instance_identifier", "DBInstanceIdentifiers"), rds::INSTANCE, rds::INSTANCE_NAMES),
    (field("db_cluster_identifier", "DBClusterIdentifiers"), rds::CLUSTER, rds::CLUSTER_NAMES),
];

/// `require_tls` is false by default, and speaks of the connections to the proxy.
fn describe_proxy<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the database proxy",
        why: "ends TLS, reads the statements and opens a connection of its own",
    };
    let node = draft.node(block, facts);
    let means = |text: &str| if text == "true" { Takes::Tls } else { Takes::Both };
    let faces = by_setting(block, REQUIRE_TLS, ("false", Takes::Both), means);
    draft.listen(node, None, faces);
    let meaning = "the proxy writes the text of statements to its log";
    if let Some((evidence, certain)) = block.switched_on(DEBUG_LOGGING, "true", meaning) {
        draft.companion(node, Companion::inside("the proxy's log", evidence, certain));
    }
}

fn describe_endpoint<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, PROXY_NAME) {
        let to = Destination::of_name(draft.world, block.id, &link.value, PROXY, &PROXY_NAMES);
        draft.stand_for(block.id, to);
    }
}

/// Whether the proxy uses TLS where the database does not require it is not documented in one voice.
fn describe_target<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let world = draft.world;
    for proxy in block.links(world, PROXY_NAME) {
        for id in proxy.value.named(world, block.id, PROXY, &PROXY_NAMES) {
            let Some(from) = draft.front(id) else { continue };
            for (field, types, names) in DATABASES {
                for database in block.links(world, field) {
                    let when = When::both(proxy.when.as_ref(), database.when.as_ref());
                    for id in database.value.named(world, block.id, types, &names) {
                        let evidence = targeted(&database.value, block);
                        send(draft, from, block, id, evidence, when.as_ref());
                    }
                }
            }
        }
    }
}

fn targeted(database: &Link<'_>, target: &Block<'_>) -> Evidence {
    match database {
        Link::Resource { value, .. } | Link::Text(_, value) => {
            let fact = value.as_reference().map_or_else(|| "target".to_owned(), |found| found.text());
            Evidence::new(fact, "the proxy's target", value.span()).along(value)
        }
        _ => Evidence::new("target", "the proxy's target", target.place()),
    }
}

fn send<'a>(
    draft: &mut Draft<'a>,
    from: ListenerId,
    target: &Block<'a>,
    database: ResourceId,
    evidence: Evidence,
    when: Option<&When>,
) {
    let legs = legs_as_demanded(draft, database);
    draft.send(PendingHop {
        from,
        to: Destination::resource(database),
        legs,
        via: vec![target.owner.address.shared()],
        evidence: vec![evidence],
        when: When::both(target.owner.exists.when(), when),
        segment: Segment::Store,
        doubt: None,
    });
}
