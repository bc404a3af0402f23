//! Architecture: the bodies that make a building of one kind or another.

use super::plan::Plot;
use super::solid::{Form, Part, Prism, Solid, Touch};
use crate::engine::math::{larger, mix, smaller};
use crate::engine::noise::{byte, hash};
use crate::engine::prompt::Era;
use crate::engine::vector::{Vec3, vec3};

/// Height of a storey.
pub(super) const STOREY: f32 = 0.62;

/// What walls are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cladding {
    /// Stone with punched windows.
    Masonry,
    /// Bands of glass and concrete.
    Ribbon,
    /// Stone piers that run up the whole height.
    Piers,
    /// Nothing but panes.
    Glass,
    /// Small shuttered windows in plaster.
    Plaster,
}

/// One building or group of trees.
#[derive(Clone, Debug)]
pub(super) struct Tower {
    solids: Vec<Solid>,
    /// Corners of a box that holds all of it.
    low: Vec3,
    high: Vec3,
    pub(super) top: f32,
    pub(super) cladding: Cladding,
    /// A number of this building's own.
    pub(super) id: u32,
}

impl Tower {
    /// Puts up what stands on a plot.
    pub(super) fn raise(plot: &Plot, era: Era) -> Tower {
        let (id, zero) = (plot.id, vec3(0.0, 0.0, 0.0));
        let mut tower = Tower {
            solids: Vec::new(),
            low: zero,
            high: zero,
            top: plot.ground,
            cladding: cladding(id, era),
            id,
        };
        if plot.height <= 0.0 {
            return tower;
        }
        if plot.park {
            tower.trees(plot);
        } else {
            match era {
                Era::Old => tower.old(plot),
                Era::Deco => tower.deco(plot),
                Era::Modern => tower.modern(plot),
                Era::Future if plot.height > 34.0 => tower.future(plot),
                Era::Future => tower.terraces(plot),
            }
            if era != Era::Old && plot.signs && id & 1 == 0 {
                tower.sign(plot);
            }
        }
        tower.top = tower.solids.iter().fold(plot.ground, |top, solid| larger(top, solid.top));
        tower.low = vec3(plot.x, plot.ground - 4.0, plot.z);
        tower.high = vec3(plot.x, tower.top, plot.z);
        for solid in &tower.solids {
            let (x, z) = solid.reach();
            tower.low.x = smaller(tower.low.x, solid.x - x);
            tower.low.z = smaller(tower.low.z, solid.z - z);
            tower.high.x = larger(tower.high.x, solid.x + x);
            tower.high.z = larger(tower.high.z, solid.z + z);
        }
        tower
    }

    /// The nearest point where a ray meets the building.
    pub(super) fn touch(&self, from: Vec3, ray: Vec3, inverse: Vec3) -> Option<Touch> {
        let span = |low: f32, high: f32, from: f32, inverse: f32| {
            let (a, b) = ((low - from) * inverse, (high - from) * inverse);
            if a < b { (a, b) } else { (b, a) }
        };
        let (x0, x1) = span(self.low.x, self.high.x, from.x, inverse.x);
        let (y0, y1) = span(self.low.y, self.high.y, from.y, inverse.y);
        let (z0, z1) = span(self.low.z, self.high.z, from.z, inverse.z);
        if larger(x0, larger(y0, z0)) > smaller(x1, smaller(y1, z1)) {
            return None;
        }
        self.solids
            .iter()
            .filter_map(|solid| solid.touch(from, ray))
            .reduce(|a, b| if b.distance < a.distance { b } else { a })
    }

    /// Whether an upright plane through `from` along the level direction `way` cuts the building.
    pub(super) fn is_cut(&self, from: Vec3, way: Vec3) -> bool {
        let (middle, half) = ((self.low + self.high) * 0.5, (self.high - self.low) * 0.5);
        let reach = half.x * way.z.abs() + half.z * way.x.abs();
        let beside = (middle.x - from.x) * way.z - (middle.z - from.z) * way.x;
        beside.abs() <= reach + 1e-3
    }

