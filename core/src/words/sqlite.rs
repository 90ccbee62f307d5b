//! Words for SQLite files and their write-ahead logs.
//!
//! What SQLite does with a log: "WAL-mode File Format" and "Write-Ahead Logging" of sqlite.org.

use super::{Entry, Text};

pub(super) const HEADER: Entry = entry! {
    en: "The database's header is damaged",
        "In the first 100 bytes of the database {sqlite_fault}. SQLite refuses such a file or \
         misreads it. It was read here with pages of {read_as_page_size:n byte|bytes}.";
    zh: "数据库文件头损坏",
        "数据库开头的 100 字节里，{sqlite_fault}。SQLite 会拒绝这样的文件，或者读错。这里按 \
         {read_as_page_size:n} 字节的页大小读取。";
};

pub(super) const TRUNCATED: Entry = entry! {
    en: "The database is cut short",
        "The file should have {pages_told:n page|pages} ({need:n byte|bytes}) and has \
         {have:n byte|bytes}: {pages_missing:n page is|pages are} missing or cut. A copy that was \
         broken off, a full disk or a damaged file system leave such files.";
    zh: "数据库被截短",
        "文件应有 {pages_told:n} 页（{need:n} 字节），实际只有 {have:n} 字节：缺少或截断了 \
         {pages_missing:n} 页。复制中断、磁盘写满或文件系统损坏都会留下这样的文件。";
};

pub(super) const TRAILING: Entry = entry! {
    en: "Bytes behind the end of the database",
        "The database has {pages_told:n page|pages}; from offset {start} on the file holds \
         {bytes:n byte|bytes} that SQLite does not look at. They may be left over from a larger \
         state, or the header's number of pages is old.";
    zh: "数据库末尾之后还有字节",
        "数据库共有 {pages_told:n} 页；从偏移 {start} 起还有 {bytes:n} 字节，SQLite 不会读取。可能是数据库以前\
         较大时留下的，也可能是文件头里的页数过时了。";
};

pub(super) const STALE_COPY: Entry = entry! {
    en: "Without its -wal this copy may be stale",
        "The database is in WAL mode: what was written last stands in a second file with the same \
         name and -wal behind it until SQLite merges it. A node that was stopped in order leaves no \
         -wal, and then nothing is missing. If it was running or crashed, this file alone is an \
         older state.";
    zh: "没有 -wal，这份副本可能是旧的",
        "数据库处于 WAL 模式：最近写入的内容先放在同名加 -wal 的第二个文件里，之后才由 SQLite 合并。正常停止的\
         节点不会留下 -wal，那就什么也不缺；如果节点当时在运行或已崩溃，单独这个文件就是较旧的状态。";
};

pub(super) const WAL_FOREIGN: Entry = entry! {
    en: "The -wal does not belong to this database",
        "The two do not fit: {sqlite_fault}. Database and -wal are a pair from one moment; mixed \
         up, SQLite may build a broken database from them.";
    zh: "这个 -wal 不属于这个数据库",
        "两者不匹配：{sqlite_fault}。数据库和 -wal 是同一时刻的一对文件；混用时，SQLite 可能拼出损坏的数据库。";
};

pub(super) const WAL_TAIL: Entry = entry! {
    en: "The -wal ends with changes that were never finished",
        "Behind {commits:n finished transaction|finished transactions} the -wal holds \
         {frames:n changed page|changed pages} of one that was not finished when the copy was made \
         or the node stopped. SQLite leaves such changes out, and so does this report.";
    zh: "-wal 末尾有未完成的改动",
        "在 {commits:n} 个已完成的事务之后，-wal 里还有 {frames:n} 页属于一个在复制或停机时尚未完成的事务。\
         SQLite 不会采用这些改动，这份报告也不会。";
};

pub(super) const WAL_BROKEN: Entry = entry! {
    en: "The -wal is damaged: finished transactions are cut off",
        "At offset {start} of the -wal a checksum does not hold. {commits:n transaction|transactions} \
         before it count; at least {commits_lost:n} behind it had been finished and will be thrown \
         away by SQLite at the next start. The database then goes back to an older state.";
    zh: "-wal 损坏：已完成的事务被截断",
        "在 -wal 的偏移 {start} 处，校验和不符。之前的 {commits:n} 个事务有效；之后至少还有 {commits_lost:n} \
         个已经完成，SQLite 下次启动时会丢弃它们，数据库就会退回较旧的状态。";
};

