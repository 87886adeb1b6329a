//! Judging by cases: readers that read under a condition each, of which one reads whatever is the case.

use crate::path::{Reader, Ways, Witness};
use crate::value::{Formula, When};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// At most this many different conditions are looked at together.
const MOST_CONDITIONS: usize = 64;

/// A reader and what its witness hangs on.
struct Conditional<'a> {
    reader: Reader,
    whens: Vec<&'a When>,
    formula: Arc<Formula>,
}

/// Readers of which in every case at least one reads for certain, each with the condition under which it does; none where some
/// case is left out. A reader counts by its one witness.
pub(super) fn in_every_case<'r>(
    ways: &Ways<'_>,
    readers: impl IntoIterator<Item = (&'r Reader, &'r Witness)>,
) -> Vec<(Reader, When)> {
    let mut found: Vec<Conditional<'_>> = Vec::new();
    let mut seen = BTreeSet::new();
    for (reader, witness) in readers {
        let Some(whens) = ways.conditions(reader, witness) else { continue };
        let parts: BTreeSet<Arc<Formula>> = whens.iter().map(|when| Arc::clone(when.formula())).collect();
        let formula = Arc::new(Formula::All(parts.into_iter().collect()));
        if formula.is_small() && seen.insert(Arc::clone(&formula)) {
            found.push(Conditional { reader: *reader, whens, formula });
        }
    }
    let formulas: Vec<Arc<Formula>> = found.iter().map(|one| Arc::clone(&one.formula)).collect();
    let chosen = covering(&formulas).into_iter().filter_map(|position| found.get(position));
    chosen.filter_map(|one| Some((one.reader, together(&one.whens)?))).collect()
}

/// Positions of formulas of which at least one is true whatever the atoms are; none where they leave a case out, or where that
/// is not seen within the bounds.
fn covering(formulas: &[Arc<Formula>]) -> Vec<usize> {
    let mut candidates = worth_a_look(formulas);
    candidates.truncate(MOST_CONDITIONS);
    let mut chosen: Vec<(usize, &Arc<Formula>)> = Vec::new();
    for candidate in candidates {
        let mut parts = opposites(&chosen);
        parts.push(Arc::clone(candidate.1));
        let adds_a_case = Formula::All(parts);
        if !adds_a_case.is_small() || !adds_a_case.satisfiable() {
            continue;
        }
        chosen.push(candidate);
        if !Formula::All(opposites(&chosen)).satisfiable() {
            return needed(chosen).into_iter().map(|(position, _)| position).collect();
        }
    }
    Vec::new()
}

/// Those without which a case would be left out.
fn needed(mut chosen: Vec<(usize, &Arc<Formula>)>) -> Vec<(usize, &Arc<Formula>)> {
    let mut position = 0;
    while position < chosen.len() {
        let one = chosen.remove(position);
        if Formula::All(opposites(&chosen)).satisfiable() {
            chosen.insert(position, one);
            position += 1;
        }
    }
    chosen
}

fn opposites(of: &[(usize, &Arc<Formula>)]) -> Vec<Arc<Formula>> {
    of.iter().map(|(_, formula)| Formula::opposite(formula)).collect()
}

/// Formulas with few atoms first, without those that alone say something of a subject: what they add depends on it, and no
/// other formula has the cases in which it is otherwise.
fn worth_a_look(formulas: &[Arc<Formula>]) -> Vec<(usize, &Arc<Formula>)> {
    let all: Vec<BTreeSet<Formula>> = formulas.iter().map(|formula| subjects(formula)).collect();
    let mut uses: BTreeMap<&Formula, usize> = BTreeMap::new();
    for subject in all.iter().flatten() {
        *uses.entry(subject).or_default() += 1;
    }
    let is_shared = |subject: &Formula| uses.get(subject).is_some_and(|count| *count > 1);
    let shares = |subjects: &BTreeSet<Formula>| subjects.iter().all(is_shared);
    let numbered = formulas.iter().enumerate().zip(&all).filter(|(_, subjects)| shares(subjects));
    let mut found: Vec<_> = numbered.map(|(formula, subjects)| (subjects.len(), formula)).collect();
    found.sort_by_key(|(count, _)| *count);
    found.into_iter().map(|(_, formula)| formula).collect()
}

/// What the atoms speak of: of comparisons that which is compared.
fn subjects(formula: &Formula) -> BTreeSet<Formula> {
    let mut atoms = BTreeSet::new();
    formula.atoms(&mut atoms);
    atoms.into_iter().map(subject).collect()
}

fn subject(atom: &Formula) -> Formula {
    match atom {
        Formula::Equals { subject, .. } => Formula::Atom(Arc::clone(subject)),
        Formula::In { stack, atom } => Formula::In { stack: Arc::clone(stack), atom: Arc::new(subject(atom)) },
        other => other.clone(),
    }
}

/// All conditions in one, without those that follow from the ones before.
fn together(whens: &[&When]) -> Option<When> {
    let (first, rest) = whens.split_first()?;
    let add = |all: When, when: &&When| if all.compatible(&when.negated()) { all.and(when) } else { all };
    Some(rest.iter().fold((*first).clone(), add))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(name: &str) -> Arc<Formula> {
        Arc::new(Formula::Atom(name.into()))
    }

    fn not(formula: &Arc<Formula>) -> Arc<Formula> {
        Formula::opposite(formula)
    }

    fn both(first: &Arc<Formula>, second: &Arc<Formula>) -> Arc<Formula> {
        Arc::new(Formula::All(vec![Arc::clone(first), Arc::clone(second)]))
    }

    #[test]
    fn a_condition_and_its_opposite_leave_no_case_out() {
        let (x, y) = (atom("x"), atom("y"));
        assert_eq!(covering(&[x.clone(), not(&x)]), [0, 1]);
        assert_eq!(covering(&[both(&x, &y), x.clone(), y.clone(), not(&x)]), [1, 3], "what adds no case is left out");
        assert_eq!(covering(&[both(&x, &y), both(&x, &not(&y)), not(&x)]), [2, 0, 1], "the simplest comes first");
    }

    #[test]
    fn a_case_left_out_leaves_all_open() {
        let (x, y) = (atom("x"), atom("y"));
        assert!(covering(&[]).is_empty());
        assert!(covering(&[x.clone(), y.clone()]).is_empty());
        assert!(covering(&[both(&x, &y), both(&not(&x), &not(&y)), both(&x, &not(&y))]).is_empty());
        let equals = |value: &str| Arc::new(Formula::equals("env", value));
        let (prod, dev) = (equals("prod"), equals("dev"));
        assert!(covering(&[prod.clone(), dev.clone()]).is_empty(), "a third value is possible");
        assert_eq!(covering(&[not(&prod), not(&dev)]).len(), 2, "one of two values it is not");
    }

    #[test]
    fn conditions_that_decide_nothing_do_not_use_up_the_bound() {
        let x = atom("x");
        let mut formulas: Vec<_> = (0..100).map(|number| atom(&format!("c{number}"))).collect();
        formulas.extend([x.clone(), not(&x)]);
        assert_eq!(covering(&formulas), [100, 101]);
    }

    #[test]
    fn above_the_bound_nothing_becomes_certain() {
        let all: Vec<Arc<Formula>> = (0..30).map(|number| atom(&format!("c{number}"))).collect();
        let every = Arc::new(Formula::All(all.clone()));
        assert!(covering(&[every.clone(), not(&every)]).is_empty());
    }
}
