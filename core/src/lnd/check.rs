//! One report on whatever lies in LND's data folder: files are known by their content, logs go to
//! their databases, each side is read and audited, and the migration is judged from all of it.
//!
//! ```
//! use fulgurite_core::lnd::check::{Given, Options, check};
//!
//! let file = std::vec![0_u8; 4096];
//! let given = [Given { source: &file, name: Some("channel.db") }];
//! let outcome = check(&given, &Options::default(), &mut |_| true)?;
//! assert!(outcome.is_some_and(|outcome| outcome.report.lnd.is_none()), "zeros are no store");
//! # Ok::<(), fulgurite_core::source::SourceError>(())
//! ```

pub(in crate::lnd) mod evidence;
mod given;
mod read;

use alloc::vec::Vec;

pub use super::pace::Watch;
pub(in crate::lnd) use given::log_of;
pub use given::{Given, Role, is_of_lnd, roles};
pub use read::{KvRead, Map, Side, SqlRead};

use super::migration::{Asked, Evidence, Files, Network};
use super::pace::Pace;
use super::privacy::{Privacy, Pseudonyms};
use super::{invoices, native, report};
use crate::detect::Kind;
use crate::finding::{Code, Finding, Findings, Place, Values};
use crate::report::{Headline, Input, Report};
use crate::source::SourceError;
use read::Read;

/// What a face may choose.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Tells hashes, addresses, amounts and texts, which are otherwise left out or renamed.
    pub reveal: bool,
    /// The files are a whole data folder, or a whole Postgres database: what is not there does not
    /// exist.
    pub whole: bool,
    /// The network that LND is configured for, as its folder is called.
    pub network: Option<Network>,
    /// For which release and configuration decisions are given; else for all.
    pub asked: Asked,
}

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// The report.
    pub report: Report,
    /// What the migration was judged by, for decisions on configurations of one's own.
    pub evidence: Evidence,
    /// The pages of each file that has pages, and which of the inputs it is.
    pub maps: Vec<(u32, Map)>,
}

/// Checks these files together. `None` if `watch` stopped it.
///
/// # Errors
/// [`SourceError`] where a source cannot be read.
pub fn check(
    given: &[Given<'_>],
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Option<Checked>, SourceError> {
    let roles = roles(given)?;
    let total = given.iter().map(|one| one.source.len()).sum::<u64>().saturating_mul(read::PASSES);
    let mut read = Read { given, pace: Pace::new(watch, total) };
    let mut findings = Findings::default();
    let (mut sides, mut maps) = (Vec::new(), Vec::new());
    let mut emptied = Vec::new();
    for (input, role) in (0..).zip(&roles) {
        let Some(outcome) = read.input(input, *role)? else { return Ok(None) };
        findings.absorb(outcome.findings, if outcome.placed { 0 } else { input });
        maps.extend(outcome.map.map(|map| (input, map)));
        sides.extend(outcome.sides);
        if outcome.emptied {
            emptied.push(input);
        }
    }
    audit(&sides, options.reveal, &mut findings);
    findings.settle(&log_of(&roles));
    let inputs: Vec<Input> = given.iter().zip(&roles).map(|(one, role)| role.input(one)).collect();
    let evidence = Evidence {
        kv: sides.iter().filter_map(evidence::kv).collect(),
        sql: sides.iter().filter_map(evidence::sql).collect(),
        files: Files {
            whole: options.whole,
            network: options.network,
            emptied,
            copy_unfinished: false,
        },
    };
    let report = if evidence.kv.is_empty() && evidence.sql.is_empty() {
        without_sides(inputs, findings)
    } else {
        report::assemble(inputs, &evidence, &options.asked, findings)
    };
    Ok(Some(Checked { report, evidence, maps }))
}

/// What is to be said of the invoices themselves. Both sides of a migration share their
/// pseudonyms, so that the same hash has the same name on either.
fn audit(sides: &[(u32, Side)], reveal: bool, findings: &mut Findings) {
    let privacy =
        if reveal { Privacy::revealed() } else { Privacy::redacted(Pseudonyms::default()) };
    for (input, side) in sides {
        let mut own = Findings::default();
        match side {
            Side::Kv(kv) => invoices::audit(&kv.read.index, &privacy, &mut own),
            Side::Sql(sql) => native::audit(&sql.read, &privacy, &mut own),
        }
        findings.absorb(own, *input);
    }
    let sql = sides.iter().find_map(|(input, side)| match side {
        Side::Sql(sql) => Some((*input, sql)),
        Side::Kv(_) => None,
    });
    let Some((input, sql)) = sql else { return };
    for (_, side) in sides {
        if let Side::Kv(kv) = side {
            let mut own = Findings::default();
            native::renumbered(&kv.read.index, &sql.read.index, &mut own);
            findings.absorb(own, input);
        }
    }
}

/// The report where nothing of LND's invoices was found: what each file is.
fn without_sides(inputs: Vec<Input>, mut findings: Findings) -> Report {
    for (input, of) in (0..).zip(&inputs) {
        if let Some(code) = of.kind.code() {
            let place = Place::span(0, of.size).of_input(input);
            let values = match code {
                Code::Compressed => Values::new().with("kind", of.kind.name()),
                _ => Values::new(),
            };
            findings.push(Finding::new(code, place).values(values));
        }
    }
    let first = inputs.first().copied().unwrap_or(Input { kind: Kind::Unknown, size: 0 });
    let values = Values::new().with("size", first.size).with("kind", first.kind.name());
    let mut report = Report::new(first, Headline::WrongFile, values, findings, None);
    if inputs.len() > 1 {
        report.inputs = inputs;
    }
    report
}
