//! What an upright line of the picture looks across: found once, not for every ray of the line.

use super::camera::Eye;
use super::lane::Lane;
use super::plan::GROUND;
use super::tower::Tower;
use super::trace::{FLOOR, Ray, Span};
use super::{City, Meeting};
use crate::engine::math::{larger, smaller};
use crate::engine::vector::{Color, Vec3, gray};

/// An upright line of the picture. Its rays go along `way` plus a slope times the eye's `up`.
pub(super) struct Column<'a> {
    city: &'a City,
    eye: Eye,
    pub(super) way: Vec3,
    /// The plots below its rays; none where the camera looks down, since then the rays lie in no
    /// upright plane.
    plots: Option<Vec<Crossing<'a>>>,
    /// Lanes that may be seen, with the slopes between which they may.
    lanes: Vec<(&'a Lane, f32, f32)>,
    time: f32,
}

/// A plot that the plane of a column crosses.
struct Crossing<'a> {
    /// Measured in lengths of the column's way.
    span: Span,
    tower: &'a Tower,
    /// Whether the plane cuts the building.
    cut: bool,
}

impl<'a> Column<'a> {
    /// The column at slope `across`; its points have slopes up to `steepest`.
    pub(super) fn new(
        city: &'a City,
        eye: Eye,
        across: f32,
        steepest: f32,
        time: f32,
    ) -> Column<'a> {
        let way = eye.forward + eye.right * across;
        let plots = (way.y == 0.0).then(|| {
            let ray = Ray::new(eye.position, way);
            let (near, far) = ray.across();
            let crossing = |span: Span| {
                let tower = city.plan.tower(span.x, span.z)?;
                Some(Crossing { span, tower, cut: tower.is_cut(eye.position, way) })
            };
            ray.spans(near, far).filter_map(crossing).collect()
        });
        let seen = |lane: &'a Lane| {
            let (low, high) = lane.slopes(&eye, way, steepest)?;
            Some((lane, low, high))
        };
        let lanes = city.lanes.iter().filter_map(seen).collect();
        Column { city, eye, way, plots, lanes, time }
    }

    /// The ray at a slope.
    pub(super) fn ray(&self, slope: f32) -> Vec3 {
        (self.way + self.eye.up * slope).normalized()
    }

    /// The nearest building or piece of ground along the ray at a slope.
    pub(super) fn trace(&self, slope: f32) -> Option<Meeting> {
        let (way, from, pixel) = (self.ray(slope), self.eye.position, 1.0 / self.eye.focal);
        let Some(plots) = &self.plots else {
            return self.city.trace(from, way, self.time, pixel);
        };
        let ray = Ray::new(from, way);
        let longer = (self.way + self.eye.up * slope).length();
        for Crossing { span, tower, cut } in plots {
            let (enters, leaves) = (from.y + slope * span.near, from.y + slope * span.far);
            if enters < FLOOR {
                return None;
            }
            let lowest = smaller(enters, leaves);
            if lowest >= tower.top || !cut && lowest >= GROUND {
                continue;
            }
            let span = Span { near: span.near * longer, far: span.far * longer, ..*span };
            let built = cut.then_some(*tower);
            let meeting = self.city.meet(built, tower, &ray, &span, self.time, pixel);
            if meeting.is_some() {
                return meeting;
            }
        }
        None
    }

    /// Light of the lanes along the ray at a slope, before `depth`.
    pub(super) fn glow(&self, slope: f32, ray: Vec3, depth: f32) -> Color {
        let (from, pixel) = (self.eye.position, 1.0 / self.eye.focal);
        let seen = self.lanes.iter().filter(|(_, low, high)| slope >= *low && slope <= *high);
        seen.fold(gray(0.0), |sum, (lane, ..)| sum + lane.glow(from, ray, depth, pixel, self.time))
    }
}

/// The steepest of the slopes at the first and the last of a column's points.
pub(super) fn steepest(eye: &Eye, ys: &[f32]) -> f32 {
    let slope = |y: Option<&f32>| y.map_or(0.0, |y| ((eye.middle - y) / eye.focal).abs());
    larger(slope(ys.first()), slope(ys.last()))
}
