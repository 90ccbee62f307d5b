//! The targets driven by libFuzzer, all in one program: the variable `FULGURITE_FUZZ` names the one.
#![no_main]

use std::sync::OnceLock;

use fulgurite_fuzz::{Target, mutate, named};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The target, and what its seeds are.
fn target() -> &'static (&'static Target, Vec<Vec<u8>>) {
    static TARGET: OnceLock<(&'static Target, Vec<Vec<u8>>)> = OnceLock::new();
    TARGET.get_or_init(|| {
        let name = std::env::var("FULGURITE_FUZZ").expect("FULGURITE_FUZZ names the target");
        let target = named(&name).unwrap_or_else(|| panic!("FULGURITE_FUZZ: no target {name:?}"));
        (target, (target.seeds)())
    })
}

fuzz_target!(|data: &[u8]| (target().0.run)(data));

// Every change of libFuzzer's own to a gossip_store breaks a checksum, and behind it nothing is read;
// to a document, its syntax; and in a database it makes no row. So half of the changes to sound ones are
// to whole records, values and rows, and some of the broken stores are sealed.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let given = data.get(..size).unwrap_or_default();
    let changed = match seed % 8 {
        0..4 => mutate::with_other_contents(given, &target().1, u64::from(seed)),
        4 => Some(mutate::sealed(given)).filter(|sealed| sealed != given),
        _ => None,
    };
    match changed {
        Some(changed) if !changed.is_empty() && changed.len() <= max_size => {
            data[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
