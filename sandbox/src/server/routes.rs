//! Which path does what.

use bytes::Bytes;
use media_factory_core::{
    error::Code,
    media::{MediaType, ProcessingStatus},
    runtime::{Body, HttpRequest, HttpResponse, Method, lock},
    url::percent_decode,
};

use super::{
    Exchange,
    answer::{Refusal, json_response, with_header},
    cancel, downloads, events, listing,
    store::Filter,
    submit, uploads, version_0,
};

/// Tasks on one page of `GET /tasks`, unless the client asks for fewer.
pub const LONGEST_PAGE: usize = 1000;

/// Answers one request.
pub(super) async fn answer(mut exchange: Exchange) -> HttpResponse {
    let answer = route(&mut exchange).await;
    answer.unwrap_or_else(|refusal| written_for(&exchange.media_type, &exchange.request, refusal))
}

/// The answer to methods that no path takes.
pub(super) fn refuse_method(media_type: &MediaType, request: &HttpRequest) -> HttpResponse {
    let segments = names_in(&request.url);
    let refusal = match Place::find(media_type, &segments) {
        Some(place) => Refusal::wrong_method(place.methods()),
        None => Refusal::not_found("such path"),
    };
    written_for(media_type, request, refusal)
}

/// Who asks for nothing of version 1 gets a page, as version 0 answers: at an unknown path, or with
/// a wrong method.
fn written_for(media_type: &MediaType, request: &HttpRequest, refusal: Refusal) -> HttpResponse {
    let segments = names_in(&request.url);
    let place = Place::find(media_type, &segments);
    let accepted = request.header("accept").unwrap_or_default();
    let knows_version_1 = place.is_some_and(|place| place.is_of_version_1())
        || accepted.contains("application/json")
        || prefers_async(request);
    match refusal.status() {
        404 | 405 if !knows_version_1 => refusal.into_page(),
        _ => refusal.into_response(),
    }
}

