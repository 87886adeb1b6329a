//! `.tf.json` and `.tfvars.json`: lowered to the same syntax tree as HCL. Strings are templates.

use super::ast::{Attribute, Block, Body, Expr, ExprKind, Item, Part, top_level_labels};
use super::configuration::Content;
use super::{float, hcl, maps};
use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions};
use std::sync::Arc;

pub(crate) fn parse_file(file: FileId, text: &str, content: Content) -> (Body, Vec<Problem>) {
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
    let mut lowering =
        Lowering { file, literal: content == Content::Variables, type_name: "".into(), problems: Vec::new() };
    let mut body = Body::default();
    match jsonc_parser::parse_to_ast(text, &collect, &options) {
        Ok(parsed) => {
            if let Some(root) = parsed.value {
                lowering.file_body(&root, content, &mut body);
            }
        }
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
    /// The type of the resource that is lowered.
    type_name: Arc<str>,
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

    /// An array stands for the objects in it, read one after the other.
    fn file_body(&mut self, root: &Value<'_>, content: Content, body: &mut Body) {
        match root {
            Value::Object(object) if content == Content::Variables => {
                body.items.extend(object.properties.iter().map(|property| Item::Attribute(self.attribute(property))));
            }
            Value::Object(object) => {
                for property in &object.properties {
                    if let Some(count) = top_level_labels(property.name.as_str()) {
                        let kind: Arc<str> = property.name.as_str().into();
                        self.labelled(&kind, &mut Vec::new(), count, property, &property.value, body);
                    }
                }
            }
            Value::Array(items) => {
                for item in &items.elements {
                    self.file_body(item, content, body);
                }
            }
            other => self.problem("a configuration in JSON is an object", other),
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
                if let ("resource" | "data", Some(of)) = (&**kind, names.first()) {
                    self.type_name = Arc::clone(of);
                }
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
        for property in &object.properties {
            let name = property.name.as_str();
            let nested: Arc<str> = name.into();
            match (kind, name) {
                (_, "//") => {}
                ("variable", "type") => {
                    let item = self.type_attribute(property);
                    body.items.push(Item::Attribute(item));
                }
                // Terraform evaluates it with nothing to refer to, and then takes the strings as they are.
                ("variable", "default") => {
                    self.literal = true;
                    body.items.push(Item::Attribute(self.attribute(property)));
                    self.literal = false;
                }
                (_, "dynamic") | ("terraform", "backend") | ("resource", "provisioner") => {
                    self.labelled(&nested, &mut Vec::new(), 1, property, &property.value, body);
                }
                _ if self.is_block(kind, name, &property.value) => {
                    self.labelled(&nested, &mut Vec::new(), 0, property, &property.value, body);
                }
                _ => body.items.push(Item::Attribute(self.attribute(property))),
            }
        }
    }

    /// JSON does not tell nested blocks from arguments that are objects, and only the provider's schema would.
    /// Objects are taken as blocks except under the names that providers use for maps.
    fn is_block(&self, within: &str, name: &str, value: &Value<'_>) -> bool {
        match within {
            "dynamic" if name == "content" => true,
            "variable" | "output" | "locals" | "module" | "dynamic" | "required_providers" => false,
            _ => {
                let objects: Option<Vec<&Object<'_>>> = match value {
                    Value::Object(object) => Some(vec![object]),
                    Value::Array(items) => items.elements.iter().map(object).collect(),
                    _ => None,
                };
                let objects = objects.filter(|objects| !objects.is_empty());
                // The arguments of a block have names that are in the schema.
                let is_computed =
                    |object: &&Object<'_>| object.properties.iter().any(|key| key.name.as_str().contains("${"));
                objects.is_some_and(|objects| !objects.iter().any(is_computed)) && !maps::is_map(&self.type_name, name)
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
            Value::NumberLit(number) => float::literal(number.value).map_or(ExprKind::Unreadable, ExprKind::Number),
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
                ExprKind::Unreadable
            }
        }
    }
}

fn object<'v, 'a>(value: &'v Value<'a>) -> Option<&'v Object<'a>> {
    if let Value::Object(object) = value { Some(object) } else { None }
}
