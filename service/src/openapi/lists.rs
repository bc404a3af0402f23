//! The paths on which the service says what it is and knows.

use media_factory_core::media::MediaType;
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{
    Facts,
    answers::{answers, json_answer},
    schemas::named,
};

/// `/health`, the lists that the medium has, and this document.
pub(super) fn paths(media_type: &MediaType, facts: &Facts) -> JsonMap<String, Json> {
    let get = |operation: &str, summary: &str, schema: &Json| {
        let known = json!({ "200": json_answer("What was asked for.", schema) });
        json!({ "get": {
            "operationId": operation,
            "tags": ["service"],
            "summary": summary,
            "responses": answers(facts, known, &[]),
        } })
    };
    let open_to_all = |mut item: Json| {
        if let Some(operation) = item.get_mut("get").and_then(Json::as_object_mut) {
            operation.insert("security".to_owned(), json!([]));
        }
        item
    };
    let visual = *media_type != MediaType::Voice;
    let mut paths = JsonMap::new();
    let mut put = |path: &str, item: Json| paths.insert(path.to_owned(), item);
    let health = get("health", "How the service is, and what it can do", &named("Health"));
    put("/health", open_to_all(health));
    put("/models", get("models", "List models", &named("Models")));
    if visual {
        put("/styles", get("styles", "List styles", &named("Styles")));
        put("/resolutions", get("resolutions", "List sizes", &named("Resolutions")));
    } else {
        put("/voices", get("voices", "List voices", &named("Voices")));
    }
    let document = json!({ "type": "object", "required": ["openapi"] });
    put("/openapi.json", get("describe", "Describe this service", &document));
    paths
}
