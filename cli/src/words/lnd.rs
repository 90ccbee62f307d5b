//! The words of `fulgurite lnd`, and of LND's part of `check`.

use fulgurite_core::words::{Language, Text};

words! {
    // Messages.
    NOT_OF_LND "is not one of LND's databases, nor a dump of one" "不是 LND 的数据库，也不是其转储";
    NOTHING_IN_IT "is a directory in which nothing of LND's was found" "目录中没有找到 LND 的文件";
    NOT_JUDGED "So nothing of that folder was judged: what cannot be read may be what decides. Make it readable, or name the databases themselves." "因此没有对该目录作出判断：读不了的文件可能正是关键。请让它可读，或直接指明各个数据库。";
    SET_NOT_JUDGED "LND's files were not judged: they are judged together, and what cannot be read may be one of them. Leave it out if it is not." "没有对 LND 的文件作出判断：它们要放在一起判断，而读不了的文件可能是其中之一。若不是，请去掉它再试。";
    BY_ITSELF "read too, because it lies beside its database" "与数据库放在一起，因此一并读取";
    NO_INVOICES "no store of LND's invoices was found in it; give the other side too, or leave --side out" "其中没有找到 LND 的发票存储；请把另一边也给出，或去掉 --side";
    IDLE_LIST "was not compared: both sides are there without it. Give it with one of them alone" "没有参与比较：没有它两边也已齐全。请只把它与其中一边一起给出";
    NO_TREE "holds no such tree of buckets" "其中没有这样的 bucket 树";
    NO_BUCKET "has no bucket at that path" "该路径下没有 bucket";
    READ_BACK "what was read back is not what was written: nothing was kept; please tell the developers" "读回的内容与写入的不符：没有留下任何文件；请告知开发者";
    // Headings.
    WHERE "Where you are" "当前状态";
    BESIDES "besides:" "此外：";
    FOLLOWS_FROM "It follows from" "依据";
    BOARD "What LND would do" "LND 会怎么做";
    WAY "The way forward" "下一步怎么走";
    STORES "What the stores hold" "各存储的内容";
    STATE_HINT "fulgurite lnd state FILE… shows what each release would do in each configuration" "fulgurite lnd state FILE… 显示每个版本在每种配置下会怎么做";
    LOGGED "it logs before: " "之前的日志：";
    NOT_CERTAIN "not seen happening, only read in LND's code: " "未实际验证，仅据 LND 源码：";
    RUNS "LND runs" "LND 能运行";
    MIGRATES "LND migrates" "LND 会迁移";
    STOPS "LND does not run" "LND 不能运行";
    UNKNOWN "cannot be told" "无法判断";
    LEFT_OUT "left out: " "未写入：";
    MISSING "asked for, and not there: " "要求写入但不存在：";
    BUCKETS_WRITTEN "buckets: " "bucket：";
    REVEALED "not redacted: it holds keys and values as they are; keep it to yourself" "未脱敏：键和值都是原样，请勿外传";
    // Columns.
    NUMBER "number" "编号";
    STATE "state" "状态";
    CREATED "created (UTC)" "创建时间（UTC）";
    SETTLED "settled (UTC)" "结算时间（UTC）";
    ASKED "asked (msat)" "应付（msat）";
    PAID "paid (msat)" "已付（msat）";
    ADD "add" "添加";
    SETTLE "settle" "结算";
    HASH "payment hash" "付款哈希";
    NOTES "notes" "备注";
    // Cells.
    UNLISTED "no index leads to it" "没有索引指向它";
    CUT "cannot be read further" "后面无法读取";
    UNREADABLE "cannot be read" "无法读取";
    // Preflight.
    NOT_A_FOLDER "is not a directory" "不是目录";
    COMPLETE "complete: what a node needs is there" "完整：节点所需的都在";
    INCOMPLETE "not complete" "不完整";
    ONE_MOMENT "of one moment, as far as the files say" "就文件来看，属于同一时刻";
    SEVERAL_MOMENTS "not of one moment, or not still" "不属于同一时刻，或仍在变化";
    NO_CHANNELS "The database of channels and invoices is missing: channel.db or channel.sqlite in data/graph, or a dump of Postgres." "缺少通道和发票的数据库：data/graph 里的 channel.db 或 channel.sqlite，或 Postgres 的转储。";
    NO_NATIVE "lnd.sqlite is missing beside channel.sqlite, though the invoices have moved there." "channel.sqlite 旁边缺少 lnd.sqlite，而发票已迁移到那里。";
    NO_WALLET "The wallet is missing: wallet.db or chain.sqlite in data/chain/bitcoin." "缺少钱包：data/chain/bitcoin 里的 wallet.db 或 chain.sqlite。";
    NO_BACKUP "channel.backup is missing: the last resort if the channels cannot be read any more (data/chain/bitcoin)." "缺少 channel.backup：通道再也读不出来时的最后手段（在 data/chain/bitcoin）。";
    NO_LOG "A -wal is missing that lies beside its database." "缺少数据库旁边的 -wal。";
    LOG_BESIDE "A -wal that is not empty: LND was running, or had crashed, when this was copied. With its -wal each database is whole; stop LND and copy again if you can." "有非空的 -wal：复制时 LND 正在运行或已崩溃。连同 -wal 各数据库是完整的；若可以，请停止 LND 再复制一次。";
    NO_LOG_BESIDE "No -wal lies beside a database that has one while LND runs: as it should be if LND was stopped before the copy. If it was not, the newest changes are missing." "数据库旁边没有 -wal（LND 运行时会有）：如果复制前已停止 LND，这是正常的；否则最新的改动不在副本里。";
    CHANGED "A file changed while it was read: this is no copy, or still being made." "读取期间有文件发生变化：这不是副本，或副本还在制作中。";
    STALE "A database is older than its log, or than the other files: copy all of them again from a stopped LND." "有数据库比它的日志或其他文件旧：请停止 LND 后全部重新复制。";
    TORN "A file is cut short, or torn as files are that are copied while written: copy again from a stopped LND." "有文件被截断，或像写入期间复制的文件那样残缺：请停止 LND 后重新复制。";
    MANIFEST "Files (SHA-256, bytes)" "文件（SHA-256，字节数）";
    ALWAYS "In any case" "无论如何";
}

