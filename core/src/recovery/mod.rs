//! What to do after a failure.

mod retry;

pub use retry::{AmbiguousSubmit, RetryPolicy};
pub(crate) use retry::{
    Failed, LONGEST_RETRY_AFTER, SubmitSafety, Verdict, after_read, after_submit,
};
