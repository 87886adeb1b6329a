//! Where hops and pointers lead: resources, hosts, and the hosts of texts and URLs.

use super::super::arn;
use super::super::aws::{BUCKET, BUCKET_NAME};
use super::super::read::{Link, doubt_of};
use super::super::world::{ResourceId, Types, World};
use crate::model::{Doubt, ListenerId};
use crate::value::{Kind, Reference, Value};

/// Services of AWS whose URLs hold the name of the resource in the path, and the domains under which AWS serves them.
const NAMED_IN_PATH: [&str; 4] = ["sqs.", "s3.", "s3-", "lambda."];
const AWS_DOMAINS: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// Where a hop or a pointer leads.
#[derive(Clone, Debug)]
pub enum Place {
    /// A resource: a node, or something that leads to nodes such as a target group.
    Resource(ResourceId),
    /// What is registered with a resource that is a node itself: the instances behind a classic load balancer.
    TargetsOf(ResourceId),
    /// A listener itself, whatever its node is called by.
    Listener(ListenerId),
    /// A host name or an address, joined through the DNS records of the code.
    Host(String),
    /// What a provider calls a resource by its name, such as an ARN. A piece that is not known is
    /// [`arn::UNKNOWN`], and the doubt says why.
    Name(String, Option<Doubt>),
    /// Outside the code. With a doubt where it is not even known what stands there.
    Outside(String, Option<Doubt>),
    /// What a service of AWS keeps outside the code: the service is known, and sends nothing on.
    Kept(&'static str),
}

/// A place with the port that is asked for there.
#[derive(Clone, Debug)]
pub struct Destination {
    pub place: Place,
    pub port: Option<i64>,
}

impl Destination {
    pub fn resource(id: ResourceId) -> Self {
        Self { place: Place::Resource(id), port: None }
    }

    pub fn listener(id: ListenerId) -> Self {
        Self { place: Place::Listener(id), port: None }
    }

    pub fn targets_of(id: ResourceId) -> Self {
        Self { place: Place::TargetsOf(id), port: None }
    }

    #[must_use]
    pub fn at_port(mut self, port: Option<i64>) -> Self {
        self.port = port.or(self.port);
        self
    }

