//! What each release of lightningd does with a store: every release gets its verdict, the same one
//! in passes of any step.

use fulgurite_core::gossip::check::{CheckJob, Options};
use fulgurite_core::gossip::verdict::{Choice, RELEASES};
use fulgurite_core::job::{Job as _, Step, Work};

use super::{told, with_and_without_seals};

pub(crate) fn verdicts(data: &[u8]) {
    with_and_without_seals(data, holds);
}

fn holds(data: &[u8]) {
    let bytes = data.to_vec();
    let options = Options { releases: Choice::All, ..Options::default() };
    let whole = CheckJob::new(&bytes, options.clone()).run().expect("memory is read");
    let text = told(&whole, data.len());
    if whole.gossip.is_some() {
        assert_eq!(whole.releases.len(), RELEASES.len());
    }
    let mut job = CheckJob::new(&bytes, options);
    let stepped = loop {
        if let Step::Done(report) = job.step(Work { bytes: 777 }).expect("memory is read") {
            break report;
        }
    };
    assert_eq!(stepped.to_json().expect("JSON"), text);
}
