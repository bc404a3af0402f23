//! One medium's service: the way of a request from the connection to its answer.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body};
use http::{Request, Response};
use hyper::body::Incoming;
use media_factory_core::{media::MediaType, runtime::Clock};

use crate::{
    access::{Access, Admission},
    answer::{self, Desk},
    intake,
    intercept::{Hangup, Interceptor, Next, Visit},
    log::Entry,
    openapi::{self, Facts},
};

/// What listens on one port.
#[derive(Debug)]
pub(crate) struct Site {
    medium: MediaType,
    access: Arc<Access>,
    interceptor: Option<Arc<dyn Interceptor>>,
    router: Router,
    clock: Arc<dyn Clock>,
}

impl Site {
    pub(crate) fn new(
        desk: Desk,
        facts: &Facts,
        access: Arc<Access>,
        interceptor: Option<Arc<dyn Interceptor>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let medium = desk.medium.clone();
        // Paths beside the protocol are routes here, before everything else is the protocol's.
        let router = Router::new()
            .route("/openapi.json", openapi::route(&medium, facts))
            .fallback(answer::answer)
            .with_state(Arc::new(desk));
        Self { medium, access, interceptor, router, clock }
    }

    /// Answers one request.
    ///
    /// # Errors
    /// [`Hangup`] when the connection is to be closed without an answer.
    pub(crate) async fn answer(
        self: Arc<Self>,
        peer: SocketAddr,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Hangup> {
        let mut request = request.map(Body::new);
        let entry = Entry::begin(&self.medium, &request, self.clock.ticks());
        let origin = self.access.origin_of(&request);
        let result = match self.access.admit(peer, &request) {
            Admission::Answered(response) => {
                let (head, body) = request.into_parts();
                intake::discard(&head.headers, body);
                Ok(response)
            }
            Admission::Admitted(caller) => {
                request.extensions_mut().insert(caller);
                self.ask(peer, request).await
            }
        };
        let result = result.map(|response| self.access.label(response, origin.as_ref()));
        entry.end(result.as_ref().ok(), self.clock.ticks());
        result
    }

    async fn ask(
        &self,
        peer: SocketAddr,
        request: Request<Body>,
    ) -> Result<Response<Body>, Hangup> {
        let next = Next(self.router.clone());
        match &self.interceptor {
            None => Ok(next.run(request).await),
            Some(interceptor) => {
                let visit = Visit { medium: self.medium.clone(), peer };
                interceptor.intercept(visit, request, next).await
            }
        }
    }
}