pub(crate) fn too_many(language: Language, count: &str) -> String {
    say!(
        language,
        "more than {count} files or folders lie in it: name the folder of one network, or the databases themselves",
        "其中的文件或目录超过 {count} 个：请指明某个网络的目录，或各个数据库"
    )
}

pub(crate) fn passed_over(language: Language, count: &str) -> String {
    say!(
        language,
        "{count} other files in the folders are not LND's databases, or are packed: not looked at",
        "目录中另有 {count} 个文件不是 LND 的数据库，或是压缩文件：没有查看"
    )
}

/// How sure, behind a sentence.
pub(crate) fn sure(language: Language, sure: &str) -> String {
    say!(language, " ({sure})", "（{sure}）")
}

/// `use-native-sql on`.
pub(crate) fn switch(language: Language, name: &str, on: bool) -> String {
    match (language, on) {
        (Language::English, true) => format!("{name} on"),
        (Language::English, false) => format!("{name} off"),
        (Language::SimplifiedChinese, true) => format!("{name} 开"),
        (Language::SimplifiedChinese, false) => format!("{name} 关"),
    }
}

pub(crate) fn listed(
    language: Language,
    side: &str,
    store: &str,
    total: &str,
    in_force: Option<bool>,
) -> String {
    let base =
        say!(language, "{side} ({store}), {total} invoices", "{side}（{store}），{total} 张发票");
    let more = match (language, in_force) {
        (_, None) => return base,
        (Language::English, Some(true)) => ": the store that LND would use",
        (Language::English, Some(false)) => ": not the store that LND would use",
        (Language::SimplifiedChinese, Some(true)) => "：LND 会使用的存储",
        (Language::SimplifiedChinese, Some(false)) => "：不是 LND 会使用的存储",
    };
    format!("{base}{more}")
}

pub(crate) fn htlcs(language: Language, count: usize) -> String {
    say!(language, "HTLCs: {count}", "HTLC：{count}")
}

pub(crate) fn sets(language: Language, count: usize) -> String {
    say!(language, "AMP payments: {count}", "AMP 付款：{count}")
}

pub(crate) fn bucket(language: Language, buckets: &str, values: &str, sequence: u64) -> String {
    say!(
        language,
        "buckets {buckets}, values {values}, sequence {sequence}",
        "bucket {buckets}，值 {values}，序号 {sequence}"
    )
}

pub(crate) fn unreadable(language: Language, count: &str) -> String {
    say!(language, "{count} stretches cannot be read", "{count} 段无法读取")
}

pub(crate) fn saved(language: Language, values: &str, bytes: &str) -> String {
    say!(language, "{values} values, {bytes} bytes", "{values} 个值，{bytes} 字节")
}

pub(crate) fn redacted(language: Language, rules: &str) -> String {
    say!(
        language,
        "redacted by the rules “{rules}”: preimages, payment addresses, memos, payment requests and \
         unknown values are blank, hashes and keys are renamed, amounts are rounded",
        "按规则“{rules}”脱敏：原像、付款地址、备注、付款请求和未知的值已清空，哈希和键已改名，金额已取整"
    )
}
