//! Radiance pictures (`.hdr`): linear light with a shared exponent for each pixel, so that values
//! above 1 are kept.

use crate::engine::vector::Color;

/// A Radiance picture in the making.
pub(crate) struct Radiance {
    width: usize,
    bytes: Vec<u8>,
}

impl Radiance {
    /// Begins a picture; its rows follow from the first to the last.
    pub(crate) fn new(width: u32, height: u32, software: &str) -> Radiance {
        let head = format!(
            "#?RADIANCE\nSOFTWARE={software}\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n"
        );
        Radiance { width: width as usize, bytes: head.into_bytes() }
    }

    /// Writes whole rows.
    pub(crate) fn push(&mut self, colors: &[Color]) {
        for row in colors.chunks_exact(self.width.max(1)) {
            let pixels = row.iter().map(|color| shared_exponent(*color));
            // The format knows compressed lines from 8 to 32,767 pixels only.
            if !(8..=0x7FFF).contains(&self.width) {
                self.bytes.extend(pixels.flatten());
                continue;
            }
            let mut channels: [Vec<u8>; 4] = Default::default();
            for pixel in pixels {
                for (channel, value) in channels.iter_mut().zip(pixel) {
                    channel.push(value);
                }
            }
            self.bytes.extend_from_slice(&[2, 2, (self.width >> 8) as u8, self.width as u8]);
            channels.iter().for_each(|channel| pack_runs(channel, &mut self.bytes));
        }
    }

    /// The finished file.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Three mantissas and the exponent of the largest one.
fn shared_exponent(color: Color) -> [u8; 4] {
    let largest = [color.x, color.y, color.z].into_iter().fold(0.0, crate::engine::math::larger);
    if largest < 1e-30 {
        return [0; 4];
    }
    // The exponent's bits say between which powers of two the value lies.
    let exponent = (largest.to_bits() >> 23) as i32 - 126;
    let scale = f32::from_bits(((127 + 8 - exponent) as u32) << 23);
    let mantissa = |v: f32| (v * scale) as u8;
    [mantissa(color.x), mantissa(color.y), mantissa(color.z), (exponent + 128) as u8]
}

/// Runs of four or more equal bytes become two; others are copied in stretches of up to 128.
fn pack_runs(mut line: &[u8], bytes: &mut Vec<u8>) {
    let run_of = |line: &[u8]| {
        line.first().map_or(0, |first| line.iter().take(127).take_while(|v| *v == first).count())
    };
    while let Some(first) = line.first() {
        let run = run_of(line);
        let taken = if run >= 4 {
            bytes.extend_from_slice(&[128 + run as u8, *first]);
            run
        } else {
            let end = (0..line.len().min(128))
                .find(|start| line.get(*start..).is_some_and(|rest| run_of(rest) >= 4))
                .unwrap_or(line.len().min(128));
            bytes.push(end as u8);
            bytes.extend(line.iter().take(end));
            end
        };
        line = line.get(taken..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vector::rgb;

    #[test]
    fn radiance_keeps_values_above_one() {
        let colors =
            [rgb(4.0, 1.0, 0.25), rgb(0.0, 0.0, 0.0), rgb(0.5, 0.5, 0.5), rgb(100.0, 0.0, 3.0)];
        let mut file = Radiance::new(4, 1, "a program");
        file.push(&colors);
        let bytes = file.finish();
        let pixels = &bytes[bytes.len() - 16..];
        for (pixel, color) in pixels.chunks_exact(4).zip(colors) {
            let scale = libm::exp2f(f32::from(pixel[3]) - 136.0);
            for (mantissa, value) in pixel.iter().zip([color.x, color.y, color.z]) {
                assert!((f32::from(*mantissa) * scale - value).abs() <= value * 0.01 + scale);
            }
        }
    }

    #[test]
    fn packed_runs_unpack_to_the_same_line() {
        let line: Vec<u8> =
            (0..900).map(|i: u32| if i % 300 < 200 { 9 } else { i as u8 }).collect();
        let mut packed = Vec::new();
        pack_runs(&line, &mut packed);
        assert!(packed.len() < line.len());
        let (mut unpacked, mut rest) = (Vec::new(), &packed[..]);
        while let [count, tail @ ..] = rest {
            if *count > 128 {
                unpacked.extend(std::iter::repeat_n(tail[0], usize::from(count - 128)));
                rest = &tail[1..];
            } else {
                let (copied, tail) = tail.split_at(usize::from(*count));
                unpacked.extend_from_slice(copied);
                rest = tail;
            }
        }
        assert_eq!(unpacked, line);
    }
}
