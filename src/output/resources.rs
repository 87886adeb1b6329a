//! What was understood of the code: resources version 1.

use crate::resource::{Existence, Mode, Stack};
use crate::source::{Sources, Span};
use crate::value::render;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Managed resources of all stacks, sorted by stack and address.
pub fn resources_json(stacks: &[&Stack], sources: &Sources) -> String {
    let mut rows = Vec::new();
    for stack in stacks {
        for resource in stack.resources.iter().filter(|resource| resource.mode == Mode::Managed) {
            rows.push(json!({
                "stack": &*stack.id,
                "address": resource.address.as_str(),
                "type": &*resource.type_name,
                "exists": existence(&resource.exists),
                "location": location(sources, resource.span),
                "values": render(&resource.body),
            }));
        }
    }
    let mut text = serde_json::to_string_pretty(&json!({"version": 1, "resources": rows})).unwrap_or_default();
    text.push('\n');
    text
}

fn existence(exists: &Existence) -> Json {
    match exists {
        Existence::Certain => Json::Bool(true),
        Existence::Conditional(when) => json!({"$when": when.text()}),
    }
}

fn location(sources: &Sources, span: Span) -> Json {
    let point = |offset| {
        let at = sources.position(span.file, offset);
        json!({"line": at.line, "column": at.column, "offset": at.offset})
    };
    json!({"file": sources.path(span.file), "start": point(span.start), "end": point(span.end)})
}

/// One line a resource, its arguments below it.
pub fn resources_human(stacks: &[&Stack], sources: &Sources) -> String {
    let mut text = String::new();
    for stack in stacks {
        for resource in stack.resources.iter().filter(|resource| resource.mode == Mode::Managed) {
            let when = resource.exists.when().map(|when| format!("  (when {})", when.text())).unwrap_or_default();
            let _ = writeln!(text, "{}  {}{when}", resource.address, sources.place(resource.header));
            if let Json::Object(values) = render(&resource.body) {
                for (name, value) in values {
                    let _ = writeln!(text, "    {name} = {value}");
                }
            }
        }
    }
    text
}
