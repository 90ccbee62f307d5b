//! The rows of a table, page by page, as far as they have been fetched.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows in a page.
pub const PAGE: u64 = 100;

/// So many pages are kept; those farthest from what is in sight go first.
const KEPT: usize = 60;

/// So many are on their way at once. What is scrolled past is never asked for.
const AT_ONCE: usize = 2;

/// Pages of rows.
#[derive(Debug)]
pub struct Pages<T> {
    there: HashMap<u64, Arc<[T]>>,
    coming: HashSet<u64>,
    failed: HashSet<u64>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Pages { there: HashMap::new(), coming: HashSet::new(), failed: HashSet::new() }
    }
}

impl<T: Clone> Pages<T> {
    /// A row, if its page is there.
    pub fn row(&self, number: u64) -> Option<T> {
        let page = self.there.get(&(number / PAGE))?;
        page.get(usize::try_from(number % PAGE).ok()?).cloned()
    }

    /// The next page to ask for, so that the rows from `first` to `last` are there; it is noted as
    /// being on its way.
    pub fn wanted(&mut self, first: u64, last: u64) -> Option<u64> {
        if self.coming.len() >= AT_ONCE || first >= last {
            return None;
        }
        let missing = |page: &u64| {
            !self.there.contains_key(page)
                && !self.coming.contains(page)
                && !self.failed.contains(page)
        };
        let page = (first / PAGE..=(last - 1) / PAGE).find(missing)?;
        self.coming.insert(page);
        Some(page)
    }

    /// A page arrived; `None` if it never will.
    pub fn arrived(&mut self, page: u64, rows: Option<Vec<T>>) {
        self.coming.remove(&page);
        match rows {
            Some(rows) => {
                self.there.insert(page, rows.into());
            }
            None => {
                self.failed.insert(page);
            }
        }
        if self.there.len() > KEPT {
            let far = self.there.keys().copied().max_by_key(|other| other.abs_diff(page));
            if let Some(far) = far {
                self.there.remove(&far);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_is_asked_for_once_and_few_at_a_time() {
        let mut pages: Pages<u64> = Pages::default();
        assert_eq!(pages.wanted(50, 420), Some(0));
        assert_eq!(pages.wanted(50, 420), Some(1));
        assert_eq!(pages.wanted(50, 420), None);
        pages.arrived(0, Some((0..100).collect()));
        assert_eq!(pages.row(99), Some(99));
        assert_eq!(pages.row(100), None);
        // Scrolled on meanwhile: what was passed is not asked for.
        assert_eq!(pages.wanted(900, 910), Some(9));
        pages.arrived(9, None);
        pages.arrived(1, Some(Vec::new()));
        assert_eq!(pages.wanted(900, 910), None, "what failed is not asked for for ever");
    }

    #[test]
    fn memory_is_bounded() {
        let mut pages: Pages<u8> = Pages::default();
        for page in 0..1_000 {
            pages.arrived(page, Some(vec![0; 100]));
        }
        assert!(pages.there.len() <= KEPT);
        assert!(pages.row(99_999).is_some());
    }
}
