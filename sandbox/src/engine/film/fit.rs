//! A picture of any size fitted whole into a frame, with black bars where the shapes differ.

use crate::engine::raster::Rgb8;

/// Brings `picture` to the largest size within `width`×`height` without cropping: what a user put
/// in stays visible. `None` when `cancel` answered true.
pub(super) fn fitted(
    picture: Rgb8,
    width: u32,
    height: u32,
    cancel: &dyn Fn() -> bool,
) -> Option<Rgb8> {
    if (picture.width, picture.height) == (width, height) {
        return Some(picture);
    }
    let scale = (f64::from(width) / f64::from(picture.width))
        .min(f64::from(height) / f64::from(picture.height));
    let inner =
        |length: u32, most: u32| (libm::round(f64::from(length) * scale) as u32).clamp(1, most);
    picture.resized(inner(picture.width, width), inner(picture.height, height), cancel)
}

/// Puts a fitted picture in the middle of a black frame.
pub(super) fn letterboxed(picture: Rgb8, width: u32, height: u32) -> Rgb8 {
    if (picture.width, picture.height) == (width, height) {
        return picture;
    }
    let mut frame = Rgb8 { width, height, pixels: vec![0; width as usize * height as usize * 3] };
    let left = (width - picture.width) as usize / 2 * 3;
    let top = (height - picture.height) as usize / 2;
    let source_rows = picture.pixels.chunks_exact(picture.width as usize * 3);
    let target_rows = frame.pixels.chunks_exact_mut(width as usize * 3).skip(top);
    for (target, source) in target_rows.zip(source_rows) {
        target.iter_mut().skip(left).zip(source).for_each(|(out, &value)| *out = value);
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(width: u32, height: u32, colour: [u8; 3]) -> Rgb8 {
        Rgb8 { width, height, pixels: colour.repeat((width * height) as usize) }
    }

    fn framed(picture: Rgb8, width: u32, height: u32) -> Rgb8 {
        letterboxed(fitted(picture, width, height, &|| false).unwrap(), width, height)
    }

    #[test]
    fn a_tall_picture_gets_bars_at_the_sides() {
        let frame = framed(flat(10, 40, [200, 100, 50]), 80, 40);
        let pixel = |x: usize, y: usize| &frame.pixels[(y * 80 + x) * 3..][..3];
        assert_eq!(pixel(34, 20), [0, 0, 0]);
        assert_eq!(pixel(35, 0), [200, 100, 50]);
        assert_eq!(pixel(44, 39), [200, 100, 50]);
        assert_eq!(pixel(45, 20), [0, 0, 0]);
    }

    #[test]
    fn the_same_shape_fills_the_frame() {
        for (width, height) in [(1, 1), (16, 9), (1600, 900)] {
            let frame = framed(flat(width, height, [9, 99, 199]), 160, 90);
            let expected = if width == 1 { 90 * 90 } else { 160 * 90 };
            let filled = frame.pixels.chunks(3).filter(|pixel| *pixel == [9, 99, 199]).count();
            assert_eq!(filled, expected, "{width}×{height}");
        }
    }
}
