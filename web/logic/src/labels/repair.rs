//! Labels of the two views of what comes next: what lightningd does with the file, and its repair.

use fulgurite_core::words::Text;

labels! {
    // What lightningd does.
    LIGHTNINGD "lightningd" "lightningd";
    RELEASES "What lightningd does with it" "lightningd 会如何处理它";
    NO_RELEASES "This report says nothing of releases." "这份报告没有说明各版本的处理方式。";
    RELEASE "release" "版本";
    DOES "what it does when it starts" "启动时的处理";
    PLUGINS "plugins" "插件";
    CONNECTD "connectd" "connectd";
    BOTH_READERS "plugins and connectd" "插件和 connectd";
    COLON ": " "：";
    // The plan of a repair.
    REPAIR "Repair" "修复";
    REPAIR_WHAT "Every good record is kept, what can be proven is mended, and the rest is named with its reason. The result is a new file; the one that was opened stays as it is."
        "所有完好的记录都会保留，能证明的会修复，其余的逐一说明原因。结果是一个新文件，打开的文件不会改动。";
    MERGE_WHAT "The stores are merged into one: the newest message wins, and what a newer store has deleted stays deleted."
        "把这些文件合并成一个：以最新的消息为准，较新的文件里已删除的不会恢复。";
    NEEDS_FILE "A repair needs the file itself; this is a saved report." "修复需要原文件；这是保存的报告。";
    WRITE_VERSION "Version to write" "写成的格式版本";
    SAME_VERSION "that of the file" "与原文件相同";
    VERSION_OF "{version}, written by {written_by}" "{version}，写入：{written_by}";
    VERSION_READ "{version}, read by {read_by}" "{version}，可读取：{read_by}";
    MAKE_PLAN "Plan a repair" "制定修复计划";
    PLANNING "Planning the repair" "正在制定修复计划";
    WRITING "Writing the repaired store" "正在写出修复后的文件";
    CHECKING "Checking the repaired store" "正在检查修复后的文件";
    STOPPED "Cancelled." "已取消。";
    REPAIR_FAILED "There is no repair: {why}" "无法修复：{why}";
    MENDED "Mended (records)" "已修复（记录数）";
    DROPPED "Not carried over (records)" "未转入（记录数）";
    PLACES "What is done where" "各处的处理";
    ALL_ROWS "With what is kept as it stood" "包括原样保留的";
    ACTION "what is done" "处理";
    WHY "why" "原因";
    RECORDS_OF "records" "记录数";
    MENDED_BY "{mend} ({proof})" "{mend}（{proof}）";
    SEMICOLON "; " "；";
    BIT_AT "bit {bit} of the byte at {byte}" "偏移 {byte} 处字节的第 {bit} 位";
    SHOW_ROWS "Show {n:n more row|more rows}" "再显示 {n:n} 行";
    NO_ROWS "Nothing is mended, moved or dropped." "没有修复、移位或舍弃的内容。";
    // The repaired store.
    SAVE_REPAIRED "Download the repaired store" "下载修复后的文件";
    CHECKED "The repaired store, opened and checked again" "修复后的文件（已重新打开并检查）";
    DO_NOT_USE "Do not use this file, and please tell the developers." "请勿使用这个文件，并告知开发者。";
    IN_PLACE "How to put it in place" "如何放回原位";
}
