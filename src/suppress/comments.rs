//! Comments in Terraform and YAML that speak to e2e-lint: `# e2e-lint: ...`.
//!
//! Works on the text alone, so that it finds them also in a file that cannot be parsed as a whole.

use crate::source::{FileId, Source, Sources, Span};

/// What such a comment starts with.
pub const MARKER: &str = "e2e-lint:";

const TERRAFORM: [&str; 3] = [".tf", ".tofu", ".tfvars"];
const YAML: [&str; 4] = [".yaml", ".yml", ".template", ".tmpl"];

/// A comment that speaks to e2e-lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What stands behind the marker.
    pub text: String,
    /// From the marker to the end of the line.
    pub span: Span,
    /// The line that it is about, counted from 1: its own behind code, else the next one with code.
    pub line: usize,
}

/// Those of all files of the run, by path and place. Modules that were downloaded have no say.
pub fn directives(sources: &Sources) -> Vec<Directive> {
    let mut found = Vec::new();
    for (file, source) in sources.files() {
        let is = |endings: &[&str]| endings.iter().any(|ending| source.path().ends_with(ending));
        let downloaded = source.path().split('/').any(|part| part == ".terraform");
        if downloaded || !source.text().contains(MARKER) {
            continue;
        }
        if is(&TERRAFORM) {
            collect(file, &source, &terraform_lines(&source), &mut found);
        } else if is(&YAML) {
            collect(file, &source, &yaml_lines(&source), &mut found);
        }
    }
    found
}

/// For each line where its comment's text starts, if it has one; `None` for a file that is no code. JSON has no comments.
pub fn comments(source: &Source) -> Option<Vec<Option<usize>>> {
    let is = |endings: &[&str]| endings.iter().any(|ending| source.path().ends_with(ending));
    let lines = if is(&TERRAFORM) {
        terraform_lines(source)
    } else if is(&YAML) {
        yaml_lines(source)
    } else if source.path().ends_with(".json") {
        vec![Line::default(); source.line_count()]
    } else {
        return None;
    };
    Some(lines.iter().map(|line| line.comment).collect())
}

/// What a line holds.
#[derive(Clone, Copy, Default)]
struct Line {
    /// Anything but blanks and comments.
    code: bool,
    /// Byte offset, within the line, of what stands behind the comment's sign.
    comment: Option<usize>,
}

fn collect(file: FileId, source: &Source, lines: &[Line], found: &mut Vec<Directive>) {
    let mut next = lines.len();
    let mut next_with_code = vec![next; lines.len()];
    for (index, line) in lines.iter().enumerate().rev() {
        next = if line.code { index } else { next };
        next_with_code[index] = next;
    }
    for (index, line) in lines.iter().enumerate() {
        let Some(comment) = line.comment else { continue };
        let whole = source.line_text(index);
        let text = whole.get(comment..).unwrap_or("");
        let Some(rest) = text.trim_start().strip_prefix(MARKER) else { continue };
        let start = source.line_start(index) + comment + (text.len() - text.trim_start().len());
        let end = source.line_start(index) + whole.trim_end().len();
        let about = Some(next_with_code[index]).filter(|about| *about < lines.len()).unwrap_or(index);
        found.push(Directive { text: rest.trim().to_owned(), span: Span::new(file, start, end), line: about + 1 });
    }
}

fn terraform_lines(source: &Source) -> Vec<Line> {
    let mut heredoc: Option<String> = None;
    let mut in_comment = false;
    let mut lines = Vec::new();
    for index in 0..source.line_count() {
        let text = source.line_text(index);
        if let Some(end) = &heredoc {
            if text.trim() == end {
                heredoc = None;
            }
            lines.push(Line { code: true, comment: None });
            continue;
        }
        lines.push(terraform_line(text, &mut in_comment, &mut heredoc));
    }
    lines
}

