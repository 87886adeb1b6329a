//! Terraform's syntax as plain spanned data. HCL and JSON are both lowered to it.

use crate::source::Span;
use crate::value::Number;
use std::sync::Arc;

/// Attributes and blocks of a file or block, in source order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub(crate) enum Item {
    Attribute(Attribute),
    Block(Block),
}

#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Arc<str>,
    /// The whole `name = value`.
    pub(crate) span: Span,
    pub(crate) expr: Expr,
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Arc<str>,
    pub(crate) labels: Vec<Arc<str>>,
    /// Kind and labels.
    pub(crate) header: Span,
    pub(crate) span: Span,
    pub(crate) body: Body,
}

impl Block {
    pub(crate) fn label(&self, index: usize) -> Option<&Arc<str>> {
        self.labels.get(index)
    }
}

impl Body {
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) => None,
        })
    }

    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) => None,
        })
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes().find(|attribute| &*attribute.name == name)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) kind: ExprKind,
}

#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    Template(Vec<Part>),
    Tuple(Vec<Expr>),
    /// Keys are expressions; a bare word is a string.
    Object(Vec<(Expr, Expr)>),
    Variable(Arc<str>),
    Traversal(Box<Expr>, Vec<Step>),
    Call(Box<Call>),
    Conditional(Box<Conditional>),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<(Expr, Expr)>),
    For(Box<For>),
    Parenthesis(Box<Expr>),
    /// Of which a problem tells.
    Unreadable,
}

#[derive(Clone, Debug)]
pub(crate) struct Conditional {
    pub(crate) condition: Expr,
    pub(crate) yes: Expr,
    pub(crate) no: Expr,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// With the provider's namespace where there is one: `provider::aws::arn_parse`.
    pub(crate) name: Arc<str>,
    pub(crate) arguments: Vec<Expr>,
    /// The last argument is followed by `...`.
    pub(crate) expand: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct For {
    pub(crate) key: Option<Arc<str>>,
    pub(crate) value: Arc<str>,
    pub(crate) collection: Expr,
    /// Present in the object form.
    pub(crate) result_key: Option<Expr>,
    pub(crate) result: Expr,
    pub(crate) grouping: bool,
    pub(crate) condition: Option<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) enum Part {
    Literal(Arc<str>),
    Interpolation(Expr),
    If { condition: Expr, yes: Vec<Part>, no: Vec<Part> },
    For { key: Option<Arc<str>>, value: Arc<str>, collection: Expr, body: Vec<Part> },
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) span: Span,
    pub(crate) kind: StepKind,
}

#[derive(Clone, Debug)]
pub(crate) enum StepKind {
    Attribute(Arc<str>),
    Index(Expr),
    /// `.0`.
    LegacyIndex(Expr),
    /// `[*]`: all steps that follow apply to each element.
    Splat,
    /// `.*`: the steps with a dot that follow apply to each element, an index in brackets applies to the result.
    AttributeSplat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Negate,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// How many labels a top-level block of this kind has; `None` for what is no such kind.
pub(crate) fn top_level_labels(kind: &str) -> Option<usize> {
    match kind {
        "resource" | "data" | "ephemeral" => Some(2),
        "variable" | "output" | "module" | "provider" | "check" => Some(1),
        "locals" | "terraform" | "moved" | "import" | "removed" => Some(0),
        _ => None,
    }
}
