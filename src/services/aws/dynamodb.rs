//! DynamoDB tables: stores with the custody of their key, and the functions that use them.

use super::api_endpoint;
use super::keys::custody_of;
use super::lambda::FUNCTION;
use super::sam;
use crate::model::{
    Accepts, Custody, Doubt, Evidence, Face, Leg, ListenerId, NodeKind, Operator, Segment, StoredData, custody_phrase,
};
use crate::resource::Mode;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, NodeFacts, PendingHop};
use crate::services::read::{Alternative, Block, Field, Link, Presence, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};
use std::collections::BTreeMap;

pub(super) static SERVICES: &[Service] =
    &[Service { types: TABLE, describe: describe_table }, Service { types: FUNCTION, describe: describe_client }];

pub(super) const TABLE: Types = Types {
    terraform: &["aws_dynamodb_table"],
    cloudformation: &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"],
};
const INLINE_POLICY: Types = Types {
    terraform: &["aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment"],
    cloudformation: &["AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"],
};

const NAME: Field = field("name", "TableName");
const ENCRYPTION: Field = field("server_side_encryption", "SSESpecification");
const ENABLED: Field = field("enabled", "SSEEnabled");
const KEY: Field = field("kms_key_arn", "KMSMasterKeyId");
const REPLICAS: Field = field("replica", "Replicas");
const REPLICA_SETTINGS: Field = field("", "SSESpecification");
const ENVIRONMENT: Field = field("environment", "Environment");
const VARIABLES: Field = field("variables", "Variables");
const ROLE: Field = field("role", "Role");

fn describe_table<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if block.owner.mode == Mode::Data {
        return;
    }
    draft.name(block, NAME, "dynamodb", "table/");
    let node = draft.node(
        block,
        NodeFacts { kind: NodeKind::Store, operator: Operator::Aws, party: "DynamoDB", why: "keeps the items" },
    );
    let doubt = Doubt::new(
        format!("whether {} refuses HTTP", block.owner.address),
        "DynamoDB has HTTPS endpoints, which the AWS SDKs use by default; the client may choose otherwise",
        "deny aws:SecureTransport = false in the table's resource policy",
        Some(block.owner.header),
    );
    draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt))]);
    for data in stored(draft.world, block) {
        draft.store(node, data);
    }
}

/// "All user data stored in Amazon DynamoDB is fully encrypted at rest": with a key that AWS owns unless the table asks for
/// KMS, then with `alias/aws/dynamodb` unless it names a key.
fn stored(world: &World<'_>, table: &Block<'_>) -> Vec<StoredData> {
    let mut found = Vec::new();
    for Alternative { when, value } in table.presence(ENCRYPTION) {
        match value {
            Presence::Absent => {
                let evidence = table.defaulted(ENCRYPTION, "a key that AWS owns", Custody::ProviderOwned.phrase());
                found.push(data("the table", when, Ok(Custody::ProviderOwned), evidence));
            }
            Presence::Unknown(doubt) => found.push(unknown(table, when, doubt)),
            Presence::Block(settings) => {
                for switch in settings.setting(ENABLED) {
                    let when = When::both(when.as_ref(), switch.when.as_ref());
                    found.extend(by_switch(world, table, &settings, &switch.value, when.as_ref()));
                }
            }
        }
    }
    found
}

fn by_switch(
    world: &World<'_>,
    table: &Block<'_>,
    settings: &Block<'_>,
    switch: &Setting<'_>,
    when: Option<&When>,
) -> Vec<StoredData> {
    let (text, value) = match switch {
        Setting::Unknown(doubt) => return vec![unknown(table, when.cloned(), doubt.clone())],
        Setting::Text(text, value) if text.eq_ignore_ascii_case("true") => (text, value),
        // "If enabled is false then server-side encryption is set to an AWS-owned key".
        Setting::Text(text, value) => {
            let evidence = settings.stated(ENABLED, text, value, Custody::ProviderOwned.phrase());
            return vec![data("the table", when.cloned(), Ok(Custody::ProviderOwned), evidence)];
        }
        Setting::Absent => {
            let evidence = settings.defaulted(ENABLED, "false", Custody::ProviderOwned.phrase());
            return vec![data("the table", when.cloned(), Ok(Custody::ProviderOwned), evidence)];
        }
    };
    let keyed = |what: &str, holder: &Block<'_>| {
        let keys = custody_of(world, holder, KEY, Custody::ProviderManaged).into_iter();
        let stored = keys.map(|(key_when, custody, key)| {
            let evidence = match holder.get(KEY) {
                Some(named) => {
                    Evidence::new(KEY.spelling(holder.language()), custody_phrase(&custody), named.span()).along(named)
                }
                None => settings.stated(ENABLED, text, value, custody_phrase(&custody)),
            };
            StoredData { key, ..data(what, When::both(when, key_when.as_ref()), custody, evidence) }
        });
        stored.collect::<Vec<_>>()
    };
    let replicas = table.known_blocks(REPLICAS);
    let unread = table.unknown_along(&[REPLICAS]).into_iter();
    let mut found: Vec<_> = unread.map(|doubt| unknown(table, None, doubt)).collect();
    // A global table of CloudFormation has the keys of all its replicas, its own among them, under them.
    if replicas.is_empty() || &*table.owner.type_name != "AWS::DynamoDB::GlobalTable" {
        found.extend(keyed("the table", settings));
    }
    for replica in replicas {
        found.extend(keyed("a replica of the table", &replica.known_block(REPLICA_SETTINGS).unwrap_or(replica)));
    }
    found
}

