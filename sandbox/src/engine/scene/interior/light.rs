//! The light in a room: what falls on its surfaces.

use super::room::{HALF_X, HALF_Z, HIGH, Lamp};
use super::{Interior, Sight};
use crate::engine::math::{TAU, exp, larger, mix, saturate, sin, smaller, smoothstep};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Shadows are looked for from so far off a surface, which would else shade itself.
const OFF: f32 = 0.05;
/// Light is measured at points of a surface that lie so far apart at most: within the cells in
/// which the free space is known, it hardly bends.
const APART: f32 = 0.08;
/// Normals of such points differ by no more than this cosine says.
const ALIKE: f32 = 0.985;
/// Lights that differ by a smaller share than this are joined by a straight line.
const EVEN: f32 = 0.04;

impl Interior {
    /// Light that falls on what a line of the picture shows from everywhere but the sun. On a
    /// surface it changes slowly, so that few of its points need to be measured.
    pub(super) fn along(&self, sights: &[Sight], time: f32) -> Vec<Color> {
        let mut line = Line { room: self, sights, time, light: vec![gray(0.0); sights.len()] };
        let mut first = 0;
        line.measure(first);
        while first + 1 < sights.len() {
            let last = line.end_of_run(first);
            line.measure(last);
            line.fill(first, last);
            first = last;
        }
        line.light
    }

    /// Light that falls on a point from everywhere but the sun.
    pub(super) fn soft(&self, at: Vec3, normal: Vec3, time: f32) -> Color {
        let start = at + normal * OFF;
        let open = self.volume.open(at, normal);
        let corner = self.corners(at, normal);
        let mut light = self.bounce * (open * corner * (0.85 + 0.25 * normal.y));
        // Warm light comes back from a sunlit floor.
        light +=
            self.sunlight * rgb(0.020, 0.013, 0.008) * (saturate(0.5 - 0.5 * normal.y) * corner);
        let w = &self.room.window;
        let center = vec3((w.left + w.right) * 0.5, (w.low + w.high) * 0.5, HALF_Z);
        let area = (w.right - w.left) * (w.high - w.low);
        let offset = center - at;
        let far = offset.dot(offset);
        let toward = offset * (1.0 / larger(far.sqrt(), 1e-3));
        // A wide light wraps around edges a little.
        let facing = saturate((normal.dot(toward) + 0.25) / 1.25) * saturate(toward.z);
        if facing > 0.0 {
            let shade = self.volume.shade(start, toward, far.sqrt() - 0.3, 3.5, 0.0);
            let share = area / (area + 0.5 * TAU * far) * facing;
            light += self.daylight * (share * mix(0.25, 1.0, shade) * open);
        }
        for lamp in &self.room.lamps {
            light += self.lamp(lamp, at, normal, time, light.luminance());
        }
        light
    }

    /// Light of the sun that falls on a point through the window.
    pub(super) fn sunshine(&self, at: Vec3, normal: Vec3) -> Color {
        let direct = normal.dot(self.sun);
        if direct <= 0.0 || self.sunlight.x <= 0.0 {
            return gray(0.0);
        }
        let reach = (HALF_Z - at.z) / self.sun.z;
        let exit = at + self.sun * reach;
        let (opening, pane) = self.glass(exit.x, exit.y, 0.012 + reach * 0.008);
        if opening <= 0.0 {
            return gray(0.0);
        }
        let start = at + normal * OFF;
        let shade = self.volume.shade(start, self.sun, reach - 0.25, 14.0, 0.0);
        self.sunlight * (direct * opening * pane * shade)
    }

    /// Light of a lamp beside other light of the luminance `beside`.
    fn lamp(&self, lamp: &Lamp, at: Vec3, normal: Vec3, time: f32, beside: f32) -> Color {
        let offset = lamp.at - at;
        let far = offset.dot(offset) + 0.04;
        let length = far.sqrt();
        let toward = offset * (1.0 / length);
        let facing = saturate((normal.dot(toward) + 0.15) / 1.15);
        if facing <= 0.0 {
            return gray(0.0);
        }
        let flicker = if lamp.fire {
            0.85 + 0.15 * sin(time * 9.0) * sin(time * 5.3 + 1.0) + 0.08 * sin(time * 17.0)
        } else {
            self.lamps
        };
        // The shade keeps most light from the height of the lamp and lets it out above and below.
        let cone = if lamp.fire { 1.0 } else { 0.45 + 0.75 * toward.y.abs() };
        let light = lamp.color * (1.5 * facing * flicker * cone / (far + 0.25));
        // The shadow of a glimmer would not be seen.
        let seen = smoothstep(0.015, 0.04, light.luminance() / (beside + 0.3));
        let cast = || self.volume.shade(at + normal * OFF, toward, length - 0.5, 6.0, 0.75);
        let shade = if seen > 0.0 { mix(0.55, cast(), seen) } else { 0.55 };
        light * mix(0.12, 1.0, shade)
    }

    /// Corners of the room get less of the light that has bounced.
    fn corners(&self, at: Vec3, normal: Vec3) -> f32 {
        let near =
            |room: f32, along: f32| mix(1.0, 1.0 - 0.45 * exp(-room * 2.6), 1.0 - along.abs());
        near(HALF_X - at.x.abs(), normal.x)
            * near(HALF_Z - at.z.abs(), normal.z)
            * near(smaller(at.y, HIGH - at.y), normal.y)
    }
}

/// The points that a line of the picture shows, and the light on them as far as it is known.
struct Line<'a> {
    room: &'a Interior,
    sights: &'a [Sight],
    time: f32,
    light: Vec<Color>,
}

impl Line<'_> {
    fn measure(&mut self, place: usize) {
        let (Some(sight), Some(light)) = (self.sights.get(place), self.light.get_mut(place)) else {
            return;
        };
        if !sight.is_window() {
            *light = self.room.soft(sight.meeting.at, sight.meeting.normal, self.time);
        }
    }

    /// The last of the points after `first` that lie on one surface with it; at least the next.
    fn end_of_run(&self, first: usize) -> usize {
        let Some((start, rest)) = self.sights.get(first..).and_then(<[Sight]>::split_first) else {
            return first + 1;
        };
        let together = |sight: &&Sight| {
            let offset = sight.meeting.at - start.meeting.at;
            offset.dot(offset) < APART * APART
                && offset.dot(start.meeting.normal).abs() < APART * 0.06
                && sight.meeting.normal.dot(start.meeting.normal) > ALIKE
                && sight.is_window() == start.is_window()
        };
        first + rest.iter().take_while(together).count().max(1)
    }

    /// Finds the light between two points of a run where it is known.
    fn fill(&mut self, first: usize, last: usize) {
        if last - first < 2 {
            return;
        }
        let (Some(&from), Some(&to)) = (self.light.get(first), self.light.get(last)) else {
            return;
        };
        let (low, high) = (from.luminance(), to.luminance());
        if (high - low).abs() > EVEN * (low + high) {
            let middle = first.midpoint(last);
            self.measure(middle);
            self.fill(first, middle);
            self.fill(middle, last);
            return;
        }
        let Some(run) = self.sights.get(first..=last) else { return };
        let [start, .., end] = run else { return };
        let whole = 1.0 / larger((end.meeting.at - start.meeting.at).length(), 1e-6);
        for (light, sight) in self.light.iter_mut().skip(first).zip(run) {
            let share = saturate((sight.meeting.at - start.meeting.at).length() * whole);
            *light = from.mix(to, share);
        }
    }
}
