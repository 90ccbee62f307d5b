//! The engine in its worker: requests go out, answers and progress come in.
//!
//! The worker is a classic one, made from a Blob that the boot script put together; it gets the
//! compiled module first and then understands `{id, op, …}`. It answers `{id, ok}` or
//! `{id, error: {name, message}}`, and tells `{id, event: "progress", done, total}` in between. If
//! it dies, every open request fails and the next one starts another worker.

pub(crate) mod calls;
pub(crate) mod lnd;
pub(crate) mod repairs;
pub(crate) mod signatures;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ErrorEvent, MessageChannel, MessageEvent, MessagePort, Worker};

#[wasm_bindgen]
extern "C" {
    /// What the boot script hands over.
    #[derive(Clone)]
    pub type Boot;

    /// The engine's compiled module, once it is.
    #[wasm_bindgen(method, getter)]
    fn engine(this: &Boot) -> Promise;

    /// The `blob:` address of the worker's script.
    #[wasm_bindgen(method, getter)]
    fn worker(this: &Boot) -> String;

    /// The built-in sample, unpacked.
    #[wasm_bindgen(method, catch)]
    fn sample(this: &Boot) -> Result<Promise, JsValue>;

    /// This page as a file, byte for byte.
    #[wasm_bindgen(method, catch)]
    fn page(this: &Boot) -> Result<Blob, JsValue>;
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The error's name.
    pub(crate) name: String,
    /// What it says.
    pub(crate) message: String,
}

impl Failure {
    /// The engine's worker is gone.
    pub(crate) const DIED: &'static str = "EngineDied";

    fn new(name: &str, message: impl Into<String>) -> Failure {
        Failure { name: name.to_owned(), message: message.into() }
    }

    /// The engine answers something else than what was asked.
    pub(crate) fn bad_answer(what: &str) -> Failure {
        Failure::new("Error", format!("bad answer: {what}"))
    }

    /// What was asked for is not wanted any more.
    pub(crate) fn cancelled() -> Failure {
        Failure::new("AbortError", "cancelled")
    }

    /// Whether it was cancelled by whoever asked.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.name == "AbortError"
    }

    /// Whether the browser did not read the file, as it reads no folder.
    pub(crate) fn is_unread(&self) -> bool {
        matches!(&*self.name, "NotFoundError" | "NotReadableError")
    }

    /// Whether the worker is gone.
    pub(crate) fn is_death(&self) -> bool {
        self.name == Failure::DIED
    }
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Failure {
        let text = |name| {
            let value = Reflect::get(&error, &JsValue::from_str(name)).ok();
            value.and_then(|value| value.as_string())
        };
        let message = text("message").or_else(|| error.as_string());
        Failure::new(
            &text("name").unwrap_or_else(|| "Error".to_owned()),
            message.unwrap_or_else(|| "?".to_owned()),
        )
    }
}

/// Gets told how far a request is: bytes done, bytes in all.
pub(crate) type Tell = Rc<dyn Fn(u64, u64)>;

struct Waiting {
    resolve: Function,
    reject: Function,
    tell: Option<Tell>,
}

struct Running {
    worker: Worker,
    /// Reads files for the other, unless that reads by itself.
    reader: Option<Worker>,
    // Dropped with the worker that calls them.
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broken: Closure<dyn FnMut(ErrorEvent)>,
}

struct Inner {
    boot: Boot,
    /// A second worker reads ahead.
    ahead: bool,
    running: RefCell<Option<Running>>,
    waiting: RefCell<HashMap<u32, Waiting>>,
    last: Cell<u32>,
    /// The file that the worker has begun to read.
    begun: RefCell<Option<Blob>>,
    /// Counts the workers; handles of an earlier one mean nothing to a later one.
    life: Cell<u32>,
}

/// The engine. Cloning gives another way to the same one.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

/// A request under way.
pub(crate) struct Request {
    /// What it is cancelled by.
    pub(crate) id: u32,
    answer: Promise,
}

