//! Renders one picture into files, for looking at, and tells when each stage began:
//!
//! `cargo run --example picture -p media-factory-sandbox -- lake.png 512x512 "a lake at dawn" anime`
//!
//! Behind the style may come a seed, then any of `hdr`, `pbr`, `full`, `previews` and the name of
//! a picture to start from. Every further file has its role in its name.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a command-line tool")]

use std::{env, error::Error, fs, path::Path, time::Instant};

use media_factory_sandbox::engine::{
    Progress,
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
    let wishes: Vec<String> = words.collect();
    let wished = |word: &str| wishes.iter().any(|wish| wish == word);
    let (width, height) = size.split_once('x').ok_or("a size such as 512x512")?;
    let source = wishes.iter().find(|wish| wish.contains('.')).map(fs::read).transpose()?;
    let job = PictureJob {
        prompt,
        negative_prompt: String::new(),
        style,
        width: width.parse()?,
        height: height.parse()?,
        seed,
        count: 1,
        fidelity: if wished("full") { Fidelity::Full } else { Fidelity::Preview },
        format: match Path::new(&path).extension().and_then(|extension| extension.to_str()) {
            Some("png") => PictureFormat::Png,
            Some("webp") => PictureFormat::Webp,
            Some("tiff") => PictureFormat::Tiff,
            _ => PictureFormat::Jpeg,
        },
        hdr: wished("hdr"),
        pbr: wished("pbr"),
        source: source.map(|bytes| (bytes, 0.7)),
    };
    let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
    let start = Instant::now();
    let (mut stage, mut previews) = ("", 0);
    let mut watch = |progress: Progress| {
        let now = start.elapsed().as_millis();
        if progress.stage != stage {
            stage = progress.stage;
            println!("  {now:5} ms {stage}");
        }
        if let Some(preview) = progress.preview {
            println!("  {now:5} ms preview {}x{}", preview.width, preview.height);
            previews += 1;
            if wished("previews")
                && fs::write(format!("{stem}-{previews}.jpg"), preview.bytes).is_err()
            {
                println!("  not written");
            }
        }
    };
    let rendered = render(&Job::Picture(job), &mut watch, &|| false)?;
    println!("{path}: {:.2} s", start.elapsed().as_secs_f64());
    rendered.notes.iter().for_each(|note| println!("  {note}"));
    for output in &rendered.outputs {
        let name = match output.role {
            "image" => path.clone(),
            role => format!("{stem}-{role}.{}", output.extension),
        };
        fs::write(name, &output.bytes)?;
    }
    Ok(())
}
