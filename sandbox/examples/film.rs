//! Films one prompt into a file, for looking at:
//!
//! `cargo run --example film -p media-factory-sandbox -- lake.mp4 640x360 "a lake at dawn" 24 5`

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a command-line tool")]

use std::{env, error::Error, fs, time::Instant};

use media_factory_sandbox::engine::{
    job::{Fidelity, FilmFormat, FilmJob, Job, Transition},
    render,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let mut next = |what: &str| words.next().ok_or(format!("missing: {what}"));
    let path = next("a file name")?;
    let size = next("a size such as 640x360")?;
    let prompt = next("a prompt")?;
    let fps = next("frames a second")?.parse()?;
    let duration = next("seconds")?.parse()?;
    let (width, height) = size.split_once('x').ok_or("a size such as 640x360")?;
    let job = FilmJob {
        prompt,
        negative_prompt: String::new(),
        style: None,
        width: width.parse()?,
        height: height.parse()?,
        seed: 7,
        duration,
        fps,
        use_nerf: words.next().is_some_and(|word| word == "orbit"),
        images: Vec::new(),
        transition: Transition::None,
        fidelity: Fidelity::Full,
        sound: None,
        format: FilmFormat::Mp4,
    };
    let start = Instant::now();
    let rendered = render(&Job::Film(job), &mut |_| {}, &|| false)?;
    println!("{path}: {:.2} s, {:?}", start.elapsed().as_secs_f64(), rendered.rendered);
    rendered.notes.iter().for_each(|note| println!("  {note}"));
    if let Some(output) = rendered.outputs.first() {
        fs::write(&path, &output.bytes)?;
    }
    Ok(())
}
