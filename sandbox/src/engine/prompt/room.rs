//! The words for rooms and how they are furnished.

use super::Subject;
use super::lexicon::{Meaning, Table};

/// Which room an interior is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    Living,
    Bedroom,
    Kitchen,
    /// Walls of books and a desk.
    Library,
    /// Columns, vaults and shafts of light: cathedrals, temples.
    Hall,
    /// The same with a throne on steps.
    Throne,
}

/// How a room is furnished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Furnishing {
    #[default]
    Usual,
    /// A fire, warm lamps, brick.
    Cosy,
    /// Few things, bare walls, large panes.
    Minimal,
}

pub(super) const TABLE: &Table = &[
    (
        Meaning::Subject(Subject::Interior, 10.0),
        "church interior, temple interior, palace interior, interior of a cathedral, interior of \
         a church, interior of a temple, inside a cathedral, inside a church, inside a temple, \
         great hall, hall, nave, bookcase, reading room, bookshop, bakery, parlour, penthouse",
    ),
    (
        Meaning::Room(Room::Hall),
        "cathedral interior, church interior, temple interior, palace interior, interior of a \
         cathedral, interior of a church, interior of a temple, inside a cathedral, inside a \
         church, inside a temple, hall, hallway, corridor, ballroom, nave, museum, lobby, hotel \
         lobby",
    ),
    (Meaning::Room(Room::Throne), "throne room, great hall, throne"),
    (
        Meaning::Room(Room::Library),
        "library, study room, bookshelf, bookshelves, bookcase, reading room, reading nook, \
         bookshop, attic, office, home office, classroom, tavern",
    ),
    (
        Meaning::Room(Room::Kitchen),
        "kitchen, dining room, cafe, coffee shop, restaurant, bakery, bathroom, dining table, \
         workshop",
    ),
    (Meaning::Room(Room::Bedroom), "bedroom, hotel room, bed"),
    (
        Meaning::Room(Room::Living),
        "living room, lounge, sofa, couch, armchair, fireplace, parlour, loft, studio apartment, \
         penthouse",
    ),
    (
        Meaning::Furnishing(Furnishing::Cosy),
        "cozy, cosy, fireplace, hygge, rustic, christmas, homely, snug, log cabin",
    ),
    (
        Meaning::Furnishing(Furnishing::Minimal),
        "modern, minimal, minimalist, scandinavian, loft, penthouse, contemporary",
    ),
];
