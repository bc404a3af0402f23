//! A room's walls, windows, lamps and what is put into it.

use super::furniture::{self as put, Palette, quarter};
use super::piece::{Form, Piece};
use super::stuff::Stuff;
use crate::engine::noise::{byte, hash};
use crate::engine::prompt::{Composition, Furnishing, Room as Kind};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Half the width and the depth of a room, and its height, in metres.
pub(super) const HALF_X: f32 = 2.9;
pub(super) const HALF_Z: f32 = 3.4;
pub(super) const HIGH: f32 = 2.75;

/// An opening in the far wall.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) low: f32,
    pub(super) high: f32,
    /// Panes across and up.
    pub(super) across: f32,
    pub(super) up: f32,
}

/// A lamp or a fire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lamp {
    pub(super) at: Vec3,
    pub(super) color: Color,
    /// Flickers as flames do.
    pub(super) fire: bool,
}

/// What a room is made of and filled with.
pub(super) struct Room {
    pub(super) pieces: Vec<Piece>,
    pub(super) lamps: Vec<Lamp>,
    pub(super) window: Window,
    pub(super) floor: Stuff,
    pub(super) wall: Stuff,
    /// The wall to the right may be of something else.
    pub(super) accent_wall: Stuff,
}

const WARM: Color = rgb(1.0, 0.70, 0.42);

impl Room {
    pub(super) fn furnish(composition: &Composition) -> Room {
        let seed = composition.variation;
        let kind = composition.room.unwrap_or(match composition.furnishing {
            Furnishing::Cosy | Furnishing::Minimal => Kind::Living,
            Furnishing::Usual => match seed >> 5 & 3 {
                0 => Kind::Library,
                _ => Kind::Living,
            },
        });
        let style = composition.furnishing;
        let palette = palette(composition);
        let mut room = Room {
            pieces: Vec::new(),
            lamps: Vec::new(),
            window: window(kind, style),
            floor: Stuff::Planks(floor_tone(style, seed)),
            wall: wall(style, seed),
            accent_wall: wall(style, seed),
        };
        match kind {
            Kind::Living | Kind::Hall | Kind::Throne => room.living(&palette, style, seed),
            Kind::Bedroom => room.bedroom(&palette, seed),
            Kind::Kitchen => room.kitchen(&palette, style, seed),
            Kind::Library => room.library(&palette, style, seed),
        }
        if style == Furnishing::Cosy || kind == Kind::Library {
            room.pieces.extend(put::beams(HIGH, 2.0 * HALF_X, palette.wood * 0.8));
        }
        let cloth = if style == Furnishing::Minimal { gray(0.74) } else { palette.cloth };
        if kind != Kind::Kitchen {
            for side in [room.window.left - 0.16, room.window.right + 0.16] {
                room.pieces.push(put::curtain(side, HALF_Z - 0.12, HIGH, cloth, seed ^ 3));
            }
        }
        room
    }

    fn lamp(&mut self, piece: Piece, at: Vec3, strength: f32) {
        self.pieces.push(piece);
        self.lamps.push(Lamp { at, color: WARM * strength, fire: false });
    }

    /// A fireplace in the far wall, with a picture above it.
    fn hearth(&mut self, wood: Color) {
        let (x, z) = (1.35, HALF_Z - 0.22);
        self.pieces.push(put::fireplace(x, z, 0.0, HIGH, wood));
        self.pieces.push(put::picture(x, 1.88, z - 0.24, 0.0, (0.95, 0.72), 2));
        let color = rgb(1.0, 0.47, 0.18) * 1.7;
        self.lamps.push(Lamp { at: vec3(x, 0.45, z - 0.5), color, fire: true });
    }

