//! Which nodes act as which role.

use super::principal::{Roster, Who, has_generated_role};
use super::{NAME, PROFILE, ROLE};
use crate::model::{Evidence, NodeId};
use crate::services::aim::Sought;
use crate::services::aws::{app_runner, autoscaling, ec2, ecs, lambda};
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::strangers::UNREAD;
use crate::services::world::{ResourceId, Types};
use crate::value::{Value, When};
use std::collections::{BTreeMap, BTreeSet};

const ROLES_OF_PROFILE: Field = field("role", "Roles");

/// The data source `aws_iam_instance_profile` finds a profile by its name. Source: its page in the documentation of the AWS
/// provider.
const ANY_PROFILE: Sought =
    Sought { types: PROFILE, aliases: None, told: NAME, named: Some((PROFILE, NAME)), global: true };

const ANY_ROLE: Sought = Sought { types: ROLE, aliases: None, told: NAME, named: Some((ROLE, NAME)), global: true };
const EC2: &str = "ec2.amazonaws.com";

/// What starts servers and containers that are no nodes, with roles that the same services may assume.
const OTHERS: Types = Types {
    terraform: &[
        "aws_eks_node_group",
        "aws_batch_job_definition",
        "aws_batch_compute_environment",
        "aws_spot_fleet_request",
        "aws_emr_cluster",
        "aws_sagemaker_notebook_instance",
    ],
    cloudformation: &[
        "AWS::EKS::Nodegroup",
        "AWS::Batch::JobDefinition",
        "AWS::Batch::ComputeEnvironment",
        "AWS::EC2::SpotFleet",
        "AWS::EMR::Cluster",
        "AWS::SageMaker::NotebookInstance",
    ],
};

/// What may act as a role, if a role or a profile that the code does not tell is that one.
pub(in crate::services::aws) struct Stranger {
    pub node: NodeId,
    pub resource: ResourceId,
    /// The service that starts it, which the role would have to trust.
    pub service: &'static str,
    pub evidence: Evidence,
}

pub(in crate::services::aws) struct Actors {
    nodes: BTreeMap<ResourceId, Vec<NodeId>>,
    strangers: BTreeMap<ResourceId, Vec<Stranger>>,
    /// Roles with which something else is started that is no node.
    elsewhere: BTreeMap<ResourceId, ResourceId>,
    /// Nodes of which every role is known.
    pub identified: BTreeSet<NodeId>,
}

/// The roles of one node, and whether there are no others.
struct Cast {
    roles: BTreeSet<ResourceId>,
    complete: bool,
    /// Roles that it has if a role or a profile is what the code does not tell.
    perhaps: Vec<(ResourceId, Evidence)>,
    /// The service that starts the node.
    service: &'static str,
    /// The launch templates and task definitions that say so.
    by: BTreeSet<ResourceId>,
}

impl Actors {
    /// Once all nodes are described.
    pub fn new(draft: &Draft<'_>, roster: &Roster<'_>) -> Self {
        let mut found = Self {
            nodes: BTreeMap::new(),
            strangers: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            identified: BTreeSet::new(),
        };
        let mut used = BTreeSet::new();
        for (id, node) in &draft.homes {
            let Some(cast) = cast(roster, *id) else { continue };
            for role in cast.roles {
                found.nodes.entry(role).or_default().push(*node);
            }
            for (role, evidence) in cast.perhaps {
                let stranger = Stranger { node: *node, resource: *id, service: cast.service, evidence };
                found.strangers.entry(role).or_default().push(stranger);
            }
            used.extend(cast.by);
            if cast.complete {
                found.identified.insert(*node);
            }
        }
        found.add_elsewhere(roster, &used);
        found
    }

