//! Amazon Web Services.

mod api_elsewhere;
mod api_endpoint;
mod apigateway;
mod appsync;
mod appsync_cache;
mod amplify;
mod app_mesh;
mod app_runner;
mod autoscaling;
mod batch;
mod block_storage;
mod bucket_policy;
mod cloud_map;
mod cloudfront;
mod documentdb;
mod dynamodb;
mod ec2;
mod ecs;
mod elastic_beanstalk;
mod elasticache;
mod elb_classic;
mod elbv2;
mod encryption_control;
mod event_source;
mod global_accelerator;
mod handed_keys;
mod iam;
mod inspection;
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
mod network_firewall;
mod opensearch;
mod parameter_group;
mod parameters;
mod private_keys;
mod private_link;
mod rds;
mod rds_proxy;
mod route53;
mod s3;
mod s3_website;
mod sam;
mod server_config;
mod sns;
mod sqs;
mod store;
mod tls_policy;
mod traffic_mirror;
mod waf;

pub(super) use kms::describe as describe_keys;

pub(super) use s3::{BUCKET, BUCKET_NAME};

use super::Service;
use super::draft::Draft;
use crate::resource::{Resource, Stack};

/// Everything that e2e-lint knows of AWS, in the order in which nodes get their numbers: from the edge inwards.
pub(super) static SERVICES: &[&[Service]] = &[
    cloudfront::SERVICES,
    apigateway::SERVICES,
    appsync::SERVICES,
    appsync_cache::SERVICES,
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
    elastic_beanstalk::SERVICES,
    ecs::SERVICES,
    batch::SERVICES,
    cloud_map::SERVICES,
    app_mesh::SERVICES,
    app_runner::SERVICES,
    lightsail::SERVICES,
    lambda::SERVICES,
    dynamodb::SERVICES,
    s3::SERVICES,
    s3_website::SERVICES,
    rds::SERVICES,
    rds_proxy::SERVICES,
    elasticache::SERVICES,
    documentdb::SERVICES,
    opensearch::SERVICES,
    msk::SERVICES,
    sqs::SERVICES,
    sns::SERVICES,
    kinesis::SERVICES,
    event_source::SERVICES,
    block_storage::SERVICES,
    waf::SERVICES,
    traffic_mirror::SERVICES,
    // Last: they join compute to the stores above.
    links::SERVICES,
];

/// Who else may call what stands behind target groups, and what the networks around the nodes do with messages. Runs once,
/// after all services.
pub(super) fn describe_surroundings(draft: &mut Draft<'_>) {
    elbv2::describe_uncalled(draft);
    inspection::describe(draft);
    encryption_control::describe(draft);
}

/// Resources that stand behind those of a stack: what a transform would generate, and the objects that texts hold.
pub(super) fn generated(stack: &Stack) -> Vec<Resource> {
    let mut found = sam::generated(stack);
    found.extend(kubernetes::generated(stack));
    found
}
