//! Documents in JSON: of a report one byte changed is mostly no JSON any more, and of its text mostly a
//! word that no report has.

use serde_json::Value;

use fulgurite_tests::sqlite::Seeded;

/// Numbers at the edges of what reports count with.
const EDGES: [u64; 6] = [0, 1, 0xff, 0xffff_ffff, 0x1f_ffff_ffff_ffff, u64::MAX];

/// This document with one to three of its values changed, left out, doubled, or taken from where
/// another seed has one of that name. Nothing where it is no JSON object.
pub(crate) fn changed(text: &[u8], seeds: &[Vec<u8>], rng: &mut Seeded) -> Option<Vec<u8>> {
    text.first().filter(|byte| **byte == b'{')?;
    let mut document: Value = serde_json::from_slice(text).ok()?;
    for _ in 0..=rng.below(3) {
        let other = seeds.get(rng.index(seeds.len().max(1)))?;
        let other: Value = serde_json::from_slice(other).unwrap_or_default();
        let nodes = count(&document);
        change(&mut document, "", &mut rng.index(nodes), &other, rng);
    }
    serde_json::to_vec(&document).ok()
}

/// How many values stand in a value, itself among them.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// Goes to the value that `left` counts down to, and changes it.
fn change(value: &mut Value, name: &str, left: &mut usize, other: &Value, rng: &mut Seeded) {
    if *left == 0 {
        *value = instead(value, name, other, rng);
        *left = usize::MAX;
        return;
    }
    *left -= 1;
    match value {
        Value::Array(values) => {
            for value in values {
                if *left != usize::MAX {
                    change(value, name, left, other, rng);
                }
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if *left != usize::MAX {
                    change(value, name, left, other, rng);
                }
            }
        }
        _ => {}
    }
}

/// What stands there instead.
fn instead(value: &Value, name: &str, other: &Value, rng: &mut Seeded) -> Value {
    if rng.below(2) == 0 {
        let mut found = Vec::new();
        of_name(other, "", name, &mut found);
        if !found.is_empty() {
            return found[rng.index(found.len())].clone();
        }
    }
    match value {
        Value::Array(values) if !values.is_empty() => {
            let (at, mut values) = (rng.index(values.len()), values.clone());
            let one = values.remove(at);
            match rng.below(3) {
                0 => {}
                1 => values.extend([one.clone(), one]),
                _ => values.insert(0, one),
            }
            Value::Array(values)
        }
        Value::Object(fields) if !fields.is_empty() => {
            let mut fields = fields.clone();
            let name = fields.keys().nth(rng.index(fields.len())).cloned().unwrap_or_default();
            let value = fields.remove(&name);
            if rng.below(3) == 0 {
                fields.insert(name + "_", value.unwrap_or_default());
            }
            Value::Object(fields)
        }
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Number(_) if rng.below(4) > 0 => {
            EDGES[rng.index(EDGES.len())].wrapping_sub(rng.below(2)).into()
        }
        _ => [Value::Null, "".into(), "0".into(), (-1).into(), Value::Array(Vec::new())]
            [rng.index(5)]
        .clone(),
    }
}

/// All values that go by this name.
fn of_name<'v>(value: &'v Value, own: &str, name: &str, found: &mut Vec<&'v Value>) {
    if own == name {
        found.push(value);
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| of_name(value, own, name, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(own, value)| of_name(value, own, name, found));
        }
        _ => {}
    }
}
