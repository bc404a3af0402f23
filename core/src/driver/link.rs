//! One endpoint as one workflow reaches it: its transport, its settings, its patience.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};

use super::{endpoint::Endpoint, hub::EventHub, outbox::Outbox};
use crate::{
    config::Config,
    error::{Code, Error, Result},
    media::MediaType,
    number::written,
    protocol::{Answer, Protocol},
    recovery::{Failed, LONGEST_RETRY_AFTER, Verdict, after_read},
    runtime::{
        Body, BodyStream, Clock, HttpRequest, HttpResponse, Sent, Spawner, Transport,
        TransportError, TransportErrorKind,
    },
    task::{EventKind, Task},
    url,
};

/// What a workflow's exchanges go through.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) media_type: MediaType,
    pub(crate) config: Config,
    pub(crate) protocol: &'static dyn Protocol,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) spawner: Arc<dyn Spawner>,
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) hub: Arc<EventHub>,
    pub(crate) outbox: Outbox,
}

/// How long to wait for a response's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// `request_timeout`.
    Request,
    /// As long as the task may take: a synchronous service answers when it has finished, and an
    /// upload is answered when it has arrived.
    Task,
}

/// How often a read is repeated.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Budget {
    /// So many attempts in all, and not longer than the service may ask for.
    Attempts(u32),
    /// Until the task's deadline: the service holds a job that must not be lost.
    Deadline,
}

/// The task that waits for an exchange, and until when it does, in ticks of the clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting<'a> {
    pub(crate) task: &'a Task,
    pub(crate) deadline: u64,
}

/// Answers that describe things, not media, are never longer.
pub(crate) const LONGEST_ANSWER: u64 = 64 << 20;

impl Link {
    /// Sends one request and reads the whole answer.
    pub(crate) async fn exchange(
        &self,
        request: HttpRequest,
        patience: Patience,
        limit: u64,
    ) -> Result<Answer, TransportError> {
        let url = request.url.clone();
        let response = self.open(request, patience).await?;
        self.whole(&url, response, limit).await
    }

    /// Reads the rest of an answer.
    pub(crate) async fn whole(
        &self,
        url: &str,
        mut response: HttpResponse,
        limit: u64,
    ) -> Result<Answer, TransportError> {
        let length = response.body_length();
        let body = match std::mem::replace(&mut response.body, Body::Full(Bytes::new())) {
            Body::Full(bytes) if bytes.len() as u64 > limit => return Err(too_large(limit)),
            Body::Full(bytes) => bytes,
            Body::Stream(stream) => self.collect(stream, limit, length).await?,
        };
        Ok(Answer::new(url, response, body))
    }

    /// Sends one request and gives the response as soon as its head is there.
    pub(crate) async fn open(
        &self,
        request: HttpRequest,
        patience: Patience,
    ) -> Result<HttpResponse, TransportError> {
        self.turn().await;
        self.send(request, patience).await
    }

    /// Waits until a request may be sent under `requests_per_second`.
    pub(super) async fn turn(&self) {
        self.endpoint.turn(self.config.requests_per_second, &*self.clock).await;
    }

    /// As [`Link::open`], for those who have waited for their turn already.
    pub(super) async fn send(
        &self,
        mut request: HttpRequest,
        patience: Patience,
    ) -> Result<HttpResponse, TransportError> {
        self.authorize(&mut request);
        let sent = self.transport.send(request);
        match patience {
            Patience::Task => sent.await,
            Patience::Request => self.unless_silent(sent).await?,
        }
    }

    /// Credentials go to the endpoint's own origin only, never to an address out of an answer.
    fn authorize(&self, request: &mut HttpRequest) {
        let own = url::origin(&self.config.service_endpoint);
        if own.is_none() || url::origin(&request.url) != own {
            return;
        }
        if let Some(key) = &self.config.api_key {
            let (name, value) = self.protocol.authorization(key.reveal());
            request.headers.push((name.to_owned(), value));
            request.has_credentials = true;
        }
        for (name, value) in &self.config.headers {
            request.headers.retain(|(known, _)| known != name);
            request.headers.push((name.clone(), value.reveal().to_owned()));
            request.has_credentials = true;
        }
    }

