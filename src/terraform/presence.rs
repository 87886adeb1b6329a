//! Whether something was given at all, which code asks by comparing an identifier with null or with an empty text.
//!
//! Only of data sources, which Terraform reads before it plans: what hangs on a resource that is still to be made is open in its
//! plan too, and code and plan should not differ.

use super::ast::Binary;
use super::datum::{Datum, Key, Kind};
use super::evaluator::{Evaluator, Expanded};
use crate::source::Span;
use crate::value::Reference;

impl Evaluator<'_> {
    /// The answer to such a question, where it is certain.
    pub(crate) fn presence(&self, operator: Binary, left: &Datum, right: &Datum, span: Span) -> Option<Datum> {
        let equal = match operator {
            Binary::Equal => true,
            Binary::NotEqual => false,
            _ => return None,
        };
        let asked = match (&left.kind, &right.kind) {
            (Kind::Reference(reference), other) | (other, Kind::Reference(reference)) if is_absent(other) => reference,
            _ => return None,
        };
        self.surely_set(asked).then(|| Datum::bool(!equal, span))
    }

    /// Whether everything of the data source's type has the attribute, and the target surely exists.
    fn surely_set(&self, reference: &Reference) -> bool {
        let Some(scope) = self.innermost(&reference.target).filter(|scope| scope.when.is_none()) else { return false };
        let Some(within) = reference.target.strip_prefix(scope.prefix.as_str()) else { return false };
        let (address, key) = within.split_at(within.find('[').unwrap_or(within.len()));
        let always = match &*reference.attribute {
            "id" | "arn" => true,
            "zone_id" => address.starts_with("data.aws_route53_zone."),
            _ => false,
        };
        let Some(index) = scope.module.resource(address).filter(|_| always && address.starts_with("data.")) else {
            return false;
        };
        let Ok(expansion) = self.expansion(&scope, &Expanded::Resource(index)) else { return false };
        let mut instances = expansion.instances.iter();
        instances.any(|it| it.when.is_none() && Key::suffix(it.repetition.key.as_ref()) == key)
    }
}

fn is_absent(kind: &Kind) -> bool {
    match kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        _ => false,
    }
}