    fn living(&mut self, palette: &Palette, style: Furnishing, seed: u32) {
        self.pieces.push(put::sofa(-2.28, 0.55, quarter(-1), palette));
        self.pieces.push(put::rug(-0.45, 0.6, palette));
        self.pieces.push(put::low_table(-0.75, 0.6, palette));
        if style == Furnishing::Cosy {
            self.hearth(palette.wood);
            self.pieces.push(put::armchair(2.0, 1.35, 0.95, palette));
            self.pieces.push(put::armchair(-0.75, 2.45, -0.55, palette));
            self.pieces.push(put::bookshelf(2.72, -1.75, quarter(1), 1.4, 2.2, palette.wood));
            self.pieces.push(put::bookshelf(2.72, 2.45, quarter(1), 1.1, 2.2, palette.wood));
        } else {
            self.pieces.push(put::armchair(0.75, 1.75, 0.75, palette));
            self.pieces.push(put::plant(2.25, 2.85, 1.15, seed));
        }
        if style == Furnishing::Minimal {
            let white = Stuff::Paint(gray(0.66));
            self.pieces.push(put::cabinet(2.62, 0.5, quarter(1), 2.6, 0.52, white));
            self.pieces.push(put::picture(2.87, 1.55, 0.5, quarter(1), (1.5, 1.0), 1));
            self.lamp(put::table_lamp(2.62, 0.5, 1.5), vec3(2.5, 0.9, 1.5), 0.5);
        } else if style == Furnishing::Usual {
            self.pieces.push(put::bookshelf(2.72, 0.7, quarter(1), 2.3, 2.2, palette.wood));
            self.pieces.push(put::picture(2.87, 1.6, -1.6, quarter(1), (0.8, 1.0), 4));
        }
        self.lamp(put::floor_lamp(-2.45, 2.15), vec3(-2.45, 1.52, 2.15), 1.5);
        self.pieces.push(put::picture(-2.87, 1.62, 0.15, quarter(-1), (0.74, 0.92), 0));
        self.pieces.push(put::picture(-2.87, 1.62, 1.0, quarter(-1), (0.74, 0.92), 3));
        self.back(palette, seed);
    }

    /// What stands at the wall behind the camera.
    fn back(&mut self, palette: &Palette, seed: u32) {
        let wood = Stuff::Wood(palette.wood);
        self.pieces.push(put::cabinet(-0.4, -3.12, quarter(2), 1.9, 0.78, wood));
        self.pieces.push(put::picture(-0.4, 1.65, -3.37, quarter(2), (1.2, 0.8), 6));
        self.lamp(put::table_lamp(0.25, 0.78, -3.1), vec3(0.25, 1.16, -3.0), 0.6);
        self.pieces.push(put::plant(-2.4, -2.9, 1.0, seed ^ 5));
    }

    fn bedroom(&mut self, palette: &Palette, seed: u32) {
        self.pieces.push(put::bed(-1.75, 1.70, quarter(-1), palette));
        self.pieces.push(put::rug(0.25, 1.3, palette));
        let wood = Stuff::Wood(palette.wood);
        for z in [0.42, 2.98] {
            self.pieces.push(put::cabinet(-2.6, z, quarter(-1), 0.5, 0.52, wood));
            self.lamp(put::table_lamp(-2.6, 0.52, z), vec3(-2.5, 0.92, z), 0.8);
        }
        self.pieces.push(put::picture(-2.87, 1.72, 1.7, quarter(-1), (1.3, 0.8), 0));
        self.pieces.push(put::cabinet(2.6, 0.9, quarter(1), 2.0, 0.85, wood));
        self.pieces.push(put::picture(2.87, 1.65, 0.9, quarter(1), (0.9, 0.9), 5));
        self.pieces.push(put::plant(2.25, 2.8, 1.1, seed));
        self.pieces.push(put::armchair(1.55, 2.35, 0.7, palette));
        self.back(palette, seed);
    }

