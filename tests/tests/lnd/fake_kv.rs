//! Views of the stores of `fulgurite_tests::lnd`, as the engine sees a store: pages, places, ids.
#![allow(dead_code)] // each test binary uses its own part

use fulgurite_core::finding::{Finding, Findings, Severity, Span};
use fulgurite_core::job::Job as _;
use fulgurite_core::kv::bucket::{BucketId, Buckets, Cursor, Entries, Entry, Room, Value};
use fulgurite_core::kv::table::{Cell, Row, Rows, Table, Tables};
use fulgurite_core::lnd::gotime::Time;
use fulgurite_core::lnd::invoice::{AmpSet, Expiry, Htlc, Invoice};
use fulgurite_core::lnd::invoices::{self, KvInvoices, ReadJob};
use fulgurite_core::lnd::native::{self, Native, NativeJob};
use fulgurite_core::lnd::privacy::Privacy;
use fulgurite_core::source::SourceError;
use fulgurite_tests::lnd::kv::{Kv, Node, Tree};
use fulgurite_tests::lnd::sql::{Datum, Db};
use sha2::{Digest as _, Sha256};

/// A tree of buckets. The n-th entry of all, in the order of a walk, stands at offset 1000 · n.
pub(crate) struct FakeKv {
    buckets: Vec<(Vec<Entry>, u64)>,
    /// No more entries than this on one page.
    pub(crate) page: usize,
}

impl FakeKv {
    pub(crate) fn new(kv: &Kv) -> FakeKv {
        let mut fake = FakeKv { buckets: Vec::new(), page: 3 };
        let mut next = 0;
        fake.add(&kv.root, &mut next);
        fake
    }

    fn add(&mut self, tree: &Tree, next: &mut u64) -> BucketId {
        let id = self.buckets.len();
        self.buckets.push((Vec::new(), tree.unreadable));
        for (key, node) in &tree.entries {
            *next += 1;
            let at = Span::new(*next * 1_000, *next * 1_000 + 500);
            let value = match node {
                Node::Value(bytes) => {
                    Value::Bytes { bytes: bytes.clone(), len: bytes.len() as u64 }
                }
                Node::Unreadable => Value::Unreadable,
                Node::Bucket(tree) => {
                    Value::Bucket { id: self.add(tree, next), sequence: tree.sequence }
                }
            };
            self.buckets[id].0.push(Entry { key: key.clone(), at: at.into(), value });
        }
        BucketId(id as u64)
    }

    /// Where that key's entry stands.
    pub(crate) fn at(&self, path: &str, key: &[u8]) -> u64 {
        let path: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        let (bucket, _) = self.find(&path).unwrap().unwrap();
        self.get(bucket, key).unwrap().unwrap().at.start
    }
}

impl Buckets for FakeKv {
    fn root(&self) -> BucketId {
        BucketId(0)
    }

    fn entries(
        &self,
        bucket: BucketId,
        from: Option<&Cursor>,
        room: Room,
    ) -> Result<Entries, SourceError> {
        let (entries, unreadable) = &self.buckets[usize::try_from(bucket.0).unwrap()];
        let start = from.map_or(0, |cursor| usize::try_from(cursor.0[0]).unwrap());
        let end = entries.len().min(start + self.page.min(room.entries));
        let mut page = entries[start..end].to_vec();
        for entry in &mut page {
            if let Value::Bytes { bytes, .. } = &mut entry.value {
                bytes.truncate(room.value);
            }
        }
        let next = (end < entries.len()).then(|| Cursor(vec![end as u64]));
        let unreadable = if start == 0 { *unreadable } else { 0 };
        Ok(Entries { entries: page, next, unreadable })
    }
}

/// Tables. The n-th row of table t stands at offset 100,000 · (t + 1) + 100 · n.
pub(crate) struct FakeSql {
    tables: Vec<Table>,
    rows: Vec<Vec<Row>>,
}

