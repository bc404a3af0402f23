//! MPEG-4 (ISO/IEC 14496-12) and QuickTime files, index first, so that a player can start before
//! it has the whole file. The tracks lie side by side, a second of each in turn.

mod boxes;
mod sound;
mod track;
mod video;

use boxes::{boxed, words};
pub(super) use sound::sound_track;
pub(super) use track::Track;
use track::{Chunk, Medium, Sizes, UNITY_MATRIX};
pub(super) use video::video_track;

/// Container to write; both hold the same pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// `video/mp4`.
    Mp4,
    /// `video/quicktime`.
    Mov,
}

/// Units per second of the film's own clock, as opposed to the tracks'.
const MOVIE_TIMESCALE: u32 = 1000;

/// Writes the file, or `None` when it would outgrow the format's 32-bit sizes.
pub(super) fn write(tracks: &[Track], container: Container) -> Option<Vec<u8>> {
    let file_type = match container {
        Container::Mp4 => boxed(b"ftyp", &[b"isom", &words(&[0x200]), b"isomiso2avc1mp41"]),
        Container::Mov => boxed(b"ftyp", &[b"qt  ", &words(&[0x200]), b"qt  "]),
    };
    let chunks = side_by_side(tracks);
    let media: usize = chunks.iter().map(|(_, chunk)| chunk.data.len()).sum();
    let media_size = u32::try_from(media + 8).ok()?;

    // The index holds the offsets of the media behind it, so its own length must be known first;
    // the length does not depend on the offsets' values.
    let index_size = index(tracks, container, &chunks, 0)?.len();
    let media_offset = u32::try_from(file_type.len() + index_size + 8).ok()?;
    media_offset.checked_add(media_size)?;

    let mut file = Vec::with_capacity(file_type.len() + index_size + media + 8);
    file.extend_from_slice(&file_type);
    file.extend_from_slice(&index(tracks, container, &chunks, media_offset)?);
    file.extend_from_slice(&media_size.to_be_bytes());
    file.extend_from_slice(b"mdat");
    chunks.iter().for_each(|(_, chunk)| file.extend_from_slice(&chunk.data));
    Some(file)
}

/// The chunks of all tracks in the order of the file, each with its track's position.
fn side_by_side(tracks: &[Track]) -> Vec<(usize, &Chunk)> {
    let longest = tracks.iter().map(|track| track.chunks.len()).max().unwrap_or(0);
    let second = |number: usize| {
        let chunks = tracks.iter().map(move |track| track.chunks.get(number));
        chunks.enumerate().filter_map(|(position, chunk)| Some((position, chunk?)))
    };
    (0..longest).flat_map(second).collect()
}

