//! Finds what to lint below the paths of the command line.

#![expect(clippy::disallowed_methods, reason = "cli is the only layer that reads the disk")]

use crate::cli::disk::slashes;
use crate::config::FILE_NAME;
use crate::source::{file_name, normalize, parent};
use ignore::{DirEntry, WalkBuilder};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How many files and directories may be visited below one given path.
const MAX_ENTRIES: usize = 1_000_000;

/// A larger `.gitignore` is not read.
const MAX_IGNORE_FILE_BYTES: u64 = 1024 * 1024;

const TERRAFORM: [&str; 6] = [".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json"];

const TEMPLATES: [&str; 5] = [".yaml", ".yml", ".json", ".template", ".tmpl"];

/// Names that other tools own and that are never a template.
const NEVER_TEMPLATES: [&str; 13] = [
    "cdk.json",
    "composer.json",
    "deno.json",
    "e2e-lint.yml",
    "jsconfig.json",
    "lerna.json",
    "mkdocs.yml",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "renovate.json",
    "tsconfig.json",
];

/// The files to look at, relative to the working directory with forward slashes, each list sorted without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Terraform and OpenTofu configuration and variable files.
    pub terraform: Vec<String>,
    /// Files that may be a CloudFormation template; only their content tells.
    pub templates: Vec<String>,
    /// Plans as `terraform show -json` writes them.
    pub plans: Vec<String>,
    /// Claims files.
    pub claims: Vec<String>,
    /// The files (not directories) that were named on the command line; each stands in one of the lists above too.
    pub explicit: Vec<String>,
    /// The directories that were named on the command line, or the working directory (empty) where nothing was.
    pub directories: Vec<String>,
    /// Sentences on what could not be looked at, such as a directory without read permission.
    pub problems: Vec<String>,
}

/// Looks below `paths`, or the working directory when there are none. Honours `.gitignore`, skips hidden entries and
/// `node_modules`, follows no symbolic links to directories; a path that was given is taken whatever these rules say.
///
/// # Errors
/// A sentence for the user when a path does not exist or cannot be looked at.
pub fn discover(paths: &[String]) -> Result<Found, String> {
    let working_directory = std::env::current_dir().map_err(|error| {
        format!("the working directory cannot be found: {error}; change to a directory that exists")
    })?;
    let mut search = Search { working_directory: slashes(&working_directory), ..Search::default() };
    if paths.is_empty() {
        search.take_directory(".")?;
    }
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| unusable(path, &error))?;
        if metadata.is_dir() {
            search.take_directory(path)?;
        } else if metadata.is_file() {
            search.take_file(path)?;
        } else {
            return Err(format!(
                "`{path}` is neither a file nor a directory: give a directory, template or plan to lint"
            ));
        }
    }
    Ok(search.finish())
}

fn unusable(path: &str, error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        format!(
            "`{path}` does not exist: give a directory, template or plan to lint, relative to the working directory"
        )
    } else {
        format!("`{path}` cannot be read: {error}")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Terraform,
    Template,
    Plan,
    Claims,
}

/// What a file is by its name, and for JSON with "plan" in its name by its first bytes.
fn kind_of(path: &str) -> Option<Kind> {
    let name = file_name(path);
    if TERRAFORM.iter().any(|extension| name.ends_with(extension)) {
        Some(Kind::Terraform)
    } else if name == FILE_NAME {
        Some(Kind::Claims)
    } else if NEVER_TEMPLATES.contains(&name) || !TEMPLATES.iter().any(|extension| name.ends_with(extension)) {
        None
    } else if name.contains("plan") && is_plan(path) {
        Some(Kind::Plan)
    } else {
        Some(Kind::Template)
    }
}

/// Of links only those are taken that Terraform reads as configuration, because a root may be made of them alone. Where a link
/// leads is looked at when it is read.
fn kind_of_entry(entry: &ignore::DirEntry, path: &str) -> Option<Kind> {
    let kind = entry.file_type()?;
    let is_configuration = |path: &&str| TERRAFORM.iter().any(|extension| path.ends_with(extension));
    let is_linked = kind.is_symlink() && fs::metadata(path).is_ok_and(|target| target.is_file());
    kind_of(Some(path).filter(|path| kind.is_file() || (is_linked && is_configuration(path)))?)
}

