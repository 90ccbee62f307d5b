//! Findings on the meta pages, and on a file that is shorter than they say.

use crate::finding::{Code, Finding, Findings, Place, Value, Values};
use crate::kv::bolt::format::META;
use crate::kv::bolt::kind::Hits;
use crate::kv::bolt::meta::{MetaFault, MetaPage, Metas};

use super::report::{Tally, push};

pub(super) fn report(metas: &Metas, len: u64, findings: &mut Findings, tally: &mut Tally) {
    if metas.accepted {
        for (number, page) in metas.pages.iter().enumerate() {
            one(metas, number, page, len, findings, tally);
        }
        pair(metas, len, findings);
    } else {
        neither(metas, len, findings, tally);
    }
    truncated(metas, len, findings, tally);
}

fn place(page: &MetaPage, len: u64) -> Place {
    Place::span(page.at.min(len), page.at.saturating_add(16 + META).min(len))
}

/// bbolt refuses the file. One of the metas may still lead to the tree.
fn neither(metas: &Metas, len: u64, findings: &mut Findings, tally: &mut Tally) {
    let [first, second] = &metas.pages;
    let name = |page: &MetaPage| page.fault.map_or("none", |fault| fault.name());
    // bbolt says what it has against the first.
    let upstream = first.fault.and_then(MetaFault::upstream).unwrap_or("invalid database");
    let values = Values::new()
        .with("meta_fault", Value::List([name(first).into(), name(second).into()].into()))
        .with("upstream", upstream)
        .with("read_on", metas.used.is_some())
        .with("hits", Hits::Everything.name());
    tally.add(Hits::Everything, 0);
    push(
        findings,
        Finding::new(Code::BoltNoMeta, place(first, len)).values(values),
        Hits::Everything,
    );
}

fn one(
    metas: &Metas,
    number: usize,
    page: &MetaPage,
    len: u64,
    findings: &mut Findings,
    tally: &mut Tally,
) {
    let Some(fault) = page.fault else { return };
    // The one that holds may have a fault too, which bbolt does not look at.
    let holds = metas.used == Some(number);
    let (lost, hits) = match metas.lost_newer() {
        _ if holds => ("unknown", Hits::Everything),
        Some(false) => ("no", Hits::Unused),
        Some(true) => ("yes", Hits::Everything),
        None => ("unknown", Hits::Everything),
    };
    let values = Values::new()
        .with("pgid", number)
        .with("meta_fault", fault.name())
        .with("lost_newer", lost)
        .with("txid", metas.meta().map_or(0, |meta| meta.txid))
        .with("hits", hits.name());
    tally.add(hits, 0);
    push(findings, Finding::new(Code::BoltMetaDamaged, place(page, len)).values(values), hits);
}

fn pair(metas: &Metas, len: u64, findings: &mut Findings) {
    let [Some(first), Some(second)] = metas.pages.map(|page| page.valid()) else { return };
    if metas.torn() {
        let place = Place::span(0, metas.page_size.saturating_add(16 + META).min(len));
        let values = Values::new().with("txid", first.txid).with("other_txid", second.txid);
        findings.push(Finding::new(Code::BoltMetaPair, place).values(values));
    }
}

fn truncated(metas: &Metas, len: u64, findings: &mut Findings, tally: &mut Tally) {
    let Some(meta) = metas.meta() else { return };
    let need = meta.hwm.saturating_mul(metas.page_size);
    if need > len {
        let missing = meta.hwm.saturating_sub(len / metas.page_size.max(1));
        let values = Values::new()
            .with("need", need)
            .with("have", len)
            .with("pages", missing)
            .with("hwm", meta.hwm);
        // What is hit, the pages say that something leads to.
        tally.add(Hits::Unused, 0);
        findings.push(Finding::new(Code::BoltTruncated, Place::span(len, len)).values(values));
    }
}
