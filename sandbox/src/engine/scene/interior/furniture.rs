//! The furniture of rooms, measured in metres.

use super::piece::{Form, Piece};
use super::stuff::Stuff;
use crate::engine::math::{TAU, cos, mix, sin};
use crate::engine::noise::{byte, hash};
use crate::engine::vector::{Color, gray, rgb, vec3};

/// The colours of a room's things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub(super) cloth: Color,
    pub(super) accent: Color,
    pub(super) wood: Color,
}

pub(super) fn sofa(x: f32, z: f32, turn: f32, colors: &Palette) -> Piece {
    let (cloth, foot) = (Stuff::Cloth(colors.cloth), Stuff::Wood(colors.wood));
    Piece::new(x, z, turn)
        .block(cloth, (0.0, 0.24, 0.0), (2.1, 0.24, 0.86))
        .cushion(cloth, (-0.46, 0.44, -0.04), (0.90, 0.20, 0.74))
        .cushion(cloth, (0.46, 0.44, -0.04), (0.90, 0.20, 0.74))
        .cushion(cloth, (-0.46, 0.70, 0.32), (0.92, 0.50, 0.24))
        .cushion(cloth, (0.46, 0.70, 0.32), (0.92, 0.50, 0.24))
        .cushion(cloth, (-1.02, 0.44, 0.0), (0.22, 0.62, 0.90))
        .cushion(cloth, (1.02, 0.44, 0.0), (0.22, 0.62, 0.90))
        .cushion(Stuff::Cloth(colors.accent), (-0.70, 0.66, 0.12), (0.42, 0.40, 0.17))
        .cushion(Stuff::Cloth(rgb(0.62, 0.56, 0.46)), (0.72, 0.64, 0.14), (0.38, 0.36, 0.17))
        .rod(foot, (-0.95, 0.06, -0.34), 0.03, 0.12)
        .rod(foot, (0.95, 0.06, -0.34), 0.03, 0.12)
}

pub(super) fn armchair(x: f32, z: f32, turn: f32, colors: &Palette) -> Piece {
    let (cloth, foot) = (Stuff::Cloth(colors.accent), Stuff::Wood(colors.wood));
    Piece::new(x, z, turn)
        .block(cloth, (0.0, 0.27, 0.0), (0.78, 0.18, 0.74))
        .cushion(cloth, (0.0, 0.43, -0.03), (0.62, 0.19, 0.66))
        .cushion(cloth, (0.0, 0.74, 0.32), (0.74, 0.66, 0.20))
        .cushion(cloth, (-0.37, 0.48, -0.02), (0.15, 0.42, 0.72))
        .cushion(cloth, (0.37, 0.48, -0.02), (0.15, 0.42, 0.72))
        .rod(foot, (-0.31, 0.09, -0.29), 0.025, 0.18)
        .rod(foot, (0.31, 0.09, -0.29), 0.025, 0.18)
        .rod(foot, (-0.31, 0.09, 0.29), 0.025, 0.18)
        .rod(foot, (0.31, 0.09, 0.29), 0.025, 0.18)
}

/// A low table with a book, a bowl and a cup.
pub(super) fn low_table(x: f32, z: f32, colors: &Palette) -> Piece {
    let wood = Stuff::Wood(colors.wood);
    let mut piece = Piece::new(x, z, 0.0)
        .block(wood, (0.0, 0.40, 0.0), (1.15, 0.045, 0.62))
        .block(wood, (0.0, 0.16, 0.0), (1.0, 0.02, 0.50))
        .block(Stuff::Paint(colors.accent), (-0.30, 0.435, 0.05), (0.26, 0.03, 0.20))
        .block(Stuff::Paint(rgb(0.70, 0.66, 0.58)), (-0.29, 0.46, 0.05), (0.22, 0.022, 0.17))
        .with(
            Stuff::Paint(rgb(0.62, 0.58, 0.52)),
            0.22,
            0.47,
            -0.05,
            Form::Rod { radius: 0.10, half: 0.045, lean: -0.9 },
        );
    for (x, z) in [(-0.52, -0.26), (0.52, -0.26), (-0.52, 0.26), (0.52, 0.26)] {
        piece = piece.block(wood, (x, 0.19, z), (0.05, 0.38, 0.05));
    }
    piece
}

