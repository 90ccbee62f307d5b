//! Plain dumps of a real Postgres, in each way in which pg_dump writes them, against what that
//! Postgres itself printed; and damaged ones. `tests/data/pgdump/generate.sh` made both.

use std::path::Path;

use fulgurite_core::finding::{Code, Finding, Value};
use fulgurite_core::job::{Job, Step, Work};
use fulgurite_core::kv::bucket::Room;
use fulgurite_core::kv::pgdump::{PgDump, PgDumpJob, Recognised, recognise};
use fulgurite_core::kv::table::{Cell, Row, Tables};

const VARIANTS: &[&str] = &[
    "default",
    "inserts",
    "column-inserts",
    "rows-per-insert",
    "data-only",
    "data-only-inserts",
    "public",
    "quoted",
    "escape",
    "escape-inserts",
    "nonstandard-inserts",
    "nonstandard-escape",
];

const NASTY: &str = "Odd \"Name\" (x)";

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pgdump").join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_none_or(|extension| extension != "xz") {
        return bytes;
    }
    let mut plain = Vec::new();
    lzma_rs::xz_decompress(&mut bytes.as_slice(), &mut plain).expect("the file is whole");
    plain
}

fn dump(name: &str) -> Vec<u8> {
    file(&format!("{name}.sql.xz"))
}

// A slice is no `dyn Source`.
#[allow(clippy::ptr_arg)]
fn open(bytes: &Vec<u8>) -> PgDump<'_> {
    PgDumpJob::new(bytes).run().expect("memory can be read")
}

/// All rows of a table, in pages of that many.
fn rows(dump: &PgDump<'_>, table: usize, entries: usize) -> Vec<Row> {
    let room = Room { entries, ..Room::default() };
    let (mut all, mut from) = (Vec::new(), None);
    loop {
        let page = dump.rows(table, from.as_ref(), room).unwrap();
        assert!(page.rows.len() <= entries);
        all.extend(page.rows);
        match page.next {
            Some(next) => from = Some(next),
            None => return all,
        }
    }
}

fn named(dump: &PgDump<'_>, name: &str) -> Vec<Row> {
    rows(dump, dump.table(name).unwrap_or_else(|| panic!("no table {name}")), 1_000)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A cell as the golden has it.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Null => "~".into(),
        Cell::Integer(number) => format!("i{number}"),
        Cell::Real(bits) => format!("r{}", f64::from_bits(*bits)),
        Cell::Text(text) => format!("t{}", hex(text)),
        Cell::Blob(bytes) => format!("b{}", hex(bytes)),
        Cell::Unreadable | Cell::Skipped => "?".into(),
    }
}

/// Postgres prints numbers in its own way, and more digits than a double has stay text.
fn same(ours: &Cell, golden: &str) -> bool {
    match (ours, golden.strip_prefix('r')) {
        (Cell::Real(bits), Some(number)) => {
            let golden: f64 = number.parse().unwrap();
            golden.to_bits() == *bits || (golden.is_nan() && f64::from_bits(*bits).is_nan())
        }
        (Cell::Text(text), Some(number)) => text == number.as_bytes(),
        _ => shown(ours) == golden,
    }
}

fn golden() -> Vec<(String, Vec<String>)> {
    let text = String::from_utf8(file("golden.tsv.xz")).unwrap();
    let row = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        (cells.next().unwrap(), cells.collect())
    };
    text.lines().map(row).collect()
}

fn counted(dump: &PgDump<'_>) -> Vec<(Code, u64)> {
    let codes = Code::ALL.iter().map(|code| (*code, dump.findings().count(*code)));
    codes.filter(|(_, count)| *count > 0).collect()
}

