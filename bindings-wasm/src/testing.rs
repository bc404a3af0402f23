//! A registry on which nothing moves by itself, for `media-factory/testing`.

use std::{sync::Arc, time::Duration};

use js_sys::JSON;
use media_factory_core::{
    error::{Code, Error},
    registry::Registry,
    testing::{self, Harness},
};
use serde_json::Value as Json;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    error::{seconds, thrown},
    host::Platform,
    present::to_js,
    registry::CoreRegistry,
};

/// Scripted transport, manual clock, scripted chance.
#[wasm_bindgen]
pub struct CoreHarness(Harness);

#[wasm_bindgen]
impl CoreHarness {
    /// From a scenario as the vectors have it.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: &JsValue) -> Result<Self, JsValue> {
        let scenario = json_of(scenario)?;
        Harness::new(&scenario, Arc::new(Platform)).map(Self).map_err(thrown)
    }

    /// A registry on these ports.
    pub fn registry(&self) -> CoreRegistry {
        CoreRegistry(Registry::new(self.0.runtime()))
    }

    /// Runs what can run without time passing.
    pub fn settle(&self) {
        self.0.settle();
    }

    /// Lets so many seconds pass.
    pub fn advance(&self, by: f64) -> Result<(), JsValue> {
        self.0.advance(seconds("seconds", Some(by))?.unwrap_or(Duration::ZERO));
        Ok(())
    }

    /// Jumps to the next sleeper; `false` when nobody sleeps.
    pub fn step(&self) -> bool {
        let clock = self.0.clock();
        let due = clock.next_due();
        if let Some(due) = due {
            clock.jump_to(due);
        }
        self.0.settle();
        due.is_some()
    }

    /// Jumps from sleeper to sleeper until nothing is left to do.
    pub fn run(&self) {
        self.0.run();
    }

    /// Seconds since the start.
    #[wasm_bindgen(getter)]
    pub fn elapsed(&self) -> f64 {
        self.0.clock().elapsed().as_secs_f64()
    }

    /// Every request so far.
    #[wasm_bindgen(getter)]
    pub fn requests(&self) -> JsValue {
        to_js(&self.0.script().requests())
    }

    /// Where `actual` differs from what a vector expects.
    pub fn mismatch(expected: &JsValue, actual: &JsValue) -> Result<Option<String>, JsValue> {
        Ok(testing::mismatch(&json_of(expected)?, &json_of(actual)?))
    }

    /// What went otherwise than scripted.
    #[wasm_bindgen(getter)]
    pub fn problems(&self) -> Vec<String> {
        self.0.script().problems()
    }
}

fn json_of(js: &JsValue) -> Result<Json, JsValue> {
    let text = JSON::stringify(js).ok().and_then(|text| text.as_string());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .ok_or_else(|| thrown(Error::new(Code::Config, "malformed scenario: it is no plain data")))
}
