//! The engine's repairs, typed: planned, written, let go of.

use fulgurite_core::gossip::salvage::Plan;
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Blob;

use super::calls::get;
use super::{Engine, Failure, Request, Tell, number, put};

impl Engine {
    /// Plans a repair of these files; [`planned`] understands the answer. Without a version, that of
    /// the files is written.
    pub(crate) fn repair(&self, handles: &[u32], version: Option<u8>, tell: Tell) -> Request {
        let list: Array = handles.iter().map(|handle| JsValue::from(*handle)).collect();
        let options = Object::new();
        if let Some(version) = version {
            put(&options, "version", &version.into());
        }
        let fill = |message: &Object| {
            put(message, "handles", &list);
            put(message, "options", &options);
        };
        self.send("repair", fill, Some(tell))
    }

    /// Writes the repaired store; [`written`] understands the answer.
    pub(crate) fn repaired(&self, repair: u32, tell: Tell) -> Request {
        let fill = |message: &Object| put(message, "repair", &repair.into());
        self.send("repaired", fill, Some(tell))
    }

    /// Lets go of a repair.
    pub(crate) fn dismiss(&self, repair: u32) {
        let fill = |message: &Object| put(message, "repair", &repair.into());
        let request = self.send("dismiss", fill, None);
        wasm_bindgen_futures::spawn_local(async move {
            let _ = request.answer().await;
        });
    }
}

/// The answer to a `repair`: what later requests name it by, and the plan.
pub(crate) fn planned(answer: &JsValue) -> Result<(u32, Plan), Failure> {
    let repair = number(&get(answer, "repair")).and_then(|repair| u32::try_from(repair).ok());
    let json = get(answer, "planJson").as_string().unwrap_or_default();
    let plan = Plan::from_json(&json).map_err(|error| Failure::bad_answer(&error.to_string()))?;
    Ok((repair.ok_or_else(|| Failure::bad_answer("no repair"))?, plan))
}

/// The answer to a `repaired`: the store.
pub(crate) fn written(answer: &JsValue) -> Result<Blob, Failure> {
    get(answer, "blob").dyn_into().map_err(|_| Failure::bad_answer("no file"))
}
