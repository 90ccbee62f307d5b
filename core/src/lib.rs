//! Fulgurite's engine: reads what Lightning nodes leave on disk after a bad day, and says what
//! happened, what is lost, what is left, and what to do next. It knows Core Lightning's
//! gossip_store, in every version from 2 to 16.
//!
//! # Constraints
//!
//! What every line in here obeys, and what you may rely on:
//!
//! - **Hostile input is the normal case.** No input makes it panic, hang, or allocate by a number
//!   read from the file. A bad byte becomes a [`finding`], never an error; the only error is
//!   [`SourceError`](source::SourceError): the bytes could not be had.
//! - **Bounded.** Time is linear in the file. Memory does not depend on the file's length, only on
//!   distinct channels and nodes, up to [`Limits`](gossip::network::Limits); findings are kept up
//!   to a limit of each code and counted beyond.
//! - **No input or output of its own**, no clock, no threads, no randomness. Bytes are pushed in
//!   ([`Check::push`](gossip::check::Check::push)) or pulled through a
//!   [`Source`](source::Source); long work goes in steps ([`job`]). `no_std` with `alloc`.
//! - **The same input gives the same report**, byte for byte, natively and in wasm, whatever the
//!   chunks and the hash seed.
//! - **Text from files is data.** Whatever a report carries of it was made visible first
//!   ([`text`]); HTML and Markdown are for the face to escape.
//! - **No prose.** Findings are codes and values; the words for them, in English and Chinese, are
//!   in [`words`], keyed by code.
//! - `#![forbid(unsafe_code)]`.
//!
//! What it does not promise: a CRC proves nothing against a peer who chooses the bytes. Records
//! found inside a damaged span are marked as such and are not proven before their signatures are.
//!
//! # Bytes in memory
//!
//! ```
//! use fulgurite_core::gossip::check::{Options, check};
//! use fulgurite_core::report::Headline;
//!
//! // A store of version 16 with its uuid record, cut short.
//! let mut bytes = vec![16, 0x20, 0, 0, 34, 0x1b, 0xad, 0x8d, 0x9b, 0, 0, 0, 0, 0x10, 0x0b];
//! bytes.extend([0; 20]);
//!
//! let report = check(&bytes, Options::default())?;
//! assert_eq!(report.verdict.headline, Headline::TornTail);
//! assert_eq!(report.findings[0].place.span.start, 1);
//! # Ok::<(), fulgurite_core::source::SourceError>(())
//! ```
//!
//! # A file
//!
//! Pushed in windows, so that its length does not matter; then the wounds get a second look
//! through a [`Source`](source::Source).
//!
//! ```
//! use std::io::Read;
//!
//! use fulgurite_core::gossip::check::{Check, Options};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = std::env::temp_dir().join(format!("fulgurite-doc-{}", std::process::id()));
//! # std::fs::write(&path, [16])?;
//! let mut file = std::fs::File::open(&path)?;
//! let mut check = Check::new(Options { now: Some(1_770_000_000), ..Options::default() });
//! let mut window = vec![0; 256 * 1024];
//! loop {
//!     let len = file.read(&mut window)?;
//!     if len == 0 {
//!         break;
//!     }
//!     check.push(&window[..len]);
//! }
//! // Small enough to read again; the command line uses positioned reads.
//! let report = check.conclude(&std::fs::read(&path)?)?;
//! println!("{}", report.verdict.headline.name());
//! # std::fs::remove_file(&path)?;
//! # Ok(())
//! # }
//! ```
//!
//! # A source of your own
//!
//! ```
//! use fulgurite_core::gossip::check::{CheckJob, Options};
//! use fulgurite_core::job::{Job, Step, Work};
//! use fulgurite_core::source::{Source, SourceError, SourceErrorKind};
//!
//! /// A store whose bytes are computed.
//! struct Zeros(u64);
//!
//! impl Source for Zeros {
//!     fn len(&self) -> u64 {
//!         self.0
//!     }
//!
//!     fn read_at(&self, at: u64, buf: &mut [u8]) -> Result<(), SourceError> {
//!         let len = buf.len() as u64;
//!         if at.saturating_add(len) > self.0 {
//!             let kind = SourceErrorKind::PastEnd { source_len: self.0 };
//!             return Err(SourceError::new(at, len, kind));
//!         }
//!         buf.fill(0);
//!         Ok(())
//!     }
//! }
//!
//! let source = Zeros(10_000_000);
//! let mut job = CheckJob::new(&source, Options::default());
//! let report = loop {
//!     match job.step(Work { bytes: 1 << 20 })? {
//!         Step::More(progress) => println!("{} of {}", progress.done, progress.total),
//!         Step::Done(report) => break report,
//!     }
//! };
//! assert_eq!(report.verdict.headline.name(), "all_zero");
//! # Ok::<(), SourceError>(())
//! ```
//!
//! # Features
//!
//! `std` (default) for `std::error`; `hw-crc` (default) for the processor's CRC instruction;
//! `json` (default) for [`Report::to_json`](report::Report::to_json); `words` (default) for the
//! catalogue; `signatures` for verifying signatures in Rust alone. Without any of them the crate is `no_std` and finds the same.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod detect;
pub mod finding;
pub mod gossip;
pub mod guard;
pub mod job;
#[cfg(feature = "json")]
pub mod json;
pub mod kv;
pub mod lnd;
pub mod log;
pub mod report;
mod sorting;
pub mod source;
#[cfg(test)]
mod tests;
pub mod text;
#[cfg(feature = "words")]
pub mod words;
