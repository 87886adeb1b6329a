//! The only layer that touches the world: arguments, the disk, printing, exit codes.

pub mod disk;
pub mod discover;
