//! The readers of bbolt files, SQLite databases, dumps of Postgres and buckets. One program for all of them, because each is linked with the whole engine.

mod bolt;
mod bolt_check;
mod bolt_hostile;
mod bucket_dump;
mod pgdump;
mod shared;
mod sqlite_check;
mod sqlite_hostile;
mod sqlite_recover;
mod sqlite_rows;
mod sqlite_shared;
mod sqlkv;
