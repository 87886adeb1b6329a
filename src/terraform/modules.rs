//! Where the code of a called module is.

use super::ast::{Block, ExprKind};
use super::configuration::Module;
use super::evaluator::{Env, Evaluator, Repetition, Scope};
use crate::diagnostic::Problem;
use crate::source::{Files, join_path};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// The directories of installed modules by their path in the tree of calls, from `.terraform/modules/modules.json`.
pub(crate) fn installed(files: &dyn Files, root: &str) -> BTreeMap<String, String> {
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
    let text = files.read(&join_path(root, ".terraform/modules/modules.json")).unwrap_or_default();
    let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else { return BTreeMap::new() };
    manifest.modules.into_iter().map(|entry| (entry.key, join_path(root, &entry.directory))).collect()
}

/// The literal `source` of a call.
pub(crate) fn source(call: &Block) -> Option<&str> {
    match &call.body.attribute("source")?.expr.kind {
        ExprKind::String(text) => Some(text),
        _ => None,
    }
}

/// The `source` of a call; OpenTofu lets variables and locals stand in it.
/// Source: <https://opentofu.org/docs/language/modules/sources/>.
pub(crate) fn evaluated_source(evaluator: &Evaluator<'_>, scope: &Rc<Scope>, call: &Block) -> Option<String> {
    if let Some(literal) = source(call) {
        return Some(literal.to_owned());
    }
    let written = &call.body.attribute("source")?.expr;
    let value = evaluator.settle(evaluator.evaluate(written, Env::new(scope, &Repetition::default())));
    value.as_str().map(str::to_owned)
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
        let problem = Problem::warning(
            format!("the code of {name} ({source}) is not on disk; what it makes is not analysed"),
            Some(span),
        );
        let help = if local {
            "check the path, or lint the directory that holds both"
        } else {
            "run `terraform init` (or `terraform get`) in the root module first: then its code is read from .terraform/modules"
        };
        evaluator.report(problem.with_help(help));
    }
    found
}
