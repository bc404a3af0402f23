//! The sandbox on threads of its own, started when the first task asks for it.

use std::sync::Arc;

use media_factory_core::runtime::Transport;
use tokio::runtime::Handle;

/// Who carries requests of the `sandbox` protocol.
pub(crate) fn transport(_handle: Handle) -> Option<Arc<dyn Transport>> {
    None
}

/// Leaves the parent's threads alone in a forked child.
pub(crate) fn forget_threads() {}
