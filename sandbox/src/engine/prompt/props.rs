//! The words for what stands, flies or swims in a scene.

use super::Prop as P;
use super::lexicon::Meaning::Prop;
use super::lexicon::Table;

pub(super) const TABLE: &Table = &[
    (
        Prop(P::Castle),
        "castle, fortress, citadel, palace, knights castle, ruin, neuschwanstein, manor, \
         hogwarts, camelot, watchtower, cathedral, church, abbey, monastery, basilica, chapel, \
         mansion, haunted house, hilltop castle",
    ),
    (
        Prop(P::Temple),
        "temple, shrine, pagoda, parthenon, acropolis, stupa, mosque, taj mahal, mausoleum, \
         pavilion, monument, petra, treasury, torii, torii gate, opera house, stonehenge",
    ),
    (Prop(P::Pyramid), "pyramid, ziggurat, giza, sphinx"),
    (
        Prop(P::Cabin),
        "cabin, hut, cottage, house, log cabin, chalet, barn, farmhouse, village, hamlet, \
         shack, lodge, villa, modern house, country house, beach house, lake house, tiny house, \
         bungalow, treehouse, tree house, home, bunker, tent, yurt, hobbiton, hobbit hole, farm",
    ),
    (Prop(P::Lighthouse), "lighthouse, beacon"),
    (
        Prop(P::Bridge),
        "bridge, golden gate bridge, golden gate, viaduct, aqueduct, suspension bridge, \
         brooklyn bridge, footbridge, tower bridge",
    ),
    (Prop(P::Windmill), "windmill, wind turbine"),
    (
        Prop(P::Sailboat),
        "sailboat, sailing boat, sailing ship, sail, boat, ship, yacht, sailing, regatta, \
         galleon, pirate ship, fishing boat, schooner, gondola, rowboat, canoe, kayak",
    ),
    (
        Prop(P::Balloon),
        "balloon, hot air balloon, air balloon, airship, zeppelin, blimp, cappadocia",
    ),
    (
        Prop(P::Birds),
        "birds, flock, flock of birds, seagull, gull, goose, geese, sea gull, crane bird, \
         migrating birds, swallows, pigeons, doves, crows, ravens",
    ),
    (
        Prop(P::Person),
        "person, man, woman, girl, boy, child, people, figure, hiker, traveler, traveller, \
         wanderer, astronaut, cosmonaut, warrior, knight, samurai, monk, wizard, surfer, \
         climber, explorer, lone figure, nomad, pilgrim, shepherd, skier, viking, witch, \
         couple, lover, cowboy, soldier, someone, human, tourist, adventurer, camper, kid, \
         hero, ranger, hunter, fisherman, bride, family, children, men, women, lady, king, \
         queen, princess, prince, dancer, ballerina, crowd, pedestrian, spaceman, elf, pirate",
    ),
    (Prop(P::Deer), "deer, stag, elk, reindeer, moose, fawn, doe, caribou, buck, roe deer"),
    (
        Prop(P::Horse),
        "horse, stallion, mare, pony, unicorn, mustang, horse rider, wild horse, foal, rider, \
         pegasus, cowboy",
    ),
];
