//! Cloudflare. A proxied name is the node: its TLS ends at Cloudflare's edge, whatever the origin's certificate, the
//! SSL mode or who holds which key. A name that is not proxied is a DNS record and nothing more.
//!
//! Resource names of provider versions 4 and 5. These change no reader and have no module: what authenticates Cloudflare
//! to the origin (authenticated origin pulls), what only the origin presents (Origin CA certificates), where TLS ends
//! (regional services), who holds the certificate's key (Keyless SSL, custom and Total TLS certificates), what the edge
//! does with a message that it reads anyway (Access, Argo, caches, images, rewriting of links), and settings that only
//! offer more (TLS 1.3, opportunistic encryption, HSTS).

mod code;
mod custom_hostname;
mod dns;
mod edge;
mod hosting;
mod load_balancer;
mod logs;
mod pattern;
mod rules;
mod spectrum;
mod tunnel;
mod zone;

use super::Service;

/// Everything that e2e-lint knows of Cloudflare.
pub(super) static SERVICES: &[&[Service]] = &[
    dns::SERVICES,
    load_balancer::SERVICES,
    custom_hostname::SERVICES,
    spectrum::SERVICES,
    hosting::SERVICES,
    tunnel::SERVICES,
];
