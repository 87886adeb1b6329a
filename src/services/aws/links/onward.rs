//! From compute to other services: the URLs that a caller is given, of balancers, APIs and names that the code declares.
//!
//! A name without a scheme is left out: it may be a name of the caller's own, and nothing tells how it would be spoken to.

use super::address::{addresses, usual_port};
use super::mention::{mentions, texts};
use super::speech::{Speech, Url};
use crate::model::{Doubt, Evidence, Leg, ListenerId, NodeKind, Segment, TlsFloor, Transport};
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::Block;
use crate::services::world::ResourceId;
use crate::value::{Value, When};
use std::collections::HashSet;

/// Sends the caller's requests to whatever of the code a text names as the host of a URL.
pub(super) fn call<'a>(draft: &mut Draft<'a>, caller: &Block<'a>, from: ListenerId, given: &[Block<'a>]) {
    let mut seen = HashSet::new();
    let mut calls = Vec::new();
    for text in given {
        for mention in mentions(text.value, text.when.as_ref()) {
            let Some(url) = Url::around(&mention) else { continue };
            let Some(target) = draft.world.find(text.id, &mention.reference.target) else { continue };
            if is_called(draft, target) && seen.insert((Some(target), String::new(), url.speech, mention.when.clone()))
            {
                let port = url.port.or_else(|| usual_port(&url.scheme));
                let to = Destination::resource(target).at_port(port);
                calls.push((to, url, mention.reference.text(), mention.value, mention.when));
            }
        }
        for (when, value) in texts(text.value, text.when.as_ref()) {
            for address in addresses(value) {
                let Some(url) = address.url.filter(|_| draft.knows_host(&address.host)) else { continue };
                if seen.insert((None, address.host.as_str().to_owned(), url.speech, when.clone())) {
                    let to = Destination::of_text(&address.host).at_port(address.port);
                    calls.push((to, url, address.text.to_string(), value, when.clone()));
                }
            }
        }
    }
    for (to, url, what, value, when) in calls {
        let hop = PendingHop {
            from,
            to,
            legs: vec![leg(&url, value)],
            via: Vec::new(),
            evidence: vec![
                Evidence::new(what.clone(), format!("the caller is given {what}"), value.span()).along(value),
            ],
            when: When::both(caller.owner.exists.when(), when.as_ref()),
            segment: Segment::Request,
            doubt: None,
        };
        draft.call(hop);
    }
}

/// Whether requests can be sent there: to a node that is no store, or to what leads to one.
fn is_called(draft: &Draft<'_>, target: ResourceId) -> bool {
    match draft.home(target) {
        Some(node) => draft.model.node(node).kind != NodeKind::Store,
        None => !draft.leads_of(target).is_empty(),
    }
}

fn leg(url: &Url, value: &Value) -> Leg {
    let (transport, meaning) = match url.speech {
        Speech::Plaintext => (Transport::Plaintext, "the caller speaks plaintext"),
        Speech::Tls(peers) => {
            (Transport::Tls { floor: TlsFloor::unknown(), verification: peers.verification() }, "the caller speaks TLS")
        }
        Speech::Undecided => {
            let what = format!("how a client of {}:// speaks", url.scheme);
            let message = "the URL leaves it to the client whether to use TLS";
            let doubt = Doubt::new(what, message, "name the protocol in the URL's scheme", Some(value.span()));
            (Transport::Unknown(doubt), message)
        }
    };
    Leg::new(transport, vec![Evidence::new(format!("{}://", url.scheme), meaning, value.span()).along(value)])
}
