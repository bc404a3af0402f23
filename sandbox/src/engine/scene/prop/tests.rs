use super::paint::Palette;
use super::site::Spot;
use super::{actors_at, troop};
use crate::engine::prompt::Composition;
use crate::engine::raster::Rgb8;
use crate::engine::scene::{Camera, Quality, Scene};
use crate::engine::vector::vec3;

const KNOWN: [&str; 13] = [
    "castle",
    "temple",
    "pyramid",
    "cabin",
    "lighthouse",
    "bridge",
    "windmill",
    "sailboat",
    "hot air balloon",
    "birds",
    "person",
    "deer",
    "horse",
];

fn frame(prompt: &str, negative: &str, size: (u32, u32), quality: Quality, camera: Camera) -> Rgb8 {
    let mut scene = Scene::compose(prompt, negative, None, 7);
    assert!(scene.prepare(&|| false));
    scene.frame(size.0, size.1, camera, quality, &|| false).unwrap()
}

/// Share of the points at which two pictures differ visibly.
fn changed(a: &Rgb8, b: &Rgb8) -> f32 {
    let pairs = a.pixels.chunks_exact(3).zip(b.pixels.chunks_exact(3));
    let other = pairs.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 12)).count();
    other as f32 * 3.0 / a.pixels.len() as f32
}

#[test]
fn every_object_is_seen_where_it_is_named_and_not_where_it_is_refused() {
    for prop in KNOWN {
        let prompt = format!("{prop} on a lake");
        let shown = frame(&prompt, "", (64, 64), Quality::Film, Camera::STILL);
        let refused = frame(&prompt, prop, (64, 64), Quality::Film, Camera::STILL);
        assert!(changed(&shown, &refused) > 0.01, "{prop}");
    }
}

#[test]
fn objects_are_as_many_as_the_prompt_says_and_stand_apart() {
    for (prompt, expected) in [
        ("a horse in a meadow", 1),
        ("three horses in a meadow", 3),
        ("6 deer in a meadow", 6),
        ("a sailboat", 1),
        ("20 sailboats on the sea", 6),
        ("a cabin in a valley", 1),
        ("a mountain village", 4),
        ("a hot air balloon", 1),
        ("two hot air balloons", 2),
        ("balloons over hills", 6),
        ("a couple on a beach", 2),
        ("a pair of hikers on a hill", 2),
        ("a pyramid", 1),
        ("the pyramids of giza", 3),
        ("three castles", 1),
        ("birds over a lake", 11),
        ("a flock of birds over the sea", 11),
        ("a few birds over a lake", 11),
        ("a photo of birds over a lake", 11),
        ("a seagull over the sea", 1),
        ("a herd of deer in a meadow", 3),
        ("a 100-year-old cabin in the woods", 1),
        ("a three-masted ship on the sea", 1),
        ("two hundred sailboats on the sea", 6),
        ("a dozen of sailboats on the sea", 6),
        ("cuatro caballos en el desierto", 4),
        ("a boat and three ships on the sea", 3),
        ("a man and two children on a hill", 2),
        ("a rider on a horse in the desert", 1),
        ("1920 sailboats on the sea", 3),
    ] {
        let composition = Composition::read(prompt, "", 7);
        let all = troop::all(&composition);
        let [(prop, size)] = all[..] else { panic!("{prompt}: {all:?}") };
        let spot = Spot { prop, at: vec3(0.0, 0.0, 0.0), distance: 50.0, side: 1.0, size };
        let actors = actors_at(&spot, &Palette::new(&composition), 3);
        assert_eq!((size, actors.len()), (expected, expected), "{prompt}");
        for (number, one) in actors.iter().enumerate() {
            for other in &actors[..number] {
                assert!((one.origin - other.origin).length() > 0.8, "{prompt}");
            }
        }
    }
}

#[test]
fn an_aerial_shot_looks_at_its_object() {
    for prop in KNOWN {
        let prompt = format!("{prop} from above");
        let shown = frame(&prompt, "", (96, 96), Quality::Film, Camera::STILL);
        let refused = frame(&prompt, prop, (96, 96), Quality::Film, Camera::STILL);
        assert!(changed(&shown, &refused) > 0.003, "{prop}");
    }
}

#[test]
fn any_shape_of_picture_and_any_angle_can_be_drawn() {
    for prop in KNOWN {
        for size in [(16, 400), (400, 16), (1, 1)] {
            frame(prop, "", size, Quality::Film, Camera::STILL);
        }
        let mut scene = Scene::compose(prop, "", None, 3);
        assert!(scene.prepare(&|| false));
        for turn in 0..6 {
            let turn = turn as f32;
            let camera = Camera { time: turn * 40.0, progress: turn / 5.0, orbit: turn };
            let drawn = scene.frame(32, 32, camera, Quality::Film, &|| false).unwrap();
            assert!(drawn.pixels.iter().max() > drawn.pixels.iter().min());
        }
    }
}
