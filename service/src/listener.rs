//! Listening: ports, and how many connections may be open.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use media_factory_core::media::MediaType;
use serde::Serialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{connection, failure::StartError, site::Site};

/// Connections that the system holds until they are accepted.
const BACKLOG: u32 = 4096;

/// Files that the process needs beside its connections: records, outputs, logs.
const OTHER_FILES: u64 = 256;

/// How long to wait when the system has no more files for connections.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// What a connection beyond the limit is told.
const FULL: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\n\
    retry-after: 1\r\nconnection: close\r\ncontent-length: 105\r\n\r\n\
    {\"error\":{\"code\":\"queue-full\",\"message\":\"too many connections are open at the service\",\"retryable\":true}}";

/// A medium and where it is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listening {
    /// `image`, `video` or `voice`.
    #[serde(rename = "listening")]
    pub medium: String,
    /// What to give a client as its `service_endpoint`.
    pub url: String,
}

/// A port that is held but not served yet.
#[derive(Debug)]
pub(crate) struct Port {
    listener: TcpListener,
    medium: MediaType,
}

impl Port {
    /// Takes the port.
    pub(crate) fn bind(medium: MediaType, address: SocketAddr) -> Result<Self, StartError> {
        let listen = || {
            let socket = match address {
                SocketAddr::V4(_) => TcpSocket::new_v4()?,
                SocketAddr::V6(_) => TcpSocket::new_v6()?,
            };
            // A service that was just ended leaves connections behind that would hold the port.
            // Elsewhere than on Unix the option means sharing the port.
            #[cfg(unix)]
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            socket.listen(BACKLOG)
        };
        match listen() {
            Ok(listener) => Ok(Self { listener, medium }),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                Err(StartError::PortInUse { medium, address })
            }
            Err(reason) => Err(StartError::Listen { medium, address, reason }),
        }
    }

    /// What is to be served there.
    pub(crate) fn medium(&self) -> &MediaType {
        &self.medium
    }

    /// Where clients on this machine reach it.
    pub(crate) fn listening(&self) -> io::Result<Listening> {
        let address = self.listener.local_addr()?;
        let host = match address.ip() {
            IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            other => other,
        };
        let url = format!("http://{}", SocketAddr::new(host, address.port()));
        Ok(Listening { medium: self.medium.as_str().to_owned(), url })
    }

    /// Accepts connections until `stop`, then lets the port go.
    pub(crate) async fn serve(self, site: Arc<Site>, connections: Connections) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = connections.stop.cancelled() => return,
            };
            match accepted {
                Ok((stream, peer)) => connections.take(stream, peer, &site),
                // The client went away before it was accepted.
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections for the moment");
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// All connections of the process; clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Connections {
    room: Arc<Semaphore>,
    open: TaskTracker,
    stop: CancellationToken,
}

impl Connections {
    /// Up to `most` connections, fewer where the system gives fewer files.
    pub(crate) fn new(most: usize, stop: CancellationToken) -> Self {
        let wanted = most as u64 + OTHER_FILES;
        // Where the limit cannot be read or raised, the system's own answer is as good as ours.
        let files = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
        let room = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(most).max(1);
        if room < most {
            tracing::warn!(
                asked = most,
                given = room,
                "the system limits open files (ulimit -n), so fewer connections can be open"
            );
        }
        let room = Arc::new(Semaphore::new(room.min(most)));
        Self { room, open: TaskTracker::new(), stop }
    }

    fn take(&self, stream: TcpStream, peer: SocketAddr, site: &Arc<Site>) {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            drop(self.open.spawn(turn_away(stream)));
            return;
        };
        let serving = connection::serve(stream, peer, site.clone(), self.stop.clone());
        drop(self.open.spawn(async move {
            serving.await;
            drop(place);
        }));
    }

    /// Resolves when all connections are closed, which they are soon after the stop.
    pub(crate) async fn closed(&self) {
        self.open.close();
        self.open.wait().await;
    }
}

/// Says that there is no room. It answers a request, because clients take words before one for a
/// defect, and reads the rest for a moment, because closing with unread bytes would take the
/// answer back.
async fn turn_away(mut stream: TcpStream) {
    let telling = async {
        let mut unread = [0; 4096];
        let _begun = stream.read(&mut unread).await?;
        stream.write_all(FULL.as_bytes()).await?;
        stream.shutdown().await?;
        while stream.read(&mut unread).await? > 0 {}
        io::Result::Ok(())
    };
    drop(tokio::time::timeout(Duration::from_secs(1), telling).await);
}

#[cfg(test)]
mod tests {
    use super::FULL;

    #[test]
    fn the_answer_without_room_is_whole() {
        let (head, body) = FULL.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{}", body.len());
        let json: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(json["error"]["code"], "queue-full");
    }
}