    /// Height of the building above a point of the ground, without masts.
    pub(super) fn height_at(&self, x: f32, z: f32) -> f32 {
        self.solids.iter().fold(0.0, |height, solid| {
            let (reach_x, reach_z) = solid.reach();
            let over = (x - solid.x).abs() < reach_x && (z - solid.z).abs() < reach_z;
            let solid_height =
                if solid.part == Part::Tile { (solid.bottom + solid.top) * 0.5 } else { solid.top };
            if over && !matches!(solid.part, Part::Antenna | Part::Sign) {
                larger(height, solid_height)
            } else {
                height
            }
        })
    }

    pub(super) fn put(
        &mut self,
        plot: &Plot,
        form: impl Into<Form>,
        bottom: f32,
        top: f32,
        part: Part,
    ) {
        self.solids.push(Solid { form: form.into(), x: plot.x, z: plot.z, bottom, top, part });
    }

    pub(super) fn mast(&mut self, plot: &Plot, from: f32, length: f32) {
        let drum = Form::Drum { radius: 0.32, lean: 0.24 / length };
        self.put(plot, drum, from, from + length, Part::Antenna);
    }

    pub(super) fn modern(&mut self, plot: &Plot) {
        let (a, b) = (byte(self.id, 4), byte(self.id, 12));
        let (wide, deep) = (plot.half_x * mix(0.72, 1.0, a), plot.half_z * mix(0.72, 1.0, b));
        let (base, top) = (plot.ground, plot.ground + plot.height);
        let tall = plot.height > 40.0;
        match self.id >> 24 & 7 {
            0 | 1 if tall => self.deco(plot),
            2 if tall => {
                // A glass shaft with cut corners and a roof that falls to one side.
                let slant = if a > 0.5 { 0.55 } else { -0.55 };
                let shaft = Prism { slant, ..prism(wide * 0.9, deep * 0.9, 0.0, wide * 0.5) };
                self.cladding = Cladding::Glass;
                self.put(plot, shaft, base, top, Part::Wall);
            }
            3 if tall => {
                let radius = smaller(wide, deep) * 0.92;
                self.put(plot, Form::Drum { radius, lean: 0.0 }, base, top, Part::Wall);
                self.put(
                    plot,
                    Form::Drum { radius: radius * 0.72, lean: 0.0 },
                    top,
                    top + 3.0,
                    Part::Wall,
                );
                self.mast(plot, top + 3.0, 6.0 + 8.0 * b);
            }
            4 if tall => {
                // Comes in all the way up.
                let lean = wide * 0.42 / plot.height;
                self.cladding = Cladding::Glass;
                self.put(plot, prism(wide, deep, lean, 0.0), base, top, Part::Wall);
                self.mast(plot, top, 8.0 + 10.0 * a);
            }
            5 if tall => {
                // Two slabs of different height, side by side.
                let (left, right) =
                    (vec3(-wide * 0.45, 0.0, 0.0), vec3(wide * 0.47, 0.0, deep * 0.1));
                for (offset, share) in [(left, 1.0), (right, 0.82)] {
                    let moved = Plot { x: plot.x + offset.x, z: plot.z + offset.z, ..*plot };
                    let form = prism(wide * 0.44, deep * 0.8, 0.0, 0.0);
                    self.put(&moved, form, base, base + plot.height * share, Part::Wall);
                }
                self.put(plot, prism(wide, deep, 0.0, 0.0), base, base + 6.0, Part::Wall);
            }
            _ => {
                let shoulder = base + plot.height * mix(0.30, 0.72, byte(self.id, 17));
                self.put(plot, prism(wide, deep, 0.0, 0.0), base, shoulder, Part::Wall);
                let upper = prism(wide * mix(0.6, 0.9, b), deep * mix(0.6, 0.9, a), 0.0, 0.0);
                self.put(plot, upper, shoulder, top, Part::Wall);
                self.plant_room(plot, top, wide * 0.35);
                if tall && self.id >> 9 & 1 == 0 {
                    self.mast(plot, top + 1.2, 7.0 + 9.0 * a);
                }
            }
        }
    }

