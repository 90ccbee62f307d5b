//! Words for files that are no gossip_store, or no still copy of one.

use super::Entry;

pub(super) const NOT_A_STORE: Entry = entry! {
    en: "Not a gossip_store",
        "Nothing in this file looks like a gossip_store, nor like another file that is known here.";
    zh: "不是 gossip_store",
        "这个文件里没有任何内容像 gossip_store，也不像这里认得的其他文件。";
};

pub(super) const LIGHTNINGD_SQLITE: Entry = entry! {
    en: "Core Lightning's database, not the gossip_store",
        "This is lightningd.sqlite3: channels, payments and invoices. It has nothing to do with a \
         damaged gossip_store and must not be deleted or replaced because of one: without it, or \
         with an old copy of it, money in channels can be lost.";
    zh: "Core Lightning 的数据库，不是 gossip_store",
        "这是 lightningd.sqlite3，里面是通道、付款和发票。它与 gossip_store 损坏无关，绝不要因此删除或替换\
         它：丢了它，或换成旧副本，通道里的资金就可能丢失。";
};

pub(super) const SQLITE: Entry = entry! {
    en: "An SQLite database, not the gossip_store",
        "The file is an SQLite database, but not that of Core Lightning. Databases of a Lightning \
         node hold channel states, payments or invoices.";
    zh: "SQLite 数据库，不是 gossip_store",
        "这是一个 SQLite 数据库，但不是 Core Lightning 的。闪电网络节点的数据库里存有通道状态、付款或发票。";
};

pub(super) const HSM_SECRET: Entry = entry! {
    en: "This may be hsm_secret: your keys",
        "The file looks like hsm_secret, from which all keys of the node are derived: whoever has it \
         has the money. It is not needed to examine a gossip_store.";
    zh: "这可能是 hsm_secret：你的密钥",
        "这个文件看起来像 hsm_secret，节点的所有密钥都由它派生：谁拿到它，谁就拿到资金。检查 gossip_store \
         用不着它。";
};

pub(super) const WALLET_DB: Entry = entry! {
    en: "LND's wallet, not a gossip_store",
        "This is wallet.db of LND, which holds the keys of the node. LND keeps no gossip_store; that \
         file is Core Lightning's.";
    zh: "LND 的钱包，不是 gossip_store",
        "这是 LND 的 wallet.db，里面有节点的密钥。LND 没有 gossip_store，那是 Core Lightning 的文件。";
};

pub(super) const BOLT: Entry = entry! {
    en: "A bbolt database, not a gossip_store",
        "The file is a bbolt database, such as channel.db of LND, which holds channel states, \
         payments and invoices. LND keeps no gossip_store; that file is Core Lightning's.";
    zh: "bbolt 数据库，不是 gossip_store",
        "这是一个 bbolt 数据库，例如 LND 的 channel.db，里面有通道状态、付款和发票。LND 没有 gossip_store，\
         那是 Core Lightning 的文件。";
};

pub(super) const CHANNEL_BACKUP: Entry = entry! {
    en: "This may be channel.backup of LND",
        "The bytes have no structure, like an encrypted file; such is channel.backup, by which LND \
         gets the money in its channels back after a loss. It is no gossip_store.";
    zh: "这可能是 LND 的 channel.backup",
        "文件内容没有任何结构，像是加密过的；LND 的 channel.backup 就是这样，丢失数据后要靠它取回通道里的\
         资金。它不是 gossip_store。";
};

pub(super) const MACAROON: Entry = entry! {
    en: "A macaroon: an access token",
        "Whoever has this file may command the node as far as the macaroon reaches, in the case of \
         admin.macaroon as far as spending. It is no gossip_store.";
    zh: "macaroon：访问凭证",
        "谁拿到这个文件，谁就能在它授权的范围内操控节点；如果是 admin.macaroon，连付款都可以。它不是 \
         gossip_store。";
};

pub(super) const COMPRESSED: Entry = entry! {
    en: "A compressed file",
        "The file is packed ({kind}). What is inside can only be examined once it is unpacked.";
    zh: "压缩文件",
        "这个文件经过压缩（{kind}），解压之后才能检查其中的内容。";
};

pub(super) const GOSSMAP_COMPRESSED: Entry = entry! {
    en: "A compressed topology for tests",
        "This is a topology in Core Lightning's test format (GOSSMAP_COMPRESS), not a gossip_store. \
         Upstream's tool gossmap-compress expands it into one.";
    zh: "测试用的压缩拓扑",
        "这是 Core Lightning 测试用的拓扑格式（GOSSMAP_COMPRESS），不是 gossip_store。上游的工具 \
         gossmap-compress 可以把它展开成 gossip_store。";
};

pub(super) const NOT_STILL: Entry = entry! {
    en: "The file changed while it was read",
        "Something was writing to the file, most likely a running lightningd. What was read belongs \
         to different moments, so that damage reported here may not exist in the file.";
    zh: "读取期间文件发生了变化",
        "有程序正在写这个文件，多半是运行中的 lightningd。读到的内容来自不同时刻，因此这里报告的损坏在\
         文件中未必真的存在。";
};

pub(super) const SQLITE_WAL: Entry = entry! {
    en: "A write-ahead log without its database",
        "The newest changes of an SQLite database stand in such a file (-wal) until they are moved \
         into the database. Without the database it cannot be read.";
    zh: "没有数据库的预写日志",
        "SQLite 数据库最新的改动在并入数据库之前，都存放在这样的文件（-wal）里。没有数据库就无法读取它。";
};