/// What `terraform show -json` writes begins with versions that no template has.
fn is_plan(path: &str) -> bool {
    let bytes = first_bytes(path);
    let start = String::from_utf8_lossy(&bytes);
    start.contains("\"format_version\"")
        && (start.contains("\"terraform_version\"") || start.contains("\"planned_values\""))
}

/// What `terraform plan -out` writes is an archive whose first file is `tfplan`.
fn is_binary_plan(path: &str) -> bool {
    let bytes = first_bytes(path);
    bytes.starts_with(b"PK\x03\x04") && bytes.get(30..36) == Some(b"tfplan")
}

/// The first bytes of a file; none where it cannot be read.
fn first_bytes(path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(512).read_to_end(&mut bytes));
    if read.is_ok() { bytes } else { Vec::new() }
}

impl Found {
    /// Leaves out what lies in sub-directories of a named directory that is a root module itself.
    pub fn without_subdirectories(mut self) -> Self {
        let is_root = |directory: &&String| {
            let configuration = self.terraform.iter().filter(|path| parent(path) == directory.as_str());
            configuration.into_iter().any(|path| !path.ends_with(".tfvars") && !path.ends_with(".tfvars.json"))
        };
        let roots: Vec<String> = self.directories.iter().filter(is_root).cloned().collect();
        let named = self.explicit.clone();
        let shown = |path: &String| {
            let directory = parent(path);
            let below = |root: &String| root.is_empty() || directory.starts_with(&format!("{root}/"));
            named.contains(path) || roots.iter().any(|root| root == directory) || !roots.iter().any(below)
        };
        self.terraform.retain(shown);
        self.templates.retain(shown);
        self.plans.retain(shown);
        self
    }
}

#[derive(Default)]
struct Search {
    working_directory: String,
    terraform: BTreeSet<String>,
    templates: BTreeSet<String>,
    plans: BTreeSet<String>,
    claims: BTreeSet<String>,
    explicit: BTreeSet<String>,
    directories: BTreeSet<String>,
    problems: BTreeSet<String>,
}

impl Search {
    /// A file that was named is linted whatever its name; without a telling one it is taken for a template.
    fn take_file(&mut self, path: &str) -> Result<(), String> {
        if is_binary_plan(path) {
            return Err(format!(
                "`{path}` is a plan in Terraform's own form: run `terraform show -json {path} > plan.json` in the \
                 directory of its code, and lint plan.json"
            ));
        }
        let kind = match kind_of(path) {
            Some(Kind::Terraform) => Kind::Terraform,
            _ if is_plan(path) => Kind::Plan,
            _ => Kind::Template,
        };
        let name = relative(&self.working_directory, path);
        self.explicit.insert(name.clone());
        self.insert(kind, name);
        Ok(())
    }

    fn insert(&mut self, kind: Kind, name: String) {
        match kind {
            Kind::Terraform => self.terraform.insert(name),
            Kind::Template => self.templates.insert(name),
            Kind::Plan => self.plans.insert(name),
            Kind::Claims => self.claims.insert(name),
        };
    }

    /// A directory of which the rules above it leave nothing, such as an ignored build directory, was meant all the same.
    fn take_directory(&mut self, directory: &str) -> Result<(), String> {
        self.directories.insert(relative(&self.working_directory, directory));
        if self.walk(directory, true)? == 0 {
            self.walk(directory, false)?;
        }
        Ok(())
    }

    /// Returns how many files were taken.
    fn walk(&mut self, directory: &str, honour_parents: bool) -> Result<usize, String> {
        let distrusted = Arc::new(Mutex::new(Vec::new()));
        let mut taken = 0;
        for (visited, entry) in walker(directory, honour_parents, &distrusted).build().enumerate() {
            if visited >= MAX_ENTRIES {
                return Err(format!(
                    "`{directory}` holds more than {MAX_ENTRIES} entries: give the directories to lint"
                ));
            }
            match entry {
                Ok(entry) => {
                    let path = slashes(entry.path());
                    if let Some(kind) = kind_of_entry(&entry, &path) {
                        self.insert(kind, relative(&self.working_directory, &path));
                        taken += usize::from(kind != Kind::Claims);
                    }
                }
                Err(error) => {
                    self.problems.insert(format!("not everything below `{directory}` was looked at: {error}"));
                }
            }
        }
        let distrusted = std::mem::take(&mut *distrusted.lock().unwrap_or_else(PoisonError::into_inner));
        for path in distrusted {
            let name = relative(&self.working_directory, &path);
            self.problems.insert(format!(
                "`{name}` was not entered: its .gitignore is a link or over {MAX_IGNORE_FILE_BYTES} bytes; \
                 give the directory on the command line to lint it"
            ));
        }
        Ok(taken)
    }

