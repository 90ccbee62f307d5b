//! Stable names: what reports, plans and the page's data call things. Whoever changes one breaks
//! what others saved, so each stands here as well.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::gossip::salvage::{Action, Mend, Proof, SalvageError, Segment};
use crate::kv::sqlite::{Encoding, PageKind, WalEnd, WalMisfit};
use crate::lnd::invoice::{
    ContractState, DecodeError, DecodeErrorKind, Encoding as InvoiceEncoding, HtlcState,
};
use crate::lnd::invoices::Network;
use crate::lnd::migration::StateKind;
use crate::lnd::migration::releases::Custom;
use crate::log::{Ended, Form, Level, Order, Outcome, Program, Weight, What};
use crate::report::Headline;
use crate::source::{SourceError, SourceErrorKind};

fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> String {
    let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
    names.join(" ")
}

#[test]
fn names_of_logs() {
    assert_eq!(named(Program::ALL, Program::name), "lightningd lnd");
    assert_eq!(named(What::ALL, What::name), "invoices graph payments");
    assert_eq!(named(Outcome::ALL, Outcome::name), "done failed interrupted open");
    assert_eq!(named(Ended::ALL, Ended::name), "stopped crashed silent open");
    assert_eq!(named(Form::ALL, Form::name), "plain journal_export json");
    assert_eq!(
        named(Order::ALL, Order::name),
        "update node early own_unknown own_alias foreign other"
    );
    assert_eq!(named(Level::ALL, Level::name), "io trace debug info unusual broken");
    assert_eq!(named(Weight::ALL, Weight::name), "harmless note trouble damage");
}

#[test]
fn names_of_repair() {
    let mends = "bits checksum length timestamp_pair completed deleted amount";
    assert_eq!(named(&Mend::ALL, Mend::name), mends);
    assert_eq!(named(&Proof::ALL, Proof::name), "checksum signature records content");
    assert_eq!(named(&Action::ALL, Action::name), "keep mend move drop lose");
    let copy = Segment::Copy { source: 1, at: 7, len: 3 };
    assert_eq!((copy.len(), copy.is_empty()), (3, false));
    let bytes = Segment::Bytes(Vec::from([1, 2]));
    assert_eq!((bytes.len(), bytes.is_empty()), (2, false));
    assert!(Segment::Bytes(Vec::new()).is_empty());
    let text = |error: SalvageError| error.to_string();
    assert_eq!(text(SalvageError::Inputs { found: 17 }), "expected 1 to 16 inputs, found 17");
    assert_eq!(
        text(SalvageError::Target { found: 8 }),
        "expected a version from 9 to 16 to write, found 8"
    );
    assert_eq!(
        text(SalvageError::Nothing { headline: Headline::Empty }),
        format!("no record to keep in the input ({})", Headline::Empty.name())
    );
}

#[test]
fn names_of_databases() {
    use PageKind::{
        Damaged, Freelist, Header, IndexInterior, IndexLeaf, LockByte, Lost, Overflow, PointerMap,
        TableInterior, TableLeaf, Unused,
    };
    let pages = [
        Unused,
        Header,
        TableLeaf,
        TableInterior,
        IndexLeaf,
        IndexInterior,
        Overflow,
        Freelist,
        PointerMap,
        LockByte,
        Damaged,
        Lost,
    ];
    assert_eq!(
        named(&pages, PageKind::name),
        "unused header table_leaf table_interior index_leaf index_interior overflow freelist \
         pointer_map lock_byte damaged lost"
    );
    let ends = [WalEnd::Whole, WalEnd::Torn, WalEnd::Older, WalEnd::Checksum];
    assert_eq!(named(&ends, WalEnd::name), "whole torn older checksum");
    let misfits = [WalMisfit::Header, WalMisfit::PageSize, WalMisfit::OlderThanFile];
    assert_eq!(named(&misfits, WalMisfit::name), "header page_size older_than_file");
    let encodings = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
    assert_eq!(named(&encodings, Encoding::name), "utf8 utf16le utf16be");
}

