//! `--format json`: the report as it is.

use super::mask;
use crate::check::Report;

/// Pretty-printed, with a line break at the end; the same bytes for the same report.
pub fn json(report: &Report) -> String {
    // Rows hold text, numbers and lists only: serialising them cannot fail.
    mask::json(&serde_json::to_string_pretty(report).unwrap_or_default()) + "\n"
}
