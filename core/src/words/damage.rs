//! Words for damaged bytes.
//!
//! What releases do with each damage was seen by running them, or read at their tags: v0.7.1 to
//! v23.11.2, v24.02 to v24.11.2, v25.02 to v25.12.1 and v26.04 to v26.06.6 behave alike among
//! themselves (Core Lightning, `gossipd/gossip_store.c`, `common/gossmap.c`).

use super::Entry;

pub(super) const EMPTY_FILE: Entry = entry! {
    en: "The file is empty",
        "There is not even the version byte that every store begins with: the file was created \
         and never written, or lost its content. lightningd from v26.04 on moves such a file aside \
         and begins a new one; v24.02 to v25.12.1 abort at start.";
    zh: "文件为空",
        "文件里连每个 gossip_store 开头必有的版本字节都没有：要么建好后从未写入，要么内容已经丢失。\
         lightningd 自 v26.04 起会把它移到一旁并新建文件；v24.02 至 v25.12.1 启动时会直接中止。";
};

pub(super) const ALL_ZERO: Entry = entry! {
    en: "Every byte is zero",
        "All {len:n} bytes are zero: the file has its size and nothing of its content, as is seen \
         after power cuts. There is nothing in it to save. lightningd takes the first byte for \
         version 0: from v26.04 on it moves the file aside, v24.02 to v25.12.1 abort at start, \
         older releases empty it.";
    zh: "整个文件全是零",
        "{len:n} 个字节全部为零：文件大小还在，内容却一点不剩，断电之后常见这种情形，其中没有可以挽救的\
         数据。lightningd 会把首字节当作版本 0：自 v26.04 起把文件移到一旁，v24.02 至 v25.12.1 启动时\
         中止，更早的版本则把文件清空。";
};

pub(super) const TORN_TAIL: Entry = entry! {
    en: "The file ends in the middle of a record",
        "Of the record at offset {start} only {have:n byte is|bytes are} there (behind a \
         channel_announcement it would be the channel_amount that must follow). That happens when \
         power fails during a write, or when the store of a running node is copied. lightningd \
         from v26.04 on throws the whole store away for it; v24.02 to v25.12.1 keep what stands \
         before a record that is cut short.";
    zh: "文件在一条记录中间中断",
        "偏移 {start} 处的记录只有 {have:n} 个字节（若前面是 channel_announcement，缺的就是必须紧跟其后\
         的 channel_amount）。写入时断电，或者复制了正在运行的节点的文件，都会这样。lightningd 自 v26.04 \
         起会因此丢弃整个文件；v24.02 至 v25.12.1 遇到截断的记录会保留它之前的内容。";
};

pub(super) const UNCOMPLETED_RECORD: Entry = entry! {
    en: "A whole record is not marked as complete",
        "The record and its checksum are whole; only the COMPLETED mark is missing (bit {bit} of \
         the byte at offset {byte}). lightningd from v25.09.1 on writes a record first and its mark \
         second, so a crash in between leaves exactly this at the end of the file; further inside, \
         a flipped bit does. From v26.04 on lightningd throws the whole store away for it.";
    zh: "完整的记录没有“已完成”标记",
        "记录和校验和都完好，只缺 COMPLETED 标记（偏移 {byte} 处字节的第 {bit} 位）。自 v25.09.1 起，\
         lightningd 先写记录、再写标记，在两者之间崩溃，文件末尾就会留下这种状态；若出现在文件中间，则是\
         某个比特翻转了。lightningd 自 v26.04 起会因此丢弃整个文件。";
};

pub(super) const ZERO_RUN: Entry = entry! {
    en: "Zeros stand where records were, or behind them",
        "From offset {zeros_start} on, {zeros_len:n byte is|bytes are} zero. Blocks that did not \
         reach the disk read as zeros after a power cut; on ZFS a write may also not yet be visible \
         to mmap. lightningd from v26.04 on throws the whole store away for it, and plugins see \
         only what stands before the zeros.";
    zh: "记录所在之处或其后成了一片零",
        "从偏移 {zeros_start} 起有 {zeros_len:n} 个字节为零。断电时没有真正写到磁盘的块，读出来就是零；\
         在 ZFS 上，也可能是写入的内容尚未反映到 mmap。lightningd 自 v26.04 起会因此丢弃整个文件，\
         插件则只能看到这片零之前的内容。";
};

