//! What the map shows of a file, before it is drawn.

pub mod axis;
pub mod columns;
pub mod gestures;
pub mod pieces;
