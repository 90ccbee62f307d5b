//! Words for what logs say.
//!
//! Sources: the lines themselves stand in `log/lightningd.rs` and `log/lnd.rs` with theirs. What is
//! harmless: ElementsProject/lightning pull requests and issues 7899 (order of gossip), 8769, commit
//! cef86d1e2 (updates out of bounds); Blockstream/greenlight issue 507; lnd issue 9660.

use super::{Entry, Text};

pub(super) const INPUT: Entry = entry! {
    en: "This is a log, not a store",
        "A log has a report of its own: what it says of the store, of restarts, of floods and of \
         migrations.";
    zh: "这是日志，不是 gossip_store",
        "日志有单独的报告：它怎么说文件、重启、消息洪流和迁移。";
};

pub(super) const CHECKSUM: Entry = entry! {
    en: "A checksum did not hold[store_offset| at offset {store_offset} of the store]",
        "Line {line} of the log[logged_at|, {logged_at:t}].[moved| The store was moved to \
         gossip_store.corrupt then, with all its good records.][emptied| The store was emptied \
         then.][record| In the store given here that offset belongs to the record at {record}.][wound| \
         That place is damaged.] The bytes on disk were not those that lightningd had written.";
    zh: "校验和不符[store_offset|，位于文件偏移 {store_offset}]",
        "日志第 {line} 行[logged_at|，{logged_at:t}]。[moved|文件当时被移到 gossip_store.corrupt，完好的记录也一并\
         移走。][emptied|文件当时被清空。][record|在这里给出的文件中，该偏移属于偏移 {record} 处的记录。][wound|那里\
         确有损坏。]磁盘上的字节不是 lightningd 当初写入的内容。";
};

pub(super) const BAD_RECORD: Entry = entry! {
    en: "lightningd did not accept the store: {said}",
        "Line {line} of the log[logged_at|, {logged_at:t}][store_offset|, offset {store_offset} of \
         the store].[moved| The store was moved to gossip_store.corrupt then, with all its good \
         records.][emptied| The store was emptied then.][record| In the store given here that \
         offset belongs to the record at {record}.][wound| That place is damaged.] One such place is \
         enough for lightningd to give up the whole file.";
    zh: "lightningd 不接受这个文件：{said}",
        "日志第 {line} 行[logged_at|，{logged_at:t}][store_offset|，文件偏移 {store_offset}]。[moved|文件当时\
         被移到 gossip_store.corrupt，完好的记录也一并移走。][emptied|文件当时被清空。][record|在这里给出的文件\
         中，该偏移属于偏移 {record} 处的记录。][wound|那里确有损坏。]只要有一处这样，lightningd 就会放弃整个文件。";
};

pub(super) const STORE_LOST: Entry = entry! {
    en: "lightningd gave its store up and began an empty one",
        "Line {line} of the log[logged_at|, {logged_at:t}]: {said}[version| (version {version})]. \
         From then on the graph is fetched again from peers: routes and aliases are missing for \
         some hours, and upload rises. No channel and no money is at stake. What was good in the \
         old store can be saved from gossip_store.corrupt, as long as nothing replaced it.";
    zh: "lightningd 放弃了它的文件，重新从空文件开始",
        "日志第 {line} 行[logged_at|，{logged_at:t}]：{said}[version|（版本 {version}）]。此后要从对等节点重新\
         获取网络图：几个小时内会缺少路由和别名，上行流量增大。通道和资金都不受影响。只要 gossip_store.corrupt \
         还没有被覆盖，旧文件里完好的记录就能救回来。";
};