pub(super) const BIT_FLIP: Entry = entry! {
    en: "One bit of a record is wrong",
        "The checksum of the record at offset {start} fails, and a single wrong bit explains it; \
         every bit that can be the one is listed. Bits flip in memory, on the way to the disk or \
         on it. Every release since v0.7.1 moves the whole store aside for one failed checksum of \
         a record that is not DELETED.";
    zh: "一条记录中有一个比特出错",
        "偏移 {start} 处记录的校验和不符，而一个出错的比特就足以解释；所有可能的比特都已列出。比特翻转\
         可能发生在内存里、写往磁盘的途中或磁盘上。自 v0.7.1 起，只要一条未标为 \
         DELETED 的记录校验和不符，每个版本都会把整个文件移到一旁。";
};

pub(super) const TWO_BIT_FLIP: Entry = entry! {
    en: "Two bits of a record may be wrong",
        "The checksum of the record at offset {start} fails, and two wrong bits would explain it. \
         This is possible, not proven: of records that are destroyed altogether, about one in 700 \
         looks like this too. Every release since v0.7.1 moves the whole store aside for it, unless \
         the record is DELETED.";
    zh: "一条记录中可能有两个比特出错",
        "偏移 {start} 处记录的校验和不符，两个出错的比特可以解释。这只是可能，并非定论：彻底毁坏的记录里，\
         约每 700 条也有一条看起来像这样。自 v0.7.1 起，除非该记录已标为 DELETED，每个版本都会因此把整个文件移到\
         一旁。";
};

pub(super) const LENGTH_FLIP: Entry = entry! {
    en: "One bit of a record's length is wrong",
        "The header at offset {start} gives {stored_len} bytes; with bit {bit} of the byte at \
         offset {byte} turned it gives {true_len}, and then the checksum holds. A reader that \
         trusts the stored length loses its way here, and lightningd moves the whole store aside.";
    zh: "一条记录的长度字段有一个比特出错",
        "偏移 {start} 处的记录头写着 {stored_len} 字节；把偏移 {byte} 处字节的第 {bit} 位翻回来就是 \
         {true_len} 字节，校验和也随之相符。照着原来的长度往下读就会错位，lightningd 会因此把整个文件移到\
         一旁。";
};

pub(super) const DELETED_FLIP: Entry = entry! {
    en: "A DELETED mark contradicts the other records",
        "The record at offset {start} is marked DELETED (bit {bit} of the byte at offset {byte}), \
         but {because}. Flags stand outside the checksum, so lightningd as a rule notices nothing \
         and just leaves the record out.";
    zh: "DELETED 标记与其他记录矛盾",
        "偏移 {start} 处的记录被标为 DELETED（偏移 {byte} 处字节的第 {bit} 位），但是{because}。标记不在\
         校验和的保护范围之内，所以 lightningd 一般察觉不到，只会把这条记录略过。";
};

pub(super) const OVERWRITTEN_SPAN: Entry = entry! {
    en: "Other bytes stand where records were",
        "The {len:n byte|bytes} from offset {start} to {end} hold no whole record, and the \
         checksums do not say what stood there. lightningd throws the whole store away at the \
         first live record that they spoil; plugins see only what stands before it.";
    zh: "记录所在之处被别的内容覆盖",
        "从偏移 {start} 到 {end} 的 {len:n} 个字节中没有完整的记录，从校验和也推不出原来的内容。\
         lightningd 读到第一条因此损坏的有效记录，就会丢弃整个文件，插件则只能看到此前的内容。";
};

pub(super) const DUPLICATED_SPAN: Entry = entry! {
    en: "A piece of the file stands in it twice",
        "The {copied_len:n byte|bytes} at offset {copied_at} repeat those at offset {copy_of}, as if \
         a block had been written twice. No record is lost by the copy itself, but lightningd \
         from v25.02 on throws the whole store away where the seam cuts a record or a channel is announced twice.";
    zh: "文件中有一段内容出现了两次",
        "偏移 {copied_at} 处的 {copied_len:n} 个字节与偏移 {copy_of} 处相同，像是同一块被写了两次。重复\
         本身不会丢失记录，但接缝若切断了某条记录，或某条通道因此公告了两次，lightningd 自 v25.02 \
         起就会丢弃整个文件。";
};

