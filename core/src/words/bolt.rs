//! Words for what is wrong with the structure of a bbolt file: LND's channel.db and its siblings.
//!
//! What bbolt does with each: v1.4.3, tx_check.go, db.go, internal/common/page.go.

use super::Entry;

pub(super) const NO_META: Entry = entry! {
    en: "Neither meta page holds",
        "bbolt finds its tree by two meta pages at the beginning of the file, and neither is sound \
         (first and second: {meta_fault}). lnd does not start: “{upstream}”. What follows here was \
         read all the same if one of the two still leads to the tree.";
    zh: "两个 meta 页都无效",
        "bbolt 靠文件开头的两个 meta 页找到它的树，而两个都不完好（第一个和第二个：{meta_fault}）。lnd 无法启动：\
         “{upstream}”。如果其中一个仍能指向树的起点，下面的内容就是据此读出的。";
};

pub(super) const META_DAMAGED: Entry = entry! {
    en: "One of the two meta pages is damaged",
        "bbolt writes two meta pages in turn. Page {pgid} is damaged: {meta_fault}. bbolt uses \
         the other one, of transaction {txid}. Was the damaged one the newer, so that the last \
         transaction is undone without a word: {lost_newer}. A channel.db that lost its last \
         transaction may hold a channel state that has been revoked.";
    zh: "两个 meta 页之一损坏",
        "bbolt 轮流写两个 meta 页。第 {pgid} 页已损坏：{meta_fault}。bbolt 会使用另一个，即事务 {txid} 的那个。\
         损坏的是否为较新的一个（也就是最后一次事务被悄悄撤销）：{lost_newer}。丢了最后一次事务的 channel.db \
         里可能是已经作废的通道状态。";
};

pub(super) const META_PAIR: Entry = entry! {
    en: "The two meta pages are of different moments",
        "The meta pages are of the transactions {txid} and {other_txid}, which do not follow each \
         other as bbolt writes them. Most likely the file was copied while lnd was writing, or a \
         meta page was put back by hand; pages may then be of different moments, too.";
    zh: "两个 meta 页来自不同时刻",
        "两个 meta 页分别属于事务 {txid} 和 {other_txid}，并不像 bbolt 写的那样前后相接。多半是在 lnd 写入时复制了\
         文件，或有人手工恢复过 meta 页；其他页也可能来自不同时刻。";
};

pub(super) const BIG_ENDIAN: Entry = entry! {
    en: "A bbolt file of another kind of machine",
        "The file was written on a big-endian machine. bbolt keeps numbers in the order of the \
         machine, so it can be read on such a machine only, and not here.";
    zh: "另一类机器写的 bbolt 文件",
        "这个文件是在大端机器上写的。bbolt 按机器自身的字节序保存数字，所以只能在同类机器上读取，这里读不了。";
};

pub(super) const TRUNCATED: Entry = entry! {
    en: "The file is shorter than its content",
        "By its meta page the file needs {need:n byte|bytes}, but it has {have:n}: {pages:n \
         page|pages} are missing at its end. An interrupted copy looks like this, or a full disk. \
         lnd crashes when it comes to a page that is missing.";
    zh: "文件比它的内容短",
        "按 meta 页的记载，文件应有 {need:n} 个字节，实际只有 {have:n}：末尾缺少 {pages:n} 页。复制中断或磁盘已满时\
         会出现这种情况。lnd 读到缺失的页就会崩溃。";
};

pub(super) const MISSING_PAGE: Entry = entry! {
    en: "A page in use is missing",
        "Page {pgid} of {bucket} is not in the file, or not all of it. What is hit: {hits}. What \
         stood there cannot be had from this file.";
    zh: "缺少正在使用的页",
        "{bucket} 的第 {pgid} 页不在文件里，或者不完整。受影响的是：{hits}。那里的内容无法从这个文件中找回。";
};

pub(super) const OUT_OF_BOUNDS: Entry = entry! {
    en: "Something leads to a page that does not exist",
        "In {bucket}, page {parent} leads to page {pgid}, but only pages below {hwm} are in use. \
         What is hit: {hits}. bbolt crashes there, or reads what is none of its own.";
    zh: "指向了不存在的页",
        "在 {bucket} 中，第 {parent} 页指向第 {pgid} 页，但只有小于 {hwm} 的页在使用中。受影响的是：{hits}。bbolt \
         会在此崩溃，或读到不属于它的内容。";
};

pub(super) const MULTIPLE_REFERENCES: Entry = entry! {
    en: "Two places lead to the same page",
        "Page {pgid} is used by page {first_parent} (in {first_bucket}) and again by page {parent} \
         (in {bucket}). At least one of them reads what another wrote. What is hit: {hits}. After a \
         power loss this is a frequent fault; lnd then stops at its start with “freepages: failed \
         to get all reachable pages”.";
    zh: "两处指向同一页",
        "第 {pgid} 页既属于第 {first_parent} 页（位于 {first_bucket}），又被第 {parent} 页（位于 {bucket}）使用，\
         其中至少一处读到的是别处写下的内容。受影响的是：{hits}。断电之后常见这种问题；lnd 启动时会停在 “freepages: \
         failed to get all reachable pages”。";
};

