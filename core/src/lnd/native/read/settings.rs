//! The tables that say what the database is, and how far it was migrated.

use alloc::string::String;

use super::NativeReading;
use super::bad::Bad;
use crate::kv::table::{Row, Table};
use crate::lnd::native::cells::{Cells, columns};
use crate::lnd::native::facts::TrackerRow;
use crate::text::visible;

impl NativeReading {
    pub(super) fn schema(&mut self, table: &Table, rows: &[Row]) {
        let [version, dirty] = columns(table, ["version", "dirty"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("schema_migrations", row);
            let version = bad.needed("version", cells.integer(version));
            let dirty = bad.needed("dirty", cells.flag(dirty));
            if let (Some(version), Some(dirty), Some(rows)) =
                (version, dirty, &mut self.out.facts.schema)
            {
                rows.push((version, dirty));
            }
            self.bad(&bad);
        }
    }

    pub(super) fn tracker(&mut self, table: &Table, rows: &[Row]) {
        let [version, time] = columns(table, ["version", "migration_time"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("migration_tracker", row);
            let version = bad.needed("version", cells.integer(version));
            let text = bad.optional("migration_time", cells.text(time)).map(visible);
            let time = bad.optional("migration_time", cells.time(time));
            if let (Some(version), Some(rows)) = (version, &mut self.out.facts.tracker) {
                let text = text.unwrap_or_default();
                rows.push(TrackerRow { version, text, time, at: row.at });
            }
            self.bad(&bad);
        }
    }

    pub(super) fn sequences(&mut self, table: &Table, rows: &[Row]) {
        let [name, value] = columns(table, ["name", "current_value"]);
        for row in rows {
            let cells = Cells(row);
            let mut bad = Bad::new("invoice_sequences", row);
            let name: Option<String> = bad.needed("name", cells.text(name)).map(visible);
            let value = bad.needed("current_value", cells.integer(value));
            let facts = &mut self.out.facts;
            if let (Some(name), Some(value), Some(rows)) = (name, value, &mut facts.sequences) {
                if name == "settle_index" {
                    facts.settle_sequence_at = row.at;
                }
                rows.push((name, value));
            }
            self.bad(&bad);
        }
    }

    pub(super) fn networks(&mut self, table: &Table, rows: &[Row]) {
        let [network] = columns(table, ["network"]);
        for row in rows {
            let mut bad = Bad::new("chain_params", row);
            let network = bad.needed("network", Cells(row).text(network)).map(visible);
            if let (Some(network), Some(networks)) = (network, &mut self.out.facts.networks) {
                networks.push(network);
            }
            self.bad(&bad);
        }
    }
}
