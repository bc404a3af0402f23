//! Flight over and through a sea of clouds.

use super::atmosphere::Atmosphere;
use super::canvas::{Look, Material, Renderer, View};
use super::cloud_volume::{CloudVolume, TOP, WAY};
use super::sky::{Detail, Sky};
use super::{Camera, Quality};
use crate::engine::math::{cos, exp, larger, mix, saturate, sin, smaller, smoothstep};
use crate::engine::noise::random;
use crate::engine::prompt::{Composition, Light, Shot};
use crate::engine::vector::{Color, Vec3, gray, vec3};

/// How far clouds are drawn.
const FAR: f32 = 520.0;
/// Farther than this the finest detail is smaller than a pixel.
const FINE: f32 = 110.0;
/// Distance of the point that an orbiting camera circles.
const ORBIT_RADIUS: f32 = 70.0;
/// Below this share of light passing, nothing behind can be seen.
const OPAQUE: f32 = 0.012;
/// Thickness of cloud that half of the light passes.
const HALF: f32 = 0.693;

/// One sky full of clouds.
pub(super) struct Cloudscape {
    air: Atmosphere,
    sky: Sky,
    volume: CloudVolume,
    shot: Shot,
    /// The sun by which clouds are lit, high enough to reach between them.
    sun: Vec3,
}

impl Cloudscape {
    /// Grows the clouds and lets light into them. `None` when cancelled.
    pub(super) fn build(
        composition: &Composition,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Cloudscape> {
        let mut air = Atmosphere::new(composition);
        // What is above the clouds is thin; the volume is the weather.
        air.clouds = if air.light == Light::Storm { 0.6 } else { 0.28 };
        let sun = vec3(air.sun.x, larger(air.sun.y, 0.20), air.sun.z).normalized();
        let volume = CloudVolume::build(composition.variation, sun, cancel)?;
        let sky = Sky::new(composition);
        Some(Cloudscape { air, sky, volume, shot: composition.shot, sun })
    }

    fn eye(&self, view: &View) -> Eye {
        let Camera { time, progress, orbit } = view.camera;
        let (ahead, right) =
            (vec3(sin(orbit), 0.0, cos(orbit)), vec3(cos(orbit), 0.0, -sin(orbit)));
        let (height, lens, horizon) = match self.shot {
            Shot::Normal => (0.70, 0.80, 0.46),
            Shot::Close => (0.50, 1.05, 0.50),
            Shot::Wide => (0.98, 0.56, 0.44),
            Shot::Aerial => (1.75, 0.74, -0.02),
        };
        let center = vec3(
            WAY + 6.0 * sin(progress * 4.0),
            TOP * height + 1.2 * sin(time * 0.5),
            20.0 + 110.0 * progress + ORBIT_RADIUS,
        );
        let (focal, horizon) = (view.focal(lens), view.height * horizon);
        Eye { position: center - ahead * ORBIT_RADIUS, ahead, right, focal, horizon }
    }

    /// Light that the clouds send and the share of light behind that passes them.
    fn march(&self, eye: Vec3, ray: Vec3, jitter: f32, film: bool) -> (Color, f32) {
        let (near, far) = slab(eye.y, ray.y);
        let (mut light, mut passing) = (gray(0.0), 1.0);
        let (least, grow) = if film { (0.9, 0.020) } else { (0.55, 0.0125) };
        let toward = ray.dot(self.sun);
        let scatter = mix(phase(toward, 0.62), phase(toward, -0.25), 0.45);
        let mut reach = near + larger(near * grow, least) * jitter;
        while reach < far && passing > OPAQUE {
            let mut step = larger(reach * grow, least);
            let at = eye + ray * reach;
            let sample = self.volume.sample(at, reach < FINE);
            if sample.density <= 0.0 {
                // The shape tells how far the nearest cloud is, roughly.
                step *= 1.0 + smaller(-sample.density * 4.0, 4.0);
            } else {
                // What little light still passes needs no fine steps.
                step *= 1.9 - 0.9 * passing;
                // The air around the camera stays clear enough to see by.
                let thick = sample.density * smoothstep(1.0, 12.0, reach);
                let absorbed = 1.0 - exp(-thick * step * 0.85);
                let color = self.lit(sample.shade, scatter, at.y / TOP);
                let veil = 1.0 - exp(-reach * 0.0030 * self.air.haze);
                light +=
                    color.mix(self.air.veil_color(reach * 1.6, ray), veil) * (passing * absorbed);
                passing *= 1.0 - absorbed;
            }
            reach += step;
        }
        (light, if passing <= OPAQUE { 0.0 } else { passing })
    }

    /// Distance at which half of the light behind is lost, infinite where it is not, and the
    /// direction in which the cloud thins there.
    fn front(&self, eye: Vec3, ray: Vec3) -> (f32, Vec3) {
        let up = vec3(0.0, 1.0, 0.0);
        let (mut reach, far) = slab(eye.y, ray.y);
        let mut thickness = 0.0;
        while reach < far {
            let at = eye + ray * reach;
            let step = larger(reach * 0.0105, 0.5);
            let density = self.volume.sample(at, false).density;
            thickness += larger(density, 0.0) * smoothstep(1.0, 12.0, reach) * step * 0.85;
            if thickness > HALF {
                let density = |x, y, z| self.volume.sample(at + vec3(x, y, z), false).density;
                let thins = vec3(
                    density(-1.5, 0.0, 0.0) - density(1.5, 0.0, 0.0),
                    density(0.0, -1.5, 0.0) - density(0.0, 1.5, 0.0),
                    density(0.0, 0.0, -1.5) - density(0.0, 0.0, 1.5),
                );
                let even = thins.length() < 1e-5;
                return (reach, if even { up } else { thins.normalized() });
            }
            reach += step;
        }
        (f32::INFINITY, up)
    }

    /// Light from one bit of cloud behind `shade` units of cloud towards the sun.
    fn lit(&self, shade: f32, scatter: f32, height: f32) -> Color {
        // The slow term stands for light that has been scattered more than once.
        let arriving = 0.72 * exp(-shade * 1.1) + 0.28 * exp(-shade * 0.18);
        let from_sun = self.air.cloud_lit * (arriving * (0.52 + 1.30 * scatter));
        let open = mix(0.22, 1.0, saturate(height * 1.2));
        from_sun + (self.air.cloud_dark * 0.55 + self.air.zenith * 0.35) * open
    }
}

/// The camera of one frame.
struct Eye {
    position: Vec3,
    /// Level unit vectors.
    ahead: Vec3,
    right: Vec3,
    /// Distance of the picture plane in pixels.
    focal: f32,
    /// Row of the horizon.
    horizon: f32,
}

impl Eye {
    /// Direction of the line of sight through row `y` of a line with sideways slope `across`.
    fn ray(&self, across: f32, y: f32) -> Vec3 {
        let up = vec3(0.0, (self.horizon - y) / self.focal, 0.0);
        (self.ahead + self.right * across + up).normalized()
    }
}

impl Renderer for Cloudscape {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let eye = self.eye(view);
        let film = view.quality == Quality::Film;
        let detail = if film { Detail::Coarse } else { Detail::Full };
        let across = view.across(x, eye.focal);
        for (y, color) in ys.iter().zip(out) {
            let ray = eye.ray(across, *y);
            let jitter = random((x * 4.0) as i32, (y * 4.0) as i32, 5);
            let (light, passing) = self.march(eye.position, ray, jitter, film);
            let mut seen = light;
            if passing > 0.0 {
                let sky = self.sky.color(&self.air, ray, view.camera.time, detail);
                let low = smoothstep(0.10, -0.02, ray.y);
                let far = sky.mix(self.air.haze_color(ray), 0.8 * low);
                // Looking down, haze and the next layer of cloud lie below the block.
                let deep = self.air.cloud_dark * 0.55 + self.air.middle * 0.35;
                seen += far.mix(deep, smoothstep(-0.06, -0.16, ray.y)) * passing;
            }
            *color = seen;
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let eye = self.eye(view);
        let across = view.across(x, eye.focal);
        for (y, material) in ys.iter().zip(out) {
            let ray = eye.ray(across, *y);
            let (distance, normal) = self.front(eye.position, ray);
            let level = vec3(0.0, 0.0, 1.0);
            let seen = vec3(normal.dot(eye.right), normal.y, -normal.dot(eye.ahead));
            let cloud = distance.is_finite();
            *material = Material {
                albedo: gray(if cloud { 0.92 } else { 0.0 }),
                normal: if cloud { seen } else { level },
                roughness: 1.0,
                metallic: 0.0,
                distance,
            };
        }
    }

