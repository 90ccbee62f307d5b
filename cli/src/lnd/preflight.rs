//! `fulgurite lnd preflight`: whether a copy of a node's folder is complete and of one moment, what
//! is in it (SHA-256), and what the migration would do with it.

use std::fs;
use std::io::{Read as _, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use fulgurite_core::finding::{Code as FindingCode, Finding, Severity, Step, Value};
use fulgurite_core::lnd::listing::in_force;
use fulgurite_core::lnd::migration::{Asked, Store};
use fulgurite_core::lnd::rehearse::{Foreseen, Options, Rehearsed};
use fulgurite_core::report::Report;
use fulgurite_core::words as engine_words;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::files::{Gathered, Set};
use super::folder;
use crate::args::Preflight;
use crate::cancel;
use crate::exit::{Code, Trouble, shown};
use crate::output::{FAINT, Face, STRONG, columns, fine, paragraph, right, severity, stdout};
use crate::words::lnd as words;

/// What is said of a copy.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// Whether nothing that a node needs is missing.
    complete: bool,
    /// Whether nothing says that the files are of several moments.
    of_one_moment: bool,
    missing: Vec<&'static str>,
    signs: Vec<&'static str>,
    files: &'a [Listed],
    rehearsals: &'a [Rehearsed],
    next: Vec<&'static str>,
}

/// A file of the copy.
#[derive(Serialize)]
struct Listed {
    path: String,
    bytes: u64,
    /// Seconds since 1970.
    modified: Option<u64>,
    sha256: String,
}

/// Looks at the copy.
pub(super) fn run(arguments: &Preflight, face: Face) -> Result<Code, Trouble> {
    let folder = &arguments.folder;
    if !folder.is_dir() {
        return Err(Trouble::with(folder, words::NOT_A_FOLDER.get(face.language)));
    }
    let max = arguments.reading.max_unpacked;
    let mut gathered = Gathered::default();
    if gathered.walk(folder, max, face)? == 0 {
        return Err(Trouble::with(folder, words::NOTHING_IN_IT.get(face.language)));
    }
    let files = manifest(folder, face)?;
    let (mut missing, mut signs, mut rehearsals) = (Vec::new(), Vec::new(), Vec::new());
    let mut highest = Code::Fine;
    for set in gathered.sets(max, face)? {
        let report = super::check(&set, false, Asked::default())?;
        lacking(&report, &files, &mut missing);
        signs_of(&set, &report, &mut signs);
        let rehearsed = super::rehearse::of(&set, &arguments.target(), &Options::default())?;
        if let Some(rehearsed) = rehearsed {
            if !matches!(rehearsed.rehearsal.foreseen, Foreseen::Succeeds | Foreseen::NotRun) {
                highest = Code::Found;
            }
            rehearsals.push(rehearsed);
        }
    }
    missing.sort_unstable();
    missing.dedup();
    signs.sort_unstable();
    signs.dedup();
    if !missing.is_empty() || signs.iter().any(|sign| sign.is_bad()) {
        highest = Code::Found;
    }
    let found = Found { missing, signs, files, rehearsals };
    let mut out = stdout();
    if arguments.reading.json {
        found.json(&mut out)?;
    } else {
        found.human(&mut out, folder, face)?;
    }
    out.flush()?;
    Ok(highest)
}

/// What the copy came to.
struct Found {
    missing: Vec<Part>,
    signs: Vec<Sign>,
    files: Vec<Listed>,
    rehearsals: Vec<Rehearsed>,
}

/// What a node needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Channels,
    Native,
    Wallet,
    Backup,
    Log,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Part::Channels => "channel_database",
            Part::Native => "lnd.sqlite",
            Part::Wallet => "wallet",
            Part::Backup => "channel.backup",
            Part::Log => "-wal",
        }
    }

    const fn text(self) -> engine_words::Text {
        match self {
            Part::Channels => words::NO_CHANNELS,
            Part::Native => words::NO_NATIVE,
            Part::Wallet => words::NO_WALLET,
            Part::Backup => words::NO_BACKUP,
            Part::Log => words::NO_LOG,
        }
    }
}

/// What speaks of when the copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// A log that is not empty lies beside.
    Log,
    /// No log lies beside a database that has one while LND runs.
    NoLog,
    /// A file changed while it was read.
    Changed,
    /// What was read may be older than what LND would find.
    Stale,
    /// Damage of the kind that a copy of a running database has.
    Torn,
}

impl Sign {
    const fn name(self) -> &'static str {
        match self {
            Sign::Log => "log_beside",
            Sign::NoLog => "no_log_beside",
            Sign::Changed => "changed_while_read",
            Sign::Stale => "stale",
            Sign::Torn => "torn",
        }
    }

    /// Whether it speaks against a copy of one moment.
    const fn is_bad(self) -> bool {
        !matches!(self, Sign::Log | Sign::NoLog)
    }

    const fn text(self) -> engine_words::Text {
        match self {
            Sign::Log => words::LOG_BESIDE,
            Sign::NoLog => words::NO_LOG_BESIDE,
            Sign::Changed => words::CHANGED,
            Sign::Stale => words::STALE,
            Sign::Torn => words::TORN,
        }
    }
}

const ALWAYS: [Step; 2] = [Step::LndNoOldCopy, Step::LndNeverRunBoth];

impl Found {
    fn of_one_moment(&self) -> bool {
        !self.signs.iter().any(|sign| sign.is_bad())
    }

