//! Words for the plan of a repair, and for putting the repaired store in its place.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Language, Text, render};
use crate::finding::Values;
use crate::gossip::salvage::{Action, Mend, Plan, Proof, Reason};

/// What is done with a run of records, in a word.
pub fn action(action: Action) -> Text {
    match action {
        Action::Keep => text!("kept", "保留"),
        Action::Mend => text!("mended", "修复"),
        Action::Move => text!("moved", "移位"),
        Action::Drop => text!("dropped", "舍弃"),
        Action::Lose => text!("unreadable", "无法读取"),
    }
}

/// Why records are dropped.
pub fn reason(reason: Reason) -> Text {
    match reason {
        Reason::Dead => text!(
            "already marked DELETED; lightningd drops them too",
            "本来就已标为 DELETED，lightningd 自己也会丢弃"
        ),
        Reason::Superseded => text!("a newer one is there", "已有更新的一条"),
        Reason::Duplicate => text!("the same is there already", "同样的内容已经有了"),
        Reason::NoAnnouncement => {
            text!("the channel's announcement is lost", "所属通道的公告已丢失")
        }
        Reason::NoChannel => text!("the node has no channel left", "该节点已没有通道"),
        Reason::NoAmount => text!("the channel's amount is lost", "该通道的金额记录已丢失"),
        Reason::Tombstone => {
            text!("the channel was deleted (a tombstone says so)", "通道已被删除（有删除标记记录）")
        }
        Reason::DeletedInNewer => {
            text!("a newer store has deleted the channel", "较新的文件里该通道已被删除")
        }
        Reason::DyingInNewer => text!(
            "a newer store saw the channel's funding output spent",
            "较新的文件里该通道的注资输出已被花费"
        ),
        Reason::Applied => text!("its work is done", "已经生效，不再需要"),
        Reason::UnknownType => text!("no release knows its type", "没有任何版本认识这种类型"),
        Reason::Malformed => text!("its content does not fit its type", "内容与类型不符"),
        Reason::Contradiction => text!(
            "header and message contradict each other, and nothing proves which is right",
            "记录头与消息互相矛盾，无法证明哪个正确"
        ),
        Reason::Unproven => text!(
            "found inside a damaged span, without signatures that hold",
            "位于损坏的区段之内，且没有有效的签名"
        ),
        Reason::Ended => text!(
            "it says that the file was replaced; lightningd crashes on it",
            "它表示文件已被替换；lightningd 读到会崩溃"
        ),
        Reason::Uuid => text!("the repaired store has its own", "修复后的文件有自己的 uuid"),
        Reason::Private => text!(
            "a channel of your own that is not announced; this version does not keep such records \
             in the store",
            "自己的未公告通道；这个格式版本不在此文件中保存这类记录"
        ),
        Reason::Zombie => text!(
            "of a channel that was pruned; this version does not remember those",
            "属于已清理的通道；这个格式版本不保留这类记录"
        ),
        Reason::NoHtlcMaximum => {
            text!("of the old form, without htlc_maximum_msat", "旧格式，没有 htlc_maximum_msat")
        }
        Reason::NotInVersion => {
            text!("this version does not know its type", "这个格式版本没有这种类型")
        }
        Reason::Refused => text!(
            "a release that writes this version would throw the store away over it",
            "写出这个格式版本的发布版会因它而丢弃整个文件"
        ),
        Reason::Limit => text!("more than is remembered", "超出可处理的数量"),
    }
}

/// What is mended.
pub fn mend(mend: Mend) -> Text {
    match mend {
        Mend::Bits => text!("flipped bits turned back", "翻转的比特已复原"),
        Mend::Checksum => text!("header put right", "记录头已更正"),
        Mend::Length => text!("length put right", "长度已更正"),
        Mend::TimestampPair => {
            text!("timestamp and message put right", "时间戳与消息已更正")
        }
        Mend::Completed => text!("COMPLETED set", "补上 COMPLETED 标记"),
        Mend::Deleted => text!("DELETED cleared", "去掉 DELETED 标记"),
        Mend::Amount => text!("amount taken from another record", "金额取自另一条记录"),
    }
}

/// What proves it.
pub fn proof(proof: Proof) -> Text {
    match proof {
        Proof::Checksum => text!("by the checksum", "由校验和证明"),
        Proof::Signature => text!("by the signatures", "由签名证明"),
        Proof::Records => text!("by other records", "由其他记录证明"),
        Proof::Content => text!("by the content", "由内容证明"),
    }
}

