//! What the fields of a record mean, in a line each, and where that is written.

use fulgurite_core::words::Text;

macro_rules! fields {
    ($($name:literal $source:ident $en:literal $zh:literal;)*) => {
        /// The meaning of the field of that name, and the document that defines it.
        pub fn field(name: &str) -> Option<(Text, &'static str)> {
            match name {
                $($name => {
                    const { assert!(!$en.is_empty() && !$zh.is_empty(), $name) };
                    Some((Text { en: $en, zh: $zh }, $source))
                })*
                _ => None,
            }
        }
    };
}

const STORE: &str = "Core Lightning, common/gossip_store.h";
const WIRE: &str = "Core Lightning, common/gossip_store_wire.csv";
const BOLT7: &str = "BOLT 7";
const BOLT9: &str = "BOLT 9";
const BOLT1: &str = "BOLT 1";

fields! {
    "flags" STORE "What lightningd did with the record; outside the checksum." "lightningd 对该记录的标记；不受校验和保护。";
    "len" STORE "Length of what follows, in bytes." "其后内容的长度（字节）。";
    "crc" STORE "CRC-32C of the body, seeded with the timestamp." "正文的 CRC-32C，以时间戳为种子。";
    "timestamp" BOLT7 "When it was made, in seconds since 1970." "生成时间，自 1970 年起的秒数。";
    "type" BOLT1 "Which message it is." "消息类型。";
    "node_signature_1" BOLT7 "Signature by node 1." "节点 1 的签名。";
    "node_signature_2" BOLT7 "Signature by node 2." "节点 2 的签名。";
    "bitcoin_signature_1" BOLT7 "Signature by node 1's funding key." "节点 1 注资密钥的签名。";
    "bitcoin_signature_2" BOLT7 "Signature by node 2's funding key." "节点 2 注资密钥的签名。";
    "signature" BOLT7 "The node's signature of what follows." "节点对其后内容的签名。";
    "features" BOLT9 "Feature bits." "功能位。";
    "flen" BOLT9 "Length of the feature bits, in bytes." "功能位的长度（字节）。";
    "chain_hash" BOLT7 "The genesis block of the chain." "所属区块链的创世区块。";
    "short_channel_id" BOLT7 "Block, transaction and output of the funding." "注资输出所在的区块、交易与序号。";
    "node_id" BOLT7 "The node's public key." "节点的公钥。";
    "node_id_1" BOLT7 "The lesser of the two public keys." "两个公钥中较小的一个。";
    "node_id_2" BOLT7 "The greater of the two public keys." "两个公钥中较大的一个。";
    "remote_node_id" WIRE "The node at the other end." "通道另一端的节点。";
    "bitcoin_key_1" BOLT7 "Node 1's funding key." "节点 1 的注资密钥。";
    "bitcoin_key_2" BOLT7 "Node 2's funding key." "节点 2 的注资密钥。";
    "message_flags" BOLT7 "Which optional fields there are." "有哪些可选字段。";
    "channel_flags" BOLT7 "Direction (0: node 1 speaks), and whether it is disabled." "方向（0 为节点 1），以及是否停用。";
    "cltv_expiry_delta" BOLT7 "Blocks to subtract from an incoming expiry." "须从转入到期高度中减去的区块数。";
    "htlc_minimum_msat" BOLT7 "The least it forwards, in msat." "最小转发金额（毫聪）。";
    "htlc_maximum_msat" BOLT7 "The most it forwards, in msat." "最大转发金额（毫聪）。";
    "fee_base_msat" BOLT7 "Fee for each payment, in msat." "每笔付款的基础费用（毫聪）。";
    "fee_proportional_millionths" BOLT7 "Fee in millionths of the amount." "按金额百万分比收取的费用。";
    "rgb_color" BOLT7 "The node's colour." "节点的颜色。";
    "alias" BOLT7 "The node's name: chosen by it, proven by nobody." "节点的名称：自行选定，无人证实。";
    "addrlen" BOLT7 "Length of the addresses, in bytes." "地址列表的长度（字节）。";
    "address" BOLT7 "Where the node can be reached." "节点的联系地址。";
    "satoshis" WIRE "Capacity of the channel before it, in satoshi." "前一条通道公告的容量（聪）。";
    "blockheight" WIRE "When the channel is to be forgotten." "移除该通道的区块高度。";
    "equivalent_offset" WIRE "The same point in the file that replaces this one." "在替换文件中的对应偏移。";
    "uuid" WIRE "Names this file among its successors." "本文件的标识，用于区分后续文件。";
    "announcement" WIRE "A whole announcement inside this one." "内含的完整公告。";
    "tlv_type" BOLT1 "Type of an extension." "扩展字段的类型。";
    "tlv_length" BOLT1 "Length of an extension." "扩展字段的长度。";
    "tlv_value" BOLT1 "Content of an extension." "扩展字段的内容。";
}
