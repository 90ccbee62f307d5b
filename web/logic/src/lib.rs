//! What the inspector works out before it draws.
//!
//! The page's words and formats, its address, the axis of the map and what a gesture makes of it,
//! which rows and pages of a table are needed, how bytes are laid out in lines, and reports to take
//! away. Nothing here knows a browser or Leptos: values in, values out, so that it is tested on the
//! machine itself.

pub mod address;
pub mod export;
pub mod format;
pub mod labels;
pub mod layout;
pub mod map;
pub mod page_map;
pub mod pages;
pub mod problems;
pub mod rows;
pub mod saved;
pub mod scroll;
pub mod tab;
pub mod typed;
