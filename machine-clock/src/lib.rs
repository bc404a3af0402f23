//! The [`Clock`] of programs on this machine: the system's time and randomness, tokio's timers.
//! The service and the Python package run on it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use media_factory_core::runtime::{BoxFuture, Clock};
use tokio::runtime::Handle;

/// Time and chance of this machine.
#[derive(Debug)]
pub struct MachineClock {
    handle: Handle,
    started: Instant,
}

impl MachineClock {
    /// A clock whose timers are those of `handle`'s runtime, whoever asks for them.
    #[allow(clippy::disallowed_methods, reason = "this is the Clock port")]
    pub fn new(handle: Handle) -> Self {
        Self { handle, started: Instant::now() }
    }
}

impl Clock for MachineClock {
    #[allow(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> u64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
    }

    fn ticks(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // Whoever sleeps need not be on a thread of the runtime: Python's are not.
        let _inside = self.handle.enter();
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        // The 53 bits that a float between 0 and 1 has.
        (self.entropy() >> 75) as f64 / (1u64 << 53) as f64
    }

    fn entropy(&self) -> u128 {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Without the system's randomness ids still differ from moment to moment.
            bytes = self.started.elapsed().as_nanos().to_le_bytes();
        }
        u128::from_le_bytes(bytes)
    }
}
