//! Words around a log: its timeline, and the lines that lead to records.

use fulgurite_core::words::Text;

super::labels! {
    TITLE "Log {file}" "日志 {file}";
    WHEN "From {from:t} to {to:t}: {lines:n line|lines}, {harmless:n harmless, though they look bad}, {trouble:n of trouble}, {starts:n start|starts}"
        "{from:t} 至 {to:t}：{lines:n} 行，看似糟糕其实无害 {harmless:n} 行，有问题 {trouble:n} 行，启动 {starts:n} 次";
    LINES "Lines of trouble, and those that name a place in the store" "有问题的行，以及提到文件位置的行";
    LINE "line {line:n}" "第 {line:n} 行";
    LEADS "{said}: shows offset {offset} of the store" "{said}：显示文件偏移 {offset}";
    ELSEWHERE "beyond the end of this store" "超出了这个文件的末尾";
    MORE "{n:n more line|more lines}: fulgurite log lists them" "另有 {n:n} 行：用 fulgurite log 列出";
    ALL_LINES "lines" "行";
    HARMLESS "harmless" "无害";
    TROUBLE "trouble" "问题";
    STARTS "starts" "启动";
}
