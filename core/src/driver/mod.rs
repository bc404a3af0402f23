//! Walks a task from its submission to its result: submit, follow, collect.
//!
//! The only asynchronous code that moves tasks. It can be dropped at any await: a cancel or the
//! deadline does just that, and then the service is told to stop.

mod answer;
mod asking;
mod batch;
mod download;
mod endpoint;
mod follow;
mod hub;
mod inputs;
mod link;
mod meter;
mod outbox;
mod stream;
mod submit;
mod transfer;
mod uploads;

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::{Either, select};

use self::{batch::OnItsWay, hub::Membership, link::Waiting, uploads::Fingerprint};
pub(crate) use self::{
    batch::{Company, WORTH_ASKING},
    endpoint::{Endpoint, Limit},
    link::{Budget, LONGEST_ANSWER, Link},
    outbox::Outbox,
};
use crate::{
    error::{Code, Error, Result},
    media::{Map, MediaOutput, ProcessingStatus},
    number::written,
    protocol::{Done, Job, Produced, RemoteState, Report, Version},
    task::{Completion, Store, Task},
};

/// One task and what it takes to run it.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) task: Task,
    pub(crate) link: Arc<Link>,
    pub(crate) store: Weak<Store>,
    /// Overrides the configuration's `timeout`.
    pub(crate) timeout: Option<Duration>,
    /// Whether it is submitted with others.
    pub(crate) company: Company,
    /// Whether tasks of one endpoint share one event stream.
    pub(crate) shares_events: bool,
}

impl Work {
    /// It has left the queue: others who are submitted with it wait for it.
    fn is_on_its_way(&self) {
        if self.company != Company::None {
            self.link.outbox.expect();
        }
    }
}

/// How a walk ended without a result.
enum Stop {
    /// With this error.
    Failed(Error),
    /// The service says that the task was cancelled there.
    CancelledRemotely,
}

/// What came first.
enum First {
    /// The walk's own end.
    Walked(Result<Done, Stop>),
    /// The task's deadline.
    Deadline,
    /// The end of the task by someone else: the user's cancel.
    Finished,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Runs queued work until there is none; each of these is one place of `max_concurrency`.
async fn work_off(endpoint: Arc<Endpoint>) {
    while let Some(work) = endpoint.next() {
        Run::new(&work).go().await;
    }
}

struct Run<'a> {
    work: &'a Work,
    task: &'a Task,
    link: &'a Arc<Link>,
    timeout: Duration,
    /// When the timeout has passed, in ticks of the clock.
    deadline: u64,
    /// Whether a submission may have reached the service.
    submitted: Arc<AtomicBool>,
    /// Held until the task is submitted with others, or falls behind them.
    on_its_way: Mutex<Option<OnItsWay>>,
    /// Where the task is followed already as its submission is answered.
    seat: Mutex<Option<Membership>>,
    /// Inputs that were uploaded for earlier tasks, by the paths of their parameters.
    reused: Mutex<Vec<(String, Fingerprint)>>,
}

impl<'a> Run<'a> {
    fn new(work: &'a Work) -> Self {
        let (task, link) = (&work.task, &work.link);
        let timeout = work.timeout.unwrap_or(link.config.timeout);
        let millis = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let deadline = link.clock.ticks().saturating_add(millis);
        let on_its_way = (work.company != Company::None).then(|| OnItsWay::of(link));
        Self {
            work,
            task,
            link,
            timeout,
            deadline,
            submitted: Arc::default(),
            on_its_way: Mutex::new(on_its_way),
            seat: Mutex::default(),
            reused: Mutex::default(),
        }
    }

