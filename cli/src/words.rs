//! The command's own words, in English and 简体中文: headings, columns and messages. Whatever is
//! said of a finding comes from the engine's catalogue.

use fulgurite_core::finding::Span;
use fulgurite_core::gossip::report::CompactionRule;
use fulgurite_core::words::{Language, Text};

macro_rules! words {
    ($($name:ident $en:literal $zh:literal;)*) => {
        $(pub(crate) const $name: Text = Text { en: $en, zh: $zh };)*
    };
}

words! {
    // Messages.
    CANCELLED "cancelled" "已取消";
    DIRECTORY "is a directory; name the file gossip_store in it" "是一个目录；请指定其中的 gossip_store 文件";
    NOT_A_FILE "is not a regular file; copy it to one first" "不是普通文件；请先复制成普通文件";
    NOT_A_LOG "is not a log: it is not text. Give a gossip_store or a database to fulgurite check" "不是日志：内容不是文本。gossip_store 或数据库请交给 fulgurite check";
    UTF16_LOG "is text in UTF-16, which is not read; make it UTF-8 first: iconv -f UTF-16 -t UTF-8 LOG > LOG.utf8" "是 UTF-16 文本，无法读取；请先转换成 UTF-8：iconv -f UTF-16 -t UTF-8 LOG > LOG.utf8";
    NO_RECORD "holds no record of a gossip_store: it is none, or nothing of one is left" "其中没有 gossip_store 的记录：不是这种文件，或已一无所剩";
    LIMITED "a limit on memory was reached: the list is not complete" "已达到内存上限：列表不完整";
    EXISTS "is there already: nothing is overwritten; choose another name" "已经存在：不会覆盖任何文件，请换一个名字";
    CHANGED_MEANWHILE "changed while it was read: make a copy, and repair that" "读取期间发生了变化：请先复制一份，再修复那份副本";
    // Headings.
    WRITTEN "written" "已写出";
    PLANNED "planned" "已规划";
    MENDED "Mended" "已修复";
    DROPPED "Not carried over (records)" "未转入（记录数）";
    PLACES "Where" "位置";
    NEW_FILE "The new file" "新文件";
    IN_PLACE "How to put it in place" "如何放回原位";
    TO_WRITE "fulgurite repair FILE -o NEW writes it" "用 fulgurite repair FILE -o NEW 写出";
    BOTH "in both" "两者都有";
    ONLY_FIRST "only in the first" "仅在第一个里";
    ONLY_SECOND "only in the second" "仅在第二个里";
    NEWER_UPDATES "newer channel updates" "较新的通道更新";
    LIVE_RECORDS "live records" "有效记录";
    FINE "fine" "正常";
    NEXT "What to do next" "下一步";
    RELEASES "What lightningd does with it" "lightningd 会如何处理它";
    PLUGINS "plugins" "插件";
    CONNECTD "connectd" "connectd";
    PLUGINS_AND_CONNECTD "plugins and connectd" "插件和 connectd";
    FINDINGS "Findings" "检查结果";
    CONTENT "What the file holds" "文件内容";
    SHOW "fulgurite show FILE OFFSET shows the bytes at an offset" "fulgurite show FILE OFFSET 显示某个偏移处的字节";
    COLON ": " "：";
    SEMICOLON "; " "；";
    // Counts.
    SIZE "size" "大小";
    VERSION "version" "版本";
    RECORDS "records" "记录";
    WOUNDS "damaged places" "损坏处";
    LOST "records lost" "丢失的记录";
    NODES "nodes" "节点";
    CHANNELS "channels" "通道";
    UPDATES "channel updates" "通道更新";
    UPSTREAM "as lightningd counts" "按 lightningd 的计数";
    LIVE_BYTES "in live records" "有效记录占用";
    DEAD_BYTES "in deleted records" "已删除记录占用";
    UNPROTECTED "without a checksum" "不受校验和保护";
    COMPACTION "compaction" "压缩整理";
    SYNC "a syncing peer is sent" "向同步的对等节点发送";
    OLDEST "oldest message" "最早的消息";
    NEWEST "newest message" "最新的消息";
    SIGNATURES "signatures" "签名";
    PRUNE "next prune" "下次清理";
    // Columns.
    OFFSET "offset" "偏移";
    WHOLE_FILE "the whole file" "整个文件";
    LENGTH "length" "长度";
    TYPE "type" "类型";
    TIME "time (UTC)" "时间（UTC）";
    FLAGS "flags" "标记";
    SAYS "says" "内容";
    WOUND "wound" "损坏";
    NODE "node" "节点";
    ALIAS "alias" "别名";
    CHANNEL "channel" "通道";
    CAPACITY "capacity (sat)" "容量（聪）";
    HEX "bytes" "字节";
    FIELD "field" "字段";
    VALUE "value" "值";
    CHECKSUM "checksum" "校验和";
    // Cells.
    HIDDEN "hidden" "隐藏";
    UNANNOUNCED "not announced" "未公告";
    REDACTED "a channel of your own that is not announced: hidden without --reveal" "自己的未公告通道：不加 --reveal 不显示";
    PERHAPS_REDACTED "may hold a channel of your own that is not announced: hidden without --reveal" "可能含有自己的未公告通道：不加 --reveal 不显示";
    ONE_RECORD "one record, its checksum wrong" "一条记录，校验和不符";
    CUT_OFF "up to the end of the file" "直到文件末尾";
    DISABLED "disabled" "已停用";
    HOLDS "it holds" "相符";
    BROKEN "it does not hold" "不符";
}

