//! What was understood of the code: resources version 1.

use super::mask;
use crate::resource::{Existence, Mode, Resource, Stack};
use crate::source::{Sources, Span};
use crate::value::render;
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Managed resources of all stacks, sorted by stack and address.
pub fn resources_json(stacks: &[&Stack], sources: &Sources) -> String {
    let report = Report { version: 1, resources: Rows { stacks, sources } };
    mask::json(&serde_json::to_string_pretty(&report).unwrap_or_default()) + "\n"
}

#[derive(Serialize)]
struct Report<'r> {
    version: u32,
    resources: Rows<'r>,
}

/// Rows that are made when they are written: all of them at once would take more room than the stacks themselves.
struct Rows<'r> {
    stacks: &'r [&'r Stack],
    sources: &'r Sources,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.stacks.iter().flat_map(|stack| {
            let managed = stack.resources.iter().filter(|resource| resource.mode == Mode::Managed);
            managed.map(|resource| row(stack, resource, self.sources))
        }))
    }
}

fn row(stack: &Stack, resource: &Resource, sources: &Sources) -> Json {
    json!({
        "stack": &*stack.id,
        "address": resource.address.as_str(),
        "type": &*resource.type_name,
        "exists": existence(&resource.exists),
        "location": location(sources, resource.span),
        "values": render(&resource.body),
    })
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
            let head = format!("{}  {}{when}", resource.address, sources.place(resource.header));
            let _ = writeln!(text, "{}", mask::line(&head));
            if let Json::Object(values) = render(&resource.body) {
                for (name, value) in values {
                    let _ = writeln!(text, "    {} = {}", mask::line(&name), mask::json(&value.to_string()));
                }
            }
        }
    }
    text
}
