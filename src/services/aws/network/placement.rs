//! In which VPCs and subnets a resource stands, as far as its references show.

use crate::resource::Mode;
use crate::services::world::{ResourceId, Types, World};
use std::collections::BTreeSet;

const SUBNET: Types = Types { terraform: &["aws_subnet"], cloudformation: &["AWS::EC2::Subnet"] };
const VPC: Types = Types { terraform: &["aws_vpc", "aws_default_vpc"], cloudformation: &["AWS::EC2::VPC"] };

/// What stands between a resource and its subnets or its VPC.
const BETWEEN: Types = Types {
    terraform: &[
        "aws_security_group",
        "aws_network_interface",
        "aws_db_subnet_group",
        "aws_elasticache_subnet_group",
        "aws_memorydb_subnet_group",
        "aws_docdb_subnet_group",
        "aws_neptune_subnet_group",
    ],
    cloudformation: &[
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::NetworkInterface",
        "AWS::RDS::DBSubnetGroup",
        "AWS::ElastiCache::SubnetGroup",
        "AWS::MemoryDB::SubnetGroup",
        "AWS::DocDB::DBSubnetGroup",
        "AWS::Neptune::DBSubnetGroup",
    ],
};

/// The VPCs that this code makes and in which the resource may stand; none where the code does not show it. A reference to a
/// VPC that is looked up shows nothing: it may be any of them.
pub(in crate::services::aws) fn vpcs_of(world: &World<'_>, id: ResourceId) -> Vec<ResourceId> {
    let (mut found, mut looked_up) = (BTreeSet::new(), false);
    let mut seen = BTreeSet::from([id]);
    let mut open = vec![id];
    while let Some(at) = open.pop() {
        for next in world.pointed_to(at) {
            let resource = world.resource(next);
            if VPC.holds(&resource.type_name) {
                looked_up |= resource.mode == Mode::Data;
                found.insert(next);
            } else if (SUBNET.holds(&resource.type_name) || BETWEEN.holds(&resource.type_name)) && seen.insert(next) {
                looked_up |= resource.mode == Mode::Data;
                open.push(next);
            }
        }
    }
    if looked_up { Vec::new() } else { found.into_iter().collect() }
}

/// The subnets that the resource itself names, and not only their addresses.
pub(in crate::services::aws) fn subnets_of(world: &World<'_>, id: ResourceId) -> Vec<ResourceId> {
    let references = world.resource(id).body.references().into_iter();
    let named = references.filter(|reference| matches!(&*reference.attribute, "" | "id" | "SubnetId"));
    let subnet = named.filter_map(|reference| world.find(id, &reference.target));
    subnet.filter(|subnet| SUBNET.holds(&world.resource(*subnet).type_name)).collect()
}
