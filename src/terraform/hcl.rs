//! The only module that knows the HCL parser: text in, own spanned syntax tree out.

use super::ast::{
    Attribute, Binary, Block, Body, Call, Conditional, Expr, ExprKind, For, Item, Part, Step, StepKind, Unary,
};
use super::functions::normalized;
use super::literal::{self, Literals, Quoting};
use super::repair::{self, Repaired, SyntaxError};
use super::{cut, float, scan};
use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use crate::value::Number;
use hcl_edit::Span as _;
use hcl_edit::expr::{self as hcl, BinaryOperator, Expression, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::Structure;
use hcl_edit::template::{self, Directive, Element, Strip};
use std::ops::Range;
use std::str::FromStr as _;
use std::sync::Arc;

/// Problems of one file that are told one by one.
const MOST_PROBLEMS: usize = 100;

/// Parses a file. What cannot be parsed is a problem and loses only the top-level block that holds it, as does what is no
/// UTF-8, for which `text` has replacement characters at the offsets `invalid`.
pub(crate) fn parse_file(file: FileId, text: &str, invalid: &[usize]) -> (Body, Vec<Problem>) {
    let invalid = if invalid.is_empty() { Vec::new() } else { scan::outside_comments(text, invalid) };
    let mut pieces = Pieces { file, text, invalid, body: Body::default(), problems: Vec::new(), untold: 0 };
    pieces.parse(0..text.len(), &[cut::balanced, cut::unbalanced]);
    if pieces.untold > 0 {
        let message = format!("{} more blocks of this file could not be read", pieces.untold);
        let last = pieces.problems.last().and_then(|problem| problem.span);
        pieces.problems.push(Problem::error(message, last));
    }
    (pieces.body, pieces.problems)
}

type Cut = fn(&str) -> Vec<Range<usize>>;

/// What has been read of a file.
struct Pieces<'a> {
    file: FileId,
    text: &'a str,
    invalid: Vec<usize>,
    body: Body,
    problems: Vec<Problem>,
    /// Blocks that could not be read beyond [`MOST_PROBLEMS`].
    untold: usize,
}

impl Pieces<'_> {
    /// Parses a piece, or the pieces that the first of `cuts` that cuts it makes of it.
    fn parse(&mut self, piece: Range<usize>, cuts: &[Cut]) {
        let Some(part) = self.text.get(piece.clone()) else { return };
        let first = self.invalid.partition_point(|offset| *offset < piece.start);
        let invalid = self.invalid.get(first).filter(|offset| **offset < piece.end);
        let parsed = match invalid {
            None => repair::parse_repaired(part, hcl_edit::parser::parse_body),
            Some(offset) => {
                Err(SyntaxError { message: "this is not UTF-8 text".to_owned(), offset: offset - piece.start })
            }
        };
        match (parsed, cuts) {
            (Ok(parsed), _) => {
                let lowering =
                    Lowering { file: self.file, source: part, offset: piece.start, repaired: &parsed.repaired };
                lowering.body(&parsed.tree, &mut self.body);
            }
            (Err(_), [cut, others @ ..]) => {
                for inner in cut(part) {
                    self.parse(piece.start + inner.start..piece.start + inner.end, others);
                }
            }
            (Err(_), []) if self.problems.len() >= MOST_PROBLEMS => self.untold += 1,
            (Err(error), []) => {
                self.problems.push(syntax_problem(self.file, self.text, piece.start + error.offset, &error.message));
            }
        }
    }
}

/// Parses one expression that stands alone: a `--var` value, a string of a JSON configuration, a type.
pub(crate) fn parse_expression(file: FileId, text: &str, offset: usize) -> Result<Expr, Problem> {
    match repair::parse_repaired(text, hcl_edit::parser::parse_expr) {
        Ok(parsed) => Ok(Lowering { file, source: text, offset, repaired: &parsed.repaired }.expression(&parsed.tree)),
        Err(error) => Err(Problem::error(
            format!("this expression cannot be parsed: {}", error.message),
            Some(Span::new(file, offset, offset + text.len())),
        )),
    }
}

