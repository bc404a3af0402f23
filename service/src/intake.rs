//! Reading request bodies: how long they may be, how much memory they may take together, and how
//! slowly they may come.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use media_factory_core::Code;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use crate::refusal::refusal;

/// A body that sends nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(30);

/// So many bytes earn a body another second; without them it has the time of a silent one.
const SLOWEST: usize = 16 << 10;

/// What is read of a refused body, so that its sender sees the answer and not a broken pipe.
const DISCARDED_BYTES: usize = 64 << 20;
const DISCARDED_FOR: Duration = Duration::from_secs(5);

/// Bodies up to this length are read without asking for room, in bytes.
const SMALL: usize = 64 << 10;

/// What is asked for at a time, in bytes; the unit that room is counted in.
const SHARE: usize = 1 << 20;

/// The longest bodies that there is room for at once.
const LONGEST_AT_ONCE: usize = 4;

/// How bodies are read: how long each may be, and how much memory all of them may take. Clones
/// share the room.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    most: u64,
    room: Arc<Semaphore>,
}

/// A whole body, and the room that it takes until this is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

impl Intake {
    /// Takes bodies of up to `most` bytes.
    pub(crate) fn new(most: u64) -> Self {
        let shares = usize::try_from(most.div_ceil(SHARE as u64)).unwrap_or(usize::MAX);
        let shares = shares.saturating_mul(LONGEST_AT_ONCE);
        let room = Arc::new(Semaphore::new(shares.clamp(1, Semaphore::MAX_PERMITS)));
        Self { most, room }
    }

    /// Reads a whole body.
    ///
    /// # Errors
    /// The answer to send instead: 413 as soon as it is clear that the body is too long, 408 when
    /// it stops coming or comes too slowly, 400 when it is cut, 503 when others take all the room.
    pub(crate) async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Taken, Response<Body>> {
        let announced = body.size_hint().lower();
        if announced > self.most {
            discard(headers, body);
            return Err(too_large(self.most));
        }
        // Nearly every body comes in one piece, which is then not copied.
        let mut first = Bytes::new();
        let mut whole = Vec::new();
        let announced = usize::try_from(announced).unwrap_or_default();
        let mut room = None;
        let mut arrival = Arrival { body, bytes: 0, waited: Duration::ZERO };
        while let Some(data) = arrival.next_part().await? {
            let length = first.len() + whole.len() + data.len();
            if length as u64 > self.most {
                read_on(arrival.body);
                return Err(too_large(self.most));
            }
            self.make_room(&mut room, length.max(announced)).await?;
            if first.is_empty() && whole.is_empty() {
                first = data;
            } else {
                whole.extend_from_slice(&std::mem::take(&mut first));
                whole.extend_from_slice(&data);
            }
        }
        if whole.is_empty() {
            return Ok(Taken { bytes: first, _room: room });
        }
        // It may stay in memory for long.
        whole.shrink_to_fit();
        Ok(Taken { bytes: whole.into(), _room: room })
    }

    /// Takes room for a body of this length, and more as it grows. What was announced is taken at
    /// once, with the first bytes: bodies that hold a part of their room and wait for the rest would
    /// wait for each other.
    async fn make_room(
        &self,
        room: &mut Option<OwnedSemaphorePermit>,
        length: usize,
    ) -> Result<(), Response<Body>> {
        let has = room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = if length > SMALL { length.div_ceil(SHARE) } else { 0 };
        let Ok(more @ 1..) = u32::try_from(wanted.saturating_sub(has)) else { return Ok(()) };
        let waiting = timeout(SILENCE, self.room.clone().acquire_many_owned(more));
        // The room is never closed.
        let Ok(Ok(permit)) = waiting.await else { return Err(closing(too_much())) };
        match room {
            Some(room) => room.merge(permit),
            None => *room = Some(permit),
        }
        Ok(())
    }
}

/// A body on its way.
struct Arrival {
    body: Body,
    /// How much has come.
    bytes: usize,
    /// How long it was waited for; waiting for room is not the sender's fault.
    waited: Duration,
}

impl Arrival {
    /// The next bytes.
    async fn next_part(&mut self) -> Result<Option<Bytes>, Response<Body>> {
        loop {
            let earned = SILENCE + Duration::from_secs((self.bytes / SLOWEST) as u64);
            let patience = earned.saturating_sub(self.waited).min(SILENCE);
            let begun = Instant::now();
            let frame = timeout(patience, self.body.frame()).await;
            self.waited += begun.elapsed();
            return match frame {
                Err(_) => Err(closing(too_slow(patience))),
                Ok(None) => Ok(None),
                Ok(Some(Err(_))) => {
                    let message = "the body ended before its announced length";
                    Err(closing(refusal(StatusCode::BAD_REQUEST, Code::Validation, message)))
                }
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => {
                        self.bytes += data.len();
                        Ok(Some(data))
                    }
                    // Trailers say nothing here.
                    Err(_) => continue,
                },
            };
        }
    }
}

