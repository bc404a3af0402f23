//! Flowers: a few blossoms near, before a blurred garden, or a field that recedes to the horizon.

mod backdrop;
mod blossom;
mod field;
mod heart;
mod mill;
mod near;

use super::atmosphere::Atmosphere;
use super::canvas::{Look, Material, Renderer, View};
use crate::engine::math::{cos, larger, sin, smaller};
use crate::engine::noise::hash;
use crate::engine::prompt::{Composition, Flower, Prop, Relief, Shot};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};
use backdrop::Backdrop;
use blossom::Lamp;
use field::Field;
use near::Near;

/// A picture of flowers.
pub(super) struct Flowers {
    air: Atmosphere,
    sight: Sight,
}

enum Sight {
    Near(Near),
    Field(Field),
}

/// A visible point. The unit of length is the picture's height.
struct Seen {
    color: Color,
    normal: Vec3,
    distance: f32,
}

/// Where a vertical line is and in which light.
struct Place {
    u: f32,
    pixel: f32,
    time: f32,
    progress: f32,
    orbit: f32,
    lamp: Lamp,
    /// Where sun or moon stand in the picture.
    sun: (f32, f32),
}

impl Flowers {
    pub(super) fn new(composition: &Composition) -> Flowers {
        let air = Atmosphere::new(composition);
        let seed = composition.variation;
        let flower = Flowers::flower(composition);
        let colors = colors(flower, &composition.colors, seed);
        let sight = if Flowers::near(composition) {
            Sight::Near(Near::new(
                flower,
                &colors,
                seed,
                Backdrop::new(&air, &colors, flower, seed),
            ))
        } else {
            let mill = composition.props.contains(&Prop::Windmill);
            Sight::Field(Field::new(flower, &colors, mill, seed))
        };
        Flowers { air, sight }
    }

    /// The flower that was named, or one that suits the view.
    pub(super) fn flower(composition: &Composition) -> Flower {
        let wide = composition.relief == Relief::Hills;
        composition.flower.unwrap_or(match hash(4, 4, composition.variation) % 5 {
            0 => Flower::Poppy,
            1 => Flower::Daisy,
            2 => Flower::Tulip,
            3 if !wide => Flower::Rose,
            _ => Flower::Sunflower,
        })
    }

    /// Whether a few blossoms are seen from near, and not a field of them.
    pub(super) fn near(composition: &Composition) -> bool {
        let flower = Flowers::flower(composition);
        matches!(flower, Flower::CherryBlossom | Flower::Lotus)
            || match composition.shot {
                Shot::Close => true,
                Shot::Wide | Shot::Aerial => false,
                Shot::Normal if composition.relief == Relief::Hills => false,
                // Some flowers are seen one by one, others by the thousand.
                Shot::Normal => match flower {
                    Flower::Rose => true,
                    Flower::Lavender | Flower::Tulip | Flower::Poppy => false,
                    _ => hash(5, 5, composition.variation) >> 9 & 1 == 0,
                },
            }
    }

    fn place(&self, view: &View, x: f32) -> (Place, f32) {
        let unit = larger(smaller(view.height, view.width * 1.35), view.width * 0.25);
        let camera = view.camera;
        let turned = camera.orbit;
        let air = &self.air;
        let low = air.sun.y < 0.3;
        // A low sun shines through the petals, a high one on them.
        let ahead = if low { -0.65 } else { 0.35 };
        let aside = if air.sun.x < 0.0 { -0.5 } else { 0.5 };
        let sun = vec3(
            aside * cos(turned) + 0.5 * sin(turned),
            0.42 + 0.5 * air.sun.y,
            ahead * cos(turned) + 0.2 * sin(turned),
        );
        let lamp = Lamp {
            sun: sun.normalized(),
            direct: air.sunlight * 0.25,
            ambient: air.zenith * 0.55 + air.middle * 0.36 + air.horizon * 0.20,
        };
        let place = Place {
            u: (x - view.width * 0.5) / unit,
            pixel: 1.2 / unit,
            time: camera.time,
            progress: camera.progress,
            orbit: camera.orbit,
            lamp,
            sun: (aside * 0.7 - 0.8 * sin(turned), if low { 0.66 } else { 0.92 }),
        };
        (place, unit)
    }

    fn draw(&self, view: &View, x: f32, ys: &[f32], put: &mut dyn FnMut(Seen)) {
        let (place, unit) = self.place(view, x);
        let up = |y: f32| (view.height - y) / unit;
        let top = view.height / unit;
        match &self.sight {
            Sight::Near(near) => {
                let line = near.line(&place, top);
                ys.iter().for_each(|y| put(near.at(&line, &place, up(*y), top)));
            }
            Sight::Field(field) => {
                let line = field.line(&place);
                ys.iter().for_each(|y| put(field.at(&line, &place, &self.air, up(*y), top)));
            }
        }
    }
}

