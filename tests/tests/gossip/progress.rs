//! Jobs in small steps: how far they say they are, and that the outcome is the same.

use fulgurite_core::gossip::check::{CheckJob, Options};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::salvage::{self, PlanJob};
use fulgurite_core::gossip::verdict::{Choice, VerdictJob};
use fulgurite_core::job::{Job, Progress, Step, Work};
use fulgurite_core::source::Source;
use fulgurite_tests::{fixtures, network};

use crate::shared::signatures::Library;

const STEP: Work = Work { bytes: 4_096 };

/// What a job says on its way, and what comes of it.
fn steps<J: Job>(mut job: J) -> (Vec<Progress>, J::Out) {
    let mut all: Vec<Progress> = Vec::new();
    loop {
        match job.step(STEP).expect("memory can be read") {
            Step::More(progress) => {
                let before = all.last().map_or(0, |last| last.done);
                assert!(before <= progress.done && progress.done <= progress.total, "{progress:?}");
                // No step does more than it may, but for the last bytes of a pass.
                assert!(progress.done - before <= 2 * STEP.bytes, "{before}, {progress:?}");
                all.push(progress);
                assert!(all.len() < 10_000, "it goes round in circles");
            }
            Step::Done(out) => return (all, out),
        }
    }
}

fn totals(all: &[Progress]) -> Vec<u64> {
    let mut totals: Vec<u64> = all.iter().map(|progress| progress.total).collect();
    totals.dedup();
    totals
}

#[test]
fn a_check_reads_the_file_once_and_verifying_it_twice() {
    let bytes = network(3, 60).bytes;
    let size = bytes.len() as u64;
    let options = || Options { releases: Choice::None, ..Options::default() };
    let (all, report) = steps(CheckJob::new(&bytes, options()));
    assert_eq!(totals(&all), [size]);
    let done: Vec<u64> = all.iter().map(|progress| progress.done).collect();
    assert_eq!(done[..3], [4_096, 8_192, 12_288]);
    assert_eq!(report, CheckJob::new(&bytes, options()).run().expect("read"));

    let (all, report) = steps(CheckJob::new(&bytes, options()).verifying(&Library));
    assert_eq!(totals(&all), [2 * size]);
    assert!(all.last().expect("steps").done > 2 * size - STEP.bytes - 1);
    let whole = CheckJob::new(&bytes, options()).verifying(&Library).run();
    assert_eq!(report, whole.expect("read"));
}

#[test]
fn verdicts_come_behind_the_check() {
    let bytes = fixtures::sample().bytes;
    let size = bytes.len() as u64;
    let options = || Options { releases: Choice::All, ..Options::default() };
    let (all, report) = steps(CheckJob::new(&bytes, options()));
    let totals = totals(&all);
    assert_eq!(totals[0], size);
    assert!(totals.len() > 1 && totals[1..].iter().all(|total| *total >= 2 * size), "{totals:?}");
    assert!(!report.releases.is_empty());
    assert_eq!(report, CheckJob::new(&bytes, options()).run().expect("read"));

    let wanted = || Choice::All.wanted(bytes.first().copied());
    let (_, verdicts) = steps(VerdictJob::new(&bytes, wanted(), Limits::default(), 7));
    assert_eq!(verdicts, report.releases);
}

#[test]
fn a_repair_goes_through_its_inputs_three_times() {
    let (one, two) = (fixtures::sample().bytes, network(3, 20).bytes);
    let size = (one.len() + two.len()) as u64;
    let sources: [&dyn Source; 2] = [&one, &two];
    let options = salvage::Options::default();
    let (all, planned) = steps(PlanJob::new(&sources, options).expect("two are not too many"));
    assert_eq!(totals(&all), [3 * size]);
    assert!(all.last().expect("steps").done > 3 * size - 3 * STEP.bytes);
    let whole = PlanJob::new(&sources, options).expect("the same").run().expect("read");
    let (planned, whole) = (planned.expect("much is left"), whole.expect("much is left"));
    assert_eq!(planned.plan, whole.plan);
    assert_eq!(planned.report(1).map(|report| report.input.size), Some(two.len() as u64));
    assert!(planned.report(2).is_none());

    let mut writer = planned.writer();
    let mut before = 0;
    while let Some((_, progress)) = writer.step(&planned, &sources, STEP).expect("read") {
        assert_eq!(progress.total, size);
        assert!(before <= progress.done && progress.done <= size);
        assert!(progress.done - before <= 2 * STEP.bytes);
        before = progress.done;
    }
    assert_eq!(before, size);
}
