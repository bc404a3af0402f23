//! The sandbox's server in a page, a worker or Node: requests of the core's `sandbox` protocol in,
//! responses out. It renders in workers of the platform ([`workers`]).
#![cfg_attr(
    target_arch = "wasm32",
    allow(clippy::arc_with_non_send_sync, reason = "one thread there, many elsewhere: one code")
)]

mod exchange;
mod workers;

use std::sync::Arc;

use bytes::Bytes;
use media_factory_core::{
    config::Fidelity,
    runtime::{HttpRequest, Method, Transport},
};
use media_factory_event_loop::EventLoop;
use media_factory_sandbox::server::{Limits, SandboxTransport, Server};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exchange::Exchange;

#[wasm_bindgen(raw_module = "../js/platform.js")]
extern "C" {
    /// Fails everything that waits in the page: this instance is about to end.
    fn trapped(message: &str);
}

#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| trapped(&panic.to_string())));
}

/// Outputs and uploads that one sandbox keeps: a page has less memory than a server.
const KEPT_BYTES: u64 = 256 << 20;

/// A server with tasks, queue and files of its own.
#[wasm_bindgen]
pub struct SandboxServer(SandboxTransport);

#[wasm_bindgen]
impl SandboxServer {
    /// Without tasks.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript constructs it")]
    pub fn new() -> Self {
        let limits = Limits {
            workers: workers::most(),
            output_bytes: KEPT_BYTES,
            upload_bytes: KEPT_BYTES,
            fidelity: Fidelity::Full,
            ..Limits::default()
        };
        let event_loop = Arc::new(EventLoop);
        let renderer = Arc::new(workers::Workers);
        let server = Server::new(renderer, event_loop.clone(), event_loop, limits);
        Self(SandboxTransport::new(server))
    }

    /// Begins an exchange, as every transport in JavaScript does: headers as lines, a name, then
    /// its value.
    pub fn send(
        &self,
        method: &str,
        url: String,
        headers: &str,
        body: Option<Vec<u8>>,
    ) -> Exchange {
        let mut request = HttpRequest::new(method_of(method), url);
        let mut lines = headers.split('\n');
        while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
            request = request.with_header(name, value);
        }
        request.body = Bytes::from(body.unwrap_or_default());
        Exchange::of(self.0.send(request))
    }
}

/// The core sends no other methods than these.
fn method_of(name: &str) -> Method {
    match name {
        "POST" => Method::Post,
        "DELETE" => Method::Delete,
        _ => Method::Get,
    }
}
