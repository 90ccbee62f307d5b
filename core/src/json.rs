//! JSON read into types, small where size counts.
//!
//! `serde_json` reads straight from text into each type: code for spaces, commas, brackets and both
//! shapes of a struct (an object, a list) is made anew for every one of them. For wasm it reads
//! into a tree, once, and each type is made from that: only what serde derives for it remains, and
//! of that only what takes an object. Elsewhere it is `serde_json` alone. What comes out is the
//! same, but for the line and column of an error.

#[cfg(any(test, target_arch = "wasm32"))]
mod tree;

use serde::de::DeserializeOwned;

/// Reads one document.
///
/// # Errors
/// Where the text is no JSON, or not of that type.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    #[cfg(not(target_arch = "wasm32"))]
    return serde_json::from_str(text);
    #[cfg(target_arch = "wasm32")]
    return T::deserialize(serde_json::from_str::<tree::Tree>(text)?);
}
