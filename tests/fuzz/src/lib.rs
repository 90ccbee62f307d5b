//! What must hold for any bytes, as plain functions: [`TARGETS`].
//!
//! Each target takes bytes and panics where something does not hold that must: not only that
//! nothing panics inside, but what the results mean. The same functions are run three ways: over
//! their seeds and over changed seeds by an ordinary test (`tests/replay.rs`), over everything in
//! `crashes/` and `kept/` by the same test, and by libFuzzer (`cargo xtask fuzz`).
//!
//! Seeds are made from the fixtures when they are asked for; none is checked in. What a fuzzer
//! found stays as `crashes/TARGET/NAME`, named after the fault, and what took it further than the
//! seeds as `kept/TARGET.lzma` (`cargo xtask fuzz --keep`).
#![forbid(unsafe_code)]

mod bolt_reference;
mod corpus;
pub mod counted;
mod documents;
mod kept;
pub mod mutate;
mod records;
mod reference;
mod rows;
mod targets;

pub use kept::kept;

/// Something that must hold for any bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What the command line calls it.
    pub name: &'static str,
    /// Panics where it does not hold.
    pub run: fn(&[u8]),
    /// Where to begin: valid input, and known damage.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// How many changed seeds the ordinary test tries: what takes a second or so.
    pub rounds: u64,
    /// The longest input that the fuzzer makes, and the longest seed that it begins with: many runs
    /// find more than many bytes. The ordinary test has the longer seeds.
    pub longest: usize,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    target("scan_chunks", targets::scan_chunks, corpus::gossip, 400, 1 << 12),
    target("scan_reference", targets::scan_reference, corpus::gossip, 150, 1 << 12),
    target("wire", targets::wire, corpus::messages, 20_000, 1 << 10),
    target("gossip_check", targets::gossip_check, corpus::gossip, 150, 1 << 12),
    target("repair_laws", targets::repair_laws, corpus::gossip, 60, 1 << 12),
    target("repair_merge", targets::repair_merge, corpus::gossip_pairs, 30, 1 << 13),
    target("verdicts", targets::verdicts, corpus::gossip, 30, 1 << 12),
    target("watch", targets::watch, corpus::gossip, 100, 1 << 12),
    target("log", targets::log, corpus::logs, 300, 1 << 12),
    target("detect", targets::detects, corpus::heads, 1_000, 1 << 13),
    target("bolt", targets::bolt, corpus::bolt, 200, 1 << 14),
    target("bolt_reference", targets::bolt_reference, corpus::bolt_small, 1_000, 1 << 14),
    target("sqlite", targets::sqlite, corpus::sqlite, 100, 1 << 14),
    target("sqlite_real", targets::sqlite_real, corpus::sqlite_alone, 500, 1 << 14),
    target("pgdump", targets::pgdump, corpus::pgdump, 100, 1 << 13),
    target("bucket_dump", targets::bucket_dump, corpus::bucket_dump, 300, 1 << 11),
    target("invoice", targets::invoice, corpus::invoices, 20_000, 1 << 10),
    target("lnd_check", targets::lnd_check, corpus::lnd, 60, 1 << 14),
    target("lnd_compare", targets::lnd_compare, corpus::pairs, 20, 1 << 16),
    target("lnd_rehearse", targets::lnd_rehearse, corpus::pairs, 40, 1 << 16),
    target("lnd_save", targets::lnd_save, corpus::stores, 60, 1 << 15),
    target("saved_report", targets::saved_report, corpus::reports, 500, 1 << 13),
];

const fn target(
    name: &'static str,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
    rounds: u64,
    longest: usize,
) -> Target {
    Target { name, run, seeds, rounds, longest }
}

/// The target of that name.
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
