//! WebM (Matroska's subset, RFC 9559) around frames that the platform encoded, index first.

use super::sound::OpusPackets;

/// One frame as an encoder gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedFrame {
    /// Time of presentation in microseconds.
    pub timestamp: u64,
    /// Whether decoding can start here.
    pub key: bool,
    /// The encoder's bytes.
    pub data: Vec<u8>,
}

/// What is said of a film.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    /// The codec's name in Matroska, such as `V_VP9`.
    pub(crate) codec: &'static str,
    /// Pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Seconds.
    pub(crate) duration: f64,
}

/// Nanoseconds of a tick: times are in milliseconds, as usual.
const TICK: u64 = 1_000_000;
/// Ticks that a cluster may last; times inside of it have 16 bits.
const LONGEST_CLUSTER: u64 = 5_000;
const VIDEO: u64 = 1;
const SOUND: u64 = 2;

/// One frame or packet on its way into a cluster.
struct Block<'a> {
    track: u64,
    /// Milliseconds.
    time: u64,
    key: bool,
    data: &'a [u8],
}

/// Writes the file.
pub(crate) fn write(
    facts: &Facts,
    frames: &[EncodedFrame],
    sound: Option<&OpusPackets>,
) -> Vec<u8> {
    let clusters = clusters(&blocks(frames, sound));
    let head = [information(facts), tracks(facts, sound)].concat();
    // The index says where clusters lie behind it, and has the same length whatever it says.
    let start = (head.len() + index(&clusters, 0).len()) as u64;
    let body = [head, index(&clusters, start)].concat();
    let clusters: Vec<&[u8]> = clusters.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let segment = [body, clusters.concat()].concat();
    [header(), element(0x1853_8067, &segment)].concat()
}

fn blocks<'a>(frames: &'a [EncodedFrame], sound: Option<&'a OpusPackets>) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'_>> = frames
        .iter()
        .map(|frame| Block {
            track: VIDEO,
            time: (frame.timestamp + 500) / 1_000,
            key: frame.key,
            data: &frame.data,
        })
        .collect();
    for (number, data) in sound.into_iter().flat_map(|sound| (0..).zip(&sound.packets)) {
        let ticks = number * sound.map_or(0, |sound| u64::from(sound.packet_ticks));
        blocks.push(Block { track: SOUND, time: ticks / 48, key: true, data });
    }
    blocks.sort_by_key(|block| block.time);
    blocks
}

