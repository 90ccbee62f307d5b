//! How LND brings native SQL up to a release: its tracker, and beneath it golang-migrate's schema,
//! step by step as both do it.
//!
//! Of the tracker LND reads only the highest row; of the schema golang-migrate reads the one row
//! there is. For each migration above the tracker's version the schema is moved to the one that
//! the migration names, *in whichever direction that is*. LND ships no file for the way back: a
//! tracker that lags behind the schema makes golang-migrate step down through nothing, so that
//! only its number falls, and then apply files again over tables that stand. The first that cannot
//! be applied twice is 9 (`ALTER TABLE … ADD COLUMN`): it fails, and the schema stays dirty there.
//! Run by LND itself: docs/upstream.md, S12.
//!
//! Sources: `sqldb/migrations.go` (`ApplyMigrations`), golang-migrate v4.17.0 (`migrate.go`:
//! `Migrate`, `Up`, `read`, `versionExists`; the drivers' `Version`).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::evidence::{Schema, SqlEngine, SqlSide};
use super::releases::{Custom, Release, SCHEMA};
use super::texts;

/// Native SQL while it is brought up.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// Where the schema stands; `None` before the first file.
    pub schema: Option<Schema>,
    /// The tracker's highest row.
    pub tracker: Option<u32>,
    /// Tables known not to be there.
    pub missing: Vec<&'static str>,
    /// The highest schema file that was ever applied.
    applied: u32,
    /// A file was to be applied again and could not be.
    pub clashed: bool,
    /// Custom migrations that were reached.
    pub reached: Vec<Custom>,
    /// A dirty schema was put right.
    pub reset: bool,
    /// A dirty schema was passed by.
    pub dirty: bool,
}

impl Course {
    /// From what was found; nothing found is a fresh database.
    pub(super) fn of(sql: Option<&SqlSide>) -> Course {
        let tables = SCHEMA.iter().flat_map(|file| file.makes.iter().copied());
        let missing = |table: &&'static str| sql.is_none_or(|sql| sql.lacks(table));
        Course {
            schema: sql.and_then(|sql| sql.schema),
            tracker: sql.and_then(SqlSide::tracker_max),
            missing: tables.filter(missing).collect(),
            applied: sql.and_then(|sql| sql.schema).map_or(0, |schema| schema.version),
            clashed: false,
            reached: Vec::new(),
            reset: false,
            dirty: false,
        }
    }

    /// `ApplyMigrations` of a release with a tracker. `run` stands for the code of a custom
    /// migration; where it fails, its error is as LND's executor passes it on.
    pub(super) fn apply(
        &mut self,
        release: &Release,
        engine: SqlEngine,
        mut run: impl FnMut(Custom) -> Result<(), String>,
    ) -> Result<(), String> {
        // NewSqliteStore and NewPostgresStore make it before anything else.
        self.missing.retain(|table| *table != "migration_tracker");
        let base = self.schema.map_or(-1, |schema| i64::from(schema.version));
        let current = self.tracker.map_or(base, i64::from);
        let half_done = self.schema == Some(Schema { version: 3, dirty: true });
        if self.tracker == Some(2) && half_done {
            self.schema = Some(Schema { version: 4, dirty: false });
            self.reset = true;
        }
        let mut called = false;
        for migration in release.migrations() {
            if i64::from(migration.version) <= current {
                continue;
            }
            called = true;
            self.migrate(migration.schema, release, engine).map_err(|error| {
                texts::SCHEMA_TARGET.of(&[&format!("{}", migration.schema), &error])
            })?;
            if let Some(custom) = migration.custom {
                run(custom)?;
                self.reached.push(custom);
            }
            if self.missing.contains(&"migration_tracker") {
                return Err(no_table(engine, "migration_tracker"));
            }
            self.tracker = Some(migration.version);
        }
        self.dirty = !called && self.schema.is_some_and(|schema| schema.dirty);
        Ok(())
    }

    /// golang-migrate's `Migrate`.
    fn migrate(&mut self, target: u32, release: &Release, engine: SqlEngine) -> Result<(), String> {
        let from = self.standing(release)?;
        if from > target {
            self.schema = Some(Schema { version: target, dirty: false });
            return Ok(());
        }
        self.up(from, target, engine)
    }

    /// golang-migrate's `Up`, with which v0.18 opens the database.
    pub(super) fn open(&mut self, release: &Release) -> Result<(), String> {
        let from = self.standing(release)?;
        // The file that cannot be applied twice came later.
        self.up(from, release.schema, SqlEngine::Sqlite)
    }

    /// Where the schema stands, if golang-migrate takes it; 0 before the first file.
    fn standing(&self, release: &Release) -> Result<u32, String> {
        let Some(Schema { version, dirty }) = self.schema else { return Ok(0) };
        if dirty {
            return Err(texts::DIRTY.of(&[&format!("{version}")]));
        }
        // 0 is no file either: the first has the number 1.
        if version == 0 || version > release.schema {
            return Err(texts::NO_SCHEMA_FILE.of(&[&format!("{version}")]));
        }
        Ok(version)
    }

    fn up(&mut self, from: u32, to: u32, engine: SqlEngine) -> Result<(), String> {
        for file in SCHEMA.iter().filter(|file| from < file.version && file.version <= to) {
            if file.version == ADDS_COLUMNS && file.version <= self.applied {
                self.schema = Some(Schema { version: file.version, dirty: true });
                self.clashed = true;
                return Err(match engine {
                    SqlEngine::Sqlite => texts::SQLITE_COLUMN_TWICE.of(&["block_height"]),
                    SqlEngine::Postgres => texts::POSTGRES_FILE_FAILED.of(&[]),
                });
            }
            self.missing.retain(|table| !file.makes.contains(table));
            self.schema = Some(Schema { version: file.version, dirty: false });
        }
        Ok(())
    }
}

/// The schema file that adds columns to tables: it cannot be applied twice.
const ADDS_COLUMNS: u32 = 9;

/// What a query of a table that is not there ends in, once LND's executor has unwrapped it.
pub(super) fn no_table(engine: SqlEngine, table: &str) -> String {
    match engine {
        SqlEngine::Sqlite => texts::SQLITE_ERROR.of(&[&texts::SQLITE_NO_TABLE.of(&[table])]),
        SqlEngine::Postgres => texts::POSTGRES_ERROR.of(&[&texts::POSTGRES_NO_TABLE.of(&[table])]),
    }
}

/// What a value that is there twice ends in.
pub(super) fn twice(engine: SqlEngine, column: &str, constraint: &str) -> String {
    let error = match engine {
        SqlEngine::Sqlite => texts::SQLITE_UNIQUE.of(&[column]),
        SqlEngine::Postgres => texts::POSTGRES_UNIQUE.of(&[constraint]),
    };
    texts::UNIQUE.of(&[&error])
}

/// What a primary key that is there twice ends in.
pub(super) fn key_twice(engine: SqlEngine, column: &str, constraint: &str) -> String {
    let error = match engine {
        SqlEngine::Sqlite => texts::SQLITE_PRIMARY.of(&[column]),
        SqlEngine::Postgres => texts::POSTGRES_UNIQUE.of(&[constraint]),
    };
    texts::UNIQUE.of(&[&error])
}
