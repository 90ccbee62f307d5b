//! Words for what releases of lightningd do with a store ([`crate::gossip::verdict`]).

use alloc::string::String;

use super::{Language, Text, render};
use crate::finding::Values;
use crate::gossip::verdict::{Check, Fate, ReaderVerdict, Reads, ReleaseVerdict, Why};

/// What gossipd does: the template of a sentence. [`gossipd`] fills it.
pub fn fate(fate: Fate) -> Text {
    match fate {
        Fate::Accepted => text!(
            "gossipd reads it to the end and leaves it as it is.",
            "gossipd 会完整读取，文件保持原样。",
        ),
        Fate::Compacted => text!(
            "gossipd keeps every live record and rewrites the file without the dead ones.[deleted| \
             Left out: {deleted:n deleted record|deleted records}.][tombstones| Left out: \
             {tombstones:n tombstone|tombstones}.]",
            "gossipd 保留所有有效记录，重写文件时去掉失效的记录。[deleted|去掉 {deleted:n} 条已删除的记录。]\
             [tombstones|去掉 {tombstones:n} 条墓碑记录。]",
        ),
        Fate::Upgraded => text!(
            "gossipd upgrades it to its own version and keeps every record that this version \
             has.[deleted| Left out: {deleted:n deleted record|deleted records}.][tombstones| Left \
             out: {tombstones:n tombstone|tombstones}.][private| Left out: {private:n record|records} \
             of channels that are not announced.][zombies| Left out: {zombies:n record|records} of \
             pruned channels.][old_updates| Left out: {old_updates:n update|updates} without \
             htlc_maximum_msat.]",
            "gossipd 把它升级到自己的版本，保留该版本仍有的所有记录。[deleted|去掉 {deleted:n} 条已删除的\
             记录。][tombstones|去掉 {tombstones:n} 条墓碑记录。][private|去掉 {private:n} 条未公告通道的\
             记录。][zombies|去掉 {zombies:n} 条已清理通道的记录。][old_updates|去掉 {old_updates:n} 条没有 \
             htlc_maximum_msat 的更新。]",
        ),
        Fate::Prefix => text!(
            "gossipd keeps what stands before offset {at}; what follows is gone ({check}).",
            "gossipd 只保留偏移 {at} 之前的内容，之后的丢弃（{check}）。",
        ),
        Fate::Part => text!(
            "gossipd keeps the file but sees only what stands before offset {at} ({check}).",
            "gossipd 保留文件，但只看得到偏移 {at} 之前的内容（{check}）。",
        ),
        Fate::Moved => text!(
            "gossipd moves it to gossip_store.corrupt and begins an empty store ({check}[at| at \
             offset {at}]).",
            "gossipd 把它移到 gossip_store.corrupt，从空的文件重新开始（[at|偏移 {at} 处：]{check}）。",
        ),
        Fate::NotTruncated => text!(
            "gossipd moves it to gossip_store.corrupt and says that it truncates the new store, but \
             does not: it will write new records over the old ones ({check} at offset {at}).",
            "gossipd 把它移到 gossip_store.corrupt，并声称清空了新文件，其实没有：之后的新记录会覆盖旧记录\
             （偏移 {at} 处：{check}）。",
        ),
        Fate::Emptied => text!(
            "gossipd empties it, and keeps nothing aside ({check}[at| at offset {at}]).",
            "gossipd 会清空它，不留备份（[at|偏移 {at} 处：]{check}）。",
        ),
        Fate::Dies => text!(
            "gossipd dies, at every start, for as long as the file lies there ({check}[at| at offset \
             {at}]).[unsure| That is a guess.]",
            "只要这个文件还在，gossipd 每次启动都会崩溃（[at|偏移 {at} 处：]{check}）。[unsure|这只是推测。]",
        ),
        Fate::DiesEmptied => text!(
            "gossipd dies after it has put an empty store in place of the file: the content is gone \
             ({check}).",
            "gossipd 先用空文件替换它，然后崩溃：内容会丢失（{check}）。",
        ),
    }
}

