//! Facts with their places, and doubts with what would settle them.

use crate::source::Span;
use crate::value::{Unknown, Value};

/// A fact that the code states, or that a default implies where the code is silent.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The fact as the code spells it: `protocol = "HTTP"`.
    pub fact: String,
    /// What it means for the message, as a clause: "the target group speaks HTTP".
    pub meaning: String,
    pub span: Span,
    /// The uses that the value came through, latest first.
    pub through: Vec<Span>,
    /// Decided by the provider's default for an absent attribute.
    pub default: bool,
    /// Says which requests go this way, where not all of a listener do.
    pub selects: bool,
    /// What mends it, where that is not what mends most hops of the kind.
    pub remedy: Option<String>,
}

impl Evidence {
    pub fn new(fact: impl Into<String>, meaning: impl Into<String>, span: Span) -> Self {
        Self {
            fact: fact.into(),
            meaning: meaning.into(),
            span,
            through: Vec::new(),
            default: false,
            selects: false,
            remedy: None,
        }
    }

    /// Which requests go this way: "host api.example.com, path /v1/*".
    pub fn selecting(requests: impl Into<String>, span: Span) -> Self {
        Self { selects: true, ..Self::new(requests, "only such requests go this way", span) }
    }

    #[must_use]
    pub fn along(mut self, value: &Value) -> Self {
        self.span = value.span();
        self.through = value.origin.steps().collect();
        self
    }

    #[must_use]
    pub fn mended_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Where the fact takes effect: the last use of the value.
    pub fn used_at(&self) -> Span {
        self.through.first().copied().unwrap_or(self.span)
    }
}

/// Something that could not be known, where, and what would settle it.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// The unknown as the user wrote it: `var.origin_protocol`.
    pub what: String,
    /// Why it is not known, as a clause.
    pub message: String,
    pub settle: String,
    pub span: Option<Span>,
    pub through: Vec<Span>,
}

impl Doubt {
    pub fn new(
        what: impl Into<String>,
        message: impl Into<String>,
        settle: impl Into<String>,
        span: Option<Span>,
    ) -> Self {
        Self { what: what.into(), message: message.into(), settle: settle.into(), span, through: Vec::new() }
    }

    pub fn of(unknown: &Unknown, value: &Value) -> Self {
        Self {
            what: unknown.what.to_string(),
            message: unknown.message(),
            settle: unknown.settle(),
            span: Some(value.span()),
            through: value.origin.steps().collect(),
        }
    }

    /// Where the unknown takes effect: its last use.
    pub fn used_at(&self) -> Option<Span> {
        self.through.first().copied().or(self.span)
    }
}
