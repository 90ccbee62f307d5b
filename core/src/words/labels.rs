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
    // LND: bbolt.

    // LND: SQLite.

    // LND: dumps.

    // LND: invoices and native SQL.

    // LND: migration.

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