impl Request {
    /// Waits for the answer.
    pub(crate) async fn answer(self) -> Result<JsValue, Failure> {
        JsFuture::from(self.answer).await.map_err(Failure::from)
    }
}

impl Engine {
    /// An engine that starts with its first request.
    pub(crate) fn new(boot: Boot) -> Engine {
        Engine::with(boot, true)
    }

    /// Another engine from the same file, which reads by itself and may be ended any time.
    pub(crate) fn another(&self) -> Engine {
        Engine::with(self.0.boot.clone(), false)
    }

    fn with(boot: Boot, ahead: bool) -> Engine {
        Engine(Rc::new(Inner {
            boot,
            ahead,
            running: RefCell::default(),
            waiting: RefCell::default(),
            last: Cell::new(0),
            begun: RefCell::default(),
            life: Cell::new(0),
        }))
    }

    /// What the boot script handed over.
    pub(crate) async fn sample(&self) -> Result<Blob, Failure> {
        let promise = self.0.boot.sample()?;
        Ok(JsFuture::from(promise).await?.unchecked_into())
    }

    /// This page as a file.
    pub(crate) fn page(&self) -> Result<Blob, Failure> {
        Ok(self.0.boot.page()?)
    }

    /// Starts the worker, if it is not running, and gives it the module.
    pub(crate) async fn wake(&self) -> Result<(), Failure> {
        if self.0.running.borrow().is_some() {
            return Ok(());
        }
        let module = JsFuture::from(self.0.boot.engine()).await?;
        if self.0.running.borrow().is_some() {
            return Ok(());
        }
        let port = self.start()?;
        let fill = |message: &Object| {
            put(message, "module", &module);
            if let Some(port) = &port {
                put(message, "port", port);
            }
        };
        let given: Array = port.iter().collect();
        self.send_with("init", fill, None, &given).answer().await.map(drop)
    }

    /// Lets the engine work on the sample while nothing is open yet.
    pub(crate) async fn warm(&self) -> Result<(), Failure> {
        let sample = self.sample().await?;
        let fill = |message: &Object| put(message, "file", &sample);
        self.send("warm", fill, None).answer().await.map(drop)
    }

    /// Sends a request; `fill` adds what belongs to it.
    pub(crate) fn send(&self, op: &str, fill: impl FnOnce(&Object), tell: Option<Tell>) -> Request {
        self.send_with(op, fill, tell, &Array::new())
    }

    /// The same, and what is in `given` is the worker's from then on.
    fn send_with(
        &self,
        op: &str,
        fill: impl FnOnce(&Object),
        tell: Option<Tell>,
        given: &Array,
    ) -> Request {
        let id = self.0.last.get().wrapping_add(1);
        self.0.last.set(id);
        let answer = Promise::new(&mut |resolve, reject| {
            let waiting = Waiting { resolve, reject, tell: tell.clone() };
            self.0.waiting.borrow_mut().insert(id, waiting);
        });
        let message = Object::new();
        put(&message, "id", &id.into());
        put(&message, "op", &op.into());
        fill(&message);
        let sent = match self.0.running.borrow().as_ref() {
            Some(running) => {
                let posted = running.worker.post_message_with_transfer(&message, given);
                posted.map_err(Failure::from)
            }
            None => Err(Failure::new(Failure::DIED, "not running")),
        };
        if let Err(failure) = sent {
            self.settle(id, Err(&failure.into_error()));
        }
        Request { id, answer }
    }

    /// Asks for a request to end early; it then fails as cancelled.
    pub(crate) fn cancel(&self, id: u32) {
        let request = self.send("cancel", |message| put(message, "target", &id.into()), None);
        // Whether there still was something to cancel does not matter.
        wasm_bindgen_futures::spawn_local(async move {
            let _ = request.answer().await;
        });
    }

