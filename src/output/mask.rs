//! Source lines as they may be shown: secrets masked, control characters made harmless, every byte offset kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// Words in a key's name that make its value a secret.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "private_key",
    "privatekey",
    "access_key",
    "credential",
];

/// A copy of the text of the same length in bytes.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut in_key = false;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let defaults = secret_defaults(&lines);
    for (number, line) in lines.iter().enumerate() {
        in_key |= line.contains("-----BEGIN") && line.contains("PRIVATE KEY");
        if in_key {
            mask(line, 0, &mut shown);
        } else {
            let start = defaults.get(&number).copied().or_else(|| secret_start(line));
            mask(line, start.unwrap_or(line.len()), &mut shown);
        }
        in_key &= !line.contains("-----END");
    }
    shown
}

/// Where the defaults start of inputs that the code marks as secret, by the lines: variables that are `sensitive`, parameters
/// with `NoEcho`. What stands around the mark, no less indented than it, is of the same input.
fn secret_defaults(lines: &[&str]) -> BTreeMap<usize, usize> {
    let indents: Vec<usize> = lines.iter().map(|line| indent(line)).collect();
    let mut found = BTreeMap::new();
    // Where the last input ends that was read, by its depth: one with many marks is read once.
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, (line, depth)) in lines.iter().zip(&indents).enumerate().filter(|(_, (line, _))| marks_secret(line)) {
        // An input that stands in one line has no lines beside it.
        let start = line.trim_start_matches([' ', '\t', '"', '\'']);
        let alone = !MARKS.iter().any(|mark| start.starts_with(mark));
        if !alone && ends.get(depth).is_some_and(|end| number < *end) {
            continue;
        }
        let input = if alone { number..number + 1 } else { around(&indents, number, *depth) };
        if !alone {
            ends.insert(*depth, input.end);
        }
        let mut in_default = false;
        for at in input {
            let (Some(line), Some(own)) = (lines.get(at), indents.get(at)) else { continue };
            let start = default_start(line);
            in_default = start.is_some() || (in_default && own > depth);
            if in_default {
                found.insert(at, start.unwrap_or(0));
            }
        }
    }
    found
}

/// The lines around one that are no less indented than `depth`.
fn around(indents: &[usize], number: usize, depth: usize) -> Range<usize> {
    let (before, after) = indents.split_at(number.min(indents.len()));
    let is_inside = |own: &&usize| **own >= depth;
    let start = number - before.iter().rev().take_while(is_inside).count();
    start..number + after.iter().take_while(is_inside).count()
}

/// What marks an input as secret.
const MARKS: [&str; 2] = ["NoEcho", "sensitive"];

fn marks_secret(line: &str) -> bool {
    MARKS.iter().filter_map(|mark| line.split_once(mark)).any(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix(['=', ':']).map(|value| value.trim_start().trim_start_matches(['"', '\'']));
        value.is_some_and(|value| value.starts_with("true"))
    })
}

/// Where the value starts of a line that gives a default.
fn default_start(line: &str) -> Option<usize> {
    let name = line.find("Default").or_else(|| line.find("default"))?;
    let (start, rest) = (name + "default".len(), line.get(name + "default".len()..)?);
    let value = rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(['=', ':'])?;
    Some(start + rest.len() - value.len())
}

/// Blank lines end nothing.
fn indent(line: &str) -> usize {
    let text = line.trim_start();
    if text.is_empty() { usize::MAX } else { line.len() - text.len() }
}

/// Where the value starts of a line that assigns a literal to a key with a secret's name.
fn secret_start(line: &str) -> Option<usize> {
    let separator = line.find(['=', ':'])?;
    let key = line.get(..separator)?.to_ascii_lowercase();
    if !SECRET_WORDS.iter().any(|word| key.contains(word)) {
        return None;
    }
    let value = line.get(separator + 1..)?;
    let text = value.trim_start();
    let literal = text.starts_with(['"', '\''])
        || (line.as_bytes().get(separator) == Some(&b':') && !text.starts_with(['!', '{', '[', '$']));
    (literal && !text.is_empty()).then_some(separator + 1 + (value.len() - text.len()))
}

