//! How many of an object stand together, and where they stand about the first of them.

use super::site::Spot;
use crate::engine::math::larger;
use crate::engine::prompt::{Composition, Number, Prop};
use crate::engine::vector::{Vec3, vec3};

/// Usual number, number where several are named, and most.
const fn numbers(prop: Prop) -> (usize, usize, usize) {
    match prop {
        Prop::Balloon => (6, 6, 6),
        Prop::Birds => (11, 11, 11),
        // As at Giza.
        Prop::Pyramid => (3, 3, 3),
        Prop::Deer | Prop::Horse => (2, 3, 6),
        Prop::Sailboat | Prop::Person => (1, 3, 6),
        Prop::Cabin => (1, 4, 6),
        Prop::Castle | Prop::Temple | Prop::Lighthouse | Prop::Bridge | Prop::Windmill => (1, 1, 1),
    }
}

/// How many of an object are shown: of the words for it, the one that asks for most counts, so
/// that a rider and a horse are not two horses.
pub(in crate::engine::scene) fn size(composition: &Composition, prop: Prop) -> usize {
    let (usual, several, most) = numbers(prop);
    let told = composition.numbers_of(prop).filter_map(|number| match number {
        Number::Open => None,
        Number::One => Some(1),
        Number::Exactly(number) => Some(usize::from(number).min(most)),
        Number::Many => Some(several),
    });
    told.max().unwrap_or(usual)
}

/// The objects of a picture, and how many there are of each.
pub(in crate::engine::scene) fn all(composition: &Composition) -> Vec<(Prop, usize)> {
    let sized = |prop: &Prop| (*prop, size(composition, *prop));
    composition.props.iter().map(sized).collect()
}

/// Places about the first, as shares of the room that one takes: towards the edge of the picture,
/// and away from the camera.
const PLACES: [(f32, f32); 6] =
    [(0.0, 0.0), (-1.1, 0.7), (0.9, 1.2), (-2.1, 1.6), (-0.35, 2.2), (1.5, 2.6)];

/// Width and depth that one takes.
fn room(prop: Prop) -> (f32, f32) {
    match prop {
        Prop::Sailboat => (11.0, 17.0),
        Prop::Cabin => (17.0, 15.0),
        Prop::Deer | Prop::Horse => (3.3, 2.0),
        _ => (1.2, 0.8),
    }
}

/// Where the others stand, as shifts from the first.
pub(super) fn shifts(spot: &Spot) -> impl Iterator<Item = Vec3> {
    let ((width, depth), side) = (room(spot.prop), spot.side);
    let places = PLACES.into_iter().take(spot.size);
    places.map(move |(aside, behind)| vec3(side * aside * width, 0.0, behind * depth))
}

/// How far the others reach from the first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    /// Towards the middle of the picture.
    pub(super) inwards: f32,
    /// Towards its edge.
    pub(super) outwards: f32,
    /// From the camera.
    pub(super) away: f32,
}

impl Reach {
    pub(super) fn of(prop: Prop, size: usize) -> Reach {
        let (width, depth) = room(prop);
        let places = PLACES.into_iter().take(size);
        places.fold(Reach::default(), |reach, (aside, behind)| Reach {
            inwards: larger(reach.inwards, -aside * width),
            outwards: larger(reach.outwards, aside * width),
            away: larger(reach.away, behind * depth),
        })
    }
}
