//! Reads what was made out of whole answers.

use bytes::Bytes;
use serde_json::{Map as JsonMap, Value as Json};

use super::{
    super::{Answer, Done, Job, Produced},
    order::sound_type,
};
use crate::{
    error::{Code, Error, Result},
    media::{OutputFacts, Resolution, decode_base64, sniff},
    url,
};

/// The pictures of an answer to a generation or an edit.
pub(super) fn pictures(job: &Job<'_>, answer: &Answer) -> Result<Done> {
    let wrong = |what: &str| wrong(answer, what);
    let Json::Object(mut body) = answer.json()? else { return Err(wrong("JSON, but no object")) };
    let Some(Json::Array(mut items)) = body.remove("data") else {
        return Err(wrong("no list of pictures under 'data'"));
    };
    let mut made = Pictures::default();
    for item in &mut items {
        let place = made.len();
        made.push(item.as_object_mut().and_then(|item| picture(job, item, &body, place)));
    }
    let outputs = made.outputs().ok_or_else(|| wrong("no readable picture"))?;
    let mut metadata = body.clone();
    let revised = items.iter().find_map(|item| item.get("revised_prompt")?.as_str());
    if let Some(revised) = revised {
        metadata.insert("revised_prompt".into(), revised.into());
    }
    add_request_id(&mut metadata, answer);
    body.insert("data".into(), Json::Array(items));
    Ok(Done { raw: Json::Object(body), outputs, metadata, remote_id: None })
}

/// The pictures of one task. All are paid for, so that one that cannot be read is an error of that
/// output, and takes no other with it.
#[derive(Default)]
pub(super) struct Pictures {
    outputs: Vec<Produced>,
    is_any_readable: bool,
}

impl Pictures {
    pub(super) fn len(&self) -> usize {
        self.outputs.len()
    }

    pub(super) fn push(&mut self, picture: Option<Produced>) {
        self.is_any_readable |= picture.is_some();
        let unreadable = || OutputFacts { mime_type: "image/png".into(), ..OutputFacts::default() };
        self.outputs.push(picture.unwrap_or_else(|| Produced::from(unreadable())));
    }

    /// `None` when there is nothing to read.
    pub(super) fn outputs(self) -> Option<Vec<Produced>> {
        self.is_any_readable.then_some(self.outputs)
    }
}

/// One picture, of which `about` says more. Its bytes are taken out of `item`: what the user sees
/// as the service's own body holds no megabytes of text.
pub(super) fn picture(
    job: &Job<'_>,
    item: &mut JsonMap<String, Json>,
    about: &JsonMap<String, Json>,
    place: usize,
) -> Option<Produced> {
    let declared = about.get("output_format").and_then(Json::as_str);
    let size = about.get("size").and_then(Json::as_str).and_then(Resolution::parse);
    let mut facts = OutputFacts {
        mime_type: declared.map_or("image/png", mime_of_format).to_owned(),
        width: size.map(|size| size.width),
        height: size.map(|size| size.height),
        ..OutputFacts::default()
    };
    let stand_in = || Json::String(format!("<outputs[{place}]>"));
    let encoded = item
        .get_mut("b64_json")
        .filter(|value| value.is_string())
        .map(|value| std::mem::replace(value, stand_in()));
    if let Some(encoded) = encoded {
        let bytes = decode_base64(encoded.as_str()?)?;
        let known = sniff(&bytes).map_or(declared.is_some(), |kind| kind.starts_with("image/"));
        return (known && !bytes.is_empty()).then_some(Produced { facts, bytes: Some(bytes) });
    }
    let given = item.get_mut("url")?;
    facts.url = address(job, given.as_str()?);
    if facts.url.as_ref().is_some_and(|url| url::has_scheme(url, "data")) {
        *given = stand_in();
    }
    Some(Produced { facts, bytes: None })
}

fn mime_of_format(format: &str) -> &'static str {
    match format {
        "jpeg" | "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        _ => "image/png",
    }
}

/// Where a picture is; `None` for what is not followed. A relative address is a link as in a page,
/// unless the configuration says what such addresses resolve against.
fn address(job: &Job<'_>, reference: &str) -> Option<String> {
    if url::is_absolute(reference) {
        let followed = url::is_network(reference) || url::has_scheme(reference, "data");
        return followed.then(|| reference.to_owned());
    }
    let climbs = reference.split('/').any(|segment| segment == "." || segment == "..");
    if climbs || reference.starts_with("//") {
        return None;
    }
    Some(match &job.config.asset_base_url {
        Some(base) => url::join(base, reference),
        None => {
            let page = url::join(&job.config.service_endpoint, "images/generations");
            url::resolve_reference(&page, reference)
        }
    })
}

/// The sound that is the answer.
pub(super) fn speech(job: &Job<'_>, answer: &Answer) -> Result<Done> {
    let declared = answer.header("content-type").unwrap_or_default();
    let mime_type = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut about = JsonMap::new();
    about.insert("content_type".into(), mime_type.clone().into());
    // OpenAI declares no more than bytes: then they are what was asked for.
    let kind = match mime_type.as_str() {
        "" | "application/octet-stream" => sound_type(job),
        declared => declared,
    };
    let Some(mut done) = sound(answer.body.clone(), kind, about) else {
        return Err(wrong(answer, "something that is no sound"));
    };
    add_request_id(&mut done.metadata, answer);
    Ok(done)
}

/// Sound as a result; `None` for bytes that are none. Bytes of an unknown kind count when they are
/// declared to be sound and are no text, which errors are written in.
pub(super) fn sound(bytes: Bytes, mime_type: &str, about: JsonMap<String, Json>) -> Option<Done> {
    let is_sound = match sniff(&bytes) {
        Some(kind) => kind.starts_with("audio/") || kind.starts_with("video/"),
        None => mime_type.starts_with("audio/") && std::str::from_utf8(&bytes).is_err(),
    };
    if !is_sound {
        return None;
    }
    let facts = OutputFacts { mime_type: mime_type.to_owned(), ..OutputFacts::default() };
    let mut raw = about.clone();
    raw.insert("bytes".into(), bytes.len().into());
    Some(Done {
        raw: Json::Object(raw),
        outputs: vec![Produced { facts, bytes: Some(bytes) }],
        metadata: about,
        remote_id: None,
    })
}

/// What the provider's support asks for.
fn add_request_id(metadata: &mut JsonMap<String, Json>, answer: &Answer) {
    if let Some(id) = answer.header("x-request-id") {
        metadata.insert("request_id".into(), id.into());
    }
}

fn wrong(answer: &Answer, what: &str) -> Error {
    let message = format!("{} answered {} with {what}", answer.to, answer.status);
    Error::new(Code::Protocol, message).with_status(answer.status)
}
