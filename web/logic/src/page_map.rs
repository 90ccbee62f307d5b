//! What the pages of a bbolt or SQLite file are, in runs of alike pages.

use fulgurite_core::finding::Span;

/// The strip has so many pieces at most.
const PIECES: u64 = 600;

/// What the pages of a file are, in runs of alike pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageMap {
    /// Which of the inputs.
    pub input: u32,
    /// Bytes of a page.
    pub page_size: u64,
    /// The number of the first page: 0, or 1 in SQLite.
    pub first_page: u64,
    /// The kinds of pages that there are, by their stable names.
    pub kinds: Vec<String>,
    /// Top-level buckets, or tables and indexes.
    pub owners: Vec<String>,
    /// For each run four numbers: first page, how many, kind, owner counted from 1 or 0.
    pub runs: Vec<u32>,
}

/// Pages of one kind in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first.
    pub first: u64,
    /// How many.
    pub pages: u64,
    /// What they are, by its stable name.
    pub kind: String,
    /// Whose they are.
    pub owner: Option<String>,
    /// Bytes of a page.
    pub page_size: u64,
}

impl Run {
    /// Its bytes.
    pub fn span(&self) -> Span {
        let at = |page: u64| page.saturating_mul(self.page_size);
        Span::new(at(self.first), at(self.first.saturating_add(self.pages)))
    }
}

impl PageMap {
    fn raw(&self) -> impl Iterator<Item = [u64; 4]> + '_ {
        self.runs.as_chunks::<4>().0.iter().map(|run| run.map(u64::from))
    }

    /// How many runs there are.
    pub fn count(&self) -> u64 {
        self.runs.len() as u64 / 4
    }

    /// How many pages there are.
    pub fn pages(&self) -> u64 {
        self.raw().map(|[first, pages, ..]| first + pages).max().unwrap_or(0)
    }

    fn run(&self, [first, pages, kind, owner]: [u64; 4]) -> Run {
        let get = |list: &[String], at: u64| list.get(usize::try_from(at).ok()?).cloned();
        Run {
            first,
            pages,
            kind: get(&self.kinds, kind).unwrap_or_default(),
            owner: owner.checked_sub(1).and_then(|owner| get(&self.owners, owner)),
            page_size: self.page_size,
        }
    }

    /// Runs from that one on.
    pub fn some(&self, from: u64, wanted: u32) -> Vec<Run> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        self.raw().skip(from).take(wanted as usize).map(|run| self.run(run)).collect()
    }

    /// The run that this offset is in.
    pub fn at(&self, offset: u64) -> Option<Run> {
        let page = offset.checked_div(self.page_size)?;
        let inside = |[first, pages, ..]: &[u64; 4]| (*first..first + pages).contains(&page);
        self.raw().find(inside).map(|run| self.run(run))
    }

    /// Pages by kind, most first.
    pub fn kinds(&self) -> Vec<(String, u64)> {
        let mut sums: Vec<(String, u64)> =
            self.kinds.iter().map(|kind| (kind.clone(), 0)).collect();
        for [_, pages, kind, _] in self.raw() {
            if let Some((_, sum)) = usize::try_from(kind).ok().and_then(|kind| sums.get_mut(kind)) {
                *sum += pages;
            }
        }
        sums.sort_by_key(|(_, pages)| std::cmp::Reverse(*pages));
        sums
    }

    /// The strip: for each piece of the axis where it begins, how long it is, and the kind that it
    /// is drawn as. What is wrong is always seen, however small it is.
    pub fn strip(&self) -> Vec<(u64, u64, String)> {
        let all = self.pages();
        let step = all.div_ceil(PIECES).max(1);
        let mut cells =
            vec![(0_u8, 0_u64, 0_u64); usize::try_from(all.div_ceil(step)).unwrap_or(0)];
        for [first, pages, kind, _] in self.raw() {
            let name = usize::try_from(kind).ok().and_then(|kind| self.kinds.get(kind));
            let rank = u8::from(name.is_some_and(|name| is_bad(name)));
            let mut at = first;
            while at < first + pages {
                let end = (at / step + 1).saturating_mul(step).min(first + pages);
                let cell = usize::try_from(at / step).ok().and_then(|cell| cells.get_mut(cell));
                if let Some(cell) = cell.filter(|cell| (rank, end - at) > (cell.0, cell.1)) {
                    *cell = (rank, end - at, kind + 1);
                }
                at = end;
            }
        }
        let mut pieces: Vec<(u64, u64, String)> = Vec::new();
        for (place, (_, _, kind)) in (0..).zip(cells) {
            let kind = kind.checked_sub(1).and_then(|kind| usize::try_from(kind).ok());
            let name = kind.and_then(|kind| self.kinds.get(kind)).cloned().unwrap_or_default();
            match pieces.last_mut() {
                Some((_, len, last)) if *last == name => *len += step,
                _ => pieces.push((place * step, step, name)),
            }
        }
        pieces
    }
}

/// Whether a page of that kind is not as it should be.
pub fn is_bad(kind: &str) -> bool {
    matches!(kind, "damaged" | "missing" | "lost" | "unreachable")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> PageMap {
        PageMap {
            input: 0,
            page_size: 4_096,
            first_page: 0,
            kinds: vec!["meta".into(), "leaf".into(), "damaged".into()],
            owners: vec!["invoices".into()],
            runs: vec![0, 2, 0, 0, 2, 2_997, 1, 1, 2_999, 1, 2, 0],
        }
    }

    #[test]
    fn a_page_is_found_by_its_offset() {
        let map = map();
        assert_eq!((map.pages(), map.count()), (3_000, 3));
        let run = map.at(3 * 4_096 + 7).unwrap();
        assert_eq!((run.first, run.owner.as_deref()), (2, Some("invoices")));
        assert_eq!(run.span(), Span::new(8_192, 2_999 * 4_096));
        assert_eq!(map.at(3_000 * 4_096), None);
        assert_eq!(PageMap::default().at(5), None);
    }

    #[test]
    fn one_damaged_page_among_thousands_is_seen() {
        let strip = map().strip();
        assert_eq!(strip, [(0, 2_995, "leaf".into()), (2_995, 5, "damaged".into())]);
        assert!(PageMap::default().strip().is_empty());
    }
}