#[test]
fn names_of_invoices() {
    let states = [0, 1, 2, 3, 4, -1].map(ContractState::from);
    assert_eq!(named(&states, ContractState::name), "open settled canceled accepted other other");
    assert_eq!(states[4..], [ContractState::Other(4), ContractState::Other(-1)]);
    let states = [0, 1, 2, 3].map(HtlcState::from);
    assert_eq!(named(&states, HtlcState::name), "accepted canceled settled other");
    let encodings = [
        InvoiceEncoding::Fields,
        InvoiceEncoding::FieldsAndHtlcs,
        InvoiceEncoding::Tlv,
        InvoiceEncoding::Sql,
    ];
    assert_eq!(named(&encodings, InvoiceEncoding::name), "fields fields_and_htlcs tlv sql");
    assert_eq!(
        named(Network::ALL, Network::name),
        "mainnet testnet signet regtest simnet litecoin litecoin-testnet"
    );
}

#[test]
fn what_an_invoice_could_not_be_read_for() {
    let cases = [
        (DecodeErrorKind::Ends { need: 8, have: 3 }, "ends", "needs 8 bytes, 3 are left"),
        (
            DecodeErrorKind::Length { expected: 32, found: 31 },
            "length",
            "expected 32 bytes, found 31",
        ),
        (
            DecodeErrorKind::TooLong { limit: 1_024, found: 1_025 },
            "too_long",
            "at most 1024 bytes, found 1025",
        ),
        (DecodeErrorKind::NotMinimal { found: 252 }, "not_minimal", "252 in too many bytes"),
        (DecodeErrorKind::Order { previous: 5, found: 5 }, "order", "type 5 behind type 5"),
        (
            DecodeErrorKind::TimeVersion { found: 3 },
            "time_version",
            "a time of version 1 or 2 expected, found 3",
        ),
        (DecodeErrorKind::Missing, "missing", "missing"),
        (DecodeErrorKind::Trailing { found: 2 }, "trailing", "2 bytes are left over"),
        (DecodeErrorKind::Cell, "cell", "not what the column ought to hold"),
    ];
    for (kind, name, text) in cases {
        assert_eq!(kind.name(), name);
        let error = DecodeError { at: 17, field: "memo", kind };
        assert_eq!(error.to_string(), format!("memo at byte 17: {text}"));
    }
}

#[test]
fn names_of_migrations() {
    assert_eq!(named(Custom::ALL, Custom::name), "invoices graph payments");
    assert_eq!(Custom::ALL.iter().map(|one| one.version()).collect::<Vec<_>>(), [7, 10, 14]);
    // The table of states has a number for each but for what could not be read.
    let numbers: Vec<_> = StateKind::ALL.iter().filter_map(|kind| kind.number()).collect();
    assert_eq!(
        numbers.join(" "),
        "S0 S1 S2 S3 S4a S4b S4c S5 S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 S16"
    );
    assert_eq!(StateKind::Unread.number(), None);
    assert_eq!(StateKind::ALL.len(), numbers.len() + 1);
}

#[test]
fn findings_that_touch_bytes() {
    use crate::finding::{Code, Finding, Place};
    use crate::gossip::check::{Options, check};
    let mut report = check(&Vec::from([16]), Options::default()).unwrap();
    report.input.size = 100;
    let places = [
        Place::span(0, 100),
        Place::span(10, 20),
        Place::span(20, 30),
        Place::span(25, 25),
        Place::span(30, 30),
    ];
    report.findings = places.map(|place| Finding::new(Code::BitFlip, place)).into();
    let touching = |start, end| -> Vec<(u64, u64)> {
        let spans = report.touching(start, end).map(|finding| finding.place.span);
        spans.map(|span| (span.start, span.end)).collect()
    };
    // What is about the whole file is not about these bytes.
    assert_eq!(touching(0, 100), [(10, 20), (20, 30), (25, 25), (30, 30)]);
    assert_eq!(touching(19, 20), [(10, 20)]);
    assert_eq!(touching(20, 21), [(20, 30)]);
    assert_eq!(touching(24, 26), [(20, 30), (25, 25)]);
    assert_eq!(touching(25, 30), [(20, 30), (25, 25)]);
    assert_eq!(touching(30, 31), [(30, 30)]);
    assert_eq!(touching(0, 10), []);
}

#[test]
fn what_a_source_says_when_it_cannot_be_read() {
    let past = SourceErrorKind::PastEnd { source_len: 100 };
    let text = SourceError::new(96, 8, past).to_string();
    assert_eq!(text, "cannot read 8 bytes at offset 96: the source ends at 100");
    let medium = SourceErrorKind::Medium("Input/output error".into());
    let text = SourceError::new(0, 1, medium).to_string();
    assert_eq!(text, "cannot read 1 bytes at offset 0: Input/output error");
}
