//! Words for LND's invoices, in the key-value store and in native SQL.
//!
//! Sources: channeldb/invoices.go, invoices/sql_migration.go and sqldb/sqlc/migrations of LND, up
//! to v0.21.

use super::Entry;

pub(super) const KV_COUNTS: Entry = entry! {
    en: "Invoices in the key-value store: {invoices:n}",
        "Open {open:n}, settled {settled:n}, canceled {canceled:n}, accepted {accepted:n}. LND lists \
         and migrates what invoice-add-index leads to: {adds:n}. By payment hash {hashes:n} can be \
         found; {settles:n} settlements are indexed, and {amp_settles:n} of AMP payments. No index \
         leads to {orphans:n}; {undecodable:n} cannot be read.";
    zh: "键值存储中的发票：{invoices:n} 张",
        "未付 {open:n}，已结算 {settled:n}，已取消 {canceled:n}，已接受 {accepted:n}。LND 只列出和迁移 \
         invoice-add-index 指向的发票：{adds:n}。能按付款哈希找到的有 {hashes:n}；结算索引有 {settles:n} \
         条，另有 AMP 付款 {amp_settles:n} 条。没有索引指向的有 {orphans:n}；无法读取的有 {undecodable:n}。";
};

pub(super) const SQL_COUNTS: Entry = entry! {
    en: "Invoices in native SQL: {invoices:n}",
        "Open {open:n}, settled {settled:n}, canceled {canceled:n}, accepted {accepted:n}, with \
         {htlcs:n HTLC|HTLCs}. A migration from the key-value store brought {from_kv:n}, LND made \
         {made_here:n} here: those have an event of their creation.";
    zh: "原生 SQL 中的发票：{invoices:n} 张",
        "未付 {open:n}，已结算 {settled:n}，已取消 {canceled:n}，已接受 {accepted:n}，共 {htlcs:n} 个 \
         HTLC。从键值存储迁移来的有 {from_kv:n}，LND 在这里新建的有 {made_here:n}：后者带有创建事件。";
};

pub(super) const UNDECODABLE: Entry = entry! {
    en: "An invoice that LND cannot read",
        "The value of {key} breaks at its byte {value_offset}, in the field {field} ({problem}). \
         [fails|LND fails at it whenever it lists invoices, and a migration to native SQL stops there if an \
         add index leads to it (it does: {listed}).][only_logged|LND logs that and lists the \
         invoice as if nothing had been paid to it; a migration to native SQL stops there, or \
         dies, if an add index leads to the invoice (it does: {listed}).] What stands before that \
         byte can still be shown.";
    zh: "LND 无法读取的发票",
        "{key} 的内容在第 {value_offset} 字节处出错，字段为 {field}（{problem}）。[fails|LND 每次列出发票都会在\
         这里失败；如果有添加索引指向它（{listed}），迁移到原生 SQL 也会停在这里。][only_logged|LND 只在日志里\
         记一笔，列出发票时就像从未收到付款；如果有添加索引指向该发票（{listed}），迁移到原生 SQL 会停在这里或\
         崩溃。]该字节之前的内容仍可显示。";
};

// DeleteCanceledInvoices in channeldb/invoices.go, v0.18.0 to v0.21.2.
pub(super) const ORPHAN_CANCELED: Entry = entry! {
    en: "Canceled invoices that LND's clean-up left behind",
        "No index leads to {count:n canceled invoice|canceled invoices} any more, but their contents are \
         still in the store. That is what gc-canceled-invoices-on-startup and its kin do since \
         v0.18: they remove the index rows and miss the invoice itself. It does no harm and is not \
         migrated. But memos and preimages of “deleted” invoices are still there: mind that before \
         you share the file.";
    zh: "LND 清理后残留的已取消发票",
        "有 {count:n} 张已取消的发票不再有任何索引指向，但内容仍在存储里。这是自 v0.18 起 \
         gc-canceled-invoices-on-startup 等选项的行为：删掉了索引，却漏掉了发票本身。这没有害处，也不会被\
         迁移。但“已删除”发票的备注和原像都还在：分享文件之前要想到这一点。";
};

pub(super) const ORPHAN_LOST: Entry = entry! {
    en: "An invoice that no index leads to, and it was not canceled",
        "LND can no longer find {key} ({state}, made {made:t}, paid {amount_msat} msat): it is in no \
         list, it is not migrated, and a payment to it would be refused. LND's clean-up removes \
         only canceled invoices, so index rows were lost. A settled one is a gap in your accounts; an \
         open or accepted one cannot be settled any more.";
    zh: "没有索引指向的发票，而且它并未取消",
        "LND 已经找不到 {key}（{state}，创建于 {made:t}，已付 {amount_msat} msat）：它不在任何列表里，\
         不会被迁移，对它的付款会被拒绝。LND 的清理只删除已取消的发票，所以这是索引丢失了。若已结算，账目就有\
         缺口；若未付或已接受，就再也无法结算。";
};

