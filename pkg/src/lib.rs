//! Fulgurite's engine for JavaScript.
//!
//! The engine itself is `fulgurite-core`; this crate keeps one file's state between calls
//! ([`session::Session`]), brings rows of tables out of the file again ([`tables`], [`finder`]),
//! and says which bytes it lacks where they can only be had asynchronously ([`blocks`]).
//! [`signatures`] shares the verifying of signatures out, [`repair`] makes a new store of damaged
//! ones; [`lnd`] judges LND's stores and lists what is in them; [`log`] leads from a log's lines to
//! the store that they are about.
//! [`bindings`] is the thin part that speaks JavaScript; everything else is plain Rust, and tested
//! as such. The JavaScript that feeds it is in `js/`, beside this folder.

mod arguments;
pub mod bindings;
pub mod blocks;
pub mod filter;
pub mod finder;
mod json;
pub mod lnd;
pub mod log;
pub mod repair;
pub mod session;
pub mod signatures;
pub mod tables;

/// A public key from 66 hexadecimal digits.
pub(crate) fn hex_key(text: &str) -> Option<[u8; 33]> {
    let mut key = [0; 33];
    if text.len() != 66 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (number, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * number..2 * number + 2)?, 16).ok()?;
    }
    Some(key)
}
