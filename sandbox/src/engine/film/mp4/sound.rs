//! The sound's track: Opus in MPEG-4 (the mapping of the Opus project), linear samples in
//! QuickTime, whose players know no Opus.

use super::boxes::{boxed, words};
use super::{Chunk, Container, Medium, Sizes, Track};
use crate::engine::film::sound::{OpusPackets, SoundTrack};
use crate::engine::job::RenderError;

/// The track of a sound, or `None` when it outgrows the format.
///
/// # Errors
///
/// A fault of the sound's encoder.
pub(in super::super) fn sound_track(
    sound: &SoundTrack,
    container: Container,
) -> Result<Option<Track>, RenderError> {
    Ok(match container {
        Container::Mp4 => opus(&sound.compressed()?),
        Container::Mov => linear(&sound.samples, sound.sample_rate),
    })
}

/// Opus counts time at 48 kHz whatever the rate of the sound.
const OPUS_TIMESCALE: u32 = 48_000;

/// Ticks that are decoded before the first that is heard after a jump: 80 milliseconds, as 4.3.6.2
/// of the Opus project's "Encapsulation of Opus in ISO Base Media File Format" demands.
const OPUS_PRE_ROLL: u32 = OPUS_TIMESCALE / 1_000 * 80;

fn opus(sound: &OpusPackets) -> Option<Track> {
    let packets = u32::try_from(sound.packets.len()).ok()?;
    let lengths = sound.packets.iter().map(|packet| u32::try_from(packet.len()).ok());
    let per_chunk = (OPUS_TIMESCALE / sound.packet_ticks).max(1) as usize;
    let chunks = sound
        .packets
        .chunks(per_chunk)
        .map(|second| Chunk { samples: second.len() as u32, data: second.concat() });
    Some(Track {
        medium: Medium::Sound,
        timescale: OPUS_TIMESCALE,
        times: last_cut(packets, sound.packet_ticks, sound.ticks)?,
        sizes: Sizes::Each(lengths.collect::<Option<_>>()?),
        keys: None,
        pre_roll: u16::try_from(OPUS_PRE_ROLL.div_ceil(sound.packet_ticks.max(1))).ok()?,
        skipped: u32::from(sound.pre_skip),
        entry: opus_entry(sound),
        chunks: chunks.collect(),
    })
}

/// All packets last equally long, but for the last one, which ends with the sound.
fn last_cut(packets: u32, packet_ticks: u32, ticks: u32) -> Option<Vec<(u32, u32)>> {
    let before = packets.checked_sub(1)?;
    let last = ticks.checked_sub(before.checked_mul(packet_ticks)?)?;
    Some(if last == packet_ticks {
        vec![(packets, packet_ticks)]
    } else {
        vec![(before, packet_ticks), (1, last)]
    })
}

fn opus_entry(sound: &OpusPackets) -> Vec<u8> {
    // Version 0, one channel, no gain, the mapping family of mono and stereo.
    let configuration = boxed(
        b"dOps",
        &[&[0, 1], &sound.pre_skip.to_be_bytes(), &sound.sample_rate.to_be_bytes(), &[0, 0, 0]],
    );
    boxed(b"Opus", &[&sample_entry(OPUS_TIMESCALE), &configuration])
}

/// One channel of 16-bit samples, least significant byte first: QuickTime's `sowt`.
fn linear(samples: &[i16], sample_rate: u32) -> Option<Track> {
    let count = u32::try_from(samples.len()).ok()?;
    let chunks = samples.chunks(sample_rate.max(1) as usize).map(|second| Chunk {
        samples: second.len() as u32,
        data: second.iter().flat_map(|sample| sample.to_le_bytes()).collect(),
    });
    Some(Track {
        medium: Medium::Sound,
        timescale: sample_rate,
        times: vec![(count, 1)],
        sizes: Sizes::Same(2, count),
        keys: None,
        pre_roll: 0,
        skipped: 0,
        entry: boxed(b"sowt", &[&sample_entry(sample_rate)]),
        chunks: chunks.collect(),
    })
}

/// Reserved, the index of the data reference, version 0, one channel, 16 bits, the rate in 16.16.
fn sample_entry(sample_rate: u32) -> Vec<u8> {
    let rate = sample_rate.checked_shl(16).unwrap_or(0);
    [words(&[0, 1, 0, 0, 0x0001_0010, 0]), words(&[rate])].concat()
}
