//! What moods and colour words do to a finished picture: light, contrast and colour of every
//! pixel by itself, so that parts of a picture and frames of a film match.

use super::math::{larger, mix, saturate, smoothstep};
use super::noise::random;
use super::parallel;
use super::prompt::{Composition, Mood, Subject, Tone};
use super::raster::Rgb8;
use super::vector::{Color, gray, rgb};

/// Rows that are graded between two questions whether to go on.
const BAND: usize = 8;
/// How far a named colour tints what it is laid over.
const TINT: f32 = 0.34;
/// Colours closer to grey than this tint nothing.
const LEAST_CHROMA: f32 = 0.12;

/// A grade of display values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grading {
    gain: f32,
    /// Steepness in the middle; below 0 is flatter.
    contrast: f32,
    saturation: f32,
    /// Light added to the darkest places.
    lift: f32,
    /// Colour of the shadows and of the lights; grey changes nothing.
    shadows: Color,
    lights: Color,
    tone: Tone,
}

const NEUTRAL: Grading = Grading {
    gain: 1.0,
    contrast: 0.0,
    saturation: 1.0,
    lift: 0.0,
    shadows: gray(1.0),
    lights: gray(1.0),
    tone: Tone::Natural,
};

impl Grading {
    /// The grade that a prompt asks for.
    pub(crate) fn of(composition: &Composition) -> Grading {
        let mut grading = Grading { tone: composition.tone, ..Grading::of_mood(composition.mood) };
        if !takes_colors_in(composition.subject) {
            grading.tint(&composition.tints);
        }
        grading
    }

    /// The grade of a picture that was given. What the prompt shows has its own way to colour it,
    /// so of a prompt that shows something only the tone is left.
    pub(crate) fn of_given(composition: &Composition) -> Grading {
        if !composition.guessed {
            return Grading { tone: composition.tone, ..NEUTRAL };
        }
        let mut grading = Grading { tone: composition.tone, ..Grading::of_mood(composition.mood) };
        grading.tint(&composition.tints);
        grading
    }

    /// Whether it changes nothing.
    pub(crate) fn is_neutral(&self) -> bool {
        *self == NEUTRAL
    }

    fn of_mood(mood: Mood) -> Grading {
        let grade = |gain, contrast, saturation, lift, shadows, lights| Grading {
            gain,
            contrast,
            saturation,
            lift,
            shadows,
            lights,
            tone: Tone::Natural,
        };
        match mood {
            Mood::Neutral => NEUTRAL,
            Mood::Calm => {
                grade(1.02, -0.12, 0.93, 0.012, rgb(0.97, 1.0, 1.05), rgb(1.0, 1.0, 0.99))
            }
            Mood::Joyful => {
                grade(1.07, 0.06, 1.18, 0.008, rgb(1.02, 1.0, 0.99), rgb(1.04, 1.01, 0.95))
            }
            Mood::Dramatic => {
                grade(0.97, 0.42, 0.97, 0.0, rgb(0.93, 0.98, 1.10), rgb(1.06, 1.0, 0.92))
            }
            Mood::Dark => grade(0.74, 0.22, 0.72, 0.0, rgb(0.90, 1.0, 1.14), rgb(0.97, 1.0, 1.02)),
            Mood::Dreamy => {
                grade(1.05, -0.22, 0.96, 0.045, rgb(1.06, 0.96, 1.10), rgb(1.05, 0.98, 0.98))
            }
            Mood::Mysterious => {
                grade(0.86, 0.14, 0.78, 0.012, rgb(0.88, 1.03, 1.12), rgb(0.98, 1.0, 0.98))
            }
            Mood::Cozy => {
                grade(0.99, 0.08, 1.06, 0.012, rgb(1.09, 0.98, 0.90), rgb(1.08, 1.0, 0.86))
            }
        }
    }

    /// One colour tints everything; of several the brightest goes to the lights and the darkest
    /// to the shadows.
    fn tint(&mut self, colors: &[Color]) {
        let mut tints: Vec<Color> = colors.iter().filter_map(|color| tint_of(*color)).collect();
        tints.sort_by(|a, b| a.luminance().total_cmp(&b.luminance()));
        if let (Some(dark), Some(bright)) = (tints.first(), tints.last()) {
            self.shadows = self.shadows * (*dark * (1.0 / larger(dark.luminance(), 0.05)));
            self.lights = self.lights * (*bright * (1.0 / larger(bright.luminance(), 0.05)));
        }
    }