/// A table to sit at, with two chairs at each long side.
pub(super) fn dining_table(x: f32, z: f32, colors: &Palette) -> Vec<Piece> {
    let wood = Stuff::Wood(colors.wood);
    let mut table = Piece::new(x, z, 0.0)
        .block(wood, (0.0, 0.74, 0.0), (1.7, 0.05, 0.86))
        .with(
            Stuff::Paint(rgb(0.66, 0.62, 0.55)),
            0.0,
            0.80,
            0.0,
            Form::Rod { radius: 0.13, half: 0.04, lean: -1.2 },
        )
        .ball(Stuff::Paint(rgb(0.55, 0.10, 0.04)), (-0.05, 0.86, 0.02), (0.045, 0.045, 0.045))
        .ball(Stuff::Paint(rgb(0.62, 0.34, 0.03)), (0.06, 0.86, -0.02), (0.045, 0.045, 0.045))
        .ball(Stuff::Paint(rgb(0.20, 0.36, 0.06)), (0.02, 0.87, 0.07), (0.045, 0.045, 0.045));
    for (dx, dz) in [(-0.76, -0.36), (0.76, -0.36), (-0.76, 0.36), (0.76, 0.36)] {
        table = table.block(wood, (dx, 0.36, dz), (0.06, 0.72, 0.06));
    }
    let mut pieces = vec![table];
    for (dx, dz, turn) in
        [(-0.42, 0.62, 0.0), (0.42, 0.62, 0.1), (-0.42, -0.62, 3.2), (0.42, -0.62, 3.0)]
    {
        pieces.push(chair(x + dx, z + dz, turn, colors));
    }
    pieces
}

pub(super) fn chair(x: f32, z: f32, turn: f32, colors: &Palette) -> Piece {
    let wood = Stuff::Wood(colors.wood);
    let mut piece = Piece::new(x, z, turn)
        .cushion(Stuff::Cloth(colors.accent), (0.0, 0.46, 0.0), (0.44, 0.06, 0.42))
        .block(wood, (0.0, 0.84, 0.20), (0.42, 0.16, 0.025));
    for (dx, dz, top) in
        [(-0.19, -0.18, 0.45), (0.19, -0.18, 0.45), (-0.19, 0.20, 0.92), (0.19, 0.20, 0.92)]
    {
        piece = piece.block(wood, (dx, top * 0.5, dz), (0.035, top, 0.035));
    }
    piece
}

/// Shelves full of books; the back stands to +z of the piece.
pub(super) fn bookshelf(x: f32, z: f32, turn: f32, wide: f32, high: f32, wood: Color) -> Piece {
    let board = Stuff::Wood(wood);
    let mut piece = Piece::new(x, z, turn)
        .block(board, (0.0, high * 0.5, 0.15), (wide, high, 0.02))
        .block(board, (-wide * 0.5, high * 0.5, 0.0), (0.04, high, 0.32))
        .block(board, (wide * 0.5, high * 0.5, 0.0), (0.04, high, 0.32));
    let rows = (high / 0.36) as i32;
    for row in 0..=rows {
        let level = 0.04 + row as f32 * (high - 0.06) / rows as f32;
        piece = piece.block(board, (0.0, level, 0.0), (wide, 0.03, 0.32));
        if row < rows {
            let id = hash(row, (x * 9.0) as i32, 71);
            let share = mix(0.78, 0.97, byte(id, 0));
            let gap = (high - 0.06) / rows as f32 - 0.03;
            let off = (1.0 - share) * wide * 0.45 * if id & 1 == 0 { -1.0 } else { 1.0 };
            let tall = gap * 0.92;
            piece = piece.block(
                Stuff::Books(id),
                (off, level + 0.015 + tall * 0.5, 0.03),
                (wide * share - 0.08, tall, 0.21),
            );
        }
    }
    piece
}

