//! The words of `fulgurite watch`.

use fulgurite_core::gossip::follow::{Event, Trouble, What};
use fulgurite_core::words::{Language, Text};

use crate::output::Face;

words! {
    NO_FOLDER "is not a directory; name the one in which lightningd keeps its gossip_store" "不是目录；请指定 lightningd 存放 gossip_store 的目录";
    NOT_METRICS "is there and was not written by fulgurite watch: nothing is overwritten" "已经存在，且不是 fulgurite watch 写的：不会覆盖任何文件";
}

/// What is the matter with a record.
pub(crate) fn trouble(trouble: Trouble) -> Text {
    match trouble {
        Trouble::NoVersion => Text { en: "the file is empty", zh: "文件是空的" },
        Trouble::CutOff => {
            Text { en: "the file ends inside it", zh: "文件在它中间就结束了" }
        }
        Trouble::NotCompleted => {
            Text { en: "it was never marked as completed", zh: "它始终没有被标记为写完" }
        }
        Trouble::Zeros => Text { en: "there are only zeros", zh: "那里全是零" },
        Trouble::Checksum => Text { en: "its checksum does not hold", zh: "它的校验和不符" },
        Trouble::TooShort => {
            Text { en: "it is too short to be a record", zh: "它太短，不可能是记录" }
        }
        Trouble::NoAmount => Text {
            en: "a channel_announcement without its channel_amount",
            zh: "channel_announcement 后面缺少 channel_amount",
        },
        Trouble::Malformed => {
            Text { en: "its content is not that of its type", zh: "它的内容与类型不符" }
        }
        Trouble::Timestamp => Text {
            en: "header and message have different timestamps",
            zh: "记录头与消息的时间戳不一致",
        },
        Trouble::UnknownType => {
            Text { en: "no release knows its type", zh: "没有任何版本认识它的类型" }
        }
        _ => Text { en: "something is wrong with it", zh: "它有问题" },
    }
}

