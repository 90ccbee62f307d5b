//! What the documents say is what the code says.

#[allow(dead_code)]
#[path = "../examples/findings.rs"]
mod findings;
#[allow(dead_code)]
#[path = "../examples/releases.rs"]
mod releases;

use std::path::Path;

use fulgurite_core::finding::{Code, Step};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `cargo xtask findings` writes it anew.
#[test]
fn the_catalogue_in_docs_is_current() {
    let current = findings::document();
    assert!(read("docs/findings.md") == current, "docs/findings.md is old: cargo xtask findings");
}

#[test]
fn the_table_of_releases_in_docs_is_current() {
    let current = releases::document();
    assert!(read("docs/releases.md") == current, "docs/releases.md is old: cargo xtask findings");
}

/// A code or a step that a document names exists.
#[test]
fn documents_name_only_what_exists() {
    for name in ["README.md", "ARCHITECTURE.md", "docs/from-the-seed.md"] {
        let text = read(name);
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "._".contains(c))) {
            let word = word.trim_matches('.');
            let is_code = word.starts_with("gossip.") || word.starts_with("input.");
            let is_file = [".rs", ".md"].iter().any(|extension| word.ends_with(extension));
            if is_code && !is_file {
                assert!(
                    Code::ALL.iter().any(|code| code.name() == word),
                    "{name} names {word}, which no finding has"
                );
            }
        }
    }
    assert!(!Step::ALL.is_empty());
}
