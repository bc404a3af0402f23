use super::*;
use crate::engine::scene::Camera;
use crate::engine::scene::probe::{apart, light, view};

const CITIES: [&str; 8] = [
    "city",
    "old town",
    "new york 1930",
    "A futuristic city with flying cars",
    "cyberpunk street in the rain at night",
    "aerial view of a city",
    "city in the desert",
    "towers above the clouds",
];

fn city(prompt: &str) -> City {
    City::build(&Composition::read(prompt, "", 7), &|| false).unwrap()
}

#[test]
fn words_choose_the_age_the_place_and_the_stand() {
    let seen = CITIES.map(|prompt| light(&city(prompt), &view(96.0, 96.0, Camera::STILL)));
    for (number, one) in seen.iter().enumerate() {
        for (other, two) in seen.iter().enumerate().take(number) {
            assert!(apart(one, two) > 0.03, "{}, {}", CITIES[number], CITIES[other]);
        }
    }
}

#[test]
fn every_city_moves_and_is_seen_from_all_sides() {
    for prompt in CITIES {
        let city = city(prompt);
        let at = |time: f32, progress: f32, orbit: f32| {
            light(&city, &view(96.0, 64.0, Camera { time, progress, orbit }))
        };
        let start = at(0.0, 0.0, 0.0);
        assert!(apart(&start, &at(4.0, 0.5, 0.0)) > 0.005, "{prompt} stands still");
        for orbit in [0.9, 2.3, 3.9, 5.5] {
            let turned = at(0.0, 0.0, orbit);
            assert!(apart(&start, &turned) > 0.01, "{prompt} does not turn");
            let mean = turned.iter().map(|color| color.luminance()).sum::<f32>() / 288.0;
            let spread = turned.iter().map(|color| (color.luminance() - mean).abs()).sum::<f32>();
            assert!(spread / 288.0 > 0.02, "{prompt} is empty at {orbit}");
        }
    }
}

#[test]
fn fog_and_snow_make_a_grey_day() {
    // How far red and blue are apart, as a share of the light.
    let tint = |prompt: &str| {
        let seen = light(&city(prompt), &view(96.0, 96.0, Camera::STILL));
        let mean = seen.iter().fold(gray(0.0), |sum, color| sum + *color);
        (mean.x - mean.z).abs() / mean.luminance()
    };
    for prompt in ["a city in the fog", "a city in the snow"] {
        assert!(tint(prompt) < 0.15, "{prompt}: {}", tint(prompt));
    }
    assert!(tint("a city") > 0.2, "{}", tint("a city"));
}

#[test]
fn light_is_finite_in_pictures_of_any_shape() {
    for prompt in CITIES {
        let city = city(prompt);
        for (width, height) in [(16.0, 1024.0), (1024.0, 16.0), (1.0, 1.0)] {
            for color in light(&city, &view(width, height, Camera::STILL)) {
                let least = color.x.min(color.y).min(color.z);
                assert!(least >= 0.0 && color.luminance() < 1e4, "{prompt}: {color:?}");
            }
        }
    }
}

#[test]
fn planning_stops_when_it_is_cancelled() {
    assert!(City::build(&Composition::read("city", "", 7), &|| true).is_none());
}

#[test]
fn materials_tell_the_sky_from_walls_and_the_ground() {
    let city = city("city");
    let view = view(64.0, 64.0, Camera::STILL);
    let nothing = Material {
        albedo: gray(0.0),
        normal: vec3(0.0, 0.0, 0.0),
        roughness: -1.0,
        metallic: -1.0,
        distance: -1.0,
    };
    let mut line = [nothing; 3];
    for x in [8.5, 32.5, 56.5] {
        city.materials(&view, x, &[1.5, 47.5, 62.5], &mut line);
        let [high, middle, low] = &line;
        assert!(high.distance.is_infinite() && middle.distance < 800.0, "{line:?}");
        // The water before the city is smooth and level.
        assert!(low.distance < middle.distance && low.roughness < 0.2 && low.normal.y > 0.99);
        for point in &line {
            assert!((point.normal.length() - 1.0).abs() < 1e-3, "{point:?}");
            assert!(
                (0.0..=1.0).contains(&point.roughness) && (0.0..=1.0).contains(&point.metallic)
            );
            assert_eq!(point.albedo, point.albedo.clamped());
        }
    }
}
