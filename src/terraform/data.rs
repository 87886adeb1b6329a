//! Attributes that nobody writes and that follow from the code all the same.

use super::configuration::Declared;
use super::datum::{Datum, Entries, Instance, Kind, Sequence, Target};
use super::evaluator::{Env, Evaluator};
use super::foreign::Shape;
use super::types::{self, Type};
use super::{backend, equality, foreign, functions, lookup, policy, provider};
use crate::resource::Mode;
use crate::value::{Reason, Reference};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The value of a computed attribute, where it follows from the arguments or the command line.
pub(crate) fn computed(
    evaluator: &Evaluator<'_>,
    declared: &Declared,
    address: &str,
    name: &str,
    env: Env<'_>,
) -> Option<Datum> {
    match (declared.mode, &*declared.type_name, name) {
        (Mode::Data, "aws_region", "name" | "id" | "region") => region(evaluator, declared, env),
        (Mode::Data, "aws_partition", _) => provider::partition(&evaluator.region(&declared.block, env)?, name),
        (Mode::Data, "template_file", "rendered") => rendered(evaluator, declared, env),
        (Mode::Managed, managed, "region") if managed.starts_with("aws_") => region(evaluator, declared, env),
        (Mode::Data, "aws_iam_policy_document", "json" | "minified_json") => {
            Some(evaluator.settle(policy::document(evaluator, &declared.block, name == "minified_json", env)))
        }
        (Mode::Managed, "aws_acm_certificate", "domain_validation_options") => {
            validation_options(evaluator, declared, address, env)
        }
        (Mode::Data, "terraform_remote_state", "outputs") => Some(remote_outputs(evaluator, declared, address, env)),
        (Mode::Data, "aws_ssm_parameter", "value" | "insecure_value") => {
            let name = argument(evaluator, declared, "name", env)?;
            let given = evaluator.shared.parameter(name, &evaluator.place(&declared.block, env))?;
            let value = foreign::datum(&given.value, &Shape::Plain, &given.stack, declared.block.header);
            // A parameter holds text, whatever was written into it.
            Some(evaluator.settle(types::convert(value, &Type::String, declared.block.header)))
        }
        (Mode::Data, data, name) => {
            if let Some(found) = identified(evaluator, declared, name, env) {
                return Some(found);
            }
            if !lookup::is_one(data) || lookup::is_given(data, name) || evaluator.shared.is_empty() {
                return None;
            }
            let wanted = lookup::wanted(data, &evaluator.resource_body(&declared.block, env))?;
            let given = evaluator.shared.found(&wanted, &evaluator.place(&declared.block, env))?;
            let own = evaluator.root == *given.stack || (evaluator.root.is_empty() && &*given.stack == ".");
            let target = if own { given.address.to_string() } else { format!("{}//{}", given.stack, given.address) };
            Some(Datum::new(Kind::Reference(Reference::new(target, name)), declared.block.header))
        }
        _ => None,
    }
}

/// An attribute of the resource of the code that a data source is told to look up.
fn identified(evaluator: &Evaluator<'_>, declared: &Declared, name: &str, env: Env<'_>) -> Option<Datum> {
    let argument = lookup::identifier(&declared.type_name).filter(|argument| *argument != name)?;
    let identifier = given(evaluator, declared, argument, env)?;
    let Kind::Reference(reference) = &identifier.kind else { return None };
    let (data, span) = (&declared.type_name, declared.block.header);
    if let Some((_, elsewhere)) = reference.target.split_once("//") {
        if !lookup::identifies(data, elsewhere, &reference.attribute) {
            return None;
        }
        let zone = evaluator.shared.zone(&reference.target).filter(|_| name == "name");
        return Some(match zone {
            Some((stack, value)) => foreign::datum(value, &Shape::Plain, stack, span),
            None => Datum::new(Kind::Reference(Reference::new(Arc::clone(&reference.target), name)), span),
        });
    }
    let (scope, block, instance) = evaluator.located(&reference.target)?;
    if !lookup::identifies(data, &scope.module.resources.get(block)?.address, &reference.attribute) {
        return None;
    }
    let target = Target::Resource { scope: scope.id, block, key: instance.repetition.key };
    let instance = Instance { target, address: Arc::clone(&reference.target), symbolic: None };
    Some(evaluator.settle(evaluator.attribute(Datum::new(Kind::Instance(instance), span), &name.into(), span)))
}

