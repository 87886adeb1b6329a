//! Which ways a message takes, and who can read it on them. Knows the model only.

mod graph;
mod reach;
mod readers;

pub use graph::{Graph, Inner, State, StateId, Step, StepId, Wire};
pub use reach::{Reach, Start, Witness};
pub use readers::{Reader, ReaderKind, Ways};
