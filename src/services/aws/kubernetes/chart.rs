//! The chart `ingress-nginx`: the Service of type `LoadBalancer` and the controller that it makes.
//!
//! Source: `values.yaml` and `templates/controller-service.yaml` of the chart.

use super::ingress::class;
use super::object::{Object, RELEASE};
use super::values::{at, merged};
use crate::resource::{Address, Mode, Resource, Stack};
use crate::services::document;
use crate::services::read::{Block, Field, field};
use crate::services::world::World;
use crate::value::secret::Text;
use crate::value::{Kind, Object as Entries, Value};
use std::sync::Arc;

/// What the controller is told, in the resource that stands for it.
pub(super) const CONTROLLER: Field = field("controller", "-");
const NGINX_CLASS: &str = "nginx";

/// A chart of that name from a repository. One on disk may be another one.
pub(super) fn is_ingress_nginx(release: &Resource) -> bool {
    let chart = release.get("chart").and_then(Value::as_str).unwrap_or_default();
    !chart.starts_with(['.', '/']) && chart.rsplit('/').next() == Some("ingress-nginx")
}

/// What stands behind resources that hold objects as text: manifests read, and what the chart makes. Each stands at the
/// address of its resource, a second object below it.
pub(in crate::services) fn generated(stack: &Stack) -> Vec<Resource> {
    let managed = stack.resources.iter().filter(|resource| resource.mode == Mode::Managed);
    let lowered = |resource: &Resource| match &*resource.type_name {
        "kubectl_manifest" => manifest(resource).into_iter().collect(),
        "helm_release" if is_ingress_nginx(resource) => objects(resource),
        _ => Vec::new(),
    };
    managed.flat_map(lowered).collect()
}

fn made(owner: &Resource, part: &str, key: &str, object: Value) -> Resource {
    let address =
        if part.is_empty() { owner.address.clone() } else { Address::new(format!("{}/{part}", owner.address)) };
    let body = Value::object(std::iter::once((Arc::from(key), object)).collect(), owner.header);
    Resource { address, body, ..owner.clone() }
}

fn manifest(resource: &Resource) -> Option<Resource> {
    let object = document::read(resource.get("yaml_body")?)?;
    Some(made(resource, "", "manifest", object))
}

/// The controller, the Service in front of it, and one more where an internal load balancer is asked for.
fn objects(release: &Resource) -> Vec<Resource> {
    let values = merged(release);
    let service = |path: &[&str]| at(&values, &[&["controller", "service"][..], path].concat());
    let is_off = |path: &[&str]| service(path).and_then(Value::as_bool) == Some(false);
    let mut found = vec![made(release, "controller", "controller", values.clone())];
    if !is_off(&["enabled"]) && !is_off(&["external", "enabled"]) {
        let object = balancer(release, &values, service(&["annotations"]));
        found.push(made(release, "", "manifest", object));
    }
    let internal = service(&["internal", "enabled"]).and_then(Value::as_bool) == Some(true);
    if let Some(annotations) = service(&["internal", "annotations"]).filter(|_| internal) {
        let object = balancer(release, &values, Some(annotations));
        found.push(made(release, "internal", "manifest", object));
    }
    found
}

/// The Service as the chart writes it.
fn balancer(release: &Resource, values: &Value, annotations: Option<&Value>) -> Value {
    let span = release.header;
    let text = |text: &str| Value::string(text, span);
    let object = |entries: Vec<(&str, Value)>| {
        Value::object(entries.into_iter().map(|(key, value)| (Arc::from(key), value)).collect(), span)
    };
    let mut metadata = vec![("name", text(&name(release)))];
    metadata.extend(release.get("namespace").map(|namespace| ("namespace", namespace.clone())));
    metadata.extend(annotations.map(|annotations| ("annotations", annotations.clone())));
    let mut spec = vec![
        // Where the values are not known, the annotations are not, and nothing is certain of the load balancer.
        ("type", known(at(values, &["controller", "service", "type"])).unwrap_or_else(|| text("LoadBalancer"))),
        ("ports", Value::list(ports(release, values), span)),
        ("controller", Value::reference(format!("{}/controller", release.address), "", span)),
    ];
    for key in ["loadBalancerClass", "loadBalancerSourceRanges"] {
        let value = known(at(values, &["controller", "service", key])).filter(is_written);
        spec.extend(value.map(|value| (key, value)));
    }
    object(vec![("kind", text("Service")), ("metadata", object(metadata)), ("spec", object(spec))])
}

