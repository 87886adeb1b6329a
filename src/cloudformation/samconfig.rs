//! Parameter values from the `samconfig.toml` beside a SAM template, which `sam deploy` reads.

use super::ledger::Ledger;
use super::scope::Run;
use super::template::Template;
use crate::diagnostic::Problem;
use crate::resource::Dialect;
use crate::source::{FileId, ReadError, Span, file_name, join_path, parent};
use crate::value::{Branch, Formula, Kind, Origin, Value, When};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toml::{Table, Value as Toml};

/// The values of the template's parameters by name. Where several environments are deployed from the file, a value is one of
/// theirs, and null for an environment that leaves the parameter out.
pub(crate) fn overrides(run: &Run<'_>, template: &Template, ledger: &Ledger) -> BTreeMap<String, Value> {
    if template.dialect != Dialect::Sam {
        return BTreeMap::new();
    }
    let path = join_path(parent(&template.path), "samconfig.toml");
    let text = match run.files.read(&path) {
        Ok(text) => text,
        Err(ReadError::NotFound) => return BTreeMap::new(),
        Err(error) => {
            ledger.problem(Problem::warning(format!("{path} {error}"), None));
            return BTreeMap::new();
        }
    };
    let file = run.sources.add(&path, text.as_str());
    ledger.file();
    match toml::from_str::<Table>(&text) {
        Ok(table) => joined(&environments(&table, &template.path), &text, file, ledger),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let span = Span::new(file, range.start, range.end);
            ledger.warn(format!("{path} is no valid TOML: {}", error.message()), span);
            BTreeMap::new()
        }
    }
}

/// An environment's name and the values that it gives.
type Environment = (String, BTreeMap<String, String>);

/// The environments that deploy the template.
fn environments(table: &Table, template: &str) -> Vec<Environment> {
    let mut found: Vec<Environment> = Vec::new();
    for (name, environment) in table {
        let parameters = |command: &str| environment.get(command)?.get("parameters")?.as_table();
        let commands: Vec<&Table> = ["deploy", "global"].into_iter().filter_map(parameters).collect();
        let setting = |key: &str| commands.iter().find_map(|command| command.get(key));
        let deployed = setting("template_file").or_else(|| setting("template")).and_then(Toml::as_str);
        let is_this = match deployed {
            // What was built is made of the template beside the file.
            None => file_name(template).starts_with("template."),
            Some(path) if path.contains(".aws-sam/") => file_name(template).starts_with("template."),
            Some(path) => file_name(path) == file_name(template),
        };
        if !commands.is_empty() && is_this {
            found.push((name.clone(), setting("parameter_overrides").map(values).unwrap_or_default()));
        }
    }
    found
}

/// `parameter_overrides` is one text or a list of texts.
fn values(overrides: &Toml) -> BTreeMap<String, String> {
    match overrides {
        Toml::String(text) => pairs(text).into_iter().collect(),
        Toml::Array(items) => items.iter().filter_map(Toml::as_str).flat_map(pairs).collect(),
        _ => BTreeMap::new(),
    }
}

/// Names and values in a text like `Stage="live" ParameterKey=Port,ParameterValue=443`.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for word in words(text) {
        let pair = match word.strip_prefix("ParameterKey=") {
            Some(rest) => rest.split_once(",ParameterValue="),
            None => word.split_once('='),
        };
        if let Some((name, value)) = pair {
            found.push((name.trim().to_owned(), value.to_owned()));
        }
    }
    found
}

/// The words of a text: blanks between quotes do not part them, the quotes go, and a backslash keeps what follows it.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.extend(chars.next()),
            '"' | '\'' if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if c.is_whitespace() && quote.is_none() => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// What a condition on the environment is about.
const SUBJECT: &str = "samconfig environment";

fn joined(environments: &[Environment], text: &str, file: FileId, ledger: &Ledger) -> BTreeMap<String, Value> {
    let names: BTreeSet<&String> = environments.iter().flat_map(|(_, values)| values.keys()).collect();
    if environments.len() > 1 && !names.is_empty() {
        let all: Vec<Arc<str>> = environments.iter().map(|(environment, _)| environment.as_str().into()).collect();
        ledger.domains.borrow_mut().insert(SUBJECT.into(), all);
    }
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for name in names {
        let given: Vec<Option<&String>> = environments.iter().map(|(_, values)| values.get(name)).collect();
        let span = place(text, name, given.iter().copied().flatten().next(), file);
        let value = match given.first().copied().flatten() {
            Some(first) if given.iter().all(|value| *value == Some(first)) => Value::string(first.as_str(), span),
            _ => choice(environments, name, text, file, span),
        };
        found.insert(name.clone(), value);
    }
    found
}

fn choice(environments: &[Environment], name: &str, text: &str, file: FileId, span: Span) -> Value {
    let branch = |(environment, values): &Environment| {
        let formula = Formula::Equals { subject: SUBJECT.into(), value: environment.as_str().into() };
        let value = match values.get(name) {
            Some(value) => Value::string(value.as_str(), place(text, name, Some(value), file)),
            None => Value::null(span),
        };
        Branch { when: Some(When::new(format!("{SUBJECT} == \"{environment}\""), formula)), value }
    };
    Value::new(Kind::Choice(Arc::new(environments.iter().map(branch).collect())), Origin::at(span))
}

/// Where a name with this value is written: TOML's own quotes and escapes may stand between them.
fn place(text: &str, name: &str, value: Option<&String>, file: FileId) -> Span {
    let wanted = value.map_or("", String::as_str);
    let mut first: Option<Span> = None;
    for (at, _) in text.match_indices(name) {
        if text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric())) {
            continue; // the end of another name
        }
        let behind = text.get(at + name.len()..).unwrap_or("");
        let Some(rest) = behind.strip_prefix('=').or_else(|| behind.strip_prefix(",ParameterValue=")) else { continue };
        let start = rest.trim_start_matches(['\\', '"', '\'']);
        let end = if start.starts_with(wanted) { text.len() - start.len() + wanted.len() } else { at + name.len() };
        let span = Span::new(file, at, end);
        if start.starts_with(wanted) {
            return span;
        }
        first = first.or(Some(span));
    }
    first.unwrap_or_else(|| Span::new(file, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_read_in_every_shape() {
        let read =
            |text: &str| pairs(text).into_iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>();
        assert_eq!(read("Stage=live Port=443"), ["Stage:live", "Port:443"]);
        assert_eq!(read("Stage=\"live one\" Empty=\"\""), ["Stage:live one", "Empty:"]);
        assert_eq!(read("ParameterKey=Stage,ParameterValue=live"), ["Stage:live"]);
        assert_eq!(read("Url='https://a.b/?x=1' nonsense"), ["Url:https://a.b/?x=1"]);
    }

    #[test]
    fn an_environment_counts_for_its_template() {
        let table: Table = toml::from_str(
            "version = 0.1
[default.deploy.parameters]
parameter_overrides = [\"A=1\", \"B=2\"]
[other.deploy.parameters]
template_file = \"other.yaml\"
parameter_overrides = \"A=3\"
",
        )
        .unwrap();
        let found = environments(&table, "app/template.yaml");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1.len(), 2);
        assert_eq!(environments(&table, "app/other.yaml")[0].0, "other");
    }
}
