//! Every type and every path of attributes that a service names exists in a provider's schema.
//!
//! The services are run on the test data, and every question for an attribute is noted with the type and the path at which
//! it was put. A spelling is right if one of those places has it: a name at the wrong depth is never right, and one that
//! no test data asks for is a fault of the test data.
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use super::read::{Block, Field};
use crate::resource::Language;
use crate::source::{Files, Memory, Sources};
use crate::value::{Kind, Value};
use crate::{cloudformation, terraform};
use regex::Regex;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Spellings that the schemas lack, or that no attribute path shows: file, spelling, why.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("aws/apigateway/integration.rs", "insecureSkipVerification", "x-amazon-apigateway-integration, as below"),
    ("aws/apigateway/integration.rs", "serverNameToVerify", "x-amazon-apigateway-integration, as below"),
    ("aws/autoscaling.rs", "alb_target_group_arn", "AWS provider 1 to 4: now lb_target_group_arn"),
    ("aws/cloudfront/mod.rs", "cache_behavior", "AWS provider 1: now ordered_cache_behavior"),
    ("aws/kubernetes/chart.rs", "controller", "e2e-lint's own: what the chart ingress-nginx is told"),
    ("cloudflare/edge.rs", "always_use_https", "only for evidence: what is read is any setting by its name"),
    ("cloudflare/hosting.rs", "domain", "Cloudflare provider 2 to 4: now name"),
    ("cloudflare/load_balancer.rs", "default_pool_ids", "Cloudflare provider 2 to 4: now default_pools"),
    ("cloudflare/load_balancer.rs", "fallback_pool_id", "Cloudflare provider 2 to 4: now fallback_pool"),
    ("cloudflare/logs.rs", "enabled", "Cloudflare provider 2 to 4: now flag"),
    ("cloudflare/zone.rs", "zone", "Cloudflare provider 2 to 4: now name"),
];

/// Lines that read a document which stands as text in Terraform, and is an attribute in CloudFormation only.
const DOCUMENTS: &[(&str, &[&str])] = &[
    (
        "aws/apigateway/integration.rs",
        &[
            "type",
            "uri",
            "connectionType",
            "connectionId",
            "integrationTarget",
            "tlsConfig",
            "integrationSubtype",
            "requestTemplates",
            "requestParameters",
        ],
    ),
    ("aws/ecs/task.rs", &["portMappings", "containerPort", "environment", "name", "value"]),
];

/// Attributes that take any document: what is inside is somebody else's to define.
const FREE: &[(&str, &str)] = &[
    ("annotations", "what the controller of a Kubernetes object reads"),
    ("manifest", "Kubernetes's own API, and what the chart ingress-nginx is told"),
    ("x-amazon-apigateway-integration", "API Gateway's extension of OpenAPI"),
    ("Parameters", "the engine's parameters"),
];

/// One spelling of an attribute in a service file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spelling {
    /// Below `src/services`.
    file: String,
    line: usize,
    language: &'static str,
    name: String,
}

/// A type, and the path of the block in it that would hold the attribute.
type Place = (String, Vec<String>);

thread_local! {
    static ASKED: RefCell<Option<BTreeMap<Spelling, BTreeSet<Place>>>> = const { RefCell::new(None) };
}

fn is_spelling(name: &str) -> bool {
    !matches!(name, "" | "-")
}

fn name_of(language: Language) -> &'static str {
    match language {
        Language::Terraform => "Terraform",
        Language::CloudFormation => "CloudFormation",
    }
}

