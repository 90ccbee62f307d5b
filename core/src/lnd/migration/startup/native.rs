//! The last stage with native SQL on: schema and migrations, the network, and what is then missing.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::{Start, refuse};
use crate::finding::Confidence;
use crate::lnd::migration::decision::{Caution, Loss, Mark, Outcome, Part, Stage, Store, What};
use crate::lnd::migration::evidence::{Hashes, SqlEngine, SqlSide};
use crate::lnd::migration::releases::{Custom, SCHEMA};
use crate::lnd::migration::schema::{Course, key_twice, no_table, twice};
use crate::lnd::migration::state::left_behind;
use crate::lnd::migration::texts;

impl Start<'_> {
    /// v0.18: native SQL only beside a key-value store without invoices.
    pub(super) fn native_while_empty(&mut self) -> Result<Outcome, Outcome> {
        if self.kv.is_some_and(|kv| kv.ledger.reachable > 0) {
            return Err(refuse(Stage::Migrations, texts::FOUND_INVOICES.of(&[])));
        }
        let mut course = Course::of(self.sql);
        // It went well while opening.
        let _ = course.open(self.release);
        self.breaks(&course)?;
        Ok(Outcome::Proceeds { on: Store::Sql, ignored: Vec::new() })
    }

    pub(super) fn native_sql(&mut self) -> Result<Outcome, Outcome> {
        self.sql_may_be_unread()?;
        let mut course = Course::of(self.sql);
        let mut exact = true;
        let (mut again, mut behind) = (false, false);
        let (release, engine) = (self.release, self.engine);
        let run = |custom| {
            if self.skip {
                return Ok(());
            }
            if self.holds_rows(custom) {
                let told = custom == Custom::Invoices && self.hashes().is_some();
                *(if told { &mut behind } else { &mut again }) = true;
            }
            self.migration(custom)
                .inspect_err(|(_, sure)| exact = *sure)
                .map_err(|(error, _)| error)
        };
        let applied = course.apply(release, engine, run);
        if again {
            self.warn(Caution::RunsAgain);
            self.confidence = Confidence::Likely;
        }
        if behind && applied.is_ok() {
            self.warn(Caution::AddedBehind);
        }
        exact &= !course.clashed;
        for (on, caution) in
            [(course.reset, Caution::DirtyReset), (course.dirty, Caution::DirtyIgnored)]
        {
            if on {
                self.warn(caution);
            }
        }
        applied.map_err(|error| Outcome::Refuses {
            at: Stage::Migrations,
            error: texts::MIGRATIONS.of(&[&error]),
            exact,
            log: None,
        })?;
        self.recorded(&course);
        self.network(&course)?;
        self.breaks(&course)?;
        Ok(self.on_sql(&course))
    }

    /// Whether a migration runs into tables that hold rows already.
    fn holds_rows(&self, custom: Custom) -> bool {
        self.sql.is_some_and(|sql| match custom {
            Custom::Invoices => sql.invoices > 0,
            Custom::Graph => sql.graph_channels > Some(0),
            Custom::Payments => sql.payments > Some(0),
        })
    }

    /// The payment hashes of both sides, if both are known.
    pub(super) fn hashes(&self) -> Option<(&Hashes, &Hashes)> {
        let kv = self.kv.and_then(|kv| kv.hashes.as_ref());
        kv.zip(self.sql.and_then(|sql| sql.hashes.as_ref()))
    }

    /// The invoices' migration, as far as its end can be told from counts and hashes; an error
    /// with whether its whole text is certain.
    fn migration(&self, custom: Custom) -> Result<(), (String, bool)> {
        if custom != Custom::Invoices {
            return Ok(());
        }
        let reachable = self.kv.map_or(0, |kv| kv.ledger.reachable);
        if let Some(sql) = self.sql
            && reachable > 0
        {
            if sql.scratch_rows > 0 {
                let (column, constraint) =
                    ("invoice_payment_hashes.id", "invoice_payment_hashes_pkey");
                return Err((key_twice(self.engine, column, constraint), false));
            }
            if self.hashes().is_some_and(|(kv, sql)| kv.shared_with(sql) > 0) {
                // Which column SQLite names depends on the invoice: it looks at the hash of the
                // payment request first, Postgres at the payment hash.
                let sure = self.engine == SqlEngine::Postgres;
                let (column, constraint) = ("invoices.payment_request_hash", "invoices_hash_key");
                return Err((twice(self.engine, column, constraint), sure));
            }
        }
        if self.lacks_invoice_bucket() {
            let error = texts::NO_BUCKET_FOR_TOMBSTONE.of(&[]);
            let error = texts::CUSTOM.of(&["kv_invoice_migration", "7", "6", &error]);
            return Err((error, true));
        }
        Ok(())
    }

    /// What the migrations leave behind.
    fn recorded(&mut self, course: &Course) {
        let before = self.sql.and_then(SqlSide::tracker_max);
        if course.reached.contains(&Custom::Invoices) && !self.skip {
            let there = self.kv.is_some_and(|kv| kv.invoice_tombstone.is_some());
            if !there {
                self.marks.push(Mark::InvoiceTombstone);
            }
            if self.kv.is_some_and(|kv| kv.ledger.settled > 0) {
                self.warn(Caution::SettleSequenceRestarts);
            }
        }
        if let Some(version) = course.tracker
            && course.tracker > before
        {
            self.marks.push(Mark::Tracker { version });
        }
        if self.skip {
            for custom in &course.reached {
                let part = self.in_kv(*custom);
                if part.count != Some(0) {
                    self.loses.push(Loss::PassedOver { part });
                }
            }
        }
    }

    /// How much of it the key-value store has.
    fn in_kv(&self, custom: Custom) -> Part {
        let fresh = self.kv.is_none() && self.evidence.files.whole;
        let count = match (custom, self.kv) {
            (_, None) => fresh.then_some(0),
            (Custom::Invoices, Some(kv)) => Some(kv.ledger.reachable),
            (Custom::Graph, Some(kv)) => kv.graph_channels,
            (Custom::Payments, Some(kv)) => kv.payments,
        };
        Part { what: custom.into(), count }
    }

    fn network(&mut self, course: &Course) -> Result<(), Outcome> {
        let configured = self.evidence.files.network;
        if !self.release.chain_params {
            return Ok(());
        }
        if course.missing.contains(&"chain_params") {
            return Err(refuse(Stage::Network, no_table(self.engine, "chain_params")));
        }
        let stored = self.sql.and_then(|sql| sql.network.as_deref());
        match (stored, configured) {
            (Some(stored), Some(configured)) if stored != configured.name() => {
                let error = texts::NETWORK.of(&[stored, configured.name()]);
                Err(refuse(Stage::Network, error))
            }
            (Some(_), _) => Ok(()),
            (None, configured) => {
                let network = configured.map(|network| network.name().to_string());
                self.marks.push(Mark::Network { network });
                Ok(())
            }
        }
    }

    /// The first table that a query will not find.
    fn breaks(&self, course: &Course) -> Result<(), Outcome> {
        let schema = self.release.schema;
        let of_parts = |table: &str| match table {
            "invoice_payment_hashes" | "migration_tracker" | "chain_params" => false,
            _ if table.starts_with("graph") => self.release.has(Custom::Graph),
            _ if table.starts_with("payment") => self.release.has(Custom::Payments),
            _ => true,
        };
        let known = SCHEMA.iter().filter(|file| file.version <= schema);
        // The node's own row of the graph is asked for before anything else.
        let tables = known.flat_map(|file| file.makes.iter().copied());
        let mut wanted = ["graph_source_nodes"].into_iter().chain(tables);
        match wanted.find(|table| of_parts(table) && course.missing.contains(table)) {
            Some(table) => {
                let error = match self.engine {
                    SqlEngine::Sqlite => texts::SQLITE_NO_TABLE.of(&[table]),
                    SqlEngine::Postgres => texts::POSTGRES_NO_TABLE.of(&[table]),
                };
                Err(Outcome::Breaks { table: table.into(), error })
            }
            None => Ok(()),
        }
    }

    fn on_sql(&mut self, course: &Course) -> Outcome {
        if !self.skip && !course.reached.is_empty() {
            let parts = course.reached.iter().map(|custom| self.in_kv(*custom)).collect();
            return Outcome::Migrates { parts };
        }
        // What this very start passes over stands among the losses.
        let now = course.reached.contains(&Custom::Invoices);
        let left = match (self.kv, self.sql) {
            (Some(kv), Some(sql)) if !now => left_behind(kv, sql).filter(|left| *left > 0),
            _ => None,
        };
        let ignored = left.map(|count| Part { what: What::Invoices, count: Some(count) });
        Outcome::Proceeds { on: Store::Sql, ignored: ignored.into_iter().collect() }
    }
}
