//! Saved reports: read, written, and read again as the same; and said in both languages.

use fulgurite_core::report::Report;
use fulgurite_core::words::{self, Language};

pub(crate) fn saved_report(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(report) = Report::from_json(text) else { return };
    let once = report.to_json().expect("JSON");
    let read = Report::from_json(&once).expect("what was written is read");
    assert_eq!(read, report);
    assert_eq!(read.to_json().expect("JSON"), once);
    for language in Language::ALL {
        let _ = words::heading(report.verdict.headline, &report.verdict.values, language);
        for finding in &report.findings {
            let _ = words::title(finding, language) + &words::meaning(finding, language);
        }
    }
}
