//! LND's stores as JavaScript sees them. What takes long is watched: a function `(done, total) →
//! boolean` is called between two steps, and `false` stops the work, which then gives undefined.

use fulgurite_core::job::Progress;
use fulgurite_core::kv::{bolt, sqlite};
use fulgurite_core::lnd::check::Map;
use fulgurite_core::lnd::outline::{self, Row};
use fulgurite_core::lnd::{listing, save};
use js_sys::{Array, Function, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{number, object, parse, read_file, to_js};
use crate::arguments;
use crate::lnd::{self, Case, Listed, Look, Ours, Outlined, Told, Written};

/// LND's files, judged together.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Lnd {
    case: Case,
}

#[wasm_bindgen]
impl Lnd {
    /// Of files `{name, size, readSync(at, len) → Uint8Array}`.
    ///
    /// # Errors
    /// Files that are none.
    #[wasm_bindgen(constructor)]
    pub fn new(files: &Array) -> Result<Lnd, JsError> {
        let files = files.iter().map(|file| file_of(&file));
        Ok(Lnd { case: Case::new(files.collect::<Result<_, JsError>>()?) })
    }

    /// What each of them is, looked at by itself: an array of `store`, `list` (as lncli prints it),
    /// or an empty text.
    pub fn ours(&self) -> Array {
        let word = |ours| match ours {
            Ours::Store => "store",
            Ours::List => "list",
            Ours::No => "",
        };
        self.case.ours().into_iter().map(|ours| JsValue::from_str(word(ours))).collect()
    }

    /// Reads all of them; whether it was not stopped.
    ///
    /// # Errors
    /// Options that are none, or a file cannot be read.
    pub fn check(&mut self, options: &JsValue, watch: &Function) -> Result<bool, JsError> {
        let options = arguments::lnd_options(options)?;
        Ok(self.case.check(&options, &mut watched(watch))?)
    }

    /// The report as one line of JSON; undefined before there is one.
    ///
    /// # Errors
    /// None in practice.
    pub fn report(&self) -> Result<Option<String>, JsError> {
        Ok(self.case.report().map(fulgurite_core::report::Report::to_json).transpose()?)
    }

    /// A file changed while it was read.
    #[wasm_bindgen(js_name = notStill)]
    pub fn not_still(&mut self) {
        self.case.not_still();
    }

    /// A file changed, and its bytes cannot be had any more.
    pub fn unreadable(&mut self) {
        self.case.unreadable();
    }

    /// `[{input, pageSize, firstPage, kinds, owners, runs}]`: for each file with pages the runs of
    /// alike pages, four numbers each: first page from 0 on, how many, kind, and owner counted from
    /// 1, or 0.
    ///
    /// # Errors
    /// None in practice.
    pub fn maps(&self) -> Result<Array, JsError> {
        let maps = self.case.maps().iter();
        maps.map(|(input, map)| map_of(*input, map, self.case.page_size(*input)?)).collect()
    }

    /// `[{input, prefixes}]`: the files that hold trees of buckets.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn trees(&self) -> Result<JsValue, JsError> {
        to_js(&self.case.trees()?)
    }

    /// `{side, input, store, total, inForce, rows}`; null where no file has that side.
    ///
    /// # Errors
    /// What is asked for makes no sense, or a file cannot be read.
    pub fn invoices(&mut self, page: &JsValue, watch: &Function) -> Result<JsValue, JsError> {
        let asked = arguments::invoices(page)?;
        match self.case.invoices(&asked, &mut watched(watch))? {
            Listed::Stopped => Ok(JsValue::UNDEFINED),
            Listed::Nothing => Ok(JsValue::NULL),
            Listed::Rows(listed, rows) => {
                let listing::Listed { side, input, store, total, in_force } = listed;
                object(&[
                    ("side", side.name().into()),
                    ("input", input.into()),
                    ("store", store.into()),
                    ("total", number(total).into()),
                    ("inForce", in_force.into()),
                    ("rows", parse(&rows)?),
                ])
            }
        }
    }

    /// `{input, store, prefix, path, counts, rows, more}`; null where there is no such bucket.
    ///
    /// # Errors
    /// What is asked for makes no sense, or a file cannot be read.
    pub fn buckets(&mut self, page: &JsValue, watch: &Function) -> Result<JsValue, JsError> {
        let (inside, rows, reveal) = arguments::look(page)?;
        match self.case.look(&inside, rows, reveal, &mut watched(watch))? {
            Look::Stopped => Ok(JsValue::UNDEFINED),
            Look::NoTree | Look::NoBucket => Ok(JsValue::NULL),
            Look::Seen(outlined) => {
                let Outlined { input, begun, rows, more } = *outlined;
                let outline::Begun { store, prefix, path, counts } = begun;
                let path: Array = path.into_iter().map(JsValue::from).collect();
                let counts = object(&[
                    ("sequence", counts.sequence.to_string().into()),
                    ("buckets", number(counts.buckets).into()),
                    ("values", number(counts.values).into()),
                    ("unreadable", number(counts.unreadable).into()),
                ])?;
                object(&[
                    ("input", input.into()),
                    ("store", store.name().into()),
                    ("prefix", prefix.map_or(JsValue::NULL, JsValue::from)),
                    ("path", path.into()),
                    ("counts", counts),
                    ("rows", parse(&rows_of(&rows)?)?),
                    ("more", more.into()),
                ])
            }
        }
    }

    /// Both sides compared, as one line of JSON; null where there are not two. `list`, a file or
    /// undefined, stands for a side.
    ///
    /// # Errors
    /// What is asked for makes no sense, or a file cannot be read.
    pub fn compare(
        &self,
        options: &JsValue,
        list: &JsValue,
        watch: &Function,
    ) -> Result<JsValue, JsError> {
        let options = arguments::compare(options)?;
        let list = if list.is_undefined() { None } else { Some(file_of(list)?) };
        told(self.case.compare(list.as_ref(), &options, &mut watched(watch))?)
    }

    /// The migration rehearsed, as one line of JSON; null where there is nothing to migrate from.
    ///
    /// # Errors
    /// What is asked for makes no sense, or a file cannot be read.
    pub fn rehearse(&self, options: &JsValue, watch: &Function) -> Result<JsValue, JsError> {
        let (target, options) = arguments::rehearse(options)?;
        told(self.case.rehearse(&target, &options, &mut watched(watch))?)
    }

    /// Writes a dump of buckets, piece by piece, by `put(text)`: `{input, kind, redaction, bytes,
    /// values, written, left_out, missing}`; null where no file has such a tree.
    ///
    /// # Errors
    /// What is asked for makes no sense, or a file cannot be read.
    pub fn dump(
        &self,
        options: &JsValue,
        watch: &Function,
        put: &Function,
    ) -> Result<JsValue, JsError> {
        let wanted = arguments::dump(options)?;
        let mut put =
            |piece: &str| put.call1(&JsValue::UNDEFINED, &JsValue::from_str(piece)).is_ok();
        match self.case.dump(&wanted, &mut watched(watch), &mut put)? {
            Written::Stopped => Ok(JsValue::UNDEFINED),
            Written::NoTree => Ok(JsValue::NULL),
            Written::Saved(input, saved) => {
                let save::Saved { kind, redaction, bytes, values, written, left_out, missing } =
                    saved;
                object(&[
                    ("input", input.into()),
                    ("kind", kind.into()),
                    ("redaction", redaction.map_or(JsValue::NULL, JsValue::from)),
                    ("bytes", number(bytes).into()),
                    ("values", number(values).into()),
                    ("written", to_js(&written)?),
                    ("left_out", to_js(&left_out)?),
                    ("missing", to_js(&missing)?),
                ])
            }
        }
    }
}

