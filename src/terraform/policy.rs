//! `data.aws_iam_policy_document`: the document that the AWS provider makes of its statements.
//! Facts: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>.

use super::ast::Block;
use super::datum::{Datum, Entries, Evaluated, Kind, Sequence};
use super::evaluator::{Env, Evaluator};
use super::functions::json_text;
use super::{choice, operators};
use crate::source::Span;
use crate::value::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Source documents first, then the own statements, then the overriding documents; equal Sids replace.
fn assemble(
    evaluator: &Evaluator<'_>,
    body: &BTreeMap<Arc<str>, Datum>,
    own: Vec<Ordered>,
    minified: bool,
    span: Span,
) -> Evaluated {
    let mut id = body.get("policy_id").cloned().filter(|id| !id.is_null());
    let mut version = body.get("version").cloned().filter(|version| !version.is_null());
    let mut merged: Vec<(Option<String>, Ordered)> = Vec::new();
    let mut unmerged: Option<Datum> = None;
    for (name, replaces) in [("source_policy_documents", false), ("", false), ("override_policy_documents", true)] {
        if name.is_empty() {
            for statement in &own {
                add(&mut merged, statement.clone(), true);
            }
            continue;
        }
        let Some(documents) = body.get(name).filter(|documents| !documents.is_null()) else { continue };
        let Some(items) = documents.items() else {
            unmerged.get_or_insert_with(|| documents.clone());
            continue;
        };
        for item in items {
            match item.as_str() {
                Some("") => {}
                Some(text) => match serde_json::from_str::<serde_json::Value>(text) {
                    Ok(parsed) => take_document(&parsed, &mut merged, &mut id, &mut version, replaces, span),
                    Err(_) => return Err(super::datum::Fault::invalid("a source policy document is no JSON", span)),
                },
                None if item.is_null() => {}
                None => _ = unmerged.get_or_insert_with(|| item.clone()),
            }
        }
    }
    if let Some(unknown) = unmerged {
        return Ok(operators::opaque(&unknown, "aws_iam_policy_document", span));
    }
    let mut parts: Statement = vec![("Version", version.unwrap_or_else(|| Datum::string("2012-10-17", span)))];
    if let Some(id) = id {
        parts.push(("Id", id));
    }
    let mut pieces = Vec::new();
    let layout = if minified { json_text::Layout::Compact } else { json_text::Layout::Indented };
    let statements: Vec<Ordered> = merged.into_iter().map(|(_, statement)| statement).collect();
    let mut entries: Vec<(Arc<str>, json_text::Node)> =
        parts.into_iter().map(|(name, value)| (name.into(), json_text::Node::Value(value))).collect();
    if !statements.is_empty() {
        entries.push(("Statement".into(), json_text::Node::List(statements)));
    }
    json_text::write(&json_text::Node::Object(entries), layout, 0, &mut pieces, span);
    super::template::concatenate(evaluator, pieces, span)
}

type Ordered = json_text::Node;

fn node(statement: Statement) -> Ordered {
    let entries = statement.into_iter().map(|(name, value)| (Arc::from(name), json_text::Node::Value(value)));
    json_text::Node::Object(entries.collect())
}

fn add(merged: &mut Vec<(Option<String>, Ordered)>, statement: Ordered, replaces: bool) {
    let sid = match &statement {
        json_text::Node::Object(entries) => {
            entries.iter().find(|(name, _)| &**name == "Sid").and_then(|(_, sid)| match sid {
                json_text::Node::Value(value) => value.as_str().map(str::to_owned),
                _ => None,
            })
        }
        _ => None,
    };
    let sid = sid.filter(|sid| !sid.is_empty());
    let place = merged.iter_mut().find(|(other, _)| sid.is_some() && *other == sid);
    match place {
        Some(place) if replaces => place.1 = statement,
        _ => merged.push((sid, statement)),
    }
}

fn take_document(
    parsed: &serde_json::Value,
    merged: &mut Vec<(Option<String>, Ordered)>,
    id: &mut Option<Datum>,
    version: &mut Option<Datum>,
    replaces: bool,
    span: Span,
) {
    let text = |name: &str| parsed.get(name).and_then(serde_json::Value::as_str).map(|text| Datum::string(text, span));
    for (slot, found) in [(id, text("Id")), (version, text("Version"))] {
        if slot.is_none() || (replaces && found.is_some()) {
            *slot = found.or_else(|| slot.take());
        }
    }
    let statements = match parsed.get("Statement") {
        Some(serde_json::Value::Array(items)) => items.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    for statement in statements {
        add(merged, json_text::Node::from_json(statement, span), replaces);
    }
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
            parts.push((written, one_or_sorted(values, span)));
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
        match entries.get("identifiers") {
            Some(values) => match values.items() {
                Some(items) => by_type.entry(of.into()).or_default().extend(items.iter().cloned()),
                None => by_type.entry(of.into()).or_default().push(values.clone()),
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
        match values.items() {
            Some(items) => list.extend(items.iter().cloned()),
            None => list.push(values.clone()),
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
