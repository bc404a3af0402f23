//! A file on its way here, picked up where it broke off.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;

use super::link::{LONGEST_ANSWER, Link, Patience, too_large};
use crate::{
    error::{Code, Error, Result},
    recovery::{Failed, Verdict, after_read},
    runtime::{Body, HttpRequest, HttpResponse, Method, TransportError},
    url,
};

/// A file, or a part of it, as it comes.
pub(super) struct Transfer {
    link: Arc<Link>,
    url: String,
    /// The bytes wanted; up to the end of the file where nobody knows it.
    wanted: Range<u64>,
    is_whole: bool,
    /// The next byte of the file.
    at: u64,
    /// Known once an answer has told how long the file is.
    end: Option<u64>,
    /// What the service calls this version of the file, where it takes ranges of it.
    version: Option<String>,
    body: Option<Incoming>,
    /// Whether bytes were given out since the start.
    has_given: bool,
    /// How far into the file it ever came, also before it started over.
    farthest: u64,
    failures: u32,
    is_over: bool,
}

/// What comes next.
pub(super) enum Piece {
    Bytes(Bytes),
    /// The file comes from its start again: what came before does not count.
    StartsOver,
}

struct Incoming {
    body: Body,
    /// Bytes that come before those that are wanted.
    skip: u64,
}

/// Why a transfer does not go on at once.
enum Fault {
    /// For good.
    Final(Error),
    /// It may pass.
    Passing(Error),
}

impl Transfer {
    /// All of the file.
    pub(super) fn whole(link: &Arc<Link>, url: &str) -> Self {
        Self { is_whole: true, ..Self::part(link, url, 0..u64::MAX) }
    }

    /// A part of it; what lies beyond its end is left out.
    pub(super) fn part(link: &Arc<Link>, url: &str, wanted: Range<u64>) -> Self {
        Self {
            link: link.clone(),
            url: url.to_owned(),
            at: wanted.start,
            farthest: wanted.start,
            is_over: wanted.is_empty(),
            wanted,
            is_whole: false,
            end: None,
            version: None,
            body: None,
            has_given: false,
            failures: 0,
        }
    }

    /// The next piece; `None` after the last, and after an error.
    pub(super) async fn next(&mut self) -> Option<Result<Piece>> {
        while !self.is_over {
            let fault = match self.step().await {
                Ok(Some(piece)) => return Some(Ok(piece)),
                Ok(None) => continue,
                Err(fault) => fault,
            };
            self.body = None;
            if let Err(error) = self.rest(fault).await {
                self.is_over = true;
                return Some(Err(error));
            }
        }
        None
    }

    async fn rest(&mut self, fault: Fault) -> Result<()> {
        let error = match fault {
            Fault::Final(error) => return Err(error),
            Fault::Passing(error) => error,
        };
        self.failures += 1;
        if self.failures >= self.link.config.retry.max_attempts {
            return Err(error);
        }
        self.link.pause(self.failures, error, None, self.link.clock.random()).await
    }

