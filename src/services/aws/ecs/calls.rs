//! Calls between services of a Service Connect namespace.

use super::namespace::{Membership, memberships};
use super::service_connect::OFFERS;
use super::task::{self, Variable};
use crate::model::{Doubt, Evidence, Leg, ListenerId, Segment, TlsFloor, Transport};
use crate::services::aws::links::{Address, Speech, Url, addresses};
use crate::services::draft::{Alias, Destination, Draft, PendingHop, Place};
use crate::services::read::Block;
use crate::value::secret::Text;
use crate::value::{Value, When};
use std::collections::HashSet;

/// "Each name and port mapping must be unique within the namespace": of more with one name it is only said that it may call
/// some.
const MOST_NAMESAKES: usize = 16;
/// A service that names nobody may call this many others; of more it is only said that it may call some.
const MOST_GUESSES: usize = 64;

/// Sends the calls of a service to the aliases that its environment names. A service that is in a namespace to call
/// others and names none has their names elsewhere: it may call any.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(from) = draft.front(block.id) else { return };
    for membership in memberships(draft.world, block) {
        let caller = Caller { block, membership: &membership, from };
        let mut called = false;
        let mut seen = HashSet::new();
        for Variable { when, value, .. } in task::variables(draft.world, block) {
            for address in addresses(&value) {
                let aliases = aliases_of(draft, &caller, &address);
                if aliases.len() > MOST_NAMESAKES {
                    called = true;
                    draft.send(caller.hop_to_many(&membership.namespace));
                    continue;
                }
                for (number, alias) in aliases.into_iter().enumerate() {
                    called = true;
                    let speech = address.url.as_ref().map(|url| url.speech);
                    if seen.insert((address.host.as_str().to_owned(), number, speech, when.clone())) {
                        let hop = caller.hop(draft, &alias, &address, &value, when.as_ref());
                        draft.send(hop);
                    }
                }
            }
        }
        if !called && !membership.settings.has(OFFERS) {
            let mut known = draft.aliases_in(&membership.namespace);
            known.retain(|alias| is_beside(draft, &caller, alias));
            if known.len() > MOST_GUESSES {
                draft.send(caller.hop_to_many(&membership.namespace));
                continue;
            }
            for alias in &known {
                let hop = caller.doubtful_hop(draft, alias);
                draft.send(hop);
            }
        }
    }
}

struct Caller<'b, 'a> {
    block: &'b Block<'a>,
    membership: &'b Membership<'a>,
    from: ListenerId,
}

/// What an address means in the caller's namespace: of several services with one name those of its own stack. A name
/// without a port is a guess.
fn aliases_of(draft: &Draft<'_>, caller: &Caller<'_, '_>, address: &Address) -> Vec<Alias> {
    let same = |alias: &&Alias| match (address.port, alias.port) {
        (Some(asked), Some(port)) => asked == port,
        _ => true,
    };
    let found = draft.aliases(&caller.membership.namespace, &address.host).iter();
    let found: Vec<Alias> = found.filter(same).filter(|alias| !alias.leads_to(caller.block.id)).cloned().collect();
    let near: Vec<Alias> = found.iter().filter(|alias| is_beside(draft, caller, alias)).cloned().collect();
    if near.is_empty() { found } else { near }
}

/// Whether the alias stands for something in the caller's stack.
fn is_beside(draft: &Draft<'_>, caller: &Caller<'_, '_>, alias: &Alias) -> bool {
    let stack = &draft.world.stack_of(caller.block.id).id;
    alias.place().is_some_and(|id| draft.world.stack_of(id).id == *stack)
}

impl Caller<'_, '_> {
    fn when(&self, alias: &Alias, when: Option<&When>) -> Option<When> {
        let mine = When::both(self.block.owner.exists.when(), self.membership.settings.when.as_ref());
        When::both(When::both(mine.as_ref(), alias.when.as_ref()).as_ref(), when)
    }

    fn hop(
        &self,
        draft: &Draft<'_>,
        alias: &Alias,
        address: &Address,
        value: &Value,
        when: Option<&When>,
    ) -> PendingHop {
        let meaning = format!("the caller is given {}", address.host);
        let given = Evidence::new(address.text.clone(), meaning, value.span()).along(value);
        let bare = (address.port.is_none() && address.url.is_none())
            .then(|| self.doubt(draft, alias, "its environment holds the name, and not where it is used"));
        PendingHop {
            from: self.from,
            to: alias.to.clone(),
            legs: alias.legs.iter().map(|leg| spoken(leg, address.url.as_ref(), &given)).collect(),
            via: Vec::new(),
            evidence: vec![given],
            when: self.when(alias, when),
            segment: Segment::Request,
            doubt: alias.doubt.clone().or_else(|| self.membership.doubt.clone()).or(bare),
        }
    }

    fn doubtful_hop(&self, draft: &Draft<'_>, alias: &Alias) -> PendingHop {
        let name = &alias.name;
        let place = self.membership.settings.place();
        let given = Evidence::new(name, format!("the proxy of the caller knows {name}"), place);
        PendingHop {
            from: self.from,
            to: alias.to.clone(),
            legs: alias.legs.iter().map(|leg| spoken(leg, None, &given)).collect(),
            via: Vec::new(),
            evidence: vec![given],
            when: self.when(alias, None),
            segment: Segment::Request,
            doubt: Some(self.doubt(draft, alias, "they are in one namespace; what the code there does is not read")),
        }
    }

    fn hop_to_many(&self, namespace: &Text) -> PendingHop {
        let what = format!("services of the namespace {namespace}");
        let message = format!("{} may call any of too many services", self.block.owner.address);
        let settle = "give the caller the aliases as URLs in its environment";
        let doubt = Doubt::new(what.clone(), message, settle, Some(self.membership.settings.place()));
        PendingHop {
            from: self.from,
            to: Destination { place: Place::Outside(what, Some(doubt.clone())), port: None },
            legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
            via: Vec::new(),
            evidence: Vec::new(),
            when: When::both(self.block.owner.exists.when(), self.membership.settings.when.as_ref()),
            segment: Segment::Request,
            doubt: None,
        }
    }

    fn doubt(&self, draft: &Draft<'_>, alias: &Alias, message: &str) -> Doubt {
        let called = alias.place().map_or_else(|| "this service".to_owned(), |id| draft.world.address(id).to_string());
        Doubt::new(
            format!("whether {} calls {called}", self.block.owner.address),
            message,
            "give the caller the alias as a URL in its environment",
            Some(self.membership.settings.place()),
        )
    }
}

/// Where the proxies do not encrypt, the application's own protocol is on the wire.
fn spoken(leg: &Leg, url: Option<&Url>, given: &Evidence) -> Leg {
    if leg.transport != Transport::AsReceived {
        return leg.clone();
    }
    let transport = match url.map(|url| url.speech) {
        Some(Speech::Plaintext) => Transport::Plaintext,
        Some(Speech::Tls(peers)) => Transport::Tls { floor: TlsFloor::unknown(), verification: peers.verification() },
        Some(Speech::Undecided) | None => Transport::Unknown(Doubt::new(
            "what the caller speaks",
            "the proxies do not encrypt, and the code does not show whether the caller itself speaks TLS",
            "set tls in the Service Connect configuration, or give the caller a URL with its scheme",
            Some(given.span),
        )),
    };
    let mut evidence = leg.evidence.clone();
    evidence.push(given.clone());
    Leg { when: leg.when.clone(), transport, evidence }
}
