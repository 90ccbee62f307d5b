//! Files that are judged together, and their engine. It works in a worker of its own, in one piece;
//! to cancel is to end it, and whatever is asked next starts another.

use std::rc::Rc;
use std::sync::Arc;

use fulgurite_core::text::visible;
use leptos::prelude::*;
use web_sys::Blob;

use crate::engine::lnd::{self, Asked, Bucket, Checked, Dumped, Inside, Invoices, What};
use crate::engine::{Engine, Failure, Tell};
use crate::files::length;

/// So many documents are kept, so that going back to a view does not read everything again.
const KEPT: usize = 6;

/// The files and their engine.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    files: StoredValue<Vec<(String, Blob)>, LocalStorage>,
    engine: StoredValue<Engine, LocalStorage>,
    /// What lncli printed, in place of a side.
    list: StoredValue<Option<Blob>, LocalStorage>,
    /// What that file is called.
    pub(crate) list_name: RwSignal<Option<String>>,
    /// Documents that were asked for last.
    documents: StoredValue<Vec<(Asked, Option<Arc<str>>)>>,
    /// What this engine knows the files by.
    handle: StoredValue<Option<u32>>,
    /// Counts the engines: numbers of buckets mean nothing to a later one.
    pub(crate) life: RwSignal<u32>,
    /// How far what is being done is: so much of so much.
    pub(crate) busy: RwSignal<Option<(u64, u64)>>,
}

impl Case {
    /// Of these files; the engine starts when it is needed.
    pub(crate) fn new(engine: Engine, files: Vec<(String, Blob)>) -> Case {
        Case {
            files: StoredValue::new_local(files),
            engine: StoredValue::new_local(engine),
            list: StoredValue::new_local(None),
            list_name: RwSignal::new(None),
            documents: StoredValue::new(Vec::new()),
            handle: StoredValue::new(None),
            life: RwSignal::new(0),
            busy: RwSignal::new(None),
        }
    }

    /// What it is called: its first file, and how many more.
    pub(crate) fn name(self) -> String {
        let names = self.names();
        let first = names.first().cloned().unwrap_or_default();
        if names.len() > 1 { format!("{first} + {}", names.len() - 1) } else { first }
    }

    /// The names of its files, made visible.
    pub(crate) fn names(self) -> Vec<String> {
        let shown = |(name, _): &(String, Blob)| visible(name.as_bytes());
        self.files.with_value(|files| files.iter().map(shown).collect())
    }

    /// All bytes.
    pub(crate) fn size(self) -> u64 {
        self.files.with_value(|files| files.iter().map(|(_, blob)| length(blob)).sum())
    }

    /// One of its files.
    pub(crate) fn blob(self, input: u32) -> Option<Blob> {
        let get = |files: &Vec<(String, Blob)>| files.get(input as usize).map(|(_, b)| b.clone());
        self.files.with_value(get)
    }

    /// Takes what lncli printed in place of a side.
    pub(crate) fn give_list(self, name: &str, blob: Blob) {
        self.list.set_value(Some(blob));
        self.documents.update_value(|known| known.retain(|(of, _)| of.what != What::Compared));
        self.list_name.set(Some(visible(name.as_bytes())));
    }

    /// Ends whatever is being done.
    pub(crate) fn stop(self) {
        self.engine.with_value(Engine::stop);
        self.handle.set_value(None);
        self.busy.set(None);
        self.life.update(|life| *life += 1);
    }

    /// Reads all files.
    pub(crate) async fn check(self, tell: Tell) -> Result<Checked, Failure> {
        let (engine, handle) = self.wake().await?;
        lnd::checked(&engine.lnd_check(handle, tell).answer().await?)
    }

    /// Invoices of the side that LND would use, or of this one.
    pub(crate) async fn invoices(
        self,
        side: Option<&str>,
        rows: (u64, u32),
        reveal: bool,
    ) -> Result<Option<Invoices>, Failure> {
        let (engine, handle) = self.wake().await?;
        self.done(engine.lnd_invoices(handle, side, rows, reveal, self.tell()).await)
    }

    /// What stands in a bucket.
    pub(crate) async fn bucket(
        self,
        inside: &Inside,
        rows: (u64, u32),
        reveal: bool,
    ) -> Result<Option<Bucket>, Failure> {
        let (engine, handle) = self.wake().await?;
        self.done(engine.lnd_bucket(handle, inside, rows, reveal, self.tell()).await)
    }

    /// The redacted dump of a tree.
    pub(crate) async fn dump(
        self,
        input: u32,
        tree: Option<&str>,
    ) -> Result<Option<Dumped>, Failure> {
        let (engine, handle) = self.wake().await?;
        self.done(engine.lnd_dump(handle, (input, tree), self.tell()).await)
    }

    /// A document about the files, as JSON; nothing if they do not have what it takes.
    pub(crate) async fn document(self, asked: Asked) -> Result<Option<Arc<str>>, Failure> {
        let known = self.documents.with_value(|known| {
            known.iter().find(|(of, _)| *of == asked).map(|(_, document)| document.clone())
        });
        if let Some(document) = known {
            return Ok(document);
        }
        let (engine, handle) = self.wake().await?;
        let list = self.list.get_value().filter(|_| asked.what == What::Compared);
        let answer = engine.lnd_document(handle, &asked, list.as_ref(), self.tell()).await;
        let document: Option<Arc<str>> = self.done(answer)?.map(Into::into);
        self.documents.try_update_value(|known| {
            known.truncate(KEPT - 1);
            known.insert(0, (asked, document.clone()));
        });
        Ok(document)
    }

    async fn wake(self) -> Result<(Engine, u32), Failure> {
        let engine = self.engine.get_value();
        let life = self.life.get_untracked();
        engine.wake().await?;
        if self.life.try_get_untracked() != Some(life) {
            return Err(Failure::cancelled());
        }
        if let Some(handle) = self.handle.get_value() {
            return Ok((engine, handle));
        }
        let files = self.files.get_value();
        let handle = engine.lnd_open(&files).await?;
        self.handle.set_value(Some(handle));
        Ok((engine, handle))
    }

    fn tell(self) -> Tell {
        Rc::new(move |done, total| {
            self.busy.try_set(Some((done, total)));
        })
    }

    fn done<T>(self, answer: T) -> T {
        self.busy.try_set(None);
        answer
    }
}
