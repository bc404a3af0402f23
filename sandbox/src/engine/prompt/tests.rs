//! What prompts decide.

use super::*;

fn read(prompt: &str) -> Composition {
    Composition::read(prompt, "", 7)
}

#[test]
fn words_choose_the_subject() {
    for (prompt, subject) in [
        ("A futuristic city with flying cars", Subject::City),
        ("Sunset over mountains", Subject::Mountains),
        ("Abstract geometric patterns", Subject::Abstract),
        ("Flying through clouds at sunset", Subject::Clouds),
        ("a calm mountain LAKE, at dawn", Subject::Lake),
        ("waves on the ocean", Subject::Sea),
        ("Pine forest in fog", Subject::Forest),
        ("dunes of the Sahara", Subject::Desert),
        ("a ringed planet", Subject::Space),
    ] {
        let composition = read(prompt);
        assert_eq!((composition.subject, composition.guessed), (subject, false), "{prompt}");
    }
}

#[test]
fn what_is_not_drawn_is_told_in_a_sentence() {
    let note = |prompt: &str| read(prompt).undrawn_note();
    assert_eq!(note("a lake at dawn, 4k, masterpiece"), None);
    let one = note("a robot in the desert").unwrap();
    assert!(one.contains("draw “robot”;"), "{one}");
    let more = note("a zorb, a piano and a guitar by a lake").unwrap();
    assert!(more.contains("“piano”, “guitar” and “zorb”"), "{more}");
}

#[test]
fn parts_of_words_are_not_words() {
    assert!(read("researching scarfs").guessed);
    assert_eq!(read("mountains").light, Light::Day);
    assert_eq!(read("mountains at Sunset!").light, Light::Sunset);
}

#[test]
fn what_is_refused_does_not_appear() {
    assert_eq!(Composition::read("mountains", "clouds", 1).clouds, 0.0);
    assert_eq!(read("a valley without clouds").clouds, 0.0);
    assert!(!Composition::read("a city", "flying cars", 1).traffic);
    assert!(read("a city").traffic);
    assert_eq!(Composition::read("lake and forest", "lake", 1).subject, Subject::Forest);
}

#[test]
fn colors_belong_to_what_they_stand_before() {
    let lists = |prompt: &str| {
        let read = read(prompt);
        (read.colors.len(), read.paints.len(), read.tints.len())
    };
    assert_eq!(lists("a red house"), (1, 1, 0));
    assert_eq!(lists("a small red old house by the sea"), (1, 1, 0));
    assert_eq!(lists("a red and white lighthouse by a blue lake"), (3, 2, 1));
    assert_eq!(lists("blue mountains with a cabin"), (1, 0, 1));
    assert_eq!(lists("a castle, teal and orange"), (2, 2, 2));
    assert_eq!(lists("a castle in red"), (1, 1, 1));
}

#[test]
fn one_flower_is_near_and_many_are_a_field() {
    let shot = |prompt: &str| read(prompt).shot;
    for prompt in ["a red poppy", "a poppy in a wheat field", "one blue flower", "a tulip"] {
        assert_eq!(shot(prompt), Shot::Close, "{prompt}");
    }
    for prompt in ["poppies", "a field of poppies", "a tulip field", "a cabin among tulips"] {
        assert_eq!(shot(prompt), Shot::Normal, "{prompt}");
    }
    assert_eq!(shot("aerial view of a tulip"), Shot::Aerial);
}

#[test]
fn a_storm_at_night_is_both() {
    for prompt in ["a storm at night", "a night of storm over the sea"] {
        let read = read(prompt);
        assert_eq!((read.light, read.clouds > 0.9), (Light::Night, true), "{prompt}");
    }
    assert_eq!(read("a stormy day").light, Light::Storm);
    assert!(read("a lake at night").clouds < 0.9);
}

#[test]
fn refused_trees_and_snow_are_told_to_the_land() {
    let refuses = |prompt: &str, negative: &str| {
        let read = Composition::read(prompt, negative, 1);
        (read.no_trees, read.no_snow)
    };
    assert_eq!(refuses("a mountain lake", "trees, snow"), (true, true));
    assert_eq!(refuses("mountains", "forest, trees"), (true, false));
    assert_eq!(refuses("mountains without snow", ""), (false, true));
    assert_eq!(refuses("a mountain lake", "mushrooms"), (false, false));
    assert_eq!(refuses("a forest", "trees"), (false, false), "it would be no forest");
    assert_eq!(refuses("snowy mountains and pines", ""), (false, false));
}

#[test]
fn strange_prompts_are_read_too() {
    for prompt in ["🦀🦀🦀", "שלום עולם", "", "\u{0}\u{FFFF}", "ﬃİ", &"x ".repeat(16_000)]
    {
        let composition = Composition::read(prompt, prompt, u64::MAX);
        assert!(composition.guessed, "{prompt:.20}");
        assert_eq!(composition, Composition::read(prompt, prompt, u64::MAX));
    }
}

#[test]
fn the_longest_prompts_take_few_steps() {
    for word in ["x ", "city ", "no ", "a lake in the mountains, ", "sea of ", "🌊", "’ſ-"] {
        let prompt: String = word.chars().cycle().take(32_000).collect();
        let steps = words::words(&prompt).len() * lexicon::Lexicon::get().most_comparisons();
        assert!(steps < 1_000_000, "{word}: {steps}");
        let reading = Reading::of(&prompt, &prompt);
        let found = reading.wanted.len() * (reading.refused.len() + reading.strange.len());
        assert!(found < 10_000, "{word}: {found}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_the_same_twice(prompt in "\\PC{0,300}", refused in "\\PC{0,80}") {
        let read = || Composition::read(&prompt, &refused, 3);
        proptest::prop_assert_eq!(read(), read());
        proptest::prop_assert!(read().undrawn.len() <= 4 && read().colors.len() <= 6);
    }

    #[test]
    fn any_characters_at_all_are_read(
        signs in proptest::collection::vec(proptest::char::any(), 0..500),
    ) {
        let prompt: String = signs.into_iter().collect();
        let read = Composition::read(&prompt, &prompt, 3);
        let mut letters = read.undrawn.iter().flat_map(|word| word.chars());
        proptest::prop_assert!(letters.all(|sign| !sign.is_control()));
    }

    #[test]
    fn words_in_any_order_give_one_main_subject(
        words in proptest::collection::vec(
            proptest::sample::select(vec!["lake", "city", "no", "without", "in", "and", "cat",
                "castle", "night", "red", "by", ",", "of", "portrait", "above", "clouds"]),
            0..40,
        )
    ) {
        let read = Composition::read(&words.join(" "), "", 3);
        proptest::prop_assert!(!read.with.contains(&read.subject));
    }
}
