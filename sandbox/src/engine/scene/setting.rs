//! What land a composition asks for: its form, its water, its woods and what covers the ground.

use crate::engine::prompt::{Composition, Prop, Relief, Shot, Subject};

/// Height of the water where there is water.
pub(super) const WATER_LEVEL: f32 = 30.0;
/// Height of the water where there is none: below all land.
pub(super) const DRY: f32 = -50.0;

/// A likelihood of trees that no clump of them overcomes.
pub(super) const TREELESS: f32 = -4.0;
/// A height that no land reaches.
const NEVER: f32 = 1e4;

/// The shape of the land before rain has worked on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A valley between mountains.
    Valley,
    /// A valley filled with water.
    Lake,
    /// Open water between headlands.
    Coast,
    /// A strand along which one looks, water to the left.
    Beach,
    /// Wooded hills.
    Woods,
    /// Meadows without peaks.
    Hills,
    /// Mesas and terraces.
    Canyon,
    /// A cone with a crater above low hills.
    Volcano,
    Dunes,
    /// A pool among dunes.
    Oasis,
}

/// What covers ground that is neither steep nor high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Soil {
    Grass,
    Sand,
    /// Layered red rock.
    Strata,
    /// Black rock of a volcano.
    Ash,
}

/// The land of one composition.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) form: Form,
    pub(super) soil: Soil,
    /// Height of the water.
    pub(super) water: f32,
    /// How much of their full height mountains have.
    pub(super) peaks: f32,
    /// Likelihood of a tree on good ground.
    pub(super) woods: f32,
    /// Height above which snow lies.
    pub(super) snow_line: f32,
    /// Height above which nothing grows.
    pub(super) bare_line: f32,
    pub(super) snowy: bool,
    pub(super) autumn: bool,
    /// Share of conifers among the trees.
    pub(super) conifers: f32,
    /// Whether a lane stays open along the way of the camera.
    pub(super) lane: bool,
    /// Whether the camera stands among the trees, before something small.
    pub(super) glade: bool,
    pub(super) seed: u32,
}

impl Setting {
    pub(super) fn new(composition: &Composition) -> Setting {
        let named = |subject| composition.subject == subject || composition.with.contains(&subject);
        let (sea, lake, desert) =
            (named(Subject::Sea), named(Subject::Lake), named(Subject::Desert));
        let (forest, mountains) = (named(Subject::Forest), named(Subject::Mountains));
        let wet = sea || lake;
        let form = match composition.relief {
            Relief::Volcano => Form::Volcano,
            Relief::Canyon => Form::Canyon,
            Relief::Oasis => Form::Oasis,
            Relief::Beach => Form::Beach,
            Relief::Hills if !wet && !desert => Form::Hills,
            _ if sea => Form::Coast,
            _ if lake && desert => Form::Oasis,
            _ if lake => Form::Lake,
            _ if desert => Form::Dunes,
            _ if forest && !mountains => Form::Woods,
            _ if composition.subject == Subject::Building && !mountains => Form::Hills,
            _ => Form::Valley,
        };
        let peaks = match form {
            Form::Coast if mountains => 1.0,
            Form::Coast => 0.55,
            Form::Lake if forest && !mountains => 0.62,
            Form::Lake if composition.relief == Relief::Hills => 0.3,
            Form::Beach | Form::Volcano => 0.35,
            Form::Dunes | Form::Oasis if !mountains => 0.0,
            Form::Woods => 0.55,
            Form::Hills => 0.0,
            _ => 1.0,
        };
        let soil = match form {
            Form::Dunes | Form::Oasis => Soil::Sand,
            Form::Canyon => Soil::Strata,
            Form::Volcano => Soil::Ash,
            _ => Soil::Grass,
        };
        let woods = match form {
            _ if composition.no_trees => TREELESS,
            Form::Dunes => -1.0,
            Form::Canyon => -0.35,
            Form::Oasis => 0.5,
            _ if forest => 0.95,
            Form::Volcano => 0.20,
            Form::Hills => 0.02,
            Form::Beach | Form::Coast => 0.15,
            _ => 0.30,
        };
        // What is bare rock in summer keeps its snow, unless snow is refused.
        let bare_line = match form {
            Form::Canyon | Form::Volcano | Form::Oasis | Form::Beach | Form::Dunes => NEVER,
            _ => 104.0,
        };
        let warm = matches!(form, Form::Beach | Form::Oasis);
        let conifers = match form {
            _ if warm => 0.0,
            _ if composition.autumn => 0.12,
            Form::Hills => 0.10,
            _ => 0.80,
        };
        Setting {
            form,
            soil,
            water: match form {
                Form::Lake | Form::Coast | Form::Beach | Form::Oasis => WATER_LEVEL,
                Form::Volcano if wet => WATER_LEVEL,
                _ => DRY,
            },
            peaks,
            woods,
            snow_line: match bare_line {
                _ if composition.snow => 6.0,
                _ if composition.no_snow => NEVER,
                bare_line => bare_line,
            },
            bare_line: if composition.snow { 80.0 } else { bare_line },
            snowy: composition.snow,
            autumn: composition.autumn,
            conifers,
            lane: composition.shot == Shot::Close,
            glade: form == Form::Woods && composition.props.first().is_some_and(is_small),
            seed: composition.variation,
        }
    }

    /// Whether there is water to be seen.
    pub(super) fn wet(&self) -> bool {
        self.water > DRY
    }

    /// Whether the water is wide enough for waves.
    pub(super) fn sea(&self) -> bool {
        matches!(self.form, Form::Coast | Form::Beach) || self.form == Form::Volcano && self.wet()
    }
}

fn is_small(prop: &Prop) -> bool {
    matches!(prop, Prop::Person | Prop::Deer | Prop::Horse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(prompt: &str) -> Form {
        Setting::new(&Composition::read(prompt, "", 7)).form
    }

    #[test]
    fn words_choose_the_form_of_the_land() {
        for (prompt, wanted) in [
            ("mountains", Form::Valley),
            ("a mountain lake", Form::Lake),
            ("the sea", Form::Coast),
            ("a tropical beach", Form::Beach),
            ("a pine forest", Form::Woods),
            ("rolling hills", Form::Hills),
            ("a canyon", Form::Canyon),
            ("a volcano", Form::Volcano),
            ("dunes", Form::Dunes),
            ("an oasis", Form::Oasis),
        ] {
            assert_eq!(form(prompt), wanted, "{prompt}");
        }
    }

    #[test]
    fn what_is_refused_is_not_on_the_land() {
        let refused = |prompt: &str| Setting::new(&Composition::read(prompt, "trees, snow", 7));
        for prompt in ["a mountain lake", "mountains", "an oasis", "rolling hills", "a volcano"] {
            let setting = refused(prompt);
            assert_eq!((setting.woods, setting.snow_line), (TREELESS, NEVER), "{prompt}");
        }
        assert_eq!(refused("mountains").bare_line, 104.0);
    }

    #[test]
    fn further_subjects_shape_the_land_too() {
        let mut composition = Composition::read("the sea", "", 7);
        composition.with.clear();
        let alone = Setting::new(&composition);
        composition.with = vec![Subject::Mountains, Subject::Forest];
        let together = Setting::new(&composition);
        assert_eq!((alone.form, together.form), (Form::Coast, Form::Coast));
        assert!(together.peaks > alone.peaks && together.woods > alone.woods);
    }
}
