//! A whole check of a gossip_store: the same report in steps of any size and with any hash seed, in
//! linear time.

use fulgurite_core::detect::Kind;
use fulgurite_core::gossip::check::{Check, CheckJob, Options};
use fulgurite_core::job::{Job as _, Step, Work};

use super::{told, with_and_without_seals};
use crate::counted::Counted;

pub(crate) fn gossip_check(data: &[u8]) {
    with_and_without_seals(data, holds);
}

fn holds(data: &[u8]) {
    let source = Counted::new(data);
    let report = CheckJob::new(&source, Options::default()).run().expect("memory is read");
    // Second looks, as README bounds them: 40 thorough ones, up to 512 KiB and more than once.
    source.at_most_and(8, 120 * data.len().min(512 << 10) as u64);
    let text = told(&report, data.len());
    if let Some(gossip) = &report.gossip {
        assert!(gossip.records <= data.len() as u64 / 8 + 1);
    }

    let bytes = data.to_vec();
    let options = Options { seed: 0x5eed, ..Options::default() };
    let mut job = CheckJob::new(&bytes, options.clone());
    let stepped = loop {
        match job.step(Work { bytes: 5_000 }).expect("memory is read") {
            Step::More(progress) => assert!(progress.done <= progress.total),
            Step::Done(report) => break report,
        }
    };
    assert_eq!(stepped.to_json().expect("JSON"), text, "in small steps");

    // Whoever pushes has asked `detect` before.
    if report.input.kind == Kind::GossipStore {
        let mut check = Check::new(options);
        data.chunks(1_021).for_each(|chunk| check.push(chunk));
        let pushed = check.conclude(&bytes).expect("memory is read");
        assert_eq!(pushed.to_json().expect("JSON"), text, "pushed in small pieces");
    }
}
