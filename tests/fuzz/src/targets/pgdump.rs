//! Plain dumps of Postgres: one pass, then every row of every table; the same in small steps.

use fulgurite_core::job::{Job as _, Step, Work};
use fulgurite_core::kv::pgdump::PgDumpJob;
use fulgurite_core::kv::table::Tables as _;

use super::findings;
use super::sqlite::tables;
use crate::counted::Counted;

pub(crate) fn pgdump(data: &[u8]) {
    let source = Counted::new(data);
    let dump = PgDumpJob::new(&source).run().expect("memory is read");
    source.at_most(2);
    findings(dump.findings().kept(), data.len());
    tables(&dump, data.len());

    let bytes = data.to_vec();
    let mut job = PgDumpJob::new(&bytes);
    let stepped = loop {
        match job.step(Work { bytes: 100 }).expect("memory is read") {
            Step::More(progress) => assert!(progress.done <= progress.total),
            Step::Done(dump) => break dump,
        }
    };
    assert_eq!(stepped.findings().kept(), dump.findings().kept(), "in small steps");
    assert_eq!(stepped.tables(), dump.tables(), "in small steps");
    let rows = |dump: &fulgurite_core::kv::pgdump::PgDump<'_>| {
        (0..dump.tables().len()).map(|table| dump.count(table)).collect::<Vec<_>>()
    };
    assert_eq!(rows(&stepped), rows(&dump), "in small steps");
}
