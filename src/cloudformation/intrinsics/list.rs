//! Lists: `Select`, `Length`, `GetAZs`, `Cidr`.

use super::cidr::subnets;
use super::{Outcome, invalid, is_marker, opaque};
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::Node;
use crate::cloudformation::worlds::Worlds;
use crate::source::Span;
use crate::value::{Kind, Reason, Value};
use std::sync::Arc;

impl Scope<'_> {
    pub(super) fn fn_select(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let [index, items] = arg.items() else { return invalid("takes an index and a list") };
        let Some(index) = self.argument(index, worlds)? else { return invalid("takes an index and a list") };
        let position = position(&index);
        if position.is_none() && !is_marker(&index) {
            return invalid("the index is no number");
        }
        let split = items.intrinsic().filter(|call| &*call.key == "Fn::Split");
        let list: Value = match split {
            Some(call) => match self.split(&call.value, items.span, worlds)? {
                (pieces, None) => Value::list(pieces, items.span),
                (pieces, Some(open)) => {
                    let certain = position.and_then(|position| pieces.get(position)).cloned();
                    let found = match certain {
                        Some(piece) => Some(piece),
                        None => self.host(&call.value, position, worlds)?,
                    };
                    let some_piece = || opaque("Fn::Select", &[&index, &open], span).cut_from(&open);
                    return Ok(Some(found.unwrap_or_else(some_piece)));
                }
            },
            None => match self.argument(items, worlds)? {
                Some(list) => list,
                None => return invalid("takes a list"),
            },
        };
        let Some(position) = position.filter(|_| !is_marker(&list)) else {
            return Ok(Some(opaque("Fn::Select", &[&index, &list], span).cut_from(&list)));
        };
        let Some(items) = list.as_list() else { return invalid("takes a list") };
        match items.get(position) {
            Some(item) => Ok(Some(item.clone())),
            None => invalid(format!("the list has no item {position}")),
        }
    }

    pub(super) fn fn_length(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        match self.argument(arg, worlds)? {
            Some(value) if is_marker(&value) => Ok(Some(opaque("Fn::Length", &[&value], span))),
            Some(Value { kind: Kind::List(items), .. }) => {
                Ok(Some(Value::number(i64::try_from(items.len()).unwrap_or(i64::MAX), span)))
            }
            _ => invalid("takes a list"),
        }
    }

    pub(super) fn fn_get_azs(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let of = match self.argument(arg, worlds)? {
            Some(value) => opaque("Fn::GetAZs", &[&value], span),
            None => Value::unknown(Reason::LookedUp, "Fn::GetAZs", span),
        };
        // The zones are looked up, whether or not the region is known.
        match of.as_unknown() {
            Some(unknown) => Ok(Some(Value::unknown(Reason::LookedUp, Arc::clone(&unknown.what), span))),
            None => Ok(Some(of)),
        }
    }

    pub(super) fn fn_cidr(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let values = self.arguments(arg, (2, 3), worlds)?;
        if values.iter().any(is_marker) {
            let all: Vec<&Value> = values.iter().collect();
            return Ok(Some(opaque("Fn::Cidr", &all, span)));
        }
        let block = values.first().and_then(Value::as_text).unwrap_or_default();
        let count = values.get(1).and_then(Value::as_integer);
        let bits = values.get(2).map_or(Some(8), Value::as_integer);
        let (Some(count), Some(bits)) = (count, bits) else { return invalid("its count and bits are numbers") };
        match subnets(&block, count, bits) {
            Ok(blocks) => {
                let blocks: Vec<Value> = blocks.into_iter().map(|block| Value::string(block, span)).collect();
                Ok(Some(Value::list(blocks, span)))
            }
            Err(why) => invalid(why),
        }
    }
}

/// A number that is not negative, or text of one.
fn position(index: &Value) -> Option<usize> {
    index.as_integer().and_then(|index| usize::try_from(index).ok())
}