/// A file `{name, size, readSync}`.
fn file_of(file: &JsValue) -> Result<lnd::File, JsError> {
    let name = js_sys::Reflect::get(file, &JsValue::from_str("name"));
    let name = name.ok().and_then(|name| name.as_string()).unwrap_or_default();
    let (size, read) = read_file(file)?;
    Ok(lnd::File { name, disk: lnd::Disk::new(size, read) })
}

fn told(told: Told<impl Serialize>) -> Result<JsValue, JsError> {
    Ok(match told {
        Told::Stopped => JsValue::UNDEFINED,
        Told::Nothing => JsValue::NULL,
        Told::Done(document) => serde_json::to_string(&document)?.into(),
    })
}

/// Rows as JSON, each with the number of its bucket if it is one.
fn rows_of(rows: &[(Row, Option<u32>)]) -> Result<String, JsError> {
    let mut texts = Vec::with_capacity(rows.len());
    for (row, bucket) in rows {
        let text = serde_json::to_string(row)?;
        texts.push(match (bucket, text.strip_prefix('{')) {
            (Some(bucket), Some(rest)) => format!("{{\"bucket\":{bucket},{rest}"),
            _ => text,
        });
    }
    Ok(format!("[{}]", texts.join(",")))
}

/// Whoever watches, asked between two steps.
fn watched(watch: &Function) -> impl FnMut(Progress) -> bool + '_ {
    |Progress { done, total }| {
        let go_on = watch.call2(&JsValue::UNDEFINED, &number(done).into(), &number(total).into());
        go_on.is_ok_and(|go_on| !go_on.is_falsy())
    }
}

fn map_of(input: u32, map: &Map, page_size: u64) -> Result<JsValue, JsError> {
    let mut kinds: Vec<&'static str> = Vec::new();
    let mut runs: Vec<u32> = Vec::new();
    let mut push = |first: u64, pages: u64, kind: &'static str, owner: Option<usize>| {
        let known = kinds.iter().position(|name| *name == kind).unwrap_or_else(|| {
            kinds.push(kind);
            kinds.len() - 1
        });
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let owner = owner.map_or(0, |owner| owner as u64 + 1);
        runs.extend([small(first), small(pages), small(known as u64), small(owner)]);
    };
    let owners: Vec<&str> = match map {
        Map::Bolt(bolt::PageMap { buckets, runs, .. }) => {
            for run in runs {
                let owner = run.bucket.map(|bucket| bucket as usize);
                push(run.first, run.pages, run.kind.name(), owner);
            }
            buckets.iter().map(|bucket| bucket.name.as_str()).collect()
        }
        Map::Sqlite(sqlite::PageMap { runs, owners }) => {
            for run in runs {
                // From 0 on, as bbolt counts them.
                push(
                    u64::from(run.first.saturating_sub(1)),
                    run.pages.into(),
                    run.kind.name(),
                    run.owner,
                );
            }
            owners.iter().map(|owner| owner.name.as_str()).collect()
        }
    };
    object(&[
        ("input", input.into()),
        ("pageSize", number(page_size).into()),
        ("firstPage", u32::from(matches!(map, Map::Sqlite(_))).into()),
        ("kinds", to_js(&kinds)?),
        ("owners", to_js(&owners)?),
        ("runs", Uint32Array::from(runs.as_slice()).into()),
    ])
}
