//! AWS Batch: jobs receive no requests. They start from a queue, and call the stores that their containers are told of.

use super::ec2;
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: JOB, describe: describe_job }];

pub(super) const JOB: Types =
    Types { terraform: &["aws_batch_job_definition"], cloudformation: &["AWS::Batch::JobDefinition"] };

/// What describes a job's containers, by where they run.
const CONTAINERS: [Field; 4] = [
    field("container_properties", "ContainerProperties"),
    field("ecs_properties", "EcsProperties"),
    field("node_properties", "NodeProperties"),
    field("eks_properties", "EksProperties"),
];

fn describe_job<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    ec2::server(draft, block, "the batch job");
}

/// All that the job's containers are told.
pub(super) fn texts<'a>(job: &Block<'a>) -> Vec<Block<'a>> {
    let written = CONTAINERS.into_iter().flat_map(|containers| job.values(containers));
    written.map(|(_, text)| text).collect()
}
