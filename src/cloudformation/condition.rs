//! Conditions as formulas over what is unknown in them; what is known is worked out.

use super::content::{has_unknown, same, subject};
use super::scope::{Progress, Scope};
use super::tree::{Entry, Node};
use super::worlds::{Worlds, all, always, any, never, not, weight};
use crate::source::Span;
use crate::value::{Formula, Kind, Value, When};
use std::sync::Arc;

/// A formula larger than this becomes an atom of its own.
const LARGEST: u32 = 400;

impl Scope<'_> {
    /// The formula of a condition by name; the error says why there is none, and is recorded as a problem.
    pub(crate) fn condition(&self, name: &str, span: Span) -> Result<Arc<Formula>, String> {
        let known = self.conditions.borrow().get(name).cloned();
        match known {
            Some(Progress::Done(result)) => return result,
            Some(Progress::Busy) => return Err(self.refuse(format!("the condition {name} refers to itself"), span)),
            None => {}
        }
        let Some(entry) = self.sections.conditions.get(name) else {
            return Err(self.refuse(format!("the condition {name} is not declared"), span));
        };
        self.conditions.borrow_mut().insert(Arc::clone(&entry.key), Progress::Busy);
        let result = self.bounded(entry, span);
        self.conditions.borrow_mut().insert(Arc::clone(&entry.key), Progress::Done(result.clone()));
        result
    }

    /// The condition as values carry it: its name as text.
    pub(crate) fn when(&self, name: &str, span: Span) -> Result<When, String> {
        let formula = self.condition(name, span)?;
        Ok(When::new(name, (*formula).clone()))
    }

    fn refuse(&self, message: String, span: Span) -> String {
        self.ledger.warn(message.clone(), span);
        message
    }

    fn bounded(&self, entry: &Entry, span: Span) -> Result<Arc<Formula>, String> {
        if !self.ledger.enter() {
            return Err(self.refuse(format!("the condition {} is too deep to evaluate", entry.key), span));
        }
        let result = self.formula(&entry.value);
        self.ledger.leave();
        let formula = result?;
        if weight(&formula, LARGEST + 1) > LARGEST {
            self.ledger.warn(format!("the condition {} is too large to look into", entry.key), entry.key_span);
            return Ok(Arc::new(Formula::Atom(format!("{}{}", self.place.prefix, entry.key).into())));
        }
        Ok(formula)
    }

    fn formula(&self, node: &Arc<Node>) -> Result<Arc<Formula>, String> {
        if let Some(value) = truth_text(node) {
            return Ok(if value { always() } else { never() });
        }
        let Some(call) = node.only_entry() else {
            return Err(self.refuse("this is no condition".to_owned(), node.span));
        };
        if !self.ledger.enter() {
            return Err(self.refuse("this condition is too deep to evaluate".to_owned(), node.span));
        }
        let result = self.function(call);
        self.ledger.leave();
        result
    }

    fn function(&self, call: &Entry) -> Result<Arc<Formula>, String> {
        let arg = &call.value;
        match &*call.key {
            "Condition" => match arg.as_text() {
                Some(name) => self.condition(name, arg.span),
                None => Err(self.refuse("Condition takes the name of a condition".to_owned(), arg.span)),
            },
            "Fn::Not" => match arg.items() {
                [inner] => Ok(not(&self.formula(inner)?)),
                [] if arg.is_map() => Ok(not(&self.formula(arg)?)),
                _ => Err(self.refuse("Fn::Not takes one condition".to_owned(), arg.span)),
            },
            "Fn::And" => Ok(all(self.formulas(arg)?)),
            "Fn::Or" => Ok(any(self.formulas(arg)?)),
            "Fn::Equals" => match arg.items() {
                [first, second] => self.equals(first, second),
                _ => Err(self.refuse("Fn::Equals takes two values".to_owned(), arg.span)),
            },
            other => Err(self.refuse(format!("{other} is no condition function"), call.key_span)),
        }
    }

    fn formulas(&self, arg: &Arc<Node>) -> Result<Vec<Arc<Formula>>, String> {
        if arg.items().is_empty() {
            return Err(self.refuse("a list of conditions is expected".to_owned(), arg.span));
        }
        arg.items().iter().map(|item| self.formula(item)).collect()
    }

    fn equals(&self, first: &Arc<Node>, second: &Arc<Node>) -> Result<Arc<Formula>, String> {
        let worlds: Worlds = self.place.base.plain();
        match (self.eval(first, &worlds), self.eval(second, &worlds)) {
            (Some(first), Some(second)) => Ok(equal(&first, &second)),
            _ => Err(self.refuse("AWS::NoValue cannot be compared".to_owned(), first.span)),
        }
    }
}

/// `true` and `false` written as a condition.
fn truth_text(node: &Node) -> Option<bool> {
    match node.scalar_text().as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    }
}

/// When two values are equal: texts case-sensitively, numbers and booleans by their text, an unknown only to itself for certain.
pub(crate) fn equal(first: &Value, second: &Value) -> Arc<Formula> {
    if let (Kind::Choice(_), _) | (_, Kind::Choice(_)) = (&first.kind, &second.kind) {
        let mut parts: Vec<Arc<Formula>> = Vec::new();
        for (one, left) in first.alternatives() {
            for (other, right) in second.alternatives() {
                if !matches!((&left.kind, &right.kind), (Kind::Choice(_), _) | (_, Kind::Choice(_))) {
                    let mut both: Vec<Arc<Formula>> = vec![equal(left, right)];
                    both.extend(one.iter().chain(other.iter()).map(|when| Arc::clone(when.formula())));
                    parts.push(all(both));
                }
            }
        }
        return any(parts);
    }
    if let (Some(first), Some(second)) = (first.as_text(), second.as_text()) {
        return if first == second { always() } else { never() };
    }
    let (left, right) = (subject(first), subject(second));
    if !has_unknown(first) && !has_unknown(second) {
        return if same(first, second) { always() } else { never() };
    }
    if left == right {
        return always();
    }
    let atom = |subject: String, value: String| Arc::new(Formula::equals(subject, value));
    // By its name a text that may not be said does not exclude another that stands in the template.
    let said = |value: &Value| value.as_text().filter(|_| !value.sensitive);
    match (said(first), said(second)) {
        (_, Some(value)) => atom(left, value),
        (Some(value), _) => atom(right, value),
        (None, None) if left < right => Arc::new(Formula::Atom(format!("{left} == {right}").into())),
        (None, None) => Arc::new(Formula::Atom(format!("{right} == {left}").into())),
    }
}
