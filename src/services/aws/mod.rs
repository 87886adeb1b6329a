//! Amazon Web Services.

mod apigateway;
mod appsync;
mod amplify;
mod app_runner;
mod autoscaling;
mod block_storage;
mod cloud_map;
mod cloudfront;
mod dynamodb;
mod ec2;
mod ecs;
mod elb_classic;
mod elbv2;
mod global_accelerator;
mod keys;
mod lambda;
mod lattice;
mod lightsail;
mod network;
mod private_link;
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
    global_accelerator::SERVICES,
    amplify::SERVICES,
    elbv2::SERVICES,
    elb_classic::SERVICES,
    lattice::SERVICES,
    private_link::SERVICES,
    route53::SERVICES,
    ec2::SERVICES,
    autoscaling::SERVICES,
    ecs::SERVICES,
    cloud_map::SERVICES,
    app_runner::SERVICES,
    lightsail::SERVICES,
    lambda::SERVICES,
    dynamodb::SERVICES,
    s3::SERVICES,
    rds::SERVICES,
    block_storage::SERVICES,
];