impl FakeSql {
    pub(crate) fn new(db: &Db) -> FakeSql {
        let (mut tables, mut rows) = (Vec::new(), Vec::new());
        for (place, table) in (1_u64..).zip(&db.tables) {
            let columns = table.columns.iter().map(|name| (*name).into()).collect();
            tables.push(Table { name: table.name.into(), columns });
            let row = |(n, row): (u64, &Vec<Datum>)| Row {
                at: Span::new(100_000 * place + 100 * n, 100_000 * place + 100 * n + 50).into(),
                handle: n,
                cells: row.iter().map(cell).collect(),
            };
            rows.push((0..).zip(&table.rows).map(row).collect());
        }
        FakeSql { tables, rows }
    }
}

fn cell(datum: &Datum) -> Cell {
    match datum {
        Datum::Null => Cell::Null,
        Datum::Integer(number) => Cell::Integer(*number),
        Datum::Text(text) => Cell::Text(text.clone().into_bytes()),
        Datum::Blob(bytes) => Cell::Blob(bytes.clone()),
    }
}

impl Tables for FakeSql {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn rows(&self, table: usize, from: Option<&Cursor>, _: Room) -> Result<Rows, SourceError> {
        let rows = &self.rows[table];
        let start = from.map_or(0, |cursor| usize::try_from(cursor.0[0]).unwrap());
        let end = rows.len().min(start + 3);
        let next = (end < rows.len()).then(|| Cursor(vec![end as u64]));
        Ok(Rows { rows: rows[start..end].to_vec(), next, unreadable: 0 })
    }

    fn row(&self, table: usize, handle: u64) -> Result<Option<Row>, SourceError> {
        Ok(self.rows[table].get(usize::try_from(handle).unwrap()).cloned())
    }
}

/// Reads a store and finds what is to be found.
pub(crate) fn read(kv: &Kv) -> (FakeKv, KvInvoices, Vec<Finding>) {
    let fake = FakeKv::new(kv);
    let read = ReadJob::new(&fake, true, 0).run().unwrap();
    let mut findings = Findings::default();
    invoices::audit(&read.index, &Privacy::default(), &mut findings);
    let findings = findings.into_sorted().0;
    (fake, read, findings)
}

/// Reads a database and finds what is to be found.
pub(crate) fn read_sql(db: &Db) -> (FakeSql, Native, Vec<Finding>) {
    let fake = FakeSql::new(db);
    let read = NativeJob::new(&fake, true, 0).run().unwrap();
    let mut findings = Findings::default();
    native::audit(&read, &Privacy::default(), &mut findings);
    let findings = findings.into_sorted().0;
    (fake, read, findings)
}

/// The findings but the counts.
pub(crate) fn but_counts(findings: Vec<Finding>) -> Vec<Finding> {
    let counts = |finding: &Finding| finding.code.name().ends_with("_counts");
    let (counts, others): (Vec<_>, Vec<_>) = findings.into_iter().partition(counts);
    assert!(counts.iter().all(|finding| finding.severity == Severity::Info));
    others
}

/// Bytes written in hexadecimal digits; spaces and what stands behind `#` in a line are left out.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap());
    let digits: Vec<u32> =
        lines.flat_map(str::chars).filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

/// An invoice in the words of `read.json` of the fixtures that LND's own code wrote, with these
/// HTLCs.
pub(crate) fn as_lnd<'a>(
    invoice: &Invoice,
    htlcs: impl Iterator<Item = &'a Htlc>,
) -> serde_json::Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut htlcs: Vec<&Htlc> = htlcs.collect();
    htlcs.sort_by_key(|htlc| htlc.circuit);
    let mut sets: Vec<&AmpSet> = invoice.amp.iter().flatten().collect();
    sets.sort_by_key(|set| set.set_id);
    let preimage = invoice.preimage.map(|preimage| digits(&preimage));
    let hash = invoice.preimage.map(|preimage| digits(&Sha256::digest(preimage)));
    serde_json::json!({
        "add_index": invoice.add_index,
        "settle_index": invoice.settle_index,
        "state": invoice.state.name(),
        "memo_hex": digits(&invoice.memo),
        "payment_request": text(&invoice.payment_request),
        "creation_date": rfc3339(invoice.created),
        "settle_date": rfc3339(invoice.settled),
        "final_cltv_delta": invoice.cltv_delta,
        "expiry_ns": invoice.expiry.and_then(Expiry::nanoseconds),
        "preimage": preimage,
        "hash_of_preimage": hash,
        "value_msat": invoice.value_msat,
        "payment_addr": digits(&invoice.payment_addr.unwrap_or_default()),
        "features": invoice.features.iter().collect::<Vec<_>>(),
        "amt_paid_msat": invoice.amount_paid_msat,
        "hodl": invoice.hodl.unwrap_or(false),
        "is_amp": invoice.is_amp(),
        "is_keysend": invoice.is_keysend(),
        "htlcs": htlcs.into_iter().map(htlc_as_lnd).collect::<Vec<_>>(),
        "amp_state": sets.into_iter().map(set_as_lnd).collect::<Vec<_>>(),
    })
}

