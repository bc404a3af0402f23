//! The neural voice: a small network that was trained by others, run on the processor. It says
//! phones; the sandbox's engine, which knows nothing of this crate, makes them of text.
//!
//! The model is `hibari.onnx` of the Python package `hibari-tts` (Apache-2.0), 7.9 MB; the meaning
//! of its outputs, and how a wave is made of them, are those of that package.

mod alphabet;
mod delivery;
mod network;
mod noise;
mod waveform;

pub use delivery::Delivery;
pub use network::{Network, NetworkError};

/// Samples in a second.
pub const SAMPLE_RATE: u32 = 24_000;