#[test]
fn every_variant_reads_as_postgres_printed_it() {
    let golden = golden();
    assert_eq!(golden.len(), 281);
    for name in VARIANTS {
        let bytes = dump(name);
        assert_eq!(recognise(&bytes), Some(Recognised::Plain), "{name}");
        let dump = open(&bytes);
        for table in [
            "channeldb_kv",
            "macaroondb_kv",
            "invoice_sequences",
            "invoices",
            "migration_tracker",
            "schema_migrations",
            NASTY,
        ] {
            let expected: Vec<_> = golden.iter().filter(|(of, _)| of == table).collect();
            let number = dump.table(table).unwrap_or_else(|| panic!("{name}: no {table}"));
            assert_eq!(dump.schema(number), "public");
            assert_eq!(dump.count(number), expected.len() as u64, "{name}: {table}");
            let found = rows(&dump, number, 1_000);
            assert_eq!(found.len(), expected.len(), "{name}: {table}");
            // Nothing says what the columns hold.
            let untyped = name.starts_with("data-only") && table == NASTY
                || *name == "data-only-inserts" && !table.ends_with("_kv");
            for (row, (_, cells)) in found.iter().zip(&expected) {
                assert_eq!(dump.row(number, row.handle).unwrap().as_ref(), Some(row));
                if untyped {
                    continue;
                }
                for (ours, golden) in row.cells.iter().zip(cells) {
                    assert!(same(ours, golden), "{name}: {table}: {} {golden}", shown(ours));
                }
                assert!(row.cells.iter().skip(cells.len()).all(|cell| *cell == Cell::Null));
            }
            for entries in [1, 7] {
                assert_eq!(rows(&dump, number, entries), found, "{name}: {table}");
            }
        }
        let nameless = if *name == "data-only-inserts" { 5 } else { 0 };
        let expected: &[_] = if nameless > 0 { &[(Code::PgDumpNoColumns, nameless)] } else { &[] };
        assert_eq!(counted(&dump), expected, "{name}: {:?}", dump.findings().kept());
    }
}

#[test]
fn columns_and_sequences_are_those_of_the_database() {
    for name in VARIANTS {
        let bytes = dump(name);
        let dump = open(&bytes);
        let sequences: Vec<_> =
            dump.sequences().iter().map(|one| (one.name.as_str(), one.value, one.called)).collect();
        assert_eq!(
            sequences,
            [
                ("channeldb_kv_id_seq", 264, true),
                ("invoices_id_seq", 12, true),
                ("macaroondb_kv_id_seq", 2, true)
            ],
            "{name}"
        );
        let table = &dump.tables()[dump.table("channeldb_kv").unwrap()];
        assert_eq!(table.columns, ["key", "value", "parent_id", "id", "sequence"], "{name}");
        if !name.starts_with("data-only") {
            let table = &dump.tables()[dump.table(NASTY).unwrap()];
            assert_eq!(
                table.columns,
                ["select", "a,b", "c\"d", "e", "Ünïcode", "f", "g"],
                "{name}"
            );
            let empty = dump.table("chain_params").unwrap();
            assert_eq!(dump.count(empty), 0);
            assert_eq!(dump.tables()[empty].columns, ["single_row", "network"]);
        }
    }
}

#[test]
fn small_steps_find_the_same() {
    for name in ["default", "rows-per-insert"] {
        let bytes = dump(name);
        let whole = open(&bytes);
        let mut job = PgDumpJob::new(&bytes);
        let mut steps = 0;
        let stepped = loop {
            steps += 1;
            match job.step(Work { bytes: 1_000 }).unwrap() {
                Step::More(progress) => assert!(progress.done <= progress.total),
                Step::Done(dump) => break dump,
            }
        };
        assert!(steps >= bytes.len() / 1_000);
        for table in 0..whole.tables().len() {
            assert_eq!(rows(&stepped, table, 100), rows(&whole, table, 100));
        }
    }
}

