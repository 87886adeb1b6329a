//! A module may use only those before it in the list of layers, and only `cli` and `main` touch the world.
//!
//! Reads the source text: comments, literals and `#[cfg(test)]` items are blanked, then paths are looked for.

#![expect(clippy::disallowed_methods, reason = "reads the project's own source")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// First to last. Modules in one row are siblings that do not know each other.
const LAYERS: [&[&str]; 18] = [
    &["source", "glob"],
    &["diagnostic"],
    &["value"],
    &["resource"],
    &["terraform", "cloudformation"],
    &["model"],
    &["services"],
    &["path"],
    &["claim"],
    &["rules"],
    &["suppress"],
    &["config"],
    &["prose"],
    &["check"],
    &["output"],
    &["fix", "lsp"],
    &["cli"],
    &["main"],
];

/// The layers that may read the disk and the environment.
const WORLDLY: [&str; 2] = ["cli", "main"];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

#[test]
fn modules_use_only_earlier_layers() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for file in rust_files(&root)? {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        faults.extend(faults_in(&name, &fs::read_to_string(&file)?));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    Ok(())
}

fn rust_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Sentences on what the file, named relative to `src`, may not use.
fn faults_in(name: &str, text: &str) -> Vec<String> {
    if name == "lib.rs" || name.ends_with("/tests.rs") || name.contains("/tests/") {
        return Vec::new();
    }
    let module = name.split('/').next().unwrap_or(name).trim_end_matches(".rs");
    let Some(own) = layer(module) else {
        return vec![format!("src/{name}: module `{module}` is not in the list of layers: decide where it belongs")];
    };
    let code = without_tests(&without_literals(text));
    let mut faults = Vec::new();
    for (used, line) in names_after(&code, "crate").into_iter().chain(names_after(&code, "e2e_lint")) {
        let arrow = format!("src/{name}:{line}: {module} -> {used}");
        match layer(&used) {
            _ if used == module => {}
            None => faults.push(format!("{arrow}: `{used}` is not in the list of layers")),
            Some(other) if other == own => faults.push(format!("{arrow}: siblings do not know each other")),
            Some(other) if other > own => faults.push(format!("{arrow}: `{used}` is a later layer")),
            Some(_) => {}
        }
    }
    if !WORLDLY.contains(&module) {
        let worldly = names_after(&code, "std").into_iter().filter(|(used, _)| used == "fs" || used == "env");
        faults.extend(worldly.map(|(used, line)| {
            format!("src/{name}:{line}: {module} -> std::{used}: only cli touches the disk and the environment")
        }));
    }
    faults
}

/// The names that directly follow `root::` in paths and in groups such as `root::{a::B, c}`, with the first line of each.
fn names_after(code: &str, root: &str) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for (start, _) in code.match_indices(root) {
        let continues = code[..start].ends_with(|c: char| is_word(c) || c == '$');
        let Some(rest) = code[start + root.len()..].trim_start().strip_prefix("::") else { continue };
        if continues || is_inner_segment(&code[..start]) {
            continue;
        }
        let line = code[..start].matches('\n').count() + 1;
        for name in first_names(rest.trim_start()) {
            names.entry(name).or_insert(line);
        }
    }
    names
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a name precedes the `::` at the end, as in `other::std`; a leading `::std` is a root of its own.
fn is_inner_segment(before: &str) -> bool {
    before.trim_end().strip_suffix("::").is_some_and(|path| path.trim_end().ends_with(is_word))
}

fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| is_word(*c)).collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let mut names = vec![word(group)];
    let mut depth = 1;
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(word(&group[index + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

/// Replaces comments and the content of strings and characters by blanks; lines stay where they are.
fn without_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = code.ends_with(is_word);
        let length = literal_length(rest, in_word);
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

/// How many bytes the comment or literal at the start of `rest` takes; 0 if there is none.
fn literal_length(rest: &str, in_word: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment_length(rest);
    }
    if let (false, Some(raw)) = (in_word, raw_string_length(rest)) {
        return raw;
    }
    if rest.starts_with('"') {
        return quoted_length(rest, '"');
    }
    let mut after_quote = rest.chars().skip(1);
    match (rest.starts_with('\''), after_quote.next(), after_quote.next()) {
        (true, Some('\\'), _) => quoted_length(rest, '\''),
        (true, Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0;
    let mut index = 0;
    while index < rest.len() {
        let here = &rest.as_bytes()[index..];
        if here.starts_with(b"/*") {
            depth += 1;
            index += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            index += 2;
            if depth == 0 {
                return index;
            }
        } else {
            index += 1;
        }
    }
    rest.len()
}

fn raw_string_length(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.chars().take_while(|c| *c == '#').count();
    let content = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = content.find(&close).map_or(content.len(), |end| end + close.len());
    Some(rest.len() - content.len() + end)
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return index + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// Blanks each item behind `#[cfg(test)]`, up to its closing brace or semicolon.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        let end = start + MARK.len() + item_length(&rest[start + MARK.len()..]);
        kept.push_str(&rest[..start]);
        kept.extend(rest[start..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    kept + rest
}

fn item_length(item: &str) -> usize {
    let mut depth = 0;
    for (index, c) in item.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return index + 1,
            _ => continue,
        }
        // The braces of a `use` group close before its semicolon.
        if depth == 0 && !item[index + 1..].trim_start().starts_with(';') {
            return index + 1;
        }
    }
    item.len()
}

#[test]
fn an_arrow_to_a_later_layer_or_a_sibling_is_a_fault() {
    let faults = faults_in(
        "terraform/eval.rs",
        "use crate::{\n    cloudformation::X,\n    value::Value,\n};\nfn f() { crate::claim::g() }",
    );
    assert_eq!(
        faults,
        [
            "src/terraform/eval.rs:5: terraform -> claim: `claim` is a later layer",
            "src/terraform/eval.rs:1: terraform -> cloudformation: siblings do not know each other",
        ]
    );
    assert_eq!(faults_in("main.rs", "fn main() { e2e_lint::cli::run(); }"), Vec::<String>::new());
    assert!(faults_in("utils.rs", "")[0].contains("`utils` is not in the list of layers"));
    assert!(faults_in("value/mod.rs", "use crate::utils;")[0].contains("value -> utils"));
}

#[test]
fn only_cli_and_main_touch_the_world() {
    let code = "use std::{collections::HashMap, fs};\nfn f() { ::std::env::var(\"A\"); }";
    assert_eq!(faults_in("rules/a.rs", code).len(), 2);
    assert_eq!(faults_in("cli/disk.rs", code), Vec::<String>::new());
}

#[test]
fn comments_literals_and_tests_do_not_count() {
    let code = r##"
        //! Unlike `crate::claim`.
        /* crate::claim /* nested */ crate::claim */
        const A: &str = "crate::claim \" crate::claim";
        const B: &str = r#"crate::claim " crate::claim"#;
        const C: [char; 3] = ['"', '\'', '{'];
        fn f<'a>(x: &'a str) -> &'a str { x }
        macro_rules! m { () => { $crate::value::Value } }
        #[cfg(test)]
        use crate::{claim::X, rules};
        #[cfg(test)]
        mod tests { use crate::claim::X; fn f() { std::fs::read("x"); } }
        use crate::source::Span;
    "##;
    assert_eq!(faults_in("diagnostic.rs", code), Vec::<String>::new());
    let after_tests = format!("{code}\nuse crate::cli;");
    assert_eq!(
        faults_in("diagnostic.rs", &after_tests),
        ["src/diagnostic.rs:15: diagnostic -> cli: `cli` is a later layer"]
    );
}
