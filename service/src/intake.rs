//! Reading request bodies: how long they may be, and how long they may stay silent.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use media_factory_core::Code;
use tokio::time::timeout;

use crate::refusal::refusal;

/// A body that sends nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(30);

/// What is read of a refused body, so that its sender sees the answer and not a broken pipe.
const DISCARDED_BYTES: usize = 64 << 20;
const DISCARDED_FOR: Duration = Duration::from_secs(5);

/// Reads a whole body.
///
/// # Errors
/// The answer to send instead: 413 as soon as it is clear that the body is too long, 408 when it
/// stops coming, 400 when it is cut.
pub(crate) async fn read(mut body: Body, most: u64) -> Result<Bytes, Response<Body>> {
    if body.size_hint().lower() > most {
        discard(body);
        return Err(too_large(most));
    }
    // Nearly every body comes in one piece, which is then not copied.
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    loop {
        let frame = match timeout(SILENCE, body.frame()).await {
            Err(_) => {
                let message = format!("the body was silent for {} seconds", SILENCE.as_secs());
                return Err(closing(refusal(StatusCode::REQUEST_TIMEOUT, Code::Timeout, &message)));
            }
            Ok(None) => break,
            Ok(Some(Err(_))) => {
                let message = "the body ended before its announced length";
                let response = refusal(StatusCode::BAD_REQUEST, Code::Validation, message);
                return Err(closing(response));
            }
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else { continue };
        if (first.len() + rest.len() + data.len()) as u64 > most {
            discard(body);
            return Err(too_large(most));
        }
        if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

/// Reads on for a while what nobody wants, beside the answer that is on its way.
pub(crate) fn discard(mut body: Body) {
    if body.is_end_stream() {
        return;
    }
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

fn closing(mut response: Response<Body>) -> Response<Body> {
    let close = http::HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}
