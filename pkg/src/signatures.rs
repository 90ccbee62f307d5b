//! Verifying signatures for JavaScript, which shares the arithmetic out among workers.
//!
//! Only one of them has the file and its network. It walks the file a second time and collects of
//! each window what is to be verified ([`Verifying::collect`]): digest, signature and key, all that
//! [`verify`] needs, wherever it runs. The answers are played back to the same window
//! ([`Verifying::answer`]), so that the sum does not depend on who verified what, and no worker
//! needs more of the engine than its arithmetic.

use std::cell::{Cell, RefCell};
use std::fmt;

use fulgurite_core::gossip::network::Network;
use fulgurite_core::gossip::scan::{Batch, Scanner};
use fulgurite_core::gossip::signatures::{K256, Ledger, VerifySignature};

/// The length of a digest, a signature and a key, one behind the other.
pub const TRIPLE: usize = 32 + 64 + 33;

/// Which of these triples hold: a bit for each, the lowest of the first byte first.
pub fn verify(triples: &[u8]) -> Vec<u8> {
    let (triples, _) = triples.as_chunks::<TRIPLE>();
    let mut bits = vec![0; triples.len().div_ceil(8)];
    for (number, triple) in triples.iter().enumerate() {
        if let Some(byte) = bits.get_mut(number / 8) {
            *byte |= u8::from(holds(triple)) << (number % 8);
        }
    }
    bits
}

fn holds(triple: &[u8; TRIPLE]) -> bool {
    let parts = || {
        let (digest, rest) = triple.split_first_chunk()?;
        let (signature, rest) = rest.split_first_chunk()?;
        Some((digest, signature, rest.first_chunk()?))
    };
    parts().is_some_and(|(digest, signature, key)| K256.verify(digest, signature, key))
}

/// The signatures of one file on their way to those who verify them. Whoever feeds it decides how
/// many windows wait at a time.
#[derive(Debug)]
pub struct Verifying {
    scanner: Scanner,
    ledger: Ledger,
    /// Few: those who verify have one or two each.
    waiting: Vec<Window>,
    last: u32,
    spare: Vec<Window>,
}

/// A window that waits for its answer.
#[derive(Debug, Default)]
struct Window {
    number: u32,
    chunk: Vec<u8>,
    batch: Batch,
    triples: usize,
}

/// What is to be verified of one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Which window: the answer must say so.
    pub window: u32,
    /// One triple behind the other.
    pub triples: Vec<u8>,
}

/// An answer that belongs to no window: too short, too long, or to none that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchWindow(u32);

impl fmt::Display for NoSuchWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this answers nothing that was asked for window {}", self.0)
    }
}

impl std::error::Error for NoSuchWindow {}

impl Verifying {
    /// From the first byte on. Of invalid records the first `limit` are kept, all are counted.
    pub fn new(limit: u32) -> Verifying {
        Verifying {
            scanner: Scanner::new(),
            ledger: Ledger::new(limit),
            waiting: Vec::new(),
            last: 0,
            spare: Vec::new(),
        }
    }

    /// Takes the next bytes of the file, whose network is known already. `None` if there is
    /// nothing in them to verify.
    pub fn collect(&mut self, network: &Network, chunk: &[u8]) -> Option<Collected> {
        self.window(network, chunk, Scanner::push)
    }

    /// Says that there are no more bytes; a last record may still be verified.
    pub fn finish(&mut self, network: &Network) -> Option<Collected> {
        self.window(network, &[], |scanner, _, batch| scanner.finish(batch))
    }

    fn window(
        &mut self,
        network: &Network,
        chunk: &[u8],
        walk: fn(&mut Scanner, &[u8], &mut Batch),
    ) -> Option<Collected> {
        let mut window = self.spare.pop().unwrap_or_default();
        walk(&mut self.scanner, chunk, &mut window.batch);
        let collector = Collector::default();
        // What it counts of made-up answers is thrown away.
        Ledger::new(0).take(network, chunk, &window.batch, &collector);
        let triples = collector.0.into_inner();
        window.triples = triples.len() / TRIPLE;
        if triples.is_empty() {
            self.ledger.take(network, chunk, &window.batch, &Nothing);
            self.spare.push(window);
            return None;
        }
        window.chunk.clear();
        window.chunk.extend_from_slice(chunk);
        self.last = self.last.wrapping_add(1);
        window.number = self.last;
        self.waiting.push(window);
        Some(Collected { window: self.last, triples })
    }

    /// Takes the answer to what was collected of a window, in any order of windows.
    ///
    /// # Errors
    /// [`NoSuchWindow`] if no such window waits, or for another number of answers.
    pub fn answer(
        &mut self,
        network: &Network,
        number: u32,
        bits: &[u8],
    ) -> Result<(), NoSuchWindow> {
        let asked =
            |window: &Window| window.number == number && bits.len() == window.triples.div_ceil(8);
        let place = self.waiting.iter().position(asked).ok_or(NoSuchWindow(number))?;
        let window = self.waiting.swap_remove(place);
        let answers = Answers { bits, next: Cell::new(0) };
        self.ledger.take(network, &window.chunk, &window.batch, &answers);
        self.spare.push(window);
        Ok(())
    }

