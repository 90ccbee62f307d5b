//! What bounds memory and work for input that is meant to exhaust them: the cases of README's table
//! that have no test of their own elsewhere. Memory is counted by the allocator, work by the source;
//! nothing here looks at a clock.
//!
//! Elsewhere: resynchronisation bombs (core/src/gossip/scan/tests.rs), cycles in b-trees
//! (`bolt_hostile.rs`, `sqlite_hostile.rs`), COPY lines and literals without end (`pgdump.rs`), JSON
//! lines without end (core/src/kv/dump/tests.rs), chains of buckets (core/src/kv/sqlkv/tests.rs),
//! decompression bombs (cli/tests/unpack.rs), the limits of a report (`classes.rs`).

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use fulgurite_core::finding::Code;
use fulgurite_core::gossip::check::{CheckJob, Options};
use fulgurite_core::gossip::follow::{
    FileId, Follower, Live, Next, Options as FollowOptions, Seen,
};
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::job::Job;
use fulgurite_core::kv::bolt::{Bolt, CheckJob as BoltCheck, Opened};
use fulgurite_core::kv::bucket::{Buckets, Room, Value};
use fulgurite_core::kv::sqlite::Sqlite;
use fulgurite_core::kv::table::{Cell as TableCell, Tables as _};
use fulgurite_core::source::{Source, SourceError};
use fulgurite_tests::bolt::{Writer, inline};
use fulgurite_tests::{Network, Store, T0, frame, nodes, scid, wire};

/// The system's allocator, which counts what each thread holds and the most it ever held.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn count(more: usize, less: usize) {
    // A thread that ends frees after its counters are gone.
    let _ = HELD.try_with(|held| {
        held.set((held.get() + more).saturating_sub(less));
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, bytes: *mut u8, layout: Layout) {
        count(0, layout.size());
        unsafe { System.dealloc(bytes, layout) }
    }

    unsafe fn realloc(&self, bytes: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both stand for a moment.
        count(size, 0);
        count(0, layout.size());
        unsafe { System.realloc(bytes, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a piece of work gave, and the most memory that it held beyond what was there.
fn memory<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    MOST.set(before);
    let out = work();
    (out, MOST.get() - before)
}

/// Bytes that count what was read of them.
struct Counted<'a>(&'a dyn Source, Cell<u64>);

impl Source for Counted<'_> {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        self.1.set(self.1.get() + buf.len() as u64);
        self.0.read_at(at, buf)
    }
}

/// A version byte, and then one byte again and again.
struct Endless(u64, u8);

impl Source for Endless {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
        buf.fill(self.1);
        if let (0, Some(first)) = (at, buf.first_mut()) {
            *first = 16;
        }
        Ok(())
    }
}

const MIB: usize = 1 << 20;

#[test]
fn zeros_and_noise_of_any_length_cost_no_memory() {
    for byte in [0, 0x08, 0xff] {
        let short = memory(|| CheckJob::new(&Endless(20 << 20, byte), Options::default()).run());
        let endless = Endless(100 << 20, byte);
        let source = Counted(&endless, Cell::new(0));
        let (report, most) = memory(|| CheckJob::new(&source, Options::default()).run());
        let report = report.expect("it is read");
        assert!(report.gossip.is_none_or(|gossip| gossip.records == 0), "{byte}");
        assert!(most < 8 * MIB && most < short.1 + MIB, "{byte}: {most} bytes held");
        assert!(source.1.get() < 3 * source.len(), "{byte}: {} bytes read", source.1.get());
    }
}

#[test]
fn half_a_million_wounds_are_counted_and_not_kept() {
    // An amount and a header that is none, by turns.
    let mut unit = frame(16, 0x2000, 0, &wire::channel_amount(9));
    unit.extend([0x20, 0, 0, 8, 1, 2, 3, 4, 0, 0, 0, 0, 0xff]);
    let mut bytes = vec![16];
    for _ in 0..500_000 {
        bytes.extend_from_slice(&unit);
    }
    let source = Counted(&bytes, Cell::new(0));
    let (report, most) = memory(|| CheckJob::new(&source, Options::default()).run());
    let report = report.expect("it is read");
    let counted: u64 = report.counts.iter().map(|count| count.count).sum();
    assert!(counted >= 500_000 && report.findings.len() < 10_000, "{counted}");
    assert!(most < 16 * MIB, "{most} bytes held");
    // Second looks: the first 1,000 wounds lie in 47 kB; 40 get a thorough one, at most 256 KiB back
    // and 64 pages around, for a header that claims a record of 64 KiB.
    let looks = 2 * 65_547 + 40 * (3 * 262_144 + 2 * 65_547);
    assert!(source.1.get() < 3 * source.len() + looks, "{} bytes read", source.1.get());
}

