//! The simple bodies that buildings are put together from.

use crate::engine::math::{TAU, atan2, larger, smaller};
use crate::engine::vector::{Vec3, vec3};

/// Which surface of a city was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Wall,
    Roof,
    /// Tiles of steep roofs, copper of domes.
    Tile,
    Antenna,
    /// A sign that shines by itself.
    Sign,
    Leaf,
    Ground,
    Quay,
}

/// Four walls and a roof.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prism {
    pub(super) half_x: f32,
    pub(super) half_z: f32,
    /// How far the walls come in per unit of height.
    pub(super) lean: f32,
    /// How much of each corner is cut off.
    pub(super) cut: f32,
    /// Steepness of a roof that falls to both sides.
    pub(super) gable: f32,
    /// Steepness of a roof that falls to one side.
    pub(super) slant: f32,
}

impl From<Prism> for Form {
    fn from(prism: Prism) -> Form {
        Form::Prism(prism)
    }
}

/// The form of a body.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Prism(Prism),
    /// A cylinder, or a cone when it leans.
    Drum {
        radius: f32,
        lean: f32,
    },
    /// An ellipsoid whose centre lies at the bottom.
    Dome {
        radius: f32,
    },
}

/// A body at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Solid {
    pub(super) form: Form,
    pub(super) x: f32,
    pub(super) z: f32,
    pub(super) bottom: f32,
    pub(super) top: f32,
    pub(super) part: Part,
}

/// Where a ray meets a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch {
    pub(super) distance: f32,
    pub(super) normal: Vec3,
    pub(super) part: Part,
    /// Distance along the wall from its left end.
    pub(super) along: f32,
    /// Number of the wall.
    pub(super) face: u32,
    /// Height of the top of the body.
    pub(super) top: f32,
}

/// The part of a ray inside all planes that were cut so far.
struct Clip {
    near: f32,
    far: f32,
    normal: Vec3,
}

impl Clip {
    /// Keeps what lies below the plane `normal . p = offset`. False when nothing is left.
    fn cut(&mut self, from: Vec3, ray: Vec3, normal: Vec3, offset: f32) -> bool {
        let (pace, room) = (normal.dot(ray), offset - normal.dot(from));
        if pace.abs() < 1e-7 {
            return room >= 0.0;
        }
        let at = room / pace;
        if pace < 0.0 {
            if at > self.near {
                self.near = at;
                self.normal = normal;
            }
        } else {
            self.far = smaller(self.far, at);
        }
        self.near < self.far
    }
}

impl Solid {
    /// Half the side of the square that the body stands on.
    pub(super) fn reach(&self) -> (f32, f32) {
        match self.form {
            Form::Prism(Prism { half_x, half_z, .. }) => (half_x, half_z),
            Form::Drum { radius, .. } | Form::Dome { radius } => (radius, radius),
        }
    }

