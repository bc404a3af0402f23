//! The parameters of a medium as a schema, made from the tables that validation goes by.

use media_factory_core::{
    config::Fidelity,
    media::{Map, MediaType, Value},
    parameters::{Field, LANGUAGES, Rule, Table, table},
    protocol::{Protocol, service::ServiceProtocol},
    runtime::Abilities,
};
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{Facts, pattern};

/// The body of `POST /generate`: exactly what this service accepts for the medium.
pub(super) fn request(media_type: &MediaType, facts: &Facts) -> Json {
    let Some(table) = table(media_type) else { return json!({ "type": "object" }) };
    let medium = Medium { media_type, table, facts };
    let (required, substitute) = table.required;
    let always = |name: &str| substitute.is_none() && name == required;
    let property = |field: &Field| {
        let schema = medium.property(field, !always(field.name));
        (field.name.to_owned(), Json::Object(schema))
    };
    let mut rules = Vec::new();
    if let Some(other) = substitute {
        rules.push(json!({ "anyOf": [present(required), present(other)] }));
    }
    for (key, needed) in table.needs.iter().filter(|(key, _)| medium.refusal(key).is_none()) {
        rules.push(json!({ "if": present(key), "then": present(needed) }));
    }
    for (given, flag) in medium.exclusions() {
        let off = json!({ "properties": { (flag): { "enum": [false, null] } } });
        rules.push(json!({ "if": present(given), "then": off }));
    }
    let most = facts.fidelity;
    let may_ask = |name: &&str| Fidelity::from_name(name).is_some_and(|asked| asked <= most);
    let names = Fidelity::NAMES.iter().filter(|name| may_ask(name));
    let fidelity = json!({
        "enum": names.map(|name| json!(name)).chain([Json::Null]).collect::<Vec<_>>(),
        "description": "Whether what is larger than the work budget is made smaller (`preview`) or \
                        rendered as asked (`full`), or refused.",
        "default": most,
        "examples": [most],
    });
    let properties = medium.fields().map(property);
    let properties = properties.chain([("fidelity".to_owned(), fidelity)]).collect();
    let mut schema = JsonMap::from_iter([
        ("type".to_owned(), json!("object")),
        (
            "description".to_owned(),
            json!(
                "What is to be made. Only what the client wants to decide itself is sent; null \
                 counts as absent."
            ),
        ),
        ("properties".to_owned(), properties),
        ("additionalProperties".to_owned(), json!(false)),
    ]);
    if substitute.is_none() {
        schema.insert("required".to_owned(), json!([required]));
    }
    if !rules.is_empty() {
        schema.insert("allOf".to_owned(), json!(rules));
    }
    Json::Object(schema)
}

/// An object in which `key` is there and not null.
fn present(key: &str) -> Json {
    json!({ "required": [key], "properties": { (key): { "not": { "type": "null" } } } })
}

struct Medium<'a> {
    media_type: &'a MediaType,
    table: &'static Table,
    facts: &'a Facts,
}

