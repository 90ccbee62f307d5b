//! The page's own words, in English and 简体中文: headings, buttons, messages. Whatever is said of
//! a finding comes from the engine's catalogue, [`fulgurite_core::words`].
//!
//! A label is a constant of both languages, and one that is empty in either fails the build. Those
//! with `{…}` are templates as in the engine's catalogue; [`fill`] fills them.

use fulgurite_core::finding::Values;
use fulgurite_core::words::{self, Language, Text};

/// A template filled from values.
pub fn fill(template: Text, language: Language, values: &Values) -> String {
    words::render(template.get(language), values, language)
}

macro_rules! labels {
    ($($name:ident $en:literal $zh:literal;)*) => {$(
        #[doc = $en]
        pub const $name: Text = Text { en: $en, zh: $zh };
        const _: () = assert!(
            !$en.is_empty() && !$zh.is_empty(),
            concat!("the label ", stringify!($name), " is missing in a language"),
        );
    )*};
}
pub(crate) use labels;

pub mod fields;
pub mod figures;
pub mod lnd;
pub mod log;
pub mod repair;

labels! {
    // Exported reports.
    REPORT "Fulgurite report" "Fulgurite 报告";
    MADE_BY "Made by Fulgurite from the file itself, on the machine that it lies on. {schema}."
        "由 Fulgurite 在文件所在的机器上直接读取生成。{schema}。";
    // The empty page.
    TAGLINE "What happened to your gossip_store or to LND's databases, what is left of them, and what to do next."
        "你的 gossip_store 或 LND 数据库发生了什么，还剩下什么，下一步怎么做。";
    DROP_WHAT "Drop a copy of a gossip_store here: any version, damaged or not, several at once, with the log beside it, or a report saved as JSON. Or copies of LND's databases, all together: channel.db, channel.sqlite, lnd.sqlite, each with its -wal, or a dump."
        "把 gossip_store 的副本拖到这里：任何版本，是否损坏都可以，可以一次拖入多个，可以连同日志一起拖入，也可以拖入保存为 JSON 的报告。或者把 LND 的数据库副本一起拖进来：channel.db、channel.sqlite、lnd.sqlite（连同各自的 -wal），或其转储。";
    DROP_STAYS "Nothing leaves this machine. The page only reads; it never changes the file."
        "任何内容都不会离开这台机器。页面只读取文件，绝不改动。";
    DROP_PROOF "How you know: it is one file that works with the network cable out, and its content security policy (connect-src 'none', in its first lines) makes the browser refuse every connection."
        "如何验证：整个工具就是一个文件，拔掉网线也能用；它开头的内容安全策略（connect-src 'none'）会让浏览器拒绝一切网络连接。";
    CHOOSE "Choose a file…" "选择文件…";
    TRY_SAMPLE "Try the damaged sample" "试用损坏的示例";
    SAVE_TOOL "Save this tool" "保存本工具";
    DROP_NOW "Let go to read it" "松开即可读取";
    COPY_FIRST "Stop lightningd or lnd first and work on a copy: cp -p gossip_store gossip_store.copy, or cp -rp data copy-of-data"
        "请先停止 lightningd 或 lnd 并在副本上操作：cp -p gossip_store gossip_store.copy，或 cp -rp data copy-of-data";
    MONEY "Your money is not in a gossip_store: it holds public announcements, and lightningd can fetch them again. LND's channel.db and channel.sqlite do hold the state of channels: never start lnd on an old copy of them."
        "gossip_store 里没有你的资金：里面只有公开的公告，lightningd 可以重新获取。LND 的 channel.db 和 channel.sqlite 则保存着通道状态：绝不要用它们的旧副本启动 lnd。";
    // The frame.
    PAGE_TITLE "Fulgurite: gossip_store and LND inspector" "Fulgurite：gossip_store 与 LND 检查器";
    SKIP "Skip to the verdict" "跳到结论";
    OPEN_MORE "Open…" "打开…";
    EXPORT "Export" "导出";
    EXPORT_HTML "Report as a page (HTML)" "网页报告（HTML）";
    EXPORT_MARKDOWN "For an issue tracker (Markdown)" "用于问题跟踪（Markdown）";
    EXPORT_JSON "Data (JSON, can be opened here again)" "数据（JSON，可在此重新打开）";
    EXPORT_NOTE "Records of channels that are not announced and node ids named as your own are left out. The rest is public gossip."
        "报告不含未公告通道的记录，也不含标为自己的节点 ID，其余都是公开的 gossip。";
    SAVED "saved: {file}" "已保存：{file}";
    LANGUAGE "Language" "语言";
    FILES "Files" "文件";
    CLOSE_FILE "Close {file}" "关闭 {file}";
    COMPARE "Side by side" "并排比较";
    OFFLINE "offline" "离线";
    OFFLINE_WHY "No connection is allowed: connect-src 'none'" "不允许任何连接：connect-src 'none'";
    KEYS "Keys" "按键";
    // Reading.
    READING "Reading {file}" "正在读取 {file}";
    READ_SO_FAR "{done} of {total}" "{done} / {total}";
    REMAINING "{time} left" "还需 {time}";
    CANCEL "Cancel" "取消";
    CANCELLED "Cancelled. Nothing was kept." "已取消，没有保留任何内容。";
    FAILED "The file could not be read: {why}" "无法读取文件：{why}";
    PERHAPS_A_FOLDER "If it is a folder, open it, and drop the files that are in it, all at once."
        "如果这是文件夹，请打开它，把里面的文件一起拖进来。";
    NOT_A_REPORT "This is JSON, but not a report that this version can open: {why}"
        "这是 JSON，但不是本版本能打开的报告：{why}";
    REFUSED "This is no report that can be opened here." "这不是能在此打开的报告。";
    HIDDEN_CHARACTERS "it holds characters that act or hide, which no report does"
        "其中含有会起作用或不可见的字符，真正的报告里不会有";
    AGAIN "Read it again" "重新读取";
    ENGINE_DIED "The engine stopped: {why}. The file is unchanged; reading it again starts a new one."
        "引擎已停止：{why}。文件没有改动；重新读取会启动新的引擎。";
    REOPENED "A saved report: without the file there are no bytes to look at."
        "这是保存的报告：没有原文件，无法查看字节。";
    // The verdict.
    FINE "fine" "正常";
    NEXT "What to do next" "下一步";
    STEPS_MORE "All {n:n step|steps}" "全部 {n:n} 步";
    STEPS_FEWER "Only the first step" "只看第一步";
    // The map.
    MAP "Map of the file" "文件地图";
    MAP_HELP "Wheel or + − magnifies, 0 shows all, drag or ← → moves, Shift and drag selects, . and , go to the next and previous problem"
        "滚轮或 + − 缩放，0 显示全部，拖动或 ← → 移动，按住 Shift 拖动可选取，. 和 , 跳到下一个、上一个问题";
    MAP_SAYS "{size} from offset {start} to {end}. {problems:n place|places} with a problem."
        "共 {size}，从偏移 {start} 到 {end}。有问题的位置 {problems:n} 处。";
    MAP_TEXT "The map in words" "地图的文字说明";
    MAP_NONE "The map needs the file itself; this is a saved report. The marks are its findings."
        "地图需要原文件；这是保存的报告，图中标记是它的检查结果。";
    ZOOM_IN "Magnify" "放大";
    ZOOM_OUT "Reduce" "缩小";
    ZOOM_ALL "Whole file" "整个文件";
    PREVIOUS "Previous problem" "上一个问题";
    NEXT_PROBLEM "Next problem" "下一个问题";
    NTH_PROBLEM "{n:n} of {all:n}" "第 {n:n} / {all:n} 处";
    PROBLEMS "{all:n problem|problems}" "{all:n} 处问题";
    NO_PROBLEMS "no marked places" "没有标记的位置";
    SELECT "Select a stretch" "选取一段";
    SELECTED "Selected: {span}" "已选取：{span}";
    UNSELECT "Clear the selection" "取消选取";
    AT_OFFSET "at offset {start}" "偏移 {start}";
    OFFSETS "offset {start} to {end}, {bytes:n byte|bytes}" "偏移 {start} 至 {end}，{bytes:n} 字节";
    WHOLE_FILE "the whole file" "整个文件";
    // Findings.
    FINDINGS "Findings" "检查结果";
    NO_FINDINGS "Nothing was found." "没有发现任何问题。";
    NO_MATCH "Nothing passes these filters." "没有符合筛选条件的内容。";
    ALL "all" "全部";
    SEVERITY "Severity" "严重程度";
    CODE "Kind" "种类";
    FILTER_TEXT "Text in findings" "结果中的文字";
    PLACES_MORE "{n:n more place|more places}" "另有 {n:n} 处";
    ONLY_COUNTED "{n:n more, only counted|more, only counted}" "另有 {n:n} 处，只计数";
    VERIFY "Verify signatures" "验证签名";
    VERIFY_WHAT "A checksum shows that a record is as it was written; its signatures show that it is what its nodes signed. On a whole network this takes a minute or more."
        "校验和说明记录与写入时一致；签名说明内容确由相应节点签署。对完整的网络需要一分钟以上。";
    VERIFYING "Verifying signatures" "正在验证签名";
    VERIFY_STOPPED "Cancelled. The report is as it was." "已取消，报告未变。";
    VERIFY_FAILED "The signatures could not be verified: {why}" "无法验证签名：{why}";
    // Tables.
    RECORDS "Records" "记录";
    CHANNELS "Channels" "通道";
    NODES "Nodes" "节点";
    SEARCH_RECORDS "Offset, channel, node id or alias" "偏移、通道、节点 ID 或别名";
    SEARCH_CHANNELS "Channel or node id" "通道或节点 ID";
    SEARCH_NODES "Node id or alias" "节点 ID 或别名";
    SEARCHING "Searching: {share}" "正在搜索：{share}";
    ROWS "{n:n row|rows}" "{n:n} 行";
    ROWS_FOUND "{n:n found|found}" "找到 {n:n} 条";
    ROWS_MORE "the first {n:n found; there are more|found; there are more}" "前 {n:n} 条，后面还有";
    GO_ON "Go on searching" "继续搜索";
    NO_ROWS_HERE "Tables need the file itself; this is a saved report." "表格需要原文件；这是保存的报告。";
    OFFSET "offset" "偏移";
    LENGTH "length" "长度";
    TYPE "type" "类型";
    TIME "time (UTC)" "时间（UTC）";
    STATE "state" "状态";
    SAYS "says" "内容";
    CHANNEL "channel" "通道";
    CAPACITY "capacity (sat)" "容量（聪）";
    NODE_1 "node 1" "节点 1";
    NODE_2 "node 2" "节点 2";
    UPDATES "updates" "更新";
    NODE "node" "节点";
    ALIAS "alias" "别名";
    ADDRESSES "addresses" "地址";
    ANNOUNCED "announced" "公告时间";
    HIDDEN "not shown by lightningd" "lightningd 不显示";
    DISABLED "disabled" "已停用";
    REDACTED "not announced: hidden" "未公告：隐藏";
    // Bytes.
    BYTES "Bytes" "字节";
    BYTES_EMPTY "Choose a finding, a row or a place on the map to see its bytes."
        "选择一条结果、一行或地图上的一处，即可查看字节。";
    VERSION_BYTE "The first byte of the file is its version: {version}." "文件的第一个字节是版本号：{version}。";
    RECORD_HERE "record" "记录";
    WOUND_HERE "wound" "损坏";
    BEFORE "Before" "前一条";
    BEHIND "Next" "后一条";
    CHECKSUM "checksum" "校验和";
    STORED "stored" "存储值";
    COMPUTED "computed" "计算值";
    SEED "seed (timestamp)" "种子（时间戳）";
    HOLDS "it holds" "相符";
    BROKEN "it does not hold" "不符";
    FIELD "field" "字段";
    VALUE "value" "值";
    NOT_SHOWN "{n:n more byte|more bytes} of it" "其余 {n:n} 字节未显示";
    SHOW_MORE "Show {n:n more|more}" "再显示 {n:n} 字节";
    SEARCH_THIS "Records that name it" "查找提到它的记录";
    PRIVATE "This speaks of a channel of your own that is not announced, or may do so. It is hidden, and left out of every report."
        "这里是（或可能是）自己的未公告通道。默认隐藏，也不会写入任何报告。";
    REVEAL "Show it on this screen" "在本机屏幕上显示";
    // Composition.
    COMPOSITION "What the file holds" "文件内容";
    LIVE "live" "有效";
    DELETED "deleted" "已删除";
    BAD_CHECKSUM "bad checksum" "校验和不符";
    BYTES_LIVE "bytes live" "有效字节";
    BYTES_DELETED "bytes deleted" "已删除字节";
    SHARE "share" "占比";
    AGES "Age of channel updates, in days before now; lightningd drops what is older than 14"
        "通道更新距今的天数；超过 14 天的会被 lightningd 清理";
    AGE_DAY "day {day}: {n:n update|updates}" "第 {day} 天：{n:n} 条";
    AGE_OLDER "day {day} and older: {n:n update|updates}" "第 {day} 天及更早：{n:n} 条";
    // Side by side.
    ONLY_COUNTS "What two or more stores hold, figure by figure; what differs is marked ≠."
        "逐项比较两个或多个文件；不同之处标为 ≠。";
    FIGURE "figure" "项目";
    ONLY_HERE "only here" "仅此处有";
    IN_BOTH "channels in both" "两者都有的通道";
    CHANNELS_ONLY "channels only here" "仅此处有的通道";
    NODES_ONLY "nodes only here" "仅此处有的节点";
    NEWER "newer updates" "较新的更新";
    AND_MORE "and {n:n more|more}" "另有 {n:n} 条";
    DIFFERS "differs" "不同";
}

