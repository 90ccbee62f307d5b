//! Both sides of a migration together: the check, the comparison and the lists of their invoices, and
//! a rehearsal. The last four bytes say how many bytes before them are the second file.

use fulgurite_core::finding::Code;
use fulgurite_core::lnd::check::{Given, Options, check};
use fulgurite_core::lnd::compare::{self, Compared, Ended, SideKind, compare};
use fulgurite_core::lnd::migration::Store;
use fulgurite_core::lnd::rehearse::{self, Foreseen, Rehearsed, Target, rehearse};
use fulgurite_core::report::Report;

use super::by_sqlite;
use super::secrets::{self, Secrets};
use crate::targets::{sqlite, told_of};

/// The two files; the second may be missing.
struct Pair<'a> {
    files: Vec<&'a [u8]>,
}

impl<'a> Pair<'a> {
    fn of(data: &'a [u8]) -> Pair<'a> {
        let (first, second) = sqlite::parts(data);
        Pair { files: std::iter::once(first).chain(second).collect() }
    }

    fn given(&self) -> Vec<Given<'_>> {
        let named = self.files.iter().zip(["channel.db", "lnd.db"]);
        named.map(|(source, name)| Given { source, name: Some(name) }).collect()
    }

    fn lens(&self) -> Vec<usize> {
        self.files.iter().map(|file| file.len()).collect()
    }
}

/// The codes of a report's findings, in their order: what does not depend on what is revealed.
fn codes(report: &Report) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

pub(crate) fn lnd_compare(data: &[u8]) {
    let pair = Pair::of(data);
    let given = pair.given();
    let secrets = Secrets::of(&given);
    let options = Options { whole: true, ..Options::default() };
    let checked = check(&given, &options, &mut |_| true).expect("memory is read");
    let checked = checked.expect("nobody stops it").report;
    secrets.are_not_in(&told_of(&checked, &pair.lens()));

    let compared = |reveal| match compare(&given, &compare::Options { reveal }, &mut |_| true) {
        Ok(Ended::Compared(compared)) => Some(*compared),
        Ok(Ended::OneSided { .. }) => None,
        other => panic!("nobody stops it, memory is read: {other:?}"),
    };
    let (hidden, shown) = (compared(false), compared(true));
    assert_eq!(hidden.is_some(), shown.is_some());
    let (Some(hidden), Some(shown)) = (hidden, shown) else { return };
    assert_eq!(hidden.summary, shown.summary, "a secret changes the figures");
    assert_eq!(codes(&hidden.report), codes(&shown.report), "a secret changes the findings");
    secrets.are_not_in(&told_of(&hidden.report, &pair.lens()));
    told_of(&shown.report, &pair.lens());
    adds_up(&hidden);
    let told = &hidden.summary;
    let sides = (told.old.kind, told.new.kind) == (SideKind::Kv, SideKind::Sql);
    let all_the_same = told.differ + told.missing + told.left_behind + told.unread == 0;
    if sides && all_the_same {
        let database = pair.files[told.new.input as usize];
        by_sqlite::agrees(&secrets::rows(&given, Store::Kv, true), database);
    }
}

/// Every invoice of each side is counted once; but one that is not what it was on the older side may be
/// joined with a second one there.
fn adds_up(compared: &Compared) {
    let told = &compared.summary;
    let absent = told.missing + told.deleted + told.left_behind + told.orphans;
    let old = told.same + told.differ + absent;
    assert!(old <= told.old.invoices && told.old.invoices <= old + told.unread, "older: {told:?}");
    let only_new = told.made_here + told.extra + told.unexplained;
    let new = told.same + only_new;
    assert!(new <= told.new.invoices, "newer: {told:?}");
    assert!(told.new.invoices <= new + told.differ + told.unread, "newer: {told:?}");
}

pub(crate) fn lnd_rehearse(data: &[u8]) {
    let pair = Pair::of(data);
    let given = pair.given();
    // The last byte of the first file is as good as chance.
    let targets = Target::all();
    let chosen = pair.files[0].last().map_or(0, |byte| usize::from(*byte));
    let target = &targets[chosen % targets.len()];
    let rehearsed = |reveal| {
        let options = rehearse::Options { reveal, ..rehearse::Options::default() };
        match rehearse(&given, target, &options, &mut |_| true) {
            Ok(rehearse::Ended::Rehearsed(rehearsed)) => Some(*rehearsed),
            Ok(rehearse::Ended::Nothing) => None,
            other => panic!("nobody stops it, memory is read: {other:?}"),
        }
    };
    let (hidden, shown) = (rehearsed(false), rehearsed(true));
    assert_eq!(hidden.is_some(), shown.is_some());
    let (Some(hidden), Some(shown)) = (hidden, shown) else { return };
    Secrets::of(&given).are_not_in(&told_of(&hidden.report, &pair.lens()));
    told_of(&shown.report, &pair.lens());
    assert_eq!(codes(&hidden.report), codes(&shown.report), "a secret changes the findings");
    let figures = |of: &Rehearsed| {
        let told = &of.rehearsal;
        (told.invoices, told.brought, told.htlcs, told.rules.clone(), told.unread)
    };
    assert_eq!(figures(&hidden), figures(&shown), "a secret changes the figures");
    let told = &hidden.rehearsal;
    // Where one is to be brought twice, LND stops.
    let ends_well = matches!(told.foreseen, Foreseen::Succeeds | Foreseen::Alters { .. });
    assert!(!ends_well || told.brought <= told.invoices, "{told:?}");
}
