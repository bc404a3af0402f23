//! The command line.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use clap::{
    Parser, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use media_factory_core::{config::Fidelity, media::MediaType};
use media_factory_sandbox::server::{self, Limits};

/// The environment variable that may hold the bearer token.
pub const TOKEN_VARIABLE: &str = "MEDIA_FACTORY_SERVICE_TOKEN";

/// The ports of image, video and voice where none is given.
const PORTS: [u16; 3] = [5000, 5001, 5009];

const AFTER_HELP: &str = "\
Once it listens it prints one line of JSON per medium on standard output:
  {\"listening\":\"image\",\"url\":\"http://127.0.0.1:5000\"}
Everything else it has to say goes to standard error.

Examples:
  media-factory-service
      Image, video and voice on 5000, 5001 and 5009 of this machine, all in memory.
  media-factory-service --data-dir ./media
      The same, and a restart goes on where the last run ended.
  media-factory-service --only image --port 8080
      Pictures only, on port 8080.
  media-factory-service --host 0.0.0.0 --token-file tokens.txt --allow-host media.example
      For other machines: they call it media.example and need a token.

A bearer token may also stand in the environment variable MEDIA_FACTORY_SERVICE_TOKEN.
SIGTERM and Ctrl-C end the service in good order; a second one ends it at once.";

/// The native service of Media Factory: pictures, films and speech over HTTP.
///
/// It renders with the built-in engine, on this machine's processor, without any network.
#[derive(Debug, Clone, Parser)]
#[command(name = "media-factory-service", version, about, after_help = AFTER_HELP)]
pub struct Arguments {
    /// Serve this medium only; may be given more than once.
    #[arg(long, value_name = "MEDIUM", value_parser = medium())]
    pub only: Vec<MediaType>,

    /// The port of the only medium, or the first of consecutive ones; 0 takes any free ones.
    /// [default: 5000 image, 5001 video, 5009 voice]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,

    /// The address to listen on; 0.0.0.0 or :: for all of this machine's.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
    pub host: IpAddr,

    /// Keep tasks, keys, uploads and outputs in this directory, so that a restart loses nothing.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Bearer tokens, one a line; with any of them a client is let in. Each has tasks of its own.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// What the environment variable of [`TOKEN_VARIABLE`] says.
    #[arg(skip)]
    pub token: Option<String>,

    /// Let pages of this origin use the service, such as https://studio.example; * for all.
    /// [default: pages of this machine, http://localhost and the like, any port]
    #[allow(rustdoc::bare_urls, reason = "this is what --help prints")]
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,

    /// A further host name that clients may call the service by; * for any. Addresses and the
    /// names of this machine are always accepted.
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,

    /// Tasks that are rendered at the same time. [default: one per processor core, at least two]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub workers: Option<u16>,

    /// What is rendered: `preview` makes what is larger than a work budget smaller and says so,
    /// `full` renders what was asked, whatever it takes. Requests may ask for less, never for more.
    #[arg(long, value_name = "FIDELITY", default_value = "preview", value_parser = fidelity())]
    pub fidelity: Fidelity,

    /// Tasks that may wait; further ones are answered 503 with Retry-After.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub queue: usize,

    /// The longest request body; longer ones are answered 413. Also 64KiB, 256MiB, 1GiB.
    #[arg(long, value_name = "BYTES", default_value = "256MiB", value_parser = bytes)]
    pub max_body: u64,

    /// Finished outputs that are kept, in total; the oldest make room. Also 64KiB, 256MiB, 1GiB.
    #[arg(long, value_name = "BYTES", default_value = "1GiB", value_parser = bytes)]
    pub max_output: u64,

    /// Connections that may be open at once; further ones are answered 503 and closed.
    #[arg(long, value_name = "N", default_value_t = 16_384)]
    pub connections: usize,

    /// Seconds for which rendering goes on after the service was told to end. What is not done by
    /// then stays queued in the data directory.
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub grace: Duration,

    /// Accept fault switches from this machine: latency, drops, torn answers. For tests.
    #[arg(long)]
    pub faults: bool,

    /// Render nothing: answer with the smallest picture, film or sound at once. For load tests.
    #[arg(long)]
    pub blank: bool,

    /// How long each blank render takes; progress comes in between.
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    #[arg(requires = "blank")]
    pub blank_seconds: Duration,

    /// How the log on standard error is written.
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogForm::Text)]
    pub log: LogForm,

    /// The least important lines that the log still shows: error, warn, info or debug.
    #[arg(long, value_name = "LEVEL", default_value = "info", value_parser = level())]
    pub log_level: tracing::Level,

    /// Ask the service at URL for its health instead of starting one; exits with 0 if it is well.
    #[arg(long, value_name = "URL", exclusive = true)]
    pub check: Option<String>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Arguments {
    /// What the command line and the environment say; ends the process where they make no sense.
    pub fn from_process() -> Self {
        let token = std::env::var(TOKEN_VARIABLE).ok();
        Self { token, ..Self::parse() }
    }

    /// What is served, and on which port.
    pub fn ports(&self) -> Vec<(MediaType, u16)> {
        let all = MediaType::BUILT_IN.into_iter().zip(PORTS);
        let served = all.filter(|(medium, _)| self.only.is_empty() || self.only.contains(medium));
        let place = |(place, (medium, usual)): (u16, (MediaType, u16))| match self.port {
            None => (medium, usual),
            Some(0) => (medium, 0),
            // Past the last port there is none; binding says so.
            Some(first) => (medium, first.saturating_add(place)),
        };
        (0..).zip(served).map(place).collect()
    }

    /// How much the server takes on.
    pub fn limits(&self) -> Limits {
        Limits {
            workers: self.workers.map_or_else(server::workers, usize::from),
            fidelity: self.fidelity,
            queue: self.queue,
            output_bytes: self.max_output,
            ..Limits::default()
        }
    }
}

