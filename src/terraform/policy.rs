//! `data.aws_iam_policy_document`: the document that the AWS provider makes of its statements.
//! Facts: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>.

use super::ast::Block;
use super::datum::{Branch, Datum, Entries, Evaluated, Fault, Kind, Sequence};
use super::evaluator::{Env, Evaluator};
use super::functions::json_text;
use super::types::{self, Type};
use super::{choice, operators};
use crate::source::Span;
use crate::value::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;

mod merge;
use merge::Merged;

/// A statement's parts in the provider's order.
type Statement = Vec<(&'static str, Datum)>;

pub(crate) fn document(evaluator: &Evaluator<'_>, block: &Block, minified: bool, env: Env<'_>) -> Evaluated {
    let span = block.header;
    let body = evaluator.arguments(block, env);
    let statements = body.get("statement").cloned().unwrap_or_else(|| Datum::tuple(Vec::new(), span));
    // The provider's text is not marked, and it has in it what the arguments have.
    let sensitive = body.values().any(Datum::holds_sensitive);
    let text = choice::map(vec![statements], span, &mut |values| {
        let statements = values.first().and_then(Datum::items).unwrap_or(&[]);
        let mut written = Vec::new();
        for statement in statements {
            match statement.entries() {
                Some(entries) => written.push(node(render_statement(entries, span))),
                None => return Ok(operators::opaque(statement, "aws_iam_policy_document", span)),
            }
        }
        assemble(evaluator, &body, written, minified, span)
    });
    text.map(|text| text.marked(sensitive))
}

/// Source documents first, then the own statements, then the overriding documents.
fn assemble(
    evaluator: &Evaluator<'_>,
    body: &BTreeMap<Arc<str>, Datum>,
    own: Vec<json_text::Node>,
    minified: bool,
    span: Span,
) -> Evaluated {
    let given = |name: &str| body.get(name).filter(|value| !value.is_null());
    let mut merged = Merged::default();
    // The singular arguments are those of providers before version 5, and newer ones refuse them.
    for name in ["source_json", "source_policy_documents"] {
        if let Some(unknown) = given(name).map_or(Ok(None), |documents| add_documents(&mut merged, documents, span))? {
            return Ok(operators::opaque(&unknown, "aws_iam_policy_document", span));
        }
    }
    merged.version(given("version").cloned().unwrap_or_else(|| Datum::string("2012-10-17", span)));
    if let Some(id) = given("policy_id") {
        merged.id(id.clone());
    }
    own.into_iter().for_each(|statement| merged.statement(statement));
    for name in ["override_policy_documents", "override_json"] {
        if let Some(unknown) = given(name).map_or(Ok(None), |documents| add_documents(&mut merged, documents, span))? {
            return Ok(operators::opaque(&unknown, "aws_iam_policy_document", span));
        }
    }
    let mut pieces = Vec::new();
    let layout = if minified { json_text::Layout::Compact } else { json_text::Layout::Indented };
    json_text::write(&merged.into_node(), layout, 0, &mut pieces, span);
    super::template::concatenate(evaluator, pieces, span)
}

/// Merges one document or a list of them; gives back the first that is not known.
fn add_documents(merged: &mut Merged, documents: &Datum, span: Span) -> Result<Option<Datum>, Box<Fault>> {
    let items =
        if documents.as_str().is_some() { std::slice::from_ref(documents) } else { documents.items().unwrap_or(&[]) };
    if items.is_empty() && documents.items().is_none() {
        return Ok(Some(documents.clone()));
    }
    for item in items.iter().filter(|item| !item.is_null()) {
        match item.as_str() {
            Some("") => {}
            Some(text) => match serde_json::from_str(text) {
                Ok(parsed) => merged.document(&parsed, span),
                Err(_) => return Err(Fault::invalid("a source policy document is no JSON", span)),
            },
            None => return Ok(Some(item.clone())),
        }
    }
    Ok(None)
}

fn node(statement: Statement) -> json_text::Node {
    let entries = statement.into_iter().map(|(name, value)| (Arc::from(name), json_text::Node::Value(value)));
    json_text::Node::Object(entries.collect())
}

/// One statement as the provider writes it: sorted values, a single one without brackets.
fn render_statement(entries: &Entries, span: Span) -> Statement {
    let given = |name: &str| entries.get(name).filter(|value| !value.is_null());
    let mut parts: Statement = Vec::new();
    if let Some(sid) = given("sid").filter(|sid| sid.as_str() != Some("")) {
        parts.push(("Sid", sid.clone()));
    }
    parts.push(("Effect", given("effect").cloned().unwrap_or_else(|| Datum::string("Allow", span))));
    for (name, written) in [
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        if let Some(values) = given(name)
            && values.items().is_none_or(|items| !items.is_empty())
        {
            let values = texts(values, span);
            let values = if name.ends_with("resources") { with_variables(&values) } else { values };
            parts.push((written, one_or_sorted(&values, span)));
        }
    }
    for (name, written) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(blocks) = given(name).and_then(Datum::items).filter(|blocks| !blocks.is_empty()) {
            parts.push((written, principals(blocks, span)));
        }
    }
    if let Some(blocks) = given("condition").and_then(Datum::items).filter(|blocks| !blocks.is_empty()) {
        parts.push(("Condition", conditions(blocks, span)));
    }
    parts
}

