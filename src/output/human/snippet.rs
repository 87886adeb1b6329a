//! A message with its places, drawn by miette. Labels may lie in several files: each diagnostic lays the files out one
//! after the other in the order of its labels, and `read_span` picks the file that holds a span.

use super::super::{Style, mask};
use crate::check::Location;
use crate::source::Sources;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Of a label over more lines than this the first line is shown: it names the block.
const MOST_LINES: usize = 8;

/// A message as it is to be drawn.
pub(super) struct Shown {
    /// `error[plaintext-hop]`.
    pub head: String,
    pub severity: String,
    pub message: String,
    pub help: Option<String>,
    pub labels: Vec<(Location, String)>,
}

/// Texts as they may be shown, worked out once for each file.
pub(super) struct Cache<'a> {
    sources: &'a Sources,
    texts: RefCell<HashMap<String, Arc<Text>>>,
}

struct Text {
    path: String,
    shown: String,
    line_starts: Vec<usize>,
}

impl<'a> Cache<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, texts: RefCell::default() }
    }

    fn text(&self, path: &str) -> Option<Arc<Text>> {
        if let Some(text) = self.texts.borrow().get(path) {
            return Some(Arc::clone(text));
        }
        let source = self.sources.get(self.sources.find(path)?)?;
        let shown = mask::shown(source.text());
        let breaks = shown.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(breaks).collect();
        let text = Arc::new(Text { path: mask::line(path), shown, line_starts });
        self.texts.borrow_mut().insert(path.to_owned(), Arc::clone(&text));
        Some(text)
    }
}

/// One file in the offset space of a diagnostic.
struct Section {
    base: usize,
    text: Arc<Text>,
}

struct Sections(Vec<Section>);

impl Sections {
    fn base_of(&mut self, path: &str, text: Arc<Text>) -> usize {
        if let Some(section) = self.0.iter().find(|section| section.text.path == path) {
            return section.base;
        }
        let base = self.0.last().map_or(0, |last| last.base + last.text.shown.len() + 1);
        self.0.push(Section { base, text });
        base
    }
}

impl SourceCode for Sections {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let holds = |section: &&Section| {
            span.offset() >= section.base && span.offset() + span.len() <= section.base + section.text.shown.len()
        };
        let section = self.0.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let text = &section.text;
        let line_of = |offset: usize| text.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = span.offset() - section.base;
        let end = (start + span.len()).saturating_sub(1).max(start);
        let first = line_of(start).saturating_sub(before);
        let last = (line_of(end) + after).min(text.line_starts.len().saturating_sub(1));
        // Without lines before it the snippet starts at the span itself: that is how a header's column is asked for.
        let line_start = text.line_starts.get(first).copied().unwrap_or(0);
        let from = if before == 0 { start } else { line_start };
        let column = text.shown.get(line_start..from).map_or(0, |lead| lead.chars().count());
        let to = text.line_starts.get(last + 1).copied().unwrap_or(text.shown.len());
        let data = text.shown.get(from..to).ok_or(MietteError::OutOfBounds)?;
        let shown = SourceSpan::from((section.base + from, data.len()));
        let lines = last - first + 1;
        Ok(Box::new(MietteSpanContents::new_named(text.path.clone(), data.as_bytes(), shown, first, column, lines)))
    }
}

struct Drawn {
    message: String,
    help: Option<String>,
    severity: Severity,
    labels: Vec<LabeledSpan>,
    sections: Sections,
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl Diagnostic for Drawn {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.labels.is_empty() { None } else { Some(&self.sections) }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Where a label ends that is shown from `start` on.
fn shown_end(text: &Text, start: usize, end: usize) -> usize {
    let line_of = |offset: usize| text.line_starts.partition_point(|line| *line <= offset);
    let (first, last) = (line_of(start), line_of(end));
    let next_line = text.line_starts.get(first).filter(|_| last.saturating_sub(first) >= MOST_LINES);
    let line = next_line.and_then(|next| text.shown.get(start..*next));
    line.map_or(end, |line| start + line.trim_end().len())
}

/// Draws one message; deterministic for the same style.
pub(super) fn render(cache: &Cache<'_>, shown: &Shown, style: Style) -> String {
    let mut sections = Sections(Vec::new());
    let mut labels = Vec::new();
    for (location, label) in &shown.labels {
        let Some(text) = cache.text(&location.file) else { continue };
        let length = text.shown.len();
        let path = text.path.clone();
        let start = location.start.offset.min(length);
        let end = shown_end(&text, start, location.end.offset.min(length).max(start));
        let base = sections.base_of(&path, text);
        labels.push(LabeledSpan::new(Some(mask::line(label)), base + start, end - start));
    }
    let severity = match shown.severity.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Advice,
    };
    let drawn = Drawn {
        message: mask::line(&shown.message),
        help: shown.help.as_deref().map(mask::line),
        severity,
        labels,
        sections,
    };
    let mut text = String::new();
    // Drawing into a string cannot fail; a span that fits no file leaves the message without its snippet.
    let _ = handler(style, &shown.head).render_report(&mut text, &drawn);
    text
}

/// The severity's sign is the rule's name, so that a message starts as compilers' messages do.
fn handler(style: Style, head: &str) -> GraphicalReportHandler {
    let mut theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    for sign in [&mut theme.characters.error, &mut theme.characters.warning, &mut theme.characters.advice] {
        *sign = format!("{head}:");
    }
    GraphicalReportHandler::new_themed(theme).with_links(false).with_width(style.width).with_context_lines(1)
}
