//! ECS Service Connect: the services of a namespace call one another by alias, through a managed proxy in every task.
//!
//! The proxy is a part of the task: between it and the application nothing leaves the task, so both are one node.

use super::namespace::memberships;
use super::task;
use crate::model::{Companion, Evidence, Leg, TlsFloor, TlsVersion, Transport, Verification};
use crate::services::draft::{Alias, Destination, Draft};
use crate::services::read::{Alternative, Block, Field, Presence, doubt_of, field};
use crate::value::secret::Text;
use crate::value::{Value, When};

pub(super) const OFFERS: Field = field("service", "Services");
const PORT_NAME: Field = field("port_name", "PortName");
const DISCOVERY_NAME: Field = field("discovery_name", "DiscoveryName");
const INGRESS_PORT: Field = field("ingress_port_override", "IngressPortOverride");
const CLIENT_ALIAS: Field = field("client_alias", "ClientAliases");
const ALIAS_NAME: Field = field("dns_name", "DnsName");
const ALIAS_PORT: Field = field("port", "Port");
const TLS: Field = field("tls", "Tls");
const ISSUER: Field = field("issuer_cert_authority", "IssuerCertificateAuthority");
const AUTHORITY: Field = field("aws_pca_authority_arn", "AwsPcaAuthorityArn");
const ACCESS_LOG: Field = field("-", "AccessLogConfiguration");
const LOGGED_QUERY: Field = field("-", "IncludeQueryParameters");

/// Registers the names under which others of the namespace can call the service.
pub(super) fn offer<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for membership in memberships(draft.world, block) {
        log_queries(draft, block, &membership.settings);
        for offered in membership.settings.known_blocks(OFFERS) {
            let port = offered.get(INGRESS_PORT).and_then(Value::as_integer);
            let named = || offered.text(PORT_NAME).and_then(|name| task::port_named(draft.world, block, &name));
            let to = Destination::resource(block.id).at_port(port.or_else(named));
            let when = When::both(block.owner.exists.when(), offered.when.as_ref());
            for (name, alias_port) in names(&offered, membership.name.as_ref()) {
                let alias = Alias {
                    name,
                    port: alias_port,
                    to: to.clone(),
                    legs: legs(&offered),
                    when: when.clone(),
                    doubt: membership.doubt.clone(),
                };
                draft.alias(&membership.namespace, alias);
            }
        }
    }
}

/// "If this parameter isn't specified, the default value of `discoveryName.namespace` is used. If the `discoveryName`
/// isn't specified, the port mapping name from the task definition is used." Source: `ServiceConnectClientAlias`.
fn names(offered: &Block<'_>, namespace: Option<&Text>) -> Vec<(Text, Option<i64>)> {
    let discovery = offered.text(DISCOVERY_NAME).or_else(|| offered.text(PORT_NAME));
    let default = || Some(discovery.as_ref()?.with(".", namespace?));
    let aliases = offered.known_blocks(CLIENT_ALIAS);
    if aliases.is_empty() {
        return default().map(|name| (name, None)).into_iter().collect();
    }
    let named = |alias: &Block<'_>| {
        let name = if alias.has(ALIAS_NAME) { alias.text(ALIAS_NAME) } else { default() };
        Some((name?, alias.get(ALIAS_PORT).and_then(Value::as_integer)))
    };
    aliases.iter().filter_map(named).collect()
}

/// What the proxies make of what the application speaks. With `tls` they encrypt with TLS 1.3 only; the private
/// authority signs the certificates and is the root of trust. Sources: "Encrypt Amazon ECS Service Connect traffic"; "Secure
/// Amazon Elastic Container Service workloads with Amazon ECS Service Connect". Without it they pass on what they get.
fn legs(offered: &Block<'_>) -> Vec<Leg> {
    let leg = |Alternative { when, value }: Alternative<Presence<'_>>| {
        let (transport, evidence) = match value {
            Presence::Absent => {
                let name = TLS.spelling(offered.language());
                let fact = format!("{name} is absent: no encryption by default");
                let mut evidence = Evidence::new(fact, "the proxies do not encrypt", offered.place());
                evidence.default = true;
                (Transport::AsReceived, evidence)
            }
            Presence::Block(tls) => {
                let meaning = "the proxies encrypt, with certificates of this authority";
                let authority = tls.known_block(ISSUER).and_then(|issuer| issuer.get(AUTHORITY));
                let evidence = match authority {
                    Some(value) => {
                        let text = Text::of(value).map_or_else(|| doubt_of(value).what, String::from);
                        Evidence::new(text, meaning, value.span()).along(value)
                    }
                    None => Evidence::new(TLS.spelling(tls.language()), meaning, tls.place()),
                };
                let floor = TlsFloor::known(TlsVersion::V1_3, evidence.clone());
                (Transport::Tls { floor, verification: Verification::Verified }, evidence)
            }
            Presence::Unknown(doubt) => {
                return Leg { when, transport: Transport::Unknown(doubt), evidence: Vec::new() };
            }
        };
        Leg { when, transport, evidence: vec![evidence] }
    };
    offered.presence(TLS).into_iter().map(leg).collect()
}

/// The proxy's access log tells paths and sizes; query strings only where it is told to.
fn log_queries<'a>(draft: &mut Draft<'a>, service: &Block<'a>, settings: &Block<'a>) {
    let Some(node) = draft.home(service.id) else { return };
    let party = "the Service Connect access log";
    let meaning = "query strings are in the access log of the Service Connect proxy";
    for log in draft.readers(node, settings, &[ACCESS_LOG], party) {
        if let Some((evidence, _)) = log.switched_on(LOGGED_QUERY, "ENABLED", meaning) {
            draft.companion(node, Companion::inside(party, evidence, false));
        }
    }
}
