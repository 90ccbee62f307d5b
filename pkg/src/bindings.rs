//! What JavaScript sees: plain objects in and out, `{need}` or `{value}` wherever bytes of the file
//! may be missing.
//!
//! Single objects and short lists are made by serde-wasm-bindgen. Tables of records cross as JSON:
//! JavaScript's own parser makes many rows more than twice as fast as calls from here do (70,000
//! in 0.25 s against 0.57 s).

mod lnd;

use fulgurite_core::gossip::atlas::Ink;
use fulgurite_core::gossip::salvage::Segment;
use fulgurite_core::source::SourceError;
use js_sys::{Array, Function, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

pub use lnd::Lnd;

use crate::blocks::Answer;
use crate::filter::Filter;
use crate::json::Rows;
use crate::session::Session;
use crate::{arguments, finder, log, repair, signatures};

/// One file: push its bytes, conclude, then read parts of it again.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    session: Session,
}

#[wasm_bindgen]
impl Engine {
    /// A file of that many bytes.
    ///
    /// # Errors
    /// Options that are none.
    #[wasm_bindgen(constructor)]
    pub fn new(size: f64, options: &JsValue) -> Result<Engine, JsError> {
        let options = arguments::options(options)?;
        Ok(Engine { session: Session::new(offset(size), options) })
    }

    /// Says when the file was last written, in seconds since 1970, before any of it is pushed.
    #[wasm_bindgen(js_name = setModified)]
    pub fn set_modified(&mut self, at: f64) {
        self.session.set_modified(offset(at));
    }

    /// Takes the next bytes; whether more are wanted.
    pub fn push(&mut self, chunk: &[u8]) -> bool {
        self.session.push(chunk)
    }

    /// Says that there are no more.
    pub fn finish(&mut self) {
        self.session.finish();
    }

    /// Draws up the report: `{need}` or `{value: undefined}`.
    ///
    /// # Errors
    /// None in practice.
    pub fn conclude(&mut self) -> Result<JsValue, JsError> {
        answer(Ok(self.session.conclude()), |()| Ok(JsValue::UNDEFINED))
    }

    /// Begins to verify signatures.
    pub fn verifying(&self) -> Verifying {
        Verifying { verifying: self.session.verifying() }
    }

    /// Takes what verifying came to: [`Engine::redraw`] draws up the report that tells it.
    ///
    /// # Errors
    /// A window still waits for its answer.
    #[wasm_bindgen(js_name = setSignatures)]
    pub fn set_signatures(&mut self, verifying: Verifying) -> Result<(), JsError> {
        let ledger = verifying.verifying.ledger();
        let ledger = ledger.ok_or_else(|| JsError::new("signatures are still being verified"))?;
        self.session.set_signatures(ledger);
        Ok(())
    }

    /// Draws up the report anew: `{need}` or `{value: undefined}`.
    ///
    /// # Errors
    /// None in practice.
    pub fn redraw(&mut self) -> Result<JsValue, JsError> {
        answer(Ok(self.session.redraw()), |()| Ok(JsValue::UNDEFINED))
    }

    /// Begins to lead from a log's lines to the records of a store.
    ///
    /// # Errors
    /// This is no log.
    pub fn tying(&self) -> Result<Tying, JsError> {
        let tying = self.session.tying().ok_or_else(|| JsError::new("this is no log"))?;
        Ok(Tying { tying })
    }

    /// Draws up a log's report anew, with the store that it is about.
    ///
    /// # Errors
    /// Options that are none.
    pub fn beside(
        &mut self,
        tying: Tying,
        store: &Engine,
        options: &JsValue,
    ) -> Result<(), JsError> {
        let peers = arguments::peers(options)?;
        self.session.beside(tying.tying, &store.session, peers);
        Ok(())
    }

    /// Takes bytes that were asked for.
    pub fn provide(&self, at: f64, bytes: &[u8]) {
        self.session.provide(offset(at), bytes);
    }

    /// The file changed while it was read.
    #[wasm_bindgen(js_name = notStill)]
    pub fn not_still(&mut self) {
        self.session.not_still();
    }

    /// The bytes of the file cannot be had any more.
    pub fn unreadable(&mut self) {
        self.session.unreadable();
    }

