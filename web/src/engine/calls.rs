//! The engine's operations, typed.

use fulgurite_core::json;
use js_sys::{JSON, Object, Reflect, Uint8Array, Uint32Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Blob;

use super::{Engine, Failure, Request, Tell, number, put};
use crate::compare::Comparison;
use crate::map::columns::Atlas;
use crate::rows::{ChannelRow, Detail, NodeRow, RecordRow};

/// What opening a file came to.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// What later requests name it by.
    pub(crate) handle: u32,
    /// The report, exactly as it is exported.
    pub(crate) json: String,
    /// How many records and wounds there are.
    pub(crate) rows: u64,
    /// What stands where.
    pub(crate) atlas: Atlas,
}

/// Which records are looked for; empty fields let everything pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// From this offset on.
    pub(crate) from: Option<u64>,
    /// Up to this offset.
    pub(crate) to: Option<u64>,
    /// Of this type.
    pub(crate) record_type: Option<u16>,
    /// In this state.
    pub(crate) state: Option<&'static str>,
    /// A short channel id or its beginning, the first digits of a node's id, or a part of an alias:
    /// whichever it can be.
    pub(crate) text: String,
}

impl Filter {
    /// Whether everything passes.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    fn write(&self) -> Object {
        let filter = Object::new();
        let list = |value: JsValue| JsValue::from(js_sys::Array::of1(&value));
        if let Some(from) = self.from {
            put(&filter, "from", &offset(from));
        }
        if let Some(to) = self.to {
            put(&filter, "to", &offset(to));
        }
        if let Some(record_type) = self.record_type {
            put(&filter, "types", &list(record_type.into()));
        }
        if let Some(state) = self.state {
            put(&filter, "states", &list(state.into()));
        }
        if !self.text.is_empty() {
            put(&filter, "text", &self.text.as_str().into());
        }
        filter
    }
}

impl Engine {
    /// Reads a file; [`opened`] understands the answer.
    pub(crate) fn open(&self, file: &Blob, tell: Tell) -> Request {
        let begun = self.0.begun.take().as_ref() == Some(file);
        let fill = |message: &Object| {
            put(message, "file", file);
            put(message, "options", &Object::new());
            put(message, "begun", &begun.into());
        };
        self.send("open", fill, Some(tell))
    }

    /// Rows of records and wounds in the order of the file.
    pub(crate) async fn records(
        &self,
        handle: u32,
        from: u64,
        count: u32,
    ) -> Result<Vec<RecordRow>, Failure> {
        self.page_of("rows", handle, from, count).await
    }

    /// Rows of channels.
    pub(crate) async fn channels(
        &self,
        handle: u32,
        from: u64,
        count: u32,
    ) -> Result<Vec<ChannelRow>, Failure> {
        self.page_of("channels", handle, from, count).await
    }

    /// Rows of nodes.
    pub(crate) async fn nodes(
        &self,
        handle: u32,
        from: u64,
        count: u32,
    ) -> Result<Vec<NodeRow>, Failure> {
        self.page_of("nodes", handle, from, count).await
    }

    /// The number of the row that stands at an offset.
    pub(crate) async fn row_at(&self, handle: u32, at: u64) -> Result<Option<u64>, Failure> {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "offset", &offset(at));
        };
        let answer = self.send("rowAt", fill, None).answer().await?;
        Ok(number(&get(&answer, "row")))
    }

    /// What stands at an offset, byte by byte.
    pub(crate) async fn detail(
        &self,
        handle: u32,
        at: u64,
        reveal: bool,
    ) -> Result<Detail, Failure> {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "offset", &offset(at));
            put(message, "reveal", &reveal.into());
        };
        read(&self.send("detail", fill, None).answer().await?)
    }

    /// Bytes as they are, in hexadecimal.
    pub(crate) async fn bytes(&self, handle: u32, at: u64, len: u64) -> Result<String, Failure> {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "at", &offset(at));
            put(message, "len", &offset(len));
        };
        let answer = self.send("bytes", fill, None).answer().await?;
        let bytes = answer.dyn_into::<Uint8Array>().map_err(Failure::from)?;
        Ok(fulgurite_core::text::hex(&bytes.to_vec()))
    }

    /// Looks through the whole file; [`found`] understands the answer.
    pub(crate) fn find(
        &self,
        handle: u32,
        filter: &Filter,
        limit: u32,
        tell: Option<Tell>,
    ) -> Request {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "filter", &filter.write());
            put(message, "limit", &limit.into());
        };
        self.send("find", fill, tell)
    }

    /// What only one of two stores has.
    pub(crate) async fn compare(&self, first: u32, second: u32) -> Result<Comparison, Failure> {
        let fill = |message: &Object| {
            put(message, "handle", &first.into());
            put(message, "other", &second.into());
        };
        read(&self.send("compare", fill, None).answer().await?)
    }

    /// Lets go of a file.
    pub(crate) fn close(&self, handle: u32) {
        let request = self.send("close", |message| put(message, "handle", &handle.into()), None);
        wasm_bindgen_futures::spawn_local(async move {
            let _ = request.answer().await;
        });
    }

    async fn page_of<T: DeserializeOwned>(
        &self,
        op: &str,
        handle: u32,
        from: u64,
        count: u32,
    ) -> Result<Vec<T>, Failure> {
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "from", &offset(from));
            put(message, "count", &count.into());
        };
        let answer = self.send(op, fill, None).answer().await?;
        read(&get(&answer, "rows"))
    }
}

/// The answer to an `open`.
pub(crate) fn opened(answer: &JsValue) -> Result<Answer, Failure> {
    let missing = || Failure { name: "Error".to_owned(), message: "bad answer".to_owned() };
    let handle = number(&get(answer, "handle")).and_then(|handle| u32::try_from(handle).ok());
    let map = get(answer, "map");
    let cells = get(&map, "cells").dyn_into::<Uint32Array>().map(|cells| cells.to_vec());
    Ok(Answer {
        handle: handle.ok_or_else(missing)?,
        json: get(answer, "reportJson").as_string().ok_or_else(missing)?,
        rows: number(&get(answer, "rows")).unwrap_or(0),
        atlas: Atlas::new(number(&get(&map, "cellLen")).unwrap_or(1), &cells.unwrap_or_default()),
    })
}

/// The answer to a `find`: the rows, and whether there are more.
pub(crate) fn found(answer: &JsValue) -> Result<(Vec<RecordRow>, bool), Failure> {
    Ok((read(&get(answer, "rows"))?, get(answer, "more").is_truthy()))
}

pub(super) fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
pub(super) fn offset(offset: u64) -> JsValue {
    JsValue::from_f64(offset as f64)
}

/// Plain data, by way of the one JSON reader that the page has anyway.
pub(super) fn read<T: DeserializeOwned>(value: &JsValue) -> Result<T, Failure> {
    let text = JSON::stringify(value)?;
    json::from_str(&String::from(text))
        .map_err(|error| Failure { name: "Error".to_owned(), message: error.to_string() })
}
