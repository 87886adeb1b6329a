//! What each cloud service does with a message: one file a service, with both languages' spelling side by side.

mod aim;
mod arn;
mod aws;
mod cloudflare;
mod document;
mod draft;
mod entries;
mod fastly;
mod join;
mod other_edges;
mod read;
mod strangers;
#[cfg(test)]
mod tests;
mod world;

use crate::model::Model;
use crate::resource::{Mode, Stack};
use draft::Draft;
use read::Block;
use world::{ResourceId, Types, World};

/// A kind of resource that a service knows, and what it adds to the draft for each resource of that kind.
pub(crate) struct Service {
    pub types: Types,
    pub describe: for<'a> fn(&mut Draft<'a>, &Block<'a>),
}

/// In the order in which nodes get their numbers: edges of other vendors first.
static VENDORS: &[&[&[Service]]] = &[cloudflare::SERVICES, fastly::SERVICES, other_edges::SERVICES, aws::SERVICES];

/// Builds the request paths of all stacks together.
pub fn model(stacks: &[Stack]) -> Model {
    let generated: Vec<_> = stacks.iter().map(aws::generated).collect();
    let world = World::new(stacks, &generated);
    let mut draft = Draft::new(&world);
    for service in VENDORS.iter().flat_map(|vendor| vendor.iter().copied().flatten()) {
        // What a data source looks up is somebody else's: how it is set up is not in this code.
        let managed = |id: &ResourceId| world.resource(*id).mode == Mode::Managed;
        for id in world.of_types(service.types).into_iter().filter(managed) {
            (service.describe)(&mut draft, &world.block(id));
        }
    }
    aws::describe_surroundings(&mut draft);
    strangers::describe(&mut draft);
    aws::describe_keys(&mut draft);
    join::join(draft)
}
