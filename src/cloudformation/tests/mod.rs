//! Small templates through the whole front end.

mod constructs;
mod faults;
mod sam;
mod stacks;
mod values;

use super::{Options, stacks};
use crate::resource::{Existence, Resource, Stack};
use crate::source::{Memory, Sources};
use crate::value::render;
use serde_json::{Value as Json, json};

fn run(files: &[(&str, &str)], options: &Options) -> (Sources, Vec<Stack>) {
    let memory: Memory = files.iter().copied().collect();
    let sources = Sources::new();
    let stacks = stacks(&memory.paths(), &memory, &sources, std::slice::from_ref(options)).concat();
    (sources, stacks)
}

fn only(text: &str) -> Stack {
    let (_, mut stacks) = run(&[("t.yaml", text)], &Options::default());
    assert_eq!(stacks.len(), 1);
    stacks.remove(0)
}

fn resource<'a>(stack: &'a Stack, address: &str) -> &'a Resource {
    stack.resources.iter().find(|resource| resource.address.as_str() == address).unwrap()
}

fn shown(stack: &Stack, address: &str, property: &str) -> Json {
    resource(stack, address).get(property).map_or(Json::Null, render)
}