pub(super) const REACHABLE_FREED: Entry = entry! {
    en: "A page in use is listed as free",
        "Page {pgid} of {bucket} stands in the freelist. It is still whole, but bbolt will write \
         something else over it. What is hit: {hits}.";
    zh: "正在使用的页被列为空闲",
        "{bucket} 的第 {pgid} 页出现在 freelist 里。它目前完好，但 bbolt 会用别的内容覆盖它。受影响的是：{hits}。";
};

pub(super) const ZERO_PAGE: Entry = entry! {
    en: "A page in use is all zeros",
        "Page {pgid} of {bucket} holds nothing but zeros: it was never written to the disk, or the \
         disk lost it. What is hit: {hits}. lnd crashes when it comes there.";
    zh: "正在使用的页全为零",
        "{bucket} 的第 {pgid} 页全是零：要么从未写入磁盘，要么被磁盘弄丢了。受影响的是：{hits}。lnd 读到这里就会\
         崩溃。";
};

pub(super) const PAGE_TYPE: Entry = entry! {
    en: "A page of the tree is something else",
        "Page {pgid} of {bucket} ought to be a branch or a leaf, but its type is {page_flags}. \
         What is hit: {hits}. lnd crashes when it comes there.";
    zh: "树中的页是别的东西",
        "{bucket} 的第 {pgid} 页应当是分支页或叶子页，类型却是 {page_flags}。受影响的是：{hits}。lnd 读到这里就会\
         崩溃。";
};

pub(super) const PAGE_ID: Entry = entry! {
    en: "A page says that it is another one",
        "Page {pgid} of {bucket} says that it is page {says}: most likely an old page, or one \
         written to the wrong place. What is hit: {hits}. lnd crashes when it comes there; nothing \
         of it is read here.";
    zh: "页头自称是另一页",
        "{bucket} 的第 {pgid} 页自称是第 {says} 页：多半是旧的页，或写错了位置。受影响的是：{hits}。lnd 读到这里\
         就会崩溃；这里也不读取它的内容。";
};

pub(super) const OVERFLOW: Entry = entry! {
    en: "A page claims pages that are not its own",
        "Page {pgid} of {bucket} claims {overflow:n page|pages} behind it, but {needed:n} \
         are all that it can have. What is hit: {hits}.";
    zh: "页声称拥有不属于它的页",
        "{bucket} 的第 {pgid} 页声称其后有 {overflow:n} 页属于它，但最多只能有 {needed:n} 页。受影响的是：{hits}。";
};

pub(super) const COUNT: Entry = entry! {
    en: "A page has an impossible number of elements",
        "Page {pgid} of {bucket} claims {elements:n element|elements}, and has room for {fitting:n}. \
         Only the first page of an empty bucket has none, and then nothing but zeros. What is hit: \
         {hits}.";
    zh: "页的元素数不可能",
        "{bucket} 的第 {pgid} 页声称有 {elements:n} 个元素，而它容得下 {fitting:n} 个。只有空 bucket 的第一页才没有\
         元素，并且其余全为零。受影响的是：{hits}。";
};

pub(super) const ELEMENT: Entry = entry! {
    en: "An element of a page is damaged",
        "On page {pgid} of {bucket}, element {element} {element_fault} ({count:n} of this kind on \
         this page). What is hit: {hits}. bbolt trusts these numbers: it crashes, or reads \
         something else.";
    zh: "页中的元素损坏",
        "在 {bucket} 的第 {pgid} 页上，元素 {element} {element_fault}（本页同类问题共 {count:n} 个）。受影响的是：\
         {hits}。bbolt 完全相信这些数字，因此会崩溃，或读到别的内容。";
};

pub(super) const KEY_ORDER: Entry = entry! {
    en: "Keys are out of order",
        "On page {pgid} of {bucket}, the key of element {element} {order_fault} ({count:n} of this \
         kind on this page). What is hit: {hits}. bbolt looks keys up by their order, so it does \
         not find some of them, and lnd takes them for missing.";
    zh: "键的顺序有误",
        "在 {bucket} 的第 {pgid} 页上，元素 {element} 的键{order_fault}（本页同类问题共 {count:n} 个）。受影响的是：\
         {hits}。bbolt 按顺序查找键，所以会找不到其中一些，lnd 便当作不存在。";
};

