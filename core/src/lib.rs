//! Fulgurite's engine.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod detect;
pub mod finding;
pub mod gossip;
pub mod job;
pub mod report;
pub mod source;
pub mod text;
#[cfg(feature = "words")]
pub mod words;
