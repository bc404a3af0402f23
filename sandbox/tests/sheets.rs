//! Contact sheets: what the sandbox draws, for people to look at, in `docs/sheets`.
//!
//! The sheets in the repository are what the engine draws, byte for byte. `cargo xtask golden`
//! makes them anew; whoever does that looks at them.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test: it reads files and the environment, and may fail"
)]

mod kept;

use std::{fs, path::PathBuf};

use media_factory_core::{
    media::MediaType, protocol::service::ServiceProtocol, runtime::Abilities,
};
use media_factory_sandbox::engine::{
    raster::Rgb8,
    scene::{Camera, Quality, Scene},
};

/// White space between the pictures of a sheet, in pixels.
const GAP: u32 = 4;

/// The styles that the sandbox says it has, in its order.
fn listed_styles() -> Vec<String> {
    let capabilities = ServiceProtocol::SANDBOX.describe(&MediaType::Image, Abilities::default());
    capabilities.styles.unwrap()
}

const LAND: [&str; 9] = [
    "mountains at sunset",
    "a lake at dawn",
    "the sea",
    "a beach",
    "an autumn forest",
    "desert dunes",
    "clouds",
    "aurora",
    "a castle on a hill",
];

const OTHERS: [&str; 9] = [
    "a city skyline",
    "a futuristic city with flying cars",
    "a living room",
    "a ringed planet",
    "a galaxy",
    "a red poppy",
    "a field of lavender",
    "portrait of a woman",
    "abstract geometry",
];

const PLACES: [&str; 7] =
    ["mountains", "a lake", "the sea", "a forest", "a desert", "a city", "a house"];

const LIGHTS: [&str; 8] = [
    "at noon",
    "at dawn",
    "at sunset",
    "at night",
    "in a storm",
    "in the fog",
    "in the snow",
    "from above",
];

const PROMPTS: [&str; 24] = [
    "Sunset over mountains",
    "A futuristic city with flying cars",
    "Abstract geometric patterns",
    "Flying through clouds at sunset",
    "a castle by a lake at dawn",
    "a lighthouse in a storm at night",
    "hot air balloons over a valley",
    "a sailboat at sunset",
    "a deer in an autumn forest in the mist",
    "a lone traveller in the desert",
    "a temple in the mountains",
    "a black cat in front of the moon",
    "double exposure of a man and a forest",
    "an astronaut in front of a nebula",
    "sunrise over the earth from space",
    "red tulips",
    "a cherry branch against the sky",
    "a mandala in turquoise and gold",
    "stained glass in warm colours",
    "an old library",
    "a cosy room with a fireplace at night",
    "cyberpunk street in the rain",
    "new york 1930, black and white",
    "the taste of a forgotten melody",
];

const SIZES: [(u32, u32); 8] =
    [(16, 16), (48, 27), (96, 96), (160, 90), (320, 180), (90, 320), (512, 96), (512, 512)];

#[test]
fn styles_of_land() {
    styles("styles-of-land", &LAND);
}

#[test]
fn styles_of_other_subjects() {
    styles("styles-of-other-subjects", &OTHERS);
}

fn styles(name: &str, prompts: &[&str]) {
    let listed = listed_styles();
    let rows = prompts
        .iter()
        .map(|prompt| listed.iter().map(|style| drawn(prompt, Some(style), (192, 144))).collect());
    check(name, rows.collect());
}

#[test]
fn lights() {
    let row = |place: &&str| {
        LIGHTS.iter().map(|light| drawn(&format!("{place} {light}"), None, (200, 150))).collect()
    };
    check("lights", PLACES.iter().map(row).collect());
}

#[test]
fn prompts() {
    let row = |four: &[&str]| four.iter().map(|prompt| drawn(prompt, None, (384, 256))).collect();
    check("prompts", PROMPTS.chunks(4).map(row).collect());
}

#[test]
fn resolutions() {
    let row = |size: &(u32, u32)| vec![drawn("a futuristic city at sunset", None, *size)];
    check("resolutions", SIZES.iter().map(row).collect());
}

/// The page beside the sheets says what each row and column is.
#[test]
fn the_page_names_what_is_on_the_sheets() {
    let page = fs::read_to_string(folder().join("README.md")).unwrap();
    let styles = listed_styles();
    let words = LAND.iter().chain(&OTHERS).chain(&PLACES).chain(&LIGHTS).chain(&PROMPTS);
    for word in words.copied().chain(styles.iter().map(String::as_str)) {
        assert!(page.contains(word), "{word}");
    }
}

fn drawn(prompt: &str, style: Option<&str>, (width, height): (u32, u32)) -> Rgb8 {
    let mut scene = Scene::compose(prompt, "", style, 7);
    assert!(scene.prepare(&|| false));
    scene.frame(width, height, Camera::STILL, Quality::Still, &|| false).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/sheets")
}

fn check(name: &str, rows: Vec<Vec<Rgb8>>) {
    kept::check(&folder().join(format!("{name}.jpg")), &jpeg(&arranged(&rows)));
}

fn arranged(rows: &[Vec<Rgb8>]) -> Rgb8 {
    let heights: Vec<u32> =
        rows.iter().map(|row| row.iter().map(|cell| cell.height).max().unwrap() + GAP).collect();
    let width_of = |row: &Vec<Rgb8>| row.iter().map(|cell| cell.width + GAP).sum::<u32>() + GAP;
    let width = rows.iter().map(width_of).max().unwrap();
    let height = heights.iter().sum::<u32>() + GAP;
    let mut sheet = Rgb8 { width, height, pixels: vec![255; (width * height * 3) as usize] };
    let mut top = GAP;
    for (row, height) in rows.iter().zip(heights) {
        let mut left = GAP;
        for cell in row {
            place(&mut sheet, cell, (left, top));
            left += cell.width + GAP;
        }
        top += height;
    }
    sheet
}

fn place(sheet: &mut Rgb8, cell: &Rgb8, (left, top): (u32, u32)) {
    let stride = (cell.width * 3) as usize;
    for (line, pixels) in cell.pixels.chunks_exact(stride).enumerate() {
        let start = (((top as usize + line) * sheet.width as usize) + left as usize) * 3;
        sheet.pixels[start..start + stride].copy_from_slice(pixels);
    }
}

fn jpeg(picture: &Rgb8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 82);
    let (width, height) = (picture.width as u16, picture.height as u16);
    encoder.encode(&picture.pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}
