//! Words for the rehearsal of LND's migration.
//!
//! Sources: invoices/sql_migration.go of LND at v0.19.3, v0.20.2 and v0.21.3, and runs of these
//! releases (docs/upstream.md). Rates: lndinit's pull request 21, lnd's issue 10421.

use super::{Entry, Text};
use crate::finding::Code;
use crate::lnd::rehearse::Foreseen;

/// Above what it comes to.
pub const REHEARSED: Text = text!("The rehearsal", "演练结果");

/// No file has what could be migrated.
pub const NO_KV: Text =
    text!("holds no key-value store of LND's invoices", "其中没有 LND 发票的键值存储");

/// Beside the release and the engine.
pub const RELEASE: Text = text!("release and engine", "版本和数据库引擎");

/// Beside how it would end.
pub const ENDS: Text = text!("the migration of invoices", "发票的迁移");

/// How it would end, in a few words.
pub fn outcome(foreseen: &Foreseen) -> Text {
    match foreseen {
        Foreseen::Succeeds => text!("succeeds", "会成功"),
        Foreseen::Alters { .. } => {
            text!("succeeds, and loses or changes invoices", "会成功，但会丢失或改变发票")
        }
        Foreseen::Fails { .. } => text!("fails; LND does not start", "会失败，LND 无法启动"),
        Foreseen::Crashes { .. } => text!("crashes; LND does not start", "会崩溃，LND 无法启动"),
        Foreseen::NeverEnds => text!("never ends", "永远不会结束"),
        Foreseen::Refused { .. } => {
            text!("does not begin: LND refuses", "不会开始：LND 拒绝启动")
        }
        Foreseen::NotRun => text!(
            "does not run: nothing to migrate, or migrated already",
            "不会进行：没有要迁移的，或已经迁移",
        ),
    }
}

/// What the migration does at an invoice, in a few words; nothing for findings that are about no
/// single one.
pub fn what(code: Code) -> Option<Text> {
    Some(match code {
        Code::LndMigrationFails => text!("stops at it", "在此停下"),
        Code::LndMigrationLoses => text!("leaves it out", "漏掉它"),
        Code::LndMigrationAlters => text!("makes another of it", "把它变成另一张"),
        _ => return None,
    })
}

pub(super) const REHEARSAL: Entry = entry! {
    en: "Rehearsed: the migration of {brought:n invoice|invoices} by {release} on {engine}",
        "The store has {invoices:n}, and those that are brought over have {htlcs:n HTLC|HTLCs}. \
         Expect {seconds_least:n second|seconds} at least, at the best rate that was \
         reported[seconds_most|, and up to {seconds_most:n second|seconds} at the worst that was \
         reported for Postgres]. LND answers nothing meanwhile: start when no held payment is about \
         to expire. Only invoices are rehearsed, not the graph and not payments.";
    zh: "已演练：由 {release} 在 {engine} 上迁移 {brought:n} 张发票",
        "存储中共有 {invoices:n} 张，要迁移的那些共有 {htlcs:n} 个 HTLC。按已知最好的速度，至少需要 \
         {seconds_least:n} 秒[seconds_most|；按 Postgres 上报告过的最差速度，可达 {seconds_most:n} 秒]。\
         期间 LND 不会响应：请在没有即将到期的锁定付款时启动。这里只演练发票，不含网络图和付款。";
};

pub(super) const FAILS: Entry = entry! {
    en: "LND's migration fails at this: {rule}",
        "[key|Invoice {key}][add_index|, add index {add_index}][key|. ]LND would say: \
         {lnd_error}[lnd_crashes| (the process dies)][stops_here| — and this is where it stops \
         first]. Nothing is written then: LND does not start, and tries again at each start. With \
         native SQL off it runs on as before[fixed_in|. Releases that do migrate such invoices: \
         {fixed_in}].";
    zh: "LND 的迁移会在此失败：{rule}",
        "[key|发票 {key}][add_index|，添加编号 {add_index}][key|。]LND 会报告：{lnd_error}[lnd_crashes|\
         （进程崩溃）][stops_here|。它首先停在这里]。此时什么都不会写入：LND 不启动，每次启动都会重试。\
         关闭原生 SQL 则照旧运行[fixed_in|。能迁移这种发票的版本：{fixed_in}]。";
};

pub(super) const LOSES: Entry = entry! {
    en: "LND's migration leaves an invoice out: {rule}",
        "Number {number}, add index {add_index}, {state}. The migration succeeds without it and \
         says nothing, or only in the log. Afterwards LND does not know it: a payment to it is \
         refused, and in lists it is missing. It stays in the key-value store.";
    zh: "LND 的迁移会漏掉一张发票：{rule}",
        "编号 {number}，添加编号 {add_index}，{state}。迁移照样成功，只在日志里说一声或什么都不说。之后 LND \
         不认识它：对它的付款会被拒绝，列表里也没有。它仍留在键值存储里。";
};

pub(super) const ALTERS: Entry = entry! {
    en: "LND's migration turns an invoice into another: {rule}",
        "Number {number}, add index {add_index}, {state}. The migration succeeds and says nothing, \
         but files it under another payment hash. A payment to the hash that was handed out is then \
         refused.";
    zh: "LND 的迁移会把一张发票变成另一张：{rule}",
        "编号 {number}，添加编号 {add_index}，{state}。迁移成功且不作任何提示，但会把它归到另一个付款哈希之下。\
         之后，按当初给出的哈希付款会被拒绝。";
};
