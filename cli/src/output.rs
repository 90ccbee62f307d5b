//! Stdout as every command writes it: buffered, coloured only on a terminal, in one language.

use std::fmt::{self, Write as _};
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use fulgurite_core::finding::{Severity, Value};
use fulgurite_core::words::{self, Language};
use unicode_width::UnicodeWidthStr as _;

/// How things are said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Face {
    /// In this language.
    pub(crate) language: Language,
}

/// Names, headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// What stands beside the matter.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Damage.
pub(crate) const DAMAGE: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();
const FINE: Style = AnsiColor::Green.on_default().bold();

impl Face {
    /// In this language, else in that of the locale.
    pub(crate) fn new(language: Option<Language>) -> Face {
        let locale = || sys_locale::get_locale().map(|tag| Language::from_tag(&tag));
        let locale = || if is_c_locale() { None } else { locale() };
        Face { language: language.or_else(locale).unwrap_or_default() }
    }

    /// A number with separators.
    pub(crate) fn count(self, number: u64) -> String {
        words::value("count", &Value::Number(number), self.language)
    }

    /// Seconds since 1970, and the same as a date.
    pub(crate) fn time(self, seconds: u32) -> String {
        words::value("newest_timestamp", &Value::from(seconds), self.language)
    }
}

/// Whether the locale is C, which has no language: then LANGUAGE does not count, as for gettext.
fn is_c_locale() -> bool {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    locale.is_some_and(|locale| {
        locale == "C" || locale == "POSIX" || locale.as_encoded_bytes().starts_with(b"C.")
    })
}

/// What every command writes to.
pub(crate) type Stdout = BufWriter<AutoStream<StdoutLock<'static>>>;

/// Stdout. Where it is not a terminal, or colours are not wanted, styles vanish.
pub(crate) fn stdout() -> Stdout {
    BufWriter::new(AutoStream::auto(io::stdout().lock()))
}

/// The columns to wrap text to: those of the terminal, within reason; none elsewhere.
pub(crate) fn columns() -> Option<usize> {
    use std::io::IsTerminal as _;
    io::stdout().is_terminal().then(|| textwrap::termwidth().clamp(40, 110))
}

/// Writes text, wrapped behind `first` and then behind as many spaces.
pub(crate) fn paragraph(
    out: &mut impl Write,
    first: &str,
    text: &str,
    columns: Option<usize>,
) -> io::Result<()> {
    let Some(columns) = columns else { return writeln!(out, "{first}{text}") };
    let rest = " ".repeat(first.width());
    let options = textwrap::Options::new(columns).initial_indent(first).subsequent_indent(&rest);
    for line in textwrap::wrap(text, options) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The style and the sign of a severity, for those who do not see the colour.
pub(crate) fn severity(severity: Severity) -> (Style, &'static str) {
    match severity {
        Severity::Info => (NOTE, "·"),
        Severity::Warning => (WARNING, "!"),
        Severity::Damage => (DAMAGE, "✗"),
    }
}

/// The same for a file of which nothing is to be said.
pub(crate) fn fine() -> (Style, &'static str) {
    (FINE, "✓")
}

/// Text in a column of at least so many cells.
pub(crate) struct Cell<'a> {
    text: &'a str,
    width: usize,
    right: bool,
}

/// A column that begins at the left.
pub(crate) fn left(text: &str, width: usize) -> Cell<'_> {
    Cell { text, width, right: false }
}

/// A column that ends at the right.
pub(crate) fn right(text: &str, width: usize) -> Cell<'_> {
    Cell { text, width, right: true }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fill = self.width.saturating_sub(self.text.width());
        if self.right {
            write!(f, "{:fill$}{}", "", self.text)
        } else {
            write!(f, "{}{:fill$}", self.text, "")
        }
    }
}

/// Seconds since 1970 as a date and time of day, UTC.
pub(crate) fn date(seconds: u32) -> String {
    let date = jiff::Timestamp::from_second(seconds.into());
    date.map_or_else(|_| seconds.to_string(), |date| date.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The first digits of a node's key: enough to find it again with `--node`.
pub(crate) fn short(node_id: &str) -> String {
    let mut text: String = node_id.chars().take(16).collect();
    if node_id.len() > 16 {
        let _ = write!(text, "…");
    }
    text
}
