//! Code of the customer that runs at Cloudflare's edge and sees the requests of a name: Workers on routes, and snippets.

use super::pattern::{covers_host, may_match};
use super::zone::{self, Zone};
use crate::model::{Companion, Evidence};
use crate::services::read::{Block, Child, Field, field};
use crate::services::world::{Types, World};
use crate::value::{Value, When};

const WORKER_ROUTE: Types =
    Types { terraform: &["cloudflare_workers_route", "cloudflare_worker_route"], cloudformation: &[] };
const SNIPPET_RULES: Types = Types { terraform: &["cloudflare_snippet_rules"], cloudformation: &[] };

const PATTERN: Field = field("pattern", "-");
const SCRIPT: Field = field("script|script_name", "-");
const RULES: Field = field("rules", "-");
const ENABLED: Field = field("enabled", "-");

/// Code at the edge that reads the requests of the zone's name.
pub(super) fn readers(world: &World<'_>, zone: &Zone) -> Vec<Companion> {
    let mut found = Vec::new();
    for (route, perhaps) in worker_routes(world, zone) {
        let pattern = route.text(PATTERN).unwrap_or_default();
        let span = route.get(PATTERN).map_or(route.place(), Value::span);
        let meaning = zone::meaning("the Worker sees the requests", perhaps.as_ref());
        let evidence = Evidence::new(route.spell(PATTERN, &pattern), meaning, span);
        let covers = zone.host.as_ref().is_some_and(|host| covers_host(&pattern, host));
        let certain = covers && perhaps.is_none() && route.owner.exists.when().is_none();
        found.push(Companion::inside("the Cloudflare Worker", evidence, certain));
    }
    for (rules, perhaps) in snippet_rules(world, zone) {
        let meaning = zone::meaning("the snippet sees the requests that it matches", perhaps.as_ref());
        let evidence = Evidence::new("snippet rules", meaning, rules.place());
        found.push(Companion::inside("the Cloudflare snippet", evidence, false));
    }
    found
}

/// A route without a script keeps requests away from Workers.
pub(super) fn worker_routes<'a>(world: &World<'a>, zone: &Zone) -> Vec<(Block<'a>, Option<When>)> {
    let routes = zone.all_possible(world, WORKER_ROUTE).into_iter();
    routes.filter(|(route, _)| route.has(SCRIPT) && may_match(route, PATTERN, zone)).collect()
}

/// Rules of snippets, one of which at least is not switched off.
pub(super) fn snippet_rules<'a>(world: &World<'a>, zone: &Zone) -> Vec<(Block<'a>, Option<When>)> {
    let is_on = |block: &Block<'a>| {
        block.children(RULES).iter().any(|rule| match &rule.value {
            Child::Block(rule) => rule.get(ENABLED).and_then(Value::as_bool) != Some(false),
            Child::Unknown(_) => true,
        })
    };
    zone.all_possible(world, SNIPPET_RULES).into_iter().filter(|(rules, _)| is_on(rules)).collect()
}