pub(super) const STALE_INDEX: Entry = entry! {
    en: "gossipd asked for a record that is not there any more: offset {store_offset} of {store_len}",
        "Line {line} of the log[logged_at|, {logged_at:t}].[record| In the store given here that \
         offset belongs to the record at {record}.][wound| That place is damaged.] The index in \
         memory belonged to another file than the one on disk. From v24.02 to v24.11.2 that comes \
         from a store that was said to be truncated and was not: the old records stayed, and new \
         ones were written over them.";
    zh: "gossipd 要读一条已不存在的记录：偏移 {store_offset}，文件长 {store_len}",
        "日志第 {line} 行[logged_at|，{logged_at:t}]。[record|在这里给出的文件中，该偏移属于偏移 {record} 处的记录。]\
         [wound|那里确有损坏。]内存里的索引属于另一个文件，而不是磁盘上的这个。在 v24.02 至 v24.11.2 中，这来自一个\
         声称已清空、实际没有清空的文件：旧记录还在，新记录写在了上面。";
};

pub(super) const CANNOT_READ: Entry = entry! {
    en: "The store was not as lightningd had written it: {said}",
        "Line {line} of the log[logged_at|, {logged_at:t}][store_offset|, offset {store_offset} of \
         the store].[record| In the store given here that offset belongs to the record at \
         {record}.][wound| That place is damaged.] What lightningd found there was something else, \
         or less.";
    zh: "文件与 lightningd 写入的不同：{said}",
        "日志第 {line} 行[logged_at|，{logged_at:t}][store_offset|，文件偏移 {store_offset}]。[record|在这里给出的\
         文件中，该偏移属于偏移 {record} 处的记录。][wound|那里确有损坏。]lightningd 在那里读到的是别的内容，或者不完整。";
};

pub(super) const WRITE_FAILED: Entry = entry! {
    en: "The store could not be written[why|: {why}]",
        "Line {line} of the log[logged_at|, {logged_at:t}]. “Success” as the reason means that fewer \
         bytes were written than asked for: mostly, the disk is full.";
    zh: "无法写入文件[why|：{why}]",
        "日志第 {line} 行[logged_at|，{logged_at:t}]。原因写着 “Success” 时，表示写入的字节少于要求：多半是磁盘\
         已满。";
};

pub(super) const ENDS_EARLY: Entry = entry! {
    en: "The store's end was cut off at offset {store_offset}",
        "Line {line} of the log[logged_at|, {logged_at:t}]: a record was not complete, as after a \
         power cut. What stood before it was kept; peers send the rest again.";
    zh: "文件末尾从偏移 {store_offset} 处被截掉",
        "日志第 {line} 行[logged_at|，{logged_at:t}]：有一条记录不完整，断电后会这样。之前的内容都保留了，其余由\
         对等节点补发。";
};

pub(super) const DUPLICATE: Entry = entry! {
    en: "Something stands twice in the store[scid|: channel {scid}]",
        "Line {line} of the log[logged_at|, {logged_at:t}]: offset {store_offset}[other_offset|, and \
         before it {other_offset}]. From v25.02 on gossipd gives such a store up at its next start; \
         from v24.08 on it reads no further than this at all.";
    zh: "文件里有内容重复[scid|：通道 {scid}]",
        "日志第 {line} 行[logged_at|，{logged_at:t}]：偏移 {store_offset}[other_offset|，之前已在 \
         {other_offset}]。自 v25.02 起，gossipd 下次启动时会放弃这样的文件；自 v24.08 起，它读到这里就不再往下读。";
};

pub(super) const COMPACTION_FAILED: Entry = entry! {
    en: "Compacting the store failed",
        "Line {line} of the log[logged_at|, {logged_at:t}][store_offset|, offset {store_offset} of \
         the store]. Dead records stay, and the file grows until compaction succeeds.";
    zh: "压缩整理文件失败",
        "日志第 {line} 行[logged_at|，{logged_at:t}][store_offset|，文件偏移 {store_offset}]。失效记录会留下来，\
         文件会一直变大，直到压缩整理成功。";
};

