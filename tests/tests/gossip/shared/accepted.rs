//! Whoever writes a version of up to 12 takes what was repaired into it. The fuzz target of repair
//! compiles this file too.

use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::salvage::{Plan, Reason};
use fulgurite_core::gossip::verdict::{Check, Choice, Fate, GossipdVerdict, Release, VerdictJob};
use fulgurite_core::job::Job as _;
use fulgurite_tests::flags::{DELETED, ZOMBIE};
use fulgurite_tests::{Record, walk};

/// The release that writes the version takes what was repaired, unless no channel has an update
/// that it accepts: then what newer releases take is kept.
pub(crate) fn accepted(plan: &Plan, repaired: &[u8]) -> Result<(), String> {
    let Some(release) = Release::writing(plan.version).filter(|_| plan.version <= 12) else {
        return Ok(());
    };
    let GossipdVerdict { fate, check, log, .. } = verdict(release, repaired);
    if taken(fate) {
        return Ok(());
    }
    let unjudged = plan.dropped_for(Reason::Refused) == 0
        && (plan.updates == 0 && check == Some(Check::Unupdated) || check == Some(Check::Update));
    if !unjudged {
        return Err(format!("{} does not take it: {fate:?}, {log:?}", release.name));
    }
    match fit(release, repaired) {
        Some(channel) => Err(format!("{} would take {channel}", release.name)),
        None => Ok(()),
    }
}

/// A channel that the release would take with one of its updates, if nothing else were there. What
/// is marked as a zombie stays where it stood, and counts for nothing.
fn fit(release: &'static Release, repaired: &[u8]) -> Option<String> {
    let records = walk(repaired).ok()?;
    let dead = DELETED | ZOMBIE;
    let live: Vec<&Record<'_>> = records.iter().filter(|it| it.flags & dead == 0).collect();
    let channels =
        live.windows(2).filter(|it| (it[0].record_type, it[1].record_type) == (256, 4101));
    for channel in channels {
        let scid = announced(channel[0].body);
        let of_it = |it: &&&Record<'_>| it.record_type == 258 && it.body.get(98..106) == scid;
        for update in live.iter().filter(of_it) {
            let alone = [&repaired[..1], channel[0].whole, channel[1].whole, update.whole].concat();
            if taken(verdict(release, &alone).fate) {
                return Some(format!("{scid:02x?} with {:02x?}", update.whole));
            }
        }
    }
    None
}

/// The short channel id of a `channel_announcement`.
fn announced(body: &[u8]) -> Option<&[u8]> {
    let features = body.get(258..260).map(|len| u16::from_be_bytes([len[0], len[1]]))?;
    // Behind the features, the chain.
    let at = 260 + usize::from(features) + 32;
    body.get(at..at + 8)
}

fn verdict(release: &'static Release, store: &[u8]) -> GossipdVerdict {
    let wanted = Choice::Some(vec![release]).wanted(store.first().copied());
    let store = store.to_vec();
    let job = VerdictJob::new(&store, wanted, Limits::default(), 7);
    job.run().expect("memory is read").remove(0).gossipd
}

fn taken(fate: Fate) -> bool {
    matches!(fate, Fate::Accepted | Fate::Compacted)
}