/// The colours that blossoms have: those of the prompt, or the flower's own.
fn colors(flower: Flower, named: &[Color], seed: u32) -> Vec<Color> {
    let own: &[Color] = match flower {
        Flower::Tulip => &[
            rgb(0.80, 0.03, 0.05),
            rgb(0.95, 0.48, 0.02),
            rgb(0.82, 0.16, 0.36),
            rgb(0.90, 0.80, 0.70),
        ],
        Flower::Sunflower => &[rgb(0.98, 0.60, 0.01)],
        Flower::Lavender => &[rgb(0.30, 0.15, 0.66)],
        Flower::Poppy => &[rgb(0.84, 0.045, 0.015)],
        Flower::Rose => match hash(6, 6, seed) % 3 {
            0 => &[rgb(0.66, 0.015, 0.04)],
            1 => &[rgb(0.84, 0.16, 0.26)],
            _ => &[rgb(0.95, 0.30, 0.14)],
        },
        Flower::Daisy => &[rgb(0.92, 0.91, 0.88)],
        Flower::CherryBlossom => &[rgb(0.93, 0.52, 0.62)],
        Flower::Lotus => &[rgb(0.86, 0.26, 0.46)],
    };
    // White and black petals keep some tone, so that light can model them.
    let kept = |color: &Color| *color * 0.88 + gray(0.02);
    if named.is_empty() { own.to_vec() } else { named.iter().map(kept).collect() }
}

impl Renderer for Flowers {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let mut out = out.iter_mut();
        self.draw(view, x, ys, &mut |seen| {
            if let Some(color) = out.next() {
                *color = seen.color;
            }
        });
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let white = gray(1.0);
        let (place, _) = self.place(view, x);
        let light = place.lamp.direct * 0.8 + place.lamp.ambient;
        let mut out = out.iter_mut();
        self.draw(view, x, ys, &mut |Seen { color, normal, distance }| {
            if let Some(material) = out.next() {
                // The light is the same everywhere, so that it can be taken off again.
                let bare = vec3(color.x / light.x, color.y / light.y, color.z / light.z);
                let albedo = if distance.is_finite() { bare } else { white * 0.0 }.clamped();
                *material = Material { albedo, normal, roughness: 0.75, metallic: 0.0, distance };
            }
        });
    }

    fn look(&self) -> Look {
        Look { exposure: self.air.exposure, bloom: 0.4, filmic: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scene::{Camera, Quality};

    fn picture(prompt: &str) -> Vec<Color> {
        let flowers = Flowers::new(&Composition::read(prompt, "", 7));
        let view =
            View { width: 24.0, height: 24.0, camera: Camera::STILL, quality: Quality::Still };
        let ys: Vec<f32> = (0..24).map(|y| y as f32 + 0.5).collect();
        let mut line = vec![gray(0.0); 24];
        let mut all = Vec::new();
        for x in 0..24 {
            flowers.line(&view, x as f32 + 0.5, &ys, &mut line);
            all.extend_from_slice(&line);
        }
        all
    }

    #[test]
    fn each_flower_has_a_picture_of_its_own() {
        let names = [
            "tulips",
            "sunflowers",
            "lavender",
            "poppies",
            "a rose",
            "daisies",
            "cherry blossom",
            "lotus",
        ];
        let pictures = names.map(picture);
        for (number, one) in pictures.iter().enumerate() {
            for other in pictures.iter().skip(number + 1) {
                let apart: f32 =
                    one.iter().zip(other).map(|(a, b)| (*a - *b).length()).sum::<f32>() / 576.0;
                assert!(apart > 0.02, "{}: {apart}", names[number]);
            }
        }
    }

    #[test]
    fn the_sails_of_a_windmill_behind_the_field_turn() {
        let picture = |mill: bool, time: f32| {
            let mut composition = Composition::read("a tulip field", "", 7);
            composition.props.extend(mill.then_some(Prop::Windmill));
            let flowers = Flowers::new(&composition);
            let camera = Camera { time, ..Camera::STILL };
            let view = View { width: 96.0, height: 96.0, camera, quality: Quality::Still };
            // The sky above the flowers.
            let ys: Vec<f32> = (20..36).map(|y| y as f32 + 0.5).collect();
            let mut line = vec![gray(0.0); ys.len()];
            let mut all = Vec::new();
            for x in 0..96 {
                flowers.line(&view, x as f32 + 0.5, &ys, &mut line);
                all.extend_from_slice(&line);
            }
            all
        };
        let changed = |one: Vec<Color>, other: Vec<Color>| {
            one.iter().zip(&other).filter(|(a, b)| (**a - **b).length() > 0.1).count()
        };
        assert!(changed(picture(false, 0.0), picture(true, 0.0)) > 8);
        let (drift, turn) = (
            changed(picture(false, 0.0), picture(false, 1.4)),
            changed(picture(true, 0.0), picture(true, 1.4)),
        );
        assert!(turn > drift + 8, "{turn} beside {drift}");
    }

    #[test]
    fn materials_are_those_of_a_surface() {
        let flowers = Flowers::new(&Composition::read("a rose", "", 7));
        let view =
            View { width: 64.0, height: 64.0, camera: Camera::STILL, quality: Quality::Still };
        let ys: Vec<f32> = (0..64).map(|y| y as f32 + 0.5).collect();
        let blank = Material {
            albedo: gray(2.0),
            normal: gray(0.0),
            roughness: 2.0,
            metallic: 2.0,
            distance: -1.0,
        };
        let mut line = vec![blank; 64];
        flowers.materials(&view, 32.5, &ys, &mut line);
        for material in &line {
            assert_eq!(material.albedo, material.albedo.clamped());
            assert!((material.normal.length() - 1.0).abs() < 1e-3 && material.distance > 0.0);
        }
        assert!(line.iter().any(|material| material.distance < 4.0));
    }
}
