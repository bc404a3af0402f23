//! Forms with files (`multipart/form-data`, RFC 7578), written as browsers write them.

use bytes::Bytes;

/// A form that grows part by part.
pub(crate) struct Form {
    boundary: String,
    body: Vec<u8>,
}

impl Form {
    /// An empty form. `nonce` is part of what separates the parts, so it must be in none of them:
    /// a task's id, which nobody knew when the parts were written, is in none.
    pub(crate) fn new(nonce: &str) -> Self {
        Self { boundary: format!("----mf{nonce}"), body: Vec::new() }
    }

    /// Adds a value.
    pub(crate) fn field(&mut self, name: &str, value: &str) {
        self.part(name, "", value.as_bytes());
    }

    /// Adds a file.
    pub(crate) fn file(&mut self, name: &str, file_name: &str, mime_type: &str, bytes: &[u8]) {
        let file_name = quoted(file_name);
        let head = format!("; filename=\"{file_name}\"\r\nContent-Type: {mime_type}");
        self.part(name, &head, bytes);
    }

    fn part(&mut self, name: &str, head: &str, content: &[u8]) {
        let name = quoted(name);
        let boundary = &self.boundary;
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n"
        );
        self.body.reserve(head.len() + content.len() + 2);
        self.body.extend_from_slice(head.as_bytes());
        self.body.extend_from_slice(content);
        self.body.extend_from_slice(b"\r\n");
    }

    /// The `Content-Type` and the body.
    pub(crate) fn finish(mut self) -> (String, Bytes) {
        self.body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        (format!("multipart/form-data; boundary={}", self.boundary), Bytes::from(self.body))
    }
}

/// A name inside quotation marks, which it must not end; escaped as the WHATWG HTML standard says.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;

    #[test]
    fn forms_are_exact_to_the_byte() {
        let table = include_str!("../../tests/conformance/common/forms.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let mut form = Form::new(case["nonce"].as_str().unwrap());
            for part in case["parts"].as_array().unwrap() {
                let text = |key: &str| part[key].as_str();
                match (text("value"), text("base64")) {
                    (Some(value), _) => form.field(text("name").unwrap(), value),
                    (None, content) => form.file(
                        text("name").unwrap(),
                        text("filename").unwrap(),
                        text("content_type").unwrap(),
                        &STANDARD.decode(content.unwrap()).unwrap(),
                    ),
                }
            }
            let (content_type, body) = form.finish();
            assert_eq!(content_type, case["content_type"].as_str().unwrap(), "{case}");
            assert_eq!(STANDARD.encode(&body), case["base64"].as_str().unwrap(), "{case}");
        }
    }
}
