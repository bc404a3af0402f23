//! Finished pictures as files.

use super::job::{PictureFormat, RenderError};
use super::raster::Rgb8;
use super::vector::Color;

/// JPEG quality, 1 to 100.
const JPEG_QUALITY: u8 = 90;

impl PictureFormat {
    /// Media type of the file.
    pub fn mime_type(self) -> &'static str {
        match self {
            PictureFormat::Png => "image/png",
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Webp => "image/webp",
            PictureFormat::Tiff => "image/tiff",
        }
    }

    /// Usual file extension without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            PictureFormat::Png => "png",
            PictureFormat::Jpeg => "jpg",
            PictureFormat::Webp => "webp",
            PictureFormat::Tiff => "tiff",
        }
    }
}

/// Writes a picture in the given format.
pub(crate) fn picture(picture: &Rgb8, format: PictureFormat) -> Result<Vec<u8>, RenderError> {
    match format {
        PictureFormat::Png => png(picture),
        PictureFormat::Jpeg => jpeg(picture, JPEG_QUALITY),
        PictureFormat::Webp => webp(picture),
        PictureFormat::Tiff => Ok(tiff(picture)),
    }
}

fn png(picture: &Rgb8) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    // A thirtieth of the time of the default for a sixth more bytes.
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&picture.pixels)?;
        writer.finish()
    });
    written.map_err(|error| fault("PNG", &error))?;
    Ok(bytes)
}

/// Writes a JPEG without chroma subsampling.
pub(crate) fn jpeg(picture: &Rgb8, quality: u8) -> Result<Vec<u8>, RenderError> {
    let side = |side: u32| u16::try_from(side).map_err(|error| fault("JPEG", &error));
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_4_4);
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(&picture.pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .map_err(|error| fault("JPEG", &error))?;
    Ok(bytes)
}

fn webp(picture: &Rgb8) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    image_webp::WebPEncoder::new(&mut bytes)
        .encode(&picture.pixels, picture.width, picture.height, image_webp::ColorType::Rgb8)
        .map_err(|error| fault("WebP", &error))?;
    Ok(bytes)
}

/// Field types of TIFF 6.0.
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// Baseline TIFF 6.0: little-endian, one uncompressed strip, 72 dots per inch.
fn tiff(picture: &Rgb8) -> Vec<u8> {
    const FIELDS: u16 = 12;
    const HEADER: u32 = 8;
    // Count, fields of 12 bytes, offset of the next directory (none).
    const DIRECTORY: u32 = 2 + FIELDS as u32 * 12 + 4;
    const BITS: u32 = HEADER + DIRECTORY;
    const RESOLUTION: u32 = BITS + 6;
    const STRIP: u32 = RESOLUTION + 8;
    let size = picture.pixels.len() as u32;
    let fields: [(u16, u16, u32, u32); FIELDS as usize] = [
        (256, LONG, 1, picture.width),
        (257, LONG, 1, picture.height),
        (258, SHORT, 3, BITS),
        // No compression; red, green, blue.
        (259, SHORT, 1, 1),
        (262, SHORT, 1, 2),
        (273, LONG, 1, STRIP),
        (277, SHORT, 1, 3),
        (278, LONG, 1, picture.height),
        (279, LONG, 1, size),
        (282, RATIONAL, 1, RESOLUTION),
        (283, RATIONAL, 1, RESOLUTION),
        // Inches.
        (296, SHORT, 1, 2),
    ];
    let mut bytes = Vec::with_capacity(picture.pixels.len() + STRIP as usize);
    bytes.extend_from_slice(b"II*\0");
    bytes.extend_from_slice(&HEADER.to_le_bytes());
    bytes.extend_from_slice(&FIELDS.to_le_bytes());
    for (tag, kind, count, value) in fields {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&0u32.to_le_bytes());
    for bits in [8u16; 3] {
        bytes.extend_from_slice(&bits.to_le_bytes());
    }
    for part in [72u32, 1] {
        bytes.extend_from_slice(&part.to_le_bytes());
    }
    bytes.extend_from_slice(&picture.pixels);
    bytes
}

/// Writes linear light as a Radiance picture: a shared exponent for each pixel, values above 1
/// kept. `rows` yields `width * height` colours, row by row.
pub(crate) fn radiance(width: usize, height: usize, rows: impl Iterator<Item = Color>) -> Vec<u8> {
    let head = format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n");
    let mut bytes = head.into_bytes();
    let mut rows = rows;
    // The format knows compressed lines from 8 to 32,767 pixels only.
    let packed = (8..=0x7FFF).contains(&width);
    let mut channels: [Vec<u8>; 4] = Default::default();
    for _ in 0..height {
        channels.iter_mut().for_each(Vec::clear);
        for color in rows.by_ref().take(width) {
            let pixel = shared_exponent(color);
            if packed {
                for (channel, value) in channels.iter_mut().zip(pixel) {
                    channel.push(value);
                }
            } else {
                bytes.extend_from_slice(&pixel);
            }
        }
        if packed {
            bytes.extend_from_slice(&[2, 2, (width >> 8) as u8, width as u8]);
            channels.iter().for_each(|channel| pack_runs(channel, &mut bytes));
        }
    }
    bytes
}

/// Three mantissas and the exponent of the largest one.
fn shared_exponent(color: Color) -> [u8; 4] {
    let largest = [color.x, color.y, color.z].into_iter().fold(0.0, super::math::larger);
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

fn fault(format: &str, error: &dyn std::fmt::Display) -> RenderError {
    RenderError::Internal(format!("the {format} encoder failed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::decode;
    use crate::engine::vector::rgb;

    fn sample(width: u32, height: u32) -> Rgb8 {
        let pixels = (0..width * height * 3).map(|i| (i * 7 / 5) as u8).collect();
        Rgb8 { width, height, pixels }
    }

    #[test]
    fn lossless_formats_give_the_pixels_back() {
        for size in [(1, 1), (16, 16), (333, 77)] {
            let sample = sample(size.0, size.1);
            for format in [PictureFormat::Png, PictureFormat::Webp] {
                let bytes = picture(&sample, format).unwrap();
                assert_eq!(decode::decode(&bytes).unwrap(), sample, "{format:?}");
            }
        }
    }

    #[test]
    fn jpeg_keeps_the_size() {
        let bytes = picture(&sample(333, 77), PictureFormat::Jpeg).unwrap();
        let back = decode::decode(&bytes).unwrap();
        assert_eq!((back.width, back.height), (333, 77));
    }

    #[test]
    fn tiff_has_its_pixels_where_the_directory_says() {
        let sample = sample(33, 7);
        let bytes = picture(&sample, PictureFormat::Tiff).unwrap();
        let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let field = |tag: u16| {
            (0..12)
                .map(|i| 10 + i * 12)
                .find(|at| bytes[*at..at + 2] == tag.to_le_bytes())
                .map(|at| long(at + 8))
        };
        assert_eq!((field(256), field(257)), (Some(33), Some(7)));
        let (start, size) = (field(273).unwrap() as usize, field(279).unwrap() as usize);
        assert_eq!(bytes[start..start + size], sample.pixels[..]);
        assert_eq!(start + size, bytes.len());
    }

    #[test]
    fn radiance_keeps_values_above_one() {
        let colors =
            [rgb(4.0, 1.0, 0.25), rgb(0.0, 0.0, 0.0), rgb(0.5, 0.5, 0.5), rgb(100.0, 0.0, 3.0)];
        let bytes = radiance(4, 1, colors.into_iter());
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
