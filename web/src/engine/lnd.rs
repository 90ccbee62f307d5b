//! The engine's operations on LND's stores, typed. Each case has an engine of its own: its work is
//! done in one piece, and is cancelled by ending it.

use js_sys::{Array, Object, Uint8Array, Uint32Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Blob;

use super::calls::{get, offset, read};
use super::{Engine, Failure, Request, Tell, number, put};
use crate::page_map::PageMap;

/// What a check came to.
pub(crate) struct Checked {
    /// The report, exactly as it is exported.
    pub(crate) json: String,
    /// The pages of each file that has pages.
    pub(crate) maps: Vec<PageMap>,
    /// The files that hold trees of buckets.
    pub(crate) trees: Vec<Trees>,
}

/// A file that holds trees of buckets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Trees {
    /// Which of the inputs.
    pub(crate) input: u32,
    /// The prefixes of its tables, if it is a database.
    pub(crate) prefixes: Vec<String>,
}

/// Some invoices of one side.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invoices {
    /// `kv` or `sql`.
    pub(crate) side: String,
    /// Which of the inputs.
    pub(crate) input: u32,
    /// The kind of store.
    pub(crate) store: String,
    /// How many there are in all.
    pub(crate) total: u64,
    /// Whether LND would use that side.
    pub(crate) in_force: Option<bool>,
    /// The rows.
    pub(crate) rows: Vec<InvoiceRow>,
}

/// An invoice in one line, of either side.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct InvoiceRow {
    /// Its number among keys and values.
    pub(crate) number: Option<u32>,
    /// Its id in native SQL.
    pub(crate) id: Option<String>,
    /// Where it stands.
    pub(crate) span: Stretch,
    /// Its payment hash, or a name for it.
    pub(crate) hash: Option<String>,
    /// Whether an index leads to it.
    pub(crate) listed: Option<bool>,
    /// Where a row of native SQL comes from.
    pub(crate) provenance: Option<String>,
    /// The invoice.
    pub(crate) invoice: Invoice,
    /// Why no more of it can be read.
    pub(crate) error: Option<serde_json::Value>,
    /// Cells that cannot be read.
    pub(crate) errors: Vec<serde_json::Value>,
    /// Payments to an AMP invoice.
    pub(crate) sets: Vec<Set>,
}

/// Bytes of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Stretch {
    /// The first.
    pub(crate) start: u64,
    /// The one behind the last.
    pub(crate) end: u64,
}

/// An invoice.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Invoice {
    pub(crate) state: String,
    pub(crate) created: Moment,
    pub(crate) settled: Moment,
    pub(crate) add_index: String,
    pub(crate) settle_index: String,
    pub(crate) value_msat: String,
    pub(crate) amount_paid_msat: String,
    pub(crate) amp: bool,
    pub(crate) keysend: bool,
    pub(crate) hodl: Option<bool>,
    pub(crate) memo: Words,
    pub(crate) payment_request: Words,
    pub(crate) preimage: Option<String>,
    pub(crate) payment_addr: Option<String>,
    pub(crate) htlcs: Vec<Htlc>,
}

/// A moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Moment {
    /// Seconds since 1970.
    pub(crate) unix: Option<String>,
}

/// Text that somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Words {
    /// Itself, if it is revealed.
    pub(crate) text: Option<String>,
}

/// A payment to an AMP invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Set {
    pub(crate) htlcs: Vec<Htlc>,
}

/// An HTLC; they are only counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Htlc {}

/// What stands in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Bucket {
    /// Which of the inputs.
    pub(crate) input: u32,
    /// What is in it.
    pub(crate) rows: Vec<BucketRow>,
    /// Whether more follows.
    pub(crate) more: bool,
}

