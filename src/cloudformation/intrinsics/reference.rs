//! Names: `Ref`, `GetAtt`, pseudo parameters, imports.

use super::{Outcome, decided, invalid, is_marker, opaque};
use crate::cloudformation::content::subject;
use crate::cloudformation::parameter::{Parameter, choice_of};
use crate::cloudformation::sam;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::Node;
use crate::cloudformation::worlds::Worlds;
use crate::resource::Dialect;
use crate::source::Span;
use crate::value::{Branch, Kind, Origin, Reason, Value};
use std::sync::Arc;

impl Scope<'_> {
    pub(super) fn fn_ref(&self, arg: &Arc<Node>, worlds: &Worlds) -> Outcome {
        if let Some(name) = arg.as_text() {
            return Ok(self.reference(name, arg.span, worlds));
        }
        // AWS::LanguageExtensions lets the name be worked out.
        match self.argument(arg, worlds)? {
            Some(value) => match value.as_text() {
                Some(name) => Ok(self.reference(&name, arg.span, worlds)),
                None if is_marker(&value) => Ok(Some(opaque("Ref", &[&value], arg.span))),
                None => invalid("takes a name"),
            },
            None => invalid("takes a name"),
        }
    }

    /// What a name stands for; `None` for `AWS::NoValue`.
    pub(super) fn reference(&self, name: &str, span: Span, worlds: &Worlds) -> Option<Value> {
        if name == "AWS::NoValue" {
            return None;
        }
        if let Some(value) = self.pseudo(name, span) {
            return Some(self.pinned(value, worlds));
        }
        if let Some(parameter) = self.parameters.get(name) {
            return Some(self.parameter_value(parameter, span, worlds));
        }
        let (target, attribute) = name.split_once('.').unwrap_or((name, ""));
        if self.sections.resources.contains_key(name) {
            return Some(Value::reference(self.address(name), "", span));
        }
        if self.sections.resources.contains_key(target) || self.is_generated(target) {
            return Some(Value::reference(self.address(target), attribute, span));
        }
        if self.is_of_a_module(target) {
            return Some(Value::unknown(Reason::NotOnDisk, self.address(name), span));
        }
        Some(self.undeclared(name, span))
    }

    /// The logical id with the nested stacks before it.
    pub(crate) fn address(&self, name: &str) -> String {
        format!("{}{name}", self.place.prefix)
    }

    fn undeclared(&self, name: &str, span: Span) -> Value {
        self.ledger.warn_once(format!("{name} is not declared in this template"), span);
        Value::unknown(Reason::Invalid("it is not declared in this template".into()), self.address(name), span)
    }

    /// Resources of a module have its logical id before their own. Source: "Reference module resources in CloudFormation
    /// templates".
    fn is_of_a_module(&self, name: &str) -> bool {
        let mut modules = self.sections.resources.iter().filter(|(_, entry)| {
            entry.value.get("Type").and_then(|of| of.as_text()).is_some_and(|of| of.ends_with("::MODULE"))
        });
        modules.any(|(id, _)| name.len() > id.len() && name.starts_with(&**id))
    }

    /// Logical ids that the SAM transform would generate, those of implicit APIs among them.
    fn is_generated(&self, name: &str) -> bool {
        if self.template.dialect != Dialect::Sam || !self.ledger.spend(self.sections.resources.len() as u64) {
            return false;
        }
        name.starts_with("Serverless") || self.sections.resources.values().any(|entry| sam::generates(entry, name))
    }

    fn pseudo(&self, name: &str, span: Span) -> Option<Value> {
        let value = match name {
            "AWS::Partition" => Value::string("aws", span),
            "AWS::URLSuffix" => Value::string("amazonaws.com", span),
            "AWS::Region" => {
                let root = self.place.chain.first();
                match (root.and_then(|root| self.run.options.region_of(root)), &self.place.region) {
                    (Some(region), _) => Value::string(region.as_str(), span),
                    (None, Some(region)) => region.clone().through(span),
                    (None, None) => Value::unknown(Reason::AfterDeployment, name, span),
                }
            }
            "AWS::AccountId" | "AWS::NotificationARNs" => Value::unknown(Reason::AfterDeployment, name, span),
            // Each nested stack has its own.
            "AWS::StackName" if self.place.prefix.is_empty() => {
                match self.run.options.stack_name_of(&self.template.path) {
                    Some(known) => Value::string(known.as_str(), span),
                    None => Value::unknown(Reason::AfterDeployment, name, span),
                }
            }
            "AWS::StackName" | "AWS::StackId" => Value::unknown(Reason::AfterDeployment, self.address(name), span),
            _ => return None,
        };
        Some(value)
    }

    /// An unknown that was compared with a constant on the way here is that constant.
    fn pinned(&self, value: Value, worlds: &Worlds) -> Value {
        if !matches!(value.kind, Kind::Unknown(_)) {
            return value;
        }
        match worlds.pinned(&subject(&value), &self.ledger.domains.borrow()) {
            Some(constant) => Value { kind: Kind::String(constant), ..value },
            None => value,
        }
    }

    fn parameter_value(&self, parameter: &Parameter, span: Span, worlds: &Worlds) -> Value {
        match parameter {
            Parameter::Known(value) => {
                let value = self.restrict(value, worlds);
                self.pinned(value, worlds).through(span)
            }
            Parameter::Open { what, allowed, span: declared } => {
                let unknown = Value::unknown(Reason::NoValue, Arc::clone(what), *declared);
                let value = self.pinned(unknown, worlds);
                if worlds.plain || allowed.is_empty() || value.as_unknown().is_none() {
                    return value.through(span);
                }
                let branches: Vec<Branch> = choice_of(what, allowed);
                let open = Value::new(Kind::Choice(Arc::new(branches)), Origin::at(*declared));
                self.restrict(&open, worlds).through(span)
            }
        }
    }

    pub(super) fn fn_get_att(&self, arg: &Arc<Node>, worlds: &Worlds) -> Outcome {
        if let Some(text) = arg.as_text() {
            return match text.split_once('.') {
                Some((target, attribute)) => Ok(Some(self.attribute(target, attribute, arg.span, worlds))),
                None => invalid("takes a logical id and an attribute"),
            };
        }
        let values = self.arguments(arg, (2, 16), worlds)?;
        let texts: Vec<String> = values.iter().filter_map(Value::as_text).collect();
        if texts.len() < values.len() {
            let all: Vec<&Value> = values.iter().collect();
            return Ok(Some(opaque("Fn::GetAtt", &all, arg.span)));
        }
        match texts.split_first() {
            Some((target, rest)) => Ok(Some(self.attribute(target, &rest.join("."), arg.span, worlds))),
            None => invalid("takes a logical id and an attribute"),
        }
    }

    /// An attribute of a resource; an output of a nested stack is looked up in it.
    pub(super) fn attribute(&self, target: &str, attribute: &str, span: Span, worlds: &Worlds) -> Value {
        if !self.sections.resources.contains_key(target) {
            if self.is_generated(target) {
                return Value::reference(self.address(target), attribute, span);
            }
            return self.undeclared(target, span);
        }
        if let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(value) = self.nested_output(target, output, span)
        {
            return self.restrict(&value, worlds).through(span);
        }
        Value::reference(self.address(target), attribute, span)
    }

    pub(super) fn fn_import_value(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let name = match self.argument(arg, worlds)? {
            Some(name) if name.as_text().is_some() || is_marker(&name) => name,
            _ => return invalid("takes the name of an export"),
        };
        let value = self.pinned(self.run.exports.import(&name, &self.template.path, span), worlds);
        Ok(Some(decided(self.restrict(&value, worlds))?))
    }

    /// An output of another stack, which need not be exported. Which template that stack is of, no code says.
    /// Source: "Fn::GetStackOutput" in the template reference.
    pub(super) fn fn_get_stack_output(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let mut named: Vec<String> = Vec::new();
        for (key, required) in [("StackName", true), ("OutputName", true), ("Region", false), ("RoleArn", false)] {
            match arg.get(key).map(|node| self.argument(node, worlds)).transpose()?.flatten() {
                Some(value) if value.as_text().is_some() || is_marker(&value) => named.push(subject(&value)),
                None if !required => {}
                _ => return invalid(format!("takes a text as {key}")),
            }
        }
        let value = Value::unknown(Reason::LookedUp, format!("Fn::GetStackOutput {}", named.join(" ")), span);
        Ok(Some(self.pinned(value, worlds)))
    }
}
