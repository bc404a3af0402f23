//! A track: samples in chunks, and the tables that say where and when each one is.

use super::Container;
use super::boxes::{boxed, table, words};

/// No rotation, no scaling: a 3×3 matrix in 16.16 and, last column, 2.30 fixed point.
pub(super) const UNITY_MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// What a track is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Medium {
    /// Pictures of this width and height in pixels.
    Video(u32, u32),
    /// Sound.
    Sound,
}

/// The lengths of samples in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Sizes {
    /// One by one.
    Each(Vec<u32>),
    /// This length, this many of them.
    Same(u32, u32),
}

/// Samples that lie together in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Chunk {
    pub(in super::super) samples: u32,
    pub(in super::super) data: Vec<u8>,
}

/// One track of a film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Track {
    pub(in super::super) medium: Medium,
    /// Ticks per second of the track's clock.
    pub(in super::super) timescale: u32,
    /// Runs of samples that last equally long: how many, and how many ticks each.
    pub(in super::super) times: Vec<(u32, u32)>,
    pub(in super::super) sizes: Sizes,
    /// Numbers, from 1, of the samples at which decoding can start; `None` means all.
    pub(in super::super) keys: Option<Vec<u32>>,
    /// Samples before the wanted one with which decoding must start for it to be right.
    pub(in super::super) pre_roll: u16,
    /// Ticks at the start that are decoded but not presented.
    pub(in super::super) skipped: u32,
    /// The sample description: a box such as `avc1`.
    pub(in super::super) entry: Vec<u8>,
    /// About one second each, so that tracks lie side by side in the file.
    pub(in super::super) chunks: Vec<Chunk>,
}

impl Track {
    /// Ticks that are presented. `None` when they outgrow the format.
    fn ticks(&self) -> Option<u32> {
        let sum = self
            .times
            .iter()
            .try_fold(0u32, |sum, &(count, ticks)| sum.checked_add(count.checked_mul(ticks)?))?;
        sum.checked_sub(self.skipped)
    }

    /// Length on a clock of `timescale` ticks a second.
    pub(super) fn length(&self, timescale: u32) -> Option<u32> {
        let ticks = u64::from(self.ticks()?) * u64::from(timescale);
        u32::try_from(ticks / u64::from(self.timescale)).ok()
    }

    /// The `trak` box; `offsets` are those of the chunks.
    pub(super) fn boxed(
        &self,
        number: u32,
        container: Container,
        movie_timescale: u32,
        offsets: &[u32],
    ) -> Option<Vec<u8>> {
        let length = self.length(movie_timescale)?;
        // Sound has a volume of 1 in 8.8 fixed point, pictures have none.
        let (volume, width, height) = match self.medium {
            Medium::Video(width, height) => (0, width << 16, height << 16),
            Medium::Sound => (0x0100_0000, 0, 0),
        };
        let header = boxed(
            b"tkhd",
            &[
                &words(&[0x0000_0003, 0, 0, number, 0, length, 0, 0, 0, volume]),
                &words(&UNITY_MATRIX),
                &words(&[width, height]),
            ],
        );
        // 0x55c4 is the packed language code `und`.
        let ticks = self.ticks()?.checked_add(self.skipped)?;
        let media_header =
            boxed(b"mdhd", &[&words(&[0, 0, 0, self.timescale, ticks, 0x55c4_0000])]);
        let (subtype, name) = match self.medium {
            Medium::Video(..) => (b"vide", "video"),
            Medium::Sound => (b"soun", "sound"),
        };
        let media = boxed(
            b"mdia",
            &[
                &media_header,
                &handler(container, b"mhlr", subtype, name),
                &self.information(container, offsets)?,
            ],
        );
        // Played at normal speed from behind what is skipped.
        let edit = boxed(b"edts", &[&table(b"elst", 1, &[length, self.skipped, 0x1_0000])]);
        let edit = if self.skipped == 0 { Vec::new() } else { edit };
        Some(boxed(b"trak", &[&header, &edit, &media]))
    }

