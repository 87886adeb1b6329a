//! What people say in code: comments and descriptions.
//!
//! Makes a copy of the same length in which everything else is blank, so that offsets stay those of the text.

use crate::source::Source;
use crate::suppress::{self, MARKER};

/// Arguments and properties that describe, in lower case.
const DESCRIBING: [&str; 2] = ["description", "comment"];

/// The prose of a code file; `None` for any other file.
pub(super) fn prose(source: &Source) -> Option<String> {
    let comments = suppress::comments(source)?;
    let mut prose = String::with_capacity(source.text().len());
    let mut block: Option<usize> = None;
    for (index, comment) in comments.iter().enumerate() {
        let whole = source.text().get(source.line_start(index)..source.line_start(index + 1)).unwrap_or("");
        let line = whole.trim_end_matches(['\n', '\r']);
        let indent = line.len() - line.trim_start().len();
        block = block.filter(|parent| line.trim().is_empty() || indent > *parent);
        let (start, end) = match (block, comment) {
            (Some(_), _) => (indent, line.len()),
            (None, Some(at)) if !line.get(*at..).unwrap_or("").trim_start().starts_with(MARKER) => (*at, line.len()),
            (None, _) => {
                let described = described(line);
                if let Some(Described::Below) = described {
                    block = Some(indent);
                }
                match described {
                    Some(Described::Here(start, end)) => (start, end),
                    _ => (0, 0),
                }
            }
        };
        for (at, character) in whole.char_indices() {
            let kept = (start..end).contains(&at) || matches!(character, '\n' | '\r');
            if kept {
                prose.push(character);
            } else {
                prose.extend(std::iter::repeat_n(' ', character.len_utf8()));
            }
        }
    }
    Some(prose)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Described {
    /// Between these offsets of the line.
    Here(usize, usize),
    /// In the lines that are indented deeper.
    Below,
}

/// The text of `description = "..."`, `Description: ...` or `"Description": "..."`.
fn described(line: &str) -> Option<Described> {
    let (key, value) = line.split_at(line.find([':', '='])?);
    let key = key.trim().trim_start_matches("- ").trim_matches('"').to_ascii_lowercase();
    if !DESCRIBING.contains(&key.as_str()) {
        return None;
    }
    let text = value.get(1..)?.trim();
    let start = line.len() - value.len() + value.find(text)?.max(1);
    if text.is_empty() || text.starts_with(['|', '>']) {
        return Some(Described::Below);
    }
    if let Some(inner) = text.strip_prefix('"') {
        let mut escaped = false;
        let closing = inner.find(|c: char| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        return Some(Described::Here(start + 1, start + 1 + closing.unwrap_or(inner.len())));
    }
    Some(Described::Here(start, start + text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn told(path: &str, text: &str) -> Vec<String> {
        let sources = Sources::new();
        let file = sources.add(path, text);
        let prose = prose(&sources.get(file).unwrap()).unwrap();
        assert_eq!(prose.len(), text.len());
        let lines = prose.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn comments_and_descriptions_of_terraform_are_prose() {
        let text = "# All is safe.\nvariable \"a\" {\n  description = \"So \\\"safe\\\".\" // Or not.\n  default = \"description = 1\"\n}\n# e2e-lint: claim end-to-end from internet\n";
        assert_eq!(told("a.tf", text), ["All is safe.", "Or not."]);
        let text = "variable \"a\" {\n  description = \"It is \\\"safe\\\" now.\"\n}\n";
        assert_eq!(told("a.tf", text), ["It is \\\"safe\\\" now."]);
    }

    #[test]
    fn comments_and_descriptions_of_templates_are_prose() {
        let text = "Description: >\n  All of it\n  is safe.\nParameters:\n  A:\n    Type: String # One.\n    Description: The é port.\n";
        assert_eq!(told("a.yaml", text), ["All of it", "is safe.", "One.", "The é port."]);
        assert_eq!(told("a.json", "{\n  \"Description\": \"Safe.\",\n  \"x\": 1\n}\n"), ["Safe."]);
    }

    #[test]
    fn other_files_are_no_code() {
        let sources = Sources::new();
        let file = sources.add("README.md", "# Title\n");
        assert_eq!(prose(&sources.get(file).unwrap()), None);
    }
}
