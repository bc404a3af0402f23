//! Waveform audio: 16-bit linear samples out, the usual kinds in.

/// Bytes before the samples in a file that [`WavWriter`] makes.
const HEADER: usize = 44;

/// Writes mono sound; the samples are kept as the file's bytes, once.
pub(crate) struct WavWriter {
    sample_rate: u32,
    bytes: Vec<u8>,
}

impl WavWriter {
    /// Starts a file with this many samples per second.
    pub(crate) fn new(sample_rate: u32) -> Self {
        WavWriter { sample_rate, bytes: vec![0; HEADER] }
    }

    /// Appends samples.
    pub(crate) fn extend(&mut self, samples: &[i16]) {
        self.bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    }

    /// Length so far in seconds.
    pub(crate) fn duration(&self) -> f64 {
        ((self.bytes.len() - HEADER) / 2) as f64 / f64::from(self.sample_rate)
    }

    /// The finished file, or `None` when it would outgrow the format's 32-bit sizes.
    pub(crate) fn finish(mut self) -> Option<Vec<u8>> {
        let data = u32::try_from(self.bytes.len() - HEADER).ok()?;
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(b"RIFF");
        header.extend_from_slice(&data.checked_add(HEADER as u32 - 8)?.to_le_bytes());
        header.extend_from_slice(b"WAVEfmt ");
        header.extend_from_slice(&16u32.to_le_bytes());
        // Linear samples, one channel.
        header.extend_from_slice(&[1, 0, 1, 0]);
        header.extend_from_slice(&self.sample_rate.to_le_bytes());
        header.extend_from_slice(&(self.sample_rate * 2).to_le_bytes());
        // Two bytes a sample, 16 bits.
        header.extend_from_slice(&[2, 0, 16, 0]);
        header.extend_from_slice(b"data");
        header.extend_from_slice(&data.to_le_bytes());
        self.bytes.get_mut(..HEADER)?.copy_from_slice(&header);
        Some(self.bytes)
    }
}

/// Sound read from a file, mixed to one channel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sound {
    /// Samples per second.
    pub(crate) sample_rate: u32,
    /// Samples of -1 to 1.
    pub(crate) samples: Vec<f32>,
}

/// Reads at most `max_seconds` of a file: linear samples of 8, 16, 24 or 32 bits, or floating
/// point of 32 bits. `None` when it is damaged or coded otherwise.
pub(crate) fn read(bytes: &[u8], max_seconds: u32) -> Option<Sound> {
    let (format, data) = chunks(bytes)?;
    let field = |at: usize| -> Option<u16> {
        Some(u16::from_le_bytes(format.get(at..at + 2)?.try_into().ok()?))
    };
    let channels = usize::from(field(2)?);
    let sample_rate = u32::from_le_bytes(format.get(4..8)?.try_into().ok()?);
    let bits = field(14)?;
    // 0xfffe says that the coding stands in the extension.
    let coding = match field(0)? {
        0xfffe => field(24)?,
        coding => coding,
    };
    if channels == 0 || !(1_000..=384_000).contains(&sample_rate) {
        return None;
    }
    let sample: fn(&[u8]) -> f32 = match (coding, bits) {
        (1, 8) => |bytes| (whole(bytes) as f32 - 128.0) / 128.0,
        // Shifted to the top, so that the sign is in place whatever the width.
        (1, 16) => |bytes| (whole(bytes) << 16) as i32 as f32 / 2_147_483_648.0,
        (1, 24) => |bytes| (whole(bytes) << 8) as i32 as f32 / 2_147_483_648.0,
        (1, 32) => |bytes| whole(bytes) as i32 as f32 / 2_147_483_648.0,
        (3, 32) => |bytes| {
            let value = f32::from_bits(whole(bytes));
            if value.is_finite() { value.clamp(-1.0, 1.0) } else { 0.0 }
        },
        _ => return None,
    };
    let width = usize::from(bits / 8);
    let samples = data
        .chunks_exact(width * channels)
        .take(sample_rate as usize * max_seconds as usize)
        .map(|frame| frame.chunks_exact(width).map(sample).sum::<f32>() / channels as f32)
        .collect();
    Some(Sound { sample_rate, samples })
}

/// Up to four bytes, least significant first.
fn whole(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |value, &byte| (value << 8) | u32::from(byte))
}

/// The bodies of the chunks `fmt ` and `data`.
fn chunks(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    let mut format = None;
    while let Some((name, tail)) = rest.split_first_chunk::<4>() {
        let (size, body) = tail.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        // Writers that stream leave the size of the last chunk at zero or far too large.
        let content = body.get(..size).unwrap_or(body);
        match name {
            b"fmt " => format = Some(content),
            b"data" => return Some((format?, if size == 0 { body } else { content })),
            _ => {}
        }
        rest = body.get(size + size % 2..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let mut writer = WavWriter::new(16_000);
        writer.extend(&[0, 16_384, -32_768, 32_767]);
        assert_eq!(writer.duration(), 4.0 / 16_000.0);
        let file = writer.finish().unwrap();
        assert_eq!(file.len(), 52);
        assert_eq!(u32::from_le_bytes(file[4..8].try_into().unwrap()), 44);
        let sound = read(&file, 1).unwrap();
        assert_eq!(sound.sample_rate, 16_000);
        assert_eq!(sound.samples[..3], [0.0, 0.5, -1.0]);
    }

    fn file(coding: u16, channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0".to_vec();
        file.extend(coding.to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(8_000u32.to_le_bytes());
        file.extend([0; 6]);
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        file
    }

    #[test]
    fn other_codings_and_stereo_are_mixed_to_one_channel() {
        assert_eq!(read(&file(1, 1, 8, &[128, 192]), 1).unwrap().samples, [0.0, 0.5]);
        let stereo = file(1, 2, 16, &[0, 0x40, 0, 0x20]);
        assert_eq!(read(&stereo, 1).unwrap().samples, [0.375]);
        assert_eq!(read(&file(1, 1, 24, &[0, 0, 0xc0]), 1).unwrap().samples, [-0.5]);
        let float = file(3, 1, 32, &0.25f32.to_le_bytes());
        assert_eq!(read(&float, 1).unwrap().samples, [0.25]);
    }

    #[test]
    fn damage_is_refused_and_never_a_panic() {
        assert_eq!(read(b"RIFF\0\0\0\0WAVE", 1), None);
        assert_eq!(read(&file(85, 1, 0, &[1, 2]), 1), None);
        assert_eq!(read(&file(1, 0, 16, &[1, 2]), 1), None);
        let whole = file(1, 1, 16, &[1, 2, 3, 4]);
        for end in 0..whole.len() {
            let _outcome = read(&whole[..end], 1);
        }
    }

    #[test]
    fn no_more_is_read_than_asked() {
        let long = file(1, 1, 8, &vec![128; 20_000]);
        assert_eq!(read(&long, 2).unwrap().samples.len(), 16_000);
    }
}
