//! Which path does what.

use std::sync::Arc;

use bytes::Bytes;
use media_factory_core::{
    error::Code,
    media::{MediaType, ProcessingStatus},
    runtime::{Body, HttpRequest, HttpResponse, Method, lock},
    url::percent_decode,
};

use super::{
    Shared,
    answer::{Refusal, json_response, with_header},
    events,
    files::{self, matches_etag},
    listing,
    store::Filter,
    submit, version_0,
};

/// Tasks on one page of `GET /tasks`, unless the client asks for fewer.
const LONGEST_PAGE: usize = 1000;

/// Answers one request.
pub(super) async fn answer(
    shared: Arc<Shared>,
    media_type: MediaType,
    request: HttpRequest,
) -> HttpResponse {
    route(&shared, &media_type, &request).await.unwrap_or_else(Refusal::into_response)
}

/// The answer to methods that no path takes.
pub(super) fn no_such_method() -> HttpResponse {
    Refusal::wrong_method("GET, POST, DELETE").into_response()
}

async fn route(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    request: &HttpRequest,
) -> Result<HttpResponse, Refusal> {
    let (path, query) = target(&request.url);
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let only = |wanted: Method| match request.method == wanted {
        true => Ok(()),
        false => Err(Refusal::wrong_method(wanted.as_str())),
    };
    match segments.as_slice() {
        ["generate"] => {
            only(Method::Post)?;
            match prefers_async(request) {
                true => submit::accept(shared, media_type, request),
                false => Ok(version_0::generate(shared, media_type, request).await),
            }
        }
        ["tasks"] => {
            only(Method::Get)?;
            let filter = filter(query)?;
            Ok(json_response(200, &lock(&shared.store).list(media_type, &filter)))
        }
        ["tasks", id] => match request.method {
            Method::Get => read(shared, media_type, id, request),
            Method::Delete => {
                let id = submit::checked_id(id)?;
                let now = shared.clock.now();
                let task = lock(&shared.store).cancel(media_type, id, now)?;
                Ok(json_response(200, &task))
            }
            Method::Post => Err(Refusal::wrong_method("GET, DELETE")),
        },
        ["tasks", id, "events"] => {
            only(Method::Get)?;
            events::of_task(shared, media_type, id, request)
        }
        ["events"] => match request.method {
            Method::Get => {
                let ids = value_of(query, "tasks").unwrap_or_default();
                let ids = ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned);
                events::of_many(shared, media_type, ids.collect())
            }
            Method::Post => events::of_many(shared, media_type, events::ids_in(&request.body)),
            Method::Delete => Err(Refusal::wrong_method("GET, POST")),
        },
        ["uploads"] => {
            only(Method::Post)?;
            files::upload(shared, request)
        }
        ["uploads", _] => {
            only(Method::Get)?;
            let file = lock(&shared.store).uploads.get(path).cloned();
            let file = file.ok_or_else(|| Refusal::not_found("such upload"))?;
            Ok(files::serve(&file, request))
        }
        ["outputs", _, _] => {
            only(Method::Get)?;
            let file = lock(&shared.store).outputs.get(path).cloned();
            let what = "such output; old ones make room for new ones";
            Ok(files::serve(&file.ok_or_else(|| Refusal::not_found(what))?, request))
        }
        ["health"] => {
            only(Method::Get)?;
            Ok(json_response(200, &listing::health(media_type, shared.clock.now())))
        }
        [name @ ("models" | "styles" | "resolutions" | "voices")] => {
            only(Method::Get)?;
            Ok(json_response(200, &listing::list(media_type, name)?))
        }
        _ => Err(Refusal::not_found("such path")),
    }
}

/// Path and query of an absolute or relative URL.
fn target(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let absolute = after_scheme.len() != url.len();
    let path = match (absolute, after_scheme.find('/')) {
        (true, Some(slash)) => after_scheme.get(slash..).unwrap_or_default(),
        (true, None) => "/",
        (false, _) => url,
    };
    let path = path.split('#').next().unwrap_or_default();
    path.split_once('?').unwrap_or((path, ""))
}

fn value_of(query: &str, key: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == key)?;
    String::from_utf8(percent_decode(value)).ok()
}

fn filter(query: &str) -> Result<Filter, Refusal> {
    let refuse = |message: String| Refusal::new(400, Code::Validation, message);
    let status = match value_of(query, "status") {
        None => None,
        Some(name) => Some(ProcessingStatus::from_name(&name).ok_or_else(|| {
            refuse("status is pending, processing, completed, failed or cancelled".to_owned())
        })?),
    };
    let limit = match value_of(query, "limit").map(|limit| limit.parse()) {
        None => LONGEST_PAGE,
        Some(Ok(limit @ 1..=LONGEST_PAGE)) => limit,
        Some(_) => return Err(refuse(format!("limit is a number from 1 to {LONGEST_PAGE}"))),
    };
    Ok(Filter { status, limit, after: value_of(query, "after") })
}

/// Whether the client wants 202 rather than to wait (RFC 7240).
fn prefers_async(request: &HttpRequest) -> bool {
    let preferences = request.header("prefer").unwrap_or_default().split([',', ';']);
    preferences.map(str::trim).any(|name| name.eq_ignore_ascii_case("respond-async"))
}

fn read(
    shared: &Shared,
    media_type: &MediaType,
    id: &str,
    request: &HttpRequest,
) -> Result<HttpResponse, Refusal> {
    let store = lock(&shared.store);
    let task = store.task(media_type, id)?;
    let etag = task.etag();
    let known = request.header("if-none-match").is_some_and(|known| matches_etag(known, &etag));
    let response = match known {
        true => HttpResponse { status: 304, headers: Vec::new(), body: Body::Full(Bytes::new()) },
        false => json_response(200, &task.to_json()),
    };
    let response = with_header(response, "etag", &etag);
    Ok(match task.status().is_terminal() {
        true => response,
        false => with_header(response, "retry-after", "1"),
    })
}
