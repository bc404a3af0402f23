//! Which known style is nearest to a name that is none.

use super::Style;
use crate::engine::noise::hash_text;

/// Parts of names and the style that comes nearest to what they promise; the first match counts.
const NEAREST: &[(Style, &[&str])] = &[
    (Style::Watercolor, &["water", "aquarelle", "gouache", "ink wash", "sumi"]),
    (
        Style::OilPainting,
        &[
            "oil",
            "baroque",
            "renaissance",
            "rembrandt",
            "classic",
            "romantic",
            "fresco",
            "old master",
        ],
    ),
    (Style::PixelArt, &["pixel", "8bit", "8-bit", "16-bit", "voxel", "retro game", "minecraft"]),
    (
        Style::Sketch,
        &[
            "sketch",
            "pencil",
            "charcoal",
            "line",
            "ink",
            "engraving",
            "etching",
            "blueprint",
            "draw",
        ],
    ),
    (Style::Anime, &["anime", "manga", "ghibli", "chibi", "kawaii", "cel"]),
    (
        Style::Cartoon,
        &["cartoon", "comic", "pop", "flat", "vector", "sticker", "minimal", "graffiti", "disney"],
    ),
    (
        Style::Cinematic,
        &[
            "cine",
            "noir",
            "film",
            "movie",
            "steampunk",
            "gothic",
            "dark",
            "dramatic",
            "dystop",
            "horror",
        ],
    ),
    (
        Style::ThreeDRender,
        &[
            "3d",
            "render",
            "clay",
            "plastic",
            "low poly",
            "lowpoly",
            "isometric",
            "pixar",
            "origami",
        ],
    ),
    (
        Style::Photographic,
        &[
            "photo",
            "vintage",
            "retro",
            "analog",
            "polaroid",
            "sepia",
            "black",
            "mono",
            "portrait",
            "documentary",
            "hdr",
            "natural",
            "real",
            "macro",
        ],
    ),
    (
        Style::Artistic,
        &[
            "art deco",
            "nouveau",
            "impression",
            "expression",
            "paint",
            "gogh",
            "monet",
            "surreal",
            "abstract",
            "cubis",
            "brush",
            "folk",
            "fauv",
            "pastel",
        ],
    ),
    (
        Style::DigitalArt,
        &[
            "digital",
            "concept",
            "fantasy",
            "cyber",
            "neon",
            "sci",
            "vapor",
            "synth",
            "modern",
            "futur",
            "magic",
            "epic",
            "illustration",
            "game",
            "holo",
        ],
    ),
];

/// The nearest style to an unknown name. Where nothing is near, one that changes light and colour
/// only, always the same for the same name.
pub(super) fn nearest(name: &str) -> Style {
    let name = name.to_lowercase().replace('_', " ");
    let near = NEAREST.iter().find(|(_, parts)| parts.iter().any(|part| name.contains(part)));
    near.map_or_else(
        || match hash_text(&name, 0) % 3 {
            0 => Style::DigitalArt,
            1 => Style::Photographic,
            _ => Style::Cinematic,
        },
        |(style, _)| *style,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_fall_to_what_they_promise() {
        for (name, style) in [
            ("modern", Style::DigitalArt),
            ("steampunk", Style::Cinematic),
            ("vintage", Style::Photographic),
            ("film noir", Style::Cinematic),
            ("minimalist", Style::Cartoon),
            ("Art_Deco", Style::Artistic),
            ("line art", Style::Sketch),
            ("low-poly 3D", Style::ThreeDRender),
        ] {
            assert_eq!(nearest(name), style, "{name}");
        }
        assert_eq!(nearest("qwertz"), nearest("QWERTZ"));
    }
}
