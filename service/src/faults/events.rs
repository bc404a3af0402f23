//! Event streams in disorder: every event twice, late, or in the wrong order.

use std::{io, time::Duration};

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, Response, header};
use tokio::time::sleep;

use super::rule::Disorder;

/// The response with its events in disorder; one that is no stream stays as it is.
pub(super) fn disorder(response: Response<Body>, how: Disorder, delay: Duration) -> Response<Body> {
    if !is_stream(response.headers()) {
        return response;
    }
    let (head, body) = response.into_parts();
    let events = events(body.into_data_stream());
    let body = match how {
        Disorder::Duplicate => Body::from_stream(events.flat_map(|event| {
            stream::iter(match event {
                Ok(event) => vec![Ok(event.clone()), Ok(event)],
                Err(error) => vec![Err(error)],
            })
        })),
        Disorder::Late => Body::from_stream(events.then(move |event| async move {
            sleep(delay).await;
            event
        })),
        Disorder::Reorder => Body::from_stream(events.chunks(2).flat_map(|mut pair| {
            pair.reverse();
            stream::iter(pair)
        })),
    };
    Response::from_parts(head, body)
}

/// Whether it is events that come.
pub(super) fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

/// One item for each event, with the empty line that ends it, as this project's server writes it.
pub(super) fn events(chunks: BodyDataStream) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let state = (chunks, BytesMut::new());
    stream::unfold(state, |(mut chunks, mut unread)| async move {
        loop {
            if let Some(end) = unread.windows(2).position(|pair| pair == b"\n\n") {
                let event = unread.split_to(end + 2).freeze();
                return Some((Ok(event), (chunks, unread)));
            }
            match chunks.next().await? {
                Ok(chunk) => unread.extend_from_slice(&chunk),
                Err(error) => return Some((Err(io::Error::other(error)), (chunks, unread))),
            }
        }
    })
}
