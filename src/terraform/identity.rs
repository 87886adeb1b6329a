//! What unknown results are called: the same unknown has one name wherever it is met in a root, different ones have
//! different names.

use super::ast::Part;
use super::datum::{Datum, Kind};
use super::evaluator::{Env, Evaluator};
use crate::source::Span;
use crate::value::{Formula, When, secret};
use std::collections::HashSet;
use std::rc::Rc;

/// Characters of an expression and of a value in a name.
const LONGEST_TEXT: usize = 80;
const LONGEST_BRIEF: usize = 60;

/// The text of an expression, and the words in it.
#[derive(Debug)]
pub(crate) struct Written {
    name: String,
    words: HashSet<String>,
}

impl Written {
    fn new(text: &str) -> Self {
        // A name may hold a minus sign, which may also stand before one.
        let names = text.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-')));
        let words = names.flat_map(|name| name.split('-').chain([name]));
        Self { name: shortened(&on_one_line(text), LONGEST_TEXT), words: words.map(str::to_owned).collect() }
    }
}

impl Evaluator<'_> {
    /// The source text of a span on one line, shortened: for people only.
    pub(crate) fn text_of(&self, span: Span) -> String {
        let text = self.library.sources.snippet(Span { end: span.end.min(span.start.saturating_add(2_000)), ..span });
        let text = on_one_line(&text);
        if text.chars().count() <= LONGEST_TEXT {
            return text;
        }
        format!("{}…", text.chars().take(LONGEST_TEXT).collect::<String>())
    }

    /// The condition that stands at `span`. One that hangs on which of an unknown number of instances it is says of which block.
    pub(crate) fn condition(&self, span: Span, formula: &Formula, env: Env<'_>) -> When {
        let text = self.text_of(span);
        let written = Written::new(&text);
        let turns = ["each", "count"].iter().any(|name| written.words.contains(*name));
        match env.repetition.all_of.as_ref().filter(|_| turns) {
            Some(block) => When::new(format!("{text} of {block}"), formula.clone()),
            None => When::new(text, formula.clone()),
        }
    }

    /// What the unknown result of the expression at `span` is called: its text, and what those names in it stand for that
    /// mean something else in the next turn of a loop, instance of a block, or instance of a module.
    pub(crate) fn identity_of(&self, span: Span, env: Env<'_>) -> String {
        let known = self.written.borrow().get(&span).map(Rc::clone);
        let written = known.unwrap_or_else(|| {
            let written = Rc::new(Written::new(&self.library.sources.snippet(span)));
            self.written.borrow_mut().insert(span, Rc::clone(&written));
            written
        });
        identity(&written, env)
    }

    /// The same for a loop of a template.
    pub(crate) fn identity_of_loop(&self, collection: Span, body: &[Part], env: Env<'_>) -> String {
        let mut text = self.library.sources.snippet(collection);
        self.write_parts(body, &mut text);
        identity(&Written::new(&text), env)
    }

    fn write_parts(&self, parts: &[Part], text: &mut String) {
        for part in parts {
            text.push('\u{0}');
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Interpolation(expr) => text.push_str(&self.library.sources.snippet(expr.span)),
                Part::If { condition, yes, no } => {
                    text.push_str(&self.library.sources.snippet(condition.span));
                    self.write_parts(yes, text);
                    text.push('\u{1}');
                    self.write_parts(no, text);
                }
                Part::For { collection, body, .. } => {
                    text.push_str(&self.library.sources.snippet(collection.span));
                    self.write_parts(body, text);
                }
            }
            text.push('\u{2}');
        }
    }
}

fn identity(written: &Written, env: Env<'_>) -> String {
    let mut meant: Vec<String> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut next = env.bindings;
    while let Some(binding) = next {
        if written.words.contains(binding.name) && seen.insert(binding.name) {
            meant.push(format!("{} = {}", binding.name, binding.value.brief()));
        }
        next = binding.outer;
    }
    let mentions = |name: &str| written.words.contains(name) && !seen.contains(name);
    if let Some((key, value)) = env.repetition.each.as_ref().filter(|_| mentions("each")) {
        meant.push(format!("each = {}: {}", key.brief(), value.brief()));
    }
    if let Some(index) = env.repetition.index.as_ref().filter(|_| mentions("count")) {
        meant.push(format!("count.index = {}", index.brief()));
    }
    if let Some(module) = env.scope.prefix.strip_suffix('.') {
        meant.push(module.to_owned());
    }
    if meant.is_empty() {
        return written.name.clone();
    }
    format!("{} with {}", written.name, shortened(&meant.join(", "), LONGEST_TEXT))
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, the tail of a long one replaced by a checksum, so that texts that differ late still differ.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let sum =
        text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{}…{:06x}", text.chars().take(longest - 8).collect::<String>(), sum & 0x00ff_ffff)
}

impl Datum {
    /// A short text that tells different values apart; for the names of unknown results. Sensitive parts are not said.
    pub(crate) fn brief(&self) -> String {
        self.told(false)
    }

    fn told(&self, hidden: bool) -> String {
        let hidden = hidden || self.sensitive;
        let list = |items: &[Self]| items.iter().map(|item| item.told(hidden)).collect::<Vec<_>>().join(", ");
        let text = match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(number) => number.to_string(),
            Kind::String(text) => format!("{text:?}"),
            Kind::Reference(reference) => reference.text(),
            Kind::Instance(instance) => instance.address.to_string(),
            // The operation tells it apart where it names the cause too, which the whole says once.
            Kind::Unknown(unknown) => match unknown.what.split_once(" in ") {
                Some((cause, operation)) if operation.contains(cause) => operation.to_owned(),
                _ => unknown.what.to_string(),
            },
            Kind::Test(formula, _) => formula.to_string(),
            Kind::Sequence(_, items) => format!("[{}]", list(items)),
            Kind::Template(parts) => {
                format!("\"{}\"", parts.iter().map(|part| part.told_in_text(hidden)).collect::<String>())
            }
            Kind::Mapping(_, entries) => {
                let key = |key: &str| if hidden { secret::name(key) } else { key.to_owned() };
                let texts = entries.iter().map(|(name, value)| format!("{} = {}", key(name), value.told(hidden)));
                format!("{{{}}}", texts.collect::<Vec<_>>().join(", "))
            }
            Kind::Choice(branches) => {
                let told =
                    branches.iter().map(|branch| format!("{} ? {}", branch.when.formula(), branch.value.told(hidden)));
                told.collect::<Vec<_>>().join(", ")
            }
        };
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) if hidden => secret::name(&text),
            _ => shortened(&text, LONGEST_BRIEF),
        }
    }

    /// The value as a part of a template: what is written there tells it from an interpolation of the same text.
    fn told_in_text(&self, hidden: bool) -> String {
        match &self.kind {
            Kind::String(text) if !hidden && !self.sensitive => {
                text.escape_debug().to_string().replace("${", "$${").replace("%{", "%%{")
            }
            _ => format!("${{{}}}", self.told(hidden)),
        }
    }
}
