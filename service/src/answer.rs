//! Between the network's requests and responses and those of the core.

use std::{future::poll_fn, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
};
use futures_util::stream;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, header};
use media_factory_core::{
    media::MediaType,
    runtime::{self, BodyStream, BoxFuture, HttpRequest, HttpResponse},
};
use media_factory_sandbox::server::{Caller, Server};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};
use tokio_util::sync::CancellationToken;

use crate::intake::{self, Intake};

/// From this length on, a body is parsed and hashed for so long that others would notice, in bytes.
const LONG: usize = 1 << 20;

/// What every path of the protocol is answered from.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) medium: MediaType,
    pub(crate) server: Server,
    pub(crate) intake: Intake,
    /// Event streams end when the service does.
    pub(crate) stop: CancellationToken,
}

/// Answers any path of the protocol.
pub(crate) async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response<Body> {
    let (mut head, body) = request.into_parts();
    let caller = head.extensions.remove::<Caller>().unwrap_or_default();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut asked = HttpRequest::new(runtime::Method::Get, target);
    asked.headers = headers_of(&head.headers);
    asked.method = match head.method {
        Method::GET => runtime::Method::Get,
        // The connection leaves the body of the answer out. A range is for GET only (RFC 9110,
        // 14.2).
        Method::HEAD => {
            asked.headers.retain(|(name, _)| name != "range");
            runtime::Method::Get
        }
        Method::POST => runtime::Method::Post,
        Method::DELETE => runtime::Method::Delete,
        _ => {
            intake::discard(&head.headers, body);
            return respond(desk.server.refuse_method(&desk.medium, &asked), &desk.stop);
        }
    };
    let taken = match desk.intake.read(&head.headers, body).await {
        Ok(taken) => taken,
        Err(response) => return response,
    };
    let is_long = taken.bytes.len() >= LONG;
    // Its room is given back with the answer; the body itself may be let go before.
    asked.body = taken.bytes;
    let answer = desk.server.handle(&caller, desk.medium.clone(), asked);
    respond(if is_long { aside(answer).await } else { answer.await }, &desk.stop)
}

/// Works at it while another thread goes on with what else there is to do.
async fn aside<T>(mut work: BoxFuture<'_, T>) -> T {
    poll_fn(|context| match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => block_in_place(|| work.as_mut().poll(context)),
        // A runtime of one thread has no other.
        _ => work.as_mut().poll(context),
    })
    .await
}

/// The headers without the credentials, which are this side's business.
fn headers_of(headers: &http::HeaderMap) -> Vec<(String, String)> {
    let told = headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
    // A key that is no text must be refused as one, and not be taken for none.
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    told.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn respond(answer: HttpResponse, stop: &CancellationToken) -> Response<Body> {
    let endless = answer.header("content-type") == Some("text/event-stream");
    let body = match answer.body {
        runtime::Body::Full(bytes) => Body::from(bytes),
        runtime::Body::Stream(body) if endless => stream_of(body, Some(stop.clone())),
        runtime::Body::Stream(body) => stream_of(body, None),
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Chunks as the connection asks for them: a slow reader is not written ahead for.
fn stream_of(body: Box<dyn BodyStream>, stop: Option<CancellationToken>) -> Body {
    Body::from_stream(stream::unfold((body, stop), |(mut body, stop)| async move {
        let chunk = match &stop {
            None => body.next().await,
            Some(stop) => stop.run_until_cancelled(body.next()).await.flatten(),
        };
        let chunk = chunk?.map_err(|error| std::io::Error::other(error.message));
        Some((chunk, (body, stop)))
    }))
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn long_work_lets_others_go_on() {
        let (tell, told) = mpsc::channel();
        let (begin, begun) = tokio::sync::oneshot::channel();
        let long = tokio::spawn(aside(Box::pin(async move {
            begin.send(()).unwrap();
            told.recv_timeout(Duration::from_secs(10))
        })));
        let other = tokio::spawn(async move {
            begun.await.unwrap();
            // Nobody listens any more where the long work was not set aside.
            let _ = tell.send("others go on");
        });
        assert_eq!(long.await.unwrap(), Ok("others go on"));
        other.await.unwrap();
    }
}
