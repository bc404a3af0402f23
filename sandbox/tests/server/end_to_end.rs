//! The SDK's core, the `sandbox` protocol, this server and the real engine together.

use std::{
    cell::Cell,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use media_factory_core::{
    Code, Registry, TaskOptions, Workflow,
    media::{Map, MediaInput, MediaOutput, MediaType, ProcessingStatus, Value},
    runtime::{
        Body, BoxFuture, Clock, HttpRequest, HttpResponse, Method, Runtime, Spawner, Transport,
        TransportError,
    },
    task::{EventKind, Task},
    testing::BareHost,
};
use media_factory_sandbox::{
    order::run_order,
    server::{Limits, RenderFailure, RenderOrder, SandboxTransport, Server, ThreadRenderer},
};
use serde_json::{Value as Json, json};
use tokio::{runtime::Handle, time::Instant};

/// Real time from a fixed beginning.
#[derive(Debug)]
struct RealClock(Instant);

impl Clock for RealClock {
    fn now(&self) -> u64 {
        1_795_340_400_000 + self.ticks()
    }

    fn ticks(&self) -> u64 {
        self.0.elapsed().as_millis() as u64
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn entropy(&self) -> u128 {
        self.0.elapsed().as_nanos()
    }
}

#[derive(Debug)]
struct TokioSpawner(Handle);

impl Spawner for TokioSpawner {
    fn spawn(&self, future: BoxFuture<'static, ()>) {
        self.0.spawn(future);
    }
}

fn with_registry<F: Future<Output = ()>>(test: impl FnOnce(Registry) -> F) {
    on_server(Server::on_threads, test);
}

fn on_server<F: Future<Output = ()>>(
    server: impl FnOnce(Arc<dyn Clock>, Arc<dyn Spawner>) -> Server,
    test: impl FnOnce(Registry) -> F,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let clock = Arc::new(RealClock(Instant::now()));
        let spawner = Arc::new(TokioSpawner(Handle::current()));
        let server = server(clock.clone(), spawner.clone());
        let sandbox = Arc::new(SandboxTransport::new(server));
        let transport = sandbox.clone();
        let host = Arc::new(BareHost);
        test(Registry::new(Runtime { transport, sandbox: Some(sandbox), clock, spawner, host }))
            .await;
    });
}

/// Reaches the server at `http://image`, as if a network lay between, and notes what goes there.
#[derive(Debug)]
struct AsNetwork {
    sandbox: Arc<dyn Transport>,
    seen: Mutex<Vec<String>>,
}

impl Transport for AsNetwork {
    fn send(
        &self,
        mut request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        request.url = request.url.replacen("http://", "sandbox://", 1);
        let path = request.url.replacen("sandbox://image", "", 1);
        self.seen.lock().unwrap().push(format!("{} {path}", request.method.as_str()));
        self.sandbox.send(request)
    }
}

#[test]
fn a_batch_goes_to_a_service_in_few_exchanges() {
    with_registry(|registry| async move {
        let sandbox = registry.runtime().sandbox.clone().unwrap();
        let network = Arc::new(AsNetwork { sandbox, seen: Mutex::default() });
        let config = map(json!({ "service_endpoint": "http://image", "max_concurrency": 16 }));
        let images = registry.workflow(&MediaType::Image, &config, Some(network.clone())).unwrap();
        let item = |place| map(json!({"prompt": format!("p{place}"), "resolution": "64x64"}));
        let tasks = images.batch((0..40).map(|place| Ok(item(place))).collect());
        for task in &tasks {
            task.wait(Some(Duration::from_secs(60))).await.unwrap();
        }
        let seen = network.seen.lock().unwrap().clone();
        let count = |what: &str| seen.iter().filter(|request| *request == what).count();
        assert_eq!(count("GET /health"), 1);
        assert!(count("POST /generate/batch") >= 1, "{seen:?}");
        assert!(count("POST /generate") <= 24, "the first 16 of 40 go out together: {seen:?}");
    });
}

fn map(json: Json) -> Map {
    Map::from_json(&json).unwrap()
}

fn workflow(registry: &Registry, media_type: &MediaType) -> Workflow {
    let config = map(json!({ "protocol": "sandbox" }));
    registry.workflow(media_type, &config, None).unwrap()
}

fn start(registry: &Registry, media_type: MediaType, parameters: Json) -> Task {
    let workflow = workflow(registry, &media_type);
    workflow.process(map(parameters), TaskOptions::default()).unwrap()
}

async fn finished(task: &Task) -> Vec<MediaOutput> {
    if let Err(error) = task.wait(Some(Duration::from_secs(120))).await {
        panic!("{error:?}: {}", Shown(task));
    }
    task.snapshot().outputs.clone()
}