    fn information(&self, container: Container, offsets: &[u32]) -> Option<Vec<u8>> {
        let header = match self.medium {
            Medium::Video(..) => boxed(b"vmhd", &[&words(&[1, 0, 0])]),
            Medium::Sound => boxed(b"smhd", &[&words(&[0, 0])]),
        };
        let self_contained = boxed(b"url ", &[&words(&[1])]);
        let data = boxed(b"dinf", &[&boxed(b"dref", &[&words(&[0, 1]), &self_contained])]);
        let data_handler = match container {
            Container::Mp4 => Vec::new(),
            Container::Mov => handler(container, b"dhlr", b"url ", "data"),
        };
        let samples = self.sample_table(offsets)?;
        Some(boxed(b"minf", &[&header, &data_handler, &data, &samples]))
    }

    fn sample_table(&self, offsets: &[u32]) -> Option<Vec<u8>> {
        let rows = |count: usize| u32::try_from(count).ok();
        let times: Vec<u32> =
            self.times.iter().flat_map(|&(count, ticks)| [count, ticks]).collect();
        let keys = match &self.keys {
            Some(keys) => table(b"stss", rows(keys.len())?, keys),
            None => Vec::new(),
        };
        let runs = self.runs();
        let sizes = match &self.sizes {
            Sizes::Each(sizes) => {
                boxed(b"stsz", &[&words(&[0, 0, rows(sizes.len())?]), &words(sizes)])
            }
            Sizes::Same(size, count) => boxed(b"stsz", &[&words(&[0, *size, *count])]),
        };
        Some(boxed(
            b"stbl",
            &[
                &boxed(b"stsd", &[&words(&[0, 1]), &self.entry]),
                &table(b"stts", rows(self.times.len())?, &times),
                &keys,
                &table(b"stsc", rows(runs.len() / 3)?, &runs),
                &sizes,
                &table(b"stco", rows(offsets.len())?, offsets),
                &self.roll_group()?,
            ],
        ))
    }

    /// One group of all samples, with the distance that a decoder goes back.
    fn roll_group(&self) -> Option<Vec<u8>> {
        if self.pre_roll == 0 {
            return Some(Vec::new());
        }
        let distance = i16::try_from(self.pre_roll).ok()?.checked_neg()?;
        // Version 1, entries of two bytes, one of them.
        let groups = boxed(
            b"sgpd",
            &[&words(&[0x0100_0000]), b"roll", &words(&[2, 1]), &distance.to_be_bytes()],
        );
        let samples =
            self.times.iter().try_fold(0u32, |sum, &(count, _)| sum.checked_add(count))?;
        let members = boxed(b"sbgp", &[&words(&[0]), b"roll", &words(&[1, samples, 1])]);
        Some([groups, members].concat())
    }

    /// First chunk, samples in each, sample description: one row where the number changes.
    fn runs(&self) -> Vec<u32> {
        let mut runs = Vec::new();
        let mut last = None;
        for (number, chunk) in (1u32..).zip(&self.chunks) {
            if last != Some(chunk.samples) {
                runs.extend([number, chunk.samples, 1]);
                last = Some(chunk.samples);
            }
        }
        runs
    }
}

/// QuickTime names the component's type and counts the name's length where ISO has zeros and a
/// terminated string.
fn handler(container: Container, component: &[u8; 4], subtype: &[u8; 4], name: &str) -> Vec<u8> {
    match container {
        Container::Mp4 => {
            boxed(b"hdlr", &[&words(&[0, 0]), subtype, &[0; 12], name.as_bytes(), &[0]])
        }
        Container::Mov => {
            let counted = [&[name.len() as u8], name.as_bytes()].concat();
            boxed(b"hdlr", &[&words(&[0]), component, subtype, &[0; 12], &counted])
        }
    }
}
