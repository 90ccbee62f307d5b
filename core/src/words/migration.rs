//! Words for LND's migration to native SQL: findings, states, and where a start of LND ends.
//!
//! Three things are called a tombstone; here each has its own name (see
//! [`crate::lnd::migration`]).

use alloc::string::String;

use super::{Language, Text, render};
use crate::finding::{Value, Values};
use crate::lnd::migration::{
    Caution, Decision, Loss, Mark, Outcome, Part, Stage, StateKind, Store, What,
};

mod findings;

pub(super) use findings::*;

/// What a side is called.
pub fn side(side: Store) -> Text {
    match side {
        Store::Kv => text!("key-value store", "键值存储"),
        Store::Sql => text!("native SQL", "原生 SQL"),
    }
}

/// Where the stores are, in a sentence.
pub fn state(kind: StateKind) -> Text {
    match kind {
        StateKind::Unread => text!(
            "Only one side was given, and it is not enough to tell the state.",
            "只给出了一边的数据，不足以判断状态。",
        ),
        StateKind::Fresh => text!(
            "Fresh: no invoices on either side, nothing was migrated.",
            "全新：两边都没有发票，也没有迁移过。",
        ),
        StateKind::NotMigrated => text!(
            "Not migrated: the invoices are in the key-value store.",
            "尚未迁移：发票在键值存储里。",
        ),
        StateKind::Migrated => text!(
            "Migrated: the invoices are in native SQL, and the key-value store is locked by the \
             invoice tombstone. There is no way back.",
            "已迁移：发票在原生 SQL 里，键值存储已被发票墓碑锁住，不能再退回去。",
        ),
        StateKind::TombstoneWithoutTracker => text!(
            "The migration did not commit: the invoice tombstone stands, native SQL is not \
             complete. The invoices are intact in the key-value store.",
            "迁移没有提交：发票墓碑已写下，原生 SQL 却不完整。发票在键值存储里完好。",
        ),
        StateKind::Skipped => text!(
            "The migration was passed over: native SQL counts it as done, but the invoices are \
             still only in the key-value store.",
            "迁移被跳过：原生 SQL 认为已完成，但发票仍只在键值存储里。",
        ),
        StateKind::SkippedBehindTombstone => text!(
            "The migration was passed over behind an invoice tombstone: the invoices are only in \
             the key-value store, which LND refuses.",
            "迁移在有发票墓碑的情况下被跳过：发票只在键值存储里，而 LND 拒绝使用它。",
        ),
        StateKind::TombstoneLost => text!(
            "Migrated, but the invoice tombstone is missing: nothing stops LND from starting on \
             the old key-value store.",
            "已迁移，但发票墓碑不见了：没有什么能阻止 LND 在旧的键值存储上启动。",
        ),
        StateKind::NativeOnly => text!(
            "In native SQL from the beginning: the key-value store has no invoices.",
            "从一开始就用原生 SQL：键值存储里没有发票。",
        ),
        StateKind::RetiredBolt => text!(
            "A bbolt file that lndinit retired after copying it (data-migration tombstone).",
            "lndinit 复制之后退役的 bbolt 文件（数据迁移墓碑）。",
        ),
        StateKind::HalfCopied => text!(
            "A copy from bbolt to another backend was never finished.",
            "从 bbolt 到别的后端的复制没有完成。",
        ),
        StateKind::CopyUnmarked => text!(
            "The bbolt file is retired, but its copy lacks the mark of a finished one.",
            "bbolt 文件已退役，但副本缺少“已完成”的标记。",
        ),
        StateKind::DirtyIgnored => text!(
            "The schema is marked as half done; LND does not look as long as nothing is pending.",
            "表结构被标为未完成；只要没有待做的迁移，LND 就不看。",
        ),
        StateKind::DirtyBlocking => text!(
            "The schema is marked as half done, and LND stops at it.",
            "表结构被标为未完成，LND 会停在这里。",
        ),
        StateKind::TrackerAhead => text!(
            "The tracker promises more than the database holds: tables are missing that LND never \
             makes again.",
            "迁移记录超前于数据库：缺少的表 LND 不会再建。",
        ),
        StateKind::SchemaAhead => text!(
            "The database holds more than the tracker says: a start of LND would migrate again what \
             is there, fail half way, and no later start would go on.",
            "数据库超前于迁移记录：LND 启动时会把已有的内容再迁移一遍，中途失败，之后再也无法启动。",
        ),
        StateKind::NetworkMismatch => text!(
            "The database was used with another network than the one LND is configured for.",
            "数据库曾用于另一个网络，与 LND 配置的不同。",
        ),
        StateKind::NetworkUnset => text!(
            "No network is recorded yet: the next start records the one it is configured for.",
            "还没有记录网络：下次启动会记下当时配置的网络。",
        ),
        StateKind::ScratchRows => text!(
            "A scratch table of the migration holds rows; LND always leaves it empty.",
            "迁移用的临时表里有数据；LND 用完总会清空。",
        ),
        StateKind::CanceledOrphans => text!(
            "Canceled invoices that no index leads to are still on disk: LND's own clean-up \
             leaves them there. Harmless, and not migrated.",
            "磁盘上还有索引够不到的已取消发票：是 LND 自己的清理留下的。无害，也不会被迁移。",
        ),
    }
}

