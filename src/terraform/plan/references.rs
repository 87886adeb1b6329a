//! What an expression of the configuration refers to, followed through variables, outputs and repetitions to resources.

use super::document::{Configured, open};
use crate::resource::Address;
use crate::value::Reference;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// References that one expression leads to.
const MOST_FOUND: usize = 16;

/// Names that are followed for one expression.
const MOST_FOLLOWED: usize = 256;

/// Knows the configuration and which instances the plan has.
pub(super) struct References<'p> {
    root: &'p Configured,
    addresses: BTreeSet<&'p str>,
    /// Address without instance keys to the addresses with them.
    instances: BTreeMap<String, Vec<&'p str>>,
    /// Addresses of modules, each with a dot behind.
    modules: BTreeSet<&'p str>,
}

/// A module instance with the key of the block that an expression stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The module's address with a dot behind; empty for the root.
    pub(super) module: String,
    /// The address of the resource within the module, or `module.name` for a call, with the instance key.
    pub(super) block: String,
}

#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) references: Vec<Reference>,
    /// The first name that leads nowhere, such as a local value, of which a plan tells nothing.
    pub(super) lost: Option<String>,
}

impl<'p> References<'p> {
    pub(super) fn new(root: &'p Configured, addresses: impl Iterator<Item = &'p str>) -> Self {
        let addresses: BTreeSet<&str> = addresses.collect();
        let mut instances: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut modules = BTreeSet::new();
        for address in &addresses {
            instances.entry(Address::new(*address).without_keys()).or_default().push(address);
            let mut end = 0;
            for part in segments(address).chunks(2) {
                let [word, name] = part else { break };
                if *word != "module" {
                    break;
                }
                end += word.len() + name.len() + 2;
                modules.extend(address.get(..end));
            }
        }
        Self { root, addresses, instances, modules }
    }

    pub(super) fn holds(&self, address: &str) -> bool {
        self.addresses.contains(address)
    }

    /// The expressions of a resource's arguments.
    pub(super) fn expressions(&self, place: &Place) -> Json {
        let bare = Address::new(place.block.as_str()).without_keys();
        let declared =
            self.module(&place.module).and_then(|module| module.resources.iter().find(|it| it.address == bare));
        declared.map_or(Json::Null, |declared| open(&declared.expressions))
    }

    pub(super) fn output(&self, name: &str) -> Json {
        self.root.outputs.get(name).map_or(Json::Null, |output| open(&output.expression))
    }

    /// What all expressions in `node` refer to.
    pub(super) fn follow(&self, node: &Json, place: &Place) -> Found {
        let mut found = Found::default();
        self.follow_all(node, place, &mut BTreeSet::new(), &mut found);
        found
    }

    fn follow_all(&self, node: &Json, place: &Place, seen: &mut BTreeSet<(Place, String)>, found: &mut Found) {
        match node {
            Json::Array(items) => items.iter().for_each(|item| self.follow_all(item, place, seen, found)),
            Json::Object(entries) => match entries.get("references").and_then(Json::as_array) {
                Some(names) => {
                    let names: Vec<&str> = names.iter().filter_map(Json::as_str).collect();
                    let repeated = names.iter().any(|name| matches!(*name, "each.key" | "count.index"));
                    for name in specific(&names) {
                        if seen.len() < MOST_FOLLOWED && seen.insert((place.clone(), name.to_owned())) {
                            self.follow_name(name, repeated, place, seen, found);
                        }
                    }
                }
                None => entries.values().for_each(|item| self.follow_all(item, place, seen, found)),
            },
            _ => {}
        }
    }

    fn follow_name(
        &self,
        name: &str,
        repeated: bool,
        place: &Place,
        seen: &mut BTreeSet<(Place, String)>,
        found: &mut Found,
    ) {
        let parts = segments(name);
        match parts.as_slice() {
            ["var", variable, ..] => {
                let Some((parent, call)) = self.caller(&place.module) else { return };
                let variable = variable.split('[').next().unwrap_or(variable);
                let argument = open(&call.expressions).get(variable).cloned().unwrap_or_default();
                self.follow_all(&argument, &parent, seen, found);
            }
            ["each", "value", ..] => {
                let each = self.repetition(place);
                self.follow_all(&each, place, seen, found);
            }
            ["each" | "count" | "path" | "terraform", ..] => {}
            ["local", ..] | ["self", ..] => _ = found.lost.get_or_insert_with(|| format!("{}{name}", place.module)),
            ["module", called, output, ..] => {
                let output = output.split('[').next().unwrap_or(output);
                for module in self.called(&place.module, called) {
                    let value = self.module(&module).and_then(|module| module.outputs.get(output));
                    let inner = Place { module, block: String::new() };
                    let value = value.map_or(Json::Null, |value| open(&value.expression));
                    self.follow_all(&value, &inner, seen, found);
                }
            }
            ["module", ..] => {}
            ["data", type_name, name, attribute @ ..] => {
                self.resource(&format!("data.{type_name}.{name}"), attribute, repeated, place, found);
            }
            [type_name, name, attribute @ ..] => {
                self.resource(&format!("{type_name}.{name}"), attribute, repeated, place, found);
            }
            _ => {}
        }
    }