    fn kitchen(&mut self, palette: &Palette, style: Furnishing, seed: u32) {
        if style != Furnishing::Cosy {
            self.floor = Stuff::Tiles;
        }
        self.pieces.extend(put::counter(2.58, 0.6, quarter(1), 4.2, palette));
        self.pieces.extend(put::counter(-0.2, 3.08, 0.0, 3.4, palette));
        let shelf = Stuff::Wood(palette.wood);
        for (number, level) in [1.55, 1.95].into_iter().enumerate() {
            let mut board = Piece::new(2.74, 0.5, quarter(1)).block(
                shelf,
                (0.0, level, 0.0),
                (2.6, 0.035, 0.28),
            );
            for jar in 0..9 {
                let id = hash(jar, number as i32, seed);
                let (high, wide) = (0.10 + 0.14 * byte(id, 0), 0.045 + 0.03 * byte(id, 8));
                let stuff = match id & 3 {
                    0 => Stuff::Pot,
                    1 => Stuff::Paint(palette.accent),
                    _ => Stuff::Paint(rgb(0.64, 0.60, 0.53)),
                };
                let at = (jar as f32 - 4.0) * 0.28;
                board = board.rod(stuff, (at, level + 0.02 + high * 0.5, 0.0), wide, high);
            }
            self.pieces.push(board);
        }
        self.pieces.extend(put::dining_table(-1.05, 0.55, palette));
        for x in [-1.45, -0.65] {
            let shade = Form::Rod { radius: 0.15, half: 0.10, lean: 0.75 };
            let pendant = Piece::new(x, 0.55, 0.0)
                .rod(Stuff::Metal(gray(0.05)), (0.0, 2.32, 0.0), 0.008, 0.86)
                .with(Stuff::Shade, 0.0, 1.84, 0.0, shade);
            self.lamp(pendant, vec3(x, 1.70, 0.55), 1.0);
        }
        let color = palette.cloth.mix(gray(0.6), 0.25);
        self.pieces.push(put::wall_cabinet(-1.74, HALF_Z - 0.18, 0.52, 1, color));
        self.pieces.push(put::wall_cabinet(2.0, HALF_Z - 0.18, 1.4, 3, color));
        self.pieces.push(put::refrigerator(-2.42, 3.06));
        self.pieces.push(put::picture(-2.87, 1.6, 0.5, quarter(-1), (1.1, 0.8), 8));
        self.pieces.push(put::plant(-2.5, 1.9, 1.1, seed));
        self.back(palette, seed);
    }

    fn library(&mut self, palette: &Palette, style: Furnishing, seed: u32) {
        let dark = palette.wood * 0.8;
        for z in [-1.75, 0.05, 1.85] {
            self.pieces.push(put::bookshelf(-2.72, z, quarter(-1), 1.76, 2.6, dark));
        }
        if style == Furnishing::Cosy {
            self.hearth(dark);
            self.pieces.push(put::bookshelf(2.72, -1.75, quarter(1), 1.5, 2.6, dark));
            self.pieces.push(put::bookshelf(2.72, 2.3, quarter(1), 1.5, 2.6, dark));
        } else {
            for z in [-1.75, 0.05, 1.85] {
                self.pieces.push(put::bookshelf(2.72, z, quarter(1), 1.76, 2.6, dark));
            }
            self.pieces.push(put::bookshelf(-2.03, HALF_Z - 0.17, 0.0, 1.02, 2.6, dark));
            self.pieces.push(put::bookshelf(1.93, HALF_Z - 0.17, 0.0, 1.2, 2.6, dark));
        }
        self.pieces.push(put::rug(0.0, 0.6, palette));
        let wood = Stuff::Wood(palette.wood);
        let mut desk = Piece::new(-0.35, 1.1, 0.12)
            .block(wood, (0.0, 0.74, 0.0), (1.5, 0.05, 0.75))
            .block(wood, (-0.6, 0.36, 0.0), (0.26, 0.70, 0.62))
            .block(wood, (0.6, 0.36, 0.0), (0.26, 0.70, 0.62))
            .block(Stuff::Paint(rgb(0.72, 0.68, 0.58)), (-0.12, 0.775, -0.1), (0.30, 0.012, 0.22));
        for (level, tone) in
            [(0.78, palette.accent), (0.81, rgb(0.07, 0.13, 0.20)), (0.84, rgb(0.4, 0.3, 0.14))]
        {
            desk = desk.block(Stuff::Paint(tone), (-0.48, level, 0.12), (0.24, 0.028, 0.17));
        }
        self.pieces.push(desk);
        self.lamp(put::table_lamp(0.1, 0.76, 1.3), vec3(0.1, 1.1, 1.2), 1.1);
        self.pieces.push(put::armchair(1.25, 1.7, 0.7, palette));
        self.lamp(put::floor_lamp(1.95, 2.6), vec3(1.95, 1.52, 2.6), 0.9);
        self.back(palette, seed);
    }
}

