//! Values of one stack as another sees them: names and conditions have a meaning within their stack only.

use super::{Branch, Kind, Reason, Reference, Unknown, Value, When};
use std::sync::Arc;

impl Value {
    /// The value as other stacks see it: its references name this one, and what is not known is said to be so there.
    #[must_use]
    pub fn from_stack(&self, stack: &Arc<str>) -> Self {
        let inner = |value: &Self| value.from_stack(stack);
        let kind = match &self.kind {
            Kind::List(items) => Kind::List(Arc::new(items.iter().map(inner).collect())),
            Kind::Template(parts) => Kind::Template(Arc::new(parts.iter().map(inner).collect())),
            Kind::Object(entries) => {
                Kind::Object(Arc::new(entries.iter().map(|(key, value)| (Arc::clone(key), inner(value))).collect()))
            }
            Kind::Reference(found) => Kind::Reference(reference(found, stack)),
            Kind::Choice(branches) => choice(branches, stack),
            Kind::Unknown(found) => Kind::Unknown(unknown(&found.what, found.reason.clone(), stack)),
            plain @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_)) => plain.clone(),
        };
        let cut: Vec<Reference> = self.origin.cut_from().iter().map(|found| reference(found, stack)).collect();
        Self { kind, origin: self.origin.clone().cut(cut), sensitive: self.sensitive }
    }
}

/// A branch that is taken where no other is cannot be told from those of another choice.
fn choice(branches: &[Branch], stack: &Arc<str>) -> Kind {
    let seen = |branch: &Branch| {
        let when = branch.when.as_ref()?.within(stack);
        let when = When::new(format!("{} in {stack}", when.text()), super::Formula::clone(when.formula()));
        Some(Branch { when: Some(when), value: branch.value.from_stack(stack) })
    };
    match branches.iter().map(seen).collect::<Option<Vec<_>>>() {
        Some(branches) => Kind::Choice(Arc::new(branches)),
        None => Kind::Unknown(unknown("a choice", Reason::NotEvaluated, stack)),
    }
}

fn unknown(what: &str, reason: Reason, stack: &str) -> Unknown {
    Unknown { reason, what: format!("{what} in {stack}").into() }
}

/// What already names a stack came from a third one; keys of instances may hold anything.
fn reference(of: &Reference, stack: &str) -> Reference {
    let address = of.target.split('[').next().unwrap_or(&of.target);
    let target = if address.contains("//") { Arc::clone(&of.target) } else { format!("{stack}//{}", of.target).into() };
    Reference::new(target, Arc::clone(&of.attribute))
}
