//! Signatures, verified by the engine's worker together with others that are lent to it.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, MessageChannel, Worker};

use super::calls::get;
use super::{Engine, Failure, Request, Tell, put};
use crate::browser;

/// More workers than that are not started: each has a copy of the engine's code.
const MOST: usize = 8;

/// Workers that verify for the engine's worker; they end when this is dropped.
pub(crate) struct Helpers {
    workers: Vec<Worker>,
    _broken: Closure<dyn FnMut(ErrorEvent)>,
}

impl Drop for Helpers {
    fn drop(&mut self) {
        for worker in &self.workers {
            worker.set_onerror(None);
            worker.terminate();
        }
    }
}

impl Engine {
    /// Begins to verify the signatures of a file; [`verified`] understands the answer. The helpers
    /// are wanted until then.
    pub(crate) async fn verify(
        &self,
        handle: u32,
        tell: Tell,
    ) -> Result<(Request, Helpers), Failure> {
        let module = JsFuture::from(self.0.boot.engine()).await?;
        // One processor is the engine's own, which verifies as well.
        let count = browser::processors().saturating_sub(1).clamp(1, MOST);
        let (helpers, ports) = self.lend(&module, count)?;
        let fill = |message: &Object| {
            put(message, "handle", &handle.into());
            put(message, "ports", &ports);
        };
        Ok((self.send_with("verify", fill, Some(tell), &ports), helpers))
    }

    /// Starts so many workers, and gives each one end of a channel; the other ends.
    fn lend(&self, module: &JsValue, count: usize) -> Result<(Helpers, Array), Failure> {
        let script = self.0.boot.worker();
        let broken = self.broken();
        let (mut workers, ports) = (Vec::new(), Array::new());
        for _ in 0..count {
            let (worker, channel) = (Worker::new(&script)?, MessageChannel::new()?);
            worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
            let message = Object::new();
            put(&message, "op", &"lend".into());
            put(&message, "module", module);
            put(&message, "port", &channel.port1());
            worker.post_message_with_transfer(&message, &Array::of1(&channel.port1()))?;
            workers.push(worker);
            ports.push(&channel.port2());
        }
        Ok((Helpers { workers, _broken: broken }, ports))
    }
}

/// The answer to a `verify`: the report drawn up anew, as it is exported.
pub(crate) fn verified(answer: &JsValue) -> Option<String> {
    get(answer, "reportJson").as_string()
}
