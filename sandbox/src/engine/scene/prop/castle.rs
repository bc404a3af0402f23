//! A castle: a curtain wall with corner towers and a gatehouse around a keep with spires.

use super::model::Model;
use super::paint::{Paint, Palette, masonry, opening, tiles};
use super::solid::{Near, block, cuboid, cylinder, eighth, frustum, gable, length, repeated};
use crate::engine::math::{TAU, atan2, floor, larger, sin, smaller, smoothstep};
use crate::engine::noise::{byte, hash};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Half the side of the curtain wall.
const WALL: f32 = 4.3;
const WALL_TOP: f32 = 2.1;
/// Where towers of the keep stand, how thick and how tall they are, and how tall their roofs are.
const SPIRES: [(f32, f32, f32, f32, f32); 4] = [
    (-1.75, 0.9, 0.66, 7.6, 2.5),
    (1.75, 0.5, 0.86, 6.1, 2.2),
    (0.35, 1.9, 0.50, 8.6, 2.2),
    (-0.9, -1.45, 0.42, 5.3, 1.5),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Wall,
    Keep,
    Gate,
    Corner,
    Spire { x: f32, z: f32, radius: f32 },
    Roof,
    KeepRoof,
    Pole,
    Flag,
}

pub(super) struct Castle {
    palette: Palette,
    stone: Color,
    roof: Color,
    flag: Color,
}

impl Castle {
    pub(super) fn new(palette: Palette) -> Castle {
        let roof = match palette.seed >> 4 & 3 {
            0 => rgb(0.055, 0.085, 0.14),
            1 => rgb(0.22, 0.065, 0.04),
            2 => rgb(0.05, 0.10, 0.095),
            _ => rgb(0.075, 0.08, 0.10),
        };
        Castle {
            stone: rgb(0.40, 0.37, 0.32).mix(rgb(0.48, 0.44, 0.37), byte(palette.seed, 8)),
            roof: palette.color(0, roof),
            flag: palette.color(1, rgb(0.55, 0.05, 0.04)),
            palette,
        }
    }

    #[inline]
    fn near(&self, at: Vec3, time: f32) -> Near<Part> {
        // Far from the castle, the distance to a plain hull will do.
        let hull = block(at, 5.4, 5.4, -3.0, 11.6);
        if hull > 1.0 {
            return Near::new(hull + 0.3, Part::Wall);
        }
        keep(at, time, curtain(at))
    }
}

/// Walls, corner towers and gatehouse.
#[inline]
fn curtain(at: Vec3) -> Near<Part> {
    let (ax, az) = (at.x.abs(), at.z.abs());
    let shell = larger(larger(ax, az) - WALL - 0.22, WALL - 0.22 - larger(ax, az));
    let wall = larger(shell, larger(at.y - WALL_TOP, -3.0 - at.y));
    let mut near = Near::new(wall, Part::Wall);
    let rim = at.y - WALL_TOP;
    if rim > -0.2 {
        // Merlons stand on the outer edge, along whichever side is nearer.
        let (along, across) = if ax > az { (at.z, ax) } else { (at.x, az) };
        let merlon = vec3(repeated(along, 0.5, 8.0), rim - 0.17, across - WALL - 0.13);
        near = near.and(cuboid(merlon, vec3(0.14, 0.19, 0.09)), Part::Wall);
    }
    let corner = vec3(ax - WALL, at.y, az - WALL);
    near = near.and(round_tower(corner, 0.82, 3.2), Part::Corner);
    // Every other pair of corners carries roofs.
    if at.x * at.z > 0.0 {
        near = near.and(frustum(corner, 1.0, 0.02, 3.62, 5.3), Part::Roof);
    }
    let gate = vec3(at.x, at.y, at.z + WALL + 0.15);
    let house = block(gate, 1.0, 0.62, -3.0, 2.9);
    let way = {
        let side = if at.y > 0.95 { length(at.x, at.y - 0.95) } else { ax };
        larger(side - 0.46, gate.z)
    };
    near = near.and(larger(house, -way), Part::Gate);
    let flank = vec3(ax - 1.02, at.y, gate.z + 0.45);
    near = near.and(round_tower(flank, 0.40, 3.3), Part::Gate);
    near.and(frustum(flank, 0.55, 0.02, 3.72, 4.7), Part::Roof)
}

/// The keep and its spires.
#[inline]
fn keep(at: Vec3, time: f32, near: Near<Part>) -> Near<Part> {
    let hull = block(vec3(at.x, at.y, at.z - 0.3), 2.8, 2.7, -3.0, 11.5);
    if hull > near.distance {
        return near;
    }
    let mut near = near;
    let hall = vec3(at.x, at.y, at.z - 0.4);
    near = near.and(block(hall, 1.9, 1.3, -3.0, 4.6), Part::Keep);
    near = near.and(gable(vec3(hall.z, hall.y, hall.x), 1.5, 1.95, 4.55, 6.1), Part::KeepRoof);
    let wing = vec3(at.x - 0.2, at.y, at.z + 0.9);
    near = near.and(block(wing, 0.95, 1.2, -3.0, 3.6), Part::Keep);
    near = near.and(gable(wing, 1.1, 1.3, 3.55, 4.7), Part::KeepRoof);
    for (number, (x, z, radius, top, roof)) in SPIRES.into_iter().enumerate() {
        let local = vec3(at.x - x, at.y, at.z - z);
        let away = length(local.x, local.z) - radius - 0.4;
        if away > near.distance {
            continue;
        }
        let body = smaller(
            cylinder(local, radius, -3.0, top),
            frustum(local, radius * 0.98, radius * 1.22, top - 0.55, top),
        );
        near = near.and(body, Part::Spire { x, z, radius });
        near = near.and(frustum(local, radius * 1.36, 0.02, top, top + roof), Part::Roof);
        if number != 3 {
            let staff = vec3(local.x, local.y - top - roof, local.z);
            near = near.and(cylinder(staff, 0.022, -0.3, 0.75), Part::Pole);
            let wave = 0.07 * sin(staff.x * 9.0 - time * 5.0) * smoothstep(0.0, 0.3, staff.x);
            let cloth = vec3(staff.x - 0.36, staff.y - 0.58, staff.z - wave);
            near = near.and(cuboid(cloth, vec3(0.34, 0.16, 0.012)) * 0.75, Part::Flag);
        }
    }
    near
}

