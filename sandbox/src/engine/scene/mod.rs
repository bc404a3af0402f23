//! Scenes: what a prompt looks like.

use super::raster::Rgb8;

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
pub struct Scene {}

impl Scene {
    /// Chooses what to show. Cheap: the work is in [`Scene::prepare`].
    pub fn compose(
        _prompt: &str,
        _negative_prompt: &str,
        _style: Option<&str>,
        _seed: u64,
    ) -> Scene {
        Scene {}
    }

    /// What the user must know about the choice, in full sentences.
    pub fn notes(&self) -> &[String] {
        &[]
    }

    /// Builds terrain, buildings and light. Returns false when `cancel` answered true.
    pub fn prepare(&mut self, _quality: Quality, cancel: &dyn Fn() -> bool) -> bool {
        !cancel()
    }

    /// One frame with the style applied. `None` when `cancel` answered true.
    pub fn frame(
        &self,
        width: u32,
        height: u32,
        _camera: Camera,
        _quality: Quality,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Rgb8> {
        if cancel() {
            return None;
        }
        Some(Rgb8 { width, height, pixels: vec![0; width as usize * height as usize * 3] })
    }
}