/// What happens in one configuration: the template of a sentence. [`decision`] fills it.
pub fn outcome(outcome: &Outcome) -> Text {
    match outcome {
        Outcome::Proceeds { on: Store::Sql, .. } => text!(
            "LND runs on native SQL.[ignored| It does not look at: {ignored}.]",
            "LND 在原生 SQL 上运行。[ignored|它不看：{ignored}。]",
        ),
        Outcome::Proceeds { on: Store::Kv, .. } => text!(
            "LND runs on the key-value store.[ignored| It does not look at what native SQL has: \
             {ignored}.]",
            "LND 在键值存储上运行。[ignored|它不看原生 SQL 里的：{ignored}。]",
        ),
        Outcome::Migrates { .. } => text!(
            "LND migrates to native SQL, then runs on it: {parts}.",
            "LND 先迁移到原生 SQL，然后在上面运行：{parts}。",
        ),
        Outcome::Refuses { exact: true, .. } => {
            text!("LND does not start ({at}): {error}", "LND 不启动（{at}）：{error}",)
        }
        Outcome::Refuses { exact: false, .. } => text!(
            "LND does not start ({at}), with an error like: {error}",
            "LND 不启动（{at}），错误大致是：{error}",
        ),
        Outcome::Breaks { .. } => text!(
            "The databases open, then LND stops at the first query of the table {table}: {error}",
            "数据库能打开，但 LND 第一次查询表 {table} 时就停下：{error}",
        ),
        Outcome::Unknown { unread: Store::Kv } => text!(
            "Cannot be told: the key-value store of this backend was not given.",
            "无法判断：没有给出这个后端的键值存储。",
        ),
        Outcome::Unknown { unread: Store::Sql } => text!(
            "Cannot be told: native SQL of this backend was not given.",
            "无法判断：没有给出这个后端的原生 SQL。",
        ),
    }
}

/// What would be lost: the template of a sentence. [`lost`] fills it.
pub fn loss(loss: &Loss) -> Text {
    match loss {
        Loss::PassedOver { .. } => text!(
            "Left behind for good: {part}. The migration is recorded as done and never runs \
             again; the data stays on disk, out of LND's sight.",
            "永久落下：{part}。迁移被记为已完成，不会再做；数据还在磁盘上，但 LND 看不到。",
        ),
        Loss::Unseen { .. } => text!(
            "Out of sight as long as native SQL is off: {part}.",
            "只要原生 SQL 关着就看不到：{part}。",
        ),
    }
}

