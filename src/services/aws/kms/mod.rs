//! KMS keys: who can decrypt with them.
//!
//! By the key's own policy, by grants, and, where that policy leaves the choice to the account, by the policies of roles and
//! users. Source: "Determining access to AWS KMS keys". Whoever may change the policy or make grants may become a reader.

mod holders;
mod policy;

use super::iam::{Abilities, Account, Actors, Permits, Roster, Who};
use super::keys::{ALIAS, ALIAS_NAME, KEY, KEY_ID};
use crate::model::{Doubt, Evidence, Key, Unfit};
use crate::services::aim::{Pointer, Sought};
use crate::services::draft::{Draft, pointing};
use crate::services::read::{Alternative, Block, Field, Link, Setting, doubt_of, field};
use crate::services::strangers::UNREAD;
use crate::services::world::{ResourceId, Types, World};
use holders::Room;
use policy::{Entry, Reading, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Keys of one family whose holders are put together.
const MOST_MEMBERS: usize = 32;

const KEY_POLICY: Types = Types { terraform: &["aws_kms_key_policy"], cloudformation: &[] };
const GRANT: Types = Types { terraform: &["aws_kms_grant"], cloudformation: &[] };
const EXTERNAL: Types =
    Types { terraform: &["aws_kms_external_key", "aws_kms_replica_external_key"], cloudformation: &[] };

const POLICY: Field = field("policy", "KeyPolicy");
/// Of the resource that holds a policy only.
const KEY_POLICY_TEXT: Field = field("policy", "-");
const USAGE: Field = field("key_usage", "KeyUsage");
const MULTI_REGION: Field = field("multi_region", "MultiRegion");
const ORIGIN: Field = field("-", "Origin");
const MATERIAL: Field = field("key_material_base64", "-");
const KEY_STORE: Field = field("custom_key_store_id", "-");
const PRIMARY: Field = field("primary_key_arn", "PrimaryKeyArn");
const TARGET: Field = field("target_key_id", "TargetKeyId");
/// The data source `aws_kms_key` finds a key by its id, its ARN or an alias, `aws_kms_alias` by the alias. Source: their pages
/// in the documentation of the AWS provider.
const ANY_KEY: Sought = Sought {
    types: KEY,
    aliases: Some((ALIAS, TARGET)),
    told: KEY_ID,
    named: Some((ALIAS, ALIAS_NAME)),
    global: false,
};
const GRANTEE: Field = field("grantee_principal", "-");
const OPERATIONS: Field = field("operations", "-");
const CONSTRAINTS: Field = field("constraints", "-");

/// Adds all keys of the code to the model. Runs once all nodes are described: they act as the roles that hold keys.
pub(in crate::services) fn describe(draft: &mut Draft<'_>) {
    let world = draft.world;
    let keys = world.declared(KEY);
    if keys.is_empty() {
        return;
    }
    let roster = Roster::new(world);
    let actors = Actors::new(draft, &roster);
    let permits = Permits::new(&roster);
    let mut room = Room::new(&roster, &actors, &permits);
    let families = families(world, &keys);
    let beside = Beside {
        replicas: families.values().flatten().copied().collect(),
        families,
        policies: ANY_KEY.pointers(world, KEY_POLICY, KEY_ID),
        grants: ANY_KEY.pointers(world, GRANT, KEY_ID),
    };
    let mut found: BTreeMap<ResourceId, Key> = keys.iter().map(|id| (*id, key(&mut room, *id, &beside))).collect();
    share(&beside.families, &mut found);
    draft.model.keys.extend(found.into_values());
    draft.model.identified.extend(actors.identified);
}

/// What stands beside the keys, by the keys that it is about.
struct Beside<'a> {
    families: BTreeMap<ResourceId, Vec<ResourceId>>,
    /// Keys whose primary key is in the code.
    replicas: BTreeSet<ResourceId>,
    policies: BTreeMap<ResourceId, Vec<Pointer<'a>>>,
    grants: BTreeMap<ResourceId, Vec<Pointer<'a>>>,
}

fn about<'b, 'a>(pointers: &'b BTreeMap<ResourceId, Vec<Pointer<'a>>>, key: ResourceId) -> &'b [Pointer<'a>] {
    pointers.get(&key).map_or(&[], Vec::as_slice)
}

/// Replicas by their primary keys: one key material, each with a policy of its own.
fn families(world: &World<'_>, keys: &[ResourceId]) -> BTreeMap<ResourceId, Vec<ResourceId>> {
    let mut found: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
    for id in keys {
        for primary in primaries(world, &world.block(*id)) {
            found.entry(primary).or_default().push(*id);
        }
    }
    found
}

