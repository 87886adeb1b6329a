//! Every type and every attribute that a service file names exists in a provider's schema.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use regex::Regex;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Spellings that no schema of today holds, or that are no attribute of a resource: file, spelling, where it lives or lived.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("aws/parameter_group.rs", "rds.force_ssl", "a parameter of the engine, under the free map of a parameter group"),
    ("aws/parameter_group.rs", "require_secure_transport", "a parameter of the engine, likewise"),
    ("aws/documentdb.rs", "tls", "a parameter of the engine, under the free map of a parameter group"),
    ("aws/cloudfront/mod.rs", "cache_behavior", "AWS provider 1: before ordered_cache_behavior"),
    ("aws/autoscaling.rs", "alb_target_group_arn", "AWS provider 1 to 4: before lb_target_group_arn"),
    ("aws/ecs/task.rs", "portMappings", "a container definition, JSON under container_definitions"),
    ("aws/ecs/task.rs", "containerPort", "a container definition"),
    ("aws/ecs/task.rs", "environment", "a container definition"),
    ("aws/apigateway/integration.rs", "type", "x-amazon-apigateway-integration, an OpenAPI document's own"),
    ("aws/apigateway/integration.rs", "uri", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "connectionType", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "connectionId", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "integrationTarget", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "tlsConfig", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "integrationSubtype", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "requestTemplates", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "requestParameters", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "insecureSkipVerification", "x-amazon-apigateway-integration"),
    ("aws/apigateway/integration.rs", "serverNameToVerify", "x-amazon-apigateway-integration"),
    ("aws/kubernetes/actions.rs", "alb.ingress.kubernetes.io/ssl-redirect", "an annotation of a Kubernetes ingress"),
    ("aws/kubernetes/actions.rs", "alb.ingress.kubernetes.io/group.name", "an annotation of a Kubernetes ingress"),
    ("aws/kubernetes/ingress.rs", "kubernetes.io/ingress.class", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/ingress.rs",
        "alb.ingress.kubernetes.io/backend-protocol",
        "an annotation of a Kubernetes ingress",
    ),
    ("aws/kubernetes/ingress.rs", "alb.ingress.kubernetes.io/inbound-cidrs", "an annotation of a Kubernetes ingress"),
    ("aws/kubernetes/ingress.rs", "alb.ingress.kubernetes.io/security-groups", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/ingress.rs",
        "alb.ingress.kubernetes.io/security-group-prefix-lists",
        "an annotation of a Kubernetes ingress",
    ),
    (
        "aws/kubernetes/listeners.rs",
        "alb.ingress.kubernetes.io/certificate-arn",
        "an annotation of a Kubernetes ingress",
    ),
    ("aws/kubernetes/listeners.rs", "alb.ingress.kubernetes.io/listen-ports", "an annotation of a Kubernetes ingress"),
    ("aws/kubernetes/listeners.rs", "alb.ingress.kubernetes.io/ssl-policy", "an annotation of a Kubernetes ingress"),
    ("aws/kubernetes/listeners.rs", "alb.ingress.kubernetes.io/scheme", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/nginx.rs",
        "nginx.ingress.kubernetes.io/backend-protocol",
        "an annotation of a Kubernetes ingress",
    ),
    ("aws/kubernetes/nginx.rs", "nginx.ingress.kubernetes.io/ssl-redirect", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/nginx.rs",
        "nginx.ingress.kubernetes.io/force-ssl-redirect",
        "an annotation of a Kubernetes ingress",
    ),
    ("aws/kubernetes/nginx.rs", "nginx.ingress.kubernetes.io/ssl-passthrough", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/nginx.rs",
        "nginx.ingress.kubernetes.io/proxy-ssl-verify",
        "an annotation of a Kubernetes ingress",
    ),
    ("aws/kubernetes/nginx.rs", "nginx.ingress.kubernetes.io/auth-url", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/nginx.rs",
        "nginx.ingress.kubernetes.io/configuration-snippet",
        "an annotation of a Kubernetes ingress",
    ),
    ("aws/kubernetes/nginx.rs", "nginx.ingress.kubernetes.io/server-snippet", "an annotation of a Kubernetes ingress"),
    (
        "aws/kubernetes/ports.rs",
        "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/ports.rs",
        "service.beta.kubernetes.io/aws-load-balancer-ssl-ports",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/ports.rs",
        "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/ports.rs",
        "service.beta.kubernetes.io/aws-load-balancer-backend-protocol",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/service.rs",
        "service.beta.kubernetes.io/aws-load-balancer-type",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/service.rs",
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/service.rs",
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        "an annotation of a Kubernetes service",
    ),
    (
        "aws/kubernetes/service.rs",
        "service.beta.kubernetes.io/aws-load-balancer-security-groups",
        "an annotation of a Kubernetes service",
    ),
    ("aws/kubernetes/chart.rs", "controller", "e2e-lint's own: what the chart ingress-nginx is told"),
    ("aws/documentdb.rs", "tls", "a parameter of Amazon DocumentDB"),
    ("aws/parameter_group.rs", "rds.force_ssl", "a parameter of PostgreSQL and SQL Server"),
    ("aws/parameter_group.rs", "require_secure_transport", "a parameter of MySQL"),
    ("cloudflare/load_balancer.rs", "default_pool_ids", "Cloudflare provider 2 to 4: now default_pools"),
    ("cloudflare/load_balancer.rs", "fallback_pool_id", "Cloudflare provider 2 to 4: now fallback_pool"),
    ("cloudflare/tunnel.rs", "source", "Cloudflare provider 5, newer than the schema"),
    ("cloudflare/zone.rs", "zone", "Cloudflare provider 2 to 4: now name"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Terraform,
    CloudFormation,
}

