//! The parts of a plan that are read, as `terraform show -json` writes them. What is large stays text until it is needed.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// <https://developer.hashicorp.com/terraform/internals/json-format>
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(default)]
    pub(super) format_version: String,
    #[serde(borrow)]
    pub(super) planned_values: Option<Values<'a>>,
    #[serde(borrow, default)]
    pub(super) resource_changes: Vec<Change<'a>>,
    #[serde(borrow, default)]
    pub(super) configuration: Configuration<'a>,
    #[serde(borrow, default)]
    pub(super) prior_state: State<'a>,
    /// `false` where something was left out, as with `-target`.
    pub(super) complete: Option<bool>,
    pub(super) errored: Option<bool>,
}

#[derive(Default, Deserialize)]
pub(super) struct Values<'a> {
    #[serde(borrow, default)]
    pub(super) outputs: BTreeMap<String, Output<'a>>,
    #[serde(borrow, default)]
    pub(super) root_module: Module<'a>,
}

#[derive(Deserialize)]
pub(super) struct Output<'a> {
    #[serde(default)]
    pub(super) sensitive: bool,
    /// Absent where only deployment can tell.
    #[serde(borrow)]
    pub(super) value: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
pub(super) struct Module<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Vec<Planned<'a>>,
    #[serde(borrow, default)]
    pub(super) child_modules: Vec<Self>,
}

#[derive(Deserialize)]
pub(super) struct Planned<'a> {
    pub(super) address: String,
    pub(super) mode: String,
    #[serde(rename = "type")]
    pub(super) type_name: String,
    #[serde(borrow)]
    pub(super) values: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) sensitive_values: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Change<'a> {
    pub(super) address: String,
    /// The key of an old object that is to be destroyed.
    pub(super) deposed: Option<String>,
    #[serde(borrow)]
    pub(super) change: After<'a>,
}

#[derive(Deserialize)]
pub(super) struct After<'a> {
    #[serde(borrow)]
    pub(super) after_unknown: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
pub(super) struct State<'a> {
    #[serde(borrow, default)]
    pub(super) values: Values<'a>,
}

#[derive(Default, Deserialize)]
pub(super) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(super) root_module: Configured<'a>,
}

/// A module's code: which expressions refer to what, without their values.
#[derive(Default, Deserialize)]
pub(super) struct Configured<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Vec<Declared<'a>>,
    #[serde(borrow, default)]
    pub(super) module_calls: BTreeMap<String, Call<'a>>,
    #[serde(borrow, default)]
    pub(super) outputs: BTreeMap<String, Returned<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Declared<'a> {
    pub(super) address: String,
    #[serde(borrow)]
    pub(super) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) for_each_expression: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Call<'a> {
    #[serde(borrow)]
    pub(super) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) for_each_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) module: Configured<'a>,
}

#[derive(Deserialize)]
pub(super) struct Returned<'a> {
    #[serde(borrow)]
    pub(super) expression: Option<&'a RawValue>,
}

/// Parses a part that was kept as text.
pub(super) fn open(part: Option<&RawValue>) -> serde_json::Value {
    part.and_then(|part| serde_json::from_str(part.get()).ok()).unwrap_or_default()
}

impl<'a> Module<'a> {
    /// Calls `see` for every resource of this module and those below it.
    pub(super) fn each(&self, see: &mut dyn FnMut(&Planned<'a>)) {
        self.resources.iter().for_each(&mut *see);
        self.child_modules.iter().for_each(|module| module.each(see));
    }
}
