//! The root module's variables: variable files, environment and command line, by Terraform's precedence.

use super::ast::{Body, ExprKind};
use super::configuration::{Content, Module};
use super::datum::Datum;
use super::evaluator::{Env, Evaluator, Repetition};
use super::{Input, hcl};
use crate::source::{Span, file_name, join_path};
use std::collections::BTreeMap;
use std::sync::Arc;

type Values = BTreeMap<Arc<str>, Datum>;

/// The values given to the variables of the root module in `directory`; later sources win.
pub(crate) fn root_values(evaluator: &Evaluator<'_>, module: &Arc<Module>) -> Values {
    let mut values = Values::new();
    let options = evaluator.options;
    for (name, text) in &options.environment {
        text_value(evaluator, module, name, text, &format!("TF_VAR_{name}"), &mut values);
    }
    for path in automatic_files(evaluator, &module.directory) {
        file_values(evaluator, &path, &mut values);
    }
    for input in &options.inputs {
        match input {
            Input::File(path) => file_values(evaluator, path, &mut values),
            Input::Value { name, text } => {
                text_value(evaluator, module, name, text, &format!("--var {name}"), &mut values);
            }
        }
    }
    values
}

fn automatic_files(evaluator: &Evaluator<'_>, directory: &str) -> Vec<String> {
    let names = evaluator.library.files.list(if directory.is_empty() { "." } else { directory }).unwrap_or_default();
    let mut found: Vec<&str> = ["terraform.tfvars", "terraform.tfvars.json"]
        .into_iter()
        .filter(|name| names.iter().any(|other| other == name))
        .collect();
    let mut automatic: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"))
        .collect();
    automatic.sort_unstable();
    found.extend(automatic);
    found.into_iter().map(|name| join_path(directory, file_name(name))).collect()
}

fn file_values(evaluator: &Evaluator<'_>, path: &str, values: &mut Values) {
    let (body, problems): (Body, _) = evaluator.library.parse(path, Content::Variables);
    for problem in problems {
        evaluator.report(problem);
    }
    let scope = evaluator.add_root(Arc::new(Module::default()), Values::new());
    let none = Repetition::default();
    for attribute in body.attributes() {
        let value = evaluator.settle(evaluator.evaluate(&attribute.expr, Env::new(&scope, &none)));
        values.insert(Arc::clone(&attribute.name), value);
    }
}

/// A value given as text: as it is for a variable of a simple type, else an expression.
fn text_value(evaluator: &Evaluator<'_>, module: &Module, name: &str, text: &str, place: &str, values: &mut Values) {
    let Some(variable) = module.variables.get(name) else { return };
    let simple = match variable.body.attribute("type").map(|attribute| &attribute.expr.kind) {
        None => true,
        Some(ExprKind::Variable(of) | ExprKind::String(of)) => matches!(&**of, "string" | "number" | "bool"),
        Some(_) => false,
    };
    let file = evaluator.library.sources.add(place, text);
    let span = Span::new(file, 0, text.len());
    let value = if simple {
        Datum::string(text, span)
    } else {
        match hcl::parse_expression(file, text, 0) {
            Ok(expr) => {
                let scope = evaluator.add_root(Arc::new(Module::default()), Values::new());
                evaluator.settle(evaluator.evaluate(&expr, Env::new(&scope, &Repetition::default())))
            }
            Err(problem) => {
                evaluator.report(problem);
                Datum::unknown(crate::value::Reason::Invalid("it cannot be parsed".into()), place, span)
            }
        }
    };
    values.insert(name.into(), value);
}
