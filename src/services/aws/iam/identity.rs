//! What the policies of roles, users and groups let them do.

use super::action::{Abilities, Able, fits};
use super::document::{self, Statement};
use super::principal::{Roster, has_generated_role};
use super::{GROUP, ROLE, USER, managed};
use crate::model::Evidence;
use crate::resource::Mode;
use crate::services::aws::lambda::SAM_POLICIES;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Kind, Value, When};
use std::collections::BTreeMap;

/// Policies that name whom they are of.
const INLINE: Types = Types {
    terraform: &["aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"],
    cloudformation: &[
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::GroupPolicy",
    ],
};
const ATTACHMENT: Types = Types {
    terraform: &[
        "aws_iam_role_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment",
    ],
    cloudformation: &[],
};
const POLICY: Types = Types { terraform: &["aws_iam_policy"], cloudformation: &["AWS::IAM::ManagedPolicy"] };
const FUNCTION: Types = Types { terraform: &[], cloudformation: &["AWS::Serverless::Function"] };

const OWNERS: [Field; 6] = [
    field("role", "RoleName"),
    field("user", "UserName"),
    field("group", "GroupName"),
    field("roles", "Roles"),
    field("users", "Users"),
    field("groups", "Groups"),
];
const DOCUMENT: Field = field("policy", "PolicyDocument");
const POLICY_ARN: Field = field("policy_arn", "-");
const POLICY_NAME: Field = field("arn|name", "-");
const INNER: Field = field("inline_policy", "Policies");
const MANAGED: Field = field("managed_policy_arns", "ManagedPolicyArns");
const BOUNDARY: Field = field("permissions_boundary", "PermissionsBoundary");

/// SAM's policy template for one key.
const SAM_DECRYPT: &str = "KMSDecryptPolicy";

/// One statement on keys.
pub(in crate::services::aws) struct Permit {
    allows: bool,
    abilities: Abilities,
    /// The resources, and those that are left out; none of both is every resource.
    resources: Option<Value>,
    all_but: Option<Value>,
    /// Where it is written: references in it are of this resource's stack.
    from: ResourceId,
    evidence: Evidence,
}

/// The statements on keys of every role, user and group, and of every function whose role SAM makes.
pub(in crate::services::aws) struct Permits {
    by_identity: BTreeMap<ResourceId, Vec<Permit>>,
}

impl Permits {
    pub fn new(roster: &Roster<'_>) -> Self {
        let world = roster.world;
        let mut found = Self { by_identity: BTreeMap::new() };
        let blocks_of = |types: Types| world.declared(types).into_iter().map(|id| world.block(id)).collect::<Vec<_>>();
        for types in [ROLE, USER, GROUP] {
            for block in blocks_of(types) {
                found.by_identity.entry(block.id).or_default();
                block.known_blocks(INNER).iter().for_each(|inner| found.take_document(block.id, inner));
                found.take_named(roster, block.id, &block, MANAGED);
            }
        }
        for block in blocks_of(INLINE) {
            for owner in owners(roster, &block) {
                found.take_document(owner, &block);
            }
        }
        for block in blocks_of(ATTACHMENT) {
            for owner in owners(roster, &block) {
                found.take_named(roster, owner, &block, POLICY_ARN);
            }
        }
        for block in blocks_of(FUNCTION).into_iter().filter(|block| has_generated_role(world, block.id)) {
            found.by_identity.entry(block.id).or_default();
            found.take_sam(&block);
        }
        found.bound(world);
        found
    }

    /// Every identity with what its policies say of keys.
    pub fn all(&self) -> impl Iterator<Item = (ResourceId, &[Permit])> {
        self.by_identity.iter().map(|(id, permits)| (*id, permits.as_slice()))
    }

    fn add(&mut self, owner: ResourceId, permit: Permit) {
        if permit.abilities.any() {
            self.by_identity.entry(owner).or_default().push(permit);
        }
    }

    fn take_document(&mut self, owner: ResourceId, block: &Block<'_>) {
        let Some(value) = block.get(DOCUMENT) else { return };
        for statement in document::read(value).statements {
            let when = When::both(block.owner.exists.when(), block.when.as_ref());
            self.add(owner, permit(&statement, block.id, when.as_ref(), value));
        }
    }

