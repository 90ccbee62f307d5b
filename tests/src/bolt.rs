//! bbolt files, written and damaged from the description of the format, without the engine.

pub mod damage;
mod file;
mod write;

pub use file::{Edge, File};
pub use write::{Writer, bucket, inline};
