//! How a client speaks to a store, as far as the URL that it is given says.

use super::mention::{HOLE, Mention};
use crate::model::Verification;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::services::aws) enum Speech {
    Plaintext,
    Tls(Peers),
    /// The URL leaves it to the client, or there is none.
    Undecided,
}

/// Whether the client verifies the store's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::services::aws) enum Peers {
    Verified,
    Unverified,
    Unknown,
}

impl Peers {
    pub fn verification(self) -> Verification {
        match self {
            Self::Verified => Verification::Verified,
            Self::Unverified => Verification::Unverified,
            Self::Unknown => Verification::Unknown,
        }
    }
}

/// Schemes whose clients speak plaintext.
const PLAINTEXT: [&str; 12] =
    ["http", "ws", "redis", "valkey", "amqp", "mqtt", "ldap", "ftp", "smtp", "memcached", "nats", "mongodb"];
/// Schemes whose clients speak TLS.
const TLS: [&str; 10] =
    ["https", "wss", "rediss", "valkeys", "amqps", "mqtts", "ldaps", "ftps", "smtps", "mongodb+srv"];

/// A URL whose host is what the mention stands for.
#[derive(Clone, Debug)]
pub(in crate::services::aws) struct Url {
    pub scheme: String,
    pub speech: Speech,
    pub port: Option<i64>,
}

impl Url {
    /// `None` where the mention is no URL's host.
    pub(in crate::services::aws::links) fn around(mention: &Mention<'_>) -> Option<Self> {
        let (start, authority) = mention.before.rsplit_once("://")?;
        if authority.contains(['/', '?', '#']) {
            return None;
        }
        Some(Self::new(start, &mention.after))
    }

    /// `start` ends with the scheme, `after` stands behind the host.
    pub fn new(start: &str, after: &str) -> Self {
        let in_scheme = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
        let reversed: String = start.chars().rev().take_while(in_scheme).collect();
        let scheme = reversed.chars().rev().collect::<String>().to_ascii_lowercase();
        let parameters = Parameters::of(after);
        Self { speech: speech(&scheme, &parameters), scheme, port: port_of(after) }
    }
}

/// `:6379/0` gives 6379.
pub(super) fn port_of(after: &str) -> Option<i64> {
    let digits = after.strip_prefix(':')?;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What stands behind the `?` of a URL, keys and values in lower case.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(after: &str) -> Self {
        let query = after.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or(query).to_ascii_lowercase();
        let pair = |text: &str| {
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            (key.replace(['-', '_'], ""), value.to_owned())
        };
        Self(query.split('&').filter(|text| !text.is_empty()).map(pair).collect())
    }

    /// The one value of a key. A key that stands twice says nothing.
    fn get(&self, keys: &[&str]) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| keys.contains(&key.as_str()));
        let first = values.next()?;
        values.next().is_none().then_some(first.1.as_str())
    }

    fn has(&self, keys: &[&str]) -> bool {
        self.0.iter().any(|(key, _)| keys.contains(&key.as_str()))
    }

    /// A key or a value that only deployment can tell may be about TLS.
    fn has_hole(&self) -> bool {
        self.0.iter().any(|(key, _)| key.contains(HOLE))
    }
}

/// Sources: libpq's and the drivers' own pages on connection URLs.
fn speech(scheme: &str, parameters: &Parameters) -> Speech {
    let family = if scheme == "mongodb+srv" { scheme } else { scheme.split('+').next().unwrap_or(scheme) };
    let switch = ["tls", "ssl"];
    match family {
        "postgres" | "postgresql" => of_postgres(parameters),
        "mysql" | "mariadb" => of_mysql(parameters),
        _ if parameters.has_hole() => Speech::Undecided,
        _ if parameters.has(&switch) => match parameters.get(&switch) {
            Some("true" | "1") => Speech::Tls(Peers::Unknown),
            _ => Speech::Undecided,
        },
        _ if PLAINTEXT.contains(&family) => Speech::Plaintext,
        _ if TLS.contains(&family) => Speech::Tls(Peers::Unknown),
        _ => Speech::Undecided,
    }
}

/// Without `sslmode` libpq prefers TLS and falls back to plaintext. `require` encrypts and verifies nobody.
fn of_postgres(parameters: &Parameters) -> Speech {
    if parameters.has_hole() {
        return Speech::Undecided;
    }
    match parameters.get(&["sslmode"]) {
        Some("verify-full") => Speech::Tls(Peers::Verified),
        Some("verify-ca") => Speech::Tls(Peers::Unknown),
        Some("require") => Speech::Tls(Peers::Unverified),
        Some("disable") => Speech::Plaintext,
        _ => Speech::Undecided,
    }
}

fn of_mysql(parameters: &Parameters) -> Speech {
    if parameters.has_hole() {
        return Speech::Undecided;
    }
    match parameters.get(&["sslmode"]) {
        Some("verify_identity") => Speech::Tls(Peers::Verified),
        Some("verify_ca") => Speech::Tls(Peers::Unknown),
        Some("required") => Speech::Tls(Peers::Unverified),
        Some("disabled") => Speech::Plaintext,
        _ => Speech::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_and_its_parameters_decide() {
        let of = |scheme: &str, after: &str| speech(scheme, &Parameters::of(after));
        assert_eq!(of("postgres", "/db"), Speech::Undecided);
        assert_eq!(of("postgresql+psycopg2", "/db?sslmode=verify-full"), Speech::Tls(Peers::Verified));
        assert_eq!(of("postgres", "/db?sslmode=require&sslmode=disable"), Speech::Undecided);
        assert_eq!(of("postgres", "/db?sslmode=disable"), Speech::Plaintext);
        assert_eq!(of("mysql", ":3306/db"), Speech::Undecided);
        assert_eq!(of("mysql", "/db?ssl-mode=REQUIRED"), Speech::Tls(Peers::Unverified));
        assert_eq!(of("redis", ":6379/0"), Speech::Plaintext);
        assert_eq!(of("rediss", ":6379/0"), Speech::Tls(Peers::Unknown));
        assert_eq!(of("mongodb", "/?tls=true"), Speech::Tls(Peers::Unknown));
        assert_eq!(of("mongodb", "/?tls=false"), Speech::Undecided);
        assert_eq!(of("gopher", "/"), Speech::Undecided);
        assert_eq!(port_of(":6379/0"), Some(6379));
    }
}
