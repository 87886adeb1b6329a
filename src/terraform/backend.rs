//! Which state a root module writes, and which one a `terraform_remote_state` data source reads.

use super::configuration::Module;
use super::evaluator::{Env, Evaluator, Repetition};
use crate::source::join_path;
use crate::value::Value;
use std::sync::Arc;

/// The arguments that name a state, by type of backend; the others say how to get at it.
/// Source: the backends' pages in the Terraform language documentation.
const NAMING: [(&str, &[&str]); 7] = [
    ("s3", &["bucket", "key"]),
    ("gcs", &["bucket", "prefix"]),
    ("azurerm", &["storage_account_name", "container_name", "key"]),
    ("http", &["address"]),
    ("consul", &["path"]),
    ("oss", &["bucket", "key"]),
    ("cos", &["bucket", "key"]),
];

/// The name of a state: equal for all backends that mean the same.
pub(crate) type StateName = String;

/// The state that the root module writes; `None` where the code doesn't say it in full.
pub(crate) fn written(evaluator: &Evaluator<'_>, module: &Arc<Module>, workspace: Option<&str>) -> Option<StateName> {
    let scope = evaluator.isolated();
    let value = |block| evaluator.resource_body(block, Env::new(&scope, &Repetition::default()));
    let directory = &module.directory;
    let nested = || module.settings.iter().flat_map(|settings| settings.body.blocks());
    if let Some(cloud) = nested().find(|block| &*block.kind == "cloud") {
        return name("remote", &value(cloud), directory, workspace);
    }
    match nested().find(|block| &*block.kind == "backend") {
        Some(backend) => name(backend.label(0)?, &value(backend), directory, workspace),
        None => local("terraform.tfstate", directory, workspace),
    }
}

/// The state that a data source reads, and a short text that says it to people.
pub(crate) fn read(body: &Value, root: &str) -> (Option<StateName>, String) {
    let text = |name: &str| body.get(name).and_then(Value::as_text);
    let Some(backend) = text("backend") else { return (None, "an unknown backend".to_owned()) };
    let config = body.get("config").cloned().unwrap_or_else(|| body.clone());
    // As a block, which is how `config` was written before Terraform 0.12.
    let config = config.as_list().and_then(|blocks| blocks.first()).cloned().unwrap_or(config);
    let backend = if backend == "cloud" { "remote".to_owned() } else { backend };
    let workspace = text("workspace");
    // One that is not known is not the default one.
    let is_open = workspace.is_none() && body.get("workspace").is_some_and(|written| !written.is_null());
    let found = if is_open { None } else { name(&backend, &config, root, workspace.as_deref()) };
    let shown = match (&found, config.as_object()) {
        (Some(found), _) => found.clone(),
        (None, Some(entries)) => {
            let known = entries.iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_text()?)));
            format!("{backend} {}", known.collect::<Vec<_>>().join(" "))
        }
        (None, None) => backend,
    };
    (found, shown)
}

fn name(backend: &str, config: &Value, directory: &str, workspace: Option<&str>) -> Option<StateName> {
    let text = |name: &str| config.get(name).and_then(Value::as_text);
    match backend {
        "local" => local(&text("path").unwrap_or_else(|| "terraform.tfstate".to_owned()), directory, workspace),
        "remote" => {
            let workspaces = config.get("workspaces")?;
            let block = workspaces.as_list().map_or(Some(workspaces), <[Value]>::first)?;
            let own = match (block.get("name").and_then(Value::as_text), block.get("prefix").and_then(Value::as_text)) {
                (Some(name), _) => name,
                (None, Some(prefix)) => format!("{prefix}{}", workspace?),
                (None, None) => return None,
            };
            Some(format!("remote organization={} workspace={own}", text("organization")?))
        }
        _ => {
            let (_, arguments) = NAMING.iter().find(|(name, _)| *name == backend)?;
            let named: Option<Vec<String>> =
                arguments.iter().map(|argument| Some(format!("{argument}={}", text(argument)?))).collect();
            Some(format!("{backend} {}{}", named?.join(" "), in_workspace(workspace)))
        }
    }
}

fn local(path: &str, directory: &str, workspace: Option<&str>) -> Option<StateName> {
    Some(format!(
        "local path={}{}",
        join_path(if directory.is_empty() { "." } else { directory }, path),
        in_workspace(workspace)
    ))
}

fn in_workspace(workspace: Option<&str>) -> String {
    match workspace {
        None | Some("default") => String::new(),
        Some(name) => format!(" workspace={name}"),
    }
}
