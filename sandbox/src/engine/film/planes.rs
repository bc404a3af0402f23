//! Frames without compression, for an encoder that the platform has and the engine has not.

use rusty_h264_common::YuvFrame;

use super::h264::to_yuv;
use crate::engine::job::RenderError;
use crate::engine::raster::Rgb8;

/// Collects frames: luma, then both chroma planes at half the size, limited-range BT.601.
pub(super) struct PlaneWriter {
    frame: YuvFrame,
    bytes: Vec<u8>,
}

impl PlaneWriter {
    /// For so many frames of even dimensions.
    ///
    /// # Errors
    ///
    /// [`RenderError::Unsupported`] where there is no memory for them all.
    pub(super) fn new(width: u32, height: u32, frames: u32) -> Result<Self, RenderError> {
        let frame = YuvFrame::black(width as usize, height as usize);
        let size = [&frame.y, &frame.u, &frame.v].map(|plane| plane.len()).iter().sum::<usize>();
        let total = size.saturating_mul(frames as usize);
        let mut bytes = Vec::new();
        // A buffer that grows would need twice the memory, and could fail in the middle of the film.
        bytes.try_reserve_exact(total).map_err(|_| {
            RenderError::Unsupported(format!(
                "there is no memory for the frames of this film, which take {} MB until they are \
                 encoded; ask for a smaller or shorter one",
                total / 1_000_000
            ))
        })?;
        Ok(PlaneWriter { frame, bytes })
    }

    /// Appends a frame.
    pub(super) fn push(&mut self, picture: &Rgb8) {
        to_yuv(picture, &mut self.frame);
        for plane in [&self.frame.y, &self.frame.u, &self.frame.v] {
            self.bytes.extend_from_slice(plane);
        }
    }

    /// All frames, one behind the other.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_takes_three_bytes_for_two_pixels() {
        let mut writer = PlaneWriter::new(4, 2, 2).unwrap();
        let white = Rgb8 { width: 4, height: 2, pixels: vec![255; 24] };
        writer.push(&white);
        writer.push(&white);
        let frame = [235, 235, 235, 235, 235, 235, 235, 235, 128, 128, 128, 128];
        let bytes = writer.finish();
        assert_eq!(bytes, [frame, frame].concat());
        assert_eq!(bytes.capacity(), bytes.len());
    }

    #[test]
    fn what_no_memory_holds_is_refused() {
        let outcome = PlaneWriter::new(4_096, 4_096, u32::MAX);
        assert!(matches!(outcome.err(), Some(RenderError::Unsupported(_))));
    }
}
