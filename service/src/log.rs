//! Structured logs on standard error: one line per request, never a key, a body or a prompt.

use std::io;

use axum::body::Body;
use http::{Request, Response, header};
use media_factory_core::media::MediaType;
use tracing::Level;
use tracing_subscriber::fmt;

use crate::arguments::LogForm;

/// Writes the log of this process; later calls change nothing.
pub fn start(form: LogForm, level: Level) {
    let lines = fmt().with_max_level(level).with_writer(io::stderr).with_target(false);
    // A program that embeds the service may have a log of its own.
    let _ = match form {
        LogForm::Text => {
            let colours = io::IsTerminal::is_terminal(&io::stderr());
            tracing::subscriber::set_global_default(lines.with_ansi(colours).finish())
        }
        LogForm::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            tracing::subscriber::set_global_default(lines.with_span_list(false).finish())
        }
    };
}

/// Characters of a path that are written; those of the protocol are shorter.
const LONGEST_PATH: usize = 256;

/// What is known of a request before it is answered.
#[derive(Debug)]
pub(crate) struct Entry {
    medium: MediaType,
    method: http::Method,
    path: String,
    started: u64,
}

impl Entry {
    /// Notes a request at `now`, in milliseconds of a clock that never jumps.
    pub(crate) fn begin(medium: &MediaType, request: &Request<Body>, now: u64) -> Self {
        Self {
            medium: medium.clone(),
            method: request.method().clone(),
            path: request.uri().path().chars().take(LONGEST_PATH).collect(),
            started: now,
        }
    }

    /// Writes the line; without a response the connection was closed on purpose.
    pub(crate) fn end(self, response: Option<&Response<Body>>, now: u64) {
        let status = response.map_or(0, |response| response.status().as_u16());
        let location = response.and_then(|response| response.headers().get(header::LOCATION));
        let location = location.and_then(|location| location.to_str().ok());
        let task = task_in(&self.path).or_else(|| task_in(location?));
        let (medium, method, path) = (self.medium.as_str(), self.method.as_str(), &*self.path);
        let ms = now.saturating_sub(self.started);
        // Somebody asks for health every few seconds.
        if path == "/health" && status == 200 {
            tracing::debug!(medium, method, path, status, ms, "request");
        } else {
            tracing::info!(medium, method, path, status, ms, task, "request");
        }
    }
}

/// The task that a path is about.
fn task_in(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/tasks/").or_else(|| path.strip_prefix("/outputs/"))?;
    rest.split('/').next().filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::task_in;

    #[test]
    fn paths_name_their_tasks() {
        assert_eq!(task_in("/tasks/a-1"), Some("a-1"));
        assert_eq!(task_in("/tasks/a-1/events"), Some("a-1"));
        assert_eq!(task_in("/outputs/a-1/0.png"), Some("a-1"));
        for other in ["/tasks", "/tasks/", "/generate", "/uploads/ab"] {
            assert_eq!(task_in(other), None, "{other}");
        }
    }
}
