//! Pages of which origins may use the service, and how browsers are told (CORS).

use std::net::Ipv4Addr;

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};

use super::host::is_local;
use crate::failure::StartError;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, DELETE, OPTIONS");

const REQUEST_HEADERS: &str = "Accept, Authorization, Content-Type, Idempotency-Key, \
    If-None-Match, If-Range, Last-Event-ID, Prefer, Range";

const FAULT_HEADER: &str = "X-Media-Factory-Fault";

const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Location, Retry-After, ETag, Accept-Ranges, Content-Range, Content-Length",
);

/// A day, in seconds: as long as browsers keep it at most.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

const ASKS_PRIVATE: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOWS_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Which origins are allowed.
#[derive(Debug)]
pub(super) struct Origins {
    /// In lower case; empty: those of this machine.
    names: Vec<String>,
    any: bool,
    request_headers: HeaderValue,
}

impl Origins {
    pub(super) fn new(allowed: &[String], faults: bool) -> Result<Self, StartError> {
        let mut names = Vec::new();
        for name in allowed {
            let origin = name.trim_end_matches('/').to_ascii_lowercase();
            let well_formed = origin.split_once("://").is_some_and(|(scheme, authority)| {
                !scheme.is_empty() && !authority.is_empty() && !authority.contains(['/', '@', '?'])
            });
            if !well_formed && name != "*" && name != "null" {
                return Err(StartError::Name(format!(
                    "--allow-origin {name} is no origin: give scheme, host and port of the page, \
                     such as https://studio.example or http://localhost:8000"
                )));
            }
            names.push(origin);
        }
        let request_headers = match faults {
            true => format!("{REQUEST_HEADERS}, {FAULT_HEADER}"),
            false => REQUEST_HEADERS.to_owned(),
        };
        let request_headers = HeaderValue::try_from(request_headers)
            .map_err(|error| StartError::Name(error.to_string()))?;
        Ok(Self { any: names.iter().any(|name| name == "*"), names, request_headers })
    }

    pub(super) fn allow(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        let origin = origin.to_ascii_lowercase();
        match self.names.is_empty() {
            true => is_of_this_machine(&origin),
            false => self.any || self.names.contains(&origin),
        }
    }

    /// The answer to a browser, or anybody, that asks what would be allowed.
    pub(super) fn preflight(&self, request: &Request<Body>) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if request.headers().contains_key(header::ORIGIN) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.request_headers.clone());
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
            // Chromium asks before a public page may reach a private address.
            if request.headers().contains_key(ASKS_PRIVATE) {
                headers.insert(ALLOWS_PRIVATE, HeaderValue::from_static("true"));
            }
        }
        response
    }
}

/// Lets a page of this origin read the answer.
pub(super) fn admit(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

fn is_of_this_machine(origin: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    let Some(authority) = authority else { return false };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => authority,
    };
    let is_loopback = |four: Ipv4Addr| four.is_loopback();
    is_local(host) || host == "[::1]" || host.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(allowed: &[&str]) -> Origins {
        let allowed: Vec<String> = allowed.iter().map(|&name| name.to_owned()).collect();
        Origins::new(&allowed, false).unwrap()
    }

    fn allows(origins: &Origins, origin: &str) -> bool {
        origins.allow(&HeaderValue::from_str(origin).unwrap())
    }

    #[test]
    fn pages_of_this_machine_are_allowed_unless_others_are_named() {
        let usual = origins(&[]);
        for origin in [
            "http://localhost",
            "http://localhost:8000",
            "https://127.0.0.1:8443",
            "http://[::1]:1",
            "http://app.localhost:3000",
            "http://127.8.0.1",
        ] {
            assert!(allows(&usual, origin), "{origin}");
        }
        for origin in [
            "null",
            "https://studio.example",
            "http://localhost.evil.example",
            "file://",
            "http://192.168.0.7",
            "http://localhost:x",
            "http://evil@localhost",
            "localhost",
        ] {
            assert!(!allows(&usual, origin), "{origin}");
        }
        let named = origins(&["https://Studio.example/", "null"]);
        assert!(allows(&named, "https://studio.example") && allows(&named, "null"));
        assert!(!allows(&named, "http://localhost") && !allows(&named, "http://studio.example"));
        assert!(allows(&origins(&["*"]), "https://anything.example"));
    }

    #[test]
    fn what_is_no_origin_is_refused_at_the_start() {
        for wrong in ["studio.example", "https://studio.example/page", "https://", ""] {
            let error = Origins::new(&[wrong.to_owned()], false).unwrap_err();
            assert!(error.to_string().contains("--allow-origin"), "{wrong}: {error}");
        }
    }
}
