//! The renderer that renders nothing, for measurements of everything around it.

use std::time::Duration;

use media_factory_core::{media::MediaType, runtime::BoxFuture};
use media_factory_sandbox::{
    order::run_order,
    server::{RenderFailure, RenderOrder, RenderProgress, RenderedFiles, Renderer, Watch},
};
use serde_json::{Map, Value as Json, json};

/// Answers every order of a medium with the same smallest file, made by the engine beforehand.
#[derive(Debug)]
pub(crate) struct BlankRenderer {
    image: RenderedFiles,
    video: RenderedFiles,
    voice: RenderedFiles,
    /// How long each order takes.
    takes: Duration,
}

/// How often a render that takes its time tells how far it is.
const STEPS: u8 = 4;

impl BlankRenderer {
    pub(crate) fn new(takes: Duration) -> Result<Self, RenderFailure> {
        let size = "16x16";
        Ok(Self {
            takes,
            image: smallest(MediaType::Image, json!({ "prompt": "", "resolution": size }))?,
            video: smallest(
                MediaType::Video,
                json!({ "prompt": "", "resolution": size, "duration": 0.1, "fps": 10 }),
            )?,
            voice: smallest(MediaType::Voice, json!({ "text": "a", "speed": 4 }))?,
        })
    }
}

fn smallest(media_type: MediaType, parameters: Json) -> Result<RenderedFiles, RenderFailure> {
    let parameters = match parameters {
        Json::Object(members) => members,
        _ => Map::new(),
    };
    let (inputs, fidelity) = Default::default();
    let order = RenderOrder { media_type, parameters, inputs, fidelity };
    run_order(order, &mut |_| {}, &|| false)
}

impl Renderer for BlankRenderer {
    fn render(
        &self,
        order: RenderOrder,
        watch: Watch,
    ) -> BoxFuture<'static, Result<RenderedFiles, RenderFailure>> {
        let files = match order.media_type {
            MediaType::Image => Ok(self.image.clone()),
            MediaType::Video => Ok(self.video.clone()),
            MediaType::Voice => Ok(self.voice.clone()),
            MediaType::Custom(name) => {
                Err(RenderFailure::Unsupported(format!("the service makes no '{name}'")))
            }
        };
        if self.takes.is_zero() {
            return Box::pin(std::future::ready(files));
        }
        let step = self.takes / u32::from(STEPS);
        Box::pin(async move {
            for done in 1..=STEPS {
                tokio::time::sleep(step).await;
                let fraction = f32::from(done) / f32::from(STEPS);
                watch.tell(RenderProgress { fraction, stage: "waiting".to_owned(), preview: None });
            }
            files
        })
    }
}

#[cfg(test)]
mod tests {
    use media_factory_core::media::sniff;

    use super::*;

    #[test]
    fn the_smallest_files_are_real_ones() {
        let blank = BlankRenderer::new(Duration::ZERO).unwrap();
        for (rendered, mime_type) in
            [(&blank.image, "image/png"), (&blank.video, "video/mp4"), (&blank.voice, "audio/wav")]
        {
            assert_eq!(sniff(&rendered.files[0].bytes), Some(mime_type));
            assert!(rendered.files[0].bytes.len() < 64 << 10, "{mime_type}");
        }
    }
}
