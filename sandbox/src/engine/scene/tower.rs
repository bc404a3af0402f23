//! The shapes of a city's buildings.

use crate::engine::math::{TAU, atan2, exp, larger, smaller};
use crate::engine::noise::{byte, hash};
use crate::engine::vector::{Vec3, vec3};

/// Side of a building plot.
pub(super) const CELL: f32 = 7.0;
/// Plots along each side of the island.
pub(super) const CELLS_ACROSS: usize = 48;

/// One building.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tower {
    height: f32,
    /// Free ground on each side.
    margin: f32,
    /// Height of the broad lower part.
    shoulder: f32,
    /// Height of the antenna's tip; equals `height` where there is none.
    tip: f32,
    round: bool,
    /// A number of this building's own.
    pub(super) id: u32,
}

/// Which surface was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Wall,
    Roof,
    Antenna,
}

/// Where a ray meets a building.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) distance: f32,
    pub(super) normal: Vec3,
    pub(super) part: Part,
    /// Distance along the wall from its left end.
    pub(super) along: f32,
    /// Height of the top of the met part.
    pub(super) top: f32,
    /// Number of the wall.
    pub(super) face: u32,
}

/// Places buildings: low along the shore, tall in the middle, some plots left free.
pub(super) fn plan(seed: u32) -> Vec<Tower> {
    let side = CELLS_ACROSS as i32;
    (0..side * side).map(|plot| Tower::new(plot % side, plot / side, seed)).collect()
}

impl Tower {
    fn new(x: i32, z: i32, seed: u32) -> Tower {
        let id = hash(x, z, seed ^ 0xB1D);
        let (first, second) = (byte(id, 0), byte(id, 16));
        let middle = CELLS_ACROSS as f32 * 0.5;
        let (dx, dz) = ((x as f32 + 0.5 - middle) / middle, (z as f32 + 0.5 - middle) / middle);
        let inland = 1.0 - (dx * dx * dx * dx + dz * dz * dz * dz);
        let center = exp(-(dx * dx + dz * dz) * 3.2);
        let peak = second * second * second;
        let mut height = 5.0 + 13.0 * first + center * (22.0 + 105.0 * peak + 26.0 * first);
        if second < 0.06 || inland < 0.05 {
            height = 1.5;
        } else if second < 0.45 && center > 0.25 {
            height *= 0.6;
        }
        if inland < 0.0 {
            height = -2.0;
        }
        let slim = byte(id, 11);
        let antenna = height > 62.0 && id >> 9 & 1 == 1;
        Tower {
            height,
            margin: 0.5 + 1.3 * byte(id, 5),
            shoulder: height * if slim > 0.8 { 1.0 } else { 0.55 + 0.45 * slim },
            tip: if antenna { height + 14.0 * (0.4 + slim) } else { height },
            round: id >> 22 & 7 < 2 && height > 24.0,
            id,
        }
    }

    /// Height of the highest point.
    pub(super) fn top(&self) -> f32 {
        self.tip
    }

    /// The nearest point where a ray meets the building that stands on the plot at `corner`.
    pub(super) fn hit(&self, from: Vec3, ray: Vec3, inverse: Vec3, corner: Vec3) -> Option<Hit> {
        if self.height < 0.0 {
            return None;
        }
        if self.round {
            let center = corner + vec3(CELL * 0.5, 0.0, CELL * 0.5);
            let radius = CELL * 0.5 - self.margin * 0.75;
            return nearest([
                cylinder(from, ray, center, radius, self.shoulder, Part::Wall),
                cylinder(from, ray, center, radius * 0.72, self.height, Part::Wall),
                self.antenna(from, inverse, corner),
            ]);
        }
        let inset = self.margin + 0.6;
        let upper = (self.shoulder < self.height).then(|| {
            block(from, inverse, corner, inset, self.shoulder * 0.5, self.height, Part::Wall)
        });
        nearest([
            block(from, inverse, corner, self.margin, -1.0, self.shoulder, Part::Wall),
            upper.flatten(),
            self.antenna(from, inverse, corner),
        ])
    }

