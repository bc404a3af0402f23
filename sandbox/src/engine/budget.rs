//! How much work one picture may be.

/// Pixels of the largest picture that is rendered whole.
const MOST_PIXELS: u64 = 2048 * 2048;
/// Longer side of a picture that stands in for a larger one.
const REDUCED_SIDE: u64 = 2048;

/// The size at which a picture of the wanted size is rendered: the same, or a smaller one of the
/// same proportions.
pub(crate) fn picture_size(width: u32, height: u32) -> (u32, u32) {
    if u64::from(width) * u64::from(height) <= MOST_PIXELS {
        return (width, height);
    }
    let longer = u64::from(width.max(height));
    let scaled = |side: u32| {
        let side = (u64::from(side) * REDUCED_SIDE + longer / 2) / longer;
        u32::try_from(side).unwrap_or(u32::MAX).max(1)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_within_the_budget_keep_their_size() {
        for size in [(16, 16), (333, 77), (2048, 2048), (4096, 1024), (16_384, 16)] {
            assert_eq!(picture_size(size.0, size.1), size);
        }
    }

    #[test]
    fn larger_ones_keep_their_proportions() {
        assert_eq!(picture_size(7680, 4320), (2048, 1152));
        assert_eq!(picture_size(4320, 7680), (1152, 2048));
        assert_eq!(picture_size(16_384, 16_384), (2048, 2048));
        assert_eq!(picture_size(2049, 2048), (2048, 2047));
    }
}
