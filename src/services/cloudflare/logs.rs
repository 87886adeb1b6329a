//! Logs of requests that Cloudflare hands on: who receives them sees what their fields name.

use super::zone::{self, Zone};
use crate::model::{Companion, Evidence};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::Value;

const JOB: Types = Types { terraform: &["cloudflare_logpush_job"], cloudformation: &[] };
const RETENTION: Types = Types { terraform: &["cloudflare_logpull_retention"], cloudformation: &[] };

const DATASET: Field = field("dataset", "-");
const ENABLED: Field = field("enabled", "-");
const OUTPUT: Field = field("output_options", "-");
const NAMES: Field = field("field_names", "-");
const OPTIONS: Field = field("logpull_options", "-");
const FLAG: Field = field("flag|enabled", "-");

/// Fields of requests that hold what the client sent besides the address: headers, and cookies with sessions in them.
///
/// Source: "HTTP requests" and "Custom fields" of the Logs documentation.
const CONTENTS: [&str; 3] = ["Cookies", "RequestHeaders", "ResponseHeaders"];

/// Whoever receives the logs of the zone's requests. Bodies are in none of them; addresses are in nearly all.
pub(super) fn readers(world: &World<'_>, zone: &Zone) -> Vec<Companion> {
    let mut found = Vec::new();
    for (job, perhaps) in zone.all_possible(world, JOB) {
        let of_requests = job.text(DATASET).is_none_or(|dataset| dataset == "http_requests");
        if !of_requests || job.get(ENABLED).and_then(Value::as_bool) == Some(false) {
            continue;
        }
        let contents = contents(&job);
        let is_on = job.get(ENABLED).and_then(Value::as_bool) == Some(true) && job.owner.exists.when().is_none();
        let certain = contents.is_some() && is_on && perhaps.is_none();
        let (fact, span) = match contents {
            Some((name, value)) => (name, value.span()),
            None => ("Logpush job".to_owned(), job.place()),
        };
        let meaning = zone::meaning("logs of the requests go there", perhaps.as_ref());
        found.push(Companion::inside("whoever receives the Logpush logs", Evidence::new(fact, meaning, span), certain));
    }
    for (retention, perhaps) in zone.all_possible(world, RETENTION) {
        if retention.get(FLAG).and_then(Value::as_bool) != Some(false) {
            let meaning = zone::meaning("logs of the requests can be pulled", perhaps.as_ref());
            let evidence = Evidence::new("log retention", meaning, retention.place());
            found.push(Companion::inside("whoever pulls the logs", evidence, false));
        }
    }
    found
}

/// A field of the job that holds more than the address, as the code writes it.
fn contents<'a>(job: &Block<'a>) -> Option<(String, &'a Value)> {
    let lists = job.known_blocks(OUTPUT).into_iter().filter_map(|output| output.get(NAMES));
    let names = lists.filter_map(Value::as_list).flatten();
    let listed = names.filter_map(|value| Some((value.as_str()?, value))).find(|(name, _)| CONTENTS.contains(name));
    if let Some((name, value)) = listed {
        return Some((name.to_owned(), value));
    }
    let options = job.get(OPTIONS)?;
    let text = options.as_str()?;
    let fields = text.split('&').find_map(|option| option.strip_prefix("fields="))?;
    let name = fields.split(',').find(|name| CONTENTS.contains(name))?;
    Some((name.to_owned(), options))
}
