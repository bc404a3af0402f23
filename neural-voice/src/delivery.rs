//! How phones are said.

/// Factors on the voice's own manner. 1 is as the network was trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    /// Of the speed, 0.1 to 10.
    pub speed: f32,
    /// Of the pitch, 0.1 to 10.
    pub pitch: f32,
    /// Of the distance of the pitch from its mean, 0 to 10.
    pub liveliness: f32,
}

impl Delivery {
    /// What is out of range: the network would ask for more memory than there is.
    pub(crate) fn problem(&self) -> Option<String> {
        let ranges = [
            ("speed", self.speed, 0.1),
            ("pitch", self.pitch, 0.1),
            ("liveliness", self.liveliness, 0.0),
        ];
        let (name, value, least) =
            ranges.into_iter().find(|&(_, value, least)| !(least..=MOST).contains(&value))?;
        Some(format!("{name} must be from {least} to {MOST}, and is {value}"))
    }
}

const MOST: f32 = 10.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_out_of_range_are_named() {
        let plain = Delivery { speed: 1.0, pitch: 1.0, liveliness: 1.0 };
        assert_eq!(plain.problem(), None);
        assert_eq!(Delivery { liveliness: 0.0, ..plain }.problem(), None);
        for (name, delivery) in [
            ("speed", Delivery { speed: 0.0, ..plain }),
            ("speed", Delivery { speed: f32::NAN, ..plain }),
            ("pitch", Delivery { pitch: f32::INFINITY, ..plain }),
            ("liveliness", Delivery { liveliness: -1.0, ..plain }),
        ] {
            assert!(delivery.problem().unwrap().starts_with(name), "{delivery:?}");
        }
    }
}
