//! Mountains, lakes, seas, forests and deserts, seen from a camera that travels through them.

use super::Quality;
use super::atmosphere::Atmosphere;
use super::canvas::{Look, Material, Renderer, View};
use super::ground::Ground;
use super::prop::{self, Care, Props, troop};
use super::setting::Setting;
use super::sky::{Detail, Sky};
use super::skyline;
use super::swell::{self, Swell};
use super::terrain::Terrain;
use super::viewpoint::Eye;
use super::water;
use crate::engine::math::{larger, smoothstep};
use crate::engine::prompt::{Composition, Shot};
use crate::engine::vector::{Color, Vec3, gray, vec3};

/// By how much farther than it is land is taken to be in films, when its detail is chosen.
pub(super) const FILM: f32 = 2.0;

/// Steps of a reflected ray among land before it is asked again whether it is above all of a plot.
const LOW_STEPS: u32 = 4;

/// One landscape.
pub(super) struct Landscape {
    pub(super) air: Atmosphere,
    pub(super) sky: Sky,
    pub(super) ground: Ground,
    pub(super) swell: Swell,
    props: Props,
    shot: Shot,
}

/// What a line of sight meets first.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meeting {
    Sky,
    /// Ground or what grows on it, and its distance.
    Land(Vec3, f32),
    /// The water's surface.
    Water(Vec3, f32),
}

impl Meeting {
    fn distance(self) -> f32 {
        match self {
            Meeting::Sky => f32::INFINITY,
            Meeting::Land(_, distance) | Meeting::Water(_, distance) => distance,
        }
    }
}

impl Landscape {
    /// Builds land and light. `None` when cancelled.
    pub(super) fn build(composition: &Composition, cancel: &dyn Fn() -> bool) -> Option<Landscape> {
        let composition = &prop::settled(composition);
        let air = Atmosphere::new(composition);
        let setting = Setting::new(composition);
        let terrain = Terrain::build(&setting, &troop::all(composition), air.sun, cancel)?;
        let props = Props::place(composition, &terrain, &air);
        let sky = Sky::new(composition);
        let swell = Swell::new(setting.sea(), air.light, setting.seed);
        let ground = Ground { terrain, setting };
        Some(Landscape { air, sky, ground, swell, props, shot: composition.shot })
    }

    pub(super) fn eye(&self, view: &View) -> Eye {
        Eye::new(&self.ground.terrain, &self.ground.setting, self.shot, view)
    }

