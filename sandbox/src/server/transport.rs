//! The way to the server without a network: the `sandbox` protocol's transport.

use media_factory_core::{
    config::SANDBOX_SCHEME,
    media::MediaType,
    runtime::{
        BoxFuture, HttpRequest, HttpResponse, Sent, Transport, TransportError, TransportErrorKind,
    },
};

use super::{Caller, Server};

/// Carries requests for `sandbox://image`, `sandbox://video` and `sandbox://voice` to a server in
/// the same process.
#[derive(Debug, Clone)]
pub struct SandboxTransport {
    server: Server,
}

impl SandboxTransport {
    /// The way to this server.
    pub fn new(server: Server) -> Self {
        Self { server }
    }

    /// The server behind it.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

impl Transport for SandboxTransport {
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        let Some(media_type) = medium(&request.url) else {
            let message = "the sandbox is reached as sandbox://image, ://video or ://voice only";
            let error = TransportError::new(TransportErrorKind::Invalid, Sent::Never, message);
            return Box::pin(std::future::ready(Err(error)));
        };
        let answer = self.server.handle(&Caller::default(), media_type, request);
        Box::pin(async move { Ok(answer.await) })
    }
}

fn medium(url: &str) -> Option<MediaType> {
    let host = url.strip_prefix(SANDBOX_SCHEME)?.split(['/', '?', '#']).next()?;
    MediaType::BUILT_IN.into_iter().find(|known| known.as_str() == host)
}
