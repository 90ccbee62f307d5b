//! The catalogue against the codes: every placeholder can be filled, and both languages say the
//! same of the same values.

mod stable;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::labels::LABELLED;
use super::render::{Form, Piece, Pieces};
use super::*;
use crate::finding::Value;
use crate::gossip::format::VERSIONS;
use crate::gossip::verdict::{Check, Fate, Reads, Why};

/// What a place gives to every template.
const PLACE: &[&str] = &["start", "end", "bytes", "key", "record_type"];

/// What the report gives to every headline.
const HEADLINE: &[&str] = &[
    "size",
    "version",
    "records",
    "live",
    "channels",
    "nodes",
    "wounds",
    "lost",
    "uncounted",
    "offset",
    "bytes",
    // LND's.
    "kv_invoices",
    "sql_invoices",
    "left_behind",
    "reads",
    // Of a comparison and of a rehearsal.
    "same",
    "missing",
    "differing",
    "extra",
    "release",
    "brought",
    "quiet",
    "offenders",
    "add_index",
    "lnd_error",
    // Of a log.
    "lines",
    "starts",
    "moves",
    "floods",
    "peers",
    "first_at",
    "last_at",
    "what_moves",
];

/// What the verdict on a release gives to its sentences.
const RELEASES: &[&str] = &[
    "at",
    "check",
    "size",
    "processed",
    "channels",
    "updates",
    "nodes",
    "deleted",
    "tombstones",
    "private",
    "zombies",
    "old_updates",
    "unsure",
];

/// Every text of the catalogue with the names that it may use.
fn catalogue() -> Vec<(String, Text, Vec<&'static str>)> {
    let mut all = Vec::new();
    for code in Code::ALL {
        let names: Vec<_> = code.values().iter().chain(PLACE).copied().collect();
        let Entry { title, meaning } = entry(*code);
        all.push((alloc::format!("{} (title)", code.name()), title, names.clone()));
        all.push((alloc::format!("{} (meaning)", code.name()), meaning, names));
    }
    for one in Step::ALL {
        all.push((one.name().to_string(), step(*one), Vec::new()));
    }
    for one in Headline::ALL {
        all.push((one.name().to_string(), headline(*one), HEADLINE.to_vec()));
    }
    for one in Fate::ALL {
        let name = alloc::format!("{} (fate)", one.name());
        all.push((name, releases::fate(*one), RELEASES.to_vec()));
    }
    for one in Reads::ALL {
        let name = alloc::format!("{} (reader)", one.name());
        all.push((name, releases::reads(*one), RELEASES.to_vec()));
    }
    for one in Check::ALL {
        all.push((alloc::format!("{} (check)", one.name()), releases::check(*one), Vec::new()));
    }
    for one in Why::ALL {
        all.push((one.name().to_string(), releases::why(*one), Vec::new()));
    }
    for name in LABELLED {
        all.push(((*name).to_string(), label(name).unwrap(), Vec::new()));
    }
    all
}

/// The placeholders of a template: name and kind of form, those of conditions marked.
fn placeholders(template: &str) -> Vec<(String, &'static str)> {
    let mut names = Vec::new();
    for piece in Pieces(template) {
        match piece {
            Piece::Literal(_) => {}
            Piece::Slot { name, form } => names.push((
                name.to_string(),
                match form {
                    Form::Plain => "plain",
                    Form::Count | Form::CountOf { .. } => "count",
                    Form::Time => "time",
                },
            )),
            Piece::If { name, then } => {
                names.push((name.to_string(), "condition"));
                names.extend(placeholders(then));
            }
        }
    }
    names.sort();
    names
}

