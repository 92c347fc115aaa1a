//! How many connections are open, in total and by address.
//!
//! Where there is no room, whoever waits longest without asking anything makes it: a connection that is held open for
//! nothing keeps nobody out. Only where all are in use is a new one refused.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Network;

/// How long a request may take until all of its answer is read. Long-polling waits for a heartbeat at most.
const REQUEST_WITHIN: Duration = Duration::from_secs(180);

/// How many may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In total.
    pub total: usize,
    /// By address; proxies that were named count as none.
    pub by_address: usize,
}

/// Every connection that is open.
#[derive(Debug)]
pub struct Connections {
    limits: Limits,
    open: Mutex<Open>,
    counts: Counts,
}

/// What was done, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Connections that made room for others.
    pub gave_way: AtomicU64,
    /// Connections for which there was no room.
    pub refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    by_network: HashMap<Network, usize>,
    /// Those that have asked nothing, or nothing more: by when that began, counted up.
    idle: BTreeMap<u64, Idle>,
    begun: u64,
}

#[derive(Debug)]
struct Idle {
    network: Option<Network>,
    end: Arc<Notify>,
}

/// One connection, for as long as it is open.
#[derive(Debug)]
pub struct Connection {
    all: Arc<Connections>,
    /// None of a proxy.
    network: Option<Network>,
    doing: Mutex<Doing>,
    end: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Nothing; its place in [`Open::idle`].
    Idle(u64),
    /// It is being answered, since then.
    Asking(Instant),
    /// It has become a WebSocket, which has a heartbeat.
    Live,
}

impl Connections {
    /// None is open yet.
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, open: Mutex::default(), counts: Counts::default() })
    }

    /// A connection has been made; nothing, if there is no room for it. One of a proxy is nobody's address.
    pub fn enter(self: &Arc<Self>, network: Option<Network>) -> Option<Connection> {
        let mut open = self.lock();
        let is_full = open.count >= self.limits.total;
        let of_network = network.map_or(0, |network| open.by_network.get(&network).copied().unwrap_or(0));
        let is_full_for_it = of_network >= self.limits.by_address;
        if is_full || is_full_for_it {
            let fits = |idle: &Idle| !is_full_for_it || idle.network == network;
            let Some(place) = open.idle.iter().find(|(_, idle)| fits(idle)).map(|(place, _)| *place) else {
                self.counts.refused.fetch_add(1, Ordering::Relaxed);
                return None;
            };
            if let Some(idle) = open.idle.remove(&place) {
                self.counts.gave_way.fetch_add(1, Ordering::Relaxed);
                // Its place is free when it has ended, which it does at once; until then there is one too many.
                idle.end.notify_one();
            }
        }
        open.count += 1;
        if let Some(network) = network {
            *open.by_network.entry(network).or_default() += 1;
        }
        let end = Arc::new(Notify::new());
        let place = open.rests(network, &end);
        Some(Connection { all: Arc::clone(self), network, doing: Mutex::new(Doing::Idle(place)), end })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.lock().count
    }

    /// What was done, since the start.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn rests(&mut self, network: Option<Network>, end: &Arc<Notify>) -> u64 {
        self.begun += 1;
        self.idle.insert(self.begun, Idle { network, end: Arc::clone(end) });
        self.begun
    }
}

impl Connection {
    /// A request came. Too late, where the connection has been told to make room in the same moment: it has to end.
    pub fn asks(&self) -> bool {
        self.becomes(Doing::Asking(Instant::now()))
    }

    /// It was answered: from now on the connection can make room for another.
    pub fn was_answered(&self) {
        let mut doing = self.lock();
        if matches!(*doing, Doing::Asking(_)) {
            *doing = Doing::Idle(self.all.lock().rests(self.network, &self.end));
        }
    }

    /// It has become a WebSocket.
    pub fn is_live(&self) {
        let _ = self.becomes(Doing::Live);
    }

