//! Where in the tree of buckets something is, as text.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::kv::bolt::kind::Hits;
use crate::kv::bucket::BucketId;
use crate::text;

/// Keys are shown up to this length.
const SHOWN: usize = 80;

/// A bucket on the way that is being looked at.
#[derive(Debug)]
pub(super) struct Bucket {
    parent: Option<Rc<Bucket>>,
    key: Vec<u8>,
    /// Bytes of the key, which is cut.
    len: usize,
    /// How many buckets it is inside.
    pub(super) depth: usize,
    /// Which top-level bucket it is or is in ([`super::map::Marks`]); 0 for none.
    pub(super) top: u16,
    /// What damage in it hits.
    pub(super) hits: Hits,
    /// Its first page, if its keys are counted.
    pub(super) counted: Option<BucketId>,
}

impl Bucket {
    /// The bucket that holds the top-level buckets.
    pub(super) fn root() -> Bucket {
        Bucket {
            parent: None,
            key: Vec::new(),
            len: 0,
            depth: 0,
            top: 0,
            hits: Hits::Everything,
            counted: None,
        }
    }

    /// A bucket inside another one.
    pub(super) fn inside(parent: &Rc<Bucket>, key: &[u8], top: u16, hits: Hits) -> Bucket {
        let shown = key.get(..SHOWN).unwrap_or(key);
        Bucket {
            parent: Some(Rc::clone(parent)),
            key: shown.to_vec(),
            len: key.len(),
            depth: parent.depth + 1,
            top,
            hits,
            counted: None,
        }
    }

    /// Its path: keys made visible and parted by `/`; the root is `/`.
    pub(super) fn path(&self) -> String {
        let mut keys = Vec::new();
        let mut at = Some(self);
        while let Some(bucket) = at.filter(|bucket| bucket.parent.is_some()) {
            keys.push(shown(&bucket.key, bucket.len));
            at = bucket.parent.as_deref();
        }
        if keys.is_empty() {
            return String::from("/");
        }
        keys.reverse();
        keys.join("/")
    }
}

/// A key as text where it is text, as hex where it is not. A slash inside a key is escaped.
pub(super) fn shown(key: &[u8], len: usize) -> String {
    let printable = core::str::from_utf8(key)
        .is_ok_and(|key| !key.is_empty() && !key.chars().any(char::is_control));
    let mut out = if printable {
        text::visible(key).replace('/', "\\x2f")
    } else {
        let mut hex = String::from("0x");
        for byte in key {
            // Writing to a String does not fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    };
    if len > key.len() {
        let _ = write!(out, "… ({len})");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_show_text_as_text_and_bytes_as_hex() {
        let root = Rc::new(Bucket::root());
        assert_eq!(root.path(), "/");
        let open = Rc::new(Bucket::inside(&root, b"open-chan-bucket", 1, Hits::ChannelState));
        assert_eq!(open.path(), "open-chan-bucket");
        let node = Rc::new(Bucket::inside(&open, &[2, 0xab], 1, Hits::ChannelState));
        assert_eq!(node.path(), "open-chan-bucket/0x02ab");
        let odd = Bucket::inside(&node, "a/b\u{202e}".as_bytes(), 1, Hits::ChannelState);
        assert_eq!(odd.path(), r"open-chan-bucket/0x02ab/a\x2fb\u{202e}");
        let long = Bucket::inside(&root, &[b'x'; 300], 1, Hits::Other);
        assert_eq!(long.path(), alloc::format!("{}… (300)", "x".repeat(80)));
    }
}
