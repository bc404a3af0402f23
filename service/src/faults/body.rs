//! Bodies that break off in the middle.

use std::{io, time::Duration};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderValue, Response, header};
use hyper::body::Body as _;
use tokio::time::sleep;

/// The first half must be on its way before the connection is closed.
const HEAD_START: Duration = Duration::from_millis(30);

/// The response with half of its body, after which nothing comes for `silence`, and then the end
/// of the connection.
pub(super) fn break_off(response: Response<Body>, silence: Duration) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let length = body.size_hint().exact().or_else(|| announced(&head.headers));
    if let Some(length) = length {
        // What is half of something must say so: else it looks whole.
        head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let half = first_half(body.into_data_stream(), length.map(|length| length / 2));
    let end = stream::once(async move {
        sleep(silence.max(HEAD_START)).await;
        Err(io::Error::other("a fault rule cut the body off"))
    });
    Response::from_parts(head, Body::from_stream(half.chain(end)))
}

fn announced(headers: &http::HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// So many bytes; half of the first chunk where nobody knows how many there are.
fn first_half(
    chunks: BodyDataStream,
    bytes: Option<u64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold((chunks, bytes), |(mut chunks, left)| async move {
        if left == Some(0) {
            return None;
        }
        let chunk = match chunks.next().await? {
            Ok(chunk) => chunk,
            Err(error) => return Some((Err(io::Error::other(error)), (chunks, Some(0)))),
        };
        let wanted = match left {
            Some(left) => usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len()),
            None => chunk.len() / 2,
        };
        let left = left.map_or(0, |left| left - wanted as u64);
        Some((Ok(chunk.slice(..wanted)), (chunks, Some(left))))
    })
}
