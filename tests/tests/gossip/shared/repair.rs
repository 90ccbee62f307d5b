//! Repair under observation: what it says it does, and what comes of it. The fuzz targets of repair
//! compile this file too.

use std::collections::{BTreeSet, HashMap};

use fulgurite_core::finding::{Code, Finding, Severity, Span};
use fulgurite_core::gossip::check::{Options as Looking, check};
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::salvage::{
    Item, Ledger, Mend, Options, Plan, PlanJob, Reason, SalvageError, Segment,
};
use fulgurite_core::job::{Job, Work};
use fulgurite_core::source::Source;
use fulgurite_tests::{Record, header_len, intact, walk};

/// What became of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept { moved: bool },
    Dropped(Reason),
}

/// All that the plan told.
#[derive(Default)]
pub(crate) struct Accounts {
    pub(crate) records: Vec<(Item, Fate)>,
    /// The announcements for which an amount was made.
    pub(crate) amounts: Vec<Item>,
    pub(crate) lost: Vec<(u8, Span)>,
}

impl Ledger for Accounts {
    fn kept(&mut self, item: &Item, moved: bool) {
        self.records.push((item.clone(), Fate::Kept { moved }));
    }

    fn dropped(&mut self, item: &Item, why: Reason) {
        self.records.push((item.clone(), Fate::Dropped(why)));
    }

    fn amount_made(&mut self, announcement: &Item) {
        self.amounts.push(announcement.clone());
    }

    fn lost(&mut self, source: u8, span: Span) {
        self.lost.push((source, span));
    }
}

/// A repair.
pub(crate) struct Repaired {
    pub(crate) plan: Plan,
    pub(crate) accounts: Accounts,
    pub(crate) bytes: Vec<u8>,
}

/// Repairs these inputs.
pub(crate) fn repair(inputs: &[&[u8]], options: Options<'_>) -> Result<Repaired, SalvageError> {
    let inputs: Vec<Vec<u8>> = inputs.iter().map(|input| input.to_vec()).collect();
    let sources: Vec<&dyn Source> = inputs.iter().map(|input| input as &dyn Source).collect();
    let planned = PlanJob::new(&sources, options)?.run().expect("a slice is read")?;
    let mut accounts = Accounts::default();
    planned.account(&sources, &mut accounts).expect("a slice is read");
    let mut bytes = Vec::new();
    let mut writer = planned.writer();
    while let Some((segments, _)) =
        writer.step(&planned, &sources, Work::default()).expect("a slice is read")
    {
        for segment in segments {
            match segment {
                Segment::Bytes(more) => bytes.extend(more),
                Segment::Copy { source, at, len } => {
                    let at = usize::try_from(at).expect("small");
                    let len = usize::try_from(len).expect("small");
                    bytes.extend(&inputs[usize::from(source)][at..at + len]);
                }
            }
        }
    }
    Ok(Repaired { plan: planned.plan, accounts, bytes })
}

/// What there would be to repair.
pub(crate) fn wounds(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = super::report(bytes).findings;
    findings.retain(|finding| {
        let of_the_bytes = !matches!(
            finding.code,
            Code::OlderVersion
                | Code::UnsupportedVersion
                | Code::Bloat
                | Code::Readvertising
                | Code::TooOld
                | Code::LimitReached
        );
        finding.severity > Severity::Info && of_the_bytes
    });
    findings
}

/// e2fsprogs' law, and that the plan told the truth: what is wrong, in words.
pub(crate) fn law(repaired: &Repaired, options: Options<'_>) -> Result<(), String> {
    let Repaired { plan, bytes, .. } = repaired;
    let wounds = wounds(bytes);
    if !wounds.is_empty() {
        return Err(format!("not clean: {wounds:?}"));
    }
    let again = repair(&[bytes], options).map_err(|error| format!("again: {error}"))?;
    if again.bytes != *bytes {
        return Err(format!("the second repair differs: {:?}", again.plan.rows));
    }
    if !again.plan.unchanged {
        return Err("the second repair is the same and says that it is not".into());
    }
    super::accepted::accepted(plan, bytes)?;
    // What counts as now is the newest timestamp of the inputs, be it of what was left out.
    let looking = Looking { now: Some(plan.now), ..Looking::default() };
    let report = check(bytes, looking).expect("a slice is read");
    let gossip = report.gossip.as_ref().ok_or("no store")?;
    let network = &gossip.network;
    let uuids = walk(bytes).map_err(|_| "a broken chain")?;
    let live = |record: &&Record<'_>| record.record_type == 4107 && record.flags & 0x8000 == 0;
    let uuids = uuids.iter().filter(live).count() as u64;
    let said = [
        plan.channels,
        plan.updates,
        plan.nodes,
        plan.announced_nodes,
        plan.channels_after_prune,
        plan.size,
        plan.records,
        u64::from(plan.version),
    ];
    let found = [
        network.channels,
        network.updates,
        network.nodes,
        network.announced_nodes,
        network.channels_after_prune,
        bytes.len() as u64,
        gossip.records - uuids,
        u64::from(gossip.version.byte),
    ];
    if said != found {
        return Err(format!("the plan says {said:?}, check finds {found:?}"));
    }
    Ok(())
}