    /// Lift and ventilation housing on a flat roof.
    fn plant_room(&mut self, plot: &Plot, top: f32, half: f32) {
        let moved = Plot { x: plot.x + half * 0.4, z: plot.z - half * 0.3, ..*plot };
        self.put(&moved, prism(half, half * 0.7, 0.0, 0.0), top, top + 1.3, Part::Roof);
    }

    /// Set back again and again, with a pointed crown on the tall ones.
    fn deco(&mut self, plot: &Plot) {
        let steps = if plot.height > 60.0 {
            4
        } else if plot.height > 24.0 {
            3
        } else {
            1
        };
        self.cladding = if self.id >> 5 & 3 == 0 { Cladding::Masonry } else { Cladding::Piers };
        let (mut low, mut share) = (plot.ground, 1.0);
        for step in 1..=steps {
            let part = step as f32 / steps as f32;
            let top = plot.ground + plot.height * (1.0 - (1.0 - part) * (1.0 - part) * 0.9);
            let form = prism(plot.half_x * share, plot.half_z * share, 0.0, 0.0);
            self.put(plot, form, low, top, Part::Wall);
            (low, share) = (top, share * mix(0.68, 0.82, byte(self.id, step * 5)));
        }
        if steps < 3 {
            self.plant_room(plot, low, plot.half_x * 0.3);
        } else if self.id >> 15 & 1 == 0 {
            let half = smaller(plot.half_x, plot.half_z) * share;
            let crown = 9.0 + 8.0 * byte(self.id, 3);
            self.put(
                plot,
                prism(half, half, half / crown * 0.93, 0.0),
                low,
                low + crown,
                Part::Tile,
            );
            self.mast(plot, low + crown * 0.9, 10.0);
        } else {
            let radius = smaller(plot.half_x, plot.half_z) * share;
            self.put(plot, Form::Drum { radius, lean: 0.0 }, low, low + 3.0, Part::Wall);
            self.put(plot, Form::Dome { radius }, low + 3.0, low + 3.0 + radius, Part::Tile);
            self.mast(plot, low + 2.8 + radius, 5.0);
        }
    }