/// The plan in one sentence.
pub fn summary(plan: &Plan, language: Language) -> String {
    let text = if plan.unchanged { UNCHANGED } else { REPAIRED };
    render(text.get(language), &values(plan), language)
}

/// What else there is to know before the repaired store is used: one sentence each.
pub fn notes(plan: &Plan, language: Language) -> Vec<String> {
    let values = values(plan);
    let mut notes = Vec::new();
    let mut say = |text: Text| notes.push(render(text.get(language), &values, language));
    if plan.dropped_for(Reason::Private) > 0 {
        say(PRIVATE);
    }
    if plan.channels_from_older > 0 {
        say(FROM_OLDER);
    }
    if plan.channels > 0 {
        say(PRUNE);
    }
    match plan.version {
        16.. => say(ONLY_NEW),
        15 => say(FROM_15),
        _ => {}
    }
    notes
}

fn values(plan: &Plan) -> Values {
    Values::new()
        .with("version", u64::from(plan.version))
        .with("size", plan.size)
        .with("channels", plan.channels)
        .with("updates", plan.updates)
        .with("nodes", plan.nodes)
        .with("kept", plan.kept)
        .with("mended", plan.mended)
        .with("dropped", plan.dropped)
        .with("older", plan.channels_from_older)
        .with("survive", plan.channels_after_prune)
        .with("private", plan.dropped_for(Reason::Private))
        .with_some("lost", (plan.lost.0 > 0).then_some(plan.lost.0))
        .with("lost_bytes", plan.lost.1)
}

const UNCHANGED: Text = text!(
    "Nothing needs repair: the store is as it ought to be, with {channels:n channel|channels} and \
     {updates:n update|updates}. A repair gives back the same bytes.",
    "无需修复：文件本来就是好的，有 {channels:n} 个通道和 {updates:n} 条更新。修复得到的字节与原来相同。",
);

const REPAIRED: Text = text!(
    "The repaired store has {channels:n channel|channels}, {updates:n update|updates} and {nodes:n \
     node|nodes} (version {version}, {size:n byte|bytes}). {kept:n record is|records are} kept as \
     they stood, {mended:n is|are} mended, {dropped:n is|are} dropped[lost|; {lost:n damaged place \
     is|damaged places are} lost ({lost_bytes:n byte|bytes})].",
    "修复后的文件有 {channels:n} 个通道、{updates:n} 条更新和 {nodes:n} 个节点（格式版本 {version}，\
     {size:n} 字节）。原样保留 {kept:n} 条记录，修复 {mended:n} 条，舍弃 {dropped:n} 条[lost|；{lost:n} \
     处损坏无法挽回（{lost_bytes:n} 字节）]。",
);

const PRIVATE: Text = text!(
    "Not carried over: {private:n record|records} of your own channels that are not announced, which \
     this version keeps elsewhere. Keep the old file; to keep them in the store, write version 12 \
     or older.",
    "{private:n} 条自己的未公告通道记录不会转入：这个格式版本不在此处保存它们。请保留旧文件；若要留在文件里，\
     请写成格式版本 12 或更早。",
);

const FROM_OLDER: Text = text!(
    "{older:n channel comes|channels come} from an older file only. A channel that was closed since \
     counts as usable until the next prune.",
    "有 {older:n} 个通道只来自较旧的文件。其间已关闭的通道，在下次清理之前仍会被当作可用。",
);

const PRUNE: Text = text!(
    "The next prune leaves {survive:n} of its {channels:n channel|channels}: those whose two updates \
     are both younger than 14 days.",
    "下次清理后，{channels:n} 个通道中会留下 {survive:n} 个：两个方向的更新都不到 14 天的那些。",
);

const ONLY_NEW: Text = text!(
    "Version 16 is for v26.04 and later. v25.12.1 and older lose such a store when they start.",
    "格式版本 16 只适用于 v26.04 及更高版本。v25.12.1 及更早的版本启动时会丢掉这样的文件。",
);

const FROM_15: Text = text!(
    "Version 15 is for v25.09.1 and later. v25.09 and older lose such a store when they start.",
    "格式版本 15 只适用于 v25.09.1 及更高版本。v25.09 及更早的版本启动时会丢掉这样的文件。",
);

/// One step of putting a repaired store in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// What it is for.
    pub what: Text,
    /// The command for a shell, if there is one. `$NEW` is the repaired store and `$STORE` the
    /// gossip_store of the node; both are set by the first command.
    pub command: Option<&'static str>,
}