    /// Adds the instances that `address` may mean.
    fn resource(&self, address: &str, attribute: &[&str], repeated: bool, place: &Place, found: &mut Found) {
        let full = format!("{}{address}", place.module);
        let keyed = format!("{full}{}", key(&place.block));
        let targets: Vec<&str> = if self.holds(&full) {
            vec![full.as_str()]
        } else if repeated && self.holds(&keyed) {
            vec![keyed.as_str()]
        } else {
            let all = self.instances.get(&Address::new(full.as_str()).without_keys()).map_or(&[][..], Vec::as_slice);
            let of_module = all.iter().copied().filter(|instance| instance.starts_with(&place.module));
            let instances: Vec<&str> = of_module.collect();
            if instances.is_empty() { vec![full.as_str()] } else { instances }
        };
        let attribute = attribute.join(".");
        for target in targets {
            if found.references.len() < MOST_FOUND {
                found.references.push(Reference::new(target, attribute.as_str()));
            }
        }
    }

    fn module(&self, address: &str) -> Option<&'p Configured> {
        let mut module = self.root;
        for part in segments(address.trim_end_matches('.')).chunks(2) {
            let [_, name] = part else { return Some(module) };
            module = &module.module_calls.get(name.split('[').next()?)?.module;
        }
        Some(module)
    }

    /// The call that leads to a module, and where it stands.
    fn caller(&self, module: &str) -> Option<(Place, &'p super::document::Call)> {
        let parts = segments(module.trim_end_matches('.'));
        let (called, above) = parts.split_last()?;
        let above = above.split_last().map_or(&[][..], |(_, above)| above);
        let parent = if above.is_empty() { String::new() } else { format!("{}.", above.join(".")) };
        let call = self.module(&parent)?.module_calls.get(called.split('[').next()?)?;
        Some((Place { module: parent, block: format!("module.{called}") }, call))
    }

    /// The addresses of the instances that a reference to a called module means.
    fn called(&self, parent: &str, called: &str) -> Vec<String> {
        let exact = format!("{parent}module.{called}.");
        let start = format!("{parent}module.{called}[");
        if self.modules.contains(exact.as_str()) {
            return vec![exact];
        }
        let level = segments(&exact).len();
        let below = self.modules.iter().filter(|module| module.starts_with(&start) && segments(module).len() == level);
        let instances: Vec<String> = below.take(MOST_FOUND).map(|module| (*module).to_owned()).collect();
        if instances.is_empty() { vec![exact] } else { instances }
    }

    /// The `for_each` of the block at `place`.
    fn repetition(&self, place: &Place) -> Json {
        let Some(module) = self.module(&place.module) else { return Json::Null };
        let bare = Address::new(place.block.as_str()).without_keys();
        let each = match bare.strip_prefix("module.") {
            Some(name) => module.module_calls.get(name).map(|call| &call.for_each_expression),
            None => module.resources.iter().find(|it| it.address == bare).map(|it| &it.for_each_expression),
        };
        each.map_or(Json::Null, open)
    }
}

/// The instance key at the end of an address, brackets included.
fn key(block: &str) -> &str {
    if !block.ends_with(']') {
        return "";
    }
    block.find('[').and_then(|at| block.get(at..)).unwrap_or("")
}

/// Terraform names each prefix of a reference too; only the longest says what is meant.
fn specific<'n>(names: &[&'n str]) -> Vec<&'n str> {
    let extends = |longer: &str, name: &str| longer.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', '[']));
    names.iter().filter(|name| !names.iter().any(|other| extends(other, name))).copied().collect()
}

/// The parts of an address or reference between dots; a key in brackets belongs to the part before it.
pub(super) fn segments(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped, mut depth) = (0, false, false, 0_u32);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '.' if !quoted && depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

/// The module instance that an address lies in, and the address within it.
pub(super) fn place(address: &str) -> Place {
    let parts = segments(address);
    let calls = parts.chunks(2).take_while(|part| matches!(part, ["module", _])).count() * 2;
    let (module, block) = parts.split_at(calls);
    let module = if module.is_empty() { String::new() } else { format!("{}.", module.join(".")) };
    Place { module, block: block.join(".") }
}
