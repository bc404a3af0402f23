//! One connection: HTTP/1.1 with patience that ends.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;

use crate::{intercept::Hangup, site::Site};

/// A request's head must be complete within this time, and the next one must begin within it.
const HEAD: Duration = Duration::from_secs(10);

/// The same in every answer, so that clients do not take up a connection that is about to close.
const IDLE: HeaderValue = HeaderValue::from_static("timeout=10");

/// A client that takes none of its answer for so long is given up.
const UNREAD: Duration = Duration::from_secs(60);

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 << 10;

/// Serves a connection until either side ends it, or `stop` says that no further request may come.
pub(crate) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    site: Arc<Site>,
    stop: CancellationToken,
) {
    // Answers are small and awaited; where this fails they are only slower.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(UNREAD));
    let service = service_fn(move |request| answer(site.clone(), peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        result = connection.as_mut() => Some(result),
        () = stop.cancelled() => None,
    };
    let result = match ended {
        Some(result) => result,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

async fn answer(
    site: Arc<Site>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Hangup> {
    let is_last = closes(request.headers());
    let mut response = site.answer(peer, request).await?;
    if !is_last && !closes(response.headers()) {
        response.headers_mut().insert("keep-alive", IDLE);
    }
    Ok(response)
}

/// Whether no further request follows on the connection.
fn closes(headers: &HeaderMap) -> bool {
    let told = headers.get(header::CONNECTION).and_then(|value| value.to_str().ok());
    told.is_some_and(|told| told.eq_ignore_ascii_case("close"))
}
