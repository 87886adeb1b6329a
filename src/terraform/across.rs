//! Joins root modules: what one of them gives to others through its state, through SSM parameters and by the names of its
//! resources.

use super::backend::StateName;
use super::configuration::Library;
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
}

/// Something that a stack has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub(crate) stack: Arc<str>,
    pub(crate) address: Arc<str>,
    /// What a parameter holds; null for a resource as such.
    pub(crate) value: Value,
}

/// A data source that looks one resource up by a name that is unique in its account and region.
struct Lookup {
    data: &'static str,
    argument: &'static str,
    managed: &'static str,
    attribute: &'static str,
}

const fn lookup(data: &'static str, argument: &'static str, managed: &'static str, attribute: &'static str) -> Lookup {
    Lookup { data, argument, managed, attribute }
}

/// Source: the data sources' pages in the documentation of the AWS provider.
const LOOKUPS: &[Lookup] = &[
    lookup("aws_lb", "name", "aws_lb", "name"),
    lookup("aws_alb", "name", "aws_lb", "name"),
    lookup("aws_lb_target_group", "name", "aws_lb_target_group", "name"),
    lookup("aws_alb_target_group", "name", "aws_lb_target_group", "name"),
    lookup("aws_elb", "name", "aws_elb", "name"),
    lookup("aws_ecs_cluster", "cluster_name", "aws_ecs_cluster", "name"),
    lookup("aws_lambda_function", "function_name", "aws_lambda_function", "function_name"),
    lookup("aws_autoscaling_group", "name", "aws_autoscaling_group", "name"),
    lookup("aws_s3_bucket", "bucket", "aws_s3_bucket", "bucket"),
    lookup("aws_dynamodb_table", "name", "aws_dynamodb_table", "name"),
    lookup("aws_db_instance", "db_instance_identifier", "aws_db_instance", "identifier"),
    lookup("aws_rds_cluster", "cluster_identifier", "aws_rds_cluster", "cluster_identifier"),
    lookup("aws_sqs_queue", "name", "aws_sqs_queue", "name"),
    lookup("aws_sns_topic", "name", "aws_sns_topic", "name"),
    lookup("aws_kms_alias", "name", "aws_kms_alias", "name"),
    lookup("aws_secretsmanager_secret", "name", "aws_secretsmanager_secret", "name"),
];

/// The argument by which a data source of this type looks a resource up.
pub(crate) fn argument(data: &str) -> Option<&'static str> {
    LOOKUPS.iter().find(|lookup| lookup.data == data).map(|lookup| lookup.argument)
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
        let managed = if &*resource.type_name == "aws_alb" { "aws_lb" } else { &*resource.type_name };
        let Some(lookup) = LOOKUPS.iter().find(|lookup| lookup.managed == managed) else { return };
        if let Some(name) = text(lookup.attribute) {
            let value = Value::null(resource.header);
            self.named.entry((lookup.managed, name)).and_modify(|known| *known = None).or_insert_with(|| given(value));
        }
    }

    /// The outputs in a state, and the stack that writes it.
    pub(crate) fn outputs(&self, state: &str) -> Option<(&Arc<str>, &Outputs)> {
        let stack = self.states.get(state)?.as_ref()?;
        Some((stack, self.outputs.get(stack)?))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Given> {
        self.parameters.get(name)?.as_ref()
    }

    /// The resource that a data source finds under a name.
    pub(crate) fn named(&self, data: &str, name: &str) -> Option<&Given> {
        let lookup = LOOKUPS.iter().find(|lookup| lookup.data == data)?;
        self.named.get(&(lookup.managed, name.to_owned()))?.as_ref()
    }

    /// Whether the stack reads what others may give.
    pub(crate) fn concerns(stack: &Stack) -> bool {
        let reads =
            |name: &str| matches!(name, "terraform_remote_state" | "aws_ssm_parameter") || argument(name).is_some();
        stack.resources.iter().any(|resource| resource.mode == Mode::Data && reads(&resource.type_name))
    }
}
