//! The pictures' track: H.264 (ISO/IEC 14496-15).

use super::boxes::{boxed, words};
use super::{Chunk, Container, Medium, Sizes, Track};
use crate::engine::film::h264::Stream;
use crate::engine::film::plan::FrameRate;

/// The track of an encoded film, or `None` when it outgrows the format.
pub(in super::super) fn video_track(
    stream: &Stream,
    rate: FrameRate,
    container: Container,
) -> Option<Track> {
    let frames = u32::try_from(stream.samples.len()).ok()?;
    let lengths = stream.samples.iter().map(|sample| u32::try_from(sample.data.len()).ok());
    let keys = (1..).zip(&stream.samples).filter(|(_, sample)| sample.key).map(|(n, _)| n);
    let per_chunk = libm::ceil(rate.fps()).max(1.0) as usize;
    let chunks = stream.samples.chunks(per_chunk).map(|second| Chunk {
        samples: second.len() as u32,
        data: second.iter().flat_map(|sample| sample.data.iter().copied()).collect(),
    });
    Some(Track {
        medium: Medium::Video(stream.width, stream.height),
        timescale: rate.timescale,
        times: vec![(frames, rate.frame_ticks)],
        sizes: Sizes::Each(lengths.collect::<Option<_>>()?),
        keys: Some(keys.collect()),
        pre_roll: 0,
        skipped: 0,
        entry: entry(stream, container)?,
        chunks: chunks.collect(),
    })
}

fn entry(stream: &Stream, container: Container) -> Option<Vec<u8>> {
    let width = u16::try_from(stream.width).ok()?.to_be_bytes();
    let height = u16::try_from(stream.height).ok()?.to_be_bytes();
    let [_, profile, compatibility, level, ..] = *stream.sps.as_slice() else { return None };
    let sps_length = u16::try_from(stream.sps.len()).ok()?.to_be_bytes();
    let pps_length = u16::try_from(stream.pps.len()).ok()?.to_be_bytes();

    // Version 1, four-byte lengths before each unit, one parameter set of each kind.
    let configuration = boxed(
        b"avcC",
        &[
            &[1, profile, compatibility, level, 0xff, 0xe1],
            &sps_length,
            &stream.sps,
            &[1],
            &pps_length,
            &stream.pps,
        ],
    );
    // Primaries, transfer and matrix 6 (BT.601, 525 lines), limited range: the stream itself
    // carries no colour description.
    let colour = match container {
        Container::Mp4 => boxed(b"colr", &[b"nclx", &[0, 6, 0, 6, 0, 6, 0]]),
        Container::Mov => boxed(b"colr", &[b"nclc", &[0, 6, 0, 6, 0, 6]]),
    };
    Some(boxed(
        b"avc1",
        &[
            // Reserved, then the index of the data reference.
            &[0, 0, 0, 0, 0, 0, 0, 1],
            &[0; 16],
            &width,
            &height,
            // 72 dots per inch both ways, reserved, one frame per sample.
            &words(&[0x48_0000, 0x48_0000, 0]),
            &[0, 1],
            // No compressor name; 24 bits a pixel; no colour table.
            &[0; 32],
            &[0, 24, 0xff, 0xff],
            &configuration,
            &colour,
        ],
    ))
}
