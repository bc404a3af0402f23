//! What the engine is asked to do and what it hands back: plain data, no behaviour.

use std::fmt;

/// One piece of work for the engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// One or more still pictures of one prompt.
    Picture(PictureJob),
    /// A film of a prompt, or one made of given pictures.
    Film(FilmJob),
    /// A text read aloud.
    Speech(SpeechJob),
}

/// Still pictures of a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureJob {
    /// What the picture shows, 1 to 32,000 characters.
    pub prompt: String,
    /// What it must not show; may be empty.
    pub negative_prompt: String,
    /// Name of a style; see [`crate::engine::style::Style`] for the known ones.
    pub style: Option<String>,
    /// Wanted width in pixels, 16 to 16,384, or 0 for "not asked": then a picture made from
    /// another one takes its size, and any other is 1024×1024.
    pub width: u32,
    /// Wanted height in pixels, as `width`.
    pub height: u32,
    /// Seed of the first picture; each further one adds 1.
    pub seed: u64,
    /// Number of pictures, 1 to 16.
    pub count: u32,
    /// Whether a large picture may be made smaller.
    pub fidelity: Fidelity,
    /// File format of each picture.
    pub format: PictureFormat,
    /// Also give each picture as a Radiance file (`.hdr`): the linear light of the scene before
    /// tone curve and style, with 1 as the white of the display and lights far above it.
    pub hdr: bool,
    /// Also give the material maps of physically based rendering, as PNG files: albedo (8-bit
    /// sRGB), normal (8 bits, OpenGL's convention: green is up), roughness, metallic (8 bits) and
    /// height (16 bits, the nearest point is white).
    pub pbr: bool,
    /// Encoded picture to start from, and how far to leave it (0 keeps it, 1 ignores it).
    pub source: Option<(Vec<u8>, f32)>,
}

/// How far a job may go beyond what a machine does in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fidelity {
    /// Within a work budget: what is larger is made smaller, and the result says so.
    #[default]
    Preview,
    /// As asked, or refused with the reason.
    Full,
}

/// File formats for still pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Portable Network Graphics, 8 bits a channel, lossless.
    Png,
    /// JPEG, quality 90, 4:4:4.
    Jpeg,
    /// WebP, lossless.
    Webp,
    /// TIFF 6.0 with Deflate.
    Tiff,
}

/// A film, from a prompt or from pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmJob {
    /// What the film shows; may be empty when `images` are given.
    pub prompt: String,
    /// What it must not show; may be empty.
    pub negative_prompt: String,
    /// Name of a style, as in [`PictureJob::style`].
    pub style: Option<String>,
    /// Wanted width in pixels, 16 to 16,384, or 0 for "not asked": then a film of pictures takes
    /// the size of the first one, and a film of a prompt is 480×270.
    pub width: u32,
    /// Wanted height in pixels, as `width`.
    pub height: u32,
    /// Seed of the scene.
    pub seed: u64,
    /// Wanted length in seconds.
    pub duration: f64,
    /// Wanted frames per second, 1 to 240.
    pub fps: f64,
    /// Let the camera orbit the scene instead of travelling through it.
    pub use_nerf: bool,
    /// Encoded pictures to show one after another; empty means: film the prompt.
    pub images: Vec<Vec<u8>>,
    /// How one picture gives way to the next.
    pub transition: Transition,
    /// Whether a long or large film may be made smaller.
    pub fidelity: Fidelity,
    /// Encoded speech or sound to hear with the film, from its start; WAV.
    pub sound: Option<Vec<u8>>,
    /// File format of the film.
    pub format: FilmFormat,
}

/// How one picture of a sequence gives way to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// A hard cut.
    None,
    /// The next picture fades in over the last for half a picture's time, a second at most.
    Fade,
    /// The same blend without rest: one picture has gone when the next begins to go.
    Crossfade,
    /// A soft edge uncovers the next picture from left to right.
    Wipe,
    /// The next picture pushes in from the right.
    Slide,
}

/// File formats for films.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilmFormat {
    /// MPEG-4 container.
    Mp4,
    /// WebM container.
    Webm,
    /// No container and no compression: the planes of each frame (luma, then both chroma planes at
    /// half the size, limited-range BT.601), for an encoder of the platform.
    Planes,
    /// QuickTime container.
    Mov,
    /// Audio Video Interleave.
    Avi,
    /// Matroska container.
    Mkv,
}

/// A text read aloud.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeechJob {
    /// The text, 1 to 100,000 characters.
    pub text: String,
    /// Name of the voice.
    pub voice: String,
    /// Language of the text, a BCP 47 tag such as `en` or `en-US`.
    pub language: String,
    /// Speed of speech, 0.5 to 2; 1 is the voice's own.
    pub speed: f64,
    /// Shift of pitch in semitones, -12 to 12.
    pub pitch: f64,
    /// Mood of the delivery.
    pub emotion: Option<String>,
    /// File format of the sound.
    pub format: SpeechFormat,
    /// Encoded sound of a voice to imitate.
    pub sample: Option<Vec<u8>>,
}

/// File formats for speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeechFormat {
    /// MPEG-1 layer III.
    Mp3,
    /// Waveform, 16-bit linear samples.
    Wav,
    /// Ogg with Opus.
    Ogg,
    /// Free lossless audio codec.
    Flac,
    /// Advanced audio coding in ADTS.
    Aac,
    /// Advanced audio coding in MPEG-4.
    M4a,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The finished files, in order; never empty.
    pub outputs: Vec<RenderedOutput>,
    /// The size that the job asked for.
    pub requested: Size,
    /// The size that was made; smaller than `requested` when the work budget was exceeded.
    pub rendered: Size,
    /// What the user must know, in full sentences: substitutions and reductions.
    pub notes: Vec<String>,
}

/// One finished file.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderedOutput {
    /// What the file is to the result: `image`, `hdr`, `albedo`, `normal`, `roughness`,
    /// `metallic`, `height`, `video` or `voice`.
    pub role: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type, such as `image/png`.
    pub mime_type: &'static str,
    /// Usual file extension without a dot.
    pub extension: &'static str,
    /// Width in pixels, for pictures and films.
    pub width: Option<u32>,
    /// Height in pixels, for pictures and films.
    pub height: Option<u32>,
    /// Length in seconds, for films and speech.
    pub duration: Option<f64>,
    /// The seed that makes this very file again.
    pub seed: u64,
}

/// Extent of a result; what a medium does not have is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Frames per second.
    pub fps: Option<f64>,
    /// Length in seconds.
    pub duration: Option<f64>,
}

impl Size {
    /// The extent of a still picture, in pixels.
    pub fn of_picture(width: u32, height: u32) -> Self {
        Size { width: Some(width), height: Some(height), ..Size::default() }
    }
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// The caller asked to stop.
    Cancelled,
    /// The job asks for something that this engine cannot do; the text says what and what can be
    /// done instead.
    Unsupported(String),
    /// The job's own input is unusable, such as a picture that does not decode.
    Invalid(String),
    /// A fault of the engine.
    Internal(String),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RenderError::Cancelled => f.write_str("the job was cancelled"),
            RenderError::Unsupported(reason)
            | RenderError::Invalid(reason)
            | RenderError::Internal(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for RenderError {}
