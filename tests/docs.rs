//! What the documents say is what the code says.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` rewrites the table of rules and the help text; prose is mended by hand.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "reads the project's own files")]

use e2e_lint::rules::{self, RULES};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> io::Result<String> {
    fs::read_to_string(root().join(name))
}

/// Compares, or where the documents are to be updated writes the file; at once, because other tests read it.
fn same_or_updated(name: &str, wanted: &str) -> io::Result<()> {
    let same = text(name).is_ok_and(|found| found == wanted);
    if !same && env::var_os("UPDATE_DOCS").is_some() {
        let (path, new) = (root().join(name), root().join(format!("{name}.new")));
        fs::write(&new, wanted)?;
        return fs::rename(new, path);
    }
    assert!(same, "{name} is not what the code says: UPDATE_DOCS=1 cargo test --test docs\n{wanted}");
    Ok(())
}

/// The command's standard output, as it is where nobody looks: no colour, a width of its own.
fn output(directory: &Path, arguments: &[&str]) -> io::Result<String> {
    let done = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("COLUMNS")
        .env_remove("LINES")
        .output()?;
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// The text of every fence whose first line is exactly `info`.
fn fences(document: &str, info: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in document.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(opening)) => open = Some((opening == info, String::new())),
            (Some(_), Some(_)) => found.extend(open.take().filter(|(wanted, _)| *wanted).map(|(_, text)| text)),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The document without its fenced blocks.
fn prose(document: &str) -> String {
    let mut inside = false;
    let keeps = |line: &&str| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    document.lines().filter(keeps).map(|line| format!("{line}\n")).collect()
}

/// The cells of every table row, rulers and all.
fn rows(document: &str) -> Vec<Vec<&str>> {
    let inner = document.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    inner.map(|line| line.split('|').map(str::trim).collect()).collect()
}

/// What stands in backquotes.
fn code_spans(document: &str) -> impl Iterator<Item = &str> {
    document.split('`').skip(1).step_by(2)
}

/// Markdown files of the project, relative to its root. Inside scenarios they are test data.
fn markdown_files() -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(root().join(&directory))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = directory.join(&name);
            let is_data = directory.ends_with("testdata/scenarios");
            if entry.file_type()?.is_dir() {
                if !name.starts_with('.') && name != "target" && !is_data {
                    pending.push(path);
                }
            } else if name.ends_with(".md") {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Modules by their path below `src`, such as `claim/judge`; those of tests left out.
fn modules() -> io::Result<BTreeSet<String>> {
    let source = root().join("src");
    let mut found = BTreeSet::new();
    let mut pending = vec![source.clone()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&source).unwrap_or(&path).with_extension("");
                let name = name.to_string_lossy().replace('\\', "/");
                found.insert(name.strip_suffix("/mod").unwrap_or(&name).to_owned());
            }
        }
    }
    found.retain(|name| !name.split('/').any(|part| part == "tests"));
    Ok(found)
}

fn source_of(module: &str) -> io::Result<String> {
    text(&format!("src/{module}.rs")).or_else(|_| text(&format!("src/{module}/mod.rs")))
}

#[test]
fn the_table_of_rules_says_what_the_rules_say() -> io::Result<()> {
    let mut table = String::from(
        "# Rules\n\nOne page a rule; its examples are run as tests. `e2e-lint explain <rule>` prints a page. \
         The severity is that of a\nfinding that breaks no claim of yours: one that does is an error, and what is \
         only possible at most a warning.\n\n| rule | severity | since | summary |\n|---|---|---|---|\n",
    );
    for rule in RULES {
        let (name, severity) = (rule.name, rule.severity.name());
        table += &format!("| [{name}]({name}.md) | {severity} | {} | {} |\n", rule.since, rule.summary);
    }
    same_or_updated("rules/README.md", &table)
}

#[test]
fn the_help_in_the_readme_is_that_of_the_command() -> io::Result<()> {
    const START: &str = "<!-- help:start -->\n";
    const END: &str = "<!-- help:end -->\n";
    let readme = text("README.md")?;
    let (before, rest) = readme.split_once(START).expect("README.md has the mark help:start");
    let (_, after) = rest.split_once(END).expect("README.md has the mark help:end");
    let help = output(root(), &["--help"])?;
    same_or_updated("README.md", &format!("{before}{START}```text\n{}\n```\n{END}{after}", help.trim_end()))
}

#[test]
fn the_exit_codes_in_the_readme_are_those_of_the_help() -> io::Result<()> {
    let help = output(root(), &["--help"])?;
    let codes = help.split("Exit codes: ").nth(1).expect("the help tells the exit codes");
    let codes = codes.split_whitespace().collect::<Vec<_>>().join(" ");
    let told: Vec<_> = codes.trim_end_matches('.').split(", ").filter_map(|code| code.split_once(' ')).collect();
    let readme = text("README.md")?.replace('`', "");
    let table: Vec<_> = rows(&readme)
        .into_iter()
        .filter(|row| row.first().is_some_and(|code| code.parse::<u8>().is_ok()))
        .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
        .collect();
    assert_eq!(table, told);
    assert_eq!(table.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["0", "1", "2", "3"]);
    Ok(())
}

