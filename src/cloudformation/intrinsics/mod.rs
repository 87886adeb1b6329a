//! The intrinsic functions. A function over a choice is worked out for each branch, so that one condition gives one answer everywhere.

mod branch;
mod cidr;
mod host;
mod json_text;
mod list;
mod map;
mod reference;
pub(crate) mod text;

use super::content::{cause, choice, first_choice, subject};
use super::scope::Scope;
use super::tree::Node;
use super::worlds::{MOST_LEAVES, Worlds};
use crate::diagnostic::Problem;
use crate::source::Span;
use crate::value::{Kind, Reason, Value, When};
use std::sync::Arc;

/// Why a function has no value yet.
pub(crate) enum Stop {
    /// An argument is a choice: the function is to be worked out under each of these conditions.
    Undecided(Vec<When>),
    /// CloudFormation would refuse this. Holds what is wrong.
    Invalid(String),
}

/// `None` is `AWS::NoValue`.
pub(crate) type Outcome = Result<Option<Value>, Stop>;

pub(crate) fn invalid<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Invalid(why.into()))
}

impl Scope<'_> {
    /// The value of a function. `span` is the whole call.
    pub(crate) fn call(&self, name: &str, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Option<Value> {
        match self.apply(name, arg, span, worlds) {
            Ok(value) => value,
            Err(Stop::Invalid(why)) => {
                self.ledger.warn(format!("{name}: {why}"), span);
                let what = format!("{name} at {}", self.run.sources.place(span));
                Some(Value::unknown(Reason::Invalid(why.into()), what, span))
            }
            Err(Stop::Undecided(whens)) => self.call_apart(name, arg, span, &whens, worlds),
        }
    }

    /// The function worked out under each of several conditions.
    fn call_apart(&self, name: &str, arg: &Arc<Node>, span: Span, whens: &[When], worlds: &Worlds) -> Option<Value> {
        let leaves = worlds.leaves.saturating_mul(whens.len().max(1));
        if leaves > MOST_LEAVES || !self.ledger.enter() {
            // Parameters kept unknown are fewer combinations; what then still is too much stays unknown.
            return if worlds.plain { Some(self.too_large(span)) } else { self.call(name, arg, span, &worlds.plain()) };
        }
        let mut branches: Vec<(When, Option<Value>)> = Vec::new();
        for when in whens {
            let inside = worlds.and(when.formula()).with_leaves(leaves);
            if self.possible(&inside) {
                branches.push((when.clone(), self.call(name, arg, span, &inside)));
            }
        }
        self.ledger.leave();
        if branches.is_empty() { Some(self.too_large(span)) } else { choice(branches, span) }
    }

    fn apply(&self, name: &str, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        if matches!(name, "Fn::Length" | "Fn::ToJsonString") {
            self.extension(name, span);
        }
        match name {
            "Ref" => self.fn_ref(arg, worlds),
            "Fn::GetAtt" => self.fn_get_att(arg, worlds),
            "Fn::Sub" => self.fn_sub(arg, span, worlds),
            "Fn::Join" => self.fn_join(arg, span, worlds),
            "Fn::Split" => self.fn_split(arg, span, worlds),
            "Fn::Select" => self.fn_select(arg, span, worlds),
            "Fn::FindInMap" => self.fn_find_in_map(arg, span, worlds),
            "Fn::If" => self.fn_if(arg, span, worlds),
            "Fn::ImportValue" => self.fn_import_value(arg, span, worlds),
            "Fn::GetStackOutput" => self.fn_get_stack_output(arg, span, worlds),
            "Fn::GetAZs" => self.fn_get_azs(arg, span, worlds),
            "Fn::Cidr" => self.fn_cidr(arg, span, worlds),
            "Fn::Base64" => self.fn_base64(arg, worlds),
            "Fn::Length" => self.fn_length(arg, span, worlds),
            "Fn::ToJsonString" => self.fn_to_json_string(arg, span, worlds),
            "Fn::Transform" => self.fn_transform(arg, span),
            _ => {
                self.ledger.problem(Problem::note(format!("{name} is not evaluated"), Some(span)));
                let what = format!("{name} at {}", self.run.sources.place(span));
                Ok(Some(Value::unknown(Reason::NotEvaluated, what, span)))
            }
        }
    }

    /// An argument that must be known apart from what only deployment can tell: a choice in it stops the function.
    pub(crate) fn argument(&self, node: &Arc<Node>, worlds: &Worlds) -> Outcome {
        match self.eval(node, worlds) {
            Some(value) => Ok(Some(decided(value)?)),
            None => Ok(None),
        }
    }

    /// The arguments of a function that takes `least` to `most` of them; `AWS::NoValue` among them vanishes.
    pub(crate) fn arguments(
        &self,
        arg: &Arc<Node>,
        (least, most): (usize, usize),
        worlds: &Worlds,
    ) -> Result<Vec<Value>, Stop> {
        let values: Vec<Value> = match self.argument(arg, worlds)? {
            Some(Value { kind: Kind::List(items), .. }) => items.to_vec(),
            _ => return invalid("its arguments are no list"),
        };
        if values.len() < least || values.len() > most {
            return invalid(format!("takes {} arguments and not {}", count(least, most), values.len()));
        }
        Ok(values)
    }
}

fn count(least: usize, most: usize) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}

/// The value, unless there is a choice in it.
pub(crate) fn decided(value: Value) -> Result<Value, Stop> {
    match first_choice(&value) {
        Some(whens) => Err(Stop::Undecided(whens)),
        None => Ok(value),
    }
}

/// What a function gives for arguments that only deployment can tell.
pub(crate) fn opaque(name: &str, values: &[&Value], span: Span) -> Value {
    let subjects: Vec<String> = values.iter().map(|value| subject(value)).collect();
    let result = format!("{name} of {}", subjects.join(", "));
    match values.iter().find_map(|value| cause(value)) {
        // Its name leads to the parameter that a value can be given for.
        Some(unknown) if unknown.reason == Reason::NoValue => {
            Value::unknown(Reason::NoValue, format!("{} in {result}", unknown.cause()), span)
        }
        found => Value::unknown(found.map_or(Reason::AfterDeployment, |unknown| unknown.reason), result, span),
    }
}

/// Whether a value is a marker as a whole: a reference, a template or an unknown.
pub(crate) fn is_marker(value: &Value) -> bool {
    matches!(value.kind, Kind::Reference(_) | Kind::Template(_) | Kind::Unknown(_) | Kind::Choice(_))
}
