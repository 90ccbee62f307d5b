//! LND: its invoices on either side of the one-way migration to native SQL, and what LND would do
//! with them: `invoice` → `invoices` (bucket and indexes) · `native` (the SQL side) → `migration`
//! (the state machine) → `report`; `check` puts these together. `stores` lends what the files hold
//! to `listing` (invoices), `outline` (buckets) and `save` (a dump).

mod bytes;
pub mod check;
pub mod compare;
pub mod gotime;
pub mod invoice;
pub mod invoices;
pub mod listing;
pub mod migration;
pub mod native;
pub mod pace;
pub mod privacy;
pub mod rehearse;
pub mod report;
pub mod stores;

#[cfg(feature = "json")]
pub mod outline;
#[cfg(feature = "json")]
pub mod redactor;
#[cfg(feature = "json")]
pub mod save;
