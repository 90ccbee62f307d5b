//! Words for dumps: of Postgres, of key-value tables in SQL, and our own bucket dumps.

use super::{Entry, Text};

pub(super) const PACKED: Entry = entry! {
    en: "A Postgres dump that must be converted first",
        "This dump of Postgres is not plain text ({dump_format}). pg_restore, which comes with \
         Postgres, converts it without a server; then it can be checked.";
    zh: "需要先转换的 Postgres 转储",
        "这个 Postgres 转储不是纯文本（{dump_format}）。Postgres 自带的 pg_restore 不需要服务器就能转换，\
         转换之后即可检查。";
};

pub(super) const CUT_SHORT: Entry = entry! {
    en: "The Postgres dump is cut short",
        "The dump ends too early, from offset {start} on: {cut_part}. What would follow is missing, and \
         with it whatever the database held there. The usual causes are a full disk, a pg_dump that \
         was interrupted, or a copy that was not waited for.";
    zh: "Postgres 转储不完整",
        "转储从偏移 {start} 起提前结束：{cut_part}。后面的内容缺失，数据库中相应的数据也就不在其中。常见\
         原因是磁盘已满、pg_dump 被中断，或者复制没有完成。";
};

pub(super) const BAD_ROW: Entry = entry! {
    en: "A row of the Postgres dump cannot be read",
        "The row at offset {start} is not as pg_dump writes rows: {row_fault}. It is left out, or the \
         one value of it is; the others are read.";
    zh: "Postgres 转储中有一行无法读取",
        "偏移 {start} 处的行不是 pg_dump 会写出的样子：{row_fault}。这一行（或其中的那个值）被略过，其余的\
         照常读取。";
};

pub(super) const UNREAD: Entry = entry! {
    en: "A stretch of the Postgres dump was not read",
        "The bytes from offset {start} to {end} make no sense: {unread}. Rows that stood there are not in \
         the result.";
    zh: "Postgres 转储中有一段没有读取",
        "偏移 {start} 到 {end} 之间的内容无法理解：{unread}。其中若有数据行，都不在结果里。";
};

pub(super) const NO_COLUMNS: Entry = entry! {
    en: "The Postgres dump does not name the columns of a table",
        "The rows from offset {start} on were dumped without the structure (--data-only with --inserts), \
         so that nothing says which value is which. They cannot be judged.";
    zh: "Postgres 转储没有写出某个表的列名",
        "偏移 {start} 起的行在转储时没有带上表结构（--data-only 加 --inserts），无从知道各个值属于哪一列，\
         因此无法判断。";
};

pub(super) const LIMIT_REACHED: Entry = entry! {
    en: "A limit was reached, the rest of the dump was not looked at",
        "The dump holds more than the limit allows ({what}: {limit:n}). No database of LND comes near it.";
    zh: "达到上限，转储的其余部分没有查看",
        "转储的内容超出了上限（{what}：{limit:n}）。LND 的数据库远远达不到这个数量。";
};

pub(super) const TREE_BROKEN: Entry = entry! {
    en: "The key-value table is not a sound tree",
        "LND keeps its buckets as rows that name their parent. The row with id {row_id}, at offset \
         {start}, does not fit in: {tree_fault}. What hangs below it cannot be reached, neither by lnd \
         nor here. Postgres and SQLite prevent that unless foreign keys were off, rows were edited by \
         hand, or the file is damaged.";
    zh: "键值表不是完整的树",
        "LND 把桶存成一行行记录，每行写明上级。偏移 {start} 处 id 为 {row_id} 的行对不上：{tree_fault}。\
         它下面的内容无论 lnd 还是这里都访问不到。Postgres 和 SQLite 本会阻止这种情况，除非关闭了外键约束、\
         有人手工改过数据，或者文件已损坏。";
};

pub(super) const BUCKETS_CUT_SHORT: Entry = entry! {
    en: "The bucket dump is cut short",
        "The last line, which closes a bucket dump, is missing. {lines:n line|lines} could be read; how \
         many there were is not known.";
    zh: "桶转储不完整",
        "桶转储的最后一行应是结束行，这里没有。读到了 {lines:n} 行，原有多少行无从知道。";
};

pub(super) const BAD_LINE: Entry = entry! {
    en: "A line of the bucket dump cannot be read",
        "The line at offset {start} is not as the format wants it: {line_fault}. It is left out.";
    zh: "桶转储中有一行无法读取",
        "偏移 {start} 处的行不符合格式：{line_fault}。这一行被略过。";
};

