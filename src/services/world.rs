//! All resources of a workspace, found by type, by reference and by name.

use super::arn;
use super::read::Block;
use crate::diagnostic::Problem;
use crate::resource::{Index, Mode, Resource, Stack};
use crate::value::{Kind, Value};
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Index of a resource among all resources of the workspace, in the order of the stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(usize);

/// The types under which one kind of resource appears in the two languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types {
    pub terraform: &'static [&'static str],
    pub cloudformation: &'static [&'static str],
}

impl Types {
    pub fn holds(&self, type_name: &str) -> bool {
        self.terraform.contains(&type_name) || self.cloudformation.contains(&type_name)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.terraform.iter().chain(self.cloudformation).copied()
    }
}

/// Read-only view of every stack. Behind a stack's own resources stand those that a transform of its language would generate.
pub struct World<'a> {
    stacks: &'a [Stack],
    /// The position of each stack by its id.
    numbers: BTreeMap<&'a str, usize>,
    resources: Vec<(usize, &'a Resource)>,
    indexes: Vec<Index>,
    offsets: Vec<usize>,
    by_type: BTreeMap<&'a str, Vec<ResourceId>>,
    /// Resources by those of other stacks that they refer to.
    referrers_elsewhere: BTreeMap<ResourceId, Vec<ResourceId>>,
    by_type_in_stack: BTreeMap<(usize, &'a str), Vec<ResourceId>>,
    once: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
}

impl<'a> World<'a> {
    /// `generated` holds the generated resources of each stack, in the order of the stacks.
    pub fn new(stacks: &'a [Stack], generated: &'a [Vec<Resource>]) -> Self {
        let mut resources = Vec::new();
        let mut offsets = Vec::new();
        let mut indexes = Vec::new();
        let mut by_type: BTreeMap<&str, Vec<ResourceId>> = BTreeMap::new();
        let mut by_type_in_stack: BTreeMap<(usize, &str), Vec<ResourceId>> = BTreeMap::new();
        for (number, stack) in stacks.iter().enumerate() {
            offsets.push(resources.len());
            let more: &'a [Resource] = generated.get(number).map_or(&[], Vec::as_slice);
            let all = stack.resources.iter().chain(more);
            indexes.push(Index::new(all.clone()));
            for resource in all {
                let id = ResourceId(resources.len());
                by_type.entry(&resource.type_name).or_default().push(id);
                by_type_in_stack.entry((number, &resource.type_name)).or_default().push(id);
                resources.push((number, resource));
            }
        }
        let numbers = stacks.iter().enumerate().map(|(number, stack)| (&*stack.id, number)).collect();
        let mut world = Self {
            stacks,
            numbers,
            resources,
            indexes,
            offsets,
            by_type,
            referrers_elsewhere: BTreeMap::new(),
            by_type_in_stack,
            once: RefCell::default(),
        };
        world.referrers_elsewhere = world.references_across();
        world
    }

    /// What a service works out of all resources, made once; its type tells it from what others do.
    pub fn once<T: Default + 'static>(&self) -> Rc<T> {
        let mut all = self.once.borrow_mut();
        let kept = all.entry(TypeId::of::<T>()).or_insert_with(|| Rc::new(T::default()));
        Rc::clone(kept).downcast().unwrap_or_default()
    }

    fn references_across(&self) -> BTreeMap<ResourceId, Vec<ResourceId>> {
        let mut found: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
        for (position, (_, resource)) in self.resources.iter().enumerate() {
            for reference in resource.body.points_to() {
                if let Some(target) = self.elsewhere(&reference.target) {
                    let from = found.entry(target).or_default();
                    if from.last() != Some(&ResourceId(position)) {
                        from.push(ResourceId(position));
                    }
                }
            }
        }
        found
    }

    /// The resource that `stack//address` names.
    fn elsewhere(&self, address: &str) -> Option<ResourceId> {
        let (stack, address) = address.split_once("//")?;
        let stack = *self.numbers.get(stack)?;
        let position = self.indexes.get(stack)?.find(address)?;
        Some(ResourceId(self.offsets.get(stack)? + position))
    }

    pub fn resource(&self, id: ResourceId) -> &'a Resource {
        self.resources[id.0].1
    }

    /// Whether the resource is of a kind and set up by this code, and not looked up.
    pub fn declares(&self, id: ResourceId, types: Types) -> bool {
        let resource = self.resource(id);
        resource.mode == Mode::Managed && types.holds(&resource.type_name)
    }

    /// The resources of a kind that this code sets up, in workspace order.
    pub fn declared(&self, types: Types) -> Vec<ResourceId> {
        let mut all = self.of_types(types);
        all.retain(|id| self.resource(*id).mode == Mode::Managed);
        all
    }

    pub fn stack_of(&self, id: ResourceId) -> &'a Stack {
        &self.stacks[self.resources[id.0].0]
    }

    /// The first problem of the stack with that id behind which resources may be missing.
    pub fn blind_spot(&self, stack: &str) -> Option<&'a Problem> {
        let number = self.numbers.get(stack)?;
        self.stacks.get(*number)?.problems.iter().find(|problem| problem.hides_code())
    }

    pub fn address(&self, id: ResourceId) -> Arc<str> {
        self.resource(id).address.shared()
    }

    /// Whether nothing that the code says of accounts, and unless they are `global` of Regions, keeps two resources apart.
    pub fn may_share_place(&self, one: ResourceId, other: ResourceId, global: bool) -> bool {
        let one = self.resource(one);
        self.may_be_in(other, one.region.as_deref().filter(|_| !global), one.account.as_deref())
    }

    /// Whether nothing that the code says keeps a resource out of a Region and an account.
    pub fn may_be_in(&self, id: ResourceId, region: Option<&str>, account: Option<&str>) -> bool {
        let resource = self.resource(id);
        let agree = |own: Option<&str>, other: Option<&str>| own.is_none() || other.is_none() || own == other;
        agree(resource.region.as_deref(), region) && agree(resource.account.as_deref(), account)
    }

    /// Whether nothing that the code says speaks against the resource being the one of the ARN.
    pub fn may_be_called(&self, id: ResourceId, arn: &str) -> bool {
        let (region, account) = arn::place(arn);
        self.may_be_in(id, region, account)
    }

    /// The resource's arguments.
    pub fn block(&self, id: ResourceId) -> Block<'a> {
        let resource = self.resource(id);
        Block { id, owner: resource, value: &resource.body, when: None }
    }

    /// All resources of a kind, in workspace order.
    pub fn of_types(&self, types: Types) -> Vec<ResourceId> {
        let mut found: Vec<_> = types.names().filter_map(|name| self.by_type.get(name)).flatten().copied().collect();
        found.sort_unstable();
        found
    }

    /// All resources of types that end so, in workspace order.
    pub fn ending_with(&self, end: &str) -> Vec<ResourceId> {
        let of_type = self.by_type.iter().filter(|(name, _)| name.ends_with(end));
        let mut found: Vec<_> = of_type.flat_map(|(_, ids)| ids).copied().collect();
        found.sort_unstable();
        found
    }

    /// The resource at `address` in the stack of `from`, or at `stack//address` in another.
    pub fn find(&self, from: ResourceId, address: &str) -> Option<ResourceId> {
        let stack = self.resources[from.0].0;
        match self.indexes[stack].find(address) {
            Some(position) => Some(ResourceId(self.offsets[stack] + position)),
            None => self.elsewhere(address),
        }
    }

    /// Resources of a kind that refer to `target` anywhere in their arguments.
    pub fn referrers(&self, target: ResourceId, types: Types) -> Vec<ResourceId> {
        self.referrers_that(target, |id| types.holds(&self.resource(id).type_name))
    }

    /// Resources that refer to `target` anywhere in their arguments, as far as they are wanted.
    pub fn referrers_that(&self, target: ResourceId, wanted: impl Fn(ResourceId) -> bool) -> Vec<ResourceId> {
        let stack = self.resources[target.0].0;
        let offset = self.offsets[stack];
        let positions = self.indexes[stack].referrers(target.0 - offset);
        let elsewhere = self.referrers_elsewhere.get(&target).into_iter().flatten().copied();
        let ids = positions.iter().map(|position| ResourceId(offset + position)).chain(elsewhere);
        ids.filter(|id| wanted(*id)).collect()
    }

    /// Resources of a kind that refer to `target` anywhere in their arguments, or that hold its name in one of
    /// `attributes`; `names` are the attributes in which the target says its name.
    ///
    /// Terraform knows such a name before the resource exists, so that a reference to it comes out as text.
    pub fn pointers(&self, target: ResourceId, names: &[&str], types: Types, attributes: &[&str]) -> Vec<ResourceId> {
        let mut found = self.referrers(target, types);
        let own = names.iter().filter_map(|name| self.resource(target).get(name).and_then(Value::as_str));
        for name in own.filter(|name| !name.is_empty()) {
            found.extend(self.named(target, types, attributes, name));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Resources of a kind in the stack of `from`, in stack order.
    pub fn beside(&self, from: ResourceId, types: Types) -> Vec<ResourceId> {
        let stack = self.resources[from.0].0;
        let of_type = |name| self.by_type_in_stack.get(&(stack, name));
        let mut found: Vec<_> = types.names().filter_map(of_type).flatten().copied().collect();
        found.sort_unstable();
        found
    }

    /// The resources that a resource points to, anywhere in its arguments: by reference, or by a known text that was read from
    /// an argument in which the other says what it is called.
    pub fn pointed_to(&self, from: ResourceId) -> BTreeSet<ResourceId> {
        const NAMES: [&str; 6] = ["id", "arn", "name", "bucket", "function_name", "identifier"];
        let body = &self.resource(from).body;
        let mut references = body.references();
        body.visit(&mut |value| {
            if matches!(value.kind, Kind::String(_) | Kind::Template(_)) {
                references.extend(value.origin.cut_from().iter().filter(|read| NAMES.contains(&&*read.attribute)));
            }
        });
        references.into_iter().filter_map(|reference| self.find(from, &reference.target)).collect()
    }

    /// Resources of a kind in the stack of `from` whose attribute (one of `attributes`) is the text `name`, or a list with
    /// it. The same name in another Region or account is another resource's.
    pub fn named(&self, from: ResourceId, types: Types, attributes: &[&str], name: &str) -> Vec<ResourceId> {
        let says = |value: &Value| match value.as_list() {
            Some(items) => items.iter().any(|item| item.as_str() == Some(name)),
            None => value.as_str() == Some(name),
        };
        let has_name = |id: &ResourceId| {
            let resource = self.resource(*id);
            attributes.iter().any(|attribute| resource.get(attribute).is_some_and(says))
        };
        let mut found = self.beside(from, types);
        found.retain(|id| has_name(id) && self.may_share_place(from, *id, false));
        found
    }
}