#[test]
fn other_formats_are_answered_with_the_command_that_converts_them() {
    let plain = String::from_utf8(dump("default")).unwrap();
    let wide = plain.encode_utf16().flat_map(u16::to_le_bytes);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide).collect();
    for (bytes, format) in
        [(file("custom.dump"), "custom"), (file("tar.dump"), "tar"), (wide, "utf16")]
    {
        let dump = open(&bytes);
        assert!(dump.tables().is_empty());
        let [finding] = dump.findings().kept() else { panic!("{format}") };
        assert_eq!(finding.code, Code::PgDumpPacked);
        assert_eq!(finding.values.text("dump_format"), Some(format));
        assert_eq!(finding.next[0].name(), "pg_restore");
    }
}

/// A dump by hand: two rows of a table, two of another.
const SMALL: &str = "--\n-- PostgreSQL database dump\n--\n\n\
    COPY public.a_kv (key, value, parent_id, id, sequence) FROM stdin;\n\
    \\\\x61\t\\N\t\\N\t1\t\\N\n\
    \\\\x62\t\\\\x01\t1\t2\t\\N\n\
    \\.\n\n\n--\n-- Data for Name: b; Type: TABLE DATA; Schema: public; Owner: x\n--\n\n\
    INSERT INTO public.b (n, t) VALUES (1, 'it''s');\n\
    INSERT INTO public.b (n, t) VALUES (2, 'b');\n\n\
    SELECT pg_catalog.setval('public.b_seq', 2, true);\n\n\
    --\n-- PostgreSQL database dump complete\n--\n";

fn only(dump: &PgDump<'_>) -> Finding {
    let [finding] = dump.findings().kept() else { panic!("{:?}", dump.findings().kept()) };
    finding.clone()
}

fn at(text: &str) -> u64 {
    SMALL.find(text).unwrap() as u64
}

#[test]
fn a_row_says_where_it_stands() {
    let bytes = SMALL.as_bytes().to_vec();
    let dump = open(&bytes);
    assert_eq!(counted(&dump), []);
    let a = named(&dump, "a_kv");
    assert_eq!((a[1].at.start, a[1].at.end), (at("\\\\x62"), at("\\.\n")));
    let b = named(&dump, "b");
    assert_eq!(
        (b[0].at.start, b[0].at.end),
        (at("(1, "), at(";\nINSERT INTO public.b (n, t) VALUES (2"))
    );
    assert_eq!(b[1].cells, [Cell::Integer(2), Cell::Text(b"b".to_vec())]);
}

#[test]
fn a_dump_cut_short_says_where_and_keeps_what_is_whole() {
    let rows_end = at("\\.\n");
    for (end, start, part, a, b) in [
        (rows_end, rows_end, "rows", 2, None),
        (rows_end - 3, at("\\\\x62"), "rows", 1, None),
        (at("');\nINSERT"), at("(1, "), "rows", 1, Some(0)),
        (
            at("(n, t) VALUES (2"),
            at("INSERT INTO public.b (n, t) VALUES (2"),
            "statement",
            2,
            Some(1),
        ),
        (at("SELECT pg"), at("SELECT pg"), "end", 2, Some(2)),
        (at("_seq'"), at("SELECT pg"), "statement", 2, Some(2)),
    ] {
        let bytes = SMALL.as_bytes()[..usize::try_from(end).unwrap()].to_vec();
        let dump = open(&bytes);
        let finding = only(&dump);
        assert_eq!(finding.code, Code::PgDumpCutShort, "{end}");
        assert_eq!((finding.place.span.start, finding.place.span.end), (start, end));
        assert_eq!(finding.values.text("cut_part"), Some(part), "{end}");
        // The row that the cut went through is gone: nothing says how it went on.
        assert_eq!(named(&dump, "a_kv").len(), if end == at("');\nINSERT") { 2 } else { a });
        assert_eq!(dump.table("b").map_or(0, |b| rows(&dump, b, 9).len()), b.unwrap_or(0), "{end}");
    }
}

fn changed(from: &str, to: &str) -> Vec<u8> {
    assert!(SMALL.contains(from));
    SMALL.replacen(from, to, 1).into_bytes()
}

