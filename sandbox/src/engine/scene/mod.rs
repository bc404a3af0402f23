//! Scenes: what a prompt looks like.

mod abstract_art;
mod atmosphere;
mod aurora;
mod bloom;
mod boulder;
mod canvas;
mod city;
mod cloud_volume;
mod cloudscape;
mod erosion;
mod exposure;
mod flowers;
mod ground;
mod interior;
mod landscape;
mod palette;
mod portrait;
#[cfg(test)]
mod probe;
mod prop;
mod relief;
mod repertoire;
mod seam;
mod setting;
mod sky;
mod skyline;
mod space;
mod sunshine;
mod surface;
mod swell;
mod terrain;
mod tree;
mod viewpoint;
mod water;
mod weather;
mod woods;

use super::grading::Grading;
use super::prompt::{Composition, Cosmos, Room, Subject};
use super::raster::Rgb8;
use super::style::Style;
use super::tone::ToneCurve;
use abstract_art::AbstractArt;
use canvas::{Canvas, Renderer, View};
use city::City;
use cloudscape::Cloudscape;
pub(crate) use exposure::Exposure;
use flowers::Flowers;
use interior::{Hall, Interior};
use landscape::Landscape;
use portrait::Portrait;
pub(crate) use repertoire::Debts;
use space::Space;
pub(crate) use surface::{Map, Surface};
use weather::Falling;

/// Where and when the scene is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Seconds since the start: drives waves, clouds and traffic.
    pub time: f32,
    /// Position on the camera's path through the scene, 0 to 1.
    pub progress: f32,
    /// Angle in radians by which the camera has circled the scene's centre; 0 for a plain film.
    pub orbit: f32,
}

impl Camera {
    /// Where a single picture is taken from.
    pub const STILL: Camera = Camera { time: 2.0, progress: 0.3, orbit: 0.0 };
}

/// How much work a frame may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Full detail and anti-aliasing, for one picture.
    Still,
    /// Light baked once, fewer samples, for many frames.
    Film,
}

/// A composed scene.
pub struct Scene {
    composition: Composition,
    grading: Grading,
    style: Style,
    notes: Vec<String>,
    prepared: Option<Prepared>,
}

struct Prepared {
    renderer: Box<dyn Renderer>,
    curve: ToneCurve,
}

impl Scene {
    /// Chooses what to show. Cheap: the work is in [`Scene::prepare`].
    pub fn compose(prompt: &str, negative_prompt: &str, style: Option<&str>, seed: u64) -> Scene {
        let composition = Composition::read(prompt, negative_prompt, seed);
        let (style, style_note) = Style::for_job(style, composition.style);
        let mut notes: Vec<String> = composition.undrawn_note().into_iter().collect();
        notes.extend(Debts::of(&composition).notes(composition.subject));
        if composition.guessed {
            notes.push(format!(
                "The sandbox draws only what it knows by name and found nothing of that in the \
                 prompt; it chose {} instead.",
                composition.subject.name()
            ));
        }
        notes.extend(style_note);
        let grading = Grading::of(&composition);
        Scene { composition, grading, style, notes, prepared: None }
    }

    /// What the user must know about the choice, in full sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Builds terrain, buildings and light. Returns false when `cancel` answered true.
    pub fn prepare(&mut self, cancel: &dyn Fn() -> bool) -> bool {
        let composition = &self.composition;
        let renderer: Option<Box<dyn Renderer>> = match composition.subject {
            Subject::City => City::build(composition, cancel).map(boxed),
            Subject::Space => Some(Box::new(Space::new(composition))),
            Subject::Portrait => Portrait::build(composition, cancel).map(boxed),
            Subject::Flowers => Some(Box::new(Flowers::new(composition))),
            Subject::Interior if matches!(composition.room, Some(Room::Hall | Room::Throne)) => {
                Some(Box::new(Hall::new(composition)))
            }
            Subject::Interior => Interior::build(composition, cancel).map(boxed),
            Subject::Abstract => Some(Box::new(AbstractArt::new(composition))),
            Subject::Clouds => Cloudscape::build(composition, cancel).map(boxed),
            Subject::Mountains
            | Subject::Lake
            | Subject::Sea
            | Subject::Forest
            | Subject::Desert
            | Subject::Building => Landscape::build(composition, cancel).map(boxed),
        };
        self.prepared = renderer.map(|renderer| {
            let curve = ToneCurve::new(renderer.look().filmic);
            Prepared { renderer, curve }
        });
        self.prepared.is_some()
    }

