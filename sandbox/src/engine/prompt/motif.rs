//! What within a subject is meant: which flower, which figure, which ornament, which part of space.

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

/// Whose silhouette a portrait shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    Woman,
    Man,
    Child,
    Warrior,
    Astronaut,
    Dancer,
    Couple,
    Cat,
    Dog,
    Horse,
    Deer,
    Wolf,
    Fox,
    Bird,
    Owl,
    Fish,
    Whale,
}

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

const FLOWERS: &[(Flower, &[&str])] = &[
    (Flower::CherryBlossom, &["cherry blossom", "cherry tree", "sakura", "plum blossom"]),
    (Flower::Sunflower, &["sunflower"]),
    (Flower::Lavender, &["lavender", "hyacinth", "lupine", "provence"]),
    (Flower::Tulip, &["tulip"]),
    (Flower::Poppy, &["poppy", "poppies"]),
    (Flower::Rose, &["rose", "peony", "peonies", "camellia", "bouquet"]),
    (Flower::Daisy, &["daisy", "daisies", "chamomile", "wildflower", "aster", "dahlia"]),
    (Flower::Lotus, &["lotus", "water lily", "water lilies", "lily", "lilies"]),
];

const FIGURES: &[(Figure, &[&str])] = &[
    (Figure::Couple, &["couple", "lover", "bride", "romance", "family"]),
    (Figure::Astronaut, &["astronaut", "cosmonaut", "spaceman"]),
    (
        Figure::Warrior,
        &["warrior", "knight", "samurai", "viking", "soldier", "hero", "superhero", "wizard"],
    ),
    (Figure::Dancer, &["dancer", "ballerina", "dancing", "dance", "ballet"]),
    (Figure::Child, &["child", "children", "girl", "boy", "kid", "baby"]),
    (Figure::Woman, &["woman", "women", "lady", "ladies", "queen", "princess", "she", "mother"]),
    (
        Figure::Man,
        &["man", "men", "king", "person", "people", "face", "gentleman", "human", "father"],
    ),
    (Figure::Cat, &["cat", "kitten", "kitty", "feline"]),
    (Figure::Wolf, &["wolf", "wolves", "coyote", "husky"]),
    (Figure::Dog, &["dog", "puppy", "puppies", "hound"]),
    (Figure::Fox, &["fox", "foxes"]),
    (Figure::Horse, &["horse", "stallion", "mare", "pony", "unicorn"]),
    (Figure::Deer, &["deer", "stag", "elk", "reindeer", "antler", "moose"]),
    (Figure::Owl, &["owl"]),
    (Figure::Whale, &["whale", "orca", "dolphin"]),
    (Figure::Fish, &["fish", "koi", "goldfish", "carp"]),
    (
        Figure::Bird,
        &["eagle", "hawk", "falcon", "bird", "raven", "crow", "phoenix", "swallow", "dove"],
    ),
];

const ORNAMENTS: &[(Ornament, &[&str])] = &[
    (Ornament::Mandala, &["mandala", "kaleidoscope", "kaleidoscopic", "rosette", "symmetry"]),
    (Ornament::Glass, &["stained glass", "voronoi", "mosaic", "cell"]),
    (Ornament::Cubes, &["cube", "isometric", "hexagon", "block"]),
    (Ornament::Bauhaus, &["bauhaus", "grid", "tile", "pattern", "wallpaper", "geometric pattern"]),
    (Ornament::Crystals, &["low poly", "lowpoly", "polygon", "crystal", "facet", "origami", "gem"]),
    (Ornament::Marble, &["marble", "marbling", "fluid", "liquid", "ink", "acrylic", "swirl"]),
    (Ornament::Ribbons, &["ribbon", "wave", "flow", "flowing", "curve", "silk", "line"]),
    (
        Ornament::Flame,
        &["fractal", "flame", "gradient", "aura", "energy", "light", "dream", "psychedelic"],
    ),
    (
        Ornament::Paper,
        &["geometric", "geometry", "shape", "paper", "circle", "triangle", "square", "minimal"],
    ),
];

const COSMOS: &[(Cosmos, &[&str])] = &[
    (Cosmos::Nebula, &["nebula", "nebulae", "supernova", "stardust"]),
    (Cosmos::Limb, &["sunrise", "sunset", "eclipse", "orbit", "dawn", "horizon"]),
    (Cosmos::Ringed, &["ring", "ringed", "saturn"]),
    (Cosmos::Earth, &["earth", "blue planet", "home planet", "exoplanet", "alien world"]),
    (Cosmos::Moon, &["moon", "lunar"]),
    (Cosmos::Ice, &["ice planet", "neptune", "uranus", "frozen planet", "icy planet"]),
    (Cosmos::Gas, &["jupiter", "gas giant", "venus"]),
    (Cosmos::Rocky, &["mars", "rocky", "asteroid", "mercury", "crater", "red planet"]),
    (Cosmos::Stars, &["starry", "milky way", "star field", "constellation", "comet"]),
];

fn first<T: Copy>(table: &[(T, &[&str])], has: &dyn Fn(&[&str]) -> bool) -> Option<T> {
    table.iter().find(|(_, words)| has(words)).map(|(kind, _)| *kind)
}

impl Flower {
    pub(super) fn read(has: &dyn Fn(&[&str]) -> bool) -> Option<Flower> {
        first(FLOWERS, has)
    }
}

impl Figure {
    pub(super) fn read(has: &dyn Fn(&[&str]) -> bool) -> Option<Figure> {
        first(FIGURES, has)
    }
}

impl Ornament {
    pub(super) fn read(has: &dyn Fn(&[&str]) -> bool) -> Option<Ornament> {
        first(ORNAMENTS, has)
    }
}

impl Cosmos {
    pub(super) fn read(has: &dyn Fn(&[&str]) -> bool) -> Option<Cosmos> {
        first(COSMOS, has)
    }
}