    /// The objects that a line of the picture may meet.
    fn cast(&self, eye: &Eye, across: f32, view: &View) -> prop::Cast<'_> {
        let way = eye.ahead + eye.right * across;
        self.props.cast(eye.position, way, 1.0 / eye.focal, view.camera.time)
    }

    /// Height of a wave above still water that is `below` deep, seen from `distance`; waves flatten
    /// as they run up the shore.
    pub(super) fn wave(
        &self,
        (x, z): (f32, f32),
        below: f32,
        view: &View,
        octaves: u32,
        distance: f32,
    ) -> f32 {
        if self.swell.height == 0.0 || distance > swell::FAR {
            return 0.0;
        }
        let shoal = smoothstep(0.0, 4.0 * self.swell.height, below);
        shoal * self.swell.at(x, z, view.camera.time, octaves, distance)
    }

    /// What is met along `slant` (one unit long on the level) when land stands `depth` away; 0
    /// where there is no land.
    fn meeting(&self, eye: &Eye, slant: Vec3, depth: f32, view: &View) -> Meeting {
        if depth == 0.0 {
            return Meeting::Sky;
        }
        let length = slant.length();
        let at = eye.position + slant * depth;
        let land = self.ground.bare_height(at.x, at.z, depth);
        if self.swell.height > 0.0 && depth < swell::FAR {
            let water = self.ground.setting.water;
            let below = water - land;
            // No trough is deeper than this.
            if below > 2.5 * self.swell.height
                || below > -self.wave((at.x, at.z), below, view, swell::SHAPE, depth)
            {
                return Meeting::Water(at, depth * length);
            }
        } else if slant.y < 0.0 && land < self.ground.setting.water {
            let depth = (eye.position.y - self.ground.setting.water) / -slant.y;
            return Meeting::Water(eye.position + slant * depth, depth * length);
        }
        Meeting::Land(at, depth * length)
    }

    /// The light that comes along a line of sight.
    fn light(&self, meeting: Meeting, ray: Vec3, view: &View) -> Color {
        let film = view.quality == Quality::Film;
        match meeting {
            Meeting::Sky => {
                let detail = if film { Detail::Coarse } else { Detail::Full };
                let sky = self.sky.color(&self.air, ray, view.camera.time, detail);
                sky.mix(self.air.haze_color(ray), 0.5 * smoothstep(0.06, 0.0, ray.y))
            }
            Meeting::Land(at, distance) => {
                // Films do without the finest detail, which would flicker in them.
                let detail = if film { distance * FILM } else { distance };
                let light = self.ground.lit(&self.air, at.x, at.z, detail, ray);
                let shade = self.props.shade(&self.ground.terrain, &self.air, at, view.camera.time);
                self.through_air(light * shade, at, distance, ray, film)
            }
            Meeting::Water(at, distance) => {
                let light = water::light(self, at, ray, distance, view);
                self.through_air(light, at, distance, ray, film)
            }
        }
    }

    /// A colour at `at` seen through the air between, where the sun lights that air.
    pub(super) fn through_air(
        &self,
        color: Color,
        at: Vec3,
        distance: f32,
        ray: Vec3,
        film: bool,
    ) -> Color {
        let glow = self.air.glow(ray);
        let lit = if glow > 0.10 && !film { self.sunlit_air(at, ray, distance) } else { 1.0 };
        self.air.through_air(color, distance, at.y, ray, lit)
    }

    /// Share of the air before a point that the sun reaches: shadows of mountains fall as rays.
    fn sunlit_air(&self, at: Vec3, ray: Vec3, distance: f32) -> f32 {
        const SAMPLES: i32 = 8;
        let mut lit = 0.0;
        for sample in 0..SAMPLES {
            let back = distance * (sample as f32 + 0.5) / SAMPLES as f32;
            lit += self.ground.terrain.sunlit(at - ray * back);
        }
        lit / SAMPLES as f32
    }

    /// Light from land along a reflected ray, or from the sky behind it. `distance` is that of the
    /// mirror.
    pub(super) fn mirrored(
        &self,
        from: Vec3,
        ray: Vec3,
        distance: f32,
        time: f32,
        quality: Quality,
    ) -> Color {
        let terrain = &self.ground.terrain;
        let film = quality == Quality::Film;
        if let Some(seen) = self.props.mirrored(from, ray.normalized(), time) {
            let light = seen.light(terrain, &self.air, ray, Care::Quick);
            return self.air.through_air(light, seen.distance, seen.at.y, ray, 1.0);
        }
        let grow = if film { 0.12 } else { 0.06 };
        let woods = if self.ground.setting.woods > 0.0 { 4.0 } else { 0.0 };
        // Where land is met by a steep ray it stands near.
        let far = if ray.y > 0.35 { 120.0 } else { 900.0 };
        let (mut reach, mut low) = (3.0, 0);
        while reach < far {
            let at = from + ray * reach;
            if at.y > terrain.highest {
                break;
            }
            // A ray that is not above a plot's land will not be soon.
            if low == 0 {
                if let Some(until) = terrain.above(at, ray, &|peak| peak + woods) {
                    reach += until + 0.1;
                    continue;
                }
                low = LOW_STEPS;
            }
            low -= 1;
            let mut height =
                if film { terrain.coarse_height(at.x, at.z) } else { terrain.height(at.x, at.z) };
            if woods > 0.0 && terrain.wooded(at.x, at.z) > 0.5 {
                height += woods;
            }
            if height > at.y {
                // Ripples leave nothing of the finest detail, and films are drawn without it.
                let far = larger(distance + reach, if film { 300.0 } else { 130.0 });
                let color = self.ground.lit(&self.air, at.x, at.z, far, ray);
                let at = vec3(at.x, height, at.z);
                return self.air.through_air(color, reach, at.y, ray, 1.0);
            }
            reach += 2.0 + reach * grow + if film { 2.5 } else { 0.0 };
        }
        self.sky.color(&self.air, ray.normalized(), time, Detail::Mirrored)
    }
}