/// Whoever holds one key of a family holds all.
fn share(families: &BTreeMap<ResourceId, Vec<ResourceId>>, keys: &mut BTreeMap<ResourceId, Key>) {
    for (primary, replicas) in families {
        let members: Vec<ResourceId> = std::iter::once(primary).chain(replicas).copied().take(MOST_MEMBERS).collect();
        let own: Vec<Key> = members.iter().filter_map(|member| keys.get(member).cloned()).collect();
        for member in &members {
            let Some(key) = keys.get_mut(member) else { continue };
            let address = key.address().to_owned();
            if replicas.len() >= MOST_MEMBERS {
                let message = format!("{address} is of a family with too many replicas");
                key.unread.push(Doubt::new(address.as_str(), message, "declare fewer replicas", None));
            }
            for other in own.iter().filter(|other| other.address() != address) {
                key.holders.extend(other.holders.iter().cloned());
                key.unread.extend(other.unread.iter().cloned());
                key.delegated.extend(other.delegated.iter().cloned());
            }
        }
    }
}

fn primaries(world: &World<'_>, replica: &Block<'_>) -> Vec<ResourceId> {
    let aims = |link: Alternative<Link<'_>>| ANY_KEY.aims(world, replica.id, &link.value);
    let sure = replica.links(world, PRIMARY).into_iter().flat_map(aims).filter(|aim| aim.when.is_none());
    sure.map(|aim| aim.id).collect()
}

/// The key of the code that a link surely leads to, as stored data names it.
pub(super) fn name_of<'a>(world: &World<'a>, from: ResourceId, link: &Link<'a>) -> Option<String> {
    let id = ANY_KEY.sure_aim(world, from, link)?;
    Some(format!("{}//{}", world.stack_of(id).id, world.address(id)))
}

fn key(room: &mut Room<'_, '_>, id: ResourceId, beside: &Beside<'_>) -> Key {
    let world = room.roster.world;
    let block = world.block(id);
    let mut reading = Reading::default();
    let unfit = unfit(&block, &mut reading.unread);
    read_policies(room.roster, &block, about(&beside.policies, id), &mut reading);
    read_grants(room.roster, about(&beside.grants, id), &mut reading);
    add_unread(world, &block, beside, &mut reading.unread);
    let mut addresses = vec![block.owner.address.shared()];
    for (alias, _) in pointing(world, id, ALIAS, |alias| alias.links(world, TARGET)) {
        addresses.push(alias.owner.address.shared());
    }
    let mut key = Key {
        stack: Arc::clone(&world.stack_of(id).id),
        addresses,
        unfit,
        holders: Vec::new(),
        unread: std::mem::take(&mut reading.unread),
        delegated: Vec::new(),
    };
    room.fill(&block, &reading, &mut key);
    if EXTERNAL.holds(&block.owner.type_name) {
        holders::add_material(&block, block.get(MATERIAL), &mut key);
    }
    key
}

/// Keys that sign or make MACs close nothing. One that does so under a condition only may close bodies.
fn unfit(block: &Block<'_>, unread: &mut Vec<Doubt>) -> Option<Unfit> {
    let mut found = None;
    for Alternative { when, value } in block.setting(USAGE) {
        match value {
            Setting::Text(text, value) if matches!(text.as_str(), "SIGN_VERIFY" | "GENERATE_VERIFY_MAC") => {
                let meaning = "the key signs, and nothing is encrypted with it";
                let evidence = block.stated(USAGE, &text, value, meaning);
                match when {
                    None => found = Some(Unfit { evidence, nodes: Vec::new() }),
                    Some(when) => {
                        let message = format!("when {}, {meaning}", when.text());
                        let settle = "take a key of its own for signing";
                        let doubt = Doubt::new(evidence.fact, message, settle, Some(evidence.span));
                        unread.push(Doubt { through: evidence.through, ..doubt });
                    }
                }
            }
            Setting::Unknown(doubt) => unread.push(doubt),
            Setting::Absent | Setting::Text(..) => {}
        }
    }
    found
}

