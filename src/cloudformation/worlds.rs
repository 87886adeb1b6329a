//! Which conditions can hold together: formulas over parameters and other unknowns, and what is assumed where a value stands.

use crate::value::Formula;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The only values that a subject can have, from a parameter's `AllowedValues`. Subjects without entry can have any.
pub(crate) type Domains = BTreeMap<Arc<str>, Vec<Arc<str>>>;

/// Combinations that one value may be worked out for.
pub(crate) const MOST_LEAVES: usize = 64;

/// Steps after which a search is given up: the formulas then count as satisfiable.
const MOST_STEPS: u32 = 20_000;

/// What is assumed at a place of the template: the branches taken to get there.
#[derive(Clone, Debug)]
pub(crate) struct Worlds {
    assumed: Vec<Arc<Formula>>,
    /// How many combinations are being worked out side by side.
    pub(crate) leaves: usize,
    /// Parameters without a value stay unknown, though the values they can have are known.
    pub(crate) plain: bool,
}

/// Whether a condition is decided by what is assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Always,
    Never,
    Open,
}

impl Worlds {
    /// Nothing is assumed.
    pub(crate) fn all() -> Self {
        Self { assumed: Vec::new(), leaves: 1, plain: false }
    }

    pub(crate) fn and(&self, formula: &Arc<Formula>) -> Self {
        let mut next = self.clone();
        if !next.assumed.contains(formula) {
            next.assumed.push(Arc::clone(formula));
        }
        next
    }

    /// The same with parameters left unknown.
    pub(crate) fn plain(&self) -> Self {
        Self { plain: true, ..self.clone() }
    }

    pub(crate) fn with_leaves(mut self, leaves: usize) -> Self {
        self.leaves = leaves;
        self
    }

    pub(crate) fn possible(&self, domains: &Domains) -> bool {
        satisfiable(&self.assumed, domains)
    }

    pub(crate) fn decide(&self, formula: &Arc<Formula>, domains: &Domains) -> Truth {
        let mut formulas = self.assumed.clone();
        formulas.push(Arc::clone(formula));
        if !satisfiable(&formulas, domains) {
            return Truth::Never;
        }
        formulas.pop();
        formulas.push(not(formula));
        if satisfiable(&formulas, domains) { Truth::Open } else { Truth::Always }
    }

    /// The one value that an unknown subject has here, if what is assumed leaves no other.
    pub(crate) fn pinned(&self, subject: &str, domains: &Domains) -> Option<Arc<str>> {
        let mut constants: BTreeSet<Arc<str>> = BTreeSet::new();
        for formula in &self.assumed {
            constants_of(formula, subject, &mut constants);
        }
        constants.into_iter().find(|value| {
            let equals = Arc::new(Formula::equals(subject, Arc::clone(value)));
            self.decide(&equals, domains) == Truth::Always
        })
    }
}

pub(crate) fn always() -> Arc<Formula> {
    Arc::new(Formula::All(Vec::new()))
}

pub(crate) fn never() -> Arc<Formula> {
    Arc::new(Formula::Any(Vec::new()))
}

pub(crate) fn not(formula: &Arc<Formula>) -> Arc<Formula> {
    match &**formula {
        Formula::Not(inner) => Arc::clone(inner),
        Formula::All(parts) if parts.is_empty() => never(),
        Formula::Any(parts) if parts.is_empty() => always(),
        _ => Arc::new(Formula::Not(Arc::clone(formula))),
    }
}

pub(crate) fn is_always(formula: &Formula) -> bool {
    matches!(formula, Formula::All(parts) if parts.is_empty())
}

pub(crate) fn is_never(formula: &Formula) -> bool {
    matches!(formula, Formula::Any(parts) if parts.is_empty())
}

