//! Frames to H.264, constrained baseline: what every browser and player decodes.

use rusty_h264_common::YuvFrame;
use rusty_h264_encoder::{Encoder, EncoderConfig, Preset};

use super::plan::FrameRate;
use crate::engine::job::RenderError;
use crate::engine::raster::Rgb8;

/// Bits that one pixel of one frame may cost. The fast preset tracks motion by whole pixels only,
/// so that moving detail needs more than the usual tenth of a bit.
const BITS_PER_PIXEL: f64 = 0.4;

/// Seconds between frames that a player can jump to.
const SECONDS_PER_KEY_FRAME: f64 = 2.0;

/// Level 6.2, times ten.
const HIGHEST_LEVEL: u8 = 62;

/// An encoded film, ready for a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    /// Width in pixels, even.
    pub(super) width: u32,
    /// Height in pixels, even.
    pub(super) height: u32,
    /// Sequence parameter set, without start code.
    pub(super) sps: Vec<u8>,
    /// Picture parameter set, without start code.
    pub(super) pps: Vec<u8>,
    /// One access unit per frame.
    pub(super) samples: Vec<Sample>,
}

/// One encoded frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// Its units, each behind its length in four bytes.
    pub(super) data: Vec<u8>,
    /// Whether decoding can start here.
    pub(super) key: bool,
}

/// Encodes frames one at a time, in order.
pub(super) struct FrameEncoder {
    encoder: Encoder,
    frame: YuvFrame,
    stream: Stream,
}

impl FrameEncoder {
    /// Starts a film of even dimensions.
    pub(super) fn new(width: u32, height: u32, rate: FrameRate) -> Result<Self, RenderError> {
        let (w, h) = (width as usize, height as usize);
        let mut config = EncoderConfig::baseline(w, h);
        config.preset = Preset::Fast;
        config.framerate = rate.fps() as f32;
        config.gop_size = libm::ceil(rate.fps() * SECONDS_PER_KEY_FRAME) as u32;
        config.min_keyint = 1;
        config.bitrate = bitrate(width, height, rate);
        // Preview fidelity may exceed every level by a ribbon's length; players try.
        config.level_idc = level(width, height, rate).unwrap_or(HIGHEST_LEVEL);
        let encoder = Encoder::new(config).map_err(|error| fault(&error))?;
        let stream =
            Stream { width, height, sps: Vec::new(), pps: Vec::new(), samples: Vec::new() };
        Ok(FrameEncoder { encoder, frame: YuvFrame::black(w, h), stream })
    }

    /// Encodes the next frame.
    pub(super) fn push(&mut self, picture: &Rgb8) -> Result<(), RenderError> {
        to_yuv(picture, &mut self.frame);
        let units = self.encoder.try_encode(&self.frame).map_err(|error| fault(&error))?;
        self.stream.append(&units);
        Ok(())
    }

    /// Ends the film.
    pub(super) fn finish(mut self) -> Result<Stream, RenderError> {
        let units = self.encoder.try_flush().map_err(|error| fault(&error))?;
        self.stream.append(&units);
        Ok(self.stream)
    }
}

fn fault(error: &dyn std::error::Error) -> RenderError {
    RenderError::Internal(format!("the film could not be encoded: {error}"))
}

/// Bits per second that the encoder aims at.
fn bitrate(width: u32, height: u32, rate: FrameRate) -> u32 {
    let pixels_per_second = f64::from(width) * f64::from(height) * rate.fps();
    (pixels_per_second * BITS_PER_PIXEL).clamp(64_000.0, 40_000_000.0) as u32
}

