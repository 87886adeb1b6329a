//! AWS Network Firewall with TLS inspection: on the ways that are routed through it, it "decrypts, inspects and re-encrypts".
//!
//! Routes decide whether a message passes it, and nothing on a balancer or a server mentions it. Where the route table of the
//! internet gateway shows the way and nothing restricts what is decrypted, it is a reader; else a doubt that names it.
//! What its scope takes in is decrypted or dropped: it "drops TLS traffic if [...] the server name that's presented in the client
//! hello doesn't match". Source: "Considerations when working with TLS inspection configurations" of the Network Firewall guide.

use super::inspection::{Called, Suspect};
use super::network::{Entrance, includes_subnet, vpcs_of};
use crate::model::{Companion, Doubt, NodeId};
use crate::services::draft::{Draft, pointing};
use crate::services::read::{Block, Child, Field, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::Value;

const INSPECTION: Types = Types {
    terraform: &["aws_networkfirewall_tls_inspection_configuration"],
    cloudformation: &["AWS::NetworkFirewall::TLSInspectionConfiguration"],
};
const POLICY: Types = Types {
    terraform: &["aws_networkfirewall_firewall_policy"],
    cloudformation: &["AWS::NetworkFirewall::FirewallPolicy"],
};
const FIREWALL: Types =
    Types { terraform: &["aws_networkfirewall_firewall"], cloudformation: &["AWS::NetworkFirewall::Firewall"] };

const POLICY_BODY: Field = field("firewall_policy", "FirewallPolicy");
const INSPECTION_OF: Field = field("tls_inspection_configuration_arn", "TLSInspectionConfigurationArn");
const DEFAULT_ACTIONS: Field = field("stateless_default_actions", "StatelessDefaultActions");
const STATELESS_GROUPS: Field = field("stateless_rule_group_reference", "StatelessRuleGroupReferences");
const POLICY_OF: Field = field("firewall_policy_arn", "FirewallPolicyArn");
const SETTINGS: Field = field("tls_inspection_configuration", "TLSInspectionConfiguration");
const CERTIFICATE_SETTINGS: Field = field("server_certificate_configuration", "ServerCertificateConfigurations");
const SERVER_CERTIFICATES: Field = field("server_certificate", "ServerCertificates");
const SCOPES: Field = field("scope", "Scopes");
const SOURCES: Field = field("source", "Sources");
const DESTINATIONS: Field = field("destination", "Destinations");
const ADDRESS: Field = field("address_definition", "AddressDefinition");
const SOURCE_PORTS: Field = field("source_ports", "SourcePorts");
const DESTINATION_PORTS: Field = field("destination_ports", "DestinationPorts");
const FROM_PORT: Field = field("from_port", "FromPort");
const TO_PORT: Field = field("to_port", "ToPort");

/// Clients choose source ports from here on: a range that begins later leaves some of them out.
const FIRST_CLIENT_PORT: i64 = 1024;
const LAST_PORT: i64 = 65535;

/// Whether anything in the code decrypts.
pub(super) fn is_used(world: &World<'_>) -> bool {
    !world.of_types(INSPECTION).is_empty()
}

/// What is doubted because of firewalls that decrypt. Those of which the code shows that they read are readers at once.
pub(super) fn suspects(draft: &mut Draft<'_>, called: &[Called]) -> Vec<Suspect> {
    let world = draft.world;
    let configs = world.declared(INSPECTION).into_iter();
    configs.flat_map(|config| suspects_of(draft, &world.block(config), called)).collect()
}

fn suspects_of<'a>(draft: &mut Draft<'a>, config: &Block<'a>, called: &[Called]) -> Vec<Suspect> {
    let world = draft.world;
    let policies = pointing(world, config.id, POLICY, |policy| {
        policy.known_blocks(POLICY_BODY).iter().flat_map(|body| body.links(world, INSPECTION_OF)).collect()
    });
    let mut found = Vec::new();
    for (policy, when) in &policies {
        for (firewall, owner) in pointing(world, policy.id, FIREWALL, |firewall| firewall.links(world, POLICY_OF)) {
            let certain = when.is_none() && owner.is_none() && config.owner.exists.when().is_none();
            if certain && inspects_all(policy) {
                read_at_the_gate(draft, config, &firewall, called);
            }
            found.push(suspect(world, &firewall));
        }
    }
    if found.is_empty() {
        let address = &config.owner.address;
        let message = format!("{address} may decrypt TLS for a firewall that is not in this code");
        let settle = "lint the code that declares the firewall together with this code";
        let doubt = Doubt::new(address.as_str(), message, settle, Some(config.owner.header));
        found.push(Suspect { id: config.id, vpcs: Vec::new(), doubt });
    }
    found
}

