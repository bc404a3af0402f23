//! One H.264 track in an MPEG-4 (ISO/IEC 14496-12) or QuickTime file, index first, so that a
//! player can start before it has the whole file.

use super::h264::Stream;
use super::plan::FrameRate;

/// Container to write; both hold the same track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// `video/mp4`.
    Mp4,
    /// `video/quicktime`.
    Mov,
}

/// Units per second of the film's own clock, as opposed to the track's.
const MOVIE_TIMESCALE: u32 = 1000;

/// No rotation, no scaling: a 3×3 matrix in 16.16 and, last column, 2.30 fixed point.
const UNITY_MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// Writes the file, or `None` when it would outgrow the format's 32-bit sizes.
pub(super) fn write(stream: &Stream, rate: FrameRate, container: Container) -> Option<Vec<u8>> {
    let file_type = match container {
        Container::Mp4 => boxed(b"ftyp", &[b"isom", &words(&[0x200]), b"isomiso2avc1mp41"]),
        Container::Mov => boxed(b"ftyp", &[b"qt  ", &words(&[0x200]), b"qt  "]),
    };
    let media: usize = stream.samples.iter().map(|sample| sample.data.len()).sum();
    let media_size = u32::try_from(media + 8).ok()?;

    // The index holds the offset of the media behind it, so its own length must be known first;
    // the length does not depend on the offset's value.
    let index_size = index(stream, rate, container, 0)?.len();
    let media_offset = u32::try_from(file_type.len() + index_size + 8).ok()?;
    media_offset.checked_add(media_size)?;

    let mut file = Vec::with_capacity(file_type.len() + index_size + media + 8);
    file.extend_from_slice(&file_type);
    file.extend_from_slice(&index(stream, rate, container, media_offset)?);
    file.extend_from_slice(&media_size.to_be_bytes());
    file.extend_from_slice(b"mdat");
    stream.samples.iter().for_each(|sample| file.extend_from_slice(&sample.data));
    Some(file)
}

fn index(
    stream: &Stream,
    rate: FrameRate,
    container: Container,
    media_offset: u32,
) -> Option<Vec<u8>> {
    let frames = u32::try_from(stream.samples.len()).ok()?;
    let track_ticks = frames.checked_mul(rate.frame_ticks)?;
    let movie_ticks =
        u64::from(track_ticks) * u64::from(MOVIE_TIMESCALE) / u64::from(rate.timescale);
    let movie_ticks = u32::try_from(movie_ticks).ok()?;
    let matrix = words(&UNITY_MATRIX);

    let movie_header = boxed(
        b"mvhd",
        &[
            &words(&[0, 0, 0, MOVIE_TIMESCALE, movie_ticks, 0x1_0000, 0x0100_0000, 0, 0]),
            &matrix,
            &words(&[0, 0, 0, 0, 0, 0, 2]),
        ],
    );
    let track_header = boxed(
        b"tkhd",
        &[
            &words(&[0x0000_0003, 0, 0, 1, 0, movie_ticks, 0, 0, 0, 0]),
            &matrix,
            &words(&[stream.width << 16, stream.height << 16]),
        ],
    );
    // 0x55c4 is the packed language code `und`.
    let media_header =
        boxed(b"mdhd", &[&words(&[0, 0, 0, rate.timescale, track_ticks, 0x55c4_0000])]);
    let media = boxed(
        b"mdia",
        &[
            &media_header,
            &handler(container, b"mhlr", b"vide", "video"),
            &media_information(stream, rate, container, frames, media_offset)?,
        ],
    );
    Some(boxed(b"moov", &[&movie_header, &boxed(b"trak", &[&track_header, &media])]))
}

fn media_information(
    stream: &Stream,
    rate: FrameRate,
    container: Container,
    frames: u32,
    media_offset: u32,
) -> Option<Vec<u8>> {
    let video_header = boxed(b"vmhd", &[&words(&[1, 0, 0])]);
    let self_contained = boxed(b"url ", &[&words(&[1])]);
    let data_information = boxed(b"dinf", &[&boxed(b"dref", &[&words(&[0, 1]), &self_contained])]);
    let table = sample_table(stream, rate, container, frames, media_offset)?;
    Some(match container {
        Container::Mp4 => boxed(b"minf", &[&video_header, &data_information, &table]),
        Container::Mov => {
            let data_handler = handler(container, b"dhlr", b"url ", "data");
            boxed(b"minf", &[&video_header, &data_handler, &data_information, &table])
        }
    })
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

fn sample_table(
    stream: &Stream,
    rate: FrameRate,
    container: Container,
    frames: u32,
    media_offset: u32,
) -> Option<Vec<u8>> {
    let sizes: Vec<u32> = stream
        .samples
        .iter()
        .map(|sample| u32::try_from(sample.data.len()).ok())
        .collect::<Option<_>>()?;
    let key_frames: Vec<u32> =
        (1..).zip(&stream.samples).filter(|(_, sample)| sample.key).map(|(n, _)| n).collect();
    let key_count = u32::try_from(key_frames.len()).ok()?;

    let descriptions = boxed(b"stsd", &[&words(&[0, 1]), &sample_entry(stream, container)?]);
    let times = boxed(b"stts", &[&words(&[0, 1, frames, rate.frame_ticks])]);
    let keys = boxed(b"stss", &[&words(&[0, key_count]), &words(&key_frames)]);
    let one_chunk = boxed(b"stsc", &[&words(&[0, 1, 1, frames, 1])]);
    let sizes = boxed(b"stsz", &[&words(&[0, 0, frames]), &words(&sizes)]);
    let offsets = boxed(b"stco", &[&words(&[0, 1, media_offset])]);
    Some(boxed(b"stbl", &[&descriptions, &times, &keys, &one_chunk, &sizes, &offsets]))
}

fn sample_entry(stream: &Stream, container: Container) -> Option<Vec<u8>> {
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

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let size = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(size);
    // Only the index is built here; it stays far below 4 GiB.
    bytes.extend_from_slice(&(size as u32).to_be_bytes());
    bytes.extend_from_slice(kind);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::h264::Sample;
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

    const RATE: FrameRate = FrameRate { timescale: 30_000, frame_ticks: 1001 };

    #[test]
    fn the_index_comes_first_and_points_at_the_media() {
        for container in [Container::Mp4, Container::Mov] {
            let file = write(&stream(), RATE, container).unwrap();
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
        let file = write(&stream(), RATE, Container::Mp4).unwrap();
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
        let file = write(&stream(), RATE, Container::Mp4).unwrap();
        let entry = find(&file, "moov/trak/mdia/minf/stbl/stsd").unwrap();
        // Version and count, then the fixed fields of a visual sample entry.
        let avc1 = find(&entry[8..], "avc1").unwrap();
        let extensions = &avc1[78..];
        let configuration = find(extensions, "avcC").unwrap();
        assert_eq!(configuration[..6], [1, 66, 0xc0, 30, 0xff, 0xe1]);
        assert_eq!(configuration[8..14], [0x67, 66, 0xc0, 30, 1, 2]);
        assert_eq!(find(extensions, "colr").unwrap(), b"nclx\0\x06\0\x06\0\x06\0");
    }
}