/// The lowest level that admits the film: table A-1 of ITU-T H.264, from level 3 up.
fn level(width: u32, height: u32, rate: FrameRate) -> Option<u8> {
    // Level times ten, most macroblocks a second (MaxMBPS), most macroblocks a frame (MaxFS), most
    // bits a second in thousands (MaxBR).
    const LEVELS: [(u8, f64, u32, u32); 12] = [
        (30, 40_500.0, 1_620, 10_000),
        (31, 108_000.0, 3_600, 14_000),
        (32, 216_000.0, 5_120, 20_000),
        (40, 245_760.0, 8_192, 20_000),
        (41, 245_760.0, 8_192, 50_000),
        (42, 522_240.0, 8_704, 50_000),
        (50, 589_824.0, 22_080, 135_000),
        (51, 983_040.0, 36_864, 240_000),
        (52, 2_073_600.0, 36_864, 240_000),
        (60, 4_177_920.0, 139_264, 240_000),
        (61, 8_355_840.0, 139_264, 480_000),
        (62, 16_711_680.0, 139_264, 800_000),
    ];
    let (columns, rows) = (width.div_ceil(16), height.div_ceil(16));
    let frame = columns * rows;
    let longest = columns.max(rows);
    LEVELS
        .into_iter()
        .find(|&(_, per_second, per_frame, kilobits)| {
            f64::from(frame) * rate.fps() <= per_second
                && frame <= per_frame
                && bitrate(width, height, rate) <= kilobits * 1_000
                // No side may exceed the square root of eight times the frame's limit.
                && u64::from(longest) * u64::from(longest) <= u64::from(per_frame) * 8
        })
        .map(|(level, ..)| level)
}

/// Whether some level admits the film.
pub(super) fn has_level(width: u32, height: u32, rate: FrameRate) -> bool {
    level(width, height, rate).is_some()
}

/// About how much a second of the film takes.
pub(super) fn bytes_per_second(width: u32, height: u32, rate: FrameRate) -> f64 {
    f64::from(bitrate(width, height, rate)) / 8.0
}

impl Stream {
    /// Sorts units that begin with start codes (annex B) into parameter sets and frames.
    fn append(&mut self, annex_b: &[u8]) {
        for unit in units(annex_b) {
            let Some(&header) = unit.first() else { continue };
            match header & 0x1f {
                7 => self.sps = unit.to_vec(),
                8 => self.pps = unit.to_vec(),
                kind @ (1 | 5) => self.append_slice(unit, kind == 5),
                _ => {}
            }
        }
    }

    fn append_slice(&mut self, unit: &[u8], key: bool) {
        // A slice opens with the number of its first macroblock; zero, a single set bit, means
        // that a new frame begins.
        let opens_frame = unit.get(1).is_some_and(|byte| byte & 0x80 != 0);
        if opens_frame || self.samples.is_empty() {
            self.samples.push(Sample { data: Vec::with_capacity(unit.len() + 4), key });
        }
        if let Some(sample) = self.samples.last_mut() {
            sample.data.extend_from_slice(&(unit.len() as u32).to_be_bytes());
            sample.data.extend_from_slice(unit);
        }
    }
}

