//! Kubernetes as Terraform shows it: load balancers of AWS that Services and Ingresses ask for by annotations, the
//! proxy that the chart `ingress-nginx` installs, and the pods behind them.
//!
//! Objects are resources of their own, manifests, or text; what the cluster holds besides is not seen.

mod actions;
mod backends;
mod binding;
mod chart;
mod ingress;
mod listeners;
mod nginx;
mod object;
mod pods;
mod ports;
mod service;
mod unread;
mod values;

pub(in crate::services) use chart::generated;
pub(in crate::services::aws) use object::{MANIFEST, WORKLOAD};

use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::Block;
use object::{INGRESS, RELEASE, SERVICE};

pub(super) static SERVICES: &[Service] = &[
    Service { types: SERVICE, describe: service::describe },
    Service { types: INGRESS, describe: ingress::describe },
    Service { types: MANIFEST, describe: describe_manifest },
    Service { types: RELEASE, describe: describe_release },
    Service { types: WORKLOAD, describe: pods::describe },
];

/// Each looks for its own kind.
fn describe_manifest<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    service::describe(draft, block);
    ingress::describe(draft, block);
    pods::describe(draft, block);
    binding::describe(draft, block);
    unread::describe_gateway(draft, block);
}

/// A release, or one of the objects that its chart makes.
fn describe_release<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    unread::describe_release(draft, block);
    service::describe(draft, block);
    nginx::describe(draft, block);
}
