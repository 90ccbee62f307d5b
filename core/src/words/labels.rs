//! Labels of a finding's values, and the words that stand in some of them.

use alloc::string::String;

use super::render::{Form, push_value};
use super::{Language, Text};
use crate::finding::Value;

macro_rules! labels {
    ($($name:literal: $form:ident $en:literal $zh:literal;)*) => {
        /// What the value of that name is, in a few words; nothing for a name that no finding uses.
        pub fn label(name: &str) -> Option<Text> {
            match name {
                $($name => Some(text!($en, $zh)),)*
                _ => None,
            }
        }

        /// How a value of that name is shown.
        fn form(name: &str) -> Form<'static> {
            match name {
                $($name => Form::$form,)*
                _ => Form::Plain,
            }
        }

        #[cfg(test)]
        pub(super) const LABELLED: &[&str] = &[$($name),*];
    };
}

labels! {
    // Places.
    "start": Plain "from offset" "起始偏移";
    "end": Plain "to offset" "结束偏移";
    "bytes": Count "bytes" "字节数";
    "record": Plain "record at offset" "记录所在偏移";
    "record_type": Plain "record type" "记录类型";
    "key": Plain "channel or node" "通道或节点";
    "offset": Plain "offset" "偏移";
    // Logs.
    "said": Plain "the log says" "日志内容";
    "line": Plain "line of the log" "日志行号";
    "logged_at": Time "logged at" "记录时间";
    "store_offset": Plain "offset in the store" "文件偏移";
    "store_len": Plain "length of the store" "文件长度";
    "stored_crc": Plain "checksum as stored" "存储的校验和";
    "moved": Plain "moved to gossip_store.corrupt" "被移到 gossip_store.corrupt";
    "emptied": Plain "emptied" "被清空";
    "wound": Plain "damaged there" "该处有损坏";
    "words": Plain "words" "原文";
    "signal": Plain "signal" "信号";
    "why": Plain "reason" "原因";
    "other_offset": Plain "the other offset" "另一处偏移";
    "scid": Plain "channel" "通道";
    "before_at": Time "the line before it" "前一行的时间";
    "gap": Count "seconds between" "间隔秒数";
    "crashed": Plain "a crash was logged" "记录过崩溃";
    "stops_logged": Plain "stops are logged elsewhere" "日志别处记有停止";
    "cause_line": Plain "line of that start" "那次启动的行号";
    "cause_at": Time "that start" "那次启动的时间";
    "order": Plain "most often" "最多的是";
    "peers": Count "peers" "对等节点数";
    "talkative": Plain "most of them from" "最多的来自";
    "talkative_count": Count "from that one" "来自它的数量";
    "per_second": Count "most in a second" "一秒内最多";
    "longest": Count "longest, in ms" "最长（毫秒）";
    "longest_seconds": Count "longest, in seconds" "最长（秒）";
    "wire_bytes": Count "bytes for a peer that asks for everything" "发给一个请求全部内容的对等节点的字节数";
    "least_seconds": Count "seconds at least for one peer" "每个对等节点至少秒数";
    "all_sync_bytes": Count "bytes if every peer asks" "每个对等节点都请求时的字节数";
    "rebuild_received_least": Count "fetched anew: bytes received at least" "重新获取：至少接收字节数";
    "rebuild_received_most": Count "fetched anew: bytes received at most" "重新获取：最多接收字节数";
    "rebuild_sent_most": Count "fetched anew: bytes sent on at most" "重新获取：最多转发字节数";
    "regular_received_most": Count "hourly full sync: bytes received a day at most" "每小时完整同步：每天最多接收字节数";
    "asked_everything": Count "requests for everything in the log" "日志中请求全部内容的次数";
    "what_moves": Plain "what is migrated" "迁移内容";
    "seconds": Count "seconds" "秒数";
    "slowest_per_hour": Count "slowest, an hour" "最慢（每小时）";
    "fastest_per_hour": Count "fastest, an hour" "最快（每小时）";
    "error_line": Plain "line of the error" "错误所在行号";
    "interrupted": Plain "interrupted" "被中断";
    // The headlines of logs.
    "starts": Count "starts" "启动次数";
    "moves": Count "stores given up" "放弃文件的次数";
    "floods": Count "messages out of order" "次序颠倒的消息数";
    "first_at": Time "first line" "第一行时间";
    "last_at": Time "last line" "最后一行时间";
    // (end)
    // LND: bbolt.
    "pgid": Plain "page" "页号";
    "parent": Plain "page that leads to it" "指向它的页";
    "first_parent": Plain "page that led to it first" "最先指向它的页";
    "first_bucket": Plain "bucket that it belonged to first" "它最先所属的 bucket";
    "bucket": Plain "bucket" "bucket";
    "buckets": Plain "top-level buckets" "顶层 bucket";
    "hits": Plain "what is hit" "受影响的内容";
    "hwm": Plain "first page number not in use" "首个未使用的页号";
    "pages": Count "pages" "页数";
    "txid": Plain "transaction" "事务编号";
    "other_txid": Plain "transaction of the other meta page" "另一个 meta 页的事务编号";
    "meta_fault": Plain "what is wrong with the meta page" "meta 页的问题";
    "lost_newer": Plain "the last transaction is undone" "最后一次事务被撤销";
    "upstream": Plain "bbolt says" "bbolt 的报错";
    "read_on": Plain "the tree was found all the same" "仍找到了树的起点";
    "page_flags": Plain "page type as stored" "页头中的类型";
    "says": Plain "page that it says it is" "页头自称的页号";
    "overflow": Count "overflow pages claimed" "声称的溢出页数";
    "needed": Count "overflow pages that there can be" "可能的溢出页数";
    "elements": Count "elements claimed" "声称的元素数";
    "fitting": Count "elements that fit" "容得下的元素数";
    "element": Plain "element (from 0)" "元素序号（从 0 起）";
    "element_fault": Plain "what is wrong with it" "元素的问题";
    "order_fault": Plain "against" "与什么相矛盾";
    "child": Plain "page beneath" "下一级的页";
    "inline_fault": Plain "what is wrong with the small bucket" "内联 bucket 的问题";
    "freelist_fault": Plain "what is wrong with the freelist" "freelist 的问题";
    "leak_cause": Plain "because" "原因";
    "faults": Count "faults" "问题数";

    // LND: SQLite.
    "page_no": Plain "page" "页号";
    "in_wal": Plain "in the -wal" "位于 -wal 中";
    "cell": Plain "cell (from 0)" "单元序号（从 0 起）";
    "sqlite_fault": Plain "what is wrong" "问题";
    "read_as_page_size": Count "read with pages of" "按此页大小读取";
    "pages_told": Count "pages of the database" "数据库的页数";
    "pages_missing": Count "pages missing" "缺少的页数";
    "frames": Count "unfinished changes of pages" "未完成的页改动";
    "commits": Count "finished transactions" "已完成的事务";
    "commits_lost": Count "finished transactions behind the break" "断裂处之后已完成的事务";
    "object": Plain "table or index" "表或索引";
    "leads_to": Plain "leads to page" "指向的页";
    "chain_pages": Count "pages that it should go on over" "应延续的页数";
    "chain_found": Count "pages found" "找到的页数";
    "index_missing": Count "rows without an entry" "没有索引项的行";
    "index_extra": Count "entries without a row" "没有对应行的索引项";
    "index_counted": Plain "each was counted" "是否逐一统计";
    "free_found": Count "free pages found" "找到的空闲页";
    "free_told": Count "free pages by the header" "文件头所记的空闲页";
    "map_wrong": Count "wrong entries" "错误的条目";
    "rows_lost": Count "rows" "行数";
    "lost_table": Plain "most likely of the table" "最可能所属的表";
    "unused_pages": Count "unused pages" "未使用的页";

    // LND: dumps.
    "dump_format": Plain "format of the dump" "转储的格式";
    "cut_part": Plain "breaks off" "中断处";
    "row_fault": Plain "fault of the row" "该行的问题";
    "unread": Plain "what was not read" "没有读取的内容";
    "column": Plain "column" "列";
    "fields_found": Count "values found" "实有值数";
    "fields_expected": Count "values expected" "应有值数";
    "tree_fault": Plain "fault of the tree" "树结构的问题";
    "row_id": Plain "id of the row" "该行的 id";
    "parent_row": Plain "parent_id of the row" "该行的 parent_id";
    "rows_hit": Count "rows" "行数";
    "lines": Count "lines read" "已读行数";
    "line_fault": Plain "fault of the line" "该行的问题";
    "differs": Plain "what differs" "不一致之处";
    "redaction": Plain "redacted by the rules" "脱敏规则";

    // LND: invoices and native SQL.
    "invoices": Count "invoices" "发票";
    "open": Count "open" "未付";
    "settled": Count "settled" "已结算";
    "canceled": Count "canceled" "已取消";
    "accepted": Count "accepted" "已接受";
    "amp": Count "AMP invoices" "AMP 发票";
    "htlcs": Count "HTLCs" "HTLC";
    "amp_sets": Count "payments to AMP invoices" "对 AMP 发票的付款";
    "amp_htlcs": Count "HTLCs of AMP payments" "AMP 付款的 HTLC";
    "adds": Count "rows of invoice-add-index" "invoice-add-index 的行";
    "hashes": Count "rows of paymenthashes" "paymenthashes 的行";
    "settles": Count "rows of invoice-settle-index" "invoice-settle-index 的行";
    "amp_settles": Count "settled AMP payments" "已结算的 AMP 付款";
    "addresses": Count "rows of pay-addr-index" "pay-addr-index 的行";
    "set_ids": Count "rows of set-id-index" "set-id-index 的行";
    "orphans": Count "invoices without index" "无索引的发票";
    "undecodable": Count "invoices that cannot be read" "无法读取的发票";
    "add_gaps": Plain "unused add indexes" "空缺的添加编号";
    "settle_gaps": Plain "unused settle indexes" "空缺的结算编号";
    "greatest_number": Plain "greatest invoice number" "最大的发票编号";
    "next_number": Plain "next invoice number (nik)" "下一个发票编号（nik）";
    "greatest_add": Plain "greatest add index" "最大的添加编号";
    "add_counter": Plain "counter of add indexes" "添加编号的计数器";
    "greatest_settle": Plain "greatest settle index" "最大的结算编号";
    "settle_counter": Plain "counter of settle indexes" "结算编号的计数器";
    "unreadable": Count "stretches that cannot be read" "无法读取的片段";
    "from_kv": Count "brought by the migration" "迁移而来";
    "made_here": Count "made in native SQL" "在原生 SQL 中产生";
    "events": Count "events" "事件";
    "field": Plain "field" "字段";
    "value_offset": Plain "byte of the value" "内容中的字节";
    "problem": Plain "problem" "问题";
    "should_be": Plain "expected" "应为";
    "read_instead": Plain "found" "实为";
    "listed": Plain "has an add index" "有添加编号";
    "numbers": Plain "numbers, the first ten" "编号（前十个）";
    "number": Plain "invoice number" "发票编号";
    "own": Plain "its own" "自身的编号";
    "state": Plain "state" "状态";
    "made": Time "made" "创建时间";
    "amount_msat": Plain "amount in msat" "金额（msat）";
    "settled_msat": Plain "settled HTLCs in msat" "已结算的 HTLC（msat）";
    "fault": Plain "fault" "故障";
    "twice": Plain "what is there twice" "重复的内容";
    "counter": Plain "counter" "计数器";
    "sequence": Plain "counter stands at" "计数器当前值";
    "greatest": Plain "greatest number in use" "已用的最大编号";
    "sum": Plain "what does not fit" "不符之处";
    "repeated": Count "numbers in use twice" "重复的编号";
    "row": Plain "row" "行";
    "provenance": Plain "where it comes from" "来源";
    "most": Plain "farthest apart" "最大差距";
    "first_add_index": Plain "first add index concerned" "首个涉及的添加编号";

    // LND: comparison and rehearsal.
    "old_invoices": Count "invoices on the older side" "较旧一边的发票";
    "new_invoices": Count "invoices on the newer side" "较新一边的发票";
    "same": Count "invoices that fit together" "相符的发票";
    "differing": Count "invoices that differ" "不符的发票";
    "missing": Count "invoices that are missing" "缺失的发票";
    "gone": Count "canceled or expired ones, deleted since" "已取消或过期、后来删除的发票";
    "extra": Count "migrated ones that the older side has not" "较旧一边没有的迁移发票";
    "unexplained": Count "only on the newer side" "只在较新一边的";
    "differing_field": Plain "what differs" "不同之处";
    "part_of": Plain "of" "所属";
    "old_value": Plain "on the older side" "较旧一边的值";
    "new_value": Plain "on the newer side" "较新一边的值";
    "cost": Plain "what it costs" "影响";
    "add_index": Plain "add index" "添加编号";
    "rule": Plain "rule" "规则";
    "lnd_error": Plain "LND says" "LND 的报错";
    "lnd_crashes": Plain "the process dies" "进程崩溃";
    "stops_here": Plain "LND stops here first" "LND 首先停在这里";
    "fails": Plain "LND fails at it when it lists invoices" "LND 列出发票时在此失败";
    "only_logged": Plain "LND only logs it" "LND 只记入日志";
    "missing_bytes": Plain "bytes missing at the end" "末尾缺少的字节";
    "may_be_deleted": Plain "LND may have canceled and deleted it" "可能已被 LND 取消并删除";
    "fixed_in": Plain "releases that migrate it" "能迁移它的版本";
    "engine": Plain "engine" "数据库引擎";
    "offenders": Count "things in its way" "障碍数";
    "quiet": Count "invoices lost or changed" "丢失或改变的发票";
    "brought": Count "invoices that are brought over" "会迁移的发票";
    "seconds_least": Count "seconds at least" "至少秒数";
    "seconds_most": Count "seconds at most" "最多秒数";

    // LND: migration.
    "kv_invoices": Count "invoices in the key-value store" "键值存储里的发票";
    "sql_invoices": Count "invoices in native SQL" "原生 SQL 里的发票";
    "bolt_invoices": Count "invoices in the bbolt file" "bbolt 文件里的发票";
    "migrated": Count "invoices that came by the migration" "迁移过来的发票";
    "created": Count "invoices made in native SQL" "在原生 SQL 里新建的发票";
    "left_behind": Count "invoices left behind" "落下的发票";
    "how": Plain "how" "原因";
    "migrated_at": Time "native SQL since" "启用原生 SQL 的时间";
    "kv_newest": Time "newest invoice in the key-value store" "键值存储里最新的发票";
    "invoice_tombstone": Plain "invoice tombstone" "发票墓碑";
    "data_migration_tombstone": Plain "data-migration tombstone reads" "数据迁移墓碑的内容";
    "closed_channel_tombstones": Count "closed-channel tombstones" "已关闭通道的墓碑";
    "already_migrated": Plain "mark of a finished copy reads" "“复制已完成”标记的内容";
    "reachable": Count "of these, the migration reaches" "其中迁移能到达的";
    "canceled_orphans": Count "canceled ones that no index leads to" "没有索引指向的已取消发票";
    "open_channels": Count "open channels" "开放的通道";
    "graph_channels": Count "channels of the graph" "网络图中的通道";
    "payments": Count "payments" "付款";
    "dbp": Plain "version of the key-value store" "键值存储的版本";
    "tracker": Plain "migration tracker" "迁移记录";
    "schema": Plain "schema" "表结构版本";
    "expected_schema": Plain "schema that goes with the tracker" "与迁移记录对应的表结构版本";
    "dirty": Plain "half done" "未完成";
    "blocks": Plain "LND stops at it" "LND 是否会停下";
    "missing_tables": Plain "missing tables" "缺少的表";
    "clashes": Plain "a start would apply files again" "启动会重新执行建表文件";
    "settle_sequence": Plain "sequence of settle indexes" "结算序号的当前值";
    "highest_settle_index": Plain "highest settle index" "最大的结算序号";
    "network": Plain "network" "网络";
    "other_network": Plain "other network" "另一个网络";
    "seen_network": Plain "network of the payment requests" "付款请求所属的网络";
    "named_by": Plain "named by" "来源";
    "other_named_by": Plain "other named by" "另一来源";
    "reads": Plain "it reads" "内容";
    "destination": Plain "copy given too" "是否也给出了副本";
    "sign": Plain "sign" "迹象";
    "which": Plain "which" "哪一项";
    "found": Plain "found" "实际";
    "known": Plain "known" "已知上限";
    "release": Plain "release" "版本";
    "newer_channels": Plain "newer channels" "较新的通道";
    "marker": Plain "mark" "标记";

    // Releases.
    "at": Plain "at offset" "所在偏移";
    "check": Plain "decided by" "判定依据";
    "processed": Count "bytes read" "已读取字节数";
    "updates": Count "channel updates" "通道更新";
    "tombstones": Count "tombstones left out" "去掉的墓碑记录";
    "private": Count "records of unannounced channels left out" "去掉的未公告通道记录";
    "zombies": Count "records of pruned channels left out" "去掉的已清理通道记录";
    "unsure": Plain "not certain" "不确定";
    "old_updates": Count "updates without htlc_maximum_msat left out" "去掉的无 htlc_maximum_msat 的更新";
    // Damage.
    "need": Count "bytes needed" "应有字节数";
    "on_boundary": Plain "behind a whole record" "位于完整记录之后";
    "deleted": Plain "marked as deleted" "是否标为已删除";
    "unprotected": Plain "bytes that nothing protects" "不受任何保护的字节";
    "bits": Plain "bits" "比特";
    "stands": Plain "not ruled out" "未被排除";
    "against": Plain "ruled out, as" "排除的理由";
    "len": Count "length in bytes" "长度（字节）";
    "part": Plain "part" "部分";
    "have": Count "bytes present" "现有字节数";
    "lost": Count "records known lost" "已知丢失的记录";
    "byte": Plain "wrong byte at offset" "出错字节的偏移";
    "bit": Plain "wrong bit (0 is the lowest)" "出错的比特（0 为最低位）";
    "at_tail": Plain "last record of the file" "是否为文件的最后一条记录";
    "zeros_start": Plain "zeros from offset" "零的起始偏移";
    "zeros_len": Count "zero bytes" "零字节数";
    "alignment": Plain "alignment" "对齐";
    "explanations": Plain "what would explain it" "可能的解释";
    "stored_len": Count "length as stored" "记录头里的长度";
    "true_len": Count "true length" "真实长度";
    "because": Plain "because of" "依据";
    "copy_of": Plain "copy of what is at offset" "原件所在偏移";
    "copied_at": Plain "copy at offset" "副本所在偏移";
    "copied_len": Count "bytes copied" "重复的字节数";
    "what": Plain "what" "内容";
    "broken_at": Plain "breaks off at offset" "断开处的偏移";
    "continues_at": Plain "goes on at offset" "接续处的偏移";
    "new_chain_end": Plain "new records end at offset" "新记录的结束偏移";
    "old_chain_start": Plain "old records go on at offset" "旧记录的接续偏移";
    "announced_twice": Count "channels announced in both" "两边都公告的通道数";
    "store_start": Plain "second store from offset" "第二个文件的起始偏移";
    "store_end": Plain "second store to offset" "第二个文件的结束偏移";
    "equivalent_offset": Plain "same point of the new file" "对应新文件中的偏移";
    "header_timestamp": Time "timestamp in the header" "记录头的时间戳";
    "message_timestamp": Time "timestamp in the message" "消息的时间戳";
    "evidence": Plain "evidence" "证据";
    "fits": Plain "version that fits" "相符的版本";
    "type": Plain "type" "类型";
    "signers": Plain "signatures that do not hold" "不成立的签名";
    // Order.
    "announcement": Plain "announcement at offset" "公告所在偏移";
    "alias": Plain "alias" "别名";
    "first_channel": Plain "first channel at offset" "第一条通道的偏移";
    "first": Plain "first announced at offset" "首次公告的偏移";
    "count": Count "how many" "数量";
    // State.
    "version": Plain "version" "格式版本";
    "written_by": Plain "written by" "写入该格式的版本";
    "read_by": Plain "read by" "可读取的版本";
    "size": Count "file size in bytes" "文件大小（字节）";
    "records": Count "records" "记录数";
    "live": Count "live records" "有效记录数";
    "dead": Count "dead records" "失效记录数";
    "live_bytes": Count "bytes of live records" "有效记录的字节数";
    "push": Count "own records (PUSH)" "自己的记录（PUSH）";
    "most_announced_node": Count "announcements of one node" "同一节点的公告次数";
    "messages": Count "messages to a syncing peer" "同步时发送的消息数";
    "sync_bytes": Count "bytes to a syncing peer" "同步时发送的字节数";
    "newest_timestamp": Time "newest message" "最新的消息";
    "channels": Count "channels" "通道数";
    "nodes": Count "nodes" "节点数";
    "survive": Count "channels that would stay" "能留下的通道数";
    "flags": Plain "flags" "标记位";
    "limit": Count "limit" "上限";
    "wounds": Count "damaged places" "损坏处数";
    "uncounted": Count "places with uncounted loss" "无法统计损失的位置数";
    // Input.
    "kind": Plain "kind" "种类";
}

