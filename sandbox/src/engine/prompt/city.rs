//! The words for cities: of which age they are, and whether the camera stands in a street.

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

pub(super) const TABLE: &Table = &[
    (
        Meaning::Subject(Subject::City, 24.0),
        "tower above the clouds, skyscraper above the clouds, city above the clouds, city in the \
         clouds, skyline above the clouds, floating city, sky city, city in the sky",
    ),
    (
        Meaning::Subject(Subject::Clouds, 12.0),
        "tower above the clouds, skyscraper above the clouds, city above the clouds, city in the \
         clouds, skyline above the clouds, floating city, sky city, city in the sky",
    ),
    (
        Meaning::Era(Era::Future),
        "futuristic, future, sci fi, scifi, science fiction, cyberpunk, solarpunk, retro \
         futuristic, flying car, hovercar, hover car, flying vehicle, megacity, utopia, utopian, \
         dystopia, dystopian, space age, neon, synthwave, vaporwave, neon city, alien, blade \
         runner, spaceship",
    ),
    (
        Meaning::Era(Era::Deco),
        "1920, 1920s, 1930, 1930s, 1940, 1940s, art deco, gotham, noir, film noir, chicago",
    ),
    (
        Meaning::Era(Era::Old),
        "old town, old city, medieval, medieval town, medieval city, historic, historical, \
         village, victorian, venice, florence, prague, rome, paris, fairy tale, fairytale, \
         cobblestone",
    ),
    // Terms of several words say by themselves what their parts would have said.
    (
        Meaning::Subject(Subject::City, 10.0),
        "old town, old city, medieval town, medieval city, street view, street level, hover car, \
         flying vehicle, alleyway",
    ),
    (
        Meaning::Street,
        "street, avenue, alley, alleyway, boulevard, crosswalk, street view, street level, wet \
         street",
    ),
];
