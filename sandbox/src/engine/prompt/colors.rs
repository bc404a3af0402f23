//! The names of colours, as sRGB, and of ways to print.

use super::Tone as T;
use super::lexicon::Meaning::{Color, Nothing, Tone};
use super::lexicon::Table;
use crate::engine::math::pow;
use crate::engine::vector::{Color as Light, rgb};

pub(super) const TABLE: &Table = &[
    (Color(0xD62828), "red, ruby red, ruby, cherry red"),
    (Color(0xA4122C), "crimson, blood red, carmine"),
    (Color(0xE34234), "scarlet, vermilion, fiery red"),
    (Color(0x801030), "burgundy, maroon, wine red, bordeaux, oxblood, garnet"),
    (Color(0xE86A17), "orange, bright orange"),
    (Color(0xCC5500), "burnt orange, dark orange"),
    (Color(0xF4A460), "apricot, light orange, sandy brown"),
    (Color(0xFFB38A), "peach, peachy"),
    (Color(0xFF7F50), "coral, coral pink"),
    (Color(0xFA8072), "salmon, salmon pink"),
    (Color(0xB7410E), "rust, rusty, rust red, copper red, terracotta, brick red, terra cotta"),
    (Color(0xB87333), "copper, coppery, bronze"),
    (Color(0xF5D022), "yellow, bright yellow, canary"),
    (Color(0xFFF28A), "light yellow, lemon yellow, pale yellow, butter yellow"),
    (Color(0xD9A521), "gold, golden, golden yellow, gilded"),
    (Color(0xFFBF00), "amber, honey, saffron"),
    (Color(0xC9972B), "mustard, ochre, ocher, mustard yellow"),
    (Color(0x2E9E3E), "green, bright green, kelly green"),
    (Color(0x145228), "dark green, forest green, pine green, hunter green, bottle green"),
    (Color(0x90D88C), "light green, pale green, pistachio"),
    (Color(0x00A86B), "emerald, emerald green, jade, jade green"),
    (Color(0x98E8C8), "mint, mint green, seafoam"),
    (Color(0x80822A), "olive, olive green, khaki, moss green"),
    (Color(0xA8D41C), "lime, lime green, chartreuse, acid green, neon green"),
    (Color(0x9CAF88), "sage, sage green"),
    (Color(0x2A5FD0), "blue, bright blue, royal blue"),
    (Color(0x8CBEE8), "light blue, pale blue, baby blue, powder blue, ice blue"),
    (Color(0x142A6A), "dark blue, navy, navy blue, midnight blue, deep blue"),
    (Color(0x4AA3E0), "sky blue, azure, cerulean"),
    (Color(0x103CB4), "cobalt, cobalt blue, ultramarine, sapphire, electric blue, lapis"),
    (Color(0x2E288C), "indigo, blue violet"),
    (Color(0x008C8C), "teal, teal blue, petrol, blue green"),
    (Color(0x20C8B8), "turquoise, aquamarine"),
    (Color(0x10C8E0), "cyan, aqua"),
    (Color(0x7B2CA8), "purple, deep purple, royal purple"),
    (Color(0x8A4CD8), "violet color, ultraviolet, amethyst"),
    (Color(0xC4A4E0), "lilac, light purple, pale purple, lavender color, wisteria color"),
    (Color(0xB47CE0), "orchid color, mauve"),
    (Color(0x581C58), "plum, aubergine, eggplant color, dark purple"),
    (Color(0xD818A8), "magenta, fuchsia"),
    (Color(0xF078B0), "pink, bright pink"),
    (Color(0xFF38A0), "hot pink, neon pink, electric pink"),
    (Color(0xF8C4D4), "light pink, pale pink, baby pink, blush, blush pink, pastel pink"),
    (Color(0xD89894), "rose gold, dusty rose, dusty pink"),
    (Color(0x6B4426), "brown, chestnut, mahogany, umber"),
    (Color(0x3C2418), "dark brown, chocolate brown, espresso color"),
    (Color(0xD2B48C), "tan, beige, sand color, camel color, taupe, ecru"),
    (Color(0xF4ECD8), "cream, ivory, off white, eggshell, champagne"),
    (Color(0xF4F4F4), "white, pure white, pearl"),
    (Color(0x909094), "gray, grey, neutral gray"),
    (Color(0x3A3E44), "charcoal, dark gray, dark grey, slate, graphite"),
    (Color(0xC4C8CC), "silver, silvery, light gray, light grey, platinum, chrome"),
    (Color(0x141416), "black, jet black, pitch black, ebony, onyx"),
    (Color(0xA8C8F0), "pastel blue, periwinkle"),
    (Color(0xB8E8C0), "pastel green"),
    (Color(0xFCF0B0), "pastel yellow"),
    (Color(0xD8C0F0), "pastel purple"),
    (Color(0xFF7030), "fiery, flame color, neon orange, tangerine"),
    (Color(0x1090A0), "sea green, ocean blue, peacock blue"),
    (Color(0x708090), "slate gray, slate grey, steel, steel blue, gunmetal"),
    (
        Tone(T::Monochrome),
        "black and white, black white, b w, bw, monochrome, monochromatic, grayscale, \
         greyscale, noir, film noir, ansel adams, daguerreotype",
    ),
    (
        Tone(T::Sepia),
        "sepia, sepia toned, sepia tone, sepia photo, antique photo, old photograph, old photo, \
         vintage photo, vintage photograph, 1900s photo, tintype, victorian photo",
    ),
    (
        Tone(T::Pastel),
        "pastel, pastel color, pastel colour, soft color, soft colour, pale color, pale colour, \
         pastel palette, pastel blue, pastel pink, pastel green, pastel yellow, pastel purple, \
         candy color",
    ),
    (
        Tone(T::Vivid),
        "vivid, vibrant, colorful, colourful, saturated, vivid color, vivid colour, \
         vibrant color, vibrant colour, bright color, bright colour, bold color, technicolor, \
         rainbow, rainbow color, multicolor, multicolored, multicoloured, rich color, \
         rich colour, psychedelic, kaleidoscopic, many color, fauvism, pop art, flower power, \
         iridescent, hdr",
    ),
    (
        Tone(T::Muted),
        "muted, desaturated, muted color, muted colour, faded, washed out, subdued, earth tone, \
         earthy, vintage, retro, earthy tone, muted tone, neutral color, neutral tone, analog, \
         kodak portra, polaroid, faded color, bleak",
    ),
    (
        Nothing,
        "violet evergarden, black forest cake, black hole sun, red bull, green tea, blue whale, \
         blues music, orange juice, white wine, red wine, red cross, black friday, \
         greenland shark, white house, red panda, green peace, gold medal, rose tinted, \
         pink floyd, black sabbath, deep purple band",
    ),
];

/// The linear light of an sRGB code 0xRRGGBB (IEC 61966-2-1).
pub(super) fn linear(code: u32) -> Light {
    let channel = |shift: u32| {
        let value = (code >> shift & 255) as f32 * (1.0 / 255.0);
        if value <= 0.040_45 {
            value * (1.0 / 12.92)
        } else {
            pow((value + 0.055) * (1.0 / 1.055), 2.4)
        }
    };
    rgb(channel(16), channel(8), channel(0))
}
