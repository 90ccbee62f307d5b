//! Words for the findings of LND's migration.

use crate::words::Entry;

pub(in crate::words) const TOMBSTONE_WITHOUT_TRACKER: Entry = entry! {
    en: "The migration did not commit, but the key-value store is already locked",
        "The invoice tombstone stands in the key-value store, and native SQL does not say that the \
         migration ended. LND writes the tombstone before SQL commits, so a crash in between \
         leaves this. The invoices are intact in the key-value store ({kv_invoices:n} there, \
         {sql_invoices:n} in native SQL. Started with native SQL and without \
         skip-native-sql-migration, LND migrates again from the intact data. With \
         skip-native-sql-migration it would record the migration as done over an empty database: \
         then the loss is permanent.";
    zh: "迁移没有提交，但键值存储已被锁住",
        "键值存储里有发票墓碑，而原生 SQL 并没有记录迁移完成。LND 在 SQL 提交之前就写下墓碑，因此中途崩溃就会\
         变成这样。发票在键值存储里完好（那里有 {kv_invoices:n} 张，原生 SQL 里有 {sql_invoices:n} \
         张）。打开原生 SQL 且不设 skip-native-sql-migration 启动，LND 会用完好的数据重新迁移。若设了 \
         skip-native-sql-migration，它会对着空数据库记下“迁移已完成”，损失就成了永久的。";
};

pub(in crate::words) const MIGRATION_SKIPPED: Entry = entry! {
    en: "Invoices were left behind by the migration",
        "Native SQL counts the migration as done ({how}), but {left_behind:n} of \
         {kv_invoices:n invoice|invoices} in the key-value store are not in native SQL, which has \
         {sql_invoices:n}. LND never looks at the key-value store again, whatever the options: \
         what was left behind is on disk, and out of its sight.";
    zh: "有发票被迁移落下了",
        "原生 SQL 认为迁移已完成（{how}），但键值存储的 {kv_invoices:n} 张发票中有 {left_behind:n} 张不在原生 \
         SQL 里（那里有 {sql_invoices:n} 张）。无论怎样设置，LND 都不会再看键值存储：落下的发票还在磁盘上，\
         但 LND 看不到。";
};

pub(in crate::words) const TOMBSTONE_LOST: Entry = entry! {
    en: "Migrated, but nothing stops LND from going back",
        "The invoices are in native SQL ({sql_invoices:n}; {kv_invoices:n} in the key-value store), \
         but the invoice tombstone is missing: the key-value store was probably put back from an \
         older backup. With native SQL off, LND would start on the old invoices without a word, \
         and both stores would go their own way.";
    zh: "已经迁移，但没有什么能阻止 LND 退回去",
        "发票已在原生 SQL 里（{sql_invoices:n} 张，键值存储里有 {kv_invoices:n} 张），但发票墓碑不见了：键值\
         存储多半是从旧备份恢复的。如果关掉原生 SQL，LND 会一声不响地在旧发票上启动，两边从此各走各的。";
};

pub(in crate::words) const SPLIT_BRAIN: Entry = entry! {
    en: "Invoices were made on both sides",
        "Native SQL took over at {migrated_at:t}; since then {created:n invoice was|invoices were} \
         made there, and the key-value store has one of {kv_newest:t}[left_behind| and {left_behind:n \
         invoice|invoices} that native SQL lacks]. LND ran on one store and then on the other. \
         Neither has all invoices, and no start of LND brings them together.";
    zh: "两边都有新建的发票",
        "原生 SQL 从 {migrated_at:t} 起接管，此后在那里新建了 {created:n} 张发票；而键值存储里有 \
         {kv_newest:t} 的发票[left_behind|，且有 {left_behind:n} 张是原生 SQL 没有的]。LND 先在一边运行，又在另一边运行。哪边都不完整，LND 启动多少次也不会把它们合并。";
};