pub(super) const SCHEMA: Entry = entry! {
    en: "A table's description cannot be read",
        "What the database says about {object} is not a statement that can be read, so its columns \
         have no names, or its rows are not found. SQLite refuses the whole database then.";
    zh: "表的定义无法读取",
        "数据库里关于 {object} 的定义不是可读的语句，所以列没有名称，或者找不到它的行。这时 SQLite 会拒绝整个\
         数据库。";
};

pub(super) const PAGE: Entry = entry! {
    en: "A damaged page",
        "Page {page_no} is in use, but {sqlite_fault}. Rows on it may be lost or wrong. Such pages \
         come from writes that were torn by an outage, or from a failing disk.";
    zh: "损坏的页",
        "第 {page_no} 页正在使用，但{sqlite_fault}。其中的行可能丢失或有误。断电造成的写入撕裂或磁盘故障会留下\
         这样的页。";
};

pub(super) const ZERO_PAGE: Entry = entry! {
    en: "A page of zeros",
        "Page {page_no} is in use, and all its bytes are zero: what stood there never reached the \
         disk, or was erased. Its rows are gone from this file.";
    zh: "全零的页",
        "第 {page_no} 页正在使用，但全部字节为零：原来的内容没有写到磁盘上，或者被抹掉了。这一页的行已不在\
         文件里。";
};

pub(super) const CELL: Entry = entry! {
    en: "A row or entry cannot be read as it stands",
        "Cell {cell} of page {page_no}: {sqlite_fault}. One row of a table or one entry of an index \
         is hit.";
    zh: "一行或一个索引项无法正常读取",
        "第 {page_no} 页的单元 {cell}：{sqlite_fault}。受影响的是表的一行，或索引的一项。";
};

pub(super) const CHILD: Entry = entry! {
    en: "A page leads to the wrong page",
        "Page {page_no} leads to page {leads_to}, but {sqlite_fault}. What lies beneath is cut off \
         from its table or index; rows that still stand in the file are listed as lost.";
    zh: "页指向了错误的页",
        "第 {page_no} 页指向第 {leads_to} 页，但{sqlite_fault}。下面的内容与所属的表或索引断开了；仍留在文件里的\
         行会列为丢失的行。";
};

pub(super) const USED_TWICE: Entry = entry! {
    en: "One page is used twice",
        "Two places of the database lead to page {page_no}; one of them is wrong. What one of them \
         writes destroys what the other needs.";
    zh: "同一页被用了两次",
        "数据库里有两处指向第 {page_no} 页，其中一处是错的。一方写入就会毁掉另一方的内容。";
};

pub(super) const OVERFLOW: Entry = entry! {
    en: "A long value breaks off",
        "Cell {cell} of page {page_no} goes on over {chain_pages:n page|pages}, but \
         {sqlite_fault}, after {chain_found:n}. The value cannot be read whole.";
    zh: "较长的值中途断开",
        "第 {page_no} 页的单元 {cell} 应延续 {chain_pages:n} 页，但在 {chain_found:n} 页之后{sqlite_fault}。这个值\
         无法完整读出。";
};

pub(super) const ORDER: Entry = entry! {
    en: "A row or entry is out of order",
        "Cell {cell} of page {page_no} is not where its key belongs. SQLite then misses rows that \
         are there, or stores one twice.";
    zh: "行或索引项的顺序错误",
        "第 {page_no} 页的单元 {cell} 不在它的键应在的位置。SQLite 会因此找不到本来存在的行，或把同一行存两次。";
};

pub(super) const VALUE: Entry = entry! {
    en: "A row holds an impossible value",
        "The row in cell {cell} of page {page_no} can be read, but holds a value that its table does \
         not allow, such as nothing where something is required. SQLite cannot have stored it; its \
         bytes were changed later.";
    zh: "行里有不可能的值",
        "第 {page_no} 页单元 {cell} 里的行可以读出，但其中有表不允许的值，例如必填的位置为空。SQLite 不可能存下\
         这样的值，是字节后来被改动了。";
};

pub(super) const INDEX: Entry = entry! {
    en: "An index does not match its table",
        "{index_missing:n row has|rows have} no entry in the index, \
         {index_extra:n entry has|entries have} no row. Whoever searches by this index does not find \
         what is there, or finds what is not.";
    zh: "索引与表不一致",
        "有 {index_missing:n} 行在索引里没有对应项，有 {index_extra:n} 个索引项没有对应的行。按这个索引查找，\
         会找不到存在的内容，或找到不存在的内容。";
};

pub(super) const DUPLICATE_KEY: Entry = entry! {
    en: "A key that may exist once exists twice",
        "Cell {cell} of page {page_no} has the same key as the entry before it, in an index that \
         allows each key once.";
    zh: "唯一的键出现了两次",
        "第 {page_no} 页的单元 {cell} 与前一项的键相同，而这个索引不允许重复。";
};

