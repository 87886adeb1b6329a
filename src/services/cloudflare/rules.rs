//! Rules that change a zone's settings for some requests: page rules, rulesets, Workers routes and snippets.
//!
//! Whether a rule applies to a request is decided by its pattern or expression; a rule that may apply leaves a doubt.

use super::zone::{State, Zone, alternatives};
use crate::model::{Companion, Doubt};
use crate::services::read::{Alternative, Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::Value;

const PAGE_RULE: Types = Types { terraform: &["cloudflare_page_rule"], cloudformation: &[] };
const RULESET: Types = Types { terraform: &["cloudflare_ruleset"], cloudformation: &[] };
const WORKER_ROUTE: Types =
    Types { terraform: &["cloudflare_workers_route", "cloudflare_worker_route"], cloudformation: &[] };
const SNIPPET_RULES: Types = Types { terraform: &["cloudflare_snippet_rules"], cloudformation: &[] };

const TARGET: Field = field("target", "-");
const STATUS: Field = field("status", "-");
const ACTIONS: Field = field("actions", "-");
const ALWAYS_USE_HTTPS: Field = field("always_use_https", "-");
const SSL: Field = field("ssl", "-");
const RESOLVE_OVERRIDE: Field = field("resolve_override", "-");
const PHASE: Field = field("phase", "-");
const RULES: Field = field("rules", "-");
const ENABLED: Field = field("enabled", "-");
const PARAMETERS: Field = field("action_parameters", "-");
const ORIGIN: Field = field("origin", "-");
const PATTERN: Field = field("pattern", "-");
const SCRIPT: Field = field("script|script_name", "-");

/// An SSL mode for the requests that a rule matches.
pub(super) struct Override<'a> {
    pub modes: Vec<Alternative<State<'a>>>,
    pub doubt: Doubt,
}

/// Rules of the zone that set another SSL mode.
pub(super) fn overrides<'a>(world: &World<'a>, zone: &Zone) -> Vec<Override<'a>> {
    let actions = page_rules(world, zone).into_iter().chain(ruleset_parameters(world, zone));
    let with_mode = actions.filter(|block| block.has(SSL));
    let found = with_mode.map(|block| Override {
        modes: alternatives(&block, SSL, block.owner.exists.when()),
        doubt: may_apply(&block, "sets another SSL mode for the requests that it matches"),
    });
    found.collect()
}

/// Rules and code that may send a request elsewhere than the record says.
pub(super) fn reroutes(world: &World<'_>, zone: &Zone) -> Vec<Doubt> {
    let elsewhere = "may send the requests that it matches to another origin";
    let mut found = Vec::new();
    for block in page_rules(world, zone) {
        if block.has(RESOLVE_OVERRIDE) {
            found.push(may_apply(&block, elsewhere));
        }
    }
    for block in ruleset_parameters(world, zone) {
        if block.has(ORIGIN) {
            found.push(may_apply(&block, elsewhere));
        }
    }
    let code = worker_routes(world, zone).into_iter().chain(zone.members(world, SNIPPET_RULES));
    found.extend(code.map(|block| may_apply(&block, "runs code that may send requests to another origin")));
    found
}

/// Rules that may redirect HTTP to HTTPS.
pub(super) fn redirects(world: &World<'_>, zone: &Zone) -> Vec<Doubt> {
    let pages = page_rules(world, zone).into_iter();
    let by_page = pages.filter(|block| block.get(ALWAYS_USE_HTTPS).is_some_and(|value| value.as_bool() != Some(false)));
    let rulesets = zone.members(world, RULESET).into_iter();
    let by_ruleset = rulesets.filter(|block| block.text(PHASE).as_deref() == Some("http_request_dynamic_redirect"));
    let what = "may redirect HTTP to HTTPS for the requests that it matches";
    by_page.chain(by_ruleset).map(|block| may_apply(&block, what)).collect()
}

