//! Words for the state of a store as a whole: its version, age, size and what it gives away.

use super::Entry;

pub(super) const UNSUPPORTED_VERSION: Entry = entry! {
    en: "No current release reads this version",
        "The store has version {version} (written by: {written_by}; read by: {read_by}). A release \
         that cannot read a version does not keep it: v26.04 and later move the file aside, v24.02 \
         to v25.12.1 abort and lose its content, older releases empty it.";
    zh: "当前的版本都读不了这种格式",
        "这个文件的格式版本是 {version}（写入：{written_by}；可读：{read_by}）。读不了的 lightningd 不会\
         把它留住：v26.04 及更高版本会移到一旁，v24.02 至 v25.12.1 会中止并丢失内容，更早的版本会清空文件。";
};

pub(super) const OLDER_VERSION: Entry = entry! {
    en: "An older version of the format",
        "The store has version {version} (written by: {written_by}; read by: {read_by}). A newer \
         release upgrades it at its first start; after that, an older one can no longer read it.";
    zh: "较旧的格式版本",
        "这个文件的格式版本是 {version}（写入：{written_by}；可读：{read_by}）。较新的版本会在首次启动时\
         升级它；升级之后，旧版本就再也读不了了。";
};

// Trigger: gossipd/gossmap_manage.c at v26.06.6; the end of compaction while running: changelog
// of v0.7.1; its return: pull request 8903, changelog of v26.04.
pub(super) const BLOAT: Entry = entry! {
    en: "Mostly dead records",
        "Of {size:n} bytes only {live_bytes:n} belong to live records ({live:n} live, {dead:n} dead). \
         v0.7.1 to v25.12.1 clear out dead records only when they start, so the file grows as long \
         as the node runs. v26.04 and later do it while running, from 10,000,000 bytes and four \
         dead records per live one on.";
    zh: "大多是失效的记录",
        "{size:n} 字节中只有 {live_bytes:n} 字节属于有效记录（有效 {live:n} 条，失效 {dead:n} 条）。\
         v0.7.1 至 v25.12.1 只在启动时清理失效记录，所以节点运行多久，文件就涨多久。v26.04 及更高版本会在\
         运行中清理，条件是文件达到 10,000,000 字节，且失效记录至少是有效记录的四倍。";
};

// Own gossip to 50 peers: pull request 7873; a full sync every hour: 7768 (changelog of v24.11).
pub(super) const READVERTISING: Entry = entry! {
    en: "Peers are probably told the same again and again",
        "The store holds unusually much gossip of its own, or announcements of one node by the \
         hundred: a sign that peers are told the same again and again.[push| {push:n record is|records \
         are} marked as own gossip (PUSH), which is sent unasked.] A peer that asks for everything \
         is sent {messages:n message|messages}, {sync_bytes:n byte|bytes}; it shows as upload of \
         lightning_connectd. From v24.11 on own gossip goes to up to 50 peers instead of 5.";
    zh: "可能在反复向对等节点发送同样的内容",
        "文件里自己的 gossip 多得反常，或者同一个节点有上百条公告：说明节点可能在反复向对等节点发送同样的\
         内容。[push|有 {push:n} 条记录被标为自己的 gossip（PUSH），会主动发出。]对等节点请求全部内容时，\
         要向它发送 {messages:n} 条消息，共 {sync_bytes:n} 字节，表现为 lightning_connectd 占用上行带宽。\
         自 v24.11 起，自己的 gossip 最多发给 50 个对等节点，而不是 5 个。";
};

// gossipd/gossmap_manage.c: prune_network, every half week.
pub(super) const TOO_OLD: Entry = entry! {
    en: "Too old to be worth putting back",
        "The newest message is of {newest_timestamp:t}. lightningd drops every channel of which one \
         direction has had no update for 14 days: of {channels:n} channels {survive:n} would stay. \
         Until then, channels closed long ago would count as usable for routes.";
    zh: "太旧，不值得再放回去",
        "最新的消息时间是 {newest_timestamp:t}。只要有一个方向 14 天没有更新，lightningd 就会移除该通道：\
         {channels:n} 条通道中只有 {survive:n} 条能留下。而在移除之前，早已关闭的通道还会被当作可用的路由。";
};

