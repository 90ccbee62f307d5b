//! Damaged bbolt files beside what bbolt v1.4.3 says of these very bytes: every fault that its
//! check names is named, at the same page; where it panics, something is reported; and of each
//! damage that it does not see, too.
//!
//! The table is printed by `go run . check` in tests/lnd-fixtures/bbolt, the files by the example
//! `bolt_damage`.

use crate::shared;

use std::collections::{BTreeMap, BTreeSet};

use fulgurite_core::finding::{Code, Finding, Severity, Value};
use fulgurite_core::kv::bolt::{Checked, Hits, check};
use fulgurite_tests::bolt::File;
use fulgurite_tests::bolt::damage::{Damaged, damaged};
use sha2::{Digest, Sha256};
use shared::{data, fixture, hex};

/// The fixtures that are damaged.
const DAMAGED: &[&str] = &["channel", "channel-synced", "pages-1024-synced", "deep"];

/// One thing that bbolt said.
struct Said {
    kind: String,
    pages: Vec<u64>,
    detail: String,
    text: String,
}

fn table() -> BTreeMap<String, (String, Vec<Said>)> {
    let mut all: BTreeMap<String, (String, Vec<Said>)> = BTreeMap::new();
    for line in data("bbolt_check.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (kind, detail, text) = (cells[2].into(), cells[4].into(), cells[5].into());
        let said = Said { kind, pages: pages(cells[3]), detail, text };
        all.entry(cells[0].into()).or_insert_with(|| (cells[1].into(), Vec::new())).1.push(said);
    }
    all
}

fn pages(text: &str) -> Vec<u64> {
    let number = |text: &str| text.parse::<u64>().expect("a page");
    let mut all = Vec::new();
    for run in text.split(',').filter(|run| *run != "-") {
        let (from, to) = run.split_once('-').unwrap_or((run, run));
        all.extend(number(from)..=number(to));
    }
    all
}

/// Pages that a code's findings name.
fn named(checked: &Checked, code: Code) -> BTreeSet<u64> {
    let mut all = BTreeSet::new();
    for finding in checked.findings.iter().filter(|finding| finding.code == code) {
        let pgid = finding.values.number("pgid").expect("every finding names its page");
        let count = match code {
            Code::BoltUnreachable => finding.values.number("pages").expect("a count"),
            _ => 1,
        };
        all.extend(pgid..pgid.saturating_add(count));
        all.extend(finding.values.number("child"));
    }
    all
}

