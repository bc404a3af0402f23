//! The neural voice of the sandbox: a small network that was trained by others, run on the
//! processor. It says what the engine's own text front end has turned into phones.
//!
//! The model is `hibari.onnx` of the Python package `hibari-tts` (Apache-2.0), 7.9 MB; the meaning
//! of its outputs, and how a wave is made of them, are those of that package.

mod alphabet;
mod network;
mod noise;
mod waveform;

pub use network::Network;
