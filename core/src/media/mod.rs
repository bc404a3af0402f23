//! The nouns of the field: media types, task status, inputs, outputs, resolutions and values.

mod input;
mod output;
mod resolution;
mod sniff;
mod value;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use input::{MediaInput, MediaSource, decode_data_url};
pub(crate) use input::{decode_base64, encode_data_url};
pub use output::{Chunk, MediaOutput, OutputFacts, OutputStream};
pub(crate) use output::{OutputChunks, OutputSource};
pub use resolution::Resolution;
pub use sniff::{extension_of, mime_of_name, sniff};
pub use value::{Foreign, Map, Value};

/// What a workflow makes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// Pictures.
    Image,
    /// Films.
    Video,
    /// Speech and other sound.
    Voice,
    /// The name under which a user's own workflow is registered.
    Custom(Cow<'static, str>),
}

impl MediaType {
    /// The three that are built in, in the order in which they are listed.
    pub const BUILT_IN: [Self; 3] = [Self::Image, Self::Video, Self::Voice];

    /// The name on the wire and in both languages.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Voice => "voice",
            Self::Custom(name) => name,
        }
    }

    /// The media type of that name; names that are not built in are custom.
    pub fn from_name(name: &str) -> Self {
        match name {
            "image" => Self::Image,
            "video" => Self::Video,
            "voice" => Self::Voice,
            other => Self::Custom(Cow::Owned(other.to_owned())),
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for MediaType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MediaType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::from_name(&name))
    }
}

/// Where a task stands; the last three are terminal and never change again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProcessingStatus {
    /// Created, or accepted by the service but not yet running.
    Pending,
    /// The service is working on it.
    Processing,
    /// Finished with a result.
    Completed,
    /// Ended with an error.
    Failed,
    /// Stopped by the user.
    Cancelled,
}

impl ProcessingStatus {
    /// The name on the wire and in both languages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Processing, Self::Completed, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == name)
    }

    /// Whether no further change is legal.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}
