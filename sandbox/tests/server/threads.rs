use std::{
    future::poll_fn,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Poll,
    thread,
    time::Duration,
};

use media_factory_core::{media::MediaType, runtime::lock};
use media_factory_sandbox::server::{
    RenderFailure, RenderOrder, RenderProgress, Renderer, ThreadRenderer, Watch,
};
use serde_json::json;

use crate::bench::{Outcome, PICTURE, picture};

fn order(prompt: &str) -> RenderOrder {
    let parameters = json!({ "prompt": prompt }).as_object().unwrap().clone();
    let (inputs, fidelity) = Default::default();
    RenderOrder { media_type: MediaType::Image, parameters, inputs, fidelity }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// Does what the prompt says.
fn obey(
    order: RenderOrder,
    on_progress: &mut dyn FnMut(RenderProgress),
    _cancel: &dyn Fn() -> bool,
) -> Outcome {
    on_progress(RenderProgress { fraction: 0.5, stage: "rendering".into(), preview: None });
    match order.parameters["prompt"].as_str().unwrap() {
        "panic" => panic!("out of paint"),
        "fail" => Err(RenderFailure::Invalid("no".into())),
        _ => Ok(picture(PICTURE)),
    }
}

#[test]
fn threads_render_and_a_panic_harms_only_its_order() {
    static TOLD: Mutex<Vec<RenderProgress>> = Mutex::new(Vec::new());
    let renderer = ThreadRenderer::new(obey, 1);
    let watch = Watch::new(|progress| lock(&TOLD).push(progress));
    let ask = |prompt: &str| block_on(renderer.render(order(prompt), watch.clone()));
    assert_eq!(ask("a lake"), Ok(picture(PICTURE)));
    let crashed = RenderFailure::Internal("the renderer crashed: out of paint".into());
    assert_eq!(ask("panic"), Err(crashed));
    assert_eq!(ask("fail"), Err(RenderFailure::Invalid("no".into())));
    assert_eq!(ask("a lake"), Ok(picture(PICTURE)));
    assert_eq!(lock(&TOLD).len(), 4);
}

static BEGUN: AtomicUsize = AtomicUsize::new(0);
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Works until it is told to stop.
fn until_cancelled(
    _order: RenderOrder,
    _on_progress: &mut dyn FnMut(RenderProgress),
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    BEGUN.fetch_add(1, Ordering::SeqCst);
    while !cancel() {
        thread::sleep(Duration::from_millis(1));
    }
    STOPPED.store(true, Ordering::SeqCst);
    Err(RenderFailure::Cancelled)
}

fn wait_for(condition: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if condition() {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("it did not happen within ten seconds");
}

#[test]
fn dropping_an_order_stops_its_thread_and_skips_it_in_the_queue() {
    let renderer = ThreadRenderer::new(until_cancelled, 1);
    let watch = Watch::new(|_| {});
    let mut first = renderer.render(order("first"), watch.clone());
    let second = renderer.render(order("second"), watch.clone());
    block_on(poll_fn(|context| {
        assert!(first.as_mut().poll(context).is_pending());
        Poll::Ready(())
    }));
    wait_for(|| BEGUN.load(Ordering::SeqCst) == 1);
    drop(second);
    drop(first);
    wait_for(|| STOPPED.load(Ordering::SeqCst));
    let third = renderer.render(order("third"), watch.clone());
    wait_for(|| BEGUN.load(Ordering::SeqCst) == 2);
    let waiting = renderer.render(order("waiting"), watch);
    drop(renderer);
    assert_eq!(block_on(waiting), Err(RenderFailure::Cancelled));
    drop(third);
}
