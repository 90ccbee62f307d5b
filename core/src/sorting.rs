//! Sorting that is small where size counts.
//!
//! The standard library's sort is some 10 kB of code for each type and each order: with all that
//! LND's rooms sort, a quarter of the engine that a page has to load. For wasm, places are
//! sorted instead, by one instantiation for all, and then the items are put there. Elsewhere it is
//! the standard library's. The order that comes out is the same.

use core::cmp::Ordering;

/// Sorts by the items' own order. Equal ones must be the same to whoever looks.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    #[cfg(not(target_arch = "wasm32"))]
    items.sort_unstable();
    #[cfg(target_arch = "wasm32")]
    places::sort_by(items, |a, b| a.cmp(b));
}

/// Sorts by a key; items with the same key stay in their order.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    #[cfg(not(target_arch = "wasm32"))]
    items.sort_by_key(|item| key(item));
    #[cfg(target_arch = "wasm32")]
    places::sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by an order; items that are equal in it stay in their order.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl FnMut(&T, &T) -> Ordering) {
    #[cfg(not(target_arch = "wasm32"))]
    items.sort_by(compare);
    #[cfg(target_arch = "wasm32")]
    places::sort_by(items, compare);
}

/// The small way; tested everywhere.
#[cfg(any(test, target_arch = "wasm32"))]
mod places {
    use alloc::vec::Vec;
    use core::cmp::Ordering;

    pub(super) fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
        let order = order(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
        let mut goes_to = inverse(&order);
        for at in 0..items.len() {
            // Each exchange brings one item to its place.
            while let Some(to) = goes_to.get(at).copied().filter(|to| *to != at) {
                if to >= items.len() {
                    break;
                }
                items.swap(at, to);
                goes_to.swap(at, to);
            }
        }
    }

    /// Which item comes first, which second, and so on.
    fn order(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
        let mut order: Vec<usize> = (0..len).collect();
        order.sort_by(|a, b| compare(*a, *b));
        order
    }

    fn inverse(order: &[usize]) -> Vec<usize> {
        let mut goes_to: Vec<usize> = (0..order.len()).collect();
        for (to, from) in order.iter().enumerate() {
            if let Some(place) = goes_to.get_mut(*from) {
                *place = to;
            }
        }
        goes_to
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::places;

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn both_ways_give_the_same() {
        for len in [0, 1, 2, 3, 10, 257, 5_000_u32] {
            for modulus in [1, 2, 7, 1_000, u32::MAX] {
                // Keys that repeat, each with the place it began at.
                let keys = (0..len).map(|at| (at.wrapping_mul(2_654_435_761) % modulus, at));
                let begin: Vec<(u32, u32)> = keys.collect();
                let (mut expected, mut found) = (begin.clone(), begin);
                expected.sort_by_key(|(key, _)| *key);
                places::sort_by(&mut found, |(a, _), (b, _)| a.cmp(b));
                assert_eq!(found, expected, "{len} {modulus}");
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn a_list_moved_by_one_takes_no_longer() {
        let mut items: Vec<u32> = (1..200_000).chain([0]).collect();
        places::sort_by(&mut items, Ord::cmp);
        assert!(items.iter().zip(0..).all(|(item, at)| *item == at));
    }
}
