//! The request paths as an SVG picture that needs neither script nor style sheet and can be read without colour.

use super::diagram::{Diagram, Role, diagram};
use super::layout::{Content, Layout, Slot, layout};
use super::wire::Wire;
use crate::check::Report;
use std::fmt::Write as _;

/// The widest that a character of a monospaced font comes out at the font size.
const CHARACTER: i64 = 8;
const FONT_SIZE: i64 = 13;
const LINE: i64 = 17;
const PADDING: i64 = 10;
/// Longer lines are cut in the picture; the whole text is the element's title.
const LONGEST: usize = 64;
const LEGEND: &str = "double border: reads the message; thick dashed line: PLAINTEXT";

/// Readers have a double border; plaintext is a thick dashed line with the word on it.
pub fn paths_svg(report: &Report) -> String {
    let diagram = diagram(report);
    let layout = layout(&diagram, &size);
    let legend = if diagram.arrows.is_empty() { "no request path found" } else { LEGEND };
    let width = layout.width.max(width(legend) + 4 * PADDING);
    let height = layout.height + 2 * LINE;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"monospace\" font-size=\"{FONT_SIZE}\">\n"
    );
    text.push_str("<title>Request paths</title>\n");
    text.push_str(
        "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\"/></marker></defs>\n",
    );
    text.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    for (route, arrow) in layout.routes.iter().zip(&diagram.arrows) {
        let look = match arrow.wire {
            Wire::Encrypted => "stroke=\"#1a1a1a\" stroke-width=\"1.5\"",
            Wire::Plaintext => "stroke=\"#b00020\" stroke-width=\"4\" stroke-dasharray=\"9 6\"",
            Wire::Unknown => "stroke=\"#1a1a1a\" stroke-width=\"1.5\" stroke-dasharray=\"2 4\"",
        };
        let line = line(&layout, route);
        let _ = writeln!(text, "<path d=\"{line}\" fill=\"none\" {look} marker-end=\"url(#tip)\"/>");
    }
    for slot in &layout.slots {
        draw(&diagram, slot, &mut text);
    }
    let _ = writeln!(text, "<text x=\"{}\" y=\"{}\">{legend}</text>\n</svg>", 2 * PADDING, height - LINE);
    text
}

fn size(lines: &[String]) -> (i64, i64) {
    let widest = lines.iter().map(|line| width(&cut(line))).max().unwrap_or(0);
    (widest + 2 * PADDING, lines.len() as i64 * LINE + PADDING)
}

/// Characters outside ASCII may be twice as wide.
fn width(text: &str) -> i64 {
    text.chars().map(|character| if character.is_ascii() { CHARACTER } else { 2 * CHARACTER }).sum()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// From slot to slot in curves, straight through the slots between.
fn line(layout: &Layout, route: &[usize]) -> String {
    let mut path = String::new();
    for pair in route.windows(2) {
        let [first, second] = *pair else { continue };
        let (from, to) = (&layout.slots[first], &layout.slots[second]);
        let down = from.top < to.top;
        let (start, end) = if down { (from.bottom(), to.top) } else { (from.top, to.bottom()) };
        let command = if path.is_empty() { 'M' } else { 'L' };
        let middle = i64::midpoint(start, end);
        let _ = write!(
            path,
            "{command}{},{start} C{},{middle} {},{middle} {},{end} ",
            from.center, from.center, to.center, to.center
        );
    }
    path.trim_end().to_owned()
}

fn draw(diagram: &Diagram, slot: &Slot, text: &mut String) {
    match slot.content {
        Content::Bend => {}
        Content::Shape(number) => {
            let shape = &diagram.shapes[number];
            let _ = writeln!(text, "<g><title>{}</title>", escaped(&shape.lines.join("; ")));
            border(slot, shape.role, text);
            write_lines(slot, &shape.lines, true, text);
        }
        Content::Label(number) => {
            let arrow = &diagram.arrows[number];
            let _ = writeln!(text, "<g><title>{}</title>", escaped(&arrow.lines.join("; ")));
            rectangle(slot, 0, "fill=\"#ffffff\"", text);
            write_lines(slot, &arrow.lines, arrow.wire == Wire::Plaintext, text);
        }
    }
}

fn border(slot: &Slot, role: Role, text: &mut String) {
    const INK: &str = "fill=\"#ffffff\" stroke=\"#1a1a1a\"";
    match role {
        Role::Client => rectangle(slot, 0, &format!("{INK} rx=\"{}\"", slot.height / 2), text),
        Role::PassThrough => rectangle(slot, 0, INK, text),
        Role::End => rectangle(slot, 0, &format!("{INK} stroke-width=\"2.5\" rx=\"8\""), text),
        Role::Unknown => rectangle(slot, 0, &format!("{INK} stroke-dasharray=\"2 4\""), text),
        Role::Reader => {
            rectangle(slot, 0, INK, text);
            rectangle(slot, 4, INK, text);
        }
    }
}

fn rectangle(slot: &Slot, inset: i64, look: &str, text: &mut String) {
    let (x, y) = (slot.center - slot.width / 2 + inset, slot.top + inset);
    let (width, height) = (slot.width - 2 * inset, slot.height - 2 * inset);
    let _ = writeln!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look}/>");
}

/// Closes the group that `draw` opens.
fn write_lines(slot: &Slot, lines: &[String], bold: bool, text: &mut String) {
    let mut baseline = slot.top + PADDING / 2 + FONT_SIZE;
    for (number, line) in lines.iter().enumerate() {
        let weight = if bold && number == 0 { " font-weight=\"bold\"" } else { "" };
        let line = escaped(&cut(line));
        let _ =
            writeln!(text, "<text x=\"{}\" y=\"{baseline}\" text-anchor=\"middle\"{weight}>{line}</text>", slot.center);
        baseline += LINE;
    }
    text.push_str("</g>\n");
}

/// Text for XML; control characters are gone already, and the two that are no characters must not stand in a document.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_stays_text() {
        assert_eq!(escaped("a[\"<b>&'\u{ffff}\"]"), "a[&quot;&lt;b&gt;&amp;&#39;\u{fffd}&quot;]");
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        assert_eq!(cut(&"\u{e9}".repeat(70)).chars().count(), LONGEST + 3);
    }
}