    fn waiting(&self) -> Waiting<'_> {
        Waiting { task: self.task, deadline: self.deadline }
    }

    async fn go(&self) {
        if self.task.is_finished() {
            return;
        }
        match self.first_of_walk_deadline_and_end().await {
            First::Walked(ended) => self.walked(ended),
            First::Deadline => self.past_deadline().await,
            First::Finished => self.tell_to_stop(),
        }
    }

    /// With the walk dropped on return, nothing that it had open goes on.
    async fn first_of_walk_deadline_and_end(&self) -> First {
        let walk = pin!(self.walk());
        let walk = select(walk, self.link.clock.sleep(self.timeout));
        match select(walk, self.task.finished()).await {
            Either::Left((Either::Left((ended, _)), _)) => First::Walked(ended),
            Either::Left((Either::Right(_), _)) => First::Deadline,
            Either::Right(_) => First::Finished,
        }
    }

    fn walked(&self, ended: Result<Done, Stop>) {
        let broke_off = matches!(ended, Err(Stop::Failed(_)));
        self.end(ended);
        // The user's cancel came in the same moment and ended the task first.
        if broke_off && self.task.status() == ProcessingStatus::Cancelled {
            self.tell_to_stop();
        }
    }

    fn end(&self, ended: Result<Done, Stop>) {
        match ended {
            Ok(done) => self.task.settle(Ok(self.completion(done))),
            Err(Stop::Failed(error)) => self.task.settle(Err(error)),
            Err(Stop::CancelledRemotely) => drop(self.task.cancel()),
        }
    }

    async fn walk(&self) -> Result<Done, Stop> {
        if !self.has_company().await {
            self.falls_behind();
        }
        let mut parameters = self.ready_parameters().await?;
        let mut submitted = self.submit(&parameters).await;
        if self.misses_uploads(&submitted) {
            parameters = self.ready_parameters().await?;
            submitted = self.submit(&parameters).await;
        }
        match self.apply(submitted?)? {
            Some(done) => Ok(done),
            None => self.follow(&parameters).await,
        }
    }

    fn job<'b>(&'b self, parameters: &'b Map, version: &'b Version) -> Job<'b> {
        Job {
            task_id: self.task.id(),
            media_type: self.task.media_type(),
            parameters,
            config: &self.link.config,
            version,
        }
    }

    /// Moves the task to where the service says it is; gives the result when there is one.
    fn apply(&self, report: Report) -> Result<Option<Done>, Stop> {
        let synchronous = matches!(report.state, RemoteState::Done(_)) && !self.is_accepted();
        if let Some(remote_id) = report.remote_id.as_deref().filter(|_| !synchronous) {
            self.task.accepted(remote_id);
        }
        if let RemoteState::Running = report.state {
            self.task.processing();
        }
        self.task.tell_log(&report.log);
        match report.state {
            RemoteState::Done(mut done) => {
                done.remote_id = report.remote_id;
                Ok(Some(*done))
            }
            RemoteState::Failed(error) => Err(Stop::Failed(error)),
            RemoteState::Cancelled => Err(Stop::CancelledRemotely),
            RemoteState::Queued | RemoteState::Running => {
                self.task.report(report.progress, report.stage, report.eta_seconds);
                Ok(None)
            }
        }
    }

    fn is_accepted(&self) -> bool {
        self.task.remote_id().is_some()
    }

    fn completion(&self, mut done: Done) -> Completion {
        let results = std::iter::once(&mut done.raw).chain(done.metadata.values_mut());
        self.link.config.conceal_in(results);
        let outputs = done.outputs.into_iter().map(|produced| self.output(produced));
        Completion {
            raw: done.raw,
            outputs: outputs.collect(),
            metadata: done.metadata,
            remote_id: done.remote_id,
        }
    }

    fn output(&self, produced: Produced) -> MediaOutput {
        download::output(self.link, self.task, self.work.store.clone(), produced)
    }

    /// One last read decides; then the task is over and the service is told to stop.
    async fn past_deadline(&self) {
        match self.last_word().await {
            Ok(Some(ended)) => return self.end(ended),
            Ok(None) => self.end(Err(self.timed_out().into())),
            Err(error) => self.end(Err(error.into())),
        }
        self.tell_to_stop();
    }

    /// What the service says as the deadline has passed; `None` when it still works.
    async fn last_word(&self) -> Result<Option<Result<Done, Stop>>> {
        let unanswered = || self.ambiguous("its deadline passed before the service answered");
        if !self.submitted.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match self.read_once(&Map::new()).await {
            Some(report) => Ok(self.apply(report).transpose()),
            None if self.is_accepted() => Ok(None),
            None => Err(unanswered()),
        }
    }

    fn timed_out(&self) -> Error {
        let seconds = written(self.timeout.as_secs_f64());
        let endpoint = &self.link.config.service_endpoint;
        Error::new(Code::Timeout, format!("{endpoint} did not finish the task within {seconds} s"))
            .with_hint("raise timeout in the configuration or for this task")
    }

    fn ambiguous(&self, what: &str) -> Error {
        let endpoint = &self.link.config.service_endpoint;
        let message = format!(
            "the submission to {endpoint} may or may not have been accepted: {what}; \
             repeating it could pay twice"
        );
        Error::new(Code::AmbiguousSubmit, message).with_hint(
            "look at the service for the task before you submit it again, or set \
             retry.ambiguous_submit to 'retry'",
        )
    }

    /// Tells the service to stop, so that it stops billing, where it can be told. Nobody waits for
    /// that: the task is over, and its place in the pool is free for the next.
    fn tell_to_stop(&self) {
        const ATTEMPTS: u32 = 4;
        if !self.submitted.load(Ordering::Relaxed) {
            return;
        }
        let version = self.link.endpoint.version();
        let parameters = Map::new();
        let remote_id = self.task.remote_id();
        let job = self.job(&parameters, &version);
        if let Some(request) = self.link.protocol.cancel(&job, remote_id.as_deref()) {
            let link = self.link.clone();
            self.link.spawner.spawn(Box::pin(async move {
                // Whatever the service makes of it changes nothing any more.
                let budget = Budget::Attempts(ATTEMPTS);
                let _ = link.read(request, LONGEST_ANSWER, None, budget).await;
            }));
        }
    }
}
