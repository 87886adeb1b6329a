//! Concatenation of text that may hold references and unknowns.

use super::datum::{Datum, Evaluated, Kind};
use super::evaluator::Evaluator;
use super::{choice, operators};
use crate::source::Span;
use std::sync::Arc;

/// Arguments of other resources that a text remembers to hold.
pub(crate) const MOST_SOURCES: usize = 32;

/// Joins texts; parts that are not known stay parts of a template.
pub(crate) fn concatenate(evaluator: &Evaluator<'_>, pieces: Vec<Datum>, span: Span) -> Evaluated {
    let sensitive = pieces.iter().any(|piece| piece.sensitive);
    let choices = pieces.iter().filter(|piece| matches!(piece.kind, Kind::Choice(_))).count();
    if choices > 4 {
        let pieces = pieces
            .into_iter()
            .map(|piece| if matches!(piece.kind, Kind::Choice(_)) { unchosen(&piece, span) } else { piece });
        return flat(evaluator, pieces.collect(), span).map(|text| text.marked(sensitive));
    }
    choice::map(pieces, span, &mut |pieces| flat(evaluator, pieces, span)).map(|text| text.marked(sensitive))
}

fn unchosen(piece: &Datum, span: Span) -> Datum {
    operators::opaque(piece, &piece.brief(), span)
}

fn flat(evaluator: &Evaluator<'_>, pieces: Vec<Datum>, span: Span) -> Evaluated {
    let mut parts: Vec<Datum> = Vec::new();
    let mut text = String::new();
    let total: usize = pieces.iter().filter_map(Datum::as_str).map(str::len).sum();
    evaluator.charge_text(total, span)?;
    evaluator.charge(pieces.iter().map(Datum::weight).sum(), span)?;
    let mut sources = Vec::new();
    pieces.iter().for_each(|piece| piece.collect_sources(MOST_SOURCES, &mut sources));
    for piece in pieces {
        match &piece.kind {
            Kind::String(part) => text.push_str(part),
            Kind::Template(inner) => {
                for part in inner.iter() {
                    match part.as_str() {
                        Some(literal) => text.push_str(literal),
                        None => push_part(&mut parts, &mut text, part.clone(), span),
                    }
                }
            }
            Kind::Instance(_) => {
                push_part(&mut parts, &mut text, operators::opaque(&piece, &piece.brief(), span), span)
            }
            _ => push_part(&mut parts, &mut text, piece, span),
        }
    }
    let mut joined = if parts.is_empty() {
        Datum::string(text, span)
    } else {
        if !text.is_empty() {
            parts.push(Datum::string(text, span));
        }
        Datum::new(Kind::Template(Arc::new(parts)), span)
    };
    joined.origin = joined.origin.cut(sources);
    Ok(joined)
}

fn push_part(parts: &mut Vec<Datum>, text: &mut String, part: Datum, span: Span) {
    if !text.is_empty() {
        parts.push(Datum::string(std::mem::take(text), span));
    }
    parts.push(part);
}