/// The columns of the table of types.
pub(crate) const TYPE_COLUMNS: [Text; 6] = [
    Text { en: "type", zh: "类型" },
    Text { en: "live", zh: "有效" },
    Text { en: "deleted", zh: "已删除" },
    Text { en: "bad checksum", zh: "校验和不符" },
    Text { en: "bytes live", zh: "有效字节" },
    Text { en: "bytes deleted", zh: "已删除字节" },
];

/// `v25.12 … v25.12.1`, or the one where there is but one.
pub(crate) fn span_of_releases(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("{first} … {last}") }
}

/// A sentence in either language.
macro_rules! say {
    ($language:expr, $en:literal, $zh:literal) => {
        match $language {
            Language::English => format!($en),
            Language::SimplifiedChinese => format!($zh),
        }
    };
}

pub(crate) mod backup;
pub(crate) mod lnd;
pub(crate) mod log;
pub(crate) mod watch;

pub(crate) fn unpacked(language: Language, kind: &str, len: u64, member: Option<String>) -> String {
    match member {
        Some(name) => say!(
            language,
            "unpacked from {kind}, {len} bytes, member “{name}”; what follows is about those",
            "已从 {kind} 解出成员“{name}”，{len} 字节；以下针对解出的内容"
        ),
        None => say!(
            language,
            "unpacked from {kind}, {len} bytes; what follows is about those",
            "已从 {kind} 解出 {len} 字节；以下针对解出的内容"
        ),
    }
}

pub(crate) fn cannot_unpack(language: Language, kind: &str, why: &str) -> String {
    say!(language, "cannot be unpacked as {kind}: {why}", "无法按 {kind} 解压：{why}")
}

pub(crate) fn unpacks_to_too_much(language: Language, limit: u64, chosen: bool) -> String {
    if chosen {
        return say!(
            language,
            "unpacks to more than {limit} bytes, which --max-unpacked does not allow",
            "解压后超过 {limit} 字节，--max-unpacked 不允许"
        );
    }
    say!(
        language,
        "unpacks to more than {limit} bytes, over 1,000 times its size: unpack it yourself if you \
         trust it",
        "解压后超过 {limit} 字节，是压缩文件的 1,000 倍以上：如果可信，请自行解压"
    )
}

