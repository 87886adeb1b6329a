//! Whether servers have addresses that the internet can call.

use super::INTERFACE_OF;
use crate::model::{Doubt, Evidence};
use crate::services::aws::ec2;
use crate::services::draft::pointing;
use crate::services::read::{Alternative, Block, Field, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;
use crate::value::secret::Text;

/// A public address, with what gives it or with why it may not be there.
pub(in crate::services::aws) type Address = Alternative<Result<Vec<Evidence>, Doubt>>;

const SUBNET: Types = Types { terraform: &["aws_subnet"], cloudformation: &["AWS::EC2::Subnet"] };
const ASSOCIATION: Types =
    Types { terraform: &["aws_route_table_association"], cloudformation: &["AWS::EC2::SubnetRouteTableAssociation"] };
const MAIN_ASSOCIATION: Types = Types { terraform: &["aws_main_route_table_association"], cloudformation: &[] };
const DEFAULT_TABLE: Types = Types { terraform: &["aws_default_route_table"], cloudformation: &[] };
pub(super) const ROUTE: Types = Types { terraform: &["aws_route"], cloudformation: &["AWS::EC2::Route"] };
pub(super) const INTERNET_GATEWAY: Types =
    Types { terraform: &["aws_internet_gateway"], cloudformation: &["AWS::EC2::InternetGateway"] };

const MAP_PUBLIC: Field = field("map_public_ip_on_launch", "MapPublicIpOnLaunch");
const VPC: Field = field("vpc_id", "VpcId");
const SUBNET_OF: Field = field("subnet_id", "SubnetId");
pub(super) const TABLE_OF: Field = field("route_table_id", "RouteTableId");
const DEFAULT_TABLE_OF: Field = field("default_route_table_id", "-");
const INLINE_ROUTES: Field = field("route", "-");
const DESTINATIONS: [Field; 2] = [
    field("cidr_block|destination_cidr_block", "DestinationCidrBlock"),
    field("ipv6_cidr_block|destination_ipv6_cidr_block", "DestinationIpv6CidrBlock"),
];
pub(super) const GATEWAY: Field = field("gateway_id", "GatewayId");

/// Addresses by the switch of an interface; `by_subnet` where an absent switch leaves it to the subnet.
///
/// Only subnets that the code shows count: of others nothing says that they are public.
pub(in crate::services::aws) fn by_switch<'a>(
    world: &World<'a>,
    (block, switch): (&Block<'a>, Field),
    (placed, subnets): (&Block<'a>, Field),
    by_subnet: bool,
) -> Vec<Address> {
    let subnets = declared_subnets(world, placed, subnets);
    let mut found = Vec::new();
    for Alternative { when, value } in block.setting(switch) {
        match value {
            Setting::Text(text, value) if text == "true" || text.eq_ignore_ascii_case("enabled") => {
                let evidence = block.stated(switch, &text, value, "this gives it a public address");
                let value = if are_all_inside(world, &subnets) { Err(no_way_out(placed)) } else { Ok(vec![evidence]) };
                found.push(Alternative { when, value });
            }
            Setting::Text(..) => {}
            Setting::Absent if by_subnet => {
                for (subnet, placed) in &subnets {
                    let when = When::both(when.as_ref(), placed.as_ref());
                    found.extend(of_subnet(world, *subnet, when.as_ref()));
                }
            }
            Setting::Absent => {}
            Setting::Unknown(doubt) => found.push(Alternative { when, value: Err(doubt) }),
        }
    }
    found
}

/// Elastic IP addresses that the code gives to an instance or to a network interface.
pub(in crate::services::aws) fn elastic<'a>(world: &World<'a>, holder: &Block<'a>) -> Vec<Address> {
    let owners = pointing(world, holder.id, ec2::ADDRESS, |address| {
        [ec2::OWNER, INTERFACE_OF].into_iter().flat_map(|field| address.links(world, field)).collect()
    });
    let address = |(address, when): (Block<'a>, Option<When>)| {
        let evidence = Evidence::new("an elastic IP address", "this gives it a public address", address.owner.header);
        Alternative { when, value: Ok(vec![evidence]) }
    };
    owners.into_iter().map(address).collect()
}

fn declared_subnets<'a>(world: &World<'a>, placed: &Block<'a>, subnets: Field) -> Vec<(ResourceId, Option<When>)> {
    let mut found = Vec::new();
    for link in placed.links(world, subnets) {
        if let Some(id) = link.value.declared(world, SUBNET) {
            found.push((id, link.when));
        }
    }
    found
}

/// A public address in a subnet without a route to an internet gateway cannot be called.
fn are_all_inside(world: &World<'_>, subnets: &[(ResourceId, Option<When>)]) -> bool {
    !subnets.is_empty() && subnets.iter().all(|(subnet, _)| matches!(way_out(world, *subnet), WayOut::Elsewhere))
}

