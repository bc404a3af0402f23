//! The words for what a picture is of.

use super::Relief::{Beach, Canyon, Hills, Oasis, Volcano};
use super::Subject::{
    Abstract, Building, City, Clouds, Desert, Flowers, Forest, Interior, Lake, Mountains, Portrait,
    Sea, Space,
};
use super::lexicon::Meaning::{Galaxy, Nothing, Pattern, Relief, Subject, Traffic, Trees};
use super::lexicon::{Table, Weight};

/// A phrase that names the whole picture.
const WHOLE: Weight = 20.0;
/// A phrase for a whole sky, which still leaves room for what rises out of it.
const CLOUDSCAPE: Weight = 14.0;
const STRONG: Weight = 10.0;
const PLAIN: Weight = 8.0;
/// A part of a picture that may also stand for all of it.
pub(super) const PART: Weight = 4.0;
/// Only when nothing else is named.
const HINT: Weight = 1.5;

pub(super) const TABLE: &Table = &[
    (
        Subject(City, STRONG),
        "city, cityscape, skyline, cyberpunk, skyscraper, downtown, metropolis, megacity, \
         megalopolis, manhattan, tokyo, new york, new york city, nyc, hong kong, shanghai, \
         dubai, singapore, london, paris, chicago, osaka, seoul, berlin, rome, venice, \
         istanbul, barcelona, amsterdam, prague, vienna, madrid, moscow, sydney, toronto, \
         mumbai, bangkok, beijing, cairo, kyoto, lisbon, budapest, las vegas, los angeles, \
         san francisco, city hall, times square, chinatown, shibuya, dystopian city, high rise, \
         skyrise",
    ),
    (
        Subject(City, PART),
        "town, tower, street, avenue, alley, boulevard, intersection, crosswalk, block, \
         office building, apartment building, building, harbor, harbour, airport, \
         train station, subway, highway, rooftop, neon sign, market, plaza, traffic, \
         gotham, suburb, neighborhood, neighbourhood, slum, favela",
    ),
    // What a city may have and other pictures too.
    (
        Subject(City, 3.5),
        "flying car, hovercar, car, taxi, cyber, futuristic, dystopian, dystopia, utopia, \
         utopian, blade runner, urban, architecture",
    ),
    (Traffic, "traffic, flying car, hovercar, car, vehicle, taxi"),
    (
        Subject(Space, PLAIN),
        "outer space, deep space, planet, galaxy, nebula, nebulae, cosmos, universe, saturn, \
         jupiter, neptune, uranus, venus, mercury planet, interstellar, orbit, supernova, \
         exoplanet, solar system, solar eclipse, ringed planet, gas giant, planet earth, alien \
         world, alien planet, andromeda, red planet, desert planet, ice planet, ocean planet, \
         star field, starfield, space opera",
    ),
    (Subject(Space, 6.0), "space, mars, stardust, constellation"),
    (Subject(Space, 3.5), "cosmic, celestial, astral, sci fi, scifi, science fiction"),
    (Subject(Space, 6.0), "moonscape, surface of the moon, on the moon, lunar surface"),
    // What is in the sky is not what the picture is of when there is a land below.
    (
        Subject(Space, 3.0),
        "milky way, spaceship, spacecraft, starship, space station, satellite, ufo, asteroid, \
         comet, wormhole, black hole, pulsar, quasar",
    ),
    (Subject(Space, 2.5), "earth, lunar, meteor, eclipse"),
    (Subject(Space, HINT), "moon, star, starry, alien"),
    (Subject(Sea, HINT), "ocean blue, sea green"),
    (Subject(Forest, HINT), "forest green, moss green"),
    (Subject(Clouds, HINT), "sky blue"),
    (Subject(City, HINT), "film noir, noir"),
    (Subject(Mountains, PART), "mountain lake, tarn, fjord"),
    (Subject(Lake, PART), "lake house"),
    (Subject(Sea, PART), "beach house"),
    (Galaxy, "galaxy, andromeda, spiral galaxy"),
    (
        Subject(Desert, PLAIN),
        "desert, dune, sand dune, sahara, gobi, oasis, arrakis, wasteland, mesa, butte, \
         badlands, monument valley, atacama, namib, mojave, death valley, martian landscape, \
         surface of mars, on mars, mars landscape",
    ),
    (
        Subject(Desert, PART),
        "sand, sandy, cactus, cacti, egypt, egyptian, arabia, arabian, caravan, camel",
    ),
    (Relief(Oasis), "oasis, oases"),
    (Subject(Desert, PLAIN), "oases"),
    (
        Subject(Sea, PLAIN),
        "sea, ocean, coast, coastline, seascape, beach, seashore, seaside, island, pacific, \
         atlantic, mediterranean, caribbean, archipelago, maldives, hawaii, bahamas, bora bora, \
         big sur, cote dazur, riviera, santorini, coral reef, tsunami, open water, high seas, \
         cliffs of moher",
    ),
    (
        Subject(Sea, PART),
        "wave, shore, shoreline, cliff, bay, surf, surfing, surfer, tide, palm tree, \
         palm, underwater, pier, iceberg, kraken, submarine, reef",
    ),
    (Subject(Sea, 3.5), "coastal, tropical, marine, nautical, vacation, paradise"),
    (
        Subject(Sea, HINT),
        "ship, boat, sailboat, sailing boat, sailing ship, yacht, sailing, regatta, galleon, \
         pirate ship, fishing boat, schooner, beacon",
    ),
    (Subject(Sea, HINT), "horizon, summer, sail, pirate"),
    (
        Relief(Beach),
        "beach, shore, seashore, seaside, shoreline, tropical, surf, maldives, hawaii, bahamas, \
         caribbean, palm, palm tree, lagoon, sand castle, sandcastle, vacation",
    ),
    (Subject(Sea, PLAIN), "sand castle, sandcastle, sea lion, sea turtle, sea gull, seagull"),
    (
        Subject(Lake, PLAIN),
        "lake, fjord, pond, lagoon, loch, tarn, lakeside, lakeshore, mountain lake, hot spring, \
         como, lake como, bled, lofoten, norway, reservoir, lough, geiranger",
    ),
    (
        Subject(Lake, 6.0),
        "river, waterfall, niagara falls, victoria falls, iguazu falls, stream, creek, brook, \
         rapids, swamp, marsh, wetland, riverbank, delta, niagara, canal, bayou",
    ),
    (
        Subject(Lake, 3.0),
        "water, reflection, mirror lake, canoe, kayak, rowboat, flamingo, swan, duck",
    ),
    (
        Subject(Forest, PLAIN),
        "forest, woods, woodland, sea of tree, jungle, taiga, rainforest, redwood, grove, \
         pine forest, bamboo forest, black forest, enchanted forest, sequoia, boreal, bamboo, \
         mangrove",
    ),
    (
        Subject(Forest, PART),
        "tree, pine, fir, conifer, spruce, birch, oak, maple, willow, treehouse, tree house, \
         fern, moss, mossy, mushroom, fairy, elf, elven, leaf, leaves, foliage, in the wood, \
         trail, path, camping, campfire, dryad, canopy, bonsai",
    ),
    (
        Trees,
        "tree, forest, woods, woodland, jungle, taiga, rainforest, grove, pine, fir, conifer, \
         spruce, birch, oak, maple, willow, pine forest, palm, palm tree",
    ),
    (
        Subject(Mountains, PLAIN),
        "mountain, alps, alpine, mountain range, matterhorn, everest, mount everest, \
         mount fuji, fuji, mount, himalaya, himalayas, andes, rockies, rocky mountain, \
         patagonia, dolomite, yosemite, glacier, volcano, volcanoes, canyon, grand canyon, \
         gorge, kilimanjaro, mont blanc, switzerland, swiss, tibet, nepal, iceland, \
         mountainside, mountainous, ridge, sierra, massif, mountaintop",
    ),
    (
        Subject(Mountains, 6.0),
        "peak, summit, valley, highland, tuscany, meadow, countryside, grassland, prairie, \
         pasture, steppe, farmland, savanna, savannah, rolling hill, wheat field, corn field, \
         rice field, rice terrace, vineyard, farm, tundra, moor, scotland, scottish, ireland, \
         irish, new zealand, hobbiton, shire, middle earth, crater, lava, eruption, magma",
    ),
    (
        Subject(Mountains, PART),
        "hill, hillside, field, wilderness, hike, hiking, hiker, climber, climbing, viking, \
         rock, rocky, cave, rural, mordor, snow capped, ski, skiing, skier, snowboard, park, \
         grass",
    ),
    (
        Subject(Mountains, HINT),
        "landscape, nature, scenery, terrain, scenic, vista, panorama, panoramic view, \
         outdoors, world, land, epic fantasy, fantasy, fantasy landscape, fantasy world, \
         balloon, hot air balloon, air balloon, airship, zeppelin, blimp",
    ),
    (Subject(Mountains, 2.5), "village, hamlet"),
    (
        Relief(Hills),
        "hill, rolling hill, hillside, meadow, countryside, grassland, prairie, pasture, \
         steppe, field, tuscany, farmland, savanna, savannah, highland, wheat field, \
         corn field, rice field, vineyard, farm, moor, hobbiton, shire, village, hamlet, rural, \
         park, grass, golf course",
    ),
    (
        Relief(Hills),
        "flower field, field of flower, flower meadow, wildflower meadow, sunflower field, \
         tulip field, lavender field, poppy field, sea of flower, carpet of flower",
    ),
    // Who is on the way is seen from afar.
    (
        Subject(Mountains, HINT),
        "hiker, wanderer, traveler, traveller, explorer, climber, pilgrim, shepherd, \
         adventurer, camper, lone figure, skier",
    ),
    (Subject(Desert, HINT), "nomad"),
    (
        Relief(Canyon),
        "canyon, grand canyon, mesa, butte, badlands, gorge, monument valley, \
         martian landscape, surface of mars, on mars, mars landscape",
    ),
    (
        Relief(Volcano),
        "volcano, volcanoes, lava, crater, eruption, magma, mordor, mount fuji, fuji, \
         kilimanjaro",
    ),
    (
        Subject(Clouds, CLOUDSCAPE),
        "sea of clouds, above the clouds, flying through clouds, over the clouds, \
         through the clouds, cloudscape, in the clouds, ocean of clouds, carpet of clouds",
    ),
    (
        Subject(Clouds, 3.2),
        "cloud, sky, skies, cumulus, heaven, heavenly, skyscape, cloudy, stratosphere, \
         airplane, plane, aeroplane, aircraft, jet, flying, angel, paraglider, kite, cirrus",
    ),
    (
        Subject(Abstract, 6.0),
        "abstract, geometric, geometry, geometrical, bauhaus, kaleidoscope, fractal, mandala, \
         abstract pattern, abstract art, abstract painting, abstract shape, abstract wave, \
         generative art, op art, suprematism, cubism, cubist, kandinsky, mondrian, \
         low poly art, stained glass, voronoi, flower power",
    ),
    (
        Subject(Abstract, PART),
        "pattern, shape, mosaic, logo, tile, triangle, circle, square, cube, sphere, hexagon, \
         texture, modernist, gradient, swirl, marble, marbling, origami, paper cut, papercut, \
         polygon, crystal, spiral, symmetry, psychedelic, trippy, liquid, fluid, acrylic pour, \
         background, icon, emblem, collage, quantum, algorithm, data, network, music, energy, \
         math, mathematics, ribbon, silk, isometric, wallpaper",
    ),
    (
        Pattern,
        "pattern, abstract pattern, tile, mosaic, kaleidoscope, mandala, wallpaper pattern, \
         seamless, tessellation, islamic pattern, checkerboard, voronoi",
    ),
    (
        Subject(Abstract, 6.0),
        "wallpaper pattern, seamless, tessellation, islamic pattern, checkerboard",
    ),
    (
        Nothing,
        "desktop wallpaper, phone wallpaper, 4k wallpaper, hd wallpaper, wallpaper 4k, \
         iphone wallpaper, mobile wallpaper, white background, black background, \
         blurred background, plain background, simple background, negative space, \
         in the background, living space, space between, copy space, background blur, \
         in background",
    ),
    (
        Subject(Flowers, 9.0),
        "flower, blossom, bouquet, flower field, field of flower, flower garden, flower meadow, \
         wildflower, wildflower meadow, sunflower field, tulip field, lavender field, \
         poppy field, rose garden, cherry blossom tree, sea of flower, carpet of flower, \
         floral, flowers in a vase, botanical, ikebana",
    ),
    (
        Subject(Flowers, PART),
        "bloom, blooming, petal, garden, vase, butterfly, bee, florist, greenhouse, \
         spring flower, orchard",
    ),
    (
        Subject(Flowers, 2.5),
        "spring, springtime, plant, herb, valentine, mothers day, eastern, easter",
    ),
    (
        Subject(Portrait, STRONG),
        "portrait, headshot, silhouette, double exposure, self portrait, portrait of, \
         profile picture, face of, closeup portrait, portrait photo, portrait photography",
    ),
    (Subject(Portrait, 6.0), "face, avatar, selfie, bust, side profile"),
    (
        Subject(Interior, STRONG),
        "interior, interior design, living room, bedroom, kitchen, bathroom, dining room, \
         hallway, corridor, library, attic, loft, studio apartment, hotel room, classroom, \
         restaurant, cafe, coffee shop, bar interior, lobby, office interior, throne room, \
         ballroom, cathedral interior, museum, gallery, office, conservatory, nightclub, \
         night club, basement, cellar, lounge, study room, reading nook, home office, \
         hotel lobby, gym, spa, inside a house, inside a room",
    ),
    (
        Subject(Interior, PLAIN),
        "room, indoors, indoor, fireplace, sofa, couch, armchair, bookshelf, bookshelves, \
         staircase, sunroom, tatami, wooden floor, chandelier, dining table, furniture, \
         workshop, tavern, curtain",
    ),
    (
        Subject(Interior, PART),
        "chair, table, desk, bed, lamp, ceiling, carpet, piano, candle, mirror",
    ),
    // Houses have these too.
    (Subject(Interior, 3.0), "window, door, candlelight"),
    (
        Subject(Interior, WHOLE),
        "view from a window, view from the window, view from my window, window view, \
         view out of a window, view out of the window, view through a window, \
         view through the window, through a window, through the window, from a window, \
         from the window, from my window, out of the window, by the window, room with a view, \
         looking out of the window, looking out the window, seen through a window",
    ),
    (
        Subject(Building, 5.0),
        "tower bridge, bridge, golden gate bridge, golden gate, viaduct, aqueduct, suspension \
         bridge, brooklyn bridge, footbridge, wind turbine, tent, yurt, lodge, shack, home, \
         hobbit hole, hogwarts, camelot, neuschwanstein, hilltop castle, knights castle, giza",
    ),
    (Subject(Desert, PLAIN), "cappadocia"),
    (
        Subject(Building, PLAIN),
        "house, mansion, villa, church, cathedral, monastery, chapel, barn, farmhouse, manor, \
         palace, fortress, citadel, ruin, monument, pavilion, hut, cottage, cabin, log cabin, \
         chalet, castle, temple, shrine, pagoda, pyramid, lighthouse, windmill, stonehenge, \
         taj mahal, parthenon, acropolis, sphinx, ziggurat, mosque, treasury, petra, \
         haunted house, modern house, country house, beach house, lake house, tiny house, \
         bungalow, watchtower, torii, torii gate, mausoleum, stupa, abbey, basilica, bunker, \
         opera house",
    ),
];