pub(super) const BROKEN_INDEX: Entry = entry! {
    en: "An index of the invoices is broken",
        "At {key}: {fault}. LND finds invoices by these indexes only. It may miss the invoice, fail when \
         it lists invoices, or stop the migration to native SQL.";
    zh: "发票的索引损坏",
        "{key}：{fault}。LND 只通过这些索引查找发票，因此可能找不到这张发票、列出发票时失败，或者让迁移到\
         原生 SQL 的过程中断。";
};

// UNIQUE columns of sqldb/sqlc/migrations/000001 and 000002.
pub(super) const DUPLICATE: Entry = entry! {
    en: "Two invoices share what must be unique",
        "{count:n invoice has|invoices have} the same {twice} ({key}); by their numbers: {numbers}. The \
         key-value store bears that, native SQL does not: the migration would fail with “UNIQUE \
         constraint failed” and start again at each start of LND.";
    zh: "两张发票共用了必须唯一的内容",
        "有 {count:n} 张发票的{twice}相同（{key}），编号为：{numbers}。键值存储能容忍，原生 SQL 不能：迁移会以 \
         “UNIQUE constraint failed” 失败，并在 LND 每次启动时重来。";
};

pub(super) const SEQUENCE_BEHIND: Entry = entry! {
    en: "A counter is behind the numbers it handed out: {counter}",
        "The next number follows {sequence}, but {greatest} is in use already. The next invoice, or the \
         next settlement, would take a number that is taken: with nik it overwrites an invoice that \
         is there, with the others an index row. LND never leaves it so; a page or a key went back \
         to an older state.";
    zh: "计数器落后于已发出的编号：{counter}",
        "下一个编号将从 {sequence} 继续，但 {greatest} 已被占用。下一张发票或下一次结算会拿到已有的编号：\
         nik 落后会覆盖现有的发票，其他计数器落后会覆盖索引。LND 自己不会留下这种状态；说明某个页面或键回到了\
         旧的状态。";
};

pub(super) const HTLC_SUM: Entry = entry! {
    en: "An invoice does not fit its HTLCs",
        "At {key}: {sum}. Amount {amount_msat} msat, settled HTLCs {settled_msat} msat, HTLCs in all \
         {htlcs:n}.";
    zh: "发票与其 HTLC 不符",
        "{key}：{sum}。金额 {amount_msat} msat，已结算的 HTLC {settled_msat} msat，HTLC 共 {htlcs:n} 个。";
};

// MigrateInvoicesToSQL never writes invoice_sequences: v0.19.0 to v0.21.2.
pub(super) const SETTLE_SEQUENCE: Entry = entry! {
    en: "Settle indexes begin anew behind the migration",
        "LND's counter of settle indexes stands at {sequence}, though {greatest} is in use. The migration \
         to native SQL takes over the old settle indexes ({from_kv:n}), but leaves the counter at \
         0, so payments since then ({made_here:n}) are numbered from 1 again; {repeated:n \
         number is|numbers are} there twice. Software that resumes at its old settle index \
         (SubscribeInvoices) does not see them. The payments themselves are safe.";
    zh: "迁移之后结算编号从头开始",
        "LND 的结算计数器为 {sequence}，而 {greatest} 已被占用。迁移到原生 SQL 时会带来旧的结算编号（{from_kv:n} \
         个），却把计数器留在 0，此后的付款（{made_here:n} 笔）又从 1 开始编号；有 {repeated:n} 个编号出现了两次。\
         从旧的结算编号继续订阅（SubscribeInvoices）的软件看不到这些付款。付款本身是安全的。";
};

// invoices/sql_store.go, `NextInvoiceSettleIndex`: an UPDATE that gives back the row.
pub(super) const NO_SETTLE_SEQUENCE: Entry = entry! {
    en: "LND cannot settle any invoice: its counter is missing",
        "The table invoice_sequences has no row settle_index. LND counts up there whenever an invoice \
         is settled, and without the row that fails (“sql: no rows in result set”): HTLCs that \
         arrive are held until they time out. LND starts without a word of it.";
    zh: "LND 无法结算任何发票：缺少计数器",
        "表 invoice_sequences 里没有 settle_index 这一行。LND 每次结算发票都要在这里加一，没有这一行就会失败\
         （“sql: no rows in result set”）：收到的 HTLC 会一直挂起直到超时。LND 启动时对此只字不提。";
};

