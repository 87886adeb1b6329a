//! Addresses that a text spells out: the hosts of URLs, `host:port`, and a text that is nothing but a name.

use super::mention::HOLE;
use super::speech::Url;
use crate::value::secret::Text;
use crate::value::{Kind, Value};

/// A host that a text names.
#[derive(Clone, Debug)]
pub(in crate::services::aws) struct Address {
    /// As it stands in the text, without user and path.
    pub text: Text,
    pub host: Text,
    pub port: Option<i64>,
    /// Set where it is the host of a URL.
    pub url: Option<Url>,
}

/// All addresses in a text. What only deployment can tell is no part of any.
pub(in crate::services::aws) fn addresses(value: &Value) -> Vec<Address> {
    let mut text = String::new();
    match &value.kind {
        Kind::String(whole) => text.push_str(whole),
        Kind::Template(parts) => {
            for part in parts.iter() {
                match part.as_str() {
                    Some(piece) => text.push_str(piece),
                    None => text.push(HOLE),
                }
            }
        }
        _ => return Vec::new(),
    }
    let whole = text.trim();
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '\\' | ','));
    let address = |word: &str| {
        let name = || (word == whole).then(|| bare(word, value)).flatten();
        of_url(word, value).or_else(|| with_port(word, value)).or_else(name)
    };
    words.filter(|word| !word.is_empty()).filter_map(address).collect()
}

fn of_url(word: &str, value: &Value) -> Option<Address> {
    let (start, rest) = word.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let begin = rest[..end].rfind('@').map_or(0, |at| at + 1);
    let length = rest[begin..end].find(':').unwrap_or(end - begin);
    let host = &rest[begin..begin + length];
    if !is_host(host) {
        return None;
    }
    let url = Url::new(start, &rest[begin + length..]);
    let text = format!("{}://{}", url.scheme, &rest[begin..end]);
    let port = url.port.or_else(|| usual_port(&url.scheme));
    Some(Address { text: Text::read_from(value, text), host: Text::read_from(value, host), port, url: Some(url) })
}

fn with_port(word: &str, value: &Value) -> Option<Address> {
    let (host, port) = word.rsplit_once(':')?;
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|_| digits && is_host(host))?;
    Some(Address {
        text: Text::read_from(value, word),
        host: Text::read_from(value, host),
        port: Some(port),
        url: None,
    })
}

fn bare(word: &str, value: &Value) -> Option<Address> {
    let text = || Text::read_from(value, word);
    is_host(word).then(|| Address { text: text(), host: text(), port: None, url: None })
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// The port of a URL that names none. Source: the IANA registry of service names, and the clients' own pages for those
/// that it lacks.
pub(super) fn usual_port(scheme: &str) -> Option<i64> {
    match scheme.split('+').next().unwrap_or(scheme) {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "redis" | "rediss" | "valkey" | "valkeys" => Some(6379),
        "postgres" | "postgresql" => Some(5432),
        "mysql" | "mariadb" => Some(3306),
        "mongodb" => Some(27017),
        "amqp" => Some(5672),
        "amqps" => Some(5671),
        "mqtt" => Some(1883),
        "mqtts" => Some(8883),
        "nats" => Some(4222),
        "ldap" => Some(389),
        "ldaps" => Some(636),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    fn found(text: &str) -> Vec<(String, String, Option<i64>, bool)> {
        let span = Span::new(Sources::new().add("a.tf", ""), 0, 0);
        let all = addresses(&Value::string(text, span)).into_iter();
        all.map(|found| (found.text.into(), found.host.into(), found.port, found.url.is_some())).collect()
    }

    #[test]
    fn urls_ports_and_names_are_told_apart() {
        let one = |text: &str, host: &str, port, url| vec![(text.to_owned(), host.to_owned(), port, url)];
        assert_eq!(found("http://api:8080/v1?x=1"), one("http://api:8080", "api", Some(8080), true));
        assert_eq!(found("https://api.internal"), one("https://api.internal", "api.internal", Some(443), true));
        assert_eq!(found("jdbc:mysql://root:s3cret@db:3306/a"), one("mysql://db:3306", "db", Some(3306), true));
        assert_eq!(found("api:8080"), one("api:8080", "api", Some(8080), false));
        assert_eq!(found(" api "), one("api", "api", None, false));
        assert_eq!(found("the api"), Vec::new());
        assert_eq!(found("arn:aws:sns:eu-west-1:1:topic"), Vec::new());
        assert_eq!(found("http://[::1]:80/"), Vec::new());
    }
}
