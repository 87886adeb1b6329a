//! `Report` in, text out; one file a format. Knows neither disk nor exit codes.

mod claims_file;
mod diagram;
mod dot;
mod human;
mod json;
mod layout;
mod mask;
mod mermaid;
mod resources;
mod svg;
mod wire;

pub use claims_file::claims_file;
pub use dot::paths_dot;
pub use human::{human, paths_text};
pub use json::json;
pub use mask::line;
pub use mermaid::paths_mermaid;
pub use resources::{resources_human, resources_json};
pub use svg::paths_svg;

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