    /// A gabled house; here and there a steeple or a dome.
    fn old(&mut self, plot: &Plot) {
        let (base, id) = (plot.ground, self.id);
        if plot.height > 15.0 {
            let half = smaller(plot.half_x, plot.half_z) * 0.5;
            let nave = Prism { gable: 1.3, ..prism(plot.half_x * 0.55, plot.half_z, 0.0, 0.0) };
            self.put(plot, nave, base, base + 13.0, Part::Wall);
            if id & 4 == 0 {
                let front = Plot { z: plot.z - plot.half_z * 0.7, ..*plot };
                self.put(&front, prism(half, half, 0.0, 0.0), base, base + 16.0, Part::Wall);
                let spire = prism(half * 1.1, half * 1.1, half * 1.1 / 14.5, half * 0.5);
                self.put(&front, spire, base + 16.0, base + 30.0, Part::Tile);
            } else {
                let radius = half * 1.35;
                self.put(plot, Form::Drum { radius, lean: 0.0 }, base, base + 15.0, Part::Wall);
                self.put(
                    plot,
                    Form::Dome { radius },
                    base + 15.0,
                    base + 16.0 + radius,
                    Part::Tile,
                );
                let lantern = Form::Drum { radius: radius * 0.2, lean: 0.0 };
                self.put(plot, lantern, base + 15.5 + radius, base + 18.0 + radius, Part::Wall);
                let cone = Form::Drum { radius: radius * 0.26, lean: 0.26 };
                self.put(plot, cone, base + 18.0 + radius, base + 19.0 + radius, Part::Tile);
            }
            return;
        }
        // Four houses share a plot.
        for (number, (x, z)) in
            [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)].into_iter().enumerate()
        {
            let own = hash(number as i32, 3, id);
            let moved = Plot { x: plot.x + x * plot.half_x, z: plot.z + z * plot.half_z, ..*plot };
            let (half_x, half_z) = (
                plot.half_x * mix(0.40, 0.50, byte(own, 0)),
                plot.half_z * mix(0.40, 0.50, byte(own, 8)),
            );
            let gable = mix(0.8, 1.2, byte(own, 16));
            let eaves = 2.6 + plot.height * 0.25 * byte(own, 4);
            let form = Prism { gable, ..prism(half_x, half_z, 0.0, 0.0) };
            self.put(&moved, form, base, base + eaves + gable * half_x, Part::Wall);
            let chimney = Plot { x: moved.x + half_x * 0.4, ..moved };
            let top = base + eaves + gable * half_x * 0.9;
            self.put(&chimney, prism(0.28, 0.28, 0.0, 0.0), base + eaves, top, Part::Roof);
        }
    }

    fn trees(&mut self, plot: &Plot) {
        for number in 0..5 {
            let own = hash(number, 7, self.id);
            let (x, z) = (byte(own, 0) * 2.0 - 1.0, byte(own, 8) * 2.0 - 1.0);
            let place = |dx: f32, dz: f32| Plot {
                x: plot.x + x * plot.half_x + dx,
                z: plot.z + z * plot.half_z + dz,
                ..*plot
            };
            let size = mix(0.9, 1.5, byte(own, 16));
            let trunk = Form::Drum { radius: 0.16, lean: 0.0 };
            let base = plot.ground;
            self.put(&place(0.0, 0.0), trunk, base, base + size * 1.6, Part::Antenna);
            // A crown of several balls, each with its middle at its bottom.
            let crown = [(0.0, 0.0, 2.2, 0.85), (0.55, 0.2, 1.6, 0.75), (-0.5, -0.3, 1.7, 0.8)];
            for (dx, dz, level, share) in crown {
                let (middle, radius) = (base + size * level, size * share);
                let ball = Form::Dome { radius };
                self.put(&place(dx * size, dz * size), ball, middle, middle + radius, Part::Leaf);
            }
        }
    }

    /// A blade of light that stands out from the wall above the street.
    fn sign(&mut self, plot: &Plot) {
        let side = if self.id & 2 == 0 { -1.0 } else { 1.0 };
        for (number, along) in [-0.6, 0.1, 0.7].into_iter().enumerate() {
            let own = hash(number as i32, 11, self.id);
            let tall = mix(2.0, 6.5, byte(own, 0));
            let low = plot.ground + mix(2.2, 6.0, byte(own, 8));
            let moved = Plot {
                x: plot.x + side * (plot.half_x + 0.55),
                z: plot.z + along * plot.half_z,
                ..*plot
            };
            self.put(&moved, prism(0.55, 0.10, 0.0, 0.0), low, low + tall, Part::Sign);
        }
    }
}

/// Four upright or leaning walls, with corners cut off.
pub(super) fn prism(half_x: f32, half_z: f32, lean: f32, cut: f32) -> Prism {
    Prism { half_x, half_z, lean, cut, gable: 0.0, slant: 0.0 }
}

fn cladding(id: u32, era: Era) -> Cladding {
    match era {
        Era::Old => Cladding::Plaster,
        Era::Deco => Cladding::Masonry,
        Era::Modern | Era::Future => match id >> 20 & 7 {
            0 | 1 => Cladding::Masonry,
            2 | 3 => Cladding::Ribbon,
            4 => Cladding::Piers,
            _ => Cladding::Glass,
        },
    }
}