impl Medium<'_> {
    /// What can stand on the wire; `extra` is a word of the SDK, which sends its members.
    fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.table.fields.iter().filter(|field| !matches!(field.rule, Rule::Open))
    }

    fn property(&self, field: &Field, nullable: bool) -> JsonMap<String, Json> {
        let mut schema = JsonMap::new();
        let mut put = |key: &str, value: Json| schema.insert(key.to_owned(), value);
        let refusal = self.refusal(field.name);
        let (kind, keywords) = match (&refusal, field.rule) {
            // An explicit `false` asks for nothing.
            (Some(_), Rule::Flag) => ("boolean", json!({ "enum": [false, null] })),
            (Some(_), _) => ("null", json!({})),
            (None, rule) => self.rule(field.name, rule),
        };
        let nullable = nullable && kind != "null";
        put("type", if nullable { json!([kind, "null"]) } else { json!(kind) });
        put("description", json!(description(field.name, refusal.as_deref())));
        if refusal.is_none() {
            put("examples", json!([self.example(field)]));
        }
        schema.extend(keywords.as_object().cloned().unwrap_or_default());
        schema
    }

    /// The type that a rule asks for, and what else it says.
    fn rule(&self, name: &str, rule: Rule) -> (&'static str, Json) {
        match rule {
            Rule::Text(most) => ("string", text(most)),
            Rule::FreeText(most) => ("string", json!({ "maxLength": most })),
            Rule::Flag => ("boolean", json!({})),
            Rule::Whole(from, to) => ("integer", json!({ "minimum": from, "maximum": to })),
            Rule::Number(from, to) => ("number", json!({ "minimum": from, "maximum": to })),
            Rule::Duration => {
                ("number", json!({ "exclusiveMinimum": 0, "maximum": self.facts.max_duration }))
            }
            Rule::Resolution => {
                ("string", json!({ "maxLength": 100, "pattern": pattern::resolution() }))
            }
            Rule::Choice(words) => {
                let possible = self.possible(name, words).into_iter().map(Json::from);
                ("string", json!({ "enum": possible.chain([Json::Null]).collect::<Vec<_>>() }))
            }
            Rule::Model => ("string", text(200)),
            Rule::Language => {
                let primary = self.possible(name, LANGUAGES);
                ("string", json!({ "maxLength": 35, "pattern": pattern::language(&primary) }))
            }
            Rule::Media => ("string", media()),
            Rule::MediaList(most) => {
                let mut item = media();
                if let Some(item) = item.as_object_mut() {
                    item.insert("type".to_owned(), json!("string"));
                }
                ("array", json!({ "minItems": 1, "maxItems": most, "items": item }))
            }
            Rule::Open => ("object", json!({})),
        }
    }

    fn example(&self, field: &Field) -> Json {
        match field.rule {
            Rule::Choice(words) => json!(self.possible(field.name, words).first()),
            Rule::Model => json!(self.table.models.first()),
            _ => about(field.name).1,
        }
    }

    /// The words that the engine can do.
    fn possible(&self, key: &str, words: &'static [&'static str]) -> Vec<&'static str> {
        let can = |word: &&str| self.problem(key, Value::from(*word)).is_none();
        words.iter().copied().filter(can).collect()
    }

    /// Why the engine takes nothing for this key at all.
    fn refusal(&self, key: &str) -> Option<String> {
        let field = self.table.fields.iter().find(|field| field.name == key)?;
        let own = match field.rule {
            Rule::Flag => self.problem(key, Value::Bool(true)),
            Rule::Media => self.problem(key, Value::from("data:,x")),
            _ => None,
        };
        let needs = self.table.needs.iter().find(|(name, _)| *name == key);
        own.or_else(|| needs.and_then(|(_, needed)| self.refusal(needed)))
    }

    /// Media beside which the engine refuses a flag that it takes alone.
    fn exclusions(&self) -> Vec<(&'static str, &'static str)> {
        let taken = |field: &&Field| self.refusal(field.name).is_none();
        let media = || self.fields().filter(|field| matches!(field.rule, Rule::Media));
        let flags = || self.fields().filter(|field| matches!(field.rule, Rule::Flag));
        let pairs = media()
            .filter(taken)
            .flat_map(|given| flags().filter(taken).map(|flag| (given.name, flag.name)));
        let excluded = |(given, flag): &(&str, &str)| {
            let asked = [(*given, Value::from("data:,x")), (*flag, Value::Bool(true))];
            self.problem_of(asked.map(|(key, value)| (key.to_owned(), value))).is_some()
        };
        pairs.filter(excluded).collect()
    }

    fn problem(&self, key: &str, value: Value) -> Option<String> {
        self.problem_of([(key.to_owned(), value)])
    }

    fn problem_of<const N: usize>(&self, asked: [(String, Value); N]) -> Option<String> {
        let asked: Map = asked.into_iter().collect();
        let version = ServiceProtocol::SANDBOX.presumed_version();
        let issues = ServiceProtocol::SANDBOX.beyond(
            self.media_type,
            &asked,
            &version,
            Abilities::default(),
        );
        issues.into_iter().next().map(|issue| issue.message)
    }
}

fn text(most: usize) -> Json {
    json!({ "maxLength": most, "pattern": pattern::NOT_BLANK })
}

/// The bytes of a medium; what else makes a data URL a good one is beyond a pattern.
fn media() -> Json {
    json!({ "format": "media", "pattern": pattern::MEDIA })
}

fn description(name: &str, refusal: Option<&str>) -> String {
    let (about, _) = about(name);
    match refusal {
        Some(reason) => format!("{about} Not available here: {reason}."),
        None => about.to_owned(),
    }
}