    /// Launch templates and task definitions that no node uses start something else: a fleet, a task on a schedule.
    fn add_elsewhere(&mut self, roster: &Roster<'_>, used: &BTreeSet<ResourceId>) {
        let world = roster.world;
        let unused =
            |types: Types| world.of_types(types).into_iter().filter(|id| !used.contains(id)).collect::<Vec<_>>();
        for id in unused(autoscaling::LAUNCH) {
            let mut cast = Cast::nobody();
            world
                .block(id)
                .known_blocks(autoscaling::TEMPLATE_DATA)
                .iter()
                .for_each(|data| cast.add_launch(roster, data));
            self.elsewhere.extend(cast.roles.into_iter().map(|role| (role, id)));
        }
        for id in unused(ecs::TASK) {
            let mut cast = Cast::nobody();
            cast.add_roles(roster, &world.block(id), ecs::TASK_ROLE);
            self.elsewhere.extend(cast.roles.into_iter().map(|role| (role, id)));
        }
        // Code that is not on disk may start whatever it likes with a role that it is handed.
        for id in [OTHERS, UNREAD].into_iter().flat_map(|types| world.of_types(types)) {
            for target in world.pointed_to(id) {
                let block = world.block(target);
                let mut cast = Cast::nobody();
                if ROLE.holds(&block.owner.type_name) {
                    cast.roles.insert(target);
                } else if PROFILE.holds(&block.owner.type_name) {
                    cast.add_roles(roster, &block, ROLES_OF_PROFILE);
                }
                self.elsewhere.extend(cast.roles.into_iter().map(|role| (role, id)));
            }
        }
    }

    /// What else is started with the role.
    pub fn elsewhere(&self, identity: ResourceId) -> Option<ResourceId> {
        self.elsewhere.get(&identity).copied()
    }

    /// What may act as the role, for all that the code tells.
    pub fn strangers(&self, role: ResourceId) -> &[Stranger] {
        self.strangers.get(&role).map_or(&[], Vec::as_slice)
    }

    pub fn of(&self, identity: ResourceId) -> &[NodeId] {
        self.nodes.get(&identity).map_or(&[], Vec::as_slice)
    }
}

fn cast(roster: &Roster<'_>, id: ResourceId) -> Option<Cast> {
    let block = roster.world.block(id);
    let type_name = &block.owner.type_name;
    let mut cast = Cast::nobody();
    if ec2::INSTANCE.holds(type_name) {
        cast.add_profiles(roster, &block, ec2::PROFILE);
        for launch in autoscaling::launch_data(roster.world, &block).iter().filter(|_| !block.has(ec2::PROFILE)) {
            cast.add_launch(roster, launch);
            cast.by.insert(launch.id);
        }
    } else if autoscaling::GROUP.holds(type_name) {
        let launches = autoscaling::launch_data(roster.world, &block);
        cast.complete = !launches.is_empty();
        for launch in &launches {
            cast.add_launch(roster, launch);
            cast.by.insert(launch.id);
        }
    } else if ecs::SERVICE.holds(type_name) {
        cast.service = "ecs-tasks.amazonaws.com";
        cast.add_tasks(roster, &block);
    } else if lambda::FUNCTION.holds(type_name) {
        cast.service = "lambda.amazonaws.com";
        if has_generated_role(roster.world, id) {
            cast.roles.insert(id);
        }
        cast.add_roles(roster, &block, lambda::ROLE);
    } else if app_runner::APP.holds(type_name) {
        cast.service = "tasks.apprunner.amazonaws.com";
        block.known_blocks(app_runner::INSTANCE).iter().for_each(|instance| {
            cast.add_roles(roster, instance, app_runner::INSTANCE_ROLE);
        });
    } else {
        return None;
    }
    Some(cast)
}

impl Cast {
    fn nobody() -> Self {
        Self { roles: BTreeSet::new(), complete: true, perhaps: Vec::new(), service: EC2, by: BTreeSet::new() }
    }

    /// A launch configuration names the profile, a launch template has a block for it.
    fn add_launch(&mut self, roster: &Roster<'_>, launch: &Block<'_>) {
        let blocks = launch.known_blocks(autoscaling::PROFILE);
        if blocks.is_empty() {
            self.add_profiles(roster, launch, autoscaling::PROFILE);
        }
        blocks.iter().for_each(|block| self.add_profiles(roster, block, autoscaling::PROFILE_ID));
    }

