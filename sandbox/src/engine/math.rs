//! Scalar arithmetic that gives the same bits on every target.

/// A full turn in radians.
pub(crate) const TAU: f32 = core::f32::consts::TAU;

/// The largest whole number not above `x`. Quicker than a call where the target has no
/// instruction for it; exact within the range of `i32`, which no coordinate here leaves.
#[inline(always)]
pub(crate) fn floor(x: f32) -> f32 {
    let whole = x as i32 as f32;
    if whole > x { whole - 1.0 } else { whole }
}

/// The largest whole number not above `x`, and how far `x` is above it, 0 to 1.
#[inline(always)]
pub(crate) fn split(x: f32) -> (i32, f32) {
    let toward_zero = x as i32;
    let whole = toward_zero.wrapping_sub(i32::from(toward_zero as f32 > x));
    (whole, x - whole as f32)
}

/// The part of `x` after the point, 0 to 1.
#[inline(always)]
pub(crate) fn fract(x: f32) -> f32 {
    x - floor(x)
}

/// From `a` at 0 to `b` at 1.
#[inline(always)]
pub(crate) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// `x` held between 0 and 1.
#[inline(always)]
pub(crate) fn saturate(x: f32) -> f32 {
    x.clamp(0.0, 1.0)
}

/// The larger one. Unlike `f32::max` it has one answer for zeros of different sign.
#[inline(always)]
pub(crate) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The smaller one.
#[inline(always)]
pub(crate) fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// 0 before `from`, 1 after `to`, smooth between them; `from` may be the larger one.
#[inline(always)]
pub(crate) fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = saturate((x - from) / (to - from));
    t * t * (3.0 - 2.0 * t)
}

/// `x` squared `n` times over: `x` to the power of two to the `n`.
#[inline(always)]
pub(crate) fn squared(mut x: f32, n: u32) -> f32 {
    for _ in 0..n {
        x *= x;
    }
    x
}

/// Sine of an angle in radians.
#[inline(always)]
pub(crate) fn sin(x: f32) -> f32 {
    libm::sinf(x)
}

/// Cosine of an angle in radians.
#[inline(always)]
pub(crate) fn cos(x: f32) -> f32 {
    libm::cosf(x)
}

/// Angle in radians of the point (`x`, `y`).
#[inline(always)]
pub(crate) fn atan2(y: f32, x: f32) -> f32 {
    libm::atan2f(y, x)
}

/// The exponential function.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    libm::logf(x)
}

/// `x` to the power `y`.
#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    libm::powf(x, y)
}
