//! The figures as a text file for Prometheus (node_exporter's textfile collector), replaced as a
//! whole each time.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use fulgurite_core::gossip::follow::Figures;

use crate::exit::Trouble;
use crate::output::Face;
use crate::words;

/// The first line, by which our own file is known.
const HEAD: &str = "# fulgurite watch";

/// A file that is there must be one of ours: it will be replaced.
pub(super) fn must_be_ours(file: &Path, face: Face) -> Result<(), Trouble> {
    let mut head = [0; HEAD.len()];
    // Opening a pipe would wait for somebody who writes to it.
    if fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        return Err(Trouble::with(file, words::watch::NOT_METRICS.get(face.language)));
    }
    match fs::File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Trouble::with(file, error)),
        Ok(mut there) => match there.read_exact(&mut head) {
            Ok(()) if head == *HEAD.as_bytes() => Ok(()),
            _ => Err(Trouble::with(file, words::watch::NOT_METRICS.get(face.language))),
        },
    }
}

/// Writes the figures beside the file, and puts them in its place.
pub(super) fn write(file: &Path, figures: &Figures, now: u64) -> Result<(), Trouble> {
    let fail = |error: io::Error| Trouble::with(file, error);
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let made = tempfile::Builder::new().prefix(".fulgurite-").suffix(".part").tempfile_in(folder);
    let mut new = made.map_err(fail)?;
    new.write_all(text(figures, now).as_bytes()).map_err(fail)?;
    readable(new.as_file()).map_err(fail)?;
    new.persist(file).map_err(|error| fail(error.error))?;
    Ok(())
}

/// Whoever collects it is somebody else.
#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn readable(_: &fs::File) -> io::Result<()> {
    Ok(())
}

/// Every figure with its help and type.
fn text(figures: &Figures, now: u64) -> String {
    let counts = &figures.counts;
    let flag = u64::from;
    let gauges = [
        ("watch_last_look_timestamp_seconds", "When the store was last looked at.", now),
        ("store_following", "1 while the store is read to its end.", flag(figures.following)),
        ("store_version", "Version byte; 0 if unknown.", figures.version.unwrap_or(0).into()),
        ("store_size_bytes", "Size of the file.", figures.size),
        ("store_records", "Finished records.", counts.records),
        ("store_live_records", "Live 256, 257 and 258, as lightningd counts.", counts.live),
        ("store_dead_records", "DELETED records, as lightningd counts.", counts.dead),
        ("store_dead_bytes", "Bytes of DELETED records.", counts.dead_bytes),
        ("store_wounds", "Damaged places there now.", figures.wounds),
        ("store_unfinished", "1 if the last record stays unfinished.", flag(figures.unfinished)),
        ("store_corrupt_file", "1 if there is a gossip_store.corrupt.", flag(figures.corrupt)),
        ("store_compaction_due", "1 if v26.04 and later would compact.", flag(figures.due)),
        ("store_rounds", "Times that this file was read again as a whole.", figures.rounds),
        ("store_appended_bytes_hour", "Bytes appended in the last hour.", figures.bytes_per_hour),
        ("store_appended_bytes_day", "Bytes appended in the last day.", figures.bytes_per_day),
    ];
    let counters = [
        ("store_appended_records_total", "Records appended.", figures.appended_records),
        ("store_appended_bytes_total", "Bytes appended.", figures.appended_bytes),
        ("store_replacements_total", "Times another store took its place.", figures.replacements),
        ("watch_alarms_total", "Warnings and damage told.", figures.alarms),
    ];
    let mut text = format!("{HEAD}\n");
    let gauges = gauges.into_iter().map(|row| ("gauge", row));
    let counters = counters.into_iter().map(|row| ("counter", row));
    for (kind, (name, help, value)) in gauges.chain(counters) {
        let _ = writeln!(
            text,
            "# HELP fulgurite_{name} {help}\n# TYPE fulgurite_{name} {kind}\nfulgurite_{name} {value}"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_help_its_type_and_a_whole_number() {
        let text = text(&Figures { size: 7, version: Some(16), ..Figures::default() }, 9);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(HEAD));
        let rest: Vec<&str> = lines.collect();
        for rows in rest.chunks(3) {
            let name = rows[2].split(' ').next().unwrap();
            assert!(rows[0].starts_with(&format!("# HELP {name} ")), "{rows:?}");
            assert!(rows[1].starts_with(&format!("# TYPE {name} ")), "{rows:?}");
            assert!(rows[2].split(' ').nth(1).unwrap().parse::<u64>().is_ok(), "{rows:?}");
        }
        assert!(text.contains("\nfulgurite_store_size_bytes 7\n"), "{text}");
        assert!(text.contains("\nfulgurite_store_version 16\n"), "{text}");
    }
}
