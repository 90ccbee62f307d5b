//! Words for the verdict, the one sentence that stands first: what it is, then what is left.

use super::Text;
use crate::report::Headline;

pub(super) fn headline(headline: Headline) -> Text {
    match headline {
        Headline::Healthy => text!(
            "Healthy: every checksum holds and nothing speaks against the file. {records:n \
             record|records}, {channels:n channel|channels}, {nodes:n node|nodes}.",
            "健康：所有校验和都相符，没有发现问题。{records:n} 条记录，{channels:n} 条通道，{nodes:n} 个节点。",
        ),
        Headline::TornTail => text!(
            "Only the end of the file is damaged (power loss, or a copy of a running node). Everything \
             before offset {offset} is whole: {records:n record|records}, {channels:n \
             channel|channels}. lightningd from v26.04 on would throw all of it away, or not start.",
            "只有文件末尾损坏（断电，或者复制了正在运行的节点的文件）。偏移 {offset} 之前全部完好：{records:n} \
             条记录，{channels:n} 条通道。lightningd 自 v26.04 起会把它们全部丢弃，或者无法启动。",
        ),
        Headline::ZeroRun => text!(
            "Zeros stand in the file where data should be: {bytes:n byte|bytes} are affected from \
             offset {offset} on. Whole are {records:n record|records}, {channels:n \
             channel|channels}.[lost| Known lost: {lost:n record|records}.][uncounted| In \
             {uncounted:n place|places} the loss cannot be counted.]",
            "文件中本该有数据的地方成了零：从偏移 {offset} 起 {bytes:n} 个字节受影响。完好的有 {records:n} \
             条记录，{channels:n} 条通道。[lost|已知丢失 {lost:n} 条记录。][uncounted|另有 {uncounted:n} 处\
             无法统计损失。]",
        ),
        Headline::Damaged => text!(
            "Damaged inside[wounds|, in {wounds:n place|places}], first at offset {offset}. Whole are \
             {records:n record|records}, {channels:n channel|channels}.[lost| Known lost: {lost:n \
             record|records}.][uncounted| In {uncounted:n place|places} the loss cannot be \
             counted.] Left to itself, lightningd may throw the whole file away.",
            "文件内部损坏[wounds|，共 {wounds:n} 处]，第一处在偏移 {offset}。完好的有 {records:n} 条记录，{channels:n} \
             条通道。[lost|已知丢失 {lost:n} 条记录。][uncounted|另有 {uncounted:n} 处无法统计损失。]如果不\
             处理，lightningd 可能会丢弃整个文件。",
        ),
        Headline::SecondStore => text!(
            "A second store begins inside the file, at offset {offset}. lightningd from v26.04 on would \
             throw both away. Whole are {records:n record|records}, {channels:n channel|channels}.",
            "文件中间又开始了另一个 gossip_store，位于偏移 {offset}。lightningd 自 v26.04 起会把两者都丢弃。\
             完好的有 {records:n} 条记录，{channels:n} 条通道。",
        ),
        Headline::Duplicates => text!(
            "Some records or channels stand in the file twice, first at offset {offset}. lightningd from \
             v25.02 on throws the whole file away where a channel is announced twice. {records:n \
             record|records}, {channels:n channel|channels} can be read.",
            "有些记录或通道在文件中出现了两次，第一处在偏移 {offset}。只要有通道公告了两次，lightningd 自 \
             v25.02 起就会丢弃整个文件。可读的有 {records:n} 条记录，{channels:n} 条通道。",
        ),
        Headline::BadSignatures => text!(
            "Every checksum holds, but not every signature: some live records are not what their \
             signers signed, first at offset {offset}. lightningd does not notice; its peers \
             refuse them. {records:n record|records}, {channels:n channel|channels}, {nodes:n \
             node|nodes}.",
            "校验和都相符，但并非所有签名都成立：有些有效记录不是签名者当初签下的内容，第一处在偏移 \
             {offset}。lightningd 不会察觉，而对等节点会拒收。{records:n} 条记录，{channels:n} 条通道，\
             {nodes:n} 个节点。",
        ),
        Headline::Orphans => text!(
            "No byte is damaged, but some records lack the channel they belong to, or stand before it. \
             lightningd skips those; its peers fill the gaps in time. {channels:n \
             channel|channels}, {nodes:n node|nodes}.",
            "没有字节损坏，但有些记录缺少所属的通道，或者排在它之前。lightningd 会跳过这些记录，对等节点会\
             逐渐补上缺口。{channels:n} 条通道，{nodes:n} 个节点。",
        ),
        Headline::HiddenAlias => text!(
            "No byte is damaged, but some nodes are shown without their alias, because it stands in the \
             file before their first channel. {channels:n channel|channels}, {nodes:n \
             node|nodes}.",
            "没有字节损坏，但有些节点显示不出别名，因为别名在文件里排在节点的第一条通道之前。{channels:n} 条\
             通道，{nodes:n} 个节点。",
        ),
        Headline::Bloat => text!(
            "No byte is damaged, but the file is mostly dead weight: of {records:n record|records} in \
             {size:n bytes} only {live:n} are live.",
            "没有字节损坏，但文件大多是无用的内容：{size:n} 字节中有 {records:n} 条记录，有效的只有 {live:n} 条。",
        ),
        Headline::Readvertising => text!(
            "No byte is damaged, but the node probably tells its peers the same again and again: expect \
             high upload. {live:n live record|live records}, {channels:n channel|channels}.",
            "没有字节损坏，但节点可能在反复向对等节点发送同样的内容，上行流量会很高。{live:n} 条有效记录，\
             {channels:n} 条通道。",
        ),
        Headline::Version => text!(
            "The version does not fit: the file says {version}, which current releases of lightningd do \
             not read, or which is not that of its records. {records:n record|records} can be \
             read here.",
            "版本不合：文件写着版本 {version}，当前的 lightningd 读不了，或者它与记录不符。这里能读出 \
             {records:n} 条记录。",
        ),
        Headline::TooOld => text!(
            "Readable, but too old to be worth putting back: lightningd would soon drop almost all of \
             its {channels:n channel|channels}.",
            "可以读取，但太旧了，不值得再放回去：其中的 {channels:n} 条通道，lightningd 很快就会移除几乎全部。",
        ),
        Headline::Empty => text!(
            "The file is empty: nothing is left in it. lightningd can fetch the graph again from its \
             peers; no channel and no money is at stake.",
            "文件是空的，什么都没有留下。lightningd 可以从对等节点重新获取网络图，通道和资金都不受影响。",
        ),
        Headline::AllZero => text!(
            "All {size:n bytes} are zero: nothing is left in the file. lightningd can fetch the graph \
             again from its peers; no channel and no money is at stake.",
            "全部 {size:n} 个字节都是零，文件里什么都没有留下。lightningd 可以从对等节点重新获取网络图，通道\
             和资金都不受影响。",
        ),
        Headline::WrongFile => text!(
            "This is not a gossip_store. What it is, and what to do with it, stands below.",
            "这不是 gossip_store。它是什么、该怎么处理，见下文。",
        ),
        Headline::NotStill => text!(
            "Not a still copy: the file changed while it was read, so nothing said of it is certain. \
             Copy it again from a stopped node.",
            "这不是静止的副本：文件在读取期间发生了变化，因此任何结论都不确定。请停止节点后重新复制。",
        ),
        Headline::LndMigrated => text!(
            "LND has migrated to native SQL, and nothing was left behind[sql_invoices|: \
             {sql_invoices:n invoice|invoices}]. Keep native SQL on; there is no way back.",
            "LND 已迁移到原生 SQL，没有落下什么[sql_invoices|：共 {sql_invoices:n} 张发票]。请一直开着原生 \
             SQL，不能再退回去。",
        ),
        Headline::LndNotMigrated => text!(
            "LND has not migrated: {kv_invoices:n invoice is|invoices are} in the key-value store. \
             With native SQL on, the next start migrates, and there is no way back.",
            "LND 尚未迁移：{kv_invoices:n} 张发票在键值存储里。若打开原生 SQL，下次启动就会迁移，之后不能再退回去。",
        ),
        Headline::LndNative => text!(
            "Nothing to migrate: the key-value store has no invoices.",
            "没有要迁移的：键值存储里没有发票。",
        ),
        Headline::LndCrashWindow => text!(
            "The migration did not commit, but nothing is lost: {kv_invoices:n invoice is|invoices \
             are} intact in the key-value store. Start LND with native SQL on, and never with \
             skip-native-sql-migration: that would make the loss permanent.",
            "迁移没有提交，但什么都没丢：{kv_invoices:n} 张发票在键值存储里完好。请打开原生 SQL 启动 LND，千万\
             不要设 skip-native-sql-migration，否则损失就成了永久的。",
        ),
        Headline::LndPassedOver => text!(
            "The migration was passed over: {left_behind:n invoice is|invoices are} in the \
             key-value store and out of LND's sight for good. They are still on disk: keep that \
             store.",
            "迁移被跳过：{left_behind:n} 张发票在键值存储里，LND 再也看不到。它们还在磁盘上，请保留那个存储。",
        ),
        Headline::LndSplitBrain => text!(
            "LND ran on both stores after the migration: each has invoices that the other lacks, \
             and no start brings them together.",
            "迁移之后 LND 在两边都运行过：各有对方没有的发票，启动多少次也不会合并。",
        ),
        Headline::LndRetired => text!(
            "This bbolt file is retired: its data was copied to another backend ({reads}). LND \
             refuses it; use the copy.",
            "这个 bbolt 文件已退役：数据已复制到别的后端（{reads}）。LND 拒绝打开它，请使用副本。",
        ),
        Headline::LndHalfCopied => text!(
            "A copy to another backend was never finished, and LND would start on it all the same. \
             Do not start it.",
            "复制到别的后端没有完成，而 LND 照样会在上面启动。不要启动。",
        ),
        Headline::LndRefuses => text!(
            "LND would not start on this. Why, and in which configuration it would, stands below.",
            "LND 不会在这上面启动。原因以及在哪种配置下能启动，见下文。",
        ),
        Headline::LndDoNotStart => text!(
            "Do not start LND on this: the database contradicts its own record of migrations, and \
             a start may leave it so that no later start goes on.",
            "不要在这上面启动 LND：数据库与自己的迁移记录矛盾，启动之后可能再也起不来。",
        ),
        Headline::LndIncomplete => text!(
            "The copy is incomplete: a database in it is empty without its write-ahead log (-wal). \
             Copy it again with every -wal; nothing can be said of the node before.",
            "副本不完整：其中一个数据库没有预写日志（-wal）就是空的。请连同每个 -wal 重新复制；在那之前无法判断节点的状态。",
        ),
        Headline::LndUnread => text!(
            "Only one side was given, and it is not enough: the key-value store and native SQL must \
             be read together.",
            "只给出了一边，不足以判断：键值存储和原生 SQL 要一起读。",
        ),
        Headline::LndSidesAgree => text!(
            "Nothing was lost: {same:n invoice is|invoices are} on both sides, field by field the \
             same, or what LND made of them since.",
            "什么都没有丢：{same:n} 张发票两边都有，逐项相同，或只有 LND 此后正常处理的变化。",
        ),
        Headline::LndSidesDiffer => text!(
            "The two sides do not fit together: {missing:n invoice is|invoices are} missing, \
             {left_behind:n} were left behind, {differing:n} differ, {extra:n} cannot have come from \
             here; {same:n} fit.",
            "两边对不上：缺少 {missing:n} 张发票，落下 {left_behind:n} 张，{differing:n} 张不同，{extra:n} 张不\
             可能来自这里；{same:n} 张相符。",
        ),
        Headline::LndWouldMigrate => text!(
            "The migration by {release} would succeed: all {brought:n invoice comes|invoices come} \
             over as they are.",
            "由 {release} 迁移会成功：{brought:n} 张发票都会原样迁移过去。",
        ),
        Headline::LndWouldLose => text!(
            "The migration by {release} would succeed, and lose or change {quiet:n \
             invoice|invoices} without an error.",
            "由 {release} 迁移会成功，但会不报错地丢失或改变 {quiet:n} 张发票。",
        ),
        Headline::LndWouldFail => text!(
            "The migration by {release} would fail[add_index| at the invoice with add index \
             {add_index}], and LND would not start with native SQL on[lnd_error|: {lnd_error}]. \
             {offenders:n thing stands|things stand} in its way.",
            "由 {release} 迁移会失败[add_index|，停在添加编号为 {add_index} 的发票]，开着原生 SQL 时 LND \
             无法启动[lnd_error|：{lnd_error}]。共有 {offenders:n} 处障碍。",
        ),
        Headline::LndNoRehearsal => text!(
            "There is no migration to rehearse: the invoices were migrated already, or passed over \
             for good.",
            "没有可演练的迁移：发票已经迁移，或已被永久跳过。",
        ),
        Headline::LndDamaged => text!(
            "LND's stores are damaged, or not what they should be. What and where stands below.",
            "LND 的存储有损坏，或者不是应有的样子。哪里、怎么了，见下文。",
        ),
        // Logs.
        Headline::LogStoreLost => text!(
            "By this log lightningd gave its store up {moves:n time|times}: the graph was fetched \
             again from nothing. {lines:n line|lines}, {starts:n start|starts}.",
            "按这份日志，lightningd 放弃了文件 {moves:n} 次：网络图从零重新获取。共 {lines:n} 行，启动 {starts:n} 次。",
        ),
        Headline::LogStoreDamaged => text!(
            "This log tells {wounds:n time|times} of a damaged store. It was not given up. {lines:n \
             line|lines}, {starts:n start|starts}.",
            "这份日志 {wounds:n} 次提到文件损坏，但文件没有被放弃。共 {lines:n} 行，启动 {starts:n} 次。",
        ),
        Headline::LogTrouble => text!(
            "This log tells nothing of a damaged store, but not all is as it should be. {lines:n \
             line|lines}, {starts:n start|starts}.",
            "这份日志没有提到文件损坏，但并非一切正常。共 {lines:n} 行，启动 {starts:n} 次。",
        ),
        Headline::LogFlood => text!(
            "Much noise, nothing wrong: “Bad gossip order” {floods:n time|times} from {peers:n \
             peer|peers}. {lines:n line|lines}, {starts:n start|starts}.",
            "吵闹，但没有问题：“Bad gossip order” {floods:n} 次，来自 {peers:n} 个对等节点。共 {lines:n} 行，启动 \
             {starts:n} 次。",
        ),
        Headline::LogCalm => text!(
            "Nothing in this log speaks against the stores. {lines:n line|lines}, {starts:n \
             start|starts}.",
            "日志里没有对存储不利的内容。共 {lines:n} 行，启动 {starts:n} 次。",
        ),
        Headline::LogUnknown => text!(
            "None of {lines:n line|lines} is one that is looked for.",
            "{lines:n} 行里没有一行是要找的内容。",
        ),
        Headline::LogLndFailed => text!(
            "By this log LND did not get through[what_moves|: the migration of {what_moves}][lnd_error| \
             failed with: {lnd_error}]. {lines:n line|lines}, {starts:n start|starts}.",
            "按这份日志，LND 没有成功[what_moves|：{what_moves}的迁移][lnd_error|失败：{lnd_error}]。共 \
             {lines:n} 行，启动 {starts:n} 次。",
        ),
        Headline::LogLndUnfinished => text!(
            "By this log the migration of {what_moves} did not come to its end. {lines:n \
             line|lines}, {starts:n start|starts}.",
            "按这份日志，{what_moves}的迁移没有做完。共 {lines:n} 行，启动 {starts:n} 次。",
        ),
        Headline::LogLndMigrated => text!(
            "By this log LND's migrations were finished. {lines:n line|lines}, {starts:n \
             start|starts}.",
            "按这份日志，LND 的迁移都已完成。共 {lines:n} 行，启动 {starts:n} 次。",
        ),
    }
}
