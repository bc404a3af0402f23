//! Abstract work in nine families, chosen by words or by seed.

mod cubes;
mod facets;
mod fluid;
mod mandala;
mod palette;
mod paper;
mod ribbons;
mod shape;
mod tiles;

use super::canvas::{Look, Material, Renderer, View};
use crate::engine::math::{cos, larger, sin};
use crate::engine::noise::hash;
use crate::engine::prompt::{Composition, Ornament};
use crate::engine::vector::{Color, vec3};
use palette::Palette;

/// One abstract picture.
pub(super) struct AbstractArt {
    family: Box<dyn Family>,
    look: Look,
}

/// What a family of pictures can do.
trait Family: Send + Sync {
    /// Tells the points `vs` of a vertical line, each by one call of `put`.
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint));

    /// Whether the whole picture turns as the camera circles it.
    fn turns(&self) -> bool {
        true
    }
}

/// A painted point.
struct Paint {
    color: Color,
    /// How far it stands out, in picture heights.
    height: f32,
    roughness: f32,
    metallic: f32,
}

/// Where a vertical line lies; lengths are in picture heights.
struct Frame {
    u: f32,
    aspect: f32,
    pixel: f32,
    time: f32,
    turn: f32,
    drift: f32,
    cos: f32,
    sin: f32,
}

impl Frame {
    fn new(view: &View, x: f32, turns: bool) -> Frame {
        // Wide strips would show little of the composition if height alone set the scale.
        let unit = unit(view);
        let turn = view.camera.orbit;
        Frame {
            u: x / unit,
            aspect: view.width / unit,
            pixel: 1.2 / unit,
            time: view.camera.time,
            turn,
            drift: view.camera.progress * 0.35,
            cos: if turns { cos(turn) } else { 1.0 },
            sin: if turns { sin(turn) } else { 0.0 },
        }
    }

    /// The point at height `v` as the turned and drifting picture has it; its middle is (0.5, 0.5).
    fn turned(&self, v: f32) -> (f32, f32) {
        let (du, dv) = (self.u - self.aspect * 0.5, v - 0.5);
        (0.5 + du * self.cos - dv * self.sin + self.drift, 0.5 + du * self.sin + dv * self.cos)
    }

    /// As [`Frame::turned`], measured from the middle and without drift.
    fn centered(&self, v: f32) -> (f32, f32) {
        let (du, dv) = (self.u - self.aspect * 0.5, v - 0.5);
        (du * self.cos - dv * self.sin, du * self.sin + dv * self.cos)
    }
}

fn unit(view: &View) -> f32 {
    larger(view.height, view.width * 0.5)
}

impl AbstractArt {
    pub(super) fn new(composition: &Composition) -> AbstractArt {
        let seed = composition.variation;
        let palette = Palette::new(composition);
        let ornament = composition.ornament.unwrap_or(if composition.pattern {
            Ornament::Bauhaus
        } else {
            match hash(8, 3, seed) % 9 {
                0 => Ornament::Paper,
                1 => Ornament::Bauhaus,
                2 => Ornament::Crystals,
                3 => Ornament::Glass,
                4 => Ornament::Marble,
                5 => Ornament::Mandala,
                6 => Ornament::Cubes,
                7 => Ornament::Flame,
                _ => Ornament::Ribbons,
            }
        });
        let family: Box<dyn Family> = match ornament {
            Ornament::Paper => Box::new(paper::Paper { palette, seed }),
            Ornament::Bauhaus => Box::new(tiles::Tiles { palette, seed }),
            Ornament::Crystals => Box::new(facets::Crystals { palette, seed }),
            Ornament::Glass => Box::new(facets::Glass { palette, seed }),
            Ornament::Marble => Box::new(fluid::Marble { palette, seed }),
            Ornament::Flame => Box::new(fluid::Flame { palette, seed }),
            Ornament::Mandala => Box::new(mandala::Mandala::new(palette, seed)),
            Ornament::Cubes => Box::new(cubes::Cubes { palette, seed }),
            Ornament::Ribbons => Box::new(ribbons::Ribbons::new(palette, seed)),
        };
        let glows = matches!(ornament, Ornament::Flame | Ornament::Glass);
        let bloom = if glows { 0.4 } else { 0.0 };
        AbstractArt { family, look: Look { exposure: 1.0, bloom, filmic: glows } }
    }

    fn paint(&self, view: &View, x: f32, ys: &[f32], put: &mut dyn FnMut(Paint)) {
        let frame = Frame::new(view, x, self.family.turns());
        let unit = unit(view);
        let top = (1.0 - view.height / unit) * 0.5;
        let vs: Vec<f32> = ys.iter().map(|y| y / unit + top).collect();
        self.family.line(&frame, &vs, put);
    }

