//! The bus: how servers that share a log hear of each other's commits at once.
//!
//! It is speed and nothing else. A message that is lost shows as a gap, or at the latest when this server
//! compares what it holds with the log (`service::peers`); so nothing here waits for Redis, nothing is kept for
//! it while it is away, and what does not fit is dropped and counted.
//!
//! - this file: what the service and the live channel know of it
//! - [`topology`]: where Redis is; [`session`]: one connection, from its beginning to its end
//! - [`message`]: what is said
//!
//! Each venue has one channel. A server listens to it only while it has screens of that venue, so what a venue
//! does costs nothing on servers that nobody of it is connected to.

mod message;
mod session;
#[cfg(test)]
mod tests;
mod topology;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::VenueId;
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use message::Told;
pub use topology::Topology;

/// How many messages may wait for Redis: a second of a very busy evening.
const QUEUE_MAX_MESSAGES: usize = 4_096;
/// How many messages may wait for the service.
const HEARD_MAX_MESSAGES: usize = 4_096;
/// How long what is still waiting has to leave when this server stops.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// A server, for as long as its process lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct ServerId(u64);

impl ServerId {
    fn random() -> Self {
        Self(rand::rng().random())
    }
}

/// The bus, as the service and the live channel know it.
pub struct Bus {
    peers: Peers,
    shared: Arc<Shared>,
}

/// Who else there is.
enum Peers {
    /// Nobody: what this server holds is all there is.
    None,
    /// Other servers, which are heard of through the log alone.
    Silent,
    /// Other servers, which are told and heard through Redis.
    Redis { queue: Mutex<Option<mpsc::Sender<Publication>>>, session: Mutex<Option<JoinHandle<()>>> },
}

/// A message and its channel.
type Publication = (String, Vec<u8>);

/// What was heard.
#[derive(Debug)]
pub enum Heard {
    /// Another server has committed.
    Told {
        /// Of which venue.
        venue: VenueId,
        /// What.
        streams: Vec<Told>,
    },
    /// From now on these venues are listened to. What happened before may have been missed.
    Listening(Vec<VenueId>),
}

/// What the bus and its session share.
struct Shared {
    me: ServerId,
    /// What the names of channels start with.
    prefix: String,
    /// The venues of which this server has screens, and how far they are followed.
    followed: Mutex<HashMap<VenueId, Followed>>,
    /// Somebody is followed who was not, or the other way round.
    changed: Notify,
    counts: Counts,
}

/// How a venue is followed.
#[derive(Debug, Clone, Copy, Default)]
struct Followed {
    screens: usize,
    /// What is held of it has been compared with the log since it is followed.
    is_current: bool,
}

/// What was counted since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Redis is connected.
    pub up: AtomicBool,
    /// Messages that Redis has taken.
    pub published: AtomicU64,
    /// Messages of other servers that were heard.
    pub received: AtomicU64,
    /// Messages that were not sent, or heard and not worked on: there were too many, or Redis was away.
    pub dropped: AtomicU64,
    /// Connections to Redis that ended.
    pub lost: AtomicU64,
    /// Channels that are listened to.
    pub channels: AtomicU64,
}

impl Bus {
    /// For a server that shares its log with nobody.
    pub fn alone() -> Self {
        Self::new(Peers::None, Shared::new(String::new()))
    }

    /// For servers that share a log and tell each other nothing.
    pub fn silent() -> Self {
        Self::new(Peers::Silent, Shared::new(String::new()))
    }

    /// For servers that tell each other through Redis, which may come and go. What is heard comes out of the
    /// receiver.
    pub fn redis(topology: Topology) -> (Self, mpsc::Receiver<Heard>) {
        let shared = Shared::new(format!("comanda:{}:", topology.db()));
        let (queue, waiting) = mpsc::channel(QUEUE_MAX_MESSAGES);
        let (tell, heard) = mpsc::channel(HEARD_MAX_MESSAGES);
        let session = tokio::spawn(session::run(topology, Arc::clone(&shared), waiting, tell));
        let peers = Peers::Redis { queue: Mutex::new(Some(queue)), session: Mutex::new(Some(session)) };
        (Self::new(peers, shared), heard)
    }

