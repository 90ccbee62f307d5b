//! One HTML file from its parts: the shell filled, binary data packed, scripts named by hash in
//! the content security policy.
//!
//! The file is written as a browser would serialise it, so that the page can give itself back byte
//! for byte ("save this tool").

use super::printable;
use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

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
    /// The script that starts all of it.
    pub(super) boot: String,
}

/// Writes the file.
pub(super) fn assemble(parts: &Parts) -> Result<String> {
    let policy = policy(&[&parts.glue, &parts.boot]);
    let mut body = format!("\n{}", parts.loading);
    let data: [(&str, &[u8]); 5] = [
        ("page", &parts.page),
        // The boot script puts it into a script element; its hash lets it run there.
        ("glue", parts.glue.as_bytes()),
        ("engine", &parts.engine),
        // Only the worker that is made of it runs it.
        ("worker", parts.worker.as_bytes()),
        ("sample", &parts.sample),
    ];
    for (id, bytes) in data {
        let packed = printable::encode(&gzip(bytes)?);
        writeln!(body, "<script type=\"application/octet-stream\" id=\"{id}\">{packed}</script>")?;
    }
    // The last thing in the document; what it saves of the page must be all of it.
    body += script(&parts.boot)?.trim_end();
    let html = replace(&parts.shell, "<body>", "</body>", &body)?;
    let html = replace(&html, "<style>", "</style>", &format!("\n{}", parts.style))?;
    let name = "http-equiv=\"Content-Security-Policy\" content=\"";
    let html = replace(&html, name, "\">", &policy)?;
    Ok(html.trim_end().to_owned())
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
    let missing = || format!("the shell has no {start} … {end}");
    let (before, rest) = text.split_once(start).with_context(missing)?;
    let at = rest.find(end).with_context(missing)?;
    let after = rest.get(at..).with_context(missing)?;
    Ok([before, start, with, after].concat())
}

/// gzip by zopfli, which takes a few seconds and saves a twentieth.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut packed)?;
    Ok(packed)
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
            worker: "work()".to_owned(),
            sample: vec![3; 100],
            boot: "start()".to_owned(),
        }
    }

    #[test]
    fn the_shell_is_filled_and_its_own_words_are_gone() {
        let html = assemble(&parts()).unwrap();
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\"><head>\n"));
        assert!(html.ends_with("<script>start()</script></body></html>"));
        assert!(!html.contains("cargo xtask") && html.contains("color: red"));
        // The hash of "start()".
        assert!(html.contains("connect-src 'none'") && html.contains("'sha256-"));
        assert_eq!(html.matches("<script").count(), 6);
    }

    #[test]
    fn a_script_that_would_end_early_is_refused() {
        for text in ["x = '</SCRIPT>'", "// <!-- ", "a\r\nb"] {
            assert!(assemble(&Parts { boot: text.to_owned(), ..parts() }).is_err(), "{text}");
        }
        assert!(assemble(&Parts { shell: "<html>".to_owned(), ..parts() }).is_err());
    }
}
