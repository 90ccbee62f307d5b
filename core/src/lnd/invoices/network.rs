//! Which network a payment request is for: its human-readable part says so.

use crate::sorting::sort;
use alloc::vec::Vec;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// A network by the beginning of its payment requests (BOLT 11; LND's chain parameters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Network {
    /// `lnbc`: Bitcoin's mainnet.
    Mainnet,
    /// `lntb`: testnet 3 and 4, which share it.
    Testnet,
    /// `lntbs`.
    Signet,
    /// `lnbcrt`.
    Regtest,
    /// `lnsb`: btcd's simnet.
    Simnet,
    /// `lnltc`, which LND up to v0.17 spoke.
    Litecoin,
    /// `lntltc`.
    LitecoinTestnet,
}

impl Network {
    /// All of them.
    pub const ALL: &'static [Network] = &[
        Network::Mainnet,
        Network::Testnet,
        Network::Signet,
        Network::Regtest,
        Network::Simnet,
        Network::Litecoin,
        Network::LitecoinTestnet,
    ];

    /// LND's name of it, as in directory names and in `chain_params`.
    pub const fn name(self) -> &'static str {
        match self {
            Network::Mainnet => "mainnet",
            Network::Testnet => "testnet",
            Network::Signet => "signet",
            Network::Regtest => "regtest",
            Network::Simnet => "simnet",
            Network::Litecoin => "litecoin",
            Network::LitecoinTestnet => "litecoin-testnet",
        }
    }

    /// How its payment requests begin.
    pub const fn prefix(self) -> &'static str {
        match self {
            Network::Mainnet => "lnbc",
            Network::Testnet => "lntb",
            Network::Signet => "lntbs",
            Network::Regtest => "lnbcrt",
            Network::Simnet => "lnsb",
            Network::Litecoin => "lnltc",
            Network::LitecoinTestnet => "lntltc",
        }
    }

    /// The network of that payment request. Behind the prefix stands a digit: of the amount, or the
    /// 1 that ends the human-readable part.
    pub fn of_payment_request(text: &[u8]) -> Option<Network> {
        let ends = |network: &Network| {
            let prefix = network.prefix().as_bytes();
            text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
                && text.get(prefix.len()).is_some_and(u8::is_ascii_digit)
        };
        Network::ALL.iter().copied().find(ends)
    }
}

/// How many payment requests there are of each network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    counts: Vec<(Network, u64)>,
    /// Payment requests of no known network.
    pub unknown: u64,
    /// Invoices without a payment request: spontaneous payments.
    pub none: u64,
}

impl Census {
    /// Counts one.
    pub fn add(&mut self, payment_request: &[u8]) {
        if payment_request.is_empty() {
            self.none += 1;
            return;
        }
        let Some(network) = Network::of_payment_request(payment_request) else {
            self.unknown += 1;
            return;
        };
        if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == network) {
            *count += 1;
        } else {
            self.counts.push((network, 1));
            sort(&mut self.counts);
        }
    }

    /// How many there are of that network.
    pub fn count(&self, network: Network) -> u64 {
        self.counts.iter().find(|(known, _)| *known == network).map_or(0, |(_, count)| *count)
    }

    /// Each network that occurs.
    pub fn iter(&self) -> impl Iterator<Item = (Network, u64)> {
        self.counts.iter().copied()
    }

    /// The network of most of them; `None` where there are none, or as many of another.
    pub fn majority(&self) -> Option<Network> {
        let (network, most) = self.counts.iter().copied().max_by_key(|(_, count)| *count)?;
        (self.counts.iter().filter(|(_, count)| *count == most).count() == 1).then_some(network)
    }
}

impl Serialize for Census {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (network, count) in self.iter() {
            map.serialize_entry(network.name(), &count)?;
        }
        map.serialize_entry("unknown", &self.unknown)?;
        map.serialize_entry("none", &self.none)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "json")]
    fn a_census_is_told_by_names() {
        let mut census = Census::default();
        for request in ["lnbc1x", "lnbcrt1x", "lnbc2x", "", "nothing"] {
            census.add(request.as_bytes());
        }
        let each: Vec<_> = census.iter().collect();
        assert_eq!(each, [(Network::Mainnet, 2), (Network::Regtest, 1)]);
        let json = serde_json::to_string(&census).unwrap();
        assert_eq!(json, r#"{"mainnet":2,"regtest":1,"unknown":1,"none":1}"#);
    }

    #[test]
    fn prefixes_are_told_apart() {
        let network = |text: &str| Network::of_payment_request(text.as_bytes());
        assert_eq!(network("lnbc1pvjluez"), Some(Network::Mainnet));
        assert_eq!(network("lnbc2500u1pvjluez"), Some(Network::Mainnet));
        assert_eq!(network("LNBC1PVJLUEZ"), Some(Network::Mainnet));
        assert_eq!(network("lnbcrt500u1p"), Some(Network::Regtest));
        assert_eq!(network("lntb20m1p"), Some(Network::Testnet));
        assert_eq!(network("lntbs1p"), Some(Network::Signet));
        assert_eq!(network("lnsb1p"), Some(Network::Simnet));
        assert_eq!(network("lntltc1p"), Some(Network::LitecoinTestnet));
        assert_eq!(["", "lnbc", "lnbcx1", "lnxx1p", "\u{1}"].map(network), [None; 5]);
    }
}
