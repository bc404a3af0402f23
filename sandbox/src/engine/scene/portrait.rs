//! Silhouettes of people and animals as designed posters: before a great disc, filled with a
//! landscape, or framed by layers of cut paper.

// Tables of points are read in rows.
#[rustfmt::skip]
mod animals;
mod hues;
mod manner;
mod outline;
#[rustfmt::skip]
mod people;
mod vista;

use super::canvas::{Look, Material, Renderer, View};
use super::space::Heavens;
use crate::engine::math::{
    TAU, cos, exp, fract, larger, mix, saturate, sin, smaller, smoothstep, squared,
};
use crate::engine::noise::{byte, fractal, fraction, hash};
use crate::engine::prompt::{Composition, Cosmos, Figure, Light, Shot, Subject};
use crate::engine::vector::{Color, Vec3, gray, vec3};
use hues::Hues;
use outline::{Field, Part};
use vista::{Ridges, Vista};

/// A figure's outline, what is cut out of it in light, and how it stands.
struct Drawing {
    parts: &'static [Part],
    inlay: &'static [Part],
    stance: Stance,
}

/// How a figure is held by the picture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stance {
    /// Cut by the lower edge.
    Bust,
    /// On a mound.
    Standing,
    /// On its own branch.
    Perched,
    /// In the air or in water.
    Flying,
}

/// How the silhouette is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Dark before a disc of light.
    Disc,
    /// Filled with a landscape, on pale ground.
    Exposure,
    /// In a box of layered paper.
    Paper,
}

/// One silhouette picture. Lengths are in units of the picture's height, from the middle of its
/// lower edge.
pub(super) struct Portrait {
    body: Field,
    inlay: Option<Field>,
    stance: Stance,
    manner: Manner,
    vista: Vista,
    hues: Hues,
    /// Middle of the figure and half its height.
    place: (f32, f32, f32),
    glass: bool,
    /// Whether the light is weak and the ground of a double exposure dark.
    dark: bool,
    seed: u32,
}

/// Number of specks in the air.
const SPECKS: i32 = 44;

/// A point as the camera sees it.
struct Point {
    color: Color,
    normal: Vec3,
    distance: f32,
}

/// A vertical line of the picture.
struct Line {
    u: f32,
    pixel: f32,
    time: f32,
    /// How far the camera has moved aside, -1 to 1, and where the light comes from.
    slide: f32,
    light: (f32, f32),
    turned: f32,
    ridges: Ridges,
    specks: Vec<Speck>,
}

struct Speck {
    u: f32,
    v: f32,
    size: f32,
}

impl Portrait {
    /// `None` when cancelled.
    pub(super) fn build(composition: &Composition, cancel: &dyn Fn() -> bool) -> Option<Portrait> {
        let seed = composition.variation;
        let figure = Portrait::sitter(composition);
        let drawing = drawing(figure);
        let stance = drawing.stance;
        let manner = manner(composition, stance);
        let land = Portrait::land(composition);
        let hues = Hues::new(composition);
        let night = matches!(composition.light, Light::Night | Light::Neon);
        let size = match composition.shot {
            Shot::Close => 1.25,
            Shot::Wide | Shot::Aerial => 0.62,
            Shot::Normal => 1.0,
        };
        let (place, disc) = match stance {
            Stance::Bust => {
                let size = smaller(larger(size, 0.8), 1.08);
                ((-0.02, 0.425 * size, 0.43 * size), (0.10, 0.58, 0.33))
            }
            Stance::Standing => {
                let size = 0.31 * size;
                ((0.0, 0.145 + size, size), (0.04, 0.50, 0.31))
            }
            Stance::Perched => ((0.0, 0.52, 0.40 * smaller(size, 1.1)), (0.06, 0.60, 0.33)),
            Stance::Flying => ((0.0, 0.58, 0.33 * smaller(size, 1.15)), (0.05, 0.60, 0.34)),
        };
        // A double exposure shows the sun whole, inside the head.
        let disc = if manner == Manner::Exposure { (-0.06, 0.73, 0.12) } else { disc };
        let inlay =
            if drawing.inlay.is_empty() { None } else { Some(Field::of(drawing.inlay, cancel)?) };
        let height = if manner == Manner::Exposure { 0.62 } else { 0.40 };
        let deep = composition.galaxy
            || matches!(composition.cosmos, Some(Cosmos::Nebula | Cosmos::Stars));
        let heavens = (land == Subject::Space && deep).then(|| Heavens::new(composition));
        Some(Portrait {
            body: Field::of(drawing.parts, cancel)?,
            inlay,
            stance,
            manner,
            vista: Vista { hues, land, seed, disc, night, height, heavens },
            hues,
            place,
            glass: figure == Figure::Astronaut,
            dark: night,
            seed,
        })
    }

