//! Being connected to Redis: again and again, until the server stops.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::VenueId;
use rand::Rng as _;
use redis::{PushInfo, PushKind, RedisError, Value};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::topology::Connection;
use super::{Heard, Publication, Shared, Topology, lock, message};

/// The most messages in one pipeline.
const PIPELINE_MAX: usize = 256;
/// How many pushes of Redis may wait before they are dropped.
const PUSHES_MAX: usize = 8_192;
/// How often an idle connection is asked whether it is one.
const PING_EVERY: Duration = Duration::from_secs(1);
/// How long to wait before the next try: from, up to. Each try doubles it, and chance spreads it.
const RETRY_AFTER: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// A connection that held for so long was a good one: the next try comes soon.
const WAS_GOOD_AFTER: Duration = Duration::from_secs(5);

/// Why a connection ended.
enum End {
    /// Redis, or the way to it.
    Failed(RedisError),
    /// The connection broke.
    Broke,
    /// This server stops.
    Closed,
}

/// Stays connected until nobody can publish any more.
pub(super) async fn run(
    topology: Topology,
    shared: Arc<Shared>,
    mut queue: mpsc::Receiver<Publication>,
    heard: mpsc::Sender<Heard>,
) {
    let mut wait = RETRY_AFTER.0;
    let mut failures: u32 = 0;
    loop {
        let (push, pushes) = mpsc::channel(PUSHES_MAX);
        let dropping = Arc::clone(&shared);
        let on_push = move |info: PushInfo| {
            // Waiting here would hold up every answer on this connection.
            if push.try_send(info).is_err() {
                dropping.counts.dropped.fetch_add(1, Relaxed);
            }
        };
        let why = match topology.connect(on_push).await {
            Ok(connection) => {
                let since = Instant::now();
                tracing::info!(%topology, "the bus is up");
                failures = 0;
                shared.counts.up.store(true, Relaxed);
                let end = Session { shared: &shared, connection, heard: &heard }.run(&mut queue, pushes).await;
                shared.counts.up.store(false, Relaxed);
                shared.counts.channels.store(0, Relaxed);
                shared.counts.lost.fetch_add(1, Relaxed);
                if since.elapsed() > WAS_GOOD_AFTER {
                    wait = RETRY_AFTER.0;
                }
                match end {
                    End::Closed => return,
                    End::Broke => "the connection ended".to_owned(),
                    End::Failed(error) => error.to_string(),
                }
            }
            Err(error) => error.to_string(),
        };
        // Once, and then now and then: a long outage should not fill a disk.
        if failures.is_power_of_two() || failures == 0 {
            tracing::warn!(%topology, why, "the bus is down; other servers' commits are read from the log");
        }
        failures = failures.saturating_add(1);
        let nap = wait.mul_f64(rand::rng().random_range(0.5..1.0));
        wait = (2 * wait).min(RETRY_AFTER.1);
        if let ControlFlow::Break(()) = discard(&mut queue, &shared, nap).await {
            return;
        }
    }
}

/// Waits, and drops what waits to be sent: who it is for reads it from the log.
async fn discard(queue: &mut mpsc::Receiver<Publication>, shared: &Shared, nap: Duration) -> ControlFlow<()> {
    let closed = timeout(nap, async {
        while queue.recv().await.is_some() {
            shared.counts.dropped.fetch_add(1, Relaxed);
        }
    });
    if closed.await.is_ok() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// One connection.
struct Session<'a> {
    shared: &'a Shared,
    connection: Connection,
    heard: &'a mpsc::Sender<Heard>,
}

impl Session<'_> {
    async fn run(&self, queue: &mut mpsc::Receiver<Publication>, pushes: mpsc::Receiver<PushInfo>) -> End {
        tokio::select! {
            end = self.publish(queue) => end,
            end = self.follow() => end,
            end = self.hear(pushes) => end,
        }
    }

    /// Publishes what waits, whatever has gathered in one go.
    async fn publish(&self, queue: &mut mpsc::Receiver<Publication>) -> End {
        let mut connection = self.connection.clone();
        let mut batch = Vec::with_capacity(PIPELINE_MAX);
        while queue.recv_many(&mut batch, PIPELINE_MAX).await > 0 {
            let count = batch.len() as u64;
            if let Err(error) = connection.publish(&batch).await {
                self.shared.counts.dropped.fetch_add(count, Relaxed);
                return End::Failed(error);
            }
            self.shared.counts.published.fetch_add(count, Relaxed);
            batch.clear();
        }
        End::Closed
    }

    /// Listens to the channels of the venues that are followed, and asks now and then whether Redis is there.
    async fn follow(&self) -> End {
        let mut connection = self.connection.clone();
        let mut listening = BTreeSet::new();
        loop {
            let wanted: BTreeSet<VenueId> = lock(&self.shared.followed).keys().cloned().collect();
            let came: Vec<VenueId> = wanted.difference(&listening).cloned().collect();
            let left: Vec<VenueId> = listening.difference(&wanted).cloned().collect();
            let channels =
                |venues: &[VenueId]| -> Vec<String> { venues.iter().map(|venue| self.shared.channel(venue)).collect() };
            let changed = async {
                if !left.is_empty() {
                    connection.leave(&channels(&left)).await?;
                }
                if !came.is_empty() {
                    connection.listen(&channels(&came)).await?;
                }
                Ok(())
            };
            if let Err(error) = changed.await {
                return End::Failed(error);
            }
            self.shared.counts.channels.store(wanted.len() as u64, Relaxed);
            listening = wanted;
            if !came.is_empty() && self.heard.send(Heard::Listening(came)).await.is_err() {
                return End::Closed;
            }
            tokio::select! {
                () = self.shared.changed.notified() => {}
                () = sleep(PING_EVERY) => {
                    if let Err(error) = connection.ping().await {
                        return End::Failed(error);
                    }
                }
            }
        }
    }

    /// Passes on what other servers tell.
    async fn hear(&self, mut pushes: mpsc::Receiver<PushInfo>) -> End {
        while let Some(push) = pushes.recv().await {
            match push.kind {
                PushKind::Message | PushKind::SMessage => {
                    if let Some(heard) = self.understand(&push.data)
                        && self.heard.send(heard).await.is_err()
                    {
                        return End::Closed;
                    }
                }
                // A cluster's connection comes back by itself, and listens again.
                PushKind::Disconnection if matches!(self.connection, Connection::One(_)) => return End::Broke,
                _ => {}
            }
        }
        End::Broke
    }

    /// What another server said. Whatever else stands on the channel is told to the operator, and passed over.
    fn understand(&self, push: &[Value]) -> Option<Heard> {
        let [Value::BulkString(channel), Value::BulkString(message), ..] = push else { return None };
        let venue = std::str::from_utf8(channel).ok().and_then(|channel| self.shared.venue(channel))?;
        match message::decode(message) {
            // Redis tells us, too, what we said.
            Ok((from, _)) if from == self.shared.me => None,
            Ok((_, streams)) => {
                self.shared.counts.received.fetch_add(1, Relaxed);
                Some(Heard::Told { venue, streams })
            }
            Err(error) => {
                tracing::warn!(%venue, %error, "a message on the bus can't be read");
                None
            }
        }
    }
}
