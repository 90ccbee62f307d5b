//! The 68 damages of the data's `gossip/tools/gsdamage.py`, for any store with 12-byte headers:
//! the same bytes as that makes.

/// A record as its header says.
struct Row {
    at: usize,
    flags: u16,
    len: usize,
    kind: u16,
}

/// Every damaged copy of a store, by name. A store without a uuid record has no use for the cases
/// about that record and about version bytes; they are left out.
pub(crate) fn cases(clean: &[u8]) -> Vec<(String, Vec<u8>)> {
    let rows = rows(clean);
    let middle = rows.len() / 2;
    let from = |kind: u16| {
        (middle..rows.len()).find(|&row| rows[row].kind == kind && rows[row].flags & 0x8000 == 0)
    };
    let (announcement, update) = (from(256).expect("a 256"), from(258).expect("a 258"));
    let amount = announcement + 1;
    assert_eq!(rows[amount].kind, 4101);
    Set { clean, rows: &rows, middle, announcement, amount, update }.all()
}

fn rows(clean: &[u8]) -> Vec<Row> {
    let be16 = |at: usize| u16::from_be_bytes([clean[at], clean[at + 1]]);
    let mut rows = Vec::new();
    let mut at = 1;
    while at + 12 <= clean.len() {
        let len = usize::from(be16(at + 2));
        rows.push(Row { at, flags: be16(at), len, kind: be16(at + 12) });
        at += 12 + len;
    }
    rows
}

/// Header (timestamp 0) and body.
fn record(body: &[u8]) -> Vec<u8> {
    flagged(0x2000, body)
}

fn flagged(flags: u16, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len()).expect("short");
    let crc = crc32c::crc32c_append(0, body);
    let parts: [&[u8]; 5] =
        [&flags.to_be_bytes(), &len.to_be_bytes(), &crc.to_be_bytes(), &[0; 4], body];
    parts.concat()
}

/// A body of that type.
fn body(kind: u16, rest: &[&[u8]]) -> Vec<u8> {
    [&[&kind.to_be_bytes()[..]], rest].concat().concat()
}

struct Set<'a> {
    clean: &'a [u8],
    rows: &'a [Row],
    middle: usize,
    announcement: usize,
    amount: usize,
    update: usize,
}

