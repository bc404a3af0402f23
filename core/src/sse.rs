//! Event streams (`text/event-stream`), read as the WHATWG HTML standard says.

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerEvent {
    /// The last id that the stream gave, for resuming.
    pub(crate) id: String,
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
    data: Option<String>,
}

impl EventReader {
    /// No event of this protocol is longer; a stream with a longer line is cut off.
    const LONGEST_LINE: usize = 64 << 20;

    /// Takes a chunk and gives the events that it completes; `None` when a line is too long.
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
                    if self.line.len() > Self::LONGEST_LINE {
                        return None;
                    }
                }
            }
        }
        Some(events)
    }

    fn take_line(&mut self, line: &[u8]) -> Option<ServerEvent> {
        let text = String::from_utf8_lossy(line);
        let text = match std::mem::replace(&mut self.begun, true) {
            false => text.trim_start_matches('\u{feff}'),
            true => &text,
        };
        if text.is_empty() {
            let data = self.data.take()?;
            return Some(ServerEvent { id: self.id.clone(), data });
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
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            _ => {}
        }
        None
    }
}
