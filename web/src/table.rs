//! Tables of any length: only the rows in sight exist, and only their pages are fetched.

pub(crate) mod cells;
pub(crate) mod grid;
pub(crate) mod lists;
pub(crate) mod records;
mod search;