/// What each parameter means, and an example of it. Its range stands in the schema beside it.
fn about(name: &str) -> (&'static str, Json) {
    const PICTURE: &str = "data:image/png;base64,iVBORw0KGgo=";
    match name {
        "prompt" => ("What is to be seen, in words.", json!("a lighthouse at dawn")),
        "negative_prompt" => ("What is not to be seen, in words.", json!("people, text")),
        "style" => ("The manner, in words; `GET /styles` names some.", json!("watercolor")),
        "resolution" => (
            "Width and height in pixels, `WIDTHxHEIGHT` with `x`, `X` or `×` between them, or the \
             name of a size in any case, such as `4K`.",
            json!("1024x768"),
        ),
        "model" => ("The model by name; `GET /models` lists some. Any name is taken.", Json::Null),
        "hdr" => ("Whether the picture has a high dynamic range.", json!(false)),
        "pbr" => ("Whether material maps come with the picture.", json!(false)),
        "seed" => (
            "The number that decides what is random: the same request with the same seed gives \
             the same file. Written without a fraction. Without it every task has its own.",
            json!(7),
        ),
        "count" => ("How many pictures the task makes; 1 when absent.", json!(2)),
        "format" => ("The file format by its usual extension.", Json::Null),
        "image" => (
            "The picture to start from: its bytes as a `data:` URL, or the path that \
             `POST /uploads` gave for them.",
            json!(PICTURE),
        ),
        "strength" => ("How far to go from `image`: 0 keeps it, 1 ignores it.", json!(0.5)),
        "duration" => ("Length in seconds; 5 when absent.", json!(2.5)),
        "fps" => ("Frames in a second; 60 when absent.", json!(24)),
        "use_nerf" => ("Whether the camera moves through a scene in depth.", json!(true)),
        "images" => (
            "Pictures that become the film, in order, each with its bytes as a `data:` URL or with \
             the path that `POST /uploads` gave for them. They stand in for `prompt`.",
            json!([PICTURE]),
        ),
        "transitions" => {
            ("How one of `images` becomes the next; `none` when absent.", json!("fade"))
        }
        "mode" => ("Says that the film is made of `images`.", json!("image-sequence")),
        "text" => ("What is to be spoken.", json!("Good morning.")),
        "audio_input" => (
            "A sample of a voice, or sound to work on, where it stands in for `text`; with a film, \
             the sound to hear. Its bytes as a `data:` URL, or the path that `POST /uploads` gave \
             for them.",
            json!("data:audio/wav;base64,UklGRiQAAABXQVZF"),
        ),
        "voice" => ("The voice by name; `GET /voices` lists them.", json!("narrator")),
        "language" => ("The language of the text as a tag (BCP 47).", json!("en-GB")),
        "speed" => ("Tempo as a factor; 1 when absent.", json!(1.2)),
        "pitch" => ("Shift in semitones; 0 when absent.", json!(-2)),
        "emotion" => ("The mood, in words.", json!("cheerful")),
        _ => ("", Json::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts = Facts {
        max_duration: 3600.0,
        fidelity: Fidelity::Preview,
        max_body: 1 << 26,
        most_in_batch: 1000,
        most_followed: 10_000,
        longest_page: 1000,
        token: false,
    };

    #[test]
    fn every_parameter_is_described_and_has_an_example() {
        for media_type in MediaType::BUILT_IN {
            let schema = request(&media_type, &FACTS);
            for (name, property) in schema["properties"].as_object().unwrap() {
                let (about, example) = (&property["description"], &property["examples"][0]);
                let refused = about.as_str().unwrap().contains("Not available here");
                assert_ne!(*about, "", "{media_type}: {name}");
                assert_eq!(example.is_null(), refused, "{media_type}: {name}");
            }
        }
    }

    #[test]
    fn what_the_engine_cannot_do_is_not_offered() {
        let image = request(&MediaType::Image, &FACTS);
        let excluded: Vec<&Json> = image["allOf"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|rule| rule["if"]["required"] == json!(["image"]))
            .map(|rule| &rule["then"]["properties"])
            .collect();
        let off = json!([false, null]);
        assert_eq!(
            excluded,
            [&json!({ "hdr": { "enum": off } }), &json!({ "pbr": { "enum": off } })]
        );
        let video = request(&MediaType::Video, &FACTS);
        assert_eq!(video["properties"]["format"]["enum"], json!(["mp4", "mov", null]));
    }
}
