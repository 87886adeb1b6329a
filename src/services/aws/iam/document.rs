//! Policy documents: their statements, and what of them could not be read.

use super::action::{Abilities, Able, fits};
use super::condition::{Terms, terms};
use crate::model::Doubt;
use crate::services::document;
use crate::services::read::doubt_of;
use crate::value::{Kind, Value, When};

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// Values in a policy. AWS takes at most 32 KiB of text.
const MOST_VALUES: usize = 10_000;

/// Actions of a statement that are named to people.
const MOST_NAMED: usize = 3;

/// A statement that allows or denies.
pub(in crate::services::aws) struct Statement {
    pub allows: bool,
    pub when: Option<When>,
    body: Value,
}

impl Statement {
    pub fn get(&self, element: &str) -> Option<&Value> {
        self.body.get(element)
    }

    /// Which of the actions that make a reader the statement speaks of.
    pub fn abilities(&self) -> Abilities {
        Abilities::of(self.get("Action"), self.get("NotAction"))
    }

    /// Whether the statement is about one of the actions.
    pub fn about(&self, wanted: &[&str]) -> Able {
        let named = |actions: &Value| {
            let mut found = Able::No;
            each(actions, None, &mut |when, action| {
                let here = match action.as_str() {
                    Some(pattern) if !wanted.iter().any(|action| fits(pattern, action)) => Able::No,
                    Some(_) if when.is_none() => Able::Surely,
                    _ => Able::Maybe,
                };
                found = found.max(here);
            });
            found
        };
        match (self.get("Action"), self.get("NotAction")) {
            (Some(actions), _) => named(actions),
            // Of several that it is wanted for, some may be left.
            (None, Some(all_but)) => {
                if named(all_but) == Able::No {
                    Able::Surely
                } else {
                    Able::Maybe
                }
            }
            (None, None) => Able::No,
        }
    }

    /// The actions as the code spells them, for people.
    pub fn spelled(&self) -> String {
        let (name, actions) = match (self.get("Action"), self.get("NotAction")) {
            (Some(actions), _) => ("Action", actions),
            (None, Some(actions)) => ("NotAction", actions),
            (None, None) => return "no Action".to_owned(),
        };
        let mut names = Vec::new();
        each(actions, None, &mut |_, action| names.extend(action.as_str()));
        let more = if names.len() > MOST_NAMED { ", ..." } else { "" };
        format!("{name}: {}{more}", names.get(..MOST_NAMED).unwrap_or(&names).join(", "))
    }

    pub fn terms(&self) -> Terms<'_> {
        terms(self.get("Condition"))
    }
}

#[derive(Default)]
pub(in crate::services::aws) struct Document {
    pub statements: Vec<Statement>,
    /// Why there may be more statements.
    pub unread: Vec<Doubt>,
}

/// Reads a policy: an object, or the JSON text of one.
pub(in crate::services::aws) fn read(value: &Value) -> Document {
    let mut document = Document::default();
    for (when, value) in value.alternatives() {
        match &value.kind {
            Kind::Null => {}
            // Whom it names would be printed.
            _ if value.sensitive => document.unread.push(unreadable(value, "is marked as sensitive")),
            Kind::Object(_) => document.take(value, when.as_ref()),
            Kind::String(_) | Kind::Template(_) => match document::read(value) {
                Some(policy) => document.take(&policy, when.as_ref()),
                None => document.unread.push(unreadable(value, "is no JSON text that e2e-lint can read")),
            },
            _ => document.unread.push(doubt_of(value)),
        }
    }
    document
}

fn unreadable(value: &Value, why: &str) -> Doubt {
    let settle = "write the policy with jsonencode, as an aws_iam_policy_document or as an object";
    Doubt::new("the policy", format!("the policy {why}"), settle, Some(value.span()))
}

impl Document {
    fn take(&mut self, policy: &Value, when: Option<&When>) {
        let mut count = 0_usize;
        policy.visit(&mut |_| count += 1);
        match policy.get("Statement") {
            _ if count > MOST_VALUES => self.unread.push(unreadable(policy, "is larger than AWS takes")),
            Some(statements) => self.take_statements(statements, when),
            None => self.unread.push(unreadable(policy, "has no Statement")),
        }
    }

    fn take_statements(&mut self, value: &Value, when: Option<&When>) {
        for (condition, value) in value.alternatives() {
            let when = When::both(when, condition.as_ref());
            match &value.kind {
                Kind::Null => {}
                Kind::List(items) => items.iter().for_each(|item| self.take_statements(item, when.as_ref())),
                Kind::Object(elements) => {
                    let effect = value.get("Effect").and_then(Value::as_str);
                    let known = elements.keys().all(|element| ELEMENTS.contains(&&**element));
                    match effect {
                        Some("Allow" | "Deny") if known => {
                            let allows = effect == Some("Allow");
                            self.statements.push(Statement { allows, when, body: value.clone() });
                        }
                        _ => self.unread.push(unreadable(value, "has a statement that e2e-lint cannot read")),
                    }
                }
                _ => self.unread.push(doubt_of(value)),
            }
        }
    }
}

/// Calls `see` for every element of a text or a list of texts, all alternatives included.
pub(in crate::services::aws) fn each<'v>(
    value: &'v Value,
    when: Option<&When>,
    see: &mut dyn FnMut(Option<&When>, &'v Value),
) {
    for (condition, value) in value.alternatives() {
        let when = When::both(when, condition.as_ref());
        match &value.kind {
            Kind::Null => {}
            Kind::List(items) => items.iter().for_each(|item| each(item, when.as_ref(), see)),
            _ => see(when.as_ref(), value),
        }
    }
}
