//! Follows a job: by its own event stream, by a shared one, or by asking again and again.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::future::{Either, select};

use super::{
    Run, Stop,
    hub::{EventHub, News},
    link::{Budget, LONGEST_ANSWER, Patience},
    stream::{Opening, Stream},
};
use crate::{
    error::{Code, Error, Result},
    media::Map,
    protocol::{Answer, Done, Produced, Report},
    runtime::lock,
    task::EventKind,
};

/// A service that says "ask again at once" is still not asked in a loop without a pause.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

impl Run<'_> {
    /// Follows until the job is finished. The task's deadline bounds it from outside.
    pub(super) async fn follow(&self, parameters: &Map) -> Result<Done, Stop> {
        let link = self.link;
        let mut heard = Heard::default();
        let mut shares = self.work.shares_events || lock(&self.seat).is_some();
        let (mut polls_until, mut losses) = (0, 0);
        loop {
            let until = link.endpoint.streams_blocked_until().max(polls_until);
            if link.clock.ticks() < until {
                match self.poll(parameters, until).await? {
                    Some(done) => return Ok(done),
                    None => continue,
                }
            }
            let followed = match shares {
                true => self.follow_shared(parameters, &mut heard).await?,
                false => self.follow_own(parameters, &mut heard).await?,
            };
            match followed {
                Followed::Done(done) => return Ok(*done),
                // Where connections are in plenty, one of its own does as well.
                Followed::NotOffered if shares && !self.work.shares_events => shares = false,
                Followed::NotOffered => polls_until = u64::MAX,
                Followed::Blocked => link.endpoint.block_streams(&*link.clock),
                Followed::Lost => {
                    // A stream that told something new before it was lost starts the patience anew.
                    losses = if std::mem::take(&mut heard.is_news) { 1 } else { losses + 1 };
                    if let Some(done) = self.read_and_apply(parameters).await? {
                        return Ok(done);
                    }
                    self.rest_after(losses).await;
                }
            }
        }
    }

    async fn rest_after(&self, losses: u32) {
        let endpoint = &self.link.config.service_endpoint;
        let message = format!("{endpoint} broke off its event stream");
        let error = Error::new(Code::Connection, message);
        let chance = self.link.clock.random();
        self.link.rest(losses, &error, Some(self.waiting()), chance).await;
    }

    async fn follow_own(&self, parameters: &Map, heard: &mut Heard) -> Result<Followed, Stop> {
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let from = &heard.last_event_id;
        let Some(request) = self.link.protocol.events(&job, &self.remote_id(), from) else {
            return Ok(Followed::NotOffered);
        };
        let (mut stream, mut events) = match Stream::open(self.link, request).await {
            Opening::Open(stream, events) => (stream, events),
            Opening::NotOffered => return Ok(Followed::NotOffered),
            Opening::Lost => return Ok(Followed::Lost),
            Opening::Blocked => return Ok(Followed::Blocked),
        };
        loop {
            for event in events {
                if let Some(preview) = self.link.protocol.preview(&job, &event.name, &event.data) {
                    preview.into_iter().for_each(|produced| self.show(produced));
                    continue;
                }
                heard.take_in(event.id, event.data);
                // One event that cannot be read is not the end: a later one, or a read, decides.
                let Ok(report) = self.link.protocol.report(&job, heard.data.as_bytes()) else {
                    continue;
                };
                if let Some(done) = self.apply(report)? {
                    return Ok(Followed::Done(Box::new(done)));
                }
            }
            match stream.next(self.link).await {
                Some(more) => events = more,
                None => return Ok(Followed::Lost),
            }
        }
    }

    /// Tells the work so far.
    pub(super) fn show(&self, produced: Produced) {
        self.task.processing();
        let output = self.output(produced);
        self.task.tell(EventKind::Preview { output });
    }

    /// Follows through the stream that all tasks of this endpoint share.
    async fn follow_shared(&self, parameters: &Map, heard: &mut Heard) -> Result<Followed, Stop> {
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let seat = lock(&self.seat).take();
        let Some(seat) = seat.or_else(|| EventHub::join(self.link, &self.remote_id())) else {
            return Ok(Followed::Lost);
        };
        loop {
            match seat.next().await {
                News::Data(data) => heard.take_in(String::new(), data),
                News::Lost => return Ok(Followed::Lost),
                News::NotOffered => return Ok(Followed::NotOffered),
                News::Blocked => return Ok(Followed::Blocked),
            }
            if let Ok(report) = self.link.protocol.report(&job, heard.data.as_bytes())
                && let Some(done) = self.apply(report)?
            {
                return Ok(Followed::Done(Box::new(done)));
            }
        }
    }

    /// Asks again and again until the job is finished; `None` once the clock shows `until`.
    async fn poll(&self, parameters: &Map, until: u64) -> Result<Option<Done>, Stop> {
        let interval = self.link.config.poll_interval;
        let mut pause = interval.initial;
        let mut etag = None;
        while self.link.clock.ticks() < until {
            self.link.clock.sleep(pause).await;
            pause = pause.mul_f64(interval.factor).min(interval.max);
            let (answer, report) = self.news(parameters, etag.as_deref()).await?;
            etag = answer.header("etag").map(str::to_owned).or(etag);
            // The service knows best when asking again is worth it, within the task's patience.
            if let Some(wish) = answer.retry_after(self.link.clock.now()) {
                pause = wish.max(SHORTEST_PAUSE);
            }
            if let Some(report) = report
                && let Some(done) = self.apply(report)?
            {
                return Ok(Some(done));
            }
        }
        Ok(None)
    }

    async fn read_and_apply(&self, parameters: &Map) -> Result<Option<Done>, Stop> {
        match self.news(parameters, None).await? {
            (_, Some(report)) => self.apply(report),
            (_, None) => Ok(None),
        }
    }

    /// An answer, and what it says of the job where that is new. One that is no JSON comes from
    /// something in between and says nothing of the job, which goes on: it is asked for again,
    /// unless that is all that comes.
    async fn news(&self, parameters: &Map, etag: Option<&str>) -> Result<(Answer, Option<Report>)> {
        let mut misread = 0;
        loop {
            let answer = self.ask(parameters, etag).await?;
            if answer.status == 304 {
                return Ok((answer, None));
            }
            let unreadable = match self.decode(parameters, &answer) {
                Ok(report) => return Ok((answer, Some(report))),
                Err(error) => error,
            };
            misread += 1;
            let error = match answer.json() {
                Err(error) if misread < self.link.config.retry.max_attempts => error,
                not_json => {
                    // Nobody looks at the job any more.
                    self.tell_to_stop();
                    return Err(not_json.err().unwrap_or(unreadable));
                }
            };
            let chance = self.link.clock.random();
            self.link.rest(misread, &error, Some(self.waiting()), chance).await;
        }
    }

    async fn ask(&self, parameters: &Map, etag: Option<&str>) -> Result<Answer> {
        let version = self.link.endpoint.version();
        let job = self.job(parameters, &version);
        let remote_id = self.task.remote_id();
        let Some(request) = self.link.protocol.read(&job, remote_id.as_deref(), etag) else {
            return Err(self.unreadable());
        };
        let read = self.link.read(request, LONGEST_ANSWER, Some(self.waiting()), Budget::Deadline);
        read.await.map_err(|error| match error.code {
            // The address is right: the job was accepted there.
            Code::NotFound => error.with_hint(
                "the service no longer knows this task, which it had accepted: start a new one if \
                 the output is still wanted",
            ),
            _ => error,
        })
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

    fn remote_id(&self) -> Arc<str> {
        self.task.remote_id().unwrap_or_else(|| self.task.id().clone())
    }
}

/// What following a stream led to.
enum Followed {
    Done(Box<Done>),
    /// The service does not stream, or not in a way that is understood.
    NotOffered,
    /// The connection is gone before the task is done; it may come back.
    Lost,
    /// Nothing comes through.
    Blocked,
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
