//! The sizes of pictures that OpenAI's models make.

use crate::media::Resolution;

/// What models before `gpt-image-2` make.
const FIXED: [(u32, u32); 3] = [(1024, 1024), (1536, 1024), (1024, 1536)];

/// Both sides of a free size are multiples of this.
const STEP: u32 = 16;
const LONGEST_SIDE: u32 = 3840;
const MOST_PIXELS: u32 = 3840 * 2160;
/// No side is longer than this many times the other.
const MOST_STRETCHED: u32 = 3;

/// Why OpenAI's `model` makes no picture of that size; `None` when it does, and for models of
/// which nothing is known.
pub(super) fn problem(model: &str, size: Resolution) -> Option<String> {
    let Resolution { width, height } = size;
    if !model.starts_with("gpt-image-") && !model.starts_with("chatgpt-image-") {
        return None;
    }
    if model.starts_with("gpt-image-1") {
        let makes = FIXED.contains(&(width, height));
        return (!makes).then(|| format!("{model} makes 1024x1024, 1536x1024 and 1024x1536 only"));
    }
    let (short, long) = (width.min(height), width.max(height));
    if width % STEP != 0 || height % STEP != 0 {
        Some(format!("{model} makes sides that are multiples of {STEP}"))
    } else if long > short * MOST_STRETCHED {
        Some(format!("{model} makes no side more than {MOST_STRETCHED} times the other"))
    } else if long > LONGEST_SIDE || width * height > MOST_PIXELS {
        Some(format!("{model} makes at most 3840x2160"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_refused_before_they_are_sent() {
        let table = include_str!("../../../../tests/conformance/common/openai-sizes.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let size = Resolution::parse(case["size"].as_str().unwrap()).unwrap();
            let made = problem(case["model"].as_str().unwrap(), size).is_none();
            assert_eq!(made, case["made"].as_bool().unwrap(), "{case}");
        }
    }
}
