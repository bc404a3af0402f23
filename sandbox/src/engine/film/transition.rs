//! How one picture gives way to the next.
//!
//! Blends mix the encoded values, as video editors do: halfway between black and white is the
//! middle grey that a viewer expects.

use crate::engine::job::Transition;
use crate::engine::raster::Rgb8;

/// Longest transition of those that leave each picture some rest, in seconds.
const LONGEST: f64 = 1.0;

/// Seconds that a transition takes between pictures that have `slot` seconds each.
pub(super) fn length(transition: Transition, slot: f64) -> f64 {
    match transition {
        Transition::None => 0.0,
        Transition::Crossfade => slot,
        Transition::Fade | Transition::Wipe | Transition::Slide => (slot / 2.0).min(LONGEST),
    }
}

/// The frame at `share` of the way, 0 to 1, between two pictures of one size.
pub(super) fn between(transition: Transition, from: &Rgb8, to: &Rgb8, share: f64) -> Rgb8 {
    match transition {
        Transition::None => {
            if share < 0.5 {
                from.clone()
            } else {
                to.clone()
            }
        }
        Transition::Fade | Transition::Crossfade => blended(from, to, share),
        Transition::Wipe => wiped(from, to, share),
        Transition::Slide => slid(from, to, eased(share)),
    }
}

/// Starts and ends at rest.
fn eased(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

fn blended(from: &Rgb8, to: &Rgb8, share: f64) -> Rgb8 {
    let weight = weight(share);
    let pixels = from.pixels.iter().zip(&to.pixels).map(|(&a, &b)| mixed(a, b, weight)).collect();
    Rgb8 { pixels, ..*from }
}

/// The edge is a ramp an eighth of the picture wide, so that it does not flicker.
fn wiped(from: &Rgb8, to: &Rgb8, share: f64) -> Rgb8 {
    let width = f64::from(from.width);
    let ramp = width / 8.0;
    let edge = share * (width + ramp);
    let weights: Vec<u16> = (0..from.width).map(|x| weight((edge - f64::from(x)) / ramp)).collect();
    let rows = from
        .pixels
        .chunks_exact(from.width as usize * 3)
        .zip(to.pixels.chunks_exact(from.width as usize * 3));
    let mut pixels = Vec::with_capacity(from.pixels.len());
    for (from, to) in rows {
        let columns = from.as_chunks::<3>().0.iter().zip(to.as_chunks::<3>().0).zip(&weights);
        for ((a, b), &weight) in columns {
            pixels.extend(a.iter().zip(b).map(|(&a, &b)| mixed(a, b, weight)));
        }
    }
    Rgb8 { pixels, ..*from }
}

fn slid(from: &Rgb8, to: &Rgb8, share: f64) -> Rgb8 {
    let shift = (libm::round(share * f64::from(from.width)) as usize).min(from.width as usize) * 3;
    let stride = from.width as usize * 3;
    let mut pixels = Vec::with_capacity(from.pixels.len());
    for (from, to) in from.pixels.chunks_exact(stride).zip(to.pixels.chunks_exact(stride)) {
        pixels.extend_from_slice(from.split_at(shift).1);
        pixels.extend_from_slice(to.split_at(shift).0);
    }
    Rgb8 { pixels, ..*from }
}

/// A share as an integer, so that mixing is exact.
fn weight(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 256.0 + 0.5) as u16
}

fn mixed(a: u8, b: u8, weight: u16) -> u8 {
    let sum = u32::from(a) * (256 - u32::from(weight)) + u32::from(b) * u32::from(weight);
    ((sum + 128) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(value: u8) -> Rgb8 {
        Rgb8 { width: 64, height: 2, pixels: vec![value; 64 * 2 * 3] }
    }

    const ALL: [Transition; 5] = [
        Transition::None,
        Transition::Fade,
        Transition::Crossfade,
        Transition::Wipe,
        Transition::Slide,
    ];

    #[test]
    fn halfway_through_a_fade_black_and_white_are_grey() {
        for transition in [Transition::Fade, Transition::Crossfade] {
            let middle = between(transition, &flat(0), &flat(255), 0.5);
            assert!(middle.pixels.iter().all(|&value| value == 128), "{transition:?}");
        }
    }

    #[test]
    fn every_transition_begins_with_one_picture_and_ends_with_the_other() {
        for transition in ALL {
            assert_eq!(between(transition, &flat(10), &flat(200), 0.0), flat(10), "{transition:?}");
            assert_eq!(
                between(transition, &flat(10), &flat(200), 1.0),
                flat(200),
                "{transition:?}"
            );
        }
    }

    #[test]
    fn a_wipe_uncovers_from_the_left_and_a_slide_pushes_from_the_right() {
        let row = |frame: Rgb8| frame.pixels.chunks(3).take(64).map(|p| p[0]).collect::<Vec<_>>();
        let wipe = row(between(Transition::Wipe, &flat(0), &flat(255), 0.5));
        assert_eq!((wipe[0], wipe[63]), (255, 0));
        assert!(wipe.iter().any(|&value| (20..235).contains(&value)), "the edge is soft");
        let slide = row(between(Transition::Slide, &flat(0), &flat(255), 0.5));
        assert_eq!((slide[0], slide[31], slide[32], slide[63]), (0, 0, 255, 255));
    }

    #[test]
    fn only_a_crossfade_leaves_no_rest() {
        assert_eq!(length(Transition::None, 4.0), 0.0);
        assert_eq!(length(Transition::Fade, 4.0), 1.0);
        assert_eq!(length(Transition::Slide, 0.5), 0.25);
        assert_eq!(length(Transition::Crossfade, 4.0), 4.0);
    }
}
