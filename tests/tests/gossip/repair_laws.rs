//! e2fsprogs' law: repair, check again: clean; repair again: byte-identical. And conservation: no
//! intact record is dropped without a reason, and no body comes from nowhere.

use crate::shared;

use std::sync::atomic::{AtomicU64, Ordering};

use fulgurite_core::gossip::salvage::{Options, SalvageError};
use fulgurite_tests::{Built, Direction, Store, T0, fixtures, intact, nodes, scid, wounded};
use shared::repair::{conserved, each_round, into_version, law, repair, rounds};
use shared::signatures::Library;

/// Law and conservation for one input; whether there was anything to repair.
fn obeys(version: u8, bytes: &[u8], options: Options<'_>) -> Result<bool, String> {
    let repaired = match repair(&[bytes], options) {
        Ok(repaired) => repaired,
        Err(SalvageError::Nothing { .. }) => {
            return if is_empty(version, bytes) { Ok(false) } else { Err("not nothing".into()) };
        }
        Err(error) => return Err(error.to_string()),
    };
    law(&repaired, options).and_then(|()| conserved(&[(version, bytes)], &repaired))?;
    Ok(true)
}

/// Whether no live record stands by itself in every version: an announcement with its amount, or a
/// tombstone.
fn is_empty(version: u8, bytes: &[u8]) -> bool {
    let records = intact(version, bytes);
    let live = |index: usize| records.get(index).filter(|(_, record)| record.flags & 0x8000 == 0);
    let stands = |index| match live(index).map(|(at, record)| (at + record.whole.len(), record)) {
        Some((end, record)) if record.record_type == 256 => {
            live(index + 1).is_some_and(|(at, next)| *at == end && next.record_type == 4101)
        }
        Some((_, record)) => matches!(record.record_type, 4096 | 4103),
        None => false,
    };
    !(0..records.len()).any(stands)
}

#[test]
fn a_thousand_stores_with_several_wounds() {
    let nothing = AtomicU64::new(0);
    each_round(rounds(1000), |seed| {
        let case = wounded(seed);
        // Every third store is asked for in another version; signed ones are verified.
        let version = (seed % 3 == 0).then(|| 9 + u8::try_from(seed / 3 % 8).expect("small"));
        let options =
            Options { verifier: case.signed.then_some(&Library), ..into_version(version) };
        let said = || format!("version {} to {version:?}, {:?}", case.version, case.story);
        let any = obeys(case.version, &case.bytes, options)
            .map_err(|fault| format!("{fault}\n   {}", said()))?;
        nothing.fetch_add(u64::from(!any), Ordering::Relaxed);
        Ok(())
    });
    println!("nothing left in {} stores", nothing.into_inner());
}

/// A store as small as can be, with a record of each common type.
fn small(version: u8) -> Built {
    let store = Store::new(version).announce(scid("103x1x0"), nodes(1, 2), 1_000_000).update(
        scid("103x1x0"),
        Direction::One,
        T0,
    );
    if version == 3 { store.node(1, T0, "alias").build() } else { store.build() }
}

#[test]
fn every_single_bit_of_a_small_store() {
    for version in [3, 7, 8, 9, 10, 12, 14, 15, 16] {
        let whole = small(version).bytes;
        let bits = 8 * whole.len() as u64;
        let nothing = AtomicU64::new(0);
        each_round(bits, |bit| {
            let mut bytes = whole.clone();
            let at = usize::try_from(bit / 8).expect("small");
            bytes[at] ^= 1 << (bit % 8);
            let any = obeys(version, &bytes, Options::default()).map_err(|fault| {
                format!("version {version}, byte {at} bit {}: {fault}", bit % 8)
            })?;
            nothing.fetch_add(u64::from(!any), Ordering::Relaxed);
            Ok(())
        });
        println!("version {version}: {bits} bits, nothing left {} times", nothing.into_inner());
    }
}

/// A fixture and its name.
type Named = (&'static str, fn() -> Built);

#[test]
fn every_fixture() {
    let beside: [Named; 4] = [
        ("overlaid", fixtures::overlaid),
        ("left_behind", fixtures::left_behind),
        ("uncompleted", fixtures::uncompleted),
        ("sample", fixtures::sample),
    ];
    let named = fixtures::HEADLINES.iter().map(|fixture| (fixture.name, fixture.build));
    let mut faults = Vec::new();
    for (name, build) in named.chain(beside) {
        let bytes = build().bytes;
        for version in [None, Some(9), Some(14), Some(15), Some(16)] {
            let options = into_version(version);
            if let Err(fault) = obeys(bytes[0], &bytes, options) {
                faults.push(format!("{name} to {version:?}: {fault}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The damaged cases of the data set, and every other store of it.
#[test]
fn every_store_of_the_data() {
    let Some(data) = shared::data() else { return };
    let mut cases: Vec<(u8, String, Vec<u8>)> =
        shared::damaged_small(&data).into_iter().map(|(name, bytes)| (16, name, bytes)).collect();
    for folder in ["canned", "pyln", "synth"] {
        let entries = std::fs::read_dir(data.join(folder)).expect("the folder");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let bytes = shared::read(&path);
            cases.push((bytes[0], path.display().to_string(), bytes));
        }
    }
    each_round(cases.len() as u64, |index| {
        let (version, name, bytes) = &cases[usize::try_from(index).expect("small")];
        for wanted in [None, Some(14), Some(15)] {
            let options = into_version(wanted);
            obeys(*version, bytes, options)
                .map_err(|fault| format!("{name} to {wanted:?}: {fault}"))?;
        }
        Ok(())
    });
}

/// The same damages on the mainnet store, from the folder that `gsdamage.py` filled; see
/// `CONTRIBUTING.md`.
#[test]
fn every_damaged_mainnet_store() {
    let Some(folder) = std::env::var_os("FULGURITE_DAMAGED_MAINNET") else {
        eprintln!("FULGURITE_DAMAGED_MAINNET is not set; the mainnet set is not repaired");
        return;
    };
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "gs"));
    paths.sort();
    each_round(paths.len() as u64, |index| {
        let path = &paths[usize::try_from(index).expect("small")];
        obeys(16, &shared::read(path), Options::default())
            .map(|_| ())
            .map_err(|fault| format!("{}: {fault}", path.display()))
    });
}