/// What there is behind a path.
enum Place<'a> {
    Generate,
    Batch,
    Tasks,
    Task(&'a str),
    TaskEvents(&'a str),
    Events,
    Uploads,
    Upload(&'a str),
    Output { id: &'a str, name: &'a str },
    Health,
    List(listing::List),
}

impl<'a> Place<'a> {
    fn find(media_type: &MediaType, segments: &'a [String]) -> Option<Self> {
        let mut names = segments.iter().map(String::as_str);
        let first = names.next()?;
        Some(match (first, names.next(), names.next(), names.next()) {
            ("generate", None, ..) => Self::Generate,
            ("generate", Some("batch"), None, _) => Self::Batch,
            ("tasks", None, ..) => Self::Tasks,
            ("tasks", Some(id), None, _) => Self::Task(id),
            ("tasks", Some(id), Some("events"), None) => Self::TaskEvents(id),
            ("events", None, ..) => Self::Events,
            ("uploads", None, ..) => Self::Uploads,
            ("uploads", Some(sha256), None, _) => Self::Upload(sha256),
            ("outputs", Some(id), Some(name), None) => Self::Output { id, name },
            ("health", None, ..) => Self::Health,
            (name, None, ..) => Self::List(listing::List::find(media_type, name)?),
            _ => return None,
        })
    }

    /// What `Allow` says. Whoever brings requests over a network answers HEAD from GET.
    fn methods(&self) -> &'static str {
        match self {
            Self::Generate | Self::Batch | Self::Uploads => "POST",
            Self::Task(_) => "GET, HEAD, DELETE",
            Self::Events => "GET, HEAD, POST",
            _ => "GET, HEAD",
        }
    }

    fn is_of_version_1(&self) -> bool {
        !matches!(self, Self::Generate | Self::Health | Self::List(_))
    }
}

async fn route(exchange: &mut Exchange) -> Result<HttpResponse, Refusal> {
    let Exchange { shared, scope, media_type, request } = &*exchange;
    let query = target(&request.url).1;
    let segments = names_in(&request.url);
    let place =
        Place::find(media_type, &segments).ok_or_else(|| Refusal::not_found("such path"))?;
    match (&place, request.method) {
        (Place::Generate, Method::Post) if prefers_async(request) => submit::one(exchange).await,
        (Place::Generate, Method::Post) => Ok(version_0::generate(exchange).await),
        (Place::Batch, Method::Post) if prefers_async(request) => submit::batch(exchange).await,
        (Place::Batch, Method::Post) => Ok(version_0::batch(exchange).await),
        (Place::Tasks, Method::Get) => {
            let list = lock(&shared.store).list(media_type, scope, &filter(query)?)?;
            Ok(json_response(200, &list))
        }
        (Place::Task(id), Method::Get) => read(exchange, id),
        (Place::Task(id), Method::Delete) => cancel::cancel(exchange, id).await,
        (Place::TaskEvents(id), Method::Get) => events::of_task(exchange, id),
        (Place::Events, Method::Get) => {
            let ids = value_of(query, "tasks").unwrap_or_default();
            events::of_many(exchange, ids.split(',').filter(|id| !id.is_empty()))
        }
        (Place::Events, Method::Post) => events::of_body(exchange),
        (Place::Uploads, Method::Post) => uploads::upload(shared, scope, request).await,
        (Place::Upload(sha256), Method::Get) => {
            let path = format!("/uploads/{sha256}");
            let file = lock(&shared.store).uploads.at(scope, &path).cloned();
            let file = file.ok_or_else(|| Refusal::not_found("such upload"))?;
            downloads::serve(&shared.files, &file, request).await
        }
        (Place::Output { id, name }, Method::Get) => {
            let file = lock(&shared.store).output(media_type, &exchange.key((*id).into()), name);
            let what = "such output; old ones make room for new ones";
            let file = file.ok_or_else(|| Refusal::not_found(what))?;
            downloads::serve(&shared.files, &file, request).await
        }
        (Place::Health, Method::Get) => {
            let now = shared.clock.now();
            Ok(json_response(200, &listing::health(media_type, now, &shared.limits)))
        }
        (Place::List(list), Method::Get) => Ok(json_response(200, &list.body(&*shared.renderer))),
        _ => Err(Refusal::wrong_method(place.methods())),
    }
}

/// The names in the path of a request's URL, as the routes compare them: decoded, so that whoever
/// lets requests through by their path knows every writing of it. Empty where there is no such path.
pub fn names_in(url: &str) -> Vec<String> {
    segments(target(url).0).unwrap_or_default()
}

/// Path and query of an absolute or relative URL.
fn target(url: &str) -> (&str, &str) {
    // A path may have `://` in it as well.
    let absolute = url.split_once("://").filter(|_| !url.starts_with('/'));
    let path = match absolute.map(|(_, rest)| (rest, rest.find('/'))) {
        Some((rest, Some(slash))) => rest.get(slash..).unwrap_or_default(),
        Some((_, None)) => "/",
        None => url,
    };
    let path = path.split('#').next().unwrap_or_default();
    path.split_once('?').unwrap_or((path, ""))
}

/// The names in a path. They are compared whole and never put together again, so that no writing
/// of `..` or `/` leads anywhere.
fn segments(path: &str) -> Option<Vec<String>> {
    let names = path.strip_prefix('/')?.split('/');
    names.map(|name| String::from_utf8(percent_decode(name)).ok()).collect()
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

fn read(exchange: &Exchange, id: &str) -> Result<HttpResponse, Refusal> {
    let store = lock(&exchange.shared.store);
    let task = store.task(&exchange.media_type, &exchange.key(id.into()))?;
    let etag = task.etag();
    let known = exchange.request.header("if-none-match");
    let response = match known.is_some_and(|known| downloads::matches_etag(known, &etag)) {
        true => HttpResponse { status: 304, headers: Vec::new(), body: Body::Full(Bytes::new()) },
        false => json_response(200, &task.to_json()),
    };
    let response = with_header(response, "etag", &etag);
    Ok(match task.is_open() {
        true => with_header(response, "retry-after", "1"),
        false => response,
    })
}