    /// The report as one line of JSON; undefined before it is drawn up.
    ///
    /// # Errors
    /// None in practice.
    pub fn report(&self) -> Result<Option<String>, JsError> {
        Ok(self.session.report().map(fulgurite_core::report::Report::to_json).transpose()?)
    }

    /// What the file is, once that is known.
    pub fn kind(&self) -> Option<String> {
        self.session.kind().map(|kind| kind.name().to_owned())
    }

    /// How long the file is, or turned out to be.
    pub fn size(&self) -> f64 {
        number(self.session.size)
    }

    /// How many rows the table of records has.
    pub fn rows(&self) -> f64 {
        number(self.session.rows())
    }

    /// How many live channels there are.
    #[wasm_bindgen(js_name = channelCount)]
    pub fn channel_count(&self) -> f64 {
        number(self.session.channel_count() as u64)
    }

    /// How many nodes with live channels there are.
    #[wasm_bindgen(js_name = nodeCount)]
    pub fn node_count(&self) -> f64 {
        number(self.session.node_count() as u64)
    }

    /// `{cellLen, cells}`: for each cell of the offset axis the bytes of each ink.
    ///
    /// # Errors
    /// None in practice.
    pub fn map(&self) -> Result<JsValue, JsError> {
        let atlas = self.session.atlas();
        let cells = Uint32Array::from(atlas.cells().as_flattened());
        object(&[("cellLen", number(atlas.cell_len()).into()), ("cells", cells.into())])
    }

    /// The names of the inks, in the order of the counts in a cell.
    pub fn inks() -> Array {
        Ink::ALL.iter().map(|ink| JsValue::from_str(ink.name())).collect()
    }

    /// Rows of the table of records.
    ///
    /// # Errors
    /// The file ends earlier than it did.
    #[wasm_bindgen(js_name = rowsFrom)]
    pub fn rows_from(&self, row: f64, count: u32) -> Result<JsValue, JsError> {
        let mut rows = Rows::new();
        let read = self.session.rows_from(offset(row), count, |row| rows.push(row));
        answer(read, |()| parse(&rows.done()))
    }

    /// The number of the row that covers this offset.
    ///
    /// # Errors
    /// The file ends earlier than it did.
    #[wasm_bindgen(js_name = rowAt)]
    pub fn row_at(&self, at: f64) -> Result<JsValue, JsError> {
        let found = self.session.row_at(offset(at));
        answer(found, |row| Ok(row.map_or(JsValue::NULL, |row| number(row).into())))
    }

    /// What covers this offset, field by field; null where there is nothing.
    ///
    /// # Errors
    /// The file ends earlier than it did.
    pub fn detail(&self, at: f64, reveal: bool) -> Result<JsValue, JsError> {
        answer(self.session.detail(offset(at), reveal), |shown| to_js(&shown))
    }

    /// Rows of the table of channels.
    ///
    /// # Errors
    /// The file ends earlier than it did.
    pub fn channels(&self, from: f64, count: u32) -> Result<JsValue, JsError> {
        answer(self.session.channels(index(from), count), |rows| to_js(&rows))
    }

    /// Rows of the table of nodes.
    ///
    /// # Errors
    /// The file ends earlier than it did.
    pub fn nodes(&self, from: f64, count: u32) -> Result<JsValue, JsError> {
        answer(self.session.nodes(index(from), count), |rows| to_js(&rows))
    }

    /// A search through the records.
    ///
    /// # Errors
    /// A filter that is none.
    pub fn finder(&self, filter: &JsValue, limit: u32) -> Result<Finder, JsError> {
        let filter =
            Filter::new(arguments::filter(filter)?).map_err(|error| JsError::new(&error))?;
        Ok(Finder { finder: finder::Finder::new(&self.session, filter, limit.into()) })
    }

    /// What only one of two stores has.
    ///
    /// # Errors
    /// None in practice.
    pub fn compare(&self, other: &Engine) -> Result<JsValue, JsError> {
        to_js(&self.session.compare(&other.session))
    }
}

/// A search through the records of one file: push the bytes once more, from [`Finder::start`] on.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Finder {
    finder: finder::Finder,
}

