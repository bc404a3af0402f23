//! The words for families of abstract pictures.

use super::lexicon::{Meaning, Table};

/// A family of abstract pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ornament {
    /// Paper shapes that float over marble.
    Paper,
    /// Flowing bands, one behind another.
    Ribbons,
    /// Facets of a low-poly relief.
    Crystals,
    /// Stained glass in lead.
    Glass,
    /// Marbled fluid.
    Marble,
    /// A grid of discs, quarters and bars.
    Bauhaus,
    /// A kaleidoscope's rosette.
    Mandala,
    /// Stacked cubes without perspective.
    Cubes,
    /// Folded gradients that glow.
    Flame,
}

pub(super) const TABLE: &Table = &[
    (
        Meaning::Ornament(Ornament::Mandala),
        "mandala, kaleidoscope, kaleidoscopic, rosette, symmetry, symmetrical, islamic pattern",
    ),
    (Meaning::Ornament(Ornament::Glass), "stained glass, voronoi, mosaic, cell"),
    (
        Meaning::Ornament(Ornament::Cubes),
        "cube, isometric, hexagon, block, tessellation, honeycomb",
    ),
    (
        Meaning::Ornament(Ornament::Bauhaus),
        "bauhaus, grid, tile, pattern, geometric pattern, checkerboard, mondrian, kandinsky, \
         suprematism, abstract pattern, seamless, wallpaper pattern, op art",
    ),
    (
        Meaning::Ornament(Ornament::Crystals),
        "low poly, lowpoly, polygon, crystal, facet, origami, gem, diamond, low poly art, \
         cubism, cubist, shard, prism",
    ),
    (
        Meaning::Ornament(Ornament::Marble),
        "marble, marbling, fluid, liquid, ink, acrylic, swirl, acrylic pour, paint splash, \
         abstract painting, abstract expressionism",
    ),
    (
        Meaning::Ornament(Ornament::Ribbons),
        "ribbon, wave, flow, flowing, curve, silk, line, abstract wave, music, sound, motion, \
         movement, network, data, algorithm",
    ),
    (
        Meaning::Ornament(Ornament::Flame),
        "fractal, flame, gradient, aura, energy, light, dream, psychedelic, trippy, fire, soul, \
         spirit, quantum, flower power, time, consciousness",
    ),
    (
        Meaning::Ornament(Ornament::Paper),
        "geometric, geometry, shape, paper, circle, triangle, square, minimal, minimalist, \
         paper cut, papercut, collage, abstract shape, sphere, math, mathematics",
    ),
];