pub(super) const MISSING_SPAN: Entry = entry! {
    en: "Bytes are missing",
        "At offset {start} {what} is missing: what follows does not continue what stands before, as \
         when a block was never written or was lost in copying. It cannot be had from this file. \
         lightningd v26.06 overlooks a missing channel_amount, and its plugins then abort.";
    zh: "缺失了一段内容",
        "偏移 {start} 处缺少{what}：前后接不上，例如有一块从未写入，或在复制时丢失。缺失的内容无法从这个\
         文件里找回。若缺的是 channel_amount，lightningd v26.06 不会察觉，插件随后会中止。";
};

pub(super) const MOVED_SPAN: Entry = entry! {
    en: "Blocks stand in the wrong order",
        "The record that breaks off at offset {broken_at} goes on at offset {continues_at}. The \
         bytes are there, but blocks of the file have changed places; lightningd throws the whole \
         store away at the first seam.";
    zh: "文件块的顺序错乱",
        "在偏移 {broken_at} 处断开的记录，从偏移 {continues_at} 处继续。字节都还在，只是文件中的块换了\
         位置；lightningd 读到第一处接缝就会丢弃整个文件。";
};

pub(super) const OVERLAY: Entry = entry! {
    en: "New records are written over the beginning of an old store",
        "Up to offset {new_chain_end} stands a new chain of records, and from {old_chain_start} on \
         the rest of an older one; announced in both: {announced_twice:n channel|channels}. v24.02 \
         to v24.11.2 write such files: after a failed check they log “Moving to \
         gossip_store.corrupt and truncating”, do not truncate, and write on from offset 1. v25.02 \
         mended that.";
    zh: "新记录覆盖了旧文件的开头",
        "偏移 {new_chain_end} 之前是一串新记录，从 {old_chain_start} 起是旧文件剩下的部分；两边都公告的\
         通道有 {announced_twice:n} 条。v24.02 至 v24.11.2 会写出这样的文件：校验失败后，日志说 “Moving \
         to gossip_store.corrupt and truncating”，其实并未截断，随后又从偏移 1 写起。v25.02 已修正。";
};

pub(super) const SECOND_STORE: Entry = entry! {
    en: "A second store begins inside the file",
        "From offset {store_start} to {store_end} stands another store with a beginning of its \
         own: two files were joined, or a new store was appended to a leftover one, as early \
         releases did. lightningd from v26.04 on throws the whole file away.";
    zh: "文件中间又开始了另一个 gossip_store",
        "从偏移 {store_start} 到 {store_end} 是另一个有自己开头的 gossip_store：要么是两个文件接在了一起，\
         要么是新内容追加到了残留的旧文件之后，早期版本有过这种情况。lightningd 自 v26.04 起会丢弃整个文件。";
};

pub(super) const ENDED_LEFT: Entry = entry! {
    en: "The marker of a replaced store is in the file",
        "lightningd writes this record (ended) at the end of an old file once a new one has taken \
         its place; most likely a copy of the old file was put back.[bytes| Here {bytes:n byte stands|bytes stand} \
         behind it, and are not lost: v24.02 to v24.11.2 write it over a good record of the file that they \
         have just called gossip_store.corrupt.] With it at the end of the store in use, v26.04 to v26.06.6 \
         crash at every start, and v25.12 moves the file aside.";
    zh: "文件里有“已被替换”的标记",
        "新文件取代旧文件之后，lightningd 会在旧文件末尾写下这条记录（ended）；多半是有人把旧文件的副本放\
         了回去。[bytes|这里它后面还有 {bytes:n} 个字节，并没有丢失：v24.02 至 v24.11.2 会把它写进刚改名为 \
         gossip_store.corrupt 的文件，盖住一条完好的记录。]正在使用的文件若以它结尾，v26.04 至 v26.06.6 每次\
         启动都会崩溃，v25.12 会把文件移到一旁。";
};

