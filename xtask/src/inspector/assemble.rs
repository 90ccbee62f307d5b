//! One HTML file from its parts: the shell filled, everything else packed, scripts named by hash in
//! the content security policy.
//!
//! The file is in UTF-16, whose mark of the order of bytes outranks whatever a server says of it:
//! what is packed takes more than half of it, and few characters of ASCII stand outside
//! ([`characters`]). It is written as a browser would serialise it, so that the page can give itself
//! back byte for byte ("save this tool").

use super::characters;
use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter, MfType};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;

/// What goes into the file.
pub(super) struct Parts {
    /// The document that is filled: its policy, its style and its body are replaced.
    pub(super) shell: String,
    /// What the body shows until the page is there.
    pub(super) loading: String,
    pub(super) style: String,
    /// The page's wasm, and the script beside it.
    pub(super) page: Vec<u8>,
    pub(super) glue: String,
    /// The engine's wasm, and its worker's script.
    pub(super) engine: Vec<u8>,
    pub(super) worker: String,
    /// A damaged store.
    pub(super) sample: Vec<u8>,
    /// The wasm that unpacks all of these.
    pub(super) unpack: Vec<u8>,
    /// The script that starts all of it.
    pub(super) boot: String,
}

/// Writes the file.
pub(super) fn assemble(parts: &Parts) -> Result<Vec<u8>> {
    let [boot, glue, worker] =
        [&parts.boot, &parts.glue, &parts.worker].map(|script| without_remarks(script));
    let policy = policy(&[&glue, &boot]);
    let (sizes, data) = data(parts, &glue, &worker)?;
    let mut body = format!("\n{}", parts.loading);
    body += "<script type=\"application/octet-stream\" id=\"packed\" data-sizes=\"";
    body += &sizes;
    body += "\">\u{0}</script>\n";
    // The last thing in the document; what it saves of the page must be all of it.
    body += script(&boot)?.trim_end();
    let html = replace(&parts.shell, "<body>", "</body>", &body)?;
    // Browsers would not believe it, and the style is packed.
    let html = without(&html, "<meta charset", "\n")?;
    let html = without(&html, "<style>", "</style>\n")?;
    let name = "http-equiv=\"Content-Security-Policy\" content=\"";
    let html = replace(&html, name, "\">", &policy)?;
    let (before, after) = html.split_once('\u{0}').context("the data have no place")?;
    let mut text = vec![0xFEFF];
    text.extend(before.encode_utf16());
    text.extend(data);
    text.extend(after.trim_end().encode_utf16());
    Ok(text.into_iter().flat_map(u16::to_le_bytes).collect())
}

/// What is packed, as characters, and how long each part is: the unpacking itself as it is, then one
/// stream. What the page needs first comes first.
fn data(parts: &Parts, glue: &str, worker: &str) -> Result<(String, Vec<u16>)> {
    let rest: [(&str, &[u8]); 6] = [
        ("style", parts.style.as_bytes()),
        // The boot script puts it into a script element; its hash lets it run there.
        ("glue", glue.as_bytes()),
        // Only the worker that is made of it runs it.
        ("worker", worker.as_bytes()),
        ("page", &parts.page),
        ("sample", &parts.sample),
        ("engine", &parts.engine),
    ];
    let mut sizes = format!("unpack:{}", parts.unpack.len());
    for (name, bytes) in rest {
        write!(sizes, " {name}:{}", bytes.len())?;
    }
    let stream = pack(&rest.map(|(_, bytes)| bytes).concat())?;
    Ok((sizes, characters::encode(&[&parts.unpack[..], &stream].concat())))
}

/// One stream of LZMA, with its header.
fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let options = LzmaOptions {
        // All of it.
        dict_size: u32::try_from(bytes.len())?.next_multiple_of(1 << 20),
        // Code for wasm knows no alignment, and a byte depends much on the one before.
        lc: 4,
        lp: 0,
        pb: 0,
        mode: EncodeMode::Normal,
        nice_len: LzmaOptions::NICE_LEN_MAX,
        mf: MfType::Bt4,
        depth_limit: 1000,
        preset_dict: None,
    };
    let mut packed = Vec::new();
    let mut writer = LzmaWriter::new_use_header(&mut packed, &options, Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    writer.finish()?;
    Ok(packed)
}

