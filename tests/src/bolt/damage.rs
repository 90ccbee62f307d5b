//! Damage to a bbolt file, named after what was done; the same on every run.
//!
//! `tests/data/bbolt_check.tsv` has what bbolt's own check says of each.

use super::File;

/// A damaged file.
pub type Damaged = (String, Vec<u8>);

/// All that can be done to this file: of the page's header, of elements, of what they lead to, of
/// the metas, of the freelist if it has one, of its length.
pub fn damaged(name: &str, bytes: &[u8]) -> Vec<Damaged> {
    let file = File::new(bytes.to_vec());
    let mut all = Vec::new();
    let mut add = |what: &str, change: &mut dyn FnMut(&mut File) -> Option<()>| {
        let mut file = file.clone();
        // What changes nothing, or the same as another change, is no damage of its own.
        let changed = change(&mut file).is_some() && file.bytes != bytes;
        if changed && !all.iter().any(|(_, known): &Damaged| *known == file.bytes) {
            all.push((format!("{name}.{what}"), file.bytes));
        }
    };
    pages(&mut add, "graph", b"graph-edge");
    pages(&mut add, "channels", b"open-chan-bucket");
    references(&mut add);
    elements(&mut add);
    inline(&mut add);
    metas(&mut add);
    freelist(&mut add);
    lengths(&mut add);
    all
}

type Add<'a> = &'a mut dyn FnMut(&str, &mut dyn FnMut(&mut File) -> Option<()>);

/// The first page of a kind in a bucket.
fn one(file: &File, top: &[u8], leaf: bool) -> Option<u64> {
    file.pages(top, leaf).first().copied()
}

fn zero(file: &mut File, page: u64) {
    let (at, len) = (file.page(page), file.page_size);
    file.bytes[at..at + len].fill(0);
}

/// Pages that are not what they were, and their headers.
fn pages(add: Add<'_>, of: &str, top: &[u8]) {
    for (leaf, kind) in [(true, "leaf"), (false, "branch")] {
        let mut change = |what: &str, change: &dyn Fn(&mut File, u64)| {
            add(&format!("{of}-{kind}-{what}"), &mut |file| {
                let page = one(file, top, leaf)?;
                change(file, page);
                Some(())
            });
        };
        change("zero", &zero);
        for (name, flags) in [("none", 0_u16), ("meta", 4), ("freelist", 0x10), ("both", 3)] {
            change(&format!("flags-{name}"), &|file, page| {
                file.put(file.page(page) + 8, &flags.to_le_bytes());
            });
        }
        change("other-kind", &|file, page| {
            let flags = file.flags(page) ^ 3;
            file.put(file.page(page) + 8, &flags.to_le_bytes());
        });
        change("id", &|file, page| file.put(file.page(page), &(page + 1).to_le_bytes()));
        change("count-all", &|file, page| file.put(file.page(page) + 10, &[0xff, 0xff]));
        change("count-none", &|file, page| file.put(file.page(page) + 10, &[0, 0]));
        change("overflow-one", &|file, page| file.put(file.page(page) + 12, &[1, 0, 0, 0]));
        change("overflow-seven", &|file, page| file.put(file.page(page) + 12, &[7, 0, 0, 0]));
        change("overflow-all", &|file, page| file.put(file.page(page) + 12, &[0xff; 4]));
    }
}

/// Elements that lead elsewhere.
fn references(add: Add<'_>) {
    let branch = |file: &File| one(file, b"graph-edge", false);
    let mut lead = |what: &str, to: &dyn Fn(&File, u64) -> Option<u64>| {
        add(&format!("branch-to-{what}"), &mut |file| {
            let page = branch(file)?;
            let to = to(file, page)?;
            let at = file.element(page, 1) + 8;
            file.put(at, &to.to_le_bytes());
            Some(())
        });
    };
    lead("wild", &|_, _| Some(1 << 40));
    lead("highest", &|_, _| Some(u64::MAX));
    lead("high-water-mark", &|file, _| Some(file.hwm()));
    lead("meta-0", &|_, _| Some(0));
    lead("meta-1", &|_, _| Some(1));
    lead("itself", &|_, page| Some(page));
    lead("root", &|file, _| Some(file.root()));
    lead("sibling", &|file, page| Some(file.u64(file.element(page, 0) + 8)));
    lead("other-bucket", &|file, _| one(file, b"graph-node", true));
    lead("channels", &|file, _| one(file, b"open-chan-bucket", true));
    let mut bucket = |what: &str, to: &dyn Fn(&File, u64) -> Option<u64>| {
        add(&format!("bucket-to-{what}"), &mut |file| {
            let edges = file.edges();
            let edge = edges
                .iter()
                .find(|edge| edge.top == b"open-chan-bucket" && file.is_leaf(edge.parent))?;
            let to = to(file, edge.parent)?;
            file.put(edge.at, &to.to_le_bytes());
            Some(())
        });
    };
    bucket("itself", &|_, page| Some(page));
    bucket("root", &|file, _| Some(file.root()));
    bucket("graph", &|file, _| one(file, b"graph-edge", true));
    bucket("wild", &|_, _| Some(0xdead_beef));
    bucket("one", &|_, _| Some(1));
}

