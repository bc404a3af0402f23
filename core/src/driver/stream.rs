//! Event streams as they come over the wire: opened, blocked on the way, broken off.

use std::{pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::future::{Either, select};

use super::link::{Link, Patience};
use crate::{
    runtime::{Body, BodyStream, HttpRequest},
    sse::{EventReader, ServerEvent},
};

/// A stream of version 1 begins with the tasks as they stand. Nothing for so long means that
/// something on the way holds it back: proxies that buffer pass a stream on when it has ended. It
/// is ten times what a far and busy service needs, and short beside what polling costs.
const FIRST_EVENT: Duration = Duration::from_secs(5);

/// An open stream.
pub(super) struct Stream {
    reader: EventReader,
    body: Chunks,
}

/// What opening a stream led to.
pub(super) enum Opening {
    /// It is open, and these came first.
    Open(Stream, Vec<ServerEvent>),
    /// The service does not stream, or not in a way that is understood.
    NotOffered,
    /// The connection is gone; it may come back.
    Lost,
    /// Nothing comes through.
    Blocked,
}

impl Stream {
    /// Opens the stream, up to its first events.
    pub(super) async fn open(link: &Link, request: HttpRequest) -> Opening {
        // The pace that the user has set is nobody's silence.
        link.turn().await;
        let opening = pin!(Self::begin(link, request));
        match select(opening, link.clock.sleep(FIRST_EVENT)).await {
            Either::Left((opening, _)) => opening,
            Either::Right(_) => Opening::Blocked,
        }
    }

    async fn begin(link: &Link, request: HttpRequest) -> Opening {
        let Ok(response) = link.send(request, Patience::Request).await else {
            return Opening::Lost;
        };
        if !response.is_event_stream() {
            return if response.may_pass() { Opening::Lost } else { Opening::NotOffered };
        }
        let body = Chunks::of(response.body);
        let mut stream = Self { reader: EventReader::default(), body };
        match stream.next(link).await {
            Some(events) => Opening::Open(stream, events),
            None => Opening::Lost,
        }
    }

    /// The next events, at least one; `None` when the stream has ended, or broke, or fell silent.
    pub(super) async fn next(&mut self, link: &Link) -> Option<Vec<ServerEvent>> {
        loop {
            let events = self.reader.feed(&self.body.next(link).await?)?;
            if !events.is_empty() {
                return Some(events);
            }
        }
    }
}

/// A body as chunks, whether it came whole or not.
enum Chunks {
    Whole(Option<Bytes>),
    Stream(Box<dyn BodyStream>),
}

impl Chunks {
    fn of(body: Body) -> Self {
        match body {
            Body::Full(bytes) => Self::Whole(Some(bytes)),
            Body::Stream(stream) => Self::Stream(stream),
        }
    }

    async fn next(&mut self, link: &Link) -> Option<Bytes> {
        match self {
            Self::Whole(bytes) => bytes.take(),
            Self::Stream(stream) => link.next_chunk(stream).await?.ok(),
        }
    }
}
