//! The rehearsal as a report.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::rule::{Column, End, Rule, Telling};
use super::{
    Foreseen, Met, Offence, Options, Quiet, Rehearsal, Rehearsed, RuleCount, StopsAt, Target,
};
use crate::finding::{Code, Finding, Findings, Place, Severity, Step, Values};
use crate::lnd::check::{Given, Role, log_of};
use crate::lnd::compare::pair::Offer;
use crate::lnd::migration::{Decision, Outcome, SqlEngine, What};
use crate::report::{Headline, Input, Report};
use crate::sorting::sort_by_key;
use crate::text;

/// Invoices per second on SQLite: 4.7 million in 62 minutes with the index of hashes (a report on
/// lndinit's pull request 21, April 2025).
const SQLITE_RATE: u64 = 1_250;

/// The lowest that was reported for Postgres: lnd's issue 10421, 700,000 keys, December 2025.
const POSTGRES_RATE: u64 = 28;

/// What the report is made of.
pub(super) struct About<'a> {
    pub(super) given: &'a [Given<'a>],
    pub(super) offers: &'a [Offer],
    pub(super) input: u32,
    pub(super) target: &'a Target,
    pub(super) options: &'a Options,
    pub(super) engine: SqlEngine,
    pub(super) decision: &'a Decision,
    pub(super) met: &'a Met,
}

pub(super) fn rehearsed(about: &About<'_>) -> Rehearsed {
    let mut findings = Findings::default();
    let foreseen = about.foreseen();
    let runs = foreseen.begins();
    let rehearsal = about.figures(foreseen);
    let place = {
        let len = about.given.get(about.input as usize).map_or(0, |one| one.source.len());
        Place::span(0, len).of_input(about.input)
    };
    let values = Values::new()
        .with("release", rehearsal.release.as_str())
        .with("engine", rehearsal.engine.name())
        .with("invoices", rehearsal.invoices)
        .with("htlcs", rehearsal.htlcs)
        .with("brought", rehearsal.brought)
        .with("seconds_least", rehearsal.seconds_least)
        .with_some("seconds_most", rehearsal.seconds_most);
    if runs {
        findings.push(Finding::new(Code::LndRehearsal, place.clone()).values(values));
        for offence in &about.met.offences {
            about.offence(offence, &mut findings);
        }
        for quiet in &about.met.quiet {
            about.quiet(quiet, &mut findings);
        }
        if rehearsal.unread > 0 {
            let values = Values::new().with("count", rehearsal.unread);
            findings.push(Finding::new(Code::LndNotCompared, place).values(values));
        }
    }
    let roles: Vec<Role> = about.offers.iter().map(|offer| offer.role).collect();
    findings.settle(&log_of(&roles));
    let headline = match &rehearsal.foreseen {
        Foreseen::Succeeds => Headline::LndWouldMigrate,
        Foreseen::Alters { .. } => Headline::LndWouldLose,
        Foreseen::Fails { .. } | Foreseen::Crashes { .. } | Foreseen::NeverEnds => {
            Headline::LndWouldFail
        }
        Foreseen::Refused { .. } => Headline::LndRefuses,
        Foreseen::NotRun => Headline::LndNoRehearsal,
    };
    let stop = rehearsal.foreseen.stop();
    let figures = Values::new()
        .with("release", rehearsal.release.as_str())
        .with("kv_invoices", rehearsal.invoices)
        .with("brought", rehearsal.brought)
        .with("offenders", if runs { about.met.offences.len() } else { 0 })
        .with("quiet", if runs { about.met.quiet.len() } else { 0 })
        .with_some("add_index", stop.and_then(|stop| stop.add_index))
        .with_some("lnd_error", rehearsal.foreseen.error());
    let inputs: Vec<Input> =
        about.given.iter().zip(about.offers).map(|(one, offer)| offer.input_of(one)).collect();
    let first = inputs.get(about.input as usize).copied();
    let first = first.unwrap_or(Input { kind: crate::detect::Kind::Unknown, size: 0 });
    let mut report = Report::new(first, headline, figures, findings, None);
    if inputs.len() > 1 {
        report.inputs = inputs;
    }
    // What no finding says: how it ends if it stumbles over no invoice.
    if report.verdict.severity == Severity::Info {
        let (severity, next) = match &rehearsal.foreseen {
            Foreseen::Refused { .. } | Foreseen::NeverEnds => (
                Severity::Damage,
                &[Step::LndCopyAll, Step::LndDoNotMigrate, Step::LndAskDevelopers][..],
            ),
            Foreseen::NotRun => (Severity::Info, &[Step::Nothing][..]),
            _ => (
                Severity::Info,
                &[Step::LndCopyAll, Step::LndMigrateWithoutSkip, Step::LndNeverSkip][..],
            ),
        };
        report.verdict.severity = severity;
        report.verdict.next = next.to_vec();
    }
    Rehearsed { rehearsal, report }
}

