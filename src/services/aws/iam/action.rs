//! Which actions make a reader, and whether a policy's patterns hold them.
//!
//! Source: "AWS KMS permissions"; Security Hub's controls KMS.1 and KMS.2 count the same actions as decryption, key agreement
//! aside.

use super::document::each;
use crate::glob;
use crate::value::Value;

/// The actions that give the plaintext, then those by which a party can give itself one of them.
const ACTIONS: [&str; 6] = [
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:DeriveSharedSecret",
    "kms:PutKeyPolicy",
    "kms:CreateGrant",
    "kms:ReplicateKey",
];
const READING: std::ops::Range<usize> = 0..3;
const ESCALATING: std::ops::Range<usize> = 3..6;
const KEY_AGREEMENT: usize = 2;
const REPLICATION: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::aws) enum Able {
    No,
    Maybe,
    Surely,
}

/// What of [`ACTIONS`] a party may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::aws) struct Abilities([Able; 6]);

impl Abilities {
    pub fn none() -> Self {
        Self([Able::No; 6])
    }

    pub fn all() -> Self {
        Self([Able::Surely; 6])
    }

    /// By a statement's `Action` or, where that is absent, its `NotAction`.
    pub fn of(actions: Option<&Value>, all_but: Option<&Value>) -> Self {
        match (actions, all_but) {
            (Some(actions), _) => Self::listed(actions, ""),
            (None, Some(all_but)) => Self(Self::listed(all_but, "").0.map(|able| match able {
                Able::No => Able::Surely,
                Able::Maybe => Able::Maybe,
                Able::Surely => Able::No,
            })),
            (None, None) => Self::none(),
        }
    }

    /// By a grant's operations, which are actions without the service.
    pub fn of_operations(operations: &Value) -> Self {
        Self::listed(operations, "kms:")
    }

    fn listed(patterns: &Value, service: &str) -> Self {
        let mut found = Self::none();
        each(patterns, None, &mut |when, pattern| {
            for (action, able) in ACTIONS.iter().zip(&mut found.0) {
                let here = match pattern.as_str() {
                    Some(pattern) if !fits(&format!("{service}{pattern}"), action) => Able::No,
                    Some(_) if when.is_none() => Able::Surely,
                    _ => Able::Maybe,
                };
                *able = (*able).max(here);
            }
        });
        found
    }

    /// Leaves out what does nothing on a key that neither agrees on keys nor has replicas.
    #[must_use]
    pub fn on(mut self, agrees: bool, replicates: bool) -> Self {
        for (index, applies) in [(KEY_AGREEMENT, agrees), (REPLICATION, replicates)] {
            if let Some(able) = self.0.get_mut(index).filter(|_| !applies) {
                *able = Able::No;
            }
        }
        self
    }

    pub fn reads(&self) -> Able {
        self.most(READING)
    }

    pub fn escalates(&self) -> Able {
        self.most(ESCALATING)
    }

    pub fn any(&self) -> bool {
        self.most(0..ACTIONS.len()) > Able::No
    }

    fn most(&self, range: std::ops::Range<usize>) -> Able {
        self.0.get(range).into_iter().flatten().copied().max().unwrap_or(Able::No)
    }

    /// The same, but nothing for sure.
    #[must_use]
    pub fn weakened(self) -> Self {
        Self(self.0.map(|able| able.min(Able::Maybe)))
    }

    /// What either lets do.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(able, other)| *able = (*able).max(other));
        self
    }

    /// What both let do.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(able, other)| *able = (*able).min(other));
        self
    }

    /// What is left when the surely denied is taken away; what is only possibly denied is no longer sure.
    #[must_use]
    pub fn without(mut self, denied: &Self) -> Self {
        for (able, denied) in self.0.iter_mut().zip(denied.0) {
            *able = match denied {
                Able::No => *able,
                Able::Maybe => (*able).min(Able::Maybe),
                Able::Surely => Able::No,
            };
        }
        self
    }
}

/// Patterns of actions and resources: `*` is any text, `?` any character, case does not count.
pub(in crate::services::aws) fn fits(pattern: &str, text: &str) -> bool {
    glob::fits_with_one(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    fn text(text: &str) -> Value {
        Value::string(text, Span::new(Sources::new().add("a", ""), 0, 0))
    }

    #[test]
    fn wildcards_hold_what_the_administrators_statement_gives() {
        let administrators = Abilities::of(Some(&text("kms:Create*")), None);
        assert_eq!((administrators.reads(), administrators.escalates()), (Able::No, Able::Surely));
        assert_eq!(Abilities::of(Some(&text("KMS:De*")), None).reads(), Able::Surely);
        assert_eq!(Abilities::of(Some(&text("kms:Describe?ey")), None), Abilities::none());
    }

    #[test]
    fn not_action_is_everything_else() {
        assert_eq!(Abilities::of(None, Some(&text("iam:*"))), Abilities::all());
        assert_eq!(Abilities::of(None, Some(&text("kms:*"))), Abilities::none());
    }

    #[test]
    fn a_denial_takes_away_only_what_it_names() {
        let left = Abilities::all().without(&Abilities::of(Some(&text("kms:Decrypt")), None));
        assert_eq!(left.reads(), Able::Surely, "ReEncryptFrom reads as well");
        assert_eq!(Abilities::all().without(&Abilities::of(Some(&text("kms:*")), None)), Abilities::none());
    }
}