/// One value as a face shows it beside its label: numbers with separators where they count
/// something, times also as dates, yes and no, lists with commas.
///
/// ```
/// use fulgurite_core::finding::Value;
/// use fulgurite_core::words::{Language, value};
///
/// assert_eq!(value("zeros_len", &Value::Number(4_096), Language::English), "4,096");
/// assert_eq!(value("at_tail", &Value::Flag(true), Language::SimplifiedChinese), "是");
/// ```
pub fn value(name: &str, value: &Value, language: Language) -> String {
    let mut out = String::new();
    push_value(&mut out, name, form(name), value, language);
    out
}

macro_rules! words {
    ($word:expr, $($name:literal $en:literal $zh:literal;)*) => {
        match $word {
            $($name => Some(text!($en, $zh)),)*
            _ => None,
        }
    };
    ($word:expr, $($en:literal $zh:literal;)*) => {
        words!($word, $($en $en $zh;)*)
    };
}

/// The words for a stable word of ours that is the value of that name; nothing where the value is
/// to be shown as it is. Text from files (`alias`, `key`) is never looked up.
pub fn word(name: &str, word: &str) -> Option<Text> {
    match name {
        "written_by" | "read_by" => releases(word),
        "said" => super::log::says(word),
        "order" => super::log::order(word),
        "what_moves" => super::log::what(word),
        // LND: bbolt.
        "hits" => words!(word,
            "unused" "pages that nothing needs" "没有用到的页";
            "graph" "the network graph" "网络图";
            "other" "other records" "其他记录";
            "payments" "payments" "付款";
            "invoices" "invoices" "发票";
            "channel_state" "the state of channels" "通道状态";
            "everything" "all buckets" "所有 bucket";
        ),
        "meta_fault" => words!(word,
            "none" "nothing" "没有问题";
            "missing" "the file ends before it" "文件在它之前就结束了";
            "zero" "all its bytes are zero" "全部字节为零";
            "magic" "bbolt's magic number is not there" "没有 bbolt 的标识数";
            "version" "its version is unknown" "版本未知";
            "checksum" "its checksum does not hold" "校验和不符";
            "page_size" "its page size is impossible, or not that of the other one" "页大小不可能，或与另一页不一致";
            "pages" "it leads outside the pages in use" "指向了使用范围之外的页";
            "header" "its page header is not that of a meta page" "页头不是 meta 页的页头";
        ),
        "lost_newer" => words!(word,
            "yes" "yes" "是";
            "no" "no" "否";
            "unknown" "cannot be told" "无法判断";
        ),
        // Behind "element N".
        "element_fault" => words!(word,
            "empty_key" "has an empty key" "的键为空";
            "long_key" "has a key longer than bbolt takes" "的键超过 bbolt 允许的长度";
            "outside" "leads outside its page" "越出了所在的页";
            "overlap" "overlaps others" "与其他元素重叠";
            "flags" "has flags that do not exist" "带有不存在的标记";
        ),
        // Behind "the key".
        "order_fault" => words!(word,
            "repeated" "is the same as the one before it" "与前一个相同";
            "previous" "is less than the one before it" "小于前一个";
            "ancestor" "is less than the page above allows" "小于上一级页所允许的范围";
            "next" "is not less than the page above demands" "没有小于上一级页所要求的上限";
        ),
        // Behind "it".
        "inline_fault" => words!(word,
            "short" "is too short to be a bucket" "长度不足以构成 bucket";
            "long" "is longer than a page" "超过了一页的长度";
            "type" "does not hold the image of a leaf page" "里面不是叶子页的内容";
            "count" "claims more elements than fit" "声称的元素数超过容量";
            "nested" "holds a bucket, which it must not" "里面又有 bucket，这是不允许的";
            "element" "holds an element that cannot be" "里面有不可能的元素";
            "order" "holds keys out of order" "里面的键没有按顺序排列";
        ),
        "freelist_fault" => words!(word,
            "out_of_bounds" "it is said to be on a page that does not exist" "它所在的页并不存在";
            "type" "its page is of another type" "它所在的页是别的类型";
            "id" "its page says that it is another page" "它所在的页自称是另一页";
            "overflow" "it claims pages that it cannot have" "它声称拥有不可能属于它的页";
            "count" "it claims more ids than it has room for" "它声称的条目数超过容量";
            "own_page" "it lists a page of its own as free" "它把自己占用的页列为空闲";
        ),
        "leak_cause" => words!(word,
            "leak" "bbolt forgot to free them" "bbolt 忘了释放";
            "cut_off" "the tree breaks off somewhere, and they may be what lies beneath" "树在某处中断，它们可能正是断开之后的内容";
        ),
        "sqlite_fault" => super::sqlite::fault(word),
        "dump_format" | "cut_part" | "row_fault" | "unread" | "tree_fault" | "line_fault"
        | "differs" => super::dumps::word(name, word),
        "part" => words!(word,
            "header" "记录头";
            "body" "正文";
            "checksum" "校验和";
            "timestamp" "时间戳";
            "amount" "channel_amount";
        ),
        // Behind "is marked DELETED, but".
        "because" => words!(word,
            "amount_lives" "the channel_amount that belongs to it is not"
                "与它配对的 channel_amount 没有这个标记";
            "updates_live" "the updates of its channel are not" "该通道的更新没有这个标记";
            "announcement_lives" "the announcement that it belongs to is not"
                "它所属的通道公告没有这个标记";
            "no_successor" "no newer one replaces it and the channel is live"
                "没有更新的一条取代它，而通道仍然有效";
            "node_lives" "no newer one replaces it and the node has channels"
                "没有更新的一条取代它，而该节点仍有通道";
            "no_tombstone" "the tombstone is missing that lightningd writes first"
                "缺少 lightningd 会先写下的墓碑记录";
        ),
        "against" => words!(word,
            "unknown_type" "the type would be unknown" "类型会变成未知";
            "malformed" "the content would not fit the type" "内容会与类型不符";
            "timestamp_differs" "the timestamps would differ" "两个时间戳会不一致";
            "amount_too_large" "the amount would be too large" "金额会过大";
        ),
        "evidence" => words!(word,
            "uuid_first" "a uuid record stands first" "首条记录是 uuid";
            "framing" "the form of the headers" "记录头的格式";
            "types" "the types of the records" "记录的类型";
            "flags" "the flags of the records" "记录的标记";
        ),
        "signers" => words!(word,
            "node_1" "the first node's" "第一个节点的";
            "node_2" "the second node's" "第二个节点的";
            "bitcoin_1" "that of the first node's funding key" "第一个节点注资密钥的";
            "bitcoin_2" "that of the second node's funding key" "第二个节点注资密钥的";
            "node" "the node's" "该节点的";
        ),
        "what" => words!(word,
            // Missing.
            "start" "the beginning of the file" "文件的开头";
            "bytes" "a piece of the file" "一段内容";
            "amount" "the channel_amount of an announcement" "通道公告的 channel_amount";
            // Limited.
            "channels" "channels" "通道";
            "nodes" "nodes" "节点";
            "records" "records" "记录";
            "findings" "findings" "检查结果";
        ),
        "fault" => words!(word,
            "hash_without_invoice" "its hash leads to no invoice" "付款哈希指向的发票不存在";
            "add_without_invoice" "its add index leads to no invoice" "添加编号指向的发票不存在";
            "invoice_without_hash" "no payment hash leads to the invoice" "没有付款哈希指向这张发票";
            "invoice_without_add" "no add index leads to the invoice" "没有添加编号指向这张发票";
            "add_differs" "the invoice says that it has another add index" "发票自身记录的添加编号不同";
            "settle_without_invoice" "its settle index leads to no invoice" "结算编号指向的发票不存在";
            "settle_differs" "the invoice says that it has another settle index, or none"
                "发票自身记录的结算编号不同，或没有";
            "settled_without_row" "it is settled, but no settle index leads to it"
                "已结算，却没有结算编号指向它";
            "address_without_invoice" "its payment address leads to no invoice" "付款地址指向的发票不存在";
            "address_of_other" "its payment address leads to an invoice that has another"
                "付款地址指向的发票用的是另一个地址";
            "address_without_row" "its payment address is not indexed" "付款地址没有索引";
            "set_without_invoice"
                "the id of an AMP set leads to no invoice, as LND leaves it when it deletes one"
                "AMP 集合编号指向的发票不存在，LND 删除发票时就会这样留下";
            "htlcs_without_invoice" "HTLCs of an AMP payment are there, their invoice is not"
                "AMP 付款的 HTLC 还在，所属的发票不在";
            "same_target" "another row of this index leads to the same invoice"
                "同一索引还有另一行指向同一张发票";
            "odd_key" "a key that LND does not write" "LND 不会写入的键";
            "odd_value" "a value that LND does not write" "LND 不会写入的值";
            "unreadable" "the value cannot be read" "值无法读取";
        ),
        "twice" => words!(word,
            "payment_addr" "payment address" "付款地址";
            "payment_request" "payment request" "付款请求";
            "circuit" "HTLC" "HTLC";
            "set_id" "id of an AMP set" "AMP 集合编号";
        ),
        "sum" => words!(word,
            "amount_paid" "the amount paid is not the sum of its settled HTLCs"
                "已付金额不等于已结算 HTLC 的总和";
            "accepted_without_htlc" "it is accepted, but holds no HTLC" "已接受，却没有锁定任何 HTLC";
            "resolve_time" "an HTLC's state and its time of resolution contradict each other"
                "HTLC 的状态与了结时间互相矛盾";
        ),
        "problem" => words!(word,
            "ends" "the value ends too early" "内容过早结束";
            "length" "wrong length" "长度不对";
            "too_long" "longer than LND accepts" "超过 LND 接受的长度";
            "not_minimal" "a number in too many bytes" "数字占用了多余的字节";
            "order" "records out of order" "记录顺序不对";
            "time_version" "a time in an unknown form" "时间的格式未知";
            "missing" "missing" "缺失";
            "trailing" "bytes left over" "有多余的字节";
            "cell" "not what the column ought to hold" "与该列应有的内容不符";
        ),
        "state" => words!(word,
            "open" "open" "未付";
            "settled" "settled" "已结算";
            "canceled" "canceled" "已取消";
            "accepted" "accepted" "已接受";
            "other" "in no known state" "状态未知";
        ),
        "provenance" => words!(word,
            "native" "made in native SQL" "在原生 SQL 中创建";
            "migrated" "brought by the migration" "迁移而来";
            "unknown" "of unknown origin" "来源不明";
        ),
        // LND's comparison and rehearsal.
        "differing_field" => words!(word,
            "payment_hash" "the payment hash" "付款哈希";
            "preimage" "the preimage" "原像";
            "value" "the amount asked for" "应付金额";
            "memo" "the memo" "备注";
            "payment_request" "the payment request" "付款请求";
            "payment_request_hash" "the hash of the payment request" "付款请求的哈希";
            "payment_addr" "the payment address" "付款地址";
            "created" "when it was made" "创建时间";
            "expiry" "how long it is valid" "有效期";
            "cltv_delta" "the expiry delta" "到期区块差";
            "features" "the feature bits" "特性位";
            "is_amp" "whether it is an AMP invoice" "是否为 AMP 发票";
            "is_keysend" "whether it is a keysend payment" "是否为 keysend 付款";
            "is_hodl" "whether it is a hold invoice" "是否为 hold 发票";
            "state" "the state" "状态";
            "settle_index" "the settle index" "结算编号";
            "settled_at" "when it was settled" "结算时间";
            "amount_paid" "the amount paid" "已付金额";
            "htlc" "an HTLC that one side lacks" "一边缺少的 HTLC";
            "htlc_amount" "the amount of an HTLC" "HTLC 的金额";
            "htlc_total" "the total that an HTLC is a part of" "HTLC 所属付款的总额";
            "htlc_accept_height" "the height at which an HTLC was accepted" "HTLC 的接受高度";
            "htlc_accept_time" "when an HTLC was accepted" "HTLC 的接受时间";
            "htlc_resolve_time" "when an HTLC was resolved" "HTLC 的了结时间";
            "htlc_expiry_height" "the height at which an HTLC expires" "HTLC 的到期高度";
            "htlc_state" "the state of an HTLC" "HTLC 的状态";
            "custom_records" "the sender's own records of an HTLC" "HTLC 的自定义记录";
            "htlc_amp" "the AMP data of an HTLC" "HTLC 的 AMP 数据";
            "htlc_preimage" "the preimage of an AMP HTLC" "AMP HTLC 的原像";
            "amp_set" "an AMP payment that one side lacks" "一边缺少的 AMP 付款";
            "amp_state" "the state of an AMP payment" "AMP 付款的状态";
            "amp_settle_index" "the settle index of an AMP payment" "AMP 付款的结算编号";
            "amp_settled_at" "when an AMP payment was settled" "AMP 付款的结算时间";
            "amp_created" "when an AMP payment began" "AMP 付款的开始时间";
            "amp_paid" "the amount of an AMP payment" "AMP 付款的金额";
            "amp_htlcs" "the HTLCs of an AMP payment" "AMP 付款的 HTLC";
        ),
        "cost" => words!(word,
            "nothing" "nothing" "无";
            "books" "no money, but lists and accounts differ" "不涉及资金，但列表和账目不一致";
            "money" "a payment may be refused, lost, or received for less"
                "付款可能被拒绝、丢失或少收";
        ),
        "rule" => words!(word,
            "P1" "settled, without settle index or date (P1)" "已结算，却没有结算编号或时间（P1）";
            "P2" "a settle index or date, though not settled (P2)" "未结算，却有结算编号或时间（P2）";
            "P3" "an AMP invoice as LND v0.13 kept it (P3)" "LND v0.13 格式的 AMP 发票（P3）";
            "P4" "HTLCs of an AMP payment are gone (P4)" "AMP 付款的 HTLC 已丢失（P4）";
            "P5" "the HTLCs of an AMP payment do not fit it (P5)" "AMP 付款与其 HTLC 不符（P5）";
            "P6" "a settled AMP payment without a date (P6)" "已结算的 AMP 付款没有时间（P6）";
            "P7" "what must be unique is there twice (P7)" "必须唯一的内容出现了两次（P7）";
            "P8" "an expiry that native SQL cannot hold (P8)" "原生 SQL 无法保存的有效期（P8）";
            "P9" "AMP data at an invoice that is not AMP (P9)" "非 AMP 发票带有 AMP 数据（P9）";
            "P10" "filed under a hash that is not its preimage's (P10)" "所在的哈希不是其原像的哈希（P10）";
            "P11" "neither preimage nor payment hash is known (P11)" "原像和付款哈希都未知（P11）";
            "P12" "it says that it has another add index (P12)" "自身记录的添加编号不同（P12）";
            "P13" "an add index leads to no invoice (P13)" "添加编号指向的发票不存在（P13）";
            "P14" "two add indexes lead to one invoice (P14)" "两个添加编号指向同一张发票（P14）";
            "P15" "no add index leads to it (P15)" "没有添加编号指向它（P15）";
            "P16" "a payment hash of another length (P16)" "付款哈希的长度不对（P16）";
            "P17" "text that Postgres refuses (P17)" "Postgres 拒绝的文本（P17）";
            "P18" "it cannot be read (P18)" "无法读取（P18）";
            "accept_time" "an HTLC without a time of acceptance" "HTLC 没有接受时间";
            "year" "a year that is not of four digits" "年份不是四位数";
            "htlc_number" "an HTLC's number from 2⁶³ on" "HTLC 编号达到或超过 2⁶³";
            "payment_request" "no payment request, not even an empty one" "没有付款请求，连空的也没有";
            "misshapen" "an index has a key or a value that is too short"
                "索引里有过短的键或值";
        ),
        // LND's migration.
        "how" => words!(word,
            "skipped" "the migration was skipped" "迁移被跳过";
            "behind_tombstone" "skipped after it had failed to commit" "提交失败之后又被跳过";
            "partial" "only a part came over" "只迁移了一部分";
        ),
        "named_by" | "other_named_by" => words!(word,
            "directory" "the directory" "目录";
            "chain_params" "the database's own record" "数据库自己的记录";
            "payment_requests" "most payment requests" "多数付款请求";
        ),
        "sign" => words!(word,
            "wal_missing" "the write-ahead log lies beside and was not given"
                "旁边有预写日志，但没有给出";
            "wal_not_given" "no write-ahead log was given" "没有给出预写日志";
            "emptied" "the file has not even tables: all it held was in a write-ahead log that was \
                       not given"
                "文件里连表都没有：它的全部内容都在没有给出的预写日志里";
            "rolled_back" "the newest state could not be read, an older one was"
                "最新的状态读不出来，读到的是较旧的";
            "short" "the file is shorter than it says" "文件比自己声称的短";
        ),
        "which" => words!(word,
            "dbp" "the version of the key-value store" "键值存储的版本";
            "optional" "an optional migration" "可选迁移";
            "tracker" "the migration tracker" "迁移记录";
            "schema" "the schema" "表结构版本";
        ),
        "newer_channels" => words!(word,
            "bolt" "in the bbolt file" "bbolt 文件";
            "sql" "in SQL" "SQL";
            "same" "in both alike" "两边相同";
            "unknown" "not known" "不清楚";
        ),
        _ => None,
    }
}