pub(super) const CHANGED: Entry = entry! {
    en: "The bucket dump was changed after it was written",
        "The last line says what stands before it, and that is not so: {differs}. Something on the way \
         changed the file, or somebody did.";
    zh: "桶转储写出之后被改动过",
        "最后一行记录了前面内容的概况，但与实际不符：{differs}。文件在传输途中被改动，或有人修改过。";
};

pub(super) const VERSION: Entry = entry! {
    en: "A bucket dump of another version",
        "The first line says {dump_format}, which this program does not know. It was read as far as it \
         could be understood.";
    zh: "其他版本的桶转储",
        "第一行写明格式是 {dump_format}，本程序不认识。已尽量读取能理解的部分。";
};

pub(super) const REDACTED: Entry = entry! {
    en: "A redacted bucket dump",
        "Secrets and names in this dump were replaced (rules: {redaction}). Equal ones are still equal, \
         so that the indexes can be judged; what they were can be read only in the original.";
    zh: "脱敏的桶转储",
        "这份转储中的秘密和标识已被替换（规则：{redaction}）。相同的仍然相同，因此可以检查各个索引；原来的\
         内容只有原始文件里才有。";
};

/// The stable words in the values of these findings.
pub(super) fn word(name: &str, word: &str) -> Option<Text> {
    Some(match (name, word) {
        ("dump_format", "custom") => {
            text!("custom or directory format", "custom 或 directory 格式")
        }
        ("dump_format", "tar") => text!("tar format", "tar 格式"),
        ("dump_format", "utf16") => text!("text in UTF-16", "UTF-16 文本"),
        ("cut_part", "rows") => text!("in the middle of a table's rows", "在某个表的数据行中间"),
        ("cut_part", "statement") => text!("in the middle of a statement", "在一条语句中间"),
        ("cut_part", "end") => text!("the closing line is missing", "缺少结尾的标记行"),
        ("row_fault", "fields") => {
            text!("it has more or fewer values than columns", "值的个数与列数不符")
        }
        ("row_fault", "value") => {
            text!("a value does not fit its column", "有一个值与列的类型不符")
        }
        ("row_fault", "form") => text!("quotes or commas are missing", "缺少引号或逗号"),
        ("row_fault", "too_long") => text!("it is longer than 64 MiB", "长度超过 64 MiB"),
        ("row_fault", "no_end") => {
            text!("the line that ends the rows is missing", "缺少结束数据行的标记")
        }
        ("unread", "stray_rows") => {
            text!(
                "rows without the COPY that says whose they are",
                "有数据行，却没有说明属于哪个表的 COPY"
            )
        }
        ("unread", "open_statement") => {
            text!("a quote or a statement without its end", "引号或语句没有结尾")
        }
        ("tree_fault", "parent_missing") => text!("its parent does not exist", "它的上级不存在"),
        ("tree_fault", "parent_not_bucket") => {
            text!("its parent is a value, not a bucket", "它的上级是一个值，不是桶")
        }
        ("tree_fault", "cycle") => text!("it is its own ancestor", "它是自己的上级"),
        ("tree_fault", "duplicate_key") => {
            text!("its bucket has that key already", "同一个桶里已有这个键")
        }
        ("tree_fault", "duplicate_id") => {
            text!("another bucket has that id already", "已有另一个桶使用这个 id")
        }
        ("tree_fault", "value_at_top") => {
            text!("it is a value outside of any bucket", "它是不属于任何桶的值")
        }
        ("tree_fault", "unreadable_row") => text!("it cannot be read", "这一行无法读取"),
        ("tree_fault", "unreadable_stretch") => {
            text!("rows of the table cannot be read", "表中有些行无法读取")
        }
        ("line_fault", "json") => text!("it is no JSON object", "不是 JSON 对象"),
        ("line_fault", "field") => text!("a field is missing or wrong", "缺少字段或字段有误"),
        ("line_fault", "bucket") => {
            text!("it names a bucket that no line before it opens", "所指的桶在前面没有出现过")
        }
        ("line_fault", "number") => {
            text!(
                "it opens a bucket whose number is taken or out of turn",
                "桶的编号重复或次序不对"
            )
        }
        ("line_fault", "too_long") => text!("it is too long", "行过长"),
        ("line_fault", "behind_end") => text!("it stands behind the last line", "出现在结束行之后"),
        ("line_fault", "header") => text!("the first line is no header", "第一行不是文件头"),
        ("differs", "digest") => text!("the SHA-256 of the lines", "各行的 SHA-256"),
        ("differs", "counts") => text!("the number of buckets or entries", "桶或条目的数量"),
        _ => return None,
    })
}
