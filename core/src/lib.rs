//! Fulgurite's engine.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod finding;
pub mod gossip;
pub mod source;
pub mod text;