/// The releases of the table of versions ([`crate::gossip::format::VERSIONS`]).
fn releases(releases: &str) -> Option<Text> {
    if matches!(releases, "" | "-") {
        return Some(text!("no release", "没有任何正式版本"));
    }
    words!(releases,
        "before v0.6" "v0.6 之前";
        "v0.6, v0.6.1" "v0.6、v0.6.1";
        "v0.6.2 to v0.7.0" "v0.6.2 至 v0.7.0";
        "v0.7.1 to v0.8.2.1" "v0.7.1 至 v0.8.2.1";
        "v0.7.1 to v0.12.1" "v0.7.1 至 v0.12.1";
        "v0.9.0, v0.9.1" "v0.9.0、v0.9.1";
        "v0.9.0 to v0.12.1" "v0.9.0 至 v0.12.1";
        "v0.9.2 to v0.11.2" "v0.9.2 至 v0.11.2";
        "v0.9.2 and later" "v0.9.2 及更高版本";
        "v0.12.0, v0.12.1" "v0.12.0、v0.12.1";
        "v0.12.0 and later" "v0.12.0 及更高版本";
        "v22.11, v22.11.1" "v22.11、v22.11.1";
        "v22.11, and v23.08 and later" "v22.11，以及 v23.08 及更高版本";
        "v23.02 to v23.11.2" "v23.02 至 v23.11.2";
        "v23.02 and later" "v23.02 及更高版本";
        "v24.02 to v25.09" "v24.02 至 v25.09";
        "v24.02 and later" "v24.02 及更高版本";
        "v25.09.1 to v25.12.1" "v25.09.1 至 v25.12.1";
        "v25.09.1 and later" "v25.09.1 及更高版本";
        "v26.04 and later" "v26.04 及更高版本";
    )
}
