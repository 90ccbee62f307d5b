//! LND's native SQL as tables of cells, with invoices put into it as LND puts them.

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<i64> for Datum {
    fn from(number: i64) -> Datum {
        Datum::Integer(number)
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Datum {
        Datum::Text(text.into())
    }
}

impl From<[u8; 32]> for Datum {
    fn from(bytes: [u8; 32]) -> Datum {
        Datum::Blob(bytes.to_vec())
    }
}

impl<T: Into<Datum>> From<Option<T>> for Datum {
    fn from(datum: Option<T>) -> Datum {
        datum.map_or(Datum::Null, Into::into)
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<Datum>>,
}

/// LND's native SQL.
#[derive(Clone, Debug)]
pub struct Db {
    /// The tables.
    pub tables: Vec<Table>,
}

/// The tables of the schema of v0.21 that concern invoices and migrations.
const TABLES: &[(&str, &str)] = &[
    ("schema_migrations", "version dirty"),
    ("migration_tracker", "version migration_time"),
    ("invoice_sequences", "name current_value"),
    ("chain_params", "single_row network"),
    ("invoice_payment_hashes", "id add_index hash"),
    (
        "invoices",
        "id hash preimage settle_index settled_at memo amount_msat cltv_delta expiry payment_addr \
         payment_request payment_request_hash state amount_paid_msat is_amp is_hodl is_keysend \
         created_at",
    ),
    ("invoice_features", "feature invoice_id"),
    (
        "invoice_htlcs",
        "id chan_id htlc_id amount_msat total_mpp_msat accept_height accept_time expiry_height state \
         resolve_time invoice_id",
    ),
    ("invoice_htlc_custom_records", "key value htlc_id"),
    ("amp_sub_invoices", "set_id state created_at settled_at settle_index invoice_id"),
    ("amp_sub_invoice_htlcs", "invoice_id set_id htlc_id root_share child_index hash preimage"),
    ("invoice_event_types", "id description"),
    ("invoice_events", "id added_at event_type invoice_id set_id"),
    ("payments", "id"),
];

/// 2026-02-02 02:40:00 UTC, as Go writes it.
pub const T0: &str = "2026-02-02 02:40:00 +0000 UTC";
/// A hundred seconds later.
pub const T1: &str = "2026-02-02 02:41:40 +0000 UTC";

impl Db {
    /// A database as LND v0.21 first makes it.
    pub fn new() -> Db {
        let table = |(name, columns): &(&'static str, &'static str)| Table {
            name,
            columns: columns.split_whitespace().collect(),
            rows: Vec::new(),
        };
        let mut db = Db { tables: TABLES.iter().map(table).collect() };
        db.put("schema_migrations", [15.into(), 0.into()]);
        for version in 1..=18 {
            let time = "2026-01-01 01:00:00.25 +0100 CET m=+0.051234567";
            db.put("migration_tracker", [version.into(), time.into()]);
        }
        db.put("invoice_sequences", ["settle_index".into(), 0.into()]);
        db.put("chain_params", [1.into(), "mainnet".into()]);
        db
    }

    /// The table of that name.
    pub fn table(&mut self, name: &str) -> &mut Table {
        self.tables.iter_mut().find(|table| table.name == name).unwrap()
    }

    /// Adds a row.
    pub fn put<const N: usize>(&mut self, table: &str, row: [Datum; N]) {
        let table = self.table(table);
        assert_eq!(table.columns.len(), N, "{}", table.name);
        table.rows.push(row.into());
    }

    fn next_id(&mut self, table: &str) -> i64 {
        i64::try_from(self.table(table).rows.len()).unwrap() + 1
    }

    /// Sets a cell of the row that has `id` in the table's first column.
    pub fn set(&mut self, table: &str, id: i64, column: &str, datum: impl Into<Datum>) {
        let table = self.table(table);
        let place = table.columns.iter().position(|name| *name == column).unwrap();
        let row = table.rows.iter_mut().find(|row| row[0] == Datum::Integer(id)).unwrap();
        row[place] = datum.into();
    }

    /// An open invoice over 1,000 satoshi, made at [`T0`]; `native` gives it its event.
    pub fn add(&mut self, id: i64, hash: [u8; 32], native: bool) {
        let seed = hash[0];
        self.put(
            "invoices",
            [
                id.into(),
                hash.into(),
                Datum::Blob(vec![seed; 32]),
                Datum::Null,
                Datum::Null,
                "memo".into(),
                1_000_000.into(),
                80.into(),
                3_600.into(),
                Datum::Blob(vec![seed ^ 0x80; 32]),
                Datum::Text(format!("lnbc10u1p{id}")),
                Datum::Blob(vec![seed ^ 0x40; 32]),
                0.into(),
                0.into(),
                0.into(),
                0.into(),
                0.into(),
                T0.into(),
            ],
        );
        if native {
            self.event(id, 0, T0);
        }
    }

    /// Adds an event.
    pub fn event(&mut self, invoice: i64, kind: i64, added: &str) {
        let id = self.next_id("invoice_events");
        self.put(
            "invoice_events",
            [id.into(), added.into(), kind.into(), invoice.into(), Datum::Null],
        );
    }

    /// Settles an invoice by one HTLC for the whole amount, as LND does here if `native`.
    pub fn settle(&mut self, id: i64, settle_index: i64, native: bool) {
        self.set("invoices", id, "settle_index", settle_index);
        self.set("invoices", id, "settled_at", T1);
        self.set("invoices", id, "state", 1);
        self.set("invoices", id, "amount_paid_msat", 1_000_000);
        self.htlc(id, 2, Some(T1));
        if native {
            self.event(id, 2, T1);
        }
    }

    /// Adds an HTLC of 1,000 satoshi; its id and channel follow from how many there are.
    pub fn htlc(&mut self, invoice: i64, state: i64, resolved: Option<&str>) -> i64 {
        let id = self.next_id("invoice_htlcs");
        self.put(
            "invoice_htlcs",
            [
                id.into(),
                Datum::Text((17_592_186_044_416_000_001_u64 + id.cast_unsigned()).to_string()),
                7.into(),
                1_000_000.into(),
                Datum::Null,
                800_000.into(),
                T0.into(),
                800_144.into(),
                state.into(),
                resolved.into(),
                invoice.into(),
            ],
        );
        id
    }
}

impl Default for Db {
    fn default() -> Self {
        Db::new()
    }
}
