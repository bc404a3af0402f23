//! Pictures that a job brings along: PNG, JPEG, WebP and GIF to 8-bit sRGB.
//!
//! The format is judged by the bytes. Transparency is laid over black; of an animation the first
//! picture counts; a JPEG is turned the way its Exif orientation says.

use std::fmt;
use std::io::Cursor;

use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::raster::Rgb8;
use super::sniff::FileKind;

/// Most pixels that a picture may have when decoded: a file of a few kilobytes can claim billions.
pub(crate) const MAX_PIXELS: u64 = 64 * 1024 * 1024;

/// Longest side that a picture may have, in pixels.
const MAX_SIDE: u64 = 65_535;

/// Why a file could not be used as a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// It is something else, or a picture format that this engine cannot read.
    NotReadable(FileKind),
    /// It has more than [`MAX_PIXELS`], or a side longer than [`MAX_SIDE`].
    TooLarge {
        /// Width that the file claims, in pixels.
        width: u64,
        /// Height that the file claims, in pixels.
        height: u64,
    },
    /// It begins like this kind of picture, but is damaged or cut short.
    Damaged(FileKind),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::NotReadable(kind) => write!(
                f,
                "it seems to be {}; give a PNG, JPEG, WebP or GIF picture",
                kind.describe()
            ),
            DecodeError::TooLarge { width, height } => write!(
                f,
                "it has {width}×{height} pixels; the limit is {} megapixels and {MAX_SIDE} a side",
                MAX_PIXELS / 1_000_000
            ),
            DecodeError::Damaged(kind) => {
                write!(f, "it begins like {}, but is damaged or cut short", kind.describe())
            }
        }
    }
}

/// Checks that a file is of a readable kind, without decoding it.
pub(crate) fn readable_kind(bytes: &[u8]) -> Result<FileKind, DecodeError> {
    match FileKind::of(bytes) {
        kind @ (FileKind::Png | FileKind::Jpeg | FileKind::Webp | FileKind::Gif) => Ok(kind),
        kind => Err(DecodeError::NotReadable(kind)),
    }
}

/// Decodes a picture.
pub(crate) fn decode(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    match readable_kind(bytes)? {
        FileKind::Png => decode_png(bytes),
        FileKind::Jpeg => decode_jpeg(bytes),
        FileKind::Webp => decode_webp(bytes),
        _ => decode_gif(bytes),
    }
}

fn decode_png(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = |_| DecodeError::Damaged(FileKind::Png);
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    check_size(width.into(), height.into())?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().ok_or(DecodeError::Damaged(FileKind::Png))?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(damaged)?;
    samples.truncate(frame.buffer_size());
    let pixels = match frame.color_type {
        png::ColorType::Rgb => samples,
        png::ColorType::Rgba => over_black(&samples),
        png::ColorType::Grayscale => samples.iter().flat_map(|&luma| [luma; 3]).collect(),
        png::ColorType::GrayscaleAlpha => samples
            .as_chunks::<2>()
            .0
            .iter()
            .flat_map(|&[luma, alpha]| [scale(luma, alpha); 3])
            .collect(),
        png::ColorType::Indexed => return Err(DecodeError::Damaged(FileKind::Png)),
    };
    Ok(Rgb8 { width: frame.width, height: frame.height, pixels })
}

fn decode_jpeg(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = DecodeError::Damaged(FileKind::Jpeg);
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| damaged.clone())?;
    let (width, height) = decoder.dimensions().ok_or(damaged.clone())?;
    check_size(width as u64, height as u64)?;
    let pixels = decoder.decode().map_err(|_| damaged.clone())?;
    let orientation = decoder.exif().and_then(|exif| exif_orientation(exif)).unwrap_or(1);
    let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else {
        return Err(damaged);
    };
    if pixels.len() != width as usize * height as usize * 3 {
        return Err(damaged);
    }
    Ok(turned(Rgb8 { width, height, pixels }, orientation))
}

fn decode_webp(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = |_| DecodeError::Damaged(FileKind::Webp);
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width.into(), height.into())?;
    let size = decoder.output_buffer_size().ok_or(DecodeError::Damaged(FileKind::Webp))?;
    let mut samples = vec![0; size];
    decoder.read_image(&mut samples).map_err(damaged)?;
    let pixels = if decoder.has_alpha() { over_black(&samples) } else { samples };
    Ok(Rgb8 { width, height, pixels })
}

