//! A screen: what it holds and what it has to say, over as many connections as it takes.

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, bail};
use domain::wire::{Answer, Ask, Hello, PROTOCOL, Surface};
use domain::{MutationId, StreamId, VenueId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use super::disturbance::Disturbance;
use super::live::Session;
use super::outbox::Order;
use super::{Held, Route, Witness};

/// How many commands may wait to be taken by a screen's task.
const MAX_ORDERS: usize = 256;

/// How many disturbances may wait until a screen's task comes to them.
const MAX_DISTURBANCES: usize = 4;

/// Who a screen is: what the cookie proves.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The way to the server.
    pub route: Route,
    /// The venue.
    pub venue: VenueId,
    /// As what.
    pub surface: Surface,
    /// `name=value`.
    pub cookie: String,
}

impl Pass {
    /// The same, for a screen that goes to another server first: counted from 0 and around.
    #[must_use]
    pub fn beginning_at(&self, server: usize) -> Self {
        Self { route: self.route.beginning_at(server), ..self.clone() }
    }

    /// What this screen says of itself.
    pub fn hello(&self) -> Hello {
        Hello { protocol: PROTOCOL, venue: self.venue.clone(), surface: self.surface }
    }
}

/// How a screen behaves.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// How many commands are under way at once. A person's screen sends one after the other.
    pub max_under_way: usize,
    /// The shortest and the longest wait before it connects again, so that not all come at once.
    pub reconnect_after: (Duration, Duration),
    /// The wait after “not now”.
    pub retry_after: Duration,
    /// An accepted command's event that is under way for longer is asked for.
    pub event_overdue_after: Duration,
}

impl Default for Habits {
    fn default() -> Self {
        let reconnect_after = (Duration::from_millis(20), Duration::from_millis(200));
        let [retry_after, event_overdue_after] = [250, 1_500].map(Duration::from_millis);
        Self { max_under_way: 1, reconnect_after, retry_after, event_overdue_after }
    }
}

/// Tells screens of one process apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScreenNo(u32);

impl fmt::Display for ScreenNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ScreenNo {
    pub(crate) fn next() -> Self {
        static SCREENS: AtomicU32 = AtomicU32::new(1);
        Self(SCREENS.fetch_add(1, Ordering::Relaxed))
    }
}

/// How a screen's connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Being made, for the first time or again.
    Connecting,
    /// What is held is true now.
    Live,
    /// The server wants us here no more; its word for why.
    Ended(String),
}

/// A screen. Dropping it switches it off in the middle of whatever it does.
#[derive(Debug)]
pub struct Screen {
    /// Which.
    pub number: ScreenNo,
    held: Arc<Mutex<Held>>,
    orders: mpsc::Sender<Order>,
    changed: watch::Receiver<Link>,
    disturb: mpsc::Sender<Disturbance>,
    at: Arc<AtomicUsize>,
    task: JoinHandle<()>,
    seen_by: SeenBy,
}

/// Who sees what a screen does.
struct SeenBy(Arc<dyn Witness>);

impl fmt::Debug for SeenBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeenBy")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.task.abort();
        self.seen_by.0.switched_off(self.number);
    }
}

impl Screen {
    /// Switches a screen on. It connects by itself, again and again.
    pub fn open(pass: Pass, habits: Habits, witness: Arc<dyn Witness>) -> Self {
        let number = ScreenNo::next();
        let held = Arc::new(Mutex::new(Held::nothing(pass.venue.clone())));
        let (orders, taken) = mpsc::channel(MAX_ORDERS);
        let (tell, changed) = watch::channel(Link::Connecting);
        let (disturb, disturbed) = mpsc::channel(MAX_DISTURBANCES);
        let at = Arc::new(AtomicUsize::new(pass.route.at));
        let seen_by = SeenBy(Arc::clone(&witness));
        let session = Session::new(number, pass, habits, Arc::clone(&held), witness, tell, Arc::clone(&at));
        let task = tokio::spawn(session.run(taken, disturbed));
        Self { number, held, orders, changed, disturb, at, task, seen_by }
    }

    /// Which of its route's servers it is connected to, or was last.
    pub fn server(&self) -> usize {
        self.at.load(Ordering::Relaxed)
    }

    /// Something goes wrong with this screen; `false` where too much does already.
    pub fn disturb(&self, how: Disturbance) -> bool {
        self.disturb.try_send(how).is_ok()
    }

    /// What it holds at this moment.
    pub fn held(&self) -> MutexGuard<'_, Held> {
        lock(&self.held)
    }

    /// How its connection is.
    pub fn link(&self) -> Link {
        self.changed.borrow().clone()
    }

    /// Asks something under a new id, and waits until it is answered for good, over as many
    /// connections as it takes. An error means that the server wants this screen no more.
    pub async fn ask(&self, stream: StreamId, command: serde_json::Value) -> Result<(MutationId, Answer)> {
        let mutation = MutationId::new(Uuid::new_v4());
        let answer = self.submit(Ask { mutation, stream, command, again: false }).await?;
        Ok((mutation, answer.await?))
    }

    /// Asks something; the answer comes when it is final.
    pub async fn submit(&self, ask: Ask) -> Result<oneshot::Receiver<Answer>> {
        if !self.held().asked(&ask) {
            bail!("too many commands are pending");
        }
        let (reply, answer) = oneshot::channel();
        if self.orders.send(Order { ask, reply }).await.is_err() {
            bail!("this screen has ended: {:?}", self.link());
        }
        Ok(answer)
    }

    /// Waits until what is held is as wished. An error tells what is held instead.
    pub async fn until(&self, within: Duration, mut fits: impl FnMut(&Held, &Link) -> bool) -> Result<()> {
        let mut changed = self.changed.clone();
        let waited = timeout(within, changed.wait_for(|link| fits(&lock(&self.held), link))).await;
        match waited {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) if fits(&self.held(), &self.link()) => Ok(()),
            Ok(Err(_)) => bail!("this screen has ended: {:?}", self.link()),
            Err(_) => bail!("not within {within:?}: {:?}, holding {:?}", self.link(), self.held().have()),
        }
    }

    /// Waits until what is held is as wished, however long it takes, or the screen has ended.
    pub async fn known(&self, mut fits: impl FnMut(&Held, &Link) -> bool) {
        let mut changed = self.changed.clone();
        // Who has ended changes no more.
        let _ = changed.wait_for(|link| fits(&lock(&self.held), link)).await;
    }

    /// Waits until it is connected and caught up.
    pub async fn until_live(&self, within: Duration) -> Result<()> {
        self.until(within, |_, link| *link == Link::Live).await
    }

    /// Waits until something changes, or the time is over.
    pub async fn changes(&self, at_most: Duration) {
        let mut changed = self.changed.clone();
        // Whether it was one or the other, the caller looks again.
        let _ = timeout(at_most, changed.changed()).await;
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
