use super::*;
use crate::engine::decode;
use crate::engine::job::Fidelity;
use crate::engine::math::squared;
use crate::engine::style::Style;
use crate::engine::tone::ToneCurve;
use crate::engine::vector::{Color, rgb};
use proptest::prelude::*;
use std::cell::Cell;

fn job(prompt: &str, width: u32, height: u32) -> PictureJob {
    PictureJob {
        prompt: prompt.to_owned(),
        negative_prompt: String::new(),
        style: None,
        width,
        height,
        seed: 7,
        count: 1,
        fidelity: Fidelity::Preview,
        format: PictureFormat::Png,
        hdr: false,
        pbr: false,
        source: None,
    }
}

fn quiet(job: &PictureJob) -> Result<Rendered, RenderError> {
    render(job, &mut |_| {}, &|| false)
}

#[test]
fn every_format_decodes_again_at_the_asked_size() {
    for (width, height) in [(16, 16), (333, 77), (40, 90)] {
        for format in [PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::Webp] {
            let rendered = quiet(&PictureJob { format, ..job("abstract", width, height) });
            let output = &rendered.unwrap().outputs[0];
            let picture = decode::decode(&output.bytes).unwrap();
            assert_eq!((picture.width, picture.height), (width, height));
            assert_eq!((output.width, output.height), (Some(width), Some(height)));
            let (darkest, brightest) =
                (picture.pixels.iter().min().unwrap(), picture.pixels.iter().max().unwrap());
            assert!(brightest - darkest > 60, "the picture is flat");
        }
    }
}

#[test]
fn each_picture_of_a_job_has_its_own_seed() {
    let rendered = quiet(&PictureJob { count: 3, ..job("abstract", 32, 32) }).unwrap();
    let seeds: Vec<u64> = rendered.outputs.iter().map(|output| output.seed).collect();
    assert_eq!(seeds, [7, 8, 9]);
    let alone = quiet(&PictureJob { seed: 8, ..job("abstract", 32, 32) }).unwrap();
    assert_eq!(alone.outputs[0], rendered.outputs[1]);
    assert_ne!(rendered.outputs[0].bytes, rendered.outputs[1].bytes);
}

/// Colours of a Radiance file, row by row.
fn light_of(bytes: &[u8], width: usize, height: usize) -> Vec<Color> {
    let head = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap() + 2;
    let line = bytes[head..].iter().position(|byte| *byte == b'\n').unwrap();
    let mut rest = &bytes[head + line + 1..];
    let mut colors = Vec::new();
    for _ in 0..height {
        assert_eq!(rest[..4], [2, 2, (width >> 8) as u8, width as u8]);
        rest = &rest[4..];
        let mut values = Vec::new();
        while values.len() < width * 4 {
            let count = usize::from(rest[0]);
            let taken = if count > 128 {
                values.extend(std::iter::repeat_n(rest[1], count - 128));
                2
            } else {
                values.extend_from_slice(&rest[1..=count]);
                count + 1
            };
            rest = &rest[taken..];
        }
        colors.extend((0..width).map(|x| {
            let scale = libm::exp2f(f32::from(values[x + 3 * width]) - 136.0);
            let channel = |c: usize| (f32::from(values[x + c * width]) + 0.5) * scale;
            rgb(channel(0), channel(1), channel(2))
        }));
    }
    assert!(rest.is_empty());
    colors
}

#[test]
fn the_high_dynamic_range_file_is_the_light_of_the_picture() {
    for prompt in ["neon city", "sunset over the sea"] {
        let rendered = quiet(&PictureJob { hdr: true, ..job(prompt, 160, 120) }).unwrap();
        let [picture, light] = &rendered.outputs[..] else { panic!("two files") };
        assert_eq!((picture.role, picture.mime_type), ("image", "image/png"));
        let kind = (light.role, light.mime_type, light.extension);
        assert_eq!(kind, ("hdr", "image/vnd.radiance", "hdr"));
        assert!(rendered.notes.iter().any(|note| note.contains("Radiance")));
        let colors = light_of(&light.bytes, 160, 120);
        let brightest = |color: &Color| color.x.max(color.y).max(color.z);
        let most = colors.iter().map(brightest).fold(0.0, f32::max);
        // The sun stands above all lamps.
        let least = if prompt.contains("sunset") { 10.0 } else { 1.5 };
        assert!(most > least, "{prompt}: {most}");
        let curve = ToneCurve::new(true);
        let shown = decode::decode(&picture.bytes).unwrap();
        for ((at, color), pixel) in colors.iter().enumerate().zip(shown.pixels.chunks(3)) {
            let expected = curve.pixel(*color, at % 160, at / 160);
            for (a, b) in expected.iter().zip(pixel) {
                assert!(a.abs_diff(*b) <= 3, "{prompt}: {expected:?} {pixel:?} {color:?}");
            }
        }
    }
}

