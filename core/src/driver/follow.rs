//! Follows a job: by its own event stream, by a shared one, or by asking again and again.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};

use super::{
    Run, Stop,
    hub::{EventHub, News},
    link::{Budget, LONGEST_ANSWER, Link, Patience},
};
use crate::{
    error::{Code, Error, Result},
    media::Map,
    protocol::{Answer, Done, Report},
    runtime::{Body, BodyStream},
    sse::EventReader,
};

/// A service that says "ask again at once" is still not asked in a loop without a pause.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

impl Run<'_> {
    /// Follows until the job is finished. The task's deadline bounds it from outside.
    pub(super) async fn follow(&self, parameters: &Map) -> Result<Done, Stop> {
        let mut heard = Heard::default();
        let mut losses = 0;
        loop {
            let followed = match self.work.shares_events {
                true => self.follow_shared(parameters, &mut heard).await?,
                false => self.follow_own(parameters, &mut heard).await?,
            };
            match followed {
                Followed::Done(done) => return Ok(*done),
                Followed::NotOffered => return self.poll(parameters).await,
                Followed::Lost => {}
            }
            // A stream that told something new before it was lost starts the patience anew.
            losses = if std::mem::take(&mut heard.is_news) { 1 } else { losses + 1 };
            if let Some(done) = self.read_and_apply(parameters).await? {
                return Ok(done);
            }
            let endpoint = &self.link.config.service_endpoint;
            let message = format!("{endpoint} broke off its event stream");
            let error = Error::new(Code::Connection, message);
            self.link.rest(losses, &error, Some(self.waiting())).await;
        }
    }

    async fn follow_own(&self, parameters: &Map, heard: &mut Heard) -> Result<Followed, Stop> {
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let remote_id = self.remote_id();
        let from = &heard.last_event_id;
        let Some(request) = self.link.protocol.events(&job, &remote_id, from) else {
            return Ok(Followed::NotOffered);
        };
        let Ok(response) = self.link.open(request, Patience::Request).await else {
            return Ok(Followed::Lost);
        };
        if !response.is_event_stream() {
            let may_pass = response.may_pass();
            return Ok(if may_pass { Followed::Lost } else { Followed::NotOffered });
        }
        let mut reader = EventReader::default();
        let mut body = Chunks::of(response.body);
        while let Some(chunk) = body.next(self.link).await {
            let Some(events) = chunk.and_then(|chunk| reader.feed(&chunk)) else { break };
            for event in events {
                heard.take_in(event.id, event.data);
                // One event that cannot be read is not the end: a later one, or a read, decides.
                let Ok(report) = self.link.protocol.report(&job, heard.data.as_bytes()) else {
                    continue;
                };
                if let Some(done) = self.apply(report)? {
                    return Ok(Followed::Done(Box::new(done)));
                }
            }
        }
        Ok(Followed::Lost)
    }

    /// Follows through the stream that all tasks of this endpoint share.
    async fn follow_shared(&self, parameters: &Map, heard: &mut Heard) -> Result<Followed, Stop> {
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let member = EventHub::join(self.link, &self.remote_id());
        loop {
            match member.next().await {
                News::Data(data) => heard.take_in(String::new(), data),
                News::Lost => return Ok(Followed::Lost),
                News::NotOffered => return Ok(Followed::NotOffered),
            }
            if let Ok(report) = self.link.protocol.report(&job, heard.data.as_bytes())
                && let Some(done) = self.apply(report)?
            {
                return Ok(Followed::Done(Box::new(done)));
            }
        }
    }

    async fn poll(&self, parameters: &Map) -> Result<Done, Stop> {
        let interval = self.link.config.poll_interval;
        let mut pause = interval.initial;
        let mut etag = None;
        loop {
            self.link.clock.sleep(pause).await;
            pause = pause.mul_f64(interval.factor).min(interval.max);
            let answer = self.ask(parameters, etag.as_deref()).await?;
            etag = answer.header("etag").map(str::to_owned).or(etag);
            // The service knows best when asking again is worth it, within the task's patience.
            if let Some(wish) = answer.retry_after(self.link.clock.now()) {
                pause = wish.max(SHORTEST_PAUSE);
            }
            if answer.status == 304 {
                continue;
            }
            if let Some(done) = self.apply(self.decode(parameters, &answer)?)? {
                return Ok(done);
            }
        }
    }

    async fn read_and_apply(&self, parameters: &Map) -> Result<Option<Done>, Stop> {
        let answer = self.ask(parameters, None).await?;
        self.apply(self.decode(parameters, &answer)?)
    }

    async fn ask(&self, parameters: &Map, etag: Option<&str>) -> Result<Answer> {
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let remote_id = self.task.remote_id();
        let Some(request) = self.link.protocol.read(&job, remote_id.as_deref(), etag) else {
            return Err(self.unreadable());
        };
        self.link.read(request, LONGEST_ANSWER, Some(self.waiting()), Budget::Deadline).await
    }

    fn decode(&self, parameters: &Map, answer: &Answer) -> Result<Report, Error> {
        let version = self.link.endpoint.version();
        self.link.protocol.report(&self.job(parameters, &version), &answer.body)
    }

    /// One read without repetition, for the last word on a task whose time is up; `None` when it
    /// tells nothing, or not soon.
    pub(super) async fn read_once(&self, parameters: &Map) -> Option<Report> {
        const SOON: Duration = Duration::from_secs(5);
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let remote_id = self.task.remote_id();
        let request = self.link.protocol.read(&job, remote_id.as_deref(), None)?;
        let exchange = pin!(self.link.exchange(request, Patience::Request, LONGEST_ANSWER));
        let Either::Left((answer, _)) = select(exchange, self.link.clock.sleep(SOON)).await else {
            return None;
        };
        let answer = answer.ok()?;
        if !answer.is_success() {
            return None;
        }
        self.link.protocol.report(&job, &answer.body).ok()
    }

    fn unreadable(&self) -> Error {
        let endpoint = &self.link.config.service_endpoint;
        let message = format!("{endpoint} has taken the task but gave no id to ask for it");
        Error::new(Code::Protocol, message)
    }

    fn remote_id(&self) -> String {
        let known = self.task.remote_id();
        known.as_deref().unwrap_or(self.task.id()).to_owned()
    }
}