fn suspect(world: &World<'_>, firewall: &Block<'_>) -> Suspect {
    let address = &firewall.owner.address;
    let message = format!("{address} decrypts TLS, and the code does not show which traffic is routed through it");
    let settle = "take it out of the routes of this path, or out of the VPC";
    let doubt = Doubt::new(address.as_str(), message, settle, Some(firewall.owner.header));
    Suspect { id: firewall.id, vpcs: vpcs_of(world, firewall.id), doubt }
}

/// Whether all traffic comes to the stateful engine, which is the one that decrypts.
fn inspects_all(policy: &Block<'_>) -> bool {
    let Some(body) = policy.known_block(POLICY_BODY).filter(|body| body.when.is_none()) else { return false };
    let actions = body.get(DEFAULT_ACTIONS).and_then(Value::as_list).unwrap_or_default();
    let forwards = actions.iter().any(|action| action.as_str() == Some("aws:forward_to_sfe"));
    forwards && body.children(STATELESS_GROUPS).is_empty()
}

/// The firewall reads at nodes that the internet calls in subnets to which the internet gateway routes through it, where
/// what is sent to them is decrypted.
fn read_at_the_gate<'a>(draft: &mut Draft<'a>, config: &Block<'a>, firewall: &Block<'a>, called: &[Called]) {
    let world = draft.world;
    let entrances = Entrance::through(world, firewall.id);
    for Called { node, subnets } in called.iter().filter(|_| !entrances.is_empty()) {
        let ports = ports(draft, *node);
        let entrance = subnets.iter().find_map(|subnet| {
            let way = entrances.iter().find(|entrance| entrance.leads_to(world, *subnet))?;
            decrypts(world, config, *subnet, &ports).then_some(way)
        });
        if let Some(entrance) = entrance {
            let meaning = format!("what the internet sends here passes {}, which decrypts it", firewall.owner.address);
            let reader = Companion::inspector("AWS Network Firewall", entrance.evidence(&meaning));
            draft.companion(*node, Companion { address: Some(firewall.owner.address.shared()), ..reader });
        }
    }
}

fn ports(draft: &Draft<'_>, node: NodeId) -> Vec<Option<i64>> {
    draft.model.listeners.iter().filter(|listener| listener.node == node).map(|listener| listener.port).collect()
}

/// Whether an inbound configuration surely takes in what clients send to the subnet on these ports. Parts of a scope that are
/// absent restrict nothing.
fn decrypts<'a>(world: &World<'a>, config: &Block<'a>, subnet: ResourceId, ports: &[Option<i64>]) -> bool {
    let inbound =
        |settings: &Block<'a>| !settings.known_blocks(SERVER_CERTIFICATES).is_empty() && settings.when.is_none();
    let settings =
        config.known_blocks(SETTINGS).into_iter().flat_map(|settings| settings.known_blocks(CERTIFICATE_SETTINGS));
    let scopes = settings.filter(inbound).flat_map(|settings| settings.known_blocks(SCOPES));
    let mut certain = scopes.filter(|scope| scope.when.is_none());
    certain.any(|scope| {
        let everywhere = |address: &Block<'a>| address.text(ADDRESS).as_deref() == Some("0.0.0.0/0");
        let here = |address: &Block<'a>| includes_subnet(world, address, ADDRESS, subnet);
        let all_clients =
            |range: &Block<'a>| bounds(range).is_some_and(|(from, to)| from <= FIRST_CLIENT_PORT && to == LAST_PORT);
        let served = |range: &Block<'a>| {
            bounds(range)
                .is_some_and(|(from, to)| ports.iter().all(|port| port.is_some_and(|port| (from..=to).contains(&port))))
        };
        admits(&scope, SOURCES, &everywhere)
            && admits(&scope, DESTINATIONS, &here)
            && admits(&scope, SOURCE_PORTS, &all_clients)
            && admits(&scope, DESTINATION_PORTS, &served)
    })
}

/// Whether a part of a scope is absent, or one of its elements surely takes in what is asked for.
fn admits<'a>(scope: &Block<'a>, part: Field, takes_in: &dyn Fn(&Block<'a>) -> bool) -> bool {
    let elements = scope.children(part);
    elements.is_empty()
        || elements.iter().any(|element| match &element.value {
            Child::Block(block) => element.when.is_none() && takes_in(block),
            Child::Unknown(_) => false,
        })
}

fn bounds(range: &Block<'_>) -> Option<(i64, i64)> {
    Some((range.get(FROM_PORT)?.as_integer()?, range.get(TO_PORT)?.as_integer()?))
}
