//! Work spread over processor cores. Results cannot depend on the order, because every part of
//! the buffer is written by one call that sees nothing of the others.

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
    if cancel() {
        return false;
    }
    let total = data.len().div_ceil(part.max(1)).max(1);
    let filled = threads::fill(data, part.max(1), total, work, cancel, on_progress);
    if filled {
        on_progress(1.0);
    }
    filled
}

#[cfg(not(target_family = "wasm"))]
mod threads {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// More threads than this gain little on pictures of the size made here.
    const MOST_THREADS: usize = 8;

    pub(super) fn fill<T: Send>(
        data: &mut [T],
        part: usize,
        total: usize,
        work: &(dyn Fn(usize, &mut [T]) + Sync),
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> bool {
        let parts = Mutex::new(data.chunks_mut(part).enumerate());
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
                        let Some((index, part)) = next() else { break };
                        work(index, part);
                    }
                });
            }
            while let Some((index, part)) = next() {
                if cancel() {
                    stop.store(true, Ordering::Relaxed);
                    return false;
                }
                work(index, part);
                on_progress((index + 1) as f32 / total as f32);
            }
            true
        })
    }
}

#[cfg(target_family = "wasm")]
mod threads {
    pub(super) fn fill<T: Send>(
        data: &mut [T],
        part: usize,
        total: usize,
        work: &(dyn Fn(usize, &mut [T]) + Sync),
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> bool {
        for (index, part) in data.chunks_mut(part).enumerate() {
            if cancel() {
                return false;
            }
            work(index, part);
            on_progress((index + 1) as f32 / total as f32);
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
    fn a_cancelled_fill_says_so() {
        assert!(!fill(&mut [0u8; 100], 1, &|_, _| {}, &|| true, &mut |_| {}));
    }
}