impl About<'_> {
    fn foreseen(&self) -> Foreseen {
        let first = self.met.offences.iter().find(|offence| offence.first);
        match &self.decision.outcome {
            // That the sides share an invoice is all that can be told without reading them.
            Outcome::Refuses { error, .. }
                if first.is_none_or(|first| !matches!(first.end, End::Twice(_)))
                    || !error.contains("unique constraint") =>
            {
                return Foreseen::Refused { error: error.clone() };
            }
            Outcome::Migrates { parts } if parts.iter().any(|part| part.what == What::Invoices) => {
            }
            Outcome::Migrates { .. } | Outcome::Proceeds { .. } => return Foreseen::NotRun,
            Outcome::Refuses { .. } | Outcome::Breaks { .. } | Outcome::Unknown { .. } => {}
        }
        if let Some(first) = first {
            let stop = StopsAt {
                rule: first.rule,
                number: first.key,
                add_index: first.add_index,
                error: self.error(first),
                exact: first.end.exact(),
            };
            return if first.end.crashes() {
                Foreseen::Crashes { stop }
            } else {
                Foreseen::Fails { stop }
            };
        }
        if self.met.endless {
            return Foreseen::NeverEnds;
        }
        let count = |lost| self.met.quiet.iter().filter(|quiet| quiet.lost == lost).count() as u64;
        match (count(true), count(false)) {
            (0, 0) => Foreseen::Succeeds,
            (lost, altered) => Foreseen::Alters { lost, altered },
        }
    }

    fn figures(&self, foreseen: Foreseen) -> Rehearsal {
        let Met { invoices, mut brought, mut htlcs, unread, .. } = *self.met;
        let mut rules: Vec<RuleCount> = Vec::new();
        let offences = self.met.offences.iter().map(|offence| offence.rule);
        for rule in offences.chain(self.met.quiet.iter().map(|quiet| quiet.rule)) {
            match rules.iter_mut().find(|count| count.rule == rule) {
                Some(count) => count.count = count.count.saturating_add(1),
                None => rules.push(RuleCount { rule, count: 1 }),
            }
        }
        sort_by_key(&mut rules, |count| count.rule);
        if !foreseen.begins() {
            // Nobody comes to them.
            (brought, htlcs) = (0, 0);
            rules.clear();
        }
        Rehearsal {
            release: self.target.name().to_owned(),
            engine: self.engine,
            foreseen,
            invoices,
            brought,
            htlcs,
            rules,
            seconds_least: brought.div_ceil(SQLITE_RATE),
            seconds_most: (self.engine == SqlEngine::Postgres)
                .then(|| brought.div_ceil(POSTGRES_RATE)),
            unread,
        }
    }

    /// LND's words. The hash in them is the operator's own.
    fn error(&self, offence: &Offence) -> String {
        let telling = Telling {
            engine: self.engine,
            hash: &offence.hash,
            add_index: offence.add_index.unwrap_or(0),
            old_mismatch: self.target.old_mismatch(),
        };
        let mut error = offence.end.error(&telling);
        if !self.options.reveal {
            let hash = text::hex(&offence.hash);
            error = error.replace(&hash, "…");
            if let End::SetUndated(set) = &offence.end {
                error = error.replace(&text::hex(set), "…");
            }
            if let End::LegacyPlain(_) | End::LegacyState(..) = &offence.end
                && let Some((before, after)) = error.split_once("(Chan ID=")
                && let Some((_, after)) = after.split_once(')')
            {
                error = [before, "(…)", after].concat();
            }
        }
        error
    }

    fn offence(&self, offence: &Offence, findings: &mut Findings) {
        // Only LND's first stop must be there in any case, and it may come late.
        if findings.is_full(Code::LndMigrationFails) && !offence.first {
            return findings.count_only(Code::LndMigrationFails);
        }
        let path = match offence.end {
            End::HashLength(_) => "invoices/paymenthashes",
            End::Twice(Column::ScratchId) | End::NotThere | End::Short => {
                "invoices/invoice-add-index"
            }
            _ => "invoices",
        };
        let fixed = offence.rule == Rule::P3 && !self.target.rebuilds_legacy_amp();
        let values = Values::new()
            .with("rule", offence.rule.name())
            .with_some("number", offence.key)
            .with_some("add_index", offence.add_index)
            .with("lnd_error", self.error(offence))
            .with("lnd_crashes", offence.end.crashes())
            .with("stops_here", offence.first)
            .with_some("fixed_in", fixed.then_some("v0.20.4, v0.21.3"));
        let place = self.place(offence.at, path, offence.key);
        findings.push(Finding::new(Code::LndMigrationFails, place).values(values));
    }

    fn quiet(&self, quiet: &Quiet, findings: &mut Findings) {
        let code = if quiet.lost { Code::LndMigrationLoses } else { Code::LndMigrationAlters };
        if findings.is_full(code) {
            return findings.count_only(code);
        }
        let state = match quiet.state {
            0 => "open",
            1 => "settled",
            2 => "canceled",
            3 => "accepted",
            _ => "other",
        };
        let values = Values::new()
            .with("rule", quiet.rule.name())
            .with("number", quiet.key)
            .with("add_index", quiet.add_index)
            .with("state", state);
        let place = self.place(quiet.at, "invoices", Some(quiet.key));
        findings.push(Finding::new(code, place).values(values));
    }

    fn place(&self, at: crate::kv::bucket::At, path: &str, key: Option<u32>) -> Place {
        let place = at.place().of_input(self.input).within(path);
        match key {
            Some(key) => place.about(alloc::format!("#{key}")),
            None => place,
        }
    }
}
