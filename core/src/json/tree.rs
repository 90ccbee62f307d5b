//! A JSON document as a tree, and types made from it.

use alloc::string::String;
use alloc::vec::{self, Vec};
use core::fmt;
use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::Error;

/// A value; the members of an object in the order of the text, also those that come twice.
pub(super) enum Tree {
    Null,
    Flag(bool),
    Whole(u64),
    Negative(i64),
    Broken(f64),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Whole(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Negative(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Broken(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

impl Tree {
    /// What was found where something else is expected.
    fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Tree::Null => Unexpected::Other("null"),
            Tree::Flag(flag) => Unexpected::Bool(*flag),
            Tree::Whole(number) => Unexpected::Unsigned(*number),
            Tree::Negative(number) => Unexpected::Signed(*number),
            Tree::Broken(number) => Unexpected::Float(*number),
            Tree::Text(text) => Unexpected::Str(text),
            Tree::List(_) => Unexpected::Seq,
            Tree::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Flag(flag) => visitor.visit_bool(flag),
            Tree::Whole(number) => visitor.visit_u64(number),
            Tree::Negative(number) => visitor.visit_i64(number),
            Tree::Broken(number) => visitor.visit_f64(number),
            Tree::Text(text) => visitor.visit_string(text),
            Tree::List(items) => visitor.visit_seq(Items(items.into_iter())),
            Tree::Object(members) => visitor.visit_map(Members::of(members)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    // These take one shape each, so that code for the others is left out.

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Object(members) => visitor.visit_map(Members::of(members)),
            other => Err(Error::invalid_type(other.unexpected(), &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::List(items) => visitor.visit_seq(Items(items.into_iter())),
            other => Err(Error::invalid_type(other.unexpected(), &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Text(text) => visitor.visit_string(text),
            other => Err(Error::invalid_type(other.unexpected(), &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Tree::Text(name) => visitor.visit_enum(StringDeserializer::new(name)),
            Tree::Object(members) if members.len() == 1 => visitor.visit_enum(Variant(members)),
            other => Err(Error::invalid_type(other.unexpected(), &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        identifier
    }
}

struct Items(vec::IntoIter<Tree>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Members {
    rest: vec::IntoIter<(String, Tree)>,
    value: Option<Tree>,
}

impl Members {
    fn of(members: Vec<(String, Tree)>) -> Members {
        Members { rest: members.into_iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Members {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(StringDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value.take().unwrap_or(Tree::Null))
    }
}

/// An object with one member, which is a variant of an enum and what it holds.
struct Variant(Vec<(String, Tree)>);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Held;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Held), Error> {
        let (name, held) = self.0.pop().unwrap_or((String::new(), Tree::Null));
        let name: StringDeserializer<Error> = name.into_deserializer();
        Ok((seed.deserialize(name)?, Held(held)))
    }
}

struct Held(Tree);

impl<'de> VariantAccess<'de> for Held {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        <()>::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Values;
    use crate::gossip::check::{Options, check};
    use crate::report::Report;
    use alloc::collections::BTreeMap;
    use alloc::string::ToString as _;

    fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
        T::deserialize(serde_json::from_str::<Tree>(text)?)
    }

    /// Both ways agree on whether a text is of a type, and on what it says.
    fn agree<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) {
        let [small, large] = [read::<T>(text), serde_json::from_str::<T>(text)]
            .map(|read| read.ok().map(|read| serde_json::to_string(&read).unwrap()));
        assert_eq!(small, large, "{text}");
    }

    #[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        One(u8),
        Two(u8, bool),
        Named { a: Option<i64> },
    }

    #[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
    struct All {
        kinds: Vec<Kind>,
        #[serde(default)]
        name: Option<String>,
        fraction: f64,
        #[serde(flatten)]
        rest: BTreeMap<String, u64>,
    }

    #[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
    struct Wrapped(u16);

    #[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
    struct Pair(i8, char);

    #[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
    struct Shapes {
        wrapped: Wrapped,
        pair: Pair,
        tuple: (bool, f32),
        nothing: (),
        kind: Kind,
        text: String,
        any: serde_json::Value,
    }

    #[test]
    fn every_shape_has_one_form() {
        let parts = [
            ("wrapped", &["7", "65536", "-1", "null", "true", "[7]"][..]),
            ("pair", &[r#"[-3,"x"]"#, "[-3]", r#"{"0":1}"#, r#"[1,"xy"]"#, "7"]),
            ("tuple", &["[true,0.5]", "[false,2]", "[0,1]", "null", r#""ab""#]),
            ("nothing", &["null", "0", "[]"]),
            ("kind", &[r#"{"plain":null}"#, r#""plain""#, r#"{"plain":1}"#, "true", "{}", "-1"]),
            ("text", &[r#""a""#, "7", "-7", "0.5", "null", "true", "[]", "{}"]),
            ("any", &[r#"{"a":[null,true,-1,0.5,"x",{}]}"#]),
        ];
        let document = |of: &str, value: &str| {
            let members = parts.map(|(name, values)| {
                let value = if name == of { value } else { values[0] };
                alloc::format!("\"{name}\":{value}")
            });
            alloc::format!("{{{}}}", members.join(","))
        };
        for (name, values) in parts {
            for value in values {
                agree::<Shapes>(&document(name, value));
            }
            assert!(read::<Shapes>(&document(name, values[0])).is_ok(), "{name}");
        }
        // What stands in the way is named as it is elsewhere; where it stands is not.
        for (name, value) in [
            ("text", "true"),
            ("text", "-7"),
            ("text", "0.5"),
            ("text", "[]"),
            ("pair", r#""x""#),
            ("pair", "7"),
        ] {
            let small = read::<Shapes>(&document(name, value)).unwrap_err().to_string();
            let large = serde_json::from_str::<Shapes>(&document(name, value)).unwrap_err();
            let large = large.to_string();
            assert_eq!(Some(small.as_str()), large.split(" at line").next());
        }
    }

    #[test]
    fn types_are_what_they_are_elsewhere() {
        for text in [
            r#"{"kinds":["plain",{"one":255},{"two":[1,true]},{"named":{"a":-3}}],"fraction":1}"#,
            r#"{"kinds":[],"name":"\u00e9\n","fraction":0.5,"more":18446744073709551615}"#,
            r#"{"kinds":[],"name":null,"fraction":-2,"x":1,"x":2}"#,
            r#"{"kinds":[{"one":256}],"fraction":1}"#,
            r#"{"kinds":[{"one":1,"two":2}],"fraction":1}"#,
            r#"{"kinds":["none"],"fraction":1}"#,
            r#"{"kinds":[],"kinds":[],"fraction":1}"#,
            r#"{"kinds":{},"fraction":1}"#,
            r#"{"kinds":[],"fraction":"1"}"#,
            r#"{"kinds":[],"fraction":1,"x":-1}"#,
            r#"{"kinds":[]}"#,
            "{\"kinds\":[],\"fraction\":1} x",
            "[]",
            "7",
            "",
        ] {
            agree::<All>(text);
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        agree::<serde_json::Value>(&deep);
        agree::<Values>(r#"{"b":1,"a":"text","c":true}"#);
        agree::<Values>(r#"{"b":[1]}"#);
        let [small, large] = [read::<u8>("256"), serde_json::from_str("256")];
        let [small, large] = [small, large].map(|read| read.unwrap_err().to_string());
        assert!(
            large.starts_with(&small) && large[small.len()..].starts_with(" at line"),
            "{large}"
        );
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large input")]
    fn reports_are_what_they_are_elsewhere() {
        for bytes in [Vec::new(), alloc::vec![16], alloc::vec![0; 5000], b"{}".to_vec()] {
            let json = check(&bytes, Options::default()).unwrap().to_json().unwrap();
            assert_eq!(read::<Report>(&json).unwrap().to_json().unwrap(), json);
            for cut in (0..json.len()).step_by(7).filter(|cut| json.is_char_boundary(*cut)) {
                let text = [&json[..cut], json.get(cut + 1..).unwrap_or_default()].concat();
                agree::<Report>(&text);
            }
        }
    }
}
