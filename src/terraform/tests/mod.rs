//! Small configurations through the whole front end.

mod across;
mod data;
mod faults;
mod identity;
mod json;
mod modules;
mod open;
mod states;
mod values;

use super::{Options, stacks};
use crate::resource::{Existence, Stack};
use crate::source::{Memory, Sources};
use crate::value::render;
use serde_json::{Value as Json, json};

struct Run {
    stacks: Vec<Stack>,
    sources: Sources,
}

fn run_with(files: &[(&str, &str)], options: &Options) -> Run {
    let memory: Memory = files.iter().copied().collect();
    let sources = Sources::new();
    let stacks = stacks(&memory.paths(), &memory, &sources, std::slice::from_ref(options)).concat();
    Run { stacks, sources }
}

fn run(files: &[(&str, &str)]) -> Run {
    run_with(files, &Options::default())
}

impl Run {
    fn get(&self, address: &str) -> Json {
        let resource = self.stacks[0].resources.iter().find(|resource| resource.address.as_str() == address);
        render(&resource.unwrap_or_else(|| panic!("no {address} in {:?}", self.addresses())).body)
    }

    fn addresses(&self) -> Vec<String> {
        let resources = &self.stacks[0].resources;
        resources
            .iter()
            .map(|resource| match &resource.exists {
                Existence::Certain => resource.address.to_string(),
                Existence::Conditional(when) => format!("{} when {}", resource.address, when.text()),
            })
            .collect()
    }

    fn problems(&self) -> Vec<String> {
        self.stacks[0]
            .problems
            .iter()
            .map(|problem| match problem.span {
                Some(span) => format!("{}: {}", self.sources.place(span), problem.message),
                None => problem.message.clone(),
            })
            .collect()
    }
}
