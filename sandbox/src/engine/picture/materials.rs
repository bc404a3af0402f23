//! The material maps beside a picture.

use super::{Order, Report};
use crate::engine::encode::{self, Samples};
use crate::engine::job::{RenderError, RenderedOutput};
use crate::engine::parallel;
use crate::engine::scene::{Map, Scene};

/// Share of the maps' work that is asking the scene.
const ASKED: f32 = 0.7;

/// All maps, each a PNG. `from` is the share of the picture's work that was done before.
pub(super) fn maps(
    scene: &Scene,
    order: &Order,
    from: f32,
    report: &Report,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<RenderedOutput>, RenderError> {
    let share = |done: f32| from + (1.0 - from) * done;
    let surface = scene
        .surface(order.width, order.height, cancel, &mut |done| {
            report.tell(share(done * ASKED), "mapping");
        })
        .ok_or(RenderError::Cancelled)?;
    let mut outputs = Vec::new();
    for map in Map::ALL {
        let (role, samples) = match map {
            Map::Albedo => ("albedo", Samples::Color),
            Map::Normal => ("normal", Samples::Numbers),
            Map::Roughness => ("roughness", Samples::Byte),
            Map::Metallic => ("metallic", Samples::Byte),
            Map::Height => ("height", Samples::Word),
        };
        let (width, height) = (order.width, order.height);
        let data = surface.map(map, cancel).ok_or(RenderError::Cancelled)?;
        let encode = move || encode::png_of(width, height, samples, &data);
        let bytes = parallel::abandonable(encode, cancel)??;
        outputs.push(order.output(role, bytes, "image/png", "png"));
        let done = ASKED + (1.0 - ASKED) * outputs.len() as f32 / Map::ALL.len() as f32;
        report.tell(share(done), "mapping");
    }
    Ok(outputs)
}
