//! Task definitions: what containers are told, and the ports that have names.

use crate::services::document;
use crate::services::read::{Block, Field, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::secret::Text;
use crate::value::{Kind, Value, When};

pub(in crate::services::aws) const TASK: Types =
    Types { terraform: &["aws_ecs_task_definition"], cloudformation: &["AWS::ECS::TaskDefinition"] };

const ITSELF: Field = field("", "");
pub(in crate::services::aws) const TASK_DEFINITION: Field = field("task_definition", "TaskDefinition");
pub(super) const CONTAINERS: Field = field("container_definitions", "ContainerDefinitions");
/// The role of the application in the containers.
pub(in crate::services::aws) const TASK_ROLE: Field = field("task_role_arn", "TaskRoleArn");
/// The role of the agent that starts them and hands them their secrets.
pub(in crate::services::aws) const EXECUTION_ROLE: Field = field("execution_role_arn", "ExecutionRoleArn");
const PORT_MAPPINGS: Field = field("portMappings", "PortMappings");
const PORT_NAME: Field = field("name", "Name");
const CONTAINER_PORT: Field = field("containerPort", "ContainerPort");
const ENVIRONMENT: Field = field("environment", "Environment");
const VARIABLE_NAME: Field = field("name", "Name");
const VARIABLE: Field = field("value", "Value");

/// ECS takes task definitions of 64 KiB at the most; larger texts are none.
const LARGEST_DEFINITION: usize = 128 * 1024;

/// What a container finds in its environment.
pub(in crate::services::aws) struct Variable {
    /// `None` where the definitions cannot be read: they count as one value then.
    pub name: Option<Text>,
    pub when: Option<When>,
    pub value: Value,
}

/// The task definitions that a service or a task set runs: by reference, or by family and revision.
pub(super) fn definitions<'a>(world: &World<'a>, runner: &Block<'a>) -> Vec<Block<'a>> {
    let mut found: Vec<Block<'a>> = Vec::new();
    for (when, written) in runner.values(TASK_DEFINITION) {
        for id in tasks(world, runner.id, written.value) {
            if !found.iter().any(|known| known.id == id && known.when == when) {
                found.push(world.block(id).given(when.as_ref()));
            }
        }
    }
    found
}

fn tasks(world: &World<'_>, from: ResourceId, written: &Value) -> Vec<ResourceId> {
    if let Some(text) = written.as_str() {
        let family = text.rsplit_once('/').map_or(text, |(_, family)| family);
        let family = family.split(':').next().unwrap_or(family);
        return world.named(from, TASK, &["family", "Family"], family);
    }
    let targets = written.references().into_iter().filter_map(|reference| world.find(from, &reference.target));
    targets.filter(|id| TASK.holds(&world.resource(*id).type_name)).collect()
}

/// The container definitions that a service or a task set runs, as they are written.
pub(in crate::services::aws) fn texts<'a>(world: &World<'a>, runner: &Block<'a>) -> Vec<Block<'a>> {
    let definitions = definitions(world, runner);
    definitions.iter().flat_map(|task| task.values(CONTAINERS)).map(|(_, text)| text).collect()
}

/// Calls `see` for each container that a text of definitions describes. False where the text cannot be read.
fn see_containers(text: &Block<'_>, see: &mut dyn FnMut(&Block<'_>)) -> bool {
    if length(text.value) > LARGEST_DEFINITION {
        return true;
    }
    let parsed = document::json(text.value);
    let containers = match &parsed {
        Some(parsed) => text.of(parsed).known_blocks(ITSELF),
        None if text.value.as_list().is_some() => text.known_blocks(ITSELF),
        None => return false,
    };
    containers.iter().for_each(see);
    true
}

fn length(text: &Value) -> usize {
    match &text.kind {
        Kind::String(text) => text.len(),
        Kind::Template(parts) => parts.iter().filter_map(Value::as_str).map(str::len).sum(),
        _ => 0,
    }
}

/// The container's port that has this name.
pub(super) fn port_named<'a>(world: &World<'a>, runner: &Block<'a>, name: &str) -> Option<i64> {
    let mut found = None;
    for text in texts(world, runner) {
        see_containers(&text, &mut |container| {
            let mappings = container.known_blocks(PORT_MAPPINGS).into_iter();
            let mut named = mappings.filter(|mapping| mapping.text(PORT_NAME).as_deref() == Some(name));
            let port = named.find_map(|mapping| mapping.get(CONTAINER_PORT).and_then(Value::as_integer));
            found = found.or(port);
        });
    }
    found
}

/// What the containers that a service or a task set runs find in their environment.
pub(in crate::services::aws) fn variables<'a>(world: &World<'a>, runner: &Block<'a>) -> Vec<Variable> {
    let mut found = Vec::new();
    for text in texts(world, runner) {
        let is_read = see_containers(&text, &mut |container| {
            for variable in container.known_blocks(ENVIRONMENT) {
                let name = variable.text(VARIABLE_NAME);
                for (when, value) in variable.values(VARIABLE) {
                    found.push(Variable { name: name.clone(), when, value: value.value.clone() });
                }
            }
        });
        if !is_read {
            found.push(Variable { name: None, when: text.when.clone(), value: text.value.clone() });
        }
    }
    found
}