/// Every second record is wounded, so that 1,260 wounds lie in 64 KiB; their headers lead to the next
/// record, or claim 64 KiB each.
#[test]
fn wounds_close_together_share_their_second_looks() {
    for len in [14, u16::MAX] {
        let mut bytes = vec![16];
        for channel in 0..1_260 {
            let dying = wire::chan_dying(scid(&format!("{}x1x0", 600_000 + channel)), 900_000);
            bytes.extend(frame(16, 0x2000, 0, &dying));
            let mut wounded = frame(16, 0x2000, 0, &dying);
            wounded[2..4].copy_from_slice(&len.to_be_bytes());
            wounded[4..8].copy_from_slice(&[0x5a; 4]);
            bytes.extend(wounded);
        }
        let source = Counted(&bytes, Cell::new(0));
        let report = CheckJob::new(&source, Options::default()).run().expect("it is read");
        let wounds = report.gossip.expect("a store").wounds;
        assert!(wounds >= 1_259, "{wounds}");
        // Once to check, once or twice for all the looks that are not thorough. Those 40 are for
        // wounds whose header leads nowhere: three times what there is at most.
        let thorough = if len == 14 { 0 } else { 40 * 3 };
        let most = (3 + thorough) * source.len();
        assert!(source.1.get() <= most, "{len}: {} bytes read", source.1.get());
    }
}

#[test]
fn channels_beyond_the_limit_cost_no_memory() {
    let store = |channels: u64| {
        let mut store = Store::new(16);
        for channel in 0..channels {
            let block = 600_000 + channel;
            let node = u32::try_from(channel).expect("small");
            store =
                store.announce(scid(&format!("{block}x1x0")), nodes(2 * node, 2 * node + 1), 9_000);
        }
        store.node(1, T0, "alias").build().bytes
    };
    let limits = Limits { channels: 1_000, nodes: 500, findings: 100 };
    let options = || Options { limits, ..Options::default() };
    let (few, many) = (store(2_000), store(20_000));
    let (_, least) = memory(|| CheckJob::new(&few, options()).run());
    let (report, most) = memory(|| CheckJob::new(&many, options()).run());
    let report = report.expect("it is read");
    assert!(report.count(Code::LimitReached) > 0);
    // Checkpoints and counters may grow a little; 18,000 channels would take two million bytes.
    assert!(most < least + 256 * 1024, "{most} bytes held, {least} for a tenth");
}

#[test]
fn a_bbolt_file_with_a_million_buckets() {
    let (of_leaf, of_branch, buckets) = (78, 200, 1_000_000_usize);
    let leaves = buckets.div_ceil(of_leaf);
    let branches = leaves.div_ceil(of_branch);
    let key = |bucket: usize| u32::try_from(bucket).expect("small").to_be_bytes();
    let row = |from: usize, count: usize, page: usize, step: usize| {
        let each = (0..count).map(move |child| (key((from + child) * step), (page + child) as u64));
        each.collect::<Vec<_>>()
    };
    let branch = |writer: Writer, row: &[([u8; 4], u64)]| {
        let row: Vec<(&[u8], u64)> = row.iter().map(|(key, page)| (&key[..], *page)).collect();
        writer.branch(&row)
    };
    let mut writer = branch(Writer::new(4_096), &row(0, branches, 3, of_branch * of_leaf));
    for number in 0..branches {
        let from = number * of_branch;
        let count = of_branch.min(leaves - from);
        writer = branch(writer, &row(from, count, 3 + branches + from, of_leaf));
    }
    let empty = inline(0, &[]);
    for leaf in 0..leaves {
        let from = leaf * of_leaf;
        let keys: Vec<_> = (from..buckets.min(from + of_leaf)).map(key).collect();
        let elements: Vec<(u32, &[u8], &[u8])> =
            keys.iter().map(|key| (1, &key[..], &empty[..])).collect();
        writer = writer.leaf(&elements);
    }
    let bytes = writer.build();

    let source = Counted(&bytes, Cell::new(0));
    let (checked, most) = memory(|| BoltCheck::new(&source).run());
    let checked = checked.expect("it is read");
    assert_eq!(
        checked
            .findings
            .iter()
            .filter(|one| one.severity > fulgurite_core::finding::Severity::Info)
            .count(),
        0
    );
    assert!(source.1.get() <= 3 * bytes.len() as u64, "{} bytes read", source.1.get());
    assert!(most < 64 * MIB, "{most} bytes held by the check");

    source.1.set(0);
    let (entries, most) = memory(|| {
        let Ok(Opened::Bolt(bolt)) = Bolt::open(&source) else { panic!("a bbolt file") };
        let (mut entries, mut from) = (0, None);
        loop {
            let page = bolt.entries(bolt.root(), from.as_ref(), Room::default()).expect("memory");
            let are_buckets =
                page.entries.iter().all(|one| matches!(one.value, Value::Bucket { .. }));
            assert!(are_buckets);
            entries += page.entries.len();
            let Some(next) = page.next else { break entries };
            from = Some(next);
        }
    });
    assert_eq!(entries, buckets);
    assert!(source.1.get() <= 3 * bytes.len() as u64, "{} bytes read", source.1.get());
    assert!(most < 64 * MIB, "{most} bytes held by the walk");
}