    fn add_roles(&mut self, roster: &Roster<'_>, block: &Block<'_>, field: Field) {
        let Some(value) = block.get(field) else { return };
        let by_name = |name: &str| roster.beside(block.id, ROLE, name);
        for principal in roster.callers(block.id, value) {
            match (principal.who, principal.place.as_str()) {
                (Who::Identity(id), _) => _ = self.roles.insert(id),
                // A role is named by its ARN, an instance profile names it plainly.
                (_, Some(name)) if !by_name(name).is_empty() => self.roles.extend(by_name(name)),
                _ => self.complete = false,
            }
        }
        for link in block.links(roster.world, field) {
            if matches!(link.value, Link::Unknown(_) | Link::Resource { .. }) {
                let aims = ANY_ROLE.aims(roster.world, block.id, &link.value);
                let perhaps = aims.iter().filter_map(|aim| Some((aim.id, aim.when.as_ref()?)));
                self.perhaps.extend(perhaps.map(|(role, when)| (role, acting(roster, role, when, field, value))));
            }
        }
    }

    fn add_profiles(&mut self, roster: &Roster<'_>, block: &Block<'_>, field: Field) {
        for link in block.links(roster.world, field) {
            let mut known = false;
            for aim in ANY_PROFILE.aims(roster.world, block.id, &link.value) {
                let profile = roster.world.block(aim.id);
                match aim.when {
                    None if profile.has(ROLES_OF_PROFILE) => {
                        known = true;
                        self.add_roles(roster, &profile, ROLES_OF_PROFILE);
                    }
                    None => {}
                    Some(when) => {
                        let named = block.get(field).unwrap_or(block.value);
                        self.add_perhaps(roster, &profile, &when, (field, named));
                    }
                }
            }
            self.complete &= known;
        }
    }

    /// The roles of a profile that may be the one.
    fn add_perhaps(&mut self, roster: &Roster<'_>, profile: &Block<'_>, when: &When, (field, named): (Field, &Value)) {
        let mut cast = Self::nobody();
        cast.add_roles(roster, profile, ROLES_OF_PROFILE);
        self.perhaps.extend(cast.roles.into_iter().map(|role| (role, acting(roster, role, when, field, named))));
    }

    /// Containers without a role of their own may use that of the host.
    fn add_tasks(&mut self, roster: &Roster<'_>, service: &Block<'_>) {
        let mut seen = false;
        for link in service.links(roster.world, ecs::TASK_DEFINITION) {
            let task = match &link.value {
                Link::Resource { id, .. } => Some(*id),
                // A family with a revision: `${aws_ecs_task_definition.web.family}:3`.
                Link::Template(parts, _) => {
                    let mut references = parts.iter().flat_map(Value::references);
                    references.find_map(|reference| roster.world.find(service.id, &reference.target))
                }
                Link::Text(text, _) => {
                    let family = text.split(':').next().unwrap_or(text.as_str());
                    let named = roster.world.named(service.id, ecs::TASK, &["family", "Family"], family);
                    named.first().copied()
                }
                Link::Outside(..) | Link::Unknown(_) => None,
            };
            match task.filter(|id| ecs::TASK.holds(&roster.world.resource(*id).type_name)) {
                Some(id) => {
                    let task = roster.world.block(id);
                    self.by.insert(id);
                    seen |= task.has(ecs::TASK_ROLE);
                    self.add_roles(roster, &task, ecs::TASK_ROLE);
                    self.add_roles(roster, &task, ecs::EXECUTION_ROLE);
                }
                None => self.complete = false,
            }
        }
        self.complete &= seen;
    }
}

/// The evidence that a node may act as a role, by what it names in the field.
fn acting(roster: &Roster<'_>, role: ResourceId, when: &When, field: Field, named: &Value) -> Evidence {
    let meaning = format!("it acts as {} when {}", roster.world.address(role), when.text());
    Evidence::new(field.spelling(roster.world.resource(role).language), meaning, named.span()).along(named)
}