    fn finish(self) -> Found {
        let sorted = |names: BTreeSet<String>| names.into_iter().collect();
        Found {
            terraform: sorted(self.terraform),
            templates: sorted(self.templates),
            plans: sorted(self.plans),
            claims: sorted(self.claims),
            explicit: sorted(self.explicit),
            directories: sorted(self.directories),
            problems: sorted(self.problems),
        }
    }
}

/// Only `.gitignore` counts, so that the outcome depends on the project and not on the user's machine. Directories whose
/// `.gitignore` must not be read are left out and pushed to `distrusted`.
fn walker(directory: &str, honour_parents: bool, distrusted: &Arc<Mutex<Vec<String>>>) -> WalkBuilder {
    let root = Path::new(directory);
    // The crate reads the `.gitignore` of every parent even where it is told not to honour it.
    let is_safe = fs::canonicalize(root).is_ok_and(|real| real.ancestors().all(has_safe_gitignore));
    let distrusted = Arc::clone(distrusted);
    let mut builder = WalkBuilder::new(root);
    builder
        .standard_filters(false)
        .hidden(true)
        .git_ignore(is_safe)
        .require_git(false)
        .parents(honour_parents)
        .follow_links(false)
        .filter_entry(move |entry| enters(entry, &distrusted));
    builder
}

fn enters(entry: &DirEntry, distrusted: &Mutex<Vec<String>>) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    if entry.file_name() == "node_modules" {
        return false;
    }
    let safe = has_safe_gitignore(entry.path());
    if !safe {
        distrusted.lock().unwrap_or_else(PoisonError::into_inner).push(slashes(entry.path()));
    }
    safe
}

/// Whether a directory's `.gitignore`, if any, can be read without danger: a link may lead to an endless device, and a
/// huge file would be held in memory.
fn has_safe_gitignore(directory: &Path) -> bool {
    match fs::symlink_metadata(directory.join(".gitignore")) {
        Ok(metadata) => metadata.is_file() && metadata.len() <= MAX_IGNORE_FILE_BYTES,
        Err(_) => true,
    }
}

