//! The exporters against a sample, and against strings that want to be more than text.

use fulgurite_core::finding::{Code, Finding, Findings, Place, Values};
use fulgurite_core::gossip::check::{Options, check};
use fulgurite_core::report::{Headline, Input, Report};
use fulgurite_core::words::Language;

use super::escape;
use super::*;

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "&lt;script&gt;",
    "</style><img src=x onerror=alert(1)>",
    "]]><!-- -->",
    "[click](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "https://example.com/phish",
    "www.example.com",
    "mail@example.com",
    "@maintainer please merge #1",
    "`code` ``` ~~~ **bold** _it_ | cell | \\| x",
    "# heading\n- list\n1. list\n> quote\n\n---\n",
    "\u{202e}gnp.exe \u{2066}\u{200b}\u{feff}\u{1b}[31m\0",
    "$\\frac{1}{2}$ :smile: <https://example.com>",
];

fn hostile(text: &str) -> Report {
    let mut findings = Findings::default();
    let place = Place::span(10, 20).about(text);
    let values = Values::new().with("alias", text).with("first_channel", 5_u64);
    findings.push(Finding::new(Code::HiddenAlias, place).values(values));
    let input = Input { kind: fulgurite_core::detect::Kind::GossipStore, size: 100 };
    let values = Values::new().with("channels", 1_u64).with("nodes", 1_u64);
    Report::new(input, Headline::HiddenAlias, values, findings, None)
}

#[test]
fn no_text_becomes_html() {
    let plain = to_html(&hostile("plain"), Language::English);
    let tags = |text: &str| text.matches('<').count();
    for text in HOSTILE {
        let page = to_html(&hostile(text), Language::English);
        assert_eq!(tags(&page), tags(&plain), "{text:?}");
        assert_eq!(page.matches('"').count(), plain.matches('"').count(), "{text:?}");
        for hidden in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{1b}', '\0'] {
            assert!(!page.contains(hidden), "{text:?}");
        }
    }
}

#[test]
fn no_text_becomes_markdown() {
    let plain = to_markdown(&hostile("plain"), Language::English);
    for text in HOSTILE {
        let written = escape::markdown(text);
        for special in "<>`*[]|~@\\$\n\u{202e}\u{1b}\0".chars() {
            assert!(!written.contains(special), "{text:?} left {special:?}: {written:?}");
        }
        assert!(!written.contains("http:") && !written.contains("https:"), "{written}");
        assert!(!written.contains("www.") && !written.contains("_it_"), "{written}");
        let page = to_markdown(&hostile(text), Language::English);
        assert_eq!(page.lines().count(), plain.lines().count(), "{text:?}");
    }
    // What stands at the start of a line could be a list or a heading.
    for start in ["- a", "+ a", "=", "# a"] {
        assert!(escape::markdown(start).starts_with("&#"), "{start}");
    }
    assert_eq!(
        escape::markdown("gossip_store.copy, v26.04: (1)"),
        "gossip_store.copy, v26.04: (1)"
    );
    assert!(!escape::code("a`b|c\n").contains(['`', '|', '\n']));
}

#[test]
fn a_report_says_what_the_command_says_in_both_languages() {
    let mut bytes = vec![16, 0x20, 0, 0, 34, 0x1b, 0xad, 0x8d, 0x9b, 0, 0, 0, 0, 0x10, 0x0b];
    bytes.extend([0; 20]);
    let report = check(&bytes, Options::default()).unwrap();
    for language in Language::ALL {
        let document = document(&report, language);
        assert!(!document.steps.is_empty() && !document.groups.is_empty());
        let page = to_html(&report, language);
        assert!(page.contains(html::POLICY) && !page.contains("<script"));
        assert!(page.contains("gossip.torn_tail"));
        let text = to_markdown(&report, language);
        assert!(text.starts_with("## ✖ ") && text.contains("`gossip.torn_tail`"));
    }
    let again = Report::from_json(&report.to_json().unwrap()).unwrap();
    assert_eq!(to_html(&again, Language::English), to_html(&report, Language::English));
}
