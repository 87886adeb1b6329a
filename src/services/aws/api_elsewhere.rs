//! APIs that other code declares: what this code puts behind one shows that it reads requests, and not how it is reached.

use crate::model::{Accepts, Doubt, Evidence, Face, ListenerId, TlsFloor};
use crate::services::draft::{Draft, Entry, Exposure, NodeFacts};
use crate::services::read::{Block, Link};
use crate::services::world::{ResourceId, Types};
use crate::value::render;

/// The API that `link` in `holder` leads to, where its service has not described it. It is one node for all that name it alike:
/// the data source that looks it up, else a node beside the first that names it.
pub(super) fn listener<'a>(
    draft: &mut Draft<'a>,
    holder: &Block<'a>,
    (link, types): (&Link<'a>, Types),
    facts: NodeFacts,
) -> ListenerId {
    let lookup = looked_up(draft, link, types);
    let key = (draft.world.stack_of(holder.id).id.to_string(), called(link));
    if let Some(known) = draft.elsewhere.get(&key) {
        return *known;
    }
    let node = match lookup.map(|id| draft.world.block(id)) {
        Some(lookup) => draft.node(&lookup, facts),
        None => draft.node_beside(holder, "api", facts),
    };
    // Private integrations are called by their ARNs; a name is one of the internet's.
    draft.outside_networks(node);
    let meaning = "it is an API of AWS, which has HTTPS endpoints only";
    let evidence = vec![Evidence::new(&*holder.owner.type_name, meaning, holder.place())];
    let listener =
        draft.listen(node, Some(443), vec![Face::always(Accepts::Tls { floor: TlsFloor::unknown(), evidence })]);
    // Other code may also put an edge or a domain name in front.
    draft.unread(node, doubt(holder, link));
    let exposure = Exposure::Unknown(doubt(holder, link));
    draft.admit(Entry { listener, exposure, when: None, evidence: Vec::new() });
    draft.elsewhere.insert(key, listener);
    listener
}

/// The data source that finds the API.
fn looked_up(draft: &Draft<'_>, link: &Link<'_>, types: Types) -> Option<ResourceId> {
    match link {
        Link::Resource { id, .. } if types.holds(&draft.world.resource(*id).type_name) => Some(*id),
        _ => None,
    }
}

/// What the code calls the API.
fn called(link: &Link<'_>) -> String {
    match link {
        Link::Resource { value, .. } | Link::Text(_, value) | Link::Template(_, value) | Link::Outside(_, value) => {
            render(value).to_string()
        }
        Link::Unknown(doubt) => doubt.what.clone(),
    }
}

fn doubt(holder: &Block<'_>, link: &Link<'_>) -> Doubt {
    let what = format!("who can call the API of {}", holder.owner.address.without_keys());
    let (why, settle, span) = match link {
        Link::Unknown(doubt) => (doubt.message.clone(), doubt.settle.clone(), doubt.span),
        _ => {
            let why = "the API is declared elsewhere".to_owned();
            (why, "lint the code that declares the API together with this code".to_owned(), None)
        }
    };
    Doubt::new(
        what.clone(),
        format!("{what} is not known: {why}"),
        settle,
        Some(span.unwrap_or_else(|| holder.place())),
    )
}
