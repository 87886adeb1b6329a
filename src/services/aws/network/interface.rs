//! Network interfaces: which of them a server has, and what is given to them apart from the server.

use super::group;
use crate::services::aws::ec2;
use crate::services::draft::{Opening, pointing};
use crate::services::read::{Alternative, Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;

pub(in crate::services::aws) const INTERFACE: Types =
    Types { terraform: &["aws_network_interface"], cloudformation: &["AWS::EC2::NetworkInterface"] };
const ATTACHMENT: Types = Types {
    terraform: &["aws_network_interface_attachment"],
    cloudformation: &["AWS::EC2::NetworkInterfaceAttachment"],
};
const GROUP_ATTACHMENT: Types = Types { terraform: &["aws_network_interface_sg_attachment"], cloudformation: &[] };

/// The interface that an attachment, an address or a mirror is about.
pub(in crate::services::aws) const INTERFACE_OF: Field =
    field("network_interface_id|network_interface", "NetworkInterfaceId");
/// Interfaces of their own that an instance lists.
const LISTED: Field = field("network_interface|primary_network_interface", "NetworkInterfaces");
const OWN_ATTACHMENT: Field = field("attachment", "-");
const INSTANCE: Field = field("instance|instance_id", "InstanceId");
const GROUPS: Field = field("security_groups", "GroupSet");
const ATTACHED_GROUP: Field = field("security_group_id", "-");

type Found = Vec<(ResourceId, Option<When>)>;

/// The instances that an interface is attached to: by itself, by the instance, or by a resource that does nothing else.
pub(in crate::services::aws) fn owners(world: &World<'_>, interface: ResourceId) -> Found {
    let own = world.block(interface).known_blocks(OWN_ATTACHMENT);
    let mut found: Found = own.iter().flat_map(|attachment| resources(world, attachment, INSTANCE, None)).collect();
    let listing = pointing(world, interface, ec2::INSTANCE, |instance| listed(world, instance));
    found.extend(listing.into_iter().map(|(instance, when)| (instance.id, when)));
    for (attachment, when) in pointing(world, interface, ATTACHMENT, |attachment| attachment.links(world, INTERFACE_OF))
    {
        found.extend(resources(world, &attachment, INSTANCE, when.as_ref()));
    }
    found.sort_by_key(|(id, _)| *id);
    found.dedup();
    found
}

/// Interfaces that are resources of their own and attached to the instance, in each of the three ways.
fn attached<'a>(world: &World<'a>, instance: &Block<'a>) -> Found {
    let mut found: Found = listed(world, instance).into_iter().filter_map(resource).collect();
    for (attachment, when) in pointing(world, instance.id, ATTACHMENT, |attachment| attachment.links(world, INSTANCE)) {
        found.extend(resources(world, &attachment, INTERFACE_OF, when.as_ref()));
    }
    let by_itself = |interface: &Block<'a>| {
        let own = interface.known_blocks(OWN_ATTACHMENT);
        own.iter().flat_map(|attachment| attachment.links(world, INSTANCE)).collect()
    };
    let attaching = pointing(world, instance.id, INTERFACE, by_itself);
    found.extend(attaching.into_iter().map(|(interface, when)| (interface.id, when)));
    found.retain(|(id, _)| INTERFACE.holds(&world.resource(*id).type_name));
    found
}

/// Whether the instance's first interface is a resource of its own, so that it gets no other.
pub(in crate::services::aws) fn starts_with_its_own(world: &World<'_>, instance: &Block<'_>) -> bool {
    !listed(world, instance).is_empty()
}

fn listed<'a>(world: &World<'a>, instance: &Block<'a>) -> Vec<Alternative<Link<'a>>> {
    instance.known_blocks(LISTED).iter().flat_map(|listed| listed.links(world, INTERFACE_OF)).collect()
}

/// The ways in by the instance's attached interfaces, which have public addresses only where elastic ones are given to them.
pub(in crate::services::aws) fn attached_openings<'a>(world: &World<'a>, instance: &Block<'a>) -> Vec<Opening> {
    let mut found = Vec::new();
    for (id, when) in attached(world, instance) {
        let interface = world.block(id);
        let addresses = super::elastic(world, &interface);
        let openings = super::reachable(&addresses, || openings(world, &interface, GROUPS));
        found.extend(openings.into_iter().map(|opening| opening.under(when.as_ref())));
    }
    found
}

/// The openings of the groups that the holder of an interface names, and of those that are attached to it apart.
pub(in crate::services::aws) fn openings<'a>(world: &World<'a>, holder: &Block<'a>, groups: Field) -> Vec<Opening> {
    let mut found = group::openings(world, holder, groups);
    for (attachment, when) in pointing(world, holder.id, GROUP_ATTACHMENT, |it| it.links(world, INTERFACE_OF)) {
        let more = group::openings(world, &attachment, ATTACHED_GROUP);
        found.extend(more.into_iter().map(|opening| opening.under(when.as_ref())));
    }
    found
}

fn resources<'a>(world: &World<'a>, block: &Block<'a>, field: Field, when: Option<&When>) -> Found {
    let under = |(id, own): (ResourceId, Option<When>)| (id, When::both(when, own.as_ref()));
    block.links(world, field).into_iter().filter_map(resource).map(under).collect()
}

fn resource(link: Alternative<Link<'_>>) -> Option<(ResourceId, Option<When>)> {
    Some((link.value.resource()?, link.when))
}
