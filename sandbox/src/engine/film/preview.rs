//! The first frame of a film as a first look: small, whatever the size of the film.

use crate::engine::job::RenderError;
use crate::engine::raster::Rgb8;
use crate::engine::{Preview, encode};

/// Quality of the picture, of 100.
const QUALITY: u8 = 80;

/// Most pixels of its longer side.
const LONGEST: u32 = 512;

/// The picture, made smaller where it is large, as JPEG.
///
/// # Errors
///
/// [`RenderError::Cancelled`].
pub(super) fn of(picture: &Rgb8, cancel: &dyn Fn() -> bool) -> Result<Preview, RenderError> {
    let longer = picture.width.max(picture.height);
    if longer <= LONGEST {
        return encoded(picture);
    }
    let scale = f64::from(LONGEST) / f64::from(longer);
    let side = |length: u32| (libm::round(f64::from(length) * scale) as u32).max(1);
    let small = picture.resized(side(picture.width), side(picture.height), cancel);
    encoded(&small.ok_or(RenderError::Cancelled)?)
}

fn encoded(picture: &Rgb8) -> Result<Preview, RenderError> {
    let bytes = encode::jpeg(picture, QUALITY)?;
    Ok(Preview { bytes, mime_type: "image/jpeg", width: picture.width, height: picture.height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_a_preview_that_nobody_wants() {
        let picture = Rgb8 { width: 600, height: 2, pixels: vec![9; 600 * 2 * 3] };
        assert_eq!(of(&picture, &|| true), Err(RenderError::Cancelled));
    }
}