#[test]
fn every_placeholder_can_be_filled() {
    for (of, text, names) in catalogue() {
        for language in Language::ALL {
            for (name, _) in placeholders(text.get(language)) {
                assert!(names.contains(&name.as_str()), "{of} uses {{{name}}}");
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn both_languages_use_the_same_values() {
    for (of, text, _) in catalogue() {
        assert_eq!(placeholders(text.en), placeholders(text.zh), "{of}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "a large input")]
fn texts_are_clean_and_in_their_language() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for (of, text, _) in catalogue() {
        for language in Language::ALL {
            let template = text.get(language);
            assert!(!template.chars().any(char::is_control), "{of}");
            assert!(!template.contains("  "), "{of}: two spaces");
            assert_eq!(template.trim(), template, "{of}");
            for piece in Pieces(template) {
                let Piece::Literal(text) = piece else { continue };
                assert!(!text.contains(['{', '}', '[', ']']), "{of}: not well formed: {text}");
            }
        }
        assert!(!chinese(text.en), "{of}");
        for mixed in [", ", "; ", "。 ", "， "] {
            assert!(!text.zh.contains(mixed) || !chinese(text.zh), "{of}: `{mixed}` in Chinese");
        }
    }
}

#[test]
fn sentences_end_and_titles_do_not() {
    let ends = |text: &Text| (text.en.ends_with('.'), text.zh.ends_with(['。', '）']));
    for code in Code::ALL {
        let Entry { title, meaning } = entry(*code);
        assert_eq!(ends(&title), (false, false), "{}", code.name());
        assert!(meaning.en.ends_with('.') && meaning.zh.ends_with('。'), "{}", code.name());
    }
    for one in Step::ALL {
        assert_eq!(ends(&step(*one)), (true, true), "{}", one.name());
    }
    for one in Fate::ALL {
        let Text { en, zh } = releases::fate(*one);
        assert!(en.ends_with(['.', ']']) && zh.ends_with(['。', ']']), "{}", one.name());
    }
    for one in Reads::ALL {
        assert_eq!(ends(&releases::reads(*one)), (true, true), "{}", one.name());
    }
    for one in Headline::ALL {
        let Text { en, zh } = headline(*one);
        assert!(en.ends_with(['.', ']']) && zh.ends_with(['。', ']']), "{}", one.name());
    }
}

#[test]
fn every_value_has_a_label() {
    for name in
        Code::ALL.iter().flat_map(|code| code.values()).chain(PLACE).chain(HEADLINE).chain(RELEASES)
    {
        assert!(label(name).is_some(), "{name}");
    }
    assert_eq!(label("no such value"), None);
}

#[test]
fn releases_of_the_table_of_versions_have_words() {
    for row in VERSIONS {
        for releases in [row.written_by, row.read_by, "-"] {
            let text = word("read_by", releases).unwrap_or_else(|| panic!("{releases}"));
            assert!(matches!(releases, "" | "-") || text.en == releases);
        }
    }
}

#[test]
fn languages_by_tag() {
    for tag in ["zh", "zh-CN", "zh_CN.UTF-8", "zh-Hans", "ZH-hans-cn", "zh-TW", "zh-HK", "zh-Hant"]
    {
        assert_eq!(Language::from_tag(tag), Language::SimplifiedChinese, "{tag}");
    }
    for tag in ["zh.UTF-8", "zh_CN:en", " zh-CN ", "zh_SG@radical", "cmn-Hans-CN"] {
        assert_eq!(Language::from_tag(tag), Language::SimplifiedChinese, "{tag}");
    }
    for tag in ["en", "en_US.UTF-8", "C", "C.UTF-8", "POSIX", "", "de", "zhx", "中文", "-", "zha"]
    {
        assert_eq!(Language::from_tag(tag), Language::English, "{tag}");
    }
    for language in Language::ALL {
        assert_eq!(Language::from_tag(language.tag()), language);
    }
}

fn filled(template: &str, values: &Values) -> String {
    render(template, values, Language::English)
}

#[test]
fn numbers_get_separators_and_nouns() {
    for (number, text) in [
        (0, "0 records"),
        (1, "1 record"),
        (999, "999 records"),
        (1_000, "1,000 records"),
        (38_918_975, "38,918,975 records"),
        (u64::MAX, "18,446,744,073,709,551,615 records"),
    ] {
        let values = Values::new().with("x", number);
        assert_eq!(filled("{x:n record|records}", &values), text);
        assert_eq!(filled("{x:n}", &values), text.split_once(' ').unwrap().0);
        assert_eq!(filled("{x}", &values), number.to_string());
    }
}

#[test]
fn times_are_dates_too() {
    for (seconds, text) in [
        (0, "0 (1970-01-01 00:00:00 UTC)"),
        (951_782_399, "951782399 (2000-02-28 23:59:59 UTC)"),
        (951_782_400, "951782400 (2000-02-29 00:00:00 UTC)"),
        (1_759_208_366, "1759208366 (2025-09-30 04:59:26 UTC)"),
        (4_294_967_295, "4294967295 (2106-02-07 06:28:15 UTC)"),
        (253_402_300_799, "253402300799 (9999-12-31 23:59:59 UTC)"),
        (253_402_300_800, "253402300800"),
        (u64::MAX, "18446744073709551615"),
    ] {
        assert_eq!(filled("{x:t}", &Values::new().with("x", seconds)), text);
    }
}

#[test]
fn what_is_missing_or_not_well_formed_is_shown_as_it_is() {
    let none = Values::new();
    assert_eq!(filled("{x} {x:n} {x:n one|many} {x:t}", &none), "? ? ? many ?");
    for template in ["{", "}", "a{b", "[", "[a]", "[a|b", "]", "|", "中{文", ""] {
        assert_eq!(filled(template, &none), template);
    }
    assert_eq!(filled("{}{:}{:n}{x:y}", &none), "????");
}

#[test]
fn conditions_hide_what_is_missing_or_nothing() {
    let text = |values: &Values| filled("a[x| and {x:n b|bs}].", values);
    assert_eq!(text(&Values::new()), "a.");
    assert_eq!(text(&Values::new().with("x", 0_u64)), "a.");
    assert_eq!(text(&Values::new().with("x", 2_u64)), "a and 2 bs.");
    assert_eq!(filled("[x|a][y|b]", &Values::new().with("x", false).with("y", true)), "b");
}

#[test]
fn values_are_data() {
    let values = Values::new().with("alias", "{start:n}[key|x] <b>header").with("part", "header");
    assert_eq!(filled("{alias}", &values), "{start:n}[key|x] <b>header");
    assert_eq!(render("{alias}", &values, Language::SimplifiedChinese), filled("{alias}", &values));
    assert_eq!(render("{part}", &values, Language::SimplifiedChinese), "记录头");
    let other = Values::new().with("alias", "header").with("part", "<other>");
    assert_eq!(render("{alias}{part}", &other, Language::SimplifiedChinese), "header<other>");
}

#[test]
fn lists_and_groups_are_shown() {
    let list = Value::List([Value::Number(1), Value::Text("a".into()), Value::Flag(true)].into());
    assert_eq!(value("what", &list, Language::English), "1, a, yes");
    assert_eq!(value("what", &list, Language::SimplifiedChinese), "1、a、是");
    let two = Value::Text("framing types".into());
    assert_eq!(value("evidence", &two, Language::SimplifiedChinese), "记录头的格式、记录的类型");
    let group = Value::Group(Values::new().with("byte", 5_000_u64).with("bit", 3_u64));
    let [en, zh] = Language::ALL.map(|language| value("explanations", &group, language));
    assert_eq!(en, "wrong byte at offset: 5000; wrong bit (0 is the lowest): 3");
    assert_eq!(zh, "出错字节的偏移：5000；出错的比特（0 为最低位）：3");
    let inner = Value::Group(Values::new().with("part", "body"));
    let outer = Value::Group(Values::new().with("stands", false).with("against", "malformed"));
    let list = Value::List([outer, inner].into());
    assert_eq!(
        value("explanations", &list, Language::English),
        "(not ruled out: no; ruled out, as: the content would not fit the type), (part: body)",
    );
}

#[test]
fn a_finding_speaks_of_its_place() {
    let place = Place::span(10_000, 12_345).about("899494x897x1");
    let finding = Finding::new(Code::OrphanUpdate, place);
    for language in Language::ALL {
        let meaning = meaning(&finding, language);
        assert!(meaning.contains("10000") && meaning.contains("899494x897x1"), "{meaning}");
        assert!(!meaning.contains('?'), "{meaning}");
    }
    let own = Values::new().with("bytes", 7_u64).with("count", 1_u64);
    let finding = Finding::new(Code::SupersededUpdates, Place::span(0, 100)).values(own);
    assert!(meaning(&finding, Language::English).contains("(7 bytes)"));
}

#[test]
fn a_verdict_leaves_out_losses_that_are_none() {
    let values = Values::new()
        .with("wounds", 2_u64)
        .with("offset", 4_096_u64)
        .with("records", 1_575_u64)
        .with("channels", 299_u64)
        .with("lost", 23_u64);
    let text = heading(Headline::Damaged, &values, Language::English);
    assert!(text.starts_with("Damaged inside, in 2 places, first at offset 4096. "), "{text}");
    assert!(text.contains("Known lost: 23 records.") && !text.contains("cannot be counted"));
    let text = heading(Headline::Damaged, &values, Language::SimplifiedChinese);
    assert!(text.contains("已知丢失 23 条记录。") && !text.contains("无法统计"), "{text}");
}
