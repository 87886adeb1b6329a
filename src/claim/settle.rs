//! What would settle a claim that is unproven: the fewest conditions and unknowns that keep it from being proven.

use super::judge::{Judgement, Verdict, judge};
use super::{Claim, Gap};
use crate::model::{Doubt, Model};
use crate::path::Graph;
use crate::value::{Formula, When};
use std::collections::BTreeSet;

/// How many combinations of conditions are tried for a claim; each is a judgement of its own.
const MOST_TRIALS: usize = 64;

/// Hops of all trials for all claims of a deployment together.
const MOST_HOPS: usize = 1_000_000;

/// How many conditions are told together at most.
const MOST_CONDITIONS: usize = 3;

/// How many trials each of so many unproven claims gets: the same for all, so that none hangs on the order of the claims.
pub fn trials(model: &Model, unproven: usize) -> usize {
    MOST_TRIALS.min(MOST_HOPS / (model.hops.len() * unproven).max(1))
}

/// The unknowns of an unproven claim, conditions first. Once all of them are known, and the conditions as told, the claim is
/// proven or refuted. Where no few conditions are enough, or none were found in so many `trials`, those of each possible
/// reader are listed.
pub fn unknowns(claim: &Claim, model: &Model, graph: &Graph, judgement: &Judgement, trials: usize) -> Vec<Doubt> {
    let gaps = |gaps: &[Gap]| gaps.iter().map(|gap| gap.doubt.clone()).collect::<Vec<_>>();
    if judgement.verdict != Verdict::Unproven {
        return gaps(&judgement.gaps);
    }
    let conditions = conditions(graph, judgement);
    let doubts = ways_in_doubt(model, graph, judgement);
    let mut found = match fewest(claim, model, &conditions, trials) {
        Some((chosen, left)) => {
            let mut found: Vec<Doubt> = chosen.iter().map(favourable).collect();
            found.extend(gaps(&left));
            found
        }
        None => {
            let open = conditions.iter().filter(|_| !judgement.readers.is_empty());
            let mut found: Vec<Doubt> = open.map(undecided).collect();
            found.extend(gaps(&judgement.gaps));
            found
        }
    };
    found.extend(doubts);
    let mut seen = BTreeSet::new();
    found.retain(|doubt| seen.insert((doubt.what.clone(), doubt.span)));
    found
}

/// Atoms of the conditions under which somebody can read or something is not known, in the order of the ways.
fn conditions(graph: &Graph, judgement: &Judgement) -> Vec<When> {
    let mut found: Vec<When> = Vec::new();
    let steps = judgement.witnesses.iter().flatten().chain(&judgement.steps);
    let stored = judgement.at_rest.iter().filter_map(|gap| gap.data.when.as_ref());
    for atom in steps.filter_map(|id| graph.step(*id).when.as_ref()).chain(stored).flat_map(When::atoms) {
        if !found.contains(&atom) {
            found.push(atom);
        }
    }
    found
}

/// Why it is not sure that the message goes where somebody may read it.
fn ways_in_doubt(model: &Model, graph: &Graph, judgement: &Judgement) -> Vec<Doubt> {
    let possible = judgement.readers.iter().zip(&judgement.witnesses).filter(|(reader, _)| !reader.certain);
    let steps = possible.flat_map(|(_, way)| way);
    steps.filter_map(|id| model.hop(graph.step(*id).hop).doubt.clone()).collect()
}

/// The smallest set of conditions, each as it would have to be, under which nobody can read any more; and what is left unknown
/// then. `None` where none is needed, or none was found within the trials.
fn fewest(claim: &Claim, model: &Model, conditions: &[When], mut trials: usize) -> Option<(Vec<When>, Vec<Gap>)> {
    if !claim.declared {
        return None;
    }
    let literals: Vec<When> = conditions.iter().flat_map(|atom| [refuted(atom), atom.clone()]).collect();
    let mut open: Vec<Vec<When>> = vec![Vec::new()];
    for _ in 0..MOST_CONDITIONS {
        let mut longer = Vec::new();
        let mut best: Option<(Vec<When>, Vec<Gap>)> = None;
        for (chosen, literal) in open.iter().flat_map(|chosen| literals.iter().map(move |literal| (chosen, literal))) {
            if chosen.iter().any(|other| !other.compatible(literal) || !other.compatible(&literal.negated())) {
                continue;
            }
            trials = trials.checked_sub(1)?;
            let together: Vec<When> = chosen.iter().chain([literal]).cloned().collect();
            if let Some(left) = nobody_reads(claim, model, &together) {
                let better = best.as_ref().is_none_or(|(_, known)| left.len() < known.len());
                best = if better { Some((together, left)) } else { best };
            } else {
                longer.push(together);
            }
        }
        if best.is_some() {
            return best;
        }
        open = longer;
    }
    None
}

/// What is left unknown where the conditions hold, if nobody outside the ends can read then.
fn nobody_reads(claim: &Claim, model: &Model, conditions: &[When]) -> Option<Vec<Gap>> {
    let given = conditions.iter().cloned().reduce(|first, second| first.and(&second))?;
    let model = model.given(&given);
    let judgement = judge(claim, &model, &Graph::new(&model));
    match judgement.verdict {
        Verdict::Holds => Some(Vec::new()),
        Verdict::Unproven
            if judgement.readers.is_empty() && judgement.weak.is_empty() && judgement.at_rest.is_empty() =>
        {
            Some(judgement.gaps)
        }
        _ => None,
    }
}

fn refuted(atom: &When) -> When {
    let negated = atom.negated();
    match atom.formula().told(false) {
        Some(text) => When::new(text, Formula::clone(negated.formula())),
        None => negated,
    }
}

fn favourable(condition: &When) -> Doubt {
    let what: Vec<String> = condition.atoms().iter().map(|atom| atom.subject()).collect();
    let what = what.join(", ");
    let text = condition.text();
    // A switch, or a comparison that names the value.
    let is_switch = !text.contains([' ', '(', '"']);
    let settle = match &**condition.formula() {
        Formula::Equals { .. } => format!("the claim needs `{text}`: give it that value"),
        _ if is_switch => format!("the claim needs `{text}`: give it that value"),
        _ => format!("the claim needs `{text}`: give what it hangs on such a value"),
    };
    Doubt::new(what, format!("it is not known whether {}", condition.text()), settle, None)
}

fn undecided(condition: &When) -> Doubt {
    let what = condition.subject();
    Doubt::new(what, format!("it is not known whether {}", condition.text()), "give it a value", None)
}
