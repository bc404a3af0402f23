use super::*;

fn built(prompt: &str, seed: u64) -> Portrait {
    Portrait::build(&Composition::read(prompt, "", seed), &|| false).unwrap()
}

#[test]
fn each_figure_has_a_body_of_its_own_that_is_neither_empty_nor_all() {
    let mut areas = Vec::new();
    for figure in [
        "woman",
        "man",
        "child",
        "astronaut",
        "warrior",
        "dancer",
        "couple",
        "cat",
        "dog",
        "horse",
        "deer",
        "wolf",
        "fox",
        "eagle",
        "owl",
        "fish",
        "whale",
    ] {
        let body = built(figure, 1).body;
        let inside = |at: i32| {
            let (x, y) = ((at % 80) as f32 / 40.0 - 1.0, (at / 80) as f32 / 40.0 - 1.0);
            body.at(x, y).0 < 0.0
        };
        let area = (0..6400).filter(|at| inside(*at)).count();
        assert!((300..5000).contains(&area), "{figure}: {area}");
        areas.push(area);
    }
    areas.sort_unstable();
    areas.dedup();
    assert!(areas.len() > 14);
}

#[test]
fn distances_grow_towards_the_middle_even_where_parts_overlap() {
    let body = built("cat", 1).body;
    let (edge, ..) = body.at(0.0, 0.72);
    let (middle, ..) = body.at(0.0, -0.5);
    assert!(edge > -0.05 && middle < -0.3, "{edge}, {middle}");
}

#[test]
fn a_cancelled_build_ends() {
    assert!(Portrait::build(&Composition::read("cat", "", 1), &|| true).is_none());
}
