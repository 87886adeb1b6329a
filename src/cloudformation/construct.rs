//! Constructs of CDK applications: which one a resource comes from, and where the application makes it.

use super::scope::Run;
use super::template::Template;
use super::tree::Entry;
use crate::resource::{Construct, Dialect};
use crate::source::{file_name, join_path, parent};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What the manifest beside a template says of its resources.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    /// Logical id to construct path.
    paths: BTreeMap<String, String>,
    /// Construct path to the place in the application's code.
    places: BTreeMap<String, String>,
}

/// The manifest beside a template of a CDK application; empty for other templates, and where there is none that can be read.
pub(crate) fn manifest(run: &Run<'_>, template: &Template) -> Manifest {
    let mut found = Manifest::default();
    if template.dialect != Dialect::Cdk {
        return found;
    }
    let text = run.files.read(&join_path(parent(&template.path), "manifest.json")).unwrap_or_default();
    let document: Json = serde_json::from_str(&text).unwrap_or_default();
    let artifacts = document.get("artifacts").and_then(Json::as_object);
    for artifact in artifacts.into_iter().flat_map(|artifacts| artifacts.values()) {
        let named = artifact.get("properties").and_then(|properties| properties.get("templateFile"));
        let is_this = named.and_then(Json::as_str) == Some(file_name(&template.path));
        let metadata = artifact.get("metadata").and_then(Json::as_object);
        for (path, records) in metadata.into_iter().flatten() {
            let path = path.trim_start_matches('/');
            for record in records.as_array().into_iter().flatten() {
                if let Some(id) = logical_id(record).filter(|_| is_this) {
                    found.paths.insert(id.to_owned(), path.to_owned());
                }
                if let Some(place) = own_frame(record) {
                    found.places.insert(path.to_owned(), place.to_owned());
                }
            }
        }
    }
    found
}

fn logical_id(record: &Json) -> Option<&str> {
    let kind = record.get("type").and_then(Json::as_str)?;
    record.get("data").and_then(Json::as_str).filter(|_| kind == "aws:cdk:logicalId")
}

/// The place of the innermost call in a trace that is the application's own: `Function.name (/app/shop.ts:12:5)`.
fn own_frame(record: &Json) -> Option<&str> {
    let foreign = ["node_modules", "node:", "/lib/program.js", "jsii"];
    let frames = record.get("trace")?.as_array()?.iter().filter_map(Json::as_str);
    let mut own = frames.filter(|frame| !foreign.iter().any(|part| frame.contains(*part)));
    own.find_map(|frame| frame.split_once('(')?.1.strip_suffix(')'))
}

impl Manifest {
    /// The construct of a resource, as the template itself or else the manifest names it.
    pub(crate) fn construct(&self, resource: &Entry) -> Option<Construct> {
        let written = resource.value.get("Metadata").and_then(|metadata| metadata.get("aws:cdk:path"));
        let path: &str = match written.and_then(|node| node.as_text()) {
            Some(path) => path,
            None => self.paths.get(&*resource.key)?,
        };
        Some(Construct {
            path: path.into(),
            made_at: self.places.get(path).map(|place| place.as_str().into()),
            span: written.map_or(resource.key_span, |node| node.span),
        })
    }
}
