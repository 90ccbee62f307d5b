//! The check of one file of LND's, whatever it is: one report, redacted unless asked otherwise, and
//! the same every time. In files of their own, what takes more than one, and dumps.

mod by_sqlite;
mod save;
mod secrets;
mod sides;

use fulgurite_core::lnd::check::{Given, Options, check};

pub(crate) use save::lnd_save;
pub(crate) use sides::{lnd_compare, lnd_rehearse};

use super::told;
use crate::counted::Counted;

pub(crate) fn lnd_check(data: &[u8]) {
    let source = Counted::new(data);
    let given = [Given { source: &source, name: Some("channel.db") }];
    let report = |reveal| {
        let options = Options { reveal, whole: true, ..Options::default() };
        let checked = check(&given, &options, &mut |_| true).expect("memory is read");
        checked.expect("nobody stops it").report
    };
    let once = told(&report(false), data.len());
    told(&report(true), data.len());
    assert_eq!(once, report(false).to_json().expect("a report is JSON"));
    let options = Options::default();
    let mut steps = 0;
    let stopped = check(&given, &options, &mut |_| {
        steps += 1;
        false
    });
    assert!(steps == 0 || stopped.expect("memory is read").is_none(), "not to be stopped");
}
