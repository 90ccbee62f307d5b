//! What `lncli listinvoices` printed, as one of the two sides: names as in lnrpc's `ListInvoiceResponse`,
//! bytes in hexadecimal (lncli) or base64 (REST), times in seconds.
//!
//! The file is gone through once for where each invoice stands and its hash; the invoices are read
//! again one by one.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::join::{NewSide, OldRow, OldSide};
use super::one::{Knows, One, Precision};
use crate::finding::Span;
use crate::job::Progress;
use crate::lnd::gotime::Time;
use crate::lnd::invoice::{
    AmpSet, Circuit, ContractState, Expiry, Features, Htlc, HtlcAmp, HtlcState, Invoice,
};
use crate::lnd::native::Provenance;
use crate::lnd::pace::Watch;
use crate::sorting::{sort, sort_by_key};
use crate::source::{Source, SourceError};

/// The file is read in pieces of this size.
const PIECE: usize = 1 << 20;

/// An invoice's text is at most so long: 483 HTLCs take a quarter of it.
const LONGEST: u64 = 4 << 20;

/// Where the invoices of a list stand.
pub(super) struct List<'a> {
    source: &'a dyn Source,
    /// In the order of the file: hash, or else payment address, and where it stands. An AMP invoice
    /// that nobody asked for has no hash here.
    spans: Vec<([u8; 32], Span)>,
    /// Places in that list, by hash or address.
    by_hash: Vec<u32>,
    newest: Option<Time>,
    bad: u64,
}

impl<'a> List<'a> {
    /// Goes through it. `None` if it was stopped.
    pub(super) fn read(
        source: &'a dyn Source,
        watch: &mut Watch<'_>,
    ) -> Result<Option<List<'a>>, SourceError> {
        let mut list =
            List { source, spans: Vec::new(), by_hash: Vec::new(), newest: None, bad: 0 };
        let mut scan = Scan::default();
        let mut at = 0;
        let total = source.len();
        let mut piece = alloc::vec![0; PIECE];
        while at < total {
            let len = usize::try_from(total - at).unwrap_or(PIECE).min(PIECE);
            let Some(piece) = piece.get_mut(..len) else { break };
            source.read_at(at, piece)?;
            let mut found = Vec::new();
            for byte in piece.iter() {
                found.extend(scan.byte(*byte, at));
                at = at.saturating_add(1);
            }
            for span in found {
                list.take(span)?;
            }
            if !watch(Progress { done: at, total }) {
                return Ok(None);
            }
        }
        // What a list that is cut off would go on with, nobody knows.
        list.bad = list.bad.saturating_add(u64::from(!scan.is_over()));
        let count = u32::try_from(list.spans.len()).unwrap_or(u32::MAX);
        let mut by_hash: Vec<u32> = (0..count).collect();
        sort_by_key(&mut by_hash, |place| list.hash(*place));
        list.by_hash = by_hash;
        Ok(Some(list))
    }

    /// All of it, as the older side.
    pub(super) fn stream(&self) -> ListStream<'_> {
        ListStream { list: self, next: 0 }
    }

    fn take(&mut self, span: Span) -> Result<(), SourceError> {
        match self.one(span)? {
            Some(One { hash, invoice, .. }) => {
                self.newest = self.newest.max(Some(invoice.created));
                match hash.or(invoice.payment_addr) {
                    Some(key) => self.spans.push((key, span)),
                    None => self.bad = self.bad.saturating_add(1),
                }
            }
            None => self.bad = self.bad.saturating_add(1),
        }
        Ok(())
    }

    fn hash(&self, place: u32) -> Option<[u8; 32]> {
        self.spans.get(place as usize).map(|(hash, _)| *hash)
    }

    /// The invoice there, if it is one.
    fn one(&self, span: Span) -> Result<Option<One>, SourceError> {
        if span.len() > LONGEST {
            return Ok(None);
        }
        let mut text = alloc::vec![0; usize::try_from(span.len()).unwrap_or(0)];
        self.source.read_at(span.start, &mut text)?;
        let value: Option<Value> = serde_json::from_slice(&text).ok();
        Ok(value.and_then(|value| of_json(&value, span)))
    }
}

/// Finds the objects of the array `invoices`: those two levels below the root.
#[derive(Default)]
struct Scan {
    depth: u32,
    text: bool,
    escaped: bool,
    array: bool,
    start: Option<u64>,
}