    fn new(peers: Peers, shared: Arc<Shared>) -> Self {
        Self { peers, shared }
    }

    /// Whether nobody else writes to the log.
    pub fn is_alone(&self) -> bool {
        matches!(self.peers, Peers::None)
    }

    /// Whether there is a Redis to be connected to.
    pub fn has_redis(&self) -> bool {
        matches!(self.peers, Peers::Redis { .. })
    }

    /// What was counted since the start.
    pub fn counts(&self) -> &Counts {
        &self.shared.counts
    }

    /// Tells the other servers of a commit: one message, whatever it appended. It never waits.
    pub fn publish(&self, venue: &VenueId, told: &[Told]) {
        let Peers::Redis { queue, .. } = &self.peers else { return };
        let counts = self.counts();
        if !counts.up.load(Relaxed) {
            counts.dropped.fetch_add(1, Relaxed);
            return;
        }
        let message = match message::encode(self.shared.me, told) {
            Ok(message) => message,
            Err(error) => return tracing::error!(%error, "a message can't be encoded"),
        };
        let publication = (self.shared.channel(venue), message);
        let sent = lock(queue).as_ref().is_some_and(|queue| queue.try_send(publication).is_ok());
        if !sent {
            counts.dropped.fetch_add(1, Relaxed);
        }
    }

    /// A screen of this venue has come.
    pub fn screen_came(&self, venue: &VenueId) {
        let mut followed = lock(&self.shared.followed);
        let followed = followed.entry(venue.clone()).or_default();
        followed.screens += 1;
        if followed.screens == 1 {
            self.shared.changed.notify_one();
        }
    }

    /// A screen of this venue has gone.
    pub fn screen_left(&self, venue: &VenueId) {
        let mut followed = lock(&self.shared.followed);
        let Some(of_venue) = followed.get_mut(venue) else { return };
        of_venue.screens -= 1;
        if of_venue.screens == 0 {
            followed.remove(venue);
            self.shared.changed.notify_one();
        }
    }

    /// The venues of which this server has screens.
    pub fn followed(&self) -> Vec<VenueId> {
        lock(&self.shared.followed).keys().cloned().collect()
    }

    /// Whether what is held of a venue is kept up to date: by messages, and by comparing it with the log.
    pub fn is_current(&self, venue: &VenueId) -> bool {
        self.is_alone() || lock(&self.shared.followed).get(venue).is_some_and(|followed| followed.is_current)
    }

    /// What is held of these venues has been compared with the log, after they were followed.
    pub fn are_current(&self, venues: &[VenueId]) {
        let mut followed = lock(&self.shared.followed);
        for venue in venues {
            if let Some(followed) = followed.get_mut(venue) {
                followed.is_current = true;
            }
        }
    }

    /// Sends what still waits, then leaves.
    pub async fn close(&self) {
        let Peers::Redis { queue, session } = &self.peers else { return };
        // Without a sender the session ends, once it has sent what waits.
        lock(queue).take();
        let session = lock(session).take();
        if let Some(session) = session
            && timeout(CLOSE_WITHIN, session).await.is_err()
        {
            tracing::warn!("Redis did not take the last messages; the other servers read them from the log");
        }
    }
}

impl Shared {
    fn new(prefix: String) -> Arc<Self> {
        let (followed, changed, counts) = (Mutex::default(), Notify::new(), Counts::default());
        Arc::new(Self { me: ServerId::random(), prefix, followed, changed, counts })
    }

    fn channel(&self, venue: &VenueId) -> String {
        format!("{}{venue}", self.prefix)
    }

    /// The venue of a channel, if it is one of ours.
    fn venue(&self, channel: &str) -> Option<VenueId> {
        channel.strip_prefix(&self.prefix)?.parse().ok()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