/// What following a stream led to.
enum Followed {
    Done(Box<Done>),
    /// The service does not stream, or not in a way that is understood.
    NotOffered,
    /// The connection is gone before the task is done; it may come back.
    Lost,
}

/// What the streams of one task have told, through all their losses.
#[derive(Default)]
struct Heard {
    /// Where a stream is to be resumed.
    last_event_id: String,
    data: String,
    /// Whether anything was new since the last loss.
    is_news: bool,
}

impl Heard {
    /// Streams begin with the task as it stands: the same again without a new number is no news.
    fn take_in(&mut self, id: String, data: String) {
        // A resumed stream that numbers nothing yet does not undo what was seen before.
        let has_new_id = !id.is_empty() && id != self.last_event_id;
        self.is_news |= has_new_id || data != self.data;
        if has_new_id {
            self.last_event_id = id;
        }
        self.data = data;
    }
}

/// A body as chunks, whether it came whole or not.
pub(super) enum Chunks {
    Whole(Option<bytes::Bytes>),
    Stream(Box<dyn BodyStream>),
}

impl Chunks {
    pub(super) fn of(body: Body) -> Self {
        match body {
            Body::Full(bytes) => Self::Whole(Some(bytes)),
            Body::Stream(stream) => Self::Stream(stream),
        }
    }

    /// `None` at the end; `Some(None)` when the stream broke or fell silent.
    pub(super) async fn next(&mut self, link: &Link) -> Option<Option<bytes::Bytes>> {
        match self {
            Self::Whole(bytes) => bytes.take().map(Some),
            Self::Stream(stream) => Some(link.next_chunk(stream).await?.ok()),
        }
    }
}
