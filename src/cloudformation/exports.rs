//! Exports of the linted templates, for the imports of others.

use super::content::{has_unknown, same, subject};
use super::ledger::Ledger;
use super::scope::{Run, Scope};
use super::template::Template;
use crate::source::Span;
use crate::value::{Branch, Kind, Origin, Reason, Value, When};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What the templates of a run export. Values are those of the templates' defaults.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    named: BTreeMap<String, Export>,
    /// Exports whose names only deployment can tell.
    patterns: Vec<(Value, Export)>,
}

#[derive(Clone, Debug)]
struct Export {
    value: Value,
    path: Arc<str>,
    /// Whether the template is a stack of its own: what another one calls has names and parameters from there.
    is_root: bool,
    /// Several templates export this name with different values.
    ambiguous: bool,
}

impl Exports {
    /// Evaluates the exporting outputs of all templates. Imports inside of them are not followed.
    pub(crate) fn collect(run: &Run<'_>, roots: &[Arc<Template>]) -> Self {
        let mut exports = Self::default();
        for template in run.templates.values() {
            let outputs = template.root.get("Outputs").map(|node| node.entries()).unwrap_or_default();
            if !outputs.iter().any(|output| output.value.get("Export").is_some()) {
                continue;
            }
            let scope = Scope::root(run, Rc::new(Ledger::default()), Arc::clone(template));
            let is_root = roots.iter().any(|root| root.path == template.path);
            for (name, output) in &scope.sections.outputs {
                let named = output.value.get("Export").and_then(|export| export.get("Name"));
                let name_value = named.and_then(|node| scope.eval(node, &scope.place.base));
                if let (Some(key), Some(value)) = (name_value, scope.output(name)) {
                    exports.add(key, Export { value, path: Arc::clone(&template.path), is_root, ambiguous: false });
                }
            }
        }
        exports
    }

    fn add(&mut self, name: Value, export: Export) {
        let Some(key) = name.as_text() else {
            if matches!(name.kind, Kind::Template(_)) {
                self.patterns.push((name, export));
            }
            return;
        };
        match self.named.get_mut(&key) {
            Some(known) => known.ambiguous |= !same(&known.value, &export.value),
            None => {
                self.named.insert(key, export);
            }
        }
    }

    /// The value behind a name. Known where one template exports that very name; where the name of one export may be the
    /// same, as that of a stack with a name that nobody knows, it is one of two.
    pub(crate) fn import(&self, name: &Value, path: &str, span: Span) -> Value {
        let what = format!("Fn::ImportValue {}", subject(name));
        let unknown = |likely: Option<&Export>| {
            let path = likely.map(|export| Arc::clone(&export.path));
            Value::unknown(Reason::Exported(path), what.clone(), span)
        };
        let export = name.as_text().and_then(|name| self.named.get(&name));
        if let Some(export) = export.filter(|export| &*export.path != path) {
            return export.seen(span).unwrap_or_else(|| unknown(Some(export)));
        }
        let mut likely = self.patterns.iter().filter(|(other, _)| may_match(name, other));
        let (Some((pattern, export)), None) = (likely.next(), likely.next()) else { return unknown(None) };
        if &*export.path == path {
            return unknown(None);
        }
        let Some(value) = export.seen(span) else { return unknown(Some(export)) };
        let when = When::atom(format!("{} is the stack of {}", start(name, pattern), export.path));
        let other = Branch { when: Some(when.negated()), value: unknown(Some(export)) };
        let branches = vec![Branch { when: Some(when), value }, other];
        Value::new(Kind::Choice(Arc::new(branches)), Origin::at(span))
    }
}

impl Export {
    /// The value as other stacks see it; `None` where it is not known what it is there.
    fn seen(&self, span: Span) -> Option<Value> {
        let known = !self.ambiguous && (self.is_root || !has_unknown(&self.value));
        known.then(|| self.value.from_stack(&self.path).through(span))
    }
}

/// What stands in a name before the end that it shares with the name of an export.
fn start(name: &Value, pattern: &Value) -> String {
    let (_, end) = ends(pattern);
    match &name.kind {
        Kind::Template(parts) => {
            let before = parts.split_last().map_or(&[][..], |(_, before)| before);
            before.iter().map(subject).collect()
        }
        _ => name.as_text().map_or_else(String::new, |text| text.strip_suffix(&end).unwrap_or(&text).to_owned()),
    }
}

/// The texts that a value surely begins and ends with.
fn ends(value: &Value) -> (String, String) {
    match &value.kind {
        Kind::Template(parts) => {
            let first = parts.first().and_then(Value::as_text).unwrap_or_default();
            let last = parts.last().and_then(Value::as_text).unwrap_or_default();
            (first, last)
        }
        _ => {
            let text = value.as_text().unwrap_or_default();
            (text.clone(), text)
        }
    }
}

/// Whether two names can be the same, with enough known of both to say so.
fn may_match(first: &Value, second: &Value) -> bool {
    let ((start, end), (other_start, other_end)) = (ends(first), ends(second));
    let starts = start.starts_with(&other_start) || other_start.starts_with(&start);
    let stops = end.ends_with(&other_end) || other_end.ends_with(&end);
    let known = end.len().min(other_end.len()).max(start.len().min(other_start.len()));
    starts && stops && known >= 3
}
