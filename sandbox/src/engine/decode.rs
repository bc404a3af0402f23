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

/// Width and height in pixels of the picture that [`decode`] gives, from the file's header alone.
pub(crate) fn size(bytes: &[u8]) -> Result<(u32, u32), DecodeError> {
    match readable_kind(bytes)? {
        FileKind::Png => open_png(bytes).map(|(_, size)| size),
        FileKind::Jpeg => open_jpeg(bytes).map(|jpeg| {
            let (width, height) = jpeg.size;
            if on_a_side(jpeg.orientation) { (height, width) } else { (width, height) }
        }),
        FileKind::Webp => open_webp(bytes).map(|decoder| decoder.dimensions()),
        _ => open_gif(bytes).map(|decoder| (decoder.width().into(), decoder.height().into())),
    }
}

type File<'a> = Cursor<&'a [u8]>;

fn open_png(bytes: &[u8]) -> Result<(png::Decoder<File<'_>>, (u32, u32)), DecodeError> {
    let damaged = |_| DecodeError::Damaged(FileKind::Png);
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = (header.width, header.height);
    check_size(width.into(), height.into())?;
    Ok((decoder, (width, height)))
}

fn decode_png(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = |_| DecodeError::Damaged(FileKind::Png);
    let (decoder, _) = open_png(bytes)?;
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

struct Jpeg<'a> {
    decoder: zune_jpeg::JpegDecoder<File<'a>>,
    /// Width and height as they are stored, in pixels.
    size: (u32, u32),
    /// As Exif numbers them.
    orientation: u8,
}

fn open_jpeg(bytes: &[u8]) -> Result<Jpeg<'_>, DecodeError> {
    let damaged = DecodeError::Damaged(FileKind::Jpeg);
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| damaged.clone())?;
    let (width, height) = decoder.dimensions().ok_or(damaged.clone())?;
    check_size(width as u64, height as u64)?;
    let orientation = decoder.exif().and_then(|exif| exif_orientation(exif)).unwrap_or(1);
    let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else {
        return Err(damaged);
    };
    Ok(Jpeg { decoder, size: (width, height), orientation })
}

fn decode_jpeg(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = DecodeError::Damaged(FileKind::Jpeg);
    let Jpeg { mut decoder, size: (width, height), orientation } = open_jpeg(bytes)?;
    let pixels = decoder.decode().map_err(|_| damaged.clone())?;
    if pixels.len() != width as usize * height as usize * 3 {
        return Err(damaged);
    }
    Ok(turned(Rgb8 { width, height, pixels }, orientation))
}

fn open_webp(bytes: &[u8]) -> Result<image_webp::WebPDecoder<File<'_>>, DecodeError> {
    let damaged = |_| DecodeError::Damaged(FileKind::Webp);
    let decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width.into(), height.into())?;
    Ok(decoder)
}

fn decode_webp(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = |_| DecodeError::Damaged(FileKind::Webp);
    let mut decoder = open_webp(bytes)?;
    let (width, height) = decoder.dimensions();
    let size = decoder.output_buffer_size().ok_or(DecodeError::Damaged(FileKind::Webp))?;
    let mut samples = vec![0; size];
    decoder.read_image(&mut samples).map_err(damaged)?;
    let pixels = if decoder.has_alpha() { over_black(&samples) } else { samples };
    Ok(Rgb8 { width, height, pixels })
}

fn open_gif(bytes: &[u8]) -> Result<gif::Decoder<File<'_>>, DecodeError> {
    let damaged = DecodeError::Damaged(FileKind::Gif);
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let decoder = options.read_info(Cursor::new(bytes)).map_err(|_| damaged.clone())?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    if width == 0 || height == 0 {
        return Err(damaged);
    }
    check_size(width.into(), height.into())?;
    Ok(decoder)
}

fn decode_gif(bytes: &[u8]) -> Result<Rgb8, DecodeError> {
    let damaged = DecodeError::Damaged(FileKind::Gif);
    let mut decoder = open_gif(bytes)?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
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

/// Whether a picture with this Exif orientation changes its width for its height.
fn on_a_side(orientation: u8) -> bool {
    orientation >= 5
}

/// Undoes an Exif orientation: 1 is upright, 3 upside down, 6 and 8 on a side, the rest mirrored.
fn turned(picture: Rgb8, orientation: u8) -> Rgb8 {
    if orientation == 1 {
        return picture;
    }
    let (source_width, source_height) = (picture.width as usize, picture.height as usize);
    let (width, height) = if on_a_side(orientation) {
        (source_height, source_width)
    } else {
        (source_width, source_height)
    };
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
pub(crate) mod tests;
