//! Where logs of the requests go, and what they hold.

use crate::model::{Companion, Evidence};
use crate::services::read::{Block, Field, field};
use crate::value::Value;

/// Blocks that send logs somewhere, by the start of their names; before version 1 of the provider by their ends.
const LOGGING: &str = "logging_";
const OLD_LOGGING: &str = "logging";
const OTHER_LOGGING: [&str; 5] = ["logentries", "papertrail", "splunk", "sumologic", "syslog"];
const FORMAT: Field = field("format", "-");
/// What a log format names of a request besides its address: headers (VCL's and Apache's way), cookies, the body.
const CONTENTS: [&str; 4] = ["req.http.", "req.body", "}i", "}C"];

/// Whoever receives the logs sees what the log format names: by default the request's address and no more.
pub(super) fn readers(block: &Block<'_>) -> Vec<Companion> {
    let is_log = |name: &str| name.starts_with(LOGGING) || name.ends_with(OLD_LOGGING) || OTHER_LOGGING.contains(&name);
    let entries = block.value.as_object().into_iter().flatten();
    let sinks = entries.filter(|(name, value)| is_log(name) && has_blocks(value));
    let companion = |(name, value): (&std::sync::Arc<str>, &Value)| {
        let evidence = Evidence::new(name.to_string(), "logs of the requests go there", value.span());
        let certain = names_contents(block, value) && block.owner.exists.when().is_none();
        Companion::inside(format!("whoever receives {name}"), evidence, certain)
    };
    sinks.map(companion).collect()
}

fn has_blocks(value: &Value) -> bool {
    !value.is_null() && value.as_list().is_none_or(|items| !items.is_empty())
}

fn names_contents(service: &Block<'_>, value: &Value) -> bool {
    let blocks = value.as_list().unwrap_or(std::slice::from_ref(value));
    let formats = blocks.iter().filter_map(|block| service.of(block).get(FORMAT).and_then(Value::as_str));
    formats.into_iter().any(|format| CONTENTS.iter().any(|part| format.contains(part)))
}