fn known(value: Option<&Value>) -> Option<Value> {
    value.filter(|value| !matches!(value.kind, Kind::Unknown(_))).cloned()
}

fn is_written(value: &Value) -> bool {
    value.as_str() != Some("") && value.as_list().is_none_or(|items| !items.is_empty())
}

/// `ingress-nginx.controller.fullname` of the chart.
fn name(release: &Resource) -> String {
    match release.get("name").and_then(Value::as_str) {
        Some(name) if name.contains("ingress-nginx") => format!("{name}-controller"),
        Some(name) => format!("{name}-ingress-nginx-controller"),
        None => "ingress-nginx-controller".to_owned(),
    }
}

/// HTTP on 80 and HTTPS on 443, each to the controller's port of that name.
fn ports(release: &Resource, values: &Value) -> Vec<Value> {
    let span = release.header;
    let mut found = Vec::new();
    for (name, switch, number) in [("http", "enableHttp", 80_i64), ("https", "enableHttps", 443)] {
        let of_service = |path: &[&str]| known(at(values, &[&["controller", "service"][..], path].concat()));
        if of_service(&[switch]).and_then(|value| value.as_bool()) == Some(false) {
            continue;
        }
        let port = of_service(&["ports", name]).unwrap_or_else(|| Value::number(number, span));
        let target = of_service(&["targetPorts", name]);
        let target = match target.as_ref().map(|target| target.as_text()) {
            None => Value::number(number, span),
            Some(Some(text)) if text == "http" => Value::number(80_i64, span),
            Some(Some(text)) if text == "https" => Value::number(443_i64, span),
            Some(_) => target.unwrap_or_else(|| Value::null(span)),
        };
        let mut entries = Entries::new();
        entries.insert("name".into(), Value::string(name, span));
        entries.insert("port".into(), port);
        entries.insert("targetPort".into(), target);
        found.push(Value::object(entries, span));
    }
    found
}

/// Whether a release of the chart serves the Ingress: by the class, or where the Ingress names none and the chart makes
/// its class the default one.
pub(super) fn serves(world: &World<'_>, ingress: &Object<'_>) -> bool {
    controllers(world, ingress).iter().any(|controller| takes(controller, ingress))
}

fn controllers<'a>(world: &World<'a>, ingress: &Object<'a>) -> Vec<Block<'a>> {
    let releases = world.beside(ingress.id(), RELEASE).into_iter();
    releases.map(|id| world.block(id)).filter(|block| block.has(CONTROLLER)).collect()
}

/// Whether the controller takes the Ingress.
pub(super) fn takes(controller: &Block<'_>, ingress: &Object<'_>) -> bool {
    let Some(values) = controller.get(CONTROLLER) else { return false };
    let of = |path: &[&str]| known(at(values, &[&["controller"][..], path].concat()));
    let names = [of(&["ingressClassResource", "name"]), of(&["ingressClass"])];
    let mut names: Vec<Text> = names.iter().flatten().filter_map(Text::of).collect();
    if names.is_empty() {
        names.push(Text::open(NGINX_CLASS));
    }
    match class(ingress) {
        Some(class) => names.contains(&class),
        None => {
            let is_default = of(&["ingressClassResource", "default"]).and_then(|value| value.as_bool());
            is_default == Some(true) && !ingress.has_annotation(super::ingress::PREFIX)
        }
    }
}
