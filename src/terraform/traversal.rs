//! References and what follows them: attributes, indexes and splats.

use super::ast::{Expr, ExprKind, Step, StepKind};
use super::datum::{Datum, Evaluated, Fault, Instance, Key, Kind, Mapping, Sequence, Target};
use super::evaluator::{Env, Evaluator, Expanded};
use super::types::{self, Type};
use super::{choice, evaluator, operators, order};
use crate::source::Span;
use crate::value::{Formula, Reason, Reference, Unknown, When};
use bigdecimal::ToPrimitive as _;
use std::sync::Arc;

impl Evaluator<'_> {
    pub(crate) fn traverse(&self, base: &Expr, steps: &[Step], env: Env<'_>, span: Span) -> Evaluated {
        let (value, used) = match &base.kind {
            ExprKind::Variable(name) => self.root(name, steps, env, span)?,
            _ => (self.evaluate(base, env)?, 0),
        };
        let rest = steps.get(used..).unwrap_or(&[]);
        Ok(self.apply_steps(value, rest, env)?.through(span))
    }

    /// The value that a reference starts from, and how many steps its name takes.
    fn root(&self, name: &Arc<str>, steps: &[Step], env: Env<'_>, span: Span) -> Result<(Datum, usize), Box<Fault>> {
        if let Some(bound) = env.binding(name) {
            return Ok((bound.clone(), 0));
        }
        let first = match steps.first().map(|step| &step.kind) {
            Some(StepKind::Attribute(first)) => first,
            _ => return Err(undeclared(name, span)),
        };
        let value = match &**name {
            "var" => self.variable(env.scope, first, span)?,
            "local" => self.local(env.scope, first, span)?,
            "module" => self.module(first, env, span)?,
            "each" | "count" => repetition_value(name, first, env, span)?,
            "path" => self.path_value(first, env, span)?,
            "terraform" => self.terraform_value(first, span)?,
            "self" | "ephemeral" => return Ok((unevaluated(&self.identity_of(span, env), span), steps.len())),
            // `resource.aws_lb.web` is the long form of `aws_lb.web`.
            "data" | "resource" => {
                let Some(StepKind::Attribute(second)) = steps.get(1).map(|step| &step.kind) else {
                    return Err(undeclared(name, span));
                };
                let mode = if &**name == "data" { "data." } else { "" };
                return Ok((self.resource(&format!("{mode}{first}.{second}"), env, span)?, 2));
            }
            _ => self.resource(&format!("{name}.{first}"), env, span)?,
        };
        Ok((value, 1))
    }

    fn path_value(&self, name: &str, env: Env<'_>, span: Span) -> Evaluated {
        match name {
            "module" => Ok(Datum::string(self.relative_directory(&env.scope.module.directory), span)),
            "root" => Ok(Datum::string(".", span)),
            "cwd" => Ok(self.working_directory(span)),
            _ => Ok(unevaluated(&format!("path.{name}"), span)),
        }
    }

    /// Terraform is run in the root module's directory: of its absolute path the last part is known.
    pub(crate) fn working_directory(&self, span: Span) -> Datum {
        let above = unevaluated("path.cwd", span);
        if self.root.is_empty() || self.root.starts_with("..") {
            return above;
        }
        let rest = Datum::string(format!("/{}", self.root), span);
        Datum::new(Kind::Template(Arc::new(vec![above, rest])), span)
    }

    fn terraform_value(&self, name: &str, span: Span) -> Evaluated {
        match name {
            "workspace" => Ok(Datum::string(self.options.workspace.as_deref().unwrap_or("default"), span)),
            _ => Ok(unevaluated(&format!("terraform.{name}"), span)),
        }
    }

    fn resource(&self, address: &str, env: Env<'_>, span: Span) -> Evaluated {
        let scope = env.scope;
        let Some(block) = scope.module.resource(address) else {
            return evaluator::undeclared(scope, address.to_owned(), "no such resource is declared", span);
        };
        let expansion = self.expansion(scope, &Expanded::Resource(block))?;
        Ok(expansion.value(span, &|key, symbolic| {
            let full = format!("{}{address}{}", scope.prefix, Key::suffix(key));
            let target = Target::Resource { scope: scope.id, block, key: key.cloned() };
            Datum::new(Kind::Instance(Instance { target, address: full.into(), symbolic: symbolic.cloned() }), span)
        }))
    }

    fn module(&self, name: &Arc<str>, env: Env<'_>, span: Span) -> Evaluated {
        let scope = env.scope;
        if !scope.module.calls.contains_key(name) {
            return evaluator::undeclared(scope, format!("module.{name}"), "no such module is called", span);
        }
        let expansion = self.expansion(scope, &Expanded::Module(Arc::clone(name)))?;
        Ok(expansion.value(span, &|key, symbolic| {
            let address: Arc<str> = format!("{}module.{name}{}", scope.prefix, Key::suffix(key)).into();
            let (repetition, when) = expansion.repetition(key);
            match self.child(scope, name, &repetition, when.as_ref()) {
                Some(child) => {
                    let target = Target::Module { scope: child.id };
                    Datum::new(Kind::Instance(Instance { target, address, symbolic: symbolic.cloned() }), span)
                }
                None => Datum::new(Kind::Reference(Reference::new(address, "")), span),
            }
        }))
    }

    /// Applies attributes, indexes and splats in turn.
    pub(crate) fn apply_steps(&self, mut value: Datum, steps: &[Step], env: Env<'_>) -> Evaluated {
        // The resource instance that the steps from a position on describe, if their value is not in the code.
        let mut described: Option<(Instance, usize)> = None;
        for (position, step) in steps.iter().enumerate() {
            if let Kind::Choice(_) = &value.kind {
                let rest = steps.get(position..).unwrap_or(&[]);
                return choice::map(vec![value], step.span, &mut |values| match values.into_iter().next() {
                    Some(value) => self.apply_steps(value, rest, env),
                    None => Ok(Datum::null(step.span)),
                });
            }
            if let Kind::Instance(instance) = &value.kind
                && instance.symbolic.is_none()
                && self.may_hold_more(instance, &step.kind)
            {
                described = Some((instance.clone(), position));
            }
            let sensitive = value.sensitive;
            let result = match &step.kind {
                StepKind::Attribute(name) => self.attribute(value, name, step.span),
                StepKind::Index(index) | StepKind::LegacyIndex(index) => self.index(value, index, env, step.span),
                StepKind::Splat => return self.splat(value, steps.get(position + 1..).unwrap_or(&[]), env, step.span),
                StepKind::AttributeSplat => {
                    let rest = steps.get(position + 1..).unwrap_or(&[]);
                    let has_dot = |step: &&Step| matches!(step.kind, StepKind::Attribute(_) | StepKind::LegacyIndex(_));
                    let taken = rest.iter().take_while(has_dot).count();
                    let (each, after) = rest.split_at(taken);
                    let list = self.splat(value, each, env, step.span)?;
                    return self.apply_steps(list, after, env);
                }
            };
            value = match (result, &described) {
                (Ok(value), _) => value.marked(sensitive),
                (Err(fault), Some((instance, from)))
                    if matches!(fault.unknown.reason, Reason::Invalid(_) | Reason::AfterDeployment) =>
                {
                    return self.describe(instance, steps.get(*from..).unwrap_or(&[]), env, step.span);
                }
                (Err(fault), None) if fault.unknown.reason == Reason::AfterDeployment => fault.into_datum(),
                (Err(fault), _) => return Err(fault),
            };
        }
        Ok(value)
    }

    /// Whether the provider may add to what the code says under the step's name: not to the value of an argument.
    fn may_hold_more(&self, instance: &Instance, step: &StepKind) -> bool {
        let (Target::Resource { scope, block, .. }, StepKind::Attribute(name)) = (&instance.target, step) else {
            return false;
        };
        let scope = self.scope(*scope);
        let declared = scope.as_ref().and_then(|scope| scope.module.resources.get(*block));
        declared.is_some_and(|declared| declared.block.body.attribute(name).is_none())
    }

    /// A reference to what the steps name within an instance, where the code doesn't set it.
    fn describe(&self, instance: &Instance, steps: &[Step], env: Env<'_>, span: Span) -> Evaluated {
        let start = Datum::new(Kind::Reference(Reference::new(Arc::clone(&instance.address), "")), span);
        self.apply_steps(start, steps, env)
    }

    pub(crate) fn attribute(&self, value: Datum, name: &Arc<str>, span: Span) -> Evaluated {
        match &value.kind {
            Kind::Mapping(shape, entries) => match entries.get(name) {
                Some(entry) => Ok(entry.clone()),
                None if *shape == Mapping::Block => {
                    let place = self.library.sources.place(value.origin.span);
                    let what = format!("{}.{name} of the block at {place}", value.brief());
                    Err(Fault::new(Reason::AfterDeployment, what, span))
                }
                None => Err(Fault::invalid(format!("there is no attribute \"{name}\""), span)),
            },
            Kind::Instance(instance) => self.instance_attribute(instance, name, span),
            Kind::Reference(reference) => Ok(extended(&value, reference, &format!(".{name}"))),
            Kind::Unknown(unknown) => Ok(longer(&value, unknown, &format!(".{name}"))),
            Kind::Null => Err(Fault::invalid(format!("attribute \"{name}\" of null"), span)),
            _ => Err(Fault::invalid(format!("a {} has no attributes", value.type_name()), span)),
        }
    }

    fn instance_attribute(&self, instance: &Instance, name: &Arc<str>, span: Span) -> Evaluated {
        match &instance.target {
            Target::Module { scope } => match self.scope(*scope) {
                Some(scope) => self.output(&scope, name, span),
                None => Ok(Datum::new(
                    Kind::Reference(Reference::new(Arc::clone(&instance.address), Arc::clone(name))),
                    span,
                )),
            },
            Target::Resource { scope, block, key } => {
                if let Some(scope) = self.scope(*scope)
                    && let Some(value) = self.argument(&scope, *block, key.as_ref(), name, span)?
                {
                    return Ok(read_from(value, instance, name));
                }
                let reference = Reference::new(Arc::clone(&instance.address), Arc::clone(name));
                Ok(Datum::new(Kind::Reference(reference), span))
            }
        }
    }

    fn index(&self, value: Datum, index: &Expr, env: Env<'_>, span: Span) -> Evaluated {
        let key = self.evaluate(index, env)?;
        let sensitive = key.holds_sensitive();
        let result = choice::map(vec![value, key], span, &mut |values| match <[Datum; 2]>::try_from(values) {
            Ok([value, key]) => self.element(&value, key, span),
            Err(_) => Ok(Datum::null(span)),
        });
        result.map(|element| element.marked(sensitive))
    }

    /// `value[key]`.
    pub(crate) fn element(&self, value: &Datum, key: Datum, span: Span) -> Evaluated {
        if key.is_null() {
            return Err(Fault::invalid("the index is null", span));
        }
        match &value.kind {
            Kind::Reference(reference) => Ok(extended(value, reference, &index_text(&key))),
            Kind::Unknown(unknown) => Ok(longer(value, unknown, &index_text(&key))),
            Kind::Instance(Instance { symbolic: Some(any), .. }) => self.one_of_all(value, any, &key, span),
            // `aws_x.y["attribute"]` is another spelling of the attribute.
            Kind::Instance(_) => match &key.kind {
                Kind::String(name) => self.attribute(value.clone(), name, span),
                _ => Err(Fault::invalid("this is a single instance, not a list", span)),
            },
            _ if key.is_unknown() => Ok(operators::opaque(&key, &format!("{}[{}]", value.brief(), key.brief()), span)),
            Kind::Mapping(shape, entries) => {
                let key = types::convert(key, &Type::String, span)?;
                let name = key.as_str().unwrap_or_default();
                entries.get(name).cloned().ok_or_else(|| missing_key(*shape, &key, span))
            }
            Kind::Sequence(Sequence::Set, _) => Err(Fault::invalid("a set has no indexes", span)),
            Kind::Sequence(_, items) => {
                let key = types::convert(key, &Type::Number, span)?;
                let index = key.as_number().filter(|number| number.decimal().is_integer());
                let index = index.and_then(|number| number.decimal().to_usize());
                index
                    .and_then(|index| items.get(index))
                    .cloned()
                    .ok_or_else(|| Fault::invalid(format!("there is no element {}", key.brief()), span))
            }
            Kind::Null => Err(Fault::invalid("an element of null", span)),
            _ => Err(Fault::invalid(format!("a {} has no elements", value.type_name()), span)),
        }
    }

    /// The instance of a key among an unknown number of them: the one that stands for all, if there is such a key.
    fn one_of_all(&self, all: &Datum, any: &When, key: &Datum, span: Span) -> Evaluated {
        let Kind::Instance(instance) = &all.kind else { return Ok(all.clone()) };
        let named = format!("{}[{}]", instance.address, key.brief());
        let exists = format!("{named} exists");
        let atom = Formula::Atom(exists.as_str().into());
        let there = When::new(exists, Formula::All(vec![Arc::clone(any.formula()), Arc::new(atom)]));
        let one = all.with_kind(Kind::Instance(Instance { symbolic: None, ..instance.clone() }));
        let absent = Fault::invalid(format!("there may be no {named}"), span);
        choice::build(vec![(there.clone(), Ok(one)), (there.negated(), Err(absent))], span)
    }

    fn splat(&self, value: Datum, steps: &[Step], env: Env<'_>, span: Span) -> Evaluated {
        if let Kind::Choice(_) = &value.kind {
            return choice::map(vec![value], span, &mut |values| match values.into_iter().next() {
                Some(value) => self.splat(value, steps, env, span),
                None => Ok(Datum::null(span)),
            });
        }
        let value = order::shuffled(&value, span).unwrap_or(value);
        match &value.kind {
            Kind::Null => Ok(Datum::tuple(Vec::new(), span)),
            Kind::Sequence(shape, items) => {
                self.charge(items.len(), span)?;
                let mapped: Result<Vec<_>, _> =
                    items.iter().map(|item| self.apply_steps(item.clone(), steps, env)).collect();
                let shape = if *shape == Sequence::Tuple { Sequence::Tuple } else { Sequence::List };
                Ok(Datum::sequence(shape, mapped?, span).marked(value.sensitive))
            }
            Kind::Reference(reference) => self.apply_steps(extended(&value, reference, "[*]"), steps, env),
            Kind::Unknown(unknown) => self.apply_steps(longer(&value, unknown, "[*]"), steps, env),
            Kind::Instance(Instance { symbolic: Some(any), address, .. }) => {
                let reference = Reference::new(Arc::clone(address), "[*]");
                let all = self.apply_steps(Datum::new(Kind::Reference(reference), span), steps, env);
                let none = Ok(Datum::tuple(Vec::new(), span));
                choice::build(vec![(any.clone(), all), (any.negated(), none)], span)
            }
            _ => Ok(Datum::tuple(vec![self.apply_steps(value, steps, env)?], span)),
        }
    }
}