/// A block that starts with `$ e2e-lint ...` shows that command's output; `...` stands for lines left out.
/// How wide the gaps in a line are does not count.
#[test]
fn output_in_the_readme_is_what_the_command_prints() -> io::Result<()> {
    let mut compared = 0;
    for block in fences(&text("README.md")?, "text") {
        let Some((command, shown)) = block.strip_prefix("$ e2e-lint ").and_then(|rest| rest.split_once('\n')) else {
            continue;
        };
        let printed = output(root(), &command.split(' ').collect::<Vec<_>>())?;
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut printed = printed.lines().map(words);
        let mut may_skip = false;
        for line in shown.lines() {
            if line == "..." {
                may_skip = true;
                continue;
            }
            let wanted = Some(words(line));
            let found = if may_skip { printed.find(|next| Some(next) == wanted.as_ref()) } else { printed.next() };
            assert_eq!(found, wanted, "README.md shows a line that `e2e-lint {command}` does not print there");
            may_skip = false;
        }
        compared += 1;
    }
    assert!(compared > 0, "README.md shows no output");
    Ok(())
}

#[test]
fn the_claims_file_in_the_readme_can_be_used() -> io::Result<()> {
    let mut read = 0;
    for block in fences(&text("README.md")?, "yaml").iter().filter(|block| block.starts_with("version:")) {
        let sources = e2e_lint::source::Sources::new();
        let file = sources.add("e2e-lint.yaml", block.as_str());
        let home = e2e_lint::config::Home { directory: "".into(), scope: "".into() };
        let config = e2e_lint::config::read(block, file, &home, "2026-01-01");
        assert!(config.is_ok(), "{:?}", config.err());
        read += 1;
    }
    assert!(read > 0, "README.md shows no claims file");
    Ok(())
}

#[test]
fn the_readme_names_every_key_of_the_claims_file() -> io::Result<()> {
    let mut keys = BTreeSet::new();
    collect_keys(&e2e_lint::config::schema(), &mut keys);
    let readme = text("README.md")?;
    let (prose, examples) = (prose(&readme), fences(&readme, "yaml").concat());
    let told: BTreeSet<&str> = code_spans(&prose).map(|span| span.split(':').next().unwrap_or(span)).collect();
    let missing: Vec<_> =
        keys.iter().filter(|key| !told.contains(key.as_str()) && !examples.contains(&format!("{key}:"))).collect();
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
    Ok(())
}

fn collect_keys(schema: &Json, keys: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        keys.extend(properties.keys().cloned());
    }
    match schema {
        Json::Object(entries) => entries.values().for_each(|value| collect_keys(value, keys)),
        Json::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

/// Rules are named by a link to their page, as `error[rule]`, and behind `explain`, `--only` and `rule:`.
#[test]
fn rules_that_are_named_exist() -> io::Result<()> {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = text(document)?;
        for marker in ["rules/", "error[", "warning[", "note[", "e2e-lint explain ", "--only ", "rule: "] {
            for rest in text.split(marker).skip(1) {
                let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
                let after = rest.get(name.len()..).unwrap_or("");
                let is_page = marker != "rules/" || after.starts_with(".md");
                if name.contains('-') && is_page {
                    assert!(rules::find(&name).is_some(), "{document}, behind `{marker}`: no rule is named {name}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn the_architecture_names_every_module_and_no_other() -> io::Result<()> {
    let architecture = text("ARCHITECTURE.md")?;
    let rows = rows(&architecture);
    let of_modules = rows.iter().filter(|row| row.len() == 2);
    let named: BTreeSet<String> =
        of_modules.filter_map(|row| row.first()?.strip_prefix('`')?.strip_suffix('`')).map(str::to_owned).collect();
    let modules = modules()?;
    let missing: Vec<_> = modules.difference(&named).collect();
    let gone: Vec<_> = named.difference(&modules).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md has no line for {missing:?}");
    assert!(gone.is_empty(), "ARCHITECTURE.md has a line for {gone:?}, which do not exist");
    Ok(())
}

#[test]
fn the_bounds_in_the_architecture_are_those_of_the_code() -> io::Result<()> {
    let architecture = text("ARCHITECTURE.md")?;
    let mut compared = 0;
    for row in rows(&architecture) {
        let [module, bound, value, _] = row.as_slice() else { continue };
        if *bound == "bound" || bound.starts_with('-') {
            continue;
        }
        let (module, bound, value) = (module.trim_matches('`'), bound.trim_matches('`'), value.trim_matches('`'));
        let source = source_of(module)?;
        let declared = source.split(&format!("const {bound}: ")).nth(1).and_then(|rest| rest.split(';').next());
        let found = declared.and_then(|declaration| declaration.split(" = ").nth(1));
        assert_eq!(found, Some(value), "`{bound}` of {module}");
        compared += 1;
    }
    assert!(compared > 40, "the table of bounds was not found");
    Ok(())
}

#[test]
fn links_lead_to_files_that_exist() -> io::Result<()> {
    for name in markdown_files()? {
        let directory = root().join(&name).parent().map(Path::to_path_buf).unwrap_or_default();
        for rest in prose(&text(&name)?).split("](").skip(1) {
            let target = rest.split([')', '#', ' ']).next().unwrap_or("");
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            assert!(elsewhere || directory.join(target).exists(), "{name}: {target} does not exist");
        }
    }
    Ok(())
}

#[test]
fn fences_are_told_apart() {
    let document = "a\n```sh\nx\n```\nb `c`\n```text\ny\nz\n```\n| 1 | `d` |\n";
    assert_eq!(fences(document, "text"), ["y\nz\n"]);
    assert_eq!(prose(document), "a\nb `c`\n| 1 | `d` |\n");
    assert_eq!(rows(document), [["1", "`d`"]]);
}