    /// Returns once the connection has to end: it makes room, or its answer is not read.
    pub async fn has_to_end(&self) {
        loop {
            if tokio::time::timeout(REQUEST_WITHIN / 4, self.end.notified()).await.is_ok() || self.is_overdue(Instant::now()) {
                return;
            }
        }
    }

    fn is_overdue(&self, now: Instant) -> bool {
        matches!(*self.lock(), Doing::Asking(since) if now.saturating_duration_since(since) > REQUEST_WITHIN)
    }

    /// Whether it may: not what was told to make room.
    fn becomes(&self, next: Doing) -> bool {
        let mut doing = self.lock();
        if let Doing::Idle(place) = *doing
            && self.all.lock().idle.remove(&place).is_none()
        {
            return false;
        }
        *doing = next;
        true
    }

    fn lock(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let doing = *self.lock();
        let mut open = self.all.lock();
        open.count -= 1;
        if let Doing::Idle(place) = doing {
            open.idle.remove(&place);
        }
        if let Some(network) = self.network
            && let Some(count) = open.by_network.get_mut(&network)
        {
            *count -= 1;
            if *count == 0 {
                open.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use futures::FutureExt as _;

    use super::*;

    fn network(n: u8) -> Option<Network> {
        Some(std::net::IpAddr::from(Ipv4Addr::new(10, 0, 0, n)).into())
    }

    fn has_to_end(connection: &Connection) -> bool {
        connection.has_to_end().now_or_never().is_some()
    }

    #[tokio::test]
    async fn who_waits_longest_for_nothing_makes_room() {
        let all = Connections::new(Limits { total: 3, by_address: 2 });
        let (first, second) = (all.enter(network(1)).expect("room"), all.enter(network(1)).expect("room"));
        let other = all.enter(network(2)).expect("room");
        assert!(first.asks());
        first.was_answered();
        // The address is full: the one of its own that has waited longer goes, nobody else's.
        let third = all.enter(network(1)).expect("it is made");
        assert!(!second.asks(), "a request that comes in the same moment comes too late");
        assert_eq!([&first, &second, &other].map(has_to_end), [false, true, false]);
        drop(second);
        // All is full: whoever waits longest goes, whosever it is.
        let fourth = all.enter(network(3)).expect("it is made");
        assert_eq!([&first, &third, &other, &fourth].map(has_to_end), [false, false, true, false]);
    }

    #[tokio::test]
    async fn what_is_in_use_is_not_taken_from_anybody() {
        let all = Connections::new(Limits { total: 2, by_address: 2 });
        let (one, other) = (all.enter(network(1)).expect("room"), all.enter(network(1)).expect("room"));
        assert!(one.asks());
        other.is_live();
        assert!(all.enter(network(1)).is_none());
        assert!(all.enter(network(2)).is_none());
        assert_eq!(all.counts().refused.load(Ordering::Relaxed), 2);
        drop(other);
        assert!(all.enter(network(2)).is_some());
    }

    #[tokio::test]
    async fn a_proxy_s_connections_are_no_address_s() {
        let all = Connections::new(Limits { total: 10, by_address: 1 });
        let held: Vec<_> = (0..10).map(|_| all.enter(None).expect("room")).collect();
        assert_eq!((all.count(), all.lock().by_network.len()), (10, 0));
        drop(held);
        assert_eq!((all.count(), all.lock().idle.len()), (0, 0));
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_ends_the_connection() {
        let all = Connections::new(Limits { total: 10, by_address: 10 });
        let (slow, resting) = (all.enter(network(1)).expect("room"), all.enter(network(1)).expect("room"));
        assert!(slow.asks());
        let later = Instant::now() + REQUEST_WITHIN + Duration::from_secs(1);
        assert!(slow.is_overdue(later) && !resting.is_overdue(later));
        slow.was_answered();
        assert!(!slow.is_overdue(later));
    }
}