/// Parses a template that stands alone: a template file, or a string of a JSON configuration.
pub(crate) fn parse_template(file: FileId, text: &str, offset: usize) -> Result<Vec<Part>, Problem> {
    match hcl_edit::parser::parse_template(text) {
        Ok(parsed) => {
            let repaired = Repaired::default();
            Ok(Lowering { file, source: text, offset, repaired: &repaired }
                .template_elements(parsed.iter(), Quoting::Lines))
        }
        Err(error) => {
            let at = offset + error.location().offset();
            Err(Problem::error(
                format!("this template cannot be parsed: {}", error.message()),
                Some(Span::new(file, at, at + 1)),
            ))
        }
    }
}

fn syntax_problem(file: FileId, text: &str, offset: usize, message: &str) -> Problem {
    let offset = offset.min(text.len());
    let end = text.get(offset..).and_then(|rest| rest.chars().next()).map_or(offset, |c| offset + c.len_utf8());
    Problem::error(format!("syntax error: {message}"), Some(Span::new(file, offset, end)))
        .with_help("the block that holds the error is not analysed")
}

struct Lowering<'a> {
    file: FileId,
    source: &'a str,
    /// Where `source` starts in the file.
    offset: usize,
    repaired: &'a Repaired,
}

impl Lowering<'_> {
    fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        Span::new(self.file, self.offset + range.start, self.offset + range.end)
    }

    fn body(&self, body: &hcl_edit::structure::Body, into: &mut Body) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => into.items.push(Item::Attribute(Attribute {
                    name: attribute.key.as_str().into(),
                    span: self.span(attribute.span()),
                    expr: self.expression(&attribute.value),
                })),
                Structure::Block(block) => into.items.push(Item::Block(self.block(block))),
            }
        }
    }

    fn block(&self, block: &hcl_edit::structure::Block) -> Block {
        let start = self.span(block.ident.span());
        let header = match block.labels.last() {
            Some(label) => start.join(self.span(label.span())),
            None => start,
        };
        let mut body = Body::default();
        self.body(&block.body, &mut body);
        Block {
            kind: block.ident.as_str().into(),
            labels: block.labels.iter().map(|label| Arc::from(label.as_str())).collect(),
            header,
            span: self.span(block.span()),
            body,
        }
    }

    fn expression(&self, expression: &Expression) -> Expr {
        let carved =
            expression.span().and_then(|range| Some((range.start, self.repaired.original_expression(range.start)?)));
        if let (Expression::Variable(_), Some((start, original))) = (expression, carved) {
            return self.carved(start, original);
        }
        let kind = match expression {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(number) => self.number(number.span(), &number.value().to_string()),
            Expression::String(text) => ExprKind::String(normalized(text)),
            Expression::Array(array) => ExprKind::Tuple(array.iter().map(|item| self.expression(item)).collect()),
            Expression::Object(object) => ExprKind::Object(
                object.iter().map(|(key, value)| (self.object_key(key), self.expression(value.expr()))).collect(),
            ),
            Expression::StringTemplate(text) => {
                ExprKind::Template(self.template_elements(text.iter(), Quoting::Quoted))
            }
            Expression::HeredocTemplate(heredoc) => {
                let written = heredoc.span().and_then(|range| self.source.get(range)).unwrap_or_default();
                let quoting = if written.starts_with("<<-") { Quoting::Flush } else { Quoting::Lines };
                ExprKind::Template(self.template_elements(heredoc.template.iter(), quoting))
            }
            Expression::Parenthesis(inner) => ExprKind::Parenthesis(Box::new(self.expression(inner.inner()))),
            Expression::Variable(name) => ExprKind::Variable(name.as_str().into()),
            Expression::Conditional(conditional) => ExprKind::Conditional(Box::new(Conditional {
                condition: self.expression(&conditional.cond_expr),
                yes: self.expression(&conditional.true_expr),
                no: self.expression(&conditional.false_expr),
            })),
            Expression::FuncCall(call) => ExprKind::Call(Box::new(self.call(call))),
            Expression::Traversal(traversal) => ExprKind::Traversal(
                Box::new(self.expression(&traversal.expr)),
                traversal.operators.iter().map(|operator| self.step(operator)).collect(),
            ),
            Expression::UnaryOp(operation) => {
                let operator = match *operation.operator.value() {
                    UnaryOperator::Neg => Unary::Negate,
                    UnaryOperator::Not => Unary::Not,
                };
                ExprKind::Unary(operator, Box::new(self.expression(&operation.expr)))
            }
            Expression::BinaryOp(operation) => ExprKind::Binary(
                binary(*operation.operator.value()),
                Box::new((self.expression(&operation.lhs_expr), self.expression(&operation.rhs_expr))),
            ),
            Expression::ForExpr(each) => ExprKind::For(Box::new(self.for_expression(each))),
        };
        Expr { span: self.span(expression.span()), kind }
    }

    /// The expression that was in parentheses read apart.
    fn carved(&self, start: usize, original: &str) -> Expr {
        let offset = self.offset + start;
        match parse_expression(self.file, original, offset.saturating_sub(1)) {
            Ok(Expr { kind: ExprKind::Parenthesis(inner), .. }) => *inner,
            _ => Expr { span: Span::new(self.file, offset, offset + original.len()), kind: ExprKind::Unreadable },
        }
    }

    /// Numbers are read from the source text: the parser's own representation is a double.
    fn number(&self, range: Option<Range<usize>>, fallback: &str) -> ExprKind {
        let written = range.and_then(|range| self.source.get(range)).map(str::trim);
        let number = written.and_then(float::literal).or_else(|| Number::from_str(fallback).ok());
        number.map_or(ExprKind::Unreadable, ExprKind::Number)
    }

    fn object_key(&self, key: &ObjectKey) -> Expr {
        let range = match key {
            ObjectKey::Ident(ident) => ident.span(),
            ObjectKey::Expression(expression) => expression.span(),
        };
        if let Some(original) = range.as_ref().and_then(|range| self.repaired.original_key(range.start)) {
            let offset = self.offset + range.as_ref().map_or(0, |range| range.start);
            if let Ok(mut expr) = parse_expression(self.file, original, offset) {
                if let ExprKind::Variable(name) = &expr.kind {
                    expr.kind = ExprKind::String(Arc::clone(name));
                }
                return expr;
            }
        }
        match key {
            ObjectKey::Ident(ident) => Expr { span: self.span(range), kind: ExprKind::String(ident.as_str().into()) },
            ObjectKey::Expression(expression) => {
                let mut expr = self.expression(expression);
                match &expr.kind {
                    ExprKind::Variable(name) => expr.kind = ExprKind::String(Arc::clone(name)),
                    ExprKind::Null => expr.kind = ExprKind::String("null".into()),
                    _ => {}
                }
                expr
            }
        }
    }

    fn call(&self, call: &hcl::FuncCall) -> Call {
        let mut name = String::new();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let name = name.strip_prefix("core::").unwrap_or(&name);
        Call {
            name: name.into(),
            arguments: call.args.iter().map(|argument| self.expression(argument)).collect(),
            expand: call.args.expand_final(),
        }
    }

    fn for_expression(&self, each: &hcl::ForExpr) -> For {
        For {
            key: each.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value: each.intro.value_var.as_str().into(),
            collection: self.expression(&each.intro.collection_expr),
            result_key: each.key_expr.as_ref().map(|key| self.expression(key)),
            result: self.expression(&each.value_expr),
            grouping: each.grouping,
            condition: each.cond.as_ref().map(|condition| self.expression(&condition.expr)),
        }
    }

    fn step(&self, operator: &hcl_edit::Decorated<TraversalOperator>) -> Step {
        let span = self.span(operator.span());
        let kind = match operator.value() {
            TraversalOperator::AttrSplat(_) => StepKind::AttributeSplat,
            TraversalOperator::FullSplat(_) => StepKind::Splat,
            TraversalOperator::GetAttr(name) => StepKind::Attribute(name.as_str().into()),
            TraversalOperator::Index(index) => StepKind::Index(self.expression(index)),
            TraversalOperator::LegacyIndex(index) => {
                let number = i64::try_from(*index.value()).unwrap_or(i64::MAX);
                StepKind::LegacyIndex(Expr { span, kind: ExprKind::Number(Number::from(number)) })
            }
        };
        Step { span, kind }
    }

    fn template_elements<'e>(&self, elements: impl Iterator<Item = &'e Element>, quoting: Quoting) -> Vec<Part> {
        let mut parts = Literals::new(quoting, false);
        self.collect_elements(elements, &mut parts);
        if quoting == Quoting::Flush {
            literal::flush(&mut parts.parts);
        }
        literal::meld(parts.parts)
    }

    fn collect_elements<'e>(&self, elements: impl Iterator<Item = &'e Element>, parts: &mut Literals) {
        for element in elements {
            match element {
                Element::Literal(text) => {
                    // The parser has flushed the literals before any marker stripped them.
                    let written = text.span().filter(|_| parts.quoting == Quoting::Flush);
                    match written.and_then(|range| self.source.get(range)) {
                        Some(written) => parts.literal(&literal::unescape_heredoc(written)),
                        None => parts.literal(text.value()),
                    }
                }
                Element::Interpolation(interpolation) => {
                    parts.before(strips_before(interpolation.strip));
                    let expr = self.expression(&interpolation.expr);
                    parts.push(Part::Interpolation(expr), strips_after(interpolation.strip));
                }
                Element::Directive(directive) => self.directive(directive, parts),
            }
        }
    }

    fn directive(&self, directive: &Directive, parts: &mut Literals) {
        match directive {
            Directive::If(branch) => {
                parts.before(strips_before(branch.if_expr.strip));
                let yes_end = branch.else_expr.as_ref().map_or(branch.endif_expr.strip, |no| no.strip);
                let yes = self.inner(&branch.if_expr.template, branch.if_expr.strip, yes_end, parts.quoting);
                let no = branch.else_expr.as_ref().map_or_else(Vec::new, |no| {
                    self.inner(&no.template, no.strip, branch.endif_expr.strip, parts.quoting)
                });
                let condition = self.expression(&branch.if_expr.cond_expr);
                parts.push(Part::If { condition, yes, no }, strips_after(branch.endif_expr.strip));
            }
            Directive::For(each) => {
                parts.before(strips_before(each.for_expr.strip));
                let body =
                    self.inner(&each.for_expr.template, each.for_expr.strip, each.endfor_expr.strip, parts.quoting);
                let part = Part::For {
                    key: each.for_expr.key_var.as_ref().map(|name| name.as_str().into()),
                    value: each.for_expr.value_var.as_str().into(),
                    collection: self.expression(&each.for_expr.collection_expr),
                    body,
                };
                parts.push(part, strips_after(each.endfor_expr.strip));
            }
        }
    }

    /// The template between two directives, of which the first may strip its start and the second its end.
    fn inner(&self, template: &template::Template, opening: Strip, closing: Strip, quoting: Quoting) -> Vec<Part> {
        // The parser leaves escapes within directives as they are written.
        let inside = if quoting == Quoting::Quoted { Quoting::Escaped } else { quoting };
        let mut parts = Literals::new(inside, strips_after(opening));
        self.collect_elements(template.iter(), &mut parts);
        parts.before(strips_before(closing));
        parts.parts
    }
}

fn strips_before(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn strips_after(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

fn binary(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Or => Binary::Or,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::NotEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Plus => Binary::Add,
        BinaryOperator::Minus => Binary::Subtract,
        BinaryOperator::Mul => Binary::Multiply,
        BinaryOperator::Div => Binary::Divide,
        BinaryOperator::Mod => Binary::Remainder,
    }
}
