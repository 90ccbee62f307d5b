//! Labels of what is shown of LND's stores.

use fulgurite_core::words::Text;

labels! {
    FILE "file {n:n}" "文件 {n:n}";
    EXPORT_NOTE "Hashes, payment addresses, preimages, memos and payment requests are left out or renamed."
        "哈希、付款地址、原像、备注和付款请求均已省略或改名。";
    // The state board.
    WHERE "Where you are" "当前状态";
    BESIDES "Besides" "此外";
    FOLLOWS_FROM "It follows from" "依据";
    BOARD "What LND would do" "LND 会怎么做";
    WAY "The way forward" "下一步怎么走";
    STORES "What the stores hold" "各存储的内容";
    FILES_READ "Read together" "一并读取的文件";
    OUTCOME "what happens" "结果";
    SURE " ({sure})" "（{sure}）";
    LOGGED "it logs before: " "之前的日志：";
    NOT_CERTAIN "not seen happening, only read in LND's code: " "未实际验证，仅据 LND 源码：";
    RUNS "LND runs" "LND 能运行";
    MIGRATES "LND migrates" "LND 会迁移";
    STOPS "LND does not run" "LND 不能运行";
    UNKNOWN "cannot be told" "无法判断";
    RELEASES "releases" "版本";
    BACKEND "db.backend" "db.backend";
    NATIVE "use-native-sql" "use-native-sql";
    SKIP "skip-native-sql-migration" "skip-native-sql-migration";
    ON "on" "开";
    OFF "off" "关";
    EITHER "on or off" "开或关";
    // Revealing.
    REVEAL "Reveal" "显示隐藏内容";
    HIDDEN "Hashes, addresses, texts, keys and bytes are hidden; amounts are rounded." "哈希、地址、文字、键和字节已隐藏，金额已取整。";
    REVEALED "Everything is shown as it is: keep the screen to yourself. Reports stay redacted." "一切按原样显示，请勿让他人看到屏幕。报告仍然脱敏。";
    BUSY "reading, {share}" "正在读取，{share}";
    // Differences.
    DIFFERENCES "Differences" "差异";
    COMPARING "Comparing both sides…" "正在比对两边…";
    ONE_SIDE "{files}: {what}. Databases are opened together; a list by lncli can be added by opening it now."
        "{files}：{what}。数据库要一起打开；lncli 的列表可以现在打开来补上。";
    WITH_LIST "with the list {file}" "并使用列表 {file}";
    INVOICE "invoice" "发票";
    MEANING "what it is" "含义";
    FIELD "what differs" "不同之处";
    OLDER "on the older side" "较旧一边";
    NEWER "on the newer side" "较新一边";
    COST "what it costs" "影响";
    EVERY "{what}: all" "{what}：全部";
    NONE_DIFFERS "There is no difference to list." "没有可列出的差异。";
    SAVE_JSON "Download this as JSON" "下载为 JSON";
    MORE_OF_ROW "Choose a row to read what it means." "选中一行可查看说明。";
    // The rehearsal.
    REHEARSAL "Rehearsal" "演练";
    REHEARSING "Rehearsing the migration…" "正在演练迁移…";
    NO_KV "{files}: {what}." "{files}：{what}。";
    BY_RELEASE "Migrated by" "迁移所用版本";
    ON_ENGINE "Onto" "迁移到";
    ENGINE_AS_IS "SQLite, or Postgres for a dump of it" "SQLite；Postgres 转储则为 Postgres";
    RULE "over what" "原因";
    WHAT "the migration" "迁移会";
    NONE_OFFENDS "No invoice stands in the way." "没有发票妨碍迁移。";
    // Invoices.
    INVOICES "Invoices" "发票";
    LISTING "Reading the invoices…" "正在读取发票…";
    NO_INVOICES "No store of LND's invoices was found on that side." "那一边没有 LND 的发票存储。";
    SIDE "Which store" "哪个存储";
    SIDE_IN_FORCE "the store that LND would use" "LND 会使用的存储";
    LISTED "{side} ({store}), {total:n invoice|invoices}" "{side}（{store}），{total:n} 张发票";
    LISTED_IN_FORCE "{side} ({store}), {total:n invoice|invoices}: the store that LND would use" "{side}（{store}），{total:n} 张发票：LND 会使用的存储";
    LISTED_NOT_IN_FORCE "{side} ({store}), {total:n invoice|invoices}: not the store that LND would use" "{side}（{store}），{total:n} 张发票：不是 LND 会使用的存储";
    NUMBER "number" "编号";
    CREATED "created (UTC)" "创建时间（UTC）";
    SETTLED "settled (UTC)" "结算时间（UTC）";
    ASKED "asked (msat)" "应付（msat）";
    PAID "paid (msat)" "已付（msat）";
    ADD "add" "添加";
    SETTLE "settle" "结算";
    HASH "payment hash" "付款哈希";
    NOTES "notes" "备注";
    UNLISTED "no index leads to it" "没有索引指向它";
    CUT "cannot be read further" "后面无法读取";
    HTLCS "HTLCs: {n}" "HTLC：{n}";
    SETS "AMP payments: {n}" "AMP 付款：{n}";
    PREIMAGE "preimage {hex}" "原像 {hex}";
    ADDRESS "payment address {hex}" "付款地址 {hex}";
    // Buckets.
    BUCKETS "Buckets" "bucket";
    TREE "Which tree" "哪棵树";
    NO_TREES "None of these files holds buckets." "这些文件里都没有 bucket。";
    NO_BUCKET "This bucket is not there any more." "这个 bucket 已不在。";
    EMPTY "empty" "空";
    UNREADABLE "cannot be read" "无法读取";
    LENGTH "{n:n byte|bytes}" "{n:n} 字节";
    COUNTS "buckets {buckets:n}, values {values:n}, sequence {sequence}[unreadable|, {unreadable:n stretch|stretches} that cannot be read]"
        "bucket {buckets:n}，值 {values:n}，序号 {sequence}[unreadable|，{unreadable:n} 段无法读取]";
    MORE_KEYS "More keys" "更多键";
    // The dump.
    DUMP "Download the redacted bucket dump" "下载脱敏的 bucket 转储";
    DUMP_WHAT "What you can send instead of the store: preimages, payment addresses, memos, payment requests and unknown values are blank, hashes and keys are renamed, amounts are rounded. Fulgurite opens it."
        "可以代替数据库发送给别人：原像、付款地址、备注、付款请求和未知的值已清空，哈希和键已改名，金额已取整。Fulgurite 可以打开。";
    DUMPING "writing the dump…" "正在写出转储…";
    DUMPED "{values:n value|values}, {bytes:n byte|bytes}, by the rules “{rules}”; buckets: {written}[left_out|; left out: {left_out}]"
        "{values:n} 个值，{bytes:n} 字节，规则“{rules}”；bucket：{written}[left_out|；未写入：{left_out}]";
    NO_DUMP "There is nothing to dump: {why}" "无法写出转储：{why}";
    // Pages.
    PAGES_TAB "Pages" "页";
    PAGE_MAP "Map of the pages" "页地图";
    PAGES "pages" "页数";
    KIND "what they are" "类型";
    BELONGS_TO "of" "所属";
    NO_PAGES "None of these files has pages." "这些文件都没有页结构。";
    PAGE_IS "page {page}: {kind}[owner|, {owner}]" "第 {page} 页：{kind}[owner|，{owner}]";
    // Bytes.
    BYTES_HIDDEN "These bytes may hold preimages, keys and texts. They are shown when you press Reveal."
        "这些字节可能含有原像、密钥和文字。按“显示隐藏内容”后才会显示。";
    BYTES_NONE "This file ends before that offset." "文件在此偏移之前就结束了。";
    IN_FILE "In which file" "在哪个文件";
    EARLIER "earlier" "前面";
    LATER "later" "后面";
}