/// A script without lines that are only for who reads its source, and without what lines begin
/// with. No text in our scripts goes over several lines.
fn without_remarks(script: &str) -> String {
    let mut inside = false;
    let mut code = |line: &&str| {
        let begins = !inside && line.starts_with("/*");
        let remark = inside || begins || line.starts_with("//") || line.is_empty();
        inside = (inside || begins) && !line.ends_with("*/");
        !remark
    };
    script.lines().map(str::trim).filter(|line| code(line)).collect::<Vec<_>>().join("\n")
}

/// Nothing may be loaded; only these scripts may run; only a worker from a Blob may be made.
fn policy(scripts: &[&str]) -> String {
    let hash = |script: &&str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(script)));
    let hashes: Vec<String> = scripts.iter().map(hash).collect();
    format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src 'unsafe-inline'; \
         worker-src blob:; img-src data: blob:; connect-src 'none'; base-uri 'none'; \
         form-action 'none'",
        hashes.join(" ")
    )
}

fn script(text: &str) -> Result<String> {
    let lower = text.to_ascii_lowercase();
    for end in ["</script", "<script", "<!--"] {
        if lower.contains(end) {
            bail!("a script holds {end}, which would end it or swallow what follows");
        }
    }
    if text.contains('\r') {
        bail!("a script has carriage returns, which browsers change; its hash would not hold");
    }
    Ok(format!("<script>{text}</script>\n"))
}

/// Replaces what stands between the first `start` and the `end` behind it.
fn replace(text: &str, start: &str, end: &str, with: &str) -> Result<String> {
    let (before, after) = around(text, start, end)?;
    Ok([before, start, with, end, after].concat())
}

/// Leaves out what begins with the first `start`, to the `end` behind it.
fn without(text: &str, start: &str, end: &str) -> Result<String> {
    let (before, after) = around(text, start, end)?;
    Ok([before, after].concat())
}

/// What stands before the first `start`, and behind the `end` that follows it.
fn around<'a>(text: &'a str, start: &str, end: &str) -> Result<(&'a str, &'a str)> {
    let found = text.split_once(start);
    let found = found.and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    found.with_context(|| format!("the shell has no {start} … {end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        let shell = include_str!("../../../index.html");
        Parts {
            shell: shell.to_owned(),
            loading: "<p>wait</p>\n".to_owned(),
            style: "a { color: red; }\n".to_owned(),
            page: vec![1; 100],
            glue: "let wasm_bindgen = 1;".to_owned(),
            engine: vec![2; 100],
            worker: "/**\n * How.\n */\nwork()\n/* why */\n\n".to_owned(),
            sample: vec![3; 100],
            unpack: vec![4; 10],
            boot: "// first\nstart(\n  // then\n  1)\n".to_owned(),
        }
    }

    #[test]
    fn the_shell_is_filled_and_its_own_words_are_gone() {
        let file = assemble(&parts()).unwrap();
        // The mark of the order of bytes, the least significant first.
        assert_eq!(file[..4], [0xFF, 0xFE, b'<', 0]);
        let units: Vec<u16> =
            file.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
        let html = String::from_utf16(&units[1..]).unwrap();
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\"><head>\n<meta http-equiv"));
        assert!(html.ends_with("<script>start(\n1)</script></body></html>"));
        for gone in ["cargo xtask", "charset", "<style", "color: red", "first", "\0"] {
            assert!(!html.contains(gone), "{gone}");
        }
        assert!(html.contains("connect-src 'none'") && html.contains("'sha256-"));
        assert_eq!(html.matches("<script").count(), 2);
        let sizes = "unpack:10 style:18 glue:21 worker:6 page:100 sample:100 engine:100";
        assert!(html.contains(&format!("data-sizes=\"{sizes}\"")));
        // What is packed is one line of its own characters.
        let packed = html.split_once("engine:100\">").unwrap().1.split_once('<').unwrap().0;
        assert!(packed.chars().all(|character| character >= '\u{800}'));
    }

    #[test]
    fn a_script_that_would_end_early_is_refused() {
        for text in ["x = '</SCRIPT>'", "y = 1 // <!-- ", "a\rb"] {
            assert!(assemble(&Parts { boot: text.to_owned(), ..parts() }).is_err(), "{text}");
        }
        assert!(assemble(&Parts { shell: "<html>".to_owned(), ..parts() }).is_err());
    }
}