pub(super) const INLINE: Entry = entry! {
    en: "A small bucket is damaged",
        "The bucket {bucket} stands inside page {pgid}, as small ones do, in element {element}. \
         It {inline_fault}. What is hit: {hits}. bbolt's own check does not look at such buckets; \
         lnd crashes when it reads one.";
    zh: "内联的小 bucket 损坏",
        "bucket {bucket} 像小 bucket 通常那样存放在第 {pgid} 页内，即元素 {element}。它{inline_fault}。受影响的是：\
         {hits}。bbolt 自带的检查不看这种 bucket；lnd 读到时会崩溃。";
};

pub(super) const TOO_DEEP: Entry = entry! {
    en: "The tree is deeper than can be",
        "Beneath page {pgid} of {bucket} there are more than {limit} pages or buckets one inside \
         the other, which no store of lnd has. What lies below was not looked at. What is hit: \
         {hits}.";
    zh: "树的层数超出可能",
        "在 {bucket} 的第 {pgid} 页之下，层层嵌套的页或 bucket 超过 {limit} 层，lnd 的任何文件都不会这样。更深的\
         内容没有检查。受影响的是：{hits}。";
};

pub(super) const FREELIST: Entry = entry! {
    en: "The list of free pages is damaged",
        "The freelist on page {pgid} cannot be trusted: {freelist_fault}. No data is lost by that, \
         but lnd stops at its start, or writes over pages in use.";
    zh: "空闲页列表损坏",
        "第 {pgid} 页上的 freelist 不可信：{freelist_fault}。数据并未因此丢失，但 lnd 会在启动时停下，或者覆盖正在\
         使用的页。";
};

pub(super) const FREE_TWICE: Entry = entry! {
    en: "A page is listed as free twice",
        "Page {pgid} stands in the freelist twice, so bbolt may hand it out twice. lnd then stops \
         while running with “page {pgid} already freed”, or two buckets share the page.";
    zh: "同一页两次列为空闲",
        "第 {pgid} 页在 freelist 里出现了两次，bbolt 可能因此把它分配两次。之后 lnd 会在运行中因 “page {pgid} \
         already freed” 停下，或者两个 bucket 共用这一页。";
};

pub(super) const BAD_FREE_PAGE: Entry = entry! {
    en: "The list of free pages names one that cannot be free",
        "The freelist has page {pgid}, but free pages are those from 2 on and below {hwm}. bbolt \
         would write to that place all the same.";
    zh: "空闲页列表里有不可能空闲的页",
        "freelist 里有第 {pgid} 页，但空闲页只能从 2 起且小于 {hwm}。bbolt 仍会往那里写。";
};

pub(super) const UNREACHABLE: Entry = entry! {
    en: "Pages that belong to nothing",
        "From page {pgid} on, {pages:n page|pages} are neither in use nor free; the reason: \
         {leak_cause}. Where bbolt only forgot them, they cost room and nothing else.";
    zh: "不属于任何地方的页",
        "从第 {pgid} 页起有 {pages:n} 页既没有使用，也不空闲；原因：{leak_cause}。如果只是 bbolt 忘了释放，除了占用\
         空间没有别的影响。";
};

pub(super) const CHANNEL_STATE_HIT: Entry = entry! {
    en: "Stop: the state of channels is hit",
        "{faults:n fault|faults} in the structure of this file reach the buckets in which lnd keeps \
         its channels. lnd must not be started on it: with a channel state that is missing or old, \
         money can be lost. Top-level buckets that are hit: {buckets}.";
    zh: "停下：通道状态受到影响",
        "文件结构里的 {faults:n} 个问题波及 lnd 存放通道的 bucket。绝不能用它启动 lnd：通道状态缺失或过旧，都可能\
         造成资金损失。受影响的顶层 bucket：{buckets}。";
};

pub(super) const GRAPH_HIT: Entry = entry! {
    en: "Only the network graph is hit",
        "All {faults:n fault|faults} in the structure of this file are in the graph of the network, \
         which peers send again. Channels, invoices and payments are not hit. lnd may still crash \
         on it, so the graph has to be taken out before it is started.";
    zh: "只有网络图受到影响",
        "文件结构里的全部 {faults:n} 个问题都在网络图里，而网络图可以由对等节点重新发送。通道、发票和付款不受影响。lnd \
         读到时仍可能崩溃，所以启动之前要先去掉网络图。";
};

pub(super) const RECORDS_HIT: Entry = entry! {
    en: "Records are hit, but no channel state",
        "{faults:n fault|faults} in the structure of this file hit {hits}, as far as can be told \
         not the state of channels. Top-level buckets that are hit: {buckets}. lnd may crash on \
         it, and what stood in the damaged pages is lost unless another copy has it.";
    zh: "记录受到影响，但通道状态没有",
        "文件结构里的 {faults:n} 个问题影响到{hits}，就目前所见没有波及通道状态。受影响的顶层 bucket：{buckets}。\
         lnd 读到时可能崩溃；损坏的页里的内容已经丢失，除非另有副本。";
};
