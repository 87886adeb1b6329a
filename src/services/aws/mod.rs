//! Amazon Web Services.

mod apigateway;
mod appsync;
mod amplify;
mod app_runner;
mod autoscaling;
mod block_storage;
mod cloud_map;
mod cloudfront;
mod documentdb;
mod dynamodb;
mod ec2;
mod ecs;
mod elasticache;
mod elb_classic;
mod elbv2;
mod global_accelerator;
mod iam;
mod keys;
mod kinesis;
mod kms;
mod kubernetes;
mod lambda;
mod lattice;
mod lightsail;
mod links;
mod msk;
mod network;
mod opensearch;
mod parameter_group;
mod private_keys;
mod private_link;
mod rds;
mod rds_proxy;
mod route53;
mod s3;
mod sam;
mod sns;
mod sqs;
mod store;
mod tls_policy;
mod waf;

pub(super) use kms::describe as describe_keys;
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
    kubernetes::SERVICES,
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
    rds_proxy::SERVICES,
    elasticache::SERVICES,
    documentdb::SERVICES,
    opensearch::SERVICES,
    msk::SERVICES,
    sqs::SERVICES,
    sns::SERVICES,
    kinesis::SERVICES,
    block_storage::SERVICES,
    waf::SERVICES,
    // Last: they join compute to the stores above.
    links::SERVICES,
];