/// The argument as the provider gets it: a list of texts.
fn texts(values: &Datum, span: Span) -> Datum {
    let Some(items) = values.items() else { return values.clone() };
    let text =
        |item: &Datum| types::convert(item.clone(), &Type::String, span).unwrap_or_else(|fault| fault.into_datum());
    Datum::list(items.iter().map(text).collect(), span).marked(values.sensitive)
}

/// The provider writes `&{` where a policy has `${`, which Terraform would take for its own.
fn with_variables(value: &Datum) -> Datum {
    let all = |values: &[Datum]| Arc::new(values.iter().map(with_variables).collect());
    match &value.kind {
        Kind::String(text) if text.contains("&{") => value.with_kind(Kind::String(text.replace("&{", "${").into())),
        Kind::Template(parts) => value.with_kind(Kind::Template(all(parts))),
        Kind::Sequence(sequence, items) => value.with_kind(Kind::Sequence(*sequence, all(items))),
        Kind::Choice(branches) => {
            let branches = branches
                .iter()
                .map(|Branch { when, value }| Branch { when: when.clone(), value: with_variables(value) });
            value.with_kind(Kind::Choice(Arc::new(branches.collect())))
        }
        _ => value.clone(),
    }
}

/// Sets are written in descending order by the provider; one element stands alone.
fn one_or_sorted(values: &Datum, span: Span) -> Datum {
    let Some(items) = values.items() else { return values.clone() };
    if let [only] = items {
        return only.clone();
    }
    let mut items = items.to_vec();
    items.sort_by_key(|item| std::cmp::Reverse(item.brief()));
    items.dedup_by(|a, b| super::equality::same(a, b));
    if let [only] = items.as_slice() {
        return only.clone();
    }
    Datum::sequence(Sequence::List, items, span)
}

fn principals(blocks: &[Datum], span: Span) -> Datum {
    let mut by_type: BTreeMap<Arc<str>, Vec<Datum>> = BTreeMap::new();
    for block in blocks {
        let Some(entries) = block.entries() else { return block.clone() };
        let Some(of) = entries.get("type").and_then(Datum::as_str) else { return unclear(block, span) };
        match entries.get("identifiers").map(|values| with_variables(&texts(values, span))) {
            Some(values) => match values.items() {
                Some(items) => by_type.entry(of.into()).or_default().extend(items.iter().cloned()),
                None => by_type.entry(of.into()).or_default().push(values),
            },
            None => return unclear(block, span),
        }
    }
    let everyone = |items: &[Datum]| matches!(items, [only] if only.as_str() == Some("*"));
    if by_type.len() == 1 && by_type.get("*").is_some_and(|items| everyone(items)) {
        return Datum::string("*", span);
    }
    let entries = by_type.into_iter().map(|(of, items)| (of, one_or_sorted(&Datum::list(items, span), span)));
    Datum::object(entries.collect(), span)
}

fn conditions(blocks: &[Datum], span: Span) -> Datum {
    let mut tests: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Vec<Datum>>> = BTreeMap::new();
    for block in blocks {
        let Some(entries) = block.entries() else { return block.clone() };
        let text = |name: &str| entries.get(name).and_then(Datum::as_str);
        let (Some(test), Some(variable), Some(values)) = (text("test"), text("variable"), entries.get("values")) else {
            return unclear(block, span);
        };
        let list = tests.entry(test.into()).or_default().entry(variable.into()).or_default();
        let values = with_variables(&texts(values, span));
        match values.items() {
            Some(items) => list.extend(items.iter().cloned()),
            None => list.push(values),
        }
    }
    let tests = tests.into_iter().map(|(test, variables)| {
        let variables = variables.into_iter().map(|(variable, values)| {
            let value = if let [only] = values.as_slice() { only.clone() } else { Datum::list(values, span) };
            (variable, value)
        });
        (test, Datum::object(variables.collect(), span))
    });
    Datum::object(tests.collect(), span)
}

fn unclear(block: &Datum, span: Span) -> Datum {
    match block.first_unknown() {
        Some(unknown) => Datum::new(Kind::Unknown(unknown), span),
        None => Datum::unknown(Reason::NotEvaluated, "aws_iam_policy_document", span),
    }
}
