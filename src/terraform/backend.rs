//! Which state a root module writes, and which one a `terraform_remote_state` data source reads.

use super::configuration::Module;
use super::evaluator::{Env, Evaluator, Repetition};
use crate::source::join_path;
use crate::value::Value;
use std::sync::Arc;

/// How a backend names its states. The other arguments say how to get at them.
/// Source: the backends' pages in the Terraform language documentation and `internal/backend/remote-state` in its code.
struct Naming {
    backend: &'static str,
    arguments: &'static [(&'static str, Argument)],
    workspace: Workspace,
}

enum Argument {
    Required,
    /// Has this value where it is not written.
    Or(&'static str),
    /// Part of the name where it is written.
    Optional,
}

/// What a workspace other than `default` does to the name.
enum Workspace {
    /// Stands before the argument, behind a prefix that another argument gives.
    Before { argument: &'static str, prefix: &'static str, default: &'static str },
    /// Stands behind the argument and a separator.
    Behind { argument: &'static str, separator: &'static str },
    /// Is a part of its own.
    Apart,
}

use Argument::{Optional, Or, Required};

const NAMING: &[Naming] = &[
    Naming {
        backend: "s3",
        arguments: &[("bucket", Required), ("key", Required), ("endpoint", Optional), ("endpoints.s3", Optional)],
        workspace: Workspace::Before { argument: "key", prefix: "workspace_key_prefix", default: "env:" },
    },
    Naming { backend: "gcs", arguments: &[("bucket", Required), ("prefix", Or(""))], workspace: Workspace::Apart },
    Naming {
        backend: "azurerm",
        arguments: &[("storage_account_name", Required), ("container_name", Required), ("key", Required)],
        workspace: Workspace::Behind { argument: "key", separator: "env:" },
    },
    Naming { backend: "http", arguments: &[("address", Required)], workspace: Workspace::Apart },
    Naming {
        backend: "consul",
        arguments: &[("path", Required), ("address", Optional), ("datacenter", Optional)],
        workspace: Workspace::Behind { argument: "path", separator: "-env:" },
    },
    Naming {
        backend: "oss",
        arguments: &[("bucket", Required), ("prefix", Or("env:")), ("key", Or("terraform.tfstate"))],
        workspace: Workspace::Apart,
    },
    Naming {
        backend: "cos",
        arguments: &[("bucket", Required), ("prefix", Or("")), ("key", Or("terraform.tfstate"))],
        workspace: Workspace::Apart,
    },
    Naming {
        backend: "kubernetes",
        arguments: &[
            ("secret_suffix", Required),
            ("namespace", Or("default")),
            ("host", Optional),
            ("config_path", Optional),
            ("config_context", Optional),
            ("config_context_cluster", Optional),
        ],
        workspace: Workspace::Apart,
    },
];

/// The name of a state: equal for all backends that mean the same.
pub(crate) type StateName = String;

/// The state that the root module writes; `None` where the code doesn't say it in full.
pub(crate) fn written(evaluator: &Evaluator<'_>, module: &Arc<Module>, workspace: Option<&str>) -> Option<StateName> {
    let scope = evaluator.isolated();
    let value = |block| evaluator.resource_body(block, Env::new(&scope, &Repetition::default()));
    let directory = &module.directory;
    let nested = || module.settings.iter().flat_map(|settings| settings.body.blocks());
    // The one of an override file stands first, and replaces both kinds.
    match nested().find(|block| matches!(&*block.kind, "cloud" | "backend")) {
        Some(cloud) if &*cloud.kind == "cloud" => name("remote", &value(cloud), directory, workspace),
        Some(backend) => name(backend.label(0)?, &value(backend), directory, workspace),
        None => Some(local(None, None, directory, workspace)),
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
    let workspace = workspace.filter(|workspace| *workspace != "default");
    match backend {
        "local" => Some(local(text(config, "path")?, text(config, "workspace_dir")?, directory, workspace)),
        "remote" => {
            let workspaces = config.get("workspaces")?;
            let block = workspaces.as_list().map_or(Some(workspaces), <[Value]>::first)?;
            let own = match (text(block, "name")?, text(block, "prefix")?) {
                (Some(name), _) => name,
                (None, Some(prefix)) => format!("{prefix}{}", workspace?),
                (None, None) => {
                    block.get("tags")?;
                    workspace?.to_owned()
                }
            };
            let host = text(config, "hostname")?.unwrap_or_else(|| "app.terraform.io".to_owned());
            Some(format!("remote hostname={host} organization={} workspace={own}", text(config, "organization")??))
        }
        _ => NAMING.iter().find(|naming| naming.backend == backend)?.name(config, workspace),
    }
}

impl Naming {
    fn name(&self, config: &Value, workspace: Option<&str>) -> Option<StateName> {
        let mut name = self.backend.to_owned();
        for (argument, kind) in self.arguments {
            let written = match (text(config, argument)?, kind) {
                (Some(written), _) => written,
                (None, Or(default)) => (*default).to_owned(),
                (None, Optional) => continue,
                (None, Required) => return None,
            };
            let written = match (&self.workspace, workspace) {
                (Workspace::Before { argument: of, prefix, default }, Some(workspace)) if of == argument => {
                    let prefix = text(config, prefix)?.unwrap_or_else(|| (*default).to_owned());
                    join_path(&prefix, &format!("{workspace}/{written}"))
                }
                (Workspace::Behind { argument: of, separator }, Some(workspace)) if of == argument => {
                    format!("{written}{separator}{workspace}")
                }
                _ if *argument == "prefix" => written.trim_matches('/').to_owned(),
                _ => written,
            };
            if !written.is_empty() {
                name.push_str(&format!(" {argument}={written}"));
            }
        }
        match (&self.workspace, workspace) {
            (Workspace::Apart, Some(workspace)) => Some(format!("{name} workspace={workspace}")),
            _ => Some(name),
        }
    }
}

/// The text of an argument, in a block or object where its name has a dot; the inner `None` where it is not written. The
/// outer one is an argument that is not known.
fn text(config: &Value, name: &str) -> Option<Option<String>> {
    let value = match name.split_once('.') {
        Some((outer, inner)) => {
            config.get(outer).and_then(|outer| outer.as_list().map_or(Some(outer), <[Value]>::first)?.get(inner))
        }
        None => config.get(name),
    };
    match value.filter(|value| !value.is_null()) {
        Some(value) => value.as_text().map(Some),
        None => Some(None),
    }
}

/// In a workspace other than `default`, the path has no say.
fn local(path: Option<String>, below: Option<String>, directory: &str, workspace: Option<&str>) -> StateName {
    let path = match workspace.filter(|workspace| *workspace != "default") {
        None => path.unwrap_or_else(|| "terraform.tfstate".to_owned()),
        Some(workspace) => {
            format!("{}/{workspace}/terraform.tfstate", below.as_deref().unwrap_or("terraform.tfstate.d"))
        }
    };
    format!("local path={}", join_path(if directory.is_empty() { "." } else { directory }, &path))
}
