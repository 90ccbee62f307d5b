//! The log of lightningd or LND: the same report in chunks of any size, and with ends of lines that
//! somebody else found.

use fulgurite_core::detect::Kind;
use fulgurite_core::log::{Given, LogCheck, Options, lines};
use fulgurite_core::report::{Input, Report};

use super::told;

fn concluded(check: LogCheck, len: usize) -> Report {
    let input = Input { kind: Kind::LightningdLog, size: len as u64 };
    check.finish().conclude(input, &Given::default())
}

pub(crate) fn log(data: &[u8]) {
    let options = Options { seed: 7, until: Some(1_780_000_000) };
    let mut whole = LogCheck::new(options);
    whole.push(data);
    let report = concluded(whole, data.len());
    let text = told(&report, data.len());
    let log = report.log.as_ref().expect("what the log says");
    assert_eq!(log.lines, log.known + log.unknown + log.framing, "each line counts once");

    let (mut pushed, mut ended, mut ends) =
        (LogCheck::new(Options { seed: 8, ..options }), LogCheck::new(options), Vec::new());
    for chunk in data.chunks(577) {
        pushed.push(chunk);
        ends.clear();
        lines::ends(chunk, &mut ends);
        ended.push_with_ends(chunk, &ends);
    }
    for (check, how) in [(pushed, "in small pieces"), (ended, "with ends known")] {
        assert_eq!(concluded(check, data.len()).to_json().expect("JSON"), text, "{how}");
    }
}
