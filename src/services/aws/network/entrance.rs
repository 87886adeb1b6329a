//! What the internet sends into a VPC and where the route table of the internet gateway lets it pass first.
//!
//! Source: "Middlebox routing wizard" and "Gateway route tables" of the Amazon VPC guide.

use super::address::{GATEWAY, INTERNET_GATEWAY, ROUTE, TABLE_OF};
use super::cidr::covers;
use super::placement::vpcs_of;
use crate::model::Evidence;
use crate::services::draft::pointing;
use crate::services::read::{Alternative, Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};

const ASSOCIATION: Types =
    Types { terraform: &["aws_route_table_association"], cloudformation: &["AWS::EC2::GatewayRouteTableAssociation"] };
const TABLE: Types = Types { terraform: &["aws_route_table"], cloudformation: &["AWS::EC2::RouteTable"] };

const INLINE_ROUTES: Field = field("route", "-");
const ENDPOINT: Field = field("vpc_endpoint_id", "VpcEndpointId");
const DESTINATION: Field = field("cidr_block|destination_cidr_block", "DestinationCidrBlock");
const SUBNET_RANGE: Field = field("cidr_block", "CidrBlock");

/// A route that surely sends what comes from the internet to an endpoint.
pub(in crate::services::aws) struct Entrance<'a>(Block<'a>);

impl<'a> Entrance<'a> {
    /// The routes to the endpoints of a resource, in the tables of internet gateways.
    pub fn through(world: &World<'a>, endpoints: ResourceId) -> Vec<Self> {
        let mut routes = Vec::new();
        for table in world.referrers(endpoints, TABLE) {
            let inline = world.block(table).known_blocks(INLINE_ROUTES);
            routes.extend(inline.into_iter().map(|route| (route, vec![table])));
        }
        for id in world.referrers(endpoints, ROUTE) {
            let route = world.block(id);
            let tables = certain(route.links(world, TABLE_OF));
            routes.push((route, tables));
        }
        let leads_there = |(route, tables): &(Block<'a>, Vec<ResourceId>)| {
            let exists = route.when.is_none() && route.owner.exists.when().is_none();
            exists && is_of(world, route, endpoints) && tables.iter().any(|table| is_of_gateway(world, *table))
        };
        routes.into_iter().filter(leads_there).map(|(route, _)| Self(route)).collect()
    }

    pub fn leads_to(&self, world: &World<'a>, subnet: ResourceId) -> bool {
        includes_subnet(world, &self.0, DESTINATION, subnet)
    }

    pub fn evidence(&self, meaning: &str) -> Evidence {
        Evidence::new("a route of the internet gateway", meaning, self.0.place())
    }
}

fn is_of(world: &World<'_>, route: &Block<'_>, endpoints: ResourceId) -> bool {
    let references = route.get(ENDPOINT).map(|value| value.references()).unwrap_or_default();
    let targets: Vec<_> = references.iter().map(|reference| world.find(route.id, &reference.target)).collect();
    !targets.is_empty() && targets.iter().all(|target| *target == Some(endpoints))
}

fn is_of_gateway(world: &World<'_>, table: ResourceId) -> bool {
    let associations = pointing(world, table, ASSOCIATION, |block| block.links(world, TABLE_OF));
    associations.iter().filter(|(_, when)| when.is_none()).any(|(association, _)| {
        let gateways = certain(association.links(world, GATEWAY));
        gateways.iter().any(|id| INTERNET_GATEWAY.holds(&world.resource(*id).type_name))
    })
}

fn certain(links: Vec<Alternative<Link<'_>>>) -> Vec<ResourceId> {
    let resource = |link: Alternative<Link<'_>>| match link {
        Alternative { when: None, value: Link::Resource { id, .. } } => Some(id),
        _ => None,
    };
    links.into_iter().filter_map(resource).collect()
}

/// Whether the range under the field surely holds all addresses of a subnet: by its numbers, or because it is the range of
/// the subnet or of its VPC.
pub(in crate::services::aws) fn includes_subnet<'a>(
    world: &World<'a>,
    block: &Block<'a>,
    range: Field,
    subnet: ResourceId,
) -> bool {
    block.links(world, range).iter().filter(|link| link.when.is_none()).any(|link| match &link.value {
        Link::Text(text, _) => {
            text == "0.0.0.0/0" || world.block(subnet).text(SUBNET_RANGE).is_some_and(|inner| covers(text, &inner))
        }
        Link::Resource { id, attribute, .. } => {
            let is_range = attribute.to_ascii_lowercase().replace('_', "") == "cidrblock";
            is_range && (*id == subnet || vpcs_of(world, subnet).contains(id))
        }
        _ => false,
    })
}