#[test]
fn damaged_rows_are_told_and_the_others_kept() {
    // A digit that is none: that value cannot be read, its row can.
    let bytes = changed("\\\\x01", "\\\\x0/");
    let dump = open(&bytes);
    let finding = only(&dump);
    assert_eq!((finding.code, finding.place.span.start), (Code::PgDumpBadRow, at("\\\\x62")));
    assert_eq!(finding.place.path.as_deref(), Some("a_kv"));
    assert_eq!(finding.values.text("column"), Some("value"));
    assert_eq!(named(&dump, "a_kv")[1].cells[1], Cell::Unreadable);
    assert_eq!(named(&dump, "a_kv")[1].cells[3], Cell::Integer(2));

    // A tab that is none.
    let bytes = changed("\t\\N\t\\N\t1", "\t\\N_\\N\t1");
    let dump = open(&bytes);
    let finding = only(&dump);
    assert_eq!(finding.values.text("row_fault"), Some("fields"));
    assert_eq!(finding.values.get("fields_found"), Some(&Value::Number(4)));
    assert_eq!(finding.values.get("fields_expected"), Some(&Value::Number(5)));
    assert_eq!(named(&dump, "a_kv").len(), 1);
    let page = dump.rows(0, None, Room::default()).unwrap();
    assert_eq!(page.unreadable, 1);

    // The line that ends the rows.
    let bytes = changed("\\.\n\n\n--", "\\,\n\n\n--");
    let dump = open(&bytes);
    let faults: Vec<_> =
        dump.findings().kept().iter().map(|one| one.values.text("row_fault").unwrap()).collect();
    assert_eq!(faults, ["fields", "fields", "fields", "no_end"]);
    assert_eq!((named(&dump, "a_kv").len(), named(&dump, "b").len()), (2, 2));

    // The line that begins them.
    let bytes = changed("COPY public.a_kv", "COPX public.a_kv");
    let dump = open(&bytes);
    let finding = only(&dump);
    assert_eq!(finding.code, Code::PgDumpUnread);
    assert_eq!(finding.values.text("unread"), Some("stray_rows"));
    assert_eq!(finding.place.span.end, at("\\.\n") + 3);
    assert_eq!(named(&dump, "b").len(), 2);

    // A quote that is none: the next statement is found again.
    let bytes = changed("'it''s')", "'it''s.)");
    let dump = open(&bytes);
    let finding = only(&dump);
    assert_eq!((finding.code, finding.place.span.start), (Code::PgDumpBadRow, at("(1, ")));
    assert_eq!(named(&dump, "b")[0].cells[0], Cell::Integer(2));
    assert_eq!(dump.sequences().len(), 1);

    // One without a partner, to the end of the file.
    let bytes = changed("SELECT pg_catalog.setval('", "SELECT ' pg_catalog.setval('");
    let bytes = [&bytes[..], b"COPY public.c (x) FROM stdin;\n1\n\\.\n"].concat();
    let dump = open(&bytes);
    assert!(
        dump.findings().count(Code::PgDumpUnread) + dump.findings().count(Code::PgDumpCutShort) > 0
    );
    assert_eq!(named(&dump, "c").len(), 1);
}

#[test]
fn several_databases_and_schemas_are_kept_apart() {
    let text = "\\connect one\nCOPY lnd.x_kv (key, id) FROM stdin;\n\\\\x01\t1\n\\.\n\
        \\connect two\nCOPY public.x_kv (key, id) FROM stdin;\n\\\\x02\t1\n\\\\x03\t2\n\\.\n";
    let bytes = text.as_bytes().to_vec();
    let dump = open(&bytes);
    let tables: Vec<_> =
        (0..2).map(|table| (dump.schema(table), dump.database(table), dump.count(table))).collect();
    assert_eq!(tables, [("public", 2, 2), ("lnd", 1, 1)]);
    assert_eq!(named(&dump, "x_kv").len(), 2);
}