    /// Where a link leads. References, host names and URLs are all pointers here.
    pub fn of_link(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> Self {
        let place = match link {
            Link::Resource { id, .. } => Place::Resource(*id),
            // A host that nobody may read would be the name of a node.
            Link::Text(text, value) if value.sensitive => {
                let what = text.to_string();
                let message = format!("{what} is marked as sensitive, so it is not told where it leads");
                let settle = "take the mark off what is no secret (nonsensitive)";
                Place::Outside(what.clone(), Some(Doubt::new(what, message, settle, Some(value.span()))))
            }
            Link::Text(text, _) => return Self::of_text(text),
            Link::Template(parts, value) => return Self::of_template(world, from, parts, value),
            Link::Outside(text, value) => Place::Outside(text.to_string(), Some(doubt_of(value))),
            Link::Unknown(doubt) => Place::Outside(doubt.what.clone(), Some(doubt.clone())),
        };
        Self { place, port: None }
    }

    /// Where a link leads that may be the name of a resource of a kind, which the resource says in `names`.
    pub fn of_name(world: &World<'_>, from: ResourceId, link: &Link<'_>, types: Types, names: &[&str]) -> Self {
        match link {
            Link::Text(name, _) => match world.named(from, types, names, name).first() {
                Some(id) => Self::resource(*id),
                None => Self::of_link(world, from, link),
            },
            _ => Self::of_link(world, from, link),
        }
    }

    /// A host name, a URL, or `host:port`.
    pub fn of_text(text: &str) -> Self {
        if arn::is_arn(text) {
            return Self { place: Place::Name(text.to_owned(), None), port: None };
        }
        let (host, port) = host_and_port(text);
        Self { place: Place::Host(host), port }
    }

    /// The first reference in a text's host stands for the whole: `https://${aws_lb.a.dns_name}:8443/x`. Of a text with a
    /// secret in it nothing else is told.
    fn of_template(world: &World<'_>, from: ResourceId, parts: &[Value], value: &Value) -> Self {
        let hidden = |doubt: Doubt| Self { place: Place::Outside(doubt.what.clone(), Some(doubt)), port: None };
        if let Some(name) = arn::spelled(world, from, parts) {
            if value.sensitive {
                return hidden(doubt_of(value));
            }
            return Self { place: Place::Name(name, Some(doubt_of(value))), port: None };
        }
        if let Some(bucket) = bucket_of(world, from, parts) {
            return Self::resource(bucket);
        }
        let names_place = |reference: &Reference| {
            let found = world.find(from, &reference.target).map(|id| &*world.resource(id).type_name);
            found.is_some_and(|of| PLACES.contains(&of))
        };
        let Some((position, reference)) = host_reference(parts, &names_place) else {
            if value.sensitive {
                return hidden(doubt_of(value));
            }
            if let Some(url) = parts.first().and_then(Value::as_str).filter(|start| is_past_host(start)) {
                return Self::of_text(url);
            }
            let doubt = doubt_of(value);
            let name = host_of(parts).unwrap_or_else(|| doubt.what.clone());
            return Self { place: Place::Outside(name, Some(doubt)), port: None };
        };
        let place = match world.find(from, &reference.target) {
            Some(id) => Place::Resource(id),
            None => Place::Outside(reference.text(), Some(doubt_of(value))),
        };
        let port = parts.get(position + 1).and_then(Value::as_str).and_then(leading_port);
        Self { place, port }
    }
}

/// Data sources that say where the code is deployed, and name no host.
const PLACES: [&str; 3] = ["aws_region", "aws_partition", "aws_caller_identity"];

/// The first reference of a text that may name its host, with its position. What stands in the path of a URL names no
/// host, but for services of AWS that are called so; nor does a place.
fn host_reference(parts: &[Value], names_place: &dyn Fn(&Reference) -> bool) -> Option<(usize, Reference)> {
    let mut before = String::new();
    for (position, part) in parts.iter().enumerate() {
        if let Some(reference) = part.references().first()
            && !is_past_host(&before)
            && !names_place(reference)
        {
            return Some((position, (*reference).clone()));
        }
        match part.as_str() {
            Some(text) => before.push_str(text),
            None => before.push(arn::UNKNOWN),
        }
    }
    None
}

/// Whether what follows the start of a URL is no part of its host.
fn is_past_host(start: &str) -> bool {
    let Some((_, rest)) = start.split_once("://") else { return false };
    let Some(end) = rest.find(['/', '?', '#']) else { return false };
    let (host, _) = host_and_port(&rest[..end]);
    let of_aws = AWS_DOMAINS.iter().any(|domain| host.ends_with(domain));
    !(of_aws && NAMED_IN_PATH.iter().any(|service| host.starts_with(service)))
}

/// The bucket of this stack whose host name of Amazon S3 stands in a text with unknown parts: what it calls itself begins the host,
/// the same unknown parts included.
fn bucket_of(world: &World<'_>, from: ResourceId, parts: &[Value]) -> Option<ResourceId> {
    let arn = arn::of_host(&host_of(parts).filter(|_| parts.iter().all(is_one_thing))?)?;
    let name = arn.strip_prefix(S3_ARN)?;
    let is_it = |id: &ResourceId| {
        world.declares(*id, BUCKET) && world.block(*id).get(BUCKET_NAME).is_some_and(|own| is_called(own, name))
    };
    let buckets = world.beside(from, BUCKET).into_iter().filter(is_it).collect::<Vec<_>>();
    match buckets.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// Whether a value says the name, in which parts that are not known stand as in a host.
fn is_called(own: &Value, name: &str) -> bool {
    let parts = match &own.kind {
        Kind::Template(parts) => parts.as_slice(),
        _ => std::slice::from_ref(own),
    };
    let piece = |part: &Value| part.as_text().unwrap_or_else(|| unknown_part(part));
    parts.iter().all(is_one_thing) && parts.iter().map(piece).collect::<String>() == name
}

/// Whether what a part is called tells it from all others.
fn is_one_thing(part: &Value) -> bool {
    matches!(part.kind, Kind::String(_) | Kind::Unknown(_) | Kind::Reference(_))
}

const S3_ARN: &str = "arn:aws:s3:::";

/// What stands in a host for a part that is not known: the same for the same unknown of a stack.
fn unknown_part(part: &Value) -> String {
    format!("${{{}}}", doubt_of(part).what)
}

/// The host of a URL with unknown parts, as far as it is known: `api.${AWS::Region}.amazonaws.com`. `None` where nothing is.
fn host_of(parts: &[Value]) -> Option<String> {
    let mut host = String::new();
    let mut known = false;
    for (position, part) in parts.iter().enumerate() {
        let Some(text) = part.as_str() else {
            host.push_str(&unknown_part(part));
            continue;
        };
        let text = if position == 0 { text.split_once("://").map_or(text, |(_, rest)| rest) } else { text };
        let piece = text.split([':', '/', '?', '#']).next().unwrap_or(text);
        known |= !piece.is_empty();
        host.push_str(piece);
        if piece.len() < text.len() {
            break;
        }
    }
    known.then_some(host)
}

/// `:8443/path` gives 8443.
fn leading_port(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(':')?;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The scheme of a URL whose start is constant text, lower case.
pub fn scheme_of(value: &Value) -> Option<String> {
    let start = match &value.kind {
        Kind::String(text) => text,
        Kind::Template(parts) => match &parts.first()?.kind {
            Kind::String(text) => text,
            _ => return None,
        },
        _ => return None,
    };
    start.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())
}

fn host_and_port(text: &str) -> (String, Option<i64>) {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, digits)) if !host.contains(':') => (host, digits.parse().ok()),
        _ => (authority, None),
    };
    (normal_host(host), port)
}

