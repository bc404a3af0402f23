//! Picture and film sizes as users write them.

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// Names that stand for a size; the first four are those of the native video service.
const NAMED: [(&str, u32, u32); 9] = [
    ("8K", 7680, 4320),
    ("4K", 3840, 2160),
    ("2K", 2560, 1440),
    ("1080p", 1920, 1080),
    ("720p", 1280, 720),
    ("HD", 1280, 720),
    ("FHD", 1920, 1080),
    ("QHD", 2560, 1440),
    ("UHD", 3840, 2160),
];

impl Resolution {
    /// The smallest side that is accepted, in pixels.
    pub const MIN_SIDE: u32 = 16;
    /// The largest side that is accepted, in pixels.
    pub const MAX_SIDE: u32 = 16_384;

    /// Reads `WxH` (with `x`, `X` or `×`) or a name such as `4K` in any case.
    ///
    /// Gives `None` for any other text, and for sides out of 16..16384.
    pub fn parse(text: &str) -> Option<Self> {
        let named = NAMED.iter().find(|(name, ..)| name.eq_ignore_ascii_case(text));
        if let Some(&(_, width, height)) = named {
            return Some(Self { width, height });
        }
        let (width, height) = text.split_once(['x', 'X', '×'])?;
        Some(Self { width: side(width)?, height: side(height)? })
    }

    /// The names that [`Resolution::parse`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED.iter().map(|(name, ..)| *name)
    }
}

fn side(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let side = text.parse().ok()?;
    (Resolution::MIN_SIDE..=Resolution::MAX_SIDE).contains(&side).then_some(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sizes_are_pixels() {
        let table = include_str!("../../../tests/conformance/common/resolutions.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let side = |key: &str| case[key].as_u64().map(|side| u32::try_from(side).unwrap());
            let expected = side("width")
                .zip(side("height"))
                .map(|(width, height)| Resolution { width, height });
            assert_eq!(Resolution::parse(case["input"].as_str().unwrap()), expected, "{case}");
        }
    }
}