impl Scan {
    /// Whether all that was opened is closed.
    fn is_over(&self) -> bool {
        self.depth == 0 && !self.text
    }

    fn byte(&mut self, byte: u8, at: u64) -> Option<Span> {
        if self.text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.text = false,
                _ => {}
            }
            return None;
        }
        match byte {
            b'"' => self.text = true,
            b'{' | b'[' => {
                if self.depth == 1 {
                    self.array = byte == b'[';
                }
                if self.depth == 2 && self.array && byte == b'{' {
                    self.start = Some(at);
                }
                self.depth = self.depth.saturating_add(1);
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 2 {
                    let end = at.saturating_add(1);
                    return self.start.take().map(|start| Span::new(start, end));
                }
            }
            _ => {}
        }
        None
    }
}

/// A list in its own order.
pub(super) struct ListStream<'a> {
    list: &'a List<'a>,
    next: usize,
}

impl OldSide for ListStream<'_> {
    fn more(&mut self) -> Result<Option<Vec<OldRow>>, SourceError> {
        let spans = self.list.spans.iter().skip(self.next).take(256);
        let mut rows = Vec::new();
        for (_, span) in spans {
            self.next += 1;
            if let Some(one) = self.list.one(*span)? {
                rows.push(OldRow { one, listed: true, whole: true, rank: None });
            }
        }
        Ok((!rows.is_empty()).then_some(rows))
    }

    fn len(&self) -> u64 {
        self.list.spans.len() as u64
    }

    fn unread(&self) -> u64 {
        self.list.bad
    }
}

impl NewSide for List<'_> {
    fn len(&self) -> usize {
        self.spans.len()
    }

    fn find(&self, hash: &[u8; 32]) -> Option<usize> {
        let first = self.by_hash.partition_point(|place| self.hash(*place).as_ref() < Some(hash));
        let found = *self.by_hash.get(first)?;
        (self.hash(found).as_ref() == Some(hash)).then_some(found as usize)
    }

    fn find_otherwise(&self, one: &One) -> Option<usize> {
        self.find(one.invoice.payment_addr.as_ref()?)
    }

    fn at(&self, place: usize) -> Result<(One, bool), SourceError> {
        let span = self.spans.get(place).map_or(Span::default(), |(_, span)| *span);
        let one = self.one(span)?;
        Ok(one.map_or_else(|| (nothing(span), false), |one| (one, true)))
    }

    fn provenance(&self, _: usize) -> Provenance {
        Provenance::Unknown
    }

    fn newest(&self) -> Option<Time> {
        self.newest
    }

    fn unread(&self) -> u64 {
        self.bad
    }
}

fn nothing(at: Span) -> One {
    One {
        hash: None,
        number: 0,
        at: at.into(),
        invoice: Invoice::default(),
        is_amp: None,
        is_keysend: None,
        request_hash: None,
        provenance: Provenance::Unknown,
        knows: Knows { precision: Precision::Seconds, terms: false, circuits: false, sets: false },
    }
}

