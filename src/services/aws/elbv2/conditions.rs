//! Conditions of listener rules: which requests a rule is for. They are shown; only a rule for all requests makes a difference,
//! because a claim is about all of them.

use crate::model::Evidence;
use crate::services::read::{Alternative, Block, Child, Field, field};
use crate::value::secret::Text;

const CONDITIONS: Field = field("condition", "Conditions");
const PRIORITY: Field = field("priority", "Priority");
const PATH: Field = field("path_pattern", "PathPatternConfig");
const VALUES: Field = field("values", "Values");

/// CloudFormation's short form: the field's name beside its values.
const FIELD: Field = field("-", "Field");
const SHORT_VALUES: Field = field("-", "Values");

const KINDS: [(Field, &str); 5] = [
    (field("host_header", "HostHeaderConfig"), "host"),
    (PATH, "path"),
    (field("http_request_method", "HttpRequestMethodConfig"), "method"),
    (field("source_ip", "SourceIpConfig"), "source"),
    (field("http_header", "HttpHeaderConfig"), "header"),
];

/// The rule's conditions and its priority: "host api.example.com, path /v1/*; priority 10".
pub(super) fn requests(rule: &Block<'_>) -> Option<Evidence> {
    let mut parts = Vec::new();
    for condition in rule.known_blocks(CONDITIONS) {
        for (kind, name) in KINDS {
            parts.extend(condition.known_blocks(kind).iter().filter_map(|config| told(name, config, VALUES)));
        }
        match condition.text(FIELD).as_deref() {
            Some("host-header") => parts.extend(told("host", &condition, SHORT_VALUES)),
            Some("path-pattern") => parts.extend(told("path", &condition, SHORT_VALUES)),
            _ => {}
        }
    }
    parts.dedup();
    let priority = rule.text(PRIORITY).map(|priority| format!("priority {priority}"));
    let text = [Some(parts.join(", ")).filter(|text| !text.is_empty()), priority];
    let text: Vec<String> = text.into_iter().flatten().collect();
    (!text.is_empty()).then(|| Evidence::selecting(text.join("; "), rule.place()))
}

/// Whether a rule takes every request, so that none is left for the listener's own actions: its one condition is a pattern
/// that every path matches. Source: "Condition types for listener rules", path conditions.
pub(super) fn takes_all(rule: &Block<'_>) -> bool {
    let conditions = rule.children(CONDITIONS);
    let [Alternative { when: None, value: Child::Block(condition) }] = conditions.as_slice() else { return false };
    let on_path = condition.text(FIELD).is_some_and(|kind| kind == "path-pattern");
    let holders = condition.known_block(PATH).into_iter().map(|holder| (holder, VALUES));
    let holders = holders.chain(on_path.then(|| (condition.clone(), SHORT_VALUES)));
    let certain = holders.filter(|(holder, _)| holder.when.is_none());
    let patterns: Vec<_> = certain.filter_map(|(holder, values)| holder.get(values)?.as_list()).flatten().collect();
    patterns.iter().any(|pattern| matches!(pattern.as_str(), Some("*" | "/*")))
}

fn told(name: &str, config: &Block<'_>, values: Field) -> Option<String> {
    let values = config.get(values)?.as_list()?;
    let values: Vec<String> =
        values.iter().map(|value| Text::of(value).map_or_else(|| "?".to_owned(), String::from)).collect();
    (!values.is_empty()).then(|| format!("{name} {}", values.join(" or ")))
}
