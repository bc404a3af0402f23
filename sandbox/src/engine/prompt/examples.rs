//! Prompts of real people and what is composed for them.

use super::*;
use crate::engine::scene::Debts;

/// Each line: a prompt, `=>`, and what is read, as [`told`] says it.
const EXAMPLES: &str = include_str!("examples.txt");

/// What a composition decides, without what it leaves as usual.
fn told(read: &Composition) -> String {
    let mut parts = vec![format!("{:?}", read.subject)];
    parts.extend(read.with.iter().map(|subject| format!("+{subject:?}")));
    parts.extend(read.props.iter().map(|prop| format!("{prop:?}")));
    let mut tell = |usual: bool, text: String| {
        if !usual {
            parts.push(text);
        }
    };
    tell(false, format!("{:?}", read.light));
    tell(read.shot == Shot::Normal, format!("{:?}", read.shot));
    tell(read.relief == Relief::Usual, format!("{:?}", read.relief));
    tell(read.mood == Mood::Neutral, format!("{:?}", read.mood));
    tell(read.tone == Tone::Natural, format!("{:?}", read.tone));
    tell(read.style.is_none(), read.style.map_or("", Style::name).to_owned());
    tell(read.flower.is_none(), format!("{:?}", read.flower));
    tell(read.figure.is_none(), format!("{:?}", read.figure));
    tell(read.clouds == 0.5, format!("clouds {}", read.clouds));
    tell(read.haze == 1.0, "fog".to_owned());
    tell(!read.snow, "snow".to_owned());
    tell(!read.snowfall, "snowfall".to_owned());
    tell(!read.autumn, "autumn".to_owned());
    tell(!read.rain, "rain".to_owned());
    tell(!read.dust, "dust".to_owned());
    tell(!read.aurora, "aurora".to_owned());
    tell(read.traffic, "no traffic".to_owned());
    tell(read.colors.is_empty(), format!("colors {}", read.colors.len()));
    tell(read.tints == read.colors, format!("tints {}", read.tints.len()));
    tell(!read.guessed, "guessed".to_owned());
    tell(read.undrawn.is_empty(), format!("not {}", read.undrawn.join(", ")));
    let debts = Debts::of(read);
    tell(debts.omitted.is_empty(), format!("without {}", debts.omitted.join(", ")));
    tell(debts.single.is_empty(), format!("one of {}", debts.single.join(", ")));
    tell(debts.fewer.is_empty(), format!("fewer {}", debts.fewer.join(", ")));
    parts.join(" | ").replace("Some(", "").replace(')', "")
}

#[test]
fn real_prompts_are_composed_as_expected() {
    let examples: Vec<(&str, &str)> =
        EXAMPLES.lines().filter_map(|line| line.split_once(" => ")).collect();
    assert!(examples.len() >= 200);
    let wrong: Vec<String> = examples
        .iter()
        .map(|(prompt, expected)| (prompt, expected, told(&Composition::read(prompt, "", 7))))
        .filter(|(_, expected, read)| read != *expected)
        .map(|(prompt, expected, read)| format!("{prompt}\n  {expected}\n  {read}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
