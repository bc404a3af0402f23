//! What an endpoint has been given already, so that the same bytes are uploaded once.

use std::{
    collections::{BTreeMap, VecDeque},
    future::poll_fn,
    sync::Mutex,
    task::{Poll, Waker},
};

use sha2::{Digest, Sha256};

use crate::{
    config::Config,
    error::{Code, Error, Result},
    runtime::lock,
};

/// So many addresses are kept; with their digests that is a few hundred kilobytes.
const MOST: usize = 4096;

/// Bytes and the caller whose they are: a service shows uploads to whoever made them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(config: &Config, bytes: &[u8]) -> Self {
        let mut digest = Sha256::new();
        let mut part = |part: &[u8]| {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        };
        part(config.path("uploads").as_bytes());
        part(config.api_key.as_ref().map(|key| key.reveal().as_bytes()).unwrap_or_default());
        for (name, value) in &config.headers {
            part(name.as_bytes());
            part(value.reveal().as_bytes());
        }
        part(bytes);
        Self(digest.finalize().into())
    }
}

/// The uploads of one endpoint.
#[derive(Default)]
pub(crate) struct Uploads(Mutex<Known>);

#[derive(Default)]
struct Known {
    entries: BTreeMap<Fingerprint, Entry>,
    /// Of uploads that have come to an end, the oldest first.
    by_age: VecDeque<Fingerprint>,
}

enum Entry {
    UnderWay(Vec<Waker>),
    At(String),
    /// For those who were waiting for it; whoever comes later tries again.
    Failed(Error),
}

/// How bytes get to the service.
pub(super) enum Turn<'a> {
    /// They are there already.
    At(String),
    /// They have to be uploaded, by whoever has this.
    Mine(Upload<'a>),
}

/// The right to upload; others with the same bytes wait until it is dropped.
pub(super) struct Upload<'a> {
    uploads: &'a Uploads,
    key: Fingerprint,
    /// Stays empty when the task was cancelled, or had no time to wait: then another takes over.
    outcome: Option<Result<String>>,
}

impl Uploads {
    /// Where the bytes are, or the right to upload them.
    ///
    /// # Errors
    /// Those of another's upload that this one has waited for.
    pub(super) async fn turn(&self, key: Fingerprint) -> Result<Turn<'_>> {
        let mut has_waited = false;
        poll_fn(|context| {
            let mut known = lock(&self.0);
            match known.entries.get_mut(&key) {
                Some(Entry::At(url)) => return Poll::Ready(Ok(Turn::At(url.clone()))),
                Some(Entry::Failed(error)) if has_waited => {
                    return Poll::Ready(Err(error.clone()));
                }
                Some(Entry::UnderWay(waiting)) => {
                    has_waited = true;
                    waiting.push(context.waker().clone());
                    return Poll::Pending;
                }
                Some(Entry::Failed(_)) | None => {}
            }
            if let Some(Entry::Failed(_)) = known.entries.insert(key, Entry::UnderWay(Vec::new())) {
                known.by_age.retain(|kept| *kept != key);
            }
            Poll::Ready(Ok(Turn::Mine(Upload { uploads: self, key, outcome: None })))
        })
        .await
    }

    /// The service does not have it any more.
    pub(super) fn forget(&self, key: Fingerprint) {
        let mut known = lock(&self.0);
        if let Some(Entry::At(_)) = known.entries.get(&key) {
            known.entries.remove(&key);
            known.by_age.retain(|kept| *kept != key);
        }
    }
}

impl Upload<'_> {
    /// How the upload ended; gives that back.
    pub(super) fn ended(mut self, outcome: Result<String>) -> Result<String> {
        let is_own = outcome.as_ref().is_err_and(|error| error.code == Code::RateLimited);
        self.outcome = (!is_own).then(|| outcome.clone());
        outcome
    }
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        let mut known = lock(&self.uploads.0);
        let ended = match self.outcome.take() {
            Some(Ok(url)) => Some(Entry::At(url)),
            Some(Err(error)) => Some(Entry::Failed(error)),
            None => None,
        };
        let entry = match ended {
            Some(ended) => {
                known.by_age.push_back(self.key);
                known.entries.insert(self.key, ended)
            }
            None => known.entries.remove(&self.key),
        };
        while known.by_age.len() > MOST {
            if let Some(oldest) = known.by_age.pop_front() {
                known.entries.remove(&oldest);
            }
        }
        drop(known);
        if let Some(Entry::UnderWay(waiting)) = entry {
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn what_is_kept_is_bounded_also_of_what_failed() {
        let uploads = Uploads::default();
        let key = |number: usize| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_le_bytes());
            Fingerprint(key)
        };
        for number in (0..=MOST).chain(MOST..=MOST + 1) {
            let turn = uploads.turn(key(number)).now_or_never().unwrap().unwrap();
            let Turn::Mine(upload) = turn else { panic!("nobody has uploaded it") };
            let failed: Result<String> = Err(Error::new(Code::Connection, "gone"));
            assert!(upload.ended(failed).is_err());
        }
        let known = lock(&uploads.0);
        assert_eq!(known.entries.len(), MOST);
        assert_eq!(known.by_age.len(), MOST);
    }
}
