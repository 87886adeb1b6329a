//! Amazon Web Services.

mod autoscaling;
mod block_storage;
mod cloudfront;
mod ec2;
mod ecs;
mod elb_classic;
mod elbv2;
mod keys;
mod lambda;
mod network;
mod rds;
mod route53;
mod s3;
mod tls_policy;

use super::Service;

/// Everything that e2e-lint knows of AWS, in the order in which nodes get their numbers: from the edge inwards.
pub(super) static SERVICES: &[&[Service]] = &[
    cloudfront::SERVICES,
    elbv2::SERVICES,
    elb_classic::SERVICES,
    route53::SERVICES,
    ec2::SERVICES,
    autoscaling::SERVICES,
    ecs::SERVICES,
    lambda::SERVICES,
    s3::SERVICES,
    rds::SERVICES,
    block_storage::SERVICES,
];
