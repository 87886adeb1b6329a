//! S3 website endpoints: a way to the objects of its own, which speaks HTTP only and knows no credentials.
//!
//! Source: "Website endpoints" and "Blocking public access to your Amazon S3 storage" of the Amazon S3 user guide.

use super::bucket_policy::{Verdict, documents, judge, set_up_by};
use super::s3::{self, BUCKET};
use crate::model::{Doubt, Evidence, Leg, Segment, Transport};
use crate::services::Service;
use crate::services::document;
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::{Alternative, Block, Child, Field, Presence, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] =
    &[Service { types: BUCKET, describe: describe_own }, Service { types: WEBSITE, describe: describe_separate }];

const WEBSITE: Types = Types { terraform: &["aws_s3_bucket_website_configuration"], cloudformation: &[] };
const ACCESS_BLOCK: Types = Types { terraform: &["aws_s3_bucket_public_access_block"], cloudformation: &[] };
const LISTS: Types = Types { terraform: &["aws_s3_bucket_acl"], cloudformation: &[] };
const OWNERSHIP: Types = Types { terraform: &["aws_s3_bucket_ownership_controls"], cloudformation: &[] };
const RECORD: Types = Types {
    terraform: &["aws_route53_record"],
    cloudformation: &["AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"],
};

const BUCKET_OF: Field = field("bucket", "-");
const BUCKET_NAMES: [&str; 2] = ["bucket", "BucketName"];
const OWN_WEBSITE: Field = field("website", "WebsiteConfiguration");
const REDIRECT_ALL: Field = field("redirect_all_requests_to", "RedirectAllRequestsTo");
const ROUTING: Field = field("routing_rule|routing_rules", "RoutingRules");
const OWN_ACCESS_BLOCK: Field = field("-", "PublicAccessBlockConfiguration");
const RESTRICTED: Field = field("restrict_public_buckets", "RestrictPublicBuckets");
const IGNORES_ACLS: Field = field("ignore_public_acls", "IgnorePublicAcls");
const REFUSES_POLICIES: Field = field("block_public_policy", "BlockPublicPolicy");
const OWN_LIST: Field = field("acl", "AccessControl");
const OWN_OWNERSHIP: Field = field("-", "OwnershipControls");
const OWNERSHIP_RULES: Field = field("rule", "Rules");
const OBJECT_OWNERSHIP: Field = field("object_ownership", "ObjectOwnership");

/// The website that stands in the bucket itself: CloudFormation, and Terraform before version 4 of the provider.
fn describe_own<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for site in block.children(OWN_WEBSITE) {
        match site.value {
            Child::Block(site) => describe_site(draft, block.id, &site, block.owner.exists.when(), None),
            Child::Unknown(doubt) => describe_site(draft, block.id, block, block.owner.exists.when(), Some(&doubt)),
        }
    }
}

fn describe_separate<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, BUCKET_OF) {
        let mut buckets = link.value.named(draft.world, block.id, BUCKET, &BUCKET_NAMES);
        buckets.retain(|id| BUCKET.holds(&draft.world.resource(*id).type_name));
        // The website may be all that the code says of a bucket which is made elsewhere.
        if buckets.is_empty() {
            buckets.push(block.id);
        }
        let when = When::both(block.owner.exists.when(), link.when.as_ref());
        for bucket in buckets {
            if draft.home(bucket).is_none() {
                s3::node(draft, &draft.world.block(bucket));
            }
            if bucket != block.id {
                draft.stand_for(block.id, Destination::resource(bucket));
            }
            describe_site(draft, bucket, block, when.as_ref(), None);
        }
    }
}

/// A website that redirects everything sends nothing on and hands nothing out.
fn describe_site<'a>(
    draft: &mut Draft<'a>,
    bucket: ResourceId,
    site: &Block<'a>,
    when: Option<&When>,
    unread: Option<&Doubt>,
) {
    if draft.home(bucket).is_none() {
        return;
    }
    let Some(way) = way_in(draft.world, bucket, site) else { return };
    let routed = redirected_by_rule(site);
    let Some(not_routed) = When::otherwise(routed.iter().map(Option::as_ref)) else { return };
    let when = When::both(when, not_routed.as_ref());
    let when = when.as_ref();
    for Alternative { when: kept, value } in site.presence(REDIRECT_ALL) {
        let redirected = match value {
            Presence::Absent => None,
            Presence::Block(_) => continue,
            Presence::Unknown(doubt) => Some(doubt),
        };
        let when = When::both(when, kept.as_ref());
        let way = Way { doubt: way.doubt.clone().or_else(|| unread.cloned()).or(redirected), ..way.clone() };
        hand_out(draft, bucket, site, when.as_ref(), way);
    }
}

