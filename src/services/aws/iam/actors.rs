//! Which nodes act as which role.

use super::principal::{Roster, Who, has_generated_role};
use super::{PROFILE, ROLE};
use crate::model::NodeId;
use crate::services::aws::{app_runner, autoscaling, ec2, ecs, lambda};
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::ResourceId;
use std::collections::{BTreeMap, BTreeSet};

const ROLES_OF_PROFILE: Field = field("role", "Roles");

pub(in crate::services::aws) struct Actors {
    nodes: BTreeMap<ResourceId, Vec<NodeId>>,
    /// Nodes of which every role is known.
    pub identified: BTreeSet<NodeId>,
}

/// The roles of one node, and whether there are no others.
struct Cast {
    roles: BTreeSet<ResourceId>,
    complete: bool,
}

impl Actors {
    /// Once all nodes are described.
    pub fn new(draft: &Draft<'_>, roster: &Roster<'_>) -> Self {
        let mut found = Self { nodes: BTreeMap::new(), identified: BTreeSet::new() };
        for (id, node) in &draft.homes {
            let Some(cast) = cast(roster, *id) else { continue };
            for role in cast.roles {
                found.nodes.entry(role).or_default().push(*node);
            }
            if cast.complete {
                found.identified.insert(*node);
            }
        }
        found
    }

    pub fn of(&self, identity: ResourceId) -> &[NodeId] {
        self.nodes.get(&identity).map_or(&[], Vec::as_slice)
    }
}

fn cast(roster: &Roster<'_>, id: ResourceId) -> Option<Cast> {
    let block = roster.world.block(id);
    let type_name = &block.owner.type_name;
    let mut cast = Cast { roles: BTreeSet::new(), complete: true };
    if ec2::INSTANCE.holds(type_name) {
        cast.add_profiles(roster, &block, ec2::PROFILE);
    } else if autoscaling::GROUP.holds(type_name) {
        let launches = autoscaling::launch_data(roster.world, &block);
        cast.complete = !launches.is_empty();
        for launch in &launches {
            let blocks = launch.blocks(autoscaling::PROFILE);
            if blocks.is_empty() {
                cast.add_profiles(roster, launch, autoscaling::PROFILE);
            }
            blocks.iter().for_each(|block| cast.add_profiles(roster, block, autoscaling::PROFILE_ID));
        }
    } else if ecs::SERVICE.holds(type_name) {
        cast.add_tasks(roster, &block);
    } else if lambda::FUNCTION.holds(type_name) {
        if has_generated_role(roster.world, id) {
            cast.roles.insert(id);
        }
        cast.add_roles(roster, &block, lambda::ROLE);
    } else if app_runner::APP.holds(type_name) {
        block.blocks(app_runner::INSTANCE).iter().for_each(|instance| {
            cast.add_roles(roster, instance, app_runner::INSTANCE_ROLE);
        });
    } else {
        return None;
    }
    Some(cast)
}

impl Cast {
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
    }

    fn add_profiles(&mut self, roster: &Roster<'_>, block: &Block<'_>, field: Field) {
        for link in block.links(roster.world, field) {
            let profiles = match &link.value {
                Link::Resource { id, .. } => vec![*id],
                Link::Text(text, _) => {
                    roster.beside(block.id, PROFILE, text.rsplit('/').next().unwrap_or(text.as_str()))
                }
                _ => Vec::new(),
            };
            self.complete &= !profiles.is_empty();
            for profile in profiles {
                let profile = roster.world.block(profile);
                if PROFILE.holds(&profile.owner.type_name) && profile.has(ROLES_OF_PROFILE) {
                    self.add_roles(roster, &profile, ROLES_OF_PROFILE);
                } else {
                    self.complete = false;
                }
            }
        }
    }

    /// Containers without a role of their own may use that of the host.
    fn add_tasks(&mut self, roster: &Roster<'_>, service: &Block<'_>) {
        let mut seen = false;
        for link in service.links(roster.world, ecs::TASK_DEFINITION) {
            match &link.value {
                Link::Resource { id, .. } if ecs::TASK.holds(&roster.world.resource(*id).type_name) => {
                    let task = roster.world.block(*id);
                    seen |= task.has(ecs::TASK_ROLE);
                    self.add_roles(roster, &task, ecs::TASK_ROLE);
                    self.add_roles(roster, &task, ecs::EXECUTION_ROLE);
                }
                _ => self.complete = false,
            }
        }
        self.complete &= seen;
    }
}
