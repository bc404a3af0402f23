//! The words for weather and seasons.

use super::lexicon::Meaning::{Nothing, Weather};
use super::lexicon::Table;
use super::lexicon::Weather::{
    Aurora, Autumn, ClearSky, Clouds, Dust, Fog, Rain, Snow, Snowfall, Storm,
};

pub(super) const TABLE: &Table = &[
    (
        Weather(Clouds),
        "rain fall, rain fell, rain is falling, rain falling, falling rain, rainfall, cloud, \
         cloudy, storm, stormy, overcast, rain, rainy, cumulus, dramatic sky, dramatic cloud, \
         storm cloud, gray sky, grey sky, fluffy cloud, dark cloud, rain cloud, puffy cloud, \
         billowing cloud, partly cloudy, rainbow, white cloud, pink cloud, sea of clouds, \
         cloudscape, thunderstorm, tempest",
    ),
    (
        Weather(ClearSky),
        "clear, clear sky, clear skies, cloudless, blue sky, clear day, clear night, clear weather, \
         cloudless sky, cloudless skies, clear blue sky, cloud free",
    ),
    (
        Weather(Fog),
        "fog, foggy, mist, misty, haze, hazy, smoke, smoky, smog, steam, steamy, morning mist, \
         misty morning, ethereal mist, foggy morning, vapor, vapour, mist rose, fog rose, \
         smoke rose, steam rose",
    ),
    (Weather(Storm), "storm, stormy, tempest, cyclone, tornado, gale"),
    (Weather(Dust), "dust storm, sandstorm, sand storm, dusty, dust devil, haboob"),
    (
        Weather(Rain),
        "rain, rainy, raining, thunderstorm, rainstorm, downpour, drizzle, monsoon, \
         rain shower, wet street, hurricane, typhoon, umbrella, raindrop, rain fall, rain fell, \
         rain is falling, rain falling, falling rain, rainfall",
    ),
    (
        Weather(Snow),
        "snow, snowy, winter, wintry, alps, ice, icy, frozen, arctic, antarctic, antarctica, \
         snowing, snowfall, snowstorm, blizzard, christmas, snow capped, snow covered, \
         snowcapped, frost, frosty, wintertime, snowflake, snowman, iceberg, glacier, tundra, \
         xmas, siberia, siberian, ski, skiing, skier, snowboard, everest, mount everest, \
         himalaya, himalayas, mont blanc, lapland, greenland, january, december, february, \
         igloo, north pole, south pole",
    ),
    (
        Weather(Snowfall),
        "snowing, snowfall, snowstorm, blizzard, snowflake, christmas, falling snow, xmas, \
         snow storm, snow falling, heavy snow, snow fall, snow fell, snow is falling",
    ),
    (
        Weather(Snow),
        "falling snow, snow storm, snow falling, heavy snow, snow fall, snow fell, \
         snow is falling",
    ),
    (
        Weather(Aurora),
        "aurora, aurora borealis, northern light, polar light, southern light, aurora australis",
    ),
    (
        Weather(Autumn),
        "autumn, autumnal, fall, leaves fall, leaves are falling, october, november, fall color, \
         fall colour, fall foliage, autumn leaf, autumn leaves, indian summer, fall season, in \
         the fall, thanksgiving, september, harvest",
    ),
    (
        Nothing,
        "snow white, ice cream, ice cube, black ice, ice hockey, falling, fall asleep, \
         fall in love, falling in love, fall down, about to fall, fall apart, free fall, \
         cloud computing, cloud strife, brainstorm, winter soldier, rain boot, smoke break, \
         iced tea, iced coffee, ice skate, snow leopard, snow globe, snowball, fall guy, \
         game of thrones",
    ),
];