    /// One frame with the style applied. `None` when `cancel` answered true, or before
    /// [`Scene::prepare`].
    pub fn frame(
        &self,
        width: u32,
        height: u32,
        camera: Camera,
        quality: Quality,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Rgb8> {
        let watch = Watch { cancel, on_progress: &mut |_| {}, on_look: None };
        let exposure = self.expose(width, height, camera, quality, watch)?;
        let mut picture = self.develop(&exposure, cancel)?;
        self.style.apply(&mut picture, cancel).then_some(picture)
    }

    /// Draws one frame in linear light.
    pub(crate) fn expose(
        &self,
        width: u32,
        height: u32,
        camera: Camera,
        quality: Quality,
        watch: Watch,
    ) -> Option<Exposure> {
        let Watch { cancel, on_progress, on_look } = watch;
        let renderer = self.prepared.as_ref()?.renderer.as_ref();
        let still = quality == Quality::Still;
        let reduction = if still { 1 } else { renderer.film_reduction() };
        let view = View {
            width: width.div_ceil(reduction) as f32,
            height: height.div_ceil(reduction) as f32,
            camera,
            quality,
        };
        let mut show;
        let looks: Option<&mut dyn FnMut(Canvas)> = match on_look {
            None => None,
            Some(on_look) => {
                show = |canvas: Canvas| {
                    let exposure = self.through_lens(canvas, camera, cancel);
                    if let Some(picture) = exposure.and_then(|light| self.develop(&light, cancel)) {
                        on_look(picture);
                    }
                };
                Some(&mut show)
            }
        };
        let drawn = Canvas::draw(renderer, &view, still, cancel, on_progress, looks)?;
        let sized = drawn.resized(width as usize, height as usize, cancel)?;
        self.through_lens(sized, camera, cancel)
    }

    /// Lets rain, snow or dust pass before the scene, and its light through the lens.
    fn through_lens(
        &self,
        mut canvas: Canvas,
        camera: Camera,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Exposure> {
        let look = self.prepared.as_ref()?.renderer.look();
        match self.falling() {
            Some(falling) if !falling.over(&mut canvas, camera.time, cancel) => None,
            _ => Exposure::new(canvas, look, cancel),
        }
    }

    /// Asks of what the surfaces of a still are made. `None` when cancelled.
    pub(crate) fn surface(
        &self,
        width: u32,
        height: u32,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> Option<Surface> {
        let view = View {
            width: width as f32,
            height: height as f32,
            camera: Camera::STILL,
            quality: Quality::Still,
        };
        Surface::of(self.prepared.as_ref()?.renderer.as_ref(), &view, cancel, on_progress)
    }

    /// What falls from the sky or drifts; nothing does in rooms, in space or in abstract pictures.
    fn falling(&self) -> Option<Falling> {
        let Composition { subject, rain, snowfall, dust, .. } = self.composition;
        if matches!(subject, Subject::Interior | Subject::Space | Subject::Abstract) {
            None
        } else if dust {
            Some(Falling::Dust)
        } else if snowfall {
            Some(Falling::Snow)
        } else {
            rain.then_some(Falling::Rain)
        }
    }

    /// Turns light into display values in the grade of the prompt, without the style. `None` when
    /// cancelled.
    pub(crate) fn develop(&self, exposure: &Exposure, cancel: &dyn Fn() -> bool) -> Option<Rgb8> {
        let mut picture = exposure.developed(&self.prepared.as_ref()?.curve, cancel)?;
        self.grading.apply(&mut picture, cancel).then_some(picture)
    }

    /// Whether a camera that circles the scene can only sway before it: it has no other side.
    pub(crate) fn is_flat(&self) -> bool {
        let Composition { subject, cosmos, galaxy, .. } = self.composition;
        match subject {
            Subject::Portrait | Subject::Flowers => true,
            Subject::Space => galaxy || matches!(cosmos, Some(Cosmos::Nebula | Cosmos::Stars)),
            _ => false,
        }
    }

    /// Whether the prompt names anything that the scene shows.
    pub(crate) fn is_known(&self) -> bool {
        !self.composition.guessed
    }

    /// The grade that the prompt asks for where it is laid over a picture that was given.
    pub(crate) fn grading_of_given(&self) -> Grading {
        Grading::of_given(&self.composition)
    }

    /// The style that the job asked for, or stands in for it.
    pub(crate) fn style(&self) -> Style {
        self.style
    }
}

/// Who is told of a frame while it is drawn, and may stop it.
pub(crate) struct Watch<'a> {
    /// Asked every few rows of work.
    pub(crate) cancel: &'a dyn Fn() -> bool,
    /// Told the share that is done, 0 to 1.
    pub(crate) on_progress: &'a mut dyn FnMut(f32),
    /// Gets small pictures of the whole, each finer than the last, before any style.
    pub(crate) on_look: Option<&'a mut dyn FnMut(Rgb8)>,
}

fn boxed<R: Renderer + 'static>(renderer: R) -> Box<dyn Renderer> {
    Box::new(renderer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(prompt: &str, style: Option<&str>, quality: Quality, camera: Camera) -> Rgb8 {
        let mut scene = Scene::compose(prompt, "", style, 7);
        assert!(scene.prepare(&|| false));
        scene.frame(64, 48, camera, quality, &|| false).unwrap()
    }

    fn still(prompt: &str) -> Rgb8 {
        frame(prompt, None, Quality::Still, Camera::STILL)
    }

    /// Mean difference of two pictures' values, 0 to 255.
    fn apart(a: &Rgb8, b: &Rgb8) -> u64 {
        let sum: u64 = a.pixels.iter().zip(&b.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum / a.pixels.len() as u64
    }

    #[test]
    fn words_change_the_picture() {
        for (one, other) in [
            ("mountains", "mountains at sunset"),
            ("mountains", "mountains in snow"),
            ("forest", "forest in autumn"),
            ("city at night", "neon city"),
            ("planet", "galaxy"),
            ("lake", "desert"),
        ] {
            assert!(apart(&still(one), &still(other)) >= 8, "{one}, {other}");
        }
    }

    #[test]
    fn seeds_change_the_picture() {
        let mut scenes = [1, 2].map(|seed| Scene::compose("abstract", "", None, seed));
        let frames = scenes.each_mut().map(|scene| {
            assert!(scene.prepare(&|| false));
            scene.frame(64, 48, Camera::STILL, Quality::Film, &|| false).unwrap()
        });
        assert!(apart(&frames[0], &frames[1]) >= 8);
    }

    #[test]
    fn cars_fly_unless_they_are_refused() {
        let draw = |negative: &str| {
            let mut scene = Scene::compose("futuristic city at night", negative, None, 7);
            assert!(scene.prepare(&|| false));
            scene.frame(256, 256, Camera::STILL, Quality::Still, &|| false).unwrap()
        };
        assert!(apart(&draw(""), &draw("flying cars")) >= 2);
    }

    #[test]
    fn films_move_and_orbit() {
        for prompt in [
            "mountain lake",
            "desert",
            "city",
            "clouds",
            "planet",
            "galaxy",
            "abstract",
            "abstract pattern",
        ] {
            let mut scene = Scene::compose(prompt, "", None, 7);
            assert!(scene.prepare(&|| false));
            let at = |time: f32, progress: f32, orbit: f32| {
                let camera = Camera { time, progress, orbit };
                scene.frame(64, 48, camera, Quality::Film, &|| false).unwrap()
            };
            let start = at(0.0, 0.0, 0.0);
            assert_eq!(start, at(0.0, 0.0, 0.0), "{prompt}");
            assert!(apart(&start, &at(5.0, 1.0, 0.0)) >= 2, "{prompt} stands still");
            for orbit in [0.8, 2.4, 4.0, 5.5] {
                let turned = at(0.0, 0.0, orbit);
                assert!(apart(&start, &turned) >= 2, "{prompt} does not turn");
            }
        }
    }

    #[test]
    fn nothing_is_drawn_before_preparing() {
        let scene = Scene::compose("city", "", None, 7);
        assert!(scene.frame(8, 8, Camera::STILL, Quality::Still, &|| false).is_none());
    }
}
