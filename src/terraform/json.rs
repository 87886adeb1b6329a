//! `.tf.json` and `.tfvars.json`: lowered to the same syntax tree as HCL. Strings are templates.

use super::ast::{Attribute, Block, Body, Expr, ExprKind, Item, Part, top_level_labels};
use super::hcl;
use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use crate::value::Number;
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions};
use std::str::FromStr as _;
use std::sync::Arc;

pub(crate) fn parse_file(file: FileId, text: &str) -> (Body, Vec<Problem>) {
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_extended_string_escapes: false,
        allow_non_finite_numbers: false,
    };
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let mut lowering = Lowering { file, literal: false, problems: Vec::new() };
    let mut body = Body::default();
    match jsonc_parser::parse_to_ast(text, &collect, &options) {
        Ok(parsed) => match parsed.value {
            Some(Value::Object(object)) => lowering.file_body(&object, &mut body),
            Some(other) => lowering.problem("a configuration in JSON is an object", &other),
            None => {}
        },
        Err(error) => {
            let range = error.range();
            let message = format!("syntax error: {}", error.kind());
            lowering.problems.push(Problem::error(message, Some(Span::new(file, range.start, range.end))));
        }
    }
    (body, lowering.problems)
}

struct Lowering {
    file: FileId,
    /// Strings are taken as they are (variable files).
    literal: bool,
    problems: Vec<Problem>,
}

impl Lowering {
    fn span(&self, of: &impl Ranged) -> Span {
        let range = of.range();
        Span::new(self.file, range.start, range.end)
    }

    fn problem(&mut self, message: &str, at: &impl Ranged) {
        let span = self.span(at);
        self.problems.push(Problem::error(message, Some(span)));
    }

    fn file_body(&mut self, object: &Object<'_>, body: &mut Body) {
        let known = |name: &str| top_level_labels(name).is_some();
        if !object.properties.iter().any(|property| known(property.name.as_str())) {
            // A variable file: plain values.
            self.literal = true;
            body.items.extend(object.properties.iter().map(|property| Item::Attribute(self.attribute(property))));
            return;
        }
        for property in &object.properties {
            if let Some(count) = top_level_labels(property.name.as_str()) {
                let kind: Arc<str> = property.name.as_str().into();
                self.labelled(&kind, &mut Vec::new(), count, property, &property.value, body);
            }
        }
    }

    /// Descends through the objects whose keys are the labels of a block.
    fn labelled(
        &mut self,
        kind: &Arc<str>,
        names: &mut Vec<Arc<str>>,
        count: usize,
        at: &ObjectProp<'_>,
        value: &Value<'_>,
        body: &mut Body,
    ) {
        match value {
            Value::Array(items) => {
                for item in &items.elements {
                    self.labelled(kind, names, count, at, item, body);
                }
            }
            Value::Object(object) if names.len() < count => {
                for property in &object.properties {
                    names.push(property.name.as_str().into());
                    self.labelled(kind, names, count, property, &property.value, body);
                    names.pop();
                }
            }
            Value::Object(object) => {
                let mut inner = Body::default();
                self.block_body(kind, object, &mut inner);
                body.items.push(Item::Block(Block {
                    kind: Arc::clone(kind),
                    labels: names.clone(),
                    header: self.key_span(at),
                    span: self.span(at),
                    body: inner,
                }));
            }
            _ => {}
        }
    }

    fn key_span(&self, property: &ObjectProp<'_>) -> Span {
        self.span(&property.name)
    }

    fn block_body(&mut self, kind: &str, object: &Object<'_>, body: &mut Body) {
        let holds_blocks = !matches!(kind, "variable" | "output" | "locals" | "module" | "content" | "");
        for property in &object.properties {
            let name = property.name.as_str();
            if name == "//" {
                continue;
            }
            let nested: Arc<str> = name.into();
            match &property.value {
                _ if kind == "variable" && name == "type" => {
                    let item = self.type_attribute(property);
                    body.items.push(Item::Attribute(item));
                }
                value if name == "dynamic" => self.labelled(&nested, &mut Vec::new(), 1, property, value, body),
                value if holds_blocks_named(holds_blocks, name, value) || kind == "dynamic" && name == "content" => {
                    self.labelled(&nested, &mut Vec::new(), 0, property, value, body);
                }
                _ => body.items.push(Item::Attribute(self.attribute(property))),
            }
        }
    }

    fn type_attribute(&mut self, property: &ObjectProp<'_>) -> Attribute {
        let mut attribute = self.attribute(property);
        if let ExprKind::String(text) = &attribute.expr.kind
            && let Ok(expr) = hcl::parse_expression(self.file, text, attribute.expr.span.start as usize + 1)
        {
            attribute.expr = expr;
        }
        attribute
    }

    fn attribute(&mut self, property: &ObjectProp<'_>) -> Attribute {
        Attribute {
            name: property.name.as_str().into(),
            span: self.span(property),
            expr: self.expression(&property.value),
        }
    }

    fn expression(&mut self, value: &Value<'_>) -> Expr {
        let span = self.span(value);
        let kind = match value {
            Value::StringLit(text) => self.string(&text.value, span),
            Value::NumberLit(number) => Number::from_str(number.value).map_or(ExprKind::Null, ExprKind::Number),
            Value::BooleanLit(value) => ExprKind::Bool(value.value),
            Value::Object(object) => ExprKind::Object(
                object
                    .properties
                    .iter()
                    .map(|property| {
                        let key_span = self.key_span(property);
                        let key = self.string(property.name.as_str(), key_span);
                        (Expr { span: key_span, kind: key }, self.expression(&property.value))
                    })
                    .collect(),
            ),
            Value::Array(array) => ExprKind::Tuple(array.elements.iter().map(|item| self.expression(item)).collect()),
            Value::NullKeyword(_) => ExprKind::Null,
        };
        Expr { span, kind }
    }

    fn string(&mut self, text: &str, span: Span) -> ExprKind {
        if self.literal || !(text.contains("${") || text.contains("%{")) {
            return ExprKind::String(text.into());
        }
        match hcl::parse_template(self.file, text, span.start as usize + 1) {
            Ok(parts) => match parts.as_slice() {
                [] => ExprKind::String("".into()),
                [Part::Literal(only)] => ExprKind::String(Arc::clone(only)),
                _ => ExprKind::Template(parts),
            },
            Err(problem) => {
                self.problems.push(problem);
                ExprKind::String(text.into())
            }
        }
    }
}

/// JSON does not tell nested blocks from arguments that are objects, and only the provider's schema would.
/// Objects are taken as blocks except under the names that providers use for maps.
fn holds_blocks_named(within_resource: bool, name: &str, value: &Value<'_>) -> bool {
    const MAPS: &[&str] = &[
        "tags",
        "tags_all",
        "labels",
        "annotations",
        "variables",
        "parameters",
        "triggers",
        "keepers",
        "input",
        "metadata",
        "environment_variables",
        "request_parameters",
        "response_parameters",
        "attributes",
        "for_each",
        "default_tags",
        "request_templates",
        "response_templates",
        "options",
        "secret_data",
        "string_data",
        "vars",
        "triggers_replace",
        "query",
        "request_headers",
        "item",
        "policy",
        "values",
        "set",
        "providers",
    ];
    let map = MAPS.contains(&name) || name.ends_with("_tags") || name.ends_with("_map");
    let objects = match value {
        Value::Object(_) => true,
        Value::Array(items) => {
            !items.elements.is_empty() && items.elements.iter().all(|item| matches!(item, Value::Object(_)))
        }
        _ => false,
    };
    within_resource && objects && !map
}
