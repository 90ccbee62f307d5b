//! Stable words that stand in values: whoever adds one gives it words, in both languages and unlike
//! those of its neighbours.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::{label, word};
use crate::gossip::network::Contradiction;
use crate::gossip::signatures::Signer;
use crate::kv::bolt::Hits;
use crate::kv::bolt::meta::MetaFault;
use crate::kv::sqlite::WalMisfit;
use crate::lnd::compare::{Cost, Field};
use crate::lnd::invoice::{ContractState, DecodeErrorKind};
use crate::lnd::invoices::Fault;
use crate::lnd::native::Provenance;
use crate::lnd::rehearse::Rule;
use crate::log::{Order, Says, What};

/// The words that a value of the types can have.
fn of_types() -> Vec<(&'static str, Vec<&'static str>)> {
    use Contradiction::{
        AmountLives, AnnouncementLives, NoSuccessor, NoTombstone, NodeLives, UpdatesLive,
    };
    use MetaFault::{Checksum, Header, Magic, Missing, PageSize, Pages, Version, Zero};
    let because =
        [AmountLives, UpdatesLive, AnnouncementLives, NoSuccessor, NodeLives, NoTombstone];
    let meta = [Missing, Zero, Magic, Version, Checksum, PageSize, Pages, Header];
    let problems = [
        DecodeErrorKind::Ends { need: 1, have: 0 },
        DecodeErrorKind::Length { expected: 1, found: 0 },
        DecodeErrorKind::TooLong { limit: 1, found: 2 },
        DecodeErrorKind::NotMinimal { found: 1 },
        DecodeErrorKind::Order { previous: 1, found: 1 },
        DecodeErrorKind::TimeVersion { found: 3 },
        DecodeErrorKind::Missing,
        DecodeErrorKind::Trailing { found: 1 },
        DecodeErrorKind::Cell,
    ];
    let states = [0, 1, 2, 3, 4].map(|state| ContractState::from(state).name());
    let origins = [Provenance::Native, Provenance::Migrated, Provenance::Unknown];
    let misfits = [WalMisfit::Header, WalMisfit::PageSize, WalMisfit::OlderThanFile];
    Vec::from([
        ("said", Says::ALL.iter().map(|one| one.name()).collect()),
        ("order", Order::ALL.iter().map(|one| one.name()).collect()),
        ("what_moves", What::ALL.iter().map(|one| one.name()).collect()),
        ("hits", Hits::ALL.iter().map(|one| one.name()).collect()),
        ("meta_fault", meta.iter().map(|one| one.name()).collect()),
        ("sqlite_fault", misfits.iter().map(|one| one.name()).collect()),
        ("because", because.iter().map(|one| one.name()).collect()),
        ("signers", Signer::ALL.iter().map(|one| one.name()).collect()),
        ("fault", Fault::ALL.iter().map(|one| one.name()).collect()),
        ("problem", problems.iter().map(DecodeErrorKind::name).collect()),
        ("state", states.into()),
        ("provenance", origins.iter().map(|one| one.name()).collect()),
        ("differing_field", Field::ALL.iter().map(|one| one.name()).collect()),
        ("cost", Cost::ALL.iter().map(|one| one.name()).collect()),
        ("rule", Rule::ALL.iter().map(|one| one.name()).collect()),
    ])
}

/// The words that no type holds together: they stand beside the values in the readers and checks.
const WRITTEN_OUT: &[(&str, &str)] = &[
    ("meta_fault", "none"),
    ("lost_newer", "yes no unknown"),
    ("element_fault", "empty_key long_key outside overlap flags"),
    ("order_fault", "repeated previous ancestor next"),
    ("inline_fault", "short long type count nested element order"),
    ("freelist_fault", "out_of_bounds type id overflow count own_page"),
    ("leak_cause", "leak cut_off"),
    (
        "sqlite_fault",
        "magic versions reserved fractions format encoding largest_root missing kind cell_count \
         free_space overlap fragments pointer extent record range beyond depth level short long \
         used link count leaves",
    ),
    ("dump_format", "custom tar utf16"),
    ("cut_part", "rows statement end"),
    ("row_fault", "fields value form too_long no_end"),
    ("unread", "stray_rows open_statement"),
    (
        "tree_fault",
        "parent_missing parent_not_bucket cycle duplicate_key duplicate_id value_at_top \
         unreadable_row unreadable_stretch",
    ),
    ("line_fault", "json field bucket number too_long behind_end header"),
    ("differs", "digest counts"),
    ("part", "header body checksum timestamp amount"),
    ("against", "unknown_type malformed timestamp_differs amount_too_large"),
    ("evidence", "uuid_first framing types flags"),
    ("what", "start bytes amount channels nodes records findings"),
    ("twice", "payment_addr payment_request circuit set_id"),
    ("sum", "amount_paid accepted_without_htlc resolve_time"),
    ("how", "skipped behind_tombstone partial"),
    ("named_by", "directory chain_params payment_requests"),
    ("other_named_by", "directory chain_params payment_requests"),
    ("sign", "wal_missing wal_not_given emptied rolled_back short"),
    ("which", "dbp optional tracker schema"),
    ("newer_channels", "bolt sql same unknown"),
];

