//! Parameter values and the Region from the configuration file of the SAM CLI beside a template, which `sam deploy` reads.

use super::ledger::Ledger;
use super::scope::Run;
use super::template::Template;
use super::tree::{Entry, Node, Shape};
use super::yaml;
use crate::diagnostic::Problem;
use crate::resource::Dialect;
use crate::source::{FileId, ReadError, Sources, Span, file_name, join_path, parent};
use crate::value::{Branch, Formula, Kind, Origin, Value, When};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name under which the Region stands among the values.
pub(crate) const REGION: &str = "AWS::Region";

/// The names of the file; the first that is there counts. Source: "AWS SAM CLI configuration file" of the SAM guide.
const NAMES: [&str; 3] = ["samconfig.toml", "samconfig.yaml", "samconfig.yml"];

/// Levels of tables within tables that are read: none that counts lies deeper.
const DEEPEST: u32 = 16;

/// The values of the template's parameters by name, and the Region. Where several environments are deployed from the file, a
/// parameter's value is one of theirs, and null for an environment that leaves it out; a Region is known only where it is the
/// same in all.
pub(crate) fn overrides(run: &Run<'_>, template: &Template, ledger: &Ledger) -> BTreeMap<Arc<str>, Value> {
    let root = if template.dialect == Dialect::Sam { configuration(run, template, ledger) } else { None };
    let Some(root) = root else { return BTreeMap::new() };
    let beside = |name: &str| parameter_file(run, &join_path(parent(&template.path), name), ledger);
    joined(&environments(&root, &template.path, run.sources, &beside), ledger)
}

/// A file of parameters that the configuration names.
fn parameter_file(run: &Run<'_>, path: &str, ledger: &Ledger) -> Option<Arc<Node>> {
    match run.files.read(path) {
        Ok(text) => {
            let file = run.sources.add(path, text.as_str());
            ledger.file();
            from_yaml(&text, file, ledger)
        }
        Err(error) => {
            ledger.problem(Problem::warning(format!("{path} {error}"), None));
            None
        }
    }
}

/// The file as a tree; `None` where there is none that can be read.
fn configuration(run: &Run<'_>, template: &Template, ledger: &Ledger) -> Option<Arc<Node>> {
    for name in NAMES {
        let path = join_path(parent(&template.path), name);
        let text = match run.files.read(&path) {
            Ok(text) => text,
            Err(ReadError::NotFound) => continue,
            Err(error) => {
                ledger.problem(Problem::warning(format!("{path} {error}"), None));
                return None;
            }
        };
        let file = run.sources.add(&path, text.as_str());
        ledger.file();
        return if name.ends_with(".toml") {
            from_toml(&path, &text, file, ledger)
        } else {
            from_yaml(&text, file, ledger)
        };
    }
    None
}

fn from_yaml(text: &str, file: FileId, ledger: &Ledger) -> Option<Arc<Node>> {
    let tree = yaml::read(text, file);
    for problem in tree.problems {
        ledger.problem(problem);
    }
    tree.documents.into_iter().next()
}

fn from_toml(path: &str, text: &str, file: FileId, ledger: &Ledger) -> Option<Arc<Node>> {
    match DeTable::parse(text) {
        Ok(document) => Some(table(document.get_ref(), document.span(), file, 0)),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            ledger.warn(format!("{path} is no valid TOML: {}", error.message()), span_of(&range, file));
            None
        }
    }
}

fn span_of(range: &Range<usize>, file: FileId) -> Span {
    Span::new(file, range.start, range.end)
}

fn table(table: &DeTable<'_>, range: Range<usize>, file: FileId, depth: u32) -> Arc<Node> {
    let entries = table.iter().map(|(key, value)| Entry {
        key: (&**key.get_ref()).into(),
        key_span: span_of(&key.span(), file),
        value: node(value, file, depth + 1),
    });
    Node::new(span_of(&range, file), Shape::Map(entries.collect()))
}

fn node(value: &Spanned<DeValue<'_>>, file: FileId, depth: u32) -> Arc<Node> {
    let span = span_of(&value.span(), file);
    match value.get_ref() {
        DeValue::String(text) => Node::text(&**text, span),
        DeValue::Boolean(value) => Node::new(span, Shape::Bool(*value)),
        DeValue::Array(items) if depth < DEEPEST => {
            Node::new(span, Shape::List(items.iter().map(|item| node(item, file, depth + 1)).collect()))
        }
        DeValue::Table(inner) if depth < DEEPEST => table(inner, value.span(), file, depth),
        _ => Node::null(span),
    }
}

/// A value with its place.
type Given = (String, Span);

/// An environment's name and the values that it gives.
type Environment = (String, BTreeMap<String, Given>);

/// Reads the file that a setting names.
type Beside<'r> = &'r dyn Fn(&str) -> Option<Arc<Node>>;

/// The environments that deploy the template.
fn environments(root: &Node, template: &str, sources: &Sources, beside: Beside<'_>) -> Vec<Environment> {
    let mut found: Vec<Environment> = Vec::new();
    for Entry { key: name, value: environment, .. } in root.entries() {
        let parameters = |command: &str| environment.get(command)?.get("parameters");
        let commands: Vec<&Arc<Node>> = ["deploy", "global"].into_iter().filter_map(parameters).collect();
        let setting = |key: &str| commands.iter().find_map(|command| command.get(key));
        let deployed = setting("template_file").or_else(|| setting("template")).and_then(|node| node.as_text());
        let is_this = match deployed {
            // What was built is made of the template beside the file.
            None => file_name(template).starts_with("template."),
            Some(path) if path.contains(".aws-sam/") => file_name(template).starts_with("template."),
            Some(path) => file_name(path) == file_name(template),
        };
        if !commands.is_empty() && is_this {
            let mut given =
                setting("parameter_overrides").map(|node| values(node, sources, beside)).unwrap_or_default();
            if let Some((region, node)) = setting("region").and_then(|node| Some((node.as_text()?, node))) {
                given.insert(REGION.to_owned(), (region.to_owned(), node.span));
            }
            found.push((name.to_string(), given));
        }
    }
    found
}

