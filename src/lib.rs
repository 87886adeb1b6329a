//! Who can read this message? The library behind the `e2e-lint` command.
//!
//! Modules in the order of the layers; each may use only those before it (`tests/layers.rs`).
//! No API is promised: the library exists for the binary and its tests.

pub mod source;
pub mod glob;
pub mod diagnostic;
pub mod value;
pub mod resource;
pub mod terraform;
pub mod cloudformation;
pub mod model;
pub mod services;
pub mod path;
pub mod claim;
pub mod rules;
pub mod suppress;
pub mod config;
pub mod prose;
pub mod check;
pub mod output;
pub mod cli;