/// What stays on disk: the template of a sentence. [`left`] fills it.
pub fn mark(mark: &Mark) -> Text {
    match mark {
        Mark::InvoiceTombstone => text!(
            "Writes the invoice tombstone: from then on LND does not start without native SQL.",
            "写下发票墓碑：此后不开原生 SQL，LND 就不启动。",
        ),
        Mark::Tracker { .. } => {
            text!("Moves the record of migrations to {version}.", "迁移记录移到 {version}。",)
        }
        Mark::Dbp { .. } => text!(
            "Raises the key-value store to version {version}: older releases refuse it then.",
            "把键值存储升到版本 {version}：之后旧版本会拒绝它。",
        ),
        Mark::Network { network: Some(_) } => {
            text!("Records the network for good: {network}.", "永久记下网络：{network}。",)
        }
        Mark::Network { network: None } => text!(
            "Records for good the network that it is configured for.",
            "永久记下当时配置的网络。",
        ),
    }
}

/// What to know beside the outcome, in a sentence.
pub fn caution(caution: Caution) -> Text {
    match caution {
        Caution::SettleSequenceRestarts => text!(
            "After the migration the next settled invoice gets settle index 1 again; software that \
             resumes at its old index misses payments.",
            "迁移之后，下一张结算的发票又从结算序号 1 开始；从旧序号继续的软件会漏掉付款。",
        ),
        Caution::SettleSequenceBehind => text!(
            "The sequence of settle indexes is behind: new settlements get numbers that older ones \
             have already.",
            "结算序号落后了：新结算的发票会得到旧发票已用过的序号。",
        ),
        Caution::SplitBrain => text!(
            "Both stores have invoices: from here they go their own ways.",
            "两边都有发票：从此各走各的。",
        ),
        Caution::NewerTracker => text!(
            "The database was migrated by a newer release, which this one does not notice.",
            "数据库由更新的版本迁移过，这个版本察觉不到。",
        ),
        Caution::StaleGraph => text!(
            "The graph comes from the key-value store and is out of date.",
            "网络图取自键值存储，已经过时。",
        ),
        Caution::StalePayments => text!(
            "Payments come from the key-value store, which lacks those made since the migration.",
            "付款记录取自键值存储，缺少迁移之后的付款。",
        ),
        Caution::TombstoneUnknown => text!(
            "This release does not know the invoice tombstone and starts on the locked store.",
            "这个版本不认识发票墓碑，会在已锁住的存储上启动。",
        ),
        Caution::DirtyIgnored => text!(
            "The schema is marked as half done; this start does not look.",
            "表结构被标为未完成；这次启动不看。",
        ),
        Caution::DirtyReset => text!(
            "The schema is marked as half done by v0.19.0-rc1; LND puts that right by itself.",
            "表结构被 v0.19.0-rc1 标为未完成；LND 会自行修正。",
        ),
        Caution::RunsAgain => text!(
            "A migration runs again over tables that hold rows: it may stop, or bring back old data.",
            "迁移会在已有数据的表上再跑一遍：可能中止，也可能带回旧数据。",
        ),
        Caution::AddedBehind => text!(
            "Native SQL has invoices of its own: those brought over get higher numbers than newer \
             ones.",
            "原生 SQL 已有自己的发票：迁移过来的旧发票编号反而更大。",
        ),
        Caution::PartialCopy => text!(
            "The key-value store is a copy that may never have been finished; LND does not look.",
            "键值存储可能是没有完成的副本；LND 不检查。",
        ),
        Caution::BoltBeside => text!(
            "A bbolt file that is not retired lies beside; LND only warns.",
            "旁边有没有退役的 bbolt 文件；LND 只会警告。",
        ),
        Caution::WrongNetwork => text!(
            "The database is of another network, and this start does not notice.",
            "数据库属于另一个网络，这次启动察觉不到。",
        ),
        Caution::DbpTakenAsLatest => text!(
            "The key-value store has no version: taken for the newest, its migrations are passed \
             over.",
            "键值存储没有版本号：被当成最新，它的迁移会被跳过。",
        ),
        Caution::DbpRecovered => text!(
            "The key-value store has no version; LND puts that right by itself.",
            "键值存储没有版本号；LND 会自行补上。",
        ),
        Caution::EmptyStore => text!(
            "This backend has no store here: LND begins an empty one, without any channel.",
            "这个后端在这里没有存储：LND 会新建一个空的，里面没有任何通道。",
        ),
        Caution::KvUnread => text!(
            "The key-value store was not given; it is taken to be sound.",
            "没有给出键值存储；假定它完好。",
        ),
        Caution::SqlUnread => text!(
            "Native SQL was not given; it is taken not to exist.",
            "没有给出原生 SQL；假定它不存在。",
        ),
        Caution::PartlyRead => text!(
            "Parts could not be read: counts may be too low.",
            "有些部分读不出来：数量可能偏低。",
        ),
        Caution::MaybeStale => text!(
            "The copy may be older than the node: LND may find something else.",
            "副本可能比节点旧：LND 看到的可能不同。",
        ),
    }
}