/// The value of an argument that is written and not null.
fn given(evaluator: &Evaluator<'_>, declared: &Declared, name: &str, env: Env<'_>) -> Option<Datum> {
    let attribute = declared.block.body.attribute(name)?;
    Some(evaluator.settle(evaluator.evaluate(&attribute.expr, env))).filter(|value| !value.is_null())
}

/// The region that a resource names, or that of its provider.
fn region(evaluator: &Evaluator<'_>, declared: &Declared, env: Env<'_>) -> Option<Datum> {
    // A data source can also be asked for the region of an endpoint.
    if declared.block.body.attribute("endpoint").is_some() {
        return None;
    }
    let own = ["region", "name"].iter().filter(|name| declared.mode == Mode::Data || **name == "region");
    let own = own.filter_map(|name| given(evaluator, declared, name, env)).next();
    own.or_else(|| evaluator.region(&declared.block, env))
}

/// What `data.template_file` makes of its template, if that is in the code.
fn rendered(evaluator: &Evaluator<'_>, declared: &Declared, env: Env<'_>) -> Option<Datum> {
    let span = declared.block.header;
    let template = given(evaluator, declared, "template", env)?;
    if !matches!(template.kind, Kind::String(_) | Kind::Choice(_)) {
        return None;
    }
    let variables = given(evaluator, declared, "vars", env).unwrap_or_else(|| Datum::object(Entries::new(), span));
    let variables = types::convert(variables, &Type::map(Type::String), span);
    let arguments = vec![template, evaluator.settle(variables)];
    Some(evaluator.settle(functions::call(evaluator, "templatestring", arguments, span)))
}

/// The known text of an argument.
fn argument(evaluator: &Evaluator<'_>, declared: &Declared, name: &str, env: Env<'_>) -> Option<String> {
    given(evaluator, declared, name, env)?.as_str().map(str::to_owned)
}

/// The outputs of the root module that writes the state that is read here. What cannot be joined says what it looked for.
fn remote_outputs(evaluator: &Evaluator<'_>, declared: &Declared, address: &str, env: Env<'_>) -> Datum {
    let span = declared.block.header;
    let body = evaluator.resource_body(&declared.block, env);
    let (state, shown) = backend::read(&body, &evaluator.root);
    match state.and_then(|state| evaluator.shared.outputs(&state)) {
        Some((stack, outputs)) => {
            // An output that is null is not in the state.
            let given = outputs.iter().filter(|(_, (value, _))| !value.is_null());
            let given =
                given.map(|(name, (value, shape))| (Arc::clone(name), foreign::datum(value, shape, stack, span)));
            let mut entries: Entries = given.collect();
            let defaults = declared.block.body.attribute("defaults");
            let defaults = defaults.map(|defaults| evaluator.settle(evaluator.evaluate(&defaults.expr, env)));
            for (name, value) in defaults.iter().filter_map(Datum::entries).flatten() {
                entries.entry(Arc::clone(name)).or_insert_with(|| value.clone());
            }
            Datum::object(entries, span)
        }
        None => Datum::unknown(Reason::LookedUp, format!("{address}[{shown}].outputs"), span),
    }
}

/// One object a name of the certificate, which the provider plans with the names known: they are keys of `for_each`.
fn validation_options(evaluator: &Evaluator<'_>, declared: &Declared, address: &str, env: Env<'_>) -> Option<Datum> {
    let mut names = vec![given(evaluator, declared, "domain_name", env)?];
    if let Some(more) = given(evaluator, declared, "subject_alternative_names", env) {
        for name in more.items()? {
            if names.iter().all(|known| known.as_str() != name.as_str()) {
                names.push(name.clone());
            }
        }
    }
    // The provider keeps the options in a set by name: a name that is written twice is one option.
    let mut seen = BTreeSet::new();
    names.retain(|name| name.as_str().is_none_or(|text| seen.insert(text.to_owned())));
    let span = declared.block.header;
    let options: Option<Vec<Datum>> = names
        .iter()
        .map(|domain| {
            let text = domain.as_str()?;
            let record = |field: &str| {
                let attribute = format!("domain_validation_options[\"{text}\"].{field}");
                (Arc::from(field), Datum::new(Kind::Reference(Reference::new(address, attribute)), span))
            };
            let mut entries: Entries =
                ["resource_record_name", "resource_record_type", "resource_record_value"].map(record).into();
            entries.insert("domain_name".into(), domain.clone());
            Some(Datum::object(entries, span))
        })
        .collect();
    Some(Datum::sequence(Sequence::Set, equality::set_items(options?), span))
}
