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

/// One picture of 40×30 as PNG, JPEG and WebP.
fn encoded() -> [Vec<u8>; 3] {
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
    [png, jpeg, webp]
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let [png, jpeg, webp] = encoded();
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
    assert_eq!(size(&jpeg), Ok((16, 32)));
    // A row of red, green; the camera lay on its side, so the picture is a column.
    let row = Rgb8 { width: 2, height: 1, pixels: vec![255, 0, 0, 0, 255, 0] };
    let column = turned(row.clone(), 6);
    assert_eq!((column.width, column.height), (1, 2));
    assert_eq!(column.pixels, [255, 0, 0, 0, 255, 0]);
    assert_eq!(turned(row.clone(), 8).pixels, [0, 255, 0, 255, 0, 0]);
    assert_eq!(turned(row, 2).pixels, [0, 255, 0, 255, 0, 0]);
}

#[test]
fn the_size_stands_in_the_header() {
    let [png, jpeg, webp] = encoded();
    let mut gif = Vec::new();
    let frame = gif::Frame { width: 1, height: 1, buffer: vec![1].into(), ..Default::default() };
    let mut encoder = gif::Encoder::new(&mut gif, 40, 30, &[255, 0, 0, 0, 255, 0]).unwrap();
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    for file in [&png, &jpeg, &webp, &gif] {
        assert_eq!(size(file), Ok((40, 30)));
    }
    // The checksum of the pixels is wrong, which only those see who read them.
    let mut damaged = png.clone();
    let end = damaged.len() - 20;
    damaged[end] ^= 0xff;
    assert_eq!(size(&damaged), Ok((40, 30)));
    assert_eq!(decode(&damaged), Err(DecodeError::Damaged(FileKind::Png)));
    assert_eq!(size(b"%PDF-1.7"), Err(DecodeError::NotReadable(FileKind::Pdf)));
    assert_eq!(size(&png[..20]), Err(DecodeError::Damaged(FileKind::Png)));
}