/// What another reader does: the template of a sentence without its subject. [`reader`] fills it.
pub fn reads(reads: Reads) -> Text {
    match reads {
        Reads::All => text!("all of it is read.", "完整读取。"),
        Reads::Part => text!(
            "reading stops[at| at offset {at}] ({check})[channels|; {channels:n channel|channels} and \
             {updates:n update|updates} are seen].",
            "读取[at|在偏移 {at} 处]停止（{check}）[channels|；看得到 {channels:n} 条通道、{updates:n} 条更新]。",
        ),
        Reads::SendsOn => text!(
            "queries are answered from what stands before offset {at} ({check})[channels|, \
             {channels:n channel|channels} and {updates:n update|updates}]; but peers are sent what \
             follows as well, unchecked.",
            "只用偏移 {at} 之前的内容回答查询（{check}）[channels|，即 {channels:n} 条通道、{updates:n} 条更新]；\
             但之后的内容也会不经检查地发送给对等节点。",
        ),
        Reads::DiesWhenAsked => text!(
            "death, as soon as somebody asks for the capacity of the channel at offset {at} ({check}).",
            "一旦查询偏移 {at} 处那条通道的容量就崩溃（{check}）。",
        ),
        Reads::Dies => {
            text!("death ({check}[at| at offset {at}]).", "崩溃（[at|偏移 {at} 处：]{check}）。")
        }
        Reads::Refuses => text!("the file is not opened ({check}).", "不打开这个文件（{check}）。"),
        Reads::Memory => {
            text!("gossip is sent from memory; the file is not read.", "从内存发送，不读取文件。",)
        }
    }
}

/// Which check decided, in a few words.
pub fn check(check: Check) -> Text {
    match check {
        Check::Version => text!("the version byte", "版本字节"),
        Check::Checksum => text!("a wrong checksum", "校验和不符"),
        Check::Torn => text!("the file ends inside a record", "文件在一条记录中间结束"),
        Check::Stray => text!("stray bytes behind the last record", "末尾有多余的字节"),
        Check::Completed => text!("a record without its COMPLETED bit", "记录没有 COMPLETED 标记"),
        Check::TooShort => text!("a record too short for a type", "记录太短，没有类型"),
        Check::Type => text!("an unknown type of record", "未知的记录类型"),
        Check::Amount => text!("an announcement without its amount", "通道公告之后缺少金额"),
        Check::Duplicate => text!("a channel announced twice", "通道被公告两次"),
        Check::Announcement => text!("a channel_announcement", "通道公告"),
        Check::Update => text!("a channel_update", "通道更新"),
        Check::Node => text!("a node_announcement", "节点公告"),
        Check::Unupdated => text!("an announcement that no update follows", "通道公告之后没有更新"),
        Check::Dying => text!("a malformed chan_dying", "chan_dying 记录格式不符"),
        Check::Private => text!("a record of an unannounced channel", "未公告通道的记录"),
        Check::AmountFields => text!("a malformed channel_amount", "channel_amount 记录格式不符"),
        Check::Deletion => text!("a deletion of an unknown channel", "删除了未知的通道"),
        Check::Ended => text!("the marker of a replaced file", "文件已被替换的标记"),
        Check::Fields => text!("a field behind the end of the file", "字段超出文件末尾"),
        Check::SameNode => text!("a channel of one node with itself", "通道两端是同一个节点"),
    }
}

/// Why a release is spoken of, in a few words.
pub fn why(why: Why) -> Text {
    match why {
        Why::WroteIt => text!("the newest that writes this version", "写出此版本的最新一系列"),
        Why::Newest => text!("the newest that is known", "目前已知的最新系列"),
        Why::WroteItNewest => {
            text!("writes this version, and is the newest", "写出此版本，也是最新系列")
        }
        Why::Asked => text!("as asked for", "按要求列出"),
    }
}

/// Whether everybody accepts the store, in a word.
pub fn accepted(accepted: bool) -> Text {
    if accepted { text!("accepted", "接受") } else { text!("not accepted", "不接受") }
}

/// What gossipd does, in a sentence.
pub fn gossipd(verdict: &ReleaseVerdict, language: Language) -> String {
    let gossipd = &verdict.gossipd;
    let place = place(gossipd.at, gossipd.check, language);
    render::fill(fate(gossipd.fate).get(language), &[&gossipd.values, &place], language)
}

/// What another reader does, in a sentence without its subject.
pub fn reader(verdict: &ReaderVerdict, language: Language) -> String {
    let place = place(verdict.at, verdict.check, language);
    render::fill(reads(verdict.reads).get(language), &[&verdict.values, &place], language)
}

fn place(at: Option<u64>, by: Option<Check>, language: Language) -> Values {
    Values::new().with_some("at", at).with_some("check", by.map(|by| check(by).get(language)))
}
