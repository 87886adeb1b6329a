//! Takes the entry with a syntax error out of a YAML text, so that the rest can still be read at the same offsets.

/// The text with the entry around `at` blanked: a resource where the error lies in one, otherwise a whole section.
/// `None` where there is nothing to take out.
pub(crate) fn without_entry(text: &str, at: usize) -> Option<String> {
    let lines = lines(text);
    let unit = lines.iter().map(|line| line.indent).find(|indent| *indent > 0)?;
    let failed = lines.iter().rposition(|line| line.start <= at)?;
    let first = lines.get(..=failed)?.iter().rposition(|line| line.indent <= unit)?;
    let indent = lines.get(first)?.indent;
    let after = lines.iter().skip(failed + 1).find(|line| line.indent <= indent);
    let start = lines.get(first)?.start;
    let end = after.map_or(text.len(), |line| line.start);
    let blank: String = text.get(start..end)?.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    Some(format!("{}{blank}{}", text.get(..start)?, text.get(end..)?))
}

/// A line that holds more than blanks and a comment.
struct Line {
    start: usize,
    indent: usize,
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim_start_matches(' ');
        if !written.trim().is_empty() && !written.starts_with('#') {
            lines.push(Line { start, indent: line.len() - written.len() });
        }
        start += line.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_entry_with_the_error_goes() {
        let text = "Resources:\n  A:\n    x: 1\n  B:\n    y: [é\n  # said\n  C:\n    z: 3\n";
        let mended = without_entry(text, text.find('[').unwrap()).unwrap();
        assert_eq!(mended.len(), text.len());
        assert!(mended.contains("A:\n    x: 1"));
        assert!(!mended.contains('y'));
        assert_eq!(mended.find("C:"), text.find("C:"));
    }

    #[test]
    fn an_error_in_a_section_takes_the_section() {
        let text = "A: ]\nB:\n  c: 1\n";
        assert_eq!(without_entry(text, 3).unwrap(), "    \nB:\n  c: 1\n");
        assert!(without_entry("a: ]", 3).is_none());
    }
}
