//! Finished pictures as files.

mod radiance;
mod tiff;

use super::job::{PictureFormat, RenderError};
use super::raster::Rgb8;
pub(crate) use radiance::Radiance;

/// What files say they were made with, where their format has a place for it. Nothing else is
/// told: a prompt may be private, and a file travels.
pub(crate) const SOFTWARE: &str = "Media Factory sandbox (procedural)";

/// JPEG quality, 1 to 100.
const JPEG_QUALITY: u8 = 90;

/// Pixels of the largest JPEG that gets Huffman tables of its own.
const MOST_OPTIMIZED: u64 = 8 * 1024 * 1024;

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
        PictureFormat::Tiff => tiff::write(picture, SOFTWARE),
    }
}

fn png(picture: &Rgb8) -> Result<Vec<u8>, RenderError> {
    png_of(picture.width, picture.height, Samples::Color, &picture.pixels)
}

/// What the samples of a PNG are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Samples {
    /// Three bytes: display-referred sRGB.
    Color,
    /// Three bytes that are numbers and no colour.
    Numbers,
    /// One byte, a number.
    Byte,
    /// Two bytes, a big-endian number.
    Word,
}

/// Writes samples, row by row, as a PNG.
pub(crate) fn png_of(
    width: u32,
    height: u32,
    samples: Samples,
    data: &[u8],
) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    let gray = matches!(samples, Samples::Byte | Samples::Word);
    encoder.set_color(if gray { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    let word = samples == Samples::Word;
    encoder.set_depth(if word { png::BitDepth::Sixteen } else { png::BitDepth::Eight });
    if samples == Samples::Color {
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    }
    // A thirtieth of the time of the default for a sixth more bytes.
    encoder.set_compression(png::Compression::Fast);
    let written = encoder
        .add_text_chunk("Software".to_owned(), SOFTWARE.to_owned())
        .and_then(|()| encoder.write_header())
        .and_then(|mut writer| {
            writer.write_image_data(data)?;
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
    // They cost memory for all coefficients, twice that of the picture.
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    encoder.set_optimized_huffman_tables(pixels <= MOST_OPTIMIZED);
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

fn fault(format: &str, error: &dyn std::fmt::Display) -> RenderError {
    RenderError::Internal(format!("the {format} encoder failed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::decode;

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
    fn files_say_what_made_them() {
        for format in [PictureFormat::Png, PictureFormat::Tiff] {
            let bytes = picture(&sample(16, 16), format).unwrap();
            let named = bytes.windows(SOFTWARE.len()).any(|part| part == SOFTWARE.as_bytes());
            assert!(named, "{format:?}");
        }
    }
}
