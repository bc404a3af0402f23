//! What an object is: a distance to its surface and what that surface is made of.

use super::paint::Paint;
use crate::engine::vector::Vec3;

/// An object in its own space: y up, its base at height 0, its front towards -z.
pub(super) trait Model: Send + Sync {
    /// How far the surface is from a point, negative inside; never more than the truth by much.
    fn distance(&self, at: Vec3, time: f32) -> f32;

    /// The surface at a point on it; `pixel` is the size of a picture's point there.
    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, time: f32) -> Paint;

    /// A ball around all of it: centre and radius.
    fn bounds(&self) -> (Vec3, f32);
}
