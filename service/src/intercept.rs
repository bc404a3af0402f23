//! The place between the door and the answers where something may be made to go wrong.

use std::{fmt, net::SocketAddr};

use axum::{Router, body::Body};
use http::{Request, Response};
use media_factory_core::{media::MediaType, runtime::BoxFuture};
use tower::ServiceExt;

/// Sees every admitted request before it is answered, and every answer before it is sent.
///
/// A response body may be anything: a stream that stalls, or one whose error breaks the
/// connection in the middle of it.
pub trait Interceptor: fmt::Debug + Send + Sync + 'static {
    /// Answers a request, as a rule by asking `next`.
    ///
    /// # Errors
    /// [`Hangup`] closes the connection without an answer.
    fn intercept(
        &self,
        visit: Visit,
        request: Request<Body>,
        next: Next,
    ) -> BoxFuture<'static, Result<Response<Body>, Hangup>>;
}

/// Where a request came in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Whose port it was.
    pub medium: MediaType,
    /// Who asks.
    pub peer: SocketAddr,
}

/// The rest of the way to the answer.
#[derive(Debug, Clone)]
pub struct Next(pub(crate) Router);

impl Next {
    /// Answers the request as if nobody had intercepted it.
    pub async fn run(self, request: Request<Body>) -> Response<Body> {
        match self.0.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The connection is to be closed without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection is closed on purpose")]
pub struct Hangup;
