//! One event stream for all tasks that one caller has at an endpoint, for hosts where connections
//! are few: browsers allow six to one host on HTTP/1.1.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, Weak},
    task::{Poll, Waker},
    time::Duration,
};

use futures_util::future::{Either, select};

use super::{
    link::Link,
    stream::{Opening, Stream},
};
use crate::{
    config::{Config, Secret},
    runtime::lock,
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
    /// Also the key of who joined last.
    joins: u64,
    /// By the service's id of the task, of which one may be followed twice.
    members: BTreeMap<(Arc<str>, u64), Arc<Member>>,
    carrier: Option<Waker>,
}

#[derive(Default)]
struct Member(Mutex<(VecDeque<News>, Option<Waker>)>);

/// What a shared stream brings to one task.
pub(super) enum News {
    /// The task as the service wrote it.
    Data(String),
    /// The stream is gone; it may come back.
    Lost,
    /// The service offers no such stream.
    NotOffered,
    /// Nothing comes through.
    Blocked,
}

/// A place in the hub; leaving is dropping it.
pub(super) struct Membership {
    link: Arc<Link>,
    key: (Arc<str>, u64),
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
    pub(super) fn join(link: &Arc<Link>, remote_id: &Arc<str>) -> Option<Membership> {
        Self::join_all(link, std::slice::from_ref(remote_id), GATHERING).pop()
    }

    /// Follows all of them from the same moment on; others are waited for as long as `gathering`.
    pub(super) fn join_all(
        link: &Arc<Link>,
        remote_ids: &[Arc<str>],
        gathering: Duration,
    ) -> Vec<Membership> {
        if remote_ids.is_empty() {
            return Vec::new();
        }
        let mut hub = lock(&link.hub.0);
        let join = |remote_id: &Arc<str>| {
            hub.joins += 1;
            let key = (remote_id.clone(), hub.joins);
            let member = Arc::<Member>::default();
            hub.members.insert(key.clone(), member.clone());
            Membership { link: link.clone(), key, member }
        };
        let memberships = remote_ids.iter().map(join).collect();
        let start = !std::mem::replace(&mut hub.carried, true);
        let carrier = hub.carrier.take();
        drop(hub);
        if start {
            link.spawner.spawn(Box::pin(carry(link.clone(), gathering)));
        } else if let Some(waker) = carrier {
            waker.wake();
        }
        memberships
    }

    /// Who is to be followed; `None` ends the carrying.
    fn roster(&self) -> Option<(Vec<Arc<str>>, u64)> {
        let mut hub = lock(&self.0);
        if hub.members.is_empty() {
            hub.carried = false;
            return None;
        }
        let mut members: Vec<_> = hub.members.keys().collect();
        members.sort_by_key(|(_, joined)| *joined);
        Some((members.into_iter().map(|(remote_id, _)| remote_id.clone()).collect(), hub.joins))
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
        let first = (Arc::from(remote_id), 0);
        let members = hub.members.range(first..).take_while(|((id, _), _)| **id == *remote_id);
        for (_, member) in members {
            member.tell(News::Data(data.to_owned()));
        }
    }

    /// Sends everybody home with the news; they may join again.
    fn dissolve(&self, news: impl Fn() -> News) {
        let members = std::mem::take(&mut lock(&self.0).members);
        for member in members.into_values() {
            member.tell(news());
        }
    }
}

impl Member {
    fn tell(&self, news: News) {
        let mut inbox = lock(&self.0);
        inbox.0.push_back(news);
        if let Some(waker) = inbox.1.take() {
            waker.wake();
        }
    }
}

impl Membership {
    pub(super) async fn next(&self) -> News {
        poll_fn(|context| {
            let mut inbox = lock(&self.member.0);
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
        hub.members.remove(&self.key);
        let carrier = hub.members.is_empty().then(|| hub.carrier.take()).flatten();
        drop(hub);
        if let Some(waker) = carrier {
            waker.wake();
        }
    }
}

/// Keeps the shared stream open for whoever is there, until nobody is.
async fn carry(link: Arc<Link>, mut gathering: Duration) {
    let hub = &link.hub;
    while hub.roster().is_some() {
        if !gathering.is_zero() {
            link.clock.sleep(gathering).await;
        }
        gathering = GATHERING;
        let Some((ids, joins)) = hub.roster() else { return };
        let stream = pin!(stream(&link, &ids));
        match select(stream, pin!(hub.changed(joins))).await {
            Either::Left((news, _)) => hub.dissolve(news),
            Either::Right(_) => {}
        }
    }
}

/// Delivers events until the stream ends; gives what everybody is told then.
async fn stream(link: &Arc<Link>, ids: &[Arc<str>]) -> fn() -> News {
    let Some(request) = link.protocol.shared_events(&link.config, ids) else {
        return || News::NotOffered;
    };
    let (mut stream, mut events) = match Stream::open(link, request).await {
        Opening::Open(stream, events) => (stream, events),
        Opening::NotOffered => return || News::NotOffered,
        Opening::Lost => return || News::Lost,
        Opening::Blocked => return || News::Blocked,
    };
    loop {
        for event in events {
            if let Some(remote_id) = link.protocol.event_task_id(&event.data) {
                link.hub.deliver(&remote_id, &event.data);
            }
        }
        match stream.next(link).await {
            Some(more) => events = more,
            None => return || News::Lost,
        }
    }
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
