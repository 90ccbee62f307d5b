//! `core::guard` between two real stores: redb as the old one, SQLite as the new one, and three
//! modules that move from one into the other.
//!
//! ```text
//! cargo run -p fulgurite-tests --example guard_store -- DIR old|new [SEED]
//! ```
//!
//! One run is one life of a program: it opens both stores in DIR, has every module checked, writes
//! a few rows wherever it may, and migrates if `new` is configured. Kill it whenever you like and
//! run it again, with either word. tests/tests/guard_store.rs does that a thousand times.
//!
//! The two implementations of the traits are what you would write for stores of your own.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use fulgurite_core::guard::{
    Entry, Event, Guard, Interrupted, Migration, NewMark, NewPass, NewStore, OldMark, OldPass,
    OldStore, Refusal, State, Wish,
};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

pub(crate) type Fault = Box<dyn Error + Send + Sync>;

/// Rows, by number, of one module.
pub(crate) type Rows = Vec<(i64, i64)>;

pub(crate) const MODULES: [&str; 3] = ["invoice", "graph", "payment"];

const MARKS: TableDefinition<&str, &[u8]> = TableDefinition::new("guard");
const ROWS: TableDefinition<(&str, i64), i64> = TableDefinition::new("rows");

/// The old store. Every transaction of redb is durable when it is committed.
pub(crate) struct Redb(Database);

impl Redb {
    pub(crate) fn open(folder: &Path) -> Result<Redb, Fault> {
        let database = Database::create(folder.join("old.redb"))?;
        let transaction = database.begin_write()?;
        transaction.open_table(MARKS)?;
        transaction.open_table(ROWS)?;
        transaction.commit()?;
        Ok(Redb(database))
    }

    pub(crate) fn rows(&self, module: &str) -> Result<Rows, Fault> {
        let table = self.0.begin_read()?.open_table(ROWS)?;
        let mut rows = Rows::new();
        for entry in table.range((module, 0)..=(module, i64::MAX))? {
            let (key, value) = entry?;
            rows.push((key.value().1, value.value()));
        }
        Ok(rows)
    }

    /// Whoever writes shows the pass.
    fn write(&mut self, pass: &OldPass, row: (i64, i64)) -> Result<(), Fault> {
        let transaction = self.0.begin_write()?;
        transaction.open_table(ROWS)?.insert((pass.module(), row.0), row.1)?;
        Ok(transaction.commit()?)
    }

    /// The data have moved for good, so what is left of them here can go.
    fn sweep(&mut self, pass: &NewPass) -> Result<(), Fault> {
        let transaction = self.0.begin_write()?;
        let module = pass.module();
        let range = (module, 0)..=(module, i64::MAX);
        transaction.open_table(ROWS)?.retain_in(range, |_, _| false)?;
        Ok(transaction.commit()?)
    }
}

impl OldStore for Redb {
    type Error = Fault;

    fn mark(&mut self, module: &str) -> Result<Option<OldMark>, Fault> {
        let table = self.0.begin_read()?.open_table(MARKS)?;
        let Some(bytes) = table.get(module)? else { return Ok(None) };
        Ok(Some(OldMark::from_bytes(bytes.value()).ok_or("the old mark is damaged")?))
    }

    fn replace(&mut self, module: &str, from: Option<&OldMark>, to: &OldMark) -> Result<(), Fault> {
        let transaction = self.0.begin_write()?;
        {
            let mut table = transaction.open_table(MARKS)?;
            let stands = match table.get(module)? {
                Some(bytes) => {
                    Some(OldMark::from_bytes(bytes.value()).ok_or("the old mark is damaged")?)
                }
                None => None,
            };
            if stands.as_ref() != from {
                return Err("another old mark stands there".into());
            }
            table.insert(module, to.to_bytes().as_slice())?;
        }
        Ok(transaction.commit()?)
    }
}

/// The new store.
pub(crate) struct Sqlite(Connection);

