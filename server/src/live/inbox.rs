//! A socket's messages, one after the other.
//!
//! socketioxide runs each handler as a task of its own, so two messages of one screen could overtake
//! each other: “add a line” and “two of it”. Its extractors run in order, though, so [`Queued`] puts
//! each message into the socket's queue while it is extracted, and one task works the queue off.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::Rejection;
use domain::wire::{self, Answer, Ask};
use serde::de::DeserializeOwned;
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::handler::{FromMessageParts, Value};
use socketioxide::socket::Socket;
use tokio::sync::mpsc;

use super::{Live, Who, command, sync};
use crate::guard::Person;

/// How many messages of one screen may wait.
const MAX_WAITING: usize = 64;
/// How many may come too fast, before the connection ends: nobody goes on like that who reads the answers.
const MAX_TOO_FAST: u32 = 1_000;
/// How many of them are forgotten with each that may come.
const FORGOTTEN_WITH_EACH: u32 = 10;

/// A screen's message, with the way to answer it.
struct Message {
    kind: Kind,
    ack: AckSender,
}

/// What a screen sent, or why it can't be read.
pub(super) enum Kind {
    Sync(Result<wire::Sync, String>),
    Command(Result<Ask, String>),
}

/// The end of a socket's queue at which messages go in.
#[derive(Clone)]
struct Inbox {
    messages: mpsc::Sender<Message>,
    /// A `sync` waits, or is being answered: its answer may be long, and one more would bring nothing that it does not.
    is_syncing: Arc<AtomicBool>,
    live: Arc<Live>,
    person: Person,
    /// How many came too fast, less those that are forgotten.
    too_fast: Arc<AtomicU32>,
}

/// The end at which they come out, until somebody works them off.
#[derive(Clone)]
struct Waiting(Arc<Mutex<Option<mpsc::Receiver<Message>>>>);

/// Something a screen can send.
pub(super) trait Sent: Send + 'static {
    type Body: DeserializeOwned;
    fn kind(body: Result<Self::Body, String>) -> Kind;
}

/// [`wire::SYNC`].
pub(super) struct Sync;

impl Sent for Sync {
    type Body = wire::Sync;

    fn kind(body: Result<wire::Sync, String>) -> Kind {
        Kind::Sync(body)
    }
}

/// [`wire::COMMAND`].
pub(super) struct Command;

impl Sent for Command {
    type Body = Ask;

    fn kind(body: Result<Ask, String>) -> Kind {
        Kind::Command(body)
    }
}

/// A message that was put into its socket's queue. Nothing is left for the handler to do.
struct Queued<T>(PhantomData<T>);

impl<T: Sent> FromMessageParts<socketioxide::adapter::LocalAdapter> for Queued<T> {
    type Error = Infallible;

    fn from_message_parts(socket: &Arc<Socket>, value: &mut Value, ack_id: &Option<i64>) -> Result<Self, Infallible> {
        let ack = AckSender::from_message_parts(socket, value, ack_id)?;
        let Some(queue) = socket.extensions.get::<Inbox>() else { return Ok(Self(PhantomData)) };
        // Counted before it is read: reading costs as well.
        if !queue.may_come(socket) {
            refuse(ack, &T::kind(Err(String::new())), Rejection::TooFast, None);
            return Ok(Self(PhantomData));
        }
        let TryData(body) = TryData::<T::Body>::from_message_parts(socket, value, ack_id)?;
        queue.push(Message { kind: T::kind(body.map_err(|error| error.to_string())), ack });
        Ok(Self(PhantomData))
    }
}

/// A message of a name that is none of this protocol's, answered.
struct Unknown;

impl FromMessageParts<socketioxide::adapter::LocalAdapter> for Unknown {
    type Error = Infallible;

    fn from_message_parts(socket: &Arc<Socket>, value: &mut Value, ack_id: &Option<i64>) -> Result<Self, Infallible> {
        let ack = AckSender::from_message_parts(socket, value, ack_id)?;
        let queue = socket.extensions.get::<Inbox>();
        let (reason, detail) = if queue.is_none_or(|queue| queue.may_come(socket)) {
            (Rejection::Malformed, Some(format!("the messages are {:?} and {:?}", wire::SYNC, wire::COMMAND)))
        } else {
            (Rejection::TooFast, None)
        };
        send(ack, &Answer::Refused { reason, detail });
        Ok(Self)
    }
}

