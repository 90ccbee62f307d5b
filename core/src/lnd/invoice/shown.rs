//! An invoice as JSON: stable names, 64-bit numbers as texts, secrets only if revealing was asked
//! for.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{AmpSet, Htlc, HtlcAmp, Invoice};
use crate::lnd::gotime::Text;
use crate::lnd::invoices::Network;
use crate::lnd::privacy::Privacy;
use crate::text::visible;

/// An invoice, to be written. Every name is always there.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The invoice.
    pub invoice: &'a Invoice,
    /// How much is told.
    pub privacy: &'a Privacy,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Shown { invoice, privacy } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("encoding", invoice.encoding.name())?;
        map.serialize_entry("state", invoice.state.name())?;
        map.serialize_entry("created", &invoice.created)?;
        map.serialize_entry("settled", &invoice.settled)?;
        map.serialize_entry("add_index", &Text(invoice.add_index))?;
        map.serialize_entry("settle_index", &Text(invoice.settle_index))?;
        map.serialize_entry("value_msat", &privacy.amount(invoice.value_msat))?;
        map.serialize_entry("amount_paid_msat", &privacy.amount(invoice.amount_paid_msat))?;
        map.serialize_entry("cltv_delta", &invoice.cltv_delta)?;
        let seconds = invoice.expiry.map(|expiry| Text(expiry.seconds()));
        map.serialize_entry("expiry_seconds", &seconds)?;
        let nanoseconds = invoice.expiry.and_then(super::Expiry::nanoseconds).map(Text);
        map.serialize_entry("expiry_ns", &nanoseconds)?;
        map.serialize_entry("amp", &invoice.is_amp())?;
        map.serialize_entry("keysend", &invoice.is_keysend())?;
        map.serialize_entry("hodl", &invoice.hodl)?;
        map.serialize_entry("features", &Each(|| invoice.features.iter()))?;
        map.serialize_entry("memo", &Words(&invoice.memo, privacy))?;
        map.serialize_entry("receipt", &Words(&invoice.receipt, privacy))?;
        map.serialize_entry("payment_request", &Words(&invoice.payment_request, privacy))?;
        let network = Network::of_payment_request(&invoice.payment_request);
        map.serialize_entry("network", &network.map(Network::name))?;
        let preimage = invoice.preimage.map(|preimage| privacy.secret(&preimage));
        map.serialize_entry("preimage", &preimage)?;
        let address = invoice.payment_addr.map(|address| privacy.address(&address));
        map.serialize_entry("payment_addr", &address)?;
        let sets = invoice.amp.as_deref();
        let sets = sets.map(|sets| Each(move || sets.iter().map(|set| ShownSet(set, privacy))));
        map.serialize_entry("amp_sets", &sets)?;
        map.serialize_entry("htlcs", &ShownHtlcs { htlcs: &invoice.htlcs, privacy })?;
        map.serialize_entry("unknown_records", &invoice.unknown_records)?;
        map.serialize_entry("trailing", &invoice.trailing)?;
        map.serialize_entry("cut", &Text(invoice.cut))?;
        map.end()
    }
}

/// HTLCs, to be written.
#[derive(Clone, Copy, Debug)]
pub struct ShownHtlcs<'a> {
    /// The HTLCs.
    pub htlcs: &'a [Htlc],
    /// How much is told.
    pub privacy: &'a Privacy,
}

impl Serialize for ShownHtlcs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let privacy = self.privacy;
        Each(|| self.htlcs.iter().map(|htlc| ShownHtlc(htlc, privacy))).serialize(serializer)
    }
}

struct ShownHtlc<'a>(&'a Htlc, &'a Privacy);

impl Serialize for ShownHtlc<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownHtlc(htlc, privacy) = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("circuit", &privacy.circuit(htlc.circuit))?;
        map.serialize_entry("state", htlc.state.name())?;
        map.serialize_entry("amount_msat", &privacy.amount(htlc.amount_msat))?;
        let total = htlc.mpp_total_msat.map(|total| privacy.amount(total));
        map.serialize_entry("mpp_total_msat", &total)?;
        map.serialize_entry("accept_height", &htlc.accept_height)?;
        map.serialize_entry("accept_time", &htlc.accept_time)?;
        map.serialize_entry("resolve_time", &htlc.resolve_time)?;
        map.serialize_entry("expiry_height", &htlc.expiry_height)?;
        map.serialize_entry("amp", &htlc.amp.as_deref().map(|amp| ShownAmp(amp, privacy)))?;
        let records = || htlc.custom_records.iter();
        let records = || records().map(|(kind, value)| ShownRecord(*kind, value, privacy));
        map.serialize_entry("custom_records", &Each(records))?;
        map.end()
    }
}

struct ShownAmp<'a>(&'a HtlcAmp, &'a Privacy);

impl Serialize for ShownAmp<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownAmp(amp, privacy) = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("set_id", &privacy.set(&amp.set_id))?;
        map.serialize_entry("child_index", &amp.child_index)?;
        map.serialize_entry("root_share", &privacy.secret(&amp.root_share))?;
        map.serialize_entry("hash", &amp.hash.map(|hash| privacy.hash(&hash)))?;
        map.serialize_entry("preimage", &amp.preimage.map(|preimage| privacy.secret(&preimage)))?;
        map.end()
    }
}

struct ShownSet<'a>(&'a AmpSet, &'a Privacy);

impl Serialize for ShownSet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownSet(set, privacy) = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("set_id", &privacy.set(&set.set_id))?;
        map.serialize_entry("state", set.state.name())?;
        map.serialize_entry("settle_index", &Text(set.settle_index))?;
        map.serialize_entry("settled", &set.settled)?;
        map.serialize_entry("created", &set.created)?;
        let paid = set.amount_paid_msat.map(|paid| privacy.amount(paid));
        map.serialize_entry("amount_paid_msat", &paid)?;
        let circuits = || set.circuits.iter().map(|circuit| privacy.circuit(*circuit));
        map.serialize_entry("circuits", &Each(circuits))?;
        map.end()
    }
}

struct ShownRecord<'a>(u64, &'a [u8], &'a Privacy);

impl Serialize for ShownRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ShownRecord(kind, value, privacy) = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &Text(kind))?;
        map.serialize_entry("bytes", &value.len())?;
        map.serialize_entry("value", &privacy.secret(value))?;
        map.end()
    }
}

/// Text that somebody wrote: its length, and itself only if revealing was asked for.
struct Words<'a>(&'a [u8], &'a Privacy);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("bytes", &self.0.len())?;
        map.serialize_entry("text", &self.1.reveals().then(|| visible(self.0)))?;
        map.end()
    }
}

/// A sequence made while it is written.
struct Each<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for item in (self.0)() {
            seq.serialize_element(&item)?;
        }
        seq.end()
    }
}
