//! Time, chance and background work of JavaScript's event loop, as the core and the sandbox's
//! server ask for them: each is a module of its own, and both run on the same loop. Elsewhere than in
//! WebAssembly there is no such loop, and this crate is empty.
#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use media_factory_core::runtime::{BoxFuture, Clock, Spawner};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill_with_random_values(bytes: &mut [u8]);
}

/// `Date`, `performance`, `setTimeout` and `crypto`.
#[derive(Debug, Clone, Copy)]
pub struct EventLoop;

/// `setTimeout` fires at once beyond this.
const LONGEST_TIMEOUT: u64 = i32::MAX as u64;

impl Clock for EventLoop {
    fn now(&self) -> u64 {
        js_sys::Date::now() as u64
    }

    fn ticks(&self) -> u64 {
        performance_now() as u64
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let part = duration.subsec_nanos().div_ceil(1_000_000);
        let mut left = duration.as_secs().saturating_mul(1_000).saturating_add(part.into());
        Box::pin(async move {
            while left > 0 {
                let step = left.min(LONGEST_TIMEOUT);
                TimeoutFuture::new(step as u32).await;
                left -= step;
            }
        })
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn entropy(&self) -> u128 {
        let mut bytes = [0; 16];
        fill_with_random_values(&mut bytes);
        u128::from_le_bytes(bytes)
    }
}

impl Spawner for EventLoop {
    fn spawn(&self, future: BoxFuture<'static, ()>) {
        spawn_local(future);
    }
}