impl Sqlite {
    pub(crate) fn open(folder: &Path) -> Result<Sqlite, Fault> {
        let connection = Connection::open(folder.join("new.sqlite"))?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS guard (module TEXT PRIMARY KEY, mark BLOB NOT NULL);
             CREATE TABLE IF NOT EXISTS rows (
                 module TEXT, id INTEGER, value INTEGER, PRIMARY KEY (module, id)
             );",
        )?;
        Ok(Sqlite(connection))
    }

    pub(crate) fn rows(&self, module: &str) -> Result<Rows, Fault> {
        let mut query =
            self.0.prepare("SELECT id, value FROM rows WHERE module = ?1 ORDER BY id")?;
        let rows = query.query_map([module], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn write(&mut self, pass: &NewPass, row: (i64, i64)) -> Result<(), Fault> {
        let insert = "INSERT INTO rows VALUES (?1, ?2, ?3)";
        self.0.execute(insert, params![pass.module(), row.0, row.1])?;
        Ok(())
    }

    /// The one transaction: all data of the module, and the mark.
    fn migrate(&mut self, migration: &Migration, rows: &Rows) -> Result<(), Fault> {
        let module = migration.module();
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !NewMark::admits(mark(&transaction, module)?, migration.epoch()) {
            return Err("this epoch is not admitted any more".into());
        }
        for (id, value) in rows {
            let insert = "INSERT INTO rows VALUES (?1, ?2, ?3)";
            transaction.execute(insert, params![module, id, value])?;
        }
        put(&transaction, module, migration.mark())?;
        Ok(transaction.commit()?)
    }
}

impl NewStore for Sqlite {
    type Error = Fault;

    fn mark(&mut self, module: &str) -> Result<Option<NewMark>, Fault> {
        mark(&self.0, module)
    }

    fn void(&mut self, module: &str, epoch: u64) -> Result<NewMark, Fault> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let stands = NewMark::voided(mark(&transaction, module)?, epoch);
        put(&transaction, module, stands)?;
        transaction.commit()?;
        Ok(stands)
    }
}

fn mark(connection: &Connection, module: &str) -> Result<Option<NewMark>, Fault> {
    let select = "SELECT mark FROM guard WHERE module = ?1";
    let bytes: Option<Vec<u8>> =
        connection.query_row(select, [module], |row| row.get(0)).optional()?;
    let Some(bytes) = bytes else { return Ok(None) };
    Ok(Some(NewMark::from_bytes(&bytes).ok_or("the new mark is damaged")?))
}

fn put(connection: &Connection, module: &str, mark: NewMark) -> Result<(), Fault> {
    let upsert = "INSERT INTO guard VALUES (?1, ?2)
                  ON CONFLICT (module) DO UPDATE SET mark = excluded.mark";
    connection.execute(upsert, params![module, mark.to_bytes().as_slice()])?;
    Ok(())
}