/// `path` as seen from the working directory; with `..` where it lies outside, and as it is on another Windows drive.
fn relative(working_directory: &str, path: &str) -> String {
    let full = normalize(&slashes(&Path::new(working_directory).join(path)));
    let base: Vec<&str> = working_directory.trim_end_matches('/').split('/').collect();
    let parts: Vec<&str> = full.split('/').collect();
    let common = base.iter().zip(&parts).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return full;
    }
    let up = std::iter::repeat_n("..", base.len() - common);
    up.chain(parts.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn tree(files: &[&str]) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        for file in files {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        directory
    }

    /// The names below the temporary directory.
    fn names(directory: &TempDir, found: &[String]) -> Vec<String> {
        let marker = format!("{}/", file_name(&slashes(directory.path())));
        found.iter().map(|name| name.split_once(&marker).unwrap().1.to_owned()).collect()
    }

    fn below(directory: &TempDir, path: &str) -> String {
        slashes(&directory.path().join(path))
    }

    #[test]
    fn sorts_files_by_what_their_names_say() {
        let directory = tree(&[
            "b/main.tf",
            "a/main.tofu.json",
            "a/prod.auto.tfvars.json",
            "a/stack.yml",
            "a/x.template",
            "package-lock.json",
            "readme.md",
            "tfplan.json",
        ]);
        fs::write(directory.path().join("tfplan.json"), r#"{"format_version":"1.2","terraform_version":"1.9.0"}"#)
            .unwrap();
        let found = discover(&[below(&directory, "")]).unwrap();
        assert_eq!(names(&directory, &found.terraform), ["a/main.tofu.json", "a/prod.auto.tfvars.json", "b/main.tf"]);
        assert_eq!(names(&directory, &found.templates), ["a/stack.yml", "a/x.template"]);
        assert_eq!(names(&directory, &found.plans), ["tfplan.json"]);
        assert_eq!((found.explicit.len(), found.problems.len()), (0, 0));
    }

    #[test]
    fn a_claims_file_is_no_template() {
        let directory = tree(&["e2e-lint.yaml", "apps/web/e2e-lint.yaml", "apps/web/stack.yaml"]);
        let found = discover(&[below(&directory, "")]).unwrap();
        assert_eq!(names(&directory, &found.claims), ["apps/web/e2e-lint.yaml", "e2e-lint.yaml"]);
        assert_eq!(names(&directory, &found.templates), ["apps/web/stack.yaml"]);
    }

    #[test]
    fn skips_hidden_ignored_and_installed_files() {
        let directory =
            tree(&["main.tf", ".terraform/m/main.tf", "node_modules/p/main.tf", "out/main.tf", "out/deep/main.tf"]);
        fs::write(directory.path().join(".gitignore"), "out/\n").unwrap();
        let found = discover(&[below(&directory, "")]).unwrap();
        assert_eq!(names(&directory, &found.terraform), ["main.tf"]);
    }

    #[test]
    fn takes_a_given_path_although_it_is_ignored() {
        let directory = tree(&["main.tf", "cdk.out/stack.template.json", "node_modules/p/main.tf", "notes.txt"]);
        fs::write(directory.path().join(".gitignore"), "cdk.out/\n*.json\n*.txt\n").unwrap();
        let given = ["cdk.out", "node_modules", "notes.txt"].map(|path| below(&directory, path));
        let found = discover(&given).unwrap();
        assert_eq!(names(&directory, &found.templates), ["cdk.out/stack.template.json", "notes.txt"]);
        assert_eq!(names(&directory, &found.terraform), ["node_modules/p/main.tf"]);
        assert_eq!(names(&directory, &found.explicit), ["notes.txt"]);
    }

    #[test]
    fn says_what_to_do_about_a_path_that_does_not_exist() {
        let error = discover(&["no/such/place".to_owned()]).unwrap_err();
        assert!(error.starts_with("`no/such/place` does not exist: give "), "{error}");
    }

    #[test]
    fn says_what_to_do_about_a_plan_that_is_no_json() {
        let directory = tree(&[]);
        let mut plan = b"PK\x03\x04".to_vec();
        plan.resize(30, 0);
        plan.extend_from_slice(b"tfplan and more");
        fs::write(directory.path().join("out"), plan).unwrap();
        let error = discover(&[below(&directory, "out")]).unwrap_err();
        assert!(error.contains("terraform show -json"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn follows_no_linked_directories_and_reads_no_linked_gitignore() {
        let directory = tree(&["main.tf", "sub/main.tf", "other/main.tf"]);
        let link = |from: &str, to: &str| std::os::unix::fs::symlink(from, directory.path().join(to)).unwrap();
        link("sub", "linked");
        link("/dev/zero", "other/.gitignore");
        let found = discover(&[below(&directory, "")]).unwrap();
        assert_eq!(names(&directory, &found.terraform), ["main.tf", "sub/main.tf"]);
        assert!(found.problems[0].contains("other` was not entered"), "{:?}", found.problems);
        let found = discover(&[below(&directory, "other")]).unwrap();
        assert_eq!(names(&directory, &found.terraform), ["other/main.tf"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_root_may_be_made_of_links() {
        let directory = tree(&["common/main.tf", "live/readme.md", "plan.json"]);
        let link = |from: &str, to: &str| std::os::unix::fs::symlink(from, directory.path().join(to)).unwrap();
        link("../common/main.tf", "live/main.tf");
        link("../nowhere.tf", "live/gone.tf");
        link("../plan.json", "live/linked-plan.json");
        let found = discover(&[below(&directory, "")]).unwrap();
        assert_eq!(names(&directory, &found.terraform), ["common/main.tf", "live/main.tf"]);
        assert_eq!((found.templates.len(), found.plans.len()), (1, 0), "{found:?}");
    }

    #[test]
    fn names_are_relative_to_the_working_directory() {
        assert_eq!(relative("/home/me", "./a//b.tf"), "a/b.tf");
        assert_eq!(relative("/home/me", "../me/b.tf"), "b.tf");
        assert_eq!(relative("/home/me", "/home/me/a/b.tf"), "a/b.tf");
        assert_eq!(relative("/home/me", "/srv/b.tf"), "../../srv/b.tf");
        assert_eq!(relative("/", "/srv/b.tf"), "srv/b.tf");
    }
}
