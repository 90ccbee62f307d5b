//! Every target over its seeds, over changed seeds, over what took a fuzzer further, and over all that
//! one ever found. No clock and no chance: the same runs everywhere. `FULGURITE_ROUNDS` asks for more or
//! fewer changed seeds, `FULGURITE_FUZZ_SECONDS` for as many more as each target has time for,
//! `FULGURITE_FUZZ_FROM` for the first of them, so that a long run can go on where another ended.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use fulgurite_fuzz::mutate::changed;
use fulgurite_fuzz::{TARGETS, kept, named};

/// Runs one input; what it was is told if it fails.
fn run(name: &str, what: &str, data: &[u8]) {
    let target = named(name).expect("a target of the table");
    if catch_unwind(AssertUnwindSafe(|| (target.run)(data))).is_err() {
        let file = std::env::temp_dir().join(format!("fulgurite-fuzz-{name}-{what}"));
        std::fs::write(&file, data).expect("the input can be kept");
        panic!("{name}: {what} does not hold; the input is {}", file.display());
    }
}

fn replay(name: &str) {
    let target = named(name).expect("a target of the table");
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty());
    for (number, seed) in seeds.iter().enumerate() {
        run(name, &format!("seed-{number}"), seed);
    }
    for (number, input) in kept(name).iter().enumerate() {
        run(name, &format!("kept-{number}"), input);
    }
    let asked = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let rounds = asked("FULGURITE_ROUNDS").unwrap_or(target.rounds);
    let time = asked("FULGURITE_FUZZ_SECONDS").map(Duration::from_secs);
    let first = asked("FULGURITE_FUZZ_FROM").unwrap_or(0);
    let rounds = first.saturating_add(rounds);
    let begun = Instant::now();
    let has_time = || time.is_some_and(|time| begun.elapsed() < time);
    for round in (first..).take_while(|round| *round < rounds || has_time()) {
        let mut data = changed(&seeds, round);
        data.truncate(1 << 16);
        run(name, &format!("round-{round}"), &data);
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*
    };
}

targets! {
    scan_chunks scan_reference wire gossip_check repair_laws repair_merge verdicts watch log detect bolt
    bolt_reference sqlite sqlite_real pgdump bucket_dump invoice lnd_check lnd_compare lnd_rehearse
    lnd_save saved_report
}

#[test]
fn every_target_is_replayed() {
    let table: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(table, NAMES);
}

/// Each file of `crashes/TARGET` is named after the fault that it showed.
#[test]
fn what_was_found_once_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crashes");
    for target in TARGETS {
        let Ok(files) = std::fs::read_dir(folder.join(target.name)) else { continue };
        for file in files {
            let path = file.expect("an entry").path();
            let what = path.file_name().expect("a name").to_string_lossy().into_owned();
            run(target.name, &what, &std::fs::read(&path).expect("a file"));
        }
    }
}
