//! What the visible surfaces of a scene are made of, pixel by pixel.

// Rows and columns are held to the sides.
#![allow(clippy::indexing_slicing)]

use super::canvas::{Material, Renderer, View};
use crate::engine::half::{half, single};
use crate::engine::math::{larger, saturate};
use crate::engine::parallel;
use crate::engine::tone::srgb_encoded;
use crate::engine::vector::{Color, gray, vec3};

/// The surfaces of one frame in 10 bytes a pixel, stored line by line as a canvas is.
pub(crate) struct Surface {
    width: usize,
    height: usize,
    points: Vec<Point>,
}

/// A visible point, as the files will say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Point {
    albedo: [u8; 3],
    normal: [u8; 3],
    roughness: u8,
    metallic: u8,
    /// Nearness (1 / distance) as a half; 0 for the sky.
    nearness: u16,
}

/// One map of a material set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Map {
    /// Colour in white light, sRGB; black for the sky.
    Albedo,
    /// Direction of the surface as the camera sees it, `(n + 1) / 2`: red right, green up, blue
    /// towards it; (0.5, 0.5, 1) for the sky.
    Normal,
    /// 0 is a mirror, 1 is chalk.
    Roughness,
    /// 0 is a dielectric, 1 a metal.
    Metallic,
    /// Relief as the camera sees it: 1 / distance over that of the nearest point, so that the
    /// nearest point has 1 and the sky 0.
    Height,
}

impl Map {
    /// All maps, in the order of their files.
    pub(crate) const ALL: [Map; 5] =
        [Map::Albedo, Map::Normal, Map::Roughness, Map::Metallic, Map::Height];
}

impl Point {
    fn of(material: Material) -> Point {
        let sky = Point { normal: [128, 128, 255], roughness: 255, ..Point::default() };
        // A distance that is no number is the sky's too.
        if !(material.distance > 0.0 && material.distance.is_finite()) {
            return sky;
        }
        let byte = |value: f32| (saturate(value) * 255.0 + 0.5) as u8;
        let Color { x, y, z } = material.albedo.clamped();
        let length = material.normal.length();
        let normal =
            if length > 1e-6 { material.normal * (1.0 / length) } else { vec3(0.0, 0.0, 1.0) };
        Point {
            albedo: [x, y, z].map(|value| byte(srgb_encoded(value))),
            normal: [normal.x, normal.y, normal.z].map(|value| byte(value * 0.5 + 0.5)),
            roughness: byte(material.roughness),
            metallic: byte(material.metallic),
            nearness: half(1.0 / larger(material.distance, 1e-4)).max(1),
        }
    }
}

impl Surface {
    /// Asks a renderer for all of a view, a sample in the middle of each pixel: mixed normals
    /// would be none. `None` when cancelled.
    pub(super) fn of(
        renderer: &dyn Renderer,
        view: &View,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> Option<Surface> {
        let (width, height) = (view.width as usize, view.height as usize);
        let centers: Vec<f32> = (0..height).map(|y| y as f32 + 0.5).collect();
        let mut points = vec![Point::default(); width * height];
        let ask = |x: usize, line: &mut [Point]| {
            let nothing = Material {
                albedo: gray(0.0),
                normal: vec3(0.0, 0.0, 1.0),
                roughness: 1.0,
                metallic: 0.0,
                distance: f32::INFINITY,
            };
            let mut materials = vec![nothing; line.len()];
            renderer.materials(view, x as f32 + 0.5, &centers, &mut materials);
            for (point, material) in line.iter_mut().zip(materials) {
                *point = Point::of(material);
            }
        };
        let done = parallel::fill(&mut points, height, &ask, cancel, on_progress);
        done.then_some(Surface { width, height, points })
    }

    /// A map's samples row by row: three bytes a pixel for albedo and normal, one for roughness
    /// and metallic, two (big-endian) for height. `None` when cancelled.
    pub(crate) fn map(&self, map: Map, cancel: &dyn Fn() -> bool) -> Option<Vec<u8>> {
        match map {
            Map::Albedo => self.samples(|point| point.albedo, cancel),
            Map::Normal => self.samples(|point| point.normal, cancel),
            Map::Roughness => self.samples(|point| [point.roughness], cancel),
            Map::Metallic => self.samples(|point| [point.metallic], cancel),
            Map::Height => {
                let nearest = self.points.iter().map(|point| point.nearness).max();
                let most = single(nearest.unwrap_or_default().max(1));
                let height = |point: Point| {
                    let share = saturate(single(point.nearness) / most);
                    ((share * 65_535.0 + 0.5) as u16).to_be_bytes()
                };
                self.samples(height, cancel)
            }
        }
    }

    fn samples<const N: usize>(
        &self,
        sample: impl Fn(Point) -> [u8; N] + Sync,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Vec<u8>> {
        let (width, height) = (self.width, self.height);
        let mut samples = vec![0; width * height * N];
        let row = |y: usize, row: &mut [u8]| {
            for (x, out) in row.as_chunks_mut::<N>().0.iter_mut().enumerate() {
                *out = sample(self.points[x * height + y]);
            }
        };
        parallel::fill(&mut samples, width * N, &row, cancel, &mut |_| {}).then_some(samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(distance: f32, normal: (f32, f32, f32)) -> Point {
        let (x, y, z) = normal;
        let material = Material {
            albedo: gray(0.5),
            normal: vec3(x, y, z),
            roughness: 0.5,
            metallic: 1.0,
            distance,
        };
        Point::of(material)
    }

    #[test]
    fn a_set_has_the_values_that_other_programs_expect() {
        let points = vec![
            point(2.0, (0.0, 1.0, 0.0)),
            point(8.0, (3.0, 0.0, 0.0)),
            point(f32::INFINITY, (0.0, 0.0, 1.0)),
            point(f32::NAN, (0.0, 0.0, 0.0)),
        ];
        let surface = Surface { width: 2, height: 2, points };
        assert_eq!(surface.map(Map::Albedo, &|| true), None);
        let map = |map: Map| surface.map(map, &|| false).unwrap();
        // Lines become rows: the far point comes below the near one.
        let heights: Vec<u16> = map(Map::Height)
            .chunks_exact(2)
            .map(|sample| u16::from_be_bytes([sample[0], sample[1]]))
            .collect();
        assert_eq!(heights, [65_535, 0, 16_384, 0]);
        let normals = map(Map::Normal);
        assert_eq!(normals[..6], [128, 255, 128, 128, 128, 255]);
        assert_eq!(normals[6..9], [255, 128, 128]);
        assert_eq!(map(Map::Albedo)[..6], [188, 188, 188, 0, 0, 0]);
        assert_eq!(map(Map::Roughness), [128, 255, 128, 255]);
        assert_eq!(map(Map::Metallic), [255, 0, 255, 0]);
    }
}
