//! Whether something was given at all, which code asks by comparing an identifier with null or with an empty text.
//!
//! Terraform reads data sources before it plans, so that it knows the answer for them. What hangs on a resource that is still to
//! be made is open in its plan, and so it is here: but the condition is one that will hold.

use super::ast::Binary;
use super::datum::{Datum, Key, Kind};
use super::evaluator::{Evaluator, Expanded, Scope};
use super::expansion::Instanced;
use super::operators::symbol;
use crate::resource::Mode;
use crate::source::Span;
use crate::value::{Formula, Reason, Reference, Unknown};
use std::rc::Rc;
use std::sync::Arc;

/// Attributes that are texts in every resource that has them; others may be lists.
const TEXTS: [&str; 12] = [
    "arn",
    "cidr_block",
    "dns_name",
    "domain_name",
    "fqdn",
    "hostname",
    "id",
    "invoke_arn",
    "name",
    "private_ip",
    "public_ip",
    "zone_id",
];

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
        if self.surely_set(asked)? == Mode::Data {
            return Some(Datum::bool(!equal, span));
        }
        let settled = if equal { Formula::NEVER } else { Formula::ALWAYS };
        let what = format!("{} {} {}", left.brief(), symbol(operator), right.brief());
        let unknown = Unknown { reason: Reason::AfterDeployment, what: what.into() };
        Some(Datum::new(Kind::Test(Arc::new(settled), unknown), span))
    }

    /// The target's mode, where everything of its type has the attribute. It exists: where it may not, a reference to it is one
    /// branch of a choice, or an error.
    pub(crate) fn surely_set(&self, reference: &Reference) -> Option<Mode> {
        let (scope, index, _) = self.located(&reference.target)?;
        let declared = scope.module.resources.get(index)?;
        let always = match &*reference.attribute {
            "id" | "arn" => true,
            "zone_id" => declared.mode == Mode::Data && &*declared.type_name == "aws_route53_zone",
            _ => false,
        };
        always.then_some(declared.mode)
    }

    /// Whether a reference is to a text, whatever deployment makes of it.
    pub(crate) fn is_text(&self, reference: &Reference) -> bool {
        TEXTS.contains(&&*reference.attribute) && self.located(&reference.target).is_some()
    }

    /// Where the instance at an address of this root is declared.
    pub(crate) fn located(&self, address: &str) -> Option<(Rc<Scope>, usize, Instanced)> {
        let scope = self.innermost(address)?;
        let within = address.strip_prefix(scope.prefix.as_str())?;
        let (address, key) = within.split_at(within.find('[').unwrap_or(within.len()));
        let index = scope.module.resource(address)?;
        let expansion = self.expansion(&scope, &Expanded::Resource(index)).ok()?;
        let mut instances = expansion.instances.iter();
        let found = instances.find(|it| Key::suffix(it.repetition.key.as_ref()) == key)?.clone();
        Some((scope, index, found))
    }
}

fn is_absent(kind: &Kind) -> bool {
    match kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        _ => false,
    }
}
