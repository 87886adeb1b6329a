//! Whom a statement names.
//!
//! Source: "AWS JSON policy elements: Principal".

use super::document::each;
use super::{GROUP, NAME, PROFILE, ROLE, USER};
use crate::resource::Mode;
use crate::services::aws::lambda::ROLE as FUNCTION_ROLE;
use crate::services::read::doubt_of;
use crate::services::world::{ResourceId, Types, World};
use crate::value::secret::Text;
use crate::value::{Kind, Value, When};
use std::collections::BTreeMap;

/// Stand in an ARN for the key's own account and for what is not known. Private use: no ARN has them by right.
const OWN: char = '\u{e002}';
const UNKNOWN: char = '\u{e003}';

/// Roles of one name that are told apart; in one account there is one.
const MOST_NAMESAKES: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::aws) enum Account {
    /// That of the code.
    Own,
    /// By its number or by what stands for it; it may be that of the code all the same.
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::aws) enum Who {
    Everyone,
    /// An account as such, which leaves it to its own policies who of it may act.
    Account(Account),
    /// Everybody of an account, whatever its own policies say.
    Members(Account),
    /// Everybody of an organisation.
    Organisation,
    /// A role or a user of the code.
    Identity(ResourceId),
    /// A role or a user that the code does not declare.
    Named(String),
    Service(String),
    /// One that signs in elsewhere.
    Federated(String),
    /// By a value that is not known.
    Unknown(String),
    /// Several, by a pattern.
    Pattern(String),
}

/// Somebody who is named, and whether it is surely that one.
#[derive(Clone, Debug)]
pub(in crate::services::aws) struct Principal {
    pub who: Who,
    pub sure: bool,
    pub when: Option<When>,
    /// Where the name is written.
    pub place: Value,
}

/// The roles, users, groups and instance profiles of all stacks by their names.
pub(in crate::services::aws) struct Roster<'a> {
    pub world: &'a World<'a>,
    by_name: BTreeMap<String, Vec<ResourceId>>,
}

impl<'a> Roster<'a> {
    pub fn new(world: &'a World<'a>) -> Self {
        let mut by_name: BTreeMap<String, Vec<ResourceId>> = BTreeMap::new();
        for types in [ROLE, USER, GROUP, PROFILE] {
            for id in world.declared(types) {
                if let Some(name) = world.block(id).text(NAME) {
                    by_name.entry(name.as_str().to_owned()).or_default().push(id);
                }
            }
        }
        Self { world, by_name }
    }

    /// The resources of a kind with that name, in the stack of `from`.
    pub fn beside(&self, from: ResourceId, types: Types, name: &str) -> Vec<ResourceId> {
        let stack = &self.world.stack_of(from).id;
        let here = |id: &ResourceId| self.world.stack_of(*id).id == *stack;
        self.of_name(types, name).filter(here).take(MOST_NAMESAKES).collect()
    }

    fn of_name(&self, types: Types, name: &str) -> impl Iterator<Item = ResourceId> {
        let found = self.by_name.get(name).into_iter().flatten().copied();
        found.filter(move |id| types.holds(&self.world.resource(*id).type_name))
    }

    /// The principals under `Principal`.
    pub fn principals(&self, from: ResourceId, value: &Value) -> Vec<Principal> {
        let mut found = Vec::new();
        each(value, None, &mut |when, value| match &value.kind {
            Kind::String(text) if &**text == "*" => found.push(principal(Who::Everyone, true, when, value)),
            Kind::Object(kinds) => {
                for (kind, names) in kinds.iter() {
                    each(names, when, &mut |when, name| found.extend(self.named(from, kind, when, name)));
                }
            }
            _ => found.push(principal(Who::Unknown(doubt_of(value).what), true, when, value)),
        });
        found
    }

    /// The principals that a list of ARNs names, such as the values of a condition on the caller's.
    pub fn callers(&self, from: ResourceId, value: &Value) -> Vec<Principal> {
        let mut found = Vec::new();
        each(value, None, &mut |when, name| found.extend(self.named(from, "AWS", when, name)));
        found
    }