pub(super) const CUT_SHORT: Entry = entry! {
    en: "An invoice that ends before its end",
        "The value of {key} announces {missing_bytes} bytes more than there are. LND reads what is there \
         and says nothing, in lists and in a migration (an add index leads to it: {listed}). If only \
         the length is wrong, nothing is lost; if the value lost its end, its last records or its \
         HTLCs went with it: compare it with an older copy.";
    zh: "提前结束的发票",
        "{key} 的内容声称比实际多 {missing_bytes} 字节。LND 只读现有的部分，列出发票和迁移时都不会提示（有添加索引\
         指向它：{listed}）。如果只是长度写错，什么也没丢；如果内容尾部丢失，最后的记录或 HTLC 也随之丢失：\
         请与较早的副本对照。";
};

pub(super) const ZERO_HASH: Entry = entry! {
    en: "An invoice whose payment hash is all zeros",
        "Row {row} ({state}, {provenance}) has no real payment hash. The migration writes this for an \
         invoice whose preimage was not known and whose row in paymenthashes was missing. No payment \
         can find it; a second such invoice makes the migration fail.";
    zh: "付款哈希全为零的发票",
        "第 {row} 行（{state}，{provenance}）没有真实的付款哈希。若发票的原像未知，而 paymenthashes 里又缺少\
         对应的行，迁移就会写成这样。没有付款能找到它；再有一张这样的发票，迁移就会失败。";
};

// sqldb/sqlc/migrations/000004_invoice_expiry_fix.up.sql, pull request 8855.
pub(super) const EXPIRY_RESET: Entry = entry! {
    en: "Expiries that LND set to its defaults",
        "A fix of v0.18.3 overwrote how long the invoices in native SQL were valid: 24 hours, or 30 \
         days for AMP. {count:n invoice|invoices} made before have those values; their own are gone. \
         The payment requests still carry them.";
    zh: "有效期被 LND 重置为默认值",
        "v0.18.3 的一项修正改写了原生 SQL 里发票的有效期：24 小时，AMP 为 30 天。此前创建的 {count:n} 张发票\
         都是这些值，原来的值已经没有了，但付款请求里仍有。";
};

pub(super) const HASH_SCRATCH: Entry = entry! {
    en: "The migration's scratch table is not empty",
        "invoice_payment_hashes holds {count:n row|rows}. LND empties it in the same transaction in which \
         it migrates the invoices, so neither a finished nor a broken-off migration leaves rows: \
         somebody else wrote to this database, or it is not as LND left it.";
    zh: "迁移用的临时表不为空",
        "invoice_payment_hashes 有 {count:n} 行。LND 在迁移发票的同一个事务里清空这张表，所以无论迁移完成还是\
         中断都不会留下内容：有别的程序写过这个数据库，或者它已不是 LND 留下的样子。";
};

pub(super) const REUSED_ID: Entry = entry! {
    en: "Invoices with the number of deleted ones",
        "{count:n invoice has|invoices have} events that are older than {key} or its like. SQLite gives \
         the number of the last invoice anew once that was deleted, so an add index can mean two \
         invoices over time ({numbers}).";
    zh: "沿用了已删除发票编号的发票",
        "有 {count:n} 张发票（{key} 等）带有比自身更早的事件。最后一张发票删除后，SQLite 会再次发放它的编号，\
         所以同一个添加编号先后可能指两张发票（{numbers}）。";
};

// InsertMigratedInvoice leaves the id to the database.
pub(super) const RENUMBERED: Entry = entry! {
    en: "The migration gave invoices new add indexes",
        "{count:n invoice has|invoices have} another add index in native SQL than in the key-value store, \
         up to {most} apart: the migration counts anew and closes the gaps of deleted invoices. \
         Software that remembers add indexes must take them anew; payment hashes stay the same.";
    zh: "迁移改变了发票的添加编号",
        "有 {count:n} 张发票在原生 SQL 里的添加编号与键值存储里不同，最多相差 {most}：迁移会重新计数，并补上\
         已删除发票留下的空缺。记录了添加编号的软件必须重新获取；付款哈希不变。";
};

pub(super) const BAD_ROW: Entry = entry! {
    en: "A row that does not hold what its table says",
        "The column {field} of the row at offset {start} (invoice {row}) cannot be read as what it ought \
         to be. LND fails at such a row, or takes something else for it.";
    zh: "内容与表的定义不符的行",
        "偏移 {start} 处的行（发票 {row}）中，{field} 列无法按应有的类型读取。LND 会在这样的行上失败，或把它读成别的内容。";
};
