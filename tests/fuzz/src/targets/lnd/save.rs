//! A redacted dump of a store: it gives no secret away, can be read, and leads to the same judgement
//! as a sound store itself.

use fulgurite_core::detect::Kind;
use fulgurite_core::finding::Severity;
use fulgurite_core::lnd::check::{Checked, Given, Options, check};
use fulgurite_core::lnd::migration::state;
use fulgurite_core::lnd::outline::{self, outline};
use fulgurite_core::lnd::save::{self, Ended, Which, save};
use fulgurite_core::lnd::stores::Tree;

use super::secrets::Secrets;
use crate::targets::told_of;

pub(crate) fn lnd_save(data: &[u8]) {
    let given = [Given { source: &data, name: Some("channel.db") }];
    let Some(hidden) = dump(&given, false) else { return };
    let secrets = Secrets::of(&given);
    secrets.are_not_in(&hidden);
    secrets.are_not_in(&outlined(&given));
    let shown = dump(&given, true).expect("there is a tree");

    let of_store = checked(data);
    for (text, reveal) in [(hidden, false), (shown, true)] {
        let of_dump = checked(text.as_bytes());
        told_of(&of_dump.report, &[usize::MAX]);
        assert_eq!(of_dump.report.input.kind, Kind::BucketDump, "not known as a dump");
        // What a dump cannot say is what is damaged.
        let damaged = |checked: &Checked| {
            checked.report.findings.iter().any(|finding| finding.severity > Severity::Info)
        };
        if !damaged(&of_store) {
            let (store, dump) = (state(&of_store.evidence), state(&of_dump.evidence));
            let judged = (dump.kind, dump.remarks, dump.confidence);
            assert_eq!(judged, (store.kind, store.remarks, store.confidence), "reveal: {reveal}");
            // The network is known from payment requests, which only a revealed dump has.
            assert!(!reveal || dump.evidence == store.evidence, "{:?}", dump.evidence);
        }
    }
}

/// The dump's text, if there is a tree.
fn dump(given: &[Given<'_>], reveal: bool) -> Option<String> {
    let options = save::Options {
        tree: Tree::ChannelDb,
        which: Which::Judged,
        reveal,
        tool: "fulgurite".into(),
        sha256: None,
    };
    let mut text = String::new();
    let ended = save(given, &options, &mut |_| true, &mut |piece| {
        text.push_str(piece);
        true
    });
    match ended.expect("memory is read") {
        Ended::Saved(saved) => {
            assert_eq!(saved.bytes, text.len() as u64);
            Some(text)
        }
        Ended::NoTree => None,
        Ended::Stopped => panic!("nobody stops it"),
    }
}

fn checked(data: &[u8]) -> Checked {
    let given = [Given { source: &data, name: Some("channel.db") }];
    let checked = check(&given, &Options::default(), &mut |_| true).expect("memory is read");
    checked.expect("nobody stops it")
}

/// The tree with all its keys, as it is shown to those who did not ask for more.
fn outlined(given: &[Given<'_>]) -> String {
    let mut text = String::new();
    let options =
        outline::Options { tree: Tree::ChannelDb, path: Vec::new(), depth: 64, reveal: false };
    outline(given, &options, &mut |_| true, &mut |_, row| {
        text += &serde_json::to_string(&row).expect("a row is JSON");
        true
    })
    .expect("memory is read");
    text
}