fn decode_gif(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = DecodeError::Damaged(FileKind::Gif);
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(|_| damaged.clone())?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    if width == 0 || height == 0 {
        return Err(damaged);
    }
    check_size(width.into(), height.into())?;
    let frame = match decoder.read_next_frame() {
        Ok(Some(frame)) => frame,
        Ok(None) | Err(_) => return Err(damaged),
    };
    // The first picture may cover only a part of the screen; the rest stays black.
    let mut pixels = vec![0; width as usize * height as usize * 3];
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let row_bytes = usize::from(frame.width).max(1) * 4;
    for (row, source) in frame.buffer.chunks_exact(row_bytes).enumerate() {
        let start = ((top + row) * width as usize + left) * 3;
        let room = (width as usize).saturating_sub(left) * 3;
        if let Some(target) = pixels.get_mut(start..start + room) {
            target.iter_mut().zip(over_black(source)).for_each(|(out, value)| *out = value);
        }
    }
    Ok(Rgb8 { width, height, pixels })
}

fn check_size(width: u64, height: u64) -> Result<(), DecodeError> {
    if width.saturating_mul(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    Ok(())
}

fn over_black(rgba: &[u8]) -> Vec<u8> {
    rgba.as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[red, green, blue, alpha]| {
            [scale(red, alpha), scale(green, alpha), scale(blue, alpha)]
        })
        .collect()
}

fn scale(value: u8, alpha: u8) -> u8 {
    ((u16::from(value) * u16::from(alpha) + 127) / 255) as u8
}

/// Reads tag 0x0112 of the first directory of an Exif block (TIFF 6.0 layout): 1 to 8.
fn exif_orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |offset: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(offset..offset + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let quad: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let directory = if little { u32::from_le_bytes(quad) } else { u32::from_be_bytes(quad) };
    let directory = usize::try_from(directory).ok()?;
    if directory > tiff.len() {
        return None;
    }
    let entries = usize::from(u16_at(directory)?);
    (0..entries)
        .map(|entry| directory + 2 + entry * 12)
        .find(|&entry| u16_at(entry) == Some(0x0112))
        .and_then(|entry| u16_at(entry + 8))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
}