pub(super) fn floor_lamp(x: f32, z: f32) -> Piece {
    let metal = Stuff::Metal(rgb(0.30, 0.22, 0.12));
    let shade = Form::Rod { radius: 0.20, half: 0.15, lean: 0.25 };
    Piece::new(x, z, 0.0)
        .rod(metal, (0.0, 0.015, 0.0), 0.15, 0.03)
        .rod(metal, (0.0, 0.75, 0.0), 0.013, 1.5)
        .with(Stuff::Shade, 0.0, 1.55, 0.0, shade)
}

pub(super) fn table_lamp(x: f32, level: f32, z: f32) -> Piece {
    Piece::new(x, z, 0.0)
        .ball(Stuff::Pot, (0.0, level + 0.11, 0.0), (0.08, 0.11, 0.08))
        .rod(Stuff::Metal(rgb(0.30, 0.22, 0.12)), (0.0, level + 0.24, 0.0), 0.012, 0.12)
        .with(
            Stuff::Shade,
            0.0,
            level + 0.38,
            0.0,
            Form::Rod { radius: 0.14, half: 0.10, lean: 0.35 },
        )
}

pub(super) fn plant(x: f32, z: f32, size: f32, seed: u32) -> Piece {
    let mut piece = Piece::new(x, z, 0.0)
        .with(
            Stuff::Pot,
            0.0,
            0.16 * size,
            0.0,
            Form::Rod { radius: 0.16 * size, half: 0.16 * size, lean: -0.22 },
        )
        .rod(Stuff::Wood(rgb(0.16, 0.09, 0.05)), (0.0, 0.55 * size, 0.0), 0.018, 0.6 * size);
    for leaf in 0..16 {
        let id = hash(leaf, 5, seed);
        let turn = leaf as f32 * 2.4;
        let high = (0.55 + 0.045 * leaf as f32) * size;
        let out = mix(0.32, 0.10, leaf as f32 / 16.0) * size * mix(0.8, 1.2, byte(id, 0));
        let (wide, long) = (0.085 * size, mix(0.14, 0.20, byte(id, 8)) * size);
        piece = piece.ball(
            Stuff::Leaf,
            (cos(turn) * out, high, sin(turn) * out),
            (
                wide + (long - wide) * cos(turn).abs(),
                0.05 * size,
                wide + (long - wide) * sin(turn).abs(),
            ),
        );
    }
    piece
}

/// A chimney breast with a fire in it; the back stands to +z.
pub(super) fn fireplace(x: f32, z: f32, turn: f32, high: f32, wood: Color) -> Piece {
    let mut piece = Piece::new(x, z, turn)
        .block(Stuff::Brick, (-0.62, 0.50, 0.0), (0.36, 1.0, 0.44))
        .block(Stuff::Brick, (0.62, 0.50, 0.0), (0.36, 1.0, 0.44))
        .block(Stuff::Brick, (0.0, 0.5 + high * 0.5, 0.0), (1.6, high - 1.0 + 0.22, 0.44))
        .block(Stuff::Paint(gray(0.015)), (0.0, 0.45, 0.20), (0.9, 0.9, 0.04))
        .block(Stuff::Stone, (0.0, 0.03, -0.22), (1.7, 0.06, 0.75))
        .block(Stuff::Wood(wood), (0.0, 1.17, -0.05), (1.8, 0.09, 0.58));
    for (number, (dx, dy, dz)) in
        [(-0.16, 0.12, 0.0), (0.16, 0.12, 0.02), (0.0, 0.20, 0.0)].into_iter().enumerate()
    {
        let log = Form::Ball { axes: vec3(0.26, 0.055, 0.055 + 0.01 * number as f32) };
        piece = piece.with(Stuff::Embers, dx, dy, dz, log);
    }
    for (dx, tall) in [
        (-0.20, 0.10),
        (-0.13, 0.19),
        (-0.05, 0.13),
        (0.0, 0.27),
        (0.07, 0.16),
        (0.14, 0.21),
        (0.21, 0.09),
    ] {
        piece = piece.ball(Stuff::Flame, (dx, 0.16 + tall, 0.02), (0.038, tall, 0.04));
    }
    piece
}

