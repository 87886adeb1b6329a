//! Finds and reads the claims files.

use super::disk::Disk;
use super::load::Opened;
use crate::config::{self, Config, Home};
use crate::source::{Files as _, join_path, normalize, parent};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The claims file that was named; without one those below the paths, and for each path the nearest one upward, as far as
/// may be read. An error is a message for the user; what is wrong in the files is among the problems then.
pub(super) fn claims(opened: &mut Opened, named: Option<&str>, today: &str) -> Result<Config, String> {
    let files = match named {
        Some(path) => {
            let disk = Disk::new(&[PathBuf::from(path)], &[PathBuf::from(path)]);
            let text = disk.read(path).map_err(|error| format!("--config {path} {error}"))?;
            vec![(normalize(path), text)]
        }
        None => found(opened)?,
    };
    let mut configs: Vec<(Home, Config)> = Vec::new();
    let mut unusable = Vec::new();
    for (path, text) in files {
        let file = opened.sources.add(&path, text.as_str());
        let directory: Arc<str> = parent(&path).into();
        // A file that was named says something of all that is linted, wherever it lies.
        let scope = if named.is_some() { "".into() } else { Arc::clone(&directory) };
        let home = Home { directory, scope };
        match config::read(&text, file, &home, today) {
            Ok(config) => configs.push((home, config)),
            Err(problems) => {
                opened.problems.extend(problems);
                unusable.push(path);
            }
        }
    }
    if !unusable.is_empty() {
        return Err(format!("{} cannot be used", unusable.join(", ")));
    }
    Config::join(configs).map_err(|problems| {
        opened.problems.extend(problems);
        "the claims cannot be used".to_owned()
    })
}

/// Outer files first.
fn found(opened: &Opened) -> Result<Vec<(String, String)>, String> {
    let mut paths: BTreeSet<(usize, String)> = BTreeSet::new();
    let depth = |path: &str| path.matches('/').count();
    let given = opened.found.directories.iter().chain(&opened.found.explicit);
    let upward = given.filter_map(|path| nearest(&opened.disk, path));
    for path in upward.chain(opened.found.claims.iter().cloned()) {
        paths.insert((depth(&path), path));
    }
    let read = |(_, path): (usize, String)| match opened.disk.read(&path) {
        Ok(text) => Ok((path, text)),
        Err(error) => Err(format!("{path} {error}")),
    };
    paths.into_iter().map(read).collect()
}

fn nearest(disk: &Disk, path: &str) -> Option<String> {
    let mut directory = if disk.list(path).is_ok() { path } else { parent(path) };
    loop {
        let candidate = join_path(directory, config::FILE_NAME);
        if disk.exists(&candidate) {
            return Some(candidate);
        }
        if directory.is_empty() || directory == "/" || directory.ends_with("..") {
            return None;
        }
        directory = parent(directory);
    }
}
