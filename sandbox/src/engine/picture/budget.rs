//! How much work one picture may be. A job of several has that much for each of them.

use crate::engine::job::{Fidelity, RenderError};

/// Pixels of the largest picture that is rendered whole at [`Fidelity::Preview`].
const MOST_PIXELS: u64 = 2048 * 2048;
/// Longer side of a picture that stands in for a larger one.
const REDUCED_SIDE: u64 = 2048;
/// Pixels of the largest picture at [`Fidelity::Full`]: 8K as cinemas have it.
const MOST_PIXELS_IN_FULL: u64 = 8192 * 4320;

/// The size at which a picture of the wanted size is rendered: the same, or, where the fidelity
/// allows it, a smaller one of the same proportions.
///
/// # Errors
///
/// [`RenderError::Unsupported`] for what is too large even at [`Fidelity::Full`].
pub(super) fn size(width: u32, height: u32, fidelity: Fidelity) -> Result<(u32, u32), RenderError> {
    let pixels = u64::from(width) * u64::from(height);
    match fidelity {
        Fidelity::Full if pixels > MOST_PIXELS_IN_FULL => Err(RenderError::Unsupported(format!(
            "the sandbox renders up to 8192x4320 pixels in full, and {width}x{height} is more; ask \
             for a smaller `resolution`, or for the fidelity \"preview\", which makes it smaller"
        ))),
        Fidelity::Preview if pixels > MOST_PIXELS => {
            let longer = u64::from(width.max(height));
            let scaled = |side: u32| {
                let side = (u64::from(side) * REDUCED_SIDE + longer / 2) / longer;
                u32::try_from(side).unwrap_or(u32::MAX).max(1)
            };
            Ok((scaled(width), scaled(height)))
        }
        Fidelity::Full | Fidelity::Preview => Ok((width, height)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(width: u32, height: u32) -> (u32, u32) {
        size(width, height, Fidelity::Preview).unwrap()
    }

    #[test]
    fn pictures_within_the_budget_keep_their_size() {
        for size in [(16, 16), (333, 77), (2048, 2048), (4096, 1024), (16_384, 16)] {
            assert_eq!(preview(size.0, size.1), size);
        }
    }

    #[test]
    fn larger_ones_keep_their_proportions() {
        assert_eq!(preview(7680, 4320), (2048, 1152));
        assert_eq!(preview(4320, 7680), (1152, 2048));
        assert_eq!(preview(16_384, 16_384), (2048, 2048));
        assert_eq!(preview(2049, 2048), (2048, 2047));
    }

    #[test]
    fn in_full_they_keep_their_size_or_are_refused() {
        for wanted in [(16, 16), (7680, 4320), (4320, 7680), (8192, 4320), (16_384, 2160)] {
            assert_eq!(size(wanted.0, wanted.1, Fidelity::Full), Ok(wanted));
        }
        let refused = size(16_384, 16_384, Fidelity::Full);
        assert!(
            matches!(refused, Err(RenderError::Unsupported(reason)) if reason.contains("8192x4320"))
        );
    }
}