/// Conservation: every intact record of the inputs is accounted for, and every body of the output
/// is one of theirs. `inputs`: the version that wrote each, and its bytes.
pub(crate) fn conserved(inputs: &[(u8, &[u8])], repaired: &Repaired) -> Result<(), String> {
    let (ours, engines) = intact_on_both_sides(inputs, repaired);
    if ours != engines {
        let untold: Vec<_> = ours.difference(&engines).collect();
        let unheard: Vec<_> = engines.difference(&ours).collect();
        return Err(format!("intact but not told: {untold:?}; told but not intact: {unheard:?}"));
    }
    accounted(inputs, repaired)
}

/// What is told is told once, adds up to the plan's totals, and is what was written.
pub(crate) fn accounted(inputs: &[(u8, &[u8])], repaired: &Repaired) -> Result<(), String> {
    told_once(repaired)?;
    totals(repaired)?;
    bodies(inputs, repaired)
}

/// Where intact records stand: by these tests, and by the repair.
fn intact_on_both_sides(inputs: &[(u8, &[u8])], repaired: &Repaired) -> (Places, Places) {
    let ours = (0u8..).zip(inputs).flat_map(|(source, (version, bytes))| {
        intact(*version, bytes).into_iter().map(move |(at, _)| (source, at as u64))
    });
    let items = repaired.accounts.records.iter().map(|(item, _)| item);
    let engines = items.filter(|item| item.intact && item.stored.len >= 2);
    (ours.collect(), engines.map(|item| (item.source, item.at)).collect())
}

/// Inputs and offsets.
type Places = BTreeSet<(u8, u64)>;

fn told_once(repaired: &Repaired) -> Result<(), String> {
    let mut listed: HashMap<(u8, u64), Fate> = HashMap::new();
    // The end of the unproven announcement before: its amount shares its fate.
    let mut shared = None;
    for (item, fate) in &repaired.accounts.records {
        if listed.insert((item.source, item.at), *fate).is_some() {
            return Err(format!("told twice: {item:?}"));
        }
        let unproven = *fate == Fate::Dropped(Reason::Unproven);
        let shares = shared == Some((item.source, item.at));
        shared = unproven.then_some((item.source, item.end));
        if unproven && !item.suspect && !shares {
            return Err(format!("unproven, but not inside a claimed span: {item:?}"));
        }
    }
    Ok(())
}

/// The plan's totals are those of its own ledger.
fn totals(repaired: &Repaired) -> Result<(), String> {
    let Repaired { plan, accounts, .. } = repaired;
    if plan.unchanged {
        return Ok(());
    }
    let count = |wanted: &dyn Fn(&Item, Fate) -> bool| {
        accounts.records.iter().filter(|(item, fate)| wanted(item, *fate)).count() as u64
    };
    let kept = |fate: Fate| matches!(fate, Fate::Kept { .. });
    let counted = [
        count(&|item, fate| kept(fate) && item.mends.is_empty()),
        count(&|item, fate| kept(fate) && !item.mends.is_empty()) + accounts.amounts.len() as u64,
        count(&|_, fate| fate == Fate::Kept { moved: true }),
        count(&|item, fate| !kept(fate) && item.intact),
        accounts.lost.len() as u64,
    ];
    let said = [plan.kept, plan.mended, plan.moved, plan.dropped, plan.lost.0];
    let by_reason: u64 = plan.dropped_by.iter().map(|total| total.records).sum();
    if counted != said || by_reason != plan.dropped {
        return Err(format!("ledger {counted:?}, plan {said:?}, by reason {by_reason}"));
    }
    Ok(())
}