impl Set<'_> {
    fn all(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = self.cuts_and_zeros();
        all.extend(self.flips());
        all.extend(self.blocks());
        all.extend(self.appended());
        all.extend(self.short());
        all.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    }

    fn at(&self, row: usize) -> usize {
        self.rows[row].at
    }

    fn body(&self, row: usize) -> &[u8] {
        let start = self.rows[row].at + 12;
        &self.clean[start..start + self.rows[row].len]
    }

    fn flip(&self, at: usize, bit: u8) -> Vec<u8> {
        let mut bytes = self.clean.to_vec();
        bytes[at] ^= 1 << bit;
        bytes
    }

    fn put(&self, at: usize, with: &[u8]) -> Vec<u8> {
        let mut bytes = self.clean.to_vec();
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    }

    fn insert(&self, at: usize, with: &[u8]) -> Vec<u8> {
        [&self.clean[..at], with, &self.clean[at..]].concat()
    }

    fn append(&self, with: &[u8]) -> Vec<u8> {
        [self.clean, with].concat()
    }

    fn page(&self) -> usize {
        self.at(self.announcement) / 4096 * 4096
    }

    fn cuts_and_zeros(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (clean, len) = (self.clean, self.clean.len());
        let last = self.at(self.rows.len() - 1);
        let cut = |at: usize| clean[..at].to_vec();
        let page = self.page();
        vec![
            ("00_clean", clean.to_vec()),
            ("01_torn_body_last", cut(len - 20)),
            ("02_torn_header5", cut(last + 5)),
            ("03_torn_header12_exact", cut(last + 12)),
            ("04_torn_after_cann_no_amount", cut(self.at(self.amount))),
            ("05_torn_mid_record_mid_file", cut(self.at(self.announcement) + 100)),
            ("06_zero_page_mid", self.put(page, &[0; 4096])),
            ("07_zero_tail_4096_inplace", self.put(len - 4096, &[0; 4096])),
            ("08_append_64k_zeros", self.append(&[0; 65_536])),
            ("09_second_half_zero", self.put(len / 2, &vec![0; len - len / 2])),
            ("55_empty_file", Vec::new()),
            ("56_only_version_byte", cut(1)),
            ("66_missing_first_4k", clean[4096..].to_vec()),
            ("67_first_page_zero", self.put(0, &[0; 4096])),
        ]
    }

    fn flips(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (announcement, update) = (self.at(self.announcement), self.at(self.update));
        let last = self.at(self.rows.len() - 1);
        let mut dead = self.put(update + 4, &[0xde, 0xad, 0xbe, 0xef]);
        dead[update] |= 0x80;
        vec![
            ("10_flip_len_bit0", self.flip(update + 3, 0)),
            ("11_flip_len_bit15", self.flip(update + 2, 7)),
            ("12_flip_crc", self.flip(update + 5, 3)),
            ("13_flip_timestamp", self.flip(update + 9, 2)),
            ("14_flip_DELETED_on_cann", self.flip(announcement, 7)),
            ("15_flip_DELETED_on_amount", self.flip(self.at(self.amount), 7)),
            ("16_flip_DELETED_on_cupdate", self.flip(update, 7)),
            ("17_clear_COMPLETED_mid", self.flip(announcement, 5)),
            ("18_clear_COMPLETED_last", self.flip(last, 5)),
            ("19_set_unknown_flag_0001", self.flip(announcement + 1, 0)),
            ("20_set_DYING_on_cann", self.flip(announcement, 3)),
            ("21_flip_body_type", self.flip(update + 13, 0)),
            ("22_flip_body_sig", self.flip(announcement + 12 + 40, 4)),
            ("23_flip_body_scid", self.flip(update + 12 + 2 + 64 + 32 + 3, 1)),
            ("24_flip_body_featlen", self.flip(announcement + 12 + 258, 2)),
            ("63_deleted_bad_crc", dead),
        ]
    }

    fn blocks(&self) -> Vec<(&'static str, Vec<u8>)> {
        let clean = self.clean;
        let page = self.page();
        let (announcement, amount) = (self.at(self.announcement), self.at(self.amount));
        let (behind, next) = (self.at(self.amount + 1), self.at(self.amount + 2));
        let ten = &clean[self.at(self.middle)..self.at(self.middle + 10)];
        let pages = [&clean[page + 4096..page + 8192], &clean[page..page + 4096]].concat();
        let tombstone = record(&body(4103, &[&[0xff; 8]]));
        let early = [&clean[behind..next], &clean[announcement..behind]].concat();
        let mut wide = self.body(self.announcement).to_vec();
        wide[258..260].copy_from_slice(&[0xff, 0xff]);
        let without = [&clean[..amount], &clean[behind..]].concat();
        vec![
            ("25_random_page_mid", self.put(page, &python_random_bytes(1, 4096))),
            ("26_dup_10_records_aligned", self.insert(self.at(self.middle + 10), ten)),
            ("27_dup_4k_unaligned_insert", self.insert(page, &clean[page - 4096..page])),
            ("28_drop_4k_unaligned", [&clean[..page], &clean[page + 4096..]].concat()),
            ("29_swap_two_pages", self.put(page, &pages)),
            ("30_dup_one_cann+amount", self.insert(behind, &clean[announcement..behind])),
            ("31_missing_amount", without.clone()),
            ("32_cupdate_before_cann", self.put(announcement, &early)),
            ("33_concat_two_with_version", self.append(clean)),
            ("34_concat_two_no_version", self.append(&clean[1..])),
            (
                "61_cann_eof_with_bad_follow",
                [&clean[..amount], &tombstone, &clean[behind..]].concat(),
            ),
            (
                "62_big_cann_featlen_65535_valid_crc",
                [&clean[..announcement], &record(&wide), &clean[amount..]].concat(),
            ),
        ]
    }

    fn appended(&self) -> Vec<(&'static str, Vec<u8>)> {
        let len = (self.clean.len() as u64).to_be_bytes();
        let announcement = self.body(self.announcement);
        let features = usize::from(u16::from_be_bytes([announcement[258], announcement[259]]));
        let scid = &announcement[260 + features + 32..][..8];
        let mut stray = self.body(self.update).to_vec();
        stray[98..106].fill(0xff);
        let tombstone = record(&body(4103, &[&[0xff; 8]]));
        let one = |body: Vec<u8>| self.append(&record(&body));
        vec![
            ("35_cupdate_unknown_scid", one(stray)),
            ("36_delete_chan_known", one(body(4103, &[scid]))),
            ("37_delete_chan_unknown", self.append(&tombstone)),
            ("38_chan_dying_ok", one(body(4106, &[scid, &999_999_u32.to_be_bytes()]))),
            ("39_chan_dying_short", one(body(4106, &[scid]))),
            ("40_unknown_type_even", one(body(4200, &[b"xxxxxxxxxx"]))),
            ("41_unknown_type_odd", one(body(4201, &[b"xxxxxxxxxx"]))),
            ("42_len0_record_valid_crc", self.append(&[record(b""), tombstone.clone()].concat())),
            ("43_len1_record_valid_crc", self.append(&[record(&[16]), tombstone].concat())),
            ("44_len0_deleted", self.append(&flagged(0xa000, b""))),
            ("45_ended_at_end_same_uuid", one(body(4105, &[&len, &self.clean[15..47]]))),
            ("46_ended_at_end_other_uuid", one(body(4105, &[&len, &[0x55; 32]]))),
            ("47_ended_v15_10byte", one(body(4105, &[&len]))),
            ("64_garbage_13_bytes_tail", self.append(&[0xaa; 13])),
            ("65_garbage_5_bytes_tail", self.append(&[0xaa; 5])),
        ]
    }

    fn short(&self) -> Vec<(&'static str, Vec<u8>)> {
        let announcement = record(&self.body(self.announcement)[..100]);
        let at = self.at(self.announcement);
        vec![
            ("57_short_cann_valid_crc_mid", self.insert(at, &announcement)),
            ("58_short_cann_valid_crc_eof", self.append(&announcement)),
            ("59_short_cupd_valid_crc_eof", self.append(&record(&self.body(self.update)[..60]))),
            ("60_short_nann_valid_crc_eof", self.append(&record(&body(257, &[&[0; 10]])))),
        ]
    }
}

