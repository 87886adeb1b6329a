//! Where an Ingress sends requests: its default backend and those of its rules, in all spellings.

use super::object::{self, Kind, NAME, Object, object};
use crate::model::Doubt;
use crate::services::draft::normal_host;
use crate::services::read::{Alternative, Block, Child, Field, field};
use crate::services::world::World;
use crate::value::secret::Text;
use crate::value::{Value, When, render};
use std::collections::{BTreeMap, BTreeSet};

const DEFAULT: Field = field("default_backend|defaultBackend|backend", "-");
const RULES: Field = field("rule|rules", "-");
const HOST: Field = field("host", "-");
const HTTP: Field = field("http", "-");
const PATHS: Field = field("path|paths", "-");
const BACKEND: Field = field("backend", "-");
const SERVICE: Field = field("service", "-");
const OLD_NAME: Field = field("service_name|serviceName", "-");
const PORT: Field = field("port", "-");
const OLD_PORT: Field = field("service_port|servicePort", "-");
const NUMBER: Field = field("number", "-");
const TARGET_PORTS: Field = field("port|ports", "-");

/// One backend, once for all paths that lead to it.
pub(super) struct Backend<'a> {
    pub target: Target<'a>,
    pub when: Option<When>,
    /// For which hosts, as the code writes them; `None` for whatever host no other rule is for.
    pub hosts: BTreeSet<Option<String>>,
}

pub(super) enum Target<'a> {
    Service(Box<Object<'a>>, Option<i64>),
    /// The action of an annotation with this name.
    Action(Text),
    /// A Service that the code does not hold.
    Missing(Text),
    Unknown(Doubt),
}

pub(super) fn backends<'a>(world: &World<'a>, ingress: &Object<'a>) -> Vec<Backend<'a>> {
    let mut written: Vec<_> = ingress.spec.children(DEFAULT).into_iter().map(|backend| (None, backend)).collect();
    for rule in ingress.spec.children(RULES) {
        let host = match &rule.value {
            Child::Block(rule) => rule.get(HOST).map(host_name),
            Child::Unknown(doubt) => Some(doubt.what.clone()),
        };
        let backends = below(below(below(vec![rule], HTTP), PATHS), BACKEND);
        written.extend(backends.into_iter().map(|backend| (host.clone(), backend)));
    }
    let mut found: Vec<Backend<'a>> = Vec::new();
    let mut seen = BTreeMap::new();
    for (host, Alternative { when, value }) in written {
        let target = match value {
            Child::Block(block) => target(world, ingress, &block),
            Child::Unknown(doubt) => Target::Unknown(doubt),
        };
        let name = match &target {
            Target::Service(service, port) => format!("{} {port:?}", service.block.owner.address),
            Target::Action(name) => format!("action {name}"),
            Target::Missing(name) => format!("missing {name}"),
            Target::Unknown(doubt) => format!("unknown {}", doubt.what),
        };
        let condition = when.as_ref().map(|when| when.text().to_owned());
        let known = *seen.entry((name, condition)).or_insert(found.len());
        match found.get_mut(known) {
            Some(backend) => {
                backend.hosts.insert(host);
            }
            None => found.push(Backend { target, when, hosts: BTreeSet::from([host]) }),
        }
    }
    found
}

/// A host's name, or what the code writes in place of it: the same is the same host.
pub(super) fn host_name(value: &Value) -> String {
    Text::of(value).map_or_else(|| render(value).to_string(), |name| name.map(normal_host).to_string())
}

/// The nested blocks under a field of each block; what is not known stays so.
fn below<'a>(blocks: Vec<Alternative<Child<'a>>>, field: Field) -> Vec<Alternative<Child<'a>>> {
    let inner = |alternative: Alternative<Child<'a>>| match alternative.value {
        Child::Block(block) => block.children(field),
        Child::Unknown(_) => vec![alternative],
    };
    blocks.into_iter().flat_map(inner).collect()
}

fn target<'a>(world: &World<'a>, ingress: &Object<'a>, backend: &Block<'a>) -> Target<'a> {
    let service = backend.known_block(SERVICE);
    let name = service.as_ref().and_then(|service| service.get(NAME)).or_else(|| backend.get(OLD_NAME));
    let Some(name) = name else {
        return Target::Unknown(ingress.doubt("a backend", "a backend names no Service, or one that is not known"));
    };
    let port = service.as_ref().and_then(|service| service.known_block(PORT));
    let by_name = port.as_ref().and_then(|port| port.text(NAME)).or_else(|| backend.text(OLD_PORT));
    let number = port.as_ref().and_then(|port| port.get(NUMBER)).or_else(|| backend.get(OLD_PORT));
    if by_name.as_deref() == Some("use-annotation") {
        return Text::of(name).map_or_else(|| Target::Unknown(unnamed(ingress, name)), Target::Action);
    }
    let port_name = by_name.filter(|_| number.and_then(Value::as_integer).is_none());
    let Some(found) = service_named(world, ingress, name) else {
        return Text::of(name).map_or_else(|| Target::Unknown(unnamed(ingress, name)), Target::Missing);
    };
    let port = found.spec.known_blocks(TARGET_PORTS).into_iter().find(|port| {
        let same_name = port_name.is_some() && port.text(NAME) == port_name;
        let own = port.get(PORT).and_then(Value::as_integer);
        same_name || (own.is_some() && own == number.and_then(Value::as_integer))
    });
    let port = port.and_then(|port| super::pods::target_port(&port));
    Target::Service(Box::new(found), port)
}

fn unnamed(ingress: &Object<'_>, name: &Value) -> Doubt {
    let doubt = crate::services::read::doubt_of(name);
    Doubt { what: format!("a Service behind {}", ingress.block.owner.address), ..doubt }
}

/// The Service by reference, or by its name in the Ingress's namespace.
pub(super) fn service_named<'a>(world: &World<'a>, ingress: &Object<'a>, name: &Value) -> Option<Object<'a>> {
    if let Some(text) = Text::of(name) {
        let is_meant = |service: &Object<'a>| {
            service.metadata.text(NAME).as_ref() == Some(&text) && ingress.shares_namespace(service)
        };
        return object::objects(world, ingress.id(), Kind::Service).into_iter().find(is_meant);
    }
    let reference = name.references().into_iter().next()?;
    let target = world.find(ingress.id(), &reference.target)?;
    object(&world.block(target)).filter(|object| object.kind == Kind::Service)
}