impl Language {
    fn of_type(name: &str) -> Self {
        if name.contains("::") { Self::CloudFormation } else { Self::Terraform }
    }
}

/// The names that occur at any depth of each type.
type Schemas = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn gather(schema: &Json, names: &mut BTreeSet<String>) {
    match schema {
        Json::Object(members) => {
            for (name, inner) in members {
                names.insert(name.clone());
                gather(inner, names);
            }
        }
        Json::Array(elements) => elements.iter().for_each(|element| gather(element, names)),
        _ => {}
    }
}

fn schemas() -> Schemas {
    let mut found = Schemas::new();
    let entries = std::fs::read_dir(root().join("testdata/schemas")).unwrap().map(|entry| entry.unwrap().path());
    for path in entries.filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
        for (type_name, schema) in json(&path).as_object().unwrap() {
            // A data source shares its resource's name: what service files name may be either.
            let names = found.entry(type_name.trim_start_matches("data.").to_owned()).or_default();
            match schema.get("properties").filter(|_| type_name.contains("::")) {
                Some(properties) => gather(properties, names),
                None => gather(schema, names),
            }
            let attributes = schema.get("getatt").and_then(Json::as_array).into_iter().flatten();
            names.extend(attributes.filter_map(Json::as_str).map(str::to_owned));
        }
    }
    found
}

/// A service file: its path below `src/services`, and its text.
struct Source {
    name: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let base = root().join("src/services");
    let mut open = vec![base.clone()];
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&base).unwrap().to_string_lossy().replace('\\', "/");
                found.push(Source { name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|first, second| first.name.cmp(&second.name));
    found
}

fn type_names(text: &str) -> BTreeSet<String> {
    let literal = Regex::new(
        r#""((?:aws|cloudflare|fastly|helm|kubernetes|kubectl)_[a-z0-9_]+|[A-Z][A-Za-z0-9]*::[A-Za-z0-9]+::[A-Za-z0-9]+)""#,
    )
    .unwrap();
    literal.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The folder whose types a file may read: a service's own folder. Files that stand alone read only what they name.
fn service_folder(name: &str) -> Option<&str> {
    let (folder, _) = name.rsplit_once('/')?;
    (folder != "aws").then_some(folder)
}

fn types_in_reach(source: &Source, sources: &[Source], followed: &Json) -> BTreeSet<String> {
    let mut types = type_names(&source.text);
    if let Some(folder) = service_folder(&source.name) {
        let siblings = sources.iter().filter(|other| service_folder(&other.name) == Some(folder));
        types.extend(siblings.flat_map(|sibling| type_names(&sibling.text)));
    }
    let followed = followed[&source.name].as_array().into_iter().flatten();
    types.extend(followed.map(|name| name.as_str().unwrap().to_owned()));
    types
}

/// Every spelling of every field in a file, with its language.
fn spellings(text: &str) -> Vec<(Language, String)> {
    let field = Regex::new(r#"\bfield\(\s*"([^"]*)",\s*"([^"]*)",?\s*\)"#).unwrap();
    let split = |language, all: &str| -> Vec<_> {
        let each = all.split('|').filter(|spelling| !matches!(*spelling, "" | "-"));
        each.map(|spelling| (language, spelling.to_owned())).collect()
    };
    field
        .captures_iter(text)
        .flat_map(|found| [split(Language::Terraform, &found[1]), split(Language::CloudFormation, &found[2])].concat())
        .collect()
}

/// The types that a file names, without the attributes that look like one.
fn named_types(source: &Source) -> BTreeSet<String> {
    let attributes: BTreeSet<String> = spellings(&source.text).into_iter().map(|(_, name)| name).collect();
    type_names(&source.text).difference(&attributes).cloned().collect()
}

fn is_listed(source: &Source, spelling: &str) -> bool {
    ELSEWHERE.iter().any(|(file, name, _)| *file == source.name && *name == spelling)
}

#[test]
fn every_type_exists() {
    let schemas = schemas();
    let named: BTreeSet<_> = sources().iter().flat_map(named_types).collect();
    assert!(named.len() >= 200, "type names are found: {}", named.len());
    let unknown: Vec<_> = named.iter().filter(|name| !schemas.contains_key(*name)).collect();
    assert!(
        unknown.is_empty(),
        "in no schema: run tests/schemas/extract.py, or write it into testdata/schemas/by-hand.json: {unknown:#?}"
    );
}

#[test]
fn every_attribute_exists() {
    let (schemas, sources) = (schemas(), sources());
    let followed = json(&root().join("tests/schemas/followed.json"));
    let mut seen = 0;
    let mut wrong = Vec::new();
    for source in &sources {
        let types = types_in_reach(source, &sources, &followed);
        for (language, spelling) in spellings(&source.text) {
            seen += 1;
            let mut of_language = types.iter().filter(|name| Language::of_type(name) == language);
            let exists =
                of_language.any(|name| schemas.get(name).is_some_and(|attributes| attributes.contains(&spelling)));
            if !exists && !is_listed(source, &spelling) {
                wrong.push(format!("{}: {spelling}", source.name));
            }
        }
    }
    assert!(seen >= 400, "fields are found: {seen}");
    assert!(wrong.is_empty(), "of none of the types that the file or its folder names:\n{}", wrong.join("\n"));
}

#[test]
fn the_list_of_other_spellings_holds_nothing_stale() {
    let sources = sources();
    for (file, spelling, _) in ELSEWHERE {
        let used = sources.iter().filter(|source| source.name == *file).flat_map(|source| spellings(&source.text));
        assert!(used.map(|(_, name)| name).any(|name| name == *spelling), "{file} no longer names {spelling}");
    }
}