    /// The next chunk of a stream, or an error after `request_timeout` without one.
    pub(crate) async fn next_chunk(
        &self,
        stream: &mut Box<dyn BodyStream>,
    ) -> Option<Result<Bytes, TransportError>> {
        self.unless_silent(stream.next()).await.unwrap_or_else(|silence| Some(Err(silence)))
    }

    /// Reads to the end; a body of announced `length` is at its end without asking once more.
    async fn collect(
        &self,
        mut stream: Box<dyn BodyStream>,
        limit: u64,
        length: Option<u64>,
    ) -> Result<Bytes, TransportError> {
        let mut first = Bytes::new();
        let mut body = BytesMut::new();
        while let Some(chunk) = self.next_chunk(&mut stream).await {
            let chunk = chunk?;
            if (first.len() + body.len() + chunk.len()) as u64 > limit {
                return Err(too_large(limit));
            }
            match (first.is_empty(), body.is_empty()) {
                (true, true) => first = chunk,
                (_, true) => {
                    body.extend_from_slice(&first);
                    body.extend_from_slice(&chunk);
                    first = Bytes::new();
                }
                _ => body.extend_from_slice(&chunk),
            }
            if length == Some(first.len().max(body.len()) as u64) {
                break;
            }
        }
        Ok(if body.is_empty() { first } else { body.freeze() })
    }

    async fn unless_silent<T>(
        &self,
        future: impl Future<Output = T> + Unpin,
    ) -> Result<T, TransportError> {
        let patience = self.config.request_timeout;
        match select(future, self.clock.sleep(patience)).await {
            Either::Left((given, _)) => Ok(given),
            Either::Right(_) => Err(TransportError::new(
                TransportErrorKind::Timeout,
                Sent::Maybe,
                format!("no byte for {} s", written(patience.as_secs_f64())),
            )),
        }
    }

    /// Sends a request that may be repeated, until it is answered with 2xx or 304, or has failed
    /// for good.
    pub(crate) async fn read(
        &self,
        request: HttpRequest,
        limit: u64,
        waiting: Option<Waiting<'_>>,
        budget: Budget,
    ) -> Result<Answer> {
        self.repeat(request, Patience::Request, limit, waiting, budget).await
    }

    /// As [`Link::read`], for a large body: nobody sees its bytes leave, so a slow line looks as
    /// silent as a dead one, and only the task's deadline bounds it.
    pub(crate) async fn upload(
        &self,
        request: HttpRequest,
        waiting: Waiting<'_>,
    ) -> Result<Answer> {
        let budget = Budget::Attempts(self.config.retry.max_attempts);
        self.repeat(request, Patience::Task, LONGEST_ANSWER, Some(waiting), budget).await
    }

    async fn repeat(
        &self,
        request: HttpRequest,
        patience: Patience,
        limit: u64,
        waiting: Option<Waiting<'_>>,
        budget: Budget,
    ) -> Result<Answer> {
        let mut repeated = 0;
        loop {
            let result = self.exchange(request.clone(), patience, limit).await;
            let (failed, error) = match result {
                Ok(answer) if answer.is_success() || answer.status == 304 => return Ok(answer),
                Ok(answer) => self.failed(&answer),
                Err(error) => {
                    (Failed::Transport(error.clone()), self.transport_error(&request.url, &error))
                }
            };
            repeated += 1;
            if after_read(&failed) == Verdict::GiveUp {
                return Err(error);
            }
            match budget {
                Budget::Attempts(attempts) if repeated >= attempts => return Err(error),
                Budget::Attempts(_) => {
                    self.pause(repeated, error, waiting, self.clock.random()).await?;
                }
                Budget::Deadline => {
                    self.rest(repeated, &error, waiting, self.clock.random()).await;
                }
            }
        }
    }

