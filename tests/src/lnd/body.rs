//! The value of an invoice's key, in each of LND's three encodings, and the HTLCs in it.

/// Seconds between the year 1 and 1970, as Go counts them.
const YEAR_1_TO_1970: i64 = 62_135_596_800;

/// An invoice's fields, as they are written.
#[derive(Clone, Debug)]
pub struct Body {
    /// The memo.
    pub memo: Vec<u8>,
    /// The receipt (before TLV).
    pub receipt: Vec<u8>,
    /// The payment request.
    pub payment_request: Vec<u8>,
    /// The creation time, encoded.
    pub created: Vec<u8>,
    /// The settle time, encoded.
    pub settled: Vec<u8>,
    /// The add index.
    pub add_index: u64,
    /// The settle index.
    pub settle_index: u64,
    /// The preimage; zeros if it is unknown.
    pub preimage: [u8; 32],
    /// The amount in millisatoshi.
    pub value: u64,
    /// The expiry delta.
    pub cltv_delta: u32,
    /// The expiry in nanoseconds.
    pub expiry: u64,
    /// The payment address; zeros if there is none.
    pub payment_addr: [u8; 32],
    /// The bit field of the features.
    pub features: Vec<u8>,
    /// The state: 0 open, 1 settled, 2 canceled, 3 accepted.
    pub state: u8,
    /// The amount paid in millisatoshi.
    pub amount_paid: u64,
    /// Whether it is a hold invoice; `None` leaves the record out, as LND did before v0.11.
    pub hodl: Option<bool>,
    /// The AMP state, encoded; `None` leaves the record out, as LND did before v0.14.
    pub amp: Option<Vec<u8>>,
    /// The HTLCs, each encoded without its length.
    pub htlcs: Vec<Vec<u8>>,
}

impl Body {
    /// An open invoice over 1,000 satoshi, made 2026-02-02 02:40:00 UTC, as v0.20 writes it; `seed`
    /// tells its secrets from those of others.
    pub fn new(seed: u8) -> Body {
        Body {
            memo: format!("memo of {seed}").into_bytes(),
            receipt: Vec::new(),
            payment_request: format!("lnbc10u1p{seed}").into_bytes(),
            created: time(1_770_000_000, 0, -1),
            settled: zero_time(),
            add_index: 0,
            settle_index: 0,
            preimage: [seed; 32],
            value: 1_000_000,
            cltv_delta: 80,
            expiry: 3_600_000_000_000,
            payment_addr: [seed ^ 0x80; 32],
            // Bits 8 (TLV onion), 14 (payment address).
            features: vec![0x41, 0],
            state: 0,
            amount_paid: 0,
            hodl: Some(false),
            amp: Some(vec![0]),
            htlcs: Vec::new(),
        }
    }

    /// The same, settled with that index by one HTLC for the whole amount.
    #[must_use]
    pub fn settled(mut self, settle_index: u64) -> Body {
        self.state = 1;
        self.settle_index = settle_index;
        self.settled = time(1_770_000_100, 0, -1);
        self.amount_paid = self.value;
        self.htlcs = vec![Htlc::new(u64::from(self.preimage[0]), self.value).bytes()];
        self
    }

    /// The same in that state.
    #[must_use]
    pub fn state(mut self, state: u8) -> Body {
        self.state = state;
        self
    }

    /// The value since v0.9: the length of the body, its TLV records, the HTLCs.
    pub fn tlv(&self) -> Vec<u8> {
        let mut body = Vec::new();
        record(&mut body, 0, &self.memo);
        record(&mut body, 1, &self.payment_request);
        record(&mut body, 2, &self.created);
        record(&mut body, 3, &self.settled);
        record(&mut body, 4, &self.add_index.to_be_bytes());
        record(&mut body, 5, &self.settle_index.to_be_bytes());
        record(&mut body, 6, &self.preimage);
        record(&mut body, 7, &self.value.to_be_bytes());
        record(&mut body, 8, &self.cltv_delta.to_be_bytes());
        record(&mut body, 9, &self.expiry.to_be_bytes());
        record(&mut body, 10, &self.payment_addr);
        record(&mut body, 11, &self.features);
        record(&mut body, 12, &[self.state]);
        record(&mut body, 13, &self.amount_paid.to_be_bytes());
        if let Some(hodl) = self.hodl {
            record(&mut body, 14, &[u8::from(hodl)]);
        }
        if let Some(amp) = &self.amp {
            record(&mut body, 15, amp);
        }
        let mut value = (body.len() as u64).to_be_bytes().to_vec();
        value.extend(body);
        value.extend(htlcs(&self.htlcs));
        value
    }

    /// The value of v0.8 (dbp 11).
    pub fn fields_and_htlcs(&self) -> Vec<u8> {
        let mut value = self.texts();
        value.extend(self.cltv_delta.to_be_bytes());
        value.extend(self.expiry.to_be_bytes());
        value.extend(self.rest());
        value.extend(htlcs(&self.htlcs));
        value
    }

    /// The value before v0.8.
    pub fn fields(&self) -> Vec<u8> {
        let mut value = self.texts();
        value.extend(self.rest());
        value
    }

    fn texts(&self) -> Vec<u8> {
        let mut value = Vec::new();
        for text in [&self.memo, &self.receipt, &self.payment_request] {
            compact(&mut value, text.len());
            value.extend(text);
        }
        value
    }