/// All parts hold; constants are folded.
pub(crate) fn all(parts: Vec<Arc<Formula>>) -> Arc<Formula> {
    if parts.iter().any(|part| is_never(part)) {
        return never();
    }
    let mut kept: Vec<Arc<Formula>> = parts.into_iter().filter(|part| !is_always(part)).collect();
    match kept.pop() {
        Some(only) if kept.is_empty() => only,
        Some(last) => {
            kept.push(last);
            Arc::new(Formula::All(kept))
        }
        None => always(),
    }
}

/// Some part holds; constants are folded.
pub(crate) fn any(parts: Vec<Arc<Formula>>) -> Arc<Formula> {
    if parts.iter().any(|part| is_always(part)) {
        return always();
    }
    let mut kept: Vec<Arc<Formula>> = parts.into_iter().filter(|part| !is_never(part)).collect();
    match kept.pop() {
        Some(only) if kept.is_empty() => only,
        Some(last) => {
            kept.push(last);
            Arc::new(Formula::Any(kept))
        }
        None => never(),
    }
}

/// Number of operators and atoms, counted up to a bound.
pub(crate) fn weight(formula: &Formula, bound: u32) -> u32 {
    if bound == 0 {
        return 1;
    }
    match formula {
        Formula::Atom(_) | Formula::Equals { .. } | Formula::In { .. } => 1,
        Formula::Not(inner) => 1 + weight(inner, bound - 1),
        Formula::All(parts) | Formula::Any(parts) => {
            let mut total: u32 = 1;
            for part in parts {
                if total >= bound {
                    break;
                }
                total = total.saturating_add(weight(part, bound - total));
            }
            total
        }
    }
}

fn constants_of(formula: &Formula, wanted: &str, found: &mut BTreeSet<Arc<str>>) {
    match formula {
        Formula::Equals { subject, value, .. } if &**subject == wanted => {
            found.insert(Arc::clone(value));
        }
        Formula::Atom(_) | Formula::Equals { .. } | Formula::In { .. } => {}
        Formula::Not(inner) => constants_of(inner, wanted, found),
        Formula::All(parts) | Formula::Any(parts) => parts.iter().for_each(|part| constants_of(part, wanted, found)),
    }
}

/// What a variable of the search can be: true or false for an atom, a constant or something else for a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Guess {
    Bool(bool),
    Constant(Arc<str>),
    Other,
}

#[derive(Default)]
struct Variables {
    /// Constants that a subject is compared with.
    subjects: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    atoms: BTreeSet<Arc<str>>,
}

impl Variables {
    fn collect(&mut self, formula: &Formula) {
        match formula {
            Formula::Atom(name) => {
                self.atoms.insert(Arc::clone(name));
            }
            Formula::Equals { subject, value, .. } => {
                self.subjects.entry(Arc::clone(subject)).or_default().insert(Arc::clone(value));
            }
            // What another stack means by its conditions is open here.
            Formula::In { .. } => {}
            Formula::Not(inner) => self.collect(inner),
            Formula::All(parts) | Formula::Any(parts) => parts.iter().for_each(|part| self.collect(part)),
        }
    }