/// Every body of the output, and nothing else, is what the ledger says.
fn bodies(inputs: &[(u8, &[u8])], repaired: &Repaired) -> Result<(), String> {
    let Repaired { plan, accounts, bytes } = repaired;
    if plan.unchanged {
        return if bytes == inputs[0].1 { Ok(()) } else { Err("changed after all".into()) };
    }
    let mut expected: HashMap<Vec<u8>, i64> = HashMap::new();
    let mut expect = |body: Vec<u8>| *expected.entry(body).or_default() += 1;
    let mut of_wraps = 0;
    for (item, fate) in &accounts.records {
        let (version, input) = inputs[usize::from(item.source)];
        if *fate == Fate::Dropped(Reason::Unproven) || !matches!(fate, Fate::Kept { .. }) {
            continue;
        }
        let body = mended_body(version, input, item);
        match inner(&body) {
            Some((inner, amount)) => {
                expect(inner.to_vec());
                if let Some(amount) = amount {
                    of_wraps += 1;
                    expect([&4101u16.to_be_bytes()[..], amount].concat());
                }
            }
            None => expect(body),
        }
    }
    let records = walk(bytes).map_err(|_| "the output's chain is broken")?;
    let mut surplus: Vec<&Record<'_>> = Vec::new();
    for record in &records {
        match expected.get_mut(record.body) {
            Some(left) if *left > 0 => *left -= 1,
            _ => surplus.push(record),
        }
    }
    if let Some((body, left)) = expected.iter().find(|(_, left)| **left > 0) {
        return Err(format!(
            "{left} bodies said to be kept are missing, of type {:02x?}",
            &body[..2]
        ));
    }
    let uuid = usize::from(plan.uuid.is_some());
    let made = accounts.amounts.len();
    let right = surplus.iter().filter(|record| record.record_type == 4107).count() == uuid
        && surplus.iter().filter(|record| record.record_type == 4101).count() == made
        && surplus.len() == uuid + made;
    if !right {
        let types: Vec<u16> = surplus.iter().map(|record| record.record_type).collect();
        return Err(format!("bodies from nowhere: {types:?} ({of_wraps} unwrapped)"));
    }
    // A made amount is one that some input has, or had before its record was wounded.
    let is_it = |whole: &[u8], body: &[u8]| {
        whole == body || inner(whole).is_some_and(|(_, amount)| amount == Some(&body[2..]))
    };
    // Where the repair says that a record stands, it is read from the input again.
    let of_told = |body: &[u8]| {
        accounts.records.iter().any(|(item, _)| {
            let (version, input) = inputs[usize::from(item.source)];
            is_it(&mended_body(version, input, item), body)
        })
    };
    let of_inputs = |body: &[u8]| {
        inputs.iter().any(|(version, input)| {
            intact(*version, input).iter().any(|(_, record)| is_it(record.body, body))
        })
    };
    match surplus.iter().find(|record| {
        record.record_type == 4101 && !of_inputs(record.body) && !of_told(record.body)
    }) {
        Some(record) => Err(format!("an amount that no input has: {:02x?}", record.body)),
        None => Ok(()),
    }
}

/// The body of a record of an input, with those mends made that its item lists.
pub(crate) fn mended_body(version: u8, input: &[u8], item: &Item) -> Vec<u8> {
    let at = usize::try_from(item.at).expect("small");
    let end = usize::try_from(item.end).expect("small");
    let mut record = input[at..end].to_vec();
    for bit in &item.mends.bits {
        record[bit.byte] ^= 1 << bit.bit;
    }
    let mut body = record.split_off(header_len(version));
    if item.mends.iter().any(|(mend, _)| mend == Mend::TimestampPair) {
        // Bit j of the timestamp meets bit j mod 8 of body byte j / 8.
        let turned = item.stored.timestamp ^ item.header.timestamp;
        for (byte, mask) in body.iter_mut().zip(turned.to_le_bytes()) {
            *byte ^= mask;
        }
    }
    body
}

/// The message that versions 2 and 3 wrap, and the amount behind it.
pub(crate) fn inner(body: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let number = |at: usize| body.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]));
    if !matches!(number(0)?, 4096..=4098) {
        return None;
    }
    let end = 4 + usize::from(number(2)?);
    Some((body.get(4..end)?, body.get(end..end + 8)))
}

/// How many rounds a test with random stores makes: `FULGURITE_ROUNDS`, or this many.
pub(crate) fn rounds(usual: u64) -> u64 {
    std::env::var("FULGURITE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Does this for each number below `rounds`, on two threads; the first of the faults.
pub(crate) fn each_round(rounds: u64, test: impl Fn(u64) -> Result<(), String> + Sync) {
    let half = |first: u64| {
        let numbers = (first..rounds).step_by(2);
        numbers.filter_map(|seed| Some((seed, test(seed).err()?))).collect::<Vec<_>>()
    };
    let faults = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut faults = half(0);
        faults.extend(other.join().expect("no panic"));
        faults
    });
    for (seed, fault) in faults.iter().take(12) {
        eprintln!("seed {seed}: {}", fault.chars().take(1200).collect::<String>());
    }
    assert!(faults.is_empty(), "{} of {rounds} rounds fail", faults.len());
}

/// The usual options, but for the version to write.
pub(crate) fn into_version(version: Option<u8>) -> Options<'static> {
    Options { version: version.map(Version), ..Options::default() }
}
