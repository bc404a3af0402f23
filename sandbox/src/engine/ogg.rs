//! Ogg with Opus: speech in a twelfth of the bytes of a waveform, for everything that plays sound.

use opus_pure::{
    Application, Error, MAX_PACKET_BYTES, MAX_PACKET_SAMPLES, OggOpusReader, OggOpusWriter,
    OpusEncoder, OpusHead, OpusTags, Signal, Trim,
};

use super::wav::Sound;

/// Samples per second. The codec is arithmetic of whole numbers for speech at this rate, and its
/// bytes are the same on every target; at higher rates they are not.
pub(crate) const SAMPLE_RATE: u32 = 16_000;

/// Samples in a packet of 20 milliseconds, the usual choice.
const FRAME: usize = SAMPLE_RATE as usize / 50;

/// Ogg counts time at 48 kHz whatever the rate of the sound.
const TICKS_PER_SAMPLE: u64 = 48_000 / SAMPLE_RATE as u64;

/// Bits per second from which wideband speech is not told from its original.
const BIT_RATE: i32 = 28_000;

/// Sound of one channel as packets without a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpusPackets {
    pub(crate) packets: Vec<Vec<u8>>,
    /// Ticks of 48 kHz that a packet lasts.
    pub(crate) packet_ticks: u32,
    /// Ticks from the first packet's start to the end of the sound.
    pub(crate) ticks: u32,
    /// Ticks at the start that players leave out.
    pub(crate) pre_skip: u16,
    /// Samples per second of the original.
    pub(crate) sample_rate: u32,
}

impl OpusPackets {
    /// Compresses samples of [`SAMPLE_RATE`].
    pub(crate) fn encode(samples: &[i16]) -> Result<Self, Error> {
        let mut encoder = encoder()?;
        let pre_skip = OpusHead::for_encoder(&encoder, SAMPLE_RATE).pre_skip;
        let ticks = u64::from(pre_skip) + samples.len() as u64 * TICKS_PER_SAMPLE;
        let packet_ticks = FRAME as u64 * TICKS_PER_SAMPLE;
        let mut packet = vec![0; MAX_PACKET_BYTES];
        let mut packets = Vec::new();
        let mut padded = samples.to_vec();
        // Silence pushes the last samples out of the codec.
        padded.resize(ticks.div_ceil(packet_ticks).max(1) as usize * FRAME, 0);
        for frame in padded.chunks_exact(FRAME) {
            let length = encoder.encode_s16(frame, FRAME, &mut packet)?;
            packets.push(packet.get(..length).unwrap_or_default().to_vec());
        }
        Ok(OpusPackets {
            packets,
            packet_ticks: packet_ticks as u32,
            ticks: u32::try_from(ticks).unwrap_or(u32::MAX),
            pre_skip,
            sample_rate: SAMPLE_RATE,
        })
    }
}

fn encoder() -> Result<OpusEncoder, Error> {
    let mut encoder = OpusEncoder::new(SAMPLE_RATE as i32, 1, Application::Voip)?;
    encoder.bitrate_bps = BIT_RATE;
    encoder.signal_type = Some(Signal::Voice);
    Ok(encoder)
}

/// Writes mono speech.
pub(crate) struct OggWriter {
    encoder: OpusEncoder,
    file: OggOpusWriter<Vec<u8>>,
    packet: Vec<u8>,
    /// Samples that do not fill a packet yet.
    pending: Vec<i16>,
    samples: u64,
    /// Ticks by which the codec runs behind; players leave them out.
    delay: u64,
}

impl OggWriter {
    /// Starts a file.
    pub(crate) fn new() -> Result<Self, Error> {
        let encoder = encoder()?;
        let head = OpusHead::for_encoder(&encoder, SAMPLE_RATE);
        let delay = u64::from(head.pre_skip);
        let file = OggOpusWriter::with_tags(Vec::new(), head, OpusTags::new())?;
        let packet = vec![0; MAX_PACKET_BYTES];
        Ok(OggWriter { encoder, file, packet, pending: Vec::new(), samples: 0, delay })
    }

    /// Appends samples.
    pub(crate) fn extend(&mut self, samples: &[i16]) -> Result<(), Error> {
        self.samples += samples.len() as u64;
        self.pending.extend_from_slice(samples);
        let pending = std::mem::take(&mut self.pending);
        // The last packet is kept back: only the end knows how much of it counts.
        let whole = pending.len().saturating_sub(1) / FRAME * FRAME;
        let (frames, rest) = pending.split_at_checked(whole).unwrap_or((&[], &pending));
        for frame in frames.chunks_exact(FRAME) {
            let length = self.encoder.encode_s16(frame, FRAME, &mut self.packet)?;
            self.file.write_packet(self.packet.get(..length).unwrap_or_default())?;
        }
        self.pending = rest.to_vec();
        Ok(())
    }

