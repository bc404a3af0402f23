//! Events of a task, for callbacks and for iterators.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::Arc,
};

use js_sys::{Function, Promise, Reflect};
use media_factory_core::task::{Event, EventKind, EventStream, Listener};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use crate::{host, output::CoreOutput, present::to_js};

/// Calls `callback` with every event, each in a microtask after what caused it.
pub(crate) fn listener(callback: Function) -> Arc<dyn Listener> {
    Arc::new(Updates(Rc::new(Queue { callback, ..Queue::default() })))
}

struct Updates(Rc<Queue>);

#[derive(Default)]
struct Queue {
    callback: Function,
    events: RefCell<VecDeque<Event>>,
    is_scheduled: Cell<bool>,
}

impl Listener for Updates {
    fn push(&self, event: Event) {
        self.0.events.borrow_mut().push_back(event);
        if !self.0.is_scheduled.replace(true) {
            let queue = self.0.clone();
            spawn_local(async move { queue.drain() });
        }
    }
}

impl Queue {
    fn drain(&self) {
        loop {
            // Not held while the callback runs, which may cause events itself.
            let Some(event) = self.events.borrow_mut().pop_front() else { break };
            if let Err(exception) = self.callback.call1(&JsValue::NULL, &event_to_js(&event)) {
                host::report(&exception);
            }
        }
        self.is_scheduled.set(false);
    }
}

/// The events of one task from a snapshot to the terminal event.
#[wasm_bindgen]
pub struct CoreEvents(Rc<RefCell<EventStream>>);

impl CoreEvents {
    pub(crate) fn new(stream: EventStream) -> Self {
        Self(Rc::new(RefCell::new(stream)))
    }
}

#[wasm_bindgen]
impl CoreEvents {
    /// Resolves to the next event; to nothing after the terminal one.
    pub fn next(&self) -> Promise {
        let stream = self.0.clone();
        future_to_promise(async move {
            let next = std::future::poll_fn(|context| stream.borrow_mut().poll_next(context));
            Ok(next.await.map_or(JsValue::UNDEFINED, |event| event_to_js(&event)))
        })
    }
}

fn event_to_js(event: &Event) -> JsValue {
    let js = to_js(event);
    if let EventKind::Preview { output } = &event.kind {
        // A new object takes every member.
        let _ = Reflect::set(&js, &"output".into(), &CoreOutput(output.clone()).into());
    }
    js
}
