//! A text as the document that CloudFormation would take from it, YAML or JSON by its content and not by its name.

use super::tree::{Node, Tree};
use super::{json, yaml};
use crate::diagnostic::Problem;
use crate::source::FileId;
use std::sync::Arc;

/// The document of a file with what is wrong in it.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) root: Option<Arc<Node>>,
    pub(crate) problems: Vec<Problem>,
    /// The text has a syntax error: the document holds what stands before it.
    pub(crate) broken: bool,
}

/// Of several documents the first with `Resources` counts, otherwise the first.
pub(crate) fn read(text: &str, file: FileId) -> Document {
    let tree = read_tree(text, file);
    let wanted = tree.documents.iter().find(|document| document.get("Resources").is_some_and(|node| node.is_map()));
    let root = wanted.or_else(|| tree.documents.first()).map(Arc::clone);
    Document { root, problems: tree.problems, broken: tree.broken }
}

fn read_tree(text: &str, file: FileId) -> Tree {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return yaml::read(text, file);
    }
    let as_json = json::read(text, file);
    if !as_json.broken {
        return as_json;
    }
    // A flow mapping of YAML begins like JSON but may hold comments, tags and trailing commas.
    let as_yaml = yaml::read(text, file);
    if as_yaml.broken { as_json } else { as_yaml }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn document(text: &str) -> Document {
        let sources = Sources::new();
        let file = sources.add("t", text);
        read(text, file)
    }

    #[test]
    fn content_decides_and_not_the_name() {
        assert!(!document("{\"a\": 1}").broken);
        assert!(!document("{a: 1, # said\n b: 2,}").broken);
        assert!(document("{\"a\": 1").broken);
    }

    #[test]
    fn the_document_with_resources_counts() {
        let read = document("---\nx: 1\n---\nResources: {A: {Type: AWS::S3::Bucket}}\n");
        assert!(read.root.unwrap().get("Resources").is_some());
    }
}