pub(super) const CRASH: Entry = entry! {
    en: "A crash: {said}[signal| {signal}]",
        "Line {line} of the log[logged_at|, {logged_at:t}]. If a daemon dies, lightningd stops with \
         it. Signal 6 is a check inside the program that failed, 11 an access outside its memory.";
    zh: "崩溃：{said}[signal| {signal}]",
        "日志第 {line} 行[logged_at|，{logged_at:t}]。任何一个守护进程退出，lightningd 也会随之停止。信号 6 是程序\
         内部检查失败，11 是越界访问内存。";
};

pub(super) const UNCLEAN_RESTART: Entry = entry! {
    en: "A start without a stop before it",
        "Line {line} of the log[logged_at|, {logged_at:t}] begins a start; the line before it[before_at| \
         is of {before_at:t}, and] says nothing of a stop.[crashed| A crash was logged before \
         it.] A power cut looks like this, and so does a killed process. A stop by the system \
         (SIGTERM) is told on the console only, not in a log-file: then this may be one.";
    zh: "启动之前没有停止的记录",
        "日志第 {line} 行[logged_at|，{logged_at:t}]开始了一次启动；它前面的一行[before_at|写于 {before_at:t}，]\
         没有提到停止。[crashed|之前记录过一次崩溃。]断电会是这个样子，进程被强行结束也是。由系统停止（SIGTERM）\
         只写在控制台上，不写进 log-file：也可能是这种情况。";
};

pub(super) const LIKELY_CAUSE: Entry = entry! {
    en: "The likely cause: a restart without a stop, at line {cause_line}",
        "The first damage is told in line {line}[logged_at| ({logged_at:t})][store_offset|, at offset \
         {store_offset}]: {said}.[crashed| A crash was logged before that start.] lightningd had \
         started before it[cause_at| ({cause_at:t})] without having been stopped: what it wrote last \
         may never have reached the disk.";
    zh: "可能的起因：第 {cause_line} 行，没有停止就重新启动",
        "第一次损坏见第 {line} 行[logged_at|（{logged_at:t}）][store_offset|，偏移 {store_offset}]：{said}。\
         [crashed|那次启动之前记录过一次崩溃。]在此之前，lightningd 没有停止就又启动了[cause_at|（{cause_at:t}）]：\
         它最后写入的内容可能没有到达磁盘。";
};

pub(super) const FLOOD: Entry = entry! {
    en: "“Bad gossip order” {count:n time|times}: harmless",
        "From {peers:n peer|peers}; at most {per_second:n} in a second. Most often: {order}. Peers \
         send messages about channels that this node does not know (yet): it asks for them, and \
         drops the message. No channel and no payment is at risk; it costs processor time and log. \
         Right after a store was lost it is normal and fades as the graph comes back. From v24.11 \
         on these lines are of level trace.";
    zh: "“Bad gossip order” 共 {count:n} 次：无害",
        "来自 {peers:n} 个对等节点；一秒内最多 {per_second:n} 次。最多的是：{order}。对等节点发来的消息涉及本节点\
         （还）不知道的通道：它会去询问，并丢弃该消息。通道和付款都没有风险，只是耗费 CPU 和日志空间。刚丢失文件之后\
         出现属于正常，网络图恢复后会减少。自 v24.11 起，这些日志属于 trace 级别。";
};

pub(super) const HARMLESS: Entry = entry! {
    en: "Harmless: {said}",
        "{count:n line|lines}, the first is line {line}. It looks like a fault and is none: nothing \
         needs doing.";
    zh: "无害：{said}",
        "共 {count:n} 行，首次在第 {line} 行。看起来像故障，其实不是：无需处理。";
};

pub(super) const TROUBLE: Entry = entry! {
    en: "{said}",
        "{count:n line|lines}, the first is line {line}. The store was not given up for this.";
    zh: "{said}",
        "共 {count:n} 行，首次在第 {line} 行。文件没有因此被放弃。";
};