    /// Starts the worker, and perhaps one that reads for it; gives the port to that one.
    fn start(&self) -> Result<Option<MessagePort>, Failure> {
        let script = self.0.boot.worker();
        let worker = Worker::new(&script)?;
        let (reader, port) = if self.0.ahead {
            let (reader, channel) = (Worker::new(&script)?, MessageChannel::new()?);
            let message = Object::new();
            put(&message, "op", &"serve".into());
            put(&message, "port", &channel.port1());
            reader.post_message_with_transfer(&message, &Array::of1(&channel.port1()))?;
            (Some(reader), Some(channel.port2()))
        } else {
            (None, None)
        };
        let life = self.0.life.get().wrapping_add(1);
        self.0.life.set(life);
        let inner = Rc::downgrade(&self.0);
        let heard = Closure::new(move |event: MessageEvent| {
            if let Some(inner) = inner.upgrade().filter(|inner| inner.life.get() == life) {
                Engine(inner).hear(&event.data());
            }
        });
        let broken = self.broken();
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
        if let Some(reader) = &reader {
            reader.set_onerror(Some(broken.as_ref().unchecked_ref()));
        }
        let running = Running { worker, reader, _heard: heard, _broken: broken };
        self.0.running.replace(Some(running));
        Ok(port)
    }

    /// What ends the engine if one of the workers of this life fails.
    fn broken(&self) -> Closure<dyn FnMut(ErrorEvent)> {
        let (inner, life) = (Rc::downgrade(&self.0), self.0.life.get());
        Closure::new(move |event: ErrorEvent| {
            if let Some(inner) = inner.upgrade().filter(|inner| inner.life.get() == life) {
                event.prevent_default();
                Engine(inner).die(&event.message());
            }
        })
    }

    fn hear(&self, message: &JsValue) {
        let get = |name| Reflect::get(message, &JsValue::from_str(name)).unwrap_or_default();
        let Some(id) = number(&get("id")).and_then(|id| u32::try_from(id).ok()) else { return };
        if get("event").as_string().as_deref() == Some("progress") {
            let waiting = self.0.waiting.borrow();
            let tell = waiting.get(&id).and_then(|waiting| waiting.tell.clone());
            drop(waiting);
            if let (Some(tell), Some(done), Some(total)) =
                (tell, number(&get("done")), number(&get("total")))
            {
                tell(done, total);
            }
            return;
        }
        let error = get("error");
        if error.is_undefined() {
            self.settle(id, Ok(&get("ok")));
        } else {
            self.settle(id, Err(&error));
        }
    }

    fn settle(&self, id: u32, answer: Result<&JsValue, &JsValue>) {
        let waiting = self.0.waiting.borrow_mut().remove(&id);
        if let Some(waiting) = waiting {
            // A promise's own functions do not throw.
            let _ = match answer {
                Ok(value) => waiting.resolve.call1(&JsValue::UNDEFINED, value),
                Err(error) => waiting.reject.call1(&JsValue::UNDEFINED, error),
            };
        }
    }

    /// The worker failed: ends it, and with it every request.
    fn die(&self, why: &str) {
        self.end(Failure::new(Failure::DIED, why));
    }

    /// Ends the worker whatever it does: every request fails as cancelled.
    pub(crate) fn stop(&self) {
        self.end(Failure::cancelled());
    }

    fn end(&self, failure: Failure) {
        if let Some(running) = self.0.running.replace(None) {
            running.worker.terminate();
            if let Some(reader) = running.reader {
                reader.terminate();
            }
        }
        let failure = failure.into_error();
        let ids: Vec<u32> = self.0.waiting.borrow().keys().copied().collect();
        for id in ids {
            self.settle(id, Err(&failure));
        }
    }
}

impl Failure {
    fn into_error(self) -> JsValue {
        let error = js_sys::Error::new(&self.message);
        error.set_name(&self.name);
        error.into()
    }
}

/// Sets a property of a message.
pub(crate) fn put(message: &Object, name: &str, value: &JsValue) {
    // A plain object takes any property.
    let _ = Reflect::set(message, &JsValue::from_str(name), value);
}

/// A whole number that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is no whole number is left out before"
)]
pub(crate) fn number(value: &JsValue) -> Option<u64> {
    let number = value.as_f64()?;
    ((0.0..=9_007_199_254_740_991.0).contains(&number) && number.fract() == 0.0)
        .then_some(number as u64)
}
