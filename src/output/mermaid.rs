//! The request paths as a Mermaid flowchart, which GitHub and GitLab draw inside Markdown.

use super::diagram::{Role, diagram};
use super::wire::Wire;
use crate::check::Report;
use std::fmt::Write as _;

/// A flowchart from top to bottom. Readers have a double border, plaintext is a thick dashed arrow.
pub fn paths_mermaid(report: &Report) -> String {
    let diagram = diagram(report);
    let mut text = String::from("flowchart TD\n");
    for (number, shape) in diagram.shapes.iter().enumerate() {
        let label = lines(&shape.lines);
        let _ = match shape.role {
            Role::Client => writeln!(text, "    n{number}([\"{label}\"])"),
            Role::Reader => writeln!(text, "    n{number}[[\"{label}\"]]"),
            Role::PassThrough => writeln!(text, "    n{number}[\"{label}\"]"),
            Role::End => writeln!(text, "    n{number}(\"{label}\")"),
            Role::Unknown => writeln!(text, "    n{number}{{{{\"{label}\"}}}}"),
        };
    }
    let mut plaintext = Vec::new();
    for (number, arrow) in diagram.arrows.iter().enumerate() {
        let line = if arrow.wire == Wire::Encrypted { "-->" } else { "-.->" };
        let _ = writeln!(text, "    n{} {line}|\"{}\"| n{}", arrow.from, lines(&arrow.lines), arrow.to);
        if arrow.wire == Wire::Plaintext {
            plaintext.push(number.to_string());
        }
    }
    if !plaintext.is_empty() {
        let _ = writeln!(text, "    linkStyle {} stroke-width:4px,stroke-dasharray:9 6", plaintext.join(","));
    }
    text
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

/// Everything that might mean something to Mermaid, HTML or Markdown as Mermaid's numeric entities.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() || " _.-/:,+".contains(character) {
            safe.push(character);
        } else {
            let _ = write!(safe, "#{};", u32::from(character));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mermaid_would_obey_is_escaped() {
        assert_eq!(escaped("aws_lb.a[\"x\"]"), "aws_lb.a#91;#34;x#34;#93;");
        assert_eq!(escaped("%%{init}%% <b>`#;"), "#37;#37;#123;init#125;#37;#37; #60;b#62;#96;#35;#59;");
    }
}
