//! Architecture of ages to come.

use super::plan::Plot;
use super::solid::{Form, Part, Prism};
use super::tower::{Cladding, Tower, prism};
use crate::engine::math::{mix, smaller};
use crate::engine::noise::byte;

impl Tower {
    /// Needles with discs, leaning shafts, rings and domes.
    pub(super) fn future(&mut self, plot: &Plot) {
        let (base, height) = (plot.ground, plot.height * 1.18);
        let half = smaller(plot.half_x, plot.half_z);
        let top = base + height;
        self.cladding = if self.id >> 3 & 3 == 0 { Cladding::Ribbon } else { Cladding::Glass };
        match self.id >> 24 & 7 {
            0 => {
                let lean = half * 0.66 / height;
                self.put(plot, Form::Drum { radius: half, lean }, base, top, Part::Wall);
                for (share, wide) in [(0.58, 1.05), (0.80, 0.86)] {
                    let level = base + height * share;
                    let rim = Form::Drum { radius: half * wide, lean: 0.25 };
                    self.put(plot, rim, level, level + 1.5, Part::Wall);
                    let under = Form::Drum { radius: half * wide * 0.7, lean: -0.6 };
                    self.put(plot, under, level - half * wide * 0.45, level, Part::Roof);
                }
                self.mast(plot, top, 26.0);
            }
            1 => {
                // Four shafts that lean on one another below a common tip.
                for (x, z) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
                    let moved =
                        Plot { x: plot.x + x * half * 0.46, z: plot.z + z * half * 0.46, ..*plot };
                    let share = mix(0.62, 1.0, byte(self.id, if x > z { 6 } else { 13 }));
                    let form = prism(half * 0.42, half * 0.42, half * 0.10 / height, half * 0.2);
                    self.put(&moved, form, base, base + height * share, Part::Wall);
                }
                self.put(
                    plot,
                    Form::Drum { radius: half * 0.5, lean: half * 0.46 / height },
                    base,
                    top + 12.0,
                    Part::Wall,
                );
            }
            2 => {
                let radius = half * 0.86;
                self.put(plot, Form::Drum { radius, lean: 0.0 }, base, top, Part::Wall);
                self.put(plot, Form::Dome { radius }, top, top + radius * 1.7, Part::Wall);
                self.mast(plot, top + radius * 1.6, 16.0);
            }
            3 | 4 => {
                let lean = half * 0.80 / height;
                self.put(plot, prism(half, half, lean, half * 0.35), base, top, Part::Wall);
                self.mast(plot, top - 1.0, 22.0);
            }
            5 => {
                let slant = if self.id & 64 == 0 { 0.9 } else { -0.9 };
                let shaft = Prism { slant, ..prism(half * 0.5, half * 0.95, 0.0, half * 0.25) };
                let left = Plot { x: plot.x - half * 0.5, ..*plot };
                let right = Plot { x: plot.x + half * 0.5, ..*plot };
                self.put(&left, shaft, base, top, Part::Wall);
                self.put(&right, shaft, base, base + height * 0.84, Part::Wall);
                for share in [0.35, 0.62] {
                    let level = base + height * share;
                    let bridge = prism(half, half * 0.25, 0.0, 0.0);
                    self.put(plot, bridge, level, level + 2.2, Part::Wall);
                }
            }
            _ => self.modern(plot),
        }
    }

    /// Low buildings of the future: rounded terraces, domes and leaning blocks.
    pub(super) fn terraces(&mut self, plot: &Plot) {
        let (base, top) = (plot.ground, plot.ground + plot.height);
        let half = smaller(plot.half_x, plot.half_z);
        match self.id >> 24 & 3 {
            0 => {
                self.cladding = Cladding::Ribbon;
                for (low, high, wide) in [(0.0, 0.34, 1.0), (0.34, 0.66, 0.82), (0.66, 1.0, 0.6)] {
                    let drum = Form::Drum { radius: half * wide, lean: 0.0 };
                    self.put(plot, drum, mix(base, top, low), mix(base, top, high), Part::Wall);
                }
                let radius = half * 0.52;
                self.put(plot, Form::Dome { radius }, top, top + radius * 0.8, Part::Wall);
            }
            1 => {
                self.cladding = Cladding::Glass;
                let lean = half * 0.38 / plot.height;
                let body = prism(plot.half_x, plot.half_z, lean, half * 0.4);
                self.put(plot, body, base, top, Part::Wall);
                self.mast(plot, top, 5.0);
            }
            2 => {
                let slant = if self.id & 64 == 0 { 0.5 } else { -0.5 };
                let body = Prism { slant, ..prism(plot.half_x, plot.half_z, 0.0, half * 0.45) };
                self.put(plot, body, base, top + 2.0, Part::Wall);
            }
            _ => self.modern(plot),
        }
    }
}
