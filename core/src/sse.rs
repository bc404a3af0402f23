//! Event streams (`text/event-stream`), read as the WHATWG HTML standard says.

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerEvent {
    /// The last id that the stream gave, for resuming.
    pub(crate) id: String,
    /// What kind of event it is; empty where the stream did not say.
    pub(crate) name: String,
    /// The joined data lines.
    pub(crate) data: String,
}

/// Turns chunks of bytes into events, wherever the chunks are cut.
#[derive(Debug, Default)]
pub(crate) struct EventReader {
    line: Vec<u8>,
    after_return: bool,
    begun: bool,
    id: String,
    name: String,
    data: Option<String>,
}

impl EventReader {
    /// No event of this protocol has more bytes; a stream with a longer one is cut off.
    const LONGEST_EVENT: usize = 64 << 20;

    /// Takes a chunk and gives the events that it completes; `None` when an event is too long.
    pub(crate) fn feed(&mut self, chunk: &[u8]) -> Option<Vec<ServerEvent>> {
        let mut events = Vec::new();
        for byte in chunk {
            match byte {
                b'\n' if std::mem::take(&mut self.after_return) => {}
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    events.extend(self.take_line(&line));
                }
                _ => {
                    self.after_return = false;
                    self.line.push(*byte);
                    if self.unread() > Self::LONGEST_EVENT {
                        return None;
                    }
                }
            }
        }
        Some(events)
    }

    /// Bytes of the event that is not complete yet.
    fn unread(&self) -> usize {
        self.line.len() + self.data.as_ref().map_or(0, String::len)
    }

    fn take_line(&mut self, line: &[u8]) -> Option<ServerEvent> {
        let text = String::from_utf8_lossy(line);
        let text = match std::mem::replace(&mut self.begun, true) {
            false => text.trim_start_matches('\u{feff}'),
            true => &text,
        };
        if text.is_empty() {
            let name = std::mem::take(&mut self.name);
            let data = self.data.take()?;
            return Some(ServerEvent { id: self.id.clone(), name, data });
        }
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.name),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<(String, String)> {
        let mut reader = EventReader::default();
        let events = chunks.iter().flat_map(|chunk| reader.feed(chunk).unwrap());
        events.map(|event| (event.id, event.data)).collect()
    }

    #[test]
    fn streams_read_the_same_wherever_they_are_cut() {
        let table = include_str!("../../tests/conformance/common/event-streams.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let text = |json: &serde_json::Value| json.as_str().unwrap().to_owned();
            let bytes = STANDARD.decode(text(&case["base64"])).unwrap();
            let events = case["events"].as_array().unwrap().iter();
            let expected: Vec<_> =
                events.map(|event| (text(&event["id"]), text(&event["data"]))).collect();
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(read(&single), expected, "byte by byte: {}", case["about"]);
            for cut in 0..=bytes.len() {
                let (start, end) = bytes.split_at(cut);
                assert_eq!(read(&[start, end]), expected, "cut at {cut}: {}", case["about"]);
            }
        }
    }

    #[test]
    fn the_name_of_an_event_is_its_own() {
        let mut reader = EventReader::default();
        let text = b"event: preview\ndata: 1\n\ndata: 2\n\nevent: lost\n\ndata: 3\n\n";
        let events = reader.feed(text).unwrap();
        let names: Vec<_> = events.iter().map(|event| &*event.name).collect();
        assert_eq!(names, ["preview", "", ""]);
    }

    #[test]
    fn a_line_without_end_is_cut_off() {
        let mut reader =
            EventReader { line: vec![0; EventReader::LONGEST_EVENT], ..EventReader::default() };
        assert_eq!(reader.feed(b"x"), None);
    }

    #[test]
    fn an_event_without_end_is_cut_off() {
        let data = "x".repeat(EventReader::LONGEST_EVENT - 10);
        let mut reader = EventReader { data: Some(data), ..EventReader::default() };
        assert_eq!(reader.feed(b"data:xxxx\n"), Some(Vec::new()));
        assert_eq!(reader.feed(b"data:xxxx\n"), None);
    }
}