/// Copies the line, stars from `start` on; characters that a terminal would obey are replaced by ones of the same length.
fn mask(line: &str, start: usize, shown: &mut String) {
    let text = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    for (at, character) in line.char_indices() {
        // Of the characters that move the cursor only the line's own end does what a reader expects.
        if character == '\t' || at >= text.len() {
            shown.push(character);
        } else if at >= start {
            shown.extend(std::iter::repeat_n('*', character.len_utf8()));
        } else if is_obeyed(character) {
            shown.push_str(match character.len_utf8() {
                1 => "?",
                2 => "\u{b7}",
                3 => "\u{fffd}",
                _ => "????",
            });
        } else {
            shown.push(character);
        }
    }
}

/// Control characters, and those that change the direction of text or show nothing: Unicode's general category Cf as far as
/// no script needs it, with the two separators of lines.
pub(super) fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// One line of text for people: control characters and line breaks made visible.
pub fn line(text: &str) -> String {
    text.chars().map(|character| if is_obeyed(character) { ' ' } else { character }).collect()
}

/// JSON that means the same, in which a terminal finds nothing to obey. Line breaks stay: they stand between tokens only.
pub(super) fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character != '\n' && is_obeyed(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_offsets_stay() {
        let text = "name = \"a\"\npassword = \"hünter2\"\nport = 80\n";
        let masked = shown(text);
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("nter2"));
        assert!(masked.contains("port = 80"));
        assert_eq!(shown("  SecretToken: abc\n"), "  SecretToken: ***\n");
        assert_eq!(shown("password = var.password\n"), "password = var.password\n");
    }

    #[test]
    fn defaults_of_secret_inputs_are_masked() {
        let code = "variable \"a\" {\n  default = \"hush\"\n  sensitive = true\n}\nvariable \"b\" {\n  default = \"open\"\n}\n";
        let masked = shown(code);
        assert!(!masked.contains("hush") && masked.contains("open"), "{masked}");
        let code = "variable \"a\" {\n  sensitive = true\n\n  default = {\n    key = \"hush\"\n  }\n}\n";
        assert!(!shown(code).contains("hush"));
        let code = "Parameters:\n  A:\n    NoEcho: true\n    Default: hush\n  B:\n    Default: open\n  C: {Type: String, NoEcho: 'true', Default: hush}\n";
        let masked = shown(code);
        assert!(!masked.contains("hush") && masked.contains("Default: open"), "{masked}");
        assert!(!shown("    \"NoEcho\": true,\n    \"Default\": \"hush\"\n").contains("hush"));
        let code = "  sensitive = false\n  default = \"open\"\n";
        assert_eq!(shown(code), code);
    }

    #[test]
    fn a_flat_file_of_marks_is_read_once() {
        let start = std::time::Instant::now();
        let masked = shown(&"sensitive = true\ndefault = \"hush\"\n".repeat(50_000));
        assert!(!masked.contains("hush"));
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    }

    #[test]
    fn private_keys_are_masked_to_their_end() {
        let text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb\n";
        let masked = shown(text);
        assert!(!masked.contains("MIIE"));
        assert!(masked.ends_with("\nb\n"));
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        let text = "x = \"\u{1b}[31m\u{9b}\u{202e}\"";
        let safe = shown(text);
        assert_eq!(safe.len(), text.len());
        assert!(!safe.chars().any(is_obeyed));
        assert_eq!(shown("a\r::error::b\r\nc\r"), "a?::error::b\r\nc?");
    }

    #[test]
    fn json_means_the_same_without_what_a_terminal_obeys() {
        let value = serde_json::json!({"a\u{7f}\u{202e}": ["\u{200b}\n\u{e0041}"]});
        let safe = json(&serde_json::to_string_pretty(&value).unwrap_or_default());
        assert!(safe.chars().all(|character| character == '\n' || !is_obeyed(character)), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).ok(), Some(value));
    }
}
