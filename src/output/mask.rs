//! Source lines as they may be shown: secrets masked, control characters made harmless, every byte offset kept.

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
    for line in text.split_inclusive('\n') {
        in_key |= line.contains("-----BEGIN") && line.contains("PRIVATE KEY");
        if in_key {
            mask(line, 0, &mut shown);
        } else {
            mask(line, secret_start(line).unwrap_or(line.len()), &mut shown);
        }
        in_key &= !line.contains("-----END");
    }
    shown
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
    for (at, character) in line.char_indices() {
        if matches!(character, '\n' | '\t' | '\r') {
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

/// Control characters and those that change the direction of text.
pub(super) fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// One line of text for people: control characters and line breaks made visible.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|character| if is_obeyed(character) { ' ' } else { character }).collect()
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
    }
}
