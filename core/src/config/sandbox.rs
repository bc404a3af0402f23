//! The configuration's `sandbox`: how the embedded sandbox renders, and what trouble it plays.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::reader::Reader;

/// The keys of `sandbox`; the table in `docs/semantics.md`, section 4.
const KEYS: &[&str] = &["fidelity", "latency", "failure_rate", "rate_limit", "seed"];

/// The largest seed: what a number of JavaScript holds exactly.
const LARGEST_SEED: u64 = (1 << 53) - 1;

/// How the embedded sandbox works. Other protocols have no use for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SandboxConfig {
    /// Whether what is larger than the work budget may be made smaller.
    pub fidelity: Fidelity,
    /// What goes wrong on purpose.
    pub trouble: Trouble,
}

/// How far a render may go beyond what a machine does in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fidelity {
    /// Within a work budget: what is larger is made smaller, and the result says so.
    #[default]
    Preview,
    /// As asked, or refused with the reason.
    Full,
}

impl Fidelity {
    /// The names, in the order of the variants.
    pub const NAMES: [&str; 2] = ["preview", "full"];

    /// The fidelity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "preview" => Some(Self::Preview),
            "full" => Some(Self::Full),
            _ => None,
        }
    }

    /// Its name in the configuration and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Full => "full",
        }
    }
}

/// Trouble that is played on the way to the sandbox; none by default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Trouble {
    /// The shortest and the longest time that an exchange takes before its answer begins.
    pub latency: (Duration, Duration),
    /// The share of exchanges that fail, 0 to 1.
    pub failure_rate: f64,
    /// The share of submissions that are answered with 429, 0 to 1.
    pub rate_limit: f64,
    /// Which of all stories is played.
    pub seed: u64,
}

impl Trouble {
    /// Whether nothing goes wrong.
    pub fn is_none(&self) -> bool {
        self.latency.1.is_zero() && self.failure_rate <= 0.0 && self.rate_limit <= 0.0
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> SandboxConfig {
    reader.nested("sandbox", KEYS, |reader| SandboxConfig {
        fidelity: reader
            .choice("fidelity", &Fidelity::NAMES)
            .and_then(Fidelity::from_name)
            .unwrap_or_default(),
        trouble: Trouble {
            latency: reader.span_of_seconds("latency"),
            failure_rate: reader.number("failure_rate", 0.0, 0.0..=1.0),
            rate_limit: reader.number("rate_limit", 0.0, 0.0..=1.0),
            seed: reader.whole("seed", 0, 0..=LARGEST_SEED),
        },
    })
}