pub(in crate::words) const TRACKER_SCHEMA_DISAGREE: Entry = entry! {
    en: "The database contradicts its own record of migrations",
        "LND's tracker stands at {tracker}, which goes with schema {expected_schema}; the schema \
         stands at {schema}.[missing_tables| Missing tables: {missing_tables}; LND never makes \
         them again and stops at the first query.][clashes| A start would \
         apply files of the schema again over tables that stand, fail, and leave the schema marked \
         as half done: no row is lost, but no later start goes on.] LND does not do this by itself: someone edited the database, or put parts of it back.";
    zh: "数据库与自己的迁移记录矛盾",
        "LND 的迁移记录在 {tracker}，对应的表结构版本是 {expected_schema}，实际却是 \
         {schema}。[missing_tables|缺少的表：{missing_tables}；LND 不会再建，第一次查询就会停下。]\
         [clashes|一启动就会在已有的表上重新执行建表文件，中途失败，表结构被标为未完成：数据不会丢，但之后再也启动不了。]LND 自己不会弄成这样：\
         是有人改过数据库，或只恢复了一部分。";
};

pub(in crate::words) const DIRTY_SCHEMA: Entry = entry! {
    en: "A change of the schema was begun and not finished",
        "Schema {schema} is marked as half done (dirty).[blocks| LND stops at it at every start.] \
         As long as no migration is pending LND does not look at the mark; the next release that \
         brings one does, and stops.";
    zh: "表结构的变更只做了一半",
        "表结构版本 {schema} 被标为未完成（dirty）。[blocks|LND 每次启动都会停在这里。]只要没有待做的迁移，\
         LND 就不看这个标记；一旦新版本带来迁移，就会停下。";
};

pub(in crate::words) const WRONG_NETWORK: Entry = entry! {
    en: "The stores are of two networks",
        "{named_by} says {network}, {other_named_by} says {other_network}. Before v0.21 LND does not \
         compare the two and mixes both networks in one database; from v0.21 on it refuses where \
         its own record is of another network than the configuration.";
    zh: "这些数据属于两个网络",
        "{named_by}是 {network}，{other_named_by}是 {other_network}。v0.21 之前 LND 不作比较，会把两个网络混进同一个\
         数据库；自 v0.21 起，若自己的记录与配置的网络不同就拒绝启动。";
};

pub(in crate::words) const DATA_MIGRATION_TOMBSTONE: Entry = entry! {
    en: "This store was retired after its data was copied to another backend",
        "It carries lndinit's data-migration tombstone (it reads: {reads}). LND refuses it. The \
         data lives in the database that it was copied to[destination|, which was given too]. \
         This is not the invoice tombstone of the migration to native SQL.";
    zh: "这个存储在数据复制到别的后端之后已退役",
        "它带有 lndinit 的数据迁移墓碑（内容：{reads}），LND 拒绝打开。数据在复制到的那个数据库里\
         [destination|（这次也一并给出了）]。这不是迁移到原生 SQL 时的发票墓碑。";
};

pub(in crate::words) const HALF_COPIED: Entry = entry! {
    en: "A copy to another backend that was never finished",
        "The database holds data of the bbolt file but not the mark that lndinit writes at the \
         end ({kv_invoices:n invoice|invoices} in the copy). LND does not look for that mark: it would start on the part that is \
         there, channels included. An old state of a channel can cost all the money in it.";
    zh: "复制到别的后端没有完成",
        "数据库里有 bbolt 文件的数据，却没有 lndinit 最后写下的标记（副本里有 {kv_invoices:n} 张发票）。LND 不检查这个标记，会直接在残缺的数据上\
         启动，通道也不例外。通道的旧状态可能让其中的资金全部损失。";
};

pub(in crate::words) const COPY_UNMARKED: Entry = entry! {
    en: "The copy lacks the mark of a finished one",
        "The bbolt file is retired, but the database that it was copied to is not marked as \
         finished: lndinit was interrupted between its two marks. LND starts on the copy; lndinit \
         refuses to run again. The file is retired only after the copy is complete.";
    zh: "副本缺少“已完成”的标记",
        "bbolt 文件已退役，但复制到的数据库没有标为已完成：lndinit 在写两个标记之间被打断了。LND 能在副本上\
         启动，lndinit 则拒绝再次运行。只有副本完整之后，原文件才会退役。";
};

