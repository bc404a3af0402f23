//! Numbers in messages.

/// The shortest text that names this number: `0.5`, `300`, `NaN`.
///
/// Messages take this in place of `Display`, which brings exact arithmetic for every precision, an
/// eighth of what a page would have to download.
pub(crate) fn written(number: f64) -> String {
    /// Whole numbers up to this are exact, and short enough to be written out.
    const WRITTEN_OUT: f64 = 1.0e15;
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < WRITTEN_OUT {
        #[allow(clippy::cast_possible_truncation, reason = "guarded by the range")]
        return (number as i64).to_string();
    }
    let infinite = if number > 0.0 { "inf" } else { "-inf" };
    serde_json::Number::from_f64(number)
        .map_or_else(|| infinite.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let cases = [
            (0.0, "0"),
            (-12.0, "-12"),
            (300.0, "300"),
            (0.5, "0.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-0.001, "-0.001"),
            (1.0e300, "1e+300"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (number, text) in cases {
            assert_eq!(written(number), text);
        }
    }
}
