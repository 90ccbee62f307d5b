//! The words of `fulgurite log`: headings and columns.

use fulgurite_core::log::TiedRecord;
use fulgurite_core::words::{Language, Text};

macro_rules! words {
    ($($name:ident $en:literal $zh:literal;)*) => {
        $(pub(crate) const $name: Text = Text { en: $en, zh: $zh };)*
    };
}

words! {
    LINES "What its lines say" "日志内容";
    FLOOD "“Bad gossip order”: of what kind, and from whom" "“Bad gossip order”：类型与来源";
    RUNS "From start to end (line, time, release)" "从启动到结束（行号、时间、版本）";
    TIMELINE "When" "时间分布";
    EVENTS "The lines (number, time, words)" "原文（行号、时间、内容）";
    ALL "--all shows the others" "加 --all 显示其余";
    ALL_LINES "lines" "行";
    KNOWN "known" "已知";
    UNKNOWN "not known" "未知";
    FRAMING "of whoever passed them on" "由转发程序添加";
    HARMLESS " (harmless)" "（无害）";
    LOCAL "(the machine's own time)" "（本机时间）";
    UTC "UTC" "UTC";
    NOISE "harmless" "无害";
    TROUBLE "trouble" "问题";
    STARTS "starts" "启动";
    STOPPED "stopped" "正常停止";
    CRASHED "crashed" "崩溃";
    SILENT "ended without a word" "没有停止记录";
    OPEN "the log ends" "日志到此为止";
}

pub(crate) fn record(language: Language, record: &TiedRecord) -> String {
    let TiedRecord { start, end, .. } = record;
    let what = record.record_type.as_deref().unwrap_or_default();
    match (record.wound, language) {
        (true, Language::English) => format!("a damaged place of the store, {start} to {end}"),
        (true, Language::SimplifiedChinese) => format!("文件中的损坏处，{start} 至 {end}"),
        (false, Language::English) => format!("record {what} of the store, {start} to {end}"),
        (false, Language::SimplifiedChinese) => format!("文件中的记录 {what}，{start} 至 {end}"),
    }
}
