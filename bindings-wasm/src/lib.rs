//! The JavaScript binding: JavaScript values in, core values out, and the other way round.
//!
//! It has no rule of its own. Classes that users see live in `js/`; each wraps one `Core…` handle
//! of this crate. The ports of the core are fetch ([`page_fetch`]) or a JavaScript transport
//! ([`host_transport`]), which is also the way to the sandbox's server, and the event loop
//! ([`media_factory_event_loop`]).
#![cfg_attr(
    target_arch = "wasm32",
    allow(clippy::arc_with_non_send_sync, reason = "one thread there, many elsewhere: one code")
)]

mod error;
mod event;
mod host;
mod host_transport;
mod media;
mod output;
mod page_fetch;
mod present;
mod registry;
mod task;
#[cfg(feature = "testing")]
mod testing;
mod value;
mod workflow;

use wasm_bindgen::prelude::wasm_bindgen;

/// A panic kills this instance; before it does, JavaScript hears why and fails what still runs.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| host::trapped(&panic.to_string())));
}