#[test]
fn windows_line_ends_are_taken() {
    let bytes = SMALL.replace('\n', "\r\n").into_bytes();
    let dump = open(&bytes);
    assert_eq!(counted(&dump), []);
    assert_eq!(named(&dump, "a_kv")[1].cells[4], Cell::Null);
    assert_eq!(named(&dump, "b").len(), 2);
}

/// Reads everything that can be read.
#[allow(clippy::ptr_arg)]
fn read_all(bytes: &Vec<u8>) -> u64 {
    let dump = open(bytes);
    let mut count = 0;
    for table in 0..dump.tables().len() {
        let found = rows(&dump, table, 3);
        assert!(found.len() as u64 <= dump.count(table), "{:?}", dump.tables()[table]);
        count += found.len() as u64;
        for row in &found {
            assert!(row.at.end <= bytes.len() as u64);
            assert_eq!(dump.row(table, row.handle).unwrap().as_ref(), Some(row));
        }
    }
    count
}

#[test]
fn truncated_at_every_byte_and_every_byte_overwritten() {
    let multi = "SET standard_conforming_strings = off;\nCREATE TABLE c (\"a,b\" bytea, n int);\n\
        INSERT INTO c VALUES\n\t('\\\\x00', 1),\n\t(E'\\\\001\\'', -2),\n\t(NULL, $$x$$);\n";
    for text in [SMALL, multi] {
        let bytes = text.as_bytes();
        let whole = read_all(&bytes.to_vec());
        for at in 0..bytes.len() {
            let cut = read_all(&bytes[..at].to_vec());
            assert!(cut <= whole, "{at}");
            for byte in [0x00, 0xff, b'\'', b'\n', b'\\', b'$', b'('] {
                let mut bytes = bytes.to_vec();
                bytes[at] = byte;
                read_all(&bytes);
            }
        }
    }
}

#[test]
fn lines_and_literals_without_end_are_bounded_and_linear() {
    const LONG: usize = 100 << 20;
    let head = "COPY public.a_kv (key, id) FROM stdin;\n\\\\x01\t1\n\\\\x";
    let mut bytes = head.as_bytes().to_vec();
    bytes.resize(LONG, b'0');
    let dump = open(&bytes);
    assert_eq!(only(&dump).code, Code::PgDumpCutShort);
    assert_eq!(named(&dump, "a_kv").len(), 1);

    bytes.extend_from_slice(b"\t2\n\\\\x03\t3\n\\.\n");
    let dump = open(&bytes);
    let finding = only(&dump);
    assert_eq!(finding.values.text("row_fault"), Some("too_long"));
    assert_eq!(finding.place.span.start, head.find("\\\\x01").unwrap() as u64 + 8);
    let ids: Vec<_> = named(&dump, "a_kv").into_iter().map(|row| row.cells[1].clone()).collect();
    assert_eq!(ids, [Cell::Integer(1), Cell::Integer(3)]);

    for open_end in ["INSERT INTO a_kv VALUES ('", "/*", "$x$", "\""] {
        let mut bytes = open_end.as_bytes().to_vec();
        bytes.resize(LONG / 4, b'0');
        let dump = open(&bytes);
        assert_eq!(only(&dump).code, Code::PgDumpCutShort, "{open_end}");
    }
}

#[test]
fn damage_that_looks_back_again_and_again_stays_linear() {
    // Every line opens a literal of its own that nothing ends, so that each could ask for a
    // second look at all the rest.
    let line = |number: usize| format!("INSERT INTO a_kv VALUES ($x{number}$, 1);\n");
    let text: String = (0..200_000).map(line).collect();
    let bytes = text.into_bytes();
    let dump = open(&bytes);
    assert!(dump.findings().count(Code::PgDumpCutShort) > 0);
    // And one that ends only far away.
    let ends: String =
        (0..50_000).fold(String::new(), |text, number| text + &format!("$x{number}$ 1\n"));
    let text: String = (0..50_000).map(line).collect();
    let bytes = (text + &ends).into_bytes();
    open(&bytes);
}
