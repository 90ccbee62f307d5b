//! Stores of LND's invoices to test with, written from the description of their formats: bodies in
//! every encoding ([`body`]), the key-value store's buckets ([`kv`]), the tables of native SQL
//! ([`sql`]). They are data; what reads them is given a view of it by the tests.

pub mod body;
pub mod kv;
pub mod sql;
