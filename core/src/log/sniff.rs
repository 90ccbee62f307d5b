//! Is it a log, and whose?

use super::kind::Program;
use super::reader::{LogReader, Options};

/// So much is looked at.
const HEAD: usize = 64 * 1024;

/// Whose log begins with these bytes, if it is one: at least every second line must have the form
/// of a program's lines, or every fourth be known.
pub fn sniff(head: &[u8]) -> Option<Program> {
    let first = *head.first()?;
    // Zeros, and the version bytes of stores that are no white space.
    if first < 9 || (14..27).contains(&first) {
        return None;
    }
    let mut reader = LogReader::new(Options::default());
    reader.push(head.get(..HEAD).unwrap_or(head));
    let report = reader.finish();
    let lines = report.lines - report.framing;
    let looks = report.framed > 0 && report.framed * 2 >= lines
        || report.known > 0 && report.known * 4 >= lines;
    report.program.filter(|_| looks)
}