/// Elements and keys.
fn elements(add: Add<'_>) {
    let mut change = |what: &str, leaf: bool, change: &dyn Fn(&mut File, u64)| {
        add(&format!("{}-{what}", if leaf { "leaf" } else { "branch" }), &mut |file| {
            // One that a branch leads to, so that it has bounds.
            let page = if leaf {
                let edges = file.edges();
                let mut edges = edges.iter().filter(|edge| {
                    edge.top == b"graph-edge"
                        && !file.is_leaf(edge.parent)
                        && file.is_leaf(edge.child)
                });
                edges.nth(1)?.child
            } else {
                one(file, b"graph-edge", false)?
            };
            (file.count(page) > 2).then(|| change(file, page))
        });
    };
    for leaf in [true, false] {
        let field = if leaf { [4, 8] } else { [0, 4] };
        change("key-first-byte-high", leaf, &|file, page| {
            let (key, _, _) = file.key(page, 1);
            file.put(key, &[0xff]);
        });
        change("key-first-byte-low", leaf, &|file, page| {
            let (key, _, _) = file.key(page, 1);
            file.put(key, &[0; 4]);
        });
        change("first-key-low", leaf, &|file, page| {
            let (key, size, _) = file.key(page, 0);
            file.put(key, &vec![0; size]);
        });
        change("last-key-high", leaf, &|file, page| {
            let (key, _, _) = file.key(page, file.count(page) - 1);
            file.put(key, &[0xff]);
        });
        change("key-twice", leaf, &|file, page| {
            let ((from, size, _), (to, other, _)) = (file.key(page, 0), file.key(page, 1));
            assert_eq!(size, other, "keys of this bucket have one length");
            let key = file.bytes[from..from + size].to_vec();
            file.put(to, &key);
        });
        change("elements-swapped", leaf, &|file, page| {
            let (first, second) = (file.key(page, 0).0, file.key(page, 1).0);
            let size = file.key(page, 0).1;
            let key = file.bytes[first..first + size].to_vec();
            let other = file.bytes[second..second + size].to_vec();
            file.put(first, &other);
            file.put(second, &key);
        });
        change("pos-wild", leaf, &|file, page| {
            let at = file.element(page, 1) + field[0];
            file.put(at, &0x7fff_ffff_u32.to_le_bytes());
        });
        change("pos-small", leaf, &|file, page| {
            let at = file.element(page, 1) + field[0];
            file.put(at, &4_u32.to_le_bytes());
        });
        change("ksize-none", leaf, &|file, page| {
            let at = file.element(page, 1) + field[1];
            file.put(at, &0_u32.to_le_bytes());
        });
        change("ksize-wild", leaf, &|file, page| {
            let at = file.element(page, 1) + field[1];
            file.put(at, &u32::MAX.to_le_bytes());
        });
    }
    change("vsize-wild", true, &|file, page| {
        let at = file.element(page, 1) + 12;
        file.put(at, &u32::MAX.to_le_bytes());
    });
    change("element-flags", true, &|file, page| file.put(file.element(page, 1), &[8, 0, 0, 0]));
    change("value-is-bucket", true, &|file, page| file.put(file.element(page, 1), &[1, 0, 0, 0]));
}

/// Small buckets that stand in their element.
fn inline(add: Add<'_>) {
    let mut change = |what: &str, change: &dyn Fn(&mut File, usize, usize)| {
        add(&format!("inline-{what}"), &mut |file| {
            let root = file.root();
            let leaves = [root].into_iter().chain(file.pages(b"", true));
            let mut leaves = leaves.filter(|page| file.is_leaf(*page));
            let (page, index) = leaves.find_map(|page| {
                let mut all = 0..file.count(page);
                let is = |index: &usize| {
                    let value = file.value(page, *index);
                    file.is_bucket(page, *index)
                        && file.u64(value) == 0
                        && file.u16(value + 16 + 10) > 0
                };
                Some((page, all.find(is)?))
            })?;
            let (element, value) = (file.element(page, index), file.value(page, index));
            change(file, element, value);
            Some(())
        });
    };
    change("flags", &|file, _, value| file.put(value + 16 + 8, &[1, 0]));
    change("zero", &|file, _, value| file.put(value + 16, &[0; 16]));
    change("count", &|file, _, value| file.put(value + 16 + 10, &[0xff, 0xff]));
    change("short", &|file, element, _| file.put(element + 12, &8_u32.to_le_bytes()));
    change("header-only", &|file, element, _| file.put(element + 12, &16_u32.to_le_bytes()));
    change("nested", &|file, _, value| file.put(value + 32, &[1, 0, 0, 0]));
    change("key", &|file, _, value| file.put(value + 32 + 4, &0x00ff_ffff_u32.to_le_bytes()));
}