fn htlc_as_lnd(htlc: &Htlc) -> serde_json::Value {
    let records: serde_json::Map<String, serde_json::Value> = htlc
        .custom_records
        .iter()
        .map(|(kind, value)| (kind.to_string(), digits(value).into()))
        .collect();
    let amp = htlc.amp.as_deref().map(|amp| {
        serde_json::json!({
            "root_share": digits(&amp.root_share),
            "set_id": digits(&amp.set_id),
            "child_index": amp.child_index,
            "hash": amp.hash.map(|hash| digits(&hash)),
            "preimage": amp.preimage.map(|preimage| digits(&preimage)),
        })
    });
    serde_json::json!({
        "chan_id": htlc.circuit.channel,
        "htlc_id": htlc.circuit.htlc,
        "amt_msat": htlc.amount_msat,
        "mpp_total_amt_msat": htlc.mpp_total_msat.unwrap_or(0),
        "accept_height": htlc.accept_height,
        "accept_time": rfc3339(htlc.accept_time),
        "resolve_time": rfc3339(htlc.resolve_time),
        "expiry_height": htlc.expiry_height,
        "state": htlc.state.name(),
        "custom_records": records,
        "amp": amp,
    })
}

fn set_as_lnd(set: &AmpSet) -> serde_json::Value {
    let mut circuits = set.circuits.clone();
    circuits.sort_unstable();
    let circuits: Vec<_> = circuits.iter().map(|circuit| (circuit.channel, circuit.htlc)).collect();
    serde_json::json!({
        "set_id": digits(&set.set_id),
        "state": set.state.name(),
        "settle_index": set.settle_index,
        "settle_date": rfc3339(set.settled),
        "circuit_keys": circuits,
        "amt_paid_msat": set.amount_paid_msat,
    })
}

fn digits(bytes: &[u8]) -> String {
    fulgurite_core::text::hex(bytes)
}

/// RFC 3339 in UTC with nine places, nothing for the zero time.
fn rfc3339(time: Time) -> String {
    if time.is_zero() {
        return String::new();
    }
    let (mut days, of_day) = (time.seconds.div_euclid(86_400), time.seconds.rem_euclid(86_400));
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1;
    while days >= if leap(year) { 366 } else { 365 } {
        days -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (month, day) = (month + 1, days + 1);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let nanoseconds = time.nanoseconds;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanoseconds:09}Z")
}

/// A store as `tree.json` of those fixtures has it.
pub(crate) fn tree(json: &serde_json::Value) -> Kv {
    fn bucket(json: &serde_json::Value) -> Tree {
        let mut tree = Tree { sequence: json["sequence"].as_u64().unwrap_or(0), ..Tree::default() };
        for entry in json["bucket"].as_array().into_iter().flatten() {
            let node = if entry["is_bucket"] == true {
                Node::Bucket(bucket(entry))
            } else {
                Node::Value(hex(entry["value"].as_str().unwrap_or_default()))
            };
            tree.entries.insert(hex(entry["key"].as_str().unwrap()), node);
        }
        tree
    }
    Kv { root: bucket(&serde_json::json!({ "bucket": json })) }
}
