//! What is asked of LND's stores.

use fulgurite_core::lnd::migration::releases::{Backend, Release};
use fulgurite_core::lnd::migration::{Asked, Network, SqlEngine, Store};
use fulgurite_core::lnd::rehearse::{self, Target};
use fulgurite_core::lnd::save::Which;
use fulgurite_core::lnd::stores::Tree;
use fulgurite_core::lnd::{check, compare};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::Arguments;
use crate::lnd::{self, Inside, Wanted};

/// Rows of a bucket that are given at a time, if nothing else is asked for.
const ROWS: u32 = 1_000;

const NETWORK: &str = "the name of a network's folder";

/// The options of a check.
pub(crate) fn lnd_options(value: &JsValue) -> Result<check::Options, JsError> {
    let mut given = Arguments::new("options", value)?;
    let network = given.name("network", Network::named, NETWORK)?;
    let asked = Asked {
        release: given.name("release", Release::named, "a known release of LND")?,
        backend: given.name("backend", backend, "bolt, sqlite or postgres")?,
        native: given.maybe("native")?,
        skip: given.maybe("skip")?,
    };
    let options = check::Options {
        reveal: given.flag("reveal")?,
        whole: given.flag("whole")?,
        network,
        asked,
    };
    given.end()?;
    Ok(options)
}

/// Which invoices.
pub(crate) fn invoices(value: &JsValue) -> Result<lnd::Asked, JsError> {
    let mut given = Arguments::new("page", value)?;
    let asked = lnd::Asked {
        side: given.name("side", side, "kv or sql")?,
        from: given.number("from")?.unwrap_or(0),
        count: given.number32("count")?.unwrap_or(100),
        reveal: given.flag("reveal")?,
    };
    given.end()?;
    Ok(asked)
}

/// Which bucket, from which row on and how many, and whether to reveal.
pub(crate) fn look(value: &JsValue) -> Result<(Inside, (u64, u32), bool), JsError> {
    let mut given = Arguments::new("page", value)?;
    let path = given.path("path")?;
    let inside = match given.number32("bucket")? {
        Some(bucket) => Inside::Bucket(bucket),
        None => Inside::Path { input: given.number32("input")?, tree: given.tree()?, path },
    };
    // They say nothing where there is a bucket.
    for name in ["input", "tree"] {
        given.get(name);
    }
    let rows = (given.number("from")?.unwrap_or(0), given.number32("count")?.unwrap_or(ROWS));
    let reveal = given.flag("reveal")?;
    given.end()?;
    Ok((inside, rows, reveal))
}

/// How to compare.
pub(crate) fn compare(value: &JsValue) -> Result<compare::Options, JsError> {
    let mut given = Arguments::new("options", value)?;
    let options = compare::Options { reveal: given.flag("reveal")? };
    given.end()?;
    Ok(options)
}

/// By which release to rehearse, and how.
pub(crate) fn rehearse(value: &JsValue) -> Result<(Target, rehearse::Options), JsError> {
    let mut given = Arguments::new("options", value)?;
    let target = given.name("release", Target::named, "a release of LND that migrates")?;
    let options = rehearse::Options {
        engine: given.name("backend", engine, "sqlite or postgres")?,
        network: given.name("network", Network::named, NETWORK)?,
        reveal: given.flag("reveal")?,
    };
    given.end()?;
    Ok((target.unwrap_or_else(Target::newest), options))
}

/// Which dump.
pub(crate) fn dump(value: &JsValue) -> Result<Wanted, JsError> {
    let mut given = Arguments::new("options", value)?;
    let named = given.texts(&["buckets"])?;
    let which = match (given.flag("all")?, named.is_empty()) {
        (true, _) => Which::All,
        (false, true) => Which::Judged,
        (false, false) => Which::Named(named.into_iter().map(String::into_bytes).collect()),
    };
    let (input, tree) = (given.number32("input")?, given.tree()?);
    let wanted = Wanted { input, tree, which, reveal: given.flag("reveal")? };
    given.end()?;
    Ok(wanted)
}

fn backend(name: &str) -> Option<Backend> {
    Backend::ALL.iter().copied().find(|backend| backend.name() == name)
}

fn engine(name: &str) -> Option<SqlEngine> {
    SqlEngine::ALL.iter().copied().find(|engine| engine.name() == name)
}

fn side(name: &str) -> Option<Store> {
    Store::ALL.iter().copied().find(|store| store.name() == name)
}

impl Arguments {
    /// One of several names.
    fn name<T>(
        &mut self,
        name: &'static str,
        known: impl Fn(&str) -> Option<T>,
        what: &str,
    ) -> Result<Option<T>, JsError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        known(&text).map(Some).ok_or_else(|| self.wrong(name, what))
    }

    /// True, false, or not said.
    fn maybe(&mut self, name: &'static str) -> Result<Option<bool>, JsError> {
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(None);
        }
        value.as_bool().map(Some).ok_or_else(|| self.wrong(name, "true or false"))
    }

    /// The prefix of a database's tree.
    fn tree(&mut self) -> Result<Tree, JsError> {
        Ok(self.text("tree")?.map_or(Tree::First, Tree::Named))
    }

    /// Keys: texts, or bytes.
    fn path(&mut self, name: &'static str) -> Result<Vec<Vec<u8>>, JsError> {
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(Vec::new());
        }
        let wrong = || self.wrong(name, "an array of texts or bytes");
        let keys = value.dyn_ref::<Array>().ok_or_else(wrong)?.iter().map(|key| {
            let bytes = key.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
            bytes.or_else(|| key.as_string().map(String::into_bytes)).ok_or_else(wrong)
        });
        keys.collect()
    }
}