pub(super) const FREELIST: Entry = entry! {
    en: "The list of free pages is damaged",
        "It cannot be right: {sqlite_fault}. No row is lost by this alone, but the next write may \
         overwrite pages that are in use.";
    zh: "空闲页列表损坏",
        "列表不可能正确：{sqlite_fault}。单凭这一点不会丢失数据，但下一次写入可能覆盖正在使用的页。";
};

pub(super) const POINTER_MAP: Entry = entry! {
    en: "The pointer map is wrong",
        "Page {page_no} says for {map_wrong:n page|pages} something else than the database itself. \
         SQLite uses it only to move pages when the file shrinks; doing so would then do damage.";
    zh: "指针映射有误",
        "第 {page_no} 页对 {map_wrong:n} 页的记录与数据库本身不符。SQLite 只在缩小文件、移动页时用到它；那时就会\
         造成损坏。";
};

pub(super) const LOST_PAGE: Entry = entry! {
    en: "Rows that nothing leads to",
        "Page {page_no} holds {rows_lost:n row|rows}, and no table leads to it any more: the page \
         that did is damaged. SQLite does not see these rows; sqlite3's .recover and this tool do.";
    zh: "没有入口的行",
        "第 {page_no} 页有 {rows_lost:n} 行，但已没有任何表指向它：原来指向它的页损坏了。SQLite 看不到这些行，\
         sqlite3 的 .recover 和本工具可以。";
};

pub(super) const UNUSED_PAGES: Entry = entry! {
    en: "Pages that nothing uses",
        "{unused_pages:n page is|pages are} neither in use nor on the list of free pages. This \
         wastes room; it may also be what is left of something that damage has cut off.";
    zh: "没有用到的页",
        "有 {unused_pages:n} 页既未使用，也不在空闲页列表里。这会浪费空间；也可能是因损坏而断开的内容留下的。";
};

macro_rules! faults {
    ($word:expr, $($name:literal $en:literal $zh:literal;)*) => {
        match $word {
            $($name => Some(text!($en, $zh)),)*
            _ => None,
        }
    };
}

/// What is wrong, as part of a sentence.
pub(super) fn fault(word: &str) -> Option<Text> {
    faults!(word,
        // The header.
        "magic" "the mark of an SQLite file is missing" "缺少 SQLite 文件的标识";
        "versions" "the format's version is unknown" "格式版本未知";
        "reserved" "too much of each page is set aside" "每页保留的字节过多";
        "fractions" "three bytes are not what they always are" "三个固定的字节不对";
        "format" "the schema's format is unknown" "schema 的格式编号未知";
        "encoding" "the text encoding is unknown" "文本编码未知";
        "largest_root" "the highest root page is wrong" "最大的根页号有误";
        // The log.
        "header" "the -wal's header is damaged, so that nothing of it counts"
            "-wal 的文件头损坏，其中的内容全部无效";
        "page_size" "the page size is wrong" "页大小有误";
        "older_than_file" "the -wal is older than the database" "-wal 比数据库旧";
        // Pages.
        "missing" "it is not in the file, or not all of it" "它不在文件里，或不完整";
        "kind" "its first byte is none of such a page" "它的首字节不属于这类页";
        "cell_count" "it claims more cells than fit" "它声称的单元数超过容量";
        "free_space" "its account of free space is impossible" "它的空闲空间记录不可能成立";
        "overlap" "two cells share bytes" "两个单元共用了字节";
        "fragments" "its account of unused bytes does not add up" "它的零散空闲字节数对不上";
        // Cells.
        "pointer" "it would begin where no cell can" "它的起点不在单元区内";
        "extent" "it would end beyond the page" "它的终点超出了本页";
        "record" "its record is not a valid one" "它的记录格式无效";
        // Children and chains.
        "range" "there is no such page" "这一页不存在";
        "beyond" "that is behind the end of the database" "它在数据库末尾之后";
        "depth" "the tree is too deep there" "这里的树过深";
        "level" "that is a leaf on another level than the others" "它与其他叶子不在同一层";
        "short" "the chain ends too early" "链过早结束";
        "long" "the chain goes on behind its end" "链在终点之后仍有延续";
        "used" "the page is used elsewhere" "该页已用于别处";
        "link" "the next page is not one of a chain" "下一页不属于这样的链";
        // The freelist.
        "count" "the header gives another number of free pages" "文件头记录的空闲页数不符";
        "leaves" "a page of the list claims more entries than fit" "列表的一页声称的条目数超过容量";
    )
}
