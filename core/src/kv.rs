//! Key-value stores, and the tables of databases, as trees of buckets: `bucket` ← `bolt`,
//! `sqlite` (+ WAL), `pgdump`, `dump`.

pub mod bucket;
pub mod table;
