//! What is this file? The head alone decides, and there is a name for every answer.

use fulgurite_core::detect::{HEAD, Kind, detect, report, without_structure};
use fulgurite_core::kv::{dump, pgdump};
use fulgurite_core::lnd::check::is_of_lnd;

use super::told;
use crate::counted::Counted;

pub(crate) fn detects(data: &[u8]) {
    let head = data.get(..HEAD).unwrap_or(data);
    let kind = detect(head);
    assert!(Kind::ALL.contains(&kind));
    assert!(!kind.name().is_empty());
    if let Some(report) = report(kind, data.len() as u64) {
        told(&report, data.len());
    }
    let source = Counted::new(data);
    told(&without_structure(&source).expect("memory is read"), data.len());
    source.at_most(1);
    if dump::recognise(head) || pgdump::recognise(head).is_some() {
        assert!(is_of_lnd(head));
    }
}
