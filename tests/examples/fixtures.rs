//! Writes every named store into a folder, as `NAME.gs`, and those of LND's newest release in
//! `tests/data/lnd` into its folder `lnd`, as `RELEASE/NAME/FILE` beside what LND read back
//! (`read.json`), with those of older releases that offend a rule of the migration: `fixtures FOLDER`. A file that is already there and right is left alone.

use std::path::Path;
use std::process::ExitCode;

use fulgurite_tests::Built;
use fulgurite_tests::fixtures::{self, HEADLINES};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

type Build = fn() -> Built;

/// Those whose headline is not fixed by what they are.
const OTHERS: &[(&str, Build)] = &[
    ("malicious_aliases", fixtures::malicious_aliases),
    ("overlaid", fixtures::overlaid),
    ("left_behind", fixtures::left_behind),
    ("uncompleted", fixtures::uncompleted),
    ("sample", fixtures::sample),
    ("well_signed", fixtures::well_signed),
    ("badly_signed", fixtures::badly_signed),
];

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: fixtures FOLDER");
        return ExitCode::from(64);
    };
    let folder = Path::new(&folder);
    match write(folder).and_then(|()| lnd(&folder.join("lnd"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let named = HEADLINES.iter().map(|headline| (headline.name, headline.build));
    for (name, build) in named.chain(OTHERS.iter().copied()) {
        let path = folder.join(format!("{name}.gs"));
        let bytes = build().bytes;
        if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
            std::fs::write(path, bytes)?;
        }
    }
    Ok(())
}

fn lnd(folder: &Path) -> std::io::Result<()> {
    unpack(folder)?;
    close(&folder.join("v0.21")).map_err(std::io::Error::other)
}

/// A copy that was made while lnd ran, but after `lnd.sqlite` had been written back: three files,
/// by SQLite itself. `channel.sqlite` also has the table of the macaroons, as it can have, with a
/// root key made up for it.
fn close(folder: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (live, own) = (folder.join("wal-s2-sqlite"), folder.join("wal-s2-closed"));
    std::fs::create_dir_all(&own)?;
    for name in
        ["channel.sqlite", "channel.sqlite-wal", "lnd.sqlite", "lnd.sqlite-wal", "read.json"]
    {
        std::fs::copy(live.join(name), own.join(name))?;
    }
    // The last to close writes the log back.
    let native = Connection::open(own.join("lnd.sqlite"))?;
    native.query_row("SELECT count(*) FROM invoices", [], |_| Ok(()))?;
    native.close().map_err(|(_, error)| error)?;
    let kv = Connection::open(own.join("channel.sqlite"))?;
    kv.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    kv.execute_batch(
        "CREATE TABLE macaroondb_kv (
            key BLOB NOT NULL,
            value BLOB,
            parent_id BIGINT,
            id INTEGER PRIMARY KEY,
            sequence BIGINT,
            CONSTRAINT macaroondb_kv_parent FOREIGN KEY (parent_id)
                REFERENCES macaroondb_kv (id) ON UPDATE NO ACTION ON DELETE CASCADE
        );
        INSERT INTO macaroondb_kv VALUES (CAST('macrootkeys' AS BLOB), NULL, NULL, 1, NULL);
        INSERT INTO macaroondb_kv
            VALUES (X'30', CAST('a macaroon root key of 32 bytes.' AS BLOB), 1, 2, NULL);",
    )?;
    kv.close().map_err(|(_, error)| error)?;
    // What SQLite shares among those who have the log open; nobody copies it.
    let shared = own.join("channel.sqlite-shm");
    if shared.exists() {
        std::fs::remove_file(shared)?;
    }
    Ok(())
}

/// The stores of LND's newest release, as its own code wrote them; of older ones those that offend a
/// rule of the migration, and what lncli printed. Those that are there and have the
/// hash of the manifest are not unpacked again.
fn unpack(folder: &Path) -> std::io::Result<()> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/lnd");
    let manifest: Value = serde_json::from_slice(&std::fs::read(from.join("manifest.json"))?)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rule = |fixture: &Value| fixture["state"].as_str().is_some_and(|of| of.starts_with('P'));
    let wanted = |fixture: &&Value| fixture["release"] == "v0.21" || rule(fixture);
    // What lncli printed of them.
    for list in std::fs::read_dir(from.join("lists"))? {
        let list = list?;
        let name = list.file_name().to_string_lossy().trim_end_matches(".xz").to_owned();
        std::fs::create_dir_all(folder.join("lists"))?;
        std::fs::write(folder.join("lists").join(name), unpacked(&list.path())?)?;
    }
    for fixture in manifest["fixtures"].as_array().into_iter().flatten().filter(wanted) {
        let own = folder.join(text(&fixture["id"]));
        std::fs::create_dir_all(&own)?;
        for file in fixture["files"].as_array().into_iter().flatten() {
            let path = own.join(text(&file["name"]));
            let right = |bytes: Vec<u8>| hash(&bytes) == text(&file["sha256"]);
            if !std::fs::read(&path).is_ok_and(right) {
                std::fs::write(path, unpacked(&from.join(text(&file["path"])))?)?;
            }
        }
        if let Some(read) = fixture["read"].as_str() {
            std::fs::write(own.join("read.json"), unpacked(&from.join(read))?)?;
        }
    }
    Ok(())
}

fn unpacked(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut std::fs::read(path)?.as_slice(), &mut bytes)
        .map_err(|error| std::io::Error::other(format!("{}: {error:?}", path.display())))?;
    Ok(bytes)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
