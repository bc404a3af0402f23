//! Space: planets with moons, a planet's edge at sunrise, nebulae, the Milky Way and galaxies.

mod galaxy;
mod heavens;
mod limb;
mod planet;
mod traveller;

use super::Quality;
use super::canvas::{Look, Material, Renderer, View};
use crate::engine::math::{TAU, cos, larger, mix, sin, smaller};
use crate::engine::noise::byte;
use crate::engine::prompt::{Composition, Cosmos, Figure, Prop, Shot};
use crate::engine::vector::{Color, Vec3, gray, vec3};
use galaxy::Galaxy;
pub(super) use heavens::Heavens;
use heavens::Veil;
use planet::Planet;

/// One view of space.
pub(super) struct Space {
    seed: u32,
    heavens: Heavens,
    scene: Body,
    moons: Vec<Planet>,
    /// Radius of the planet in picture heights.
    size: f32,
    astronaut: bool,
}

enum Body {
    Planet(Planet),
    Limb(Planet),
    Galaxy(Galaxy),
    /// Gas or stars alone.
    Nothing,
}

/// A visible point.
struct Seen {
    color: Color,
    albedo: Color,
    normal: Vec3,
    distance: f32,
}

/// Where a vertical line lies; lengths are in picture heights.
struct Line {
    u: f32,
    aspect: f32,
    pixel: f32,
    octaves: u32,
    time: f32,
    progress: f32,
    orbit: f32,
    light: Vec3,
}

impl Space {
    pub(super) fn new(composition: &Composition) -> Space {
        let seed = composition.variation;
        let heavens = Heavens::new(composition);
        let planet = || Planet::new(composition.cosmos, &composition.colors, seed);
        let scene = match composition.cosmos {
            _ if composition.galaxy => Body::Galaxy(Galaxy { seed, arms: heavens.young() }),
            Some(Cosmos::Nebula | Cosmos::Stars) => Body::Nothing,
            Some(Cosmos::Limb) => Body::Limb(planet()),
            _ => Body::Planet(planet()),
        };
        let moon = |number: u32| Planet::new(Some(Cosmos::Moon), &[], seed ^ (number * 977 + 5));
        let moons = match &scene {
            Body::Planet(planet) if planet.kind != planet::Kind::Moon => (seed >> 17) % 3,
            _ => 0,
        };
        let size = match composition.shot {
            Shot::Close => 0.44,
            Shot::Wide | Shot::Aerial => 0.16,
            Shot::Normal => 0.29,
        };
        let ringed = matches!(&scene, Body::Planet(planet) if planet.rings);
        Space {
            seed,
            heavens,
            scene,
            moons: (0..moons).map(moon).collect(),
            size: if ringed { size * 0.86 } else { size },
            astronaut: composition.figure == Some(Figure::Astronaut)
                || composition.props.contains(&Prop::Person),
        }
    }

    fn line_at(&self, view: &View, x: f32) -> (Line, impl Fn(f32) -> f32 + use<>) {
        let unit = larger(view.height, view.width * 0.5);
        let camera = view.camera;
        let top = (1.0 - view.height / unit) * 0.5;
        let bearing = 2.35 + 1.2 * sin(camera.orbit);
        let lift = 0.30 + 0.25 * byte(self.seed, 20);
        let line = Line {
            u: x / unit,
            aspect: view.width / unit,
            pixel: 1.0 / unit,
            octaves: if view.quality == Quality::Film { 4 } else { 5 },
            time: camera.time,
            progress: camera.progress,
            orbit: camera.orbit,
            light: vec3(cos(bearing), lift, sin(bearing) * 0.75).normalized(),
        };
        (line, move |y| y / unit + top)
    }

