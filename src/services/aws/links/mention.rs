//! Where a text speaks of another resource, and the word of the text in which it does.

/// In a word as in a key.
pub(in crate::services::aws) use crate::services::document::HOLE;
use crate::value::{Kind, Reference, Value, When};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A word is cut off here at the latest on each side: no URL is longer, and hostile texts stay cheap.
const LONGEST_SIDE: usize = 2048;
/// A shorter text may be a word that only looks encoded.
const SHORTEST_ENCODED: usize = 16;

/// A reference inside of a value.
pub(in crate::services::aws) struct Mention<'a> {
    pub reference: &'a Reference,
    pub value: &'a Value,
    pub when: Option<When>,
    /// The text around the reference, up to white space or quotes. Other references in it are holes.
    pub before: String,
    pub after: String,
    /// The text holds what the resource's argument says, and not the reference.
    pub is_read: bool,
}

/// All references in a value, inner texts and all alternatives included.
pub(in crate::services::aws) fn mentions<'a>(value: &'a Value, when: Option<&When>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    collect(value, when, &mut found);
    found
}

fn collect<'a>(value: &'a Value, when: Option<&When>, found: &mut Vec<Mention<'a>>) {
    for (condition, value) in value.alternatives() {
        let when = When::both(when, condition.as_ref());
        if when.as_ref().is_some_and(|when| !when.satisfiable()) {
            continue;
        }
        match &value.kind {
            Kind::Reference(reference) => found.push(bare(reference, value, when)),
            Kind::Unknown(_) => {
                found.extend(value.origin.cut_from().iter().map(|reference| bare(reference, value, when.clone())));
            }
            Kind::String(_) => found.extend(read(value, when.as_ref())),
            Kind::Template(parts) => {
                found.extend(read(value, when.as_ref()));
                of_parts(parts, when.as_ref(), found);
            }
            Kind::List(items) => items.iter().for_each(|item| collect(item, when.as_ref(), found)),
            Kind::Object(entries) => entries.values().for_each(|item| collect(item, when.as_ref(), found)),
            _ => {}
        }
    }
}

/// The texts in a value, inner ones and all alternatives included, each with its condition.
pub(in crate::services::aws) fn texts<'a>(value: &'a Value, when: Option<&When>) -> Vec<(Option<When>, &'a Value)> {
    let mut found = Vec::new();
    for (condition, value) in value.alternatives() {
        let when = When::both(when, condition.as_ref());
        match &value.kind {
            Kind::String(_) | Kind::Template(_) => found.push((when, value)),
            Kind::List(items) => items.iter().for_each(|item| found.extend(texts(item, when.as_ref()))),
            Kind::Object(entries) => entries.values().for_each(|item| found.extend(texts(item, when.as_ref()))),
            _ => {}
        }
    }
    found
}

/// A value as the text that a server reads: encoded text decoded, lists a line an item, and [`HOLE`] for what only deployment
/// can tell.
pub(in crate::services::aws) fn flat(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => decoded(text).unwrap_or_else(|| text.to_string()),
        Kind::Template(parts) => parts.iter().map(flat).collect(),
        Kind::List(items) => items.iter().map(|item| flat(item) + "\n").collect(),
        _ => HOLE.to_string(),
    }
}

/// What a text in Base64 says, if it is text.
fn decoded(text: &str) -> Option<String> {
    let is_long = text.len() >= SHORTEST_ENCODED && text.len().is_multiple_of(4);
    let bytes = is_long.then(|| STANDARD.decode(text).ok()).flatten()?;
    let is_text = |text: &String| !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    String::from_utf8(bytes).ok().filter(is_text)
}

fn bare<'a>(reference: &'a Reference, value: &'a Value, when: Option<When>) -> Mention<'a> {
    Mention { reference, value, when, before: String::new(), after: String::new(), is_read: false }
}

fn read<'a>(value: &'a Value, when: Option<&When>) -> impl Iterator<Item = Mention<'a>> {
    let when = when.cloned();
    let mention = move |reference| Mention { is_read: true, ..bare(reference, value, when.clone()) };
    value.origin.cut_from().iter().map(mention)
}

fn of_parts<'a>(parts: &'a [Value], when: Option<&When>, found: &mut Vec<Mention<'a>>) {
    for (position, part) in parts.iter().enumerate() {
        match &part.kind {
            Kind::Reference(reference) => found.push(Mention {
                reference,
                value: part,
                when: when.cloned(),
                before: before(&parts[..position]),
                after: after(&parts[position + 1..]),
                is_read: false,
            }),
            _ => collect(part, when, found),
        }
    }
}

/// The characters of the word that stand before, in the order of the text.
fn before(parts: &[Value]) -> String {
    let mut word = Vec::new();
    'word: for part in parts.iter().rev() {
        let Some(text) = part.as_str() else {
            if word.len() >= LONGEST_SIDE {
                break;
            }
            word.push(HOLE);
            continue;
        };
        for c in text.chars().rev() {
            if ends_word(c) || word.len() >= LONGEST_SIDE {
                break 'word;
            }
            word.push(c);
        }
    }
    word.into_iter().rev().collect()
}

fn after(parts: &[Value]) -> String {
    let mut word = String::new();
    'word: for part in parts {
        let Some(text) = part.as_str() else {
            if word.len() >= LONGEST_SIDE {
                break;
            }
            word.push(HOLE);
            continue;
        };
        // JSON writers may escape the sign between two parameters.
        for c in text.replace("\\u0026", "&").chars() {
            if ends_word(c) || word.len() >= LONGEST_SIDE {
                break 'word;
            }
            word.push(c);
        }
    }
    word
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::value::Origin;

    #[test]
    fn a_word_ends_at_quotes_and_spaces() {
        let span = Span::new(Sources::new().add("a.tf", ""), 0, 0);
        let text = |text: &str| Value::string(text, span);
        let parts = vec![
            text("a=\"postgres://"),
            Value::reference("var.user", "", span),
            text("@"),
            Value::reference("aws_db_instance.a", "address", span),
            text("/db?sslmode=require\" b"),
        ];
        let value = Value::new(Kind::Template(parts.into()), Origin::at(span));
        let found = mentions(&value, None);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].before, format!("postgres://{HOLE}@"));
        assert_eq!(found[1].after, "/db?sslmode=require");
    }
}
