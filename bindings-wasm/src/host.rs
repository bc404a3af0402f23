//! The platform beneath: a page, a worker or Node, as `js/platform.js` describes it.

use std::sync::Arc;

use media_factory_core::{media::MediaSource, runtime::Host};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(raw_module = "../js/platform.js")]
extern "C" {
    fn environment(name: &str) -> Option<String>;

    #[wasm_bindgen(js_name = baseUrl)]
    fn base_url() -> Option<String>;

    #[wasm_bindgen(js_name = connectionsAreScarce)]
    fn connections_are_scarce() -> bool;

    #[wasm_bindgen(js_name = encodesFilms)]
    fn encodes_films() -> bool;

    /// Shows an exception of a user's callback to the developer.
    pub(crate) fn report(exception: &JsValue);

    /// Fails everything that waits for this instance, which is about to end.
    pub(crate) fn trapped(message: &str);
}

/// The platform as the core asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Platform;

impl Host for Platform {
    fn environment(&self, name: &str) -> Option<String> {
        environment(name)
    }

    /// Strings are URLs here, in Node too: a package that reads files by name would let whoever
    /// writes a prompt read them.
    fn open(&self, _path: &str) -> Option<Option<Arc<dyn MediaSource>>> {
        None
    }

    fn base_url(&self) -> Option<String> {
        base_url()
    }

    fn connections_are_scarce(&self) -> bool {
        connections_are_scarce()
    }

    fn encodes_films(&self) -> bool {
        encodes_films()
    }
}
