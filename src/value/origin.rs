//! The trail of a value: where it was written and through which places it came.

use super::Reference;
use crate::source::Span;
use std::sync::Arc;

/// Where a value was written (`span`, the place to change first), and the uses it came through, latest use last.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub span: Span,
    latest: Option<Arc<Link>>,
    /// What the text refers to that an unknown value was cut out of, or the arguments of other resources that a known text
    /// was read from; `None` where there is nothing of it.
    cut_from: Option<Arc<[Reference]>>,
}

#[derive(Debug, PartialEq)]
struct Link {
    span: Span,
    earlier: Option<Arc<Self>>,
}

/// One place that a value came through, such as a module call's argument or a reference to a variable.
pub type Step = Span;

/// A trail longer than this says nothing more to a reader and would let hostile code grow it without end.
const LONGEST_TRAIL: usize = 32;

impl Origin {
    pub fn at(span: Span) -> Self {
        Self { span, latest: None, cut_from: None }
    }

    /// The same origin, used at `span`. A repeated use of the same place and steps over the bound are not recorded.
    #[must_use]
    pub fn through(&self, span: Span) -> Self {
        let last = self.latest.as_ref().map_or(self.span, |link| link.span);
        if last == span || self.steps().count() >= LONGEST_TRAIL {
            return self.clone();
        }
        Self { latest: Some(Arc::new(Link { span, earlier: self.latest.clone() })), ..self.clone() }
    }

    /// The same origin for a value that is a piece of a text which refers to `references`, or that was read from them.
    #[must_use]
    pub fn cut(mut self, references: Vec<Reference>) -> Self {
        self.cut_from = (!references.is_empty()).then(|| references.into());
        self
    }

    /// What a piece of text still is about, in the order of the text: the host in a URL is about what the URL belongs to.
    pub fn cut_from(&self) -> &[Reference] {
        self.cut_from.as_deref().unwrap_or_default()
    }

    /// The uses, latest first.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        std::iter::successors(self.latest.as_deref(), |link| link.earlier.as_deref()).map(|link| link.span)
    }

    /// The place where the value is finally used: the last use, or where it was written.
    pub fn used_at(&self) -> Span {
        self.latest.as_ref().map_or(self.span, |link| link.span)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let mut next = self.earlier.take();
        while let Some(link) = next {
            next = Arc::into_inner(link).and_then(|mut link| link.earlier.take());
        }
    }
}
