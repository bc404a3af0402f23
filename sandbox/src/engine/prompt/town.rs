//! Words about cities and rooms: which age a town is of, whether the camera stands in a street,
//! and which room an interior is.

use super::Subject;
use super::lexicon::{Meaning, Table};

/// The age whose architecture and vehicles a city shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Era {
    /// Gabled houses, domes and steeples.
    Old,
    /// Stepped stone towers of the nineteen-thirties.
    Deco,
    #[default]
    Modern,
    /// Needles, discs and flying cars.
    Future,
}

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
        Meaning::Subject(Subject::City, 24.0),
        "tower above the clouds, skyscraper above the clouds, city above the clouds, city in the clouds, skyline above the clouds, floating city, sky city, city in the sky",
    ),
    (
        Meaning::Subject(Subject::Clouds, 12.0),
        "tower above the clouds, skyscraper above the clouds, city above the clouds, city in the clouds, skyline above the clouds, floating city, sky city, city in the sky",
    ),
    (
        Meaning::Era(Era::Future),
        "futuristic, future, sci fi, scifi, science fiction, cyberpunk, solarpunk, retro futuristic, flying car, hovercar, hover car, flying vehicle, megacity, utopia, utopian, dystopia, dystopian, space age, neon, synthwave, vaporwave, neon city, alien, blade runner, spaceship",
    ),
    (
        Meaning::Era(Era::Deco),
        "1920, 1920s, 1930, 1930s, 1940, 1940s, art deco, gotham, noir, film noir, chicago",
    ),
    (
        Meaning::Era(Era::Old),
        "old town, old city, medieval, medieval town, medieval city, historic, historical, village, victorian, venice, florence, prague, rome, paris, fairy tale, fairytale, cobblestone",
    ),
    // Terms of several words say by themselves what their parts would have said.
    (
        Meaning::Subject(Subject::City, 10.0),
        "old town, old city, medieval town, medieval city, street view, street level, hover car, flying vehicle, alleyway",
    ),
    (
        Meaning::Subject(Subject::Interior, 10.0),
        "church interior, temple interior, palace interior, interior of a cathedral, interior of a church, interior of a temple, inside a cathedral, inside a church, inside a temple, great hall, hall, nave, bookcase, reading room, bookshop, bakery, parlour, penthouse",
    ),
    (
        Meaning::Street,
        "street, avenue, alley, alleyway, boulevard, crosswalk, street view, street level, wet street",
    ),
    (
        Meaning::Room(Room::Hall),
        "cathedral interior, church interior, temple interior, palace interior, interior of a cathedral, interior of a church, interior of a temple, inside a cathedral, inside a church, inside a temple, hall, hallway, corridor, ballroom, nave, museum, lobby, hotel lobby",
    ),
    (Meaning::Room(Room::Throne), "throne room, great hall, throne"),
    (
        Meaning::Room(Room::Library),
        "library, study room, bookshelf, bookshelves, bookcase, reading room, reading nook, bookshop, attic, office, home office, classroom, tavern",
    ),
    (
        Meaning::Room(Room::Kitchen),
        "kitchen, dining room, cafe, coffee shop, restaurant, bakery, bathroom, dining table, workshop",
    ),
    (Meaning::Room(Room::Bedroom), "bedroom, hotel room, bed"),
    (
        Meaning::Room(Room::Living),
        "living room, lounge, sofa, couch, armchair, fireplace, parlour, loft, studio apartment, penthouse",
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
