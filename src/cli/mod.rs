//! The only layer that touches the world: arguments, the disk, printing, exit codes.

mod args;
mod assignments;
mod claims;
mod discover;
mod disk;
mod docs;
mod load;
mod run;

pub use run::main;
