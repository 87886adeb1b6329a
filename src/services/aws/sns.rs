//! SNS topics, and the subscribers to which they send by URL.

use super::keys::custody_of;
use super::{api_endpoint, store};
use crate::model::{
    Accepts, Custody, Doubt, Evidence, Face, Leg, ListenerId, Segment, StoredData, TlsFloor, Transport, Verification,
    custody_phrase,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: TOPIC, describe: describe_topic },
    Service { types: SUBSCRIPTION, describe: describe_subscription },
];

const TOPIC: Types = Types { terraform: &["aws_sns_topic"], cloudformation: &["AWS::SNS::Topic"] };
const SUBSCRIPTION: Types =
    Types { terraform: &["aws_sns_topic_subscription"], cloudformation: &["AWS::SNS::Subscription"] };

const NAME: Field = field("name", "TopicName");
const KEY: Field = field("kms_master_key_id", "KmsMasterKeyId");
const TOPIC_ARN: Field = field("topic_arn", "TopicArn");
/// Those that CloudFormation writes into the topic.
const SUBSCRIPTIONS: Field = field("-", "Subscription");
const PROTOCOL: Field = field("protocol", "Protocol");
const ENDPOINT: Field = field("endpoint", "Endpoint");

fn describe_topic<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.name(block, NAME, "sns", "");
    let faces = vec![Face::always(Accepts::Undeclared(store::by_client(block)))];
    let node = store::describe(draft, block, "Amazon SNS", "keeps the messages until they are delivered", faces);
    if let Some(from) = draft.front(block.id) {
        for subscription in block.known_blocks(SUBSCRIPTIONS) {
            subscribe(draft, from, &subscription, subscription.when.as_ref());
        }
    }
    let what = "the topic".to_owned();
    let Some(key) = block.get(KEY) else {
        let message = "without a KMS key the topic has no server-side encryption of its own";
        let doubt = Doubt::new(what.clone(), message, "name a KMS key", Some(block.place()));
        let evidence = Evidence::new("no KMS key", message, block.place());
        draft.store(node, StoredData { what, when: None, custody: Err(doubt), evidence, key: None });
        return;
    };
    for (when, custody, name) in custody_of(draft.world, block, KEY, Custody::ProviderManaged) {
        let evidence = Evidence::new(KEY.spelling(block.language()), custody_phrase(&custody), key.span()).along(key);
        draft.store(node, StoredData { what: what.clone(), when, custody, evidence, key: name });
    }
}

fn describe_subscription<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for topic in block.links(draft.world, TOPIC_ARN) {
        let Link::Resource { id, .. } = topic.value else { continue };
        let Some(from) = draft.front(id) else { continue };
        subscribe(draft, from, block, topic.when.as_ref());
    }
}

/// A subscriber gets every message; one by `http` in the clear.
fn subscribe<'a>(draft: &mut Draft<'a>, from: ListenerId, block: &Block<'a>, topic_when: Option<&When>) {
    for Alternative { when, value } in block.setting(PROTOCOL) {
        let Setting::Text(protocol, value) = value else { continue };
        let (transport, meaning) = match protocol.as_str() {
            "http" => (Transport::Plaintext, "the topic sends messages in plaintext"),
            "https" => {
                let verification = Verification::Unknown;
                (Transport::Tls { floor: TlsFloor::unknown(), verification }, "the topic sends messages by HTTPS")
            }
            "lambda" | "sqs" => (api_endpoint::call(), "the topic hands messages on by the API of AWS, which is HTTPS"),
            _ => continue,
        };
        let leg = Leg::new(transport, vec![block.stated(PROTOCOL, &protocol, value, meaning)]);
        let when = When::both(topic_when, when.as_ref());
        for endpoint in block.links(draft.world, ENDPOINT) {
            let to = Destination::of_link(draft.world, block.id, &endpoint.value);
            let when = When::both(when.as_ref(), endpoint.when.as_ref());
            draft.send(PendingHop {
                from,
                to,
                legs: vec![leg.clone()],
                via: vec![block.owner.address.shared()],
                evidence: Vec::new(),
                when: When::both(block.owner.exists.when(), when.as_ref()),
                segment: Segment::Store,
                doubt: None,
            });
        }
    }
}
