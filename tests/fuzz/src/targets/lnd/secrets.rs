//! What of LND's stores nobody may read who did not ask for it.

use std::collections::BTreeSet;

use fulgurite_core::lnd::check::Given;
use fulgurite_core::lnd::listing::{Options, list};
use fulgurite_core::lnd::migration::Store;
use serde_json::Value;

/// Hashes, preimages, payment addresses and the like of the invoices in some files, in hexadecimal.
#[derive(Debug, Default)]
pub(super) struct Secrets(BTreeSet<String>);

impl Secrets {
    /// What a list of the invoices of either side reveals, and a list that reveals nothing has not.
    pub(super) fn of(given: &[Given<'_>]) -> Secrets {
        let mut secrets = Secrets::default();
        let mut hidden = Vec::new();
        for side in [Store::Kv, Store::Sql] {
            for row in rows(given, side, true) {
                secrets.add(&row);
            }
            hidden.extend(rows(given, side, false));
        }
        for row in hidden {
            secrets.are_not_in(&row.to_string());
        }
        secrets
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) if is_telling(text) => drop(self.0.insert(text.clone())),
            Value::Array(values) => values.iter().for_each(|value| self.add(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.add(value)),
            _ => {}
        }
    }

    /// Panics if one of them stands in that text.
    pub(super) fn are_not_in(&self, text: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret.as_str()), "not redacted: {secret}");
        }
    }
}

/// Whether it is bytes that stand nowhere by chance: not nearly all zero, as what a fuzzer makes of a
/// number is, nor all the same, as what takes a secret's place is.
fn is_telling(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let set: u32 = digits.unwrap_or_default().iter().map(|digit| digit.count_ones()).sum();
    let varied = text.chars().collect::<BTreeSet<char>>().len() >= 10;
    text.len() >= 40 && set > 64 && varied
}

/// The rows of a list.
pub(super) fn rows(given: &[Given<'_>], side: Store, reveal: bool) -> Vec<Value> {
    let options = Options { side: Some(side), reveal, ..Options::default() };
    let mut rows = Vec::new();
    let mut total = 0;
    list(given, &options, &mut |_| true, &mut |listed, row| {
        total = listed.total;
        rows.push(serde_json::to_value(row).expect("a row is JSON"));
        true
    })
    .expect("memory is read");
    assert!(rows.len() as u64 <= total, "more rows than there are");
    rows
}
