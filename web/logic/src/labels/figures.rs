//! Labels and sentences for what a store holds. Templates of the engine's catalogue.

use fulgurite_core::gossip::report::CompactionRule;
use fulgurite_core::words::Text;

super::labels! {
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
    DELETED_BYTES "in deleted records" "已删除记录占用";
    UNPROTECTED "without a checksum" "不受校验和保护";
    COMPACTION "compaction" "压缩整理";
    SYNC "a syncing peer is sent" "向同步的对等节点发送";
    SIGNATURES "signatures" "签名";
    OLDEST "oldest message (UTC)" "最早的消息（UTC）";
    NEWEST "newest message (UTC)" "最新的消息（UTC）";
    PRUNE "next prune" "下次清理";
    IN_BYTES "{n:n byte|bytes}" "{n:n} 字节";
    READ_BY "written by {written_by}; read by {read_by}" "写入：{written_by}；可读取：{read_by}";
    READ_AS "{byte}, read as {read_as}" "{byte}，按 {read_as} 读取";
    OF_THEM_DELETED "{records:n}, {deleted:n} of them deleted" "{records:n}，其中 {deleted:n} 条已删除";
    WOUNDS_ARE "{wounds:n}, together {bytes:n byte|bytes}" "{wounds:n} 处，共 {bytes:n} 字节";
    LOST_ARE "{lost:n} known[uncounted|; in {uncounted:n} of the damaged places they cannot be counted]"
        "已知 {lost:n} 条[uncounted|；另有 {uncounted:n} 处无法统计]";
    NODES_ARE "{nodes:n}, {announced:n} of them announced" "{nodes:n} 个，其中 {announced:n} 个有公告";
    CHANNELS_ARE "{channels:n}, together {capacity:n} sat" "{channels:n} 条，合计 {capacity:n} 聪";
    UPDATES_ARE "{updates:n}, {disabled:n} of them disabled" "{updates:n} 条，其中 {disabled:n} 条已停用";
    LIVE_AND_DEAD "{live:n} live, {dead:n} dead records" "有效 {live:n} 条，失效 {dead:n} 条";
    SYNC_IS "{messages:n message|messages}, {bytes:n byte|bytes} on the wire" "{messages:n} 条消息，线上 {bytes:n} 字节";
    SIGNATURES_ARE "{valid:n} of {records:n} live messages hold ({signatures:n signature|signatures} verified)[invalid|; {invalid:n} do not hold][all_zero|; {all_zero:n} are all zero][unverifiable|; {unverifiable:n} cannot be verified]"
        "{records:n} 条有效消息中 {valid:n} 条成立（共验证 {signatures:n} 个签名）[invalid|；{invalid:n} 条不成立][all_zero|；{all_zero:n} 条全部是零][unverifiable|；{unverifiable:n} 条无法验证]";
    STAY "{stay:n} of {channels:n} channels stay, if now is the time of the newest message"
        "{channels:n} 条通道中留下 {stay:n} 条，以最新消息的时间为现在";
    STAY_NOW "{stay:n} of {channels:n} channels stay, if now is {now}" "{channels:n} 条通道中留下 {stay:n} 条，以 {now} 为现在";
    WHILE_RUNNING "the releases that write this version compact while running" "写入该版本的 lightningd 在运行中压缩整理";
    EVERY_START "the releases that write this version compact at every start" "写入该版本的 lightningd 每次启动都会压缩整理";
    DUE "due: over 10,000,000 bytes, and four times as many dead records as live ones"
        "应当压缩：超过 10,000,000 字节，且失效记录达到有效记录的四倍";
    NOT_DUE "not due: that takes 10,000,000 bytes, and four times as many dead records as live ones"
        "无需压缩：须超过 10,000,000 字节，且失效记录达到有效记录的四倍";
}

/// What is to be said of a rule of compaction.
pub fn compaction(rule: CompactionRule, met: bool) -> Text {
    match rule {
        CompactionRule::WhileRunning => WHILE_RUNNING,
        CompactionRule::EveryStart => EVERY_START,
        CompactionRule::BySize if met => DUE,
        CompactionRule::BySize => NOT_DUE,
    }
}
