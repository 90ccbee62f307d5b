//! The file and its log as a whole: header, length, and what the log says.

use super::super::ddl;
use super::super::schema::ObjectKind;
use super::super::wal::{WalEnd, WalMisfit};
use super::{CheckJob, has_tree};
use crate::finding::{Code, Confidence, Finding, Place, Values};
use crate::text::visible;

impl CheckJob<'_> {
    pub(super) fn check_whole(&mut self) {
        self.check_header();
        self.check_length();
        self.check_log();
        self.check_schema();
    }

    /// The header in force.
    fn check_header(&mut self) {
        let (header, layout) = (self.header, self.pager.layout);
        let largest = self.trees.iter().map(|tree| tree.root).max().unwrap_or(0);
        let faults = [
            (!header.magic, "magic", (0, 16)),
            (header.page_size == 0 || layout.guessed, "page_size", (16, 18)),
            (!matches!(header.write_version, 1 | 2), "versions", (18, 19)),
            (!matches!(header.read_version, 1 | 2), "versions", (19, 20)),
            (
                layout.page_size.saturating_sub(u32::from(header.reserved)) < 480,
                "reserved",
                (20, 21),
            ),
            (!header.fractions, "fractions", (21, 24)),
            (
                !matches!(header.schema_format, 1..=4) && header.schema_cookie != 0,
                "format",
                (44, 48),
            ),
            (!matches!(header.encoding, 1..=3) && header.schema_cookie != 0, "encoding", (56, 60)),
            (header.incremental && header.largest_root == 0, "largest_root", (52, 56)),
            (
                header.largest_root != 0 && header.largest_root != largest && largest > 1,
                "largest_root",
                (52, 56),
            ),
        ];
        for (_, fault, (from, to)) in faults.into_iter().filter(|(wrong, ..)| *wrong) {
            let place = match self.pager.origin(1) {
                // The file may end inside its header.
                Some(origin) => {
                    self.place(1, Some((from, to)).filter(|(_, to)| *to <= origin.present))
                }
                None => Place::span(0, 0).of_input(self.options.main_input),
            };
            let values = Values::new()
                .with("sqlite_fault", fault)
                .with("read_as_page_size", layout.page_size);
            let mut finding = Finding::new(Code::SqliteHeader, place).values(values);
            finding.place.path = None;
            self.findings.push(finding);
        }
    }

    /// The file's length against the number of pages.
    fn check_length(&mut self) {
        let layout = self.pager.layout;
        let len = self.pager.main.len();
        let size = u64::from(layout.page_size);
        let missing = layout.pages.saturating_sub(layout.readable);
        let input = self.options.main_input;
        // A page that the log has need not be in the file.
        let in_log = self.pager.origin(layout.readable).is_some_and(|origin| origin.in_wal);
        let cut = !len.is_multiple_of(size) && layout.pages >= layout.readable && !in_log;
        if missing > 0 || cut {
            let values = Values::new()
                .with("pages_told", layout.pages)
                .with("pages_missing", u64::from(missing) + u64::from(cut))
                .with("need", u64::from(layout.pages).saturating_mul(size))
                .with("have", len);
            let place = Place::span(len, len).of_input(input);
            self.findings.push(Finding::new(Code::SqliteTruncated, place).values(values));
        } else if layout.pages < layout.readable && self.wal.is_none_or(|wal| wal.committed == 0) {
            let from = u64::from(layout.pages).saturating_mul(size);
            let values = Values::new().with("pages_told", layout.pages);
            let place = Place::span(from, len.max(from)).of_input(input);
            self.findings.push(Finding::new(Code::SqliteTrailing, place).values(values));
        }
    }

    /// The log: missing, foreign, or cut.
    fn check_log(&mut self) {
        let Some(wal) = self.wal else {
            if self.of_file.is_wal() {
                let place = Place::span(18, 20).of_input(self.options.main_input);
                let finding = Finding::new(Code::SqliteStaleCopy, place);
                self.findings.push(finding.sure(Confidence::Possible));
            }
            return;
        };
        let input = self.options.wal_input;
        if let Some(misfit) = wal.misfit {
            let confidence = match misfit {
                WalMisfit::Header | WalMisfit::PageSize => Confidence::Certain,
                WalMisfit::OlderThanFile => Confidence::Likely,
            };
            let place = Place::span(0, wal.len.min(32)).of_input(input);
            let values = Values::new().with("sqlite_fault", misfit.name());
            let finding = Finding::new(Code::SqliteWalForeign, place).values(values);
            self.findings.push(finding.sure(confidence));
        }
        let tail = wal.valid - wal.committed;
        if wal.end == WalEnd::Checksum && wal.cut_off > 0 {
            let place = Place::span(wal.valid_end, wal.len).of_input(input);
            let values =
                Values::new().with("commits_lost", wal.cut_off).with("commits", wal.commits);
            self.findings.push(Finding::new(Code::SqliteWalBroken, place).values(values));
        } else if tail > 0 || matches!(wal.end, WalEnd::Torn | WalEnd::Checksum) {
            let end = match wal.end {
                WalEnd::Older => wal.valid_end,
                _ => wal.len,
            };
            let place = Place::span(wal.committed_end, end).of_input(input);
            let values = Values::new().with("frames", tail).with("commits", wal.commits);
            self.findings.push(Finding::new(Code::SqliteWalTail, place).values(values));
        }
    }

    /// Statements of tables and indexes that cannot be read.
    fn check_schema(&mut self) {
        for object in self.objects {
            let readable = match object.kind {
                // Only a virtual table has no tree.
                ObjectKind::Table if object.root == 0 => {
                    let sql = object.sql.as_deref().and_then(|sql| sql.get(..15));
                    sql.is_some_and(|sql| sql.eq_ignore_ascii_case("CREATE VIRTUAL "))
                }
                ObjectKind::Table if !object.name.eq_ignore_ascii_case(&object.table) => false,
                ObjectKind::Table => {
                    object.sql.as_deref().is_some_and(|sql| ddl::table(sql).is_some())
                }
                ObjectKind::Index => has_tree(object),
                ObjectKind::Other => true,
            };
            if !readable {
                let name = visible(object.name.as_bytes());
                self.find(Code::SqliteSchema, 1, None, |values| values.with("object", name));
            }
        }
        if self.objects.is_empty() && self.header.schema_cookie != 0 && !self.pager.main.is_empty()
        {
            self.find(Code::SqliteSchema, 1, None, |values| values.with("object", "sqlite_schema"));
        }
    }
}
