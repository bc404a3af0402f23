//! Who may ask: the checks every request passes before it is looked at.

mod host;
mod origin;
mod token;

use std::net::SocketAddr;

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use media_factory_core::Code;
use media_factory_sandbox::server::{Caller, names_in};

use self::{host::Hosts, origin::Origins, token::Tokens};
use crate::{arguments::Arguments, failure::StartError, refusal::refusal};

/// The rules of one service.
#[derive(Debug)]
pub(crate) struct Access {
    hosts: Hosts,
    origins: Origins,
    tokens: Tokens,
}

/// What the checks say.
pub(crate) enum Admission {
    /// The request may be answered to this caller.
    Admitted(Caller),
    /// It is answered already, with a refusal or as a preflight.
    Answered(Response<Body>),
}

/// The origin of the page that asks, where it may.
#[derive(Debug, Clone)]
pub(crate) struct Origin(HeaderValue);

impl Access {
    pub(crate) fn new(arguments: &Arguments) -> Result<Self, StartError> {
        let access = Self {
            hosts: Hosts::new(&arguments.allow_host)?,
            origins: Origins::new(&arguments.allow_origin, arguments.faults)?,
            tokens: Tokens::new(arguments.token_file.as_deref(), arguments.token.as_deref())?,
        };
        if !arguments.host.is_loopback() && access.tokens.is_empty() {
            tracing::warn!(
                address = %arguments.host,
                "other machines can reach this service and no token is asked of them: give \
                 --token-file"
            );
        }
        Ok(access)
    }

    /// Whether clients need a token.
    pub(crate) fn wants_token(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// The origin that the request names, where its pages may use the service.
    pub(crate) fn origin_of(&self, request: &Request<Body>) -> Option<Origin> {
        let origin = request.headers().get(header::ORIGIN)?;
        let allowed = self.origins.allow(origin) || self.is_same_origin(origin, request);
        allowed.then(|| Origin(origin.clone()))
    }

    /// A page that came from this very name and port: a gateway serves both.
    fn is_same_origin(&self, origin: &HeaderValue, request: &Request<Body>) -> bool {
        let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        let host = host::of(request).filter(|host| self.hosts.allow(host));
        matches!((authority, host), (Some((_, authority)), Some(host)) if authority == host)
    }

    /// Checks host, origin and token, in this order.
    pub(crate) fn admit(&self, peer: SocketAddr, request: &Request<Body>) -> Admission {
        match self.check(peer, request) {
            Ok(caller) => Admission::Admitted(caller),
            Err(response) => Admission::Answered(response),
        }
    }

    fn check(&self, peer: SocketAddr, request: &Request<Body>) -> Result<Caller, Response<Body>> {
        let Some(host) = host::of(request) else {
            let message = "the request must have one Host header";
            return Err(refusal(StatusCode::BAD_REQUEST, Code::Validation, message));
        };
        if !self.hosts.allow(host) {
            // The name is the client's own and not repeated: nothing of a request is.
            let message = "the service does not go by the name in the Host header: use an \
                           address, or start it with --allow-host and this name";
            return Err(refusal(StatusCode::MISDIRECTED_REQUEST, Code::Config, message));
        }
        let foreign =
            request.headers().contains_key(header::ORIGIN) && self.origin_of(request).is_none();
        if *request.method() == Method::OPTIONS {
            return Err(match foreign {
                true => foreign_origin(),
                false => self.origins.preflight(request),
            });
        }
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if foreign && !reads {
            return Err(foreign_origin());
        }
        let names = names_in(request.uri().path());
        if names == ["health"] && reads {
            return Ok(Caller::default());
        }
        if self.tokens.is_empty() {
            // Ids are secrets between a client and the service; this list would tell them all.
            let lists = names == ["tasks"] && !is_of_this_machine(peer, request.headers());
            return match lists {
                true => Err(token::wanted(
                    "the list of tasks is for this machine only, as long as the service is \
                     started without --token-file",
                )),
                false => Ok(Caller::default()),
            };
        }
        match self.tokens.scope_of(request) {
            Some(scope) => Ok(Caller::of_scope(scope)),
            None => Err(token::wanted(
                "the service wants a token that it knows: Authorization: Bearer …",
            )),
        }
    }

    /// Adds what every answer says, whoever gave it.
    pub(crate) fn label(
        &self,
        mut response: Response<Body>,
        origin: Option<&Origin>,
    ) -> Response<Body> {
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(Origin(origin)) = origin {
            origin::admit(headers, origin.clone());
        }
        response
    }
}

/// Whether somebody on this machine asks, and not a gateway on it for somebody else. A gateway that
/// adds no header of its own cannot be told apart.
pub(crate) fn is_of_this_machine(peer: SocketAddr, headers: &HeaderMap) -> bool {
    let of_gateways = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];
    peer.ip().to_canonical().is_loopback()
        && !of_gateways.iter().any(|name| headers.contains_key(*name))
}

fn foreign_origin() -> Response<Body> {
    let message = "pages of this origin may not use the service: start it with --allow-origin \
                   and the origin";
    refusal(StatusCode::FORBIDDEN, Code::Auth, message)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn status(peer: &str, path: &str, token: Option<&str>) -> u16 {
        status_with(peer, path, token, ("accept", "*/*"))
    }

    fn status_with(peer: &str, path: &str, token: Option<&str>, header: (&str, &str)) -> u16 {
        let mut arguments = Arguments::parse_from(["media-factory-service"]);
        arguments.token = token.map(str::to_owned);
        let access = Access::new(&arguments).unwrap();
        let request = Request::get(path).header("host", "127.0.0.1:5000");
        let request = request.header("authorization", "Bearer a-token-of-a-client");
        let request = request.header(header.0, header.1);
        let request = request.body(Body::empty()).unwrap();
        match access.admit(SocketAddr::new(peer.parse().unwrap(), 4711), &request) {
            Admission::Admitted(_) => 200,
            Admission::Answered(response) => response.status().as_u16(),
        }
    }

    #[test]
    fn the_list_of_tasks_is_for_this_machine_or_for_tokens() {
        for here in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(status(here, "/tasks", None), 200, "{here}");
        }
        for elsewhere in ["192.168.0.7", "::ffff:192.168.0.7", "2001:db8::1"] {
            assert_eq!(status(elsewhere, "/tasks", None), 401, "{elsewhere}");
            for writing in ["/tasks?limit=3", "/%74asks", "/t%61sk%73", "http://127.0.0.1/tasks"] {
                assert_eq!(status(elsewhere, writing, None), 401, "{elsewhere} {writing}");
            }
            assert_eq!(status(elsewhere, "/tasks/one", None), 200, "{elsewhere}");
            assert_eq!(status(elsewhere, "/tasks", Some("a-token-of-a-client")), 200);
            assert_eq!(status(elsewhere, "/tasks", Some("another-token")), 401);
            assert_eq!(status(elsewhere, "/health", Some("another-token")), 200);
        }
    }
    #[test]
    fn whoever_comes_through_a_gateway_is_not_of_this_machine() {
        for header in ["Forwarded", "Via", "X-Forwarded-For", "X-Real-IP"] {
            let listed = status_with("127.0.0.1", "/tasks", None, (header, "192.168.0.7"));
            assert_eq!(listed, 401, "{header}");
        }
    }
}