    fn at(&self, line: &Line, veil: &mut Option<Veil>, v: f32) -> Seen {
        let u = line.u;
        // The far background moves little as the camera passes or circles.
        let (along, down) = (0.30 * sin(line.orbit), 0.20 * (1.0 - cos(line.orbit)));
        let (far_u, far_v) = (u + line.progress * 0.06 + along, v + down + line.time * 0.0006);
        let zoom = mix(0.95, 1.12, line.progress);
        // Upright pictures have room for a smaller planet only.
        let fit = smaller(1.0, line.aspect);
        let turn = line.time * 0.03 + line.orbit;
        let (x, y) = (u - line.aspect * 0.5, 0.5 - v);
        let mut seen = Seen {
            color: gray(0.0),
            albedo: gray(0.0),
            normal: vec3(0.0, 0.0, 1.0),
            distance: f32::INFINITY,
        };
        let step = 2.5 * line.pixel;
        let mut far = |octaves: u32| self.heavens.at(veil, far_u, far_v, step, octaves);
        match &self.scene {
            Body::Nothing => seen.color = far(line.octaves + 1),
            Body::Galaxy(galaxy) => {
                let radius = 0.52 * zoom * fit;
                let behind = far(line.octaves) * 0.45;
                seen.color = galaxy.at(behind, x / radius, -y / radius, turn, line.octaves);
            }
            Body::Limb(planet) => {
                let behind = far(line.octaves);
                let sun = 0.16 + 0.12 * (line.progress - 0.3) - 0.22 * sin(line.orbit);
                let edge = limb::at(planet, behind, x, y + 0.5, sun * fit, turn, line.octaves);
                seen.color = edge.color;
                if edge.height < 0.0 {
                    (seen.distance, seen.albedo) = (6.0, edge.color.clamped());
                }
            }
            Body::Planet(planet) => {
                self.planets(&mut seen, planet, line, (x, y), &mut far, zoom * fit, turn)
            }
        }
        self.traveller(&mut seen, line, x, y, fit);
        seen
    }

    #[allow(clippy::too_many_arguments)] // Two places, a size and an angle beside what is drawn.
    fn planets(
        &self,
        seen: &mut Seen,
        planet: &Planet,
        line: &Line,
        (x, y): (f32, f32),
        far: &mut dyn FnMut(u32) -> Color,
        scale: f32,
        turn: f32,
    ) {
        let radius = self.size * scale;
        let (cx, cy) = (0.06 * scale, -0.03);
        let (px, py) = ((x - cx) / radius, (y - cy) / radius);
        let within = px * px + py * py < 0.97;
        if !within {
            seen.color = far(line.octaves);
        }
        let mut lay = |planet: &Planet, at: (f32, f32), size: f32, turn: f32, distance: f32| {
            let reach = if planet.rings { 2.3 } else { 1.2 };
            if at.0.abs() > reach || at.1.abs() > reach {
                return;
            }
            let hit = planet.at(at.0, at.1, turn, line.light, line.pixel / size, line.octaves);
            seen.color = seen.color * (1.0 - hit.cover)
                + hit.color * if hit.cover > 0.0 { hit.cover } else { 1.0 };
            if hit.cover > 0.5 {
                (seen.albedo, seen.normal, seen.distance) =
                    (hit.albedo.clamped(), hit.normal, distance);
            }
        };
        let orbits: Vec<(f32, f32, f32, f32)> = (0..self.moons.len())
            .map(|number| {
                let which = number as u32;
                let phase = byte(self.seed, which * 7) * TAU + turn * (1.4 - 0.4 * which as f32);
                let reach = radius * (1.9 + 0.75 * number as f32);
                let (mx, my) =
                    (cos(phase) * reach, (0.30 * sin(phase) + 0.16 * cos(phase)) * reach);
                (cx + mx, cy + my, sin(phase), radius * (0.11 - 0.03 * number as f32))
            })
            .collect();
        // Moons behind the planet, the planet, moons in front of it.
        for behind in [true, false] {
            for (moon, (mx, my, depth, size)) in self.moons.iter().zip(&orbits) {
                if (*depth > 0.0) == behind {
                    lay(moon, ((x - mx) / size, (y - my) / size), *size, turn, 9.0 + 3.0 * depth);
                }
            }
            if behind {
                lay(planet, (px, py), radius, turn, 9.0);
            }
        }
    }

