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
            return Ok(Encoder::Planes(PlaneWriter::new(plan.width, plan.height)));
        }
        FrameEncoder::new(plan.width, plan.height, plan.rate).map(Box::new).map(Encoder::H264)
    }

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

/// Encodes the frames that `draw` pushes, in their order.
///
/// # Errors
///
/// What `draw` returned, or a fault of the encoder.
#[cfg(not(target_family = "wasm"))]
pub(super) fn encode(
    mut encoder: Encoder,
    draw: impl FnOnce(Push<'_>) -> Result<(), RenderError>,
) -> Result<Pictures, RenderError> {
    use std::sync::mpsc::sync_channel;

    // One frame waits while one is encoded and one is drawn: more would only hold memory.
    let (frames, waiting) = sync_channel::<Rgb8>(1);
    let ended = || RenderError::Internal("the encoder ended before the film".to_owned());
    std::thread::scope(|scope| {
        let encoding = std::thread::Builder::new().spawn_scoped(scope, move || {
            waiting.iter().try_for_each(|picture| encoder.push(&picture))?;
            encoder.finish()
        });
        let Ok(encoding) = encoding else {
            return Err(RenderError::Internal("no thread is to be had".to_owned()));
        };
        let drawn = draw(&mut |picture| frames.send(picture).map_err(|_| ended()));
        drop(frames);
        let encoded = encoding.join().unwrap_or_else(|_| Err(ended()));
        match drawn {
            // The encoder's own words say more than that it has gone.
            Err(error) if error == ended() => encoded.and(Err(error)),
            Err(error) => Err(error),
            Ok(()) => encoded,
        }
    })
}

/// Encodes the frames that `draw` pushes, in their order.
///
/// # Errors
///
/// What `draw` returned, or a fault of the encoder.
#[cfg(target_family = "wasm")]
pub(super) fn encode(
    mut encoder: Encoder,
    draw: impl FnOnce(Push<'_>) -> Result<(), RenderError>,
) -> Result<Pictures, RenderError> {
    draw(&mut |picture| encoder.push(&picture))?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::super::plan::FrameRate;
    use super::*;

    fn encoder() -> Encoder {
        let rate = FrameRate { timescale: 10, frame_ticks: 1 };
        Encoder::H264(Box::new(FrameEncoder::new(32, 32, rate).unwrap()))
    }

    fn gray(value: u8) -> Rgb8 {
        Rgb8 { width: 32, height: 32, pixels: vec![value; 32 * 32 * 3] }
    }

    #[test]
    fn frames_arrive_in_their_order() {
        let stream =
            encode(encoder(), |push| (0..9).try_for_each(|index| push(gray(index * 20)))).unwrap();
        let mut plain = encoder();
        (0..9).for_each(|index| plain.push(&gray(index * 20)).unwrap());
        assert_eq!(stream, plain.finish().unwrap());
    }

    #[test]
    fn a_draw_that_stops_ends_the_film() {
        let outcome = encode(encoder(), |push| {
            push(gray(1))?;
            Err(RenderError::Cancelled)
        });
        assert_eq!(outcome, Err(RenderError::Cancelled));
    }
}