    fn heights(&self, view: &View, x: f32, ys: &[f32]) -> Vec<f32> {
        let mut heights = Vec::with_capacity(ys.len());
        self.paint(view, x, ys, &mut |paint| heights.push(paint.height));
        heights
    }
}

impl Renderer for AbstractArt {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let mut out = out.iter_mut();
        self.paint(view, x, ys, &mut |paint| {
            if let Some(color) = out.next() {
                *color = paint.color;
            }
        });
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let below: Vec<f32> = ys.iter().map(|y| y + 1.0).collect();
        let right = self.heights(view, x + 1.0, ys);
        let down = self.heights(view, x, &below);
        let scale = unit(view);
        let mut points = out.iter_mut().zip(right.iter().zip(&down));
        self.paint(view, x, ys, &mut |Paint { color, height, roughness, metallic }| {
            if let Some((material, (right, down))) = points.next() {
                let (along, up) = ((height - right) * scale, (down - height) * scale);
                let normal = vec3(along, up, 1.0).normalized();
                let albedo = color.clamped();
                let distance = 4.0 - height;
                *material = Material { albedo, normal, roughness, metallic, distance };
            }
        });
    }

    fn look(&self) -> Look {
        self.look
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scene::{Camera, Quality};
    use crate::engine::vector::gray;

    fn lines(prompt: &str, seed: u64, camera: Camera) -> Vec<Color> {
        let art = AbstractArt::new(&Composition::read(prompt, "", seed));
        let view = View { width: 40.0, height: 40.0, camera, quality: Quality::Film };
        let ys: Vec<f32> = (0..40).map(|y| y as f32 + 0.5).collect();
        let mut line = vec![gray(0.0); 40];
        let mut all = Vec::new();
        for x in 0..40 {
            art.line(&view, x as f32 + 0.5, &ys, &mut line);
            all.extend_from_slice(&line);
        }
        all
    }

    fn apart(a: &[Color], b: &[Color]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (*a - *b).length()).sum::<f32>() / a.len() as f32
    }

    const FAMILIES: [&str; 9] = [
        "geometric shapes",
        "ribbons",
        "low poly",
        "stained glass",
        "marble",
        "bauhaus",
        "mandala",
        "cubes",
        "fractal flame",
    ];

    #[test]
    fn families_are_full_finite_and_unlike_one_another() {
        let pictures = FAMILIES.map(|prompt| lines(prompt, 3, Camera::STILL));
        for (number, one) in pictures.iter().enumerate() {
            let mean = one.iter().fold(gray(0.0), |sum, color| sum + *color) * (1.0 / 1600.0);
            let spread = apart(one, &vec![mean; 1600]);
            assert!(
                mean.luminance().is_finite() && spread > 0.03,
                "{}: {spread}",
                FAMILIES[number]
            );
            for other in pictures.iter().skip(number + 1) {
                assert!(apart(one, other) > 0.05, "{}", FAMILIES[number]);
            }
        }
    }

    #[test]
    fn every_family_moves_turns_and_has_relief_within_reason() {
        for prompt in FAMILIES {
            let still = lines(prompt, 3, Camera::STILL);
            let later = Camera { time: 9.0, progress: 0.9, orbit: 0.0 };
            assert!(apart(&still, &lines(prompt, 3, later)) > 0.01, "{prompt} stands still");
            let turned = Camera { orbit: 2.0, ..Camera::STILL };
            assert!(apart(&still, &lines(prompt, 3, turned)) > 0.01, "{prompt} does not turn");
            let art = AbstractArt::new(&Composition::read(prompt, "", 3));
            let view =
                View { width: 40.0, height: 40.0, camera: Camera::STILL, quality: Quality::Still };
            let ys: Vec<f32> = (0..40).map(|y| y as f32 + 0.5).collect();
            let heights = art.heights(&view, 20.0, &ys);
            assert!(heights.iter().all(|height| (-0.5..=1.0).contains(height)), "{prompt}");
        }
    }

    #[test]
    fn colours_of_the_prompt_are_used() {
        let mut composition = Composition::read("ribbons", "", 3);
        let before = AbstractArt::new(&composition);
        composition.colors = vec![vec3(0.0, 0.6, 0.1)];
        let after = AbstractArt::new(&composition);
        let view =
            View { width: 40.0, height: 40.0, camera: Camera::STILL, quality: Quality::Film };
        let green = |art: &AbstractArt| {
            let mut line = [gray(0.0); 40];
            let ys: Vec<f32> = (0..40).map(|y| y as f32 + 0.5).collect();
            art.line(&view, 20.5, &ys, &mut line);
            line.iter().filter(|color| color.y > color.x * 1.3 && color.y > color.z * 1.3).count()
        };
        assert!(green(&after) > green(&before) + 5);
    }
}
