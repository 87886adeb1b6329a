//! From paths to stacks: discovery, the two front ends, the claims file.

use super::args::InputArgs;
use super::discover::discover;
use super::disk::Disk;
use crate::config::{self, Config};
use crate::diagnostic::Problem;
use crate::resource::Stack;
use crate::source::{Files as _, Sources, join_path, normalize, parent};
use crate::{cloudformation, terraform};
use std::path::PathBuf;

/// Everything that was found below the paths.
pub(super) struct Loaded {
    pub stacks: Vec<Stack>,
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

/// Reads and evaluates the code at the paths. An error is a message for the user.
pub(super) fn load(input: &InputArgs, depth: Depth) -> Result<Loaded, String> {
    let paths = paths(input);
    let mut found = discover(&paths)?;
    if depth == Depth::Roots {
        found = found.without_subdirectories();
    }
    let roots: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let extra = input.allow_root.iter().chain(&input.var_file).chain(&input.parameters).map(PathBuf::from);
    let disk = Disk::new(&roots, &extra.collect::<Vec<_>>());
    let sources = Sources::new();
    let problems: Vec<Problem> = found.problems.iter().map(|message| Problem::warning(message, None)).collect();
    let terraform_options = terraform_options(input, &found.directories)?;
    let cloudformation_options = cloudformation_options(input, &disk)?;
    let (roots, templates) = rayon::join(
        || terraform::stacks(&found.terraform, &disk, &sources, &terraform_options),
        || cloudformation::stacks(&found.templates, &disk, &sources, &cloudformation_options),
    );
    let mut stacks = terraform::with_plans(roots, &found.plans, &disk, &sources, &terraform_options);
    stacks.extend(templates);
    stacks.sort_by(|first, second| first.id.cmp(&second.id).then(first.dialect.cmp(&second.dialect)));
    Ok(Loaded { stacks, sources, problems, disk })
}

/// The given paths; the working directory where none is given.
pub(super) fn paths(input: &InputArgs) -> Vec<String> {
    if input.paths.is_empty() { vec![".".to_owned()] } else { input.paths.clone() }
}

fn terraform_options(input: &InputArgs, named: &[String]) -> Result<terraform::Options, String> {
    let mut vars = Vec::new();
    for assignment in &input.var {
        match assignment.split_once('=') {
            Some((name, value)) if !name.is_empty() => vars.push((name.to_owned(), value.to_owned())),
            _ => return Err(format!("--var {assignment}: write it as NAME=VALUE")),
        }
    }
    Ok(terraform::Options {
        named: named.to_vec(),
        var_files: input.var_file.clone(),
        vars,
        environment: if input.tf_env { environment() } else { Vec::new() },
        workspace: input.workspace.clone(),
        region: input.region.clone(),
    })
}

/// `TF_VAR_` variables, sorted, without the prefix.
#[expect(clippy::disallowed_methods, reason = "--tf-env asks for the environment")]
fn environment() -> Vec<(String, String)> {
    let named = |(name, value): (String, String)| Some((name.strip_prefix("TF_VAR_")?.to_owned(), value));
    let mut found: Vec<_> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter_map(named)
        .collect();
    found.sort();
    found
}

fn cloudformation_options(input: &InputArgs, disk: &Disk) -> Result<cloudformation::Options, String> {
    let parameters = match &input.parameters {
        None => Vec::new(),
        Some(path) => {
            let text = disk.read(path).map_err(|error| format!("--parameters {path} {error}"))?;
            cloudformation::read_parameters(&text).map_err(|error| format!("--parameters {path}: {error}"))?
        }
    };
    Ok(cloudformation::Options { parameters, region: input.region.clone() })
}

/// A claims file and where it lies: what it names is relative to that.
#[derive(Default)]
pub(super) struct Claims {
    pub config: Config,
    pub directory: String,
}

/// The claims file that was named, or the nearest one upward from the first path within what may be read.
pub(super) fn claims(
    loaded: &mut Loaded,
    named: Option<&str>,
    paths: &[String],
    today: &str,
) -> Result<Claims, String> {
    let (path, text) = match named {
        Some(path) => {
            let disk = Disk::new(&[PathBuf::from(path)], &[PathBuf::from(path)]);
            let text = disk.read(path).map_err(|error| format!("--config {path} {error}"))?;
            (normalize(path), text)
        }
        None => match nearest(&loaded.disk, paths) {
            Some(found) => found,
            None => return Ok(Claims::default()),
        },
    };
    let file = loaded.sources.add(&path, text.as_str());
    match config::read(&text, file, today) {
        Ok(config) => Ok(Claims { config, directory: parent(&path).to_owned() }),
        Err(problems) => {
            loaded.problems.extend(problems);
            Err(format!("{path} cannot be used"))
        }
    }
}

fn nearest(disk: &Disk, paths: &[String]) -> Option<(String, String)> {
    let first = normalize(paths.first()?);
    let mut directory = if disk.list(&first).is_ok() { first } else { parent(&first).to_owned() };
    loop {
        let candidate = join_path(&directory, config::FILE_NAME);
        if let Ok(text) = disk.read(&candidate) {
            return Some((candidate, text));
        }
        if directory.is_empty() || directory == "/" || directory.ends_with("..") {
            return None;
        }
        directory = parent(&directory).to_owned();
    }
}
