//! What is said of LND's stores, beside what LND itself does with them. One program for all of them, because each is linked with the whole engine.

mod compare;
mod diagnoses;
mod fake_kv;
mod fixtures;
mod invoices;
mod invoices_real;
mod logs;
mod migration;
mod migration_edges;
mod rehearse;
mod starts;
