//! What tests of scenes look at: the light of a few lines.

use super::Camera;
use super::Quality;
use super::canvas::{Renderer, View};
use crate::engine::vector::{Color, gray};

/// Lines that are looked at, and points on each.
const LINES: usize = 16;
const POINTS: usize = 24;

/// A frame of a film.
pub(super) fn view(width: f32, height: f32, camera: Camera) -> View {
    View { width, height, camera, quality: Quality::Film }
}

/// Light at points spread over the view.
pub(super) fn light(scene: &dyn Renderer, view: &View) -> Vec<Color> {
    let ys: Vec<f32> =
        (0..POINTS).map(|y| (y as f32 + 0.5) * view.height / POINTS as f32).collect();
    let mut light = vec![gray(0.0); LINES * POINTS];
    for (x, line) in light.chunks_mut(POINTS).enumerate() {
        scene.line(view, (x as f32 + 0.5) * view.width / LINES as f32, &ys, line);
    }
    light
}

/// Mean difference in brightness.
pub(super) fn apart(a: &[Color], b: &[Color]) -> f32 {
    let far = a.iter().zip(b).map(|(a, b)| (a.luminance() - b.luminance()).abs());
    far.sum::<f32>() / a.len() as f32
}
