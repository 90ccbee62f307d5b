//! Words for records that are whole, but stand in the wrong place, twice, or alone.
//!
//! lightningd reads the file in order and ties each message to what it has read before
//! (Core Lightning, `common/gossmap.c`).

use super::Entry;

pub(super) const UNFINISHED_DELETE: Entry = entry! {
    en: "A channel's deletion was not finished",
        "lightningd first appends a tombstone (delete_chan) and then marks the channel's records \
         DELETED. It was interrupted in between: channel {key} has its tombstone at offset {start}, \
         while its announcement at offset {announcement} is still live. lightningd v26.06 takes \
         such a channel for gone.";
    zh: "一条通道的删除没有做完",
        "lightningd 删除通道时先追加墓碑记录（delete_chan），再把该通道的记录标为 DELETED。这次在两步之间\
         被打断：通道 {key} 的墓碑在偏移 {start}，而偏移 {announcement} 处的公告仍然有效。lightningd \
         v26.06 会把这样的通道当作已删除。";
};

pub(super) const OUT_OF_ORDER: Entry = entry! {
    en: "An update stands before its channel's announcement",
        "The channel_update of {key} at offset {start} comes before the announcement at offset \
         {announcement}. lightningd reads the file in order and drops such an update; the channel \
         lacks that direction until a peer sends an update again.";
    zh: "更新排在通道公告之前",
        "{key} 的 channel_update 在偏移 {start}，而通道公告在后面的偏移 {announcement}。lightningd 按顺序\
         读取，会忽略这条更新；在对等节点再次发来更新之前，该通道这个方向是缺失的。";
};

pub(super) const ORPHAN_UPDATE: Entry = entry! {
    en: "An update of a channel that is not announced",
        "Nothing in this file announces the channel of the channel_update at offset {start} ({key}), \
         so lightningd drops it. Many of these mean that announcements were lost; peers then send \
         updates for channels that this node does not know, which it logs as “Bad gossip order”. \
         Those lines are harmless, but routes and aliases are missing meanwhile.";
    zh: "更新所属的通道没有公告",
        "这个文件里没有公告偏移 {start} 处 channel_update 所属的通道（{key}），lightningd 会忽略它。若有\
         很多条，说明丢失了通道公告；对等节点随后发来本节点不认识的通道的更新，日志里就会出现 “Bad gossip \
         order”。这些日志本身无害，只是在此期间会缺少路由和别名。";
};

pub(super) const ORPHAN_NODE: Entry = entry! {
    en: "An announcement of a node without channels",
        "No channel in this file belongs to the node of the node_announcement at offset {start}, so \
         lightningd ignores it. That does no harm; it may mean that the node's channels are missing \
         from this file.";
    zh: "没有通道的节点公告",
        "偏移 {start} 处的 node_announcement 所属的节点，在这个文件里没有任何通道，lightningd 会忽略它。这\
         没有害处，但可能意味着该节点的通道在文件里缺失了。";
};

pub(super) const ORPHAN_AMOUNT: Entry = entry! {
    en: "A channel_amount without its announcement",
        "A channel_amount gives the capacity of the channel_announcement right before it. Before \
         the one at offset {start} stands none, so an announcement was lost or stands elsewhere.";
    zh: "channel_amount 前面没有通道公告",
        "channel_amount 记录的是紧挨在它前面的 channel_announcement 的容量。偏移 {start} 处这一条前面没有\
         公告，说明公告丢失了，或者在别处。";
};

// Rule and release: commit f0e954766, pull request 8769, in the changelog of v25.12.1.
pub(super) const HIDDEN_ALIAS: Entry = entry! {
    en: "A node's alias is in the file, but not shown",
        "The node_announcement at offset {start} (alias: {alias}) stands before the node's first channel \
         (offset {first_channel}). lightningd ties a name only to a node that it knows from a channel \
         further up, so listnodes shows this node without alias. Releases before v25.12.1 leave \
         stores in this order.";
    zh: "节点别名在文件里，却显示不出来",
        "偏移 {start} 处的 node_announcement（别名：{alias}）排在该节点的第一条通道（偏移 {first_channel}）之前。\
         lightningd 只会把名称关联到前面的通道里已经出现过的节点，所以 listnodes 显示不出它的别名。\
         v25.12.1 之前的版本会留下这样的顺序。";
};

pub(super) const DUPLICATE_ANNOUNCEMENT: Entry = entry! {
    en: "A channel is announced twice",
        "Channel {key} is announced at offset {start} and already at {first}. lightningd from v25.02 \
         on throws the whole store away for it (“redundant channel_announce”); v24.08 to v24.11.2 \
         stop reading there.";
    zh: "同一条通道公告了两次",
        "通道 {key} 在偏移 {start} 处再次公告，此前在 {first} 处已经公告过。lightningd 自 v25.02 起会因此\
         丢弃整个文件（“redundant channel_announce”）；v24.08 至 v24.11.2 读到这里就停下。";
};

pub(super) const SUPERSEDED_UPDATES: Entry = entry! {
    en: "Live updates that newer ones replace",
        "In the file {count:n update is|updates are} live although a newer one of the same direction \
         follows ({bytes:n byte|bytes}). lightningd appends the new update first and marks the old \
         one DELETED afterwards, so an interruption leaves both. That does no harm.";
    zh: "已被取代却仍有效的更新",
        "有 {count:n} 条更新仍标为有效，虽然同一方向上还有更新的一条（共 {bytes:n} 字节）。lightningd 先\
         追加新的更新，再把旧的标为 DELETED，中途被打断就会两条并存。这没有害处。";
};