fn window(kind: Kind, style: Furnishing) -> Window {
    let (half, low, high, across, up) = match (kind, style) {
        (Kind::Kitchen, _) => (1.25, 1.12, 2.35, 3.0, 1.0),
        (Kind::Living | Kind::Library, Furnishing::Cosy) => {
            return Window {
                left: -1.95,
                right: -0.35,
                low: 0.80,
                high: 2.25,
                across: 4.0,
                up: 4.0,
            };
        }
        (Kind::Library, _) => (1.0, 0.80, 2.45, 4.0, 6.0),
        (_, Furnishing::Minimal) => (2.35, 0.06, 2.58, 3.0, 1.0),
        (_, Furnishing::Cosy) => (0.95, 0.85, 2.25, 4.0, 4.0),
        (_, Furnishing::Usual) => (1.35, 0.62, 2.40, 2.0, 2.0),
    };
    Window { left: -half - 0.1, right: half - 0.1, low, high, across, up }
}

fn floor_tone(style: Furnishing, seed: u32) -> Color {
    match (style, seed >> 3 & 1) {
        (Furnishing::Minimal, _) => rgb(0.48, 0.37, 0.26),
        (_, 0) => rgb(0.30, 0.17, 0.085),
        _ => rgb(0.38, 0.24, 0.13),
    }
}

fn wall(style: Furnishing, seed: u32) -> Stuff {
    match (style, seed >> 7 & 3) {
        (Furnishing::Minimal, _) => Stuff::Plaster(rgb(0.72, 0.71, 0.69)),
        (Furnishing::Cosy, 0 | 1) => Stuff::Plaster(rgb(0.56, 0.43, 0.30)),
        (Furnishing::Cosy, _) => Stuff::Brick,
        (_, 0) => Stuff::Paper(rgb(0.30, 0.38, 0.34)),
        (_, 1) => Stuff::Paper(rgb(0.56, 0.50, 0.40)),
        (_, 2) => Stuff::Plaster(rgb(0.34, 0.42, 0.48)),
        _ => Stuff::Plaster(rgb(0.66, 0.61, 0.53)),
    }
}

fn palette(composition: &Composition) -> Palette {
    let seed = hash(composition.variation as i32, 1, 81);
    let (cloth, accent) = match seed & 3 {
        0 => (rgb(0.16, 0.24, 0.26), rgb(0.50, 0.22, 0.08)),
        1 => (rgb(0.42, 0.36, 0.28), rgb(0.10, 0.22, 0.30)),
        2 => (rgb(0.11, 0.18, 0.13), rgb(0.52, 0.34, 0.12)),
        _ => (rgb(0.34, 0.33, 0.33), rgb(0.44, 0.13, 0.10)),
    };
    let (mut cloth, mut accent) = match composition.furnishing {
        Furnishing::Minimal => (rgb(0.48, 0.47, 0.45), accent.mix(gray(0.3), 0.4)),
        _ => (cloth, accent),
    };
    if let Some(color) = composition.colors.first() {
        accent = *color * 0.8;
    }
    if let Some(color) = composition.colors.get(1) {
        cloth = *color * 0.7;
    }
    let wood = if seed & 4 == 0 { rgb(0.22, 0.12, 0.06) } else { rgb(0.34, 0.21, 0.11) };
    Palette { cloth, accent, wood }
}