/// Code at the edge that reads the requests of the zone's name.
pub(super) fn code(world: &World<'_>, zone: &Zone) -> Vec<Companion> {
    let mut found = Vec::new();
    for route in worker_routes(world, zone) {
        let pattern = route.text(PATTERN).unwrap_or_default();
        let span = route.get(PATTERN).map_or(route.place(), Value::span);
        let evidence =
            crate::model::Evidence::new(route.spell(PATTERN, &pattern), "the Worker sees the requests", span);
        let certain =
            zone.host.as_ref().is_some_and(|host| covers_host(&pattern, host)) && route.owner.exists.when().is_none();
        found.push(Companion::inside("the Cloudflare Worker", evidence, certain));
    }
    for rules in zone.members(world, SNIPPET_RULES) {
        let meaning = "the snippet sees the requests that it matches";
        let evidence = crate::model::Evidence::new("snippet rules", meaning, rules.place());
        found.push(Companion::inside("the Cloudflare snippet", evidence, false));
    }
    found
}

fn may_apply(block: &Block<'_>, what: &str) -> Doubt {
    let address = &block.owner.address;
    Doubt::new(
        format!("which requests {address} matches"),
        format!("{address} {what}"),
        "say in e2e-lint.yaml what is assumed of it, with the reason",
        Some(block.place()),
    )
}

/// The actions of page rules that are not switched off and may match the zone's name.
fn page_rules<'a>(world: &World<'a>, zone: &Zone) -> Vec<Block<'a>> {
    let rules = zone.members(world, PAGE_RULE).into_iter();
    let active = rules.filter(|rule| rule.text(STATUS).as_deref() != Some("disabled") && may_match(rule, TARGET, zone));
    active.flat_map(|rule| rule.blocks(ACTIONS)).collect()
}

fn ruleset_parameters<'a>(world: &World<'a>, zone: &Zone) -> Vec<Block<'a>> {
    let rules = zone.members(world, RULESET).into_iter().flat_map(|ruleset| ruleset.blocks(RULES));
    let active = rules.filter(|rule| rule.get(ENABLED).and_then(Value::as_bool) != Some(false));
    active.flat_map(|rule| rule.blocks(PARAMETERS)).collect()
}

/// A route without a script keeps requests away from Workers.
fn worker_routes<'a>(world: &World<'a>, zone: &Zone) -> Vec<Block<'a>> {
    let routes = zone.members(world, WORKER_ROUTE).into_iter();
    routes.filter(|route| route.has(SCRIPT) && may_match(route, PATTERN, zone)).collect()
}

fn may_match(rule: &Block<'_>, pattern: Field, zone: &Zone) -> bool {
    match (rule.text(pattern), &zone.host) {
        (Some(pattern), Some(host)) => glob(host_pattern(&pattern), host),
        _ => true,
    }
}

/// Whether the pattern matches every request for the host.
fn covers_host(pattern: &str, host: &str) -> bool {
    pattern.ends_with("/*") && pattern.matches('/').count() == 1 && glob(host_pattern(pattern), host)
}

/// The host's part of `https://*.example.com/path*`. Where it ends in a wildcard, the wildcard covers the path too.
fn host_pattern(pattern: &str) -> &str {
    let rest = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Matches `*` against any text. The texts between wildcards are looked for from left to right, each once.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(*part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(*last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_hosts() {
        assert!(glob("*.example.com", "www.example.com"));
        assert!(glob("*example.com", "example.com"));
        assert!(glob("WWW.example.com", "www.example.com"));
        assert!(!glob("*.example.com", "example.com"));
        assert!(!glob("api.example.com", "www.example.com"));
        assert_eq!(host_pattern("https://*.example.com/admin/*"), "*.example.com");
    }

    #[test]
    fn only_a_pattern_for_all_paths_covers_a_host() {
        assert!(covers_host("www.example.com/*", "www.example.com"));
        assert!(!covers_host("www.example.com/api/*", "www.example.com"));
        assert!(!covers_host("www.example.com", "www.example.com"));
    }
}
