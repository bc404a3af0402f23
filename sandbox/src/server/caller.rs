//! Who asks.

use std::sync::Arc;

/// Who asks. What one caller submits and uploads does not exist for callers of another scope, and
/// the same key in two scopes is two tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    scope: Arc<str>,
}

impl Caller {
    /// A caller of this scope, such as a digest of a bearer token; never the token itself, because
    /// the scope is kept in records.
    pub fn of_scope(scope: impl Into<Arc<str>>) -> Self {
        Self { scope: scope.into() }
    }

    /// The scope; empty where callers are not told apart.
    pub fn scope(&self) -> &Arc<str> {
        &self.scope
    }
}

impl Default for Caller {
    /// The one scope of a server that does not tell callers apart.
    fn default() -> Self {
        Self::of_scope("")
    }
}
