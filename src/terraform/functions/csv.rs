//! CSV as Go's library reads it: it refuses what others make something of.

use super::Call;
use crate::terraform::datum::{Datum, Entries, Evaluated};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A list of objects, one a row, with the first row's cells as keys.
pub(super) fn decode(call: &Call<'_>, source: &str) -> Evaluated {
    let source = source.replace("\r\n", "\n");
    // A return that ends the text is taken for a line's end.
    let mut rest = source.strip_suffix('\r').unwrap_or(&source);
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(row) = next_row(&mut rest).map_err(|why| call.invalid(format!("no valid CSV: {why}")))? {
        call.evaluator.charge(row.len(), call.span)?;
        rows.push(row);
    }
    let mut rows = rows.into_iter();
    let header: Vec<Arc<str>> = rows.next().unwrap_or_default().into_iter().map(Arc::from).collect();
    if header.is_empty() || header.iter().collect::<BTreeSet<_>>().len() < header.len() {
        return Err(call.invalid("the first row must name each column, no two alike"));
    }
    let mut objects = Vec::new();
    for row in rows {
        if row.len() != header.len() {
            return Err(call.invalid("a row has another number of columns"));
        }
        let cells = header.iter().zip(row).map(|(key, cell)| (Arc::clone(key), Datum::string(cell, call.span)));
        objects.push(Datum::object(cells.collect::<Entries>(), call.span));
    }
    Ok(Datum::list(objects, call.span))
}

/// The cells of the next line that is not empty; `None` at the end.
fn next_row(rest: &mut &str) -> Result<Option<Vec<String>>, &'static str> {
    *rest = rest.trim_start_matches('\n');
    if rest.is_empty() {
        return Ok(None);
    }
    let mut row = Vec::new();
    loop {
        let cell = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted, rest)?,
            None => {
                let (cell, behind) = rest.split_at(rest.find([',', '\n']).unwrap_or(rest.len()));
                if cell.contains('"') {
                    return Err("a quote stands in a cell that is not quoted");
                }
                *rest = behind;
                cell.to_owned()
            }
        };
        row.push(cell);
        match rest.strip_prefix(',') {
            Some(behind) => *rest = behind,
            None => {
                *rest = rest.strip_prefix('\n').unwrap_or(rest);
                return Ok(Some(row));
            }
        }
    }
}

/// A cell up to the quote that closes it, in which two quotes are one; `rest` becomes what stands behind.
fn quoted_cell<'t>(mut quoted: &'t str, rest: &mut &'t str) -> Result<String, &'static str> {
    let mut cell = String::new();
    loop {
        let (text, behind) = quoted.split_once('"').ok_or("a quote is not closed")?;
        cell.push_str(text);
        match behind.strip_prefix('"') {
            Some(behind) => {
                cell.push('"');
                quoted = behind;
            }
            None if behind.is_empty() || behind.starts_with([',', '\n']) => {
                *rest = behind;
                return Ok(cell);
            }
            None => return Err("text stands behind a quote that closes"),
        }
    }
}
