//! The native renderer: a pool of threads, started as work comes.

use std::{
    any::Any,
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use media_factory_core::runtime::{BoxFuture, lock};

use super::{
    promise::Promise,
    renderer::{RenderFailure, RenderOrder, RenderProgress, RenderedFiles, Renderer, Watch},
};

/// What the threads do with an order: `order::run_order`, or anything else in tests.
pub type RenderWork = dyn Fn(
        RenderOrder,
        &mut dyn FnMut(RenderProgress),
        &dyn Fn() -> bool,
    ) -> Result<RenderedFiles, RenderFailure>
    + Send
    + Sync;

/// How many renders this machine takes at once: one for each processor core, and two at least, so
/// that a short job does not wait until a long one has ended.
pub fn workers() -> usize {
    const LEAST: usize = 2;
    thread::available_parallelism().map_or(LEAST, usize::from).max(LEAST)
}

/// Renders on threads of its own, so that whoever waits is free to do other things. The first
/// order starts the first thread; a panic fails its order and harms no other.
pub struct ThreadRenderer {
    pool: Arc<Pool>,
    most: usize,
    has_neural_voice: fn() -> bool,
}

struct Pool {
    work: Box<RenderWork>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
}

struct Job {
    order: RenderOrder,
    watch: Watch,
    ticket: Arc<Ticket>,
}

/// What a thread and whoever waits for it share.
#[derive(Default)]
struct Ticket {
    dropped: AtomicBool,
    outcome: Promise<Result<RenderedFiles, RenderFailure>>,
}

impl ThreadRenderer {
    /// Up to `threads` threads that do this work; 0 counts as 1.
    pub fn new(
        work: impl Fn(
            RenderOrder,
            &mut dyn FnMut(RenderProgress),
            &dyn Fn() -> bool,
        ) -> Result<RenderedFiles, RenderFailure>
        + Send
        + Sync
        + 'static,
        threads: usize,
    ) -> Self {
        let pool = Pool { work: Box::new(work), state: Mutex::default(), changed: Condvar::new() };
        Self { pool: Arc::new(pool), most: threads.max(1), has_neural_voice: || false }
    }

    /// The same, whose work may be speech of the voice `neural` whenever `is_installed` says so.
    pub fn with_neural_voice_if(mut self, is_installed: fn() -> bool) -> Self {
        self.has_neural_voice = is_installed;
        self
    }

    /// Hands the job to an idle thread, a new one, or the next that is free.
    fn hand_out(&self, job: Job) {
        let mut state = lock(&self.pool.state);
        state.waiting.push_back(job);
        if state.waiting.len() > state.idle && state.threads < self.most {
            let pool = self.pool.clone();
            let thread = thread::Builder::new().name("media-factory-render".to_owned());
            if thread.spawn(move || pool.work_off()).is_ok() {
                state.threads += 1;
            }
        }
        // Where no thread is to be had at all, the order must not wait for one for ever.
        if state.threads == 0
            && let Some(job) = state.waiting.pop_back()
        {
            let message = "no thread could be started to render on".to_owned();
            job.ticket.finish(Err(RenderFailure::Internal(message)));
        }
        drop(state);
        self.pool.changed.notify_one();
    }
}

impl Renderer for ThreadRenderer {
    fn render(
        &self,
        order: RenderOrder,
        watch: Watch,
    ) -> BoxFuture<'static, Result<RenderedFiles, RenderFailure>> {
        let ticket = Arc::new(Ticket::default());
        self.hand_out(Job { order, watch, ticket: ticket.clone() });
        let rendering = Rendering(ticket);
        Box::pin(async move { rendering.0.outcome.kept().await })
    }

    fn has_neural_voice(&self) -> bool {
        (self.has_neural_voice)()
    }
}

impl Drop for ThreadRenderer {
    fn drop(&mut self) {
        let mut state = lock(&self.pool.state);
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        self.pool.changed.notify_all();
        for job in waiting {
            job.ticket.finish(Err(RenderFailure::Cancelled));
        }
    }
}

impl fmt::Debug for ThreadRenderer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.pool.state);
        formatter
            .debug_struct("ThreadRenderer")
            .field("threads", &state.threads)
            .field("waiting", &state.waiting.len())
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// What each thread does until the renderer is dropped.
    fn work_off(&self) {
        while let Some(job) = self.next() {
            if job.ticket.is_dropped() {
                continue;
            }
            let Job { order, watch, ticket } = job;
            let mut tell = |progress| watch.tell(progress);
            let work = || (self.work)(order, &mut tell, &|| ticket.is_dropped());
            let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
                Err(RenderFailure::Internal(format!("the renderer crashed: {}", words_of(&*panic))))
            });
            ticket.finish(result);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        state.idle += 1;
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.waiting.pop_front() {
                state.idle -= 1;
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What a panic said, where it said something.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given")
}

impl Ticket {
    fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::Relaxed)
    }

    fn finish(&self, result: Result<RenderedFiles, RenderFailure>) {
        self.outcome.keep(result);
    }
}

/// Dropping it tells the thread to stop.
struct Rendering(Arc<Ticket>);

impl Drop for Rendering {
    fn drop(&mut self) {
        self.0.dropped.store(true, Ordering::Relaxed);
    }
}