/// `parameter_overrides` is a text, names with values, or a list of either; a text may name a file that holds them. Sources:
/// "AWS SAM CLI configuration file" of the SAM guide, and the help of `sam deploy`.
fn values(overrides: &Node, sources: &Sources, beside: Beside<'_>) -> BTreeMap<String, Given> {
    let mut found = BTreeMap::new();
    let nodes = std::iter::once(overrides).chain(overrides.items().iter().map(|item| &**item));
    for node in nodes {
        take(node, sources, &mut found);
        let named = node.as_text().and_then(|text| text.trim().strip_prefix("file://"));
        if let Some(file) = named.and_then(beside) {
            let inner = std::iter::once(&*file).chain(file.items().iter().map(|item| &**item));
            inner.for_each(|node| take(node, sources, &mut found));
        }
    }
    found
}

fn take(node: &Node, sources: &Sources, found: &mut BTreeMap<String, Given>) {
    let text = |key: &str| node.get(key).and_then(|node| Some((node.scalar_text()?, node.span)));
    if let (Some((name, _)), Some(value)) = (text("ParameterKey"), text("ParameterValue")) {
        found.insert(name, value);
        return;
    }
    for entry in node.entries() {
        let listed = || entry.value.items().iter().filter_map(|item| item.scalar_text()).collect::<Vec<_>>().join(",");
        let value = entry.value.scalar_text().unwrap_or_else(listed);
        found.insert(entry.key.to_string(), (value, entry.value.span));
    }
    if let Some(text) = node.as_text().filter(|text| !text.trim().starts_with("file://")) {
        let written = sources.snippet(node.span);
        for (name, value) in pairs(text) {
            let place = place(&written, node.span, &name, &value);
            found.insert(name, (value, place));
        }
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

fn joined(environments: &[Environment], ledger: &Ledger) -> BTreeMap<Arc<str>, Value> {
    let names: BTreeSet<&String> = environments.iter().flat_map(|(_, values)| values.keys()).collect();
    if environments.len() > 1 && !names.is_empty() {
        let all: Vec<Arc<str>> = environments.iter().map(|(environment, _)| environment.as_str().into()).collect();
        ledger.domains.borrow_mut().insert(SUBJECT.into(), all);
    }
    let mut found: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for name in names {
        let given: Vec<Option<&Given>> = environments.iter().map(|(_, values)| values.get(name)).collect();
        let Some((first, span)) = given.iter().copied().flatten().next() else { continue };
        if given.iter().all(|value| value.is_some_and(|(text, _)| text == first)) {
            found.insert(name.as_str().into(), Value::string(first.as_str(), *span));
        } else if name != REGION {
            // Alternatives for the Region would take every host name that holds it apart.
            found.insert(name.as_str().into(), choice(environments, name, *span));
        }
    }
    found
}

fn choice(environments: &[Environment], name: &str, span: Span) -> Value {
    let branch = |(environment, values): &Environment| {
        let formula = Formula::equals(SUBJECT, environment.as_str());
        let value = match values.get(name) {
            Some((text, place)) => Value::string(text.as_str(), *place),
            None => Value::null(span),
        };
        Branch { when: Some(When::new(format!("{SUBJECT} == \"{environment}\""), formula)), value }
    };
    Value::new(Kind::Choice(Arc::new(environments.iter().map(branch).collect())), Origin::at(span))
}

/// Where a name with this value stands in the written text of a setting: quotes and escapes may stand between them.
fn place(written: &str, whole: Span, name: &str, value: &str) -> Span {
    let base = whole.start as usize;
    for (at, _) in written.match_indices(name) {
        if written.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric())) {
            continue; // the end of another name
        }
        let behind = written.get(at + name.len()..).unwrap_or("");
        let Some(rest) = behind.strip_prefix('=').or_else(|| behind.strip_prefix(",ParameterValue=")) else { continue };
        let start = rest.trim_start_matches(['\\', '"', '\'']);
        let end = if start.starts_with(value) { written.len() - start.len() + value.len() } else { at + name.len() };
        return Span::new(whole.file, base + at, base + end);
    }
    whole
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

    fn of_toml(text: &str, template: &str) -> Vec<Environment> {
        let sources = Sources::new();
        let root = from_toml("samconfig.toml", text, sources.add("samconfig.toml", text), &Ledger::default()).unwrap();
        environments(&root, template, &sources, &|_| None)
    }

    #[test]
    fn an_environment_counts_for_its_template() {
        let text = "version = 0.1
[default.deploy.parameters]
parameter_overrides = [\"A=1\", \"B=2\"]
[other.deploy.parameters]
template_file = \"other.yaml\"
parameter_overrides = \"A=3\"
";
        let found = of_toml(text, "app/template.yaml");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1.len(), 2);
        assert_eq!(of_toml(text, "app/other.yaml")[0].0, "other");
    }

    #[test]
    fn nesting_is_bounded() {
        let text = format!("[a{}]\nx = 1\n", ".a".repeat(60));
        let sources = Sources::new();
        let file = sources.add("samconfig.toml", text.as_str());
        let root = from_toml("samconfig.toml", &text, file, &Ledger::default()).unwrap();
        assert!(root.depth() <= DEEPEST + 2);
    }
}