    fn json(&self, out: &mut impl Write) -> Result<(), Trouble> {
        let document = Document {
            schema: "fulgurite-preflight/1",
            complete: self.missing.is_empty(),
            of_one_moment: self.of_one_moment(),
            missing: self.missing.iter().map(|part| part.name()).collect(),
            signs: self.signs.iter().map(|sign| sign.name()).collect(),
            files: &self.files,
            rehearsals: &self.rehearsals,
            next: ALWAYS.iter().map(|step| step.name()).collect(),
        };
        let line = serde_json::to_string(&document);
        let line = line.map_err(|error| Trouble::Failed(error.to_string()))?;
        writeln!(out, "{line}")?;
        Ok(())
    }

    fn human(&self, out: &mut impl Write, folder: &Path, face: Face) -> Result<(), Trouble> {
        let language = face.language;
        writeln!(out, "{STRONG}{}{STRONG:#}", shown(folder))?;
        line(out, self.missing.is_empty(), words::COMPLETE, words::INCOMPLETE, face)?;
        for part in &self.missing {
            paragraph(out, "     ", part.text().get(language), columns())?;
        }
        line(out, self.of_one_moment(), words::ONE_MOMENT, words::SEVERAL_MOMENTS, face)?;
        for sign in &self.signs {
            paragraph(out, "     ", sign.text().get(language), columns())?;
        }
        for rehearsed in &self.rehearsals {
            super::rehearse::figures(out, &rehearsed.rehearsal, face)?;
        }
        writeln!(out, "\n{STRONG}{}{STRONG:#}", words::MANIFEST.get(language))?;
        for file in &self.files {
            let bytes = face.count(file.bytes);
            writeln!(out, "{}  {FAINT}{}{FAINT:#}  {}", file.sha256, right(&bytes, 15), file.path)?;
        }
        writeln!(out, "\n{STRONG}{}{STRONG:#}", words::ALWAYS.get(language))?;
        for (number, step) in (1..).zip(ALWAYS) {
            let text = engine_words::step(step).get(language);
            paragraph(out, &format!("{number:>3}. "), text, columns())?;
        }
        Ok(())
    }
}

fn line(
    out: &mut impl Write,
    good: bool,
    yes: engine_words::Text,
    no: engine_words::Text,
    face: Face,
) -> Result<(), Trouble> {
    let (style, sign) = if good { fine() } else { severity(Severity::Damage) };
    let text = if good { yes } else { no };
    writeln!(out, "{style}{sign}{style:#} {}", text.get(face.language))?;
    Ok(())
}

/// Every file of the copy with its SHA-256, by path.
fn manifest(folder: &Path, face: Face) -> Result<Vec<Listed>, Trouble> {
    let mut paths = folder::files(folder, face)?;
    paths.sort();
    paths.iter().map(|path| listed(folder, path)).collect()
}

fn listed(folder: &Path, path: &Path) -> Result<Listed, Trouble> {
    let fail = |error| Trouble::with(path, error);
    let mut file = fs::File::open(path).map_err(fail)?;
    let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        cancel::check()?;
        let read = file.read(&mut buffer).map_err(fail)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok(Listed {
        path: shown(path.strip_prefix(folder).unwrap_or(path)),
        bytes,
        modified: modified.map(|time| time.as_secs()),
        sha256: fulgurite_core::text::hex(&hasher.finalize()),
    })
}

/// What a node of that backend needs and the copy has not.
fn lacking(report: &Report, files: &[Listed], missing: &mut Vec<Part>) {
    // An empty one holds nothing that a node needs.
    let named = |name: &str| {
        let is_it = |path: &str| path == name || path.ends_with(&format!("/{name}"));
        files.iter().any(|file| file.bytes > 0 && is_it(&file.path))
    };
    let Some(lnd) = &report.lnd else {
        missing.push(Part::Channels);
        return;
    };
    if lnd.kv.is_empty() {
        missing.push(Part::Channels);
    }
    let migrated = in_force(&lnd.state) == Some(Store::Sql);
    let sealed = matches!(lnd.state.evidence.get("invoice_tombstone"), Some(Value::Flag(true)));
    if lnd.sql.is_empty() && (migrated || sealed && !named("lnd.sqlite")) {
        missing.push(Part::Native);
    }
    let postgres = lnd.kv.iter().any(|kv| kv.store.name() == "postgres");
    if !postgres && !named("wallet.db") && !named("chain.sqlite") {
        missing.push(Part::Wallet);
    }
    if !named("channel.backup") {
        missing.push(Part::Backup);
    }
    let not_given = |finding: &Finding| {
        finding.code == FindingCode::LndStaleCopy
            && finding.values.text("sign") == Some("wal_missing")
    };
    if report.findings.iter().any(not_given) {
        missing.push(Part::Log);
    }
}

fn signs_of(set: &Set, report: &Report, signs: &mut Vec<Sign>) {
    let logs =
        set.members.iter().filter(|member| crate::input::ends_with(member.input.path(), "-wal"));
    if logs.into_iter().any(|log| !fulgurite_core::source::Source::is_empty(&log.input.source())) {
        signs.push(Sign::Log);
    }
    if !set.is_still() {
        signs.push(Sign::Changed);
    }
    for finding in &report.findings {
        match finding.code {
            FindingCode::LndStaleCopy
            | FindingCode::SqliteStaleCopy
            | FindingCode::SqliteWalForeign => {
                // A log that is not there may be one that LND wrote back when it stopped.
                let sure = finding.severity > Severity::Info;
                signs.push(if sure { Sign::Stale } else { Sign::NoLog });
            }
            FindingCode::SqliteTruncated
            | FindingCode::BoltTruncated
            | FindingCode::BoltMetaPair
            | FindingCode::SqliteWal => signs.push(Sign::Torn),
            _ => {}
        }
    }
}
