//! Work spread over processor cores. Results cannot depend on the order, because every part of
//! the buffer is written by one call that sees nothing of the others.

use super::job::RenderError;

/// Fills `data` part by part, each of `part` elements (the last may be shorter).
///
/// `work` gets a part's number and the part. `cancel` is asked and `on_progress` told (the share
/// of parts handed out, 0 to 1) on the calling thread, which does its share of the work. Returns
/// false when `cancel` answered true; `data` is then only partly filled.
pub(crate) fn fill<T: Send>(
    data: &mut [T],
    part: usize,
    work: &(dyn Fn(usize, &mut [T]) + Sync),
    cancel: &dyn Fn() -> bool,
    on_progress: &mut dyn FnMut(f32),
) -> bool {
    let parts = data.chunks_mut(part.max(1)).enumerate();
    fill_parts(parts, work, cancel, on_progress)
}

/// Fills numbered parts in the order in which they come, as [`fill`] does with all of a buffer.
pub(crate) fn fill_parts<'a, T: Send + 'a>(
    parts: impl Iterator<Item = (usize, &'a mut [T])>,
    work: &(dyn Fn(usize, &mut [T]) + Sync),
    cancel: &dyn Fn() -> bool,
    on_progress: &mut dyn FnMut(f32),
) -> bool {
    if cancel() {
        return false;
    }
    let parts: Vec<_> = parts.collect();
    let filled = threads::fill(parts, work, cancel, on_progress);
    if filled {
        on_progress(1.0);
    }
    filled
}

/// Waits for what another thread sends, asking `cancel` meanwhile.
///
/// # Errors
///
/// [`RenderError::Cancelled`]; [`RenderError::Internal`] when the thread ended without sending.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn received<T>(
    receiver: &std::sync::mpsc::Receiver<T>,
    cancel: &dyn Fn() -> bool,
) -> Result<T, RenderError> {
    threads::received(receiver, cancel)
}

/// Does work that cannot be interrupted, such as a codec's. Where there are threads, `cancel` is
/// asked meanwhile, and after a true answer nobody waits for the work any more: it ends by itself
/// and its result is dropped.
///
/// # Errors
///
/// [`RenderError::Cancelled`]; [`RenderError::Internal`] when the work crashed.
pub(crate) fn abandonable<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    cancel: &dyn Fn() -> bool,
) -> Result<T, RenderError> {
    if cancel() { Err(RenderError::Cancelled) } else { threads::abandonable(work, cancel) }
}

#[cfg(not(target_family = "wasm"))]
mod threads {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, mpsc};
    use std::time::Duration;

    use super::RenderError;

    /// How often a caller who waits is asked whether it still wants the result.
    const PATIENCE: Duration = Duration::from_millis(10);

    pub(super) fn abandonable<T: Send + 'static>(
        work: impl FnOnce() -> T + Send + 'static,
        cancel: &dyn Fn() -> bool,
    ) -> Result<T, RenderError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .spawn(move || {
                // Nobody listens after a cancellation.
                let _ = sender.send(work());
            })
            .map_err(|_| crashed())?;
        received(&receiver, cancel)
    }

    fn crashed() -> RenderError {
        RenderError::Internal("a part of the work crashed".to_owned())
    }

    pub(super) fn received<T>(
        receiver: &mpsc::Receiver<T>,
        cancel: &dyn Fn() -> bool,
    ) -> Result<T, RenderError> {
        loop {
            match receiver.recv_timeout(PATIENCE) {
                Ok(result) => return Ok(result),
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(crashed()),
                Err(mpsc::RecvTimeoutError::Timeout) if cancel() => {
                    return Err(RenderError::Cancelled);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// More threads than this gain little on pictures of the size made here.
    const MOST_THREADS: usize = 8;

    pub(super) fn fill<T: Send>(
        parts: Vec<(usize, &mut [T])>,
        work: &(dyn Fn(usize, &mut [T]) + Sync),
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> bool {
        let total = parts.len().max(1);
        let parts = Mutex::new(parts.into_iter().enumerate());
        let stop = AtomicBool::new(false);
        // A panic while the lock is held is impossible: only the iterator runs under it.
        let next = || parts.lock().ok().and_then(|mut parts| parts.next());
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let helpers = cores.min(MOST_THREADS).min(total).saturating_sub(1);
        std::thread::scope(|scope| {
            for _ in 0..helpers {
                // Where no thread is to be had, the calling one does all of it.
                let _ = std::thread::Builder::new().spawn_scoped(scope, || {
                    while !stop.load(Ordering::Relaxed) {
                        let Some((_, (index, part))) = next() else { break };
                        work(index, part);
                    }
                });
            }
            while let Some((place, (index, part))) = next() {
                if cancel() {
                    stop.store(true, Ordering::Relaxed);
                    return false;
                }
                work(index, part);
                on_progress((place + 1) as f32 / total as f32);
            }
            true
        })
    }
}

#[cfg(target_family = "wasm")]
mod threads {
    use super::RenderError;
    /// A page ends the worker instead.
    pub(super) fn abandonable<T>(
        work: impl FnOnce() -> T,
        _cancel: &dyn Fn() -> bool,
    ) -> Result<T, RenderError> {
        Ok(work())
    }

    pub(super) fn fill<T: Send>(
        parts: Vec<(usize, &mut [T])>,
        work: &(dyn Fn(usize, &mut [T]) + Sync),
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> bool {
        let total = parts.len().max(1);
        for (place, (index, part)) in parts.into_iter().enumerate() {
            if cancel() {
                return false;
            }
            work(index, part);
            on_progress((place + 1) as f32 / total as f32);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_filled_once_with_its_own_number() {
        let mut data = vec![0usize; 1003];
        let mut last = 0.0;
        let done = fill(
            &mut data,
            10,
            &|index, part| part.iter_mut().for_each(|v| *v += index + 1),
            &|| false,
            &mut |share| {
                assert!(share >= last);
                last = share;
            },
        );
        assert!(done && last == 1.0);
        assert!(data.iter().enumerate().all(|(i, v)| *v == i / 10 + 1));
    }

    #[test]
    fn work_is_abandoned_when_nobody_wants_it() {
        assert_eq!(abandonable(|| 7, &|| false), Ok(7));
        assert_eq!(abandonable(|| 7, &|| true), Err(RenderError::Cancelled));
        let asked = std::cell::Cell::new(0);
        let (release, held) = std::sync::mpsc::channel::<()>();
        let endless = move || held.recv().is_err();
        let cancel = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        let crash = || if true { panic!("meant") } else { 7 };
        assert!(matches!(abandonable(crash, &|| false), Err(RenderError::Internal(_))));
        assert_eq!(abandonable(endless, &cancel), Err(RenderError::Cancelled));
        drop(release);
    }

    #[test]
    fn a_cancelled_fill_says_so() {
        assert!(!fill(&mut [0u8; 100], 1, &|_, _| {}, &|| true, &mut |_| {}));
    }
}
