//! `cargo xtask serve`: dist/ over http on this machine only, for development and for tests.
//!
//! It answers GET for files by name, one connection at a time, and nothing else.

use crate::{inspector, shell};
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where to listen.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port; 0 takes any that is free.
    #[arg(long, default_value_t = 8016)]
    port: u16,
    /// Serve what was built before.
    #[arg(long)]
    no_build: bool,
}

/// Builds, then serves until it is ended.
pub(crate) fn run(args: &Args) -> Result<()> {
    if !args.no_build {
        inspector::build()?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .with_context(|| format!("cannot listen on port {}", args.port))?;
    let folder = shell::root().join(inspector::FOLDER);
    println!("http://{}/{}", listener.local_addr()?, inspector::FILE);
    for connection in listener.incoming() {
        let answered = connection.map_err(Into::into).and_then(|stream| answer(&folder, stream));
        if let Err(error) = answered {
            eprintln!("{error:#}");
        }
    }
    Ok(())
}

fn answer(folder: &Path, stream: TcpStream) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut line = String::new();
    BufReader::new((&stream).take(8_192)).read_line(&mut line)?;
    let found = file(folder, &line).and_then(|path| Some((fs::read(&path).ok()?, path)));
    let (status, media_type, body) = match found {
        Some((body, path)) => ("200 OK", media_type(&path), body),
        None => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    Ok(())
}

/// The file that a request line asks for: a plain name in the folder, nothing above or below it.
fn file(folder: &Path, line: &str) -> Option<PathBuf> {
    let mut words = line.split_ascii_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let name = target.strip_prefix('/')?.split(['?', '#']).next()?;
    let name = if name.is_empty() { inspector::FILE } else { name };
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (method == "GET" && plain && !name.starts_with('.')).then(|| folder.join(name))
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_served() {
        let folder = Path::new("dist");
        let ask = |line| file(folder, line);
        assert_eq!(ask("GET / HTTP/1.1"), Some(folder.join("fulgurite.html")));
        assert_eq!(ask("GET /a.html?x#y HTTP/1.1"), Some(folder.join("a.html")));
        for line in
            ["GET /../Cargo.toml", "GET /a/b", "GET /%2e%2e", "GET /.git", "POST /", "GET", ""]
        {
            assert_eq!(ask(line), None, "{line}");
        }
    }
}