fn metas(add: Add<'_>) {
    let mut change = |what: &str, change: &dyn Fn(&mut File, u64, u64)| {
        add(&format!("meta-{what}"), &mut |file| {
            let newest = file.newest();
            change(file, newest, 1 - newest);
            Some(())
        });
    };
    change("newest-checksum", &|file, new, _| file.put(file.meta(new, 56), &[1, 2, 3]));
    change("older-checksum", &|file, _, old| file.put(file.meta(old, 56), &[1, 2, 3]));
    change("both-checksum", &|file, new, old| {
        file.put(file.meta(new, 56), &[1, 2, 3]);
        file.put(file.meta(old, 56), &[1, 2, 3]);
    });
    change("newest-zero", &|file, new, _| zero(file, new));
    change("older-zero", &|file, _, old| zero(file, old));
    change("both-magic", &|file, new, old| {
        file.put(file.meta(new, 0), &[0; 4]);
        file.put(file.meta(old, 0), &[0; 4]);
    });
    change("both-version", &|file, new, old| {
        file.put(file.meta(new, 4), &[3]);
        file.put(file.meta(old, 4), &[3]);
    });
    change("newest-version", &|file, new, _| file.put(file.meta(new, 4), &[3]));
    change("newest-header", &|file, new, _| file.put(file.page(new) + 8, &[2]));
    change("txid-ahead", &|file, new, _| {
        let txid = file.u64(file.meta(new, 48)) + 10;
        file.put(file.meta(new, 48), &txid.to_le_bytes());
        file.seal(new);
    });
    change("hwm-lower", &|file, new, _| {
        let hwm = file.hwm() - 6;
        file.put(file.meta(new, 40), &hwm.to_le_bytes());
        file.seal(new);
    });
    change("hwm-beyond-file", &|file, new, _| {
        let hwm = (file.bytes.len() / file.page_size) as u64 + 9;
        file.put(file.meta(new, 40), &hwm.to_le_bytes());
        file.seal(new);
    });
    change("root-wild", &|file, new, _| {
        file.put(file.meta(new, 16), &(1_u64 << 33).to_le_bytes());
        file.seal(new);
    });
    change("root-meta", &|file, new, _| {
        file.put(file.meta(new, 16), &1_u64.to_le_bytes());
        file.seal(new);
    });
    change("page-size", &|file, new, _| {
        let other = u32::try_from(file.page_size * 2).expect("a page size");
        file.put(file.meta(new, 8), &other.to_le_bytes());
        file.seal(new);
    });
}

fn freelist(add: Add<'_>) {
    let mut change = |what: &str, change: &dyn Fn(&mut File, usize)| {
        add(&format!("freelist-{what}"), &mut |file| {
            let page = file.u64(file.meta(file.newest(), 32));
            if page == u64::MAX || file.count(page) < 4 {
                return None;
            }
            let at = file.page(page);
            change(file, at);
            Some(())
        });
    };
    change("twice", &|file, at| {
        let id = file.u64(at + 16);
        file.put(at + 24, &id.to_le_bytes());
    });
    change("reachable", &|file, at| {
        let page = one(file, b"graph-edge", true).expect("the graph has leaves");
        file.put(at + 24, &page.to_le_bytes());
    });
    change("reachable-channels", &|file, at| {
        let page = one(file, b"open-chan-bucket", true).expect("channels have leaves");
        file.put(at + 24, &page.to_le_bytes());
    });
    change("wild", &|file, at| file.put(at + 24, &(1_u64 << 50).to_le_bytes()));
    change("meta", &|file, at| file.put(at + 24, &0_u64.to_le_bytes()));
    change("count", &|file, at| file.put(at + 10, &0xfffe_u16.to_le_bytes()));
    change("count-in-first", &|file, at| file.put(at + 10, &[0xff, 0xff]));
    change("fewer", &|file, at| {
        let count = file.u16(at + 10) - 3;
        file.put(at + 10, &count.to_le_bytes());
    });
    change("none", &|file, at| file.put(at + 10, &[0, 0]));
    change("flags", &|file, at| file.put(at + 8, &[2]));
    change("id", &|file, at| file.put(at, &[0xee]));
    change("page-wild", &|file, _| {
        let new = file.newest();
        file.put(file.meta(new, 32), &(1_u64 << 34).to_le_bytes());
        file.seal(new);
    });
    change("page-is-leaf", &|file, _| {
        let page = one(file, b"graph-edge", true).expect("the graph has leaves");
        let new = file.newest();
        file.put(file.meta(new, 32), &page.to_le_bytes());
        file.seal(new);
    });
}

fn lengths(add: Add<'_>) {
    let mut cut = |what: &str, to: &dyn Fn(&File) -> usize| {
        add(&format!("cut-{what}"), &mut |file| {
            let to = to(file);
            file.bytes.truncate(to);
            Some(())
        });
    };
    cut("half", &|file| file.page(file.hwm() / 2));
    cut("last-page", &|file| file.page(file.hwm() - 1));
    cut("inside-a-page", &|file| file.page(file.hwm() / 2) + file.page_size / 2 + 100);
    cut("two-pages", &|file| file.page(2));
    cut("one-page", &|file| file.page(1));
}