/// The units between start codes. An encoder never writes three such bytes inside a unit.
fn units(annex_b: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = annex_b
        .windows(3)
        .enumerate()
        .filter(|(_, window)| *window == [0, 0, 1])
        .map(|(position, _)| position + 3)
        .collect();
    let ends = starts.iter().skip(1).map(|next| next - 3).chain([annex_b.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(&start, end)| annex_b.get(start..end))
        .map(|unit| {
            // The zero before a four-byte start code, or padding.
            let length = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            unit.get(..length).unwrap_or_default()
        })
        .collect()
}

/// Converts to limited-range BT.601 with chroma averaged over 2×2 pixels, in integers.
pub(super) fn to_yuv(picture: &Rgb8, frame: &mut YuvFrame) {
    let stride = picture.width as usize * 3;
    let chroma_width = picture.width as usize / 2;
    let rows = picture.pixels.chunks_exact(stride * 2);
    let luma_rows = frame.y.chunks_exact_mut(picture.width as usize * 2);
    let chroma_rows =
        frame.u.chunks_exact_mut(chroma_width).zip(frame.v.chunks_exact_mut(chroma_width));
    for ((pair, luma), (blue, red)) in rows.zip(luma_rows).zip(chroma_rows) {
        for (pixel, out) in pair.as_chunks::<3>().0.iter().zip(luma) {
            *out = luma_of(*pixel);
        }
        let (upper, lower) = pair.split_at(stride);
        let blocks = upper.as_chunks::<6>().0.iter().zip(lower.as_chunks::<6>().0);
        for (((a, b), blue), red) in blocks.zip(blue).zip(red) {
            let mean = |values: [u8; 4]| {
                (values.iter().map(|&value| i32::from(value)).sum::<i32>() + 2) >> 2
            };
            let ([r0, g0, b0, r1, g1, b1], [r2, g2, b2, r3, g3, b3]) = (*a, *b);
            let (r, g, b) =
                (mean([r0, r1, r2, r3]), mean([g0, g1, g2, g3]), mean([b0, b1, b2, b3]));
            *blue = (128 + ((-38 * r - 74 * g + 112 * b + 128) >> 8)) as u8;
            *red = (128 + ((112 * r - 94 * g - 18 * b + 128) >> 8)) as u8;
        }
    }
}

fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    let weighted = 66 * u32::from(red) + 129 * u32::from(green) + 25 * u32::from(blue);
    (16 + ((weighted + 128) >> 8)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: FrameRate = FrameRate { timescale: 30, frame_ticks: 1 };

    fn flat(width: u32, height: u32, colour: [u8; 3]) -> Rgb8 {
        Rgb8 { width, height, pixels: colour.repeat((width * height) as usize) }
    }

    #[test]
    fn colours_become_limited_range_bt601() {
        let mut frame = YuvFrame::black(2, 2);
        for (colour, expected) in [
            ([0, 0, 0], (16, 128, 128)),
            ([255, 255, 255], (235, 128, 128)),
            ([255, 0, 0], (82, 90, 240)),
            ([0, 0, 255], (41, 240, 110)),
        ] {
            to_yuv(&flat(2, 2, colour), &mut frame);
            assert_eq!((frame.y[0], frame.u[0], frame.v[0]), expected, "{colour:?}");
        }
    }

    #[test]
    fn each_frame_becomes_one_sample_and_every_two_seconds_a_key_frame() {
        let mut encoder = FrameEncoder::new(50, 34, RATE).unwrap();
        for index in 0..61u32 {
            encoder.push(&flat(50, 34, [(index * 4) as u8, 90, 30])).unwrap();
        }
        let stream = encoder.finish().unwrap();
        assert_eq!(stream.samples.len(), 61);
        let keys: Vec<usize> = (0..61).filter(|&index| stream.samples[index].key).collect();
        assert_eq!(keys, [0, 60]);
        assert_eq!(stream.sps[0] & 0x1f, 7);
        assert_eq!(stream.sps[1], 66, "baseline profile");
        assert_eq!(stream.pps[0] & 0x1f, 8);
    }

    #[test]
    fn units_are_split_at_both_kinds_of_start_code() {
        let bytes = [0, 0, 0, 1, 0x67, 5, 0, 0, 1, 0x68, 6, 0, 0, 0, 1, 0x65, 0x80, 7];
        assert_eq!(units(&bytes), [&[0x67, 5][..], &[0x68, 6], &[0x65, 0x80, 7]]);
    }

    #[test]
    fn the_level_follows_size_and_speed() {
        assert_eq!(level(320, 180, RATE), Some(30));
        assert_eq!(level(640, 360, FrameRate { timescale: 60, frame_ticks: 1 }), Some(31));
        assert_eq!(level(16_384, 16, RATE), Some(60));
    }

    /// By size and speed these would be 4, 3.2 and 3.1; the first two are too slow for their bits.
    #[test]
    fn the_level_admits_the_bits_too() {
        let twice = FrameRate { timescale: 60, frame_ticks: 1 };
        // 1920 * 1080 * 30 * 0.4 are 24.9 Mbit/s, 1280 * 720 * 60 * 0.4 are 22.1, half of it 11.1.
        assert_eq!(level(1920, 1080, RATE), Some(41));
        assert_eq!(level(1280, 720, twice), Some(41));
        assert_eq!(level(1280, 720, RATE), Some(31));
        let mut encoder = FrameEncoder::new(1280, 720, twice).unwrap();
        encoder.push(&flat(1280, 720, [90; 3])).unwrap();
        assert_eq!(encoder.finish().unwrap().sps[3], 41, "what the stream says of itself");
    }
}
