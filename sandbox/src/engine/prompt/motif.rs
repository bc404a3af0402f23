//! What within a subject is meant: which flower, which figure, which ornament, which part of space.

use super::lexicon::Meaning;
use super::lexicon::Table;

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
    (
        Meaning::Figure(Figure::Couple),
        "couple, lover, bride, groom, family, two people, newlywed, wedding, kiss, kissing, \
         friends, parents",
    ),
    (Meaning::Figure(Figure::Astronaut), "astronaut, cosmonaut, spaceman, space suit, spacesuit"),
    (
        Meaning::Figure(Figure::Warrior),
        "warrior, knight, samurai, viking, soldier, hero, superhero, wizard, ninja, gladiator, \
         sorcerer, sorceress, paladin, ranger, assassin, hunter, archer, mage, elf, witch, \
         monk, vampire, pirate, cowboy, stormtrooper, batman, superman, spiderman, gandalf, \
         robot warrior, spartan, dwarf, orc, demon, necromancer, angel",
    ),
    (
        Meaning::Figure(Figure::Dancer),
        "dancer, ballerina, dancing, dance, ballet, gymnast, yoga, acrobat",
    ),
    (
        Meaning::Figure(Figure::Child),
        "child, children, girl, boy, kid, baby, toddler, teenager, schoolgirl, schoolboy, \
         daughter, son, infant, little girl, little boy",
    ),
    (
        Meaning::Figure(Figure::Woman),
        "woman, women, lady, queen, princess, she, mother, female, actress, goddess, fairy, \
         mermaid, grandmother, waitress, wife, businesswoman, heroine, geisha, mona lisa, \
         model, supermodel, girlfriend, nurse, young woman, beautiful woman, waifu",
    ),
    (
        Meaning::Figure(Figure::Man),
        "man, men, king, person, people, face, gentleman, human, father, male, guy, actor, \
         prince, grandfather, old man, businessman, hiker, wanderer, traveler, traveller, \
         farmer, fisherman, chef, doctor, scientist, musician, student, teacher, worker, crowd, \
         stranger, figure, lone figure, explorer, pilgrim, nomad, shepherd, climber, surfer, \
         skier, emperor, president, artist, guitarist, athlete, someone, tourist, adventurer, \
         rider, detective, policeman, pilot, sailor, captain, shadow man, android, cyborg, \
         humanoid, sherlock holmes, einstein, napoleon, character",
    ),
    (
        Meaning::Figure(Figure::Cat),
        "cat, kitten, kitty, feline, lion, lioness, tiger, leopard, panther, cheetah, lynx, \
         jaguar, cougar, puma, snow leopard",
    ),
    (Meaning::Figure(Figure::Wolf), "wolf, wolves, coyote, husky, werewolf, jackal, direwolf"),
    (
        Meaning::Figure(Figure::Dog),
        "dog, puppy, hound, corgi, golden retriever, labrador, poodle, german shepherd, beagle, \
         dachshund, bulldog, shiba inu, shiba, terrier, dalmatian, border collie, retriever, \
         pug, doge",
    ),
    (Meaning::Figure(Figure::Fox), "fox, foxes, red panda, raccoon"),
    (
        Meaning::Figure(Figure::Horse),
        "horse, stallion, mare, pony, unicorn, mustang, wild horse, foal, pegasus, donkey, \
         zebra, horse rider, centaur",
    ),
    (
        Meaning::Figure(Figure::Deer),
        "deer, stag, elk, reindeer, antler, moose, fawn, caribou, antelope, gazelle, doe, \
         roe deer, buck, goat, mountain goat, ibex",
    ),
    (Meaning::Figure(Figure::Owl), "owl, night owl"),
    (
        Meaning::Figure(Figure::Whale),
        "whale, orca, dolphin, blue whale, shark, humpback, narwhal, porpoise",
    ),
    (
        Meaning::Figure(Figure::Fish),
        "fish, koi, goldfish, carp, koi fish, salmon fish, angelfish, trout, clownfish, tuna, \
         sea horse, seahorse",
    ),
    (
        Meaning::Figure(Figure::Bird),
        "eagle, hawk, falcon, bird, raven, crow, phoenix, swallow, dove, parrot, hummingbird, \
         sparrow, robin, peacock, heron, kingfisher, golden eagle, toucan, penguin, swan, \
         flamingo, stork, pigeon, bald eagle, songbird, rooster, chicken, duck, macaw, finch, \
         crane bird",
    ),
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
