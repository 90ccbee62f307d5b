//! What each file is, by its content, and which log belongs to which database.

use alloc::vec::Vec;

use crate::detect::{HEAD, Kind, detect, unstructured};
use crate::gossip::scan::{Batch, Scanner};
use crate::kv::bolt;
#[cfg(feature = "json")]
use crate::kv::dump;
use crate::kv::pgdump::{self, Recognised};
use crate::report::Input;
use crate::source::{Source, SourceError, read_span};

/// A file that was given.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Its bytes.
    pub source: &'a dyn Source,
    /// Its name, if a face knows it. It only says which log belongs to which database where both
    /// would do; no report has it.
    pub name: Option<&'a str>,
}

/// What a file is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A bbolt file.
    Bolt,
    /// An SQLite database, and the input that is its log.
    Sqlite {
        /// Its write-ahead log.
        log: Option<u32>,
    },
    /// The log of another input.
    Log,
    /// A log whose database was not given.
    LoneLog,
    /// A plain dump of Postgres.
    PgDump,
    /// A dump of Postgres that must be converted first.
    PackedDump(Recognised),
    /// A dump of buckets.
    Dump,
    /// Something else.
    Other(Kind),
}

impl Role {
    /// The input as a report names it.
    pub fn input(&self, given: &Given<'_>) -> Input {
        let kind = match self {
            Role::Bolt => Kind::Bolt,
            Role::Sqlite { .. } => Kind::Sqlite,
            Role::Log | Role::LoneLog => Kind::SqliteWal,
            Role::PgDump | Role::PackedDump(_) => Kind::PgDump,
            Role::Dump => Kind::BucketDump,
            Role::Other(kind) => *kind,
        };
        Input { kind, size: given.source.len() }
    }
}

/// Whether a file that begins so is one for [`check`](super::check): a database or a dump that is
/// not another program's.
pub fn is_of_lnd(head: &[u8]) -> bool {
    !matches!(role(head), Role::Other(_))
}

fn role(head: &[u8]) -> Role {
    // A log begins with one of two numbers, for the two byte orders of its checksums.
    if head.starts_with(&[0x37, 0x7f, 0x06, 0x82]) || head.starts_with(&[0x37, 0x7f, 0x06, 0x83]) {
        return Role::LoneLog;
    }
    match pgdump::recognise(head) {
        Some(Recognised::Plain) => return Role::PgDump,
        Some(packed) => return Role::PackedDump(packed),
        None => {}
    }
    #[cfg(feature = "json")]
    if dump::recognise(head) {
        return Role::Dump;
    }
    match detect(head) {
        Kind::Sqlite => Role::Sqlite { log: None },
        Kind::Bolt => Role::Bolt,
        kind => Role::Other(kind),
    }
}