    /// Who or what is portrayed.
    pub(super) fn sitter(composition: &Composition) -> Figure {
        let anybody = if composition.variation >> 6 & 1 == 0 { Figure::Woman } else { Figure::Man };
        composition.figure.unwrap_or(anybody)
    }

    /// The land behind or inside the figure.
    pub(super) fn land(composition: &Composition) -> Subject {
        let fit = |subject: &&Subject| {
            !matches!(subject, Subject::Portrait | Subject::Abstract | Subject::Interior)
        };
        let suits = match Portrait::sitter(composition) {
            Figure::Astronaut => Subject::Space,
            Figure::Whale | Figure::Fish => Subject::Sea,
            Figure::Horse | Figure::Dancer => Subject::Desert,
            Figure::Warrior | Figure::Bird => Subject::Mountains,
            _ if composition.variation >> 9 & 1 == 0 => Subject::Forest,
            _ => Subject::Mountains,
        };
        composition.with.iter().find(fit).copied().unwrap_or(suits)
    }

    fn line_at<'a>(&'a self, view: &View, x: f32) -> (Line, impl Fn(f32) -> f32 + 'a) {
        let unit = larger(smaller(view.height, view.width * 1.2), view.width * 0.2);
        let height = view.height;
        let camera = view.camera;
        let u = (x - view.width * 0.5) / unit;
        let slide = 0.16 * sin(camera.orbit) + 0.10 * (camera.progress - 0.3);
        let bearing = camera.orbit + if self.seed >> 8 & 1 == 0 { 0.85 } else { 2.3 };
        let specks = self.specks(u, camera.time, view.width / unit);
        let line = Line {
            u,
            pixel: 1.1 / unit,
            time: camera.time,
            slide,
            light: (cos(bearing), 0.75),
            turned: 0.93 + 0.07 * cos(2.0 * camera.orbit),
            ridges: self.vista.ridges(u, slide * 1.6),
            specks,
        };
        (line, move |y| (height - y) / unit)
    }

    /// The specks of dust, pollen or sparks near a line.
    fn specks(&self, u: f32, time: f32, aspect: f32) -> Vec<Speck> {
        (0..SPECKS)
            .map(|number| {
                let roll = hash(number, 2, self.seed ^ 0xD057);
                let size = 0.0016 + 0.0042 * squared(byte(roll, 24), 1);
                let rise = fract(byte(roll, 8) + time * (0.012 + 0.02 * byte(roll, 16)));
                let sway = 0.02 * sin(time * 0.7 + byte(roll, 4) * TAU);
                let along = fraction(hash(number, 3, self.seed)) - 0.5;
                Speck { u: along * aspect + sway, v: rise, size }
            })
            .filter(|speck| (speck.u - u).abs() < speck.size * 4.0)
            .collect()
    }

    /// Distance from the figure at (`u`, `v`) and the way out of it, in picture heights.
    fn figure(&self, line: &Line, u: f32, v: f32) -> (f32, f32, f32, f32, f32) {
        let (center, middle, scale) = self.place;
        let sway = match self.stance {
            Stance::Flying => 0.02 * sin(line.time * 1.1),
            _ => 0.0,
        };
        let x = (u - center + line.slide * 0.35) / (scale * line.turned);
        let mut y = (v - middle - sway) / scale;
        match self.stance {
            Stance::Flying => y -= 0.09 * x * x * sin(line.time * 2.4),
            _ => {
                // Hair, manes, tails and capes hang behind and move in the air.
                let loose = smoothstep(-0.34, -1.1, x);
                y += loose * 0.05 * sin(line.time * 2.1 + x * 6.0);
            }
        }
        let (distance, out_x, out_y) = self.body.at(x, y);
        (distance * scale, out_x, out_y, x, y)
    }

    fn point(&self, line: &Line, v: f32) -> Point {
        match self.manner {
            Manner::Disc => self.before_disc(line, v),
            Manner::Exposure => self.exposure(line, v),
            Manner::Paper => self.paper(line, v),
        }
    }

    fn backdrop(&self, line: &Line, v: f32) -> Point {
        // The disc is farthest and moves least against the frame.
        let seen = self.vista.at(&line.ridges, line.u, v, line.pixel, line.time);
        let (normal, distance) = (seen.normal(), seen.distance());
        Point { color: seen.color, normal, distance }
    }

    fn before_disc(&self, line: &Line, v: f32) -> Point {
        let mut point = self.backdrop(line, v);
        point.color += self.glow_of_specks(line, v);
        let mut distance = 1.0;
        if self.stance == Stance::Standing {
            distance = self.ground(line, v);
        }
        let (body, ..) = self.figure(line, line.u, v);
        // Light spills round the figure.
        let spill = exp(-larger(body, 0.0) * 26.0) * 0.10;
        point.color += self.hues.rim * spill;
        let cover = saturate(0.5 - smaller(distance, body) / line.pixel);
        if cover > 0.0 {
            let inside = self.solid(line, v, distance);
            point.color = point.color.mix(inside.0, cover);
            if cover > 0.5 {
                point.normal = inside.1;
                point.distance = 3.0 - 0.4 * inside.1.z;
            }
        }
        point
    }

    /// Distance from the mound on which a figure stands, with its grass.
    fn ground(&self, line: &Line, v: f32) -> f32 {
        let u = line.u + line.slide * 0.35;
        let roll = fractal(u * 3.0, 0.7, 3, self.seed ^ 0x6A);
        let blade = fract(u * 95.0 + 0.4 * sin(u * 31.0));
        let lean = 0.35 + 0.25 * sin(line.time * 1.6 + u * 5.0);
        let tuft = larger(0.0, 1.0 - (blade - lean).abs() * 3.0)
            * (0.006 + 0.016 * squared(saturate(0.5 + fractal(u * 17.0, 2.0, 2, self.seed)), 1));
        v - (0.152 - 0.11 * squared(u, 1) / (1.0 + squared(u, 1)) + 0.02 * roll + tuft)
    }

    /// The dark of the figure, with light along its edge, and the way it faces.
    fn solid(&self, line: &Line, v: f32, ground: f32) -> (Color, Vec3) {
        let (distance, out_x, out_y, x, y) = self.figure(line, line.u, v);
        let hues = &self.hues;
        let mist = hues.far.mix(hues.low, 0.3);
        let bust = self.stance == Stance::Bust;
        let veil = if bust { 0.26 * smoothstep(0.34, 0.0, v) } else { 0.0 };
        let base = hues.figure.mix(mist, veil);
        if distance > line.pixel && ground < line.pixel {
            let rim = smoothstep(-0.022, 0.0, ground) * exp(-squared(line.u * 2.2, 1));
            return (base + hues.rim * (0.16 * rim), vec3(0.0, 0.6, 0.8));
        }
        // A thin limb would look blown up under a wide edge of light.
        let deep = saturate(-distance / if bust { 0.045 } else { 0.022 });
        let slope = 1.0 - deep;
        let normal = vec3(out_x * slope, out_y * slope, 0.25 + deep).normalized();
        let (lx, ly) = line.light;
        let toward = saturate((out_x * lx + out_y * ly) * 0.8 + 0.05);
        let strands = 0.72 + 0.6 * fractal(x * 26.0 + y * 9.0, y * 26.0 - x * 7.0, 3, self.seed);
        let edge = squared(slope, 2) * toward * strands;
        let soft = squared(slope, 1) * saturate(toward + 0.1) * 0.07;
        let mut color = base * (1.0 + 0.4 * slope) + hues.rim * (0.95 * edge + soft);
        if let Some(inlay) = &self.inlay {
            let (away, ..) = inlay.at(x, y);
            let scale = self.place.2;
            let cover = saturate(0.5 - away * scale / line.pixel);
            if cover > 0.0 {
                color = color.mix(self.inlaid(line, away, x, y), cover);
            }
        }
        (color, normal)
    }

    /// What shows in an eye or in a visor.
    fn inlaid(&self, line: &Line, away: f32, x: f32, y: f32) -> Color {
        if !self.glass {
            return self.hues.disc.mix(self.hues.rim, 0.4) * (0.75 + 0.25 * saturate(-away * 20.0));
        }
        // A visor mirrors the land bulged, with a streak of light along its edge.
        let bulge = 0.55 + 0.5 * (x * x + (y - 0.26) * (y - 0.26));
        let u = x * bulge * 1.2 - 0.02;
        let v = 0.42 + (y - 0.26) * bulge * 1.1;
        let ridges = self.vista.ridges(u, line.slide * 2.0);
        let seen = self.vista.at(&ridges, u, v, line.pixel * 2.0, line.time);
        let streak = smoothstep(0.05, 0.0, (away + 0.07).abs())
            * smoothstep(0.1, 0.5, x * line.light.0.signum() + y - 0.3);
        let shade = smoothstep(0.0, -0.10, away);
        seen.color * mix(0.25, 1.0, shade) + self.hues.rim * (0.7 * streak)
    }

    fn glow_of_specks(&self, line: &Line, v: f32) -> Color {
        let mut light = gray(0.0);
        for speck in &line.specks {
            let (du, dv) = ((line.u - speck.u) / speck.size, (v - speck.v) / speck.size);
            light += self.hues.rim * (0.8 * exp(-(du * du + dv * dv)) * sin(speck.v * TAU * 0.5));
        }
        light
    }
}

