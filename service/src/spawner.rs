//! Background work on tokio.

use media_factory_core::runtime::{BoxFuture, Spawner};
use tokio::runtime::Handle;

/// Background work on the runtime of the service.
#[derive(Debug)]
pub(crate) struct TokioSpawner(pub(crate) Handle);

impl Spawner for TokioSpawner {
    fn spawn(&self, future: BoxFuture<'static, ()>) {
        // The join handle is dropped: nobody awaits background work.
        drop(self.0.spawn(future));
    }
}
