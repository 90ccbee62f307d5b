//! Stores that LND's own code wrote (`data/lnd`): what this decodes is what LND read back, field by
//! field, and sound ones have no fault. `FULGURITE_LND_FIXTURES` names another folder of them.

use crate::fake_kv as lnd;

use std::path::{Path, PathBuf};

use fulgurite_core::finding::Severity;
use fulgurite_core::lnd::invoices;
use fulgurite_tests::lnd::kv::Kv;

use lnd::{FakeKv, as_lnd, but_counts, read, tree};

/// A fixture's name, what it is for, every bucket of it, and what LND read back.
struct Fixture {
    name: String,
    state: String,
    tree: Kv,
    read: serde_json::Value,
}

/// The fixtures of the manifest that have both a tree and what LND read back; none without one.
fn fixtures() -> Vec<Fixture> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("data/lnd");
    let root = std::env::var_os("FULGURITE_LND_FIXTURES").map_or_else(beside, PathBuf::from);
    let Ok(manifest) = std::fs::read(root.join("manifest.json")) else {
        eprintln!("{} has no manifest; not checked against LND", root.display());
        return Vec::new();
    };
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let text = |entry: &serde_json::Value, name: &str| entry[name].as_str().map(String::from);
    let fixture = |entry| {
        Some(Fixture {
            name: text(entry, "id")?,
            state: text(entry, "state")?,
            tree: tree(&json(&root.join(text(entry, "tree")?))),
            read: json(&root.join(text(entry, "read")?)),
        })
    };
    let fixtures: Vec<_> =
        manifest["fixtures"].as_array().unwrap().iter().filter_map(fixture).collect();
    assert!(!fixtures.is_empty(), "the manifest names no tree");
    fixtures
}

fn json(path: &Path) -> serde_json::Value {
    let packed = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut packed.as_slice(), &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn invoices_are_those_that_lnd_read_back() {
    let fixtures = fixtures();
    let mut compared = 0;
    for Fixture { name, tree: kv, read: wanted, .. } in &fixtures {
        let (_, store, _) = read(kv);
        let mut fake = FakeKv::new(kv);
        fake.page = 100;
        let page = invoices::page(&fake, &store.index, 0, usize::MAX).unwrap();
        for theirs in wanted["kv"]["invoices"].as_array().into_iter().flatten() {
            let index = theirs["add_index"].as_u64().unwrap();
            // What LND gives is the invoice's own word for its add index.
            let mut listed = page.rows.iter().filter(|row| row.listed);
            let ours = listed.find(|ours| ours.invoice.add_index == index);
            let Some(ours) = ours else { panic!("{name}: no invoice with add index {index}") };
            assert_eq!(ours.error, None, "{name}: {index}");
            // Of a payment that cannot be read to its end LND takes none of the HTLCs.
            let broken = ours.sets.iter().any(|set| set.error.is_some());
            let htlcs = ours.htlcs().filter(|_| !broken);
            let ours = as_lnd(&ours.invoice, htlcs);
            for (field, value) in theirs.as_object().unwrap() {
                assert_eq!(&ours[field], value, "{name}: {index}: {field}");
            }
            compared += 1;
        }
    }
    eprintln!("{compared} invoices of {} stores compared", fixtures.len());
    assert!(fixtures.is_empty() || compared > 0, "nothing was compared");
}

#[test]
fn sound_stores_have_no_fault() {
    for fixture in fixtures() {
        // The states of the matrix are sound as far as invoices go.
        if !fixture.state.starts_with('S') {
            continue;
        }
        let (_, _, findings) = read(&fixture.tree);
        let worse: Vec<_> = but_counts(findings)
            .into_iter()
            .filter(|finding| finding.severity > Severity::Info)
            .collect();
        assert_eq!(worse, [], "{}", fixture.name);
    }
}
