//! Words for the comparison of LND's two sides.
//!
//! Sources: invoices/sql_migration.go and invoices/update.go of LND, up to v0.21.3.

use alloc::vec::Vec;

use super::{Entry, Text};
use crate::finding::Code;
use crate::lnd::compare::{SideKind, Summary};
use crate::lnd::migration::Store;

/// Above what both sides come to.
pub const BOTH_SIDES: Text = text!("Both sides", "两边");

/// There are not two sides among the files.
pub const ONE_SIDED: Text = text!(
    "has but one side; give the key-value store and native SQL, or instead of one of them what \
     lncli listinvoices printed",
    "只有一边；请同时给出键值存储和原生 SQL，或用 lncli listinvoices 的输出代替其中一边",
);

const MISSING: Text = text!("missing on the newer side", "较新一边缺少");
const LEFT: Text = text!("not seen by the migration", "迁移没有看到");
const EXTRA: Text = text!("migrated, but not from here", "迁移而来，但不是来自这里");

/// What a side is.
pub fn side(kind: SideKind) -> Text {
    match kind {
        SideKind::Kv => super::migration::side(Store::Kv),
        SideKind::Sql => super::migration::side(Store::Sql),
        SideKind::List => text!("list by lncli", "lncli 的列表"),
    }
}

/// What both sides come to, with labels: how many each has, how many fit and how many do not; of
/// the rest only what there is.
pub fn figures(summary: &Summary) -> Vec<(Text, u64)> {
    let always = [
        (side(summary.old.kind), summary.old.invoices),
        (side(summary.new.kind), summary.new.invoices),
        (text!("fit together", "相符"), summary.same),
        (text!("differ", "不符"), summary.differ),
        (MISSING, summary.missing),
    ];
    let others = [
        (
            text!("canceled or expired, and deleted since", "已取消或过期，后来删除"),
            summary.deleted,
        ),
        (LEFT, summary.left_behind),
        (
            text!("canceled ones that no index leads to", "没有索引指向的已取消发票"),
            summary.orphans,
        ),
        (text!("made on the newer side", "在较新一边新建"), summary.made_here),
        (EXTRA, summary.extra),
        (text!("only on the newer side", "只在较新一边"), summary.unexplained),
        (text!("not readable, not compared", "无法读取，未比对"), summary.unread),
    ];
    always.into_iter().chain(others.into_iter().filter(|(_, count)| *count > 0)).collect()
}

/// What a difference means, in a few words; nothing for findings that are about no single invoice.
pub fn meaning(code: Code) -> Option<Text> {
    Some(match code {
        Code::LndInvoiceDiffers => text!("not what it was", "与原来不同"),
        Code::LndKvAhead => text!("the older side is further on", "较旧的一边反而更新"),
        Code::LndInvoiceMissing => MISSING,
        Code::LndLeftBehind => LEFT,
        Code::LndInvoiceExtra => EXTRA,
        _ => return None,
    })
}

pub(super) const COMPARED: Entry = entry! {
    en: "Both sides compared: {same:n invoice fits|invoices fit} together, {differing:n} do not",
        "The older side has {old_invoices:n}, the newer one {new_invoices:n}. Of the older side's, \
         {missing:n} are missing on the newer and should not be, {left_behind:n} had no add index \
         and were not migrated, {orphans:n} are remains of LND's own clean-up, {gone:n} were \
         canceled or expired and need not be there. Only the newer side has {made_here:n} that it \
         made itself, {extra:n} that a migration is said to have brought, and {unexplained:n} of \
         which that is not known. Joined by payment hash: the migration renumbers add indexes.";
    zh: "两边已比对：{same:n} 张发票相符，{differing:n} 张不符",
        "较旧的一边有 {old_invoices:n} 张，较新的一边有 {new_invoices:n} 张。较旧一边的发票中，{missing:n} \
         张在新的一边缺失而不应缺失，{left_behind:n} 张没有添加编号因而没有迁移，{orphans:n} 张是 LND 自己\
         清理后的残留，{gone:n} 张已取消或过期、可以不在。只在新的一边有的：{made_here:n} 张是那里新建的，\
         {extra:n} 张据称由迁移带来，{unexplained:n} 张来源不明。按付款哈希对应：迁移会重新编排添加编号。";
};

