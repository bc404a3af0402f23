//! The words for the time of day and its light.

use super::Light::{Dawn, Day, Neon, Night, Storm, Sunset};
use super::lexicon::Meaning::{Light, Nothing};
use super::lexicon::{Table, Weight};

const NAMED: Weight = 4.0;
const SHOWN: Weight = 2.0;
/// A word that usually goes with a light.
const HINT: Weight = 1.0;

pub(super) const TABLE: &Table = &[
    (
        Light(Neon, 5.0),
        "neon, cyberpunk, synthwave, vaporwave, retrowave, outrun, neon light, neon sign, \
         neon city, blade runner, nightclub, night club, tron, retro futuristic, glowing sign",
    ),
    (
        Light(Sunset, NAMED),
        "sunset, dusk, golden hour, evening, twilight, sundown, afterglow, \
         setting sun, late afternoon, gloaming, evening light, sun set, sun setting, \
         sun is setting, sun goes down, sun went down, sun is going down, dusk fall, dusk fell, \
         evening fall, evening fell",
    ),
    (
        Light(Sunset, SHOWN),
        "golden light, golden sunlight, warm light, warm lighting, sunset light, alpenglow, \
         warm glow, god ray, sun ray, low sun, backlit, backlight, campfire, bonfire, fire, \
         candlelight",
    ),
    (
        Light(Sunset, HINT),
        "golden, warm, orange, amber, romantic, crimson sky, red sky, orange sky, lava, magma, \
         eruption",
    ),
    (
        Light(Dawn, NAMED),
        "dawn, sunrise, morning, daybreak, early morning, first light, rising sun, sunup, \
         morning light, morning mist, misty morning, sun rise, sun rose, sun is rising, \
         sun rising, sun comes up, sun came up, day break, dawn break",
    ),
    (Light(Dawn, HINT), "pastel, pink, peach, pink sky, rose sky, pink cloud, dew, soft light"),
    (
        Light(Night, NAMED),
        "night, midnight, nighttime, nocturnal, starry night, night sky, moonlight, moonlit, \
         starry, starry sky, aurora, northern light, polar light, aurora borealis, milky way, \
         starlight, at night, full moon, night photography, midnight sun, halloween, \
         starry night sky, in the dark, night fall, nightfall, night fell, darkness fall, \
         darkness fell, moonrise, moon rise, moon rose, moon is rising, moon rising",
    ),
    (
        Light(Night, SHOWN),
        "moon, star, firefly, fireflies, fireworks, firework, new year, shooting star, lantern, \
         crescent, crescent moon, blue hour, witch, vampire, werewolf, ghost, spooky, haunted, \
         haunted house",
    ),
    (Light(Night, HINT), "dark, darkness, galaxy, black sky, mysterious, noir, cosmic"),
    (
        Light(Storm, NAMED),
        "storm, stormy, thunder, thunderstorm, lightning, tempest, hurricane, tornado, cyclone, \
         rainstorm, overcast, storm cloud, typhoon, tsunami, blizzard, snowstorm",
    ),
    (
        Light(Storm, SHOWN),
        "rain, rainy, raining, gray sky, grey sky, bleak, gloomy, rain cloud, downpour, \
         drizzle, rain fall, rain fell, rain is falling, rain falling, falling rain, rainfall, \
         dark cloud, dark sky, apocalypse, apocalyptic, post apocalyptic, monsoon",
    ),
    (Light(Storm, HINT), "moody, dramatic sky, cloudy, melancholy, melancholic, ominous, windy"),
    (
        Light(Day, NAMED),
        "day, daylight, noon, midday, sunny, daytime, sunny day, blue sky, bright day, \
         clear day, sunshine, broad daylight, afternoon, sunlit, high noon",
    ),
    (Light(Day, SHOWN), "sunlight, bright light, summer, summer day, bright sunlight, sun"),
    (
        Nothing,
        "star wars, star trek, light blue, rock star, starbucks, movie star, five star, \
         all star, pop star, superstar, day of the dead, dark chocolate, dark souls, \
         dark matter, golden retriever, golden ratio, golden eagle, studio light, \
         studio lighting, natural light, natural lighting, light switch, light bulb, \
         dramatic light, dramatic lighting, cinematic light, cinematic lighting, \
         volumetric light, volumetric lighting, global illumination, soft lighting, rim light, \
         rim lighting, ambient light, ambient occlusion, ray tracing, raytracing, \
         traffic light, light year, sunset boulevard, night owl, star fruit, starfruit, \
         fire truck, firefighter, fire hydrant, good lighting, perfect lighting, \
         beautiful lighting",
    ),
];