/// A text, or what would be one, is still that of the resource: whoever is given a bucket's name is given the bucket. A number
/// or a boolean may have another type there.
fn read_from(mut value: Datum, instance: &Instance, name: &Arc<str>) -> Datum {
    let unknown = matches!(value.kind, Kind::Unknown(_)) && value.origin.cut_from().is_empty();
    if unknown || matches!(value.kind, Kind::String(_) | Kind::Template(_) | Kind::Number(_) | Kind::Bool(_)) {
        value.origin = value.origin.cut(vec![Reference::new(Arc::clone(&instance.address), Arc::clone(name))]);
    }
    value
}

fn missing_key(shape: Mapping, key: &Datum, span: Span) -> Box<Fault> {
    let what = if shape == Mapping::Map { "map" } else { "object" };
    Fault::invalid(format!("the {what} has no key {}", key.brief()), span)
}

fn undeclared(name: &str, span: Span) -> Box<Fault> {
    Fault::new(Reason::Invalid("this name is not declared".into()), name, span)
}

fn unevaluated(what: &str, span: Span) -> Datum {
    Datum::unknown(Reason::NotEvaluated, what, span)
}

fn repetition_value(name: &str, attribute: &str, env: Env<'_>, span: Span) -> Evaluated {
    let value = match (name, attribute) {
        ("each", "key") => env.repetition.each.as_ref().map(|(key, _)| key),
        ("each", "value") => env.repetition.each.as_ref().map(|(_, value)| value),
        ("count", "index") => env.repetition.index.as_ref(),
        _ => None,
    };
    value.cloned().ok_or_else(|| {
        let why = "this block has no such repetition";
        Fault::new(Reason::Invalid(why.into()), format!("{name}.{attribute}"), span)
    })
}

/// A reference to something within what is referred to.
fn extended(value: &Datum, reference: &Reference, step: &str) -> Datum {
    let attribute = format!("{}{step}", reference.attribute);
    let attribute = attribute.strip_prefix('.').unwrap_or(&attribute);
    value.with_kind(Kind::Reference(Reference::new(Arc::clone(&reference.target), attribute)))
}

fn longer(value: &Datum, unknown: &Unknown, step: &str) -> Datum {
    if let Reason::Invalid(_) = unknown.reason {
        return value.clone();
    }
    let what = format!("{}{step}", unknown.what).into();
    value.with_kind(Kind::Unknown(Unknown { reason: unknown.reason.clone(), what }))
}

fn index_text(key: &Datum) -> String {
    format!("[{}]", key.brief())
}
