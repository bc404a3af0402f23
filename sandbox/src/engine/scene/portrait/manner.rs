//! A silhouette that is filled with a landscape, and one in a box of layered paper.

use super::{Line, Point, Portrait};
use crate::engine::math::{saturate, smoothstep, squared};
use crate::engine::noise::fractal;
use crate::engine::vector::{gray, vec3};

/// Number of paper frames.
const FRAMES: i32 = 5;

impl Portrait {
    pub(super) fn exposure(&self, line: &Line, v: f32) -> Point {
        let hues = &self.hues;
        let paper = if self.dark { hues.high * 0.55 } else { hues.low.mix(gray(0.95), 0.66) };
        let (cx, cy, radius) = (0.0, 0.55, 0.33);
        let around = ((line.u - cx) * (line.u - cx) + (v - cy) * (v - cy)).sqrt();
        let halo = smoothstep(radius * 2.3, 0.0, around);
        let grain = 1.0 + 0.035 * fractal(line.u * 190.0, v * 190.0, 2, self.seed ^ 3);
        let ground = paper.mix(if self.dark { hues.low * 0.5 } else { gray(1.0) }, 0.5 * halo);
        let mut point =
            Point { color: ground * grain, normal: vec3(0.0, 0.0, 1.0), distance: 14.0 };
        let (distance, out_x, out_y, x, y) = self.figure(line, line.u, v);
        // A second, paler printing of the figure beside the first.
        let echo = self.figure(line, line.u - 0.05 - line.slide * 0.5, v - 0.012).0;
        point.color = point
            .color
            .mix(hues.far, 0.16 * saturate(0.5 - echo / line.pixel) * smoothstep(0.0, 0.3, v));
        let fade = smoothstep(0.0, 0.20, v + 0.05 * fractal(line.u * 5.0, v * 5.0, 3, self.seed));
        let cover = saturate(0.5 - distance / line.pixel) * fade;
        if cover > 0.0 {
            let seen = self.vista.at(&line.ridges, line.u, v, line.pixel, line.time);
            let deep = saturate(-distance / 0.10);
            let slope = squared(1.0 - deep, 1);
            let (lx, ly) = line.light;
            let away = saturate(0.35 - 0.5 * (out_x * lx + out_y * ly));
            let mut color = (seen.color * 0.92).mix(hues.near, slope * (0.42 + 0.5 * away));
            if let Some(inlay) = &self.inlay {
                let eye = saturate(0.5 - inlay.at(x, y).0 * self.place.2 / line.pixel);
                color = color.mix(hues.disc, eye * 0.8);
            }
            point.color = point.color.mix(color * grain, cover);
            if cover > 0.5 {
                point.normal = vec3(out_x * slope, out_y * slope, 0.3 + deep).normalized();
                point.distance = 3.0;
            }
        }
        point.color += self.glow_of_specks(line, v) * 0.5;
        point
    }

    pub(super) fn paper(&self, line: &Line, v: f32) -> Point {
        let mut point = self.before_disc(line, v);
        let hues = &self.hues;
        let base = hues.low.mix(gray(0.9), 0.35);
        for frame in 0..FRAMES {
            let near = (frame + 1) as f32 / FRAMES as f32;
            let shift = line.slide * (0.2 + 0.8 * near) * 0.5;
            let u = line.u + shift;
            let wobble = 0.030 * fractal(u * 2.2, v * 2.2 + frame as f32 * 5.0, 2, self.seed ^ 77);
            let offset = 0.075 + 0.088 * frame as f32 + wobble;
            let away = self.figure(line, u, v).0 - offset;
            let (lx, ly) = (line.light.0 * 0.010, 0.012);
            let cast = self.figure(line, u + lx, v + ly).0 - offset;
            let shadow = smoothstep(-0.042, 0.012, cast);
            point.color = point.color * (1.0 - 0.55 * squared(shadow, 1));
            let cover = saturate(away / line.pixel + 0.5);
            if cover > 0.0 {
                let tint = hues.far.mix(base, squared(near, 1) * 0.35 + 0.65 * near);
                let fibre = 1.0 + 0.05 * fractal(u * 120.0, v * 45.0, 2, self.seed ^ frame as u32);
                let cut = 0.16 * smoothstep(0.007, 0.0, away);
                point.color = point.color.mix(tint * (fibre + cut), cover);
                if cover > 0.5 {
                    point.normal = vec3(0.0, 0.0, 1.0);
                    point.distance = 2.6 - 0.3 * frame as f32;
                }
            }
        }
        point
    }
}
