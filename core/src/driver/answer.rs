//! Reads what a submission is answered with: an answer as a whole, or a stream of events.

use super::{
    Run,
    link::{LONGEST_ANSWER, Patience},
};
use crate::{
    error::{Error, Result},
    media::Map,
    protocol::{AnswerStream, Job, Report, Streamed},
    recovery::{Failed, SubmitSafety},
    runtime::{Body, HttpRequest, Sent, TransportError, TransportErrorKind},
    sse::EventReader,
};

/// What one attempt to submit led to.
pub(super) enum Attempt {
    /// The service has taken the job, or has already done it.
    Answered(Box<Report>),
    /// It has not, or nobody knows.
    Failed(Failed, Error),
}

impl Run<'_> {
    /// Submits once; the turn has come.
    ///
    /// # Errors
    /// What is final whatever repeating costs: an answer of 2xx that says something else.
    pub(super) async fn attempt(&self, request: HttpRequest, parameters: &Map) -> Result<Attempt> {
        let link = self.link;
        let url = request.url.clone();
        let answer = match link.send(request, Patience::Task).await {
            Ok(response) => {
                let version = link.endpoint.version();
                let job = self.job(parameters, &version);
                let stream = match response.is_event_stream() {
                    true => link.protocol.answer_stream(&job),
                    false => None,
                };
                if let Some(stream) = stream {
                    let read = self.read_stream(&job, stream, response.body).await?;
                    return Ok(self.attempt_of(&url, read));
                }
                let longest = match link.protocol.answers_with_media() {
                    true => link.config.max_output_bytes.max(LONGEST_ANSWER),
                    false => LONGEST_ANSWER,
                };
                link.whole(&url, response, longest).await
            }
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) if answer.is_success() => {
                let version = link.endpoint.version();
                let job = self.job(parameters, &version);
                match link.protocol.submitted(&job, &answer) {
                    Ok((report, version)) => {
                        link.endpoint.learn(version);
                        Ok(Attempt::Answered(Box::new(report)))
                    }
                    Err(error) if answer.json().is_err() => {
                        let accepted = answer.status == 202;
                        Ok(Attempt::Failed(Failed::Garbled { accepted }, error))
                    }
                    Err(error) => {
                        let safety = link.protocol.submit_safety(&version);
                        if answer.status == 202 || safety == SubmitSafety::Idempotent {
                            // Behind it is a job that nobody would ever look at.
                            self.tell_to_stop();
                        }
                        Err(error)
                    }
                }
            }
            Ok(answer) => {
                let (failed, error) = link.failed(&answer);
                Ok(Attempt::Failed(failed, error))
            }
            Err(error) => Ok(self.attempt_of(&url, Err(error))),
        }
    }

    fn attempt_of(&self, url: &str, read: Result<Report, TransportError>) -> Attempt {
        match read {
            Ok(report) => Attempt::Answered(Box::new(report)),
            Err(error) => {
                let mut shown = self.link.transport_error(url, &error);
                let is_too_large = error.kind == TransportErrorKind::TooLarge;
                if is_too_large && self.link.protocol.answers_with_media() {
                    shown = shown.with_hint("raise max_output_bytes");
                }
                Attempt::Failed(Failed::Transport(error), shown)
            }
        }
    }

    /// Tells what the stream tells, up to its result. Silence is no failure here: the service is
    /// at work, which the task's deadline bounds.
    async fn read_stream(
        &self,
        job: &Job<'_>,
        mut stream: Box<dyn AnswerStream>,
        mut body: Body,
    ) -> Result<Result<Report, TransportError>> {
        let mut reader = EventReader::default();
        while let Some(chunk) = body.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => return Ok(Err(error)),
            };
            let Some(events) = reader.feed(&chunk) else {
                let (kind, message) = (TransportErrorKind::TooLarge, "an event without end");
                return Ok(Err(TransportError::new(kind, Sent::Maybe, message)));
            };
            for event in events {
                match stream.event(job, &event.data)? {
                    Streamed::Working => self.task.processing(),
                    Streamed::Preview(produced) => self.show(produced),
                    Streamed::Ended(report) => return Ok(Ok(report)),
                }
            }
        }
        Ok(Ok(stream.end(job)?))
    }
}
