//! Logs of CloudFront that hold parts of requests: whoever reads the log reads those.
//!
//! No log holds bodies, so it only may hold what a claim is about. Lines with no more than addresses and paths count for
//! nothing. Source: "Standard logging (access logs)" and "Use real-time access logs" of the CloudFront guide.

use super::DISTRIBUTION;
use crate::model::{Companion, Evidence, NodeId};
use crate::services::aim::Sought;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::{Kind, Value};

const REAL_TIME: Types = Types {
    terraform: &["aws_cloudfront_realtime_log_config"],
    cloudformation: &["AWS::CloudFront::RealtimeLogConfig"],
};

const REAL_TIME_LOG: Field = field("realtime_log_config_arn", "RealtimeLogConfigArn");
const FIELDS: Field = field("fields", "Fields");
const STANDARD_LOG: Field = field("logging_config", "Logging");
const COOKIES: Field = field("include_cookies", "IncludeCookies");

/// A standard log of the second version: a source of the distribution's log, joined to where it goes by a delivery.
const SOURCE: Types =
    Types { terraform: &["aws_cloudwatch_log_delivery_source"], cloudformation: &["AWS::Logs::DeliverySource"] };
const DELIVERY: Types = Types { terraform: &["aws_cloudwatch_log_delivery"], cloudformation: &["AWS::Logs::Delivery"] };
const LOGGED: Field = field("resource_arn", "ResourceArn");
const LOG_TYPE: Field = field("log_type", "LogType");
const SOURCE_NAME: Field = field("name", "Name");
const DELIVERED: Field = field("delivery_source_name", "DeliverySourceName");
const RECORD_FIELDS: Field = field("record_fields", "RecordFields");
const ANY_DISTRIBUTION: Sought =
    Sought { types: DISTRIBUTION, aliases: None, told: field("id", "-"), named: None, global: true };
const ANY_SOURCE: Sought =
    Sought { types: SOURCE, aliases: None, told: SOURCE_NAME, named: Some((SOURCE, SOURCE_NAME)), global: true };

/// Fields that hold what a client sends, of real-time logs and of standard logs of the second version: every header, the
/// cookies, the query of the URL.
const TELLING: [&str; 4] = ["cs-headers", "cs-cookie", "cs-uri-query", "cs(Cookie)"];

/// A behaviour's real-time log, which goes to a Kinesis stream.
pub(super) fn describe_real_time<'a>(draft: &mut Draft<'a>, node: NodeId, behaviour: &Block<'a>) {
    let party = "the CloudFront real-time log";
    for link in behaviour.links(draft.world, REAL_TIME_LOG) {
        let config = match link.value {
            Link::Resource { id, .. } if REAL_TIME.holds(&draft.world.resource(id).type_name) => {
                Some(draft.world.block(id))
            }
            _ => None,
        };
        let Some(evidence) = fields(behaviour, config.as_ref()) else { continue };
        let address = config.map(|config| config.owner.address.shared());
        let known = |other: &Companion| other.address == address && other.evidence.span == evidence.span;
        if !draft.model.node(node).companions.iter().any(known) {
            draft.companion(node, Companion { address, ..Companion::inside(party, evidence, false) });
        }
    }
}

/// What the log holds of requests; `None` for a log that surely holds none of it.
fn fields(behaviour: &Block<'_>, config: Option<&Block<'_>>) -> Option<Evidence> {
    let Some((config, value)) = config.and_then(|config| Some((config, config.get(FIELDS)?))) else {
        let name = REAL_TIME_LOG.spelling(behaviour.language());
        let span = behaviour.get(REAL_TIME_LOG).map_or(behaviour.place(), Value::span);
        return Some(Evidence::new(name, "which fields this real-time log holds is not in this code", span));
    };
    telling_fields(config, FIELDS, value, "real-time log")
}

/// Those of the listed fields that hold what a client sends; `None` where there surely is none.
fn telling_fields(config: &Block<'_>, fields: Field, value: &Value, log: &str) -> Option<Evidence> {
    let (mut telling, mut unknown) = (Vec::new(), false);
    value.visit(&mut |inner| match &inner.kind {
        Kind::String(text) => telling.extend(TELLING.into_iter().find(|field| **field == **text)),
        Kind::List(_) | Kind::Choice(_) => {}
        _ => unknown = true,
    });
    if telling.is_empty() && !unknown {
        return None;
    }
    let meaning = match telling.is_empty() {
        true => format!("it is not known which fields of the requests are in the {log}"),
        false => format!("these fields of every request are in the {log}"),
    };
    Some(config.stated(fields, &telling.join(", "), value, meaning))
}

/// The distribution's own log: it holds the query and the `Referer` header of every request, and cookies where that is
/// switched on. Source: "Standard log file fields".
pub(super) fn describe_standard<'a>(draft: &mut Draft<'a>, node: NodeId, config: &Block<'a>) {
    let party = "the CloudFront log";
    for log in draft.readers(node, config, &[STANDARD_LOG], party) {
        let cookies = log.switched_on(COOKIES, "true", "the cookies and queries of every request are in the log");
        let queries = || {
            let name = STANDARD_LOG.spelling(log.language());
            Evidence::new(name, "the queries of all requests are in the log", log.place())
        };
        let evidence = cookies.map_or_else(queries, |(evidence, _)| evidence);
        draft.companion(node, Companion::inside(party, evidence, false));
    }
}

/// Standard logs of the second version, which are resources of their own. A delivery that names no fields takes the log's
/// default ones, with the query among them. Source: "Configure standard logging (v2)" and `CreateDelivery`, `recordFields`.
pub(super) fn describe_delivered<'a>(draft: &mut Draft<'a>, node: NodeId, distribution: &Block<'a>) {
    let world = draft.world;
    for (source, _) in ANY_DISTRIBUTION.pointing(world, distribution.id, SOURCE, LOGGED) {
        if source.text(LOG_TYPE).is_some_and(|kind| kind != "ACCESS_LOGS") {
            continue;
        }
        for (delivery, _) in ANY_SOURCE.pointing(world, source.id, DELIVERY, DELIVERED) {
            let evidence = match delivery.get(RECORD_FIELDS).filter(|fields| !fields.is_null()) {
                Some(fields) => telling_fields(&delivery, RECORD_FIELDS, fields, "log"),
                None => {
                    let meaning = "the queries of all requests are in the log";
                    Some(delivery.defaulted(RECORD_FIELDS, "the standard fields", meaning))
                }
            };
            if let Some(evidence) = evidence {
                draft.companion(node, Companion::inside("the CloudFront log", evidence, false));
            }
        }
    }
}