/// Undoes an Exif orientation: 1 is upright, 3 upside down, 6 and 8 on a side, the rest mirrored.
fn turned(picture: Rgb8, orientation: u8) -> Rgb8 {
    if orientation == 1 {
        return picture;
    }
    let (source_width, source_height) = (picture.width as usize, picture.height as usize);
    let on_a_side = orientation >= 5;
    let (width, height) =
        if on_a_side { (source_height, source_width) } else { (source_width, source_height) };
    let mut pixels = Vec::with_capacity(picture.pixels.len());
    for y in 0..height {
        for x in 0..width {
            let (last_x, last_y) = (source_width - 1, source_height - 1);
            let (from_x, from_y) = match orientation {
                2 => (last_x - x, y),
                3 => (last_x - x, last_y - y),
                4 => (x, last_y - y),
                5 => (y, x),
                6 => (y, last_y - x),
                7 => (last_x - y, last_y - x),
                _ => (last_x - y, x),
            };
            let start = (from_y * source_width + from_x) * 3;
            pixels.extend_from_slice(picture.pixels.get(start..start + 3).unwrap_or(&[0; 3]));
        }
    }
    Rgb8 { width: width as u32, height: height as u32, pixels }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Encodes samples as PNG, for the tests of this engine.
    pub(crate) fn png_of(
        width: u32,
        height: u32,
        color: png::ColorType,
        depth: png::BitDepth,
        data: &[u8],
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == png::ColorType::Indexed {
            encoder.set_palette(vec![9, 8, 7, 1, 2, 3]);
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn every_png_colour_type_becomes_rgb() {
        use png::{BitDepth, ColorType};
        let cases: [(ColorType, BitDepth, &[u8], [u8; 3]); 7] = [
            (ColorType::Rgb, BitDepth::Eight, &[10, 20, 30], [10, 20, 30]),
            (ColorType::Rgba, BitDepth::Eight, &[200, 100, 50, 128], [100, 50, 25]),
            (ColorType::Grayscale, BitDepth::Eight, &[77], [77, 77, 77]),
            (ColorType::Grayscale, BitDepth::One, &[0x80], [255, 255, 255]),
            (ColorType::GrayscaleAlpha, BitDepth::Eight, &[200, 0], [0, 0, 0]),
            (ColorType::Indexed, BitDepth::Eight, &[1], [1, 2, 3]),
            (ColorType::Rgb, BitDepth::Sixteen, &[10, 0, 20, 0, 30, 0], [10, 20, 30]),
        ];
        for (color, depth, data, expected) in cases {
            let picture = decode(&png_of(1, 1, color, depth, data)).unwrap();
            assert_eq!(picture.pixels, expected, "{color:?} {depth:?}");
        }
    }

    #[test]
    fn jpeg_and_webp_decode() {
        let pixels = [180u8, 90, 40].repeat(16 * 8);
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 95)
            .encode(&pixels, 16, 8, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        let picture = decode(&jpeg).unwrap();
        assert_eq!((picture.width, picture.height), (16, 8));
        let close = |a: u8, b: u8| a.abs_diff(b) <= 3;
        assert!(picture.pixels.iter().zip(&pixels).all(|(&a, &b)| close(a, b)));

        let mut webp = Vec::new();
        image_webp::WebPEncoder::new(&mut webp)
            .encode(&pixels, 16, 8, image_webp::ColorType::Rgb8)
            .unwrap();
        assert_eq!(decode(&webp).unwrap(), Rgb8 { width: 16, height: 8, pixels: pixels.to_vec() });
    }

    #[test]
    fn the_first_picture_of_a_gif_decodes() {
        let mut bytes = Vec::new();
        let mut encoder = gif::Encoder::new(&mut bytes, 2, 1, &[255, 0, 0, 0, 255, 0]).unwrap();
        encoder
            .write_frame(&gif::Frame {
                width: 1,
                height: 1,
                left: 1,
                buffer: vec![1].into(),
                ..gif::Frame::default()
            })
            .unwrap();
        drop(encoder);
        assert_eq!(decode(&bytes).unwrap().pixels, [0, 0, 0, 0, 255, 0]);
    }

    #[test]
    fn what_is_no_picture_is_named() {
        let message = decode(b"<!doctype html><title>404</title>").unwrap_err().to_string();
        assert!(message.contains("an HTML page"), "{message}");
        assert_eq!(decode(b""), Err(DecodeError::NotReadable(FileKind::Empty)));
        assert_eq!(decode(b"II*\0...."), Err(DecodeError::NotReadable(FileKind::Tiff)));
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let pixels: Vec<u8> = (0..40 * 30 * 3).map(|i| (i * 7 % 251) as u8).collect();
        let png = png_of(40, 30, png::ColorType::Rgb, png::BitDepth::Eight, &pixels);
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 90)
            .encode(&pixels, 40, 30, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        let mut webp = Vec::new();
        image_webp::WebPEncoder::new(&mut webp)
            .encode(&pixels, 40, 30, image_webp::ColorType::Rgb8)
            .unwrap();
        assert_eq!(decode(&png[..png.len() / 2]), Err(DecodeError::Damaged(FileKind::Png)));
        assert_eq!(decode(&webp[..webp.len() / 2]), Err(DecodeError::Damaged(FileKind::Webp)));
        for file in [&png, &jpeg, &webp] {
            for position in 0..file.len() {
                let mut broken = file.clone();
                broken[position] ^= 0xa5;
                let _outcome = decode(&broken);
                let _outcome = decode(&file[..position]);
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let mut png = png_of(1, 1, png::ColorType::Grayscale, png::BitDepth::Eight, &[0]);
        png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        // The header's checksum covers the size.
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(decode(&png), Err(DecodeError::TooLarge { width: 65536, height: 65536 }));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        })
    }

    #[test]
    fn exif_orientation_turns_the_picture() {
        let exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        assert_eq!(exif_orientation(exif), Some(6));
        assert_eq!(exif_orientation(b"MM\0\x2a\xff\xff\xff\xff"), None);
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 90)
            .encode(&[90; 32 * 16 * 3], 32, 16, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        let length = (2 + 6 + exif.len()) as u16;
        let segment = [&[0xff, 0xe1], &length.to_be_bytes()[..], b"Exif\0\0", exif].concat();
        jpeg.splice(2..2, segment);
        let upright = decode(&jpeg).unwrap();
        assert_eq!((upright.width, upright.height), (16, 32));
        // A row of red, green; the camera lay on its side, so the picture is a column.
        let row = Rgb8 { width: 2, height: 1, pixels: vec![255, 0, 0, 0, 255, 0] };
        let column = turned(row.clone(), 6);
        assert_eq!((column.width, column.height), (1, 2));
        assert_eq!(column.pixels, [255, 0, 0, 0, 255, 0]);
        assert_eq!(turned(row.clone(), 8).pixels, [0, 255, 0, 255, 0, 0]);
        assert_eq!(turned(row, 2).pixels, [0, 255, 0, 255, 0, 0]);
    }
}
