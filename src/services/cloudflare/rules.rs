//! Rules that change a zone's settings for some requests: page rules, rulesets, and code at the edge.
//!
//! Whether a rule applies to a request is decided by its pattern or expression: what it then does has that as a condition,
//! and where it may lead elsewhere it leaves a doubt.
//! Rulesets go before page rules; of several rules in a ruleset the last one that matches decides, of several page rules
//! the one of the highest priority. Source: "Origin Rules FAQ", "Order and priority" and "Page Rules" of the Rules
//! documentation.

use super::code::{snippet_rules, worker_routes};
use super::pattern::{Scope, covers_host, is_every_http, may_match};
use super::zone::{State, Zone, alternatives};
use crate::model::Doubt;
use crate::services::read::{Alternative, Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::{Value, When};

const PAGE_RULE: Types = Types { terraform: &["cloudflare_page_rule"], cloudformation: &[] };
const RULESET: Types = Types { terraform: &["cloudflare_ruleset"], cloudformation: &[] };
/// Sends requests to a bucket of a cloud.
const CLOUD_CONNECTOR: Types = Types { terraform: &["cloudflare_cloud_connector_rules"], cloudformation: &[] };

const TARGET: Field = field("target", "-");
const STATUS: Field = field("status", "-");
const ACTIONS: Field = field("actions", "-");
const ALWAYS_USE_HTTPS: Field = field("always_use_https", "-");
const FORWARDING: Field = field("forwarding_url", "-");
const SSL: Field = field("ssl", "-");
const RESOLVE_OVERRIDE: Field = field("resolve_override", "-");
const PHASE: Field = field("phase", "-");
const RULES: Field = field("rules", "-");
const ENABLED: Field = field("enabled", "-");
const EXPRESSION: Field = field("expression", "-");
const PARAMETERS: Field = field("action_parameters", "-");
const ORIGIN: Field = field("origin", "-");
const ACTION: Field = field("action", "-");
const FROM_VALUE: Field = field("from_value", "-");
const TARGET_URL: Field = field("target_url", "-");
const TARGET_VALUE: Field = field("value", "-");

/// An SSL mode for the requests that a rule matches.
pub(super) struct Override<'a> {
    pub modes: Vec<Alternative<State<'a>>>,
    /// That the rule matches the request.
    pub when: When,
    /// It surely matches every request for the zone's name.
    pub covers: bool,
}

/// Rules of the zone that set another SSL mode, those that go before others last.
pub(super) fn overrides<'a>(world: &World<'a>, zone: &Zone) -> Vec<Override<'a>> {
    let page_rules = page_rules(world, zone);
    let only_one = page_rules.len() == 1;
    let rules = page_rules.into_iter().map(|rule| Actions { covers: rule.covers && only_one, ..rule });
    let actions = rules.chain(ruleset_parameters(world, zone));
    let with_mode = actions.filter(|rule| rule.block.has(SSL));
    let found = with_mode.map(|Actions { block, covers }| Override {
        modes: alternatives(&block, SSL, block.owner.exists.when()),
        when: When::atom(format!("{} matches the request", block.owner.address)),
        covers,
    });
    found.collect()
}

/// Rules and code that may send a request elsewhere than the record says.
pub(super) fn reroutes(world: &World<'_>, zone: &Zone) -> Vec<Doubt> {
    let elsewhere = "may send the requests that it matches to another origin";
    let pages = page_rules(world, zone).into_iter().filter(|rule| rule.block.has(RESOLVE_OVERRIDE));
    let rules = ruleset_parameters(world, zone).into_iter().filter(|rule| rule.block.has(ORIGIN));
    let mut found: Vec<_> = pages.chain(rules).map(|rule| may_apply(&rule.block, elsewhere)).collect();
    let buckets = zone.all_possible(world, CLOUD_CONNECTOR);
    found.extend(buckets.iter().map(|(block, _)| may_apply(block, elsewhere)));
    let code = worker_routes(world, zone).into_iter().chain(snippet_rules(world, zone));
    found.extend(code.map(|(block, _)| may_apply(&block, "runs code that may send requests to another origin")));
    found.extend(unread(world, zone));
    found
}

