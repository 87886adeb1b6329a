//! `FindInMap`: by known keys, by unknown keys where all that they can lead to is the same, and with a default.

use super::{Outcome, invalid, is_marker, opaque};
use crate::cloudformation::content::{same, subject};
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::Node;
use crate::cloudformation::worlds::Worlds;
use crate::source::Span;
use crate::value::Value;
use std::sync::Arc;

/// Places that an unknown key may lead to before all of them are taken to differ.
const MOST_CANDIDATES: usize = 2_000;

impl Scope<'_> {
    pub(super) fn fn_find_in_map(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let (keys, default) = match arg.items() {
            [map, first, second] => ([map, first, second], None),
            [map, first, second, options] => ([map, first, second], options.get("DefaultValue")),
            _ => return invalid("takes a map and two keys"),
        };
        let mut values: Vec<Value> = Vec::new();
        for key in keys {
            match self.argument(key, worlds)? {
                Some(value) if is_marker(&value) || value.as_text().is_some() => values.push(value),
                _ => return invalid("a key is no text"),
            }
        }
        let candidates = self.candidates(&values);
        if !values.iter().any(is_marker) {
            if let Some(found) = candidates.first() {
                return Ok(self.eval(found, worlds).map(|value| value.through(span)));
            }
            if let Some(default) = default {
                return self.argument(default, worlds);
            }
            let keys: Vec<String> = values.iter().map(subject).collect();
            return invalid(format!("there is no {}", keys.join(" / ")));
        }
        let all: Vec<&Value> = values.iter().collect();
        let unknown = opaque("Fn::FindInMap", &all, span);
        if candidates.is_empty() && default.is_none() {
            return invalid("the known keys lead nowhere");
        }
        if default.is_some() || candidates.len() > MOST_CANDIDATES {
            return Ok(Some(unknown));
        }
        let found: Vec<Option<Value>> = candidates.iter().map(|node| self.eval(node, worlds)).collect();
        match found.split_first() {
            Some((Some(first), rest)) => {
                let alike = rest.iter().all(|other| other.as_ref().is_some_and(|other| same(first, other)));
                Ok(Some(if alike { first.clone().through(span) } else { unknown }))
            }
            _ => Ok(Some(unknown)),
        }
    }

    /// The nodes that the keys can lead to; an unknown key leads everywhere.
    fn candidates(&self, keys: &[Value]) -> Vec<Arc<Node>> {
        let mut candidates: Vec<Arc<Node>> = vec![Arc::clone(&self.sections.mappings)];
        for key in keys {
            let mut next: Vec<Arc<Node>> = Vec::new();
            for candidate in &candidates {
                match key.as_text() {
                    Some(name) => next.extend(candidate.get(&name).map(Arc::clone)),
                    None => next.extend(candidate.entries().iter().map(|entry| Arc::clone(&entry.value))),
                }
                if next.len() > MOST_CANDIDATES {
                    break;
                }
            }
            candidates = next;
        }
        candidates
    }
}
