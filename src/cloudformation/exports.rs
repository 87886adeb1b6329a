//! Exports of the linted templates, for the imports of others.

use super::content::{has_unknown, same, subject};
use super::ledger::Ledger;
use super::scope::{Run, Scope};
use crate::source::Span;
use crate::value::{Kind, Reason, Value};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What the templates of a run export. Values are those of the templates' defaults.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    named: BTreeMap<String, Export>,
    /// Exports whose names only deployment can tell.
    patterns: Vec<(Value, Arc<str>)>,
}

#[derive(Debug)]
struct Export {
    value: Value,
    path: Arc<str>,
    /// Several templates export this name with different values.
    ambiguous: bool,
}

impl Exports {
    /// Evaluates the exporting outputs of all templates. Imports inside of them are not followed.
    pub(crate) fn collect(run: &Run<'_>) -> Self {
        let mut exports = Self::default();
        for template in run.templates.values() {
            let outputs = template.root.get("Outputs").map(|node| node.entries()).unwrap_or_default();
            if !outputs.iter().any(|output| output.value.get("Export").is_some()) {
                continue;
            }
            let scope = Scope::root(run, Rc::new(Ledger::default()), Arc::clone(template));
            for (name, output) in &scope.sections.outputs {
                let named = output.value.get("Export").and_then(|export| export.get("Name"));
                let name_value = named.and_then(|node| scope.eval(node, &scope.place.base));
                if let (Some(key), Some(value)) = (name_value, scope.output(name)) {
                    exports.add(key, value, &template.path);
                }
            }
        }
        exports
    }

    fn add(&mut self, name: Value, value: Value, path: &Arc<str>) {
        let Some(key) = name.as_text() else {
            if matches!(name.kind, Kind::Template(_)) {
                self.patterns.push((name, Arc::clone(path)));
            }
            return;
        };
        match self.named.get_mut(&key) {
            Some(known) => known.ambiguous |= !same(&known.value, &value),
            None => {
                self.named.insert(key, Export { value, path: Arc::clone(path), ambiguous: false });
            }
        }
    }

    /// The value behind a name. Known only where one template exports that very name with a constant.
    pub(crate) fn import(&self, name: &Value, path: &str, span: Span) -> Value {
        let what = format!("Fn::ImportValue {}", subject(name));
        let export = name.as_text().and_then(|name| self.named.get(&name));
        if let Some(export) = export.filter(|export| &*export.path != path) {
            if export.ambiguous || has_unknown(&export.value) {
                return Value::unknown(Reason::LookedUp, format!("{what} (exported by {})", export.path), span);
            }
            return export.value.clone().through(span);
        }
        let likely: Vec<&Arc<str>> =
            self.patterns.iter().filter(|(other, _)| may_match(name, other)).map(|(_, path)| path).collect();
        let what = match likely.as_slice() {
            [only] if &***only != path => format!("{what} (likely exported by {only})"),
            _ => what,
        };
        Value::unknown(Reason::LookedUp, what, span)
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