/// A rule that redirects, or may redirect, HTTP to HTTPS.
pub(super) struct Redirect {
    /// It surely redirects every HTTP request for the zone's name.
    pub covers: bool,
    pub doubt: Doubt,
}

/// Rules that may redirect HTTP to HTTPS. What a redirect rule answers goes no further, whichever of them it is; of page rules
/// only one takes effect on a request, so that one beside others is not sure to. Source: "Single Redirects" and "Page Rules".
pub(super) fn redirects(world: &World<'_>, zone: &Zone) -> Vec<Redirect> {
    let pages: Vec<_> = active_page_rules(world, zone).filter(|rule| !is_for(rule, "https")).collect();
    let is_only = pages.len() == 1 && zone.perhaps(world, PAGE_RULE).is_empty();
    let mut found = Vec::new();
    for rule in pages {
        let covers = is_only && covers_http(&rule, zone);
        for actions in rule.known_blocks(ACTIONS) {
            let redirects = actions.get(ALWAYS_USE_HTTPS).and_then(Value::as_bool);
            if actions.has(FORWARDING) || actions.has(ALWAYS_USE_HTTPS) && redirects != Some(false) {
                let covers = covers && actions.when.is_none() && redirects == Some(true);
                found.push(Redirect { covers, doubt: may_redirect(&actions) });
            }
        }
    }
    for (ruleset, perhaps) in zone.all_possible(world, RULESET) {
        if ruleset.text(PHASE).as_deref() == Some("http_request_dynamic_redirect") {
            let certain = perhaps.is_none() && ruleset.owner.exists.when().is_none();
            let covers = certain && ruleset.known_blocks(RULES).iter().any(|rule| redirects_http(rule, zone));
            found.push(Redirect { covers, doubt: may_redirect(&ruleset) });
        }
    }
    found
}

fn may_redirect(block: &Block<'_>) -> Doubt {
    may_apply(block, "may redirect HTTP to HTTPS for the requests that it matches")
}

/// Whether a page rule is for the requests of one scheme only, and for those of this one.
fn is_for(rule: &Block<'_>, scheme: &str) -> bool {
    let pattern = rule.text(TARGET);
    pattern.is_some_and(|pattern| pattern.split_once("://").is_some_and(|(own, _)| own.eq_ignore_ascii_case(scheme)))
}

/// Whether a page rule surely is for every HTTP request for the zone's name.
fn covers_http(rule: &Block<'_>, zone: &Zone) -> bool {
    let pattern = rule.text(TARGET);
    let pattern = pattern.as_deref().map(|pattern| pattern.strip_prefix("http://").unwrap_or(pattern));
    let covers = pattern.zip(zone.host.as_deref()).is_some_and(|(pattern, host)| covers_host(pattern, host));
    covers && rule.owner.exists.when().is_none() && is_written_on(rule, STATUS, "active")
}

/// Whether a rule surely redirects every HTTP request for the zone's name to HTTPS.
fn redirects_http(rule: &Block<'_>, zone: &Zone) -> bool {
    let expression = rule.text(EXPRESSION).unwrap_or_default();
    let matches = rule.when.is_none()
        && is_written_on(rule, ENABLED, "true")
        && rule.text(ACTION).as_deref() == Some("redirect")
        && is_every_http(&expression, zone.host.as_deref());
    let to_https = |target: &Block<'_>| {
        let value = target.text(TARGET_VALUE).unwrap_or_default();
        let written = target.text(EXPRESSION).unwrap_or_default().replace(' ', "");
        target.when.is_none() && (value.starts_with("https://") || written.starts_with("concat(\"https://"))
    };
    matches && rule.known_along(&[PARAMETERS, FROM_VALUE, TARGET_URL]).iter().any(to_https)
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

/// What a rule does.
struct Actions<'a> {
    block: Block<'a>,
    covers: bool,
}

