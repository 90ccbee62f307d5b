//! The lines of lightningd and its daemons that tell of the store, of gossip, of starts and ends.
//!
//! One table: the fixed words, the source file that has them, and the releases between which they
//! were found in it (tags of ElementsProject/lightning that were looked at: v0.6.3, v0.7.0, v0.7.1,
//! v0.8.2.1, v0.9.1, v0.9.3, v0.10.0, v0.10.2, v0.11.2, v0.12.1, v22.11.1, v23.02.2, v23.05.2,
//! v23.08.1, v23.11, v24.02.2, v24.05, v24.08.2, v24.11.2, v25.02.2, v25.05.1, v25.09.3, v25.12.1,
//! v26.04.2, v26.06.6). Rows with more words stand before rows with fewer.

use super::kind::Order;
use super::known::{Known, known};
use super::pattern::{find, fits};

/// The known lines, without the daemon's name before them and without `STATUS_FAIL_…: `.
pub const LINES: &[Known] = known! {
    // Starts and ends.
    Started "Server started with public key %s, alias %s (color #%s) and lightningd %s" [",,,release"] "lightningd/lightningd.c" "v0.6.3 to v26.06.6";
    BackendReady "bitcoin-cli initialized and connected to bitcoind." [""] "plugins/bcli.c" "v0.8.2.1 to v26.06.6";
    ShutdownAsked "JSON-RPC shutdown" [""] "lightningd/jsonrpc.c" "v0.6.3 to v26.06.6";
    Sigterm "SIGTERM caught, exiting." [""] "lightningd/lightningd.c" "v0.6.3 to v26.06.6";
    LoopEnded "io_loop_with_timers: main" [""] "lightningd/lightningd.c" "v0.12.1 to v26.06.6";
    FatalSignal "FATAL SIGNAL %u" ["signal"] "common/daemon.c" "v0.6.3 to v26.06.6";
    FatalSignal "FATAL SIGNAL" [""] "common/subdaemon.c" "v0.6.3 to v26.06.6";
    Backtrace "backtrace: " [""] "common/daemon.c" "v0.6.3 to v26.06.6";
    DaemonExited "gossipd failed (" [""] "lightningd/subd.c" "v0.8.0 to v26.06.6";
    DaemonExited "connectd failed (" [""] "lightningd/subd.c" "v0.8.0 to v26.06.6";
    DaemonExited "hsmd failed (" [""] "lightningd/subd.c" "v0.8.0 to v26.06.6";
    DaemonExited "lightning_gossipd failed (" [""] "lightningd/subd.c" "v0.7.1 to v0.7.3";
    DaemonExited "lightning_connectd failed (" [""] "lightningd/subd.c" "v0.7.1 to v0.7.3";
    DaemonExited "lightning_hsmd failed (" [""] "lightningd/subd.c" "v0.7.1 to v0.7.3";
    PluginTimeout "Killing plugin: timed out before replying to init" [""] "lightningd/plugin.c" "v0.9.1 to v26.06.6";
    PluginTimeout "timed out before replying to init" [""] "lightningd/plugin.c" "v0.9.1 to v26.06.6";

    // Checksums.
    Checksum "gossip_store: checksum verification failed? %x should be %x (offset %u)" ["stored_crc,computed_crc,store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    Checksum "gossip_store: Checksum verification failed: %x should be %x" ["stored_crc,computed_crc"] "gossipd/gossip_store.c" "v22.11.1 to v23.11";
    Checksum "gossip_store: Checksum verification failed" [""] "gossipd/gossip_store.c" "v0.6.3 to v0.12.1";
    Checksum "gossip_store_compact_offline: checksum verification failed? %x should be %x" ["stored_crc,computed_crc"] "gossipd/gossip_store.c" "v22.11.1 to v23.11";
    Checksum "gossip_store: bad checksum offset %u: " ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v26.06.6";
    Checksum "gossip_store: bad checksum offset %u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v26.06.6";
    Checksum "gossip_store: bad checksum at offset %u" ["store_offset"] "connectd/gossip_store.c" "v0.11.2 to v26.06.6";
    Checksum "Bad checksum on gossmap record @%u/%u should be %u (" ["store_offset,store_len,computed_crc"] "common/gossmap.c" "v25.02.2 to v26.06.6";

    // Other reasons to give the store up at a start.
    BadRecord "gossip_store: Unknown message (offset %u)" ["store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v24.11.2";
    BadRecord "gossip_store: Unknown message" [""] "gossipd/gossip_store.c" "v0.6.3 to v26.06.6";
    BadRecord "gossip_store: Bad gossip_store_chan_dying (offset %u)" ["store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v25.12.1";
    BadRecord "gossip_store: Bad channel_announcement" [""] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    BadRecord "gossip_store: Bad channel_update" [""] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    BadRecord "gossip_store: Bad node_announcement" [""] "gossipd/gossip_store.c" "v0.6.3 to v23.05.2";
    BadRecord "gossip_store: Bad channel_delete" [""] "gossipd/gossip_store.c" "v0.6.3 to v0.7.0";
    BadRecord "gossip_store: Bad local_add_channel" [""] "gossipd/gossip_store.c" "v0.7.1 to v0.9.1";
    BadRecord "gossip_store: Bad add_private_channel" [""] "gossipd/gossip_store.c" "v0.10.0 to v23.11";
    BadRecord "gossip_store: Bad private_channel" [""] "gossipd/gossip_store.c" "v0.11.2 to v23.11";
    BadRecord "gossip_store: Bad gossip_store_channel_amount" [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    BadRecord "gossip_store: Bad gossip_store_chan_dying" [""] "gossipd/gossip_store.c" "v22.11.1 to v23.11";
    BadRecord "gossip_store: invalid gossip_store_private_update" [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    BadRecord "gossip_store: upgrade of store failed (offset %u)" ["store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    NoAmount "gossip_store: channel_announcement without amount (offset %u)" ["store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v24.11.2";
    NoAmount "gossip_store: channel_announcement without amount" [""] "gossipd/gossip_store.c" "v0.7.1 to v24.11.2";
    NoAmount "gossip_store: dangling channel_announcement" [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    Truncated "gossip_store: gossip_store: truncated file?" [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    Truncated "gossip_store: truncated file?" [""] "gossipd/gossip_store.c" "v0.6.3 to v0.7.0";
    Unfinished "gossip_store: Unupdated channel_announcement at %u" ["store_offset"] "gossipd/routing.c" "v0.7.1 to v23.11";
    Unfinished "gossip_store: Waiting node_announcement at %u" ["store_offset"] "gossipd/routing.c" "v0.7.1 to v23.11";
    Moved "gossip_store: Moving to " [""] "gossipd/gossip_store.c" "v25.02.2 to v26.06.6";
    Version "Gossip store version %u not %u: removing" ["version,expected"] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    Version "Gossip store version %u not %u" ["version,expected"] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    Version "gossip_store_compact: bad version" [""] "gossipd/gossip_store.c" "v0.7.1 to v25.12.1";
    Version "gossip_store_compact_offline: bad version" [""] "gossipd/gossip_store.c" "v0.10.0 to v23.11";
    Version "Cannot upgrade gossip_store version %u" ["version"] "gossipd/gossip_store.c" "v26.04.2 to v26.06.6";
    Version "Cannot read gossip_store version" [""] "gossipd/gossip_store.c" "v26.04.2 to v26.06.6";
    Version "Unknown gossip_store version %u" ["version"] "common/gossmap.c" "v25.02.2 to v26.06.6";
    Version "Bad gossip_store version %u" ["version"] "common/gossmap.c" "v26.04.2 to v26.06.6";
    NotAll "gossip_store only processed %u bytes of %u (expected %u)" ["store_offset,store_len,expected"] "common/gossmap.c" "v25.02.2 to v26.06.6";
    NotAll "Unknown record %u@%u (size %u) in gossmap" ["record,store_offset,record_len"] "common/gossmap.c" "v25.02.2 to v26.06.6";
    NotAll "Truncated gossmap record @%u/%u (len %u)" ["store_offset,store_len,record_len"] "common/gossmap.c" "v25.02.2 to v26.06.6";
    NotAll "Invalid chan_dying message @%u/%u" ["store_offset,store_len"] "common/gossmap.c" "v26.04.2 to v26.06.6";
    NotAll "First gossip_store record is not uuid?" [""] "common/gossmap.c" "v26.04.2 to v26.06.6";
    NotAll "Truncated gossip_store len %u" ["store_len"] "common/gossmap.c" "v26.04.2 to v26.06.6";
    NotAll "Gossmap failed to process entire gossip_store: at %u of %u" ["store_offset,store_len"] "gossipd/gossmap_manage.c" "v25.02.2 to v25.05.1";
    NotAll "Gossmap failed to process entire gossip_store, %s mmap: at %u of %u" [",store_offset,store_len"] "gossipd/gossmap_manage.c" "v25.09.3 to v26.06.6";
    NotAll "Gossmap map_used %u of %u with %u written" ["store_offset,store_len,expected"] "gossipd/gossmap_manage.c" "v25.09.3 to v26.06.6";
    NotAll "Loading gossip_store " [""] "connectd/connectd.c" "v24.08.2 to v26.06.6";
    NotAll "Could not re-initialize " [""] "gossipd/gossmap_manage.c" "v24.02.2 to v26.06.6";
    EndsEarly "gossip_store_compact: store ends early at %u" ["store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    Redundant "gossmap: redundant channel_announce for %s, offsets %u and %u!" ["scid,other_offset,store_offset"] "common/gossmap.c" "v24.05 to v26.06.6";
    Redundant "Redundant channel_announce *AFTER REFRESH* for scid %s at off %u" ["scid,store_offset"] "gossipd/gossmap_manage.c" "v24.05 to v26.06.6";
    Redundant "Redundant channel_announce for scid %s at off %u" ["scid,store_offset"] "gossipd/gossmap_manage.c" "v24.05 to v26.06.6";
    Redundant "gossip_store channel_announce %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.7.1 to v23.11";
    Redundant "gossip_store channel_update %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.7.1 to v0.11.2";
    Redundant "gossip_store node_announcement %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.7.1 to v0.11.2";
    Redundant "gossip_store broadcastable channel_update %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.12.1 to v23.11";
    Redundant "gossip_store broadcastable node_announcement %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.12.1 to v23.11";
    Redundant "gossip_store rate-limited channel_update %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.12.1 to v23.11";
    Redundant "gossip_store rate-limited node_announcement %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.12.1 to v23.11";
    // Printed by a reader of the v0.7.1 era without the word gossip_store.
    Redundant "channel_announce %u replaces %u!" ["store_offset,other_offset"] "gossipd/routing.c" "v0.7.1";

    // Counts, compaction, upgrade.
    StoreRead "gossip_store: Read %u/%u/%u/%u cannounce/cupdate/nannounce/" ["announcements,channel_updates,node_announcements,deletes"] "gossipd/gossip_store.c" "v0.6.3 to v25.12.1";
    LiveRecords "gossip_store: %u live records, %u deleted" ["live,dead"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactTime "Store compact time: %u msec" ["milliseconds"] "gossipd/gossip_store.c" "v24.02.2 to v25.12.1";
    CompactTime "total store load time: %u msec" ["milliseconds"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    Converted "Time to convert version %u store: %u msec" ["version,milliseconds"] "gossipd/gossip_store.c" "v26.04.2 to v26.06.6";
    Compacted "gossip_store_compact_offline: %u deleted, %u copied" ["dead,live"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    Compacted "Compaction completed: dropped %u messages, new count %u" ["dead,live"] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    Compacted "compaction done: %u -> %u bytes" ["old_len,new_len"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactBegins "Compacting gossip_store with %u entries, %u of which are stale" ["live,dead"] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    CompactBegins "Beginning gossmap compaction: %u with %u live records and %u dead records" ["store_len,live,dead"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactBegins "Already running gossmap compaction: %u with %u live records and %u dead records" ["store_len,live,dead"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactBegins "Executing lightning_gossip_compactd " [""] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactBegins "compactd caught up, waiting for final bytes." [""] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "compactd failed with signal %u" ["signal"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "compactd exited with status %u" ["status"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "compactd did not create file?" [""] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "compacted gossip_store is invalid" [""] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "Incomplete gossip_store record at %u" ["store_offset"] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    CompactFailed "We reached offset %u past initial limit %u" ["store_offset,expected"] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    CompactFailed "We reached offset %u before file size %u" ["store_offset,store_len"] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    CompactFailed "Could not read old gossip_store" [""] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    CompactFailed "Could not seek on old gossip_store" [""] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    CompactFailed "Could not open old gossip_store" [""] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    CompactFailed "Could not open file for gossip_store compaction" [""] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    CompactFailed "Encountered an error while compacting, disabling future compactions." [""] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    CompactFailed "gossip_store_compact_offline: reading msg len %u from store: " ["record_len"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CompactFailed "gossip_store_compact_offline: " [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CompactFailed "gossip_store_compact: " [""] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    CompactFailed "gossip_store: Entry at %u->%u not updated?" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CompactFailed "gossip_store: Expected %u deleted msgs in old gossip store, got %u" [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CompactFailed "gossip_store: Expected %u msgs in new gossip store, got %u" [""] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CompactFailed "Could not relocate %s at offset %u" [",store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CompactFailed "Error swapping compacted gossip_store into place: " [""] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    CompactFailed "Error renaming gossip store: " [""] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "Could not fork for compactd: " [""] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    CompactFailed "Renaming gossip_store failed: " [""] "gossipd/gossip_store.c" "v26.04.2 to v26.06.6";

    // While running.
    StaleIndex "gossip_store: get delete entry offset %u/%u" ["store_offset,store_len"] "gossipd/gossip_store.c" "v0.8.2.1 to v26.06.6";
    CannotRead "gossip_store: can't access offset %u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v26.06.6";
    CannotRead "gossip_store: can't read hdr offset %u/%u" ["store_offset,store_len"] "gossipd/gossip_store.c" "v0.7.1 to v26.06.6";
    CannotRead "gossip_store: can't read hdr offset %u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v26.06.6";
    CannotRead "gossip_store: can't read len %u offset %u/%u" ["record_len,store_offset,store_len"] "gossipd/gossip_store.c" "v0.7.1 to v26.06.6";
    CannotRead "gossip_store: can't read hdr" [""] "gossipd/gossip_store.c" "v0.7.1";
    CannotRead "gossip_store: can't read len" [""] "gossipd/gossip_store.c" "v0.7.1";
    CannotRead "gossip_store: failed read @%u" ["store_offset"] "common/gossip_store.c" "v0.7.1 to v0.10.2";
    CannotRead "gossip_store: oversize msg len %u at offset %u" ["record_len,store_offset"] "connectd/gossip_store.c" "v0.12.1";
    CannotRead "Opening gossip_store %s: %s" [",why"] "connectd/multiplex.c" "v0.11.2 to v24.05";
    CannotRead "gossip_store: lseek failure" [""] "gossipd/gossip_store.c" "v0.6.3 to v0.7.0";
    CannotRead "Failed reading header from to gossip store @%u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CannotRead "Failed reading %u from to gossip store @%u" ["record_len,store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CannotRead "Failed reading len to delete @%u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v22.11.1";
    CannotRead "Failed reading flags & len to delete @%u" ["store_offset"] "gossipd/gossip_store.c" "v23.02.2";
    CannotRead "Failed reading flags to zombie %s @%u" [",store_offset"] "gossipd/gossip_store.c" "v23.02.2 to v23.11";
    CannotRead "Could not read to mark dying at %u/%u" ["store_offset,store_len"] "gossipd/gossip_store.c" "v23.08.1 to v23.11";
    CannotRead "Can't transfer deleted msg from gossip store @%u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    CannotRead "Reading gossip_store file: " [""] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    CannotRead "Opening gossip_store store: " [""] "gossipd/gossip_store.c" "v0.8.2.1 to v23.11";
    CannotRead "Could not stat gossip_store: " [""] "gossipd/gossip_store.c" "v0.8.2.1 to v25.12.1";
    CannotRead "Seeking to start of store: " [""] "gossipd/gossip_store.c" "v0.10.0 to v23.11";
    CannotRead "gossip_store: short read %u of %u @%u" ["record_len,expected,store_offset"] "common/gossip_store.c" "v0.7.1 to v0.10.2";
    CannotRead "gossip_store: skipped %u records to %u" [",store_offset"] "common/gossip_store.c" "v0.7.1 to v0.10.2";
    CannotRead "gossmap reopen failed: " [""] "gossipd/gossip_store.c" "v25.09.3 to v26.06.6";
    CannotRead "Bad gossipd GOSSIP_STORE_ENDED msg: " [""] "connectd/gossip_store.c" "v0.10.2 to v26.06.6";
    // Before v0.7.1 the length is what is read: nonsense where the store is damaged.
    CannotRead "Failed reading %u" ["record_len"] "gossipd/gossip_store.c" "v0.7.0";
    WrongRecord "update for channel %s not found!" [""] "common/gossmap.c" "v0.9.1 to v0.10.2";
    WrongRecord "bad channel_announcement / local_add_channel at %u: " ["store_offset"] "gossipd/gossipd.c" "v0.9.1 to v0.10.0";
    WrongRecord "asked to delete type %u @%u but store contains %u" ["record,store_offset"] "gossipd/gossip_store.c" "v23.05.2 to v23.11";
    WrongRecord "asked to flag-%u type %u @%u but store contains %u" [",record,store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WrongRecord "gossip_store flag-%u @%u for %u already set!" [",store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WrongRecord "gossip_store overrun during delete @%u" ["store_offset"] "gossipd/gossip_store.c" "v23.05.2 to v23.11";
    WrongRecord "gossip_store overrun during get_timestamp @%u" ["store_offset"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WrongRecord "gossip_store incorrect dying msg not %u @%u" [",store_offset"] "gossipd/gossip_store.c" "v23.08.1 to v23.11";
    WrongRecord "Bad node_announcement for %s in gossip_store" ["peer"] "connectd/connectd.c" "v24.02.2 to v26.06.6";
    WrongRecord "Bad wireaddrs in node_announcement in gossip_store" [""] "connectd/connectd.c" "v24.02.2 to v26.06.6";
    WrongRecord "Invalid remote cupdate in store: " [""] "gossipd/gossmap_manage.c" "v24.08.2 to v26.06.6";
    WrongRecord "Could not parse private update " [""] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WrongRecord "Could not parse inner private update " [""] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WrongRecord "Failed to decode private update @%u" ["store_offset"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    WrongLength "gossip_store: file was len %u, expected %u" ["store_len,expected"] "gossipd/gossip_store.c" "v25.02.2 to v26.06.6";
    WrongLength "gossmap size %u != written size %u" ["store_len,expected"] "gossipd/gossmap_manage.c" "v25.02.2 to v26.06.6";
    WrongLength "gossmap read inconsistent even after sync used=%u seen=%u written=%u" [",store_len,expected"] "gossipd/gossmap_manage.c" "v25.02.2 to v26.06.6";
    WrongLength "Partial read on gossmap EOF (" [""] "gossipd/gossmap_manage.c" "v25.02.2 to v26.06.6";
    WriteFailed "Failed writing to gossip store: %s" ["why"] "gossipd/gossip_store.c" "v0.6.3 to v26.06.6";
    WriteFailed "Failed writing addendum to gossip store: %s" ["why"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    WriteFailed "Failed writing len to delete @%u: %s" ["store_offset,why"] "gossipd/gossip_store.c" "v0.7.1 to v22.11.1";
    WriteFailed "Failed writing flags to delete @%u: %s" ["store_offset,why"] "gossipd/gossip_store.c" "v23.02.2 to v23.11";
    WriteFailed "Failed writing flags to dying @%u: %s" ["store_offset,why"] "gossipd/gossip_store.c" "v23.08.1 to v23.11";
    WriteFailed "Failed writing flags to zombie %s @%u: %s" [",store_offset,why"] "gossipd/gossip_store.c" "v23.02.2 to v23.11";
    WriteFailed "Failed writing set flags @%u: %s" ["store_offset,why"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WriteFailed "Failed writing clear flags @%u: %s" ["store_offset,why"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WriteFailed "Failed writing header to re-timestamp @%u: %s" ["store_offset,why"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WriteFailed "Failed to re-write %s at offset %u" [",store_offset"] "gossipd/gossip_store.c" "v25.09.3 to v26.06.6";
    WriteFailed "gossmap fsync failed: %s" ["why"] "gossipd/gossip_store.c" "v25.02.2 to v26.06.6";
    WriteFailed "Writing version to store: %s" ["why"] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    WriteFailed "Truncating store: %s" ["why"] "gossipd/gossip_store.c" "v0.6.3 to v23.11";
    WriteFailed "Truncating new store file: %s" ["why"] "gossipd/gossip_store.c" "v0.7.1 to v23.11";
    WriteFailed "Opening new gossip_store file: %s" ["why"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WriteFailed "Writing new gossip_store file: %s" ["why"] "gossipd/gossip_store.c" "v24.02.2 to v26.06.6";
    WriteFailed "Overwriting new gossip_store file: %s" ["why"] "gossipd/gossip_store.c" "v24.02.2 to v24.11.2";
    WriteFailed "Creating new gossip_store file: %s" ["why"] "gossipd/gossip_store.c" "v26.04.2 to v26.06.6";
    WriteFailed "Could not write new gossip_store" [""] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    WriteFailed "Could not open new gossip_store" [""] "gossipd/compactd.c" "v26.04.2 to v26.06.6";
    ReopenedLess "Reopened gossip_store, but we missed some (" [""] "common/gossmap.c" "v26.04.2 to v26.06.6";
    Reopened "Reopened gossip_store, reduced to offset %u" ["store_offset"] "common/gossmap.c" "v26.04.2 to v26.06.6";
    Reopened "gossip_store at end, new fd moved to %u" ["store_offset"] "connectd/gossip_store.c" "v0.7.1 to v26.06.6";
    Reopened "gossip_store new fd moving back " [""] "common/gossip_store.c" "v0.7.1 to v0.10.0";

    // Gossip.
    BadUpdates "Got %u bad cupdates, ignoring them (expected on mainnet)" ["count"] "common/gossmap.c" "v26.04.2 to v26.06.6";
    BadUpdates "Bad cupdate for %s, ignoring (" [""] "common/gossmap.c" "v25.02.2 to v25.12.1";
    BadUpdates "Update for %s has silly values, disabling (" [""] "gossipd/gossmap_manage.c" "v24.02.2 to v24.11.2";
    BadUpdates "channel_update %s ignored: fee %u/%u cltv %u too large" [""] "common/gossmap.c" "v0.9.1 to v0.10.0";
    Spam "Ignoring spammy nannounce for " [""] "gossipd/routing.c" "v0.8.2.1 to v0.11.2";
    Spam "Ignoring spammy update for " [""] "gossipd/routing.c" "v0.8.2.1 to v0.11.2";
    Spam "Ignoring redundant update for " [""] "gossipd/routing.c" "v0.8.2.1";
    Spam "Ignoring redundant nannounce for " [""] "gossipd/routing.c" "v0.8.2.1";
    Spam "Spammy nannounce for " [""] "gossipd/routing.c" "v0.12.1 to v23.11";
    Spam "Spammy update for " [""] "gossipd/routing.c" "v0.12.1 to v23.11";
    Flooded "Flooded by channel_announcements: ignoring some" [""] "gossipd/routing.c" "v0.7.1 to v23.11";
    Flooded "channel_updates being flooded by %s: dropping some" ["peer"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    Flooded "node_announcements being flooded by %s: dropping some" ["peer"] "gossipd/gossmap_manage.c" "v26.04.2 to v26.06.6";
    Flooded "pending announcements being flooded by %s: dropping some" ["peer"] "gossipd/gossmap_manage.c" "v24.02.2 to v26.06.6";
    Flooded "too-early announcements being flooded by %s: dropping some" ["peer"] "gossipd/gossmap_manage.c" "v24.02.2 to v26.06.6";
    FloodOver "pending announcements flood has subsided" [""] "gossipd/gossmap_manage.c" "v24.02.2 to v26.06.6";
    FloodOver "too-early announcements flood has subsided" [""] "gossipd/gossmap_manage.c" "v24.02.2 to v26.06.6";
    Pruned "Pruning channel %s from network view" ["scid"] "gossipd/gossmap_manage.c" "v0.6.3 to v26.06.6";
    PrunedLocal "Pruning local channel %s from gossip_store" ["scid"] "gossipd/gossmap_manage.c" "v24.02.2 to v26.06.6";
    Spent "Deleting channel %s due to the funding outpoint being spent" ["scid"] "gossipd/gossmap_manage.c" "v0.8.2.1 to v26.06.6";
    Spent "channel %s closing soon due to the funding outpoint being spent" ["scid"] "gossipd/gossmap_manage.c" "v23.08.1 to v26.06.6";
    LostTrack "gossipd lost track of announced channel: re-announcing!" [""] "lightningd/channel_gossip.c" "v24.02.2 to v26.06.6";
    StartupPeer "seeker: chosen as startup peer" [""] "gossipd/seeker.c" "v0.8.2.1 to v26.06.6";
    FullSync "seeker: chosen for periodic full sync" [""] "gossipd/seeker.c" "v24.11.2 to v26.06.6";
    AsksEverything "seeker: starting gossip (EVERYTHING)" [""] "gossipd/seeker.c" "v24.08.2 to v26.06.6";
    AsksEverything "seeker: starting gossip (EVERTHING)" [""] "gossipd/seeker.c" "v24.02.2 to v24.05";
    AsksNew "seeker: starting gossip" [""] "gossipd/seeker.c" "v0.8.2.1 to v26.06.6";
};

/// Whether it is how glibc says that an assertion of `common/gossmap.c` failed, behind the name of
/// the program that dies of it: gossipd, lightningd itself, or a plugin that reads the store.
pub(super) fn asserts(text: &[u8]) -> bool {
    let head = text.get(..400).unwrap_or(text);
    let of_map = find(head, b"common/gossmap.c:").and_then(|at| head.get(at..));
    of_map.is_some_and(|rest| find(rest, b": Assertion `").is_some())
}

/// How a message out of order is told of: it begins with these words in every release.
pub(super) const BAD_ORDER: &[u8] = b"Bad gossip order";

/// The wordings behind these words, and what they mean.
///
/// gossipd: `gossipd/routing.c` up to v23.11, `gossipd/gossmap_manage.c` from v24.02.
/// lightningd: `lightningd/channel_gossip.c` from v24.02.
const ORDERS: &[(Order, &str)] = &[
    (Order::Update, ": WIRE_CHANNEL_UPDATE before announcement "),
    (Order::Node, ": WIRE_NODE_ANNOUNCEMENT before announcement "),
    (Order::Update, ": Unknown channel "),
    (Order::Node, ": node_announcement: unknown node "),
    (Order::Early, ": ignoring channel_announcement %s at blockheight %u"),
    (Order::OwnUnknown, ": could not find channel %s for peer's channel update"),
    (Order::OwnAlias, ": peer sent update using their own alias!"),
    (Order::Foreign, ": %s sent us a channel update for a channel owned by "),
    (Order::Update, " from %s: WIRE_CHANNEL_UPDATE before announcement "),
    (Order::Node, " from %s: WIRE_NODE_ANNOUNCEMENT before announcement "),
    // Before v0.8 the message of a node was named so.
    (Order::Node, " from %s: node_announcement before announcement "),
];

/// Of what kind a message out of order is, and from whom, if the text itself says so.
pub(super) fn order(text: &[u8]) -> Option<(Order, Option<&[u8]>)> {
    let rest = text.strip_prefix(BAD_ORDER)?;
    // Floods are of these.
    if rest.starts_with(b": Unknown channel ") || rest.starts_with(b": WIRE_CHANNEL_UPDATE b") {
        return Some((Order::Update, None));
    }
    if rest.starts_with(b": node_announcement: unknown ") || rest.starts_with(b": WIRE_NODE_ANN") {
        return Some((Order::Node, None));
    }
    for (order, words) in ORDERS {
        if let Some(gaps) = fits(words, rest) {
            let names = words.starts_with(" from ") || *order == Order::Foreign;
            return Some((*order, names.then(|| gaps.first().copied()).flatten()));
        }
    }
    let from = rest.strip_prefix(b" from ").and_then(|rest| rest.get(..find(rest, b": ")?));
    Some((Order::Other, from))
}
