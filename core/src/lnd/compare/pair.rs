//! Which of the files are the two sides.

use alloc::vec::Vec;

use crate::detect::Kind;
use crate::kv::bolt::{Bolt, Opened};
use crate::kv::bucket::Buckets;
use crate::kv::sqlite::Sqlite;
use crate::kv::sqlkv;
use crate::lnd::check::{Given, Role, roles};
use crate::lnd::stores::{CHANNELDB, is_native};
use crate::report::Input;
use crate::source::{Cached, Source, SourceError};

/// What an input can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lnd) struct Offer {
    /// Its number.
    pub(in crate::lnd) input: u32,
    /// How it is stored.
    pub(in crate::lnd) role: Role,
    /// Whether it has, or may have, the key-value store's invoices.
    pub(in crate::lnd) kv: bool,
    /// Whether it has, or may have, those of native SQL.
    pub(in crate::lnd) sql: bool,
    /// Whether it is a list by `lncli listinvoices`.
    pub(in crate::lnd) list: bool,
}

impl Offer {
    /// The input as a report names it. What lncli printed is no kind of file that is known.
    pub(in crate::lnd) fn input_of(&self, given: &Given<'_>) -> Input {
        let mut input = self.role.input(given);
        if self.list {
            input.kind = Kind::Unknown;
        }
        input
    }
}

/// So many bytes of a file are looked at to tell a list.
const HEAD: usize = 65_536;

/// What each input has to offer.
///
/// # Errors
/// [`SourceError`] where one cannot be read.
pub(in crate::lnd) fn offers(given: &[Given<'_>]) -> Result<Vec<Offer>, SourceError> {
    let mut offers = Vec::new();
    for ((input, one), role) in (0_u32..).zip(given).zip(roles(given)?) {
        let mut offer = Offer { input, role, kv: false, sql: false, list: false };
        match role {
            Role::Bolt => {
                let source = Cached::new(one.source, 1 << 20);
                if let Opened::Bolt(bolt) = Bolt::open(&source)? {
                    offer.kv = bolt.find(&[b"invoices"])?.is_some();
                }
            }
            Role::Sqlite { log } => {
                let source = Cached::new(one.source, 1 << 20);
                let log = log.and_then(|log| given.get(log as usize));
                let log = log.map(|log| Cached::new(log.source, 1 << 20));
                let database = Sqlite::open(&source, log.as_ref())?;
                offer.kv = sqlkv::prefixes(&database).contains(&CHANNELDB);
                offer.sql = is_native(&database);
            }
            Role::PgDump => (offer.kv, offer.sql) = (true, true),
            Role::Dump => offer.kv = true,
            Role::Other(_) => offer.list = is_list(one.source)?,
            _ => {}
        }
        offers.push(offer);
    }
    Ok(offers)
}

/// Whether a file begins as `lncli listinvoices` prints it.
///
/// # Errors
/// [`SourceError`] where it cannot be read.
pub fn is_list(source: &dyn Source) -> Result<bool, SourceError> {
    let len = usize::try_from(source.len()).unwrap_or(HEAD).min(HEAD);
    let mut head = alloc::vec![0; len];
    source.read_at(0, &mut head)?;
    let text = head.trim_ascii_start();
    let name = b"\"invoices\"";
    Ok(text.starts_with(b"{") && text.windows(name.len()).any(|part| part == name))
}

/// The key-value store that goes with native SQL on that input: of the same kind rather than of
/// another, in SQL rather than in a bbolt file.
pub(in crate::lnd) fn kv_of(offers: &[Offer], sql: Option<&Offer>) -> Option<u32> {
    let rank = |offer: &Offer| match (offer.role, sql.map(|sql| sql.role)) {
        (Role::PgDump, Some(Role::PgDump)) | (Role::Sqlite { .. }, Some(Role::Sqlite { .. })) => 0,
        (Role::Sqlite { .. } | Role::PgDump, _) => 1,
        (Role::Dump, _) => 2,
        _ => 3,
    };
    let own = offers.iter().filter(|offer| offer.kv);
    own.min_by_key(|offer| (rank(offer), offer.input)).map(|offer| offer.input)
}
