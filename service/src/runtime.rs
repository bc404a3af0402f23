//! The ports of the core on tokio and this machine.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use media_factory_core::runtime::{BoxFuture, Clock, Spawner};
use tokio::runtime::Handle;

/// Time and chance of this machine.
#[derive(Debug)]
pub(crate) struct SystemClock(Instant);

impl SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the Clock port")]
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> u64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
    }

    fn ticks(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
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
            bytes = self.0.elapsed().as_nanos().to_le_bytes();
        }
        u128::from_le_bytes(bytes)
    }
}

/// Background work on the runtime of the service.
#[derive(Debug)]
pub(crate) struct TokioSpawner(pub(crate) Handle);

impl Spawner for TokioSpawner {
    fn spawn(&self, future: BoxFuture<'static, ()>) {
        // The join handle is dropped: nobody awaits background work.
        drop(self.0.spawn(future));
    }
}
