//! The stores that LND's own code wrote (`data/lnd`), by the manifest.

// Each test uses its own part of this.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use serde_json::Value;

/// One of them, unpacked.
pub(crate) struct Fixture {
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) backend: String,
    pub(crate) network: String,
    /// Names and bytes.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// What the manifest says of it.
    pub(crate) entry: Value,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/lnd")
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    let packed = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut bytes).expect("the fixtures are whole");
    bytes
}

pub(crate) fn manifest() -> Value {
    let text = std::fs::read_to_string(folder().join("manifest.json")).expect("the manifest");
    serde_json::from_str(&text).expect("JSON")
}

/// Those for which `wanted` holds, given id and state.
pub(crate) fn fixtures(wanted: impl Fn(&str, &str) -> bool) -> Vec<Fixture> {
    let manifest = manifest();
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let entries = manifest["fixtures"].as_array().expect("fixtures").iter();
    let entries = entries.filter(|entry| wanted(&text(entry, "id"), &text(entry, "state")));
    let fixture = |entry: &Value| {
        let files = entry["files"].as_array().expect("files").iter();
        let files =
            files.map(|file| (text(file, "name"), read(&folder().join(text(file, "path")))));
        Fixture {
            id: text(entry, "id"),
            state: text(entry, "state"),
            backend: text(entry, "backend"),
            network: text(entry, "network"),
            files: files.collect(),
            entry: entry.clone(),
        }
    };
    entries.map(fixture).collect()
}