    fn look(&self) -> Look {
        Look { exposure: self.air.exposure, bloom: 0.45, filmic: true }
    }

    /// Clouds have no edges that a coarser grid would lose.
    fn film_reduction(&self) -> u32 {
        2
    }
}

/// Distances between which a ray is inside the layer.
fn slab(eye: f32, up: f32) -> (f32, f32) {
    if up.abs() < 1e-4 {
        return if eye < TOP { (0.0, FAR) } else { (FAR, FAR) };
    }
    let (a, b) = ((TOP - eye) / up, -eye / up);
    let (near, far) = if a < b { (a, b) } else { (b, a) };
    (larger(near, 0.0), smaller(far, FAR))
}

/// Henyey and Greenstein's share of light scattered by an angle with the given cosine; `g` leans
/// forwards (to 1) or backwards (to -1). Scaled to about 1 on average.
fn phase(cosine: f32, g: f32) -> f32 {
    let base = 1.0 + g * g - 2.0 * g * cosine;
    0.5 * (1.0 - g * g) / (base * base.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn materials(shot: Shot) -> Vec<Material> {
        let composition = Composition { shot, ..Composition::read("clouds", "", 7) };
        let scene = Cloudscape::build(&composition, &|| false).unwrap();
        let view =
            View { width: 40.0, height: 40.0, camera: Camera::STILL, quality: Quality::Still };
        let ys: Vec<f32> = (0..40).map(|y| y as f32 + 0.5).collect();
        let blank = Material {
            albedo: gray(0.0),
            normal: gray(0.0),
            roughness: 0.0,
            metallic: 1.0,
            distance: 0.0,
        };
        let mut line = vec![blank; ys.len()];
        scene.materials(&view, 20.5, &ys, &mut line);
        line
    }

    #[test]
    fn clouds_are_white_and_lie_before_the_sky() {
        let line = materials(Shot::Normal);
        assert!(line[0].distance.is_infinite());
        assert!(line[39].distance > 1.0 && line[39].distance < FAR);
        assert!(line[39].albedo.x > 0.8);
        assert!(line.iter().all(|material| (material.normal.length() - 1.0).abs() < 1e-3));
    }

    #[test]
    fn an_aerial_shot_is_full_of_clouds() {
        let clouds = |shot| materials(shot).iter().filter(|m| m.distance.is_finite()).count();
        assert!(clouds(Shot::Aerial) > clouds(Shot::Normal) + 5);
    }
}