/// A round tower whose flared top has merlons.
#[inline]
fn round_tower(at: Vec3, radius: f32, top: f32) -> f32 {
    let body = frustum(at, radius * 1.10, radius, -3.0, top);
    let head = frustum(at, radius, radius * 1.2, top - 0.35, top + 0.12);
    let mut distance = smaller(body, head);
    if at.y > top - 0.3 {
        let fold = eighth(at);
        // The middle of the eighth, so that each has one merlon.
        let (along, across) = (fold.x * 0.924 + fold.z * 0.383, fold.z * 0.924 - fold.x * 0.383);
        let merlon = vec3(along - radius * 1.08, at.y - top - 0.26, across);
        distance = smaller(distance, cuboid(merlon, vec3(0.10, 0.20, radius * 0.26)));
    }
    distance
}

impl Castle {
    fn wall(&self, along: f32, at: Vec3, pixel: f32) -> Paint {
        let stone = self.stone * (0.72 + 0.28 * smoothstep(-1.0, 3.0, at.y));
        masonry(stone, along, at.y, (0.42, 0.2), pixel, self.palette.seed)
    }

    /// Narrow arched windows, one in each cell of a wall that is chosen to have one.
    fn windows(&self, wall: Paint, along: f32, y: f32, cell: (f32, f32), pixel: f32) -> Paint {
        let (column, row) = (floor(along / cell.0), floor(y / cell.1));
        let id = hash(column as i32, row as i32, self.palette.seed ^ 21);
        if byte(id, 24) > 0.62 || y < 1.2 {
            return wall;
        }
        let across = along - (column + 0.5) * cell.0;
        let up = y - row * cell.1;
        let surround = opening(across, up, 0.155, 0.16, 0.76, pixel);
        let pane = opening(across, up, 0.095, 0.22, 0.70, pixel);
        wall.mix(Paint::matt(self.stone * 1.15), surround).mix(self.palette.pane(id), pane)
    }
}

impl Model for Castle {
    fn distance(&self, at: Vec3, time: f32) -> f32 {
        self.near(at, time).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, time: f32) -> Paint {
        let part = self.near(at, time).part;
        let along = at.x * normal.z.abs() + at.z * normal.x.abs();
        let paint = match part {
            Part::Flag => {
                return Paint { through: 0.5, ..Paint::matt(self.flag) };
            }
            Part::Pole => return Paint::matt(gray(0.05)).rough(0.5),
            Part::Roof => {
                let around = atan2(at.z, at.x) * 2.0;
                tiles(self.roof, around, at.y, 0.13, pixel, self.palette.seed)
            }
            Part::KeepRoof => tiles(self.roof, along, at.y, 0.16, pixel, self.palette.seed ^ 1),
            _ if normal.y > 0.8 => Paint::matt(self.stone * 0.8),
            Part::Wall => self.wall(along, at, pixel),
            Part::Gate => {
                let wall = self.wall(along, at, pixel);
                if length(at.x, larger(at.y - 0.95, 0.0)) < 0.47 && at.y < 1.42 {
                    let oak = Paint::matt(rgb(0.10, 0.055, 0.028));
                    Paint { glow: rgb(0.9, 0.45, 0.14) * (0.35 * self.palette.lamps), ..oak }
                } else if at.y > 1.5 && normal.z < -0.8 && at.x.abs() < 0.9 {
                    self.windows(wall, at.x + 0.35, at.y - 0.45, (0.7, 1.1), pixel)
                } else {
                    wall
                }
            }
            Part::Keep => {
                self.windows(self.wall(along, at, pixel), along, at.y, (0.62, 1.15), pixel)
            }
            Part::Corner => {
                let (x, z) = (at.x.abs() - WALL, at.z.abs() - WALL);
                let around = atan2(z, x) * 0.82;
                self.windows(
                    self.wall(around, at, pixel),
                    around,
                    at.y,
                    (TAU * 0.82 / 6.0, 1.4),
                    pixel,
                )
            }
            Part::Spire { x, z, radius } => {
                let around = atan2(at.z - z, at.x - x) * radius;
                self.windows(
                    self.wall(around, at, pixel),
                    around,
                    at.y,
                    (TAU * radius / 5.0, 1.3),
                    pixel,
                )
            }
        };
        self.palette.weathered(paint, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 4.2, 0.0), 8.2)
    }
}
