//! A finished picture in memory.

use super::parallel;

/// Display-referred sRGB, 8 bits a channel, rows from top to bottom, no padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgb8 {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 3` bytes: red, green, blue.
    pub pixels: Vec<u8>,
}

impl Rgb8 {
    /// The same picture at another size, by a triangle filter as wide as the change: bilinear when
    /// enlarging, an area mean without flicker when reducing. `None` when `cancel` answered true.
    pub(crate) fn resized(
        &self,
        width: u32,
        height: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Rgb8> {
        let (columns, rows) = (taps(self.width, width), taps(self.height, height));
        let source: Vec<&[u8]> = self.pixels.chunks_exact(self.width as usize * 3).collect();
        let samples = width as usize * 3;

        let mut narrow = vec![0.0f32; source.len() * samples];
        let narrowed = |y: usize, out: &mut [f32]| {
            if let Some(row) = source.get(y) {
                narrow_row(row.as_chunks::<3>().0, &columns, out);
            }
        };
        if !parallel::fill(&mut narrow, samples, &narrowed, cancel, &mut |_| {}) {
            return None;
        }

        let mut pixels = vec![0; height as usize * samples];
        let lowered = |y: usize, out: &mut [u8]| {
            let Some(row) = rows.get(y) else { return };
            let mut sums = vec![0.0f32; samples];
            let lines = narrow.chunks_exact(samples).skip(row.first);
            for (line, weight) in lines.zip(&row.weights) {
                sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += value * weight);
            }
            out.iter_mut().zip(sums).for_each(|(out, sum)| *out = (sum + 0.5) as u8);
        };
        parallel::fill(&mut pixels, samples, &lowered, cancel, &mut |_| {}).then_some(Rgb8 {
            width,
            height,
            pixels,
        })
    }
}

fn narrow_row(row: &[[u8; 3]], columns: &[Taps], out: &mut [f32]) {
    for (column, out) in columns.iter().zip(out.as_chunks_mut::<3>().0) {
        for (pixel, weight) in row.iter().skip(column.first).zip(&column.weights) {
            out.iter_mut().zip(pixel).for_each(|(sum, &value)| *sum += f32::from(value) * weight);
        }
    }
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

    fn resized(width: u32, height: u32, pixels: Vec<u8>, to: (u32, u32)) -> Rgb8 {
        Rgb8 { width, height, pixels }.resized(to.0, to.1, &|| false).unwrap()
    }

    #[test]
    fn reducing_averages_and_enlarging_interpolates() {
        let stripes = (0..64).flat_map(|x| [if x % 2 == 0 { 0 } else { 200 }; 3]).collect();
        let reduced = resized(64, 1, stripes, (16, 1));
        assert!(reduced.pixels.iter().all(|&value| (90..=110).contains(&value)), "{reduced:?}");
        let enlarged = resized(2, 1, vec![0, 0, 0, 200, 200, 200], (8, 1));
        let ramp: Vec<u8> = enlarged.pixels.chunks(3).map(|pixel| pixel[0]).collect();
        assert!(ramp.windows(2).all(|pair| pair[0] <= pair[1]), "{ramp:?}");
        assert_eq!((ramp[0], ramp[7]), (0, 200));
    }

    #[test]
    fn nobody_waits_for_a_size_that_nobody_wants() {
        let picture = Rgb8 { width: 8, height: 300, pixels: vec![9; 8 * 300 * 3] };
        for patience in [0, 1] {
            let asked = std::cell::Cell::new(0);
            let cancel = || {
                asked.set(asked.get() + 1);
                asked.get() > patience
            };
            assert_eq!(picture.resized(16, 300, &cancel), None);
            assert_eq!(asked.get(), patience + 1, "asked again after the answer");
        }
    }
}
