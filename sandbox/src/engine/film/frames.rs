//! Frames rendered ahead on all cores, delivered in order.
//!
//! Which thread renders a frame changes nothing in it, so the result is the same on one thread, as
//! in WebAssembly, and on many.

use crate::engine::job::RenderError;
use crate::engine::raster::Rgb8;

/// Renders one frame by number; `None` when the given closure answered true.
pub(super) type RenderFrame<'a> = dyn Fn(u32, &dyn Fn() -> bool) -> Option<Rgb8> + Sync + 'a;

/// Renders `count` frames and hands each to `take`, in order, on the calling thread.
#[cfg(target_arch = "wasm32")]
pub(super) fn in_order(
    count: u32,
    render: &RenderFrame<'_>,
    cancel: &dyn Fn() -> bool,
    take: &mut dyn FnMut(u32, Rgb8) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    for index in 0..count {
        let frame = render(index, cancel).ok_or(RenderError::Cancelled)?;
        take(index, frame)?;
    }
    Ok(())
}

/// Renders `count` frames and hands each to `take`, in order, on the calling thread.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn in_order(
    count: u32,
    render: &RenderFrame<'_>,
    cancel: &dyn Fn() -> bool,
    take: &mut dyn FnMut(u32, Rgb8) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::sync_channel;

    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let workers = u32::try_from(cores).unwrap_or(1).min(count).max(1);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Worker n renders every frame whose number leaves n, and waits when nobody takes them:
        // at most two frames of each worker are held.
        let finished: Vec<_> = (0..workers)
            .map(|first| {
                let (deliver, finished) = sync_channel(1);
                let stop = &stop;
                scope.spawn(move || {
                    let stopped = || stop.load(Ordering::Relaxed);
                    for index in (first..count).step_by(workers as usize) {
                        let Some(frame) = render(index, &stopped) else { break };
                        if deliver.send(frame).is_err() {
                            break;
                        }
                    }
                });
                finished
            })
            .collect();
        let delivery = deliver_in_order(count, &finished, cancel, take);
        stop.store(true, Ordering::Relaxed);
        delivery
    })
}

/// Takes frames from the workers in turn, asking `cancel` while it waits.
#[cfg(not(target_arch = "wasm32"))]
fn deliver_in_order(
    count: u32,
    finished: &[std::sync::mpsc::Receiver<Rgb8>],
    cancel: &dyn Fn() -> bool,
    take: &mut dyn FnMut(u32, Rgb8) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    use std::sync::mpsc::RecvTimeoutError;

    /// Between two questions whether to stop.
    const PATIENCE: std::time::Duration = std::time::Duration::from_millis(10);

    for (index, receiver) in (0..count).zip(finished.iter().cycle()) {
        let frame = loop {
            if cancel() {
                return Err(RenderError::Cancelled);
            }
            match receiver.recv_timeout(PATIENCE) {
                Ok(frame) => break frame,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(RenderError::Internal("a rendering thread ended early".into()));
                }
            }
        };
        take(index, frame)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn frame(index: u32) -> Rgb8 {
        Rgb8 { width: 1, height: 1, pixels: vec![index as u8; 3] }
    }

    #[test]
    fn frames_arrive_in_order() {
        let mut seen = Vec::new();
        in_order(37, &|index, _| Some(frame(index)), &|| false, &mut |index, frame| {
            seen.push((index, frame.pixels[0]));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..37).map(|index| (index, index as u8)).collect::<Vec<_>>());
    }

    #[test]
    fn cancelling_ends_a_frame_that_would_take_forever() {
        let asked = Cell::new(0);
        let outcome = in_order(
            4,
            &|_, stopped| {
                while !stopped() {
                    std::thread::yield_now();
                }
                None
            },
            &|| {
                asked.set(asked.get() + 1);
                asked.get() > 3
            },
            &mut |_, _| Ok(()),
        );
        assert_eq!(outcome, Err(RenderError::Cancelled));
    }

    #[test]
    fn an_error_of_the_taker_ends_the_work() {
        let fault = RenderError::Internal("full".into());
        let outcome = in_order(1000, &|index, _| Some(frame(index)), &|| false, &mut |index, _| {
            if index == 2 { Err(fault.clone()) } else { Ok(()) }
        });
        assert_eq!(outcome, Err(fault));
    }
}
