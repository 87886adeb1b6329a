//! Evaluates expressions.

use super::ast::{Call, Conditional, Expr, ExprKind, Part};
use super::datum::{Datum, Entries, Evaluated, Fault, Kind};
use super::evaluator::{Binding, Env, Evaluator};
use super::operators::{self, Truth};
use super::types::{self, Type};
use super::unify::unify;
use super::{choice, functions, template};
use crate::source::Span;
use crate::value::Reason;
use std::sync::Arc;

impl Evaluator<'_> {
    pub(crate) fn evaluate(&self, expr: &Expr, env: Env<'_>) -> Evaluated {
        let value = self.bounded(expr.span, || self.evaluate_kind(expr, env))?;
        self.weigh(&value, expr.span)?;
        Ok(value)
    }

    fn evaluate_kind(&self, expr: &Expr, env: Env<'_>) -> Evaluated {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Null => Ok(Datum::null(span)),
            ExprKind::Bool(value) => Ok(Datum::bool(*value, span)),
            ExprKind::Number(number) => Ok(Datum::number(number.clone(), span)),
            ExprKind::String(text) => Ok(Datum::string(Arc::clone(text), span)),
            ExprKind::Template(parts) => self.template(parts, env, span),
            ExprKind::Tuple(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.evaluate(item, env)).collect();
                Ok(Datum::tuple(items?, span))
            }
            ExprKind::Object(entries) => self.object(entries, env, span),
            ExprKind::Variable(_) => self.traverse(expr, &[], env, span),
            ExprKind::Traversal(base, steps) => self.traverse(base, steps, env, span),
            ExprKind::Call(call) => self.call(call, env, span),
            ExprKind::Conditional(conditional) => self.conditional(conditional, env, span),
            ExprKind::Unary(operator, operand) => {
                let operand = self.evaluate(operand, env)?;
                let sensitive = operand.sensitive;
                choice::map(vec![operand], span, &mut |values| match values.into_iter().next() {
                    Some(operand) => operators::unary(*operator, operand, span),
                    None => Ok(Datum::null(span)),
                })
                .map(|result| result.marked(sensitive))
            }
            ExprKind::Binary(operator, operands) => {
                let (left, right) = (self.evaluate(&operands.0, env)?, self.evaluate(&operands.1, env)?);
                let sensitive = left.sensitive || right.sensitive;
                choice::map(vec![left, right], span, &mut |values| match <[Datum; 2]>::try_from(values) {
                    Ok([left, right]) => match self.presence(*operator, &left, &right, span) {
                        Some(answer) => Ok(answer),
                        None => operators::binary(*operator, left, right, span),
                    },
                    Err(_) => Ok(Datum::null(span)),
                })
                .map(|result| result.marked(sensitive))
            }
            ExprKind::For(each) => {
                let collection = self.evaluate(&each.collection, env)?;
                choice::map(vec![collection], span, &mut |values| match values.into_iter().next() {
                    Some(collection) => self.for_expression(each, &collection, env, span),
                    None => Ok(Datum::null(span)),
                })
            }
            ExprKind::Parenthesis(inner) => self.evaluate(inner, env),
            ExprKind::Unreadable => {
                let why = Reason::Invalid("it cannot be parsed".into());
                Ok(Datum::unknown(why, self.identity_of(span, env), span))
            }
        }
    }

    fn object(&self, pairs: &[(Expr, Expr)], env: Env<'_>, span: Span) -> Evaluated {
        let mut entries = Entries::new();
        // Terraform marks the whole for a key that is marked.
        let mut sensitive = false;
        for (key_expr, value) in pairs {
            let key = self.evaluate(key_expr, env)?;
            sensitive |= key.holds_sensitive();
            match self.key(key, key_expr.span)? {
                Ok(key) => _ = entries.insert(key, self.evaluate(value, env)?),
                Err(unknown) => return Ok(operators::opaque(&unknown, &self.identity_of(span, env), span)),
            }
        }
        Ok(Datum::object(entries, span).marked(sensitive))
    }

    /// An object's key as text; the inner error is a key that is not known.
    pub(super) fn key(&self, key: Datum, span: Span) -> Result<Result<Arc<str>, Datum>, Box<Fault>> {
        if key.is_null() {
            return Err(Fault::invalid("a key is null", span));
        }
        let key = types::convert(key, &Type::String, span)?;
        match &key.kind {
            Kind::String(text) => Ok(Ok(Arc::clone(text))),
            _ => Ok(Err(key)),
        }
    }

    fn conditional(&self, conditional: &Conditional, env: Env<'_>, span: Span) -> Evaluated {
        let condition = self.evaluate(&conditional.condition, env)?;
        let sensitive = condition.sensitive;
        let result = choice::map(vec![condition], span, &mut |values| match values.into_iter().next() {
            Some(condition) => self.select(condition, conditional, env, span),
            None => Ok(Datum::null(span)),
        });
        result.map(|result| result.marked(sensitive))
    }

    fn select(&self, condition: Datum, conditional: &Conditional, env: Env<'_>, span: Span) -> Evaluated {
        let at = conditional.condition.span;
        if condition.is_null() {
            return Err(Fault::invalid("the condition is null", at));
        }
        let condition = types::convert(condition, &Type::Bool, at)?;
        let formula = match operators::truth(&condition) {
            Truth::Known(value) => {
                let (chosen, other) =
                    if value { (&conditional.yes, &conditional.no) } else { (&conditional.no, &conditional.yes) };
                let chosen = self.evaluate(chosen, env)?;
                return self.common_type(chosen, other, env, span);
            }
            Truth::Open(formula, _) => formula,
        };
        let when = self.condition(at, &formula, env);
        let otherwise = when.negated();
        let mut yes = self.evaluate(&conditional.yes, env);
        let mut no = self.evaluate(&conditional.no, env);
        if let (Ok(first), Ok(second)) = (&yes, &no) {
            let types = vec![type_of(first, &conditional.yes), type_of(second, &conditional.no)];
            let common = unify(types).ok_or_else(|| apart(span))?;
            yes = yes.and_then(|value| types::convert(value, &common, span));
            no = no.and_then(|value| types::convert(value, &common, span));
        }
        choice::build(vec![(when, yes), (otherwise, no)], span)
    }

    /// Both results of a conditional get the type that they have in common.
    fn common_type(&self, chosen: Datum, other: &Expr, env: Env<'_>, span: Span) -> Evaluated {
        let of = Type::of(&chosen);
        if matches!(of, Type::Any) {
            return Ok(chosen);
        }
        // A fault in the branch that is not taken does no harm.
        let Ok(value) = self.evaluate(other, env) else { return Ok(chosen) };
        let common = unify(vec![of, type_of(&value, other)]).ok_or_else(|| apart(span))?;
        types::convert(chosen, &common, span)
    }

    pub(super) fn kept(&self, condition: &Expr, env: Env<'_>) -> Result<Result<bool, Datum>, Box<Fault>> {
        let kept = types::convert(self.evaluate(condition, env)?, &Type::Bool, condition.span)?;
        match &kept.kind {
            Kind::Bool(value) => Ok(Ok(*value)),
            Kind::Null => Err(Fault::invalid("the condition is null", condition.span)),
            _ => Ok(Err(kept)),
        }
    }

    fn call(&self, call: &Call, env: Env<'_>, span: Span) -> Evaluated {
        match &*call.name {
            "try" => return self.attempt(&call.arguments, env, span),
            "can" => {
                let [argument] = call.arguments.as_slice() else {
                    return Err(Fault::invalid("can takes one argument", span));
                };
                return match self.evaluate(argument, env) {
                    Ok(value) => self.can(argument, &value, span),
                    Err(fault) if matches!(fault.unknown.reason, Reason::TooLarge) => Err(fault),
                    Err(_) => Ok(Datum::bool(false, span)),
                };
            }
            _ => {}
        }
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for (position, argument) in call.arguments.iter().enumerate() {
            let value = self.evaluate(argument, env)?;
            if !(call.expand && position + 1 == call.arguments.len()) {
                arguments.push(value);
                continue;
            }
            match &value.kind {
                Kind::Sequence(_, items) => arguments.extend(items.iter().cloned()),
                _ if value.is_unknown() => return Ok(operators::opaque(&value, &self.identity_of(span, env), span)),
                _ => return Err(Fault::invalid("only a list can be expanded by `...`", argument.span)),
            }
        }
        // A text that stands in the call itself is no template from elsewhere.
        let literal = call.arguments.first().is_some_and(|first| !matches!(first.kind, ExprKind::Traversal(..)));
        if &*call.name == "templatestring" && literal {
            return Err(Fault::invalid("templatestring needs a reference to its template", span));
        }
        functions::call(self, &call.name, arguments, span)
    }

    /// The first argument that does not fail; where an argument may fail, a choice with those that follow.
    fn attempt(&self, arguments: &[Expr], env: Env<'_>, span: Span) -> Evaluated {
        let mut last = Fault::invalid("no argument can be evaluated", span);
        for (position, argument) in arguments.iter().enumerate() {
            match self.evaluate(argument, env) {
                Err(fault) if matches!(fault.unknown.reason, Reason::TooLarge) => return Err(fault),
                Err(fault) => last = fault,
                Ok(value) => {
                    let Kind::Choice(branches) = &value.kind else {
                        if value.is_invalid() {
                            continue;
                        }
                        let has_more = position + 1 < arguments.len();
                        return Ok(match has_more && may_be_missing(argument, &value) {
                            true => operators::opaque(&value, &self.identity_of(span, env), span),
                            false => value,
                        });
                    };
                    if !branches.iter().any(|branch| branch.value.is_invalid()) {
                        return Ok(value);
                    }
                    let rest = self.attempt(arguments.get(position + 1..).unwrap_or(&[]), env, span);
                    let results = branches.iter().map(|branch| {
                        let result = if branch.value.is_invalid() { rest.clone() } else { Ok(branch.value.clone()) };
                        (branch.when.clone(), result)
                    });
                    return choice::build(results.collect(), span);
                }
            }
        }
        Err(last)
    }

    /// Whether evaluating gave a value: certain, or by the branches that are no value.
    fn can(&self, argument: &Expr, value: &Datum, span: Span) -> Evaluated {
        match &value.kind {
            Kind::Choice(branches) => choice::build(
                branches
                    .iter()
                    .map(|branch| (branch.when.clone(), Ok(Datum::bool(!branch.value.is_invalid(), span))))
                    .collect(),
                span,
            ),
            Kind::Unknown(_) => Ok(operators::opaque(value, &format!("can({})", value.brief()), span)),
            // What comes of it may still be refused.
            Kind::Reference(_) | Kind::Template(_) if !self.surely_evaluates(argument, value) => {
                Ok(operators::opaque(value, &format!("can({})", value.brief()), span))
            }
            _ => Ok(Datum::bool(true, span)),
        }
    }

    /// Whether an expression with this value, of which deployment tells the rest, does no more than mention something.
    fn surely_evaluates(&self, argument: &Expr, value: &Datum) -> bool {
        match (&argument.kind, &value.kind) {
            (ExprKind::Call(call), Kind::Reference(reference)) if &*call.name == "tostring" => self.is_text(reference),
            _ => is_mentioned(argument) && is_of_attributes(value),
        }
    }

    pub(crate) fn template(&self, parts: &[Part], env: Env<'_>, span: Span) -> Evaluated {
        if let [Part::Interpolation(only)] = parts {
            return self.evaluate(only, env);
        }
        let mut pieces = Vec::new();
        self.template_pieces(parts, env, span, &mut pieces)?;
        template::concatenate(self, pieces, span)
    }

    fn template_pieces(
        &self,
        parts: &[Part],
        env: Env<'_>,
        span: Span,
        pieces: &mut Vec<Datum>,
    ) -> Result<(), Box<Fault>> {
        for part in parts {
            match part {
                Part::Literal(text) => pieces.push(Datum::string(Arc::clone(text), span)),
                Part::Interpolation(expr) => {
                    let value = self.evaluate(expr, env)?;
                    if value.is_null() {
                        return Err(Fault::invalid("a null value cannot be part of a text", expr.span));
                    }
                    pieces.push(types::convert(value, &Type::String, expr.span)?);
                }
                Part::If { condition, yes, no } => self.template_if(condition, yes, no, env, pieces)?,
                Part::For { key, value, collection, body } => {
                    let over = self.evaluate(collection, env)?;
                    let Some(pairs) = pairs(&over) else {
                        if over.is_unknown() {
                            let text = self.identity_of_loop(collection.span, body, env);
                            pieces.push(operators::opaque(&over, &format!("%{{for ... in {text}}}"), collection.span));
                            continue;
                        }
                        return Err(Fault::invalid("this is no collection", collection.span));
                    };
                    self.charge(pairs.len(), collection.span)?;
                    for (index, item) in pairs {
                        let outer = key.as_ref().map(|name| Binding { name, value: index, outer: env.bindings });
                        let binding = Binding { name: value, value: item, outer: outer.as_ref().or(env.bindings) };
                        self.template_pieces(body, Env { bindings: Some(&binding), ..env }, span, pieces)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn template_if(
        &self,
        condition: &Expr,
        yes: &[Part],
        no: &[Part],
        env: Env<'_>,
        pieces: &mut Vec<Datum>,
    ) -> Result<(), Box<Fault>> {
        match self.kept(condition, env)? {
            Ok(value) => self.template_pieces(if value { yes } else { no }, env, condition.span, pieces),
            Err(unknown) => {
                let formula = match operators::truth(&unknown) {
                    Truth::Open(formula, _) => formula,
                    Truth::Known(_) => return Ok(()),
                };
                let when = self.condition(condition.span, &formula, env);
                let otherwise = when.negated();
                let branches =
                    vec![(when, self.text(yes, env, condition.span)), (otherwise, self.text(no, env, condition.span))];
                pieces.push(choice::build(branches, condition.span)?);
                Ok(())
            }
        }
    }

    /// A template whose result is always text.
    pub(crate) fn text(&self, parts: &[Part], env: Env<'_>, span: Span) -> Evaluated {
        let mut pieces = Vec::new();
        self.template_pieces(parts, env, span, &mut pieces)?;
        template::concatenate(self, pieces, span)
    }
}

/// The type of an expression with this value.
fn type_of(value: &Datum, expr: &Expr) -> Type {
    if value.is_null() { Type::stated(expr) } else { Type::of(value) }
}

fn apart(span: Span) -> Box<Fault> {
    Fault::invalid("the two results of this conditional have no common type", span)
}

/// Whether a value refers to whole attributes: an element of one may not be there.
fn is_of_attributes(value: &Datum) -> bool {
    match &value.kind {
        Kind::Reference(reference) => !reference.attribute.contains('['),
        Kind::Template(parts) => parts.iter().all(is_of_attributes),
        _ => true,
    }
}

/// Whether an expression does no more than mention something.
fn is_mentioned(argument: &Expr) -> bool {
    match &argument.kind {
        ExprKind::Variable(_) => true,
        ExprKind::Parenthesis(inner) => is_mentioned(inner),
        ExprKind::Traversal(base, _) => is_mentioned(base),
        ExprKind::Template(parts) => parts.iter().all(|part| match part {
            Part::Interpolation(inner) => is_mentioned(inner),
            _ => true,
        }),
        _ => false,
    }
}

/// Keys and values of a collection in Terraform's order; `None` for what is no collection of known size.
pub(crate) fn pairs(collection: &Datum) -> Option<Vec<(Datum, Datum)>> {
    let span = collection.origin.span;
    match &collection.kind {
        Kind::Sequence(shape, items) => Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let key =
                        if *shape == super::datum::Sequence::Set { item.clone() } else { Datum::count(index, span) };
                    (key, item.clone().marked(collection.sensitive))
                })
                .collect(),
        ),
        Kind::Mapping(_, entries) => Some(
            entries
                .iter()
                .map(|(key, value)| {
                    (Datum::string(Arc::clone(key), value.origin.span), value.clone().marked(collection.sensitive))
                })
                .collect(),
        ),
        _ => None,
    }
}

/// Whether evaluation may come to fail at deployment: a part of an unknown may not be there. A variable as a whole is.
fn may_be_missing(argument: &Expr, value: &Datum) -> bool {
    let is_part = matches!(&argument.kind, ExprKind::Traversal(_, steps) if steps.len() > 1);
    is_part && matches!(value.kind, Kind::Unknown(_))
}