    fn antenna(&self, from: Vec3, inverse: Vec3, corner: Vec3) -> Option<Hit> {
        if self.tip > self.height {
            block(from, inverse, corner, CELL * 0.5 - 0.13, self.height, self.tip, Part::Antenna)
        } else {
            None
        }
    }
}

fn nearest(hits: [Option<Hit>; 3]) -> Option<Hit> {
    hits.into_iter().flatten().reduce(|a, b| if b.distance < a.distance { b } else { a })
}

/// An upright box on a plot, `inset` from its edges.
fn block(
    from: Vec3,
    inverse: Vec3,
    corner: Vec3,
    inset: f32,
    bottom: f32,
    top: f32,
    part: Part,
) -> Option<Hit> {
    let span = |low: f32, high: f32, from: f32, inverse: f32| {
        let (a, b) = ((low - from) * inverse, (high - from) * inverse);
        if a < b { (a, b) } else { (b, a) }
    };
    let (x0, x1) = span(corner.x + inset, corner.x + CELL - inset, from.x, inverse.x);
    let (y0, y1) = span(bottom, top, from.y, inverse.y);
    let (z0, z1) = span(corner.z + inset, corner.z + CELL - inset, from.z, inverse.z);
    let near = larger(x0, larger(y0, z0));
    let far = smaller(x1, smaller(y1, z1));
    if near >= far || near <= 0.01 {
        return None;
    }
    let at = |from: f32, inverse: f32| from + near / inverse;
    let toward = |inverse: f32| if inverse > 0.0 { -1.0 } else { 1.0 };
    let (normal, along, face, part) = if near == y0 {
        (
            vec3(0.0, toward(inverse.y), 0.0),
            0.0,
            0,
            if part == Part::Wall { Part::Roof } else { part },
        )
    } else if near == x0 {
        let face = if inverse.x > 0.0 { 1 } else { 2 };
        (vec3(toward(inverse.x), 0.0, 0.0), at(from.z, inverse.z) - corner.z - inset, face, part)
    } else {
        let face = if inverse.z > 0.0 { 3 } else { 4 };
        (vec3(0.0, 0.0, toward(inverse.z)), at(from.x, inverse.x) - corner.x - inset, face, part)
    };
    Some(Hit { distance: near, normal, part, along, top, face })
}

/// An upright cylinder.
fn cylinder(from: Vec3, ray: Vec3, center: Vec3, radius: f32, top: f32, part: Part) -> Option<Hit> {
    let (dx, dz) = (from.x - center.x, from.z - center.z);
    let a = ray.x * ray.x + ray.z * ray.z;
    let b = dx * ray.x + dz * ray.z;
    let c = dx * dx + dz * dz - radius * radius;
    let inside = b * b - a * c;
    if inside <= 0.0 || a < 1e-9 {
        return None;
    }
    let distance = (-b - inside.sqrt()) / a;
    let at = from + ray * distance;
    if distance > 0.01 && at.y <= top && at.y >= -1.0 {
        let normal = vec3((at.x - center.x) / radius, 0.0, (at.z - center.z) / radius);
        let along = (atan2(normal.z, normal.x) + TAU * 0.5) * radius;
        return Some(Hit { distance, normal, part, along, top, face: 5 });
    }
    // From above: the flat roof.
    let down = (top - from.y) / ray.y;
    let at = from + ray * down;
    let (x, z) = (at.x - center.x, at.z - center.z);
    (ray.y < -1e-6 && down > 0.01 && x * x + z * z < radius * radius).then_some(Hit {
        distance: down,
        normal: vec3(0.0, 1.0, 0.0),
        part: Part::Roof,
        along: 0.0,
        top,
        face: 0,
    })
}
