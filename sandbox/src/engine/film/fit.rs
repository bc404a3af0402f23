//! A picture of any size fitted whole into a frame, with black bars where the shapes differ.

use crate::engine::raster::Rgb8;

/// Fits `picture` into `width`×`height` without cropping: what a user put in stays visible.
pub(super) fn letterboxed(picture: &Rgb8, width: u32, height: u32) -> Rgb8 {
    if (picture.width, picture.height) == (width, height) {
        return picture.clone();
    }
    let scale = (f64::from(width) / f64::from(picture.width))
        .min(f64::from(height) / f64::from(picture.height));
    let inner =
        |length: u32, most: u32| (libm::round(f64::from(length) * scale) as u32).clamp(1, most);
    let scaled = resized(picture, inner(picture.width, width), inner(picture.height, height));
    let mut frame = Rgb8 { width, height, pixels: vec![0; width as usize * height as usize * 3] };
    let left = (width - scaled.width) as usize / 2 * 3;
    let top = (height - scaled.height) as usize / 2;
    let source_rows = scaled.pixels.chunks_exact(scaled.width as usize * 3);
    let target_rows = frame.pixels.chunks_exact_mut(width as usize * 3).skip(top);
    for (target, source) in target_rows.zip(source_rows) {
        target.iter_mut().skip(left).zip(source).for_each(|(out, &value)| *out = value);
    }
    frame
}

/// Scales by a triangle filter as wide as the change of size: bilinear when enlarging, an area
/// mean without flicker when reducing.
pub(in crate::engine) fn resized(picture: &Rgb8, width: u32, height: u32) -> Rgb8 {
    let columns = taps(picture.width, width);
    let rows = taps(picture.height, height);
    let source_rows: Vec<&[u8]> = picture.pixels.chunks_exact(picture.width as usize * 3).collect();

    let narrow: Vec<Vec<f32>> =
        source_rows.iter().map(|row| narrowed(row.as_chunks::<3>().0, &columns)).collect();
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    let mut sums = vec![0.0f32; width as usize * 3];
    for row in &rows {
        sums.fill(0.0);
        for (line, weight) in narrow.iter().skip(row.first).zip(&row.weights) {
            sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += value * weight);
        }
        pixels.extend(sums.iter().map(|sum| (sum + 0.5).clamp(0.0, 255.0) as u8));
    }
    Rgb8 { width, height, pixels }
}

fn narrowed(row: &[[u8; 3]], columns: &[Taps]) -> Vec<f32> {
    let mut narrow = Vec::with_capacity(columns.len() * 3);
    for column in columns {
        let mut sum = [0.0f32; 3];
        for (pixel, weight) in row.iter().skip(column.first).zip(&column.weights) {
            sum.iter_mut().zip(pixel).for_each(|(sum, &value)| *sum += f32::from(value) * weight);
        }
        narrow.extend_from_slice(&sum);
    }
    narrow
}

/// The source samples that make one target sample; the weights sum to 1.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

fn taps(source: u32, target: u32) -> Vec<Taps> {
    let step = f64::from(source) / f64::from(target);
    let reach = step.max(1.0);
    (0..target)
        .map(|index| {
            let centre = (f64::from(index) + 0.5) * step - 0.5;
            let first = (centre - reach).floor().max(0.0) as u32;
            let last = ((centre + reach).floor().max(0.0) as u32).min(source - 1);
            let raw: Vec<f64> = (first..=last)
                .map(|sample| (1.0 - (f64::from(sample) - centre).abs() / reach).max(0.0))
                .collect();
            let total: f64 = raw.iter().sum();
            let weights = raw.iter().map(|weight| (weight / total) as f32).collect();
            Taps { first: first as usize, weights }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(width: u32, height: u32, colour: [u8; 3]) -> Rgb8 {
        Rgb8 { width, height, pixels: colour.repeat((width * height) as usize) }
    }

    #[test]
    fn a_tall_picture_gets_bars_at_the_sides() {
        let frame = letterboxed(&flat(10, 40, [200, 100, 50]), 80, 40);
        let pixel = |x: usize, y: usize| &frame.pixels[(y * 80 + x) * 3..][..3];
        assert_eq!(pixel(34, 20), [0, 0, 0]);
        assert_eq!(pixel(35, 0), [200, 100, 50]);
        assert_eq!(pixel(44, 39), [200, 100, 50]);
        assert_eq!(pixel(45, 20), [0, 0, 0]);
    }

    #[test]
    fn the_same_shape_fills_the_frame() {
        for (width, height) in [(1, 1), (16, 9), (1600, 900)] {
            let frame = letterboxed(&flat(width, height, [9, 99, 199]), 160, 90);
            let expected = if width == 1 { 90 * 90 } else { 160 * 90 };
            let filled = frame.pixels.chunks(3).filter(|pixel| *pixel == [9, 99, 199]).count();
            assert_eq!(filled, expected, "{width}×{height}");
        }
    }

    #[test]
    fn reducing_averages_and_enlarging_interpolates() {
        let stripes: Vec<u8> =
            (0..64).flat_map(|x| [if x % 2 == 0 { 0 } else { 200 }; 3]).collect();
        let reduced = resized(&Rgb8 { width: 64, height: 1, pixels: stripes }, 16, 1);
        assert!(reduced.pixels.iter().all(|&value| (90..=110).contains(&value)), "{reduced:?}");
        let enlarged =
            resized(&Rgb8 { width: 2, height: 1, pixels: vec![0, 0, 0, 200, 200, 200] }, 8, 1);
        let ramp: Vec<u8> = enlarged.pixels.chunks(3).map(|pixel| pixel[0]).collect();
        assert!(ramp.windows(2).all(|pair| pair[0] <= pair[1]), "{ramp:?}");
        assert_eq!((ramp[0], ramp[7]), (0, 200));
    }
}