pub(super) const FLAGS_IN_LENGTH: Entry = entry! {
    en: "Flags that old releases read as a length",
        "{count:n record has|records have} flag bits set ({flags}) to which no release gives a meaning \
         in this version. The releases that write it, up to v0.12.1, take them for a part of the \
         record's length: they give the store up there. Later ones ignore them.";
    zh: "旧版本会当作长度的标记位",
        "有 {count:n} 条记录设置了标记位（{flags}），在这个格式版本里没有任何 lightningd 版本赋予其含义。写这个\
         格式版本的 lightningd（v0.12.1 及更早）会把它们当成记录长度的一部分，读到那里就放弃整个文件。更新的\
         版本会忽略它们。";
};

pub(super) const TIMESTAMP_CONTRADICTION: Entry = entry! {
    en: "A header's timestamp is not that of its message",
        "The header says {header_timestamp:t}, the message says {message_timestamp:t}, and yet the \
         checksum holds. That is the blind spot of this checksum: the same bit wrong in the \
         timestamp and at the beginning of the message cancel out.";
    zh: "记录头的时间戳与消息不一致",
        "记录头写的是 {header_timestamp:t}，消息里写的是 {message_timestamp:t}，校验和却相符。这正是这种\
         校验和的盲点：时间戳与消息开头的同一个比特同时出错，会互相抵消。";
};

pub(super) const WRONG_VERSION: Entry = entry! {
    en: "The version byte is not that of the records",
        "The first byte says version {version}, but the records are those of version {fits}. \
         lightningd believes the byte: where it cannot upgrade that version, v26.04 and later move \
         the file aside, v24.02 to v25.12.1 abort and lose its content, older releases empty it.";
    zh: "版本字节与记录不符",
        "首字节写着版本 {version}，而记录属于版本 {fits}。lightningd 只看首字节：若它无法升级该版本，\
         v26.04 及更高版本会把文件移到一旁，v24.02 至 v25.12.1 会中止并丢失内容，更早的版本会把文件清空。";
};

pub(super) const TRAILING_GARBAGE: Entry = entry! {
    en: "Foreign bytes stand behind the last record",
        "The last {len:n byte|bytes}, from offset {start} on, belong to no record. Everything before \
         is untouched by them, but lightningd from v26.04 on throws the whole store away if it \
         cannot read it to its end.";
    zh: "最后一条记录之后有多余的内容",
        "从偏移 {start} 起的最后 {len:n} 个字节不属于任何记录。此前的内容不受影响，但 lightningd 自 \
         v26.04 起只要不能一直读到末尾，就会丢弃整个文件。";
};

pub(super) const MALFORMED_RECORD: Entry = entry! {
    en: "A record's content cannot be what its type says",
        "The checksum of the record at offset {start} holds, so it was written like this; but its \
         {len:n byte|bytes} cannot be read as its type demands. lightningd up to v26.06 trusts \
         such a record, and several kinds make it or its plugins crash.";
    zh: "记录的内容与其类型不符",
        "偏移 {start} 处记录的校验和相符，说明写入时就是这样；但它的 {len:n} 个字节无法按其类型解读。\
         直到 v26.06，lightningd 都会相信这样的记录，其中好几种会让它或插件崩溃。";
};

pub(super) const UNKNOWN_RECORD: Entry = entry! {
    en: "A record of an unknown type",
        "The checksum of the record at offset {start} holds, but no release up to v26.06 knows type \
         {type}: other software or a newer release wrote it. Every release since v0.7.1 moves the \
         whole store aside for a type that it does not know.";
    zh: "类型未知的记录",
        "偏移 {start} 处记录的校验和相符，但直到 v26.06 都没有版本认识类型 {type}：它出自其他软件或更新的\
         版本。自 v0.7.1 起，每个版本遇到不认识的类型都会把整个文件移到一旁。";
};

// When lightningd verifies: the callers of gossipd/sigcheck.c at v26.06. What a peer does: BOLT 7.
pub(super) const BAD_SIGNATURE: Entry = entry! {
    en: "A record that its signers did not sign",
        "The checksum of the record at offset {start} holds, but not every signature in it does \
         ({signers}): its bytes are not those that were signed. lightningd verifies a message only \
         when it arrives, so it loads this one, believes it and sends it on; peers refuse it, and \
         may close the connection.";
    zh: "签名不成立的记录",
        "偏移 {start} 处记录的校验和相符，但其中的签名并非都成立（{signers}）：这些内容不是当初签名的内容。\
         lightningd 只在收到消息时验证签名，所以会照常读入、相信并转发它；对等节点则会拒收，还可能断开连接。";
};