#[test]
fn a_given_picture_is_restyled_at_its_own_size_or_the_wanted_one() {
    let given = quiet(&job("a desert at noon", 96, 64)).unwrap().outputs.remove(0).bytes;
    let styled = |strength: f32, size: (u32, u32), style: &str| {
        let source = Some((given.clone(), strength));
        let style = Some(style.to_owned());
        let order = PictureJob { source, style, ..job("a lake at night", size.0, size.1) };
        let rendered = quiet(&order).unwrap();
        assert!(rendered.notes.iter().any(|note| note.contains("given picture")));
        decode::decode(&rendered.outputs[0].bytes).unwrap()
    };
    let original = decode::decode(&given).unwrap();
    assert_eq!(styled(0.0, (0, 0), "sketch"), original);
    let apart = |strength: f32, style: &str| -> u64 {
        let pixels = styled(strength, (0, 0), style).pixels;
        original.pixels.iter().zip(&pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
    };
    let size = original.pixels.len() as u64;
    assert!(apart(0.3, "sketch") / size >= 4);
    assert!(apart(0.3, "sketch") < apart(1.0, "sketch"));
    assert!(apart(1.0, "realistic") / size >= 4, "the prompt's colours do not show");
    let fitted = styled(1.0, (50, 80), "anime");
    assert_eq!((fitted.width, fitted.height), (50, 80));
}

#[test]
fn what_cannot_be_done_is_refused() {
    let png = quiet(&job("abstract", 16, 16)).unwrap().outputs.remove(0).bytes;
    let source = || Some((png.clone(), 0.5));
    for (hdr, pbr, word) in [(true, false, "`hdr`"), (false, true, "`pbr`")] {
        let refused = quiet(&PictureJob { hdr, pbr, source: source(), ..job("lake", 32, 32) });
        let Err(RenderError::Unsupported(reason)) = refused else { panic!("{refused:?}") };
        assert!(reason.contains(word), "{reason}");
    }
    let source = Some((b"no picture".to_vec(), 0.5));
    let unreadable = quiet(&PictureJob { source, ..job("lake", 32, 32) });
    assert!(matches!(unreadable, Err(RenderError::Invalid(reason)) if reason.contains("`image`")));
    let none = quiet(&PictureJob { count: 0, ..job("lake", 32, 32) });
    assert!(matches!(none, Err(RenderError::Invalid(_))));
    let huge = PictureJob { fidelity: Fidelity::Full, ..job("lake", 16_384, 16_384) };
    assert!(matches!(quiet(&huge), Err(RenderError::Unsupported(_))));
}

#[test]
fn a_picture_that_asks_for_no_size_has_the_usual_one() {
    let rendered = quiet(&job("abstract", 0, 0)).unwrap();
    assert_eq!(rendered.rendered, Size::of_picture(1024, 1024));
    assert_eq!(rendered.requested, rendered.rendered);
}

#[test]
fn what_stands_in_for_a_style_or_is_unknown_is_said_of_a_given_picture_too() {
    let pixels = [90; 32 * 24 * 3];
    let given = decode::tests::png_of(32, 24, png::ColorType::Rgb, png::BitDepth::Eight, &pixels);
    let notes = |prompt: &str, style: &str| {
        let source = Some((given.clone(), 0.5));
        let style = Some(style.to_owned());
        quiet(&PictureJob { source, style, ..job(prompt, 0, 0) }).unwrap().notes.join("\n")
    };
    assert!(notes("a lake", "modern").contains("`digital-art` instead"));
    assert!(notes("qwertyuiop", "modern").contains("`digital-art` instead"));
    assert!(!notes("a lake", "anime").contains("instead"));
    let unknown = notes("qwertyuiop", "anime");
    assert!(unknown.contains("keeps its colours") && !unknown.contains("chose"), "{unknown}");
}

#[test]
fn a_tone_or_a_colour_alone_is_laid_over_a_given_picture() {
    let pixels = [[200, 120, 60]; 32 * 24].concat();
    let given = decode::tests::png_of(32, 24, png::ColorType::Rgb, png::BitDepth::Eight, &pixels);
    let middle = |prompt: &str, strength: f32| -> [u8; 3] {
        let source = Some((given.clone(), strength));
        let rendered = quiet(&PictureJob { source, ..job(prompt, 0, 0) }).unwrap();
        assert!(!rendered.notes.iter().any(|note| note.contains("keeps its colours")), "{prompt}");
        let picture = decode::decode(&rendered.outputs[0].bytes).unwrap();
        picture.pixels.as_chunks::<3>().0[32 * 12 + 16]
    };
    for prompt in ["black and white", "a city, black and white"] {
        let [r, g, b] = middle(prompt, 1.0);
        assert!(r.abs_diff(g) <= 2 && g.abs_diff(b) <= 2, "{prompt}: {r} {g} {b}");
    }
    let bluer = |[r, _, b]: [u8; 3]| i32::from(b) - i32::from(r);
    let [whole, half] = [1.0, 0.5].map(|strength| bluer(middle("blue", strength)));
    assert!(whole > half && half > bluer([200, 120, 60]), "{whole} {half}");
    let [r, _, b] = middle("sepia", 1.0);
    assert!(r > b);
}

#[test]
fn a_given_picture_is_left_where_it_is_when_nobody_wants_it() {
    let pixels: Vec<u8> = (0..900 * 700 * 3).map(|at| (at / 7 % 256) as u8).collect();
    let given = decode::tests::png_of(900, 700, png::ColorType::Rgb, png::BitDepth::Eight, &pixels);
    let stage = Cell::new(0.0);
    let mut watch = |progress: Progress| stage.set(progress.fraction);
    // From 0 on the picture is cut and brought to its size, from 0.3 on it gets its colours.
    for (reached, from) in [(0.0, "cutting"), (0.3, "colouring")] {
        stage.set(-1.0);
        let source = Some((given.clone(), 1.0));
        let order = PictureJob { source, ..job("a lake at night", 320, 320) };
        let after = Cell::new(0);
        let cancel = || {
            after.set(after.get() + u32::from(stage.get() >= reached));
            after.get() > 2
        };
        assert_eq!(render(&order, &mut watch, &cancel), Err(RenderError::Cancelled), "{from}");
        assert_eq!(stage.get(), reached, "{from}");
    }
}

#[test]
fn in_full_a_picture_beyond_the_budget_is_whole() {
    let full = Fidelity::Full;
    let rendered = quiet(&PictureJob { fidelity: full, ..job("abstract", 16_384, 272) });
    let rendered = rendered.unwrap();
    assert_eq!(rendered.rendered, Size::of_picture(16_384, 272));
    assert_eq!(decode::decode(&rendered.outputs[0].bytes).unwrap().width, 16_384);
}

#[test]
fn the_narrowest_pictures_are_made_too() {
    for (width, height) in [(16, 16), (16, 16_384), (16_384, 16)] {
        for (prompt, style) in [
            ("snow in the mountains", "realistic"),
            ("city", "anime"),
            ("clouds", "watercolor"),
            ("abstract", "oil-painting"),
        ] {
            let style = Some(style.to_owned());
            let rendered = quiet(&PictureJob { style, ..job(prompt, width, height) }).unwrap();
            assert_eq!(rendered.rendered, Size::of_picture(width, height));
        }
    }
}

/// Samples of a map, as they are in its file.
fn samples(output: &RenderedOutput) -> Vec<u8> {
    let decoder = png::Decoder::new(std::io::Cursor::new(&output.bytes));
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut samples).unwrap();
    samples
}

