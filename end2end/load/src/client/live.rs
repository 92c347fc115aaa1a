//! The task behind a screen: connects, catches up, says what is to be said, hears what is told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::replica::Arrival;
use domain::wire::{self, Answer, Events, Synced, Welcome};
use domain::{MutationId, StreamId, Version};
use rand::Rng;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::outbox::{Order, Outbox};
use super::socket::{Incoming, NotConnected, Said, Socket};
use super::witness::Notice;
use super::{Arrived, Brought, Disturbance, Habits, Held, Link, Pass, ScreenNo, Witness};

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(50);
/// A question that is not answered for so long is asked again.
const ANSWER_OVERDUE_AFTER: Duration = Duration::from_secs(15);

/// The task behind a screen.
pub(super) struct Session {
    number: ScreenNo,
    pass: Pass,
    habits: Habits,
    held: Arc<Mutex<Held>>,
    witness: Arc<dyn Witness>,
    tell: watch::Sender<Link>,
    outbox: Outbox,
    /// Which server this screen is at.
    at: Arc<AtomicUsize>,
    /// The next command's answer is lost with its connection; the server has so long before that.
    loses_next_answer: Option<Duration>,
}

/// What belongs to one connection.
struct Connection {
    socket: Socket,
    /// What was asked, by the number of the question.
    asked: HashMap<u64, Question>,
    sync_asked_at: Option<Instant>,
    /// Another is wanted after the one that is under way.
    sync_again: bool,
    sync_not_before: Option<Instant>,
    /// Accepted commands whose events are not here yet.
    awaited: Vec<(StreamId, Version, Instant)>,
}

#[derive(PartialEq, Eq)]
enum Question {
    Sync,
    Command(MutationId),
    /// An earlier sending of a command that was sent again since.
    AskedAgain,
}

/// Why a connection ended.
enum End {
    Broke,
    Silent,
    ToldToMove,
    /// The server wants this screen here no more; its word for why.
    SentAway(String),
}

impl From<NotConnected> for End {
    fn from(why: NotConnected) -> Self {
        if why == NotConnected::Silent { Self::Silent } else { Self::Broke }
    }
}