pub(super) fn bed(x: f32, z: f32, turn: f32, colors: &Palette) -> Piece {
    let linen = Stuff::Cloth(rgb(0.72, 0.69, 0.64));
    Piece::new(x, z, turn)
        .block(Stuff::Wood(colors.wood), (0.0, 0.18, 0.0), (1.75, 0.22, 2.1))
        .cushion(linen, (0.0, 0.42, 0.0), (1.7, 0.28, 2.05))
        .cushion(Stuff::Cloth(colors.cloth), (0.0, 0.50, -0.38), (1.82, 0.22, 1.35))
        .cushion(linen, (-0.42, 0.62, 0.78), (0.66, 0.20, 0.42))
        .cushion(linen, (0.42, 0.62, 0.78), (0.66, 0.20, 0.42))
        .cushion(Stuff::Cloth(colors.accent), (0.0, 0.66, 0.58), (0.46, 0.34, 0.18))
        .cushion(Stuff::Cloth(colors.accent), (0.0, 0.545, -0.72), (1.84, 0.17, 0.5))
        .block(Stuff::Wood(colors.wood), (0.0, 0.60, 1.07), (1.85, 1.1, 0.07))
}

pub(super) fn cabinet(x: f32, z: f32, turn: f32, wide: f32, high: f32, stuff: Stuff) -> Piece {
    let mut piece = Piece::new(x, z, turn)
        .block(stuff, (0.0, high * 0.5 + 0.04, 0.0), (wide, high - 0.08, 0.5))
        .block(Stuff::Paint(gray(0.03)), (0.0, 0.04, 0.03), (wide - 0.06, 0.08, 0.42));
    let doors = (wide / 0.5) as i32;
    for door in 0..doors {
        let at = ((door as f32 + 0.5) / doors as f32 - 0.5) * wide;
        let front = (wide / doors as f32 - 0.02, high - 0.14, 0.02);
        piece = piece.block(stuff, (at, high * 0.5 + 0.05, -0.255), front).block(
            Stuff::Metal(rgb(0.5, 0.4, 0.2)),
            (at, high - 0.16, -0.28),
            (0.14, 0.015, 0.02),
        );
    }
    piece
}

/// A kitchen's counter with its top, a sink's tap and some jars.
pub(super) fn counter(x: f32, z: f32, turn: f32, wide: f32, colors: &Palette) -> Vec<Piece> {
    let top = Piece::new(x, z, turn)
        .block(Stuff::Stone, (0.0, 0.92, -0.02), (wide + 0.04, 0.04, 0.60))
        .rod(Stuff::Metal(gray(0.55)), (0.2, 1.06, 0.16), 0.018, 0.26)
        .block(Stuff::Metal(gray(0.55)), (0.2, 1.19, 0.08), (0.03, 0.03, 0.2))
        .rod(Stuff::Paint(colors.accent), (-wide * 0.36, 1.03, 0.12), 0.07, 0.18)
        .rod(Stuff::Paint(rgb(0.66, 0.60, 0.50)), (-wide * 0.30, 1.01, 0.14), 0.06, 0.14)
        .rod(Stuff::Pot, (wide * 0.38, 1.03, 0.10), 0.08, 0.18);
    vec![cabinet(x, z, turn, wide, 0.90, Stuff::Paint(colors.cloth)), top]
}