    /// The accounts that a list names.
    pub fn accounts(&self, from: ResourceId, value: &Value) -> Vec<Account> {
        let mut found = Vec::new();
        each(value, None, &mut |_, name| found.push(self.account(from, name)));
        found
    }

    fn account(&self, from: ResourceId, value: &Value) -> Account {
        match Text::of(value) {
            Some(text) => Account::Other(text.to_string()),
            None if self.is_own_account(from, value) => Account::Own,
            None => Account::Other(doubt_of(value).what),
        }
    }

    fn named(&self, from: ResourceId, kind: &str, when: Option<&When>, value: &Value) -> Vec<Principal> {
        let text = || Text::of(value).map_or_else(|| doubt_of(value).what, String::from);
        let who = match kind {
            "*" if value.as_str() == Some("*") => Who::Everyone,
            "AWS" => return self.by_arn(from, when, value),
            "Service" => Who::Service(text()),
            "Federated" => Who::Federated(text()),
            _ => Who::Unknown(text()),
        };
        vec![principal(who, true, when, value)]
    }

    fn by_arn(&self, from: ResourceId, when: Option<&When>, value: &Value) -> Vec<Principal> {
        let one = |who: Who| vec![principal(who, true, when, value)];
        match &value.kind {
            Kind::String(text) => self.by_text(from, text, when, value),
            Kind::Template(parts) => {
                let identity = parts.iter().filter_map(Value::as_reference);
                let identity = identity.filter_map(|reference| self.world.find(from, &reference.target));
                let mut identity = identity.filter(|id| is_identity(self.world, *id));
                match identity.next() {
                    Some(id) if is_managed(self.world, id) => vec![principal(Who::Identity(id), false, when, value)],
                    _ => self.by_text(from, &self.flat(from, parts), when, value),
                }
            }
            Kind::Reference(reference) => match self.world.find(from, &reference.target) {
                Some(id) if is_identity(self.world, id) && is_managed(self.world, id) => one(Who::Identity(id)),
                Some(id) if is_identity(self.world, id) => match self.world.block(id).text(NAME) {
                    Some(name) => self.by_name(from, &name, ROLE, Account::Own, &reference.text(), when, value),
                    None => one(Who::Unknown(reference.text())),
                },
                _ if self.is_own_account(from, value) => one(Who::Account(Account::Own)),
                None => match self.generated_role(from, &reference.target) {
                    Some(function) => one(Who::Identity(function)),
                    None => one(Who::Unknown(reference.text())),
                },
                Some(_) => one(Who::Unknown(reference.text())),
            },
            _ if self.is_own_account(from, value) => one(Who::Account(Account::Own)),
            _ => one(Who::Unknown(doubt_of(value).what)),
        }
    }

    /// A SAM function stands for the role that the transform makes for it: `<function>Role`, where it names none.
    fn generated_role(&self, from: ResourceId, target: &str) -> Option<ResourceId> {
        let id = self.world.find(from, target.strip_suffix("Role")?)?;
        has_generated_role(self.world, id).then_some(id)
    }

    /// A text with marks for the parts that are not known.
    fn flat(&self, from: ResourceId, parts: &[Value]) -> String {
        let piece = |part: &Value| match part.as_str() {
            Some(text) => text.to_owned(),
            None if self.is_own_account(from, part) => OWN.to_string(),
            None => UNKNOWN.to_string(),
        };
        parts.iter().map(piece).collect()
    }

