//! What a camera's lens does to a picture.

use super::plane::{Place, Plane};
use crate::engine::math::{cos, saturate, sin, smoothstep};
use crate::engine::vector::{gray, rgb};

/// Radius in units of the picture of the disc that a point out of focus becomes.
pub(super) const BLUR: f32 = 4.6;
/// Points of a disc that are asked.
const POINTS: usize = 18;
/// The angle after which points on a spiral cover a disc evenly, in radians.
const GOLDEN_ANGLE: f32 = 2.399_963;

/// A shallow depth of field: what is near, at the lower edge, and the corners are out of focus.
pub(super) fn focused(plane: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let disc: Vec<(f32, f32)> = (0..POINTS)
        .map(|point| {
            let away = ((point as f32 + 0.5) / POINTS as f32).sqrt();
            let angle = point as f32 * GOLDEN_ANGLE;
            (away * cos(angle), away * sin(angle))
        })
        .collect();
    let (width, height) = (plane.width, plane.height);
    let widest = plane.unit().0 * BLUR;
    plane.filled(cancel, &|x, y| {
        let radius = widest * out_of_focus(Place { x, y, width, height });
        let own = plane.at(x as i32, y as i32);
        if radius < 0.6 {
            return own;
        }
        let mut sum = gray(0.0);
        let mut total = 0.0;
        for (across, down) in &disc {
            let x = x as f32 + across * radius + 0.5;
            let y = y as f32 + down * radius + 0.5;
            let color = plane.at(x as i32, y as i32);
            // What is bright shows as a disc.
            let weight = 1.0 + 2.0 * smoothstep(0.75, 1.0, color.luminance());
            // Light adds up, and not its display values.
            sum += color * color * weight;
            total += weight;
        }
        let mean = sum * (1.0 / total);
        rgb(mean.x.sqrt(), mean.y.sqrt(), mean.z.sqrt())
    })
}

/// How far a place is out of focus, 0 to 1.
fn out_of_focus(place: Place) -> f32 {
    let x = place.x as f32 / place.width as f32 - 0.5;
    let y = place.y as f32 / place.height as f32 - 0.46;
    let near = smoothstep(0.28, 0.56, y);
    let corner = smoothstep(0.30, 0.72, (x * x + 1.3 * y * y).sqrt());
    saturate(0.9 * near + 0.8 * corner)
}