/// A guard over both stores, which says on standard output what it refuses.
type Both = Guard<Redb, Sqlite, fn(&Event<'_>)>;

/// One life of the program: all modules, in an order and with decisions drawn from `seed`.
///
/// Every line on standard output begins with `> `: what is tried before it is done, what was done
/// after it is durable.
pub(crate) fn life(folder: &Path, wish: Wish, seed: u64) -> Result<(), Fault> {
    let watch: fn(&Event<'_>) = |event| {
        if let Event::RollbackRefused(refusal) = event {
            println!("> alarm {} {refusal}", refusal.module);
        }
    };
    let mut guard = Guard::new(Redb::open(folder)?, Sqlite::open(folder)?, watch);
    println!("> opened");
    let mut draw = Draw(seed);
    let first = draw.below(3);
    for module in MODULES.iter().cycle().skip(first).take(3) {
        match guard.start(module, wish) {
            Ok(entry) => go_on(&mut guard, entry, wish, &mut draw)?,
            // This program goes on with its other modules; yours may rather end here.
            Err(Refusal { state: State::Completed { .. }, .. }) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    println!("> end");
    Ok(())
}

/// From wherever a module stands to where the configuration wants it.
fn go_on(guard: &mut Both, entry: Entry, wish: Wish, draw: &mut Draw) -> Result<(), Fault> {
    let entry = match entry {
        Entry::Old(pass) => {
            println!("> entry old {}", pass.module());
            write_old(guard, &pass, draw)?;
            if wish == Wish::Old {
                guard.close_old(pass);
                return Ok(());
            }
            println!("> begin {}", pass.module());
            let migration = guard.begin(pass, "sqlite")?;
            migrate(guard, migration)?
        }
        Entry::Interrupted(interrupted) => {
            println!("> entry interrupted {}", interrupted.module());
            decide(guard, interrupted, wish, draw)?
        }
        entry @ Entry::New(_) => entry,
    };
    match entry {
        Entry::New(pass) => {
            println!("> entry new {}", pass.module());
            guard.old.sweep(&pass)?;
            println!("> swept {}", pass.module());
            for _ in 0..draw.below(3) {
                let row = next(pass.module(), &guard.new.rows(pass.module())?);
                println!("> try {} {}", pass.module(), row.0);
                guard.new.write(&pass, row)?;
                println!("> wrote new {} {}", pass.module(), row.0);
            }
            guard.close_new(pass);
        }
        Entry::Old(pass) => {
            println!("> reopened {}", pass.module());
            write_old(guard, &pass, draw)?;
            guard.close_old(pass);
        }
        Entry::Interrupted(interrupted) => guard.leave(interrupted),
    }
    Ok(())
}

/// An operator's explicit word. Who has configured the old store again wants no migration; else a
/// coin decides.
fn decide(
    guard: &mut Both,
    interrupted: Interrupted,
    wish: Wish,
    draw: &mut Draw,
) -> Result<Entry, Fault> {
    if wish == Wish::Old || draw.below(2) == 0 {
        println!("> abort {}", interrupted.module());
        return Ok(guard.abort(interrupted)?);
    }
    println!("> resume {}", interrupted.module());
    migrate(guard, interrupted.resume())
}

fn migrate(guard: &mut Both, migration: Migration) -> Result<Entry, Fault> {
    println!("> intent {}", migration.module());
    let rows = guard.old.rows(migration.module())?;
    let committed = guard.new.migrate(&migration, &rows);
    println!("> committed {}: {}", migration.module(), committed.is_ok());
    // Asked also where committing failed: the new store knows.
    Ok(guard.finish(migration)?)
}

fn write_old(guard: &mut Both, pass: &OldPass, draw: &mut Draw) -> Result<(), Fault> {
    for _ in 0..draw.below(3) {
        let row = next(pass.module(), &guard.old.rows(pass.module())?);
        println!("> try {} {}", pass.module(), row.0);
        guard.old.write(pass, row)?;
        println!("> wrote old {} {}", pass.module(), row.0);
    }
    Ok(())
}

/// The row behind the last one.
fn next(module: &str, rows: &Rows) -> (i64, i64) {
    let id = rows.last().map_or(1, |row| row.0 + 1);
    (id, value(module, id))
}

/// What row `id` of a module must hold.
pub(crate) fn value(module: &str, id: i64) -> i64 {
    module.bytes().fold(id, |value, byte| value.wrapping_mul(31).wrapping_add(byte.into()))
}

/// Numbers by SplitMix64, the same for the same seed.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, limit: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit).expect("limits are small")
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, wish, seed) = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [folder, "old"] => (*folder, Wish::Old, Some(1)),
        [folder, "new"] => (*folder, Wish::New, Some(1)),
        [folder, "old", seed] => (*folder, Wish::Old, seed.parse().ok()),
        [folder, "new", seed] => (*folder, Wish::New, seed.parse().ok()),
        _ => ("", Wish::Old, None),
    };
    let Some(seed) = seed else {
        eprintln!("usage: guard_store DIR old|new [SEED]");
        return ExitCode::from(64);
    };
    let run = || -> Result<(), Fault> {
        std::fs::create_dir_all(folder)?;
        life(Path::new(folder), wish, seed)
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
