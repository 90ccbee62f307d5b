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
            "Alert on “Moving to gossip_store.corrupt”, which releases since v0.7.1 log when they \
             give up a damaged store. Of a version that they cannot read they log other lines: \
             “gossip_store_compact: bad version” (v0.7.1 to v25.12.1; from v24.02 on gossipd then \
             aborts), and up to v23.11 also “Gossip store version … not …: removing”. A failed \
             checksum reads “Checksum verification failed” up to v23.11.2, “gossip_store: checksum verification failed?” from v24.02 to v25.12.1 (and \
             in upgrades of the file ever since), and “Bad checksum on gossmap record” from v25.02 \
             on, which since v26.04 is the usual one; while running, “gossip_store: bad checksum \
             offset”.",
            "对 “Moving to gossip_store.corrupt” 设置告警：自 v0.7.1 起，放弃损坏的文件时会写下\
             这一行。遇到无法读取的格式版本时写的则是另外的日志：“gossip_store_compact: bad version”\
             （v0.7.1 至 v25.12.1；自 v24.02 起 gossipd 随后中止），到 v23.11 为止还有 \
             “Gossip store version … not …: removing”。校验和不符的日志，到 v23.11.2 为止是 “Checksum verification failed”；v24.02 至 \
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
        Step::WhichDatabase => text!(
            "Read the log together with its database: channel.sqlite with channel.sqlite-wal, \
             lnd.sqlite with lnd.sqlite-wal, copied at the same moment while LND is stopped.",
            "把日志和它的数据库一起读取：channel.sqlite 配 channel.sqlite-wal，lnd.sqlite 配 lnd.sqlite-wal，都要在 \
             LND 停止时同时复制。",
        ),
        Step::CopyAgain => text!(
            "Copy the file again while lightningd is stopped, and check the copy.",
            "停止 lightningd 之后重新复制一份，再检查副本。",
        ),
        // bbolt files.
        // lnd/docs/recovery.md and safety.md: a node on old state is one breach away from loss.
        Step::LndDoNotStart => text!(
            "Stop lnd if it is running, and do not start it on this file: it may crash half way, \
             write over pages that are still needed, or go on with channels that it knows only in \
             part. Nothing gets worse while it is off for some hours; peers cannot cheat before \
             their time locks end, usually a day or more.",
            "如果 lnd 正在运行就先停止，不要用这个文件启动它：它可能中途崩溃，可能覆盖仍然需要的页，也可能在通道状态\
             不完整的情况下继续运行。停机几个小时不会使情况变糟；对方要作弊也得等时间锁到期，通常是一天以上。",
        ),
        Step::LndKeepCopy => text!(
            "With lnd stopped, copy the file as it is (cp -p channel.db channel.db.damaged) to \
             another disk, with wallet.db and channel.backup, and work on copies only.",
            "停止 lnd 之后，把文件原样复制到另一块磁盘（cp -p channel.db channel.db.damaged），连同 wallet.db \
             和 channel.backup 一起，之后只在副本上操作。",
        ),
        Step::LndCopyAgain => text!(
            "If this file is a copy, copy it again from the node's own disk while lnd is stopped, and \
             check again: a copy taken while lnd was running looks damaged, though the original may \
             be sound.",
            "如果这个文件是副本，先停止 lnd，再从节点自己的磁盘重新复制一份并重新检查：在 lnd 运行时复制的文件看起来\
             像是损坏了，而原文件可能完好。",
        ),
        Step::LndNoOldCopy => text!(
            "Never start lnd on an older copy of channel.db, however sound that copy is: it holds \
             channel states that have been revoked since, and if lnd publishes one of them the \
             peer may take all the money of that channel.",
            "绝不要用 channel.db 的旧副本启动 lnd，无论那个副本多么完好：其中的通道状态已经作废，lnd 一旦广播，\
             对方就可以拿走该通道的全部资金。",
        ),
        // chantools: cmd/chantools/compactdb.go opens the source read-only and skips what it
        // cannot read.
        Step::LndSalvage => text!(
            "On a copy, let chantools compactdb --sourcedb channel.db.damaged --destdb \
             channel.db.new copy what can be read (it opens the source read-only), and check the new \
             file here. It is fit for looking things up. Run lnd on it only if everything that is \
             hit can be done without: a channel that is missing or cut short is not safe to use.",
            "在副本上运行 chantools compactdb --sourcedb channel.db.damaged --destdb channel.db.new，把能读出的内容\
             复制到新文件（源文件以只读方式打开），再在这里检查新文件。它可以用来查资料；只有当受影响的内容都可以舍弃时，\
             才能用它运行 lnd：缺失或残缺的通道不能安全使用。",
        ),
        // lnd/docs/recovery.md, "Off-Chain Recovery".
        Step::LndChannelBackup => text!(
            "The last resort, when channel.db cannot be brought back as it was at the end: create a \
             new wallet from the seed and give it the newest channel.backup (lncli create, or lncli \
             restorechanbackup --multi_file channel.backup). All peers are then asked to close their \
             channels. It ends every channel, so first try everything that keeps the original file.",
            "最后的办法，只在 channel.db 无法恢复到最后时刻的样子时使用：用助记词新建钱包，并导入最新的 \
             channel.backup（lncli create，或 lncli restorechanbackup --multi_file channel.backup）。之后会请求\
             所有对方关闭通道。这会结束全部通道，所以要先试过所有能保住原文件的办法。",
        ),
        // chantools: cmd/chantools/dropchannelgraph.go.
        Step::LndDropGraph => text!(
            "Only the graph of the network is hit, which peers send again; channels and money are \
             not. On a copy made while lnd is stopped, run chantools compactdb, then chantools \
             dropchannelgraph --channeldb COPY --node_identity_key PUBKEY with your own node's \
             public key; check the result here before it takes the place of channel.db. The \
             graph comes back within hours; after that step lnd must be v0.15.1 or later.",
            "受影响的只有网络图，对等节点会重新发送；通道和资金不受影响。停止 lnd 后复制一份，在副本上先运行 chantools \
             compactdb，再运行 chantools dropchannelgraph --channeldb 副本 --node_identity_key 公钥（填自己节点的\
             公钥）；换下 channel.db 之前先在这里检查结果。网络图几个小时内就会恢复；此后 lnd 必须是 v0.15.1 \
             或更高版本。",
        ),
        // bbolt v1.4.3, cmd/bbolt: surgery freelist abandon.
        Step::LndFreelist => text!(
            "On a copy, let bbolt forget the freelist: bbolt surgery freelist abandon COPY --output \
             NEW. lnd then finds the free pages itself when it starts, as it does by default \
             (without sync-freelist). Check the new file here before it takes the place of the old \
             one.",
            "在副本上让 bbolt 丢弃 freelist：bbolt surgery freelist abandon 副本 --output 新文件。lnd 启动时会自己\
             找出空闲页，这也是它的默认方式（不设 sync-freelist）。换下旧文件之前先在这里检查新文件。",
        ),
        Step::LndCompact => text!(
            "Nothing needs doing. To get the room back, let lnd compact the file when it starts \
             (db.bolt.auto-compact=true).",
            "无需处理。若想收回这些空间，可以让 lnd 在启动时压缩文件（db.bolt.auto-compact=true）。",
            // SQLite files. lncfg/db.go and kvdb/sqlite at lnd v0.20 for the files and their modes;
            // sqlite.org/cli.html for .recover.
        ),
        Step::SqliteDoNotStart => text!(
            "Stop the node if it runs, and do not start it on this database: each start writes to \
             it, and on channel.sqlite a node that has forgotten channel states can lose its money.",
            "如果节点还在运行，先停下来，不要在这个数据库上启动：每次启动都会写入；如果是 channel.sqlite，\
             忘记了通道状态的节点可能损失资金。",
        ),
        Step::SqliteKeepCopy => text!(
            "Keep the database together with its -wal and -shm as they are (cp -p channel.sqlite* \
             to another disk) and work on a copy. Opening the original with sqlite3 already changes \
             it: it merges the -wal and deletes it.",
            "把数据库连同它的 -wal 和 -shm 原样保留（cp -p channel.sqlite* 到另一块磁盘），只在副本上操作。\
             用 sqlite3 打开原文件就会改动它：-wal 会被合并并删除。",
        ),
        Step::SqliteCopyWithWal => text!(
            "Copy again from a stopped node: lncli stop, wait until lnd has ended, then copy the \
             database and, if it is there, the -wal of the same name in one go; check both \
             together. What was committed last may stand in the -wal alone.",
            "停止节点后重新复制：先 lncli stop，等 lnd 进程结束，再一次性复制数据库和同名的 -wal（如果有），\
             然后两个一起检查。最近提交的内容可能只在 -wal 里。",
        ),
        Step::SqliteRestore => text!(
            "Put back a backup only of what may be old: lnd.sqlite (invoices, payments) and \
             neutrino.sqlite. Never start lnd on an older channel.sqlite: peers then take the money \
             of channels whose state it has forgotten; without a sound one, channel.backup is the \
             way (lncli restorechanbackup).",
            "只有允许是旧版本的才从备份恢复：lnd.sqlite（发票、付款）和 neutrino.sqlite。绝不要用较旧的 \
             channel.sqlite 启动 lnd：对方会因此拿走它已忘记状态的通道里的资金；没有完好的文件时，\
             要靠 channel.backup（lncli restorechanbackup）。",
        ),
        Step::SqliteRecover => text!(
            "On a copy, let SQLite write what it can read into a new database: sqlite3 copy.sqlite \
             .recover > out.sql, then sqlite3 new.sqlite < out.sql. Check the new one, and use it to \
             look things up; it is a way out, not a sound database: rows may be missing or back \
             from the dead, so do not run lnd on a channel.sqlite made this way.",
            "在副本上让 SQLite 把能读出的内容写入新数据库：sqlite3 copy.sqlite .recover > out.sql，再 \
             sqlite3 new.sqlite < out.sql。检查新文件，用它查找数据；这是应急办法，不等于完好的数据库：可能缺少\
             一些行，也可能出现已删除的行，所以不要用这样得到的 channel.sqlite 运行 lnd。",
        ),
        Step::SqliteReindex => text!(
            "If nothing else is damaged, the indexes can be written anew on a copy: sqlite3 \
             copy.sqlite REINDEX, then check the copy again.",
            "如果没有其他损坏，可以在副本上重建索引：sqlite3 copy.sqlite REINDEX，然后再检查一遍副本。",
            // Postgres 15: pg_restore reads the custom, the directory and the tar format.
        ),
        Step::PgRestore => text!(
            "Convert the dump into plain text and check that: pg_restore -f out.sql FILE (FILE is the \
             file, or the directory that toc.dat lies in). It needs no server. A text in UTF-16: \
             iconv -f UTF-16 -t UTF-8 FILE > out.sql.",
            "把转储转换成纯文本再检查：pg_restore -f out.sql FILE（FILE 是该文件，或 toc.dat 所在的目录），\
             不需要数据库服务器。如果是 UTF-16 文本：iconv -f UTF-16 -t UTF-8 FILE > out.sql。",
        ),
        Step::DumpAgain => text!(
            "If the database is still there, dump it again while lnd is stopped, structure and data: \
             pg_dump -d DATABASE -f out.sql. Wait until the command has ended, look at its messages, \
             and see that the file ends with “PostgreSQL database dump complete”. Do not restore the \
             damaged dump.",
            "如果数据库还在，停止 lnd 后重新转储一次，结构和数据都要：pg_dump -d DATABASE -f out.sql。等命令\
             执行完毕，看看有无报错，并确认文件末尾有 “PostgreSQL database dump complete”。不要用损坏的转储\
             去恢复数据库。",
        ),
        Step::ExportAgain => text!(
            "Ask for the bucket dump once more, written anew from the same file: fulgurite lnd dump, or \
             the button in the page. Send it packed (zip, xz), so that nothing on the way changes it.",
            "请对方从同一个文件重新导出一份：fulgurite lnd dump，或使用页面上的按钮。发送前先压缩（zip、xz），\
             以免传输途中被改动。",
        ),
        Step::KeepLndStopped => text!(
            "Keep lnd stopped and do not change the database; copy all of its files first and work on \
             the copy. lnd does not check this when it starts. Restoring an old copy of channel states \
             can cost the money in channels.",
            "不要启动 lnd，也不要改动数据库；先完整复制全部文件，只在副本上操作。lnd 启动时不会检查这一点。\
             恢复旧的通道状态副本可能损失通道里的资金。",
        ),
        Step::UpgradeFulgurite => text!(
            "Read the file with the Fulgurite that wrote it, or a newer one.",
            "请用写出该文件的 Fulgurite 版本或更新的版本来读取。",
        ),
        // LND's invoices, and its native SQL.
        Step::LndCopyFirst => text!(
            "Stop LND, copy its whole folder (with every -wal and -shm file, or a dump of the Postgres \
             database) and work on the copy only.",
            "停止 LND，复制整个目录（包括所有 -wal 和 -shm 文件；若用 Postgres 就导出数据库），只在副本上操作。",
        ),
        Step::LndKeepStopped => text!(
            "Do not start LND on this store: it would write on from here. If a newer copy of the same \
             node exists, look at that one first; never run two copies of one node.",
            "不要用这个存储启动 LND，它会从这里接着写。若同一节点还有更新的副本，先检查那一份；绝不要让同一节点的\
             两份副本同时运行。",
        ),
        Step::LndDoNotMigrate => text!(
            "Do not turn native SQL on (db.use-native-sql) before this is understood: the migration may \
             stop here, or leave the invoice out.",
            "弄清之前不要开启原生 SQL（db.use-native-sql）：迁移可能停在这里，或者漏掉这张发票。",
        ),
        Step::LndListFromCopy => text!(
            "List the invoices from the copy, these included, for your accounts.",
            "从副本里列出发票（包括这些），用于核对账目。",
        ),
        Step::LndRedactDump => text!(
            "If you share anything, share the redacted dump of the bucket, never the file itself.",
            "如需分享，只分享脱敏后的存储桶导出，绝不要分享文件本身。",
        ),
        Step::LndWatchAccepted => text!(
            "If HTLCs are held, settle or cancel the invoice before they expire: LND force-closes the \
             channel otherwise. An invoice that says it is accepted and holds none waits for nothing.",
            "如果有 HTLC 被锁定，要在到期前结算或取消发票，否则 LND 会强制关闭通道。显示已接受却没有任何 HTLC \
             的发票，再等也不会有结果。",
        ),
        Step::LndRescanSettled => text!(
            "In software that follows payments, look for settled invoices by date or payment hash once, \
             then take the newest settle index as the new start.",
            "在跟踪收款的软件里，按日期或付款哈希重新查找一遍已结算的发票，再以最新的结算编号作为新的起点。",
        ),
        Step::LndResyncAdd => text!(
            "Let software that remembers add indexes read all invoices anew, and join by payment hash.",
            "让记录了添加编号的软件重新读取所有发票，并按付款哈希对应。",
        ),
        Step::LndNoHandEdit => text!(
            "Do not edit the database by hand while LND runs, and not without a copy.",
            "不要在 LND 运行时手工修改数据库，也不要在没有副本的情况下修改。",
        ),
        Step::LndReport => text!(
            "Tell the developers of LND (github.com/lightningnetwork/lnd/issues), with the version and \
             this finding. Never attach databases, macaroons or seeds.",
            "告知 LND 的开发者（github.com/lightningnetwork/lnd/issues），附上版本号和这条结果。绝不要附上数据库、\
             macaroon 或种子。",
        ),
        // LND's migration. Options: sample-lnd.conf at v0.21.2.
        Step::LndCopyAll => text!(
            "Stop LND and wait until the process has ended. Then copy all of it before anything \
             else: the whole data directory, every -wal file included, or a dump of the whole \
             Postgres database. Work on the copy. Never start LND on a copy of its channels.",
            "停止 LND，等进程结束。然后先整个复制一份：整个数据目录（包括每个 -wal 文件），或整个 Postgres \
             数据库的转储。只在副本上查看。绝不要用通道数据的副本启动 LND。",
        ),
        Step::LndMigrateWithoutSkip => text!(
            "To migrate, start LND with db.use-native-sql=true and without \
             db.skip-native-sql-migration. The migration runs in one transaction: it comes to its \
             end or changes nothing in native SQL.",
            "要迁移，就用 db.use-native-sql=true 启动 LND，不要设 db.skip-native-sql-migration。迁移在一个事务\
             里进行：要么全部完成，要么原生 SQL 不变。",
        ),
        Step::LndNeverSkip => text!(
            "Do not set db.skip-native-sql-migration. It does not put the migration off: it \
             records it as done over an empty database, and it never runs again.",
            "不要设 db.skip-native-sql-migration。它不是推迟迁移，而是对着空数据库记下“已完成”，以后再也不会做。",
        ),
        Step::LndNeverEditMarks => text!(
            "Do not remove or write tombstones, marks or rows of migration_tracker by hand. Each \
             of them is only a part of the state; what is edited alone makes LND lock itself out, \
             migrate twice, or leave the database so that no start goes on.",
            "不要手工删除或写入墓碑、标记，或 migration_tracker 的行。每一个都只是状态的一部分，只改其中一个会让 \
             LND 把自己锁在外面、重复迁移，或者再也无法启动。",
        ),
        Step::LndStayNative => text!(
            "Keep db.use-native-sql=true from now on, and do not go back to an older release. What \
             is new since the migration is only in native SQL.",
            "从现在起一直保持 db.use-native-sql=true，也不要退回旧版本。迁移之后的新数据只在原生 SQL 里。",
        ),
        Step::LndKeepLeftBehind => text!(
            "Keep the key-value store: the invoices that were left behind are only there. Write \
             out what you need of them (fulgurite lnd invoices), for no release of LND will.",
            "保留键值存储：落下的发票只在那里。需要的话把它们导出来（fulgurite lnd invoices），因为没有任何 LND \
             版本会替你做。",
        ),
        Step::LndOneStore => text!(
            "Choose one store and stay with it: do not switch db.use-native-sql on and off. Each \
             switch adds invoices that the other side lacks.",
            "选定一边就不要再换：不要把 db.use-native-sql 开开关关。每换一次，就多出一些另一边没有的发票。",
        ),
        Step::LndRestoreNative => text!(
            "Put back a copy of native SQL from before it was edited or interrupted, with \
             its -wal. For the key-value store, which holds the channels, never put back an older \
             copy: old states of channels can cost the money in them.",
            "恢复在被改动或中断之前的原生 SQL 副本，连同它的 -wal。键值存储里是通道，绝不要恢复旧副本：通道的\
             旧状态可能让资金损失。",
        ),
        Step::LndAskDevelopers => text!(
            "Ask LND's developers (github.com/lightningnetwork/lnd/issues) before you change \
             anything, with the release, the log of the start and this finding. Never attach \
             databases, macaroons or seeds.",
            "改动之前先问 LND 的开发者（github.com/lightningnetwork/lnd/issues），附上版本号、启动日志和这条\
             结果。绝不要附上数据库、macaroon 或助记词。",
        ),
        Step::LndRightNetwork => text!(
            "Point LND at the database of the network that it is configured for, or configure the \
             network that the database belongs to. Do not share one Postgres database between \
             networks.",
            "让 LND 指向所配置网络的数据库，或把配置改成数据库所属的网络。不要让几个网络共用一个 Postgres 数据库。",
        ),
        Step::LndCheckNetwork => text!(
            "Before the next start look whether LND is configured for the right network: the first \
             start of v0.21 or later records it for good.",
            "下次启动之前，确认 LND 配置的网络是对的：v0.21 或更高版本第一次启动时会永久记下。",
        ),
        Step::LndUseDestination => text!(
            "Start LND with the backend that the data was copied to (db.backend), and keep the \
             retired file only as a record.",
            "用数据已复制到的后端（db.backend）启动 LND，退役的文件只留作存档。",
        ),
        Step::LndRestoreSource => text!(
            "If the copy is lost, do not take the tombstone off the old file after the node has \
             run elsewhere: its channels are out of date. Use the channel backup (SCB) instead.",
            "如果副本丢了，而节点已在别处运行过，不要去掉旧文件上的墓碑：里面的通道已经过时。请改用通道备份（SCB）。",
        ),
        Step::LndFinishCopy => text!(
            "As long as LND has not run on the copy: run lndinit migrate-db again until it says \
             that it has finished, then start LND on the copy only.",
            "只要 LND 还没有在副本上运行过：再次运行 lndinit migrate-db，直到它说已完成，然后只在副本上启动 LND。",
        ),
        Step::LndNeverRunBoth => text!(
            "Never run LND on two copies of the same channels, not one after the other either: the \
             older one publishes revoked states, and the other side may take all the money.",
            "绝不要在同一批通道的两份数据上运行 LND，先后运行也不行：较旧的一份会公布已作废的状态，对方可以拿走\
             全部资金。",
        ),
        Step::LndCopyWithWal => text!(
            "Stop LND, copy the file again together with its -wal, and read both.",
            "停止 LND，把文件连同它的 -wal 重新复制，再一起读取。",
        ),
        Step::LndNewerRelease => text!(
            "Run the newest release of LND that has worked on these stores, or a newer one.",
            "使用曾在这些数据上运行过的最新 LND 版本，或更新的版本。",
        ),
        Step::LndGiveBothSides => text!(
            "Read both sides together: channel.db or channel.sqlite, and lnd.sqlite, each with \
             its -wal; or the whole data directory; or a dump of the whole Postgres database.",
            "两边一起读取：channel.db 或 channel.sqlite，加上 lnd.sqlite，连同各自的 -wal；或整个数据目录；或整个 \
             Postgres 数据库的转储。",
        ),

        // Logs. Options: lightningd-config(5) of v24.11.2 and v26.06.6 (doc/lightningd-config.5.md).
        Step::LogHow => text!(
            "Read it with fulgurite log FILE; with --store gossip_store.corrupt the offsets in it \
             lead to their records. In the page, drop log and store together.",
            "用 fulgurite log FILE 读取；加上 --store gossip_store.corrupt，日志里的偏移会指向相应的记录。在页面里，\
             把日志和文件一起拖进来。",
        ),
        Step::LogWhichLog => text!(
            "Which log: the file named by log-file in lightningd's config; journalctl -u lightningd \
             -o short-iso (or -o export); docker logs -t; of LND, logs/bitcoin/mainnet/lnd.log in \
             its directory, and the older lnd.log.*.gz beside it.",
            "要哪份日志：lightningd 配置中 log-file 指定的文件；journalctl -u lightningd -o short-iso（或 -o \
             export）；docker logs -t；LND 则是其目录下的 logs/bitcoin/mainnet/lnd.log，以及旁边更早的 lnd.log.*.gz。",
        ),
        Step::LogKeepCorrupt => text!(
            "Copy gossip_store.corrupt (beside gossip_store) to another name now: the next accident \
             overwrites it. It holds all that was good.",
            "现在就把 gossip_store 旁边的 gossip_store.corrupt 复制成别的名字：下一次事故会覆盖它。完好的内容都在\
             里面。",
        ),
        Step::LogGiveStore => text!(
            "Give the file that the log speaks of: fulgurite log FILE --store gossip_store.corrupt.",
            "给出日志所说的那个文件：fulgurite log FILE --store gossip_store.corrupt。",
        ),
        Step::LogReadLines => text!(
            "Read those lines and what stands around them; their numbers are in the list.",
            "阅读这些行及其上下文；行号见列表。",
        ),
        Step::LogGentleRebuild => text!(
            "To spare a small machine while the graph is fetched anew: put a repaired store in place \
             instead, if there is one. Else, in lightningd's config, autoconnect-seeker-peers=0 (from \
             v24.11 on, default 10: no strangers are looked for), autolisten=false (nobody new \
             connects and syncs from here; not on a node that must be reached), log-level=info (the \
             flood of harmless lines stays out). Take them out again afterwards.",
            "为了在重新获取网络图期间减轻小机器的负担：如果有修复好的文件，直接换上。否则在 lightningd 配置中设置 \
             autoconnect-seeker-peers=0（自 v24.11 起，默认 10：不再寻找陌生节点）、autolisten=false（不再有新节点\
             连进来同步；必须能被连到的节点不要用）、log-level=info（无害的大量日志不再写出）。之后再去掉。",
        ),
        Step::LogGiveLndStores => text!(
            "Check copies of LND's stores as well: fulgurite check DIR says where the migration \
             stands, and fulgurite lnd rehearse which invoice stops it.",
            "也检查一下 LND 存储的副本：fulgurite check DIR 说明迁移到了哪一步，fulgurite lnd rehearse 指出是哪张发票\
             挡住了它。",
        ),
    }
}
