//! Messages with places: what could not be read or evaluated, and what a rule has found. Plain data.

use crate::source::Span;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A span with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

impl Label {
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// Something that could not be read, parsed or evaluated. The rest is analysed all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub message: String,
    /// `None` where the trouble has no place in a text, such as a file that cannot be read.
    pub span: Option<Span>,
    /// What the user can do about it.
    pub help: Option<String>,
    /// Code that is in force is not seen: resources may be missing, or be others than they seem.
    pub hides: bool,
}

impl Problem {
    pub fn error(message: impl Into<String>, span: Option<Span>) -> Self {
        Self { severity: Severity::Error, message: message.into(), span, help: None, hides: false }
    }

    pub fn warning(message: impl Into<String>, span: Option<Span>) -> Self {
        Self { severity: Severity::Warning, message: message.into(), span, help: None, hides: false }
    }

    pub fn note(message: impl Into<String>, span: Option<Span>) -> Self {
        Self { severity: Severity::Note, message: message.into(), span, help: None, hides: false }
    }

    /// Nothing that stands beside it is proven.
    #[must_use]
    pub fn hiding(mut self) -> Self {
        self.hides = true;
        self
    }

    pub fn hides_code(&self) -> bool {
        self.hides || self.severity == Severity::Error
    }

    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
