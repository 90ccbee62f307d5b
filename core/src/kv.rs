//! Key-value stores, and the tables of databases, as trees of buckets: `bucket` ← `bolt`,
//! `sqlite` (+ WAL), `pgdump`, `dump`.

pub mod bolt;
pub mod bucket;
#[cfg(feature = "json")]
pub mod dump;
mod feed;
pub mod pgdump;
pub mod sqlite;
pub mod sqlkv;
pub mod table;
pub mod tally;
