//! Amplify Hosting: ends the visitor's TLS and serves the site; a rewrite to an absolute URL makes it a reverse proxy.

use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeKind, Operator, Segment, TlsFloor, Transport, Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, scheme_of};
use crate::services::read::{Block, Child, Field, Link, field};
use crate::services::world::Types;
use crate::value::{Kind, Value, When};

pub(super) static SERVICES: &[Service] =
    &[Service { types: APP, describe: describe_app }, Service { types: DOMAIN, describe: describe_domain }];

const APP: Types = Types { terraform: &["aws_amplify_app"], cloudformation: &["AWS::Amplify::App"] };
const DOMAIN: Types =
    Types { terraform: &["aws_amplify_domain_association"], cloudformation: &["AWS::Amplify::Domain"] };

const RULES: Field = field("custom_rule", "CustomRules");
const STATUS: Field = field("status", "Status");
const TARGET: Field = field("target", "Target");
const APP_ID: Field = field("app_id", "AppId");
const DOMAIN_NAME: Field = field("domain_name", "DomainName");
const SUBDOMAINS: Field = field("sub_domain", "SubDomainSettings");
const PREFIX: Field = field("prefix", "Prefix");

fn describe_app<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let rewrites = rewrites(block);
    let facts = if rewrites.is_empty() {
        NodeFacts {
            kind: NodeKind::Server,
            operator: Operator::Aws,
            party: "AWS Amplify Hosting",
            why: "ends the visitor's TLS and serves the site",
        }
    } else {
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Aws,
            party: "AWS Amplify Hosting",
            why: "ends the visitor's TLS, serves the site and calls other servers for some paths",
        }
    };
    let node = draft.node(block, facts);
    draft.at_the_edge(node);
    let doubt = Doubt::new(
        format!("whether {} answers HTTP", block.owner.address),
        "the code does not decide whether Amplify Hosting redirects every HTTP request to HTTPS",
        "assume it in e2e-lint.yaml, with the reason",
        Some(block.owner.header),
    );
    let evidence = Evidence::new("Amplify app", "Amplify Hosting ends the visitor's TLS", block.owner.header);
    let secure = Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] };
    for (port, accepts) in [(80, Accepts::Undeclared(doubt)), (443, secure)] {
        let listener = draft.listen(node, Some(port), vec![Face::always(accepts)]);
        let when = block.owner.exists.when().cloned();
        draft.admit(Entry { listener, exposure: Exposure::Internet, when, evidence: Vec::new() });
        for rewrite in &rewrites {
            forward(draft, listener, block, rewrite);
        }
    }
}

/// A rule that makes Amplify call another server.
struct Rewrite<'a> {
    target: Result<(Block<'a>, &'a Value), Doubt>,
    when: Option<When>,
}

/// Status 200 with an absolute URL is a reverse proxy; other statuses send the browser itself there.
/// Source: "Using redirects" of the Amplify Hosting user guide.
fn rewrites<'a>(block: &Block<'a>) -> Vec<Rewrite<'a>> {
    let mut found = Vec::new();
    for rule in block.children(RULES) {
        match rule.value {
            Child::Unknown(doubt) => found.push(Rewrite { target: Err(doubt), when: rule.when }),
            Child::Block(rule_block) => {
                let proxies =
                    rule_block.get(STATUS).is_some_and(|status| status.as_text().is_none_or(|text| text == "200"));
                for (when, target) in rule_block.get(TARGET).map(Value::alternatives).unwrap_or_default() {
                    if proxies && !is_own_path(target) {
                        let when = When::both(rule.when.as_ref(), when.as_ref());
                        found.push(Rewrite { target: Ok((rule_block.clone(), target)), when });
                    }
                }
            }
        }
    }
    found
}

/// A target that starts with a path stays inside the app.
fn is_own_path(target: &Value) -> bool {
    let start = match &target.kind {
        Kind::Template(parts) => parts.first().and_then(Value::as_str),
        _ => target.as_str(),
    };
    start.is_some_and(|text| !text.contains("://"))
}

fn forward<'a>(draft: &mut Draft<'a>, from: ListenerId, block: &Block<'a>, rewrite: &Rewrite<'a>) {
    let (links, legs, evidence) = match &rewrite.target {
        Err(doubt) => {
            let link = crate::services::read::Alternative::always(Link::Unknown(doubt.clone()));
            (vec![link], vec![Leg::new(Transport::Unknown(doubt.clone()), Vec::new())], Vec::new())
        }
        Ok((rule, target)) => {
            let links = rule.of(target).links(draft.world, field("", ""));
            let evidence = Evidence::new("rewrite", "Amplify Hosting calls this server", target.span()).along(target);
            (links, vec![leg(rule, target)], vec![evidence])
        }
    };
    for link in links {
        let when = When::both(block.owner.exists.when(), rewrite.when.as_ref());
        draft.send(PendingHop {
            from,
            to: Destination::of_link(draft.world, block.id, &link.value),
            legs: legs.clone(),
            via: Vec::new(),
            evidence: evidence.clone(),
            when: When::both(when.as_ref(), link.when.as_ref()),
            segment: Segment::Request,
            doubt: None,
        });
    }
}

/// The scheme of the target decides. Whether Amplify verifies the certificate is not documented.
fn leg(rule: &Block<'_>, target: &Value) -> Leg {
    let evidence = |meaning: &str| {
        let text = target.as_text().unwrap_or_else(|| "(a reference)".to_owned());
        vec![rule.stated(TARGET, &text, target, meaning)]
    };
    match scheme_of(target).as_deref() {
        Some("http") => Leg::new(Transport::Plaintext, evidence("Amplify Hosting calls the server in the clear")),
        Some("https") => {
            let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unknown };
            Leg::new(transport, evidence("Amplify Hosting opens a TLS connection to the server"))
        }
        _ => Leg::new(Transport::Unknown(crate::services::read::doubt_of(target)), Vec::new()),
    }
}

fn describe_domain<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(domain) = block.text(DOMAIN_NAME) else { return };
    let mut names = vec![];
    for prefix in block.known_blocks(SUBDOMAINS).iter().map(|subdomain| subdomain.text(PREFIX).unwrap_or_default()) {
        names.push(if prefix.is_empty() { domain.clone() } else { prefix.with(".", &domain) });
    }
    for link in block.links(draft.world, APP_ID) {
        if let Link::Resource { id, .. } = link.value {
            for name in &names {
                let via = vec![block.owner.address.shared()];
                let when = When::both(block.owner.exists.when(), link.when.as_ref());
                draft.host(name, Lead { to: Destination::resource(id), via, when, evidence: Vec::new() });
            }
        }
    }
}