    /// One move forward; `None` when there is nothing to hand out yet.
    async fn step(&mut self) -> Result<Option<Piece>, Fault> {
        let Some(incoming) = &mut self.body else { return self.begin().await };
        let chunk = match &mut incoming.body {
            Body::Full(bytes) => Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()),
            Body::Stream(stream) => {
                let chunk = self.link.next_chunk(stream).await.transpose();
                chunk
                    .map_err(|error| Fault::Passing(self.link.transport_error(&self.url, &error)))?
            }
        };
        let Some(mut chunk) = chunk else { return self.ended() };
        let skipped = incoming.skip.min(chunk.len() as u64);
        incoming.skip -= skipped;
        chunk = chunk.split_off(usize::try_from(skipped).unwrap_or(usize::MAX).min(chunk.len()));
        let left = self.end.unwrap_or(self.wanted.end).saturating_sub(self.at);
        chunk.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        self.at += chunk.len() as u64;
        self.within_limit(self.at)?;
        self.is_over = self.end.unwrap_or(self.wanted.end) <= self.at;
        if self.version.is_some() && self.at > self.farthest {
            // What is here need not come again, so that patience starts anew; but not for a file
            // that starts over and over.
            self.failures = 0;
            self.farthest = self.at;
        }
        self.has_given |= !chunk.is_empty();
        Ok((!chunk.is_empty()).then_some(Piece::Bytes(chunk)))
    }

    fn ended(&mut self) -> Result<Option<Piece>, Fault> {
        if self.end.is_some_and(|end| self.at < end) {
            let to = url::without_query(&self.url);
            let message = format!("the exchange with {to} broke off: the body is too short");
            return Err(Fault::Passing(Error::new(Code::Connection, message)));
        }
        self.is_over = true;
        Ok(None)
    }

    /// Asks for what is missing, or for everything where nobody can tell that it still fits.
    async fn begin(&mut self) -> Result<Option<Piece>, Fault> {
        let resumes = self.has_given && self.version.is_some();
        if !resumes {
            self.at = self.wanted.start;
        }
        let response = self.link.open(self.request(), Patience::Request).await;
        let response = response.map_err(|error| broken(&self.link, &self.url, &error))?;
        let goes_on = resumes && response.status == 206;
        match response.status {
            // It comes from its start.
            _ if resumes && self.has_changed(&response) => {
                self.version = None;
                return Ok(None);
            }
            206 => self.part_begins(response)?,
            200..=299 => self.whole_begins(response)?,
            // Nothing of the file lies there.
            416 if self.is_ranged() => self.is_over = true,
            _ => return Err(refused(&self.link, &self.url, response).await),
        }
        let starts_over = !goes_on && std::mem::take(&mut self.has_given);
        Ok(starts_over.then_some(Piece::StartsOver))
    }

    fn is_ranged(&self) -> bool {
        self.at > 0 || !self.is_whole
    }

    fn request(&self) -> HttpRequest {
        let request = HttpRequest::new(Method::Get, &self.url);
        if !self.is_ranged() {
            return request;
        }
        let range = match self.is_whole {
            true => format!("bytes={}-", self.at),
            false => format!("bytes={}-{}", self.at, self.wanted.end.saturating_sub(1)),
        };
        let request = request.with_header("range", range);
        match &self.version {
            Some(version) if self.at > self.wanted.start => {
                request.with_header("if-range", version)
            }
            _ => request,
        }
    }

    /// Whether nothing fits to what is here any more: the file has become shorter, or the part is
    /// of another version, as not everybody who takes ranges heeds `If-Range`.
    fn has_changed(&self, response: &HttpResponse) -> bool {
        if response.status != 206 {
            return response.status == 416;
        }
        let total = response.header("content-range").and_then(|range| content_range(range)?.1);
        let end = total.map(|total| total.min(self.wanted.end));
        response.header("etag").is_some_and(|etag| Some(etag) != self.version.as_deref())
            || end.is_some_and(|end| self.end.is_some_and(|known| known != end))
    }

    fn part_begins(&mut self, response: HttpResponse) -> Result<(), Fault> {
        let range = response.header("content-range").unwrap_or_default();
        let (first, total) = content_range(range).unwrap_or((u64::MAX, None));
        if first != self.at {
            let to = url::without_query(&self.url);
            let message = format!("{to} was asked for bytes from {} on and sent others", self.at);
            return Err(Fault::Final(Error::new(Code::Protocol, message).with_status(206)));
        }
        self.end = total.map(|total| total.min(self.wanted.end)).or(self.end);
        self.version = version_of(&response, true);
        self.body = Some(Incoming { body: response.body, skip: 0 });
        self.end.map_or(Ok(()), |end| self.within_limit(end))
    }

    fn whole_begins(&mut self, response: HttpResponse) -> Result<(), Fault> {
        // No output is one: a portal or a gateway has put it in the file's place.
        if response.header("content-type").is_some_and(is_page) {
            let (to, status) = (url::without_query(&self.url), response.status);
            let message = format!("{to} answered {status} with an HTML page instead of the file");
            return Err(Fault::Passing(Error::new(Code::Protocol, message).with_status(status)));
        }
        self.at = self.wanted.start;
        self.end = response.body_length().map(|length| length.min(self.wanted.end));
        self.version = version_of(&response, false);
        self.body = Some(Incoming { body: response.body, skip: self.at });
        let Some(end) = self.end else { return Ok(()) };
        self.is_over = end <= self.at;
        self.within_limit(end)
    }

    fn within_limit(&self, end: u64) -> Result<(), Fault> {
        let limit = self.link.config.max_output_bytes;
        if end.saturating_sub(self.wanted.start) <= limit {
            return Ok(());
        }
        Err(Fault::Final(self.link.transport_error(&self.url, &too_large(limit))))
    }
}

fn is_page(content_type: &str) -> bool {
    const PAGE: &str = "text/html";
    content_type.get(..PAGE.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(PAGE))
}

fn broken(link: &Link, url: &str, cause: &TransportError) -> Fault {
    let error = link.transport_error(url, cause);
    match after_read(&Failed::Transport(cause.clone())) {
        Verdict::GiveUp => Fault::Final(error),
        _ => Fault::Passing(error),
    }
}

async fn refused(link: &Link, url: &str, response: HttpResponse) -> Fault {
    let (failed, error) = match link.whole(url, response, LONGEST_ANSWER).await {
        Ok(answer) => link.failed(&answer),
        Err(error) => {
            let shown = link.transport_error(url, &error);
            (Failed::Transport(error), shown)
        }
    };
    match after_read(&failed) {
        Verdict::GiveUp => Fault::Final(error),
        _ => Fault::Passing(error),
    }
}

/// The version of the file that a range of it may be asked for: only a strong ETag promises the
/// same bytes, and only of a body that is not encoded on the way.
fn version_of(response: &HttpResponse, is_part: bool) -> Option<String> {
    let takes_ranges =
        is_part || response.header("accept-ranges").is_some_and(|units| units.trim() == "bytes");
    let etag = response.header("etag").filter(|etag| etag.starts_with('"'))?;
    let is_plain = matches!(response.header("content-encoding"), None | Some("identity"));
    (takes_ranges && is_plain).then(|| etag.to_owned())
}

/// The first byte and the file's length of `bytes 0-4/10`.
fn content_range(value: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    let is_sound = first <= last && total.is_none_or(|total| last < total);
    is_sound.then_some((first, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_strictly() {
        assert_eq!(content_range("bytes 0-4/10"), Some((0, Some(10))));
        assert_eq!(content_range("bytes 5-9/*"), Some((5, None)));
        for bad in ["", "bytes */10", "bytes 4-0/10", "bytes 0-10/10", "items 0-1/2", "bytes 0-4"] {
            assert_eq!(content_range(bad), None, "{bad}");
        }
    }
}