/// The policy in the key's own argument, else that of a resource of its own. Where both are, the last one applied wins.
/// Without any the default applies, which leaves everything to the account: "Default key policy".
fn read_policies(roster: &Roster<'_>, block: &Block<'_>, separate: &[Pointer<'_>], reading: &mut Reading) {
    let inline = block.values(POLICY);
    let scope = |from: ResourceId, sure: bool, when| {
        let agrees = block.setting(USAGE).iter().any(|usage| match &usage.value {
            Setting::Text(text, _) => text == "KEY_AGREEMENT",
            Setting::Unknown(_) => true,
            Setting::Absent => false,
        });
        Scope { roster, from, agrees, replicates: may_replicate(block), sure, when }
    };
    let mut defaults = inline.is_empty() && separate.is_empty();
    for (when, policy) in &inline {
        if policy.value.is_null() || policy.value.as_str() == Some("") {
            defaults |= separate.is_empty();
        } else {
            reading.take(scope(block.id, when.is_none() && separate.is_empty(), when.as_ref()), policy.value);
        }
    }
    for (policy, when) in separate {
        let sure = when.is_none() && inline.is_empty() && separate.len() == 1;
        defaults |= when.is_some() && inline.is_empty();
        match policy.get(KEY_POLICY_TEXT) {
            Some(text) => reading.take(scope(policy.id, sure, when.as_ref()), text),
            None => reading.unread.push(doubt_of(&policy.owner.body)),
        }
    }
    if defaults {
        let evidence = block.defaulted(POLICY, "the account's own policies decide", "the key leaves it to the account");
        let abilities = Abilities::all().on(scope(block.id, true, None).agrees, may_replicate(block));
        let surely = inline.is_empty() && separate.is_empty();
        let abilities = if surely { abilities } else { abilities.weakened() };
        reading.add(Entry { who: Who::Account(Account::Own), sure: true, abilities, evidence });
    }
}

fn may_replicate(block: &Block<'_>) -> bool {
    block.setting(MULTI_REGION).iter().any(|setting| match &setting.value {
        Setting::Text(text, _) => text.eq_ignore_ascii_case("true"),
        Setting::Unknown(_) => true,
        Setting::Absent => block.has(PRIMARY),
    })
}

/// A grant lets its grantee in beside the policy, and nothing in the policy shows it. Source: "Grants in AWS KMS".
fn read_grants(roster: &Roster<'_>, grants: &[Pointer<'_>], reading: &mut Reading) {
    for (grant, when) in grants {
        let (Some(operations), Some(grantee)) = (grant.get(OPERATIONS), grant.get(GRANTEE)) else { continue };
        let whole = when.is_none() && !grant.has(CONSTRAINTS);
        let abilities = Abilities::of_operations(operations).on(true, false);
        let abilities = if whole { abilities } else { abilities.weakened() };
        for principal in roster.callers(grant.id, grantee) {
            let meaning = match when {
                Some(when) => format!("a grant lets it use the key when {}", when.text()),
                None => "a grant lets it use the key".to_owned(),
            };
            let evidence = Evidence::new("grantee_principal", meaning, grantee.span()).along(grantee);
            let sure = principal.sure && principal.when.is_none();
            reading.add(Entry { who: principal.who, sure, abilities, evidence });
        }
    }
}

/// What may hold more than the policy and the grants show.
fn add_unread(world: &World<'_>, block: &Block<'_>, beside: &Beside<'_>, unread: &mut Vec<Doubt>) {
    let address = &block.owner.address;
    let mut add = |message: String, settle: &str| {
        unread.push(Doubt::new(address.as_str(), message, settle, Some(block.owner.header)));
    };
    if world.blind_spot(&world.stack_of(block.id).id).is_some() {
        add(format!("beside {address} stands code that could not be read, which may hold grants"), "mend the code");
    }
    for reader in world.referrers(block.id, UNREAD) {
        let stranger = &world.resource(reader).address;
        add(format!("{stranger} is handed {address}, and its code is not on disk"), "bring the module onto disk");
    }
    if may_replicate(block) && !beside.families.contains_key(&block.id) && !block.has(PRIMARY) {
        let settle = "set it to be of a single Region, or declare its replicas";
        add(format!("{address} may have replicas in other Regions, with policies of their own"), settle);
    }
    if block.has(PRIMARY) && !beside.replicas.contains(&block.id) {
        add(format!("the primary key of {address} is not in this code"), "lint the code that declares it too");
    }
    if block.has(KEY_STORE) {
        let settle = "take a key without a key store of its own, or accept that the claim stays unproven";
        add(format!("the key store of {address} has administrators of its own"), settle);
    }
    if block.text(ORIGIN).is_some_and(|origin| origin != "AWS_KMS") {
        add(
            format!("whoever made the key material of {address} may have kept it"),
            "let AWS KMS make the key material",
        );
    }
}