/// Remembers a question for an attribute, where somebody listens. What a service reads from a document that it has parsed
/// (a policy, a container definition) is no attribute.
pub(super) fn note(block: &Block<'_>, field: Field) {
    ASKED.with_borrow_mut(|asked| {
        let Some(asked) = asked else { return };
        let Some(path) = path_to(&block.owner.body, block.value) else { return };
        let (_, file) = field.written.file().split_once("services/").unwrap();
        let language = block.owner.language;
        for name in field.spellings(language).filter(|name| is_spelling(name)) {
            let line = usize::try_from(field.written.line()).unwrap();
            let spelling = Spelling { file: file.to_owned(), line, language: name_of(language), name: name.to_owned() };
            asked.entry(spelling).or_default().insert((block.owner.type_name.to_string(), path.clone()));
        }
    });
}

/// The names that lead from a body to a value inside it; lists and choices are no level.
fn path_to(body: &Value, wanted: &Value) -> Option<Vec<String>> {
    if std::ptr::eq(body, wanted) {
        return Some(Vec::new());
    }
    match &body.kind {
        Kind::List(items) => items.iter().find_map(|item| path_to(item, wanted)),
        Kind::Choice(branches) => branches.iter().find_map(|branch| path_to(&branch.value, wanted)),
        Kind::Object(entries) => entries.iter().find_map(|(name, inner)| {
            let rest = path_to(inner, wanted)?;
            Some([vec![name.to_string()], rest].concat())
        }),
        _ => None,
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn files(root: &Path) -> Memory {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for path in entries(&directory) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.into_iter().collect()
}

/// The code of `testdata/defaults`.
fn defaults() -> Vec<Memory> {
    let mut found = Vec::new();
    for path in entries(&root().join("testdata/defaults")) {
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let cases: Vec<Json> = serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for case in &cases {
                let terraform = case["terraform"]["code"].as_str().unwrap_or_default();
                let resources = case["cloudformation"]["code"].as_str().unwrap_or_default().replace('\n', "\n  ");
                let template = format!("Resources:\n  {resources}\n");
                found.push([("main.tf", terraform), ("template.yaml", template.as_str())].into_iter().collect());
            }
        }
    }
    found
}

/// All questions for attributes, with the places at which they were put.
fn asked() -> BTreeMap<Spelling, BTreeSet<Place>> {
    let folders = ["attributes", "sam", "scenarios", "traps", "twins"].map(|name| root().join("testdata").join(name));
    let cases = folders.iter().flat_map(|folder| entries(folder)).filter(|path| path.is_dir());
    ASKED.set(Some(BTreeMap::new()));
    for code in cases.map(|case| files(&case)).chain(defaults()) {
        let (paths, sources) = (code.paths(), Sources::new());
        let mut stacks = terraform::stacks(&paths, &code, &sources, &[terraform::Options::default()]).concat();
        stacks.extend(cloudformation::stacks(&paths, &code, &sources, &[cloudformation::Options::default()]).concat());
        super::model(&stacks);
    }
    ASKED.take().unwrap()
}

/// Every spelling of every field that the service files write.
fn written() -> BTreeSet<Spelling> {
    let literal = Regex::new(r#"\bfield\(\s*"([^"]*)",\s*"([^"]*)",?\s*\)"#).unwrap();
    let code = files(&root().join("src/services"));
    let mut found = BTreeSet::new();
    for file in code.paths().into_iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = code.read(&file).unwrap();
        for field in literal.captures_iter(&text) {
            let line = text[..field.get(0).unwrap().start()].matches('\n').count() + 1;
            for (at, language) in [(1, "Terraform"), (2, "CloudFormation")] {
                let names = field[at].split('|').filter(|name| is_spelling(name)).map(str::to_owned);
                found.extend(names.map(|name| Spelling { file: file.clone(), line, language, name }));
            }
        }
    }
    found
}

/// By type. A data source shares its resource's name: what service files name may be either.
fn schemas() -> BTreeMap<String, Vec<Json>> {
    let mut found = BTreeMap::<String, Vec<Json>>::new();
    for path in entries(&root().join("testdata/schemas")) {
        if path.extension().is_some_and(|ending| ending == "json") {
            let types: BTreeMap<String, Json> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for (name, mut schema) in types {
                if name.contains("::") {
                    schema = schema["properties"].take();
                }
                found.entry(name.trim_start_matches("data.").to_owned()).or_default().push(schema);
            }
        }
    }
    found
}

/// Whether the schema has the attribute. `*` is any name.
fn has(schema: &Json, path: &[String], name: &str) -> bool {
    let mut at = schema;
    for step in path.iter().map(String::as_str).chain([name]) {
        while let Some(element) = at.get(0) {
            at = element;
        }
        match at.get(step).or_else(|| at.get("*")) {
            Some(inner) => at = inner,
            None => return false,
        }
    }
    true
}

fn is_elsewhere(spelling: &Spelling) -> bool {
    ELSEWHERE.iter().any(|(file, name, _)| *file == spelling.file && *name == spelling.name)
}

#[test]
fn every_attribute_path_exists() {
    let (schemas, asked) = (schemas(), asked());
    let is_right = |spelling: &Spelling, (type_name, path): &Place| {
        path.iter().any(|step| FREE.iter().any(|(free, _)| step == free))
            || schemas.get(type_name).into_iter().flatten().any(|schema| has(schema, path, &spelling.name))
    };
    let wrong: Vec<_> = asked
        .iter()
        .filter(|(spelling, places)| !is_elsewhere(spelling) && !places.iter().any(|place| is_right(spelling, place)))
        .map(|(Spelling { file, line, language, name }, places)| {
            format!("{file}:{line} {name} ({language}), asked at {:?}", places.first())
        })
        .collect();
    assert!(wrong.is_empty(), "{} at no place that has them:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_attribute_is_asked_for_by_some_test_data() {
    let (written, asked) = (written(), asked());
    assert!(written.len() >= 1300, "fields are found: {}", written.len());
    let is_document = |it: &Spelling| {
        let of_terraform = it.language == "Terraform";
        of_terraform && DOCUMENTS.iter().any(|(file, names)| *file == it.file && names.contains(&it.name.as_str()))
    };
    let excused = |it: &Spelling| is_elsewhere(it) || is_document(it);
    let missing: Vec<_> = written.iter().filter(|it| !asked.contains_key(*it) && !excused(it)).collect();
    let lines: Vec<_> =
        missing.iter().map(|it| format!("{}:{} {} ({})", it.file, it.line, it.name, it.language)).collect();
    assert!(missing.is_empty(), "{} of {}:\n{}", missing.len(), written.len(), lines.join("\n"));
}

#[test]
fn the_list_of_other_spellings_holds_nothing_stale() {
    let written = written();
    for (file, name, _) in ELSEWHERE {
        assert!(written.iter().any(|it| it.file == *file && it.name == *name), "{file} no longer names {name}");
    }
}

#[test]
fn every_type_exists() {
    let literal = Regex::new(
        r#""((?:aws|cloudflare|fastly|helm|kubernetes|kubectl)_[a-z0-9_]+|[A-Z][A-Za-z0-9]*::[A-Za-z0-9]+::[A-Za-z0-9]+)""#,
    );
    let (literal, schemas) = (literal.unwrap(), schemas());
    let attributes: BTreeSet<_> = written().into_iter().map(|spelling| spelling.name).collect();
    let code = files(&root().join("src/services"));
    let texts = code.paths().into_iter().map(|path| code.read(&path).unwrap());
    let named: BTreeSet<String> = texts
        .flat_map(|text| literal.captures_iter(&text).map(|found| found[1].to_owned()).collect::<Vec<_>>())
        .filter(|name| !attributes.contains(name))
        .collect();
    assert!(named.len() >= 400, "type names are found: {}", named.len());
    let unknown: Vec<_> = named.iter().filter(|name| !schemas.contains_key(*name)).collect();
    assert!(
        unknown.is_empty(),
        "in no schema: run tests/schemas/extract.py, or write it into testdata/schemas/by-hand.json: {unknown:#?}"
    );
}