fn data(what: &str, when: Option<When>, custody: Result<Custody, Doubt>, evidence: Evidence) -> StoredData {
    StoredData { what: what.to_owned(), when, custody, evidence, key: None }
}

fn unknown(table: &Block<'_>, when: Option<When>, doubt: Doubt) -> StoredData {
    let evidence = Evidence::new("unknown", "it is not known whose key encrypts the table", table.place());
    data("the table", when, Err(doubt), evidence)
}

/// A table that a function uses, and how the code shows it.
struct Use {
    evidence: Evidence,
    when: Option<When>,
    /// Set where the function may use the table, and nothing says that it does.
    doubt: Option<Doubt>,
}

fn describe_client<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(from) = draft.front(block.id) else { return };
    let mut uses = BTreeMap::new();
    add_variables(draft.world, block, &mut uses);
    add_permissions(draft.world, block, &mut uses);
    for (table, seen) in uses {
        draft.send(call(block, from, table, seen));
    }
}

/// The AWS SDKs use HTTPS unless they are told otherwise; what the function's code tells them is not read.
fn call(block: &Block<'_>, from: ListenerId, table: ResourceId, seen: Use) -> PendingHop {
    let mut default = Evidence::new("no endpoint is set", "the AWS SDK calls DynamoDB by HTTPS", block.owner.header);
    default.default = true;
    PendingHop {
        from,
        to: Destination::resource(table),
        legs: vec![Leg::new(api_endpoint::call(), vec![default])],
        via: Vec::new(),
        evidence: vec![seen.evidence],
        when: When::both(block.owner.exists.when(), seen.when.as_ref()),
        segment: Segment::Store,
        doubt: seen.doubt,
    }
}

/// Environment variables that hold a table's name or ARN.
fn add_variables<'a>(world: &World<'a>, block: &Block<'a>, uses: &mut BTreeMap<ResourceId, Use>) {
    for environment in block.known_blocks(ENVIRONMENT) {
        for (_, variables) in environment.values(VARIABLES) {
            for (name, value) in variables.value.as_object().into_iter().flatten() {
                for (table, when) in tables(world, &block.of(value)) {
                    let meaning = format!("the function gets the table's name in {name}");
                    let evidence = Evidence::new(&**name, meaning, value.span()).along(value);
                    uses.entry(table).or_insert(Use { evidence, when, doubt: None });
                }
            }
        }
    }
}

/// The tables that a value points to, by reference or by name.
fn tables<'a>(world: &World<'a>, value: &Block<'a>) -> Vec<(ResourceId, Option<When>)> {
    let mut found = Vec::new();
    for link in value.own_links(world) {
        match &link.value {
            Link::Resource { id, .. } if is_table(world, *id) => found.push((*id, link.when)),
            Link::Text(name, _) => found.extend(named(world, value.id, name).map(|id| (id, link.when))),
            _ => {}
        }
    }
    found
}

fn is_table(world: &World<'_>, id: ResourceId) -> bool {
    TABLE.holds(&world.resource(id).type_name)
}

/// The table with this name, where there is just one.
pub(super) fn named(world: &World<'_>, from: ResourceId, name: &str) -> Option<ResourceId> {
    match world.named(from, TABLE, &["name", "TableName"], name).as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// Tables of which the policies of the function's role speak: it may use them.
fn add_permissions<'a>(world: &World<'a>, block: &Block<'a>, uses: &mut BTreeMap<ResourceId, Use>) {
    let named = block.resources(world, ROLE).into_iter();
    let mut policies: Vec<(ResourceId, &'a Value)> = Vec::new();
    for id in named.chain(sam::own_role(world, block)) {
        policies.push((id, &world.resource(id).body));
        for policy in world.pointers(id, &["name", "RoleName"], INLINE_POLICY, &["role", "roles", "RoleName", "Roles"])
        {
            policies.push((policy, &world.resource(policy).body));
        }
    }
    for (from, value) in policies {
        for table in spoken_of(world, from, value) {
            let address = world.address(table);
            let doubt = Doubt::new(
                format!("whether {} uses {address}", block.owner.address),
                "its permissions speak of the table; what the function's code does is not read",
                "assume it in e2e-lint.yaml, with the reason",
                Some(value.span()),
            );
            let evidence = Evidence::new("a policy", "the policy speaks of the table", value.span());
            uses.entry(table).or_insert(Use { evidence, when: None, doubt: Some(doubt) });
        }
    }
}

/// The tables that a policy refers to, by itself or through a policy or a policy document that it names.
fn spoken_of(world: &World<'_>, from: ResourceId, value: &Value) -> Vec<ResourceId> {
    const POLICIES: Types = Types {
        terraform: &["aws_iam_policy", "aws_iam_policy_document"],
        cloudformation: &["AWS::IAM::ManagedPolicy"],
    };
    let targets = |value: &Value| {
        let found = value.references().into_iter().filter_map(|reference| world.find(from, &reference.target));
        found.collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    for id in targets(value) {
        if is_table(world, id) {
            found.push(id);
        } else if POLICIES.holds(&world.resource(id).type_name) {
            // A policy's own text may stand in a document: one level more.
            for inner in targets(&world.resource(id).body) {
                if is_table(world, inner) {
                    found.push(inner);
                } else if POLICIES.holds(&world.resource(inner).type_name) {
                    let last = targets(&world.resource(inner).body).into_iter();
                    found.extend(last.filter(|id| is_table(world, *id)));
                }
            }
        }
    }
    found
}