pub(super) const SLOW_START: Entry = entry! {
    en: "Starts were held up: compaction took up to {longest_seconds:n second|seconds}",
        "{count:n time is|times are} known, the longest is {longest:n ms}. Up to v25.12.1 the store \
         is written anew at each start; with a store of gigabytes that takes minutes, and plugins \
         give up meanwhile.";
    zh: "启动被拖慢：压缩整理最长用了 {longest_seconds:n} 秒",
        "共有 {count:n} 次计时，最长 {longest:n} 毫秒。到 v25.12.1 为止，每次启动都要重写整个文件；文件有几 GB 时\
         要用几分钟，期间插件会超时退出。";
};

pub(super) const CUT_LINES: Entry = entry! {
    en: "{count:n line|lines} longer than is read",
        "Only the first 192 KiB of a line are looked at; no line of lightningd or LND is longer.";
    zh: "{count:n} 行超出读取长度",
        "每行只看前 192 KiB；lightningd 和 LND 的日志行都不会更长。";
};

pub(super) const NOTHING_KNOWN: Entry = entry! {
    en: "None of {lines:n line|lines} is one that is looked for",
        "That is no verdict: perhaps it is the log of another program, or of a time in which nothing \
         happened to the store.";
    zh: "{lines:n} 行里没有一行是要找的内容",
        "这不是结论：也许是别的程序的日志，也许这段时间里文件没有出过事。";
};

pub(super) const OTHER_STORE: Entry = entry! {
    en: "The log speaks of another store than the one given",
        "{count:n offset lies|offsets lie} beyond its end ({size:n bytes}), the first at line {line}: \
         offset {store_offset}. The file meant is the one from before: gossip_store.corrupt, or a \
         copy of the time.";
    zh: "日志说的不是这里给出的文件",
        "有 {count:n} 个偏移超出了它的末尾（{size:n} 字节），首次在第 {line} 行：偏移 {store_offset}。所指的是之前的\
         文件：gossip_store.corrupt，或当时的副本。";
};

pub(super) const UPLOAD: Entry = entry! {
    en: "What gossip costs: each peer that asks for everything is sent {wire_bytes:n bytes}",
        "With {peers:n peer|peers}: {all_sync_bytes:n bytes} if each asks once, which takes \
         {least_seconds:n second|seconds} or more for each (from v24.11 on a peer gets at most \
         1,000,000 bytes a second). A graph fetched anew: between {rebuild_received_least:n} and \
         {rebuild_received_most:n} bytes received, up to {rebuild_sent_most:n} sent on. From v24.11 \
         on the full sync of one peer an hour may add up to {regular_received_most:n} bytes received \
         a day.[asked_everything| The log has {asked_everything:n request|requests} for everything.] \
         Assumed: the graph is that of the store given; between none and all of up to ten peers \
         repeat what the others send; each message goes on to no peer, or to every one but its \
         sender. Queries, pings and reconnections are left out.";
    zh: "gossip 的代价：每个请求全部内容的对等节点要发送 {wire_bytes:n} 字节",
        "按 {peers:n} 个对等节点计：每个都请求一次，共 {all_sync_bytes:n} 字节，每个至少要 {least_seconds:n} 秒\
         （自 v24.11 起，每个对等节点每秒最多 1,000,000 字节）。重新获取网络图：接收 {rebuild_received_least:n} 至 \
         {rebuild_received_most:n} 字节，转发最多 {rebuild_sent_most:n} 字节。自 v24.11 起，每小时向一个对等节点做\
         一次完整同步，每天最多再接收 {regular_received_most:n} 字节。[asked_everything|日志中有 \
         {asked_everything:n} 次请求全部内容。]假设：网络图就是所给文件的内容；最多十个对等节点中，从没有到全部都\
         重复发送同样的内容；每条消息不转发，或转发给除发送者之外的所有对等节点。查询、ping 和重连不计在内。";
};

