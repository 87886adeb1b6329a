//! Parts of a mesh name one another, by names that the code may build of values which only deployment can tell.

use crate::services::read::{Block, Field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Kind, Value, When};

/// A kind of resource that others name.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub types: Types,
    pub name: Field,
}

/// The resources of a kind that a field names, by reference or by a name that is made alike.
pub(super) fn named<'a>(
    world: &World<'a>,
    block: &Block<'a>,
    pointer: Field,
    part: Part,
) -> Vec<(ResourceId, Option<When>)> {
    let mut found = Vec::new();
    for (when, written) in block.values(pointer) {
        let referred = written.value.as_reference().and_then(|reference| world.find(block.id, &reference.target));
        let ids = match referred.filter(|id| part.types.holds(&world.resource(*id).type_name)) {
            Some(id) => vec![id],
            None => key(written.value).map(|name| with_name(world, block.id, part, &name)).unwrap_or_default(),
        };
        found.extend(ids.into_iter().map(|id| (id, when.clone())));
    }
    found
}

/// The resources of a kind that name `target`, which is of another kind.
pub(super) fn pointing(
    world: &World<'_>,
    target: ResourceId,
    from: Types,
    pointer: Field,
    part: Part,
) -> Vec<(ResourceId, Option<When>)> {
    let name = world.block(target).get(part.name).and_then(key);
    let stack = &world.stack_of(target).id;
    let mut found = Vec::new();
    for id in world.of_types(from) {
        let block = world.block(id);
        let names_it = |(_, written): &(Option<When>, Block<'_>)| {
            let referred = written.value.as_reference().and_then(|reference| world.find(id, &reference.target));
            let is_beside = world.stack_of(id).id == *stack;
            referred == Some(target) || (is_beside && name.is_some() && key(written.value) == name)
        };
        if let Some((when, _)) = block.values(pointer).into_iter().find(names_it) {
            found.push((id, When::both(block.owner.exists.when(), when.as_ref())));
        }
    }
    found
}

/// Resources with this name beside `from`; where none is there, those of other stacks.
pub(super) fn with_name(world: &World<'_>, from: ResourceId, part: Part, name: &str) -> Vec<ResourceId> {
    let stack = &world.stack_of(from).id;
    let has_name = |id: &ResourceId| {
        let own = world.block(*id).get(part.name).and_then(key);
        own.is_some_and(|own| own == name && (!own.contains(OPEN) || world.stack_of(*id).id == *stack))
    };
    let found: Vec<_> = world.of_types(part.types).into_iter().filter(has_name).collect();
    let beside: Vec<_> = found.iter().copied().filter(|id| world.stack_of(*id).id == *stack).collect();
    if beside.is_empty() { found } else { beside }
}

/// Begins what only deployment can tell: such names are the same within one stack only.
const OPEN: &str = "${";

/// A name as text, with what only deployment can tell written out.
pub(super) fn key(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Reference(reference) => Some(format!("{OPEN}{}}}", reference.text())),
        Kind::Unknown(unknown) => Some(format!("{OPEN}{}}}", unknown.what)),
        Kind::Template(parts) => parts.iter().map(key).collect(),
        _ => None,
    }
}