    /// Managed policies by ARN: those of AWS that are known, and those of the code.
    fn take_named(&mut self, roster: &Roster<'_>, owner: ResourceId, block: &Block<'_>, field: Field) {
        for link in block.links(roster.world, field) {
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            let (name, value) = match &link.value {
                Link::Text(text, value) => (managed::name_in(text).map(str::to_owned), *value),
                Link::Template(parts, value) => {
                    let last = parts.last().and_then(Value::as_str);
                    (last.and_then(managed::name_in).map(str::to_owned), *value)
                }
                Link::Resource { id, value, .. } => {
                    let policy = roster.world.block(*id);
                    if roster.world.declares(*id, POLICY) {
                        self.take_document(owner, &policy.given(when.as_ref()));
                        continue;
                    }
                    let text = policy.text(POLICY_NAME).filter(|_| policy.owner.mode == Mode::Data);
                    (text.map(|text| managed::name_in(&text).unwrap_or(&text).to_owned()), *value)
                }
                Link::Outside(..) | Link::Unknown(_) => continue,
            };
            let Some(name) = name else { continue };
            if let Some(abilities) = managed::abilities(&name) {
                self.add(owner, everything(block.id, abilities, &name, value, when.as_ref()));
            }
        }
    }

    /// Names and ARNs of managed policies, documents, and SAM's own templates.
    fn take_sam(&mut self, function: &Block<'_>) {
        let Some(policies) = function.get(SAM_POLICIES) else { return };
        document::each(policies, function.owner.exists.when(), &mut |when, policy| {
            if let Some(key) = policy.get(SAM_DECRYPT).and_then(|template| template.get("KeyId")) {
                let decrypt = Value::string("kms:Decrypt", key.span());
                let abilities = Abilities::of(Some(&decrypt), None);
                let evidence = Evidence::new(SAM_DECRYPT, "the template lets the function decrypt", key.span());
                let abilities = if when.is_some() { abilities.weakened() } else { abilities };
                let resources = Some(key.clone());
                let permit = Permit { allows: true, abilities, resources, all_but: None, from: function.id, evidence };
                self.add(function.id, permit);
            } else if policy.get("Statement").is_some() {
                for statement in document::read(policy).statements {
                    self.add(function.id, permit(&statement, function.id, when, policy));
                }
            } else if let Some(text) = policy.as_str() {
                let name = managed::name_in(text).unwrap_or(text);
                if let Some(abilities) = managed::abilities(name) {
                    self.add(function.id, everything(function.id, abilities, name, policy, when));
                }
            }
        });
    }

    /// A boundary may take away what the policies give.
    fn bound(&mut self, world: &World<'_>) {
        for (id, permits) in &mut self.by_identity {
            if world.block(*id).has(BOUNDARY) {
                permits.iter_mut().for_each(|permit| permit.abilities = permit.abilities.weakened());
            }
        }
    }
}

fn owners(roster: &Roster<'_>, block: &Block<'_>) -> Vec<ResourceId> {
    let mut found = Vec::new();
    for link in OWNERS.iter().flat_map(|field| block.links(roster.world, *field)) {
        match &link.value {
            Link::Resource { id, .. } => found.push(*id),
            Link::Text(name, _) => {
                for types in [ROLE, USER, GROUP] {
                    found.extend(roster.beside(block.id, types, name));
                }
            }
            _ => {}
        }
    }
    found
}

fn permit(statement: &Statement, from: ResourceId, when: Option<&When>, place: &Value) -> Permit {
    let terms = statement.terms();
    let sure = when.is_none() && statement.when.is_none();
    let abilities = match statement.allows {
        // What is denied by one way only is allowed by the others.
        false if terms.by_way => Abilities::none(),
        false if sure && terms.plain() => statement.abilities(),
        true if sure && !terms.unclear && !terms.narrows() && !terms.through_service => statement.abilities(),
        _ => statement.abilities().weakened(),
    };
    Permit {
        allows: statement.allows,
        abilities,
        resources: statement.get("Resource").cloned(),
        all_but: statement.get("NotResource").cloned(),
        from,
        evidence: Evidence::new(statement.spelled(), "this policy allows it", place.span()).along(place),
    }
}

fn everything(from: ResourceId, abilities: Abilities, name: &str, place: &Value, when: Option<&When>) -> Permit {
    let evidence = Evidence::new(name, "this policy allows everything that KMS can do", place.span()).along(place);
    let abilities = if when.is_some() { abilities.weakened() } else { abilities };
    Permit { allows: true, abilities, resources: None, all_but: None, from, evidence }
}