pub(super) const LND_MIGRATED: Entry = entry! {
    en: "The migration of {what_moves} was finished",
        "From line {line}[logged_at| ({logged_at:t})] on.[slowest_per_hour| Between {slowest_per_hour:n} \
         and {fastest_per_hour:n} an hour were logged.] The count told is {count:n}[seconds|, in \
         {seconds:n second|seconds}].";
    zh: "{what_moves}的迁移已完成",
        "从第 {line} 行[logged_at|（{logged_at:t}）]开始。[slowest_per_hour|日志中的速度为每小时 \
         {slowest_per_hour:n} 至 {fastest_per_hour:n} 个。]日志给出的数量是 {count:n}[seconds|，用时 {seconds:n} 秒]。";
};

pub(super) const LND_FAILED: Entry = entry! {
    en: "The migration of {what_moves} failed[error_line| at line {error_line}]",
        "It began at line {line}[logged_at| ({logged_at:t})]; {count:n} were counted[seconds| in \
         {seconds:n second|seconds}].[slowest_per_hour| Between {slowest_per_hour:n} and \
         {fastest_per_hour:n} an hour were logged.] LND says: {lnd_error}. Nothing of it was written: \
         all is one transaction, and the next start tries again.";
    zh: "{what_moves}的迁移失败[error_line|，见第 {error_line} 行]",
        "从第 {line} 行[logged_at|（{logged_at:t}）]开始；已计 {count:n} 个[seconds|，用时 {seconds:n} 秒]。\
         [slowest_per_hour|日志中的速度为每小时 {slowest_per_hour:n} 至 {fastest_per_hour:n} 个。]LND 报告：\
         {lnd_error}。什么都没有写入：全部在一个事务里，下次启动会重试。";
};

pub(super) const LND_UNFINISHED: Entry = entry! {
    en: "The migration of {what_moves} did not come to its end",
        "It began at line {line}[logged_at| ({logged_at:t})]; {count:n} were counted[seconds| in \
         {seconds:n second|seconds}].[slowest_per_hour| Between {slowest_per_hour:n} and \
         {fastest_per_hour:n} an hour were logged.][interrupted| LND stopped or started again \
         meanwhile: it begins anew at each start, so do not stop it for being slow.] It is one \
         transaction: until it ends nothing is lost, and nothing won.";
    zh: "{what_moves}的迁移没有做完",
        "从第 {line} 行[logged_at|（{logged_at:t}）]开始；已计 {count:n} 个[seconds|，用时 {seconds:n} 秒]。\
         [slowest_per_hour|日志中的速度为每小时 {slowest_per_hour:n} 至 {fastest_per_hour:n} 个。][interrupted|\
         期间 LND 停止或重新启动过：每次启动都从头开始，不要因为慢而停止它。]它是一个事务：做完之前什么都不会丢，也\
         什么都没有做成。";
};

pub(super) const LND_LEFT_OUT: Entry = entry! {
    en: "The migration left out {count:n invoice|invoices}",
        "The first is told in line {line}: {said}. They stay in the key-value store, and LND does \
         not know them any more.";
    zh: "迁移漏掉了 {count:n} 张发票",
        "首次见第 {line} 行：{said}。它们仍留在键值存储里，但 LND 不再认识它们。";
};

pub(super) const LND_REFUSES: Entry = entry! {
    en: "LND did not start: {said}",
        "Line {line} of the log[logged_at|, {logged_at:t}] says: {words}.";
    zh: "LND 没有启动：{said}",
        "日志第 {line} 行[logged_at|，{logged_at:t}]写道：{words}。";
};

