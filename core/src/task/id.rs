//! Task ids: UUIDs of version 7, which sort by creation.

use std::sync::{Arc, Mutex};

use crate::runtime::{Clock, lock};

/// Makes ids that rise within one registry, also within one millisecond.
#[derive(Debug, Default)]
pub struct TaskIds(Mutex<(u64, u16)>);

impl TaskIds {
    const COUNTER_BITS: u16 = 0x0fff;

    /// A new id.
    pub fn next(&self, clock: &dyn Clock) -> Arc<str> {
        let entropy = clock.entropy();
        let (millis, counter) = self.advance(clock.now(), entropy);
        // RFC 9562, 5.7: 48 bits of time, version 7, 12 bits of counter, variant 10, 62 random bits.
        let high = (u128::from(millis) << 80) | (0x7 << 76) | (u128::from(counter) << 64);
        let low = (0b10 << 62) | (entropy & ((1 << 62) - 1));
        let hex = format!("{:032x}", high | low);
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
        Arc::from(parts.join("-"))
    }

    /// A new millisecond starts the counter at random in its lower half; the same one, or a clock
    /// that was set back, counts on, and a full counter borrows the next millisecond.
    fn advance(&self, now: u64, entropy: u128) -> (u64, u16) {
        let mut last = lock(&self.0);
        let start = ((entropy >> 64) as u16) & (Self::COUNTER_BITS >> 1);
        *last = match *last {
            (millis, _) if now > millis => (now, start),
            (millis, counter) if counter < Self::COUNTER_BITS => (millis, counter + 1),
            (millis, _) => (millis + 1, start),
        };
        *last
    }
}