/// What a page of that kind is, by its stable name.
pub fn page_kind(name: &str) -> Text {
    let text = |en, zh| Text { en, zh };
    match name {
        "meta" => text("meta page", "meta 页"),
        "header" => text("header", "文件头"),
        "freelist" => text("freelist", "空闲页列表"),
        "branch" => text("branch", "分支页"),
        "leaf" => text("leaf: keys and values", "叶页：键和值"),
        "table_leaf" => text("table: rows", "表：数据行"),
        "table_interior" => text("table: interior", "表：内部页"),
        "index_leaf" => text("index: entries", "索引：条目"),
        "index_interior" => text("index: interior", "索引：内部页"),
        "overflow" => text("overflow", "溢出页"),
        "free" => text("free", "空闲"),
        "unreachable" => text("in use by nothing and not free", "无人使用又未标为空闲"),
        "damaged" => text("damaged", "损坏"),
        "missing" => text("missing: the file ends before it", "缺失：文件在它之前就结束了"),
        "tail" => text("room at the end", "末尾的余量"),
        "unused" => text("unused", "未使用"),
        "pointer_map" => text("pointer map", "指针表"),
        "lock_byte" => text("lock byte", "锁字节页"),
        "lost" => text("lost: rows that nothing leads to", "丢失：有数据但没有指向它的页"),
        _ => text("page", "页"),
    }
}