#[wasm_bindgen]
impl Finder {
    /// The file offset from which bytes are to be pushed.
    pub fn start(&self) -> f64 {
        number(self.finder.start())
    }

    /// Takes the next bytes; the rows found, each with its number.
    ///
    /// # Errors
    /// None in practice.
    pub fn push(&mut self, chunk: &[u8]) -> Result<JsValue, JsError> {
        let mut rows = Rows::new();
        self.finder.push(chunk, |number, row| rows.push_numbered(number, row));
        parse(&rows.done())
    }

    /// Says that there are no more bytes; the last rows found.
    ///
    /// # Errors
    /// None in practice.
    pub fn finish(&mut self) -> Result<JsValue, JsError> {
        let mut rows = Rows::new();
        self.finder.finish(|number, row| rows.push_numbered(number, row));
        parse(&rows.done())
    }

    /// Whether nothing more can be found.
    pub fn done(&self) -> bool {
        self.finder.done()
    }

    /// Whether there are more rows than were wanted.
    pub fn more(&self) -> bool {
        self.finder.more()
    }
}

/// The offsets that a log names, looked up in a store.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Tying {
    tying: log::Tying,
}

#[wasm_bindgen]
impl Tying {
    /// Looks them up: `{need}`, of the store, or `{value: undefined}`.
    ///
    /// # Errors
    /// The store ends earlier than it did.
    pub fn step(&mut self, store: &Engine) -> Result<JsValue, JsError> {
        answer(self.tying.step(&store.session), |()| Ok(JsValue::UNDEFINED))
    }
}

/// The signatures of one file: push its bytes once more, window by window, have what is collected
/// verified by whoever is free, and answer.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Verifying {
    verifying: signatures::Verifying,
}

#[wasm_bindgen]
impl Verifying {
    /// Which triples hold, a bit for each. It needs no file, and so may run in any worker.
    pub fn verify(triples: &[u8]) -> Vec<u8> {
        signatures::verify(triples)
    }

    /// How long a triple is.
    pub fn triple() -> usize {
        signatures::TRIPLE
    }

    /// Takes the next window: `{window, triples}`, or undefined if there is nothing to verify in it.
    ///
    /// # Errors
    /// None in practice.
    pub fn collect(&mut self, engine: &Engine, window: &[u8]) -> Result<JsValue, JsError> {
        collected(self.verifying.collect(engine.session.network(), window))
    }

    /// Says that there are no more; what is still to be verified.
    ///
    /// # Errors
    /// None in practice.
    pub fn finish(&mut self, engine: &Engine) -> Result<JsValue, JsError> {
        collected(self.verifying.finish(engine.session.network()))
    }

    /// Takes the bits of a window.
    ///
    /// # Errors
    /// There is no such window, or they are not as many as its triples.
    pub fn answer(&mut self, engine: &Engine, window: u32, bits: &[u8]) -> Result<(), JsError> {
        Ok(self.verifying.answer(engine.session.network(), window, bits)?)
    }
}

fn collected(collected: Option<signatures::Collected>) -> Result<JsValue, JsError> {
    collected.map_or(Ok(JsValue::UNDEFINED), |collected| {
        object(&[
            ("window", collected.window.into()),
            ("triples", Uint8Array::from(collected.triples.as_slice()).into()),
        ])
    })
}

/// A repair of one file, or of several into one.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Repair {
    repair: repair::Repair,
}

#[wasm_bindgen]
impl Repair {
    /// Of files `{size, readSync(at, len) → Uint8Array}`.
    ///
    /// # Errors
    /// Files or options that are none.
    #[wasm_bindgen(constructor)]
    pub fn new(files: &Array, options: &JsValue) -> Result<Repair, JsError> {
        let options = arguments::repair_options(options)?;
        let files = files
            .iter()
            .map(|file| read_file(&file).map(|(size, read)| repair::ReadFile::new(size, read)));
        let files = files.collect::<Result<_, _>>()?;
        Ok(Repair { repair: repair::Repair::new(files, options)? })
    }