/// Lets go of a body that nobody wants.
pub(crate) fn discard(headers: &HeaderMap, body: Body) {
    // A client that waits for leave to send has it with the first look at its body.
    if !body.is_end_stream() && !headers.contains_key(header::EXPECT) {
        read_on(body);
    }
}

/// Reads on for a while what nobody wants, beside the answer that is on its way.
fn read_on(mut body: Body) {
    drop(tokio::spawn(timeout(DISCARDED_FOR, async move {
        let mut discarded = 0;
        while let Some(Ok(frame)) = body.frame().await {
            discarded += frame.data_ref().map_or(0, Bytes::len);
            if discarded > DISCARDED_BYTES {
                return;
            }
        }
    })));
}

fn too_large(most: u64) -> Response<Body> {
    let message = format!(
        "the body is longer than {most} bytes: send media through POST /uploads one by one, or \
         start the service with a larger --max-body"
    );
    refusal(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, &message)
}

fn too_slow(patience: Duration) -> Response<Body> {
    let message = match patience == SILENCE {
        true => format!("the body was silent for {} seconds", SILENCE.as_secs()),
        false => format!("the body came at less than {SLOWEST} bytes a second"),
    };
    refusal(StatusCode::REQUEST_TIMEOUT, Code::Timeout, &message)
}

fn too_much() -> Response<Body> {
    let message = "the service reads as many long bodies as it has memory for: try again";
    let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE, Code::QueueFull, message);
    response.headers_mut().insert(header::RETRY_AFTER, http::HeaderValue::from_static("5"));
    response
}

fn closing(mut response: Response<Body>) -> Response<Body> {
    let close = http::HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Poll},
    };

    use hyper::body::{Frame, SizeHint};

    use super::*;

    fn body(length: usize) -> Body {
        Body::from(vec![0; length])
    }

    fn status(read: Result<Taken, Response<Body>>) -> u16 {
        read.map_or_else(|response| response.status().as_u16(), |_| 200)
    }

    /// A body that announces more than its beginning, which is all that comes for now.
    struct Begun(Option<Bytes>, u64);

    impl hyper::body::Body for Begun {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            match self.0.take() {
                Some(beginning) => Poll::Ready(Some(Ok(Frame::data(beginning)))),
                None => Poll::Pending,
            }
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.1)
        }
    }

    #[tokio::test]
    async fn parts_are_put_together() {
        let parts = |parts: &'static [&'static str]| {
            let parts = parts.iter().map(|&part| Ok::<_, std::io::Error>(part));
            Body::from_stream(futures_util::stream::iter(parts))
        };
        let intake = Intake::new(5);
        for (sent, whole) in [(&[][..], ""), (&["ab"], "ab"), (&["a", "", "bcd", "e"], "abcde")] {
            assert_eq!(intake.read(&HeaderMap::new(), parts(sent)).await.unwrap().bytes, whole);
        }
        assert_eq!(status(intake.read(&HeaderMap::new(), parts(&["abc", "def"])).await), 413);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_is_given_up_and_a_steady_one_is_not() {
        let dripping = |piece: usize, pause: u64| {
            Body::from_stream(futures_util::stream::unfold(0, move |place| async move {
                tokio::time::sleep(Duration::from_secs(pause)).await;
                (place < 100).then(|| (Ok::<_, std::io::Error>(vec![0; piece]), place + 1))
            }))
        };
        let intake = Intake::new(1 << 30);
        let begun = Instant::now();
        assert_eq!(status(intake.read(&HeaderMap::new(), dripping(1, 20)).await), 408);
        assert!(begun.elapsed() <= SILENCE + Duration::from_secs(1), "{:?}", begun.elapsed());
        assert_eq!(status(intake.read(&HeaderMap::new(), dripping(SLOWEST, 1)).await), 200);
    }

    #[tokio::test(start_paused = true)]
    async fn long_bodies_share_the_memory_that_there_is_for_them() {
        let intake = Intake::new(1 << 20);
        let mut held = Vec::new();
        for _ in 0..LONGEST_AT_ONCE {
            held.push(intake.read(&HeaderMap::new(), body(1 << 20)).await.unwrap());
        }
        assert_eq!(
            status(intake.read(&HeaderMap::new(), body(SMALL)).await),
            200,
            "small ones need no room"
        );
        let refused = intake.read(&HeaderMap::new(), body(SMALL + 1)).await.unwrap_err();
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["retry-after"]),
            (503, &"5".parse().unwrap())
        );
        held.pop();
        assert_eq!(
            status(intake.read(&HeaderMap::new(), body(1 << 20)).await),
            200,
            "room is given back"
        );

        let two = Intake::new(2 << 20);
        let held = two.read(&HeaderMap::new(), body(2 << 20)).await.unwrap();
        let most = two.room.available_permits();
        let begun = Body::new(Begun(Some(Bytes::from_static(b"the beginning")), 2 << 20));
        let reading = tokio::spawn({
            let two = two.clone();
            async move { two.read(&HeaderMap::new(), begun).await.map(drop) }
        });
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        assert_eq!(two.room.available_permits(), most - 2, "what was announced has its room");
        reading.abort();
        drop(held);
    }
}
