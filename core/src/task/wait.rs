//! Waiting for the end of a task, and what it gives.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use super::Task;
use crate::{
    error::{Code, Error},
    media::ProcessingStatus,
    number::written,
    runtime::lock,
};

impl Task {
    /// Resolves when the task is terminal.
    pub fn finished(&self) -> Finished {
        Finished { task: self.clone(), key: None }
    }

    /// Waits until COMPLETED, for `timeout` at most; the task goes on when that passes.
    ///
    /// # Errors
    /// See [`WaitError`].
    pub async fn wait(&self, timeout: Option<Duration>) -> Result<(), WaitError> {
        match timeout {
            None => self.finished().await,
            Some(timeout) => {
                let sleep = self.0.clock.sleep(timeout);
                futures_util::future::select(self.finished(), sleep).await;
            }
        }
        self.outcome(timeout)
    }

    /// What waiting gives at this moment.
    ///
    /// # Errors
    /// See [`WaitError`]; `Timeout` when the task is not terminal.
    pub fn outcome(&self, timeout: Option<Duration>) -> Result<(), WaitError> {
        let state = lock(&self.0.state);
        match (state.status, &state.error) {
            (ProcessingStatus::Completed, _) => Ok(()),
            (ProcessingStatus::Cancelled, _) => Err(WaitError::Cancelled(self.cancelled())),
            (ProcessingStatus::Failed, error) => {
                let unknown = || Error::new(Code::Internal, "the task failed without an error");
                Err(WaitError::Failed(error.clone().unwrap_or_else(unknown)))
            }
            _ => Err(WaitError::Timeout(self.still_running(timeout))),
        }
    }

    fn cancelled(&self) -> Error {
        let mut error = Error::new(Code::Cancelled, format!("task {} was cancelled", self.0.id));
        error.task_id = Some(self.0.id.clone());
        error
    }

    fn still_running(&self, timeout: Option<Duration>) -> Error {
        let seconds = written(timeout.unwrap_or_default().as_secs_f64());
        let message = format!("task {} is still running after {seconds} s of waiting", self.0.id);
        let mut error = Error::new(Code::WaitTimeout, message)
            .with_hint("the task goes on; wait again or cancel it");
        error.task_id = Some(self.0.id.clone());
        error
    }
}

/// How waiting for a task ended, other than well.
#[derive(Debug, Clone)]
pub enum WaitError {
    /// The task FAILED; the error is the task's own.
    Failed(Error),
    /// The task was CANCELLED; code `cancelled`.
    Cancelled(Error),
    /// The wait's own timeout passed and the task goes on; code `wait-timeout`.
    Timeout(Error),
}

/// Resolves when a task is terminal; see [`Task::finished`].
#[derive(Debug)]
pub struct Finished {
    task: Task,
    key: Option<u64>,
}

impl Future for Finished {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let cell = self.task.0.clone();
        let mut state = lock(&cell.state);
        if state.status.is_terminal() {
            self.key = None;
            return Poll::Ready(());
        }
        self.key = Some(state.waiters.leave(self.key, context.waker()));
        Poll::Pending
    }
}

impl Drop for Finished {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            lock(&self.task.0.state).waiters.remove(key);
        }
    }
}