/// When a routing rule redirects all requests: "If the routing rule does not include a condition, the rule is applied to all
/// requests", and rules before it redirect too. Source: "Configuring a webpage redirect" of the Amazon S3 user guide.
fn redirected_by_rule(site: &Block<'_>) -> Vec<Option<When>> {
    let redirects = |rules: &Value| rules.as_list().unwrap_or_default().iter().any(is_redirect_of_all);
    let found = site.values(ROUTING).into_iter().filter(|(_, rules)| {
        let document = document::json(rules.value);
        redirects(document.as_ref().unwrap_or(rules.value))
    });
    found.map(|(when, _)| when).collect()
}

/// Whether a rule redirects and has no condition, in the spellings of both languages and of the document that Terraform takes.
fn is_redirect_of_all(rule: &Value) -> bool {
    let is_left_out = |value: &Value| value.is_null() || value.as_list().is_some_and(<[Value]>::is_empty);
    let has = |names: [&str; 3]| names.iter().any(|name| rule.get(name).is_some_and(|value| !is_left_out(value)));
    has(["redirect", "Redirect", "RedirectRule"]) && !has(["condition", "Condition", "RoutingRuleCondition"])
}

/// Whether the website of a bucket, or a website's own resource, surely answers all requests with redirects.
pub(super) fn only_redirects(world: &World<'_>, id: ResourceId) -> bool {
    let block = world.block(id);
    let sites = match WEBSITE.holds(&block.owner.type_name) {
        true => vec![block],
        false => {
            let separate = world.referrers(id, WEBSITE).into_iter().map(|site| world.block(site));
            separate.chain(block.known_blocks(OWN_WEBSITE)).collect()
        }
    };
    let of_all = |site: &Block<'_>| site.known_blocks(REDIRECT_ALL).iter().any(|block| block.when.is_none());
    sites.iter().any(|site| of_all(site) || redirected_by_rule(site).iter().any(Option::is_none))
}

fn hand_out<'a>(draft: &mut Draft<'a>, bucket: ResourceId, site: &Block<'a>, when: Option<&When>, way: Way) {
    let meaning = "the bucket's website endpoint speaks HTTP only";
    let remedy = "close the bucket to the public and serve it through CloudFront with origin access control";
    let evidence = Evidence::new("website endpoint", meaning, site.place()).mended_by(remedy);
    let (from, own) = (draft.internet, site.id == bucket);
    let when = When::both(when, site.when.as_ref());
    draft.send(PendingHop {
        from,
        to: Destination::resource(bucket).at_port(Some(80)),
        legs: vec![Leg::new(Transport::Plaintext, vec![evidence])],
        via: if own { Vec::new() } else { vec![site.owner.address.shared()] },
        evidence: way.evidence,
        when: When::both(when.as_ref(), way.when.as_ref()),
        segment: Segment::Request,
        doubt: way.doubt,
    });
}

/// How the internet comes to the objects by the website endpoint.
#[derive(Clone, Default)]
struct Way {
    when: Option<When>,
    evidence: Vec<Evidence>,
    doubt: Option<Doubt>,
}

/// None where the endpoint surely hands nothing out. A DNS record that leads there says that viewers are sent there, whatever
/// of the bucket is not in this code.
fn way_in<'a>(world: &World<'a>, bucket: ResourceId, site: &Block<'a>) -> Option<Way> {
    let access = Access::of(world, &world.block(bucket));
    if access.closed {
        return None;
    }
    let open = |way: &Way| way.when.is_none();
    let named = by_name(world, bucket, site);
    let mut ways = access.ways.into_iter().chain(named).collect::<Vec<_>>();
    if let Some(at) = ways.iter().position(open) {
        return Some(ways.swap_remove(at));
    }
    ways.into_iter().next().or_else(|| {
        let what = format!("whether everybody can read {}", world.address(bucket));
        let message = access.unsure.unwrap_or_else(|| format!("{what} is not in this code"));
        let settle = "block public access to the bucket, or take its website endpoint away";
        let doubt = Doubt::new(what, message, settle, Some(site.place()));
        Some(Way { doubt: Some(doubt), ..Way::default() })
    })
}

/// What the bucket's policies and its block of public access say together.
#[derive(Default)]
struct Access {
    closed: bool,
    ways: Vec<Way>,
    unsure: Option<String>,
}

