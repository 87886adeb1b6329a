//! Configurations that the code hands to servers, as far as they switch TLS off for a port: the `listener` stanzas of Vault,
//! Boundary, Consul and Nomad. One that turns it on proves nothing, because nobody knows whether the server starts with it.
//! Source: "tcp listener configuration" of Vault and of Boundary, `tls_disable`.

use super::links::flat;
use crate::model::{Accepts, Evidence, Face, NodeId};
use crate::services::draft::Draft;
use crate::services::read::Block;
use crate::value::When;

/// Longer stanzas are not read to their end.
const LONGEST: usize = 8 * 1024;

/// Ports that a text of a server's says to serve in the clear.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, node: NodeId, texts: &[Block<'a>]) {
    let mut known: Vec<i64> = Vec::new();
    for text in texts {
        for (when, value) in text.value.alternatives() {
            let when = When::both(text.when.as_ref(), when.as_ref());
            for port in plain_ports(&flat(value)) {
                if known.contains(&port) {
                    continue;
                }
                known.push(port);
                let meaning = "a configuration that the code hands to the server switches TLS off for this port";
                let evidence = Evidence::new(format!("tls_disable on port {port}"), meaning, value.span()).along(value);
                let face = Face { when: when.clone(), accepts: Accepts::Plaintext(vec![evidence]) };
                draft.listen(node, Some(port), vec![face]);
            }
        }
    }
}

fn plain_ports(text: &str) -> Vec<i64> {
    let stanzas = text.match_indices("listener").filter_map(|(at, word)| stanza(text.get(at + word.len()..)?));
    stanzas.filter_map(plain_port).collect()
}

/// What stands between the braces of a block that begins here, behind its label.
fn stanza(text: &str) -> Option<&str> {
    let (label, body) = text.split_once('{')?;
    let is_label = |c: char| c.is_whitespace() || c == '"' || c.is_alphanumeric();
    if !label.chars().all(is_label) {
        return None;
    }
    let mut depth = 1_usize;
    for (at, character) in body.char_indices().take(LONGEST) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return body.get(..at);
        }
    }
    None
}

/// The port of a listener without TLS.
fn plain_port(body: &str) -> Option<i64> {
    let mut port = None;
    let mut plain = false;
    for line in body.lines() {
        let line = line.split('#').next().unwrap_or(line);
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim().trim_matches('"');
        match key.trim() {
            "address" => port = value.rsplit_once(':').and_then(|(_, port)| port.parse().ok()),
            "tls_disable" => plain = matches!(value, "true" | "1"),
            _ => {}
        }
    }
    port.filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::plain_ports;

    #[test]
    fn a_listener_that_switches_tls_off_is_plain() {
        let text = "listener \"tcp\" {\n  address = \"\u{fffc}:9200\"\n  tls_disable = true # for now\n}\nlistener \"tcp\" {\n  address = \"0.0.0.0:9201\"\n  tls_disable = 0\n}\n";
        assert_eq!(plain_ports(text), [9200]);
    }

    #[test]
    fn what_is_no_listener_says_nothing() {
        assert!(plain_ports("my_listener = 1\n# listener { tls_disable = 1\nlistener {").is_empty());
        assert!(plain_ports("listener \"tcp\" {\n  tls_disable = 1\n}\n").is_empty(), "the port is not said");
    }
}
