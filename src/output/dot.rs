//! The request paths for Graphviz.

use super::diagram::{Role, diagram};
use super::wire::Wire;
use crate::check::Report;
use std::fmt::Write as _;

/// A graph from top to bottom. Readers have a double border, plaintext is a thick dashed arrow.
pub fn paths_dot(report: &Report) -> String {
    let diagram = diagram(report);
    let mut text = String::from("digraph paths {\n");
    text.push_str("    node [shape=box, fontname=\"sans-serif\"];\n    edge [fontname=\"sans-serif\"];\n");
    for (number, shape) in diagram.shapes.iter().enumerate() {
        let look = match shape.role {
            Role::Client => ", shape=oval",
            Role::Reader => ", peripheries=2",
            Role::PassThrough => "",
            Role::End => ", style=rounded",
            Role::Unknown => ", shape=hexagon",
        };
        let _ = writeln!(text, "    n{number} [label=\"{}\"{look}];", lines(&shape.lines));
    }
    for arrow in &diagram.arrows {
        let look = match arrow.wire {
            Wire::Encrypted => "",
            Wire::Plaintext => ", style=dashed, penwidth=4",
            Wire::Unknown => ", style=dotted",
        };
        let _ = writeln!(text, "    n{} -> n{} [label=\"{}\"{look}];", arrow.from, arrow.to, lines(&arrow.lines));
    }
    text.push_str("}\n");
    text
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\\n")
}

/// Quotes and backslashes end or bend a string; Graphviz reads HTML entities inside it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_graphviz_would_obey_is_escaped() {
        assert_eq!(escaped(r#"a["x\N&lt;"]"#), r#"a[\"x\\N&amp;lt;\"]"#);
    }
}
