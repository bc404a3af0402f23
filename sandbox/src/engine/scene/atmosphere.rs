//! The colours of light and air for a time of day.

use crate::engine::math::{cos, exp, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::prompt::{Composition, Light, Subject};
use crate::engine::vector::{Color, Vec3, rgb, vec3};

/// Sun or moon, sky colours and haze. Colours are linear and chosen by eye; 1 is display white
/// before exposure.
#[derive(Clone, Debug)]
pub(super) struct Atmosphere {
    pub(super) light: Light,
    /// Colour straight up.
    pub(super) zenith: Color,
    /// Colour half-way up.
    pub(super) middle: Color,
    /// Colour at the horizon.
    pub(super) horizon: Color,
    /// Direction to the sun or moon.
    pub(super) sun: Vec3,
    /// Colour of direct light.
    pub(super) sunlight: Color,
    /// Colour of sunlit and of shaded cloud.
    pub(super) cloud_lit: Color,
    pub(super) cloud_dark: Color,
    /// Share of the sky under cloud.
    pub(super) clouds: f32,
    /// Whether fog or dust hides the whole sky.
    pub(super) shrouded: bool,
    /// Thickness of haze; 1 is a clear day.
    pub(super) haze: f32,
    /// Thickness of fog that lies on the ground; 0 is none.
    pub(super) mist: f32,
    /// Factor from scene light to the display.
    pub(super) exposure: f32,
}

impl Atmosphere {
    pub(super) fn new(composition: &Composition) -> Atmosphere {
        // Height and bearing of the sun in radians; bearing 0 is straight ahead.
        let (height, bearing);
        let [zenith, middle, horizon, sunlight, cloud_lit, cloud_dark];
        let exposure;
        let fog = composition.haze > 1.5;
        let hidden = composition.snow && composition.subject == Subject::City
            || composition.rain
            || composition.snowfall;
        let dust = composition.dust && matches!(composition.light, Light::Day | Light::Storm);
        let foggy_day = fog && composition.light == Light::Day;
        match composition.light {
            _ if dust => {
                (height, bearing, exposure) = (0.55, -0.5, 0.95);
                (zenith, middle) = (rgb(0.32, 0.23, 0.14), rgb(0.48, 0.35, 0.21));
                (horizon, sunlight) = (rgb(0.70, 0.52, 0.33), rgb(1.15, 0.92, 0.66));
                (cloud_lit, cloud_dark) = (rgb(0.60, 0.44, 0.27), rgb(0.38, 0.27, 0.16));
            }
            Light::Day if fog => {
                (height, bearing, exposure) = (0.50, -0.5, 1.10);
                (zenith, middle) = (rgb(0.54, 0.58, 0.62), rgb(0.57, 0.61, 0.65));
                (horizon, sunlight) = (rgb(0.74, 0.77, 0.79), rgb(1.30, 1.24, 1.14));
                (cloud_lit, cloud_dark) = (rgb(0.74, 0.77, 0.79), rgb(0.50, 0.54, 0.58));
            }
            Light::Day if hidden => {
                (height, bearing, exposure) = (0.60, -0.7, 1.05);
                (zenith, middle) = (rgb(0.32, 0.37, 0.44), rgb(0.46, 0.51, 0.57));
                (horizon, sunlight) = (rgb(0.74, 0.78, 0.82), rgb(1.30, 1.30, 1.26));
                (cloud_lit, cloud_dark) = (rgb(0.86, 0.88, 0.91), rgb(0.40, 0.44, 0.50));
            }
            Light::Day => {
                (height, bearing, exposure) = (0.50, -0.85, 0.85);
                (zenith, middle) = (rgb(0.06, 0.19, 0.58), rgb(0.24, 0.45, 0.84));
                (horizon, sunlight) = (rgb(0.66, 0.80, 0.94), rgb(5.2, 4.6, 3.8));
                (cloud_lit, cloud_dark) = (rgb(1.30, 1.27, 1.22), rgb(0.50, 0.57, 0.68));
            }
            Light::Dawn => {
                (height, bearing, exposure) = (0.16, -0.34, 0.90);
                (zenith, middle) = (rgb(0.15, 0.33, 0.72), rgb(0.66, 0.56, 0.76));
                (horizon, sunlight) = (rgb(1.45, 0.86, 0.64), rgb(5.6, 3.7, 2.5));
                (cloud_lit, cloud_dark) = (rgb(1.65, 1.06, 0.92), rgb(0.44, 0.40, 0.58));
            }
            Light::Sunset => {
                (height, bearing, exposure) = (0.105, 0.28, 0.90);
                (zenith, middle) = (rgb(0.06, 0.11, 0.36), rgb(0.52, 0.27, 0.40));
                (horizon, sunlight) = (rgb(1.60, 0.68, 0.25), rgb(7.6, 3.6, 1.25));
                (cloud_lit, cloud_dark) = (rgb(2.10, 0.86, 0.42), rgb(0.26, 0.17, 0.31));
            }
            Light::Night => {
                // Within a picture of 16:9.
                (height, bearing, exposure) = (0.30, 0.34, 1.7);
                (zenith, middle) = (rgb(0.008, 0.018, 0.055), rgb(0.022, 0.046, 0.110));
                (horizon, sunlight) = (rgb(0.060, 0.100, 0.180), rgb(0.62, 0.76, 1.02));
                (cloud_lit, cloud_dark) = (rgb(0.110, 0.135, 0.200), rgb(0.016, 0.025, 0.050));
            }
            Light::Storm => {
                (height, bearing, exposure) = (0.6, -0.7, 0.95);
                (zenith, middle) = (rgb(0.09, 0.11, 0.15), rgb(0.20, 0.24, 0.28));
                (horizon, sunlight) = (rgb(0.50, 0.53, 0.54), rgb(1.25, 1.25, 1.2));
                (cloud_lit, cloud_dark) = (rgb(0.56, 0.59, 0.63), rgb(0.10, 0.12, 0.15));
            }
            Light::Neon => {
                (height, bearing, exposure) = (0.07, 0.0, 1.0);
                (zenith, middle) = (rgb(0.012, 0.006, 0.050), rgb(0.12, 0.020, 0.20));
                (horizon, sunlight) = (rgb(0.85, 0.13, 0.50), rgb(3.4, 0.7, 1.7));
                (cloud_lit, cloud_dark) = (rgb(0.62, 0.14, 0.52), rgb(0.05, 0.02, 0.13));
            }
        }
        // Fog is the light of the whole sky, from everywhere.
        // At dawn that is the light of the low sun, which fog spreads.
        let horizon =
            if fog && composition.light == Light::Dawn { rgb(1.70, 0.76, 0.38) } else { horizon };
        let (zenith, middle) = if fog && !foggy_day {
            (zenith.mix(horizon, 0.50) * 0.9, middle.mix(horizon, 0.62))
        } else {
            (zenith, middle)
        };
        let level = cos(height);
        let storm = composition.light == Light::Storm;
        Atmosphere {
            light: composition.light,
            zenith,
            middle,
            horizon,
            sun: vec3(sin(bearing) * level, sin(height), cos(bearing) * level),
            sunlight,
            cloud_lit,
            cloud_dark,
            clouds: if storm || hidden || dust {
                0.95
            } else if composition.aurora {
                // What is above the clouds is the spectacle.
                composition.clouds * 0.4
            } else {
                composition.clouds
            },
            haze: if dust {
                4.0
            } else if storm || composition.snowfall {
                composition.haze * 1.5
            } else {
                composition.haze
            },
            shrouded: dust || foggy_day,
            mist: if dust || foggy_day {
                0.026
            } else if fog {
                0.017
            } else if composition.light == Light::Dawn {
                0.006
            } else {
                0.0
            },
            // Snow sends back most of the light.
            exposure: exposure * if composition.snow { 0.84 } else { 1.0 },
        }
    }

    /// Whether clouds hide sun, moon and stars.
    pub(super) fn overcast(&self) -> bool {
        self.clouds > 0.9 || self.shrouded
    }

    /// Whether stars are out.
    pub(super) fn starry(&self) -> bool {
        matches!(self.light, Light::Night | Light::Neon) && !self.overcast()
    }

    fn foggy(&self) -> bool {
        self.mist > 0.01
    }

    /// The clear sky in a direction, without sun, stars or clouds.
    #[inline]
    pub(super) fn gradient(&self, up: f32) -> Color {
        let low = self.horizon.mix(self.middle, smoothstep(0.0, 0.20, up));
        low.mix(self.zenith, smoothstep(0.08, 0.62, up))
    }

    /// How strongly haze in this direction glows with the sun behind it, 0 to 1.
    #[inline]
    pub(super) fn glow(&self, ray: Vec3) -> f32 {
        let level = vec3(ray.x, 0.03, ray.z).normalized();
        squared(saturate(level.dot(self.sun)), 3)
    }

    /// The light scattered into a level line of sight.
    #[inline]
    pub(super) fn haze_color(&self, ray: Vec3) -> Color {
        self.hazy(self.glow(ray))
    }

    #[inline]
    fn hazy(&self, glow: f32) -> Color {
        // Droplets send most of the light on, past themselves.
        let forward = if self.foggy() { 2.6 } else { 1.0 };
        self.horizon.mix(self.middle, 0.42) * 0.82
            + self.sunlight * (forward * (0.022 * glow + 0.075 * squared(glow, 2)))
    }

    /// The light that `distance` units of air add to a line of sight. Near air scatters the sky
    /// above; only far air takes the horizon's colour.
    #[inline]
    pub(super) fn veil_color(&self, distance: f32, ray: Vec3) -> Color {
        let near = self.zenith * 0.45 + self.middle * 0.40;
        let distance = if self.foggy() { 7.0 * distance } else { distance };
        near.mix(self.haze_color(ray), smoothstep(0.0, 700.0, distance))
    }

    /// Light from the sky on a surface facing `normal`.
    #[inline]
    pub(super) fn ambient(&self, normal: Vec3) -> Color {
        let open = saturate(0.35 + 0.65 * normal.y);
        let boost = match self.light {
            Light::Night => 2.6,
            Light::Sunset => 1.9,
            Light::Dawn => 1.25,
            _ => 0.95,
        };
        ((self.zenith * 0.55 + self.middle * 0.45) * open
            + self.horizon * (0.14 * saturate(0.5 + 0.5 * normal.z)))
            * boost
    }

    /// A colour seen through `distance` units of air that ends at `height`; the air is thickest at
    /// the ground. `lit` is the share of it that the sun reaches.
    #[inline]
    pub(super) fn through_air(
        &self,
        color: Color,
        distance: f32,
        height: f32,
        ray: Vec3,
        lit: f32,
    ) -> Color {
        // The mean of exp(-height / depth) along the line.
        let mean = |depth: f32| {
            let from = larger(height - ray.y * distance, 0.0) / depth;
            let to = larger(height, 0.0) / depth;
            if (from - to).abs() < 0.02 {
                exp(-0.5 * (from + to))
            } else {
                (exp(-to) - exp(-from)) / (from - to)
            }
        };
        let mut density = self.haze * (0.00034 + 0.0013 * mean(34.0));
        if self.mist > 0.0 {
            density += self.mist * mean(if self.foggy() { 26.0 } else { 11.0 });
        }
        let veil = 1.0 - exp(-distance * density);
        let edge = smoothstep(900.0, 1500.0, distance);
        let near = self.zenith * 0.45 + self.middle * 0.40;
        let hazy = self.hazy(self.glow(ray) * mix(0.15, 1.0, lit));
        let air = near
            .mix(hazy, smoothstep(0.0, 700.0, distance * if self.foggy() { 7.0 } else { 1.15 }));
        color.mix(air, if veil > edge { veil } else { edge })
    }
}
