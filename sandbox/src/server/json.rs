//! Reading JSON that anybody may have sent.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map as JsonMap, Number, Value as Json};

/// Values in one body: a thousand requests with a thousand each. Two bytes can be a value, which
/// takes fifty times that in memory. How deep they lie is limited by the reader.
const MOST_VALUES: usize = 1_000_000;

/// The one JSON value that a body holds.
///
/// # Errors
/// What is malformed; [`serde_json::Error::is_data`] when there are too many values.
pub(super) fn read(body: &[u8]) -> serde_json::Result<Json> {
    let mut left = MOST_VALUES;
    let mut reader = serde_json::Deserializer::from_slice(body);
    let json = Counted(&mut left).deserialize(&mut reader)?;
    reader.end()?;
    Ok(json)
}

/// A value, and how many more there may be.
struct Counted<'a>(&'a mut usize);

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        let too_many = || Error::custom(format_args!("more than {MOST_VALUES} values"));
        *self.0 = self.0.checked_sub(1).ok_or_else(too_many)?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Counted(self.0))? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = JsonMap::new();
        while let Some(name) = members.next_key()? {
            object.insert(name, members.next_value_seed(Counted(self.0))?);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        for text in [
            r#"{"a": [1, -2, 2.5, 1e3, 18446744073709551615, "é\n", true, null, {}], "a": "b"}"#,
            "[]",
            " 7 ",
        ] {
            assert_eq!(read(text.as_bytes()).unwrap(), text.parse::<Json>().unwrap(), "{text}");
        }
        let deep = "[".repeat(100_000);
        for wrong in ["", "{", "1 2", "nul", "\"\u{1}\"", &deep] {
            assert!(
                read(wrong.as_bytes()).unwrap_err().classify() != serde_json::error::Category::Data
            );
        }
        assert!(read(b"\"\xff\"").is_err());
    }

    #[test]
    fn there_may_not_be_more_values_than_memory_is_for() {
        let list = |items: usize| format!("[{}1]", "1,".repeat(items - 1));
        assert!(read(list(MOST_VALUES - 1).as_bytes()).is_ok());
        assert!(read(list(MOST_VALUES).as_bytes()).unwrap_err().is_data());
        let nested = format!("[{}1]", "[1],".repeat(MOST_VALUES / 2));
        assert!(read(nested.as_bytes()).unwrap_err().is_data());
    }
}
