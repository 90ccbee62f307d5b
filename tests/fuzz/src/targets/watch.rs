//! A store that is followed: whatever its bytes are, the follower comes to rest, having read each
//! byte a few times; what it then knows does not depend on how the store grew, and it sees the wounds
//! that the check sees, and none in a sound store.

use std::cell::Cell;

use fulgurite_core::finding::{Code, Severity};
use fulgurite_core::gossip::check::{CheckJob, Options as CheckOptions};
use fulgurite_core::gossip::follow::{
    Figures, FileId, Follower, Live, Next, Options, REMEMBERED, Seen,
};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::job::Job as _;
use fulgurite_core::source::SourceError;

const ID: FileId = FileId(1, 1);

/// A file of which not all is there yet; it counts what is read.
struct Growing<'a> {
    bytes: &'a [u8],
    read: Cell<usize>,
}

impl Live for Growing<'_> {
    fn len(&self) -> Result<u64, SourceError> {
        Ok(self.bytes.len() as u64)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let from = usize::try_from(at).ok().and_then(|at| self.bytes.get(at..)).unwrap_or_default();
        let len = from.len().min(buf.len());
        buf[..len].copy_from_slice(&from[..len]);
        self.read.set(self.read.get() + len);
        Ok(len)
    }
}

/// What is known of the store once it is at rest, when these lengths of it were seen before.
fn followed(data: &[u8], lengths: &[usize]) -> Figures {
    let mut follower = Follower::new(Options::default());
    let (mut events, mut now) = (Vec::new(), 0);
    let mut look = |len: usize, polls: u32, until_at_rest: bool| {
        for _ in 0..polls {
            let file = Growing { bytes: &data[..len], read: Cell::new(0) };
            let seen = Seen { now, path: Some(ID), corrupt: None, open: Some((ID, &file)) };
            let next = follower.poll(&seen, &mut events).expect("memory is read");
            assert_ne!(next, Next::Reopen, "nobody took its place");
            now += 1;
            // 64 suspects are looked at once more, each as long as a record can be.
            let (read, suspects) = (file.read.get(), 64 * 3 * len.min(65_547));
            let most = 8 * (len + 65_536) + suspects;
            assert!(read <= most, "{read} bytes were read of {len} in one poll");
            let figures = follower.figures();
            // What was read before is only gone over again behind an end that was reached.
            let again = figures.rounds > 1 || !figures.following;
            if until_at_rest && follower.settled() && again {
                return true;
            }
        }
        false
    };
    for len in lengths {
        // Less often than makes it impatient.
        look(*len, 1, false);
    }
    assert!(look(data.len(), 400, true), "it does not come to rest");
    follower.figures()
}

pub(crate) fn watch(data: &[u8]) {
    if data.is_empty() {
        return;
    }
    let at_once = followed(data, &[]);
    let grown = followed(data, &[data.len() / 3, data.len() / 2, data.len() * 7 / 8]);
    // Beyond those that are remembered one by one, it depends on which these are.
    let wounds = |figures: &Figures| figures.wounds.min(REMEMBERED as u64);
    let known = |figures: &Figures| (figures.version, figures.counts, wounds(figures));
    assert_eq!(known(&grown), known(&at_once), "it depends on how the store grew");

    let bytes = data.to_vec();
    let report = CheckJob::new(&bytes, CheckOptions::default()).run().expect("memory is read");
    if let Some(gossip) = &report.gossip
        && Version(gossip.version.byte).is_known()
        && gossip.version.byte == gossip.version.read_as
    {
        let wounded = at_once.wounds > 0 || at_once.unfinished;
        let uncompleted = report.count(Code::UncompletedRecord) > 0;
        assert!(wounded || gossip.wounds == 0 && !uncompleted, "not seen: {at_once:?}");
        // What contradicts itself, or lacks its amount, is a wound here and another finding there.
        let graver = report.verdict.severity > Severity::Info;
        assert!(graver || !wounded, "no damage: {at_once:?}");
    }
}
