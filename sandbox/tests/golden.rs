//! The golden jobs: what the engine makes of `tests/golden/jobs.json`, byte for byte.
//!
//! Python, Node and a page make the same jobs through their public interfaces and compare with the
//! same digests. `cargo xtask golden` writes the digests anew after a change that is meant to
//! change what people get; the changelog tells of it then.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test: it reads files and the environment, and may fail"
)]

mod kept;

use std::{collections::BTreeMap, fs, path::PathBuf};

use bytes::Bytes;
use media_factory_core::{config::Fidelity, media::MediaType};
use media_factory_sandbox::{
    order::run_order,
    server::{RenderOrder, RenderedFiles},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden")
}

#[test]
fn golden_jobs_give_the_same_bytes_as_ever() {
    let path = folder().join("jobs.json");
    let mut jobs: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert!(jobs.len() >= 60, "{} jobs", jobs.len());
    let mut changed = Vec::new();
    for job in &mut jobs {
        let found = digests(&made(job));
        if job["sha256"] != found {
            changed.push(job["name"].as_str().unwrap().to_owned());
            job["sha256"] = found;
        }
    }
    if kept::are_renewed() {
        kept::check(&path, written(&jobs).as_bytes());
    } else {
        assert!(changed.is_empty(), "other bytes than before: {}", changed.join(", "));
    }
}

fn made(job: &Value) -> RenderedFiles {
    let mut parameters = job["parameters"].as_object().unwrap().clone();
    let extra = parameters.remove("extra");
    let order = RenderOrder {
        media_type: MediaType::from_name(job["medium"].as_str().unwrap()),
        parameters,
        inputs: inputs(job),
        fidelity: extra.map_or(Fidelity::Preview, |extra| {
            let name = extra.get("fidelity").and_then(Value::as_str).unwrap();
            Fidelity::from_name(name).unwrap()
        }),
    };
    run_order(order, &mut |_| {}, &|| false).unwrap_or_else(|failure| panic!("{job}: {failure:?}"))
}

/// The inputs of a job are names of files beside it, one or a list for a parameter.
fn inputs(job: &Value) -> BTreeMap<String, Bytes> {
    let mut inputs = BTreeMap::new();
    for (parameter, files) in job["inputs"].as_object().into_iter().flatten() {
        if let Some(name) = files.as_str() {
            inputs.insert(parameter.clone(), input(name));
        }
        for (place, name) in files.as_array().into_iter().flatten().enumerate() {
            inputs.insert(format!("{parameter}[{place}]"), input(name.as_str().unwrap()));
        }
    }
    inputs
}

fn input(name: &str) -> Bytes {
    fs::read(folder().join("inputs").join(name)).unwrap().into()
}

fn digests(rendered: &RenderedFiles) -> Value {
    let digest = |bytes: &Bytes| -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    rendered.files.iter().map(|file| json!(digest(&file.bytes))).collect()
}

/// One job a line, so that a change shows which ones it touches.
fn written(jobs: &[Value]) -> String {
    let lines: Vec<String> = jobs.iter().map(|job| format!("  {job}")).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