/// A stage of LND's start-up, in a few words.
pub fn stage(stage: Stage) -> Text {
    match stage {
        Stage::Config => text!("while reading its configuration", "读取配置时"),
        Stage::Open => text!("while opening the databases", "打开数据库时"),
        Stage::ChannelDb => text!("at the channel database", "检查通道数据库时"),
        Stage::Migrations => text!("while migrating", "迁移时"),
        Stage::Network => text!("while comparing the network", "核对网络时"),
        Stage::Tombstone => text!("at the invoice tombstone", "检查发票墓碑时"),
    }
}

/// What is meant: the template with its count, if there is one.
pub fn what(what: What, counted: bool) -> Text {
    match (what, counted) {
        (What::Invoices, true) => text!("{count:n invoice|invoices}", "{count:n} 张发票"),
        (What::Invoices, false) => text!("invoices", "发票"),
        (What::Graph, true) => {
            text!("the graph ({count:n channel|channels})", "网络图（{count:n} 条通道）")
        }
        (What::Graph, false) => text!("the graph", "网络图"),
        (What::Payments, true) => text!("{count:n payment|payments}", "{count:n} 笔付款"),
        (What::Payments, false) => text!("payments", "付款"),
    }
}

/// One part, with its count.
pub fn part(part: &Part, language: Language) -> String {
    let values = Values::new().with_some("count", part.count);
    render(what(part.what, part.count.is_some()).get(language), &values, language)
}

fn parts(list: &[Part], language: Language) -> Value {
    Value::List(list.iter().map(|one| Value::Text(part(one, language))).collect())
}

/// What happens in one configuration, in a sentence.
pub fn decision(decision: &Decision, language: Language) -> String {
    let values = match &decision.outcome {
        Outcome::Proceeds { ignored, .. } => Values::new()
            .with_some("ignored", (!ignored.is_empty()).then(|| parts(ignored, language))),
        Outcome::Migrates { parts: list } => Values::new().with("parts", parts(list, language)),
        Outcome::Refuses { at, error, .. } => {
            Values::new().with("at", stage(*at).get(language)).with("error", error.as_str())
        }
        Outcome::Breaks { table, error } => {
            Values::new().with("table", table.as_str()).with("error", error.as_str())
        }
        Outcome::Unknown { .. } => Values::new(),
    };
    render(outcome(&decision.outcome).get(language), &values, language)
}

/// What would be lost, in a sentence.
pub fn lost(lost: &Loss, language: Language) -> String {
    let values = match lost {
        Loss::PassedOver { part: one } | Loss::Unseen { part: one } => {
            Values::new().with("part", part(one, language))
        }
    };
    render(loss(lost).get(language), &values, language)
}

