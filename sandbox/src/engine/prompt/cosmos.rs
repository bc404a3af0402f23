//! The words for what there is in space.

use super::lexicon::{Meaning, Table};

/// What a picture of space shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cosmos {
    Earth,
    Rocky,
    Gas,
    Ice,
    Ringed,
    Moon,
    Nebula,
    /// The sun rising over the edge of a planet.
    Limb,
    Stars,
}

pub(super) const TABLE: &Table = &[
    (
        Meaning::Cosmos(Cosmos::Nebula),
        "nebula, nebulae, supernova, stardust, space dust, gas cloud",
    ),
    (
        Meaning::Cosmos(Cosmos::Limb),
        "sunrise, sunset, eclipse, orbit, dawn, horizon, solar eclipse, space station, \
         satellite",
    ),
    (Meaning::Cosmos(Cosmos::Ringed), "ring, ringed, saturn, ringed planet"),
    (
        Meaning::Cosmos(Cosmos::Earth),
        "earth, blue planet, home planet, exoplanet, alien world, planet earth, alien planet, \
         ocean planet",
    ),
    (
        Meaning::Cosmos(Cosmos::Moon),
        "moon, lunar, full moon, crescent moon, moonscape, surface of the moon, \
         on the moon, lunar surface",
    ),
    (Meaning::Cosmos(Cosmos::Ice), "ice planet, neptune, uranus, frozen planet, icy planet"),
    (Meaning::Cosmos(Cosmos::Gas), "jupiter, gas giant, venus"),
    (
        Meaning::Cosmos(Cosmos::Rocky),
        "mars, rocky, asteroid, mercury planet, crater, red planet, desert planet",
    ),
    (
        Meaning::Cosmos(Cosmos::Stars),
        "starry, milky way, star field, starfield, constellation, comet, star, shooting star, \
         meteor",
    ),
];