/// What a map's colours stand for, in the order of [`fulgurite_core::gossip::atlas::Ink::ALL`].
pub const INKS: [Text; 6] = [
    Text { en: "channels", zh: "通道" },
    Text { en: "updates", zh: "更新" },
    Text { en: "nodes", zh: "节点" },
    Text { en: "other", zh: "其他" },
    Text { en: "deleted", zh: "已删除" },
    Text { en: "no record", zh: "非记录" },
];

/// What the keys do.
pub const KEY_TABLE: [(&str, Text); 9] = [
    (". ,", Text { en: "next, previous problem", zh: "下一个、上一个问题" }),
    ("+ −  w s", Text { en: "magnify, reduce the map", zh: "放大、缩小地图" }),
    ("← →  a d", Text { en: "move the map", zh: "移动地图" }),
    ("0", Text { en: "show the whole file", zh: "显示整个文件" }),
    (
        "1 2 3 4 5 6",
        Text {
            en: "findings, records, channels, nodes, lightningd, repair",
            zh: "结果、记录、通道、节点、lightningd、修复",
        },
    ),
    ("/", Text { en: "search", zh: "搜索" }),
    ("↑ ↓ PgUp PgDn Home End", Text { en: "move in a table", zh: "在表格中移动" }),
    ("[ ]", Text { en: "record before, record behind", zh: "前一条、后一条记录" }),
    ("?", Text { en: "this list", zh: "本列表" }),
];
