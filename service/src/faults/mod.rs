//! Faults on demand (`--faults`): the service then fails in every way that networks and services
//! fail, so that applications can test what they do about it. See `docs/faults.md`.
//!
//! Without the option none of this runs, and `/admin` is not there. With it, only this machine is
//! heard.

mod admin;
mod answer;
mod body;
mod events;
mod rule;
mod switches;
mod target;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::body::Body;
use http::{Request, Response, StatusCode};
use media_factory_core::{
    Code,
    media::MediaType,
    runtime::{BoxFuture, lock},
};
use media_factory_sandbox::server::Server;
use tokio::time::sleep;

use self::{
    rule::{Cut, Fault, Moment, Operation, Silence, wait},
    switches::Switches,
    target::Target,
};
use crate::{
    access::is_of_this_machine,
    intake::Intake,
    intercept::{Hangup, Interceptor, Next, Visit},
    refusal::refusal,
};

/// The request header that brings a rule of its own.
const HEADER: &str = "x-media-factory-fault";

/// The fault rules of a service; clones are the same.
#[derive(Clone)]
pub(crate) struct Faults(Arc<Shared>);

struct Shared {
    server: Server,
    intake: Intake,
    switches: Mutex<Switches>,
}

impl Faults {
    /// Without rules, in front of this server.
    pub(crate) fn new(server: Server, intake: Intake) -> Self {
        Self(Arc::new(Shared { server, intake, switches: Mutex::default() }))
    }

    async fn answer(
        self,
        visit: Visit,
        request: Request<Body>,
        next: Next,
    ) -> Result<Response<Body>, Hangup> {
        if !is_of_this_machine(visit.peer, request.headers()) {
            return Ok(next.run(request).await);
        }
        let (head, body) = request.into_parts();
        let body = match self.0.intake.read(&head.headers, body).await {
            Ok(taken) => taken.bytes,
            Err(response) => return Ok(response),
        };
        if head.uri.path().starts_with("/admin/") {
            return Ok(self.administer(&head, &body));
        }
        let target = Target::of(&head, &body);
        let fault = match self.fault_for(&target, &visit.medium, &head.headers) {
            Ok(fault) => fault,
            Err(refused) => return Ok(refused),
        };
        let rest = Rest { next, request: Request::from_parts(head, Body::from(body)) };
        match fault {
            None => Ok(rest.run().await),
            Some(fault) => self.fail(fault, &target, rest).await,
        }
    }

    fn fault_for(
        &self,
        target: &Target,
        medium: &MediaType,
        headers: &http::HeaderMap,
    ) -> Result<Option<Fault>, Response<Body>> {
        let own = headers.get(HEADER).map(|value| value.to_str().unwrap_or_default());
        let fault = lock(&self.0.switches).fault_for(target.operation, medium, own);
        fault.map_err(|unclear| {
            refusal(StatusCode::BAD_REQUEST, Code::Validation, &unclear.to_string())
        })
    }

    async fn fail(
        &self,
        fault: Fault,
        target: &Target,
        rest: Rest,
    ) -> Result<Response<Body>, Hangup> {
        match fault {
            Fault::Latency { seconds, when: Moment::Before } => {
                sleep(wait(seconds)).await;
                Ok(rest.run().await)
            }
            Fault::Latency { seconds, when: Moment::After } => {
                let response = rest.run().await;
                sleep(wait(seconds)).await;
                Ok(response)
            }
            Fault::Status { status, retry_after, body, when } => {
                if when == Moment::After {
                    rest.run().await;
                }
                Ok(answer::bare_status(status, retry_after, body))
            }
            Fault::Drop { when: Cut::Before } => Err(Hangup),
            Fault::Drop { when: Cut::After } => {
                rest.run().await;
                Err(Hangup)
            }
            Fault::Drop { when: Cut::Body } => {
                Ok(body::break_off(rest.run().await, Duration::ZERO))
            }
            Fault::Stall { when: Silence::Head, seconds } => {
                rest.run().await;
                sleep(wait(seconds)).await;
                Err(Hangup)
            }
            Fault::Stall { when: Silence::Body, seconds } => {
                Ok(body::break_off(rest.run().await, wait(seconds)))
            }
            Fault::Json { how } => Ok(answer::garble(rest.run().await, how).await),
            Fault::ContentType { value } => Ok(answer::disguise(rest.run().await, &value)),
            Fault::Events { how, seconds } => {
                let delay = wait(seconds.unwrap_or_default());
                Ok(events::disorder(rest.run().await, how, delay))
            }
            Fault::Forget {} => Ok(self.forget(target, rest).await),
        }
    }

    /// A submission is done before it is forgotten; anything else comes too late.
    async fn forget(&self, target: &Target, rest: Rest) -> Response<Body> {
        if let Some(Operation::Submit | Operation::Batch) = target.operation {
            let response = rest.run().await;
            return self.forget_all(&target.tasks).await.unwrap_or(response);
        }
        match self.forget_all(&target.tasks).await {
            Some(refused) => refused,
            None => rest.run().await,
        }
    }

    /// What went wrong, if anything did.
    async fn forget_all(&self, tasks: &[String]) -> Option<Response<Body>> {
        for id in tasks {
            if let Err(error) = self.0.server.forget(id).await {
                let message = format!("the task cannot be forgotten: {error}");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return Some(refusal(status, Code::Internal, &message));
            }
        }
        None
    }
}

/// The rest of a request's way, once.
struct Rest {
    next: Next,
    request: Request<Body>,
}

impl Rest {
    async fn run(self) -> Response<Body> {
        self.next.run(self.request).await
    }
}

impl Interceptor for Faults {
    fn intercept(
        &self,
        visit: Visit,
        request: Request<Body>,
        next: Next,
    ) -> BoxFuture<'static, Result<Response<Body>, Hangup>> {
        Box::pin(self.clone().answer(visit, request, next))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        lock(&self.0.switches).fmt(formatter)
    }
}
