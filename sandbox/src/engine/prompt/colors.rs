//! The names of colours, as sRGB, and of ways to print.

use super::Tone as T;
use super::lexicon::Meaning::{Color, Nothing, Tone};
use super::lexicon::Table;
use crate::engine::math::pow;
use crate::engine::vector::{Color as Light, rgb};

pub(super) const TABLE: &Table = &[
    (Color(0xD6_28_28), "red, ruby red, ruby, cherry red"),
    (Color(0xA4_12_2C), "crimson, blood red, carmine"),
    (Color(0xE3_42_34), "scarlet, vermilion, fiery red"),
    (Color(0x80_10_30), "burgundy, maroon, wine red, bordeaux, oxblood, garnet"),
    (Color(0xE8_6A_17), "orange, bright orange"),
    (Color(0xCC_55_00), "burnt orange, dark orange"),
    (Color(0xF4_A4_60), "apricot, light orange, sandy brown"),
    (Color(0xFF_B3_8A), "peach, peachy"),
    (Color(0xFF_7F_50), "coral, coral pink"),
    (Color(0xFA_80_72), "salmon, salmon pink"),
    (Color(0xB7_41_0E), "rust, rusty, rust red, copper red, terracotta, brick red, terra cotta"),
    (Color(0xB8_73_33), "copper, coppery, bronze"),
    (Color(0xF5_D0_22), "yellow, bright yellow, canary"),
    (Color(0xFF_F2_8A), "light yellow, lemon yellow, pale yellow, butter yellow"),
    (Color(0xD9_A5_21), "gold, golden, golden yellow, gilded"),
    (Color(0xFF_BF_00), "amber, honey, saffron"),
    (Color(0xC9_97_2B), "mustard, ochre, ocher, mustard yellow"),
    (Color(0x2E_9E_3E), "green, bright green, kelly green"),
    (Color(0x14_52_28), "dark green, forest green, pine green, hunter green, bottle green"),
    (Color(0x90_D8_8C), "light green, pale green, pistachio"),
    (Color(0x00_A8_6B), "emerald, emerald green, jade, jade green"),
    (Color(0x98_E8_C8), "mint, mint green, seafoam"),
    (Color(0x80_82_2A), "olive, olive green, khaki, moss green"),
    (Color(0xA8_D4_1C), "lime, lime green, chartreuse, acid green, neon green"),
    (Color(0x9C_AF_88), "sage, sage green"),
    (Color(0x2A_5F_D0), "blue, bright blue, royal blue"),
    (Color(0x8C_BE_E8), "light blue, pale blue, baby blue, powder blue, ice blue"),
    (Color(0x14_2A_6A), "dark blue, navy, navy blue, midnight blue, deep blue"),
    (Color(0x4A_A3_E0), "sky blue, azure, cerulean"),
    (Color(0x10_3C_B4), "cobalt, cobalt blue, ultramarine, sapphire, electric blue, lapis"),
    (Color(0x2E_28_8C), "indigo, blue violet"),
    (Color(0x00_8C_8C), "teal, teal blue, petrol, blue green"),
    (Color(0x20_C8_B8), "turquoise, aquamarine"),
    (Color(0x10_C8_E0), "cyan, aqua"),
    (Color(0x7B_2C_A8), "purple, deep purple, royal purple"),
    (Color(0x8A_4C_D8), "violet color, ultraviolet, amethyst"),
    (Color(0xC4_A4_E0), "lilac, light purple, pale purple, lavender color, wisteria color"),
    (Color(0xB4_7C_E0), "orchid color, mauve"),
    (Color(0x58_1C_58), "plum, aubergine, eggplant color, dark purple"),
    (Color(0xD8_18_A8), "magenta, fuchsia"),
    (Color(0xF0_78_B0), "pink, bright pink"),
    (Color(0xFF_38_A0), "hot pink, neon pink, electric pink"),
    (Color(0xF8_C4_D4), "light pink, pale pink, baby pink, blush, blush pink, pastel pink"),
    (Color(0xD8_98_94), "rose gold, dusty rose, dusty pink"),
    (Color(0x6B_44_26), "brown, chestnut, mahogany, umber"),
    (Color(0x3C_24_18), "dark brown, chocolate brown, espresso color"),
    (Color(0xD2_B4_8C), "tan, beige, sand color, camel color, taupe, ecru"),
    (Color(0xF4_EC_D8), "cream, ivory, off white, eggshell, champagne"),
    (Color(0xF4_F4_F4), "white, pure white, pearl"),
    (Color(0x90_90_94), "gray, grey, neutral gray"),
    (Color(0x3A_3E_44), "charcoal, dark gray, dark grey, slate, graphite"),
    (Color(0xC4_C8_CC), "silver, silvery, light gray, light grey, platinum, chrome"),
    (Color(0x0014_1416), "black, jet black, pitch black, ebony, onyx"),
    (Color(0xA8_C8_F0), "pastel blue, periwinkle"),
    (Color(0xB8_E8_C0), "pastel green"),
    (Color(0xFC_F0_B0), "pastel yellow"),
    (Color(0xD8_C0_F0), "pastel purple"),
    (Color(0xFF_70_30), "fiery, flame color, neon orange, tangerine"),
    (Color(0x10_90_A0), "sea green, ocean blue, peacock blue"),
    (Color(0x70_80_90), "slate gray, slate grey, steel, steel blue, gunmetal"),
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
