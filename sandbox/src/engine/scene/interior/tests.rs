use super::*;
use crate::engine::prompt::Room as Kind;
use crate::engine::scene::Camera;
use crate::engine::scene::probe::{apart, light, view};

const ROOMS: [&str; 7] = [
    "a living room",
    "a cosy living room with a fireplace",
    "a bedroom",
    "a modern kitchen",
    "a library",
    "cathedral interior",
    "throne room",
];

fn interior(prompt: &str) -> Box<dyn Renderer> {
    let composition = Composition::read(prompt, "", 7);
    match composition.room {
        Some(Kind::Hall | Kind::Throne) => Box::new(Hall::new(&composition)),
        _ => Box::new(Interior::build(&composition, &|| false).unwrap()),
    }
}

#[test]
fn words_choose_the_room() {
    let seen = ROOMS.map(|prompt| light(&*interior(prompt), &view(96.0, 96.0, Camera::STILL)));
    for (number, one) in seen.iter().enumerate() {
        for (other, two) in seen.iter().enumerate().take(number) {
            assert!(apart(one, two) > 0.02, "{}, {}", ROOMS[number], ROOMS[other]);
        }
    }
}

#[test]
fn something_moves_in_every_room_by_itself() {
    for prompt in ROOMS {
        let room = interior(prompt);
        let at = |time: f32| light(&*room, &view(96.0, 96.0, Camera { time, ..Camera::STILL }));
        assert!(apart(&at(0.0), &at(1.7)) > 1e-4, "{prompt} stands still");
    }
}

#[test]
fn the_camera_stays_within_the_walls_and_sees_lit_things_all_around() {
    let nothing = Material {
        albedo: gray(0.0),
        normal: vec3(0.0, 0.0, 0.0),
        roughness: -1.0,
        metallic: -1.0,
        distance: -1.0,
    };
    for prompt in ROOMS {
        let room = interior(prompt);
        for progress in [0.0, 0.5, 1.0] {
            for orbit in [0.0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8, 5.6] {
                let view = view(64.0, 48.0, Camera { time: 1.0, progress, orbit });
                let mut line = [nothing; 3];
                for x in [4.5, 32.5, 60.5] {
                    room.materials(&view, x, &[2.5, 24.5, 46.5], &mut line);
                    for point in &line {
                        let Material { distance, normal, .. } = point;
                        assert!(*distance > 0.05 && *distance < 70.0, "{prompt}: {point:?}");
                        assert!((normal.length() - 1.0).abs() < 1e-3, "{prompt}: {point:?}");
                        assert_eq!(point.albedo, point.albedo.clamped());
                    }
                }
                let seen = light(&*room, &view);
                let bright = seen.iter().map(|color| color.luminance()).sum::<f32>() / 384.0;
                assert!(bright > 0.02, "{prompt} is dark at {progress}, {orbit}");
            }
        }
    }
}

#[test]
fn light_is_finite_in_pictures_of_any_shape() {
    for prompt in ROOMS {
        let room = interior(prompt);
        for (width, height) in [(16.0, 1024.0), (1024.0, 16.0), (1.0, 1.0)] {
            for color in light(&*room, &view(width, height, Camera::STILL)) {
                let least = color.x.min(color.y).min(color.z);
                assert!(least >= 0.0 && color.luminance() < 1e4, "{prompt}: {color:?}");
            }
        }
    }
}

#[test]
fn furnishing_stops_when_it_is_cancelled() {
    assert!(Interior::build(&Composition::read("a bedroom", "", 7), &|| true).is_none());
}
