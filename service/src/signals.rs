//! The end of the process: SIGTERM and Ctrl-C.

use std::{io, process};

use tokio::signal;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind};

use crate::service::Service;

/// What a shell says of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Listens for signals from now on, so that none is missed while the service starts.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    /// # Errors
    /// When the system lets nobody listen for signals.
    pub fn new() -> io::Result<Self> {
        #[cfg(unix)]
        return Ok(Self { terminate: signal::unix::signal(SignalKind::terminate())? });
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        drop(signal::ctrl_c().await);
    }

    /// Serves until the first signal, then ends the service in good order. A second signal ends
    /// the process at once.
    pub async fn end(mut self, service: Service) {
        self.next().await;
        tracing::info!("ending: a second signal ends at once");
        tokio::select! {
            () = service.stop() => {}
            () = self.next() => process::exit(INTERRUPTED),
        }
    }
}