/// Stands for what is not known of a key's own ARN. Private use: no pattern has it by right.
const PIECE: &str = "\u{e004}";
const KEY_ARN: &str = "arn:aws:kms:\u{e004}:\u{e004}:key/\u{e004}";

/// What statements together let their identity do with the key, and the evidence of the first that surely lets it read.
pub(in crate::services::aws) fn on_key<'p>(
    permits: &'p [Permit],
    world: &World<'_>,
    key: ResourceId,
) -> (Abilities, Option<&'p Evidence>) {
    let (mut allowed, mut because) = (Abilities::none(), None);
    for permit in permits.iter().filter(|permit| permit.allows) {
        let here = permit.on(world, key);
        if because.is_none() && here.reads() == Able::Surely {
            because = Some(&permit.evidence);
        }
        allowed = allowed.or(here);
    }
    let denied = permits.iter().filter(|permit| !permit.allows).map(|permit| permit.on(world, key));
    (denied.fold(allowed, |left, denied| left.without(&denied)), because)
}

impl Permit {
    fn on(&self, world: &World<'_>, key: ResourceId) -> Abilities {
        match self.covers(world, key) {
            Able::No => Abilities::none(),
            Able::Maybe => self.abilities.weakened(),
            Able::Surely => self.abilities,
        }
    }

    /// Whether the statement is about the key.
    fn covers(&self, world: &World<'_>, key: ResourceId) -> Able {
        match (&self.resources, &self.all_but) {
            (Some(resources), _) => self.names(world, resources, key),
            (None, Some(all_but)) => match self.names(world, all_but, key) {
                Able::No => Able::Surely,
                Able::Maybe => Able::Maybe,
                Able::Surely => Able::No,
            },
            (None, None) => Able::Surely,
        }
    }

    fn names(&self, world: &World<'_>, resources: &Value, key: ResourceId) -> Able {
        let mut found = Able::No;
        document::each(resources, None, &mut |when, value| {
            let here = self.names_by(world, value, key);
            found = found.max(if when.is_some() { here.min(Able::Maybe) } else { here });
        });
        found
    }

    fn names_by(&self, world: &World<'_>, value: &Value, key: ResourceId) -> Able {
        match &value.kind {
            Kind::String(text) => by_pattern(text),
            Kind::Template(parts) => {
                by_pattern(&parts.iter().map(|part| self.piece(world, part, key)).collect::<String>())
            }
            Kind::Reference(reference) => match world.find(self.from, &reference.target) {
                Some(id) if id == key => Able::Surely,
                Some(id) if world.resource(id).mode == Mode::Data || is_alias(world, id) => Able::Maybe,
                Some(_) => Able::No,
                None => Able::Maybe,
            },
            _ => Able::Maybe,
        }
    }

    /// A part of an ARN as it would stand in the key's own; empty where it cannot be told.
    fn piece(&self, world: &World<'_>, part: &Value, key: ResourceId) -> String {
        let found = match &part.kind {
            Kind::String(text) => return text.to_string(),
            Kind::Unknown(unknown) => {
                return if matches!(&*unknown.what, "AWS::AccountId" | "AWS::Region") { PIECE } else { "" }.to_owned();
            }
            Kind::Reference(reference) => world.find(self.from, &reference.target).map(|id| (id, reference)),
            _ => None,
        };
        let Some((id, reference)) = found else { return String::new() };
        match (&*world.resource(id).type_name, &*reference.attribute) {
            _ if id == key && reference.attribute.eq_ignore_ascii_case("arn") => KEY_ARN.to_owned(),
            _ if id == key => PIECE.to_owned(),
            ("aws_caller_identity" | "aws_region", _) => PIECE.to_owned(),
            ("aws_partition", "partition") => "aws".to_owned(),
            _ => String::new(),
        }
    }
}

/// "You cannot use an alias ARN in the Resource element to control access to the key": such a pattern names no key.
/// Source: "Specifying KMS keys in IAM policy statements".
fn by_pattern(pattern: &str) -> Able {
    let service = pattern.split(':').nth(2).unwrap_or("");
    let other_service = !service.is_empty() && !service.contains('*') && service != "kms";
    match fits(pattern, KEY_ARN) {
        true => Able::Surely,
        false if other_service || pattern.contains(":alias/") => Able::No,
        false => Able::Maybe,
    }
}

fn is_alias(world: &World<'_>, id: ResourceId) -> bool {
    world.resource(id).type_name.to_ascii_lowercase().ends_with("alias")
}
