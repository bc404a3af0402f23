//! Scenes: what a prompt looks like.

mod abstract_art;
mod atmosphere;
mod bloom;
mod canvas;
mod city;
mod cloud_volume;
mod cloudscape;
mod erosion;
mod facade;
mod ground;
mod landscape;
mod shape;
mod sky;
mod space;
mod terrain;
mod tower;
mod traffic;
mod tree;
mod water;

use super::prompt::{Composition, Subject};
use super::raster::Rgb8;
use super::tone::ToneCurve;
use abstract_art::AbstractArt;
use canvas::{Canvas, Renderer, View};
use city::City;
use cloudscape::Cloudscape;
use landscape::Landscape;
use space::Space;

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
    renderer: Option<Box<dyn Renderer>>,
    notes: Vec<String>,
}

impl Scene {
    /// Chooses what to show. Cheap: the work is in [`Scene::prepare`].
    pub fn compose(prompt: &str, negative_prompt: &str, _style: Option<&str>, seed: u64) -> Scene {
        let composition = Composition::read(prompt, negative_prompt, seed);
        Scene { composition, renderer: None, notes: Vec::new() }
    }

    /// What the user must know about the choice, in full sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Builds terrain, buildings and light. Returns false when `cancel` answered true.
    pub fn prepare(&mut self, quality: Quality, cancel: &dyn Fn() -> bool) -> bool {
        let composition = &self.composition;
        let renderer: Option<Box<dyn Renderer>> = match composition.subject {
            Subject::City => Some(Box::new(City::new(composition))),
            Subject::Space => Some(Box::new(Space::new(composition))),
            Subject::Abstract => Some(Box::new(AbstractArt::new(composition))),
            Subject::Clouds => Cloudscape::build(composition, cancel).map(|scene| Box::new(scene) as Box<dyn Renderer>),
            _ => Landscape::build(composition, quality, cancel).map(|scene| Box::new(scene) as Box<dyn Renderer>),
        };
        self.renderer = renderer;
        self.renderer.is_some()
    }

    /// One frame with the style applied. `None` when `cancel` answered true.
    pub fn frame(
        &self,
        width: u32,
        height: u32,
        camera: Camera,
        quality: Quality,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Rgb8> {
        let renderer = self.renderer.as_ref()?;
        let reduction = if quality == Quality::Film { renderer.film_reduction() as u32 } else { 1 };
        let view = View { width: width.div_ceil(reduction) as f32, height: height.div_ceil(reduction) as f32, camera, quality };
        let canvas = Canvas::draw(renderer.as_ref(), &view, quality == Quality::Still, cancel, &mut |_| {})?;
        let mut canvas = canvas.resized(width as usize, height as usize);
        let look = renderer.look();
        canvas::finish(&mut canvas, look);
        Some(ToneCurve::new(look.filmic).develop(&canvas.light, canvas.width, canvas.height))
    }
}
