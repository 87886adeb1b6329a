//! The parts of a plan that are read, as `terraform show -json` writes them. What is large stays text until it is needed, and
//! what isn't read is not kept.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A part that stays text, which takes a tenth of the room.
pub(super) type Raw = Option<Box<RawValue>>;

/// <https://developer.hashicorp.com/terraform/internals/json-format>
#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) format_version: String,
    pub(super) planned_values: Option<Values>,
    #[serde(default)]
    pub(super) resource_changes: Vec<Change>,
    #[serde(default)]
    pub(super) configuration: Configuration,
    #[serde(default)]
    pub(super) prior_state: State,
    /// `false` where something was left out, as with `-target`.
    pub(super) complete: Option<bool>,
    pub(super) errored: Option<bool>,
}

#[derive(Default, Deserialize)]
pub(super) struct Values {
    #[serde(default)]
    pub(super) outputs: BTreeMap<String, Output>,
    #[serde(default)]
    pub(super) root_module: Module,
}

#[derive(Deserialize)]
pub(super) struct Output {
    #[serde(default)]
    pub(super) sensitive: bool,
    /// Absent where only deployment can tell.
    pub(super) value: Raw,
}

#[derive(Default, Deserialize)]
pub(super) struct Module {
    #[serde(default)]
    pub(super) resources: Vec<Planned>,
    #[serde(default)]
    pub(super) child_modules: Vec<Self>,
}

#[derive(Deserialize)]
pub(super) struct Planned {
    pub(super) address: String,
    pub(super) mode: String,
    #[serde(rename = "type")]
    pub(super) type_name: String,
    pub(super) values: Raw,
    pub(super) sensitive_values: Raw,
}

#[derive(Deserialize)]
pub(super) struct Change {
    pub(super) address: String,
    /// The key of an old object that is to be destroyed.
    pub(super) deposed: Option<String>,
    pub(super) change: After,
}

#[derive(Deserialize)]
pub(super) struct After {
    pub(super) after_unknown: Raw,
}

#[derive(Default, Deserialize)]
pub(super) struct State {
    #[serde(default)]
    pub(super) values: Values,
}

#[derive(Default, Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    pub(super) root_module: Configured,
}

/// A module's code: which expressions refer to what, without their values.
#[derive(Default, Deserialize)]
pub(super) struct Configured {
    #[serde(default)]
    pub(super) resources: Vec<Declared>,
    #[serde(default)]
    pub(super) module_calls: BTreeMap<String, Call>,
    #[serde(default)]
    pub(super) outputs: BTreeMap<String, Returned>,
}

#[derive(Deserialize)]
pub(super) struct Declared {
    pub(super) address: String,
    pub(super) expressions: Raw,
    pub(super) for_each_expression: Raw,
}

#[derive(Deserialize)]
pub(super) struct Call {
    pub(super) expressions: Raw,
    pub(super) for_each_expression: Raw,
    #[serde(default)]
    pub(super) module: Configured,
}

#[derive(Deserialize)]
pub(super) struct Returned {
    pub(super) expression: Raw,
}

/// Parses a part that was kept as text.
pub(super) fn open(part: &Raw) -> serde_json::Value {
    part.as_ref().and_then(|part| serde_json::from_str(part.get()).ok()).unwrap_or_default()
}

impl Module {
    /// Calls `see` for every resource of this module and those below it.
    pub(super) fn each(&self, see: &mut dyn FnMut(&Planned)) {
        self.resources.iter().for_each(&mut *see);
        self.child_modules.iter().for_each(|module| module.each(see));
    }
}