    /// Changes a picture in place. Returns false when `cancel` answered true.
    pub(crate) fn apply(&self, picture: &mut Rgb8, cancel: &dyn Fn() -> bool) -> bool {
        if self.is_neutral() {
            return true;
        }
        let columns = (picture.width as usize).max(1);
        let grade = |band: usize, pixels: &mut [u8]| {
            let (pixels, _) = pixels.as_chunks_mut::<3>();
            for (at, pixel) in pixels.iter_mut().enumerate() {
                let (x, y) = (at % columns, band * BAND + at / columns);
                let [r, g, b] = pixel.map(|value| f32::from(value) * (1.0 / 255.0));
                let graded = self.graded(rgb(r, g, b)).clamped();
                let dither = random(x as i32, y as i32, 9);
                *pixel = [graded.x, graded.y, graded.z].map(|v| (v * 254.999 + dither) as u8);
            }
        };
        parallel::fill(&mut picture.pixels, columns * 3 * BAND, &grade, cancel, &mut |_| {})
    }

    fn graded(&self, color: Color) -> Color {
        let curve = |value: f32| {
            let value = saturate(value * self.gain);
            let steep = value * value * (3.0 - 2.0 * value);
            mix(value, steep, self.contrast) * (1.0 - self.lift) + self.lift
        };
        let curved = rgb(curve(color.x), curve(color.y), curve(color.z));
        let tint = self.shadows.mix(self.lights, smoothstep(0.1, 0.75, curved.luminance()));
        toned((curved * tint).saturated(self.saturation), self.tone)
    }
}

/// Whether the renderer of a subject paints with the named colours itself.
fn takes_colors_in(subject: Subject) -> bool {
    matches!(subject, Subject::Abstract | Subject::Flowers | Subject::Portrait | Subject::Interior)
}

/// What a named colour multiplies light by; none for greys.
fn tint_of(color: Color) -> Option<Color> {
    let display = rgb(color.x.sqrt(), color.y.sqrt(), color.z.sqrt());
    let most = larger(display.x, larger(display.y, display.z));
    let chroma = most - display.x.min(display.y).min(display.z);
    (chroma > LEAST_CHROMA).then(|| gray(1.0).mix(display * (1.0 / larger(most, 0.05)), TINT))
}

fn toned(color: Color, tone: Tone) -> Color {
    match tone {
        Tone::Natural => color,
        Tone::Pastel => color.saturated(0.78) * 0.76 + gray(0.235),
        Tone::Vivid => color.saturated(1.38),
        Tone::Muted => color.saturated(0.6) * 0.94 + rgb(0.038, 0.034, 0.030),
        Tone::Monochrome => gray(developed(color)),
        // The browns of toned silver prints: deep umber to warm paper.
        Tone::Sepia => rgb(0.10, 0.060, 0.030).mix(rgb(1.0, 0.935, 0.80), developed(color)),
    }
}

/// Brightness as panchromatic film behind a yellow filter gives it: skies darken, skin stays.
fn developed(color: Color) -> f32 {
    let bright = saturate(color.x * 0.38 + color.y * 0.47 + color.z * 0.15);
    mix(bright, bright * bright * (3.0 - 2.0 * bright), 0.45)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graded(prompt: &str, color: [u8; 3]) -> [u8; 3] {
        let mut picture = Rgb8 { width: 1, height: 1, pixels: color.to_vec() };
        let grading = Grading::of(&Composition::read(prompt, "", 7));
        assert!(grading.apply(&mut picture, &|| false));
        [picture.pixels[0], picture.pixels[1], picture.pixels[2]]
    }

    #[test]
    fn a_plain_prompt_leaves_a_picture_as_it_is() {
        assert_eq!(graded("mountains at dawn", [12, 140, 250]), [12, 140, 250]);
    }

    #[test]
    fn black_and_white_has_no_colour_and_sepia_is_brown() {
        let [r, g, b] = graded("black and white mountains", [200, 80, 30]);
        assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1);
        let [r, g, b] = graded("sepia mountains", [120, 120, 120]);
        assert!(r > g && g > b);
    }

    #[test]
    fn colours_and_moods_turn_the_light() {
        let [r, _, b] = graded("red mountains", [128, 128, 128]);
        assert!(r > b + 15);
        let [r, _, b] = graded("blue mountains", [128, 128, 128]);
        assert!(b > r + 15);
        let bright =
            |prompt: &str| graded(prompt, [128, 128, 128]).map(u32::from).iter().sum::<u32>();
        assert!(bright("dark mountains") + 60 < bright("joyful mountains"));
        // White, grey and black name no tint.
        let [r, g, b] = graded("gray mountains", [128, 128, 128]);
        assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1);
    }

    #[test]
    fn every_grade_keeps_black_and_white_in_range_and_can_be_stopped() {
        for prompt in
            ["dark sepia", "vivid joyful gold", "dreamy pastel pink", "dramatic neon green"]
        {
            let (dark, light) = (graded(prompt, [0; 3]), graded(prompt, [255; 3]));
            assert!(dark.iter().zip(light).all(|(dark, light)| *dark < light), "{prompt}");
        }
        let mut picture = Rgb8 { width: 9, height: 9, pixels: vec![7; 243] };
        let grading = Grading::of(&Composition::read("sepia", "", 7));
        assert!(!grading.apply(&mut picture, &|| true));
    }
}
