//! Finds the vectors and splits them into cases.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value as Json};

use crate::{play, prove};

/// What is under `tests/conformance/`.
pub(crate) struct Collection {
    folder: PathBuf,
    pub(crate) vectors: Vec<Vector>,
    /// Files in places where no runner looks for vectors.
    pub(crate) strays: Vec<PathBuf>,
}

/// One file.
pub(crate) struct Vector {
    /// `area/name`.
    pub(crate) name: String,
    json: Json,
}

impl Collection {
    pub(crate) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance");
        let mut collection =
            Self { folder: folder.clone(), vectors: Vec::new(), strays: Vec::new() };
        for file in files_under(&folder) {
            collection.sort_in(&file);
        }
        collection
    }

    fn sort_in(&mut self, file: &Path) {
        let inner = file.strip_prefix(&self.folder).expect("a file below the folder");
        let name = inner.with_extension("").to_string_lossy().replace('\\', "/");
        let (area, rest) = name.split_once('/').unwrap_or(("", &name));
        let is_data = area == "common" || name == "errors/codes" || name == "README";
        if is_data {
            return;
        }
        let in_place = !area.is_empty() && !rest.contains('/');
        if !in_place || file.extension().is_none_or(|extension| extension != "json") {
            self.strays.push(inner.to_owned());
            return;
        }
        self.vectors.push(Vector { json: read_json(file), name });
    }

    pub(crate) fn codes(&self) -> Json {
        read_json(&self.folder.join("errors/codes.json"))
    }
}

impl Vector {
    /// Runs every case and gives back everything that is wrong.
    pub(crate) fn run(&self) -> Result<(), String> {
        let mut problems = Vec::new();
        for key in ["rule", "about"] {
            if self.json[key].as_str().is_none_or(str::is_empty) {
                problems.push(format!("has no '{key}'"));
            }
        }
        for (place, case) in self.cases().iter().enumerate() {
            let found = play::play(&case["given"], &case["when"])
                .and_then(|played| prove::prove(&played, &case["then"]));
            if let Err(found) = found {
                let about = case["about"].as_str().unwrap_or("");
                problems.push(format!("case {place} ({about}): {found}"));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }

    /// The file itself, or its `cases`, whose `given` stand over the file's own.
    fn cases(&self) -> Vec<Json> {
        let Some(cases) = self.json["cases"].as_array() else { return vec![self.json.clone()] };
        let mut cases = cases.clone();
        for case in &mut cases {
            let mut given = self.json["given"].as_object().cloned().unwrap_or_default();
            given.extend(case["given"].as_object().cloned().unwrap_or_default());
            case["given"] = Json::Object(given);
        }
        cases
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of vectors");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let nested = |path: PathBuf| if path.is_dir() { files_under(&path) } else { vec![path] };
    paths.into_iter().flat_map(nested).collect()
}

fn read_json(file: &Path) -> Json {
    let text = fs::read_to_string(file).expect("a readable file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The members of an object, or none.
pub(crate) fn members(json: &Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap_or_default()
}
