//! The targets driven by libFuzzer, all in one program: the variable `FULGURITE_FUZZ` names the one.
#![no_main]

use std::sync::OnceLock;

use fulgurite_fuzz::{Target, named};

fn target() -> &'static Target {
    static TARGET: OnceLock<&'static Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let name = std::env::var("FULGURITE_FUZZ").expect("FULGURITE_FUZZ names the target");
        named(&name).unwrap_or_else(|| panic!("FULGURITE_FUZZ: no target {name:?}"))
    })
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| (target().run)(data));