impl Inbox {
    /// Whether one more message may come. Who goes on and on although none may is let go.
    fn may_come(&self, socket: &Arc<Socket>) -> bool {
        if self.live.persons.may_ask(&self.person) {
            let fewer = |count: u32| Some(count.saturating_sub(FORGOTTEN_WITH_EACH));
            let _ = self.too_fast.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer);
            return true;
        }
        if self.too_fast.fetch_add(1, Ordering::Relaxed) >= MAX_TOO_FAST
            && let Err(error) = Arc::clone(socket).disconnect()
        {
            tracing::debug!(%error, "a screen that asks too much could not be let go");
        }
        false
    }

    fn push(&self, message: Message) {
        let is_sync = matches!(message.kind, Kind::Sync(_));
        if is_sync && self.is_syncing.swap(true, Ordering::AcqRel) {
            return refuse(message.ack, &message.kind, Rejection::TooFast, None);
        }
        if let Err(mpsc::error::TrySendError::Full(Message { ack, kind })) = self.messages.try_send(message) {
            if is_sync {
                self.is_syncing.store(false, Ordering::Release);
            }
            refuse(ack, &kind, Rejection::TooFast, None);
        }
    }
}

/// Listens to a socket. That has to be before it hears that it is connected: socketioxide tells it so
/// before it calls us, and drops whatever nobody listens to, so that a screen's first `sync` could be lost.
pub(super) fn listen(live: &Arc<Live>, socket: &SocketRef, who: &Who) {
    let (messages, waiting) = mpsc::channel(MAX_WAITING);
    let (live, person) = (Arc::clone(live), who.person());
    socket.extensions.insert(Inbox { messages, is_syncing: Arc::default(), live, person, too_fast: Arc::default() });
    socket.extensions.insert(Waiting(Arc::new(Mutex::new(Some(waiting)))));
    socket.on(wire::SYNC, async |_: Queued<Sync>| {});
    socket.on(wire::COMMAND, async |_: Queued<Command>| {});
    socket.on_fallback(async |_: Unknown| {});
}

/// Works a socket's queue off, until the socket is gone and the queue is empty.
pub(super) fn open(live: &Arc<Live>, socket: &SocketRef, who: Who) {
    let waiting = socket.extensions.remove::<Waiting>();
    let waiting = waiting.and_then(|Waiting(waiting)| waiting.lock().unwrap_or_else(PoisonError::into_inner).take());
    let is_syncing = socket.extensions.get::<Inbox>().map(|queue| queue.is_syncing).unwrap_or_default();
    let Some(mut waiting) = waiting else { return };
    let (live, socket) = (Arc::clone(live), socket.clone());
    let times_frozen = live.awake.times_frozen();
    tokio::spawn(async move {
        while let Some(message) = waiting.recv().await {
            let is_sync = matches!(message.kind, Kind::Sync(_));
            work_off(&live, &socket, &who, message, times_frozen).await;
            if is_sync {
                is_syncing.store(false, Ordering::Release);
            }
        }
    });
}

/// Works one message off. `times_frozen` is how often this process was frozen before its sender connected.
async fn work_off(live: &Live, socket: &SocketRef, who: &Who, message: Message, times_frozen: u64) {
    // Who has left, or was left behind by a frozen server, is not worked for: whatever still waits is asked
    // again, by a new connection.
    let was_frozen = live.awake.times_frozen() > times_frozen;
    if was_frozen || !socket.connected() {
        refuse(message.ack, &message.kind, Rejection::Unavailable, None);
        if was_frozen && let Err(error) = socket.clone().disconnect() {
            tracing::debug!(%error, "a screen could not be let go");
        }
        return;
    }
    match message.kind {
        Kind::Sync(Ok(have)) => sync::answer(live, socket, who, &have, message.ack).await,
        Kind::Command(Ok(ask)) => command::answer(live, who, ask, message.ack).await,
        Kind::Sync(Err(ref error)) | Kind::Command(Err(ref error)) => {
            let detail = error.clone();
            refuse(message.ack, &message.kind, Rejection::Malformed, Some(detail));
        }
    }
}

/// Closes a socket's queue. The queue holds its socket through the task, and the socket its queue: left
/// open, both would stay for good.
pub(super) fn close(socket: &SocketRef) {
    socket.extensions.remove::<Inbox>();
}

/// Answers a message that is not worked on, in the form that its sender expects.
fn refuse(ack: AckSender, kind: &Kind, reason: Rejection, detail: Option<String>) {
    match kind {
        Kind::Sync(_) => send(ack, &sync::refused(reason)),
        Kind::Command(_) => send(ack, &Answer::Refused { reason, detail }),
    }
}

/// Sends an answer. A screen that is gone, or too slow to be told, asks again after it is back.
pub(super) fn send<T: serde::Serialize>(ack: AckSender, answer: &T) {
    if let Err(error) = ack.send(answer) {
        tracing::debug!(%error, "a screen could not be answered");
    }
}