struct Shown<'a>(&'a Task);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", serde_json::to_value(self.0.snapshot()).unwrap())
    }
}

#[test]
fn a_picture_a_film_and_speech_come_out_of_the_sdk() {
    with_registry(async |registry| {
        let picture = start(
            &registry,
            MediaType::Image,
            json!({ "prompt": "a mountain lake at dawn", "resolution": "64x64", "seed": 7 }),
        );
        let film = start(
            &registry,
            MediaType::Video,
            json!({ "prompt": "clouds", "resolution": "64x36", "duration": 0.25, "fps": 8 }),
        );
        let speech =
            start(&registry, MediaType::Voice, json!({ "text": "Rice is served in bowls." }));

        let output = finished(&picture).await.remove(0);
        let facts = output.facts().clone();
        assert_eq!((facts.width, facts.height, facts.seed), (Some(64), Some(64), Some(7)));
        let bytes = output.read().await.unwrap();
        assert_eq!((output.extension(), Some(bytes.len() as u64)), ("png", facts.size));

        let output = finished(&film).await.remove(0);
        assert_eq!(output.facts().duration, Some(0.25));
        output.read().await.unwrap();
        assert_eq!(output.extension(), "mp4");

        let output = finished(&speech).await.remove(0);
        assert!(output.facts().duration.unwrap() > 1.0);
        output.read().await.unwrap();
        assert_eq!(output.extension(), "wav");
    });
}

#[test]
fn pictures_become_a_film() {
    with_registry(async |registry| {
        let parameters = json!({ "prompt": "a lake", "resolution": "64x48", "count": 2 });
        let pictures = finished(&start(&registry, MediaType::Image, parameters)).await;
        let mut images = Vec::new();
        for picture in &pictures {
            let bytes = picture.read().await.unwrap();
            images.push(Value::Media(MediaInput::Bytes(bytes)));
        }
        assert_ne!(images[0], images[1]);
        let film = workflow(&registry, &MediaType::Video).create_from_images(
            images,
            map(json!({ "duration": 0.5, "fps": 8, "transitions": "fade" })),
            TaskOptions::default(),
        );
        let facts = finished(&film.unwrap()).await[0].facts().clone();
        assert_eq!((facts.width, facts.height, facts.duration), (Some(64), Some(48), Some(0.5)));
    });
}

/// More than a mebibyte does not travel inside the request but is uploaded first.
#[test]
fn a_long_sample_is_uploaded_and_its_voice_taken() {
    with_registry(async |registry| {
        let long = "The juice of lemons makes fine punch. ".repeat(20);
        let sample = start(&registry, MediaType::Voice, json!({ "text": long, "voice": "treble" }));
        let sample = finished(&sample).await[0].read().await.unwrap();
        assert!(sample.len() > 1 << 20, "{}", sample.len());
        let task = workflow(&registry, &MediaType::Voice).clone_voice(
            Value::Media(MediaInput::Bytes(sample)),
            Value::from("Rice is often served in round bowls."),
            TaskOptions::default(),
        );
        let task = task.unwrap();
        finished(&task).await[0].read().await.unwrap();
        assert_eq!(task.snapshot().metadata["model"], "voice-clone");
    });
}

#[test]
fn the_same_seed_gives_the_same_picture() {
    with_registry(async |registry| {
        let parameters = json!({ "prompt": "abstract shapes", "resolution": "64x64", "seed": 5 });
        let mut pictures = Vec::new();
        for _ in 0..2 {
            let task = start(&registry, MediaType::Image, parameters.clone());
            pictures.push(finished(&task).await[0].read().await.unwrap());
        }
        assert_eq!(pictures[0], pictures[1]);
    });
}

#[test]
fn progress_is_told_and_what_the_user_should_know() {
    with_registry(async |registry| {
        let parameters = json!({ "prompt": "a city", "resolution": "64x36", "style": "modernist",
            "duration": 0.5, "fps": 24 });
        let task = start(&registry, MediaType::Video, parameters);
        let mut events = task.events();
        let (mut progress, mut log) = (Vec::new(), Vec::new());
        while let Some(event) = events.next().await {
            match event.kind {
                EventKind::Progress { progress: Some(share), .. } => progress.push(share),
                EventKind::Log { message } => log.push(message),
                _ => {}
            }
        }
        assert_eq!(task.status(), ProcessingStatus::Completed, "{}", Shown(&task));
        assert!(progress.len() > 2 && progress.is_sorted(), "{progress:?}");
        assert!(log.iter().any(|line| line.contains("style")), "{log:?}");
        let metadata = task.snapshot().metadata.clone();
        assert_eq!(metadata["requested"]["fps"], 24.0);
        assert_eq!(metadata["requested"], metadata["rendered"]);
    });
}

