//! SAM's `Globals`: merged into the properties of the resources they speak of. Nothing else of the transform is carried out here.

use super::tree::{Entry, Node, Shape};
use std::sync::Arc;

/// The properties of a resource with what the globals of its type add.
pub(crate) fn with_globals(root: &Node, resource: &Node) -> Option<Arc<Node>> {
    let own = resource.get("Properties").map(Arc::clone);
    let kind = resource.get("Type").and_then(|node| node.as_text()).unwrap_or("");
    let section = kind.strip_prefix("AWS::Serverless::");
    let globals = section.and_then(|section| root.get("Globals").and_then(|globals| globals.get(section)));
    match (globals.filter(|globals| globals.is_map()), own) {
        (Some(globals), Some(own)) => Some(merge(globals, &own)),
        (Some(globals), None) => Some(Arc::clone(globals)),
        (None, own) => own,
    }
}

/// Maps are merged, lists put together with the global items first; anything else is overridden.
fn merge(global: &Arc<Node>, own: &Arc<Node>) -> Arc<Node> {
    match (&global.shape, &own.shape) {
        (Shape::Map(general), Shape::Map(special)) if global.intrinsic().is_none() && own.intrinsic().is_none() => {
            let mut entries: Vec<Entry> = Vec::new();
            for entry in general {
                let value = match own.get(&entry.key) {
                    Some(value) => merge(&entry.value, value),
                    None => Arc::clone(&entry.value),
                };
                entries.push(Entry { value, ..entry.clone() });
            }
            entries.extend(special.iter().filter(|entry| global.get(&entry.key).is_none()).cloned());
            Node::new(own.span, Shape::Map(entries))
        }
        (Shape::List(general), Shape::List(special)) => {
            let items: Vec<Arc<Node>> = general.iter().chain(special.iter()).map(Arc::clone).collect();
            Node::new(own.span, Shape::List(items))
        }
        _ => Arc::clone(own),
    }
}
