//! The words for flowers.

use super::lexicon::{Meaning, Table};

/// A kind of flower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flower {
    Tulip,
    Sunflower,
    Lavender,
    Poppy,
    Rose,
    Daisy,
    CherryBlossom,
    Lotus,
}

pub(super) const TABLE: &Table = &[
    (
        Meaning::Flower(Flower::CherryBlossom),
        "cherry blossom, cherry blossom tree, cherry tree, sakura, plum blossom, apple blossom, \
         almond blossom, magnolia, wisteria, orchard, cherry branch, cherry twig, \
         branch of cherry, blossoming branch, flowering branch, blossom branch, \
         cherry blossom branch, plum branch, apple branch, blossoming tree, flowering tree, \
         blossoming twig, branch in bloom",
    ),
    (Meaning::Flower(Flower::Sunflower), "sunflower, sunflower field"),
    (
        Meaning::Flower(Flower::Lavender),
        "lavender, lavender field, hyacinth, lupine, provence, lilac flower, bluebell",
    ),
    (Meaning::Flower(Flower::Tulip), "tulip, tulip field, keukenhof, crocus"),
    (Meaning::Flower(Flower::Poppy), "poppy, poppy field, anemone, hibiscus"),
    (
        Meaning::Flower(Flower::Rose),
        "rose, rose garden, peony, camellia, carnation, ranunculus, valentine",
    ),
    (
        Meaning::Flower(Flower::Daisy),
        "daisy, chamomile, wildflower, wildflower meadow, aster, dahlia, marigold, gerbera, \
         chrysanthemum, daffodil, dandelion, edelweiss, iris flower",
    ),
    (
        Meaning::Flower(Flower::Lotus),
        "lotus, lotus flower, water lily, waterlily, lily, lily pond, orchid",
    ),
];