fn index(
    tracks: &[Track],
    container: Container,
    chunks: &[(usize, &Chunk)],
    media_offset: u32,
) -> Option<Vec<u8>> {
    let mut offsets = vec![Vec::new(); tracks.len()];
    let mut offset = media_offset;
    for (position, chunk) in chunks {
        offsets.get_mut(*position)?.push(offset);
        offset = offset.checked_add(u32::try_from(chunk.data.len()).ok()?)?;
    }
    let lengths = tracks.iter().map(|track| track.length(MOVIE_TIMESCALE));
    let length = lengths.collect::<Option<Vec<u32>>>()?.into_iter().max()?;
    let next_track = u32::try_from(tracks.len() + 1).ok()?;
    let header = boxed(
        b"mvhd",
        &[
            &words(&[0, 0, 0, MOVIE_TIMESCALE, length, 0x1_0000, 0x0100_0000, 0, 0]),
            &words(&UNITY_MATRIX),
            &words(&[0, 0, 0, 0, 0, 0, next_track]),
        ],
    );
    let mut parts = vec![header];
    for ((number, track), offsets) in (1..).zip(tracks).zip(&offsets) {
        parts.push(track.boxed(number, container, MOVIE_TIMESCALE, offsets)?);
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Some(boxed(b"moov", &parts))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::h264::{Sample, Stream};
    use super::super::plan::FrameRate;
    use super::super::sound::{OpusPackets, SoundTrack};
    use super::*;

    /// The body of the box at `path`, such as `moov/trak/mdia`.
    pub(crate) fn find<'a>(mut bytes: &'a [u8], path: &str) -> Option<&'a [u8]> {
        for name in path.split('/') {
            bytes = children(bytes).into_iter().find(|(kind, _)| kind == name)?.1;
        }
        Some(bytes)
    }

    fn children(mut bytes: &[u8]) -> Vec<(String, &[u8])> {
        let mut found = Vec::new();
        while bytes.len() >= 8 {
            let size = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
            found.push((String::from_utf8_lossy(&bytes[4..8]).into_owned(), &bytes[8..size]));
            bytes = &bytes[size..];
        }
        assert!(bytes.is_empty(), "bytes left over after the last box");
        found
    }

    pub(crate) fn word(bytes: &[u8], index: usize) -> u32 {
        u32::from_be_bytes(bytes[index * 4..index * 4 + 4].try_into().unwrap())
    }

    fn stream() -> Stream {
        let sample = |length, key| Sample { data: vec![7; length], key };
        Stream {
            width: 320,
            height: 180,
            sps: vec![0x67, 66, 0xc0, 30, 1, 2],
            pps: vec![0x68, 3],
            samples: vec![sample(100, true), sample(20, false), sample(90, true)],
        }
    }

    /// Two seconds of silence.
    fn sound() -> SoundTrack {
        let samples = vec![0; 32_000];
        SoundTrack { sample_rate: 16_000, samples }
    }

    fn packets() -> OpusPackets {
        sound().compressed().unwrap()
    }

    fn silent(container: Container) -> Vec<u8> {
        write(&[video_track(&stream(), RATE, container).unwrap()], container).unwrap()
    }

    fn audible(container: Container) -> Vec<u8> {
        let pictures = video_track(&stream(), RATE, container).unwrap();
        let sound = sound_track(&sound(), container).unwrap().unwrap();
        write(&[pictures, sound], container).unwrap()
    }

    const RATE: FrameRate = FrameRate { timescale: 30_000, frame_ticks: 1001 };

    #[test]
    fn the_index_comes_first_and_points_at_the_media() {
        for container in [Container::Mp4, Container::Mov] {
            let file = silent(container);
            let names: Vec<String> = children(&file).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["ftyp", "moov", "mdat"]);
            let table = find(&file, "moov/trak/mdia/minf/stbl").unwrap();
            let offset = word(find(table, "stco").unwrap(), 2) as usize;
            assert_eq!(file[offset - 4..offset], *b"mdat");
            assert_eq!(file.len() - offset, 210);
        }
    }

    #[test]
    fn the_tables_describe_every_sample() {
        let file = silent(Container::Mp4);
        let table = find(&file, "moov/trak/mdia/minf/stbl").unwrap();
        let sizes = find(table, "stsz").unwrap();
        assert_eq!(
            [word(sizes, 2), word(sizes, 3), word(sizes, 4), word(sizes, 5)],
            [3, 100, 20, 90]
        );
        let keys = find(table, "stss").unwrap();
        assert_eq!([word(keys, 1), word(keys, 2), word(keys, 3)], [2, 1, 3]);
        let times = find(table, "stts").unwrap();
        assert_eq!([word(times, 1), word(times, 2), word(times, 3)], [1, 3, 1001]);
        let media_header = find(&file, "moov/trak/mdia/mdhd").unwrap();
        assert_eq!((word(media_header, 3), word(media_header, 4)), (30_000, 3003));
        let movie_header = find(&file, "moov/mvhd").unwrap();
        assert_eq!((word(movie_header, 3), word(movie_header, 4)), (1000, 100));
    }

    #[test]
    fn the_sample_entry_carries_parameter_sets_and_colour() {
        let file = silent(Container::Mp4);
        let entry = find(&file, "moov/trak/mdia/minf/stbl/stsd").unwrap();
        // Version and count, then the fixed fields of a visual sample entry.
        let avc1 = find(&entry[8..], "avc1").unwrap();
        let extensions = &avc1[78..];
        let configuration = find(extensions, "avcC").unwrap();
        assert_eq!(configuration[..6], [1, 66, 0xc0, 30, 0xff, 0xe1]);
        assert_eq!(configuration[8..14], [0x67, 66, 0xc0, 30, 1, 2]);
        assert_eq!(find(extensions, "colr").unwrap(), b"nclx\0\x06\0\x06\0\x06\0");
    }

    #[test]
    fn sound_lies_beside_the_pictures_and_is_found_by_its_offsets() {
        let file = audible(Container::Mp4);
        let tracks = children(find(&file, "moov").unwrap());
        let (_, second) = tracks[2];
        assert_eq!(&find(second, "mdia/hdlr").unwrap()[8..12], b"soun");
        let table = find(second, "mdia/minf/stbl").unwrap();
        let offsets = find(table, "stco").unwrap();
        let sizes = find(table, "stsz").unwrap();
        let packets = packets().packets;
        assert_eq!(word(sizes, 2) as usize, packets.len());
        let first = word(offsets, 2) as usize;
        assert_eq!(file[first..first + packets[0].len()], packets[0]);
        let chunk = find(table, "stsc").unwrap();
        assert_eq!(word(chunk, 3), 50, "a second is fifty packets");
        let next = word(offsets, 3) as usize;
        assert_eq!(file[next..next + packets[50].len()], packets[50]);
        // What the codec needs to begin is not heard, and the rest is two seconds.
        let edit = find(second, "edts/elst").unwrap();
        assert_eq!((word(edit, 2), word(edit, 3)), (2000, u32::from(self::packets().pre_skip)));
    }

    /// The numbers of the example in 4.7 of the encapsulation's specification, but for packets of 20
    /// milliseconds: four of them are the 80 that a decoder needs.
    #[test]
    fn a_player_that_jumps_is_told_to_decode_80_milliseconds_before() {
        let file = audible(Container::Mp4);
        let tracks = children(find(&file, "moov").unwrap());
        let table = find(tracks[2].1, "mdia/minf/stbl").unwrap();
        let description = find(table, "sgpd").unwrap();
        assert_eq!(description, b"\x01\0\0\0roll\0\0\0\x02\0\0\0\x01\xff\xfc");
        let group = find(table, "sbgp").unwrap();
        assert_eq!(group[..12], *b"\0\0\0\0roll\0\0\0\x01");
        assert_eq!((word(group, 3) as usize, word(group, 4)), (packets().packets.len(), 1));
        let pictures = find(tracks[1].1, "mdia/minf/stbl").unwrap();
        assert!(find(pictures, "sgpd").is_none());
    }

    #[test]
    fn quicktime_has_linear_samples() {
        let file = audible(Container::Mov);
        let tracks = children(find(&file, "moov").unwrap());
        let table = find(tracks[2].1, "mdia/minf/stbl").unwrap();
        assert_eq!(find(table, "stsd").unwrap()[12..16], *b"sowt");
        let sizes = find(table, "stsz").unwrap();
        assert_eq!((word(sizes, 1), word(sizes, 2)), (2, 32_000));
    }
}
