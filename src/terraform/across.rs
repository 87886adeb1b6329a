//! Joins root modules: what one of them gives to others through its state, through SSM parameters and by the names of its
//! resources.

use super::backend::StateName;
use super::configuration::Library;
use super::lookup::{self, Tags, Wanted};
use crate::resource::{Existence, Mode, Resource, Stack};
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Roots that read from roots that read from roots: after this many rounds the values are taken as they are.
pub(crate) const MOST_ROUNDS: usize = 6;

type Outputs = BTreeMap<Arc<str>, Value>;

/// What each root gives. Where two give the same name, nobody knows whose is read: `None`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Shared {
    states: BTreeMap<StateName, Option<Arc<str>>>,
    outputs: BTreeMap<Arc<str>, Outputs>,
    parameters: BTreeMap<String, Option<Given>>,
    named: BTreeMap<(&'static str, String), Option<Given>>,
    /// Tags of resources by their type.
    tagged: BTreeMap<&'static str, Vec<(Tags, Option<Given>)>>,
}

/// Something that a stack has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub(crate) stack: Arc<str>,
    pub(crate) address: Arc<str>,
    /// What a parameter holds; null for a resource as such.
    pub(crate) value: Value,
}

impl Shared {
    /// `states` are the states that the stacks write, by the stacks' ids.
    pub(crate) fn of(stacks: &[Stack], states: &BTreeMap<Arc<str>, StateName>, library: &Library<'_>) -> Self {
        let mut shared = Self::default();
        for stack in stacks {
            if let Some(state) = states.get(&stack.id) {
                let id = Arc::clone(&stack.id);
                shared.states.entry(state.clone()).and_modify(|known| *known = None).or_insert(Some(id));
                shared.outputs.insert(Arc::clone(&stack.id), stack.outputs.clone());
            }
            for resource in stack.resources.iter().filter(|resource| resource.mode == Mode::Managed) {
                shared.add(stack, resource, library);
            }
        }
        shared
    }

    fn add(&mut self, stack: &Stack, resource: &Resource, library: &Library<'_>) {
        let text = |attribute: &str| resource.get(attribute).and_then(Value::as_text).filter(|text| !text.is_empty());
        // What may not exist is not surely what is read, and takes the name all the same.
        let certain = resource.exists == Existence::Certain;
        let given = |value: Value| {
            certain.then(|| Given { stack: Arc::clone(&stack.id), address: resource.address.shared(), value })
        };
        if &*resource.type_name == "aws_ssm_parameter" {
            let value = ["value", "insecure_value"].iter().find_map(|name| Some((*name, resource.get(name)?.clone())));
            if let (Some(name), Some((attribute, value))) = (text("name"), value) {
                // Where others write the value, what the code says is only what it began with.
                let kept = !library.ignores_changes(resource.header, attribute);
                let entry = self.parameters.entry(name).and_modify(|known| *known = None);
                entry.or_insert_with(|| given(value).filter(|_| kept));
            }
            return;
        }
        let own = || given(Value::null(resource.header));
        if let Some(name) = lookup::name(resource) {
            self.named.entry(name).and_modify(|known| *known = None).or_insert_with(own);
        }
        if let Some((managed, tags)) = lookup::tags(resource) {
            self.tagged.entry(managed).or_default().push((tags, own()));
        }
    }

    /// Whether nothing is known of other roots yet.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The outputs in a state, and the stack that writes it.
    pub(crate) fn outputs(&self, state: &str) -> Option<(&Arc<str>, &Outputs)> {
        let stack = self.states.get(state)?.as_ref()?;
        Some((stack, self.outputs.get(stack)?))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Given> {
        self.parameters.get(name)?.as_ref()
    }

    /// The one resource that a data source finds.
    pub(crate) fn found(&self, wanted: &Wanted) -> Option<&Given> {
        match wanted {
            Wanted::Named(managed, name) => self.named.get(&(*managed, name.clone()))?.as_ref(),
            Wanted::Tagged(managed, tags) => {
                let mut fitting = self.tagged.get(managed)?.iter().filter(|(own, _)| own.may_match(tags));
                let (own, given) = fitting.next()?;
                given.as_ref().filter(|_| fitting.next().is_none() && own.matches(tags))
            }
        }
    }

    /// Whether the stack reads what others may give.
    pub(crate) fn concerns(stack: &Stack) -> bool {
        let reads = |name: &str| matches!(name, "terraform_remote_state" | "aws_ssm_parameter") || lookup::is_one(name);
        stack.resources.iter().any(|resource| resource.mode == Mode::Data && reads(&resource.type_name))
    }
}
