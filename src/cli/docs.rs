//! Finds and reads the documents that the claims file names under `docs`.

use super::load::{Claims, Loaded};
use crate::config::Docs;
use crate::diagnostic::Problem;
use crate::source::{FileId, Files as _, join_path};
use std::collections::BTreeSet;

/// Adds the documents to the sources. A glob that matches nothing, or a file that cannot be read, is a problem: a document
/// that is silently left out would look as if it were backed.
pub(super) fn documents(loaded: &mut Loaded, claims: &Claims) -> Vec<FileId> {
    let mut paths = BTreeSet::new();
    for docs in &claims.config.docs {
        match matching(loaded, claims, docs) {
            Ok(found) if found.is_empty() => {
                let message = format!("no document matches `{}`", docs.glob.glob());
                loaded
                    .problems
                    .push(Problem::warning(message, Some(docs.span)).with_help("mend the glob, or remove it"));
            }
            Ok(found) => paths.extend(found),
            Err(message) => loaded.problems.push(Problem::warning(message, Some(docs.span))),
        }
    }
    let mut documents = Vec::new();
    for path in paths {
        match loaded.disk.read(&path) {
            Ok(text) => documents.push(loaded.sources.add(&path, text)),
            Err(error) => loaded.problems.push(Problem::warning(format!("{path} {error}"), None)),
        }
    }
    documents
}

/// Paths of the files that the glob names. Only the part before its first sign of a pattern has to be walked.
fn matching(loaded: &Loaded, claims: &Claims, docs: &Docs) -> Result<Vec<String>, String> {
    let glob = docs.glob.glob().glob();
    let literal = glob.find(['*', '?', '[', '{']).map(|end| glob.get(..end).unwrap_or(""));
    let Some(literal) = literal else {
        let path = join_path(&claims.directory, glob);
        return if loaded.disk.exists(&path) { Ok(vec![path]) } else { Ok(Vec::new()) };
    };
    let base = literal.rsplit_once('/').map_or("", |(directory, _)| directory);
    let directory = join_path(&claims.directory, base);
    let below = loaded.disk.walk(&directory).map_err(|error| format!("`{directory}` {error}"))?;
    let named = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") };
    let found = below.iter().filter(|name| docs.glob.is_match(named(name)));
    Ok(found.map(|name| join_path(&directory, name)).collect())
}
