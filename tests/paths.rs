//! `e2e-lint paths`: the pictures of `testdata/shop`, and hostile names in all formats.
//!
//! `UPDATE_GOLDEN=1 cargo test --test paths` rewrites the pictures. Look at them before they go in.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use std::path::{Path, PathBuf};
use std::process::Command;

const FORMATS: [(&str, &str); 4] = [("text", "txt"), ("mermaid", "mmd"), ("dot", "dot"), ("svg", "svg")];

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn draw(directory: &Path, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["paths", "--format", format, "."])
        .current_dir(directory)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_shop_is_drawn_in_every_format() {
    for (format, extension) in FORMATS {
        let drawn = draw(&testdata().join("shop"), format);
        let golden = testdata().join(format!("golden/shop.{extension}"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(testdata().join("golden")).unwrap();
            std::fs::write(&golden, &drawn).unwrap();
        }
        let wanted = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(drawn, wanted, "{}: UPDATE_GOLDEN=1 cargo test --test paths", golden.display());
    }
}

/// Without colour and without knowing the format's defaults: the word, the dashes, the double border.
#[test]
fn plaintext_and_readers_are_seen_in_black_and_white() {
    let shop = testdata().join("shop");
    for (format, plaintext, reader) in [
        ("text", "\u{2506}  PLAINTEXT", "\u{25c9} reads"),
        ("mermaid", "-.->|\"PLAINTEXT", "[[\"aws_lb.web"),
        ("dot", "style=dashed, penwidth=4", "peripheries=2"),
        ("svg", "stroke-width=\"4\" stroke-dasharray", "aws_lb.web; reads"),
    ] {
        let drawn = draw(&shop, format);
        assert!(drawn.contains("PLAINTEXT"), "{format}: {drawn}");
        assert!(drawn.contains(plaintext), "{format}: {drawn}");
        assert!(drawn.contains(reader), "{format}: {drawn}");
    }
}

#[test]
fn every_svg_is_well_formed() {
    for directory in ["shop", "twins", "scenarios"] {
        let drawn = draw(&testdata().join(directory), "svg");
        assert_eq!(fault_in_xml(&drawn), None, "{directory}: {drawn}");
    }
}

#[test]
fn names_from_the_code_cannot_break_out() {
    let directory = tempfile::tempdir().unwrap();
    let code = "resource \"aws_lb\" \"web\" {\n  for_each = toset([\"a\\\"]]-->x<script>&amp;%%{\\\\\"])\n}\n\
                resource \"aws_lb_listener\" \"web\" {\n  for_each = aws_lb.web\n  load_balancer_arn = each.value.arn\n  \
                port = 80\n  protocol = \"HTTP\"\n  default_action {\n    type = \"forward\"\n    \
                target_group_arn = aws_lb_target_group.web.arn\n  }\n}\n\
                resource \"aws_lb_target_group\" \"web\" {\n  protocol = \"HTTP\"\n  port = 80\n}\n\
                resource \"aws_lb_target_group_attachment\" \"web\" {\n  target_group_arn = aws_lb_target_group.web.arn\n  \
                target_id = aws_instance.web.id\n}\nresource \"aws_instance\" \"web\" {}\n";
    std::fs::write(directory.path().join("main.tf"), code).unwrap();
    let svg = draw(directory.path(), "svg");
    assert_eq!(fault_in_xml(&svg), None, "{svg}");
    assert!(svg.contains("&lt;script&gt;"), "{svg}");
    let mermaid = draw(directory.path(), "mermaid");
    assert!(!mermaid.contains("<script") && !mermaid.contains("%%{") && !mermaid.contains("]]-->"), "{mermaid}");
    let dot = draw(directory.path(), "dot");
    let quotes = |line: &str| line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
    assert!(dot.lines().all(|line| quotes(line) % 2 == 0), "{dot}");
}

#[test]
fn code_without_a_path_is_said_so() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), "resource \"aws_vpc\" \"a\" {}\n").unwrap();
    assert!(draw(directory.path(), "text").contains("no request path found"));
    let svg = draw(directory.path(), "svg");
    assert!(svg.contains("no request path found"), "{svg}");
    assert_eq!(fault_in_xml(&svg), None);
}

