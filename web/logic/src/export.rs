//! Reports to take away: a page of their own, Markdown for an issue tracker, the data.
//!
//! [`document`] puts a report into words and figures; [`html`] and [`markdown`] write that down,
//! each escaping for its own medium. All of it is pure: text in, text out. None of it holds a file
//! name, a path, a host or a time of making.

/// Appends formatted text; writing to a String does not fail.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {
        let _ = std::fmt::Write::write_fmt(&mut $out, format_args!($($text)*));
    };
}

mod document;
mod escape;
pub mod html;
pub mod lnd;
pub mod markdown;
#[cfg(test)]
mod tests;

pub use document::{Document, Group, Place, TypeRow, document, figures, signatures};

use fulgurite_core::report::Report;
use fulgurite_core::words::Language;

/// The report as a page that needs nothing and may load nothing.
pub fn to_html(report: &Report, language: Language) -> String {
    html::write(&document(report, language), language)
}

/// The report for an issue tracker.
pub fn to_markdown(report: &Report, language: Language) -> String {
    markdown::write(&document(report, language), language)
}