/// 60,000 elements on each page of the way down, and a page of entries holds a thousand of them: who
/// goes on must not read the whole way again each time.
#[test]
fn a_bbolt_file_with_pages_of_sixty_thousand_elements() {
    let count = 60_000_u32;
    let key = |number: u32| number.to_be_bytes();
    // The first element of each branch leads on, all others to a page that is no page of the tree.
    let branches = 8_u64;
    let mut writer = Writer::new(4_096);
    for _ in 0..branches {
        let next = writer.next() + pages(count);
        let keys: Vec<_> = (0..count).map(key).collect();
        let row: Vec<(&[u8], u64)> = (0_u32..)
            .zip(&keys)
            .map(|(n, key)| (&key[..], if n == 0 { next } else { 1 }))
            .collect();
        writer = writer.branch(&row);
    }
    let keys: Vec<_> = (0..count).map(key).collect();
    let elements: Vec<(u32, &[u8], &[u8])> =
        keys.iter().map(|key| (0, &key[..], &b"v"[..])).collect();
    let bytes = writer.leaf(&elements).build();

    let source = Counted(&bytes, Cell::new(0));
    let Ok(Opened::Bolt(bolt)) = Bolt::open(&source) else { panic!("a bbolt file") };
    let (mut entries, mut from) = (0, None);
    loop {
        let page = bolt.entries(bolt.root(), from.as_ref(), Room::default()).expect("memory");
        entries += page.entries.len();
        let Some(next) = page.next else { break };
        from = Some(next);
    }
    assert_eq!(entries, count as usize);
    assert!(source.1.get() <= 3 * bytes.len() as u64, "{} bytes read", source.1.get());
}

/// So many pages does a branch of that many keys of four bytes take.
fn pages(count: u32) -> u64 {
    (16 + u64::from(count) * (16 + 4)).div_ceil(4_096)
}

/// A store that is followed, and counts what is read of it.
struct Followed<'a>(&'a [u8], Cell<u64>);

impl Live for Followed<'_> {
    fn len(&self) -> Result<u64, SourceError> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<usize, SourceError> {
        let from = self.0.get(usize::try_from(at).expect("small")..).unwrap_or_default();
        let len = from.len().min(buf.len());
        buf[..len].copy_from_slice(&from[..len]);
        self.1.set(self.1.get() + len as u64);
        Ok(len)
    }
}

/// A store of version 14 whose first byte says 16: every record of it lacks its COMPLETED bit, and
/// each is looked at twice before it is called a wound.
#[test]
fn following_a_store_of_nothing_but_unfinished_records_is_linear() {
    let mut bytes = Network::new(5, 2_000).version(14).store().build().bytes;
    bytes[0] = 16;
    let id = FileId(1, 1);
    let mut follower = Follower::new(FollowOptions::default());
    for now in 0..8 {
        let file = Followed(&bytes, Cell::new(0));
        let seen = Seen { now, path: Some(id), corrupt: None, open: Some((id, &file)) };
        let next = follower.poll(&seen, &mut Vec::new()).expect("it is read");
        assert_eq!(next, Next::Wait);
        let (read, len) = (file.1.get(), bytes.len() as u64);
        assert!(len > 1_000_000 && read < 16 * len, "{read} bytes read of {len}");
    }
    let wounds = follower.figures().wounds;
    assert!(wounds > 5_000, "{wounds}");
}

/// A table whose leaves stand in the opposite order, so that no row is where its number leads: each
/// is listed, and found again by its handle, without the table being searched for each.
#[test]
fn rows_out_of_order_are_looked_for_once() {
    let mut database = rusqlite::Connection::open_in_memory().expect("memory");
    let rows = "create table t(id integer primary key, a text);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 6000)
        insert into t select i, 'row ' || i from n;";
    database.execute_batch(&format!("pragma page_size = 512; {rows}")).expect("SQL");
    let mut bytes = database.serialize("main").expect("a database").to_vec();
    let leaf = |page: &&mut [u8]| page[0] == 0x0d;
    let mut leaves: Vec<&mut [u8]> = bytes.chunks_mut(512).skip(1).filter(leaf).collect();
    let count = leaves.len();
    assert!(count > 150, "{count} leaves");
    let (first, second) = leaves.split_at_mut(count / 2);
    for (one, other) in first.iter_mut().zip(second.iter_mut().rev()) {
        one.swap_with_slice(other);
    }
    let source = Counted(&bytes, Cell::new(0));
    let database = Sqlite::open(&source, None::<&Counted<'_>>).expect("it is read");
    let mut handles = Vec::new();
    let mut from = None;
    loop {
        let page = database.rows(0, from.as_ref(), Room::default()).expect("it is read");
        handles.extend(page.rows.iter().map(|row| row.handle));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(handles.len(), 6_000);
    source.1.set(0);
    for handle in handles {
        let row = database.row(0, handle).expect("it is read").expect("it was listed");
        assert_eq!(row.handle, handle);
        let text = format!("row {handle}");
        assert_eq!(row.cells.last(), Some(&TableCell::Text(text.into_bytes())));
    }
    // Three pages where it ought to be, and one where it is; the table once.
    let most = source.len() + 6_000 * 4 * 512;
    assert!(source.1.get() <= most, "{} bytes read of {}", source.1.get(), source.len());
}