    /// The sum, once nothing waits any more.
    pub fn ledger(self) -> Option<Ledger> {
        self.waiting.is_empty().then_some(self.ledger)
    }
}

/// Writes down what it is asked.
#[derive(Default)]
struct Collector(RefCell<Vec<u8>>);

impl VerifySignature for Collector {
    fn verify(&self, digest: &[u8; 32], signature: &[u8; 64], key: &[u8; 33]) -> bool {
        let mut triples = self.0.borrow_mut();
        triples.extend_from_slice(digest);
        triples.extend_from_slice(signature);
        triples.extend_from_slice(key);
        true
    }
}

/// Gives the answers, one after the other, to the questions in the same order.
struct Answers<'a> {
    bits: &'a [u8],
    next: Cell<usize>,
}

impl VerifySignature for Answers<'_> {
    fn verify(&self, _: &[u8; 32], _: &[u8; 64], _: &[u8; 33]) -> bool {
        let number = self.next.get();
        self.next.set(number + 1);
        self.bits.get(number / 8).is_some_and(|byte| byte >> (number % 8) & 1 == 1)
    }
}

/// Is not asked.
struct Nothing;

impl VerifySignature for Nothing {
    fn verify(&self, _: &[u8; 32], _: &[u8; 64], _: &[u8; 33]) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fulgurite_core::gossip::check::Fold;
    use fulgurite_core::gossip::signatures::VerifyJob;
    use fulgurite_core::job::Job as _;
    use fulgurite_tests::{fixtures, vectors};

    fn network(bytes: &[u8]) -> Fold {
        let mut fold = Fold::new(fulgurite_core::gossip::check::Options::default());
        let (mut scanner, mut batch) = (Scanner::new(), Batch::new());
        scanner.push(bytes, &mut batch);
        fold.take(&scanner, bytes, &batch);
        scanner.finish(&mut batch);
        fold.take(&scanner, &[], &batch);
        fold
    }

    /// The ledger by windows of that length, answered in another order than they were asked.
    fn by_windows(bytes: &[u8], len: usize, limit: u32) -> Ledger {
        let fold = network(bytes);
        let mut verifying = Verifying::new(limit);
        let mut asked = Vec::new();
        for window in bytes.chunks(len) {
            asked.extend(verifying.collect(fold.network(), window));
            if asked.len() > 5 {
                let Collected { window, triples } = asked.remove(asked.len() / 2);
                verifying.answer(fold.network(), window, &verify(&triples)).unwrap();
            }
        }
        asked.extend(verifying.finish(fold.network()));
        for Collected { window, triples } in asked.into_iter().rev() {
            verifying.answer(fold.network(), window, &verify(&triples)).unwrap();
        }
        verifying.ledger().unwrap()
    }

    #[test]
    fn the_sum_is_that_of_one_thread_whatever_the_windows() {
        for (name, store) in
            [("badly_signed", fixtures::badly_signed()), ("healthy", fixtures::healthy())]
        {
            let bytes = store.bytes;
            let fold = network(&bytes);
            let expected = VerifyJob::new(&bytes, fold.network(), &K256, 1_000).run().unwrap();
            for len in [1_000, 32 * 1024, bytes.len()] {
                let ledger = by_windows(&bytes, len, 1_000);
                assert_eq!(ledger.report(), expected.report(), "{name} {len}");
                assert!(ledger.bad().eq(expected.bad()), "{name} {len}");
            }
        }
    }

    #[test]
    fn a_bit_for_each_triple() {
        let vectors = vectors();
        let triples: Vec<u8> = vectors
            .iter()
            .flat_map(|one| [&one.digest[..], &one.signature, &one.key].concat())
            .collect();
        let bits = verify(&triples);
        assert_eq!(bits.len(), vectors.len().div_ceil(8));
        for (number, vector) in vectors.iter().enumerate() {
            assert_eq!(bits[number / 8] >> (number % 8) & 1 == 1, vector.holds, "{}", vector.name);
        }
        assert!(verify(&[]).is_empty());
        // A torn triple is none.
        assert!(verify(&triples[..TRIPLE - 1]).is_empty());
    }

    #[test]
    fn an_answer_to_nothing_is_refused() {
        let bytes = fixtures::badly_signed().bytes;
        let fold = network(&bytes);
        let mut verifying = Verifying::new(10);
        let Collected { window, triples } = verifying.collect(fold.network(), &bytes).unwrap();
        let bits = verify(&triples);
        let network = fold.network();
        assert_eq!(verifying.answer(network, window + 1, &bits), Err(NoSuchWindow(window + 1)));
        let short = &bits[..bits.len() - 1];
        assert_eq!(verifying.answer(network, window, short), Err(NoSuchWindow(window)));
        assert_eq!(verifying.answer(network, window, &bits), Ok(()));
        assert_eq!(verifying.answer(network, window, &bits), Err(NoSuchWindow(window)));
        assert!(verifying.ledger().is_some());
        let mut verifying = Verifying::new(10);
        verifying.collect(network, &bytes);
        assert!(verifying.ledger().is_none(), "a window still waits");
    }
}