/// What stays on disk, in a sentence.
pub fn left(left: &Mark, language: Language) -> String {
    let values = match left {
        Mark::InvoiceTombstone | Mark::Network { network: None } => Values::new(),
        Mark::Tracker { version } | Mark::Dbp { version } => {
            Values::new().with("version", *version)
        }
        Mark::Network { network: Some(network) } => Values::new().with("network", network.as_str()),
    };
    render(mark(left).get(language), &values, language)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;
    use crate::words::render::{Piece, Pieces};

    fn slots(template: &str) -> Vec<String> {
        let mut names: Vec<String> = Pieces(template)
            .flat_map(|piece| match piece {
                Piece::Slot { name, .. } => vec![name.to_string()],
                Piece::If { then, .. } => slots(then),
                Piece::Literal(_) => Vec::new(),
            })
            .collect();
        names.sort();
        names
    }

    fn outcomes() -> Vec<Outcome> {
        let part = |count| Part { what: What::Payments, count };
        let refuses = |exact| Outcome::Refuses {
            at: Stage::Tombstone,
            error: "invoices bucket tombstoned".into(),
            exact,
            log: None,
        };
        vec![
            Outcome::Proceeds { on: Store::Sql, ignored: vec![part(None)] },
            Outcome::Proceeds { on: Store::Kv, ignored: Vec::new() },
            Outcome::Migrates { parts: vec![part(Some(1)), part(Some(2))] },
            refuses(true),
            refuses(false),
            Outcome::Breaks { table: "payments".into(), error: "no such table".into() },
            Outcome::Unknown { unread: Store::Kv },
            Outcome::Unknown { unread: Store::Sql },
        ]
    }

    #[test]
    fn both_languages_say_the_same_and_leave_nothing_open() {
        let losses = [
            Loss::PassedOver { part: Part { what: What::Invoices, count: Some(3) } },
            Loss::Unseen { part: Part { what: What::Graph, count: None } },
        ];
        let marks = [
            Mark::InvoiceTombstone,
            Mark::Tracker { version: 18 },
            Mark::Dbp { version: 35 },
            Mark::Network { network: Some("regtest".into()) },
            Mark::Network { network: None },
        ];
        let texts = (outcomes().iter().map(outcome))
            .chain(losses.iter().map(loss))
            .chain(marks.iter().map(mark))
            .chain(StateKind::ALL.iter().map(|kind| state(*kind)))
            .chain(Caution::ALL.iter().map(|one| caution(*one)))
            .chain(Stage::ALL.iter().map(|one| stage(*one)))
            .chain(
                [true, false]
                    .iter()
                    .flat_map(|counted| What::ALL.iter().map(move |one| what(*one, *counted))),
            )
            .collect::<Vec<_>>();
        for Text { en, zh } in texts {
            assert_eq!(slots(en), slots(zh), "{en}");
            assert!(zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{zh}");
            assert!(!zh.contains(", ") && !en.contains("  ") && !zh.contains("  "), "{en} {zh}");
        }
        for language in Language::ALL {
            for one in outcomes() {
                let one = Decision {
                    outcome: one,
                    loses: Vec::new(),
                    marks: Vec::new(),
                    warnings: Vec::new(),
                    confidence: crate::finding::Confidence::Certain,
                };
                assert!(!decision(&one, language).contains(['?', '{', '[']), "{one:?}");
            }
            for one in &losses {
                assert!(!lost(one, language).contains(['?', '{', '[']), "{one:?}");
            }
            for one in &marks {
                assert!(!left(one, language).contains(['?', '{', '[']), "{one:?}");
            }
        }
    }

    #[test]
    fn a_decision_counts_what_it_moves() {
        let [_, _, migrates, refuses, ..] = &outcomes()[..] else { unreachable!() };
        let of = |outcome: &Outcome| Decision {
            outcome: outcome.clone(),
            loses: Vec::new(),
            marks: Vec::new(),
            warnings: Vec::new(),
            confidence: crate::finding::Confidence::Certain,
        };
        assert_eq!(
            decision(&of(migrates), Language::English),
            "LND migrates to native SQL, then runs on it: 1 payment, 2 payments.",
        );
        assert_eq!(
            decision(&of(refuses), Language::English),
            "LND does not start (at the invoice tombstone): invoices bucket tombstoned",
        );
    }
}
