//! Why the service could not start, in sentences that say what to do.

use std::{io, net::SocketAddr, path::PathBuf};

use media_factory_core::media::MediaType;

/// Why the service could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Another program listens there.
    #[error(
        "port {} for {medium} is in use by another program: end that program, or choose another \
         port with --port{}",
        address.port(),
        hint_of(medium)
    )]
    PortInUse {
        /// What was to be served there.
        medium: MediaType,
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// Listening is not possible for another reason.
    #[error("cannot listen on {address} for {medium}: {reason}; choose with --host and --port")]
    Listen {
        /// What was to be served there.
        medium: MediaType,
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system says.
        reason: io::Error,
    },
    /// The token file, or the token in the environment, is of no use.
    #[error("{0}")]
    Token(String),
    /// An origin or a host name on the command line is none.
    #[error("{0}")]
    Name(String),
    /// The data directory cannot be used.
    #[error("the data directory {} {problem}", directory.display())]
    Data {
        /// The directory.
        directory: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The system gives no randomness, no signals or no threads.
    #[error("this system does not let the service run: {0}")]
    System(#[from] io::Error),
}

/// Where the port could come from as well.
fn hint_of(medium: &MediaType) -> &'static str {
    match medium {
        // Screen sharing on macOS listens there.
        MediaType::Image => " (on macOS the AirPlay receiver takes 5000; it can be switched off)",
        _ => "",
    }
}
