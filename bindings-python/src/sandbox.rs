//! The sandbox of this process: its threads start with the first task that asks for them.

use std::sync::{Arc, Mutex};

use media_factory_core::runtime::{Transport, lock};
use media_factory_sandbox::server::{SandboxTransport, Server};

use crate::{neural_voice, runtime::Home};

/// All registries share it, so that their tasks share the machine's cores.
static SANDBOX: Mutex<Option<Arc<SandboxTransport>>> = Mutex::new(None);

/// Who carries requests of the `sandbox` protocol.
pub(crate) fn transport(home: &Home) -> Arc<dyn Transport> {
    let mut sandbox = lock(&SANDBOX);
    let made = sandbox.get_or_insert_with(|| {
        let server =
            Server::with_extras(neural_voice::extras(), home.clock.clone(), home.spawner.clone());
        Arc::new(SandboxTransport::new(server))
    });
    made.clone()
}

/// Leaves the parent's threads alone in a forked child.
pub(crate) fn forget_threads() {
    std::mem::forget(lock(&SANDBOX).take());
}
