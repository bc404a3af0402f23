//! One event stream for all tasks that one caller has at an endpoint, for hosts where connections
//! are few: browsers allow six to one host on HTTP/1.1.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, Weak},
    task::{Poll, Waker},
    time::Duration,
};

use futures_util::future::{Either, select};

use super::{
    follow::Chunks,
    link::{Link, Patience},
};
use crate::{
    config::{Config, Secret},
    runtime::lock,
    sse::EventReader,
};

/// The hubs of one endpoint. A service shows tasks to whoever submitted them, so that one caller's
/// stream cannot carry another's tasks.
#[derive(Default)]
pub(crate) struct EventHubs(Mutex<Vec<(Caller, Weak<EventHub>)>>);

/// As whom, and under which path, the stream is asked for. Never shown: there is no `Debug`.
#[derive(PartialEq)]
struct Caller {
    api_key: Option<Secret>,
    headers: Vec<(String, Secret)>,
    path: String,
}

/// The tasks that share a stream, and whether somebody carries it.
#[derive(Default)]
pub(crate) struct EventHub(Mutex<Hub>);

#[derive(Default)]
struct Hub {
    carried: bool,
    joins: u64,
    members: Vec<Arc<Member>>,
    carrier: Option<Waker>,
}

struct Member {
    remote_id: String,
    inbox: Mutex<(VecDeque<News>, Option<Waker>)>,
}

/// What a shared stream brings to one task.
pub(super) enum News {
    /// The task as the service wrote it.
    Data(String),
    /// The stream is gone; it may come back.
    Lost,
    /// The service offers no such stream.
    NotOffered,
}

/// A place in the hub; leaving is dropping it.
pub(super) struct Membership {
    link: Arc<Link>,
    member: Arc<Member>,
}

/// Tasks that start together wait this long for each other before the stream is opened anew.
const GATHERING: Duration = Duration::from_millis(20);

impl EventHubs {
    /// The hub that all workflows with these credentials share.
    pub(crate) fn of(&self, config: &Config) -> Arc<EventHub> {
        let caller = Caller {
            api_key: config.api_key.clone(),
            headers: config.headers.clone(),
            path: config.path("events").to_owned(),
        };
        let mut hubs = lock(&self.0);
        hubs.retain(|(_, hub)| hub.strong_count() > 0);
        let known = hubs.iter().find(|(known, _)| *known == caller);
        if let Some(hub) = known.and_then(|(_, hub)| hub.upgrade()) {
            return hub;
        }
        let hub = Arc::default();
        hubs.push((caller, Arc::downgrade(&hub)));
        hub
    }
}

impl EventHub {
    /// Follows `remote_id` on the shared stream, which is started if nobody carries it.
    pub(super) fn join(link: &Arc<Link>, remote_id: &str) -> Membership {
        let member = Arc::new(Member { remote_id: remote_id.to_owned(), inbox: Mutex::default() });
        let mut hub = lock(&link.hub.0);
        hub.members.push(member.clone());
        hub.joins += 1;
        let start = !std::mem::replace(&mut hub.carried, true);
        let carrier = hub.carrier.take();
        drop(hub);
        if start {
            link.spawner.spawn(Box::pin(carry(link.clone())));
        } else if let Some(waker) = carrier {
            waker.wake();
        }
        Membership { link: link.clone(), member }
    }

    /// Who is to be followed; `None` ends the carrying.
    fn roster(&self) -> Option<(Vec<String>, u64)> {
        let mut hub = lock(&self.0);
        if hub.members.is_empty() {
            hub.carried = false;
            return None;
        }
        let ids = hub.members.iter().map(|member| member.remote_id.clone());
        Some((ids.collect(), hub.joins))
    }

    /// Resolves when somebody has joined since `joins`, or when everybody has left.
    async fn changed(&self, joins: u64) {
        poll_fn(|context| {
            let mut hub = lock(&self.0);
            if hub.joins != joins || hub.members.is_empty() {
                return Poll::Ready(());
            }
            hub.carrier = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn deliver(&self, remote_id: &str, data: &str) {
        let hub = lock(&self.0);
        for member in hub.members.iter().filter(|member| member.remote_id == remote_id) {
            member.tell(News::Data(data.to_owned()));
        }
    }

    /// Sends everybody home with the news; they may join again.
    fn dissolve(&self, news: impl Fn() -> News) {
        let members = std::mem::take(&mut lock(&self.0).members);
        for member in members {
            member.tell(news());
        }
    }
}

impl Member {
    fn tell(&self, news: News) {
        let mut inbox = lock(&self.inbox);
        inbox.0.push_back(news);
        if let Some(waker) = inbox.1.take() {
            waker.wake();
        }
    }
}

impl Membership {
    pub(super) async fn next(&self) -> News {
        poll_fn(|context| {
            let mut inbox = lock(&self.member.inbox);
            match inbox.0.pop_front() {
                Some(news) => Poll::Ready(news),
                None => {
                    inbox.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut hub = lock(&self.link.hub.0);
        hub.members.retain(|member| !Arc::ptr_eq(member, &self.member));
        let carrier = hub.members.is_empty().then(|| hub.carrier.take()).flatten();
        drop(hub);
        if let Some(waker) = carrier {
            waker.wake();
        }
    }
}

/// Keeps the shared stream open for whoever is there, until nobody is.
async fn carry(link: Arc<Link>) {
    let hub = &link.hub;
    loop {
        link.clock.sleep(GATHERING).await;
        let Some((ids, joins)) = hub.roster() else { return };
        let stream = pin!(stream(&link, &ids));
        match select(stream, pin!(hub.changed(joins))).await {
            Either::Left((true, _)) => hub.dissolve(|| News::Lost),
            Either::Left((false, _)) => hub.dissolve(|| News::NotOffered),
            Either::Right(_) => {}
        }
    }
}

/// Delivers events until the stream ends; whether the service offers one at all.
async fn stream(link: &Arc<Link>, ids: &[String]) -> bool {
    let Some(request) = link.protocol.shared_events(&link.config, ids) else {
        return false;
    };
    let Ok(response) = link.open(request, Patience::Request).await else {
        return true;
    };
    if !response.is_event_stream() {
        return response.may_pass();
    }
    let mut reader = EventReader::default();
    let mut body = Chunks::of(response.body);
    while let Some(Some(chunk)) = body.next(link).await {
        let Some(events) = reader.feed(&chunk) else { break };
        for event in events {
            if let Some(remote_id) = link.protocol.event_task_id(&event.data) {
                link.hub.deliver(&remote_id, &event.data);
            }
        }
    }
    true
}

impl fmt::Debug for EventHub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hub = lock(&self.0);
        formatter
            .debug_struct("EventHub")
            .field("members", &hub.members.len())
            .finish_non_exhaustive()
    }
}