/// A key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct BucketRow {
    /// `bucket`, `value` or `unreadable`.
    pub(crate) kind: String,
    /// The key, or what is shown in its place.
    pub(crate) key: String,
    /// Where it stands.
    pub(crate) span: Stretch,
    /// What the bucket is looked into by.
    pub(crate) bucket: Option<u32>,
    /// A bucket's counter.
    pub(crate) sequence: Option<String>,
    /// Buckets in it.
    pub(crate) buckets: u64,
    /// Values in it.
    pub(crate) values: u64,
    /// Stretches of it that cannot be read.
    pub(crate) unreadable: u64,
    /// Bytes of a value.
    pub(crate) len: u64,
    /// The first of them, if they are revealed.
    pub(crate) hex: Option<String>,
}

/// Which bucket is looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// One that a row led to.
    Bucket(u32),
    /// The root of a file's tree.
    Root(u32, Option<String>),
}

/// What is asked of a case beside its report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What.
    pub(crate) what: What,
    /// Tell what is hidden otherwise.
    pub(crate) reveal: bool,
}

/// Which document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Both sides compared.
    Compared,
    /// The migration rehearsed; empty is whatever the engine takes by itself.
    Rehearsed {
        /// By which release.
        release: String,
        /// On which engine.
        engine: String,
    },
}

/// A dump of buckets.
pub(crate) struct Dumped {
    /// The file.
    pub(crate) blob: Blob,
    /// What is in it.
    pub(crate) saved: Saved,
}

/// What a dump holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Saved {
    pub(crate) redaction: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) values: u64,
    pub(crate) written: Vec<String>,
    pub(crate) left_out: Vec<String>,
}

fn files(message: &Object, files: &[(String, Blob)]) {
    let blobs: Array = files.iter().map(|(_, blob)| JsValue::from(blob.clone())).collect();
    let names: Array = files.iter().map(|(name, _)| JsValue::from_str(name)).collect();
    put(message, "files", &blobs);
    put(message, "names", &names);
}

impl Engine {
    /// What each of these files is: `store` where it is LND's, `list` where lncli printed it. The
    /// worker begins to read the first.
    pub(crate) async fn ours(&self, list: &[(String, Blob)]) -> Result<Vec<String>, Failure> {
        self.0.begun.replace(list.first().map(|(_, file)| file.clone()));
        let answer = self.send("lndOurs", |message| files(message, list), None).answer().await?;
        Ok(Array::from(&answer).iter().map(|word| word.as_string().unwrap_or_default()).collect())
    }

    /// Bytes of any file, in hexadecimal.
    pub(crate) async fn peek(&self, file: &Blob, at: u64, len: u64) -> Result<String, Failure> {
        let fill = |message: &Object| {
            put(message, "file", file);
            put(message, "at", &offset(at));
            put(message, "len", &offset(len));
        };
        let answer = self.send("peek", fill, None).answer().await?;
        let bytes = answer.dyn_into::<Uint8Array>().map_err(Failure::from)?;
        Ok(fulgurite_core::text::hex(&bytes.to_vec()))
    }

    /// Takes files as one case; what later requests name it by.
    pub(crate) async fn lnd_open(&self, list: &[(String, Blob)]) -> Result<u32, Failure> {
        let answer = self.send("lndOpen", |message| files(message, list), None).answer().await?;
        let handle = number(&get(&answer, "handle")).and_then(|handle| u32::try_from(handle).ok());
        handle.ok_or_else(|| Failure::new("Error", "bad answer"))
    }

