//! The names that the service goes by. A page whose own name was made to point here (DNS
//! rebinding) asks under that name, and is refused.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::body::Body;
use http::{Request, header, uri::Authority};

use crate::failure::StartError;

/// Which names in `Host` are accepted.
#[derive(Debug)]
pub(super) struct Hosts {
    names: Vec<String>,
    any: bool,
}

impl Hosts {
    pub(super) fn new(allowed: &[String]) -> Result<Self, StartError> {
        let mut names = Vec::new();
        for name in allowed.iter().filter(|name| *name != "*") {
            let bare = name.parse::<Authority>().ok().filter(|authority| {
                // What stands before an `@` is no part of a name.
                !authority.as_str().contains('@') && !authority.host().is_empty()
            });
            let Some(authority) = bare else {
                return Err(StartError::Name(format!(
                    "--allow-host {name} is no host name: give one such as media.example, \
                     without scheme and path"
                )));
            };
            names.push(without_dot(authority.host()).to_ascii_lowercase());
        }
        Ok(Self { names, any: allowed.iter().any(|name| name == "*") })
    }

    /// Whether a `Host` header names this service; its port does not matter, because a gateway
    /// may listen on another one.
    pub(super) fn allow(&self, host: &str) -> bool {
        if self.any {
            return true;
        }
        let Ok(authority) = host.parse::<Authority>() else { return false };
        if authority.as_str().contains('@') {
            return false;
        }
        let name = without_dot(authority.host()).to_ascii_lowercase();
        // Rebinding needs a name: whoever asks for an address means this machine.
        is_address(&name) || is_local(&name) || self.names.contains(&name)
    }
}

/// The one host that a request is for: the target's own where it has one, else the header.
pub(super) fn of(request: &Request<Body>) -> Option<&str> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let named = headers.next().and_then(|host| host.to_str().ok());
    match (request.uri().authority(), headers.next()) {
        (_, Some(_)) => None,
        (Some(authority), None) => Some(authority.as_str()),
        (None, None) => named,
    }
}

fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn is_address(name: &str) -> bool {
    let six = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    six.is_some_and(|six| six.parse::<Ipv6Addr>().is_ok()) || name.parse::<Ipv4Addr>().is_ok()
}

/// Names that always mean the machine itself (RFC 6761, 6.3).
pub(super) fn is_local(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(allowed: &[&str]) -> Hosts {
        Hosts::new(&allowed.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn addresses_and_names_of_this_machine_are_accepted() {
        let hosts = hosts(&["Media.Example", "image-generation-service:5000"]);
        for name in [
            "localhost",
            "LOCALHOST:5000",
            "localhost.:5000",
            "api.localhost",
            "127.0.0.1:5000",
            "192.168.0.7",
            "[::1]:5000",
            "media.example",
            "MEDIA.example:8080",
            "media.example.",
            "image-generation-service:5000",
        ] {
            assert!(hosts.allow(name), "{name}");
        }
        for name in [
            "",
            "evil.example",
            "evil.example:5000",
            "localhost.evil.example",
            "127.0.0.1.evil.com",
            "evil@localhost",
            "localhost@evil.example",
            "notlocalhost",
            "[::1",
            "a b",
            "media.example.evil",
        ] {
            assert!(!hosts.allow(name), "{name}");
        }
    }

    #[test]
    fn a_star_accepts_all() {
        assert!(hosts(&["*"]).allow("evil.example"));
    }

    #[test]
    fn what_is_no_name_is_refused_at_the_start() {
        for wrong in ["http://media.example", "media.example/path", "", "a@b"] {
            let error = Hosts::new(&[wrong.to_owned()]).unwrap_err();
            assert!(error.to_string().contains("--allow-host"), "{wrong}: {error}");
        }
    }
}
