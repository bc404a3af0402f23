//! Values between Python and the core. Dictionaries are read in place; what is not plain data is
//! asked of `media_factory.inputs`.

use std::cell::Cell;

use bytes::Bytes;
use media_factory_core::{
    Error, Result,
    media::{Foreign, Map, MediaInput, Value},
};
use pyo3::{
    prelude::*,
    pybacked::PyBackedBytes,
    sync::PyOnceLock,
    types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};
use serde_json::Value as Json;

use crate::{errors::wrong_argument, files::FileInput};

/// Small structures can stand for endless ones by naming the same list again and again.
const MOST_VALUES: usize = 1_000_000;

/// Reads Python objects as core values.
pub(crate) struct Reader {
    /// The most bytes to take from a file object: what is longer is refused anyway.
    limit: u64,
    left: Cell<usize>,
}

impl Reader {
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, left: Cell::new(MOST_VALUES) }
    }

    /// Reads the dictionary called `name`; `None` is an empty one.
    pub(crate) fn map(&self, name: &str, object: &Bound<'_, PyAny>) -> PyResult<Result<Map>> {
        Ok(match self.value(object, 0)? {
            Value::Map(map) => Ok(map),
            Value::Null => Ok(Map::new()),
            other => {
                let message = format!("{name} must be a dictionary, not {}", other.kind());
                Err(wrong_argument(name, message))
            }
        })
    }

    /// Reads any object.
    pub(crate) fn value(&self, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
        if depth > Value::MAX_DEPTH || self.left.replace(self.left.get().saturating_sub(1)) == 0 {
            return Ok(Value::Foreign(Foreign::TooDeep));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(match text.to_str() {
                Ok(text) => Value::String(text.to_owned()),
                Err(_) => Value::Foreign(Foreign::LoneSurrogate),
            });
        }
        if object.is_none() {
            return Ok(Value::Null);
        }
        if let Ok(flag) = object.cast::<PyBool>() {
            return Ok(Value::Bool(flag.is_true()));
        }
        if object.is_instance_of::<PyInt>() {
            let huge = Value::Foreign(Foreign::HugeInteger);
            return Ok(object.extract().map_or(huge, Value::Int));
        }
        if let Ok(number) = object.cast::<PyFloat>() {
            return Ok(Value::Float(number.value()));
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.dict(dict, depth);
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.items(list.iter(), depth);
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.items(tuple.iter(), depth);
        }
        if let Ok(bytes) = object.cast::<PyBytes>() {
            let bytes = Bytes::from_owner(PyBackedBytes::from(bytes.clone()));
            return Ok(Value::Media(MediaInput::Bytes(bytes)));
        }
        if let Ok(file) = object.cast::<FileInput>() {
            return Ok(file.get().value());
        }
        self.adapted(object, depth)
    }

    fn dict(&self, dict: &Bound<'_, PyDict>, depth: usize) -> PyResult<Value> {
        // Reading a value may run Python code, which may change the dictionary.
        let entries: Vec<_> = dict.iter().collect();
        let mut map = Map::with_capacity(entries.len());
        for (key, value) in entries {
            let value = self.value(&value, depth + 1)?;
            match key.cast::<PyString>().ok().map(|key| key.to_str()) {
                Some(Ok(key)) => map.push(key, value),
                _ => {
                    let kind = "a value whose key is no text".to_owned();
                    map.push(key.str()?.to_string_lossy(), Value::Foreign(Foreign::Object(kind)));
                }
            }
        }
        Ok(Value::Map(map))
    }

    fn items<'py>(
        &self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> PyResult<Value> {
        items.map(|item| self.value(&item, depth + 1)).collect::<PyResult<_>>().map(Value::List)
    }

    /// What Python knows better: files, pictures, arrays, numbers of other libraries.
    fn adapted(&self, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
        static ADAPT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let adapt = ADAPT.import(object.py(), "media_factory.inputs", "adapt")?;
        let (plain, foreign): (Bound<'_, PyAny>, Option<String>) =
            adapt.call1((object, self.limit))?.extract()?;
        match foreign {
            Some(kind) => Ok(Value::Foreign(Foreign::Object(kind))),
            None => self.value(&plain, depth + 1),
        }
    }
}

/// The value as JSON, for results and metadata of custom workflows.
pub(crate) fn to_json(name: &str, value: &Value) -> Result<Json> {
    match value {
        Value::Foreign(_) | Value::Media(_) => {
            let message = format!("{name} must be plain data, not {}", value.kind());
            Err(wrong_argument(name, message))
        }
        Value::Float(number) if !number.is_finite() => {
            Err(wrong_argument(name, format!("{name} must be a finite number")))
        }
        Value::List(items) => items.iter().map(|item| to_json(name, item)).collect(),
        Value::Map(map) => {
            let members = map.iter().map(|(key, item)| Ok((key.to_owned(), to_json(name, item)?)));
            members.collect::<Result<_>>().map(Json::Object)
        }
        plain => Ok(plain.to_json()),
    }
}

/// The members of a JSON object given as a Python dictionary; `None` is an empty one.
pub(crate) fn json_object(
    name: &str,
    object: Option<&Bound<'_, PyAny>>,
) -> PyResult<Result<serde_json::Map<String, Json>, Error>> {
    let Some(object) = object else { return Ok(Ok(serde_json::Map::new())) };
    let map = Reader::new(0).map(name, object)?;
    Ok(map.and_then(|map| match to_json(name, &Value::Map(map))? {
        Json::Object(members) => Ok(members),
        _ => Ok(serde_json::Map::new()),
    }))
}

/// JSON as Python objects.
pub(crate) fn json_to_py<'py>(py: Python<'py>, json: &Json) -> PyResult<Bound<'py, PyAny>> {
    Ok(match json {
        Json::Null => py.None().into_bound(py),
        Json::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => integer.into_pyobject(py)?.into_any(),
            (None, Some(integer)) => integer.into_pyobject(py)?.into_any(),
            _ => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
        },
        Json::String(text) => PyString::new(py, text).into_any(),
        Json::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(json_to_py(py, item)?)?;
            }
            list.into_any()
        }
        Json::Object(members) => {
            let dict = PyDict::new(py);
            for (key, value) in members {
                dict.set_item(key, json_to_py(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

/// Parameters as a Python dictionary; files come back as their paths.
pub(crate) fn map_to_py<'py>(py: Python<'py>, map: &Map) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (key, value) in map.iter() {
        dict.set_item(key, value_to_py(py, value)?)?;
    }
    Ok(dict)
}

fn value_to_py<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::List(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(value_to_py(py, item)?)?;
            }
            list.into_any()
        }
        Value::Map(map) => map_to_py(py, map)?.into_any(),
        Value::Media(MediaInput::Url(url)) => PyString::new(py, url).into_any(),
        Value::Media(MediaInput::Bytes(bytes)) => PyBytes::new(py, bytes).into_any(),
        Value::Media(MediaInput::Source(source)) => PyString::new(py, &source.name()).into_any(),
        Value::Float(number) => PyFloat::new(py, *number).into_any(),
        plain => json_to_py(py, &plain.to_json())?,
    })
}
