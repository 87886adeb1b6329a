//! Which requests of a host a pattern or an expression surely matches, or may match.

use super::zone::Zone;
use crate::glob;
use crate::services::read::{Block, Field};

/// Whether a pattern may match requests for the zone's name.
pub(super) fn may_match(rule: &Block<'_>, pattern: Field, zone: &Zone) -> bool {
    match (rule.text(pattern), &zone.host) {
        (Some(pattern), Some(host)) => is_host(host_pattern(&pattern), host),
        _ => true,
    }
}

/// Whether the pattern matches every request for the host.
pub(super) fn covers_host(pattern: &str, host: &str) -> bool {
    pattern.ends_with("/*") && pattern.matches('/').count() == 1 && is_host(host_pattern(pattern), host)
}

/// The host's part of `https://*.example.com/path*`. Where it ends in a wildcard, the wildcard covers the path too.
fn host_pattern(pattern: &str) -> &str {
    let rest = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Names of hosts are the same in any case.
fn is_host(pattern: &str, host: &str) -> bool {
    glob::fits(&pattern.to_ascii_lowercase(), &host.to_ascii_lowercase())
}

/// Whether an expression surely matches every HTTP request for the host: `not ssl`, with or without the host's name.
pub(super) fn is_every_http(expression: &str, host: Option<&str>) -> bool {
    let text = without_brackets(expression);
    let mut names_scheme = false;
    let every = text.split(" and ").map(without_brackets).all(|part| {
        let is_plain = part.split_whitespace().eq(["not", "ssl"]);
        names_scheme |= is_plain;
        is_plain || matches!(Scope::of(part), Scope::Host(name) if host == Some(name))
    });
    every && names_scheme
}

/// The expression without the brackets around all of it.
fn without_brackets(expression: &str) -> &str {
    let text = expression.trim();
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match inner.filter(|inner| !inner.contains(['(', ')'])) {
        Some(inner) => inner.trim(),
        None => text,
    }
}

/// Which requests an expression matches, as far as its form is certain.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scope<'e> {
    Everything,
    /// All requests for one host, and no others.
    Host(&'e str),
    Unclear,
}

impl<'e> Scope<'e> {
    /// `true`, or the comparison with a host's name alone; anything else may match any requests.
    pub fn of(expression: &'e str) -> Self {
        let text = without_brackets(expression);
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("true"), None, None, None) => Self::Everything,
            (Some("http.host"), Some("eq" | "=="), Some(name), None) => {
                let host = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                host.map_or(Self::Unclear, Self::Host)
            }
            _ => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_hosts() {
        assert!(is_host("*.example.com", "www.example.com"));
        assert!(is_host("*example.com", "example.com"));
        assert!(is_host("WWW.example.com", "www.example.com"));
        assert!(!is_host("*.example.com", "example.com"));
        assert!(!is_host("api.example.com", "www.example.com"));
        assert_eq!(host_pattern("https://*.example.com/admin/*"), "*.example.com");
    }

    #[test]
    fn only_a_pattern_for_all_paths_covers_a_host() {
        assert!(covers_host("www.example.com/*", "www.example.com"));
        assert!(!covers_host("www.example.com/api/*", "www.example.com"));
        assert!(!covers_host("www.example.com", "www.example.com"));
    }

    #[test]
    fn every_http_request_is_what_came_without_tls() {
        let host = Some("www.example.com");
        assert!(is_every_http("(not ssl)", host));
        assert!(is_every_http("(http.host eq \"www.example.com\") and (not ssl)", host));
        assert!(is_every_http("(http.host eq \"www.example.com\" and not ssl)", host));
        assert!(!is_every_http("(http.host eq \"api.example.com\" and not ssl)", host));
        assert!(!is_every_http("not ssl and not http.request.uri.path eq \"/health\"", host));
        assert!(!is_every_http("not ssl or ssl", host));
        assert!(!is_every_http("http.host eq \"www.example.com\"", host));
    }

    #[test]
    fn only_the_host_alone_is_every_request_for_it() {
        assert_eq!(Scope::of("true"), Scope::Everything);
        assert_eq!(Scope::of("(http.host eq \"www.example.com\")"), Scope::Host("www.example.com"));
        assert_eq!(Scope::of("http.host eq \"www.example.com\" and ssl"), Scope::Unclear);
        assert_eq!(Scope::of("(ssl) or (true)"), Scope::Unclear);
    }
}
