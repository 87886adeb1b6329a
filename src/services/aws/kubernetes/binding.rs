//! Target groups of the code into which a controller puts the pods of a Service.

use super::backends::service_named;
use super::object::{Kind, NAME, object};
use super::pods;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};

const TARGET_GROUP: Field = field("targetGroupARN", "-");
const SERVICE: Field = field("serviceRef", "-");

/// Source: "TargetGroupBinding" of the AWS Load Balancer Controller.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(binding) = object(block).filter(|object| object.kind == Kind::TargetGroupBinding) else { return };
    let reference = binding.spec.known_block(SERVICE);
    let name = reference.as_ref().and_then(|reference| reference.get(NAME));
    let service = name.and_then(|name| service_named(draft.world, &binding, name));
    for link in binding.spec.links(draft.world, TARGET_GROUP) {
        if let Link::Resource { id, .. } = link.value {
            pods::register(draft, id, &binding, service.as_ref(), link.when.as_ref());
        }
    }
}
