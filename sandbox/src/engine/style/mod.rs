//! Styles: how a finished picture is made to look drawn, painted or photographed.
//!
//! Every style works on display values, keeps the size, and depends on the picture alone, so that
//! the frames of a film match.

mod clay;
mod flow;
mod grade;
mod ink;
mod lens;
mod names;
mod paint;
mod plane;
mod smooth;

use super::math::{mix, saturate};
use super::raster::Rgb8;

use plane::{Plane, Unit, Window};

/// Pixels of the largest picture that is styled as a whole.
const MOST_AT_ONCE: usize = 2048 * 2048;

/// Side of the parts in which a larger one is styled, so that a part with its margins stays below
/// 2.5 million pixels; a style holds up to 60 bytes for each of them.
fn part_side(reach: usize) -> usize {
    1580usize.saturating_sub(2 * reach).max(256)
}

/// The styles that the engine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As rendered.
    Realistic,
    /// A print from film: a lens with little depth of field, faded blacks, grain.
    Photographic,
    /// Teal shadows, warm lights, deep corners.
    Cinematic,
    /// Rich colour and local contrast.
    DigitalArt,
    /// Smooth clay and plastic under soft light.
    ThreeDRender,
    /// Short strokes of unmixed colour, as the impressionists laid them.
    Artistic,
    /// Thick strokes in relief on canvas.
    OilPainting,
    /// Pigment pooled on rough paper.
    Watercolor,
    /// Soft cells of clear colour with fine lines.
    Anime,
    /// Few flat colours with bold outlines.
    Cartoon,
    /// Graphite on paper.
    Sketch,
    /// Large pixels in few colours.
    PixelArt,
}

impl Style {
    /// All styles, in the order in which they are listed.
    pub const ALL: [Style; 12] = [
        Style::Realistic,
        Style::Artistic,
        Style::Anime,
        Style::Cartoon,
        Style::OilPainting,
        Style::Watercolor,
        Style::DigitalArt,
        Style::ThreeDRender,
        Style::Cinematic,
        Style::Photographic,
        Style::Sketch,
        Style::PixelArt,
    ];

