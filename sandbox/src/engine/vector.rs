//! Three numbers: a point, a direction or a colour.

use super::math::{mix, saturate};
use std::ops::{Add, AddAssign, Mul, Sub};

/// A point or direction (x right, y up, z ahead), or linear-light red, green and blue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Vec3 {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) z: f32,
}

/// Linear-light red, green and blue; 1 is display white before exposure.
pub(crate) type Color = Vec3;

/// A point or direction.
#[inline(always)]
pub(crate) const fn vec3(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3 { x, y, z }
}

/// A colour.
#[inline(always)]
pub(crate) const fn rgb(r: f32, g: f32, b: f32) -> Color {
    Vec3 { x: r, y: g, z: b }
}

/// A neutral grey.
#[inline(always)]
pub(crate) const fn gray(v: f32) -> Color {
    Vec3 { x: v, y: v, z: v }
}

impl Vec3 {
    #[inline(always)]
    pub(crate) fn dot(self, o: Vec3) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    #[inline(always)]
    pub(crate) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The same direction with length 1. The vector must not be zero.
    #[inline(always)]
    pub(crate) fn normalized(self) -> Vec3 {
        self * (1.0 / self.length())
    }

    /// This direction mirrored at a surface with the given unit normal.
    #[inline(always)]
    pub(crate) fn reflected(self, normal: Vec3) -> Vec3 {
        self - normal * (2.0 * self.dot(normal))
    }

    #[inline(always)]
    pub(crate) fn mix(self, o: Vec3, t: f32) -> Vec3 {
        self + (o - self) * t
    }

    /// Relative luminance of a colour (Rec. 709 weights).
    #[inline(always)]
    pub(crate) fn luminance(self) -> f32 {
        self.x * 0.2126 + self.y * 0.7152 + self.z * 0.0722
    }

    /// Moves a colour away from (above 1) or towards (below 1) its own grey.
    #[inline(always)]
    pub(crate) fn saturated(self, amount: f32) -> Color {
        let l = self.luminance();
        rgb(mix(l, self.x, amount), mix(l, self.y, amount), mix(l, self.z, amount))
    }

    /// Each component held between 0 and 1.
    #[inline(always)]
    pub(crate) fn clamped(self) -> Vec3 {
        vec3(saturate(self.x), saturate(self.y), saturate(self.z))
    }
}

impl Add for Vec3 {
    type Output = Vec3;
    #[inline(always)]
    fn add(self, o: Vec3) -> Vec3 {
        vec3(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl AddAssign for Vec3 {
    #[inline(always)]
    fn add_assign(&mut self, o: Vec3) {
        *self = *self + o;
    }
}

impl Sub for Vec3 {
    type Output = Vec3;
    #[inline(always)]
    fn sub(self, o: Vec3) -> Vec3 {
        vec3(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f32> for Vec3 {
    type Output = Vec3;
    #[inline(always)]
    fn mul(self, k: f32) -> Vec3 {
        vec3(self.x * k, self.y * k, self.z * k)
    }
}

impl Mul<Vec3> for Vec3 {
    type Output = Vec3;
    #[inline(always)]
    fn mul(self, o: Vec3) -> Vec3 {
        vec3(self.x * o.x, self.y * o.y, self.z * o.z)
    }
}
