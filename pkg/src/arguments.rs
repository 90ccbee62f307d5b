//! Plain objects from JavaScript, field by field; whatever is not understood is an error, so that a
//! slip of the pen does not pass for "everything".

mod lnd;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

pub(crate) use lnd::{compare, dump, invoices, lnd_options, look, rehearse};

use crate::filter::Wanted;
use crate::hex_key;
use fulgurite_core::gossip::check::Options;
use fulgurite_core::gossip::format::Version;
use fulgurite_core::gossip::network::Limits;
use fulgurite_core::gossip::salvage;
use fulgurite_core::gossip::verdict::{Choice, RELEASES, Release};

/// The options of a new engine.
pub(crate) fn options(value: &JsValue) -> Result<Options, JsError> {
    let mut given = Arguments::new("options", value)?;
    let mut limited = Arguments::new("limits", &given.get("limits"))?;
    let most = Limits::default();
    let limits = Limits {
        channels: limited.number32("channels")?.unwrap_or(most.channels),
        nodes: limited.number32("nodes")?.unwrap_or(most.nodes),
        findings: limited.number32("findings")?.unwrap_or(most.findings),
    };
    limited.end()?;
    let own = given.texts(&["own"])?.into_iter().map(|text| {
        let key = hex_key(&text);
        key.ok_or_else(|| JsError::new(&format!("{text:?} is no key of 66 hexadecimal digits")))
    });
    let own = own.collect::<Result<_, _>>()?;
    let options = Options {
        limits,
        seed: given.number("seed")?.unwrap_or(0),
        now: given.number32("now")?,
        reveal: given.flag("reveal")?,
        own,
        releases: releases(&given.texts(&["releases"])?)?,
    };
    given.end()?;
    Ok(options)
}

/// For which releases verdicts are given: none named are the usual ones.
fn releases(names: &[String]) -> Result<Choice, JsError> {
    let mut some = Vec::new();
    for name in names.iter().filter(|name| *name != "all") {
        some.push(Release::find(name).ok_or_else(|| {
            let known: Vec<&str> = RELEASES.iter().map(|release| release.name).collect();
            let known = known.join(", ");
            JsError::new(&format!("{name:?} is no known line of releases; known are {known}, all"))
        })?);
    }
    Ok(match names {
        [] => Choice::Default,
        _ if some.len() < names.len() => Choice::All,
        _ => Choice::Some(some),
    })
}

/// The options of a repair.
pub(crate) fn repair_options(value: &JsValue) -> Result<salvage::Options<'static>, JsError> {
    let mut given = Arguments::new("options", value)?;
    let version = given.number32("version")?.map(u8::try_from).transpose();
    let options = salvage::Options {
        seed: given.number("seed")?.unwrap_or(0),
        now: given.number32("now")?,
        version: version.map_err(|_| given.wrong("version", "9 to 16"))?.map(Version),
        compact: given.flag("compact")?,
        ..salvage::Options::default()
    };
    given.end()?;
    Ok(options)
}

/// How many peers the node of a log has.
pub(crate) fn peers(value: &JsValue) -> Result<Option<u64>, JsError> {
    let mut given = Arguments::new("options", value)?;
    let peers = given.number("peers")?;
    given.end()?;
    Ok(peers)
}

/// A filter.
pub(crate) fn filter(value: &JsValue) -> Result<Wanted, JsError> {
    let mut given = Arguments::new("filter", value)?;
    let wanted = Wanted {
        text: given.text("text")?,
        types: given.texts(&["types", "type"])?,
        states: given.texts(&["states", "state"])?,
        scids: given.texts(&["scids", "scid"])?,
        nodes: given.texts(&["nodes", "node"])?,
        alias: given.text("alias")?,
        from: given.number("from")?,
        to: given.number("to")?,
    };
    given.end()?;
    Ok(wanted)
}

/// The fields of an object.
struct Arguments {
    name: &'static str,
    object: Object,
    known: Vec<&'static str>,
}

impl Arguments {
    /// Undefined and null are an object without fields.
    fn new(name: &'static str, value: &JsValue) -> Result<Arguments, JsError> {
        let object = if value.is_undefined() || value.is_null() {
            Object::new()
        } else {
            let object = value.dyn_ref::<Object>();
            object.ok_or_else(|| JsError::new(&format!("{name} is an object")))?.clone()
        };
        Ok(Arguments { name, object, known: Vec::new() })
    }

    /// A field; undefined where it is null or not there.
    fn get(&mut self, name: &'static str) -> JsValue {
        self.known.push(name);
        let value = Reflect::get(&self.object, &JsValue::from_str(name)).unwrap_or_default();
        if value.is_null() { JsValue::UNDEFINED } else { value }
    }

    fn wrong(&self, name: &str, what: &str) -> JsError {
        JsError::new(&format!("{}: {name} is {what}", self.name))
    }

    /// A whole number that JavaScript holds exactly.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is checked")]
    fn number(&mut self, name: &'static str) -> Result<Option<u64>, JsError> {
        const MOST: f64 = 9_007_199_254_740_991.0;
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(None);
        }
        let number = value.as_f64().filter(|number| (0.0..=MOST).contains(number));
        match number.filter(|number| number.trunc().to_bits() == number.to_bits()) {
            Some(number) => Ok(Some(number as u64)),
            None => Err(self.wrong(name, "a whole number")),
        }
    }

    fn number32(&mut self, name: &'static str) -> Result<Option<u32>, JsError> {
        let number = self.number(name)?.map(u32::try_from).transpose();
        number.map_err(|_| self.wrong(name, "a whole number below 2^32"))
    }

    fn flag(&mut self, name: &'static str) -> Result<bool, JsError> {
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(false);
        }
        value.as_bool().ok_or_else(|| self.wrong(name, "true or false"))
    }

    fn text(&mut self, name: &'static str) -> Result<Option<String>, JsError> {
        let value = self.get(name);
        if value.is_undefined() {
            return Ok(None);
        }
        value.as_string().map(Some).ok_or_else(|| self.wrong(name, "a text"))
    }

    /// Texts or numbers, one or an array of them, in any of these fields.
    fn texts(&mut self, names: &[&'static str]) -> Result<Vec<String>, JsError> {
        let mut texts = Vec::new();
        for name in names {
            let value = self.get(name);
            let many = match value.dyn_ref::<Array>() {
                Some(array) => array.to_vec(),
                None if value.is_undefined() => Vec::new(),
                None => vec![value],
            };
            for one in many {
                let number = || one.as_f64().map(|number| number.to_string());
                let text = one.as_string().or_else(number);
                texts.push(text.ok_or_else(|| self.wrong(name, "a text, or several"))?);
            }
        }
        Ok(texts)
    }

    /// There are no other fields.
    fn end(self) -> Result<(), JsError> {
        for key in Object::keys(&self.object).iter().filter_map(|key| key.as_string()) {
            if !self.known.contains(&key.as_str()) {
                let known = self.known.join(", ");
                return Err(self.wrong(&format!("{key:?}"), &format!("none of {known}")));
            }
        }
        Ok(())
    }
}