    fn by_text(&self, from: ResourceId, text: &str, when: Option<&When>, value: &Value) -> Vec<Principal> {
        let one = |who: Who| vec![principal(who, true, when, value)];
        if text == "*" {
            return one(Who::Everyone);
        }
        if text.len() == 12 && text.chars().all(|digit| digit.is_ascii_digit()) {
            return one(Who::Account(Account::Other(text.to_owned())));
        }
        let pieces: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", _, _, _, account, resource] = pieces.as_slice() else {
            return one(Who::Unknown(shown(text, value)));
        };
        let account = match *account {
            own if own.chars().eq([OWN]) => Account::Own,
            unknown if unknown.contains(UNKNOWN) => Account::Other(doubt_of(value).what),
            number => Account::Other(number.to_owned()),
        };
        if *resource == "root" {
            return one(Who::Account(account));
        }
        if text.contains(['*', '?']) {
            return one(Who::Pattern(shown(text, value)));
        }
        let (types, name) = match resource.split_once('/') {
            Some(("role", path)) => (ROLE, path.rsplit('/').next()),
            Some(("assumed-role", session)) => (ROLE, session.split('/').next()),
            Some(("user", path)) => (USER, path.rsplit('/').next()),
            _ => (ROLE, None),
        };
        match name.filter(|name| !name.contains([OWN, UNKNOWN])) {
            Some(name) => self.by_name(from, name, types, account, &shown(text, value), when, value),
            None => one(Who::Unknown(shown(text, value))),
        }
    }

    /// The identity of the code with that name, surely so only in the stack's own account; else one that is not in the code.
    #[expect(clippy::too_many_arguments, reason = "the parts of one name")]
    fn by_name(
        &self,
        from: ResourceId,
        name: &str,
        types: Types,
        account: Account,
        text: &str,
        when: Option<&When>,
        value: &Value,
    ) -> Vec<Principal> {
        let known: Vec<ResourceId> = self.of_name(types, name).take(MOST_NAMESAKES).collect();
        match known.len() {
            0 => return vec![principal(Who::Named(text.to_owned()), true, when, value)],
            MOST_NAMESAKES => return vec![principal(Who::Pattern(text.to_owned()), true, when, value)],
            _ => {}
        }
        let stack = &self.world.stack_of(from).id;
        let here = |id: ResourceId| self.world.stack_of(id).id == *stack;
        let sure = |id: ResourceId| known.len() == 1 && account == Account::Own && here(id);
        known.iter().map(|id| principal(Who::Identity(*id), sure(*id), when, value)).collect()
    }

    /// The account id of the credentials that deploy the code.
    fn is_own_account(&self, from: ResourceId, value: &Value) -> bool {
        match &value.kind {
            Kind::Reference(reference) => {
                let found = self.world.find(from, &reference.target);
                let caller = match found {
                    Some(id) => &*self.world.resource(id).type_name == "aws_caller_identity",
                    None => reference.target.contains("aws_caller_identity."),
                };
                caller && matches!(&*reference.attribute, "account_id" | "id")
            }
            Kind::Unknown(unknown) => &*unknown.what == "AWS::AccountId",
            _ => false,
        }
    }
}

/// Whether the resource is a function of SAM for which the transform makes a role.
pub(super) fn has_generated_role(world: &World<'_>, id: ResourceId) -> bool {
    let block = world.block(id);
    &*block.owner.type_name == "AWS::Serverless::Function" && !block.has(FUNCTION_ROLE)
}

fn principal(who: Who, sure: bool, when: Option<&When>, value: &Value) -> Principal {
    Principal { who, sure, when: when.cloned(), place: value.clone() }
}

fn is_identity(world: &World<'_>, id: ResourceId) -> bool {
    let type_name = &world.resource(id).type_name;
    ROLE.holds(type_name) || USER.holds(type_name)
}

fn is_managed(world: &World<'_>, id: ResourceId) -> bool {
    world.resource(id).mode == Mode::Managed
}

/// The text as people read it: what is not known by the words for it.
fn shown(text: &str, value: &Value) -> String {
    if value.sensitive {
        return Text::read_from(value, text).to_string();
    }
    let unknown = if text.contains(UNKNOWN) { doubt_of(value).what } else { String::new() };
    text.replace(OWN, "(this account)").replace(UNKNOWN, &format!("({unknown})"))
}
