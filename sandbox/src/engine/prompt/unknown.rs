//! Things that people ask for and the sandbox cannot draw, by what it shows in their place.

use super::Subject as S;
use super::lexicon::Meaning::Undrawn;
use super::lexicon::Table;

pub(super) const TABLE: &Table = &[
    // Living things without a silhouette of their own.
    (
        Undrawn(S::Portrait),
        "robot, bear, elephant, giraffe, monkey, gorilla, rabbit, bunny, mouse, rat, squirrel, \
         cow, bull, sheep, lamb, pig, camel, kangaroo, koala, panda, polar bear, hippo, rhino, \
         crocodile, alligator, snake, lizard, turtle, tortoise, frog, sea turtle, sea lion, \
         seal, otter, hedgehog, bat, dinosaur, monster, creature, beast, animal, octopus, \
         jellyfish, squid, crab, spider, snail, butterfly, bee, insect, beetle, ant, dragonfly, \
         alien, zombie, skeleton, skull, ghost, teddy bear, pikachu, pokemon, goblin, troll, \
         giant squid, minotaur, mech, mecha, godzilla, snowman, statue, sculpture, doll, \
         puppet, clown, hamster, guinea pig, llama, alpaca, starfish, dog breed, capybara, \
         sloth, beaver, darth vader, yoda, mario, sonic, hulk, barbie, trump, obama, elon musk, \
         taylor swift",
    ),
    // What is eaten and drunk is shown as the room where that is done.
    (
        Undrawn(S::Interior),
        "apple, apple pie, pie, cake, bread, cheese, wine, coffee, tea, cup of coffee, \
         breakfast, dinner, food, fruit, vegetable, pizza, burger, hamburger, sushi, ramen, \
         soup, salad, pasta, spaghetti, chocolate, cookie, donut, ice cream, cupcake, \
         strawberry, strawberries, banana, grape, lemon, pear, watermelon, pineapple, avocado, \
         tomato, carrot, potato, egg, steak, sandwich, croissant, pancake, cocktail, beer, \
         juice, honey jar, still life, teapot, cup, mug, plate, bowl, dish, candle, perfume, \
         bottle, jar, basket, star fruit, starfruit, green tea, black forest cake, iced coffee, \
         iced tea, red wine, white wine, orange juice, dark chocolate, birthday cake, picnic, \
         cherries, berries, seafood, taco, noodle, rice, popcorn, milk, smoothie, lunch, \
         dessert, gingerbread",
    ),
    (
        Undrawn(S::City),
        "taxi, airport, train station, subway, highway, market, bus, train, truck, bicycle, bike, \
         motorcycle, motorbike, tram, sports car, ferrari, lamborghini, porsche, tesla, race car, \
         mountain bike, fire truck, ambulance, helicopter, tank, locomotive, steam train, \
         scooter, police car, crane, factory, construction site, stadium, gas station, robot \
         city, traffic light, formula 1, airplane, rocket, drone delivery, team, colleague, \
         coworker, celebrating, celebration, party, festival, firework, concert",
    ),
    (
        Undrawn(S::Mountains),
        "dragon, game of thrones, lord of the rings, dark souls, elden ring, skyrim, zelda",
    ),
    (
        Undrawn(S::Space),
        "star wars, star trek, spaceship, spacecraft, starship, space station, satellite, ufo, \
         asteroid, comet, meteor, shooting star, wormhole, black hole, pulsar, quasar",
    ),
    (
        Undrawn(S::Lake),
        "waterfall, niagara, niagara falls, victoria falls, iguazu falls, rapids, geyser, \
         wasserfall, cascade, cascada, cascata",
    ),
    (
        Undrawn(S::Sea),
        "island, archipelago, palm, palm tree, lightning, iceberg, kraken, submarine, pier, \
         coral reef, coral, reef, underwater, tsunami, surfing, isla, insel, isola, ilha, 🌴",
    ),
    (Undrawn(S::Desert), "cactus, cacti, caravan, 🌵"),
    (Undrawn(S::Forest), "mushroom, fern, bonsai, campfire, bonfire, firefly, fireflies"),
    (Undrawn(S::Mountains), "rainbow, tornado, cave, skiing, snowboard, 🌈"),
    (Undrawn(S::Clouds), "plane, aeroplane, aircraft, jet, kite, paraglider"),
    (Undrawn(S::Flowers), "vase, greenhouse, flowers in a vase"),
    (
        Undrawn(S::Abstract),
        "guitar, piano, violin, drum, trumpet, rock band, laptop, computer, phone, smartphone, \
         keyboard, clock, wristwatch, wrist watch, pocket watch, book, newspaper, letter, pen, \
         hammer, tool, knife, sword, gun, axe, shield, armor, helmet, crown, ring, necklace, \
         jewelry, diamond ring, key, lock, shoe, sneaker, dress, shirt, jacket, hat, glasses, \
         sunglasses, backpack, bag, umbrella, ball, football, soccer, basketball, tennis, chess, \
         dice, card, toy, lego, balloon animal, gift, coin, money, chart, graph, map, diagram, \
         infographic, microscope, telescope, rocket engine, machine, engine, gear, clockwork, \
         circuit board, chip, cpu, brain, heart, eye, hand, dna, molecule, atom, virus, flag, \
         sign, banner, brand, product, packaging, headphones, camera body, television, radio, \
         washing machine, vacuum cleaner, toothbrush, scissors, hourglass, globe, compass, \
         anchor, treasure chest, lightsaber, potion, wand, cloud computing, light bulb, water \
         bottle, business card, website, app, user interface, ui, dashboard, business, report, \
         quarterly, annual report, presentation, slide, meeting, startup, finance, marketing, \
         conference, poster, invitation, newsletter, brochure, cover, t shirt, tattoo, font, \
         typography, typeface, calligraphy",
    ),
];
