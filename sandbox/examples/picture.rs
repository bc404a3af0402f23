//! Renders one picture into a file, for looking at:
//!
//! `cargo run --example picture -p media-factory-sandbox -- lake.png 512x512 "a lake at dawn" anime`

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a command-line tool")]

use std::{env, error::Error, fs, time::Instant};

use media_factory_sandbox::engine::{
    job::{Fidelity, Job, PictureFormat, PictureJob},
    render,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let mut next = |what: &str| words.next().ok_or(format!("missing: {what}"));
    let path = next("a file name")?;
    let size = next("a size such as 512x512")?;
    let prompt = next("a prompt")?;
    let style = words.next();
    let seed = words.next().map(|seed| seed.parse()).transpose()?.unwrap_or(0);
    let (width, height) = size.split_once('x').ok_or("a size such as 512x512")?;
    let job = PictureJob {
        prompt,
        negative_prompt: String::new(),
        style,
        width: width.parse()?,
        height: height.parse()?,
        seed,
        count: 1,
        fidelity: Fidelity::Preview,
        format: if path.ends_with("png") { PictureFormat::Png } else { PictureFormat::Jpeg },
        hdr: false,
        pbr: false,
        source: None,
    };
    let start = Instant::now();
    let rendered = render(&Job::Picture(job), &mut |_| {}, &|| false)?;
    println!("{path}: {:.2} s", start.elapsed().as_secs_f64());
    rendered.notes.iter().for_each(|note| println!("  {note}"));
    if let Some(output) = rendered.outputs.first() {
        fs::write(&path, &output.bytes)?;
    }
    Ok(())
}