#[test]
fn every_stable_word_has_words_of_its_own() {
    let written = WRITTEN_OUT.iter().map(|(name, words)| (*name, words.split(' ').collect()));
    for (name, words) in of_types().into_iter().chain(written) {
        assert!(label(name).is_some(), "{name}");
        let (mut english, mut chinese) = (BTreeSet::new(), BTreeSet::new());
        for stable in words {
            let text = word(name, stable).unwrap_or_else(|| panic!("{name} {stable}"));
            assert!(english.insert(text.en), "{name} {stable}: {} twice", text.en);
            assert!(chinese.insert(text.zh), "{name} {stable}: {} twice", text.zh);
            for text in [text.en, text.zh] {
                assert!(!text.is_empty() && text.trim() == text, "{name} {stable}: {text}");
                assert!(!text.ends_with(['.', '。']), "{name} {stable}: a sentence");
            }
            let ideograph = |c| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(!text.en.contains(ideograph), "{name} {stable}: {}", text.en);
            // What upstream calls so in its source stays as it is.
            let own = matches!(text.zh, "channel_amount" | "HTLC" | "SQL");
            assert!(own || text.zh.contains(ideograph), "{name} {stable}: {}", text.zh);
        }
        assert_eq!(word(name, "no such word"), None, "{name}");
    }
}

#[test]
fn words_are_looked_up_by_the_name_of_the_value() {
    let english = |name, stable| word(name, stable).map(|text| text.en);
    assert_eq!(english("cut_part", "end"), Some("the closing line is missing"));
    assert_eq!(english("freelist_fault", "id"), Some("its page says that it is another page"));
    assert_eq!(english("row_fault", "end"), None);
    assert_eq!(english("sum", "resolve_time").map(|text| &text[..14]), Some("an HTLC's stat"));
    assert_eq!(english("said", "lnd_tombstone"), Some("the invoice tombstone is set"));
    // Text from files is no word of ours.
    assert_eq!(english("alias", "header"), None);
    assert_eq!(english("key", "node"), None);
}

#[test]
fn what_a_rehearsal_and_a_comparison_come_to() {
    use crate::finding::{Code, Confidence};
    use crate::words::{Language, compare, confidence, rehearse};
    let english = |code| rehearse::what(code).map(|text| text.en);
    assert_eq!(english(Code::LndMigrationFails), Some("stops at it"));
    assert_eq!(english(Code::LndMigrationLoses), Some("leaves it out"));
    assert_eq!(english(Code::LndMigrationAlters), Some("makes another of it"));
    assert_eq!(english(Code::LndInvoiceDiffers), None);
    let english = |code| compare::meaning(code).map(|text| text.en);
    assert_eq!(english(Code::LndInvoiceDiffers), Some("not what it was"));
    assert_eq!(english(Code::LndKvAhead), Some("the older side is further on"));
    assert_eq!(english(Code::LndInvoiceMissing), Some("missing on the newer side"));
    assert_eq!(english(Code::LndLeftBehind), Some("not seen by the migration"));
    assert_eq!(english(Code::LndInvoiceExtra), Some("migrated, but not from here"));
    assert_eq!(english(Code::LndMigrationFails), None);
    let sure = [Confidence::Possible, Confidence::Likely, Confidence::Certain];
    assert_eq!(sure.map(|sure| confidence(sure).en), ["possible", "likely", "certain"]);
    assert_eq!(sure.map(|sure| confidence(sure).zh), ["可能", "很可能", "确定"]);
    assert_eq!(Language::ALL.map(Language::name), ["English", "简体中文"]);
}