fn no_way_out(placed: &Block<'_>) -> Doubt {
    let what = format!("the route of {} to the internet", placed.owner.address);
    let message = "the code shows no route from its subnets to an internet gateway";
    Doubt::new(what, message, "remove the public address if none is needed", Some(placed.place()))
}

/// The address of what names no subnet. "Instances that you launch into a default subnet receive both a public IPv4 address and
/// a private IPv4 address", and the default VPC's main route table leads to an internet gateway; both can be changed.
/// Source: "Default VPCs" of the VPC user guide.
pub(super) fn in_default_vpc(placed: &Block<'_>) -> Doubt {
    let address = &placed.owner.address;
    let message = format!("{address} names no subnet, and those of a default VPC give public addresses");
    Doubt::new(format!("the subnet of {address}"), message, "name the subnet", Some(placed.place()))
}

fn of_subnet(world: &World<'_>, id: ResourceId, when: Option<&When>) -> Vec<Address> {
    let subnet = world.block(id);
    let mut found = Vec::new();
    for mapped in subnet.setting(MAP_PUBLIC) {
        let value = match (mapped.value, way_out(world, id)) {
            (Setting::Text(text, value), WayOut::Internet(route)) if text == "true" => {
                Ok(vec![subnet.stated(MAP_PUBLIC, &text, value, "servers here get public addresses"), route])
            }
            (Setting::Text(text, _), _) if text == "true" => Err(no_way_out(&subnet)),
            (Setting::Unknown(doubt), WayOut::Internet(_)) => Err(doubt),
            _ => continue,
        };
        found.push(Alternative { when: When::both(when, mapped.when.as_ref()), value });
    }
    found
}

/// Where traffic from a subnet to everywhere goes.
enum WayOut {
    /// By an internet gateway, in both directions.
    Internet(Evidence),
    /// The subnet's route tables are declared and none has such a route.
    Elsewhere,
    Unknown,
}

fn way_out(world: &World<'_>, subnet: ResourceId) -> WayOut {
    let associations = pointing(world, subnet, ASSOCIATION, |block| block.links(world, SUBNET_OF));
    let associated = associations.iter().flat_map(|(association, _)| association.resources(world, TABLE_OF));
    let mut tables: Vec<ResourceId> = associated.collect();
    let explicit = !tables.is_empty();
    if associations.is_empty() {
        tables = main_tables(world, subnet);
    }
    let is_known = tables.iter().all(|table| world.block(*table).unknown_along(&[INLINE_ROUTES]).is_none());
    match tables.into_iter().find_map(|table| route_to_gateway(world, table)) {
        Some(evidence) => WayOut::Internet(evidence),
        None if explicit && is_known => WayOut::Elsewhere,
        None => WayOut::Unknown,
    }
}

/// A subnet without an association of its own uses the VPC's main table. Routes may name it by the VPC's attribute,
/// so the VPC stands for it.
fn main_tables(world: &World<'_>, subnet: ResourceId) -> Vec<ResourceId> {
    let mut tables = Vec::new();
    for vpc in world.block(subnet).resources(world, VPC) {
        tables.push(vpc);
        let adopted = pointing(world, vpc, DEFAULT_TABLE, |block| block.links(world, DEFAULT_TABLE_OF));
        tables.extend(adopted.iter().map(|(table, _)| table.id));
        let replaced = pointing(world, vpc, MAIN_ASSOCIATION, |block| block.links(world, VPC));
        tables.extend(replaced.iter().flat_map(|(association, _)| association.resources(world, TABLE_OF)));
    }
    tables
}

fn route_to_gateway(world: &World<'_>, table: ResourceId) -> Option<Evidence> {
    let inline = world.block(table).known_blocks(INLINE_ROUTES);
    let separate = pointing(world, table, ROUTE, |route| route.links(world, TABLE_OF));
    let mut routes = inline.into_iter().chain(separate.into_iter().map(|(route, _)| route));
    let route = routes.find(|route| is_way_out(world, route))?;
    Some(Evidence::new("a route to an internet gateway", "the internet can call the subnet", route.place()))
}

fn is_way_out(world: &World<'_>, route: &Block<'_>) -> bool {
    let everywhere = |destination: Text| destination == "0.0.0.0/0" || destination == "::/0";
    let to_everywhere = DESTINATIONS.into_iter().any(|field| route.text(field).is_some_and(everywhere));
    let gateways = route.resources(world, GATEWAY);
    to_everywhere && gateways.iter().any(|id| INTERNET_GATEWAY.holds(&world.resource(*id).type_name))
}