    /// Reads all of a case; [`checked`] understands the answer.
    pub(crate) fn lnd_check(&self, handle: u32, tell: Tell) -> Request {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "options", &Object::new());
        };
        self.send("lndCheck", fill, Some(tell))
    }

    /// Invoices of the side that LND would use, or of this one; nothing if no file has it.
    pub(crate) async fn lnd_invoices(
        &self,
        handle: u32,
        side: Option<&str>,
        (from, count): (u64, u32),
        reveal: bool,
        tell: Tell,
    ) -> Result<Option<Invoices>, Failure> {
        let page = Object::new();
        if let Some(side) = side {
            put(&page, "side", &side.into());
        }
        put(&page, "from", &offset(from));
        put(&page, "count", &count.into());
        put(&page, "reveal", &reveal.into());
        self.lnd_page("lndInvoices", handle, &page, tell).await
    }

    /// What stands in a bucket; nothing if it is not there.
    pub(crate) async fn lnd_bucket(
        &self,
        handle: u32,
        inside: &Inside,
        (from, count): (u64, u32),
        reveal: bool,
        tell: Tell,
    ) -> Result<Option<Bucket>, Failure> {
        let page = Object::new();
        match inside {
            Inside::Bucket(bucket) => put(&page, "bucket", &(*bucket).into()),
            Inside::Root(input, tree) => {
                put(&page, "input", &(*input).into());
                if let Some(tree) = tree {
                    put(&page, "tree", &tree.as_str().into());
                }
            }
        }
        put(&page, "from", &offset(from));
        put(&page, "count", &count.into());
        put(&page, "reveal", &reveal.into());
        self.lnd_page("lndBuckets", handle, &page, tell).await
    }

    /// The redacted dump of a tree; nothing if it is not there.
    pub(crate) async fn lnd_dump(
        &self,
        handle: u32,
        (input, tree): (u32, Option<&str>),
        tell: Tell,
    ) -> Result<Option<Dumped>, Failure> {
        let options = Object::new();
        put(&options, "input", &input.into());
        if let Some(tree) = tree {
            put(&options, "tree", &tree.into());
        }
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "options", &options);
        };
        let answer = self.send("lndDump", fill, Some(tell)).answer().await?;
        if answer.is_null() {
            return Ok(None);
        }
        let blob = get(&answer, "blob");
        let blob = blob.dyn_into().map_err(|_| Failure::new("Error", "bad answer"))?;
        Ok(Some(Dumped { blob, saved: read(&answer)? }))
    }

    /// A document about a case, as JSON; nothing if the files do not have what it takes.
    pub(crate) async fn lnd_document(
        &self,
        handle: u32,
        asked: &Asked,
        list: Option<&Blob>,
        tell: Tell,
    ) -> Result<Option<String>, Failure> {
        let options = Object::new();
        put(&options, "reveal", &asked.reveal.into());
        let given = |name, value: &str| {
            if !value.is_empty() {
                put(&options, name, &value.into());
            }
        };
        let op = match &asked.what {
            What::Compared => "lndCompare",
            What::Rehearsed { release, engine } => {
                given("release", release);
                given("backend", engine);
                "lndRehearse"
            }
        };
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "options", &options);
            if let Some(list) = list {
                put(message, "list", list);
            }
        };
        Ok(self.send(op, fill, Some(tell)).answer().await?.as_string())
    }

    async fn lnd_page<T: serde::de::DeserializeOwned>(
        &self,
        op: &str,
        handle: u32,
        page: &Object,
        tell: Tell,
    ) -> Result<Option<T>, Failure> {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "page", page);
        };
        read(&self.send(op, fill, Some(tell)).answer().await?)
    }
}

/// The answer to an `lndCheck`.
pub(crate) fn checked(answer: &JsValue) -> Result<Checked, Failure> {
    let json = get(answer, "reportJson").as_string();
    let maps = Array::from(&get(answer, "maps")).to_vec().into_iter().map(|map| {
        let runs = get(&map, "runs").dyn_into::<Uint32Array>();
        Ok(PageMap {
            input: number(&get(&map, "input")).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            page_size: number(&get(&map, "pageSize")).unwrap_or(0),
            first_page: number(&get(&map, "firstPage")).unwrap_or(0),
            kinds: read(&get(&map, "kinds"))?,
            owners: read(&get(&map, "owners"))?,
            runs: runs.map(|runs| runs.to_vec()).unwrap_or_default(),
        })
    });
    Ok(Checked {
        json: json.ok_or_else(|| Failure::new("Error", "bad answer"))?,
        maps: maps.collect::<Result<_, Failure>>()?,
        trees: read(&get(answer, "trees"))?,
    })
}