fn medium() -> impl TypedValueParser<Value = MediaType> {
    PossibleValuesParser::new(["image", "video", "voice"]).map(|name| MediaType::from_name(&name))
}

fn fidelity() -> impl TypedValueParser<Value = Fidelity> {
    PossibleValuesParser::new(Fidelity::NAMES)
        .map(|name| Fidelity::from_name(&name).unwrap_or_default())
}

fn level() -> impl TypedValueParser<Value = tracing::Level> {
    PossibleValuesParser::new(["error", "warn", "info", "debug"]).map(|name| match &*name {
        "error" => tracing::Level::ERROR,
        "warn" => tracing::Level::WARN,
        "debug" => tracing::Level::DEBUG,
        _ => tracing::Level::INFO,
    })
}

fn address(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().map_err(|_| "give an address such as 127.0.0.1, 0.0.0.0 or ::1".to_owned())
}

fn bytes(text: &str) -> Result<u64, String> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];
    let unit = units.iter().find_map(|(name, bits)| Some((text.strip_suffix(name)?, *bits)));
    let (number, bits) = unit.unwrap_or((text, 0));
    let bytes = number.trim().parse::<u64>().ok().and_then(|number| number.checked_mul(1 << bits));
    bytes.ok_or_else(|| "give a number of bytes such as 1048576 or 1MiB".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "give a number of seconds such as 30 or 0.5".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(arguments: &[&str]) -> Arguments {
        Arguments::parse_from([&["media-factory-service"], arguments].concat())
    }

    #[test]
    fn the_command_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn media_have_their_ports() {
        use MediaType::{Image, Video, Voice};
        let usual = vec![(Image, 5000), (Video, 5001), (Voice, 5009)];
        assert_eq!(parsed(&[]).ports(), usual);
        assert_eq!(parsed(&["--only", "voice"]).ports(), vec![(Voice, 5009)]);
        assert_eq!(parsed(&["--only", "video", "--port", "80"]).ports(), vec![(Video, 80)]);
        let two = parsed(&["--only", "voice", "--only", "image", "--port", "7000"]);
        assert_eq!(two.ports(), vec![(Image, 7000), (Voice, 7001)]);
        let any = vec![(Image, 0), (Video, 0), (Voice, 0)];
        assert_eq!(parsed(&["--port", "0"]).ports(), any);
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("1048576"), Ok(1 << 20));
        assert_eq!(bytes("64KiB"), Ok(1 << 16));
        assert_eq!(bytes("2 GiB"), Ok(2 << 30));
        for wrong in ["", "MiB", "-1", "1.5GiB", "18446744073709551615KiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_may_be_written_as_in_urls() {
        assert_eq!(address("localhost").unwrap().to_string(), "127.0.0.1");
        assert_eq!(address("[::1]").unwrap().to_string(), "::1");
        assert!(address("media.example").is_err());
    }
}