impl Access {
    fn of<'a>(world: &World<'a>, bucket: &Block<'a>) -> Self {
        let mut blocks = set_up_by(world, bucket, ACCESS_BLOCK);
        blocks.extend(bucket.known_blocks(OWN_ACCESS_BLOCK).into_iter().map(|block| (block.clone(), block.when)));
        // Objects may be public by lists of their own, unless those are ignored or cannot be.
        let (lists, mentioned_when) = Lists::of(world, bucket);
        let closes = |block: &Block<'_>| {
            is_on(block, RESTRICTED) == Some(true) && (lists == Lists::Off || is_on(block, IGNORES_ACLS) == Some(true))
        };
        let lets = |block: &Block<'_>| {
            is_on(block, RESTRICTED) == Some(false) && is_on(block, REFUSES_POLICIES) == Some(false)
        };
        let mut access =
            Self { closed: blocks.iter().any(|(block, when)| when.is_none() && closes(block)), ..Self::default() };
        let unblocked =
            blocks.iter().all(|(block, _)| lets(block)) && bucket.unknown_along(&[OWN_ACCESS_BLOCK]).is_none();
        let documents = documents(world, bucket);
        let for_nobody = documents.iter().all(|(_, document)| judge(document.value) == Verdict::Nobody);
        let always_set = When::otherwise(documents.iter().map(|(when, _)| when.as_ref())).is_none();
        access.closed |= for_nobody && always_set && lists != Lists::Perhaps;
        let lists_decide = for_nobody && always_set && !access.closed;
        for (when, document) in documents {
            access.add(&document, unblocked, when);
        }
        if lists_decide {
            let message = "the bucket policy lets no stranger read, and single objects may be public by access lists of \
                           their own";
            access.unsure.get_or_insert_with(|| match &mentioned_when {
                Some(when) => format!("{message} when {}", when.text()),
                None => message.to_owned(),
            });
        }
        access
    }

    fn add(&mut self, document: &Block<'_>, unblocked: bool, when: Option<When>) {
        match judge(document.value) {
            Verdict::RefusesHttp if when.is_none() => self.closed = true,
            Verdict::Everybody if unblocked => {
                let meaning = "the bucket policy lets everybody read the objects";
                let span = document.value.span();
                let evidence = vec![Evidence::new("bucket policy", meaning, span).along(document.value)];
                self.ways.push(Way { when, evidence, doubt: None });
            }
            Verdict::Everybody => {
                let message = "the bucket policy lets everybody read, and the block of public access may prevent it";
                self.unsure.get_or_insert_with(|| message.to_owned());
            }
            Verdict::Unsure(message) => {
                self.unsure.get_or_insert(message);
            }
            Verdict::Nobody | Verdict::RefusesHttp => {}
        }
    }
}

/// Whether access control lists of single objects mean anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lists {
    /// The code says that they do not.
    Off,
    /// "By default, Object Ownership is set to the Bucket owner enforced setting, and all ACLs are disabled." Source: "Access
    /// control list (ACL) overview" of the Amazon S3 user guide.
    OffByDefault,
    Perhaps,
}

impl Lists {
    /// With the condition without which the code does not mention lists.
    fn of<'a>(world: &World<'a>, bucket: &Block<'a>) -> (Self, Option<When>) {
        let ownership = set_up_by(world, bucket, OWNERSHIP);
        let lists = set_up_by(world, bucket, LISTS);
        let silent = !bucket.has(OWN_OWNERSHIP) && !bucket.has(OWN_LIST);
        let mentions = ownership.iter().chain(&lists).map(|(_, when)| when.as_ref());
        let only_when = When::any_of(mentions).filter(|_| silent);
        let mut controls = bucket.known_blocks(OWN_OWNERSHIP);
        controls.extend(ownership.into_iter().map(|(control, when)| control.given(when.as_ref())));
        let rules: Vec<_> = controls.iter().flat_map(|control| control.known_blocks(OWNERSHIP_RULES)).collect();
        let enforced = |rule: &Block<'_>| {
            rule.when.is_none() && rule.text(OBJECT_OWNERSHIP).as_deref() == Some("BucketOwnerEnforced")
        };
        if rules.iter().any(enforced) {
            return (Self::Off, only_when);
        }
        let mentioned = !controls.is_empty() || !silent || !lists.is_empty();
        (if mentioned { Self::Perhaps } else { Self::OffByDefault }, only_when)
    }
}

/// A switch that is off when absent; `None` where it is not known or depends on a condition.
fn is_on(block: &Block<'_>, switch: Field) -> Option<bool> {
    match block.setting(switch).as_slice() {
        [Alternative { value: Setting::Absent, .. }] => Some(false),
        [Alternative { value: Setting::Text(text, _), .. }] => Some(text.eq_ignore_ascii_case("true")),
        _ => None,
    }
}

/// DNS records of the code that lead viewers to the endpoint.
fn by_name<'a>(world: &World<'a>, bucket: ResourceId, site: &Block<'a>) -> Vec<Way> {
    let mut records = world.referrers(bucket, RECORD);
    records.extend(world.referrers(site.id, RECORD));
    records.sort_unstable();
    records.dedup();
    let leads_there = |record: &ResourceId| {
        let body = &world.resource(*record).body;
        body.references().into_iter().any(|reference| {
            let here = world.find(*record, &reference.target).is_some_and(|id| id == bucket || id == site.id);
            here && reference.attribute.to_ascii_lowercase().contains("website")
        })
    };
    let way = |record: ResourceId| {
        let resource = world.resource(record);
        let meaning = "this DNS record sends viewers to the website endpoint";
        let evidence = vec![Evidence::new(resource.address.as_str(), meaning, resource.header)];
        Way { when: resource.exists.when().cloned(), evidence, doubt: None }
    };
    records.into_iter().filter(leads_there).map(way).collect()
}
