//! Frames without compression, for an encoder that the platform has and the engine has not.

use rusty_h264_common::YuvFrame;

use super::h264::to_yuv;
use crate::engine::raster::Rgb8;

/// Collects frames: luma, then both chroma planes at half the size, limited-range BT.601.
pub(super) struct PlaneWriter {
    frame: YuvFrame,
    bytes: Vec<u8>,
}

impl PlaneWriter {
    /// For frames of even dimensions.
    pub(super) fn new(width: u32, height: u32) -> Self {
        PlaneWriter { frame: YuvFrame::black(width as usize, height as usize), bytes: Vec::new() }
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
        let mut writer = PlaneWriter::new(4, 2);
        let white = Rgb8 { width: 4, height: 2, pixels: vec![255; 24] };
        writer.push(&white);
        writer.push(&white);
        let frame = [235, 235, 235, 235, 235, 235, 235, 235, 128, 128, 128, 128];
        assert_eq!(writer.finish(), [frame, frame].concat());
    }
}
