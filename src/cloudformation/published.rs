//! Templates that nested stacks take from a bucket, found on disk by the end of their location.

use super::template::Template;
use super::tree::{Node, Shape};
use crate::source::{lies_below, normalize, parent};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the file names of templates end with.
const EXTENSIONS: [&str; 4] = [".yaml", ".yml", ".json", ".template"];

/// The one linted template below the directories that the location ends with, for every text in it that names a template.
/// `own` is the path of the template that holds the location.
///
/// The location is taken as it is written and not evaluated: bucket, prefix and Region are rarely known.
pub(crate) fn published<'t>(
    location: &Node,
    own: &str,
    templates: &'t BTreeMap<String, Arc<Template>>,
    directories: &[&str],
) -> Option<&'t str> {
    if directories.is_empty() {
        return None;
    }
    let mut ends: Vec<&str> = Vec::new();
    if !collect_ends(location, &mut ends) {
        return None;
    }
    let mut found = ends.into_iter().map(|end| only_one(end, own, templates, directories));
    let first = found.next()??;
    found.all(|other| other == Some(first)).then_some(first)
}

/// The known ends of the texts that name a template: what stands behind the last `${...}`. False where there may be a
/// location without one: each branch of a choice needs its own.
fn collect_ends<'n>(node: &'n Node, ends: &mut Vec<&'n str>) -> bool {
    let before = ends.len();
    match &node.shape {
        Shape::Text(text) => {
            let path = text.split(['?', '#']).next().unwrap_or(text);
            let end = path.rsplit('}').next().unwrap_or(path);
            if EXTENSIONS.iter().any(|extension| end.ends_with(extension)) {
                ends.push(end);
            }
        }
        Shape::List(items) => items.iter().for_each(|item| _ = collect_ends(item, ends)),
        Shape::Map(entries) => {
            for entry in entries {
                let branches = entry.value.items().get(1..).filter(|_| &*entry.key == "Fn::If");
                let complete = match branches {
                    Some(branches) => branches.iter().all(|branch| collect_ends(branch, ends)),
                    None => collect_ends(&entry.value, ends),
                };
                if branches.is_some() && !complete {
                    return false;
                }
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) => {}
    }
    ends.len() > before
}

/// The template with most of the end in common; of several the one beside the template that asks, else none.
fn only_one<'t>(
    end: &str,
    own: &str,
    templates: &'t BTreeMap<String, Arc<Template>>,
    directories: &[&str],
) -> Option<&'t str> {
    let whole = is_whole(end).then(|| end.split('/').count());
    let rank = |path: &'t String| {
        let common = common_end(path, end);
        let fits = common > 0 && whole.is_none_or(|whole| common == whole) && path != own;
        let below = fits && directories.iter().any(|directory| lies_below(&normalize(path), directory));
        below.then(|| ((common, parent(path) == parent(own)), path.as_str()))
    };
    let mut ranked: Vec<_> = templates.keys().filter_map(rank).collect();
    ranked.sort_by_key(|(rank, _)| Reverse(*rank));
    match ranked.as_slice() {
        [(first, path), rest @ ..] if rest.first().is_none_or(|(second, _)| second < first) => Some(*path),
        _ => None,
    }
}

/// Whether the end is the rest of a key behind its prefix. In a URL a bucket, a prefix and a version may stand before it that
/// are no directories on disk.
fn is_whole(end: &str) -> bool {
    end.starts_with(|first: char| first.is_ascii_alphanumeric()) && !end.contains("://")
}

/// How many components two paths have in common at their ends.
fn common_end(first: &str, second: &str) -> usize {
    first.rsplit('/').zip(second.rsplit('/')).take_while(|(first, second)| first == second && !first.is_empty()).count()
}
