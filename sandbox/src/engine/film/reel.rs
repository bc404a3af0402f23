//! Frames on their way to the encoder: where there are threads, the next frame is drawn while the
//! last one is encoded.

use super::h264::{FrameEncoder, Stream};
use super::plan::Plan;
use super::planes::PlaneWriter;
use crate::engine::job::{FilmFormat, FilmJob, RenderError};
use crate::engine::raster::Rgb8;

/// What becomes of the frames.
pub(super) enum Encoder {
    H264(Box<FrameEncoder>),
    Planes(PlaneWriter),
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pictures {
    H264(Stream),
    Planes(Vec<u8>),
}

impl Encoder {
    /// The encoder that a job's format wants.
    pub(super) fn of(job: &FilmJob, plan: &Plan) -> Result<Self, RenderError> {
        if job.format == FilmFormat::Planes {
            return PlaneWriter::new(plan.width, plan.height, plan.frames).map(Encoder::Planes);
        }
        FrameEncoder::new(plan.width, plan.height, plan.rate).map(Box::new).map(Encoder::H264)
    }
}

/// Makes something of frames that come one by one.
pub(super) trait Consumer: Send + 'static {
    type Product: Send;

    fn push(&mut self, picture: &Rgb8) -> Result<(), RenderError>;

    fn finish(self) -> Result<Self::Product, RenderError>;
}

impl Consumer for Encoder {
    type Product = Pictures;

    fn push(&mut self, picture: &Rgb8) -> Result<(), RenderError> {
        match self {
            Encoder::H264(encoder) => encoder.push(picture)?,
            Encoder::Planes(writer) => writer.push(picture),
        }
        Ok(())
    }

    fn finish(self) -> Result<Pictures, RenderError> {
        match self {
            Encoder::H264(encoder) => encoder.finish().map(Pictures::H264),
            Encoder::Planes(writer) => Ok(Pictures::Planes(writer.finish())),
        }
    }
}

/// Takes the next frame.
pub(super) type Push<'a> = &'a mut dyn FnMut(Rgb8) -> Result<(), RenderError>;