pub(crate) fn span(language: Language, span: Span, len: &str) -> String {
    let Span { start, end } = span;
    match (span.is_empty(), language) {
        (true, Language::English) => format!("at offset {start}"),
        (true, Language::SimplifiedChinese) => format!("偏移 {start}"),
        (false, Language::English) => format!("offset {start} to {end}, {len} bytes"),
        (false, Language::SimplifiedChinese) => format!("偏移 {start} 至 {end}，{len} 字节"),
    }
}

pub(crate) fn nothing_to_repair(language: Language, headline: &str) -> String {
    say!(
        language,
        "there is no record to keep in it ({headline})",
        "其中没有可以保留的记录（{headline}）"
    )
}

pub(crate) fn read_back_wrong(language: Language, what: &str) -> String {
    say!(
        language,
        "what was read back is not what was planned ({what}): nothing was kept; please tell the developers",
        "读回的内容与计划不符（{what}）：没有留下任何文件；请告知开发者"
    )
}

pub(crate) fn bit_at(language: Language, byte: u64, bit: u8) -> String {
    say!(language, "bit {bit} of the byte at {byte}", "偏移 {byte} 处字节的第 {bit} 位")
}

pub(crate) fn mended_by(language: Language, mend: &str, proof: &str) -> String {
    say!(language, "{mend} ({proof})", "{mend}（{proof}）")
}

/// A file that changed while it was read.
pub(crate) fn not_still(language: Language, path: &std::path::Path) -> String {
    let text = fulgurite_core::words::entry(fulgurite_core::finding::Code::NotStill).title;
    format!("{}: {}", crate::exit::shown(path), text.get(language))
}

pub(crate) fn more(language: Language, count: &str, kept: bool) -> String {
    if kept {
        return say!(language, "{count} more: --all shows them", "另有 {count} 处：加 --all 显示");
    }
    say!(language, "{count} more, only counted", "另有 {count} 处，只计数")
}

pub(crate) fn bytes(language: Language, count: &str) -> String {
    say!(language, "{count} bytes", "{count} 字节")
}

pub(crate) fn version(
    language: Language,
    byte: u8,
    read_as: u8,
    written_by: &str,
    read_by: &str,
) -> String {
    let (written_by, read_by) = (or_none(language, written_by), or_none(language, read_by));
    if byte == read_as {
        return say!(
            language,
            "{byte} (written by {written_by}; read by {read_by})",
            "{byte}（写入：{written_by}；可读取：{read_by}）"
        );
    }
    say!(
        language,
        "{byte}, read as {read_as} (written by {written_by}; read by {read_by})",
        "{byte}，按 {read_as} 读取（写入：{written_by}；可读取：{read_by}）"
    )
}

fn or_none(language: Language, releases: &str) -> &str {
    match (releases, language) {
        ("", Language::English) => "no release",
        ("", Language::SimplifiedChinese) => "没有任何正式版本",
        _ => releases,
    }
}

pub(crate) fn marked_deleted(language: Language, count: &str) -> String {
    say!(language, ", {count} of them deleted", "，其中 {count} 条已删除")
}

pub(crate) fn wounds(language: Language, count: &str, bytes: &str) -> String {
    say!(language, "{count}, together {bytes} bytes", "{count} 处，共 {bytes} 字节")
}

pub(crate) fn lost(language: Language, lost: &str, uncounted: u64, shown: &str) -> String {
    if uncounted == 0 {
        return lost.to_owned();
    }
    say!(
        language,
        "{lost} known; in {shown} of the damaged places they cannot be counted",
        "已知 {lost} 条；另有 {shown} 处无法统计"
    )
}

pub(crate) fn nodes(language: Language, count: &str, announced: &str) -> String {
    say!(
        language,
        "{count}, {announced} of them announced",
        "{count} 个，其中 {announced} 个有公告"
    )
}

pub(crate) fn channels(language: Language, count: &str, capacity: &str) -> String {
    say!(language, "{count}, together {capacity} sat", "{count} 条，合计 {capacity} 聪")
}