fn drawing(figure: Figure) -> &'static Drawing {
    match figure {
        Figure::Woman => &people::WOMAN,
        Figure::Man => &people::MAN,
        Figure::Child => &people::CHILD,
        Figure::Warrior => &people::WARRIOR,
        Figure::Astronaut => &people::ASTRONAUT,
        Figure::Dancer => &people::DANCER,
        Figure::Couple => &people::COUPLE,
        Figure::Cat => &animals::CAT,
        Figure::Dog => &animals::DOG,
        Figure::Horse => &animals::HORSE,
        Figure::Deer => &animals::DEER,
        Figure::Wolf => &animals::WOLF,
        Figure::Fox => &animals::FOX,
        Figure::Bird => &animals::BIRD,
        Figure::Owl => &animals::OWL,
        Figure::Fish => &animals::FISH,
        Figure::Whale => &animals::WHALE,
    }
}

/// Busts carry a landscape well; small figures need the dark.
fn manner(composition: &Composition, stance: Stance) -> Manner {
    let roll = hash(1, 9, composition.variation) >> 7 & 7;
    match (stance, roll) {
        (Stance::Bust, _) if composition.figure == Some(Figure::Astronaut) => Manner::Disc,
        (Stance::Bust, _) if !composition.with.is_empty() => Manner::Exposure,
        (Stance::Bust, 0..=3) => Manner::Exposure,
        (_, 7) => Manner::Paper,
        _ => Manner::Disc,
    }
}

impl Renderer for Portrait {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let (line, up) = self.line_at(view, x);
        for (y, color) in ys.iter().zip(out) {
            *color = self.point(&line, up(*y)).color;
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let (line, up) = self.line_at(view, x);
        for (y, material) in ys.iter().zip(out) {
            let Point { color, normal, distance } = self.point(&line, up(*y));
            let albedo = color.clamped();
            *material = Material { albedo, normal, roughness: 0.9, metallic: 0.0, distance };
        }
    }

    fn look(&self) -> Look {
        Look { exposure: 1.0, bloom: 0.22, filmic: false }
    }
}

#[cfg(test)]
mod tests;
