//! Finds and reads the documents that the claims file names under `docs`.

use super::load::Opened;
use crate::config::{Config, Docs};
use crate::diagnostic::Problem;
use crate::source::{FileId, Files as _, join_path};
use std::collections::BTreeSet;

/// Adds the documents to the sources. A glob that matches nothing, or a file that cannot be read, is a problem: a document
/// that is silently left out would look as if it were backed.
pub(super) fn documents(opened: &mut Opened, config: &Config) -> Vec<FileId> {
    let mut paths = BTreeSet::new();
    for docs in &config.docs {
        match matching(opened, docs) {
            Ok(found) if found.is_empty() => {
                let message = format!("no document matches `{}`", docs.glob.glob());
                opened
                    .problems
                    .push(Problem::warning(message, Some(docs.span)).with_help("mend the glob, or remove it"));
            }
            Ok(found) => paths.extend(found),
            Err(message) => opened.problems.push(Problem::warning(message, Some(docs.span))),
        }
    }
    let mut documents = Vec::new();
    for path in paths {
        match opened.disk.read(&path) {
            Ok(text) => documents.push(opened.sources.add(&path, text)),
            Err(error) => opened.problems.push(Problem::warning(format!("{path} {error}"), None)),
        }
    }
    documents
}

/// Paths of the files that the glob names. Only the part before its first sign of a pattern has to be walked.
fn matching(opened: &Opened, docs: &Docs) -> Result<Vec<String>, String> {
    let glob = docs.glob.glob().glob();
    let literal = glob.find(['*', '?', '[', '{']).map(|end| glob.get(..end).unwrap_or(""));
    let Some(literal) = literal else {
        let path = join_path(&docs.directory, glob);
        return if opened.disk.exists(&path) { Ok(vec![path]) } else { Ok(Vec::new()) };
    };
    let base = literal.rsplit_once('/').map_or("", |(directory, _)| directory);
    let directory = join_path(&docs.directory, base);
    let below = opened.disk.walk(&directory).map_err(|error| format!("`{directory}` {error}"))?;
    let named = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") };
    let found = below.iter().filter(|name| docs.glob.is_match(named(name)));
    Ok(found.map(|name| join_path(&directory, name)).collect())
}
