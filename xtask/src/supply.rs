//! `cargo xtask supply`: where every dependency comes from, under which licence, and that each of
//! our own is explained. The policy is `deny.toml`, which cargo-deny reads too; this needs only
//! cargo.

mod licence;

use crate::shell;
use crate::steps::Note;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The only registry, as cargo names it whatever mirror it uses.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A crate of the tree.
struct Crate {
    name: String,
    version: String,
    licence: String,
    source: Option<String>,
    /// The names of what it depends on itself.
    dependencies: BTreeSet<String>,
}

/// Checks and prints.
pub(crate) fn run() -> Result<()> {
    println!("{}", step()?);
    Ok(())
}

/// The step of `cargo xtask test`.
pub(crate) fn step() -> Result<Note> {
    let crates = crates()?;
    let policy = read("deny.toml")?;
    let explained = read("ARCHITECTURE.md")?;
    let explained =
        explained.split_once("## Dependencies").context("ARCHITECTURE.md has no list")?.1;
    let explained = explained.split("\n## ").next().unwrap_or_default();
    let mut faults = of_others(&crates, &policy)?;
    faults.extend(of_ours(&crates, explained));
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    let twice = duplicates(&crates);
    if !twice.is_empty() {
        eprintln!("in several versions: {}", twice.join(", "));
    }
    let others = crates.iter().filter(|one| one.source.is_some()).count();
    Ok(format!("{others} crates, all of crates.io; {} in several versions", twice.len()))
}

fn read(name: &str) -> Result<String> {
    std::fs::read_to_string(shell::root().join(name)).with_context(|| name.to_owned())
}

fn crates() -> Result<Vec<Crate>> {
    let mut metadata = shell::cargo("metadata --format-version 1 --locked --all-features");
    let text = shell::quietly(&mut metadata).context("cargo metadata --locked failed")?;
    let tree: Value = serde_json::from_str(&text).context("cargo metadata")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = tree["packages"].as_array().context("cargo metadata has no packages")?;
    let of = |package: &Value| Crate {
        name: text(&package["name"]),
        version: text(&package["version"]),
        licence: text(&package["license"]),
        source: package["source"].as_str().map(str::to_owned),
        dependencies: package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|dependency| text(&dependency["name"]))
            .collect(),
    };
    Ok(packages.iter().map(of).collect())
}

/// What is wrong with crates of others: their source, their licence.
fn of_others(crates: &[Crate], policy: &str) -> Result<Vec<String>> {
    let allowed = allowed(policy).context("deny.toml has no list of licences")?;
    let mut faults = Vec::new();
    for Crate { name, version, licence, source, .. } in crates {
        if source.as_deref().is_some_and(|source| source != CRATES_IO) {
            faults.push(format!("{name} {version} is not from crates.io"));
        }
        if !licence::holds(licence, &|one| allowed.contains(&one)) {
            faults.push(format!("{name} {version}: licence {licence:?} is not in deny.toml"));
        }
    }
    Ok(faults)
}

/// The licences of `[licenses] allow`.
fn allowed(policy: &str) -> Option<Vec<&str>> {
    let list = policy.split_once("[licenses]")?.1.split_once("allow = [")?.1.split_once(']')?.0;
    Some(list.split('"').skip(1).step_by(2).collect())
}

/// Dependencies of ours that ARCHITECTURE.md does not name.
fn of_ours(crates: &[Crate], explained: &str) -> Vec<String> {
    let ours = || crates.iter().filter(|one| one.source.is_none());
    let names: BTreeSet<&str> = ours().map(|one| one.name.as_str()).collect();
    let missing = |one: &Crate| {
        let others = one.dependencies.iter().filter(|name| !names.contains(name.as_str()));
        let unexplained = others.filter(|name| !explained.contains(&format!("`{name}`")));
        let fault = |name: &String| {
            format!("{} depends on {name}, which ARCHITECTURE.md does not explain", one.name)
        };
        unexplained.map(fault).collect::<Vec<_>>()
    };
    ours().flat_map(missing).collect()
}

/// Crates that come in several versions.
fn duplicates(crates: &[Crate]) -> Vec<String> {
    let mut versions = BTreeMap::<&str, BTreeSet<&str>>::new();
    for one in crates {
        versions.entry(&one.name).or_default().insert(&one.version);
    }
    let several = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    several
        .map(|(name, versions)| {
            format!("{name} {}", versions.into_iter().collect::<Vec<_>>().join(" and "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, licence: &str, source: Option<&str>, dependencies: &[&str]) -> Crate {
        Crate {
            name: name.into(),
            version: "1.0.0".into(),
            licence: licence.into(),
            source: source.map(str::to_owned),
            dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn foreign_sources_licences_and_unexplained_dependencies_are_told() {
        let policy = "[licenses]\nallow = [\n    \"MIT\",\n]\n";
        let crates = [
            one("ours", "MIT", None, &["good", "odd", "other-of-ours"]),
            one("other-of-ours", "MIT", None, &[]),
            one("good", "MIT OR GPL-3.0", Some(CRATES_IO), &["whatever"]),
            one("odd", "GPL-3.0", Some("git+https://example.com/odd"), &[]),
        ];
        assert_eq!(
            of_others(&crates, policy).expect("a policy"),
            [
                "odd 1.0.0 is not from crates.io",
                "odd 1.0.0: licence \"GPL-3.0\" is not in deny.toml"
            ]
        );
        assert_eq!(
            of_ours(&crates, "| `good` | for good |"),
            ["ours depends on odd, which ARCHITECTURE.md does not explain"]
        );
    }
}