/// Encodes the frames that `draw` pushes, in their order. After a cancellation nobody waits for the
/// encoder: it ends with the frame that it is at.
///
/// # Errors
///
/// What `draw` returned, a fault of the encoder, or [`RenderError::Cancelled`].
#[cfg(not(target_family = "wasm"))]
pub(super) fn encode<C: Consumer>(
    mut encoder: C,
    draw: impl FnOnce(Push<'_>) -> Result<(), RenderError>,
    cancel: &dyn Fn() -> bool,
) -> Result<C::Product, RenderError> {
    use std::sync::mpsc::{channel, sync_channel};

    use crate::engine::parallel::received;

    let (frames, waiting) = channel::<Rgb8>();
    let (taken, room) = channel();
    let (outcome, finished) = sync_channel(1);
    // One frame waits while one is encoded and one is drawn: more would only hold memory.
    let _ = taken.send(());
    let encoding = move || {
        for picture in waiting {
            // Nobody listens after a cancellation, and then the frame that waited is dropped.
            taken.send(()).map_err(|_| RenderError::Cancelled)?;
            encoder.push(&picture)?;
        }
        encoder.finish()
    };
    std::thread::Builder::new()
        .spawn(move || {
            let _ = outcome.send(encoding());
        })
        .map_err(|_| RenderError::Internal("no thread is to be had".to_owned()))?;

    let mut ended = false;
    let drawn = draw(&mut |picture| {
        let pushed = received(&room, cancel).and_then(|()| {
            frames.send(picture).map_err(|_| RenderError::Internal("the encoder ended".to_owned()))
        });
        ended = matches!(pushed, Err(RenderError::Internal(_)));
        pushed
    });
    drop(frames);
    match drawn {
        // The encoder's own words say more than that it has gone.
        Err(error) if ended => received(&finished, cancel)?.and(Err(error)),
        Err(error) => Err(error),
        Ok(()) => received(&finished, cancel)?,
    }
}

/// Encodes the frames that `draw` pushes, in their order.
///
/// # Errors
///
/// What `draw` returned, or a fault of the encoder.
#[cfg(target_family = "wasm")]
pub(super) fn encode<C: Consumer>(
    mut encoder: C,
    draw: impl FnOnce(Push<'_>) -> Result<(), RenderError>,
    _cancel: &dyn Fn() -> bool,
) -> Result<C::Product, RenderError> {
    draw(&mut |picture| encoder.push(&picture))?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::super::plan::FrameRate;
    use super::*;

    fn encoder() -> Encoder {
        let rate = FrameRate { timescale: 10, frame_ticks: 1 };
        Encoder::H264(Box::new(FrameEncoder::new(32, 32, rate).unwrap()))
    }

    fn gray(value: u8) -> Rgb8 {
        Rgb8 { width: 32, height: 32, pixels: vec![value; 32 * 32 * 3] }
    }

    /// Takes as long for a frame as the test likes, and says what it got.
    struct Slow {
        release: Receiver<()>,
        seen: Sender<u8>,
    }

    impl Consumer for Slow {
        type Product = ();

        fn push(&mut self, picture: &Rgb8) -> Result<(), RenderError> {
            self.seen.send(picture.pixels[0]).unwrap();
            if picture.pixels[0] == 99 {
                return Err(RenderError::Internal("frame 99 is broken".to_owned()));
            }
            let _ = self.release.recv();
            Ok(())
        }

        fn finish(self) -> Result<(), RenderError> {
            Ok(())
        }
    }

    #[test]
    fn frames_arrive_in_their_order() {
        let draw = |push: Push<'_>| (0..9).try_for_each(|index| push(gray(index * 20)));
        let stream = encode(encoder(), draw, &|| false).unwrap();
        let mut plain = encoder();
        (0..9).for_each(|index| plain.push(&gray(index * 20)).unwrap());
        assert_eq!(stream, plain.finish().unwrap());
    }

    #[test]
    fn a_draw_that_stops_ends_the_film() {
        let draw = |push: Push<'_>| {
            push(gray(1))?;
            Err(RenderError::Cancelled)
        };
        assert_eq!(encode(encoder(), draw, &|| false), Err(RenderError::Cancelled));
    }

    #[test]
    fn a_cancelled_film_waits_neither_for_room_nor_for_the_frames_that_wait() {
        let (release, held) = channel();
        let (seen, frames) = channel();
        let asked = Cell::new(0);
        let cancel = || {
            asked.set(asked.get() + 1);
            asked.get() > 3
        };
        let draw = |push: Push<'_>| (0..3).try_for_each(|index| push(gray(index)));
        // The encoder is at the first frame for ever, the second waits, the third finds no room.
        let outcome = encode(Slow { release: held, seen }, draw, &cancel);
        assert_eq!(outcome, Err(RenderError::Cancelled));
        drop(release);
        assert_eq!(frames.iter().collect::<Vec<u8>>(), [0]);
    }

    #[test]
    fn a_cancelled_film_does_not_wait_for_its_last_frame() {
        let (release, held) = channel();
        let (seen, frames) = channel();
        let drawn = Cell::new(false);
        let draw = |push: Push<'_>| {
            push(gray(5))?;
            drawn.set(true);
            Ok(())
        };
        let outcome = encode(Slow { release: held, seen }, draw, &|| drawn.get());
        assert_eq!(outcome, Err(RenderError::Cancelled));
        drop(release);
        assert_eq!(frames.iter().collect::<Vec<u8>>(), [5]);
    }

    #[test]
    fn a_fault_of_the_encoder_is_told_in_its_own_words() {
        let (release, held) = channel();
        drop(release);
        let (seen, _frames) = channel();
        let draw = |push: Push<'_>| (99..120).try_for_each(|index| push(gray(index)));
        let outcome = encode(Slow { release: held, seen }, draw, &|| false);
        assert_eq!(outcome, Err(RenderError::Internal("frame 99 is broken".to_owned())));
    }
}