    /// Waits before repetition `number` and tells the task of it; `chance` is what the clock drew.
    ///
    /// # Errors
    /// `rate-limited`, when the service asks for more patience than there is.
    pub(crate) async fn pause(
        &self,
        number: u32,
        error: Error,
        waiting: Option<Waiting<'_>>,
        chance: f64,
    ) -> Result<(), Error> {
        let left = waiting.map_or(LONGEST_RETRY_AFTER, |waiting| {
            let left = waiting.deadline.saturating_sub(self.clock.ticks());
            Duration::from_millis(left).min(LONGEST_RETRY_AFTER)
        });
        if let Some(wish) = error.retry_after.filter(|wish| *wish > left.as_secs_f64()) {
            return Err(out_of_patience(&error, wish));
        }
        self.rest(number, &error, waiting, chance).await;
        Ok(())
    }

    /// As [`Link::pause`], but as long as the service asks for.
    pub(crate) async fn rest(
        &self,
        number: u32,
        error: &Error,
        waiting: Option<Waiting<'_>>,
        chance: f64,
    ) {
        let wish = error.retry_after.map(Duration::from_secs_f64);
        let delay = self.config.retry.delay(number, chance, wish);
        if let Some(waiting) = waiting {
            waiting.task.tell(EventKind::Retry {
                attempt: number,
                delay: delay.as_secs_f64(),
                reason: error.code,
                message: error.message.clone(),
            });
        }
        self.clock.sleep(delay).await;
    }

    /// What an answer other than 2xx means for repeating, and for the user.
    pub(crate) fn failed(&self, answer: &Answer) -> (Failed, Error) {
        let error = self.protocol.error(answer, &self.config, self.clock.now());
        let failed = Failed::Status {
            status: answer.status,
            refused: self.protocol.is_refusal(answer, &self.endpoint.version()),
            reported: self.protocol.is_reported(answer),
            exhausted: error.code == Code::Quota,
            repeat: self.protocol.should_repeat(answer),
        };
        (failed, error)
    }

    /// The error of an exchange without an answer.
    pub(crate) fn transport_error(&self, url: &str, error: &TransportError) -> Error {
        let to = url::without_query(url);
        let what = &error.message;
        let mut failure = match error.kind {
            TransportErrorKind::Connect => {
                Error::new(Code::Connection, format!("{to} could not be reached: {what}"))
                    .with_hint("check service_endpoint, and that the service is running")
            }
            TransportErrorKind::Torn => {
                Error::new(Code::Connection, format!("the exchange with {to} broke off: {what}"))
            }
            TransportErrorKind::Timeout => {
                Error::new(Code::Timeout, format!("{to} fell silent: {what}"))
                    .with_hint("raise request_timeout if the service is only slow")
            }
            TransportErrorKind::Invalid => {
                Error::new(Code::Protocol, format!("{to} cannot be asked: {what}"))
            }
            TransportErrorKind::TooLarge => {
                Error::new(Code::TooLarge, format!("the answer of {to} is too large: {what}"))
            }
            TransportErrorKind::Callback => {
                Error::new(Code::Internal, format!("the transport for {to} raised: {what}"))
            }
        };
        failure.cause.clone_from(&error.cause);
        failure
    }
}

/// `error` as the end of what could not wait as long as the service asked.
fn out_of_patience(error: &Error, wish: f64) -> Error {
    let mut limited = Error::new(Code::RateLimited, error.message.clone())
        .with_hint(format!("try again after {} seconds", written(wish)));
    limited.status = error.status;
    limited.retry_after = error.retry_after;
    limited
}

pub(super) fn too_large(limit: u64) -> TransportError {
    let message = format!("more than {limit} bytes");
    TransportError::new(TransportErrorKind::TooLarge, Sent::Maybe, message)
}