    fn traveller(&self, seen: &mut Seen, line: &Line, x: f32, y: f32, fit: f32) {
        if !self.astronaut {
            return;
        }
        let size = 0.17 * fit;
        let at_x = -0.22 * fit - 0.10 * sin(line.orbit) - 0.06 * (line.progress - 0.3);
        let at_y = -0.16 + 0.012 * sin(line.time * 0.5);
        let (a, b) = ((x - at_x) / size, (y - at_y) / size);
        let light = (line.light + vec3(0.0, 0.0, 0.35)).normalized();
        if let Some(suit) = traveller::at(a, b, line.time, light, line.pixel / size) {
            seen.color = seen.color.mix(suit.color, suit.cover);
            if suit.cover > 0.5 {
                (seen.albedo, seen.normal, seen.distance) = (gray(0.72), suit.normal, 2.0);
            }
        }
    }
}

impl Renderer for Space {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let (line, down) = self.line_at(view, x);
        let mut veil = None;
        for (y, color) in ys.iter().zip(out) {
            *color = self.at(&line, &mut veil, down(*y)).color;
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let (line, down) = self.line_at(view, x);
        let mut veil = None;
        for (y, material) in ys.iter().zip(out) {
            let Seen { albedo, normal, distance, .. } = self.at(&line, &mut veil, down(*y));
            *material = Material { albedo, normal, roughness: 0.85, metallic: 0.0, distance };
        }
    }

    fn look(&self) -> Look {
        Look { exposure: 1.0, bloom: 0.5, filmic: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scene::Camera;

    const KINDS: [Option<Cosmos>; 9] = [
        Some(Cosmos::Earth),
        Some(Cosmos::Rocky),
        Some(Cosmos::Gas),
        Some(Cosmos::Ice),
        Some(Cosmos::Ringed),
        Some(Cosmos::Moon),
        Some(Cosmos::Nebula),
        Some(Cosmos::Limb),
        Some(Cosmos::Stars),
    ];

    fn space(cosmos: Option<Cosmos>) -> Space {
        let mut composition = Composition::read("a planet in space", "", 11);
        composition.cosmos = cosmos;
        Space::new(&composition)
    }

    fn view(width: f32, height: f32) -> View {
        View { width, height, camera: Camera::STILL, quality: Quality::Film }
    }

    #[test]
    fn each_kind_has_a_picture_of_its_own() {
        let ys: Vec<f32> = (0..48).map(|y| y as f32 + 0.5).collect();
        let lines = KINDS.map(|cosmos| {
            let mut line = [gray(0.0); 48];
            space(cosmos).line(&view(48.0, 48.0), 24.5, &ys, &mut line);
            line
        });
        for (number, one) in lines.iter().enumerate() {
            assert!(one.iter().all(|color| color.luminance().is_finite()));
            assert!(lines.iter().skip(number + 1).all(|other| one != other), "{number}");
        }
    }

    #[test]
    fn a_planet_is_round_and_near_and_the_sky_is_neither() {
        let blank = Material {
            albedo: gray(0.0),
            normal: gray(0.0),
            roughness: 0.0,
            metallic: 0.0,
            distance: 0.0,
        };
        let mut line = [blank; 64];
        let ys: Vec<f32> = (0..64).map(|y| y as f32 + 0.5).collect();
        space(Some(Cosmos::Earth)).materials(&view(64.0, 64.0), 36.0, &ys, &mut line);
        let (top, middle) = (line[0], line[33]);
        assert!(top.distance.is_infinite() && middle.distance.is_finite());
        assert!(middle.normal.z > 0.9 && middle.albedo.luminance() > 0.0);
        assert!(line.iter().all(|material| (material.normal.length() - 1.0).abs() < 1e-3));
    }

    #[test]
    fn gas_between_two_steps_is_as_good_as_drawn() {
        let space = space(Some(Cosmos::Nebula));
        let (mut kept, mut widest) = (None, 0.0);
        for at in 0..200 {
            let v = at as f32 / 512.0;
            let blended = space.heavens.at(&mut kept, 0.4, v, 2.5 / 512.0, 5);
            let exact = space.heavens.at(&mut None, 0.4, v, 1e-4, 5);
            widest = larger(widest, (blended - exact).length());
        }
        assert!(widest < 0.12, "{widest}");
    }
}
