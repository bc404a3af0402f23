use super::Progress;
use super::job::{RenderError, Rendered, SpeechJob};

pub(super) fn render(
    _job: &SpeechJob,
    _on_progress: &mut dyn FnMut(Progress),
    _cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    Err(RenderError::Unsupported(String::new()))
}
