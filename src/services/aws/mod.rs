//! Amazon Web Services.

mod apigateway;
mod appsync;
mod autoscaling;
mod block_storage;
mod cloud_map;
mod cloudfront;
mod dynamodb;
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
mod sam;
mod tls_policy;

pub(super) use sam::generated;

use super::Service;

/// Everything that e2e-lint knows of AWS, in the order in which nodes get their numbers: from the edge inwards.
pub(super) static SERVICES: &[&[Service]] = &[
    cloudfront::SERVICES,
    apigateway::SERVICES,
    appsync::SERVICES,
    elbv2::SERVICES,
    elb_classic::SERVICES,
    route53::SERVICES,
    ec2::SERVICES,
    autoscaling::SERVICES,
    ecs::SERVICES,
    cloud_map::SERVICES,
    lambda::SERVICES,
    dynamodb::SERVICES,
    s3::SERVICES,
    rds::SERVICES,
    block_storage::SERVICES,
];
