//! Constructs of CDK applications: which one a resource comes from, and where the application makes it.

use super::template::Template;
use super::tree::Entry;
use crate::resource::{Construct, Dialect};
use crate::source::{Files, file_name, join_path, parent};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The manifests of a run, by the directory of the templates that they speak of.
#[derive(Debug, Default)]
pub(crate) struct Manifests(BTreeMap<String, Manifest>);

/// What a manifest says of the resources of the templates beside it.
#[derive(Debug, Default)]
struct Manifest {
    /// The file name of a template to logical id to construct path.
    paths: BTreeMap<String, BTreeMap<String, String>>,
    /// Construct path to the place in the application's code.
    places: BTreeMap<String, String>,
    /// The file name of a template to the account that it is made for.
    accounts: BTreeMap<String, String>,
}

impl Manifests {
    /// Reads each manifest once, however many templates stand beside it. One that cannot be read says nothing.
    pub(crate) fn read<'a>(files: &dyn Files, templates: impl Iterator<Item = &'a Template>) -> Self {
        let mut found = Self::default();
        for template in templates.filter(|template| template.dialect == Dialect::Cdk) {
            let directory = parent(&template.path);
            if !found.0.contains_key(directory) {
                let text = files.read(&join_path(directory, "manifest.json")).unwrap_or_default();
                found.0.insert(directory.to_owned(), manifest(&serde_json::from_str(&text).unwrap_or_default()));
            }
        }
        found
    }

    /// The account that the application makes the template for, where it names one.
    pub(crate) fn account(&self, template: &Template) -> Option<Arc<str>> {
        let manifest = self.0.get(parent(&template.path)).filter(|_| template.dialect == Dialect::Cdk)?;
        manifest.accounts.get(file_name(&template.path)).map(|account| account.as_str().into())
    }

    /// The construct of a resource, as the template itself or else the manifest names it.
    pub(crate) fn construct(&self, template: &Template, resource: &Entry) -> Option<Construct> {
        let manifest = self.0.get(parent(&template.path)).filter(|_| template.dialect == Dialect::Cdk);
        let written = resource.value.get("Metadata").and_then(|metadata| metadata.get("aws:cdk:path"));
        let path: &str = match written.and_then(|node| node.as_text()) {
            Some(path) => path,
            None => manifest?.paths.get(file_name(&template.path))?.get(&*resource.key)?,
        };
        Some(Construct {
            path: path.into(),
            made_at: manifest.and_then(|manifest| manifest.places.get(path)).map(|place| place.as_str().into()),
            span: written.map_or(resource.key_span, |node| node.span),
        })
    }
}

fn manifest(document: &Json) -> Manifest {
    let mut found = Manifest::default();
    let artifacts = document.get("artifacts").and_then(Json::as_object);
    for artifact in artifacts.into_iter().flat_map(|artifacts| artifacts.values()) {
        let named = artifact.get("properties").and_then(|properties| properties.get("templateFile"));
        let file = named.and_then(Json::as_str);
        // `aws://unknown-account/unknown-region` where the application leaves both open.
        let place = artifact.get("environment").and_then(Json::as_str).and_then(|place| place.strip_prefix("aws://"));
        let account = place.and_then(|place| place.split('/').next()).filter(|account| *account != "unknown-account");
        found.accounts.extend(file.zip(account).map(|(file, account)| (file.to_owned(), account.to_owned())));
        let metadata = artifact.get("metadata").and_then(Json::as_object);
        for (path, records) in metadata.into_iter().flatten() {
            let path = path.trim_start_matches('/');
            for record in records.as_array().into_iter().flatten() {
                if let Some((file, id)) = file.zip(logical_id(record)) {
                    found.paths.entry(file.to_owned()).or_default().insert(id.to_owned(), path.to_owned());
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

/// The place of the innermost call in a trace that is the application's own: `Function.name (/app/shop.ts:12:5)`. The
/// runtime's own code has no directory (`timers.js:705:18`) or no absolute one (`internal/main.js:1:1`).
fn own_frame(record: &Json) -> Option<&str> {
    let foreign = ["node_modules", "node:", "/lib/program.js", "jsii"];
    let frames = record.get("trace")?.as_array()?.iter().filter_map(Json::as_str);
    let mut own = frames.filter(|frame| !foreign.iter().any(|part| frame.contains(*part)));
    let absolute = |place: &&str| place.starts_with(['/', '\\']) || place.contains(":\\") || place.contains(":/");
    own.find_map(|frame| frame.split_once('(')?.1.strip_suffix(')').filter(absolute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_runtime_is_no_place_of_the_application() {
        let of = |frames: &[&str]| own_frame(&json!({"trace": frames})).map(str::to_owned);
        let runtime = ["new Alb (/x/jsii-kernel/node_modules/alb.js:1:1)", "runCallback (timers.js:705:18)"];
        assert_eq!(of(&runtime), None);
        assert_eq!(of(&["Object.<anonymous> (internal/main.js:1:1)"]), None);
        let shop = "new Shop (/app/lib/shop.ts:12:5)";
        assert_eq!(of(&[runtime[0], shop, runtime[1]]).as_deref(), Some("/app/lib/shop.ts:12:5"));
        assert_eq!(of(&["new Shop (C:\\app\\shop.ts:3:1)"]).as_deref(), Some("C:\\app\\shop.ts:3:1"));
    }
}