fn terraform_line(text: &str, in_comment: &mut bool, heredoc: &mut Option<String>) -> Line {
    let mut line = Line::default();
    let mut quoted = false;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let mut length = rest.chars().next().map_or(1, char::len_utf8);
        if *in_comment {
            if rest.starts_with("*/") {
                *in_comment = false;
                length = 2;
            }
        } else if quoted {
            if rest.starts_with('\\') {
                length = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            }
            quoted = !rest.starts_with('"');
        } else if rest.starts_with('#') || rest.starts_with("//") {
            line.comment = Some(at + if rest.starts_with('#') { 1 } else { 2 });
            return line;
        } else if rest.starts_with("/*") {
            *in_comment = true;
            length = 2;
        } else {
            quoted = rest.starts_with('"');
            line.code |= !rest.starts_with(char::is_whitespace);
            if let Some(word) = rest.strip_prefix("<<") {
                let word = word.trim_start_matches('-').trim();
                let is_name = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
                *heredoc = is_name.then(|| word.to_owned()).or(heredoc.take());
            }
        }
        at += length;
    }
    line
}

/// Text in block scalars is no comment, whatever it looks like.
fn yaml_lines(source: &Source) -> Vec<Line> {
    let mut scalar: Option<usize> = None;
    let mut lines = Vec::new();
    for index in 0..source.line_count() {
        let text = source.line_text(index);
        let blank = text.trim().is_empty();
        let indent = text.len() - text.trim_start().len();
        if scalar.is_some_and(|parent| blank || indent > parent) {
            lines.push(Line { code: !blank, comment: None });
            continue;
        }
        let comment = yaml_comment(text);
        let code = text.get(..comment.unwrap_or(text.len())).unwrap_or(text).trim_end();
        scalar = opens_block_scalar(code).then(|| key_indent(code));
        lines.push(Line { code: !code.trim().is_empty(), comment: comment.map(|sign| sign + 1) });
    }
    lines
}

/// Where the line's comment starts: a `#` behind a blank, outside double quotes.
fn yaml_comment(text: &str) -> Option<usize> {
    text.match_indices('#').map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).unwrap_or("");
        let separate = before.is_empty() || before.ends_with([' ', '\t']);
        separate && before.matches('"').count() % 2 == 0
    })
}

fn opens_block_scalar(code: &str) -> bool {
    let last = code.rsplit([' ', '\t']).next().unwrap_or("");
    last.starts_with(['|', '>']) && last.chars().skip(1).all(|c| matches!(c, '+' | '-' | '0'..='9'))
}

/// The column of the line's key, behind the dashes of lists.
fn key_indent(code: &str) -> usize {
    let mut rest = code.trim_start();
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start();
    }
    // A list item that is a block scalar itself has no key; its text is indented deeper than the dash.
    if rest.starts_with(['|', '>']) { code.len() - code.trim_start().len() } else { code.len() - rest.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(usize, String)> {
        let sources = Sources::new();
        sources.add(path, text);
        directives(&sources).into_iter().map(|directive| (directive.line, directive.text)).collect()
    }

    #[test]
    fn a_comment_is_about_its_own_line_or_the_next_one_with_code() {
        let text = "# e2e-lint: one\n\n# more\na = 1 // e2e-lint: two\nb = \"# e2e-lint: no\"\n";
        assert_eq!(found("a.tf", text), [(4, "one".to_owned()), (4, "two".to_owned())]);
    }

    #[test]
    fn text_is_no_comment() {
        let heredoc = "a = <<-EOT\n  # e2e-lint: no\n  EOT\n/* # e2e-lint: no\n*/ b = 1 # e2e-lint: yes\n";
        assert_eq!(found("a.tf", heredoc), [(5, "yes".to_owned())]);
        let scalar =
            "a:\n  - b: |\n      # e2e-lint: no\n    c: \"x # e2e-lint: no\" # e2e-lint: yes\n# e2e-lint: last\n";
        assert_eq!(found("a.yaml", scalar), [(4, "yes".to_owned()), (5, "last".to_owned())]);
    }

    #[test]
    fn only_the_projects_own_code_is_heard() {
        assert!(found(".terraform/modules/m/a.tf", "# e2e-lint: x\n").is_empty());
        assert!(found("a.sh", "# e2e-lint: x\n").is_empty());
    }
}
