//! Words for the next steps. They carry no values: a finding's own figures stand beside them.
//!
//! Options and their releases: lightningd-config(5) at v26.06.6. Where these steps answer
//! advice that circulates among operators, they say what upstream really does.

use super::Text;
use crate::finding::Step;

pub(super) fn step(step: Step) -> Text {
    match step {
        Step::Nothing => text!("Nothing needs doing.", "无需处理。"),
        Step::KeepCopy => text!(
            "Keep the damaged file as it is and work on a copy, made while lightningd is stopped: \
             cp -p gossip_store gossip_store.copy. At its next start lightningd may move, overwrite \
             or empty the file itself.",
            "原样保留损坏的文件，只在副本上操作；先停止 lightningd，再执行 cp -p gossip_store \
             gossip_store.copy。lightningd 下次启动时可能会移走、覆盖或清空原文件。",
        ),
        Step::Repair => text!(
            "Repair the copy: fulgurite repair gossip_store.copy -o gossip_store.repaired, or the \
             button in the page. It keeps every good record, mends what can be proven, and says what \
             is lost and how to put the new file in place.",
            "修复副本：fulgurite repair gossip_store.copy -o gossip_store.repaired，或使用页面上的按钮。\
             所有完好的记录都会保留，能证明的会修复，并说明丢失了什么、如何把新文件放回原位。",
        ),
        Step::CutTail => text!(
            "On the copy, cut off the end at the offset named (truncate -s OFFSET \
             gossip_store.copy): what stands before is kept, what stands behind is lost. Check the \
             copy again, and put it in place only while lightningd is stopped.",
            "在副本上从给出的偏移处截掉末尾（truncate -s OFFSET gossip_store.copy）：之前的内容保留，\
             之后的丢弃。再检查一遍副本，并且只在 lightningd 停止时换上去。",
        ),
        // "You can delete gossip_store at any time": upstream issue 2443. v24.02 to v24.11.2 move
        // the file aside and go on writing into it, so it is moved while they are stopped.
        Step::RenameAndRestart => text!(
            "Stop lightningd, rename gossip_store to gossip_store.corrupt (to another name if that \
             exists already; keep it), start lightningd. It fetches the graph again from its \
             peers. No channel and no money is at stake; it costs upload, processor and memory for \
             some hours, and until then routes and aliases are missing.",
            "停止 lightningd，把 gossip_store 改名为 gossip_store.corrupt（若该文件已存在就另取一个名字，\
             并保留好），再启动 lightningd，它会从对等节点重新获取整张网络图。通道和资金都不受影响；代价是\
             几个小时的上行流量、CPU 和内存，在此期间会缺少路由和别名。",
        ),
        // The manual knows no limit on upload; --dev-throttle-gossip is for upstream's tests.
        Step::WatchUpload => text!(
            "While the graph is fetched again, watch upload, processor and memory. lightningd has \
             no option that limits its upload: limit it in the router or the operating system. \
             Turning Tor off meanwhile (no always-use-proxy, no autotor: or statictor: address) \
             is a choice only if peers may know this node's IP address.",
            "重新获取网络图期间，留意上行流量、CPU 和内存。lightningd 没有限制上行带宽的选项，要在路由器或\
             操作系统里限速。期间也可以关闭 Tor（不用 always-use-proxy，也不设 autotor: 或 statictor: \
             地址），但前提是可以让对等节点知道本节点的 IP 地址。",
        ),
        Step::Ups => text!(
            "Give the machine a power supply that outlasts an outage (UPS), and let it shut down in \
             order before the battery is empty.",
            "给机器配一台不间断电源（UPS），并设置成在电池耗尽之前正常关机。",
        ),
        Step::StopCleanly => text!(
            "Stop lightningd before maintenance, shutting down or copying: lightning-cli stop, then \
             wait until the process has ended.",
            "维护、关机或复制文件之前先停止 lightningd：执行 lightning-cli stop，并等到进程结束。",
        ),
        // doc/beginners-guide/backup.md at v26.06.6 names the three.
        Step::BackUpBeforeUpgrade => text!(
            "Before an upgrade, with lightningd stopped, copy what cannot be rebuilt: hsm_secret, \
             lightningd.sqlite3 (or the Postgres database) and emergency.recover. The gossip_store \
             can be rebuilt; copy it if you may want to go back to the older release. Never run \
             lightningd on an old copy of its database.",
            "升级之前先停止 lightningd，备份无法重建的内容：hsm_secret、lightningd.sqlite3（或 Postgres \
             数据库）和 emergency.recover。gossip_store 可以重建；若以后可能退回旧版本，也备份一份。绝不要用\
             数据库的旧副本运行 lightningd。",
        ),
        // gossipd/gossip_store.c and common/gossmap.c at each release tag from v0.6.1 on.
        Step::AlertOnLog => text!(
            "Alert on “Moving to gossip_store.corrupt”, which every release since v0.7.1 logs when \
             it gives up a store. A failed checksum reads “Checksum verification failed” up to \
             v23.11.2, “gossip_store: checksum verification failed?” from v24.02 to v25.12.1 (and \
             in upgrades of the file ever since), and “Bad checksum on gossmap record” from v25.02 \
             on, which since v26.04 is the usual one; while running, “gossip_store: bad checksum \
             offset”.",
            "对 “Moving to gossip_store.corrupt” 设置告警：自 v0.7.1 起，每个版本放弃一个文件时都会写下\
             这一行。校验和不符的日志，到 v23.11.2 为止是 “Checksum verification failed”；v24.02 至 \
             v25.12.1 是 “gossip_store: checksum verification failed?”（此后在升级文件格式时也会出现）；\
             v25.02 起还有 “Bad checksum on gossmap record”，从 v26.04 开始主要是这一种；运行期间则是 \
             “gossip_store: bad checksum offset”。",
        ),
        // About 210 MB: changelog of v26.04. 38.9 MB: the network's graph in February 2026.
        Step::WatchSize => text!(
            "Watch the size of gossip_store, and whether a gossip_store.corrupt appears. The graph of \
             early 2026 takes about 39 MB without dead records; v26.04 and later keep the file \
             under about 210 MB. Before that, a restart of lightningd clears out dead records.",
            "监控 gossip_store 的大小，以及是否出现 gossip_store.corrupt。2026 年初的整张网络图去掉失效记录\
             约 39 MB；v26.04 及更高版本会把文件控制在约 210 MB 以内。更早的版本，重启 lightningd 即可清理\
             失效记录。",
        ),
        // Changelogs: pull requests 8053, 8566, 8769, 8903.
        Step::StayCurrent => text!(
            "Run a current release of Core Lightning. Of the causes known so far, v25.02 mended the \
             overwritten store, v25.09.1 holes on ZFS, v25.12.1 hidden aliases, and v26.04 clears \
             out dead records while running.",
            "使用较新的 Core Lightning 版本。已知的原因里，v25.02 修正了文件被覆盖的问题，v25.09.1 处理了 \
             ZFS 上的空洞，v25.12.1 修正了别名不显示的问题，v26.04 开始在运行中清理失效记录。",
        ),
        // Pull request 7798; the hourly sync is pull request 7768; the log's level changed with v24.11.
        Step::LowerGossip => text!(
            "On a small machine, set autoconnect-seeker-peers to less than its default of 10 (from \
             v24.11 on): lightningd then connects to fewer strangers for gossip. It is the only \
             such option; releases before v24.11 have none, and --dev- options are for tests. \
             “Bad gossip order” lines stay out of the log with log-level=info.",
            "在小机器上，可以把 autoconnect-seeker-peers 设得比默认值 10 小（v24.11 及更高版本），\
             lightningd 就会少连一些只为交换 gossip 的陌生节点。这是唯一的此类选项；v24.11 之前没有，\
             --dev- 开头的选项只供测试。设置 log-level=info，日志里就不会出现 “Bad gossip order”。",
        ),
        Step::CheckDisk => text!(
            "Look for the cause: errors of the disk (smartctl -a, dmesg), of the file system (on ZFS \
             zpool status -v and a scrub), of memory (memtest86+), and whether the disk is full.",
            "查找原因：磁盘错误（smartctl -a、dmesg）、文件系统错误（ZFS 上用 zpool status -v，并做一次 \
             scrub）、内存错误（memtest86+），以及磁盘是否已满。",
        ),
        Step::UpgradeLightningd => text!(
            "Upgrade lightningd: a newer release mends the cause (the overwritten store in v25.02, \
             hidden aliases in v25.12.1, dead records that pile up in v26.04). Back up first.",
            "升级 lightningd，较新的版本已经解决了起因（文件被覆盖：v25.02；别名不显示：v25.12.1；失效记录\
             堆积：v26.04）。升级之前先备份。",
        ),
        // tools/lightning-downgrade.c, from v25.12 on, deletes a store that the older release
        // cannot read.
        Step::DoNotDowngrade => text!(
            "Do not start an older lightningd on this file: it cannot read it and loses its content. \
             If you must go back, move the gossip_store aside first; upstream's \
             lightning-downgrade deletes it for that reason.",
            "不要用更旧的 lightningd 打开这个文件：它读不了，还会丢掉内容。如果必须退回旧版本，先把 \
             gossip_store 移到一旁；上游的 lightning-downgrade 正是因此会删除它。",
        ),
        Step::DoNotRestore => text!(
            "Do not put this file back. Letting lightningd fetch the graph from its peers gives a \
             better one.",
            "不要把这个文件放回去。让 lightningd 从对等节点重新获取，得到的网络图更好。",
        ),
        Step::HealsByItself => text!(
            "Wait: gossip heals by itself. Peers send what is missing; from v24.11 on lightningd asks \
             one of them for everything each hour.",
            "等待即可，gossip 会自行恢复。对等节点会补发缺失的内容；自 v24.11 起，lightningd 每小时向其中\
             一个请求全部内容。",
        ),
        Step::ReportUpstream => text!(
            "Tell the developers of Core Lightning (github.com/ElementsProject/lightning/issues), \
             with the release, the lines of the log about gossip_store, and this finding. Never \
             attach keys or databases.",
            "告知 Core Lightning 的开发者（github.com/ElementsProject/lightning/issues），附上版本号、日志中\
             关于 gossip_store 的行和这条结果。绝不要附上密钥或数据库。",
        ),
        Step::Redact => text!(
            "Leave these records out before you share the file, or share it only with people who may \
             know of them.",
            "分享这个文件之前先去掉这些记录，或者只交给可以知道这些内容的人。",
        ),
        Step::WhichFile => text!(
            "The file to check is <lightning-dir>/<network>/gossip_store, by default \
             ~/.lightning/bitcoin/gossip_store. One that lightningd gave up lies beside it as \
             gossip_store.corrupt.",
            "要检查的文件是 <lightning-dir>/<network>/gossip_store，默认为 \
             ~/.lightning/bitcoin/gossip_store。被 lightningd 放弃的文件在同一目录，名为 \
             gossip_store.corrupt。",
        ),
        Step::NeverShare => text!(
            "Do not share this file and do not upload it anywhere: it tells of your channels and \
             payments, and may hold secrets of channels.",
            "不要分享这个文件，也不要上传到任何地方：其中有你的通道和付款信息，还可能有通道的密钥。",
        ),
        Step::NeverShareKeys => text!(
            "Never give this file to anyone, not even to someone who offers help: with it your money \
             can be taken. Nobody needs it to examine a gossip_store. If it has been shared \
             already, treat the keys as stolen.",
            "绝不要把这个文件交给任何人，哪怕对方说要帮忙：有了它就能拿走你的资金。检查 gossip_store 用不着\
             它。如果已经给了别人，就当密钥已经被盗来处理。",
        ),
        Step::Unpack => text!(
            "Unpack the file (gunzip, unxz, unzip, unzstd) and check what comes out.",
            "先解压（gunzip、unxz、unzip、unzstd），再检查解压出来的文件。",
        ),
        Step::CopyAgain => text!(
            "Copy the file again while lightningd is stopped, and check the copy.",
            "停止 lightningd 之后重新复制一份，再检查副本。",
        ),
    }
}
