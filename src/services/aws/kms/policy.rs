//! What a key's own policy and its grants say: who is let in, and who is shut out.
//!
//! Source: "Key policies in AWS KMS", "Determining access to AWS KMS keys".

use crate::model::{Doubt, Evidence};
use crate::services::aws::iam::{self, Abilities, Able, Account, Principal, Roster, Statement, Terms, Who};
use crate::services::world::ResourceId;
use crate::value::{Value, When};

/// Who is let in to do what.
#[derive(Clone)]
pub(super) struct Entry {
    pub who: Who,
    /// Whether it is surely that one.
    pub sure: bool,
    pub abilities: Abilities,
    pub evidence: Evidence,
}

/// Whom a denial shuts out.
enum Shut {
    AllBut(Vec<Principal>),
    These(Vec<Principal>),
    /// Whom, is not understood.
    Some,
}

struct Denial {
    abilities: Abilities,
    shut: Shut,
}

/// How a policy's statements are read: the resource that holds it, and which abilities mean something on the key.
#[derive(Clone, Copy)]
pub(super) struct Scope<'r, 'a> {
    pub roster: &'r Roster<'a>,
    pub from: ResourceId,
    pub agrees: bool,
    pub replicates: bool,
    /// Whether this is surely the policy that is in force.
    pub sure: bool,
    /// When it is the key's, if it is not always.
    pub when: Option<&'r When>,
}

/// All that is said of one key.
#[derive(Default)]
pub(super) struct Reading {
    entries: Vec<Entry>,
    denials: Vec<Denial>,
    pub unread: Vec<Doubt>,
}

impl Reading {
    pub fn add(&mut self, entry: Entry) {
        if entry.abilities.any() {
            self.entries.push(entry);
        }
    }

    pub fn take(&mut self, scope: Scope<'_, '_>, policy: &Value) {
        let document = iam::read(policy);
        self.unread.extend(document.unread);
        for statement in &document.statements {
            let abilities = statement.abilities().on(scope.agrees, scope.replicates);
            if !abilities.any() {
                continue;
            }
            if statement.allows {
                self.allow(scope, statement, abilities, policy);
            } else {
                self.deny(scope, statement, abilities);
            }
        }
    }

    fn allow(&mut self, scope: Scope<'_, '_>, statement: &Statement, abilities: Abilities, policy: &Value) {
        let terms = statement.terms();
        let clear = !terms.unclear && !terms.through_service && terms.other_callers.is_none();
        let abilities = if scope.sure && clear && stands(statement) { abilities } else { abilities.weakened() };
        let principals = match (statement.get("Principal"), statement.get("NotPrincipal")) {
            (Some(named), _) => scope.roster.principals(scope.from, named),
            // Everybody else, those of other accounts included.
            (None, Some(spared)) => {
                vec![Principal { who: Who::Everyone, sure: true, when: None, place: spared.clone() }]
            }
            (None, None) => Vec::new(),
        };
        let meaning = match scope.when {
            Some(when) => format!("the key's policy allows it when {}", when.text()),
            None => "the key's policy allows it".to_owned(),
        };
        for named in principals {
            for principal in limited(scope, named, &terms) {
                // A text inside a policy has the policy's place; a value of its own has a better one.
                let place = if principal.place.span() == policy.span() { policy } else { &principal.place };
                let evidence = Evidence::new(statement.spelled(), meaning.as_str(), place.span());
                let sure = principal.sure && principal.when.is_none();
                self.add(Entry { who: principal.who, sure, abilities, evidence: evidence.along(place) });
            }
        }
    }

    fn deny(&mut self, scope: Scope<'_, '_>, statement: &Statement, abilities: Abilities) {
        let terms = statement.terms();
        if terms.by_way {
            return;
        }
        let named = statement.get("Principal").map(|named| scope.roster.principals(scope.from, named));
        let is_everyone = |named: &Vec<Principal>| matches!(named.as_slice(), [one] if one.who == Who::Everyone);
        let everyone = named.as_ref().is_some_and(is_everyone);
        let understood =
            scope.sure && stands(statement) && !terms.unclear && !terms.through_service && !terms.narrows();
        let shut = match (named, terms.other_callers) {
            _ if !understood => Shut::Some,
            (Some(_), None) if everyone => Shut::AllBut(Vec::new()),
            (Some(_), Some(spared)) if everyone => Shut::AllBut(scope.roster.callers(scope.from, spared)),
            (Some(named), None) => Shut::These(named),
            _ => Shut::Some,
        };
        self.denials.push(Denial { abilities, shut });
    }