/// The first thing that is wrong with the document: tags that do not match, attributes without quotes, bare `&` or `<`.
fn fault_in_xml(document: &str) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut elements = 0;
    let mut rest = document.trim();
    while let Some(start) = rest.find('<') {
        if let Some(fault) = fault_in_text(&rest[..start]) {
            return Some(fault);
        }
        let Some(end) = rest[start..].find('>').map(|end| start + end) else {
            return Some("a tag is not closed".to_owned());
        };
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Some(format!("</{name}> closes nothing"));
            }
        } else {
            let (inner, closed) = tag.strip_suffix('/').map_or((tag, false), |inner| (inner, true));
            let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
            if !name.chars().all(char::is_alphanumeric) || name.is_empty() {
                return Some(format!("<{tag}> has no name"));
            }
            if open.is_empty() && elements > 0 {
                return Some(format!("<{name}> is a second root"));
            }
            if let Some(fault) = fault_in_attributes(attributes) {
                return Some(fault);
            }
            elements += 1;
            if !closed {
                open.push(name.to_owned());
            }
        }
    }
    let left = open.pop().map(|name| format!("<{name}> is never closed"));
    left.or_else(|| (!rest.is_empty()).then(|| format!("`{rest}` stands outside")))
}

fn fault_in_text(text: &str) -> Option<String> {
    let control = text.chars().find(|character| character.is_control() && *character != '\n');
    let entities = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    let bare = text.split('&').skip(1).find(|after| !entities.iter().any(|entity| after.starts_with(entity)));
    control
        .map(|character| format!("{character:?} in a text"))
        .or_else(|| bare.map(|after| format!("bare & before {after}")))
}

fn fault_in_attributes(attributes: &str) -> Option<String> {
    let mut rest = attributes.trim();
    let mut names = Vec::new();
    while !rest.is_empty() {
        let Some((name, value)) = rest.split_once("=\"") else { return Some(format!("no attribute: {rest}")) };
        let Some((value, after)) = value.split_once('"') else { return Some(format!("{name} is not closed")) };
        if name.contains(|c: char| c.is_whitespace() || c == '"') || names.contains(&name) {
            return Some(format!("{name} is no new attribute"));
        }
        if let Some(fault) = fault_in_text(value) {
            return Some(fault);
        }
        names.push(name);
        rest = after.trim_start();
    }
    None
}

#[test]
fn faults_in_xml_are_found() {
    assert_eq!(fault_in_xml("<a b=\"1\"><c/>x &amp; y</a>\n"), None);
    for wrong in ["<a>", "<a></b>", "<a>&</a>", "<a b=1/>", "<a/><a/>", "<a b=\"1\" b=\"2\"/>", "<a/>x"] {
        assert!(fault_in_xml(wrong).is_some(), "{wrong}");
    }
}

#[test]
fn the_paths_command_draws_what_the_overview_counts() {
    let directory = tempfile::tempdir().unwrap();
    for number in 10..33 {
        let root = directory.path().join(format!("r{number}"));
        std::fs::create_dir(&root).unwrap();
        let code = r#"
            resource "aws_lambda_function" "f" { function_name = "f" }
            resource "aws_lambda_function_url" "f" {
              function_name      = aws_lambda_function.f.function_name
              authorization_type = "NONE"
            }
            "#;
        std::fs::write(root.join("main.tf"), code).unwrap();
    }
    let run = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory.path()).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let overview = run(&["."]);
    assert!(
        overview.contains("... and 3 more ways in of 3 roots and templates: `e2e-lint paths` draws them all"),
        "{overview}"
    );
    assert!(!overview.contains("no request path found"), "{overview}");
    let all = run(&["paths", "."]);
    assert_eq!(all.matches("function URL").count(), 23, "{all}");
    assert!(!all.contains("more ways in"), "{all}");
}