pub(super) const PRIVATE_RECORDS: Entry = entry! {
    en: "The file names channels that are not public",
        "{count:n record|records} of this node's own unannounced channels; releases before v24.02 kept \
         them in this file. Whoever gets the file learns of these channels.";
    zh: "文件里有未公开的通道",
        "有 {count:n} 条记录属于本节点自己未公开的通道；v24.02 之前的版本把它们存在这个文件里。拿到文件\
         的人都会知道这些通道。";
};

pub(super) const PUSH_RECORDS: Entry = entry! {
    en: "The file tells whose it is",
        "{count:n record is|records are} marked as this node's own gossip (PUSH, written before \
         v23.05 and kept by upgrades). Whoever gets the file can tell which node it comes from.";
    zh: "从文件可以看出它属于哪个节点",
        "有 {count:n} 条记录被标为本节点自己的 gossip（PUSH，v23.05 之前写入，升级后仍保留）。拿到文件的人\
         能看出它来自哪个节点。";
};

pub(super) const UNKNOWN_FLAGS: Entry = entry! {
    en: "Flags without a known meaning",
        "{count:n record has|records have} flag bits set ({flags}) to which no release gives a meaning \
         in this version. All releases ignore them.";
    zh: "含义不明的标记位",
        "有 {count:n} 条记录设置了标记位（{flags}），在这个格式版本里没有任何 lightningd 版本赋予其含义。\
         所有版本都会忽略它们。";
};

// The deadline in chan_dying: pull request 9051 raised it to 72 blocks in v26.06.
pub(super) const DYING_CHANNELS: Entry = entry! {
    en: "Channels that are being closed",
        "The funding of {count:n channel|channels} is spent. lightningd removes such a channel some \
         blocks later: 12 with v22.11 to v26.04, 72 from v26.06 on. Nothing is wrong.";
    zh: "正在关闭的通道",
        "有 {count:n} 条通道的注资输出已被花费。lightningd 会在若干区块之后移除：v22.11 至 v26.04 是 12 \
         个，v26.06 起是 72 个。这是正常现象。";
};

pub(super) const RESYNCHRONISED: Entry = entry! {
    en: "Records found inside a damaged one",
        "{count:n record|records} with right checksums stand inside bytes that a damaged header claims \
         as its own. They are probably real, but a checksum proves nothing against a peer: whoever \
         announces a node chooses the bytes and could have put records into them.";
    zh: "在损坏的记录内部找到的记录",
        "有 {count:n} 条校验和相符的记录，位于某个损坏的记录头声称属于自己的范围之内。它们多半是真的，但\
         校验和防不住对等节点：公告内容由发布者决定，完全可以在里面塞进记录。";
};

pub(super) const ZERO_SIGNATURES: Entry = entry! {
    en: "Records that nobody signed",
        "Of {records:n record|records} that ought to be signed, {count:n} carry signatures that are \
         all zero. Such a store was made for tests, or its signatures were left out to make it \
         small. lightningd would load it; peers would refuse what it sends on.";
    zh: "没有签名的记录",
        "在应有签名的 {records:n} 条记录中，{count:n} 条的签名全部是零。这样的文件是为测试而造的，或者为了\
         缩小体积去掉了签名。lightningd 会读入它，但对等节点会拒收它转发的内容。";
};

pub(super) const LIMIT_REACHED: Entry = entry! {
    en: "A limit was reached, the rest was not looked at",
        "The file holds more than the limit allows ({what}: {limit:n}). Figures that go by them are \
         too low; checksums were checked to the end all the same.";
    zh: "达到上限，其余部分没有查看",
        "文件里的内容超出了上限（{what}：{limit:n}）。与之相关的数字偏低；校验和仍然一直检查到了末尾。";
};