/// How to put a repaired store in its place, in order; the last ones undo it.
///
/// Owner and mode are those of the file that is there; where SELinux is enabled, so is its
/// context. Nothing is overwritten.
pub const INSTALL: &[Move] = &[
    Move {
        what: text!(
            "Name the two files. NEW is the repaired store, on the node's machine; STORE is the \
             node's own gossip_store; OLD is the name that the latter is to have from now on.",
            "先指明两个文件。NEW 是修复后的文件（已放到节点所在的机器上），STORE 是节点自己的 gossip_store，OLD 是后者今后的名字。"
        ),
        // A name of its own for each repair: over one that is there, mv -n would do nothing and say nothing.
        command: Some(
            "NEW={new}; STORE=\"$HOME/.lightning/bitcoin/gossip_store\"; \
             OLD=\"$STORE.before-repair-$(date +%Y%m%dT%H%M%S)\"",
        ),
    },
    Move {
        what: text!(
            "Stop lightningd, and make sure that it has stopped: nothing may be printed.",
            "停止 lightningd，并确认它确实已停止：不应有任何输出。"
        ),
        command: Some("lightning-cli stop; sleep 5; pgrep -a lightningd"),
    },
    Move {
        what: text!("Check that the copy is whole.", "核对文件是否完整。"),
        command: Some("echo '{sha256}  '\"$NEW\" | sha256sum -c -"),
    },
    Move {
        what: text!("Keep the old file under another name.", "把旧文件换个名字保留下来。"),
        command: Some("mv -n \"$STORE\" \"$OLD\""),
    },
    Move {
        what: text!(
            "Put the new one there, with the old one's owner, mode and SELinux context. It is listed at \
             the end; if it is not, something was still there or went wrong, and nothing was replaced.",
            "放入新文件，并沿用旧文件的所有者、权限和 SELinux 上下文。最后会列出它；若没有列出，说明原处仍有文件或出了错，什么都没有被替换。"
        ),
        command: Some(
            "test -e \"$OLD\" && test ! -e \"$STORE\" && cp -n \"$NEW\" \"$STORE\" && \
             chown --reference=\"$OLD\" \"$STORE\" && chmod --reference=\"$OLD\" \"$STORE\" && \
             { ! selinuxenabled 2>/dev/null || chcon --reference=\"$OLD\" \"$STORE\"; } && \
             sync \"$STORE\" && ls -l \"$STORE\"",
        ),
    },
    Move {
        what: text!(
            "Start lightningd, and watch its log. “Moving to gossip_store.corrupt”, “Bad checksum” \
             or a crash of gossipd means that it did not take the store.",
            "启动 lightningd 并观察日志。若出现 “Moving to gossip_store.corrupt”、“Bad checksum” 或 \
             gossipd 崩溃，说明它没有接受这个文件。"
        ),
        command: Some(
            "grep -aE 'gossip_store|gossipd' \"${LOG:-$HOME/.lightning/bitcoin/log}\" | tail",
        ),
    },
    Move {
        what: text!(
            "To undo it: stop lightningd, and put the old file back.",
            "若要撤销：停止 lightningd，把旧文件放回去。"
        ),
        command: Some(
            "lightning-cli stop; sleep 5; mv -n \"$STORE\" \"$OLD.repaired\" && test ! -e \"$STORE\" && \
             mv -n \"$OLD\" \"$STORE\"",
        ),
    },
];

/// A command of [`INSTALL`] for this store. `new` is quoted for a shell already; the hash is 64
/// hexadecimal digits.
pub fn command(template: &str, new: &str, sha256: &str) -> String {
    template.replace("{new}", new).replace("{sha256}", sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_words() {
        for language in Language::ALL {
            for one in Reason::ALL {
                assert!(!reason(*one).get(language).is_empty());
            }
            for one in Mend::ALL {
                assert!(!mend(one).get(language).is_empty());
            }
            for one in Proof::ALL {
                assert!(!proof(one).get(language).is_empty());
            }
            for one in Action::ALL {
                assert!(!action(one).get(language).is_empty());
            }
        }
    }

    #[test]
    fn commands_never_overwrite() {
        for step in INSTALL.iter().filter_map(|step| step.command) {
            let moves = step.matches("mv ").count() + step.matches("cp ").count();
            assert_eq!(moves, step.matches("mv -n ").count() + step.matches("cp -n ").count());
        }
        let first = command(INSTALL[0].command.unwrap(), "'/a b'", "00");
        assert!(first.starts_with("NEW='/a b'; STORE="));
    }
}
