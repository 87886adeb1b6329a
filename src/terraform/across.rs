//! Joins root modules: what one of them gives to others through its state, through SSM parameters and by the names of its
//! resources.

use super::backend::StateName;
use super::configuration::Library;
use super::foreign::Shape;
use super::lookup::{self, Place, Tags, Wanted};
use super::stack::Root;
use crate::resource::{Existence, Mode, Resource, Stack};
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Roots that read from roots that read from roots: after this many rounds the values are taken as they are.
pub(crate) const MOST_ROUNDS: usize = 6;

type Outputs = BTreeMap<Arc<str>, (Value, Shape)>;

/// What each root gives. Where two give the same name in what may be one place, nobody knows whose is read.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Shared {
    /// `None` where two write the same state.
    states: BTreeMap<StateName, Option<Arc<str>>>,
    outputs: BTreeMap<Arc<str>, Outputs>,
    /// What has a name, by its type.
    named: BTreeMap<(&'static str, String), Vec<Offer>>,
    /// Names of hosted zones by stack and address.
    zones: BTreeMap<(Arc<str>, Arc<str>), Value>,
    /// Where parameters of unknown names may write over others.
    overwriting: Vec<Place>,
    /// Tags of resources by their type.
    tagged: BTreeMap<&'static str, Vec<(Tags, Offer)>>,
}

/// What stands in a place under a name; `None` where it is not certain.
type Offer = (Place, Option<Given>);

const PARAMETER: &str = "aws_ssm_parameter";

/// Something that a stack has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub(crate) stack: Arc<str>,
    pub(crate) address: Arc<str>,
    /// What a parameter holds; null for a resource as such.
    pub(crate) value: Value,
}

impl Shared {
    /// `states` are the states that the stacks write, by the roots' ids.
    pub(crate) fn of(roots: &[Root], states: &BTreeMap<Arc<str>, StateName>, library: &Library<'_>) -> Self {
        let mut shared = Self::default();
        for Root { stack, shapes } in roots {
            if let Some(state) = states.get(&stack.id) {
                let id = Arc::clone(&stack.id);
                shared.states.entry(state.clone()).and_modify(|known| *known = None).or_insert(Some(id));
                let shape = |name: &Arc<str>| shapes.get(name).cloned().unwrap_or(Shape::Plain);
                let outputs = stack.outputs.iter();
                let outputs = outputs.map(|(name, value)| (Arc::clone(name), (value.clone(), shape(name))));
                shared.outputs.insert(Arc::clone(&stack.id), outputs.collect());
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
        let is_open = resource.is_region_open;
        let place = Place { account: resource.account.clone(), region: resource.region.clone(), is_open };
        if &*resource.type_name == PARAMETER {
            // Otherwise a parameter is not made where there is one of its name. Source: `overwrite` of `aws_ssm_parameter`.
            let overwrites =
                resource.get("overwrite").is_some_and(|value| !value.is_null() && value.as_bool() != Some(false));
            if overwrites && text("name").is_none() {
                self.overwriting.push(place.clone());
            }
            let value = ["value", "insecure_value"].iter().find_map(|name| Some((*name, resource.get(name)?.clone())));
            if let (Some(name), Some((attribute, value))) = (text("name"), value) {
                // Where others write the value, what the code says is only what it began with.
                let kept = !library.ignores_changes(resource.header, attribute);
                let offer = (place, given(value).filter(|_| kept));
                self.named.entry((PARAMETER, name)).or_default().push(offer);
            }
            return;
        }
        if let Some(name) = resource.get("name").filter(|_| &*resource.type_name == "aws_route53_zone") {
            self.zones.insert((Arc::clone(&stack.id), resource.address.shared()), name.clone());
        }
        let offer = (place, given(Value::null(resource.header)));
        if let Some(name) = lookup::name(resource) {
            self.named.entry(name).or_default().push(offer.clone());
        }
        if let Some((managed, tags)) = lookup::tags(resource) {
            self.tagged.entry(managed).or_default().push((tags, offer));
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

    /// The name of the hosted zone at `stack//address`, and the stack.
    pub(crate) fn zone(&self, address: &str) -> Option<(&Arc<str>, &Value)> {
        let (stack, address) = address.split_once("//")?;
        self.zones.get_key_value(&(stack.into(), address.into())).map(|((stack, _), name)| (stack, name))
    }

    pub(crate) fn parameter(&self, name: String, from: &Place) -> Option<&Given> {
        if self.overwriting.iter().any(|place| place.may_see(PARAMETER, from)) {
            return None;
        }
        self.found(&Wanted::Named(PARAMETER, name), from)
    }

    /// The one resource that a data source in the place `from` finds.
    pub(crate) fn found(&self, wanted: &Wanted, from: &Place) -> Option<&Given> {
        match wanted {
            Wanted::Named(managed, name) => {
                let offers = self.named.get(&(*managed, name.clone()))?;
                let mut seen = offers.iter().filter(|(place, _)| place.may_see(managed, from));
                let (place, given) = seen.next()?;
                given.as_ref().filter(|_| seen.next().is_none() && place.sees(managed, from))
            }
            Wanted::Tagged(managed, tags) => {
                let of_type = self.tagged.get(managed)?.iter();
                let mut fitting =
                    of_type.filter(|(own, (place, _))| own.may_match(tags) && place.may_see(managed, from));
                let (own, (place, given)) = fitting.next()?;
                let is_it = fitting.next().is_none() && own.matches(tags) && place.sees(managed, from);
                given.as_ref().filter(|_| is_it)
            }
        }
    }

    /// Whether the stack reads what others may give.
    pub(crate) fn concerns(root: &Root) -> bool {
        let reads = |name: &str| matches!(name, "terraform_remote_state" | PARAMETER) || lookup::is_one(name);
        root.stack.resources.iter().any(|resource| resource.mode == Mode::Data && reads(&resource.type_name))
    }
}
