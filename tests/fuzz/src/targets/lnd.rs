//! The check of one file of LND's, whatever it is: one report, redacted unless asked otherwise, and
//! the same every time.

use fulgurite_core::lnd::check::{Given, Options, check};

use super::told;
use crate::counted::Counted;

pub(crate) fn lnd_check(data: &[u8]) {
    let source = Counted::new(data);
    let given = [Given { source: &source, name: Some("channel.db") }];
    let mut texts = Vec::new();
    // Whether it is the same every time, one input of four is asked.
    let again = data.len().is_multiple_of(4).then_some(false);
    for reveal in [false, true].into_iter().chain(again) {
        let options = Options { reveal, whole: true, ..Options::default() };
        let checked = check(&given, &options, &mut |_| true).expect("memory is read");
        texts.push(told(&checked.expect("nobody stops it").report, data.len()));
    }
    if again.is_some() {
        assert_eq!(texts[0], texts[2]);
    }
    let options = Options::default();
    let mut steps = 0;
    let stopped = check(&given, &options, &mut |_| {
        steps += 1;
        false
    });
    assert!(steps == 0 || stopped.expect("memory is read").is_none(), "not to be stopped");
}
