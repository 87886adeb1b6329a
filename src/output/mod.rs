//! `Report` in, text out; one file a format. Knows neither disk nor exit codes.

mod human;
mod json;
mod mask;
mod resources;

pub use human::human;
pub use json::json;
pub use resources::{resources_human, resources_json};

/// How text for people may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub color: bool,
    /// Box-drawing characters; ASCII otherwise.
    pub unicode: bool,
    /// Columns.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, unicode: true, width: 110 }
    }
}
