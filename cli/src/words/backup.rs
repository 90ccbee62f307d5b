//! The words of `fulgurite backup` and `fulgurite restore`.

use fulgurite_core::gossip::copy::Refused;
use fulgurite_core::words::{Language, Text};

use crate::words::watch::trouble;

words! {
    NO_FOLDER "is not a directory; make it first" "不是目录；请先创建";
    COPIED "copied" "已备份";
    SOUND "sound" "完好";
    RESTORED "restored" "已恢复";
    NOT_COPIED "not copied" "没有备份";
    NOT_RESTORED "not restored" "没有恢复";
    NOT_SOUND "not worth restoring" "不值得恢复";
    REMOVED "removed, being older than what --keep keeps" "超出 --keep 的数量，已删除";
    HASH "SHA-256" "SHA-256";
    NO_HASH "there is no .json beside it, so that its SHA-256 cannot be compared" "旁边没有 .json，无法核对 SHA-256";
    MEANWHILE "the store was replaced by a compacted one meanwhile; the copy is of the old one, which is complete" "其间存储被压缩后的新文件取代；备份的是旧文件，内容完整";
    ENDED "it ends with an ended record: it is a store that had been replaced when it was copied, and from v26.04 on lightningd dies of that at every start. fulgurite repair takes the record out" "它以 ended 记录结尾：复制时它已被取代，v26.04 及之后的 lightningd 每次启动都会因此崩溃。fulgurite repair 会去掉这条记录";
    EMPTY "there is no channel in it: nothing is gained by restoring it" "其中没有任何通道：恢复它没有意义";
    OTHER_HASH "its SHA-256 is not the one noted when it was made: it has changed since" "它的 SHA-256 与制作时记录的不同：此后发生了变化";
    OWNER "Give it to the user that runs lightningd (chown), then start lightningd. Do not copy over it once it runs." "请把它的属主改为运行 lightningd 的用户（chown），再启动 lightningd。启动后不要再覆盖它。";
}

/// Why there is no copy.
pub(crate) fn refused(language: Language, why: Refused) -> String {
    match why {
        Refused::Empty => say!(language, "the file is empty", "文件是空的"),
        Refused::Version(byte) => {
            say!(language, "version {byte} is not known", "不认识版本 {byte}")
        }
        Refused::Damaged { offset, trouble: what } => {
            let what: Text = trouble(what);
            let what = what.get(language);
            say!(
                language,
                "the store is damaged at offset {offset} ({what}): a copy of it would not be worth \
                 restoring. Copy it with cp, and run fulgurite check and fulgurite repair on that",
                "存储在偏移 {offset} 处损坏（{what}）：这样的备份不值得恢复。请用 cp 复制它，再对副本运行 fulgurite check 和 fulgurite repair"
            )
        }
        Refused::Shrank => {
            say!(language, "the store became shorter while it was copied", "复制期间存储变短了")
        }
        _ => say!(
            language,
            "the store changes faster than it can be copied",
            "存储变化太快，来不及复制"
        ),
    }
}

pub(crate) fn damaged(language: Language, what: &str, offset: u64) -> String {
    say!(language, "at offset {offset}: {what}", "偏移 {offset} 处：{what}")
}

pub(crate) fn not_accepted(language: Language, release: &str, fate: &str) -> String {
    say!(
        language,
        "lightningd {release} would not take it as it is: {fate}",
        "lightningd {release} 不会原样接受它：{fate}"
    )
}

pub(crate) fn cannot_read(language: Language, release: &str, version: u8, read_by: &str) -> String {
    say!(
        language,
        "lightningd {release} does not read version {version}, and may throw the store away; read by: \
         {read_by}. fulgurite repair --for-release {release} writes one that it reads",
        "lightningd {release} 不能读取版本 {version}，可能会丢弃存储；可读取的版本：{read_by}。fulgurite repair --for-release {release} 可以写出它能读取的存储"
    )
}

pub(crate) fn runs(language: Language, sign: &str) -> String {
    say!(
        language,
        "lightningd seems to be running ({sign}): stop it first, or it goes on writing to the store \
         that it has open",
        "lightningd 似乎正在运行（{sign}）：请先停止它，否则它会继续写入已打开的存储"
    )
}

pub(crate) fn too_old(language: Language, stay: &str, all: &str) -> String {
    say!(
        language,
        "it is too old to be worth it: lightningd would soon drop all but {stay} of {all} channels, \
         whose updates are older than two weeks, and meanwhile ask its peers for less than it needs. \
         Without a store it asks for everything. --even-if-old restores it all the same",
        "它太旧，不值得恢复：{all} 条通道中，除 {stay} 条外更新都已超过两周，lightningd 很快就会清理它们，在此之前还会少向对等节点请求所需内容。没有存储时它会请求全部。加 --even-if-old 仍可恢复"
    )
}

/// Size and content of a copy.
pub(crate) fn content(
    language: Language,
    version: u8,
    [size, records, channels, nodes]: [&str; 4],
) -> String {
    say!(
        language,
        "version {version}, {size} bytes, {records} records, {channels} channels, {nodes} nodes",
        "版本 {version}，{size} 字节，{records} 条记录，{channels} 条通道，{nodes} 个节点"
    )
}