/// DNS names compare without case, without the trailing dot, and without Route 53's `dualstack.` prefix.
pub fn normal_host(host: &str) -> String {
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    host.strip_prefix("dualstack.").map(str::to_owned).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::value::Reason;

    #[test]
    fn a_host_with_unknown_parts_stays_readable() {
        let span = Span::new(Sources::new().add("t.yaml", "x"), 0, 1);
        let text = |text: &str| Value::string(text, span);
        let region = || Value::unknown(Reason::AfterDeployment, "AWS::Region", span);
        let url = [text("https://states."), region(), text(".amazonaws.com/run?x=1")];
        assert_eq!(host_of(&url).as_deref(), Some("states.${AWS::Region}.amazonaws.com"));
        assert_eq!(host_of(&[text("http://"), region(), text(":8080/")]), None);
        assert_eq!(host_of(&[text("http://a.example/"), region()]).as_deref(), Some("a.example"));
    }

    #[test]
    fn only_the_host_of_a_url_says_where_it_leads() {
        let span = Span::new(Sources::new().add("t.tf", "x"), 0, 1);
        let text = |text: &str| Value::string(text, span);
        let balancer = || Value::reference("aws_lb.web", "dns_name", span);
        let position = |parts: &[Value]| host_reference(parts, &|_| false).map(|(position, _)| position);
        assert_eq!(position(&[text("https://"), balancer(), text("/x")]), Some(1));
        assert_eq!(position(&[balancer(), text(":8443")]), Some(0));
        assert_eq!(position(&[text("https://fixed.example/"), balancer()]), None);
        assert_eq!(position(&[text("https://fixed.example?next=https://"), balancer()]), None);
        assert_eq!(position(&[text("https://sqs.eu-west-1.amazonaws.com/1/"), balancer()]), Some(1));
        assert_eq!(position(&[text("https://a1.execute-api.eu-west-1.amazonaws.com/1/"), balancer()]), None);
    }
}