/// One event as a sentence.
pub(crate) fn event(face: Face, event: &Event) -> String {
    let language = face.language;
    let raw = |name| event.values.number(name).unwrap_or(0);
    let number = |name| face.count(raw(name));
    let offset = raw("offset");
    let why = || {
        let name = event.values.text("trouble");
        let known = Trouble::ALL.iter().find(|trouble| Some(trouble.name()) == name);
        known.map_or("", |known| trouble(*known).get(language))
    };
    let (size, new_size) = (number("size"), number("new_size"));
    let (live, dead) = (number("live"), number("dead"));
    match event.what {
        What::Following => {
            let (version, records) = (raw("version"), number("records"));
            say!(
                language,
                "following a store of version {version}: {size} bytes, {records} records, {live} \
                 live and {dead} dead as lightningd counts",
                "开始跟踪版本 {version} 的存储：{size} 字节，{records} 条记录；按 lightningd 的计数，有效 {live} 条，失效 {dead} 条"
            )
        }
        What::Wound => {
            let why = why();
            match event.values.number("end") {
                Some(end) => say!(
                    language,
                    "damaged from offset {offset} to {end}: {why}. At its next start lightningd may \
                     throw the whole store away; copy it now, and run fulgurite check on the copy",
                    "偏移 {offset} 至 {end} 损坏：{why}。lightningd 下次启动时可能会丢弃整个存储；请现在就复制一份，并对副本运行 fulgurite check"
                ),
                None => say!(
                    language,
                    "damaged at offset {offset}: {why}. At its next start lightningd may throw the \
                     whole store away; copy it now, and run fulgurite check on the copy",
                    "偏移 {offset} 处损坏：{why}。lightningd 下次启动时可能会丢弃整个存储；请现在就复制一份，并对副本运行 fulgurite check"
                ),
            }
        }
        What::Unfinished => {
            let why = why();
            say!(
                language,
                "the last record, at offset {offset}, stays unfinished: {why}. Either lightningd was \
                 killed, or it hangs; from v26.04 on its next start would throw the whole store away",
                "最后一条记录（偏移 {offset}）一直没有写完：{why}。lightningd 可能被强行终止，或已停滞；v26.04 及之后的版本下次启动会丢弃整个存储"
            )
        }
        What::Healed => say!(
            language,
            "what was wrong at offset {offset} is so no more",
            "偏移 {offset} 处的问题已经消失"
        ),
        What::ManyWounds => {
            let limit = number("limit");
            say!(
                language,
                "more than {limit} damaged places: from here on they are only counted",
                "损坏处超过 {limit} 个：此后只计数"
            )
        }
        What::Compacted => say!(
            language,
            "lightningd has written a new store: {size} bytes became {new_size}",
            "lightningd 写出了新的存储：从 {size} 字节变为 {new_size} 字节"
        ),
        What::Replaced => say!(
            language,
            "another file has taken the place of the store ({size} bytes), and lightningd did not \
             say so in the old one: it was killed meanwhile, or somebody else put the file there",
            "另一个文件取代了存储（{size} 字节），而 lightningd 没有在旧文件里注明：它可能在此期间被终止，或是别人放了这个文件"
        ),
        What::MovedAside => say!(
            language,
            "lightningd has thrown the store away: its {size} bytes are now gossip_store.corrupt. \
             fulgurite repair makes a store of it that lightningd accepts",
            "lightningd 丢弃了存储：其 {size} 字节现在是 gossip_store.corrupt。fulgurite repair 可以把它修复成 lightningd 接受的存储"
        ),
        What::CorruptThere => say!(
            language,
            "there is a gossip_store.corrupt from an earlier accident",
            "目录里有以前出事时留下的 gossip_store.corrupt"
        ),
        What::CorruptAppeared => say!(
            language,
            "a gossip_store.corrupt has appeared: lightningd did not accept its store. Keep a copy of \
             it; the next accident overwrites it",
            "出现了 gossip_store.corrupt：lightningd 没有接受它的存储。请保留一份副本；下次出事时会被覆盖"
        ),
        What::Truncated => say!(
            language,
            "the store became shorter: {size} bytes were read of it, {new_size} are left",
            "存储变短了：已读过 {size} 字节，现在只剩 {new_size} 字节"
        ),
        What::Rewritten => say!(
            language,
            "the store is no longer what was read of it up to offset {offset}: it is read again from \
             its start",
            "存储在偏移 {offset} 之前的内容与读过的不同：从头重新读取"
        ),
        What::Missing => say!(
            language,
            "there is no gossip_store; lightningd makes one when it starts",
            "没有 gossip_store；lightningd 启动时会新建一个"
        ),
        What::Back => say!(language, "there is a gossip_store again", "gossip_store 又出现了"),
        What::EndedInUse => say!(
            language,
            "the store's last record, at offset {offset}, says that another has replaced it, and \
             none has: somebody restored an old copy. From v26.04 on lightningd dies of it at every \
             start; fulgurite repair takes the record out",
            "存储的最后一条记录（偏移 {offset}）说它已被取代，但实际没有：有人恢复了旧副本。v26.04 及之后的 lightningd 每次启动都会因此崩溃；fulgurite repair 会去掉这条记录"
        ),
        What::UnknownVersion => {
            let version = raw("version");
            say!(
                language,
                "version {version} is not known: it cannot be followed",
                "不认识版本 {version}：无法跟踪"
            )
        }
        What::Growing | What::GrowthNormal => growth(language, event.what, &number),
        What::CompactionDue => say!(
            language,
            "lightningd will soon compact the store: {size} bytes, {live} live and {dead} dead records",
            "lightningd 很快会压缩存储：{size} 字节，有效 {live} 条，失效 {dead} 条"
        ),
        What::CompactionOverdue => {
            let seconds = number("seconds");
            say!(
                language,
                "lightningd ought to have compacted the store {seconds} seconds ago: {size} bytes, \
                 {live} live and {dead} dead records. See its log for lightning_gossip_compactd",
                "lightningd 在 {seconds} 秒前就该压缩存储：{size} 字节，有效 {live} 条，失效 {dead} 条。请在日志里查找 lightning_gossip_compactd"
            )
        }
        What::Bloated => say!(
            language,
            "most of the store is dead: {size} bytes, {live} live and {dead} dead records. The \
             releases that write this version compact only when they start",
            "存储大部分是失效内容：{size} 字节，有效 {live} 条，失效 {dead} 条。写入该版本的 lightningd 只在启动时压缩"
        ),
        _ => event.what.name().to_owned(),
    }
}

fn growth(language: Language, what: What, number: &impl Fn(&'static str) -> String) -> String {
    let (bytes, limit) = (number("bytes_per_hour"), number("limit"));
    if what == What::Growing {
        return say!(
            language,
            "the store grows fast: {bytes} bytes in an hour (limit {limit})",
            "存储增长很快：一小时 {bytes} 字节（上限 {limit}）"
        );
    }
    say!(
        language,
        "the store grows normally again: {bytes} bytes in an hour (limit {limit})",
        "存储增长恢复正常：一小时 {bytes} 字节（上限 {limit}）"
    )
}
