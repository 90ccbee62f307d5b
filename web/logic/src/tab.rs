//! The tables beside the byte view, by name.

/// The tables beside the byte view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    /// What was found.
    #[default]
    Findings,
    /// Records in the order of the file.
    Records,
    /// Live channels.
    Channels,
    /// Nodes with live channels.
    Nodes,
    /// What releases of lightningd do with the file.
    Releases,
    /// The repair.
    Repair,
    /// LND's invoices.
    Invoices,
    /// LND's buckets.
    Buckets,
    /// In what LND's two sides differ.
    Differences,
    /// LND's migration, rehearsed.
    Rehearsal,
    /// The pages of LND's files.
    Pages,
}

impl Tab {
    /// Those of LND's stores.
    pub const LND: [Tab; 6] =
        [Tab::Findings, Tab::Differences, Tab::Rehearsal, Tab::Invoices, Tab::Buckets, Tab::Pages];

    /// Those of a gossip_store, in order.
    pub const ALL: [Tab; 6] =
        [Tab::Findings, Tab::Records, Tab::Channels, Tab::Nodes, Tab::Releases, Tab::Repair];

    /// Its name in an address.
    pub const fn name(self) -> &'static str {
        match self {
            Tab::Findings => "findings",
            Tab::Records => "records",
            Tab::Channels => "channels",
            Tab::Nodes => "nodes",
            Tab::Releases => "lightningd",
            Tab::Repair => "repair",
            Tab::Invoices => "invoices",
            Tab::Buckets => "buckets",
            Tab::Differences => "differences",
            Tab::Rehearsal => "rehearsal",
            Tab::Pages => "pages",
        }
    }

    /// The tab of that name.
    pub fn from_name(name: &str) -> Option<Tab> {
        Tab::ALL.into_iter().chain(Tab::LND).find(|tab| tab.name() == name)
    }
}
