use super::Progress;
use super::job::{FilmJob, RenderError, Rendered};

pub(super) fn render(
    _job: &FilmJob,
    _on_progress: &mut dyn FnMut(Progress),
    _cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    Err(RenderError::Unsupported(String::new()))
}