    /// Length so far in seconds.
    pub(crate) fn duration(&self) -> f64 {
        self.samples as f64 / f64::from(SAMPLE_RATE)
    }

    /// The finished file: decoded, it has as many samples as were put in.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        let end = self.delay + self.samples * TICKS_PER_SAMPLE;
        // Silence pushes the last samples out of the codec.
        let late = self.delay.div_ceil(TICKS_PER_SAMPLE) as usize;
        let frames = (self.pending.len() + late).div_ceil(FRAME).max(1);
        self.pending.resize(frames * FRAME, 0);
        for (index, frame) in self.pending.chunks_exact(FRAME).enumerate() {
            let length = self.encoder.encode_s16(frame, FRAME, &mut self.packet)?;
            let packet = self.packet.get(..length).unwrap_or_default();
            if index + 1 == frames {
                let rest = end.saturating_sub(self.file.granule().unsigned_abs());
                self.file.write_packet_with_duration(packet, u32::try_from(rest).unwrap_or(0))?;
            } else {
                self.file.write_packet(packet)?;
            }
        }
        self.file.finish()
    }
}

/// Reads at most `max_seconds` of a file, mixed to one channel. `None` when it is damaged or does
/// not hold Opus.
pub(crate) fn read(bytes: &[u8], max_seconds: u32) -> Option<Sound> {
    let mut file = OggOpusReader::new(bytes).ok()?;
    let channels = usize::from(file.head().channel_count);
    let mut decoder = file.head().decoder(SAMPLE_RATE as i32).ok()?;
    let mut trim = Trim::new(file.head(), SAMPLE_RATE as i32, channels).ok()?;
    let mut block = vec![0.0; MAX_PACKET_SAMPLES * channels];
    let most = SAMPLE_RATE as usize * max_seconds as usize;
    let mut samples = Vec::new();
    while samples.len() < most {
        let Some(packet) = file.read_packet().ok()? else { break };
        let length = decoder.decode(&packet.data, MAX_PACKET_SAMPLES, &mut block).ok()?;
        let kept = trim.keep(&packet, block.get(..length * channels)?);
        let mixed =
            kept.chunks_exact(channels).map(|all| all.iter().sum::<f32>() / channels as f32);
        samples.extend(mixed.map(|sample| sample.clamp(-1.0, 1.0)));
    }
    samples.truncate(most);
    Some(Sound { sample_rate: SAMPLE_RATE, samples })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 kHz: far above the rumble that the encoder filters out, which shifts what is near it.
    fn tone(count: usize) -> Vec<i16> {
        (0..count).map(|n| (libm::sin(n as f64 * 0.4) * 9_000.0) as i16).collect()
    }

    fn file(samples: &[i16], piece: usize) -> Vec<u8> {
        let mut writer = OggWriter::new().unwrap();
        samples.chunks(piece).for_each(|piece| writer.extend(piece).unwrap());
        assert_eq!(writer.duration(), samples.len() as f64 / 16_000.0);
        writer.finish().unwrap()
    }

    #[test]
    fn what_is_written_comes_back_as_long_as_it_was_and_as_it_sounded() {
        for count in [1, 319, 320, 321, 5_000, 16_000] {
            let samples = tone(count);
            let sound = read(&file(&samples, 1_000), 10).unwrap();
            assert_eq!((sound.sample_rate, sound.samples.len()), (16_000, count));
        }
        let samples = tone(16_000);
        let sound = read(&file(&samples, 16_000), 10).unwrap();
        let wanted = samples.iter().map(|&sample| f32::from(sample) / 32_768.0);
        let pairs = || wanted.clone().zip(&sound.samples).skip(2_000);
        let error: f32 = pairs().map(|(a, b)| (a - b) * (a - b)).sum();
        let energy: f32 = pairs().map(|(a, _)| a * a).sum();
        assert!(error < energy * 0.05, "{error} of {energy}");
    }

    #[test]
    fn how_the_samples_arrive_does_not_show() {
        let samples = tone(7_777);
        assert_eq!(file(&samples, 100), file(&samples, 7_777));
    }

    #[test]
    fn damage_is_refused_and_never_a_panic() {
        assert_eq!(read(b"OggS", 1), None);
        let whole = file(&tone(2_000), 2_000);
        for end in 0..whole.len() {
            let _outcome = read(&whole[..end], 1);
        }
    }

    #[test]
    fn no_more_is_read_than_asked() {
        let long = file(&tone(40_000), 40_000);
        assert_eq!(read(&long, 1).unwrap().samples.len(), 16_000);
    }
}