pub(super) const INVOICE_MISSING: Entry = entry! {
    en: "An invoice is missing on the newer side: {key}",
        "It is {state}, made {made:t}, paid {amount_msat} msat, number {number} on the older side, \
         and nothing on the newer side has its hash. LND deletes only canceled invoices.\
         [may_be_deleted| This one may have been canceled on the newer side, by hand or with the \
         HTLCs that it held, and deleted then (gc-canceled-invoices); nothing tells whether it was.] \
         What it costs[may_be_deleted| if not]: {cost}.";
    zh: "较新的一边缺少一张发票：{key}",
        "它的状态为{state}，创建于 {made:t}，已付 {amount_msat} msat，在较旧一边的编号为 {number}；较新一边\
         没有它的哈希。LND 只会删除已取消的发票。[may_be_deleted|它可能在较新一边被取消（手动取消，或连同其持有的 \
         HTLC 一起），随后被删除（gc-canceled-invoices）；这一点无从判断。]影响[may_be_deleted|（若不是这样）]：{cost}。";
};

pub(super) const INVOICES_DELETED: Entry = entry! {
    en: "Canceled or expired invoices that the newer side no longer has",
        "{count:n invoice|invoices} of the older side, canceled or expired, are not on the newer \
         one: LND deletes such invoices if it is told to (gc-canceled-invoices). The first by their \
         numbers: {numbers}. Nothing is lost but records of what was never paid.";
    zh: "较新的一边已经没有的、已取消或过期的发票",
        "较旧一边有 {count:n} 张已取消或过期的发票不在较新一边：若设置了 gc-canceled-invoices，LND 会删除\
         它们。前几张的编号：{numbers}。丢失的只是从未付款的记录。";
};

pub(super) const INVOICE_DIFFERS: Entry = entry! {
    en: "An invoice is not what it was: {differing_field}",
        "{key}[part_of|, {part_of}]: {old_value} on the older side (number {number}), {new_value} on \
         the newer, where the invoice is {provenance}. LND's migration compares each invoice and \
         stops at such a difference, and nothing that LND does afterwards makes it: the row was \
         edited or damaged, or the sides are not of one node. What it costs: {cost}.";
    zh: "发票与原来不同：{differing_field}",
        "{key}[part_of|（{part_of}）]：较旧一边（编号 {number}）为 {old_value}，较新一边为 {new_value}，\
         该行{provenance}。LND 的迁移会逐张核对发票并在这种差异处停下，之后 LND 的任何操作也不会造成它：\
         说明该行被改动或损坏，或者两边不属于同一个节点。影响：{cost}。";
};

pub(super) const KV_AHEAD: Entry = entry! {
    en: "The older side is further on: {differing_field}",
        "{key}[part_of|, {part_of}]: {old_value} on the older side (number {number}), still \
         {new_value} on the newer, where the invoice is {provenance}. An invoice never goes back: \
         either LND ran on the key-value store after the migration, or native SQL was put back to \
         an older state. What it costs: {cost}.";
    zh: "较旧的一边反而更新：{differing_field}",
        "{key}[part_of|（{part_of}）]：较旧一边（编号 {number}）为 {old_value}，较新一边仍是 {new_value}，\
         该行{provenance}。发票状态不会倒退：要么迁移之后 LND 又在键值存储上运行过，要么原生 SQL 被恢复成了\
         较旧的状态。影响：{cost}。";
};

pub(super) const INVOICE_EXTRA: Entry = entry! {
    en: "Native SQL has a migrated invoice that the key-value store has not: {key}",
        "It is {state}, made {made:t}, paid {amount_msat} msat, row {number}. No event says that LND \
         made it there, so a migration brought it, but not from this key-value store as it is now: \
         the store is another copy, or it was cleaned up afterwards. What it costs: {cost}.";
    zh: "原生 SQL 里有一张迁移来的发票，而键值存储里没有：{key}",
        "它的状态为{state}，创建于 {made:t}，已付 {amount_msat} msat，行号 {number}。没有事件表明它是 LND 在\
         那里新建的，因此应由迁移带来，但不是来自现在这个键值存储：可能是另一份副本，或者之后又清理过。\
         影响：{cost}。";
};

pub(super) const LEFT_BEHIND: Entry = entry! {
    en: "An invoice that the migration did not see: {key}",
        "No add index leads to it, so LND neither lists nor migrates it. It is {state}, made \
         {made:t}, paid {amount_msat} msat, number {number}. It is still in the key-value store. \
         What it costs: {cost}.";
    zh: "迁移没有看到的发票：{key}",
        "没有添加编号指向它，因此 LND 既不列出也不迁移它。它的状态为{state}，创建于 {made:t}，已付 \
         {amount_msat} msat，编号 {number}。它仍在键值存储里。影响：{cost}。";
};

pub(super) const NOT_COMPARED: Entry = entry! {
    en: "Some of it could not be read",
        "{count:n piece|pieces} of the invoices and their indexes could not be read, and are not \
         judged here. What is said of the others stands; that nothing else is wrong cannot be said.";
    zh: "有一部分无法读取",
        "发票及其索引中有 {count:n} 处无法读取，不在此判断之内。对其余部分的结论有效，但不能断言没有别的问题。";
};
