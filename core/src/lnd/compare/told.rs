//! Differences as findings, and the report.

use alloc::string::String;
use alloc::vec::Vec;

use super::difference::{Cost, Difference, Told};
use super::join::Join;
use super::one::One;
use super::pair::Offer;
use super::{Compared, SideKind};
use crate::finding::{Code, Confidence, Finding, Findings, Place, Severity, Step, Value, Values};
use crate::lnd::check::{Given, Role, log_of};
use crate::lnd::invoice::ContractState;
use crate::report::{Headline, Report};

/// Where an invoice stands on the older side.
fn old_place(join: &Join, one: &One) -> Place {
    let path = match join.summary.old.kind {
        SideKind::Kv | SideKind::Sql => "invoices",
        SideKind::List => "listinvoices",
    };
    one.at.place().of_input(join.summary.old.input).within(path).about(name(join, one))
}

/// What an invoice is called.
fn name(join: &Join, one: &One) -> String {
    match &one.hash {
        Some(hash) => join.privacy.hash(hash),
        None => alloc::format!("#{}", one.number),
    }
}

pub(super) fn difference(join: &mut Join, old: &One, new: &One, difference: &Difference) {
    let code = if difference.ahead { Code::LndKvAhead } else { Code::LndInvoiceDiffers };
    if join.findings.is_full(code) {
        return join.findings.count_only(code);
    }
    let Difference { field, of, old: before, new: after, cost, .. } = difference;
    let shown = |told: &Told| told.shown(&join.privacy);
    let values = Values::new()
        .with("differing_field", field.name())
        .with_some("part_of", (*of != Told::Absent).then(|| shown(of)))
        .with("old_value", shown(before))
        .with("new_value", shown(after))
        .with("cost", cost.name())
        .with("number", old.number)
        .with("provenance", new.provenance.name());
    let mut finding = Finding::new(code, old_place(join, old)).values(values);
    if *cost == Cost::Nothing {
        finding.severity = Severity::Warning;
    }
    join.findings.push(finding);
}

fn stated(join: &Join, one: &One) -> Values {
    let held = matches!(one.invoice.state, ContractState::Open | ContractState::Accepted);
    let cost = if held { Cost::Money } else { Cost::Books };
    Values::new()
        .with("state", one.invoice.state.name())
        .with_some("made", u64::try_from(one.invoice.created.unix()).ok())
        .with("amount_msat", join.privacy.amount(one.invoice.amount_paid_msat))
        .with("cost", cost.name())
        .with("number", one.number)
}

fn put(join: &mut Join, code: Code, place: Place, values: Values) {
    join.findings.push(Finding::new(code, place).values(values));
}

/// `deletable`: LND may have canceled it, and deleted it then.
pub(super) fn missing(join: &mut Join, one: &One, deletable: bool) {
    if join.findings.is_full(Code::LndInvoiceMissing) {
        return join.findings.count_only(Code::LndInvoiceMissing);
    }
    let (place, values) = (old_place(join, one), stated(join, one));
    let values = values.with("may_be_deleted", deletable);
    let mut finding = Finding::new(Code::LndInvoiceMissing, place).values(values);
    if deletable || join.summary.new.kind == SideKind::List {
        // lncli lists a hundred if nothing else is asked for.
        finding.severity = Severity::Warning;
        finding = finding.sure(Confidence::Possible);
    }
    join.findings.push(finding);
}

pub(super) fn left_behind(join: &mut Join, one: &One) {
    if join.findings.is_full(Code::LndLeftBehind) {
        return join.findings.count_only(Code::LndLeftBehind);
    }
    let (place, values) = (old_place(join, one), stated(join, one));
    put(join, Code::LndLeftBehind, place, values);
}

pub(super) fn extra(join: &mut Join, one: &One) {
    if join.findings.is_full(Code::LndInvoiceExtra) {
        return join.findings.count_only(Code::LndInvoiceExtra);
    }
    let place =
        one.at.place().of_input(join.summary.new.input).within("invoices").about(name(join, one));
    let values = stated(join, one);
    put(join, Code::LndInvoiceExtra, place, values);
}

/// The report, once both sides were compared.
pub(super) fn report(given: &[Given<'_>], offers: &[Offer], mut join: Join) -> Compared {
    let whole = |input: u32| {
        let len = given.get(input as usize).map_or(0, |one| one.source.len());
        Place::span(0, len).of_input(input)
    };
    let summary = join.summary.clone();
    let (old, new) = (whole(summary.old.input), whole(summary.new.input));
    let values = Values::new()
        .with("old_invoices", summary.old.invoices)
        .with("new_invoices", summary.new.invoices)
        .with("same", summary.same)
        .with("differing", summary.differ)
        .with("missing", summary.missing)
        .with("gone", summary.deleted)
        .with("left_behind", summary.left_behind)
        .with("orphans", summary.orphans)
        .with("made_here", summary.made_here)
        .with("extra", summary.extra)
        .with("unexplained", summary.unexplained);
    put(&mut join, Code::LndCompared, new.clone(), values.clone());
    if summary.deleted > 0 {
        let numbers = join.deleted.iter().map(|number| Value::Number(*number)).collect();
        let deleted =
            Values::new().with("count", summary.deleted).with("numbers", Value::List(numbers));
        put(&mut join, Code::LndInvoicesDeleted, old, deleted);
    }
    if summary.unread > 0 {
        let unread = Values::new().with("count", summary.unread);
        put(&mut join, Code::LndNotCompared, new, unread);
    }
    let differs = summary.differ + summary.missing + summary.left_behind + summary.extra > 0;
    let headline = if differs { Headline::LndSidesDiffer } else { Headline::LndSidesAgree };
    let mut findings: Findings = join.findings;
    let roles: Vec<Role> = offers.iter().map(|offer| offer.role).collect();
    findings.settle(&log_of(&roles));
    let inputs: Vec<_> = given.iter().zip(offers).map(|(one, offer)| offer.input_of(one)).collect();
    let first = inputs.first().copied();
    let first =
        first.unwrap_or(crate::report::Input { kind: crate::detect::Kind::Unknown, size: 0 });
    let mut report = Report::new(first, headline, values, findings, None);
    if inputs.len() > 1 {
        report.inputs = inputs;
    }
    if report.verdict.severity == Severity::Info {
        report.verdict.next = alloc::vec![Step::Nothing];
    }
    Compared { summary, report }
}