    /// The name that a job gives, such as `oil-painting`.
    pub fn name(self) -> &'static str {
        match self {
            Style::Realistic => "realistic",
            Style::Photographic => "photographic",
            Style::Cinematic => "cinematic",
            Style::DigitalArt => "digital-art",
            Style::ThreeDRender => "3d-render",
            Style::Artistic => "artistic",
            Style::OilPainting => "oil-painting",
            Style::Watercolor => "watercolor",
            Style::Anime => "anime",
            Style::Cartoon => "cartoon",
            Style::Sketch => "sketch",
            Style::PixelArt => "pixel-art",
        }
    }

    /// The style of a name in any case, with spaces, hyphens or underscores.
    pub fn named(name: &str) -> Option<Style> {
        let plain = |name: &str| -> String {
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let wanted = plain(name);
        let wanted = match wanted.as_str() {
            "watercolour" => "watercolor",
            "oil" | "oilpaint" => "oilpainting",
            "photo" | "photorealistic" | "photography" => "photographic",
            "3d" | "render" | "cgi" => "3drender",
            "comic" => "cartoon",
            "manga" => "anime",
            "pencil" | "drawing" => "sketch",
            "impressionist" | "impressionism" | "painting" => "artistic",
            "film" | "movie" => "cinematic",
            other => other,
        };
        Style::ALL.into_iter().find(|style| plain(style.name()) == wanted)
    }

    /// The style for a job, and a note when it is not the one that the job names. Without a name
    /// the words of the prompt choose.
    pub(crate) fn for_job(name: Option<&str>, by_prompt: Option<Style>) -> (Style, Option<String>) {
        let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
            let note = by_prompt.map(|style| {
                format!(
                    "The prompt asks for the style `{}`, which `style` would name directly.",
                    style.name()
                )
            });
            return (by_prompt.unwrap_or(Style::Realistic), note);
        };
        if let Some(style) = Style::named(name) {
            return (style, None);
        }
        let style = names::nearest(name);
        let known: Vec<&str> = Style::ALL.iter().map(|style| style.name()).collect();
        let note = format!(
            "The sandbox does not know this style; it used `{}` instead. It knows {}.",
            style.name(),
            known.join(", ")
        );
        (style, Some(note))
    }

    /// Applies the style to a picture. Returns false when `cancel` answered true. Memory beside
    /// the picture stays below a second copy and some 150 MB, because a large picture is styled
    /// in parts; what comes is the same.
    pub(crate) fn apply(self, picture: &mut Rgb8, cancel: &dyn Fn() -> bool) -> bool {
        if self == Style::Realistic {
            return true;
        }
        let (columns, rows) = (picture.width as usize, picture.height as usize);
        if columns * rows > MOST_AT_ONCE {
            let reach = self.reach(picture.width, picture.height);
            let styled = self.apply_in_parts(picture, part_side(reach), cancel);
            return styled.map(|pixels| picture.pixels = pixels).is_some();
        }
        let window = Window { left: 0, top: 0, columns, rows };
        let Some(plane) = self.restyled(Plane::from_window(picture, window), cancel) else {
            return false;
        };
        for (y, row) in picture.pixels.chunks_exact_mut(columns.max(1) * 3).enumerate() {
            plane.write_row(y, 0, row);
        }
        true
    }

    /// Lays the style over a picture that somebody gave: all of it at a strength of 1, nothing
    /// at 0. Returns false when `cancel` answered true.
    pub(crate) fn transfer(
        self,
        picture: &mut Rgb8,
        strength: f32,
        cancel: &dyn Fn() -> bool,
    ) -> bool {
        let given = picture.pixels.clone();
        if !self.apply(picture, cancel) {
            return false;
        }
        let strength = saturate(strength);
        for (styled, given) in picture.pixels.iter_mut().zip(given) {
            *styled = (mix(f32::from(given), f32::from(*styled), strength) + 0.5) as u8;
        }
        true
    }

    /// All pixels of the styled picture, made in squares of `side` pixels.
    fn apply_in_parts(
        self,
        picture: &Rgb8,
        side: usize,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Vec<u8>> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let mut pixels = vec![0; picture.pixels.len()];
        for top in (0..height).step_by(side) {
            let rows = side.min(height - top);
            let band = pixels.get_mut(top * width * 3..(top + rows) * width * 3)?;
            for left in (0..width).step_by(side) {
                let columns = side.min(width - left);
                let part = self.part(picture, Window { left, top, columns, rows }, cancel)?;
                let parts = part.chunks_exact(columns * 3);
                for (row, part) in band.chunks_exact_mut(width * 3).zip(parts) {
                    row.get_mut(left * 3..(left + columns) * 3)?.copy_from_slice(part);
                }
            }
        }
        Some(pixels)
    }

    /// How far from a pixel of a picture of this size the style looks, in pixels. Within a margin
    /// of that width, a part of a picture is styled as the whole would be.
    fn reach(self, width: u32, height: u32) -> usize {
        let unit = Unit::of(width as usize, height as usize);
        // Both passes of a box blur at a quarter of the size, and its sampling.
        let soft = |radius: f32| 8 * unit.round_radius(radius) + 8;
        // A flow looks two of its own pixels further.
        let flow = soft(1.6) + 16;
        match self {
            Style::Realistic => 0,
            Style::Photographic => unit.round_radius(lens::BLUR) + 1,
            Style::Cinematic => soft(3.0) + unit.round_radius(40.0),
            Style::DigitalArt => unit.round_radius(1.2) + soft(3.5),
            Style::ThreeDRender => clay::reach(unit),
            Style::Artistic => unit.round_radius(30.0) + flow,
            Style::OilPainting => unit.round_radius(18.0) + flow,
            Style::Watercolor => unit.round_radius(14.0) + soft(1.0),
            Style::Anime => unit.round_radius(7.5) + 4,
            Style::Cartoon => unit.round_radius(9.0) + 4,
            Style::Sketch => unit.round_radius(1.5) + 2,
            Style::PixelArt => unit.round_radius(4.0),
        }
    }

    /// The style of a part of a picture: all of `inner`, as rows of its own. `None` when `cancel`
    /// answered true.
    fn part(self, picture: &Rgb8, inner: Window, cancel: &dyn Fn() -> bool) -> Option<Vec<u8>> {
        let reach = self.reach(picture.width, picture.height);
        let plane = Plane::from_window(picture, inner.widened(reach, picture));
        let plane = self.restyled(plane, cancel)?;
        let mut pixels = vec![0; inner.columns * inner.rows * 3];
        for (y, row) in (inner.top..).zip(pixels.chunks_exact_mut(inner.columns.max(1) * 3)) {
            plane.write_row(y, inner.left, row);
        }
        Some(pixels)
    }

    fn restyled(self, plane: Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
        let unit = plane.unit();
        match self {
            Style::Realistic => Some(plane),
            Style::Photographic => lens::focused(&plane, cancel)?.map(cancel, &grade::photographic),
            Style::Cinematic => grade::glowing(plane, cancel)?.map(cancel, &grade::cinematic),
            Style::DigitalArt => {
                let soft = smooth::kuwahara(&plane, unit.round_radius(1.2), cancel)?;
                grade::clarity(soft, 0.55, cancel)?.map(cancel, &grade::vivid)
            }
            Style::ThreeDRender => clay::modelled(plane, cancel),
            Style::Artistic => paint::impressionist(&plane, cancel),
            Style::OilPainting => {
                let soft = smooth::kuwahara(&plane, unit.round_radius(3.6), cancel)?;
                paint::oil(&soft, cancel)
            }
            Style::Watercolor => {
                let soft = smooth::kuwahara(&plane, unit.round_radius(4.0), cancel)?;
                paint::watercolor(&soft, cancel)
            }
            Style::Anime => {
                let soft = smooth::kuwahara(&plane, unit.round_radius(2.4), cancel)?;
                let calm = smooth::kuwahara(&soft, unit.round_radius(4.2), cancel)?;
                ink::anime(&soft, &calm, cancel)
            }
            Style::Cartoon => {
                let soft = smooth::kuwahara(&plane, unit.round_radius(3.0), cancel)?;
                let calm = smooth::kuwahara(&soft, unit.round_radius(4.6), cancel)?;
                ink::cartoon(&soft, &calm, cancel)
            }
            Style::Sketch => ink::sketch(&plane, cancel),
            Style::PixelArt => ink::pixel_art(&plane, cancel),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> Rgb8 {
        let pixels = (0..width * height)
            .flat_map(|i| {
                let (x, y) = (i % width, i / width);
                [(x * 3) as u8, (y * 2) as u8, ((x / 8 + y / 8) % 2 * 200) as u8]
            })
            .collect();
        Rgb8 { width, height, pixels }
    }

    #[test]
    fn styles_differ_from_each_other_and_keep_the_size() {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        for style in Style::ALL {
            let mut styled = picture(90, 61);
            assert!(style.apply(&mut styled, &|| false), "{style:?}");
            assert_eq!(styled.pixels.len(), 90 * 61 * 3);
            for other in &seen {
                let apart: u64 =
                    other.iter().zip(&styled.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                assert!(apart / styled.pixels.len() as u64 >= 1, "{style:?} looks like another");
            }
            seen.push(styled.pixels);
        }
    }

    #[test]
    fn a_picture_styled_in_parts_is_the_same() {
        for (width, height) in [(700, 230), (210, 600)] {
            let original = picture(width, height);
            for style in Style::ALL.into_iter().filter(|style| *style != Style::Realistic) {
                let mut whole = original.clone();
                assert!(style.apply(&mut whole, &|| false));
                let parts = style.apply_in_parts(&original, 130, &|| false).unwrap();
                assert!(parts == whole.pixels, "{style:?}");
            }
        }
    }

    #[test]
    fn a_transfer_goes_as_far_as_its_strength() {
        let apart = |strength: f32| -> u64 {
            let (given, mut styled) = (picture(64, 48), picture(64, 48));
            assert!(Style::Sketch.transfer(&mut styled, strength, &|| false));
            given.pixels.iter().zip(&styled.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
        };
        assert_eq!(apart(0.0), 0);
        assert!(0 < apart(0.3) && apart(0.3) < apart(0.7) && apart(0.7) < apart(1.0));
    }

    #[test]
    fn styles_work_on_the_smallest_pictures() {
        for style in Style::ALL {
            for (width, height) in [(1, 1), (16, 16), (2048, 1), (3, 40)] {
                assert!(style.apply(&mut picture(width, height), &|| false));
            }
        }
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        for style in Style::ALL {
            assert_eq!(Style::named(style.name()), Some(style));
        }
        assert_eq!(Style::named("Oil Painting"), Some(Style::OilPainting));
        assert_eq!(Style::named("3D_RENDER"), Some(Style::ThreeDRender));
        assert_eq!(Style::named("modern"), None);
        let (style, note) = Style::for_job(Some("modern"), None);
        assert_ne!(style, Style::Realistic);
        assert!(note.is_some_and(|note| note.contains(style.name())));
        assert_eq!(Style::for_job(None, None), (Style::Realistic, None));
        let (style, note) = Style::for_job(None, Some(Style::Watercolor));
        assert_eq!(style, Style::Watercolor);
        assert!(note.is_some_and(|note| note.contains("watercolor")));
        assert_eq!(Style::for_job(Some("anime"), Some(Style::Sketch)), (Style::Anime, None));
    }

    #[test]
    fn a_cancelled_style_says_so() {
        for style in Style::ALL.into_iter().filter(|style| *style != Style::Realistic) {
            assert!(!style.apply(&mut picture(64, 64), &|| true), "{style:?}");
        }
    }
}