pub(in crate::words) const STALE_COPY: Entry = entry! {
    en: "The copy may be older than the node",
        "What speaks for it: {sign}. Without its write-ahead log (-wal) an SQLite file shows the \
         state of the last checkpoint, which can lie before the migration; a log is left over \
         when LND was running or crashed. What is said here of the state may then be wrong.";
    zh: "副本可能比节点旧",
        "依据：{sign}。没有预写日志（-wal）的 SQLite 文件只显示上次检查点的状态，可能在迁移之前；复制时 \
         LND 在运行或曾经崩溃，就会留下日志。这时这里对状态的判断可能不对。";
};

pub(in crate::words) const NEWER_THAN_RELEASE: Entry = entry! {
    en: "Newer than LND {release}",
        "{which} stands at {found}; {release} knows up to {known}. LND refuses a key-value store \
         of a newer version. A newer tracker it does not notice: it runs, with what it keeps in \
         the key-value store out of date.";
    zh: "比 LND {release} 新",
        "{which}为 {found}，而 {release} 只认到 {known}。键值存储的版本较新时，LND 拒绝启动。迁移记录较新时\
         它察觉不到：照样运行，只是它仍放在键值存储里的数据已经过时。";
};

// v0.19.2 to v0.21.1: initChannelDB; pull request 10985 mends it in v0.21.2.
pub(in crate::words) const MISSING_DBP: Entry = entry! {
    en: "The key-value store has no version",
        "This is no damage: v0.19.2 to v0.21.1 create databases without it. Those releases take \
         such a store for the newest and pass over its migrations without a word; v0.21.2 and \
         later put it right. It also means that nothing stops an older release from opening it.";
    zh: "键值存储没有版本号",
        "这不是损坏：v0.19.2 至 v0.21.1 新建的数据库就没有版本号。这些版本把它当成最新的，悄悄跳过它的迁移；\
         v0.21.2 及更高版本会补上。这也意味着，没有什么能阻止旧版本打开它。";
};

pub(in crate::words) const BOLT_BESIDE_SQL: Entry = entry! {
    en: "Two live copies of one node's channels",
        "A bbolt file that is not retired lies beside a key-value store in SQL (newer channels: \
         {newer_channels}). LND only warns. Whoever starts the older one publishes revoked states, \
         and the other side may take all the money of a channel.";
    zh: "同一节点的通道有两份都可启动",
        "SQL 键值存储旁边有一个没有退役的 bbolt 文件（较新的通道在：{newer_channels}）。LND 只会警告。若启动\
         较旧的一份，就会公布已作废的状态，对方可以拿走通道里的全部资金。";
};

pub(in crate::words) const FOREIGN_MARKER: Entry = entry! {
    en: "A mark that is not LND's",
        "The key {marker} was written by another tool or by hand. No release of LND reads it, and \
         it says nothing about the migration.";
    zh: "不是 LND 的标记",
        "键 {marker} 是别的工具或人写的。没有任何 LND 版本会读它，它也说明不了迁移的情况。";
};

pub(in crate::words) const CLOSED_CHANNEL_TOMBSTONES: Entry = entry! {
    en: "Closed channels whose data stays",
        "{count:n channel is|channels are} closed, and still among the open ones in the store. \
         From v0.21 on LND leaves them there on SQL backends and marks them as closed elsewhere \
         (closed-channel tombstones). Nothing is wrong, and it has nothing to do with the \
         migration.";
    zh: "已关闭的通道，数据仍保留",
        "有 {count:n} 条通道已经关闭，却仍列在存储的开放通道中。自 v0.21 起，LND 在 SQL 后端上会把它们留在\
         原处，另行标为已关闭（已关闭通道的墓碑）。这是正常现象，与迁移无关。";
};
