//! Parameter and configuration values as they cross the language border.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::input::MediaInput;

/// One value of a parameter or configuration dictionary.
///
/// Integers and floats keep their kind, and bytes travel as [`MediaInput`], never as JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`, `null` or `undefined`: the key counts as absent.
    Null,
    /// A truth value; never taken for a number.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number, possibly NaN or infinite until it is validated.
    Float(f64),
    /// Text of Unicode scalar values.
    String(String),
    /// A list.
    List(Vec<Value>),
    /// A dictionary, in the order in which it was written.
    Map(Map),
    /// Bytes, a file, a Blob or a URL of a picture, film or sound.
    Media(MediaInput),
    /// Something the host language has and this type has not.
    Foreign(Foreign),
}

/// A host value that no [`Value`] can hold; validation turns it into an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreign {
    /// Text with half of a surrogate pair.
    LoneSurrogate,
    /// An integer beyond 64 bits.
    HugeInteger,
    /// A structure nested deeper than [`Value::MAX_DEPTH`], or one that contains itself.
    TooDeep,
    /// An object of a type that is no parameter; holds the type's name.
    Object(String),
}

impl Value {
    /// How deep lists and dictionaries may nest before a binding must stop walking them.
    pub const MAX_DEPTH: usize = 64;

    /// The kind of the value in words a user knows.
    pub fn kind(&self) -> &str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a dictionary",
            Self::Media(_) => "media",
            Self::Foreign(Foreign::LoneSurrogate) => "text with a lone surrogate",
            Self::Foreign(Foreign::HugeInteger) => "an integer beyond 64 bits",
            Self::Foreign(Foreign::TooDeep) => "a structure nested too deeply",
            Self::Foreign(Foreign::Object(name)) => name,
        }
    }

    /// The text, if this is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is an integer or a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss, reason = "parameters stay below 2^53")]
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The whole number: an integer, or a float without a fraction.
    pub fn as_i64(&self) -> Option<i64> {
        /// From here on a 64-bit float cannot tell neighbouring integers apart.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Int(number) => Some(*number),
            #[allow(clippy::cast_possible_truncation, reason = "guarded by the range")]
            Self::Float(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Reads a JSON value.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Bool(*flag),
            serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Self::Int(integer),
                (None, Some(float)) if !number.is_u64() => Self::Float(float),
                _ => Self::Foreign(Foreign::HugeInteger),
            },
            serde_json::Value::String(text) => Self::String(text.clone()),
            serde_json::Value::Array(items) => {
                Self::List(items.iter().map(Self::from_json).collect())
            }
            serde_json::Value::Object(members) => Self::Map(
                members.iter().map(|(key, value)| (key.clone(), Self::from_json(value))).collect(),
            ),
        }
    }

    /// The value as JSON; media and host objects become a short description.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::String(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(map) => map.serialize(serializer),
            Self::Media(input) => serializer.serialize_str(&input.describe()),
            Self::Foreign(_) => serializer.collect_str(&format_args!("<{}>", self.kind())),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// A dictionary with string keys that keeps its order.
#[derive(Clone, Default, PartialEq)]
pub struct Map(Vec<(String, Value)>);

impl Map {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty dictionary with room for so many entries.
    pub fn with_capacity(entries: usize) -> Self {
        Self(Vec::with_capacity(entries))
    }

    /// The value under `key`; `None` when it is missing or null.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let (_, value) = self.0.iter().find(|(name, _)| name == key)?;
        (*value != Value::Null).then_some(value)
    }

    /// Sets `key`, in its old place if it was there.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        let key = key.into();
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// Appends without looking for `key`, for sources whose keys are distinct already.
    pub fn push(&mut self, key: impl Into<String>, value: Value) {
        self.0.push((key.into(), value));
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let place = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(place).1)
    }

    /// Keys and values that are set, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .filter(|(_, value)| *value != Value::Null)
            .map(|(key, value)| (key.as_str(), value))
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Reads a JSON object; `None` for any other JSON.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        match Value::from_json(json) {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.0.iter().map(|(key, value)| (key, value))).finish()
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