impl Renderer for Landscape {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let eye = self.eye(view);
        let across = view.across(x, eye.focal);
        let depths = skyline::depths(self, &eye, across, ys, view);
        let cast = self.cast(&eye, across, view);
        let film = view.quality == Quality::Film;
        let care = if film { Care::Quick } else { Care::Full };
        for ((y, depth), color) in ys.iter().zip(&depths).zip(out) {
            let slant = eye.slant(across, *y);
            let meeting = self.meeting(&eye, slant, *depth, view);
            let ray = slant.normalized();
            *color = match cast.seen(eye.position, ray, meeting.distance()) {
                Some(seen) => {
                    let light = seen.light(&self.ground.terrain, &self.air, ray, care);
                    self.through_air(light, seen.at, seen.distance, ray, film)
                }
                None => self.light(meeting, ray, view),
            };
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let eye = self.eye(view);
        let across = view.across(x, eye.focal);
        let depths = skyline::depths(self, &eye, across, ys, view);
        let cast = self.cast(&eye, across, view);
        for ((y, depth), material) in ys.iter().zip(&depths).zip(out) {
            let slant = eye.slant(across, *y);
            let meeting = self.meeting(&eye, slant, *depth, view);
            let seen = cast.seen(eye.position, slant.normalized(), meeting.distance());
            *material = match meeting {
                _ if seen.is_some() => seen.map_or(*material, |seen| seen.material()),
                Meeting::Sky => Material {
                    albedo: gray(0.0),
                    normal: vec3(0.0, 0.0, 1.0),
                    roughness: 1.0,
                    metallic: 0.0,
                    distance: f32::INFINITY,
                },
                Meeting::Land(at, distance) => self.ground.material(at.x, at.z, distance),
                Meeting::Water(at, distance) => water::material(self, at, distance, view),
            };
            let normal = material.normal;
            if material.distance.is_finite() {
                material.normal = vec3(normal.dot(eye.right), normal.y, -normal.dot(eye.ahead));
            }
        }
    }

    fn look(&self) -> Look {
        Look { exposure: self.air.exposure, bloom: 0.5, filmic: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::scene::Camera;

    const SIDE: usize = 48;

    fn view(quality: Quality) -> View {
        View { width: SIDE as f32, height: SIDE as f32, camera: Camera::STILL, quality }
    }

    fn landscape(prompt: &str, shot: Shot) -> Landscape {
        let composition = Composition { shot, ..Composition::read(prompt, "", 7) };
        Landscape::build(&composition, &|| false).unwrap()
    }

    fn rows() -> Vec<f32> {
        (0..SIDE).map(|y| y as f32 + 0.5).collect()
    }

    /// The materials of a few lines, each from top to bottom.
    fn lines(scene: &Landscape) -> Vec<Vec<Material>> {
        let blank = water::material(scene, gray(0.0), 1.0, &view(Quality::Still));
        [4.5, 24.5, 43.5]
            .map(|x| {
                let mut line = vec![blank; SIDE];
                scene.materials(&view(Quality::Still), x, &rows(), &mut line);
                line
            })
            .to_vec()
    }

    #[test]
    fn materials_tell_sky_land_and_water_apart() {
        for (prompt, wet) in [("a lake", true), ("stormy sea", true), ("dunes", false)] {
            let lines = lines(&landscape(prompt, Shot::Normal));
            for line in &lines {
                assert!(line[0].distance.is_infinite(), "{prompt}");
                let last = line[SIDE - 1];
                assert!(last.distance.is_finite() && last.distance < 100.0, "{prompt}");
                for material in line {
                    assert!((material.normal.length() - 1.0).abs() < 1e-3);
                    assert!((0.0..=1.0).contains(&material.roughness));
                    assert_eq!(material.albedo, material.albedo.clamped());
                }
            }
            let smooth = lines[1].iter().filter(|material| material.roughness < 0.1).count();
            assert_eq!(smooth > SIDE / 4, wet, "{prompt}: {smooth}");
        }
    }

    #[test]
    fn an_aerial_shot_looks_down_and_a_close_one_is_near() {
        let nearest = |shot| {
            let lines = lines(&landscape("mountains", shot));
            (lines[1][4].distance, lines[1][SIDE - 1].distance)
        };
        let (far, near) = nearest(Shot::Aerial);
        assert!(far.is_finite() && near > 60.0);
        assert!(nearest(Shot::Normal).1 > 2.0 * nearest(Shot::Close).1);
    }

    #[test]
    fn light_is_never_negative_nor_undefined() {
        for prompt in ["aurora", "foggy forest at dawn", "volcano at night", "stormy sea", "oasis"]
        {
            for shot in [Shot::Normal, Shot::Close, Shot::Wide, Shot::Aerial] {
                let scene = landscape(prompt, shot);
                for quality in [Quality::Still, Quality::Film] {
                    let mut line = vec![gray(-1.0); SIDE];
                    scene.line(&view(quality), 20.5, &rows(), &mut line);
                    let fine =
                        |c: &Color| c.x >= 0.0 && c.y >= 0.0 && c.z >= 0.0 && c.length() < 1e3;
                    assert!(line.iter().all(fine), "{prompt}, {shot:?}");
                }
            }
        }
    }
}
