//! Tagged Image File Format 6.0: little-endian, one strip, Deflate behind a difference to the left.

use crate::engine::job::RenderError;
use crate::engine::raster::Rgb8;

/// Field types.
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// Deflate as Adobe registered it, and the prediction of each value from its left neighbour.
const DEFLATE: u32 = 8;
const DIFFERENCES: u32 = 2;

/// Entries of the directory.
const FIELDS: u16 = 14;
const HEADER: u32 = 8;
/// Count, fields of 12 bytes, offset of the next directory (none).
const DIRECTORY: u32 = 2 + FIELDS as u32 * 12 + 4;
const BITS: u32 = HEADER + DIRECTORY;
const RESOLUTION: u32 = BITS + 6;
const SOFTWARE: u32 = RESOLUTION + 8;

/// Writes a picture; 72 dots per inch.
pub(super) fn write(picture: &Rgb8, software: &str) -> Result<Vec<u8>, RenderError> {
    let strip = fdeflate::compress_to_vec(&differences(picture));
    let too_large = |_| RenderError::Internal("the TIFF encoder's file is too large".to_owned());
    let size = u32::try_from(strip.len()).map_err(too_large)?;
    let name = software.len() as u32 + 1;
    let start = (SOFTWARE + name).next_multiple_of(2);
    let fields: [(u16, u16, u32, u32); FIELDS as usize] = [
        (256, LONG, 1, picture.width),
        (257, LONG, 1, picture.height),
        (258, SHORT, 3, BITS),
        (259, SHORT, 1, DEFLATE),
        // Red, green, blue.
        (262, SHORT, 1, 2),
        (273, LONG, 1, start),
        (277, SHORT, 1, 3),
        (278, LONG, 1, picture.height),
        (279, LONG, 1, size),
        (282, RATIONAL, 1, RESOLUTION),
        (283, RATIONAL, 1, RESOLUTION),
        // Inches.
        (296, SHORT, 1, 2),
        (305, ASCII, name, SOFTWARE),
        (317, SHORT, 1, DIFFERENCES),
    ];
    let mut bytes = Vec::with_capacity(strip.len() + start as usize);
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
    bytes.extend_from_slice(software.as_bytes());
    bytes.resize(start as usize, 0);
    bytes.extend_from_slice(&strip);
    Ok(bytes)
}

/// Each pixel less its left neighbour, row by row.
fn differences(picture: &Rgb8) -> Vec<u8> {
    let mut values = Vec::with_capacity(picture.pixels.len());
    for row in picture.pixels.chunks_exact((picture.width as usize).max(1) * 3) {
        let left = [0; 3].iter().chain(row);
        values.extend(row.iter().zip(left).map(|(value, left)| value.wrapping_sub(*left)));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_is_where_the_directory_says_and_gives_the_pixels_back() {
        let (width, height) = (33, 7);
        let pixels: Vec<u8> = (0..width * height * 3).map(|i| (i * 7 / 5) as u8).collect();
        let bytes = write(&Rgb8 { width, height, pixels: pixels.clone() }, "a program").unwrap();
        let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let field = |tag: u16| {
            (0..usize::from(FIELDS))
                .map(|i| 10 + i * 12)
                .find(|at| bytes[*at..at + 2] == tag.to_le_bytes())
                .map(|at| long(at + 8) as usize)
                .unwrap()
        };
        assert_eq!((field(256), field(257)), (33, 7));
        let (start, size) = (field(273), field(279));
        assert_eq!((start % 2, start + size), (0, bytes.len()));
        assert_eq!(bytes[field(305)..][..10], *b"a program\0");
        let mut back = fdeflate::decompress_to_vec(&bytes[start..]).unwrap();
        for row in back.chunks_exact_mut(33 * 3) {
            for at in 3..row.len() {
                row[at] = row[at].wrapping_add(row[at - 3]);
            }
        }
        assert_eq!(back, pixels);
    }
}
