//! docs/findings.md from the catalogue: `findings` prints the document, `findings --check` says
//! whether the file is current and exits 1 if it is not. `cargo xtask findings` puts it in place.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use fulgurite_core::finding::{Code, Severity, Step};
use fulgurite_core::report::Headline;
use fulgurite_core::words::{self, Language, Text};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/findings.md");

const HEAD: &str = "\
# Findings / 检查结果

<!-- Written by `cargo xtask findings` from core's catalogue. Do not edit by hand. -->

Everything that Fulgurite can say about a file: findings with their stable codes, the next steps \
they call for, and the verdicts. Codes and the names of values are those of `--json`. `{name}` \
stands for a value of the finding; beside the values listed, texts may use its place: `{start}`, \
`{end}`, `{bytes}`, `{key}` and `{record_type}`.

这里列出 Fulgurite 对一个文件可能给出的全部说法：检查结果及其固定代码、相应的后续步骤和总体结论。代码和值的\
名称与 `--json` 中的一致。`{name}` 代表该结果的一个值；除列出的值外，文字里还可能用到位置：`{start}`、\
`{end}`、`{bytes}`、`{key}` 和 `{record_type}`。
";

fn main() -> ExitCode {
    let document = document();
    match std::env::args().nth(1).as_deref() {
        None => {
            print!("{document}");
            ExitCode::SUCCESS
        }
        Some("--check") => check(&document, Path::new(DOCUMENT)),
        Some(other) => {
            eprintln!("unknown argument {other}; usage: findings [--check]");
            ExitCode::from(64)
        }
    }
}

fn check(document: &str, path: &Path) -> ExitCode {
    match std::fs::read_to_string(path) {
        Ok(file) if file == document => ExitCode::SUCCESS,
        Ok(file) => {
            let same = document.lines().zip(file.lines()).take_while(|(a, b)| a == b).count();
            eprintln!("docs/findings.md is out of date from line {}", same + 1);
            eprintln!("run `cargo xtask findings`");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot read docs/findings.md: {error}; run `cargo xtask findings`");
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn document() -> String {
    let mut out = String::from(HEAD);
    index(&mut out);
    out.push_str("\n## Findings / 结果\n");
    for code in Code::ALL {
        finding(&mut out, *code);
    }
    out.push_str(
        "\n## Next steps / 后续步骤\n\n| step | English | 简体中文 |\n| --- | --- | --- |\n",
    );
    for step in Step::ALL {
        row(&mut out, &format!("<a id=\"{0}\"></a>`{0}`", step.name()), words::step(*step));
    }
    out.push_str(
        "\n## Verdicts / 总体结论\n\n| verdict | English | 简体中文 |\n| --- | --- | --- |\n",
    );
    for headline in Headline::ALL {
        row(&mut out, &format!("`{}`", headline.name()), words::headline(*headline));
    }
    out
}

/// One line for each finding, the worst first.
fn index(out: &mut String) {
    out.push_str("\n## Index / 索引\n\n| severity | code | English | 简体中文 |\n| --- | --- | --- | --- |\n");
    for severity in [Severity::Damage, Severity::Warning, Severity::Info] {
        for code in Code::ALL.iter().filter(|code| code.severity() == severity) {
            let title = words::entry(*code).title;
            let anchor = code.name().replace('.', "");
            line(
                out,
                format_args!(
                    "| {} | [`{}`](#{anchor}) | {} | {} |",
                    severity.name(),
                    code.name(),
                    cell(title.en),
                    cell(title.zh)
                ),
            );
        }
    }
}

fn finding(out: &mut String, code: Code) {
    let entry = words::entry(code);
    line(out, format_args!("\n### `{}`\n", code.name()));
    out.push_str("| | English | 简体中文 |\n| --- | --- | --- |\n");
    row(out, "title", entry.title);
    row(out, "meaning", entry.meaning);
    row(out, "severity", words::severity(code.severity()));
    if !code.values().is_empty() {
        let [en, zh] = Language::ALL.map(|language| values(code, language));
        line(out, format_args!("| values | {en} | {zh} |"));
    }
    let steps: Vec<_> =
        code.steps().iter().map(|step| format!("[`{0}`](#{0})", step.name())).collect();
    line(out, format_args!("| next | {} | {} |", steps.join(", "), steps.join("、")));
}

/// The values of a code, each with its label.
fn values(code: Code, language: Language) -> String {
    let values = code.values().iter().map(|name| match words::label(name) {
        Some(label) => format!("`{name}`: {}", label.get(language)),
        None => format!("`{name}`"),
    });
    values.collect::<Vec<_>>().join("<br>")
}

fn row(out: &mut String, name: &str, text: Text) {
    line(out, format_args!("| {name} | {} | {} |", cell(text.en), cell(text.zh)));
}

fn line(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    writeln!(out, "{arguments}").expect("a String takes every write");
}

/// A template as the cell of a table.
fn cell(template: &str) -> String {
    words::outline(template).replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|")
}
