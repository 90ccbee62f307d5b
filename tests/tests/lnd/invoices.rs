//! LND's invoices: their encodings, both stores they lie in, and what is never shown of them.

mod bodies;
mod kv;
mod secrets;
mod sql;