pub(super) fn picture(
    x: f32,
    y: f32,
    z: f32,
    turn: f32,
    (wide, high): (f32, f32),
    number: u32,
) -> Piece {
    let frame = if number & 2 == 0 { rgb(0.05, 0.035, 0.025) } else { rgb(0.42, 0.30, 0.13) };
    Piece::new(x, z, turn)
        .block(Stuff::Paint(frame), (0.0, y, 0.0), (wide, high, 0.035))
        .block(
            Stuff::Paint(rgb(0.75, 0.73, 0.68)),
            (0.0, y, -0.012),
            (wide - 0.05, high - 0.05, 0.03),
        )
        .block(Stuff::Picture(number), (0.0, y, -0.016), (wide - 0.20, high - 0.20, 0.03))
}

pub(super) fn rug(x: f32, z: f32, colors: &Palette) -> Piece {
    Piece::new(x, z, 0.0).block(Stuff::Rug(colors.accent), (0.0, 0.008, 0.0), (2.9, 0.016, 2.0))
}

/// Curtains at both sides of a window, in folds; they sway a little.
pub(super) fn curtain(x: f32, z: f32, high: f32, cloth: Color, seed: u32) -> Piece {
    let mut piece = Piece::new(x, z, 0.0);
    for fold in 0..6 {
        let id = hash(fold, 9, seed);
        let at = (fold as f32 - 2.5) * 0.085;
        let deep = 0.045 + 0.02 * byte(id, 0);
        let form = Form::Ball { axes: vec3(0.055, high * 3.0, deep) };
        piece = piece.with(Stuff::Cloth(cloth), at, high * 0.5, 0.0, form);
    }
    // The balls are far taller than the curtain; the room's ceiling and floor cut them.
    piece.swaying(0.05)
}

/// Cupboards on a wall above a counter.
pub(super) fn wall_cabinet(x: f32, z: f32, wide: f32, doors: i32, color: Color) -> Piece {
    let stuff = Stuff::Paint(color);
    let mut piece = Piece::new(x, z, 0.0).block(stuff, (0.0, 1.92, 0.0), (wide, 0.78, 0.34));
    for door in 0..doors {
        let at = ((door as f32 + 0.5) / doors as f32 - 0.5) * wide;
        piece = piece
            .block(stuff, (at, 1.92, -0.18), (wide / doors as f32 - 0.02, 0.74, 0.02))
            .block(Stuff::Metal(rgb(0.5, 0.4, 0.2)), (at, 1.58, -0.20), (0.14, 0.015, 0.02));
    }
    piece
}

/// A refrigerator of brushed steel.
pub(super) fn refrigerator(x: f32, z: f32) -> Piece {
    let steel = Stuff::Paint(rgb(0.50, 0.51, 0.52));
    Piece::new(x, z, 0.0)
        .block(steel, (0.0, 0.93, 0.0), (0.78, 1.86, 0.62))
        .block(steel, (0.0, 1.32, -0.33), (0.76, 1.06, 0.04))
        .block(steel, (0.0, 0.42, -0.33), (0.76, 0.68, 0.04))
        .block(Stuff::Metal(gray(0.2)), (0.30, 1.15, -0.37), (0.025, 0.5, 0.03))
        .block(Stuff::Metal(gray(0.2)), (0.30, 0.60, -0.37), (0.025, 0.22, 0.03))
}

/// Beams that carry a ceiling.
pub(super) fn beams(high: f32, wide: f32, wood: Color) -> Vec<Piece> {
    let beam = |z: f32| {
        let sides = (wide, 0.17, 0.16);
        Piece::new(0.0, z, 0.0).block(Stuff::Wood(wood), (0.0, high - 0.085, 0.0), sides)
    };
    [-1.9, -0.6, 0.7, 2.0].map(beam).into()
}

/// The angle of a wall that looks towards `side` quarters of a turn.
pub(super) fn quarter(side: i32) -> f32 {
    side as f32 * TAU * 0.25
}