impl Session {
    pub(super) fn new(
        number: ScreenNo,
        pass: Pass,
        habits: Habits,
        held: Arc<Mutex<Held>>,
        witness: Arc<dyn Witness>,
        tell: watch::Sender<Link>,
        at: Arc<AtomicUsize>,
    ) -> Self {
        let outbox = Outbox::new(habits.max_under_way);
        Self { number, pass, habits, held, witness, tell, outbox, at, loses_next_answer: None }
    }

    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>, mut disturbed: mpsc::Receiver<Disturbance>) {
        loop {
            self.at.store(self.pass.route.at, Ordering::Relaxed);
            match Socket::connect(&self.pass.route, &self.pass.cookie, &self.pass.hello()).await {
                Ok(socket) => {
                    let end = self.stay(socket, &mut orders, &mut disturbed).await;
                    self.outbox.connection_lost();
                    self.notice(Notice::Lost);
                    match end {
                        End::SentAway(why) => return self.set(Link::Ended(why)),
                        End::Silent | End::ToldToMove => self.pass.route.does_not_answer(),
                        End::Broke => {}
                    }
                    self.set(Link::Connecting);
                }
                Err(NotConnected::Refused(why)) if is_final(&why) => return self.set(Link::Ended(why)),
                Err(_) => self.pass.route.does_not_answer(),
            }
            let (shortest, longest) = self.habits.reconnect_after;
            let wait = rand::rng().random_range(shortest..=longest);
            sleep(wait).await;
            self.pass.route.choose_again();
        }
    }

    /// One connection, to its end.
    async fn stay(
        &mut self,
        socket: Socket,
        orders: &mut mpsc::Receiver<Order>,
        disturbed: &mut mpsc::Receiver<Disturbance>,
    ) -> End {
        let mut connection = Connection {
            socket,
            asked: HashMap::new(),
            sync_asked_at: None,
            sync_again: true,
            sync_not_before: None,
            awaited: Vec::new(),
        };
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let went = tokio::select! {
                incoming = connection.socket.next() => match incoming {
                    Ok(incoming) => self.hear(&mut connection, incoming),
                    Err(broken) => Err(broken.into()),
                },
                Some(order) = orders.recv() => {
                    self.outbox.push(order);
                    Ok(())
                }
                Some(how) = disturbed.recv() => self.disturbed(how).await,
                _ = tick.tick() => {
                    self.look_at_the_clock(&mut connection);
                    Ok(())
                }
            };
            let said = match went {
                Ok(()) => self.say(&mut connection).await,
                Err(end) => Err(end),
            };
            match said {
                Ok(()) => {}
                Err(End::Broke) => {
                    connection.socket.abort();
                    return End::Broke;
                }
                Err(end) => return end,
            }
        }
    }

    async fn disturbed(&mut self, how: Disturbance) -> Result<(), End> {
        match how {
            Disturbance::Dropped => return Err(End::Broke),
            Disturbance::NextAnswerLost(after) => self.loses_next_answer = Some(after),
            Disturbance::NotReading(lasts) => sleep(lasts).await,
        }
        Ok(())
    }

    /// Says what is to be said now.
    async fn say(&mut self, connection: &mut Connection) -> Result<(), End> {
        let now = Instant::now();
        let may_sync = connection.sync_not_before.is_none_or(|at| at <= now);
        if connection.sync_again && connection.sync_asked_at.is_none() && may_sync {
            let have = self.held().have();
            let id = connection.socket.ask(wire::SYNC, &have).await?;
            connection.asked.insert(id, Question::Sync);
            connection.sync_asked_at = Some(now);
            connection.sync_again = false;
        }
        while *self.tell.borrow() == Link::Live
            && let Some(ask) = self.outbox.next_to_send(now)
        {
            self.witness.sending(self.number, &ask, Instant::now());
            let id = connection.socket.ask(wire::COMMAND, &ask).await?;
            // Only the last sending's answer counts: an earlier one's refusal says nothing of what follows it.
            let before = connection.asked.values_mut().find(|asked| **asked == Question::Command(ask.mutation));
            if let Some(before) = before {
                *before = Question::AskedAgain;
            }
            connection.asked.insert(id, Question::Command(ask.mutation));
            if let Some(after) = self.loses_next_answer.take() {
                sleep(after).await;
                self.notice(Notice::AnswerLost);
                return Err(End::Broke);
            }
        }
        Ok(())
    }

    fn hear(&mut self, connection: &mut Connection, Incoming { at, what }: Incoming) -> Result<(), End> {
        match what {
            Said::Event { name, data } => match name.as_str() {
                wire::WELCOME => {
                    if let Some(welcome) = self.understand::<Welcome>(data.as_deref()) {
                        self.witness.welcomed(self.number, &welcome);
                        self.held().welcomed(&welcome);
                        self.changed();
                    }
                }
                wire::EVENTS => {
                    if let Some(events) = self.understand::<Events>(data.as_deref()) {
                        for told in &events.streams {
                            let arrived = self.held().arrived(told);
                            self.arrived(connection, &told.stream, arrived, at);
                        }
                    }
                }
                wire::MOVE => {
                    self.notice(Notice::ToldToMove);
                    return Err(End::ToldToMove);
                }
                wire::GOODBYE => return Err(End::SentAway(wire::GOODBYE.to_owned())),
                _ => self.notice(Notice::NotUnderstood),
            },
            Said::Ack { id, data } => match connection.asked.remove(&id) {
                Some(Question::Sync) => return self.synced(connection, data.as_deref(), at),
                Some(Question::Command(mutation)) => self.answered(connection, mutation, data.as_deref(), at),
                Some(Question::AskedAgain) => {}
                None => self.notice(Notice::NotUnderstood),
            },
        }
        Ok(())
    }

    fn synced(&mut self, connection: &mut Connection, data: Option<&RawValue>, at: Instant) -> Result<(), End> {
        connection.sync_asked_at = None;
        match self.understand::<Synced>(data) {
            Some(Synced { streams, refused: None, .. }) => {
                for caught in streams {
                    let stream = caught.stream.clone();
                    let brought = self.held().caught(caught);
                    if let Ok(Brought { state: Some(version), .. }) = &brought {
                        self.witness.told_state(self.number, &stream, *version);
                    }
                    self.arrived(connection, &stream, brought.map(|brought| brought.events), at);
                }
                if *self.tell.borrow() != Link::Live {
                    self.notice(Notice::Live);
                    self.set(Link::Live);
                }
            }
            // Its party left after it had connected and before it asked: nobody says goodbye to who is told nothing yet.
            Some(Synced { refused: Some(reason), .. }) if !reason.is_temporary() => {
                return Err(End::SentAway(reason.to_string()));
            }
            _ => {
                connection.sync_again = true;
                connection.sync_not_before = Some(at + self.habits.retry_after);
            }
        }
        Ok(())
    }

    fn arrived(
        &self,
        connection: &mut Connection,
        stream: &StreamId,
        arrived: Result<Vec<Arrived>, super::held::NotUnderstood>,
        at: Instant,
    ) {
        let Ok(arrived) = arrived else { return self.notice(Notice::NotUnderstood) };
        for event in &arrived {
            self.witness.arrived(self.number, stream, event, at);
            if matches!(event.arrival, Arrival::Gap { .. }) && !connection.sync_again {
                self.notice(Notice::Gap);
                connection.sync_again = true;
            }
        }
        self.changed();
    }

    fn answered(&mut self, connection: &mut Connection, mutation: MutationId, data: Option<&RawValue>, at: Instant) {
        let Some(answer) = self.understand::<Answer>(data) else { return };
        let Some(ask) = self.outbox.get(mutation).cloned() else { return };
        self.witness.answered(self.number, &ask, &answer, at);
        match &answer {
            Answer::Refused { reason, .. } if reason.is_temporary() => {
                return self.outbox.later(mutation, at + self.habits.retry_after);
            }
            Answer::Accepted { version } => connection.awaited.push((ask.stream.clone(), *version, at)),
            Answer::Refused { .. } => {}
        }
        self.held().answered(&ask, &answer);
        if let Some(order) = self.outbox.settled(mutation) {
            // Who asked may have stopped waiting.
            let _ = order.reply.send(answer);
        }
        self.changed();
    }

    /// What should have come and has not is asked for.
    fn look_at_the_clock(&mut self, connection: &mut Connection) {
        let now = Instant::now();
        {
            let held = self.held();
            connection.awaited.retain(|(stream, version, _)| held.version(stream) < *version);
        }
        let overdue = |since: Instant| now.duration_since(since) > self.habits.event_overdue_after;
        if connection.awaited.iter().any(|(_, _, since)| overdue(*since)) {
            connection.awaited.clear();
            connection.sync_again = true;
            self.notice(Notice::Overdue);
        }
        if let Some(long_ago) = now.checked_sub(ANSWER_OVERDUE_AFTER) {
            for _ in 0..self.outbox.give_up_on(long_ago) {
                self.notice(Notice::Unanswered);
            }
            if connection.sync_asked_at.is_some_and(|at| at < long_ago) {
                self.notice(Notice::Unanswered);
                connection.sync_asked_at = None;
                connection.sync_again = true;
            }
        }
    }

    fn understand<T: DeserializeOwned>(&self, data: Option<&RawValue>) -> Option<T> {
        let understood = data.and_then(|data| serde_json::from_str(data.get()).ok());
        if understood.is_none() {
            self.notice(Notice::NotUnderstood);
        }
        understood
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn notice(&self, what: Notice) {
        self.witness.noticed(self.number, what);
    }

    fn set(&self, link: Link) {
        self.tell.send_replace(link);
    }

    /// Wakes whoever waits for what is held to be as wished.
    fn changed(&self) {
        self.tell.send_modify(|_| {});
    }
}

/// Whether a refusal to let us in will not change.
fn is_final(why: &str) -> bool {
    let word = why.split(':').next().unwrap_or_default();
    matches!(word, "signed_out" | "not_seated" | "not_allowed" | "protocol" | "malformed")
}