    /// Everybody who is let in and not shut out. Of a group that is shut out but for some, those some are left.
    pub fn admitted(&self) -> Vec<Entry> {
        let mut found = Vec::new();
        for entry in &self.entries {
            if is_group(&entry.who) {
                for denial in &self.denials {
                    let Shut::AllBut(spared) = &denial.shut else { continue };
                    for principal in spared {
                        let abilities = match is_group(&principal.who) {
                            true => entry.abilities.weakened(),
                            false => self.left(&principal.who, entry.abilities),
                        };
                        let (who, evidence) = (principal.who.clone(), entry.evidence.clone());
                        found.push(Entry { who, sure: false, abilities, evidence });
                    }
                }
            }
            let abilities = self.left(&entry.who, entry.abilities);
            found.push(Entry { abilities, ..entry.clone() });
        }
        found.retain(|entry| entry.abilities.any());
        found
    }

    /// What the account's own policies may give, before denials: `None` where the key leaves no choice to the account.
    pub fn left_to_account(&self) -> Option<Abilities> {
        let of_account = self.entries.iter().filter(|entry| entry.who == Who::Account(Account::Own));
        of_account.map(|entry| entry.abilities).reduce(Abilities::or)
    }

    /// What the denials leave somebody of the abilities.
    pub fn left(&self, who: &Who, abilities: Abilities) -> Abilities {
        self.denials.iter().fold(abilities, |left, denial| {
            let hit = match &denial.shut {
                Shut::Some => Able::Maybe,
                Shut::These(named) => is_among(who, named),
                Shut::AllBut(_) if is_group(who) => Able::Surely,
                Shut::AllBut(spared) => match is_among(who, spared) {
                    Able::No => Able::Surely,
                    Able::Maybe => Able::Maybe,
                    Able::Surely => Able::No,
                },
            };
            match hit {
                Able::No => left,
                Able::Maybe => left.without(&denial.abilities.weakened()),
                Able::Surely => left.without(&denial.abilities),
            }
        })
    }
}

/// Whether the statement is always there and about this key: in a key policy, `*` is the key itself.
fn stands(statement: &Statement) -> bool {
    let here = |resources: &Value| resources.as_str() == Some("*");
    let here = statement
        .get("Resource")
        .is_none_or(|resources| here(resources) || resources.as_list().is_some_and(|items| items.iter().any(here)));
    here && statement.get("NotResource").is_none() && statement.when.is_none()
}

/// Whom a statement lets in once its conditions on the caller are applied.
fn limited(scope: Scope<'_, '_>, principal: Principal, terms: &Terms<'_>) -> Vec<Principal> {
    let again = |who: Who, sure: bool| Principal { who, sure, ..principal.clone() };
    let group = matches!(principal.who, Who::Everyone | Who::Account(_));
    match (&principal.who, terms.callers, terms.accounts) {
        (Who::Everyone, Some(callers), _) => scope.roster.callers(scope.from, callers),
        // The account's policies have to let them as well.
        (Who::Account(_), Some(callers), _) => {
            let callers = scope.roster.callers(scope.from, callers);
            callers.into_iter().map(|caller| Principal { sure: false, ..caller }).collect()
        }
        (Who::Everyone, None, Some(accounts)) => {
            let accounts = scope.roster.accounts(scope.from, accounts).into_iter();
            accounts.map(|account| again(Who::Members(account), true)).collect()
        }
        (Who::Everyone, None, None) if terms.organisation => {
            vec![again(Who::Organisation, true)]
        }
        _ if group || !terms.narrows() => vec![principal.clone()],
        _ => vec![again(principal.who.clone(), false)],
    }
}

/// Parties of which it is not one identity that is meant.
fn is_group(who: &Who) -> bool {
    matches!(who, Who::Everyone | Who::Account(_) | Who::Members(_) | Who::Organisation | Who::Pattern(_))
}

fn is_among(who: &Who, named: &[Principal]) -> Able {
    let same = |principal: &Principal| match (&principal.who, who) {
        (Who::Everyone, _) => Able::Surely,
        (first, second) if first == second && !is_group(first) => {
            if principal.sure && principal.when.is_none() {
                Able::Surely
            } else {
                Able::Maybe
            }
        }
        (Who::Identity(_) | Who::Service(_), Who::Identity(_) | Who::Service(_)) => Able::No,
        _ => Able::Maybe,
    };
    named.iter().map(same).max().unwrap_or(Able::No)
}
