//! VPC encryption controls. `monitor` only reports. `enforce` keeps out of the VPC what cannot be encrypted by the hardware,
//! so that a hop between two of its nodes may be encrypted below what the code shows of it: AWS holds those keys, and it is
//! no proof of TLS. Lambda is no part of the promise.
//!
//! Source: "Enforce VPC encryption in transit" of the Amazon VPC guide.

use super::network::vpcs_of;
use crate::model::{Doubt, NodeKind};
use crate::resource::Mode;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types};
use std::collections::BTreeMap;

const CONTROL: Types =
    Types { terraform: &["aws_vpc_encryption_control"], cloudformation: &["AWS::EC2::VPCEncryptionControl"] };
const VPC: Types = Types { terraform: &["aws_vpc"], cloudformation: &["AWS::EC2::VPC"] };

const VPC_ID: Field = field("vpc_id", "VpcId");
const OWN: Field = field("-", "VpcEncryptionControl");
const MODE: Field = field("mode", "Mode");

/// Runs once, after all nodes are described.
pub(super) fn describe(draft: &mut Draft<'_>) {
    let enforced = enforced(draft);
    if enforced.is_empty() {
        return;
    }
    let homes: Vec<_> = draft.homes.iter().map(|(id, node)| (*id, *node)).collect();
    for (id, node) in homes {
        if draft.model.node(node).kind != NodeKind::Function
            && let [vpc] = vpcs_of(draft.world, id).as_slice()
            && let Some(doubt) = enforced.get(vpc)
        {
            draft.enclose(node, *vpc, doubt.clone());
        }
    }
}

/// The VPCs of this code with a control that surely enforces.
fn enforced(draft: &Draft<'_>) -> BTreeMap<ResourceId, Doubt> {
    let world = draft.world;
    let mut found = BTreeMap::new();
    let surely = |control: &Block<'_>| {
        let exists = control.when.is_none() && control.owner.exists.when().is_none();
        exists && control.owner.mode == Mode::Managed && control.text(MODE).as_deref() == Some("enforce")
    };
    for control in world.of_types(CONTROL).into_iter().map(|id| world.block(id)).filter(surely) {
        for link in control.links(world, VPC_ID) {
            if let Link::Resource { id, .. } = link.value {
                found.insert(id, doubt(&control));
            }
        }
    }
    for vpc in world.of_types(VPC) {
        for control in world.block(vpc).known_blocks(OWN).iter().filter(|control| surely(control)) {
            found.insert(vpc, doubt(control));
        }
    }
    found
}

fn doubt(control: &Block<'_>) -> Doubt {
    let address = &control.owner.address;
    let message = format!(
        "the hop is in the clear as far as the code shows, and {address} lets the hardware of the VPC encrypt it with keys of AWS"
    );
    Doubt::new(address.as_str(), message, "serve TLS on this hop: that shows in the code", Some(control.place()))
}