#[test]
fn material_maps_have_the_surfaces_of_the_scene_and_leave_the_sky_out() {
    for prompt in ["a mountain lake", "desert", "flowers", "a portrait"] {
        let rendered = quiet(&PictureJob { pbr: true, ..job(prompt, 96, 72) }).unwrap();
        let map = |role: &str| {
            let output = rendered.outputs.iter().find(|output| output.role == role).unwrap();
            assert_eq!((output.mime_type, output.extension), ("image/png", "png"));
            samples(output)
        };
        let (albedo, normal) = (map("albedo"), map("normal"));
        let (roughness, metallic, height) = (map("roughness"), map("metallic"), map("height"));
        assert_eq!(metallic.len(), 96 * 72);
        let heights: Vec<u16> =
            height.chunks(2).map(|sample| u16::from_be_bytes([sample[0], sample[1]])).collect();
        assert_eq!(heights.iter().max(), Some(&65_535), "{prompt}");
        let (mut surface, mut smooth) = (0, 0);
        for (at, height) in heights.iter().enumerate() {
            let direction = &normal[at * 3..at * 3 + 3];
            if *height == 0 && direction == [128, 128, 255] {
                continue;
            }
            surface += 1;
            smooth += usize::from(roughness[at] < 80);
            let length: f32 =
                direction.iter().map(|v| squared(f32::from(*v) / 127.5 - 1.0, 1)).sum();
            assert!((length.sqrt() - 1.0).abs() < 0.02, "{prompt}: {direction:?}");
        }
        assert!(surface * 5 >= heights.len(), "{prompt}: {surface}");
        let (least, most) = (albedo.iter().min().unwrap(), albedo.iter().max().unwrap());
        assert!(most - least > 40, "{prompt}: the surfaces have one colour");
        if prompt.contains("lake") {
            assert!(smooth > 100, "no water: {smooth}");
            assert!(surface < heights.len(), "no sky");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn any_size_any_style_any_format(
        (width, height) in (16u32..200, 16u32..200),
        style in 0..Style::ALL.len(),
        format in 0..4usize,
        (hdr, pbr) in (any::<bool>(), any::<bool>()),
        prompt in prop::sample::select(vec!["abstract", "planet", "night city", "clouds"]),
    ) {
        use PictureFormat::{Jpeg, Png, Tiff, Webp};
        let order = PictureJob {
            style: Some(Style::ALL[style].name().to_owned()),
            format: [Png, Jpeg, Webp, Tiff][format],
            hdr,
            pbr,
            ..job(prompt, width, height)
        };
        let rendered = quiet(&order).unwrap();
        let roles: Vec<&str> = rendered.outputs.iter().map(|output| output.role).collect();
        let mut expected = vec!["image"];
        expected.extend(hdr.then_some("hdr"));
        if pbr {
            expected.extend(["albedo", "normal", "roughness", "metallic", "height"]);
        }
        prop_assert_eq!(roles, expected);
        for output in &rendered.outputs {
            prop_assert_eq!((output.width, output.height), (Some(width), Some(height)));
            prop_assert!(!output.bytes.is_empty());
        }
    }
}

#[test]
fn a_picture_beyond_the_budget_is_smaller_and_says_so() {
    let rendered = quiet(&job("abstract shapes", 16_384, 1024)).unwrap();
    assert_eq!(rendered.requested, Size::of_picture(16_384, 1024));
    assert_eq!(rendered.rendered, Size::of_picture(2048, 128));
    assert!(rendered.notes.iter().any(|note| note.contains("2048x128")));
}

#[test]
fn progress_rises_to_one_with_ever_finer_previews_on_the_way() {
    let (mut last, mut steps, mut previews) = (0.0, 0, Vec::new());
    let mut watch = |progress: Progress| {
        assert!(progress.fraction >= last && progress.fraction <= 1.0);
        last = progress.fraction;
        steps += 1;
        if let Some(preview) = progress.preview {
            assert!(progress.fraction < 0.5);
            let picture = decode::decode(&preview.bytes).unwrap();
            assert_eq!((picture.width, picture.height), (preview.width, preview.height));
            previews.push(picture);
        }
    };
    let rendered = render(&job("abstract", 400, 300), &mut watch, &|| false).unwrap();
    assert_eq!(last, 1.0);
    assert!(steps > 20);
    let sizes: Vec<_> = previews.iter().map(|picture| (picture.width, picture.height)).collect();
    assert_eq!(sizes, [(50, 38), (100, 75), (200, 150)]);
    // Each shows the picture that comes.
    let finished = decode::decode(&rendered.outputs[0].bytes).unwrap();
    for preview in previews {
        let small = finished.resized(preview.width, preview.height, &|| false).unwrap();
        let apart = small.pixels.iter().zip(&preview.pixels).map(|(a, b)| a.abs_diff(*b));
        let sum: u64 = apart.map(u64::from).sum();
        assert!(sum / (small.pixels.len() as u64) < 16, "{sum}");
    }
}

#[test]
fn cancelling_ends_a_job_wherever_it_is() {
    for prompt in ["mountain lake", "clouds", "city", "planet", "abstract"] {
        for patience in [0, 2, 5] {
            let asked = Cell::new(0);
            let cancel = || {
                asked.set(asked.get() + 1);
                asked.get() > patience
            };
            let job = PictureJob { style: Some("artistic".to_owned()), ..job(prompt, 600, 600) };
            assert_eq!(render(&job, &mut |_| {}, &cancel), Err(RenderError::Cancelled));
            assert_eq!(asked.get(), patience + 1, "{prompt}: asked again after the answer");
        }
    }
}

#[test]
fn strange_prompts_make_pictures_too() {
    for prompt in ["🦀🌈🏔", "مدينة في الليل", "\u{202E}abc", "a\u{0}b", &"city ".repeat(6_400)]
    {
        let rendered = quiet(&job(prompt, 24, 24)).unwrap();
        assert_eq!(decode::decode(&rendered.outputs[0].bytes).unwrap().width, 24);
    }
    let unknown = quiet(&job("qwertyuiop", 16, 16)).unwrap();
    assert!(unknown.notes.iter().any(|note| note.contains("chose")));
    assert!(quiet(&job("a lake", 16, 16)).unwrap().notes.is_empty());
}
