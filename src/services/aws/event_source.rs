//! Event source mappings: what the Lambda service reads from queues and streams, and hands to functions.

use super::{api_endpoint, lambda};
use crate::model::{Evidence, Leg, Segment};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[Service { types: MAPPING, describe }];

const MAPPING: Types =
    Types { terraform: &["aws_lambda_event_source_mapping"], cloudformation: &["AWS::Lambda::EventSourceMapping"] };

const SOURCE: Field = field("event_source_arn", "EventSourceArn");
const FUNCTION: Field = field("function_name", "FunctionName");
const ENABLED: Field = field("enabled", "Enabled");

/// Whoever writes into the queue or the stream reaches the function that gets what is in it. The Lambda service polls queues and
/// streams of AWS by their APIs. Source: "How Lambda processes records from stream and queue-based event sources".
fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(enabled) = block.unless_off(ENABLED) else { return };
    for source in block.links(draft.world, SOURCE) {
        let Link::Resource { id, value, .. } = source.value else { continue };
        let Some(from) = draft.front(id) else { continue };
        let meaning = "the Lambda service reads it by HTTPS, and hands it to the function";
        let evidence = Evidence::new(SOURCE.spelling(block.language()), meaning, value.span()).along(value);
        let when = When::both(block.owner.exists.when(), enabled.as_ref());
        let when = When::both(when.as_ref(), source.when.as_ref());
        for (function, own) in lambda::pointed_to(draft.world, block, FUNCTION) {
            draft.send(PendingHop {
                from,
                to: Destination::resource(function),
                legs: vec![Leg::new(api_endpoint::call(), vec![evidence.clone()])],
                via: vec![block.owner.address.shared()],
                evidence: Vec::new(),
                when: When::both(when.as_ref(), own.as_ref()),
                segment: Segment::Store,
                doubt: None,
            });
        }
    }
}
