use super::Progress;
use super::job::{PictureJob, RenderError, Rendered};

pub(super) fn render(
    _job: &PictureJob,
    _on_progress: &mut dyn FnMut(Progress),
    _cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    Err(RenderError::Unsupported(String::new()))
}
