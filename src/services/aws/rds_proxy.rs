//! RDS Proxy: ends TLS, reads every statement, and opens connections of its own to the database.

use super::links::legs_as_demanded;
use super::store::{Takes, by_setting};
use crate::model::{Companion, Evidence, NodeKind, Operator, Segment};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, NodeFacts, PendingHop};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::Types;
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
const DATABASES: [Field; 2] =
    [field("db_instance_identifier", "DBInstanceIdentifiers"), field("db_cluster_identifier", "DBClusterIdentifiers")];

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
    for Alternative { when, value } in block.setting(DEBUG_LOGGING) {
        if let Setting::Text(text, value) = value
            && text.eq_ignore_ascii_case("true")
        {
            let meaning = "the proxy writes the text of statements to its log";
            let evidence = block.stated(DEBUG_LOGGING, &text, value, meaning);
            draft.companion(node, Companion::inside("the proxy's log", evidence, when.is_none()));
        }
    }
}

fn describe_endpoint<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, PROXY_NAME) {
        let to = Destination::of_link(draft.world, block.id, &link.value);
        draft.stand_for(block.id, to);
    }
}

/// Whether the proxy uses TLS where the database does not require it is not documented in one voice.
fn describe_target<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for proxy in block.links(draft.world, PROXY_NAME) {
        let Link::Resource { id: proxy_id, .. } = proxy.value else { continue };
        let Some(from) = draft.front(proxy_id) else { continue };
        let world = draft.world;
        for database in DATABASES.into_iter().flat_map(|field| block.links(world, field)) {
            let to = Destination::of_link(draft.world, block.id, &database.value);
            let Link::Resource { id, value, .. } = database.value else { continue };
            let fact = value.as_reference().map_or_else(|| "target".to_owned(), |found| found.text());
            let evidence = Evidence::new(fact, "the proxy's target", value.span()).along(value);
            let when = When::both(proxy.when.as_ref(), database.when.as_ref());
            let legs = legs_as_demanded(draft, id);
            draft.send(PendingHop {
                from,
                to,
                legs,
                via: vec![block.owner.address.shared()],
                evidence: vec![evidence],
                when: When::both(block.owner.exists.when(), when.as_ref()),
                segment: Segment::Store,
                doubt: None,
            });
        }
    }
}