/// A cluster begins with each frame at which decoding can start, and where it would last too long;
/// each with its time.
fn clusters(blocks: &[Block<'_>]) -> Vec<(u64, Vec<u8>)> {
    let mut clusters: Vec<(u64, Vec<u8>)> = Vec::new();
    for block in blocks {
        let begins = match clusters.last() {
            None => true,
            Some((start, _)) => {
                (block.track == VIDEO && block.key) || block.time - start > LONGEST_CLUSTER
            }
        };
        if begins {
            clusters.push((block.time, unsigned(0xe7, block.time)));
        }
        if let Some((start, body)) = clusters.last_mut() {
            let offset = ((block.time - *start) as u16).to_be_bytes();
            let flags = if block.key { 0x80 } else { 0 };
            let [high, low] = offset;
            let head = [0x80 | block.track as u8, high, low, flags];
            body.extend(element(0xa3, &[&head, block.data].concat()));
        }
    }
    clusters.into_iter().map(|(time, body)| (time, element(0x1f43_b675, &body))).collect()
}

/// Where each cluster lies, counted from the segment's first byte; `start` is the first one's place.
fn index(clusters: &[(u64, Vec<u8>)], start: u64) -> Vec<u8> {
    let mut place = start;
    let mut points = Vec::new();
    for (time, bytes) in clusters {
        let position = [unsigned(0xf7, VIDEO), unsigned(0xf1, place)].concat();
        let point = [unsigned(0xb3, *time), element(0xb7, &position)].concat();
        points.extend(element(0xbb, &point));
        place += bytes.len() as u64;
    }
    element(0x1c53_bb6b, &points)
}

fn header() -> Vec<u8> {
    let body = [
        unsigned(0x4286, 1),
        unsigned(0x42f7, 1),
        unsigned(0x42f2, 4),
        unsigned(0x42f3, 8),
        element(0x4282, b"webm"),
        unsigned(0x4287, 4),
        unsigned(0x4285, 2),
    ];
    element(0x1a45_dfa3, &body.concat())
}

fn information(facts: &Facts) -> Vec<u8> {
    let body = [
        unsigned(0x2a_d7b1, TICK),
        float(0x4489, facts.duration * 1_000.0),
        element(0x4d80, b"Media Factory"),
        element(0x5741, b"Media Factory"),
    ];
    element(0x1549_a966, &body.concat())
}

fn tracks(facts: &Facts, sound: Option<&OpusPackets>) -> Vec<u8> {
    let size = [unsigned(0xb0, facts.width.into()), unsigned(0xba, facts.height.into())].concat();
    // Matrix, primaries and transfer of BT.601 with 525 lines, limited range.
    let colour =
        [unsigned(0x55b1, 6), unsigned(0x55b9, 1), unsigned(0x55ba, 6), unsigned(0x55bb, 6)];
    let pictures = [size, element(0x55b0, &colour.concat())].concat();
    let video = [track(VIDEO, 1, facts.codec), element(0xe0, &pictures)].concat();
    let audio = sound.map(|sound| element(0xae, &sound_track(sound))).unwrap_or_default();
    element(0x1654_ae6b, &[element(0xae, &video), audio].concat())
}

/// Number, kind (1 video, 2 sound), codec, language, and that blocks hold one frame each.
fn track(number: u64, kind: u64, codec: &str) -> Vec<u8> {
    [
        unsigned(0xd7, number),
        unsigned(0x73c5, number),
        unsigned(0x83, kind),
        unsigned(0x9c, 0),
        element(0x22_b59c, b"und"),
        element(0x86, codec.as_bytes()),
    ]
    .concat()
}

fn sound_track(sound: &OpusPackets) -> Vec<u8> {
    let head = [
        &b"OpusHead\x01\x01"[..],
        &sound.pre_skip.to_le_bytes(),
        &sound.sample_rate.to_le_bytes(),
        &[0, 0, 0],
    ];
    // Decoders need 80 ms to find their way after a jump.
    [
        track(SOUND, 2, "A_OPUS"),
        element(0x63a2, &head.concat()),
        unsigned(0x56aa, u64::from(sound.pre_skip) * 1_000_000 / 48),
        unsigned(0x56bb, 80_000_000),
        element(0xe1, &[float(0xb5, 48_000.0), unsigned(0x9f, 1)].concat()),
    ]
    .concat()
}

/// An element: its identifier, its length in eight bytes, its body.
fn element(identifier: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        identifier.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    bytes.extend((body.len() as u64 | 1 << 56).to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn unsigned(identifier: u32, value: u64) -> Vec<u8> {
    element(identifier, &value.to_be_bytes())
}

fn float(identifier: u32, value: f64) -> Vec<u8> {
    element(identifier, &value.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts = Facts { codec: "V_VP9", width: 64, height: 36, duration: 7.0 };

    /// The elements at one level, by identifier.
    fn elements(mut bytes: &[u8]) -> Vec<(u32, &[u8])> {
        let mut found = Vec::new();
        while let Some(first) = bytes.first() {
            let length = first.leading_zeros() as usize + 1;
            let identifier = bytes[..length].iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
            let size = u64::from_be_bytes(bytes[length..length + 8].try_into().unwrap());
            let size = (size & !(1 << 56)) as usize;
            found.push((identifier, &bytes[length + 8..length + 8 + size]));
            bytes = &bytes[length + 8 + size..];
        }
        found
    }

    fn inside(bytes: &[u8], identifier: u32) -> Vec<&[u8]> {
        let all = elements(bytes).into_iter();
        all.filter(|(found, _)| *found == identifier).map(|(_, body)| body).collect()
    }

    fn frames() -> Vec<EncodedFrame> {
        (0..70)
            .map(|number| EncodedFrame {
                timestamp: number * 100_000,
                key: number % 20 == 0,
                data: vec![number as u8; 9],
            })
            .collect()
    }

    #[test]
    fn the_index_leads_to_clusters_that_begin_with_key_frames() {
        let file = write(&FACTS, &frames(), None);
        let segment = inside(&file, 0x1853_8067)[0];
        let points = inside(inside(segment, 0x1c53_bb6b)[0], 0xbb);
        assert_eq!(points.len(), 4);
        for (number, point) in points.iter().enumerate() {
            let position = inside(inside(point, 0xb7)[0], 0xf1)[0];
            let place = u64::from_be_bytes(position.try_into().unwrap()) as usize;
            assert_eq!(segment[place..place + 4], [0x1f, 0x43, 0xb6, 0x75]);
            let (_, cluster) = elements(&segment[place..])[0];
            let block = inside(cluster, 0xa3)[0];
            assert_eq!(block[..4], [0x81, 0, 0, 0x80]);
            assert_eq!(block[4], number as u8 * 20);
        }
    }

    #[test]
    fn sound_lies_between_the_pictures() {
        let sound = OpusPackets::encode(&[0; 16_000]).unwrap();
        let file = write(&FACTS, &frames(), Some(&sound));
        let segment = inside(&file, 0x1853_8067)[0];
        assert_eq!(inside(inside(segment, 0x1654_ae6b)[0], 0xae).len(), 2);
        let cluster = inside(segment, 0x1f43_b675)[0];
        let tracks: Vec<u8> = inside(cluster, 0xa3).iter().map(|block| block[0]).collect();
        assert_eq!(tracks.iter().filter(|track| **track == 0x82).count(), sound.packets.len());
        assert_eq!(tracks[..8], [0x81, 0x82, 0x82, 0x82, 0x82, 0x82, 0x81, 0x82]);
    }

    #[test]
    fn long_films_without_key_frames_have_clusters_too() {
        let frames: Vec<EncodedFrame> = frames()
            .into_iter()
            .map(|frame| EncodedFrame { key: frame.timestamp == 0, ..frame })
            .collect();
        let file = write(&FACTS, &frames, None);
        assert_eq!(inside(inside(&file, 0x1853_8067)[0], 0x1f43_b675).len(), 2);
    }
}