    /// Goes on planning: `{done, total}`, or undefined once the plan is there.
    ///
    /// # Errors
    /// A file cannot be read, or there is nothing to keep in any.
    pub fn step(&mut self) -> Result<JsValue, JsError> {
        let progress = self.repair.step()?;
        progress.map_or(Ok(JsValue::UNDEFINED), |at| {
            object(&[("done", number(at.done).into()), ("total", number(at.total).into())])
        })
    }

    /// The plan as one line of JSON; undefined before it is there.
    ///
    /// # Errors
    /// None in practice.
    pub fn plan(&self) -> Result<Option<String>, JsError> {
        Ok(self.repair.planned().map(|planned| planned.plan.to_json()).transpose()?)
    }

    /// Begins to write, from the first byte.
    pub fn rewind(&mut self) {
        self.repair.rewind();
    }

    /// `{done, total, pieces}`; undefined once there are no more. A piece is a `Uint8Array`, or
    /// `{source, at, len}` of a file.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn pieces(&mut self) -> Result<JsValue, JsError> {
        let Some((pieces, at)) = self.repair.pieces()? else { return Ok(JsValue::UNDEFINED) };
        let pieces = pieces.into_iter().map(|piece| match piece {
            Segment::Bytes(bytes) => Ok(Uint8Array::from(bytes.as_slice()).into()),
            Segment::Copy { source, at, len } => object(&[
                ("source", JsValue::from_f64(source.into())),
                ("at", number(at).into()),
                ("len", number(len).into()),
            ]),
        });
        let pieces: Array =
            pieces.collect::<Result<Vec<JsValue>, JsError>>()?.into_iter().collect();
        object(&[
            ("done", number(at.done).into()),
            ("total", number(at.total).into()),
            ("pieces", pieces.into()),
        ])
    }
}

/// A file of JavaScript's that can be read at once: its size, and how.
fn read_file(file: &JsValue) -> Result<(u64, repair::Read), JsError> {
    let field = |name: &str| Reflect::get(file, &JsValue::from_str(name)).unwrap_or_default();
    let size = field("size").as_f64().ok_or_else(|| JsError::new("a file has a size"))?;
    let read: Function =
        field("readSync").dyn_into().map_err(|_| JsError::new("a file has a function readSync"))?;
    let file = file.clone();
    let read = move |at: u64, buf: &mut [u8]| {
        #[expect(clippy::cast_precision_loss, reason = "blocks are shorter than 2^53 bytes")]
        let len = buf.len() as f64;
        let read = read.call2(&file, &number(at).into(), &len.into());
        let bytes = read.and_then(JsCast::dyn_into::<Uint8Array>).map_err(|error| {
            error.dyn_ref::<js_sys::Error>().map_or_else(
                || "the file cannot be read".to_owned(),
                |error| String::from(error.message()),
            )
        })?;
        if bytes.length() as usize != buf.len() {
            return Err("the file is shorter than it was".to_owned());
        }
        bytes.copy_to(buf);
        Ok(())
    };
    Ok((offset(size), Box::new(read)))
}

/// `{need: [{at, len}]}` or `{value}`.
fn answer<T>(
    answer: Result<Answer<T>, SourceError>,
    value: impl FnOnce(T) -> Result<JsValue, JsError>,
) -> Result<JsValue, JsError> {
    match answer? {
        Answer::Need(needs) => object(&[("need", to_js(&needs)?)]),
        Answer::Value(done) => object(&[("value", value(done)?)]),
    }
}

fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, JsError> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value)
            .map_err(|_| JsError::new("a plain object takes every field"))?;
    }
    Ok(object.into())
}

/// A live object: what `JSON.parse` would make of the same value.
fn to_js(value: &(impl Serialize + ?Sized)) -> Result<JsValue, JsError> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn parse(json: &str) -> Result<JsValue, JsError> {
    js_sys::JSON::parse(json).map_err(|_| JsError::new("not JSON"))
}

/// Offsets are whole numbers that JavaScript holds exactly.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn offset(number: f64) -> u64 {
    number as u64
}

fn index(number: f64) -> usize {
    usize::try_from(offset(number)).unwrap_or(usize::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "files are shorter than 2^53 bytes")]
fn number(offset: u64) -> f64 {
    offset as f64
}
