//! Which network stores belong to: as LND calls it, and as payment requests name it.

use alloc::vec::Vec;

/// A network that LND runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// Bitcoin.
    Mainnet,
    /// Test network 3.
    Testnet,
    /// Test network 4.
    Testnet4,
    /// Signet, the public one or a private one.
    Signet,
    /// btcd's own.
    Simnet,
    /// A private chain.
    Regtest,
}

impl Network {
    /// All of them.
    pub const ALL: &'static [Network] = &[
        Network::Mainnet,
        Network::Testnet,
        Network::Testnet4,
        Network::Signet,
        Network::Simnet,
        Network::Regtest,
    ];

    /// Its name, as LND calls its directory and its row in `chain_params`
    /// (`lncfg.NormalizeNetwork`).
    pub const fn name(self) -> &'static str {
        match self {
            Network::Mainnet => "mainnet",
            Network::Testnet => "testnet",
            Network::Testnet4 => "testnet4",
            Network::Signet => "signet",
            Network::Simnet => "simnet",
            Network::Regtest => "regtest",
        }
    }

    /// The network of a directory.
    pub fn named(name: &str) -> Option<Network> {
        let name = if name == "testnet3" { "testnet" } else { name };
        Network::ALL.iter().copied().find(|network| network.name() == name)
    }

    /// Whether both use the same prefix in payment requests.
    pub fn same_prefix(self, other: Network) -> bool {
        let prefix = |network| match network {
            Network::Testnet4 => Network::Testnet,
            other => other,
        };
        prefix(self) == prefix(other)
    }
}

crate::finding::serialize_by_name!(Network);

/// How many payment requests name which network. Test networks 3 and 4 share a prefix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// `lnbc`.
    pub mainnet: u64,
    /// `lntb`.
    pub testnet: u64,
    /// `lntbs`.
    pub signet: u64,
    /// `lnsb`.
    pub simnet: u64,
    /// `lnbcrt`.
    pub regtest: u64,
}

impl Census {
    /// Counts one payment request.
    pub fn count(&mut self, payment_request: &[u8]) {
        let lower = |byte: &u8| byte.to_ascii_lowercase();
        let head: Vec<u8> = payment_request.iter().take(8).map(lower).collect();
        // The prefix ends at the amount or at the separator, so `lntbs` + digit is signet, and
        // `lntb1…` with an `s` further on is not.
        let named = |prefix: &[u8]| {
            let next = head.strip_prefix(prefix).and_then(<[u8]>::first);
            next.is_some_and(u8::is_ascii_digit)
        };
        let slot = if named(b"lnbc") {
            &mut self.mainnet
        } else if named(b"lntb") {
            &mut self.testnet
        } else if named(b"lntbs") {
            &mut self.signet
        } else if named(b"lnsb") {
            &mut self.simnet
        } else if named(b"lnbcrt") {
            &mut self.regtest
        } else {
            return;
        };
        *slot = slot.saturating_add(1);
    }

    /// The network of more than half of them, and of how many.
    pub fn majority(&self) -> Option<(Network, u64)> {
        let counts = [
            (Network::Mainnet, self.mainnet),
            (Network::Testnet, self.testnet),
            (Network::Signet, self.signet),
            (Network::Simnet, self.simnet),
            (Network::Regtest, self.regtest),
        ];
        let all = counts.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        counts.into_iter().find(|(_, count)| *count > all / 2)
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Census) -> Census {
        Census {
            mainnet: self.mainnet.saturating_add(other.mainnet),
            testnet: self.testnet.saturating_add(other.testnet),
            signet: self.signet.saturating_add(other.signet),
            simnet: self.simnet.saturating_add(other.simnet),
            regtest: self.regtest.saturating_add(other.regtest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_payment_requests_name_networks() {
        let mut census = Census::default();
        for request in [
            "lnbc1p",
            "lnbc25m1p",
            "LNBC1P",
            "lntb1s",
            "lntb20u1",
            "lntbs1",
            "lntbs500n1",
            "lnbcrt1p",
            "lnsb1p",
            "lno1",
            "",
            "lnbc",
            "ln",
        ] {
            census.count(request.as_bytes());
        }
        let expected = Census { mainnet: 3, testnet: 2, signet: 2, simnet: 1, regtest: 1 };
        assert_eq!(census, expected);
        assert_eq!(census.majority(), None, "no network has more than half");
        census.mainnet = 7;
        assert_eq!(census.majority(), Some((Network::Mainnet, 7)));
        assert_eq!(Census::default().majority(), None);
    }
}