/// An invoice of lnrpc.
fn of_json(value: &Value, at: Span) -> Option<One> {
    let of = Object(value);
    let mut one = nothing(at);
    one.hash = of.fixed("r_hash");
    one.number = of.number("add_index").unwrap_or(0);
    one.knows.terms = value.get("features").is_some() && value.get("payment_addr").is_some();
    one.knows.sets = value.get("amp_invoice_state").is_some();
    one.is_amp = value.get("is_amp").and_then(Value::as_bool);
    one.is_keysend = value.get("is_keysend").and_then(Value::as_bool);
    // An AMP invoice stays open; the list calls it settled once one payment to it is.
    let stays_open = one.is_amp == Some(true) && of.number("settle_index").unwrap_or(0) == 0;
    let state = match value.get("state")?.as_str()? {
        "SETTLED" if stays_open => ContractState::Open,
        "OPEN" => ContractState::Open,
        "SETTLED" => ContractState::Settled,
        "CANCELED" => ContractState::Canceled,
        "ACCEPTED" => ContractState::Accepted,
        _ => ContractState::Other(-1),
    };
    let delta = of.signed("cltv_expiry");
    let msat = |exact: &str, rounded: &str| {
        let rounded = || of.number(rounded).map(|amount| amount.saturating_mul(1_000));
        of.number(exact).or_else(rounded).unwrap_or(0)
    };
    let mut bits: Vec<i64> = value
        .get("features")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|features| features.keys().filter_map(|bit| bit.parse().ok()))
        .collect();
    sort(&mut bits);
    let htlcs = value.get("htlcs").and_then(Value::as_array).into_iter().flatten();
    let sets = value.get("amp_invoice_state").and_then(Value::as_object).into_iter().flatten();
    one.invoice = Invoice {
        memo: of.text("memo").as_bytes().to_vec(),
        payment_request: of.text("payment_request").as_bytes().to_vec(),
        created: of.moment("creation_date"),
        settled: of.moment("settle_date"),
        add_index: one.number,
        settle_index: of.number("settle_index").unwrap_or(0),
        preimage: of.fixed("r_preimage").filter(|preimage| *preimage != [0; 32]),
        value_msat: msat("value_msat", "value"),
        cltv_delta: delta,
        expiry: of.signed("expiry").map(Expiry::Seconds),
        payment_addr: of.fixed("payment_addr").filter(|address| *address != [0; 32]),
        features: Features::Rows(bits),
        state,
        amount_paid_msat: msat("amt_paid_msat", "amt_paid_sat"),
        amp: Some(sets.filter_map(|(id, set)| set_of(id, set)).collect()),
        htlcs: htlcs.filter_map(htlc_of).collect(),
        ..Invoice::default()
    };
    Some(super::one::tidied(one))
}

fn set_of(id: &str, value: &Value) -> Option<AmpSet> {
    let of = Object(value);
    Some(AmpSet {
        set_id: bytes(id)?.try_into().ok()?,
        state: htlc_state(of.text("state")),
        settle_index: of.number("settle_index").unwrap_or(0),
        settled: of.moment("settle_time"),
        created: None,
        circuits: Vec::new(),
        amount_paid_msat: of.number("amt_paid_msat"),
    })
}

fn htlc_of(value: &Value) -> Option<Htlc> {
    let of = Object(value);
    let height = |name| of.number(name).and_then(|height| u32::try_from(height).ok()).unwrap_or(0);
    let records = value.get("custom_records").and_then(Value::as_object).into_iter().flatten();
    let record =
        |(kind, value): (&String, &Value)| Some((kind.parse().ok()?, bytes(value.as_str()?)?));
    let mut custom_records: Vec<(u64, Vec<u8>)> = records.filter_map(record).collect();
    sort(&mut custom_records);
    let amp = value.get("amp").filter(|amp| amp.is_object()).map(|amp| {
        let of = Object(amp);
        let child = of.number("child_index").and_then(|index| u32::try_from(index).ok());
        Box::new(HtlcAmp {
            root_share: of.fixed("root_share").unwrap_or_default(),
            set_id: of.fixed("set_id").unwrap_or_default(),
            child_index: child.unwrap_or(0),
            hash: of.fixed("hash"),
            preimage: of.fixed("preimage"),
        })
    });
    Some(Htlc {
        circuit: Circuit { channel: of.number("chan_id")?, htlc: of.number("htlc_index")? },
        amount_msat: of.number("amt_msat")?,
        accept_height: height("accept_height"),
        accept_time: of.moment("accept_time"),
        resolve_time: of.moment("resolve_time"),
        expiry_height: height("expiry_height"),
        state: htlc_state(of.text("state")),
        mpp_total_msat: of.number("mpp_total_amt_msat"),
        amp,
        custom_records,
    })
}

fn htlc_state(name: &str) -> HtlcState {
    match name {
        "ACCEPTED" => HtlcState::Accepted,
        "SETTLED" => HtlcState::Settled,
        "CANCELED" => HtlcState::Canceled,
        _ => HtlcState::Other(-1),
    }
}

/// An object of the list.
#[derive(Clone, Copy)]
struct Object<'a>(&'a Value);

impl<'a> Object<'a> {
    fn text(self, name: &str) -> &'a str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// 64-bit numbers are texts in protobuf's JSON.
    fn signed(self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_i64(),
        }
    }

    fn number(self, name: &str) -> Option<u64> {
        match self.0.get(name)? {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_u64(),
        }
    }

    /// Seconds since 1970; 0 stands for the zero time.
    fn moment(self, name: &str) -> Time {
        match self.signed(name) {
            None | Some(0) => Time::ZERO,
            Some(seconds) => Time::from_unix(seconds, 0),
        }
    }

    fn fixed(self, name: &str) -> Option<[u8; 32]> {
        bytes(self.text(name))?.try_into().ok()
    }
}

