//! Smooth clay and plastic under soft light.

use super::plane::{Place, Plane};
use super::smooth;
use crate::engine::math::{mix, saturate, smoothstep};
use crate::engine::vector::{Color, gray, rgb};

/// Passes that take the grain out of surfaces: reach in units of the picture (0 is one pixel) and
/// the difference of colour at which an edge begins.
const SURFACES: [(f32, f32); 6] =
    [(0.0, 0.20), (1.0, 0.20), (2.0, 0.17), (3.0, 0.15), (2.0, 0.12), (1.0, 0.10)];
/// Passes after which only the light on whole bodies is left.
const BODIES: [(f32, f32); 3] = [(4.0, 0.20), (9.0, 0.18), (20.0, 0.17)];

/// How far from a pixel all passes look, in pixels of a picture with this unit.
pub(super) fn reach(unit: super::Unit) -> usize {
    SURFACES.iter().chain(&BODIES).map(|(step, _)| unit.round_radius(*step)).sum()
}

/// Makes everything of one smooth material that keeps its edges and its colour.
pub(super) fn modelled(plane: Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let surfaces = smoothed(plane, &SURFACES, cancel)?;
    let bodies = smoothed(surfaces.clone(), &BODIES, cancel)?;
    let body = |place: Place| bodies.at(place.x as i32, place.y as i32).luminance();
    surfaces.map(cancel, &|surface, place| lit(surface, body(place)))
}

fn smoothed(mut plane: Plane, passes: &[(f32, f32)], cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let unit = plane.unit();
    for (step, edge) in passes {
        plane = smooth::between_edges(&plane, unit.round_radius(*step), *edge, cancel)?;
    }
    Some(plane)
}

/// A surface under large lamps; `body` is the brightness of all that it is a part of.
fn lit(surface: Color, body: f32) -> Color {
    let bright = surface.luminance();
    // What is turned to the light is rounder than it was.
    let turned = bright - body;
    let round = (surface * (1.0 + 2.0 * turned / (bright + 0.15))).saturated(1.35);
    let light = saturate(round.luminance());
    // No side of anything is quite without light.
    let soft = round * (mix(light, light.sqrt(), 0.26) / (light + 1e-3));
    let sheen = smoothstep(0.02, 0.11, turned) * smoothstep(0.12, 0.5, bright);
    let fill = rgb(0.97, 0.99, 1.06).mix(gray(1.0), smoothstep(0.0, 0.5, light));
    soft * fill * 0.93 + rgb(0.050, 0.046, 0.056) + gray(0.20 * sheen)
}
