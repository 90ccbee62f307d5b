//! docs/releases.md from the table of releases: `releases` prints the document. `cargo xtask
//! findings` puts it in place.

use std::fmt::Write as _;

use fulgurite_core::gossip::verdict::releases::{RELEASES, Release};
use fulgurite_core::gossip::verdict::rules::{
    Corrupt, Duplicate, Ended, Load, OtherVersion, Reads, Rewrite, Sender,
};

const HEAD: &str = "\
# What each release of lightningd does with a gossip_store

<!-- Written by `cargo xtask findings` from core's table of releases. Do not edit by hand. -->

One row for each line of releases of Core Lightning that does the same with the file. \
`fulgurite check --release RELEASE` (or `all`) applies a row to a file. Sources are the files named \
last, at the commit of the first release's tag, in github.com/ElementsProject/lightning.

| releases | writes | upgrades from | rewrites at start | another version | something wrong | \
announced twice | `ended` | other readers | sends gossip | commit | sources |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

fn main() {
    print!("{}", document());
}

/// The document.
pub(crate) fn document() -> String {
    let mut out = String::from(HEAD);
    for release in RELEASES {
        row(&mut out, release);
    }
    out
}

fn row(out: &mut String, release: &Release) {
    let rules = &release.rules;
    let name = if release.name == release.last {
        release.name.to_owned()
    } else {
        format!("{} to {}", release.name, release.last)
    };
    let upgrades = match release.upgrades {
        None => "none".to_owned(),
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first} to {last}"),
    };
    let sources: Vec<String> = release.sources.iter().map(|file| format!("`{file}`")).collect();
    let cells = [
        name,
        release.writes.to_string(),
        upgrades,
        rewrites(release).to_owned(),
        other_version(rules.other_version).to_owned(),
        corrupt(rules.corrupt).to_owned(),
        duplicates(release).to_owned(),
        ended(release).to_owned(),
        readers(release),
        sender(rules.sender).to_owned(),
        format!("`{}`", release.commit),
        sources.join(", "),
    ];
    writeln!(out, "| {} |", cells.join(" | ")).expect("a String takes every write");
}

fn rewrites(release: &Release) -> &'static str {
    let rewriting = &release.rules.rewriting;
    match (rewriting.when, rewriting.checksum) {
        (Rewrite::Never, _) => "no",
        (Rewrite::Offline, false) => "yes; if that fails, the file is loaded as it lies",
        (Rewrite::Offline, true) => {
            "yes, checking checksums; if that fails, the file is loaded as it lies"
        }
        (Rewrite::Always, _) if rewriting.known_types_only => {
            "yes, checking checksums, types and amounts; a torn tail is cut off"
        }
        (Rewrite::Always, _) => "yes, checking checksums; a torn tail is cut off",
        (Rewrite::ForUpgrade, _) => "only to upgrade, checking checksums",
    }
}

fn other_version(other: OtherVersion) -> &'static str {
    match other {
        OtherVersion::Truncated => "truncated, content gone",
        OtherVersion::TruncatedWithHole => {
            "truncated, content gone; the new store begins with version 0 and is truncated again"
        }
        OtherVersion::ReplacedThenAborts => "replaced by an empty store, then abort: content gone",
        OtherVersion::MovedAside => "moved to gossip_store.corrupt",
    }
}

fn corrupt(corrupt: Corrupt) -> &'static str {
    match corrupt {
        Corrupt::Truncated => "truncated, content gone",
        Corrupt::MovedAside => "moved to gossip_store.corrupt",
        Corrupt::MovedAsideNotTruncated => {
            "moved to gossip_store.corrupt; the new store is not truncated, and is overwritten"
        }
    }
}

fn duplicates(release: &Release) -> &'static str {
    match (release.rules.load, release.rules.gossmap.map(|map| map.duplicate)) {
        (Load::Routing(_), _) => "something wrong",
        (_, Some(Duplicate::Asserts)) => "abort",
        (_, Some(Duplicate::Stops)) => "reading stops there",
        (_, Some(Duplicate::FailsStrict)) => "something wrong; other readers read on",
        (_, _) => "read on",
    }
}

fn ended(release: &Release) -> &'static str {
    match (release.rules.load, release.rules.gossmap.map(|map| map.ended)) {
        (Load::Wrapped | Load::Routing(_) | Load::Gossmap, _) => "something wrong",
        (_, Some(Ended::Jumps)) => "jump to the offset it names",
        (_, Some(Ended::Rereads)) => "read on from the offset it names; SIGSEGV at its own",
        (_, Some(Ended::Restarts)) => "read again from the start: SIGSEGV",
        (_, Some(Ended::Unknown | Ended::JumpsOn) | None) => "not known",
    }
}

fn readers(release: &Release) -> String {
    let Some(map) = release.rules.gossmap else { return "none".to_owned() };
    let mut out = String::from(match map.reads {
        Reads::Same => "plugins, only this version",
        Reads::MajorZero => "plugins, any version below 32",
    });
    if map.checks {
        out.push_str(", checking checksums");
    }
    if map.completed {
        out.push_str(" and COMPLETED");
    }
    if map.capacity_asserts {
        out.push_str("; asking for a missing amount aborts");
    }
    out
}

fn sender(sender: Sender) -> &'static str {
    match sender {
        Sender::Memory => "from memory",
        Sender::Channeld => "channeld, which dies of a wrong checksum",
        Sender::Connectd { .. } => "connectd, which dies of a wrong checksum",
        Sender::Gossmap => {
            "connectd, through gossmap: to the end of the file, without looking at checksums"
        }
    }
}
