//! First looks at a picture, from coarse to fine.

use crate::engine::Preview;
use crate::engine::encode;
use crate::engine::raster::Rgb8;
use crate::engine::style::Style;

/// Quality of the JPEG, of 100.
const QUALITY: u8 = 80;
/// Pictures below this many pixels are done before a preview would be of use.
const FROM: u64 = 256 * 256;

/// Whether somebody would see a preview before the picture.
pub(super) fn is_worth_while(width: u32, height: u32) -> bool {
    u64::from(width) * u64::from(height) >= FROM
}

/// A small picture with the style of the large one, as a JPEG. None when cancelled; the encoder
/// takes every picture of such a size.
pub(super) fn of(mut look: Rgb8, style: Style, cancel: &dyn Fn() -> bool) -> Option<Preview> {
    if !style.apply(&mut look, cancel) {
        return None;
    }
    let bytes = encode::jpeg(&look, QUALITY).ok()?;
    Some(Preview { bytes, mime_type: "image/jpeg", width: look.width, height: look.height })
}
