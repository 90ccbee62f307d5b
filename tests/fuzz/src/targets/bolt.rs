//! bbolt files: the walk meets each entry once and ends, and the check reads every page a few times.

use fulgurite_core::job::{Job as _, Step, Work};
use fulgurite_core::kv::bolt::{Bolt, CheckJob, Opened, is_bolt};
use fulgurite_core::kv::bucket::Room;

use super::findings;
use crate::counted::Counted;
use crate::targets::bucket_dump::walk;

pub(crate) fn bolt(data: &[u8]) {
    let opened = Bolt::open(data).expect("memory is read");
    assert_eq!(is_bolt(data).expect("memory is read"), !matches!(opened, Opened::NotBolt));
    if let Opened::Bolt(bolt) = opened {
        let room = Room { entries: 100, ..Room::default() };
        walk(&bolt, room, data.len());
    }
    let source = Counted::new(data);
    let checked = CheckJob::new(&source).run().expect("memory is read");
    source.at_most(8);
    findings(&checked.findings, data.len());
    let mut job = CheckJob::new(data);
    let stepped = loop {
        match job.step(Work { bytes: 1 }).expect("memory is read") {
            Step::More(progress) => assert!(progress.done <= progress.total),
            Step::Done(checked) => break checked,
        }
    };
    assert_eq!(stepped, checked, "in small steps");
}
