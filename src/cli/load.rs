//! From paths to stacks: discovery and the two front ends.

use super::args::InputArgs;
use super::discover::{Found, discover};
use super::disk::Disk;
use crate::check::Deployment;
use crate::config::{Config, Setting};
use crate::diagnostic::Problem;
use crate::source::{Files as _, Sources, lies_below, normalize};
use crate::{cloudformation, terraform};
use std::path::PathBuf;
use std::sync::Arc;

/// What lies below the paths, before any of it is evaluated.
pub(super) struct Opened {
    pub found: Found,
    pub sources: Sources,
    pub problems: Vec<Problem>,
    pub disk: Disk,
}

/// Which code of the given directories is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// All that lies below them.
    All,
    /// Of a directory that is a root module only that module.
    Roots,
}

/// Finds the files at the paths. An error is a message for the user.
pub(super) fn open(input: &InputArgs, depth: Depth) -> Result<Opened, String> {
    let paths = paths(input);
    let mut found = discover(&paths)?;
    if depth == Depth::Roots {
        found = found.without_subdirectories();
    }
    let roots: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let extra =
        input.allow_root.iter().chain(&input.template_dir).chain(input.assignments.files()).chain(&input.parameters);
    let extra = extra.map(PathBuf::from);
    let disk = Disk::new(&roots, &extra.collect::<Vec<_>>());
    let problems = found.problems.iter().map(|message| Problem::warning(message, None)).collect();
    Ok(Opened { found, sources: Sources::new(), problems, disk })
}

/// Reads and evaluates the code once for each environment of the claims, or once where there are none. An error is a
/// message for the user.
pub(super) fn evaluate(opened: &mut Opened, input: &InputArgs, config: &Config) -> Result<Vec<Deployment>, String> {
    let environments = chosen(input, config)?;
    let terraform_options = environments.iter().map(|name| terraform_options(input, opened, config, *name));
    let terraform_options: Vec<terraform::Options> = terraform_options.collect();
    let cloudformation_options = environments.iter().map(|name| cloudformation_options(input, opened, config, *name));
    let cloudformation_options: Vec<cloudformation::Options> = cloudformation_options.collect::<Result<_, _>>()?;
    let Opened { found, disk, sources, .. } = &*opened;
    let (roots, templates) = rayon::join(
        || terraform::stacks(&found.terraform, disk, sources, &terraform_options),
        || cloudformation::stacks(&found.templates, disk, sources, &cloudformation_options),
    );
    let each = environments.iter().zip(roots).zip(templates).zip(&terraform_options);
    let deployments: Vec<Deployment> = each
        .map(|(((environment, roots), templates), options)| {
            let mut stacks = terraform::with_plans(roots, &found.plans, disk, sources, options);
            stacks.extend(templates);
            stacks.sort_by(|first, second| first.id.cmp(&second.id).then(first.dialect.cmp(&second.dialect)));
            Deployment::new(environment.map(Arc::from), stacks)
        })
        .collect();
    opened.problems.extend(config.settings.iter().filter_map(|setting| names_nothing(setting, &deployments)));
    Ok(deployments)
}

/// The environments to look at: one of the claims file, all of them, or the code as it stands.
fn chosen<'a>(input: &InputArgs, config: &'a Config) -> Result<Vec<Option<&'a str>>, String> {
    let all = config.environments();
    let Some(wanted) = &input.environment else {
        return Ok(if all.is_empty() { vec![None] } else { all.into_iter().map(Some).collect() });
    };
    match all.iter().find(|name| *name == wanted) {
        Some(name) => Ok(vec![Some(name)]),
        None if all.is_empty() => {
            Err(format!("--environment {wanted}: no claims file was found that has `environments`"))
        }
        None => Err(format!("--environment {wanted}: the environments are {}", all.join(", "))),
    }
}

/// Inputs for a root that is not there would be lost without a word.
fn names_nothing(setting: &Setting, deployments: &[Deployment]) -> Option<Problem> {
    let mut stacks = deployments.iter().flat_map(|deployment| &deployment.stacks);
    if !setting.names_root || stacks.any(|stack| lies_below(&normalize(&stack.id), &setting.below)) {
        return None;
    }
    let message = format!("no root module or template lies at or below `{}`", setting.below);
    Some(Problem::warning(message, Some(setting.span)).with_help("mend the root, or lint a path that holds it"))
}

/// The given paths; the working directory where none is given.
pub(super) fn paths(input: &InputArgs) -> Vec<String> {
    if input.paths.is_empty() { vec![".".to_owned()] } else { input.paths.clone() }
}

fn terraform_options(
    input: &InputArgs,
    opened: &Opened,
    config: &Config,
    environment: Option<&str>,
) -> terraform::Options {
    let given = settings(config, environment).map(|setting| terraform::Given {
        below: setting.below.clone(),
        var_files: setting.var_files.iter().map(|(path, _)| path.clone()).collect(),
        workspace: setting.workspace.clone(),
        region: setting.region.clone(),
    });
    terraform::Options {
        named: opened.found.directories.clone(),
        inputs: input.assignments.inputs.clone(),
        environment: if input.tf_env { tf_vars() } else { Vec::new() },
        workspace: input.workspace.clone(),
        region: input.region.clone(),
        given: given.collect(),
    }
}

fn settings<'a>(config: &'a Config, environment: Option<&str>) -> impl Iterator<Item = &'a Setting> {
    config.settings.iter().filter(move |setting| Some(setting.environment.as_str()) == environment)
}

/// `TF_VAR_` variables, sorted, without the prefix.
#[expect(clippy::disallowed_methods, reason = "--tf-env asks for the environment")]
fn tf_vars() -> Vec<(String, String)> {
    let named = |(name, value): (String, String)| Some((name.strip_prefix("TF_VAR_")?.to_owned(), value));
    let mut found: Vec<_> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter_map(named)
        .collect();
    found.sort();
    found
}

/// What lies in directories that nested stacks may take their templates from.
fn published(directories: &[String]) -> Result<Found, String> {
    if directories.is_empty() { Ok(Found::default()) } else { discover(directories) }
}

fn cloudformation_options(
    input: &InputArgs,
    opened: &Opened,
    config: &Config,
    environment: Option<&str>,
) -> Result<cloudformation::Options, String> {
    let read = |path: &str, named: &str| {
        let text = opened.disk.read(path).map_err(|error| format!("{named} {path} {error}"))?;
        cloudformation::read_parameters(&text).map_err(|error| format!("{named} {path}: {error}"))
    };
    let parameters = input.parameters.as_ref().map(|path| read(path, "--parameters")).transpose()?;
    let given = settings(config, environment).map(|setting| {
        let named = |span| format!("{}: parameters", opened.sources.place(span));
        let parameters = setting.parameters.as_ref().map(|(path, span)| read(path, &named(*span))).transpose()?;
        let parameters = parameters.unwrap_or_default();
        Ok(cloudformation::Given {
            below: setting.below.clone(),
            parameters,
            region: setting.region.clone(),
            stack_name: setting.stack_name.clone(),
            template_dirs: setting.template_dirs.clone(),
        })
    });
    let for_all = published(&input.template_dir)?;
    let directories = settings(config, environment).flat_map(|setting| setting.template_dirs.iter().cloned());
    let of_settings = published(&directories.collect::<Vec<_>>())?;
    Ok(cloudformation::Options {
        parameters: parameters.unwrap_or_default(),
        region: input.region.clone(),
        offered: [for_all.templates, of_settings.templates].concat(),
        template_dirs: for_all.directories,
        given: given.collect::<Result<_, String>>()?,
    })
}