/// Pages beneath those that are referenced more than once: bbolt goes down again, and names all of
/// them; here the page that has two owners is named.
fn beneath(file: &[u8], tops: &BTreeSet<u64>) -> BTreeSet<u64> {
    let page_size = u32::from_le_bytes(file[24..28].try_into().unwrap()) as usize;
    let number = |at: usize, len: usize| {
        let bytes = file.get(at..at + len)?;
        Some(bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    let mut all = tops.clone();
    let mut todo: Vec<u64> = tops.iter().copied().collect();
    while let Some(page) = todo.pop() {
        let Some(at) = usize::try_from(page).ok().and_then(|page| page.checked_mul(page_size))
        else {
            continue;
        };
        let (Some(flags), Some(count), Some(overflow)) =
            (number(at + 8, 2), number(at + 10, 2), number(at + 12, 4))
        else {
            continue;
        };
        let mut found: Vec<u64> = (1..=overflow.min(64)).map(|next| page + next).collect();
        for element in (0..count).map(|index| at + 16 + 16 * usize::try_from(index).unwrap()) {
            if flags == 1 {
                found.extend(number(element + 8, 8));
            } else if flags == 2 && number(element, 4) == Some(1) {
                let pos = number(element + 4, 4).unwrap() + number(element + 8, 4).unwrap();
                found.extend(number(element + usize::try_from(pos).unwrap(), 8));
            }
        }
        todo.extend(found.into_iter().filter(|page| *page >= 2 && all.insert(*page)));
    }
    all
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.findings.iter().map(|finding| finding.code.name()).collect()
}

/// What bbolt says and this check does not.
fn missed(name: &str, bytes: &[u8], said: &[Said], checked: &Checked) -> Vec<String> {
    let twice = named(checked, Code::BoltMultipleReferences);
    let again = beneath(bytes, &twice);
    let mut missed = Vec::new();
    for one in said {
        let mut text = one.text.as_str();
        let mut kind = one.kind.as_str();
        let mut pages = one.pages.clone();
        if kind == "panic"
            && let Some(rest) = text.strip_prefix("freepages: ")
        {
            // `kind page detail text` of the first fault that was met.
            let cells: Vec<&str> = rest.splitn(3, ['\t', ' ']).collect();
            (kind, pages) = (cells[0], vec![cells[1].parse().expect("a page")]);
            text = "";
        }
        let codes: &[Code] = match kind {
            "ok" => &[],
            "already_freed" => &[Code::BoltFreeTwice, Code::BoltBadFreePage, Code::BoltFreelist],
            "out_of_bounds" => &[Code::BoltOutOfBounds],
            "multiple_references" => &[Code::BoltMultipleReferences],
            "reachable_freed" => &[Code::BoltReachableFreed],
            "invalid_type" | "unexpected_type" => &[Code::BoltPageType],
            "key_order" => &[Code::BoltKeyOrder],
            "unreachable_unfreed" => &[Code::BoltUnreachable],
            "error" => {
                let own = checked.findings.iter().find(|one| one.code == Code::BoltNoMeta);
                let own = own.and_then(|one| one.values.text("upstream"));
                // bbolt cannot even look at the first meta of a file below 4 KiB.
                let short = text.starts_with("file size too small") || bytes.len() < 4_096;
                let refused = own == Some(text) || (short && !checked.findings.is_empty());
                if !refused {
                    missed.push(format!("{name}: error {text}"));
                }
                continue;
            }
            "panic" => {
                if !checked.findings.iter().any(|one| one.severity == Severity::Damage) {
                    missed.push(format!("{name}: panic {text}"));
                }
                continue;
            }
            other => panic!("{name}: {other}"),
        };
        // bbolt reads on behind the freelist's page, and takes what stands there for numbers of
        // free pages. Here the count is named.
        let misread = checked.findings.iter().any(|one| {
            one.code == Code::BoltFreelist && one.values.text("freelist_fault") == Some("count")
        });
        if misread && matches!(kind, "already_freed" | "reachable_freed") {
            continue;
        }
        // A page's keys reach beyond the key of the next page in the branch: bbolt says it of both
        // pages, here it is said of the page whose keys they are.
        let next =
            checked.findings.iter().any(|one| one.values.text("order_fault") == Some("next"));
        if kind == "key_order" && one.detail.starts_with("branch") && next {
            continue;
        }
        let ours: BTreeSet<u64> = codes.iter().flat_map(|code| named(checked, *code)).collect();
        for page in pages {
            // Pages behind the file's end: that they are missing is said once.
            let behind = page * checked.map.page_size >= bytes.len() as u64;
            let cut = behind && checked.findings.iter().any(|one| one.code == Code::BoltTruncated);
            if cut && kind == "unreachable_unfreed" {
                continue;
            }
            let cascade = matches!(kind, "multiple_references" | "key_order" | "reachable_freed");
            if !(ours.contains(&page) || cascade && again.contains(&page)) {
                missed.push(format!("{name}: {kind} {page}"));
            }
        }
    }
    missed
}

fn all_damaged() -> Vec<Damaged> {
    DAMAGED.iter().flat_map(|name| damaged(name, &fixture(name))).collect()
}

#[test]
fn every_fault_that_bbolt_names_is_named() {
    let table = table();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (name, bytes) in all_damaged() {
        let (hash, said) = table.get(&name).unwrap_or_else(|| panic!("{name} is in the table"));
        assert_eq!(&hex(&Sha256::digest(&bytes)[..8]), hash, "{name}: other bytes than bbolt saw");
        let checked = check(bytes.as_slice()).expect("bytes in memory");
        wrong.extend(missed(&name, &bytes, said, &checked));
        if checked.findings.is_empty() {
            wrong.push(format!("{name}: nothing found"));
        }
        seen += 1;
    }
    assert_eq!(seen, table.len());
    assert!(seen > 400);
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The report on one damaged file, and the file.
fn one(fixture_name: &str, what: &str) -> (Checked, File) {
    let bytes = fixture(fixture_name);
    let name = format!("{fixture_name}.{what}");
    let (_, damaged) = damaged(fixture_name, &bytes)
        .into_iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("there is {name}"));
    (check(damaged.as_slice()).expect("bytes in memory"), File::new(bytes))
}

fn find(checked: &Checked, code: Code) -> &Finding {
    let all = || codes(checked);
    checked.findings.iter().find(|one| one.code == code).unwrap_or_else(|| panic!("{:?}", all()))
}

#[test]
fn a_zero_page_in_the_graph_hits_the_graph_alone() {
    let (checked, file) = one("channel", "graph-leaf-zero");
    let page = file.pages(b"graph-edge", true)[0];
    let finding = find(&checked, Code::BoltZeroPage);
    assert_eq!(finding.values.number("pgid"), Some(page));
    assert_eq!(finding.place.span.start, page * 4_096);
    assert_eq!(finding.place.span.end, (page + 1) * 4_096);
    let path = finding.place.path.as_deref().expect("a bucket");
    assert!(path.starts_with("graph-edge/"), "{path}");
    assert_eq!(finding.values.text("hits"), Some("graph"));
    assert_eq!(checked.worst(), Some(Hits::Graph));
    let summary = find(&checked, Code::BoltGraphHit);
    assert_eq!(summary.values.number("faults"), Some(1));
    assert_eq!(
        summary.values.get("buckets"),
        Some(&Value::List([Value::Text("graph-edge".into())].into()))
    );
    assert!(summary.next.iter().any(|step| step.name() == "lnd_drop_graph"));
    let run = checked.map.runs.iter().find(|run| run.first == page).expect("a run of its own");
    assert_eq!((run.pages, run.kind.name()), (1, "damaged"));
}

#[test]
fn a_zero_page_among_the_channels_says_stop() {
    let (checked, file) = one("channel", "channels-leaf-zero");
    let page = file.pages(b"open-chan-bucket", true)[0];
    let finding = find(&checked, Code::BoltZeroPage);
    assert_eq!(finding.values.number("pgid"), Some(page));
    assert!(finding.place.path.as_deref().unwrap().starts_with("open-chan-bucket/0x"));
    assert_eq!(checked.worst(), Some(Hits::ChannelState));
    assert_eq!(find(&checked, Code::BoltChannelStateHit).next[0].name(), "lnd_do_not_start");
}

#[test]
fn a_page_of_graph_and_channels_is_the_channels_damage() {
    let (checked, file) = one("channel", "branch-to-channels");
    let page = file.pages(b"open-chan-bucket", true)[0];
    let finding = find(&checked, Code::BoltMultipleReferences);
    assert_eq!(finding.values.number("pgid"), Some(page));
    assert_eq!(finding.values.text("hits"), Some("channel_state"));
}

#[test]
fn a_bad_newest_meta_undoes_a_transaction() {
    let (checked, file) = one("channel", "meta-newest-checksum");
    let newest = file.newest();
    let finding = find(&checked, Code::BoltMetaDamaged);
    assert_eq!(finding.values.number("pgid"), Some(newest));
    assert_eq!(finding.values.text("meta_fault"), Some("checksum"));
    assert_eq!(finding.values.text("lost_newer"), Some("yes"));
    let txid = file.u64(file.meta(1 - newest, 48));
    assert_eq!(finding.values.number("txid"), Some(txid));
    assert_eq!(finding.place.span.start, newest * 4_096);
    assert_eq!(checked.worst(), Some(Hits::Everything));

    let (checked, _) = one("channel", "meta-older-checksum");
    let finding = find(&checked, Code::BoltMetaDamaged);
    assert_eq!(finding.values.text("lost_newer"), Some("no"));
    assert_eq!(checked.worst(), Some(Hits::Unused));
    assert_eq!(codes(&checked), ["bbolt.meta_damaged"]);
}

#[test]
fn a_file_with_two_bad_checksums_is_read_all_the_same() {
    let (checked, _) = one("channel", "meta-both-checksum");
    let finding = find(&checked, Code::BoltNoMeta);
    assert_eq!(finding.values.text("upstream"), Some("checksum error"));
    assert_eq!(finding.values.get("read_on"), Some(&Value::Flag(true)));
    let sound = check(fixture("channel").as_slice()).unwrap();
    assert_eq!(checked.figures, sound.figures);
}

#[test]
fn a_cut_file_names_what_is_missing() {
    let (checked, file) = one("channel", "cut-half");
    let (hwm, have) = (file.hwm(), file.hwm() / 2 * 4_096);
    let finding = find(&checked, Code::BoltTruncated);
    assert_eq!(finding.values.number("need"), Some(hwm * 4_096));
    assert_eq!(finding.values.number("have"), Some(have));
    assert_eq!(finding.values.number("pages"), Some(hwm - hwm / 2));
    let missing = named(&checked, Code::BoltMissingPage);
    assert!(!missing.is_empty() && missing.iter().all(|page| *page >= hwm / 2));
}

#[test]
fn a_freelist_may_name_a_page_in_use() {
    let (checked, file) = one("channel-synced", "freelist-reachable-channels");
    let page = file.pages(b"open-chan-bucket", true)[0];
    let finding = find(&checked, Code::BoltReachableFreed);
    assert_eq!(finding.values.number("pgid"), Some(page));
    assert_eq!(finding.values.text("hits"), Some("channel_state"));
}

/// bbolt's own check says nothing of it, but it frees the old list's pages at each write: v1.3.11 and
/// v1.4.3 panic at the first one, "page … already freed" (seen by hand).
#[test]
fn a_freelist_that_lists_a_page_of_its_own() {
    let mut file = File::new(fixture("channel-synced"));
    let page = file.u64(file.meta(file.newest(), 32));
    let first = file.page(page) + 16;
    file.put(first, &page.to_le_bytes());
    let checked = check(file.bytes.as_slice()).expect("memory is read");
    let finding = find(&checked, Code::BoltFreelist);
    assert_eq!(finding.values.text("freelist_fault"), Some("own_page"));
    assert_eq!(finding.values.number("pgid"), Some(page));
    assert_eq!((finding.place.span.start, finding.place.span.len()), (first as u64, 8));
}

#[test]
fn what_is_damaged_does_not_hide_the_rest() {
    use fulgurite_core::kv::bucket::{Buckets, Room};
    let bytes = fixture("channel");
    for (name, damaged) in damaged("channel", &bytes) {
        if name.contains("graph-") {
            let bolt = shared::open(damaged.as_slice());
            let invoices =
                bolt.find(&[b"invoices", b"paymenthashes"]).unwrap().expect("it is there");
            let entries = bolt.entries(invoices.0, None, Room::default()).unwrap();
            assert_eq!((entries.entries.len(), entries.unreadable), (60, 0), "{name}");
        }
    }
}