/// Hexadecimal digits, or base64.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex {
        let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        });
        return pairs.collect();
    }
    let mut out = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 0xff).unwrap_or(0));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_hexadecimal_or_base64() {
        assert_eq!(bytes("00ffAB"), Some(Vec::from([0, 255, 0xab])));
        // RFC 4648, section 10.
        for (text, plain) in [
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(bytes(text).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        // Both alphabets.
        assert_eq!(bytes("+/-_"), Some(Vec::from([0xfb, 0xff, 0xbf])));
        assert_eq!(bytes("Zm9.Ym"), None);
    }

    /// Two invoices of `ListInvoiceResponse`: one by lncli, one by REST; then what is none.
    fn list() -> alloc::string::String {
        let hex = "07".repeat(32);
        let base64 = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";
        alloc::format!(
            r#"{{"first_index_offset":"1","invoices":[
                {{"memo":"a \\\" }}","r_hash":"{hex}","value":"2","creation_date":"100",
                  "state":"SETTLED","settle_index":"4","add_index":"5","htlcs":[
                    {{"chan_id":"9","htlc_index":1,"amt_msat":"2000","state":"ODD"}}]}},
                {{"r_hash":"{base64}","value_msat":7,"creation_date":200,"state":"NEW"}},
                {{"r_hash":"{hex}"}},
                {{"state":"OPEN"}},
                {{"state":"OPEN" "r_hash"}}]}}"#
        )
    }

    #[test]
    fn a_list_is_gone_through_once_and_read_again_one_by_one() {
        let text = list();
        let source = text.as_bytes();
        let list = List::read(&source, &mut |_| true).unwrap().unwrap();
        // Without a state, without hash and address, and no JSON.
        assert_eq!((NewSide::len(&list), NewSide::unread(&list)), (2, 3));
        assert_eq!(list.newest(), Some(Time::from_unix(200, 0)));
        assert_eq!((list.find(&[7; 32]), list.find(&[8; 32])), (Some(0), Some(1)));
        assert_eq!(list.find(&[9; 32]), None);
        assert_eq!(list.provenance(0), Provenance::Unknown);
        let (one, there) = list.at(0).unwrap();
        assert!(there);
        let start = text.find(r#"{"memo""#).unwrap() as u64;
        assert_eq!((one.number, one.at.start), (5, start));
        let invoice = &one.invoice;
        assert_eq!(invoice.memo, b"a \\\" }");
        assert_eq!((invoice.value_msat, invoice.settle_index), (2_000, 4));
        assert_eq!(invoice.state, ContractState::Settled);
        assert_eq!(invoice.htlcs[0].circuit, Circuit { channel: 9, htlc: 1 });
        assert_eq!(invoice.htlcs[0].state, HtlcState::Other(-1));
        let (one, _) = list.at(1).unwrap();
        assert_eq!((one.hash, one.invoice.value_msat), (Some([8; 32]), 7));
        assert_eq!(one.invoice.state, ContractState::Other(-1));
        assert!(!list.at(9).unwrap().1);
        let mut stream = list.stream();
        assert_eq!((stream.len(), stream.unread()), (2, 3));
        assert_eq!(stream.more().unwrap().map(|rows| rows.len()), Some(2));
        assert!(stream.more().unwrap().is_none());
        assert!(List::read(&source, &mut |_| false).unwrap().is_none());
    }

    #[test]
    fn a_list_that_is_cut_off_is_not_all_there_is() {
        let text = list();
        let behind_the_second = text.find("},\n                {\"r_hash\":\"07").unwrap() + 1;
        // Behind an invoice, inside one, inside a text, and without its last bracket.
        for end in [behind_the_second, behind_the_second + 6, behind_the_second + 30] {
            let cut = &text.as_bytes()[..end];
            let list = List::read(&cut, &mut |_| true).unwrap().unwrap();
            assert_eq!((NewSide::len(&list), NewSide::unread(&list)), (2, 1), "{end}");
        }
        let cut = &text.as_bytes()[..text.len() - 1];
        let list = List::read(&cut, &mut |_| true).unwrap().unwrap();
        assert_eq!((NewSide::len(&list), NewSide::unread(&list)), (2, 4));
    }
}
