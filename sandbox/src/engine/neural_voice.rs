//! The port to a network that speaks: an extra that an installation may bring. The engine turns
//! text into phones and finishes the sound; the network does what lies between.

use std::{fmt, sync::Arc};

use super::job::RenderError;

/// What the voice is called.
const NAME: &str = "neural";

/// Whether a job's voice is the network's, as its name says in any case.
pub fn is_named(voice: &str) -> bool {
    voice.trim().eq_ignore_ascii_case(NAME)
}

/// Every letter that phones are written in: those of the International Phonetic Alphabet, with
/// capitals for diphthongs, `ˈ` before a stressed vowel, and punctuation.
pub const LETTERS: &str = " ,.!?AIOWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹɾʃʊʌʒʤʧθᵊˈ";

/// Samples per second that a network gives.
pub const SAMPLE_RATE: u32 = 24_000;

/// A network that speaks. May be asked from several threads at once.
pub trait NeuralVoice: Send + Sync {
    /// Says the phones of one breath, 40 words at most, as samples within ±1.
    ///
    /// # Errors
    ///
    /// [`RenderError::Internal`] where the network fails.
    fn say(&self, phones: &str, delivery: &Delivery) -> Result<Vec<f32>, RenderError>;
}

/// How a breath is said, as factors on the voice's own manner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    /// Of the speed.
    pub speed: f32,
    /// Of the pitch.
    pub pitch: f32,
    /// Of the distance of the pitch from its mean.
    pub liveliness: f32,
}

/// What an installation brings beside the engine itself; by default that is nothing.
#[derive(Clone, Default)]
pub struct Extras {
    neural_voice: Option<NeuralVoiceExtra>,
}

#[derive(Clone)]
struct NeuralVoiceExtra {
    is_installed: fn() -> bool,
    load: Arc<LoadNeuralVoice>,
}

/// Gives the network, or says what is missing.
type LoadNeuralVoice = dyn Fn() -> Result<Arc<dyn NeuralVoice>, RenderError> + Send + Sync;

impl Extras {
    /// A network that is asked for with each job that wants it. `is_installed` is for lists, and
    /// loads nothing; `load` answers [`RenderError::Unsupported`] and says what to install where
    /// there is none.
    pub fn with_neural_voice(
        is_installed: fn() -> bool,
        load: impl Fn() -> Result<Arc<dyn NeuralVoice>, RenderError> + Send + Sync + 'static,
    ) -> Self {
        Self { neural_voice: Some(NeuralVoiceExtra { is_installed, load: Arc::new(load) }) }
    }

    /// Tells whether a job may ask for it, at any time: it may be installed later.
    pub fn has_neural_voice(&self) -> fn() -> bool {
        self.neural_voice.as_ref().map_or(|| false, |extra| extra.is_installed)
    }

    pub(super) fn neural_voice(&self) -> Result<Arc<dyn NeuralVoice>, RenderError> {
        let missing = || {
            RenderError::Unsupported(
                "there is no neural voice here; ask for one of the other voices".into(),
            )
        };
        (self.neural_voice.as_ref().ok_or_else(missing)?.load)()
    }
}

impl fmt::Debug for Extras {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Extras")
            .field("neural_voice", &self.neural_voice.is_some())
            .finish()
    }
}
