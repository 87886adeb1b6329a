//! `If`: the branch that is taken, or a choice of both where only deployment can tell.

use super::{Outcome, invalid};
use crate::cloudformation::content::choice;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::Node;
use crate::cloudformation::worlds::{Truth, Worlds, not};
use crate::source::Span;
use crate::value::{Reason, Value};
use std::sync::Arc;

impl Scope<'_> {
    pub(super) fn fn_if(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let [condition, yes, no] = arg.items() else { return invalid("takes a condition and two values") };
        let named = condition.as_text().or_else(|| condition.get("Condition").and_then(|node| node.as_text()));
        let Some(name) = named else { return invalid("takes the name of a condition") };
        let when = match self.when(name, condition.span) {
            Ok(when) => when,
            Err(why) => return Ok(Some(Value::unknown(Reason::Invalid(why.into()), name, span))),
        };
        match self.decide(worlds, when.formula()) {
            Truth::Always => Ok(self.eval(yes, worlds)),
            Truth::Never => Ok(self.eval(no, worlds)),
            Truth::Open => {
                let yes = self.eval(yes, &worlds.and(when.formula()));
                let no = self.eval(no, &worlds.and(&not(when.formula())));
                let otherwise = when.negated();
                Ok(choice(vec![(when, yes), (otherwise, no)], span))
            }
        }
    }
}
