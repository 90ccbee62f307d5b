//! Findings read back from a saved report.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Value, Values};

/// Reads a type by its stable name; one that this version does not know is an error.
macro_rules! by_name {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = alloc::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                let known = <$type>::ALL.iter().find(|known| known.name() == name);
                known.copied().ok_or_else(|| {
                    serde::de::Error::custom(alloc::format!(
                        "unknown {} {name:?}",
                        stringify!($type)
                    ))
                })
            }
        }
    };
}
pub(crate) use by_name;

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number that is not negative, a text, true or false, a list or a group")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        named(map).map(Value::Group)
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        struct Named;

        impl<'de> Visitor<'de> for Named {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("named values")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Values, A::Error> {
                named(map)
            }
        }

        deserializer.deserialize_map(Named)
    }
}

fn named<'de, A: MapAccess<'de>>(mut map: A) -> Result<Values, A::Error> {
    let mut values = Vec::new();
    while let Some((name, value)) = map.next_entry::<String, Value>()? {
        values.push((Cow::Owned(name), value));
    }
    Ok(Values(values))
}
