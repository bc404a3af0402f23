//! The few colours of a silhouette picture.

use crate::engine::noise::hash;
use crate::engine::prompt::{Composition, Light};
use crate::engine::vector::{Color, gray, rgb};

/// Colours in linear light.
#[derive(Clone, Copy)]
pub(super) struct Hues {
    /// Sky at the top and at the horizon.
    pub(super) high: Color,
    pub(super) low: Color,
    /// The disc of sun or moon.
    pub(super) disc: Color,
    /// Farthest and nearest layer of land.
    pub(super) far: Color,
    pub(super) near: Color,
    /// The silhouette itself, and the light along its edge.
    pub(super) figure: Color,
    pub(super) rim: Color,
}

const DAY: [Hues; 3] = [
    Hues {
        high: rgb(0.08, 0.34, 0.42),
        low: rgb(0.92, 0.80, 0.58),
        disc: rgb(1.0, 0.90, 0.66),
        far: rgb(0.36, 0.56, 0.52),
        near: rgb(0.012, 0.06, 0.08),
        figure: rgb(0.010, 0.026, 0.038),
        rim: rgb(1.0, 0.78, 0.48),
    },
    Hues {
        high: rgb(0.80, 0.26, 0.16),
        low: rgb(0.96, 0.78, 0.54),
        disc: rgb(0.98, 0.92, 0.78),
        far: rgb(0.74, 0.30, 0.20),
        near: rgb(0.07, 0.022, 0.040),
        figure: rgb(0.028, 0.014, 0.030),
        rim: rgb(1.0, 0.70, 0.42),
    },
    Hues {
        high: rgb(0.10, 0.20, 0.46),
        low: rgb(0.80, 0.84, 0.82),
        disc: rgb(0.98, 0.56, 0.34),
        far: rgb(0.34, 0.46, 0.62),
        near: rgb(0.014, 0.026, 0.075),
        figure: rgb(0.012, 0.016, 0.044),
        rim: rgb(1.0, 0.64, 0.42),
    },
];
const DAWN: Hues = Hues {
    high: rgb(0.22, 0.22, 0.48),
    low: rgb(0.98, 0.66, 0.54),
    disc: rgb(1.0, 0.86, 0.68),
    far: rgb(0.62, 0.40, 0.50),
    near: rgb(0.040, 0.026, 0.085),
    figure: rgb(0.022, 0.016, 0.046),
    rim: rgb(1.0, 0.66, 0.52),
};
const SUNSET: Hues = Hues {
    high: rgb(0.16, 0.05, 0.20),
    low: rgb(1.0, 0.42, 0.12),
    disc: rgb(1.15, 0.72, 0.26),
    far: rgb(0.56, 0.15, 0.14),
    near: rgb(0.036, 0.010, 0.032),
    figure: rgb(0.018, 0.008, 0.020),
    rim: rgb(1.1, 0.50, 0.16),
};
const NIGHT: Hues = Hues {
    high: rgb(0.006, 0.016, 0.058),
    low: rgb(0.055, 0.15, 0.28),
    disc: rgb(0.86, 0.90, 0.86),
    far: rgb(0.040, 0.105, 0.19),
    near: rgb(0.003, 0.009, 0.024),
    figure: rgb(0.003, 0.006, 0.015),
    rim: rgb(0.48, 0.66, 0.86),
};
const STORM: Hues = Hues {
    high: rgb(0.05, 0.07, 0.09),
    low: rgb(0.44, 0.50, 0.52),
    disc: rgb(0.72, 0.76, 0.74),
    far: rgb(0.22, 0.27, 0.30),
    near: rgb(0.014, 0.020, 0.027),
    figure: rgb(0.010, 0.014, 0.019),
    rim: rgb(0.66, 0.74, 0.78),
};
const NEON: Hues = Hues {
    high: rgb(0.018, 0.006, 0.090),
    low: rgb(0.80, 0.06, 0.42),
    disc: rgb(1.1, 0.34, 0.30),
    far: rgb(0.22, 0.03, 0.36),
    near: rgb(0.010, 0.006, 0.050),
    figure: rgb(0.006, 0.004, 0.026),
    rim: rgb(0.10, 0.90, 1.0),
};

impl Hues {
    pub(super) fn new(composition: &Composition) -> Hues {
        let pick = hash(3, 1, composition.variation) as usize % DAY.len();
        let hues = match composition.light {
            Light::Day => DAY.get(pick).copied().unwrap_or(DAWN),
            Light::Dawn => DAWN,
            Light::Sunset => SUNSET,
            Light::Night => NIGHT,
            Light::Storm => STORM,
            Light::Neon => NEON,
        };
        match composition.colors.as_slice() {
            [] => hues,
            [only] => hues.tinted(*only, only.mix(gray(1.0), 0.45)),
            [first, second, ..] => hues.tinted(*first, *second),
        }
    }

    /// The same light and dark in two colours of the prompt: the first for the air, the second
    /// for what shines.
    fn tinted(self, air: Color, shine: Color) -> Hues {
        let like = |color: Color, hue: Color, share: f32| {
            let level = color.luminance() / (hue.luminance() + 0.04);
            color.mix(hue * level, share)
        };
        Hues {
            high: like(self.high, air, 0.85),
            low: like(self.low, air.mix(shine, 0.35), 0.8),
            disc: like(self.disc, shine, 0.75),
            far: like(self.far, air, 0.85),
            near: like(self.near, air, 0.8),
            figure: like(self.figure, air, 0.6),
            rim: like(self.rim, shine, 0.7),
        }
    }
}