    /// The nearest point where a ray enters the body.
    pub(super) fn touch(&self, from: Vec3, ray: Vec3) -> Option<Touch> {
        let from = from - vec3(self.x, self.bottom, self.z);
        let height = self.top - self.bottom;
        match self.form {
            Form::Prism(Prism { half_x, half_z, lean, cut, gable, slant }) => {
                let mut clip = Clip { near: 0.01, far: 1e9, normal: vec3(0.0, 0.0, 0.0) };
                let inside = clip.cut(from, ray, vec3(0.0, 1.0, 0.0), height)
                    && clip.cut(from, ray, vec3(0.0, -1.0, 0.0), 0.0)
                    && clip.cut(from, ray, vec3(1.0, lean, 0.0), half_x)
                    && clip.cut(from, ray, vec3(-1.0, lean, 0.0), half_x)
                    && clip.cut(from, ray, vec3(0.0, lean, 1.0), half_z)
                    && clip.cut(from, ray, vec3(0.0, lean, -1.0), half_z)
                    && (cut <= 0.0 || corners(&mut clip, from, ray, half_x + half_z - cut, lean))
                    && (gable <= 0.0
                        || (clip.cut(from, ray, vec3(gable, 1.0, 0.0), height)
                            && clip.cut(from, ray, vec3(-gable, 1.0, 0.0), height)))
                    && (slant == 0.0
                        || clip.cut(
                            from,
                            ray,
                            vec3(slant, 1.0, 0.0),
                            height - slant.abs() * half_x,
                        ));
                if !inside || clip.near <= 0.01 {
                    return None;
                }
                let at = from + ray * clip.near;
                let n = clip.normal.normalized();
                let (along, face) = if n.x.abs() > n.z.abs() {
                    (at.z + half_z, if n.x > 0.0 { 1 } else { 2 })
                } else {
                    (at.x + half_x, if n.z > 0.0 { 3 } else { 4 })
                };
                let steep = n.y.abs() < 0.5;
                let part = match self.part {
                    Part::Wall if gable > 0.0 && !steep => Part::Tile,
                    Part::Wall if !steep => Part::Roof,
                    part => part,
                };
                Some(Touch { distance: clip.near, normal: n, part, along, face, top: self.top })
            }
            Form::Drum { radius, lean } => self.drum(from, ray, radius, lean, height),
            Form::Dome { radius } => {
                let scale = vec3(1.0 / radius, 1.0 / height, 1.0 / radius);
                let (o, d) = (from * scale, ray * scale);
                let (a, b, c) = (d.dot(d), o.dot(d), o.dot(o) - 1.0);
                let inside = b * b - a * c;
                if inside <= 0.0 {
                    return None;
                }
                let distance = (-b - inside.sqrt()) / a;
                let normal = (o + d * distance) * scale;
                (distance > 0.01).then(|| Touch {
                    distance,
                    normal: normal.normalized(),
                    part: self.part,
                    along: (atan2(normal.z, normal.x) + TAU * 0.5) * radius,
                    face: 5,
                    top: self.top,
                })
            }
        }
    }

    fn drum(&self, from: Vec3, ray: Vec3, radius: f32, lean: f32, height: f32) -> Option<Touch> {
        let rest = radius - lean * from.y;
        let a = ray.x * ray.x + ray.z * ray.z - lean * lean * ray.y * ray.y;
        let b = from.x * ray.x + from.z * ray.z + lean * ray.y * rest;
        let c = from.x * from.x + from.z * from.z - rest * rest;
        let inside = b * b - a * c;
        if inside > 0.0 && a.abs() > 1e-9 {
            let root = inside.sqrt();
            let (first, second) = ((-b - root) / a, (-b + root) / a);
            let distance = if a > 0.0 || first > second { first } else { second };
            let at = from + ray * distance;
            let here = radius - lean * at.y;
            if distance > 0.01 && at.y >= 0.0 && at.y <= height && here > 0.0 {
                let normal = vec3(at.x / here, lean, at.z / here).normalized();
                let along = (atan2(at.z, at.x) + TAU * 0.5) * radius;
                let part = self.part;
                return Some(Touch { distance, normal, part, along, face: 5, top: self.top });
            }
        }
        // From above or below: the flat ends.
        let (level, up) = if ray.y < 0.0 { (height, 1.0) } else { (0.0, -1.0) };
        if ray.y.abs() < 1e-6 {
            return None;
        }
        let distance = (level - from.y) / ray.y;
        let at = from + ray * distance;
        let here = larger(radius - lean * level, 0.0);
        (distance > 0.01 && at.x * at.x + at.z * at.z < here * here).then_some(Touch {
            distance,
            normal: vec3(0.0, up, 0.0),
            part: if self.part == Part::Wall { Part::Roof } else { self.part },
            along: 0.0,
            face: 0,
            top: self.top,
        })
    }
}

fn corners(clip: &mut Clip, from: Vec3, ray: Vec3, offset: f32, lean: f32) -> bool {
    clip.cut(from, ray, vec3(1.0, 2.0 * lean, 1.0), offset)
        && clip.cut(from, ray, vec3(-1.0, 2.0 * lean, 1.0), offset)
        && clip.cut(from, ray, vec3(1.0, 2.0 * lean, -1.0), offset)
        && clip.cut(from, ray, vec3(-1.0, 2.0 * lean, -1.0), offset)
}
