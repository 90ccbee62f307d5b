//! Times the verification of all signatures of a store beside the library's bare loop, in one run:
//! `bench_signatures FOLDER`.
//!
//! The input is made once and kept in FOLDER: the real mainnet store (or, without the data, the
//! generated network of as many channels) with a node_announcement for each node, all of it signed
//! with keys of known secrets; every funding key is another, as on mainnet. What is timed, several
//! times over, interleaved, on one thread and on two:
//! - the bare loop: libsecp256k1's verification of the same signatures, which with keys and digests
//!   were read and parsed before
//! - the same from bytes: parsing each signature and each key, then the verification
//! - `fulgurite check --verify-signatures`, as a process of its own: reads the file twice, checks
//!   every checksum, folds, hashes, finds keys, verifies, reports

mod mainnet;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fulgurite_core::gossip::check::{Fold, Options};
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::gossip::signatures::{K256, Signed, VerifySignature as _};
use secp256k1::{Message, PublicKey, ecdsa};

const ROUNDS: usize = 5;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let program = std::env::var_os("FULGURITE").map(PathBuf::from);
    std::fs::create_dir_all(&folder).expect("the folder");
    let path = folder.join("signed.gs");
    if !path.exists() {
        let part = path.with_extension("part");
        std::fs::write(&part, mainnet::signed_store()).expect("room");
        std::fs::rename(part, &path).expect("renamed");
    }
    let store = std::fs::read(&path).expect("the input");
    let claims = claims(&store);
    println!("input: {} bytes, {} signatures, {}", store.len(), claims.len(), path.display());
    run(&claims, &path, program.as_deref());
    let some = &claims[..claims.len().min(5_000)];
    let rust =
        timed(|| some.iter().all(|claim| K256.verify(&claim.digest, &claim.bytes, &claim.key)));
    println!("k256, one thread: {:.0} signatures/s", per_second(some.len(), rust));
}

/// A signature, as bytes and parsed.
struct Claim {
    digest: [u8; 32],
    bytes: [u8; 64],
    key: [u8; 33],
    signature: ecdsa::Signature,
    point: PublicKey,
}

impl Claim {
    fn bare(&self) -> bool {
        ecdsa::verify(&self.signature, Message::from_digest(self.digest), &self.point).is_ok()
    }

    fn parsed_and_bare(&self) -> bool {
        let signature = ecdsa::Signature::from_compact(&self.bytes).expect("parsed before");
        let point = PublicKey::from_byte_array_compressed(self.key).expect("parsed before");
        ecdsa::verify(&signature, Message::from_digest(self.digest), &point).is_ok()
    }
}

fn fold(store: &[u8]) -> Fold {
    let mut fold = Fold::new(Options::default());
    each_batch(store, |scanner, chunk, batch| fold.take(scanner, chunk, batch));
    fold
}

fn each_batch(store: &[u8], mut take: impl FnMut(&Scanner, &[u8], &Batch)) {
    let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
    scanner.push(store, &mut batch);
    take(&scanner, store, &batch);
    scanner.finish(&mut batch);
    take(&scanner, &[], &batch);
}

/// Every signature of the live records, in the order of the file.
fn claims(store: &[u8]) -> Vec<Claim> {
    let fold = fold(store);
    let mut claims = Vec::new();
    each_batch(store, |_, chunk, batch| {
        for record in batch.records.iter().filter(|record| !record.header.flags.is_deleted()) {
            let body = batch.body(chunk, record);
            let Ok(signed) = Signed::of(body, |scid| fold.network().nodes_of(scid)) else {
                continue;
            };
            let digest = signed.digest();
            claims.extend(signed.claims().map(|claim| {
                let (bytes, key) = (*claim.signature, claim.key.expect("announced"));
                Claim {
                    digest,
                    bytes,
                    key,
                    signature: ecdsa::Signature::from_compact(&bytes).expect("made by the library"),
                    point: PublicKey::from_byte_array_compressed(key).expect("made by the library"),
                }
            }));
        }
    });
    claims
}

/// What one run of something took.
#[derive(Clone, Copy, Default)]
struct Cost {
    wall: Duration,
    /// Of all its threads together; zero where the system does not tell.
    processor: Duration,
}

fn run(claims: &[Claim], path: &Path, program: Option<&Path>) {
    const NAMES: [&str; 3] = ["bare loop", "bare loop from bytes", "check --verify-signatures"];
    let mut costs = [const { Vec::new() }; 6];
    for _ in 0..ROUNDS {
        for threads in [1, 2] {
            let mut note = |what: usize, cost| costs[2 * what + threads - 1].push(cost);
            note(0, cost(|| assert!(all(claims, threads, Claim::bare))));
            note(1, cost(|| assert!(all(claims, threads, Claim::parsed_and_bare))));
            if let Some(program) = program {
                note(2, cost(|| check(program, path, threads)));
            }
        }
    }
    println!(
        "| what | threads | wall s, median | spread | signatures/s | of the bare loop | processor s, least | of the bare loop |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let wall = costs.each_ref().map(|costs| median(costs, |cost| cost.wall));
    let processor = costs
        .each_ref()
        .map(|costs| costs.iter().map(|cost| cost.processor).min().unwrap_or_default());
    let share = |of: &[Duration; 6], index: usize| {
        100.0 * of[index % 2].as_secs_f64() / of[index].as_secs_f64()
    };
    for (index, of) in costs.iter().enumerate().filter(|(_, of)| !of.is_empty()) {
        let walls = || of.iter().map(|cost| cost.wall.as_secs_f64());
        println!(
            "| {} | {} | {:.2} | {:.2}-{:.2} | {:.0} | {:.1} % | {:.2} | {:.1} % |",
            NAMES[index / 2],
            index % 2 + 1,
            wall[index].as_secs_f64(),
            walls().fold(f64::INFINITY, f64::min),
            walls().fold(0.0, f64::max),
            per_second(claims.len(), wall[index]),
            share(&wall, index),
            processor[index].as_secs_f64(),
            share(&processor, index),
        );
    }
}

fn cost(work: impl FnOnce()) -> Cost {
    let before = processor();
    let wall = timed(work);
    Cost { wall, processor: processor().saturating_sub(before) }
}

/// The processor time of this process and of those that it has waited for, in hundredths of a
/// second (proc(5): utime, stime, cutime, cstime). On a busy machine its least value says more than
/// the clock.
fn processor() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * ticks)
}

/// Whether all of them hold, asked by so many threads, each of one stretch.
fn all(claims: &[Claim], threads: usize, holds: fn(&Claim) -> bool) -> bool {
    thread::scope(|scope| {
        let parts = claims.chunks(claims.len().div_ceil(threads));
        let parts: Vec<_> = parts.map(|part| scope.spawn(move || part.iter().all(holds))).collect();
        parts.into_iter().all(|part| part.join().expect("a thread ends"))
    })
}

fn check(program: &Path, path: &Path, threads: usize) {
    let status = Command::new(program)
        .args(["check", "--json", "--verify-signatures", "--threads", &threads.to_string()])
        .arg(path)
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "the store is healthy");
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

fn median(costs: &[Cost], of: fn(&Cost) -> Duration) -> Duration {
    let mut all: Vec<Duration> = costs.iter().map(of).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn per_second(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64()
}