/// What a line says: the words behind the stable names.
pub(super) fn says(word: &str) -> Option<Text> {
    macro_rules! says {
        ($($name:literal $en:literal $zh:literal;)*) => {
            match word {
                $($name => Some(text!($en, $zh)),)*
                _ => None,
            }
        };
    }
    says!(
        "started" "lightningd started" "lightningd 已启动";
        "backend_ready" "bitcoind answers" "bitcoind 已应答";
        "shutdown_asked" "a stop was asked for" "收到停止请求";
        "sigterm" "the system asked for a stop" "系统要求停止";
        "loop_ended" "the main loop ended" "主循环结束";
        "fatal_signal" "fatal signal" "致命信号";
        "backtrace" "list of calls after a crash" "崩溃后的调用栈";
        "daemon_failed" "a daemon gave up" "某个守护进程放弃运行";
        "daemon_exited" "a daemon ended, and lightningd with it" "某个守护进程退出，lightningd 随之停止";
        "plugin_timeout" "a plugin did not answer in time" "插件没有及时应答";
        "store_read" "the store was read" "已读取文件";
        "live_records" "live and deleted records counted" "已统计有效与删除的记录";
        "compact_time" "time of compaction" "压缩整理用时";
        "compacted" "the store was compacted" "文件已压缩整理";
        "compact_begins" "compaction begins" "开始压缩整理";
        "compact_failed" "compaction failed" "压缩整理失败";
        "converted" "the store was upgraded" "文件格式已升级";
        "ends_early" "the store ends early" "文件提前结束";
        "checksum" "a checksum did not hold" "校验和不符";
        "bad_record" "a record that is not as it must be" "有一条记录不合规范";
        "no_amount" "an announcement without its amount" "通道公告缺少金额";
        "truncated" "the file ends inside a record" "文件在一条记录中间中断";
        "unfinished" "an announcement without the update it needs" "公告缺少所需的更新";
        "moved" "the store was moved to gossip_store.corrupt" "文件被移到 gossip_store.corrupt";
        "version" "a version that this release does not read" "该版本读不了的文件格式";
        "not_all" "not all of the store was understood" "文件没有全部读懂";
        "redundant" "something stands twice in the store" "文件里有内容重复";
        "stale_index" "a record was asked for that is deleted" "要读的记录已被删除";
        "cannot_read" "a place of the store could not be read" "文件中有一处无法读取";
        "wrong_record" "another record stands where one was expected" "该处是另一条记录";
        "wrong_length" "the file is not as long as what was written" "文件长度与写入的不符";
        "write_failed" "writing failed" "写入失败";
        "reopened" "a replaced store was opened" "已打开替换后的文件";
        "reopened_less" "a replaced store lacks something" "替换后的文件缺少内容";
        "bad_order" "messages out of order" "消息次序颠倒";
        "bad_updates" "updates with values out of bounds, ignored" "数值越界的更新，已忽略";
        "spam" "updates that come too often" "过于频繁的更新";
        "flooded" "more gossip than is taken: some is dropped" "gossip 过多：丢弃了一部分";
        "flood_over" "the flood is over" "洪流已过去";
        "pruned" "a channel without updates was dropped" "清理了长期没有更新的通道";
        "pruned_local" "a channel of this node was dropped from gossip" "本节点的通道被清理出 gossip";
        "spent" "a closed channel was dropped" "清理了已关闭的通道";
        "lost_track" "gossipd did not know a channel of this node: it is announced again" "gossipd 不认识本节点的通道：正在重新公告";
        "asks_everything" "a peer is asked for everything" "向对等节点请求全部内容";
        "asks_new" "a peer is asked for what is new" "向对等节点请求新内容";
        "startup_peer" "a peer to sync from at the start" "启动时选定的同步节点";
        "full_sync" "a peer for the regular full sync" "定期完整同步的节点";
        "lnd_version" "LND starts" "LND 启动";
        "lnd_opening" "LND opens its databases" "LND 打开数据库";
        "lnd_shutdown_asked" "LND was asked to stop" "LND 收到停止请求";
        "lnd_stopped" "LND stopped" "LND 已停止";
        "lnd_schema" "the schema is brought up" "更新数据库结构";
        "lnd_migration_skipped" "a migration was done before" "迁移之前已完成";
        "lnd_migration_begins" "a migration begins" "迁移开始";
        "lnd_migration_applied" "a migration is applied" "迁移已应用";
        "lnd_dirty_reset" "a schema marked as half done was put right" "已修正标为未完成的数据库结构";
        "lnd_invoices_begin" "the migration of invoices begins" "发票迁移开始";
        "lnd_invoices_index" "the index of payment hashes is built" "已建立付款哈希索引";
        "lnd_invoices_rate" "rate of invoices" "发票迁移速度";
        "lnd_invoices_total" "all invoices are over" "发票已全部迁移";
        "lnd_invoices_done" "the migration of invoices is done" "发票迁移完成";
        "lnd_invoice_left_out" "an invoice without a payment hash is left out" "没有付款哈希的发票被漏掉";
        "lnd_tombstone" "the invoice tombstone is set" "设置发票墓碑";
        "lnd_tombstone_state" "“Invoice bucket tombstone set to” of release candidates" "候选版本的 “Invoice bucket tombstone set to”";
        "lnd_graph_begin" "the migration of the graph begins" "网络图迁移开始";
        "lnd_graph_rate" "rate of the graph" "网络图迁移速度";
        "lnd_graph_part" "a part of the graph is over" "网络图的一部分已迁移";
        "lnd_graph_done" "the migration of the graph is done" "网络图迁移完成";
        "lnd_graph_left_out" "nodes or channels with data that cannot be kept are left out; peers send them again" "含有无法保留数据的节点或通道被略过，对等节点会补发";
        "lnd_payments_begin" "the migration of payments begins" "付款迁移开始";
        "lnd_payments_rate" "rate of payments" "付款迁移速度";
        "lnd_payments_part" "figures of payments" "付款统计";
        "lnd_payments_done" "the migration of payments is done" "付款迁移完成";
        "lnd_payment_odd" "payments that were not as they should be" "不合规范的付款";
        "lnd_kv_migration" "a migration of the key-value store" "键值存储的迁移";
        "lnd_kv_migration_failed" "a migration of the key-value store failed" "键值存储的迁移失败";
        "lnd_migration_failed" "a migration to native SQL failed" "到原生 SQL 的迁移失败";
        "lnd_refuses" "it refuses these stores" "拒绝使用这些存储";
        "lnd_stops_on_error" "LND stopped because of an error" "LND 因错误而停止";
        "lnd_bolt_beside" "an old bbolt database lies beside the one in use" "正在使用的数据库旁边有旧的 bbolt 数据库";
        "lnd_bolt_damaged" "bbolt found its file damaged" "bbolt 发现文件损坏";
        "lnd_serialization" "transactions of Postgres clashed and are tried again" "Postgres 事务冲突，会重试";
    )
}

/// Of what kind messages out of order are.
pub(super) fn order(word: &str) -> Option<Text> {
    Some(match word {
        "update" => text!("an update before its channel's announcement", "更新先于通道公告"),
        "node" => text!("a node before any channel of its", "节点公告先于它的任何通道"),
        "early" => text!("a channel in a block that is not here yet", "所在区块尚未到达的通道"),
        "own_unknown" => text!(
            "an update of an unknown channel, from a peer of a channel",
            "通道对方发来的未知通道更新"
        ),
        "own_alias" => text!("an update that names the peer's own alias", "使用对方自己别名的更新"),
        "foreign" => text!("an update of somebody else's channel", "他人通道的更新"),
        "other" => text!("something else", "其他"),
        _ => return None,
    })
}

/// What moves in a migration.
pub(super) fn what(word: &str) -> Option<Text> {
    Some(match word {
        "invoices" => text!("invoices", "发票"),
        "graph" => text!("the network graph", "网络图"),
        "payments" => text!("payments", "付款"),
        _ => return None,
    })
}