/// With one thread, nothing else could be rendered before a film that went on.
#[test]
fn a_cancelled_film_frees_its_thread() {
    let one_thread = |clock, spawner| {
        let renderer = ThreadRenderer::new(run_order, 1);
        Server::new(Arc::new(renderer), clock, spawner, Limits::default())
    };
    on_server(one_thread, async |registry| {
        let film = json!({ "prompt": "a city", "duration": 60, "resolution": "8K" });
        let task = start(&registry, MediaType::Video, film);
        let mut events = task.events();
        while task.status() == ProcessingStatus::Pending {
            events.next().await.unwrap();
        }
        assert!(task.cancel());
        let next = start(&registry, MediaType::Voice, json!({ "text": "Next, please." }));
        finished(&next).await;
        let id = task.id();
        let read = HttpRequest::new(Method::Get, format!("sandbox://video/tasks/{id}"));
        let sandbox = registry.runtime().transport.clone();
        let Body::Full(body) = sandbox.send(read).await.unwrap().body else { panic!("a stream") };
        let remote: Json = serde_json::from_slice(&body).unwrap();
        assert_eq!(remote["status"], "cancelled");
    });
}

#[test]
fn what_the_sandbox_cannot_do_fails_with_a_sentence() {
    with_registry(async |registry| {
        let parameters = json!({
            "resolution": "64x64",
            "images": ["https://example.org/picture.png"],
        });
        let task = start(&registry, MediaType::Video, parameters);
        task.wait(Some(Duration::from_secs(60))).await.unwrap_err();
        let error = task.snapshot().error.clone().unwrap();
        assert_eq!(error.code, Code::Unsupported);
        assert!(error.message.contains("no network"), "{error}");
    });
}

#[test]
fn a_short_task_does_not_wait_for_a_long_film() {
    with_registry(async |registry| {
        let film = json!({ "prompt": "a city", "duration": 60, "resolution": "8K" });
        let film = start(&registry, MediaType::Video, film);
        let mut events = film.events();
        while film.status() == ProcessingStatus::Pending {
            events.next().await.unwrap();
        }
        let speech = start(&registry, MediaType::Voice, json!({ "text": "Me first." }));
        finished(&speech).await;
        assert_eq!(film.status(), ProcessingStatus::Processing);
        assert!(film.cancel());
    });
}

/// What is counted here takes a few milliseconds each: a render looks often, and never goes on.
#[test]
fn a_render_that_is_told_to_stop_looks_once_and_ends() {
    let orders = [
        (MediaType::Image, json!({ "prompt": "a lake", "resolution": "128x128", "seed": 1 })),
        (
            MediaType::Video,
            json!({ "prompt": "a lake", "resolution": "64x36", "duration": 1, "fps": 8 }),
        ),
        (MediaType::Voice, json!({ "text": "Rice is often served in round bowls. ".repeat(9) })),
    ];
    for (media_type, parameters) in orders {
        let parameters = parameters.as_object().unwrap();
        let (mut at, mut stopped) = (0, 0);
        loop {
            let order = RenderOrder {
                media_type: media_type.clone(),
                parameters: parameters.clone(),
                inputs: Default::default(),
                fidelity: Default::default(),
            };
            let asked = Cell::new(0);
            let cancel = || asked.replace(asked.get() + 1) >= at;
            let outcome = run_order(order, &mut |_| {}, &cancel);
            if asked.get() <= at {
                assert!(outcome.is_ok(), "{media_type}: {outcome:?}");
                break;
            }
            assert_eq!(outcome.unwrap_err(), RenderFailure::Cancelled, "{media_type} at {at}");
            assert!(asked.get() - at <= 4, "{media_type}: {} times after {at}", asked.get() - at);
            (at, stopped) = (at * 2 + 1, stopped + 1);
        }
        assert!(stopped >= 3, "{media_type} looks {at} times or less");
    }
}

#[test]
fn the_work_so_far_is_shown_in_memory() {
    with_registry(async |registry| {
        let parameters = json!({ "prompt": "a lake at dawn", "resolution": "768x512", "seed": 1 });
        let task = start(&registry, MediaType::Image, parameters);
        let (mut events, mut previews) = (task.events(), Vec::new());
        while let Some(event) = events.next().await {
            if let EventKind::Preview { output } = event.kind {
                previews.push(output);
            }
        }
        assert_eq!(task.status(), ProcessingStatus::Completed, "{}", Shown(&task));
        let preview = previews.first().expect("a preview");
        let bytes = preview.in_memory().expect("its bytes");
        assert!(bytes.starts_with(&[0xff, 0xd8]) || bytes.starts_with(b"\x89PNG"), "a picture");
        assert!(preview.facts().width <= Some(768) && preview.facts().width > Some(0));
    });
}
