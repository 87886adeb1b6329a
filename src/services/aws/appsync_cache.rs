//! The cache of an AppSync API: responses are kept in it, and whether they are encrypted on the way there and at rest is said
//! when it is made. What applies where nothing is said is not documented.

use super::store;
use crate::model::{
    Custody, Doubt, Evidence, Leg, Segment, StoredData, TlsFloor, Transport, Verification, custody_phrase,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[Service { types: CACHE, describe }];

const CACHE: Types = Types { terraform: &["aws_appsync_api_cache"], cloudformation: &["AWS::AppSync::ApiCache"] };

const API_ID: Field = field("api_id", "ApiId");
const IN_TRANSIT: Field = field("transit_encryption_enabled", "TransitEncryptionEnabled");
const AT_REST: Field = field("at_rest_encryption_enabled", "AtRestEncryptionEnabled");

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = store::describe(draft, block, "the AppSync cache", "keeps responses for a while", Vec::new());
    for data in stored(block) {
        draft.store(node, data);
    }
    let legs: Vec<Leg> = block.setting(IN_TRANSIT).into_iter().map(|setting| leg(block, setting)).collect();
    for api in block.links(draft.world, API_ID) {
        let Link::Resource { id, .. } = api.value else { continue };
        let Some(from) = draft.front(id) else { continue };
        draft.send(PendingHop {
            from,
            to: Destination::resource(block.id),
            legs: legs.clone(),
            via: Vec::new(),
            evidence: Vec::new(),
            when: When::both(block.owner.exists.when(), api.when.as_ref()),
            segment: Segment::Store,
            doubt: None,
        });
    }
}

fn leg(block: &Block<'_>, Alternative { when, value }: Alternative<Setting<'_>>) -> Leg {
    let (transport, evidence) = match value {
        Setting::Text(text, value) if text.eq_ignore_ascii_case("true") => {
            let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unknown };
            (transport, vec![block.stated(IN_TRANSIT, &text, value, "AppSync speaks TLS to its cache")])
        }
        Setting::Text(text, value) => {
            let evidence = block.stated(IN_TRANSIT, &text, value, "AppSync speaks to its cache in the clear");
            (Transport::Plaintext, vec![evidence])
        }
        Setting::Absent => (Transport::Unknown(unsaid(block, IN_TRANSIT)), Vec::new()),
        Setting::Unknown(doubt) => (Transport::Unknown(doubt), Vec::new()),
    };
    Leg { when, transport, evidence }
}

fn stored(block: &Block<'_>) -> Vec<StoredData> {
    let data = |Alternative { when, value }: Alternative<Setting<'_>>| {
        let (custody, span) = match value {
            Setting::Text(text, value) if text.eq_ignore_ascii_case("true") => {
                let what = format!("the key of {}", block.owner.address);
                let message = "AWS does not say who holds the key of an AppSync cache";
                let doubt = Doubt::new(what, message, "do without the cache", Some(value.span()));
                (Err(doubt), value.span())
            }
            Setting::Text(_, value) => (Ok(Custody::None), value.span()),
            Setting::Absent => (Err(unsaid(block, AT_REST)), block.place()),
            Setting::Unknown(doubt) => (Err(doubt), block.place()),
        };
        let evidence = Evidence::new(AT_REST.spelling(block.language()), custody_phrase(&custody), span);
        StoredData { what: "the response cache".to_owned(), when, custody, key: None, evidence }
    };
    block.setting(AT_REST).into_iter().map(data).collect()
}

fn unsaid(block: &Block<'_>, field: Field) -> Doubt {
    let name = field.spelling(block.language());
    let message = format!("{name} is absent, and what then applies is not documented");
    Doubt::new(format!("{name} of {}", block.owner.address), message, format!("set {name}"), Some(block.place()))
}