/// What Python's `random.Random(seed).randbytes(len)` gives: MT19937.
fn python_random_bytes(seed: u32, len: usize) -> Vec<u8> {
    const N: usize = 624;
    let mut state = [0u32; N];
    state[0] = 19_650_218;
    for (i, count) in (1..N).zip(1u32..) {
        let before = state[i - 1] ^ state[i - 1] >> 30;
        state[i] = before.wrapping_mul(1_812_433_253).wrapping_add(count);
    }
    let mut i = 1;
    let step = |state: &mut [u32; N], i: &mut usize| {
        *i += 1;
        if *i >= N {
            state[0] = state[N - 1];
            *i = 1;
        }
    };
    for _ in 0..N {
        let before = state[i - 1] ^ state[i - 1] >> 30;
        state[i] = (state[i] ^ before.wrapping_mul(1_664_525)).wrapping_add(seed);
        step(&mut state, &mut i);
    }
    for _ in 1..N {
        let before = state[i - 1] ^ state[i - 1] >> 30;
        state[i] = (state[i] ^ before.wrapping_mul(1_566_083_941))
            .wrapping_sub(u32::try_from(i).expect("below 624"));
        step(&mut state, &mut i);
    }
    state[0] = 0x8000_0000;
    let mut next = N;
    let mut word = || {
        if next == N {
            for i in 0..N {
                let y = state[i] & 0x8000_0000 | state[(i + 1) % N] & 0x7fff_ffff;
                let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                state[i] = state[(i + 397) % N] ^ y >> 1 ^ odd;
            }
            next = 0;
        }
        let mut y = state[next];
        next += 1;
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c_5680;
        y ^= y << 15 & 0xefc6_0000;
        y ^ y >> 18
    };
    (0..len.div_ceil(4)).flat_map(|_| word().to_le_bytes()).take(len).collect()
}
