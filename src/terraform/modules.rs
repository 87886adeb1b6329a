//! Where the code of a called module is.

use super::ast::{Block, ExprKind};
use super::configuration::Module;
use super::evaluator::{Env, Evaluator, Repetition, Scope};
use crate::diagnostic::Problem;
use crate::source::{Files, ReadError, join_path};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// The directories of installed modules by their path in the tree of calls, from `.terraform/modules/modules.json`.
pub(crate) fn installed(files: &dyn Files, root: &str) -> BTreeMap<String, String> {
    manifest(files, root).unwrap_or_default()
}

const MANIFEST: &str = ".terraform/modules/modules.json";

/// The error is what is wrong with a manifest that is there.
fn manifest(files: &dyn Files, root: &str) -> Result<BTreeMap<String, String>, String> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        #[serde(rename = "Modules")]
        modules: Vec<Entry>,
    }
    #[derive(serde::Deserialize)]
    struct Entry {
        #[serde(rename = "Key")]
        key: String,
        #[serde(rename = "Dir")]
        directory: String,
    }
    let text = match files.read(&join_path(root, MANIFEST)) {
        Ok(text) => text,
        Err(ReadError::NotFound) => return Ok(BTreeMap::new()),
        Err(error) => return Err(error.to_string()),
    };
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let directory = |entry: &Entry| join_path(if root.is_empty() { "." } else { root }, &entry.directory);
    Ok(manifest.modules.into_iter().map(|entry| (entry.key.clone(), directory(&entry))).collect())
}

/// The literal `source` of a call.
pub(crate) fn source(call: &Block) -> Option<&str> {
    match &call.body.attribute("source")?.expr.kind {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}

/// The `source` of a call; OpenTofu lets variables and locals stand in it that are not sensitive.
/// Source: <https://opentofu.org/docs/language/modules/sources/>.
pub(crate) fn evaluated_source(evaluator: &Evaluator<'_>, scope: &Rc<Scope>, call: &Block) -> Option<String> {
    if let Some(literal) = source(call) {
        return Some(literal.to_owned());
    }
    let written = &call.body.attribute("source")?.expr;
    let value = evaluator.settle(evaluator.evaluate(written, Env::new(scope, &Repetition::default())));
    value.as_str().filter(|_| !value.sensitive).map(str::to_owned)
}

pub(crate) fn is_local(source: &str) -> bool {
    source == "." || source == ".." || source.starts_with("./") || source.starts_with("../")
}

/// The directory of a local module, seen from the calling one.
pub(crate) fn local_directory(caller: &str, source: &str) -> String {
    join_path(if caller.is_empty() { "." } else { caller }, source)
}

/// Finds the called module's code; reports once where it is not there.
pub(crate) fn find(
    evaluator: &Evaluator<'_>,
    scope: &Rc<Scope>,
    call: &Block,
    path: &str,
    address: &str,
) -> Option<Arc<Module>> {
    let name = address.strip_prefix(&scope.prefix).unwrap_or(address);
    let Some(source) = evaluated_source(evaluator, scope, call) else {
        let message = format!("{name} has no source that is known; its code is not analysed");
        evaluator.report(Problem::warning(message, Some(call.header)));
        return None;
    };
    let local = is_local(&source);
    let directory = if local {
        Some(local_directory(&scope.module.directory, &source))
    } else {
        evaluator.installed.get(path).cloned()
    };
    let found = directory.as_deref().and_then(|directory| evaluator.library.module(directory));
    if found.is_none() {
        let span = call.body.attribute("source").map_or(call.header, |attribute| attribute.expr.span);
        let name = name.split('[').next().unwrap_or(name);
        let (why, help) = missing(evaluator, directory.as_deref(), local);
        let message = format!("the code of {name} ({source}) {why}; what it makes is not analysed");
        evaluator.report(Problem::warning(message, Some(span)).with_help(help));
    }
    found
}

/// Why the code of a module is not there, and what helps.
fn missing(evaluator: &Evaluator<'_>, directory: Option<&str>, local: bool) -> (&'static str, String) {
    let files = evaluator.library.files;
    if directory.is_some_and(|directory| files.list(directory) == Err(ReadError::OutsideRoots)) {
        let directory = directory.unwrap_or_default();
        let why = "lies outside of what is linted";
        return (why, format!("allow it with --allow-root {directory}, or lint the directory that holds both"));
    }
    let why = "is not on disk";
    if local {
        return (why, "check the path, or lint the directory that holds both".to_owned());
    }
    let run = "run `terraform init` (or `terraform get`) in the root module first";
    let help = match manifest(files, &evaluator.root) {
        Ok(_) => format!("{run}: then its code is read from .terraform/modules"),
        Err(error) => format!("{run}: {MANIFEST} cannot be read ({error})"),
    };
    (why, help)
}