/// What each of these files is.
///
/// # Errors
/// [`SourceError`] where one cannot be read.
pub fn roles(given: &[Given<'_>]) -> Result<Vec<Role>, SourceError> {
    let mut roles = Vec::new();
    let mut sizes = Vec::new();
    for one in given {
        let head = read_span(one.source, 0, HEAD)?;
        let mut role = role(&head);
        // SQLite leaves an empty log where the last one was written back whole.
        if one.source.is_empty() && one.name.is_some_and(|name| name.ends_with("-wal")) {
            role = Role::LoneLog;
        }
        // The first meta page may be what was lost; a page further on begins with the other. To
        // look for it takes hundreds of reads, which a gossip_store is spared.
        let unknown = matches!(role, Role::Other(Kind::GossipStore)) && !has_records(&head);
        if unknown {
            let bolt = bolt::is_bolt(one.source)?;
            let other = || Role::Other(unstructured(one.source.len(), &head));
            role = if bolt { Role::Bolt } else { other() };
        }
        roles.push(role);
        sizes.push(page_size(role, &head));
    }
    let logs: Vec<usize> =
        (0..roles.len()).filter(|at| roles.get(*at) == Some(&Role::LoneLog)).collect();
    for log in logs {
        let free = |at: &usize| roles.get(*at) == Some(&Role::Sqlite { log: None });
        let fits = |at: &usize| sizes.get(*at) == sizes.get(log);
        let named = |at: &usize| {
            let name = |at: usize| given.get(at).and_then(|one| one.name);
            let (database, log) = (name(*at), name(log));
            log.and_then(|log| log.strip_suffix("-wal")).is_some_and(|log| database == Some(log))
        };
        let all = || (0..given.len()).filter(free);
        // By name; else the only one with pages of that size.
        let mut fitting = all().filter(fits);
        let only = fitting.next().filter(|_| fitting.next().is_none());
        let Some(database) = all().find(named).or(only) else { continue };
        let Ok(number) = u32::try_from(log) else { continue };
        if let Some(role) = roles.get_mut(database) {
            *role = Role::Sqlite { log: Some(number) };
        }
        if let Some(role) = roles.get_mut(log) {
            *role = Role::Log;
        }
    }
    Ok(roles)
}

/// Whether a file begins with records of a gossip_store: one whose checksum holds is enough, unless
/// it is empty, as zeros are.
fn has_records(head: &[u8]) -> bool {
    let mut batch = Batch::new();
    Scanner::new().push(head, &mut batch);
    batch.records.iter().any(|record| record.header.len > 1)
}

/// The log of a database, by the numbers of both.
pub(in crate::lnd) fn log_of(roles: &[Role]) -> impl Fn(u32) -> Option<u32> + '_ {
    move |input| match roles.get(input as usize) {
        Some(Role::Sqlite { log }) => *log,
        _ => None,
    }
}

/// The page size that a database or a log claims.
fn page_size(role: Role, head: &[u8]) -> Option<u32> {
    match role {
        Role::Sqlite { .. } => {
            let size = u16::from_be_bytes(head.get(16..18)?.try_into().ok()?);
            Some(if size == 1 { 65_536 } else { size.into() })
        }
        Role::LoneLog => Some(u32::from_be_bytes(head.get(8..12)?.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::crc::checksum;
    use crate::gossip::format::Layout;
    use core::cell::Cell;

    struct Counted(Vec<u8>, Cell<u32>);

    impl Source for Counted {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }

        fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
            self.1.set(self.1.get() + 1);
            self.0.read_at(at, buf)
        }
    }

    /// What a file that is no store of LND's is, and how many reads it takes to say so.
    fn reads(bytes: Vec<u8>) -> (Kind, u32) {
        let source = Counted(bytes, Cell::new(0));
        let roles = roles(&[Given { source: &source, name: None }]).unwrap();
        let [Role::Other(kind)] = roles[..] else { panic!("{roles:?}") };
        (kind, source.1.get())
    }

    #[test]
    fn a_gossip_store_is_known_by_its_first_bytes() {
        // Version 16 and one record: flags, length, checksum, timestamp; channel_amount.
        let body = [0x10, 0x05, 0, 0, 0, 0, 0, 0, 0x4e, 0x20];
        let mut store = alloc::vec![16, 0x20, 0, 0, 10];
        store.extend(checksum(Layout::Long, 0, &body).to_be_bytes());
        store.extend([0; 4]);
        store.extend(body);
        store.resize(300_000, 0);
        assert_eq!(reads(store), (Kind::GossipStore, 1));
        // Zeros prove nothing: the other meta page may be behind them.
        let (kind, reads) = reads(alloc::vec![0; 300_000]);
        assert!(kind == Kind::Unknown && reads > 50, "{kind:?}, {reads}");
    }

    #[test]
    fn what_is_neither_is_said_to_be_neither() {
        assert_eq!(reads(b"a text without any structure".to_vec()).0, Kind::Unknown);
        // 32 bytes, no two alike.
        assert_eq!(
            reads((0..32).map(|byte: u8| byte.wrapping_mul(77)).collect()).0,
            Kind::HsmSecret
        );
    }
}
