//! The words for a feeling.

use super::Mood as M;
use super::lexicon::Meaning::Mood;
use super::lexicon::Table;

pub(super) const TABLE: &Table = &[
    (
        Mood(M::Calm),
        "calm, calming, peaceful, serene, serenity, tranquil, tranquility, quiet, relaxing, \
         zen, still, meditative, meditation, soothing, gentle, silent, silence, harmony, \
         harmonious, placid, idyllic, minimalist, minimalistic, minimal",
    ),
    (
        Mood(M::Joyful),
        "joyful, happy, happiness, cheerful, joy, playful, fun, vibrant, lively, festive, \
         celebration, party, bright, optimistic, uplifting, hopeful, colorful, colourful, \
         sunny, whimsical, cute, summer, sunny day, carnival, festival, spring, kawaii, \
         energetic, radiant",
    ),
    (
        Mood(M::Dramatic),
        "dramatic, epic, powerful, intense, majestic, grand, breathtaking, awe inspiring, \
         heroic, mighty, dramatic sky, dramatic light, dramatic lighting, cinematic lighting, \
         storm, stormy, thunderstorm, spectacular, battle, war, tempest, lightning, \
         chiaroscuro, moody lighting, tornado, hurricane, apocalypse, apocalyptic, \
         post apocalyptic, eruption, high contrast, monumental",
    ),
    (
        Mood(M::Dark),
        "dark, darkness, gloomy, sinister, scary, horror, creepy, spooky, ominous, gothic, \
         noir, grim, bleak, sad, sadness, melancholy, melancholic, moody, lonely, loneliness, \
         eerie, haunted, haunted house, evil, demonic, hell, dystopian, dystopia, vampire, \
         ghost, nightmare, macabre, dark fantasy, halloween, low key, lovecraftian, lovecraft, \
         abandoned, depressing, somber, sombre, brooding, despair, film noir, dark cloud, \
         dark sky",
    ),
    (
        Mood(M::Dreamy),
        "dreamy, dreamlike, dream, surreal, ethereal, magical, magic, fairytale, fairy tale, \
         enchanted, whimsical dream, romantic, soft, mystical, otherworldly, fantastical, \
         heavenly, soft focus, nostalgic, nostalgia, hazy, wonderland, fairy, unicorn, bokeh, \
         soft light, delicate, pastel, enchanting, enchanted forest, romance, poetic, \
         surrealism, surrealist, celestial",
    ),
    (
        Mood(M::Mysterious),
        "mysterious, mystery, mystic, enigmatic, secret, hidden, occult, ancient, arcane, \
         foggy, shadowy, esoteric, lost, forgotten, misty, unknown, ritual, alien, uncanny, \
         twilight zone",
    ),
    (
        Mood(M::Cozy),
        "cozy, cosy, homely, snug, hygge, comfortable, cottagecore, rustic, candlelight, \
         fireplace, warm light, warm lighting, comfy, welcoming, inviting, homey, log cabin, \
         coffee shop, christmas, autumn evening, reading nook, intimate, lofi, lo fi",
    ),
];