/// The actions of page rules, as far as they are known.
fn page_rules<'a>(world: &World<'a>, zone: &Zone) -> Vec<Actions<'a>> {
    let actions = |rule: Block<'a>| {
        let pattern = rule.text(TARGET);
        let covers = match (&pattern, &zone.host) {
            (Some(pattern), Some(host)) => covers_host(pattern, host) && !pattern.contains("://"),
            _ => false,
        };
        let covers = covers && rule.owner.exists.when().is_none() && is_written_on(&rule, STATUS, "active");
        rule.known_blocks(ACTIONS)
            .into_iter()
            .map(move |block| Actions { covers: covers && block.when.is_none(), block })
    };
    active_page_rules(world, zone).flat_map(actions).collect()
}

/// Page rules that are not switched off and may match the zone's name.
fn active_page_rules<'a>(world: &World<'a>, zone: &Zone) -> impl Iterator<Item = Block<'a>> {
    let rules = zone.members(world, PAGE_RULE).into_iter();
    rules.filter(move |rule| !is_off(rule) && may_match(rule, TARGET, zone))
}

/// Without a status, a rule of version 4 is active and one of version 5, where the actions are an attribute, is disabled.
/// Source: the schema of `cloudflare_page_rule` in both versions of the provider.
fn is_off(rule: &Block<'_>) -> bool {
    let is_attribute = rule.get(ACTIONS).is_some_and(|actions| actions.as_object().is_some());
    match rule.text(STATUS) {
        Some(status) => status.eq_ignore_ascii_case("disabled"),
        None => !rule.has(STATUS) && is_attribute,
    }
}

fn is_written_on(rule: &Block<'_>, field: Field, on: &str) -> bool {
    !rule.has(field) || rule.text(field).is_some_and(|text| text.eq_ignore_ascii_case(on))
}

fn ruleset_parameters<'a>(world: &World<'a>, zone: &Zone) -> Vec<Actions<'a>> {
    let mut found = Vec::new();
    for ruleset in zone.members(world, RULESET) {
        let settings = ruleset.text(PHASE).as_deref() == Some("http_config_settings");
        let certain = settings && ruleset.owner.exists.when().is_none();
        for rule in ruleset.known_blocks(RULES) {
            if rule.get(ENABLED).and_then(Value::as_bool) == Some(false) {
                continue;
            }
            let expression = rule.text(EXPRESSION).unwrap_or_default();
            let every = match (Scope::of(&expression), &zone.host) {
                (Scope::Everything, _) => true,
                (Scope::Host(name), Some(host)) if host == name => true,
                // Texts compare with case, and a client may write the name in any: "Functions" of the Rules language.
                (Scope::Host(name), Some(host)) if name.eq_ignore_ascii_case(host) => false,
                (Scope::Host(_), Some(_)) => continue,
                (Scope::Host(_), None) | (Scope::Unclear, _) => false,
            };
            let covers = certain && every && rule.when.is_none() && is_written_on(&rule, ENABLED, "true");
            let actions = |block: Block<'a>| Actions { covers: covers && block.when.is_none(), block };
            found.extend(rule.known_blocks(PARAMETERS).into_iter().map(actions));
        }
    }
    found
}

/// Rules that may do anything, since what they do is not known.
fn unread(world: &World<'_>, zone: &Zone) -> Vec<Doubt> {
    let decides = |block: &Block<'_>| {
        block.text(PHASE).is_none_or(|phase| matches!(phase.as_str(), "http_config_settings" | "http_request_origin"))
    };
    let rulesets = zone.members(world, RULESET).into_iter().filter(decides);
    let rulesets = rulesets.filter(|block| block.unknown_along(&[RULES, PARAMETERS]).is_some());
    let pages = active_page_rules(world, zone).filter(|rule| rule.unknown_along(&[ACTIONS]).is_some());
    let known = rulesets.chain(pages).map(|block| may_apply(&block, "has rules that are not known"));
    let pages = zone.perhaps(world, PAGE_RULE).into_iter().map(|(block, _)| block);
    let pages = pages.filter(|rule| !is_off(rule) && may_match(rule, TARGET, zone));
    let elsewhere = zone.perhaps(world, RULESET).into_iter().map(|(block, _)| block).filter(decides).chain(pages);
    known.chain(elsewhere.map(|block| may_apply(&block, "may be for this zone, and may set anything there"))).collect()
}