    fn rest(&self) -> Vec<u8> {
        let mut value = Vec::new();
        for time in [&self.created, &self.settled] {
            compact(&mut value, time.len());
            value.extend(time);
        }
        value.extend(self.preimage);
        value.extend(self.value.to_be_bytes());
        value.push(self.state);
        for number in [self.add_index, self.settle_index, self.amount_paid] {
            value.extend(number.to_be_bytes());
        }
        value
    }
}

/// An HTLC's fields, as they are written.
#[derive(Clone, Debug)]
pub struct Htlc {
    /// The channel.
    pub channel: u64,
    /// Its number in the channel.
    pub number: u64,
    /// The amount in millisatoshi.
    pub amount: u64,
    /// The time of acceptance in nanoseconds since 1970.
    pub accepted: u64,
    /// The time of resolution in nanoseconds since 1970; 0 before.
    pub resolved: u64,
    /// The state: 0 accepted, 1 canceled, 2 settled.
    pub state: u8,
    /// The total of its payment; `None` leaves the record out, as v0.8 did.
    pub total: Option<u64>,
    /// Root share, set id, child index without leading zeros.
    pub amp: Option<([u8; 32], [u8; 32], Vec<u8>)>,
    /// Its own payment hash (AMP).
    pub hash: Option<[u8; 32]>,
    /// Its own preimage (AMP).
    pub preimage: Option<[u8; 32]>,
    /// Custom records.
    pub records: Vec<(u64, Vec<u8>)>,
}

impl Htlc {
    /// A settled HTLC, number 7 of that channel, without AMP.
    pub fn new(channel: u64, amount: u64) -> Htlc {
        Htlc {
            channel,
            number: 7,
            amount,
            accepted: 1_770_000_050_000_000_000,
            resolved: 1_770_000_100_000_000_000,
            state: 2,
            total: Some(amount),
            amp: None,
            hash: None,
            preimage: None,
            records: Vec::new(),
        }
    }

    /// Its TLV records.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        record(&mut out, 1, &self.channel.to_be_bytes());
        record(&mut out, 3, &self.number.to_be_bytes());
        record(&mut out, 5, &self.amount.to_be_bytes());
        record(&mut out, 7, &800_000_u32.to_be_bytes());
        record(&mut out, 9, &self.accepted.to_be_bytes());
        record(&mut out, 11, &self.resolved.to_be_bytes());
        record(&mut out, 13, &800_144_u32.to_be_bytes());
        record(&mut out, 15, &[self.state]);
        if let Some(total) = self.total {
            record(&mut out, 17, &total.to_be_bytes());
        }
        if let Some((root_share, set, child)) = &self.amp {
            record(&mut out, 19, &[root_share.as_slice(), set, child].concat());
        }
        if let Some(hash) = self.hash {
            record(&mut out, 21, &hash);
        }
        if let Some(preimage) = self.preimage {
            record(&mut out, 23, &preimage);
        }
        for (kind, value) in &self.records {
            record(&mut out, *kind, value);
        }
        out
    }
}

/// HTLCs behind each other, each with its length.
pub fn htlcs(htlcs: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for htlc in htlcs {
        out.extend((htlc.len() as u64).to_be_bytes());
        out.extend(htlc);
    }
    out
}

/// The AMP state of one payment: set id, state, settle index, settle time, HTLCs, amount paid.
pub fn amp_set(
    set: [u8; 32],
    state: u8,
    settle_index: u64,
    settled: &[u8],
    circuits: &[(u64, u64)],
    paid: u64,
) -> Vec<u8> {
    let mut keys = Vec::new();
    big_size(&mut keys, circuits.len() as u64);
    for (channel, number) in circuits {
        keys.extend(channel.to_be_bytes());
        keys.extend(number.to_be_bytes());
    }
    let mut out = Vec::new();
    record(&mut out, 0, &set);
    record(&mut out, 1, &[state]);
    record(&mut out, 2, &settle_index.to_be_bytes());
    record(&mut out, 3, settled);
    record(&mut out, 4, &keys);
    record(&mut out, 5, &paid.to_be_bytes());
    out
}

/// The AMP state of several payments.
pub fn amp_state(sets: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    big_size(&mut out, sets.len() as u64);
    for set in sets {
        big_size(&mut out, set.len() as u64);
        out.extend(set);
    }
    out
}

/// Go's binary time, version 1: seconds since 1970, nanoseconds, the zone in minutes (−1 is UTC).
pub fn time(unix: i64, nanoseconds: i32, zone: i16) -> Vec<u8> {
    let mut out = vec![1];
    out.extend((unix + YEAR_1_TO_1970).to_be_bytes());
    out.extend(nanoseconds.to_be_bytes());
    out.extend(zone.to_be_bytes());
    out
}

/// Go's zero time.
pub fn zero_time() -> Vec<u8> {
    time(-YEAR_1_TO_1970, 0, -1)
}

/// One TLV record.
pub fn record(out: &mut Vec<u8>, kind: u64, value: &[u8]) {
    big_size(out, kind);
    big_size(out, value.len() as u64);
    out.extend(value);
}

fn big_size(out: &mut Vec<u8>, number: u64) {
    let bytes = number.to_be_bytes();
    match number {
        0..0xfd => out.push(bytes[7]),
        0xfd..0x1_0000 => {
            out.push(0xfd);
            out.extend(&bytes[6..]);
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(0xfe);
            out.extend(&bytes[4..]);
        }
        _ => {
            out.push(0xff);
            out.extend(bytes);
        }
    }
}

fn compact(out: &mut Vec<u8>, len: usize) {
    let bytes = (len as u64).to_le_bytes();
    if len < 0xfd {
        out.push(bytes[0]);
    } else {
        out.push(0xfd);
        out.extend(&bytes[..2]);
    }
}
