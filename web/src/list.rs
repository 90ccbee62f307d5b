//! Lists of views of one type, whatever is in them: a list of each type of view would be code of
//! its own, and the page has many.

use leptos::prelude::*;

/// Makes a list of an iterator's views.
pub(crate) trait CollectList {
    /// The views as one view.
    fn collect_list(self) -> Vec<AnyView>;
}

impl<I, V> CollectList for I
where
    I: Iterator<Item = V>,
    V: IntoAny,
{
    fn collect_list(self) -> Vec<AnyView> {
        let mut views = Vec::with_capacity(self.size_hint().0);
        for view in self {
            views.push(view.into_any());
        }
        views
    }
}
