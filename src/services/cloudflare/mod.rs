//! Cloudflare. A proxied name is the node: its TLS ends at Cloudflare's edge, whatever the origin's certificate, the
//! SSL mode or who holds which key. A name that is not proxied is a DNS record and nothing more.
//!
//! Resource names of provider versions 4 and 5. What authenticates Cloudflare to the origin (authenticated origin
//! pulls), what only the origin presents (Origin CA certificates) and where TLS ends (regional services) change no
//! reader.

mod dns;
mod edge;
mod load_balancer;
mod rules;
mod spectrum;
mod tunnel;
mod worker;
mod zone;

use super::Service;

/// Everything that e2e-lint knows of Cloudflare.
pub(super) static SERVICES: &[&[Service]] =
    &[dns::SERVICES, load_balancer::SERVICES, spectrum::SERVICES, worker::SERVICES, tunnel::SERVICES];
