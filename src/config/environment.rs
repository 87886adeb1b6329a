//! Environments: deployments of the same code with other inputs.

use super::file::{self, EnvironmentEntry};
use super::{Config, Reader};
use crate::diagnostic::Problem;
use crate::source::{Span, join_path};

/// What an environment gives to the root modules and templates at or below a path. All paths are relative to the working
/// directory.
#[derive(Clone, Debug)]
pub struct Setting {
    pub environment: String,
    pub below: String,
    /// Terraform variable files with the places where they are named; later ones win.
    pub var_files: Vec<(String, Span)>,
    pub workspace: Option<String>,
    /// A file with CloudFormation parameter values.
    pub parameters: Option<(String, Span)>,
    pub region: Option<String>,
    /// The name of the stack that a template is deployed as.
    pub stack_name: Option<String>,
    /// Directories whose templates nested stacks take from a bucket.
    pub template_dirs: Vec<String>,
    /// The entry's name, or its root where it has one.
    pub span: Span,
    /// Whether the entry names a root, which the code should then have.
    pub names_root: bool,
}

impl Reader<'_> {
    pub(super) fn setting(&mut self, entry: EnvironmentEntry) -> Setting {
        let path = |text: &file::Text| (join_path(&self.home.directory, &text.value), file::span(text, self.file));
        let setting = Setting {
            below: entry.root.as_ref().map_or_else(|| self.home.scope.to_string(), |root| path(root).0),
            var_files: entry.var_files.iter().map(path).collect(),
            workspace: entry.workspace,
            parameters: entry.parameters.as_ref().map(path),
            region: entry.region,
            stack_name: entry.stack_name,
            template_dirs: entry.template_dirs.iter().map(|directory| path(directory).0).collect(),
            span: file::span(entry.root.as_ref().unwrap_or(&entry.name), self.file),
            names_root: entry.root.is_some(),
            environment: entry.name.value.clone(),
        };
        if setting.environment.trim().is_empty() {
            self.refuse("this environment has no name", setting.span, "write a name, such as prod");
        }
        setting
    }
}

/// Claims that are made in an environment that is not there would never be judged.
pub(super) fn unknown(config: &Config) -> Vec<Problem> {
    let known = config.environments();
    let mut problems = Vec::new();
    for claim in &config.claims {
        for name in claim.environments.iter().filter(|name| !known.contains(&name.as_str())) {
            let help = match known.as_slice() {
                [] => "name the environment under `environments`".to_owned(),
                _ => format!("the environments are: {}", known.join(", ")),
            };
            let message = format!("the claim {} is made in {name}, which is no environment", claim.name);
            problems.push(Problem::error(message, claim.span).with_help(help));
        }
    }
    problems
}