pub(crate) fn updates(language: Language, count: &str, disabled: &str) -> String {
    say!(language, "{count}, {disabled} of them disabled", "{count} 条，其中 {disabled} 条已停用")
}

pub(crate) fn live_and_dead(language: Language, live: &str, dead: &str) -> String {
    say!(language, "{live} live, {dead} dead records", "有效 {live} 条，失效 {dead} 条")
}

pub(crate) fn compaction(language: Language, rule: CompactionRule, met: bool) -> String {
    let text = match rule {
        CompactionRule::WhileRunning => Text {
            en: "the releases that write this version compact while running",
            zh: "写入该版本的 lightningd 在运行中压缩整理",
        },
        CompactionRule::EveryStart => Text {
            en: "the releases that write this version compact at every start",
            zh: "写入该版本的 lightningd 每次启动都会压缩整理",
        },
        CompactionRule::BySize if met => Text {
            en: "due: over 10,000,000 bytes, and four times as many dead records as live ones",
            zh: "应当压缩：超过 10,000,000 字节，且失效记录达到有效记录的四倍",
        },
        CompactionRule::BySize => Text {
            en: "not due: that takes 10,000,000 bytes, and four times as many dead records as live ones",
            zh: "无需压缩：须超过 10,000,000 字节，且失效记录达到有效记录的四倍",
        },
    };
    text.get(language).to_owned()
}

pub(crate) fn signatures(language: Language, valid: &str, records: &str, count: &str) -> String {
    say!(
        language,
        "{valid} of {records} live messages hold ({count} signatures verified)",
        "{records} 条有效消息中 {valid} 条成立（共验证 {count} 个签名）"
    )
}

pub(crate) fn bad_signatures(language: Language, count: &str) -> String {
    say!(language, "; {count} do not hold", "；{count} 条不成立")
}

pub(crate) fn zero_signatures(language: Language, count: &str) -> String {
    say!(language, "; {count} are all zero", "；{count} 条全部是零")
}

pub(crate) fn unverifiable(language: Language, count: &str) -> String {
    say!(language, "; {count} cannot be verified", "；{count} 条无法验证")
}

pub(crate) fn sync(language: Language, messages: &str, bytes: &str) -> String {
    say!(
        language,
        "{messages} messages, {bytes} bytes on the wire",
        "{messages} 条消息，线上 {bytes} 字节"
    )
}

pub(crate) fn prune(language: Language, stay: &str, all: &str, now: &str, chosen: bool) -> String {
    if chosen {
        return say!(
            language,
            "{stay} of {all} channels stay, if now is {now}",
            "{all} 条通道中留下 {stay} 条，以 {now} 为现在"
        );
    }
    say!(
        language,
        "{stay} of {all} channels stay, if now is the time of the newest message",
        "{all} 条通道中留下 {stay} 条，以最新消息的时间为现在"
    )
}

pub(crate) fn beyond(language: Language, offset: u64, len: u64) -> String {
    say!(
        language,
        "offset {offset} lies beyond the end of the file, which has {len} bytes",
        "偏移 {offset} 超出了文件末尾，文件共 {len} 字节"
    )
}

pub(crate) fn shown_piece(language: Language, wound: bool, span: &str, name: &str) -> String {
    if wound {
        return say!(language, "wound: {span} · {name}", "损坏处：{span} · {name}");
    }
    say!(language, "record: {span} · {name}", "记录：{span} · {name}")
}

pub(crate) fn checksum(language: Language, stored: &str, computed: &str, seed: u32) -> String {
    say!(
        language,
        "stored {stored}, computed {computed}, seeded with the timestamp {seed}",
        "存储值 {stored}，计算值 {computed}，以时间戳 {seed} 为种子"
    )
}

pub(crate) fn not_shown(language: Language, count: u64) -> String {
    say!(language, "{count} more bytes", "另有 {count} 字节")
}

pub(crate) fn zeros(language: Language, start: u64, len: u64) -> String {
    say!(language, "{len} zeros from offset {start}", "自偏移 {start} 起有 {len} 个零")
}