    /// Every variable with what it can be.
    fn options(&self, domains: &Domains) -> Vec<(Variable, Vec<Guess>)> {
        let mut options: Vec<(Variable, Vec<Guess>)> = Vec::new();
        for (subject, constants) in &self.subjects {
            let allowed = domains.get(subject);
            let mut guesses: Vec<Guess> = constants
                .iter()
                .filter(|value| allowed.is_none_or(|allowed| allowed.contains(value)))
                .map(|value| Guess::Constant(Arc::clone(value)))
                .collect();
            if allowed.is_none_or(|allowed| allowed.iter().any(|value| !constants.contains(value))) {
                guesses.push(Guess::Other);
            }
            options.push((Variable::Subject(Arc::clone(subject)), guesses));
        }
        for atom in &self.atoms {
            options.push((Variable::Atom(Arc::clone(atom)), vec![Guess::Bool(true), Guess::Bool(false)]));
        }
        options
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Variable {
    Subject(Arc<str>),
    Atom(Arc<str>),
}

type Guesses = BTreeMap<Variable, Guess>;

/// False only where no assignment makes all formulas true.
pub(crate) fn satisfiable(formulas: &[Arc<Formula>], domains: &Domains) -> bool {
    if formulas.is_empty() {
        return true;
    }
    let mut variables = Variables::default();
    for formula in formulas {
        variables.collect(formula);
    }
    let options = variables.options(domains);
    let steps = Cell::new(MOST_STEPS);
    search(formulas, &options, &mut Guesses::new(), &steps)
}

fn search(
    formulas: &[Arc<Formula>],
    options: &[(Variable, Vec<Guess>)],
    guesses: &mut Guesses,
    steps: &Cell<u32>,
) -> bool {
    if steps.get() == 0 {
        return true;
    }
    steps.set(steps.get() - 1);
    let mut open = false;
    for formula in formulas {
        match truth(formula, guesses) {
            Some(false) => return false,
            Some(true) => {}
            None => open = true,
        }
    }
    let Some(((variable, choices), rest)) = options.split_first() else { return true };
    if !open {
        return true;
    }
    for choice in choices {
        guesses.insert(variable.clone(), choice.clone());
        if search(formulas, rest, guesses, steps) {
            return true;
        }
    }
    guesses.remove(variable);
    false
}

/// The truth of a formula, `None` where the guesses made so far do not tell.
fn truth(formula: &Formula, guesses: &Guesses) -> Option<bool> {
    match formula {
        Formula::Atom(name) => match guesses.get(&Variable::Atom(Arc::clone(name))) {
            Some(Guess::Bool(value)) => Some(*value),
            _ => None,
        },
        Formula::Equals { subject, value, .. } => match guesses.get(&Variable::Subject(Arc::clone(subject))) {
            Some(Guess::Constant(constant)) => Some(constant == value),
            Some(_) => Some(false),
            None => None,
        },
        Formula::In { .. } => None,
        Formula::Not(inner) => truth(inner, guesses).map(|value| !value),
        Formula::All(parts) => {
            let mut result = Some(true);
            for part in parts {
                match truth(part, guesses) {
                    Some(false) => return Some(false),
                    Some(true) => {}
                    None => result = None,
                }
            }
            result
        }
        Formula::Any(parts) => {
            let mut result = Some(false);
            for part in parts {
                match truth(part, guesses) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => result = None,
                }
            }
            result
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equals(subject: &str, value: &str) -> Arc<Formula> {
        Arc::new(Formula::equals(subject, value))
    }

    #[test]
    fn one_subject_has_one_value() {
        let domains = Domains::new();
        let worlds = Worlds::all().and(&equals("Env", "prod"));
        assert_eq!(worlds.decide(&equals("Env", "dev"), &domains), Truth::Never);
        assert_eq!(worlds.decide(&equals("Env", "prod"), &domains), Truth::Always);
        assert_eq!(worlds.decide(&equals("Size", "big"), &domains), Truth::Open);
        assert_eq!(worlds.pinned("Env", &domains).as_deref(), Some("prod"));
    }

    #[test]
    fn allowed_values_are_exhaustive() {
        let mut domains = Domains::new();
        domains.insert("Env".into(), vec!["dev".into(), "prod".into()]);
        let worlds = Worlds::all().and(&not(&equals("Env", "prod")));
        assert_eq!(worlds.decide(&equals("Env", "dev"), &domains), Truth::Always);
        assert_eq!(Worlds::all().decide(&equals("Env", "staging"), &domains), Truth::Never);
    }

    #[test]
    fn constants_fold() {
        assert!(is_always(&all(vec![always(), not(&never())])));
        assert!(is_never(&any(vec![never()])));
        assert_eq!(*all(vec![always(), equals("a", "b")]), *equals("a", "b"));
    }
}
