//! What a template is, and its sections.

use super::document;
use super::tree::{Entry, Node, Shape};
use crate::diagnostic::Problem;
use crate::resource::Dialect;
use crate::source::{FileId, Span, file_name, parent};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file that is a template, as it was read.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) path: Arc<str>,
    pub(crate) root: Arc<Node>,
    pub(crate) dialect: Dialect,
    /// What is wrong with the text.
    pub(crate) problems: Vec<Problem>,
    /// The text holds loops or includes, which are carried out before anything else.
    pub(crate) expands: bool,
    /// The template declares the transform that carries out loops, `Fn::Length` and `Fn::ToJsonString`.
    pub(crate) extended: bool,
}

/// The template in a text; `None` for a text that is none.
pub(crate) fn load(path: &str, text: &str, file: FileId) -> Option<Template> {
    if !text.contains("Resources") || !text.contains("::") {
        return None;
    }
    let document = document::read(text, file);
    let root = document.root.unwrap_or_else(|| Node::null(Span::new(file, 0, 0)));
    let claims =
        text.contains("AWSTemplateFormatVersion") || text.contains("\"Type\": \"AWS::") || text.contains("Type: AWS::");
    if !(is_template(&root) || document.broken && claims) {
        return None;
    }
    Some(Template {
        path: path.into(),
        dialect: dialect(path, text, &root),
        extended: declares(&root, "AWS::LanguageExtensions"),
        root,
        problems: document.problems,
        expands: text.contains("Fn::ForEach") || text.contains("AWS::Include"),
    })
}

/// A mapping with `Resources` of which at least one has a type such as `AWS::S3::Bucket` or `Custom::Thing`, or is a loop of such.
pub(crate) fn is_template(root: &Node) -> bool {
    let Some(resources) = root.get("Resources") else { return false };
    resources.entries().iter().any(|entry| {
        entry.key.starts_with("Fn::ForEach::")
            || entry.value.get("Type").and_then(|node| node.as_text()).is_some_and(|name| {
                let mut parts = name.split("::");
                parts.clone().count() >= 2 && parts.all(|part| !part.is_empty() && !part.contains([' ', '/', '{']))
            })
    })
}

/// The name of the transform that makes a template a SAM template.
const SERVERLESS: &str = "AWS::Serverless-2016-10-31";

fn declares(root: &Node, name: &str) -> bool {
    transforms(root).iter().any(|transform| transform.as_text() == Some(name))
}

/// The transforms of a template, one or a list of them.
pub(crate) fn transforms(root: &Node) -> Vec<Arc<Node>> {
    match root.get("Transform") {
        Some(transform) if transform.is_list() => transform.items().to_vec(),
        Some(transform) => vec![Arc::clone(transform)],
        None => Vec::new(),
    }
}

fn dialect(path: &str, text: &str, root: &Node) -> Dialect {
    let sam = declares(root, SERVERLESS);
    let from_cdk = text.contains("aws:cdk:path") || text.contains("AWS::CDK::Metadata");
    let in_output = file_name(path).ends_with(".template.json") || file_name(parent(path)) == "cdk.out";
    if sam {
        Dialect::Sam
    } else if in_output && (from_cdk || text.contains("BootstrapVersion")) {
        Dialect::Cdk
    } else {
        Dialect::CloudFormation
    }
}

/// The sections of a template after loops and includes are carried out.
#[derive(Clone, Debug)]
pub(crate) struct Sections {
    pub(crate) root: Arc<Node>,
    pub(crate) parameters: BTreeMap<Arc<str>, Entry>,
    pub(crate) conditions: BTreeMap<Arc<str>, Entry>,
    pub(crate) mappings: Arc<Node>,
    pub(crate) resources: BTreeMap<Arc<str>, Entry>,
    pub(crate) outputs: BTreeMap<Arc<str>, Entry>,
}

impl Sections {
    pub(crate) fn new(root: &Arc<Node>) -> Self {
        let section = |name: &str| -> BTreeMap<Arc<str>, Entry> {
            let entries = root.get(name).map(|node| node.entries()).unwrap_or_default();
            entries.iter().map(|entry| (Arc::clone(&entry.key), entry.clone())).collect()
        };
        let mappings = root.get("Mappings").filter(|node| node.is_map()).map(Arc::clone);
        Self {
            root: Arc::clone(root),
            parameters: section("Parameters"),
            conditions: section("Conditions"),
            mappings: mappings.unwrap_or_else(|| Node::new(root.span, Shape::Map(Vec::new()))),
            resources: section("Resources"),
            outputs: section("Outputs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn is(text: &str) -> bool {
        let sources = Sources::new();
        load("t.yaml", text, sources.add("t.yaml", text)).is_some()
    }

    #[test]
    fn only_resources_with_types_make_a_template() {
        assert!(is("Resources: {Topic: {Type: AWS::SNS::Topic}}"));
        assert!(is("Resources: {Topic: {Type: Custom::Thing}}"));
        assert!(!is("Resources: {Topic: {Type: object, Doc: 'AWS::SNS'}}"));
        assert!(!is("apiVersion: v1\nkind: Service\nspec: {Resources: 'a::b'}"));
        assert!(!is("Resources: [AWS::SNS::Topic]"));
    }

    #[test]
    fn a_broken_template_is_still_one() {
        let text = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: [\n  Type: AWS::SNS::Topic";
        let sources = Sources::new();
        let template = load("t.yaml", text, sources.add("t.yaml", text)).unwrap();
        assert_eq!(template.problems.len(), 1);
    }
}
