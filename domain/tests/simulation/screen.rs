//! A screen: a guest's phone, a waiter's tablet or a kitchen's board, with what it holds and waits for.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::floor::Floor;
use domain::menu::Menu;
use domain::replica::{Arrival, Replica};
use domain::seating::Seating;
use domain::wire::Answer;
use domain::{Actor, AskNo, Fold, GuestNo, MutationId, Recorded, Role, SeatingId, TableId, Time, Version};

use super::figures::Count;
use super::log::{Events, Stream};
use super::network::{Ask, Caught, Command, Message, To};
use super::server::Socket;
use super::{Plant, World};
use crate::common::house;

/// After how long without an answer a command is sent again over the same connection, the first time.
const RESEND_AFTER_MS: u64 = 60;
/// After how long a screen asks again to be brought up to date, where it sees that it is not.
const SYNC_AGAIN_AFTER_MS: u64 = 30;

/// Whose screen it is.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// Somebody who has not sat down (yet, or any more).
    Walking,
    /// Somebody who asks to be let in.
    Asking {
        /// At which table.
        table: TableId,
        /// Where a party sits.
        seating: SeatingId,
        /// As whom they ask.
        ask: AskNo,
    },
    /// Somebody who sits.
    Guest {
        /// The stay.
        seating: SeatingId,
        /// Who of the party.
        guest: GuestNo,
    },
    /// Somebody who works here.
    Staff(Role),
}

/// How a screen is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Not at all; it tries again at this time.
    Down(u64),
    /// To this server, as this connection.
    Up(usize, u64),
}

/// A screen.
#[derive(Debug)]
pub(crate) struct Screen {
    /// Whose.
    pub(crate) who: Who,
    /// How it is connected.
    pub(crate) link: Link,
    /// Who sits where; staff's.
    pub(crate) floor: Replica<Floor>,
    /// What is served.
    pub(crate) menu: Replica<Menu>,
    /// A guest's own stay, or every one that staff have seen.
    pub(crate) seatings: BTreeMap<SeatingId, Replica<Seating>>,
    /// Openings and closings that nobody answered.
    pub(crate) visits: Vec<Ask>,
    /// The request to sit down that is under way, and since when.
    pub(crate) request: Option<(u64, u64)>,
    /// When each command is to be sent again, and how often it was sent.
    sent: BTreeMap<MutationId, (u64, u32)>,
    gaps: BTreeMap<Stream, Version>,
    lacks_something: bool,
    synced_at: u64,
}

impl Screen {
    /// A screen that was just switched on.
    pub(crate) fn new(who: Who) -> Self {
        Self {
            who,
            link: Link::Down(0),
            floor: Replica::default(),
            menu: Replica::default(),
            seatings: BTreeMap::new(),
            visits: Vec::new(),
            request: None,
            sent: BTreeMap::new(),
            gaps: BTreeMap::new(),
            lacks_something: false,
            synced_at: 0,
        }
    }

    /// Whether nobody is connected by it.
    pub(crate) const fn is_outside(&self) -> bool {
        matches!(self.who, Who::Walking | Who::Asking { .. })
    }

    /// Who acts here.
    pub(crate) fn actor(&self) -> Actor {
        match &self.who {
            Who::Walking | Who::Asking { .. } => Actor::Visitor,
            Who::Guest { guest, .. } => house::guest(guest.0),
            Who::Staff(role) => house::staff(*role),
        }
    }

    /// What nobody has answered, of those commands that are wanted.
    pub(crate) fn unanswered(&self, is_wanted: impl Fn(MutationId) -> bool) -> Vec<Ask> {
        let ask = |mutation, stream, command| Ask { mutation, stream, command, sending: 0 };
        let visits = self.visits.iter().filter(|visit| is_wanted(visit.mutation)).cloned();
        let menu = self.menu.unanswered().filter(|p| is_wanted(p.mutation));
        let menu = menu.map(|p| ask(p.mutation, Stream::Menu, Command::Menu(p.command.clone())));
        let stays = self.seatings.iter().flat_map(|(id, replica)| {
            let asked = replica.unanswered().filter(|p| is_wanted(p.mutation));
            asked.map(|p| ask(p.mutation, Stream::Seating(*id), Command::Seating(p.command.clone())))
        });
        visits.chain(menu).chain(stays).collect()
    }

    /// Whether it shows nothing but what was confirmed.
    pub(crate) fn shows_what_is_confirmed(&self) -> bool {
        let actor = self.actor();
        let menu = self.menu.confirmed();
        self.seatings.values().all(|stay| stay.view(&actor, menu) == *stay.confirmed())
    }

    fn is_late(&self, mutation: MutationId, now: u64) -> bool {
        self.sent.get(&mutation).is_none_or(|(again_at, _)| now >= *again_at)
    }

    fn sendings_of(&self, mutation: MutationId) -> u32 {
        self.sent.get(&mutation).map_or(0, |(_, times)| *times)
    }

    fn version(&self, stream: Stream) -> Version {
        match stream {
            Stream::Floor => self.floor.version(),
            Stream::Menu => self.menu.version(),
            Stream::Seating(id) => self.seatings.get(&id).map_or(0, Replica::version),
        }
    }

    /// Whether it waits for nothing and knows of nothing that it lacks.
    pub(crate) fn is_quiet(&self) -> bool {
        let connected = self.is_outside() || matches!(self.link, Link::Up(..));
        let nothing_pending = self.menu.pending().is_empty() && self.seatings.values().all(|stay| stay.pending().is_empty());
        connected && !self.lacks_something && self.visits.is_empty() && nothing_pending
    }
}

/// Gives events to a replica; the version after which something is missing, if so.
fn feed<S: Fold>(replica: &mut Replica<S>, events: &[Arc<Recorded<S::Event>>], ignores_gaps: bool) -> bool {
    let mut has_gap = false;
    for event in events {
        if let Arrival::Gap { .. } = replica.arrive(event) {
            has_gap = true;
            if ignores_gaps {
                let mut skipped = replica.confirmed().clone();
                skipped.evolve(event);
                replica.reset(skipped);
            }
        }
    }
    has_gap
}

impl World {
    /// A message arrives at a screen, unless it comes over a connection that is no more.
    pub(crate) fn arrives_at_screen(&mut self, i: usize, number: u64, message: Message) {
        if let Message::Joined(joined) = message {
            return self.joined(i, number, joined);
        }
        if !matches!(self.screens[i].link, Link::Up(_, connection) if connection == number) {
            return;
        }
        match message {
            Message::Events(events) => self.show(i, &events),
            Message::Synced(caught) => {
                self.screens[i].lacks_something = false;
                for caught in caught {
                    self.caught_up(i, caught);
                }
            }
            Message::Answer(ask, answer) => self.answered(i, &ask, &answer),
            other => self.broken(format!("no server sends {other:?}")),
        }
    }

    fn show(&mut self, i: usize, events: &Events) {
        let stream = events.stream();
        self.check_eyes(i, stream);
        let ignores_gaps = self.plan.plant == Some(Plant::IgnoreGaps);
        let screen = &mut self.screens[i];
        let has_gap = match events {
            Events::Floor(events) => feed(&mut screen.floor, events, ignores_gaps),
            Events::Menu(events) => feed(&mut screen.menu, events, ignores_gaps),
            Events::Seating(id, events) => feed(screen.seatings.entry(*id).or_default(), events, ignores_gaps),
        };
        if has_gap && !ignores_gaps {
            let have = screen.version(stream);
            screen.gaps.entry(stream).or_insert(have);
            screen.lacks_something = true;
            self.figures.count(Count::Gap);
        }
        self.has_moved(i, stream);
    }

    fn caught_up(&mut self, i: usize, caught: Caught) {
        let screen = &mut self.screens[i];
        let stream = match caught {
            Caught::Events(events) => return self.show(i, &events),
            Caught::Floor(floor) => {
                screen.floor.reset(floor);
                Stream::Floor
            }
            Caught::Menu(menu) => {
                screen.menu.reset(menu);
                Stream::Menu
            }
            Caught::Seating(id, seating) => {
                screen.seatings.entry(id).or_default().reset(seating);
                Stream::Seating(id)
            }
        };
        self.check_eyes(i, stream);
        self.has_moved(i, stream);
    }

    fn has_moved(&mut self, i: usize, stream: Stream) {
        let screen = &mut self.screens[i];
        let version = screen.version(stream);
        if screen.gaps.get(&stream).is_some_and(|have| version > *have) {
            screen.gaps.remove(&stream);
            self.figures.count(Count::Repaired);
        }
        let floor = &screen.floor.confirmed().progress;
        screen.visits.retain(|ask| floor.effect_of(ask.mutation).is_none());
        self.check_screen(i, stream);
    }

    fn answered(&mut self, i: usize, ask: &Ask, answer: &Answer) {
        self.say(|| format!("screen {i} is told of {}: {answer:?}", ask.mutation));
        match answer {
            Answer::Accepted { version } => {
                self.was_accepted(ask, *version);
                let screen = &mut self.screens[i];
                match ask.stream {
                    Stream::Floor => screen.visits.retain(|visit| visit.mutation != ask.mutation),
                    Stream::Menu => screen.menu.accepted(ask.mutation, *version),
                    Stream::Seating(id) => screen.seatings.entry(id).or_default().accepted(ask.mutation, *version),
                }
                // Its event is under way, or was lost: the next number is known to exist.
                screen.lacks_something |= screen.version(ask.stream) < *version;
            }
            Answer::Refused { reason, .. } if reason.is_temporary() => {}
            // It has been sent again since: what becomes of that is still to be told.
            Answer::Refused { .. } if self.screens[i].sendings_of(ask.mutation) > ask.sending => {}
            Answer::Refused { .. } => {
                let screen = &mut self.screens[i];
                let visit = screen.visits.iter().position(|visit| visit.mutation == ask.mutation);
                let forgotten = match ask.stream {
                    Stream::Floor => visit.map(|at| screen.visits.remove(at)).is_some(),
                    Stream::Menu => screen.menu.refused(ask.mutation).is_some(),
                    Stream::Seating(id) => screen.seatings.get_mut(&id).and_then(|r| r.refused(ask.mutation)).is_some(),
                };
                if forgotten {
                    self.figures.count(Count::Refusal);
                    self.oracle.refused.insert(ask.mutation);
                }
            }
        }
    }

    /// Sends a command, for the first time or again.
    pub(crate) fn ask(&mut self, i: usize, mut ask: Ask) {
        let Link::Up(server, number) = self.screens[i].link else { return };
        let (again_at, times) = self.screens[i].sent.entry(ask.mutation).or_default();
        // Each time it waits twice as long, or a busy server drowns in what it was asked already.
        *again_at = self.now + (RESEND_AFTER_MS << (*times).min(4));
        *times += 1;
        ask.sending = *times;
        if ask.sending > 1 {
            self.figures.count(Count::Resent);
            self.say(|| format!("screen {i} sends {} again", ask.mutation));
        }
        let to = To::Server(server, number);
        self.network.send(self.now, to, &Message::Ask(ask), &mut self.random, &mut self.figures);
    }

    /// What a screen does by itself: connecting, asking for what it lacks, sending again.
    pub(crate) fn tick(&mut self, i: usize) {
        match self.screens[i].link {
            _ if self.screens[i].is_outside() => {}
            Link::Down(until) if self.now >= until => self.connect(i),
            Link::Down(_) => {}
            Link::Up(server, number) if !self.servers[server].sockets.contains_key(&number) => {
                // It takes a while to notice; what was sent before may still arrive.
                if self.random.chance(100) {
                    self.loses_connection(i);
                }
            }
            Link::Up(..) => {
                let screen = &self.screens[i];
                if screen.lacks_something && self.now >= screen.synced_at + SYNC_AGAIN_AFTER_MS {
                    self.sync(i);
                }
                let screen = &self.screens[i];
                let late = screen.unanswered(|mutation| screen.is_late(mutation, self.now));
                self.send_again(i, late);
            }
        }
    }

    /// The connection is gone; it tries again soon.
    pub(crate) fn loses_connection(&mut self, i: usize) {
        self.screens[i].link = Link::Down(self.now + 1 + self.random.below(20));
    }

    fn connect(&mut self, i: usize) {
        let server = self.random.index(self.servers.len());
        if self.servers[server].down_until.is_some() {
            return self.loses_connection(i);
        }
        self.connections += 1;
        let screen = &mut self.screens[i];
        let seating = if let Who::Guest { seating, .. } = &screen.who { Some(*seating) } else { None };
        let socket = Socket { screen: i, actor: screen.actor(), seating, joined: false };
        self.servers[server].sockets.insert(self.connections, socket);
        screen.link = Link::Up(server, self.connections);
        self.say(|| format!("screen {i} is connected to server {server}"));
        self.sync(i);
        let unanswered = self.screens[i].unanswered(|_| true);
        if self.plan.plant == Some(Plant::ForgetUnanswered) {
            return self.forget(i, &unanswered);
        }
        self.send_again(i, unanswered);
    }

    fn sync(&mut self, i: usize) {
        let Link::Up(server, number) = self.screens[i].link else { return };
        let screen = &mut self.screens[i];
        screen.synced_at = self.now;
        screen.lacks_something = true;
        let stays = screen.seatings.iter().map(|(id, replica)| (Stream::Seating(*id), replica.version()));
        let mut versions: Vec<_> = stays.chain([(Stream::Menu, screen.menu.version())]).collect();
        if let Who::Guest { .. } = screen.who {
            // A nosy phone names what is not its own; nothing of it may come.
            versions.push((Stream::Floor, 0));
            versions.extend(self.log.seatings.keys().next().map(|id| (Stream::Seating(*id), 0)));
            versions.dedup_by_key(|(stream, _)| *stream);
        } else {
            versions.push((Stream::Floor, screen.floor.version()));
        }
        let to = To::Server(server, number);
        self.network.send(self.now, to, &Message::Sync(versions), &mut self.random, &mut self.figures);
    }

    fn send_again(&mut self, i: usize, asks: Vec<Ask>) {
        for ask in asks {
            let was_sent = self.screens[i].sent.contains_key(&ask.mutation);
            let ask = if was_sent && self.plan.plant == Some(Plant::NewIdOnResend) { self.with_new_id(i, ask) } else { ask };
            self.ask(i, ask);
        }
    }

    /// The planted fault: a screen that forgets what nobody answered.
    fn forget(&mut self, i: usize, asks: &[Ask]) {
        let screen = &mut self.screens[i];
        for ask in asks {
            screen.visits.retain(|visit| visit.mutation != ask.mutation);
            screen.menu.refused(ask.mutation);
            for stay in screen.seatings.values_mut() {
                stay.refused(ask.mutation);
            }
        }
    }

    /// The planted fault: a screen that forgets under which id it had asked.
    fn with_new_id(&mut self, i: usize, mut ask: Ask) -> Ask {
        let old = std::mem::replace(&mut ask.mutation, MutationId::numbered(self.random.bits()));
        let wish = self.oracle.wish_of[&old];
        self.oracle.wish_of.insert(ask.mutation, wish);
        let (screen, now) = (&mut self.screens[i], Time(self.now));
        match (&ask.command, ask.stream) {
            (Command::Seating(command), Stream::Seating(id)) => {
                let replica = screen.seatings.entry(id).or_default();
                replica.refused(old);
                replica.submit(ask.mutation, command.clone(), now);
            }
            (Command::Menu(command), _) => {
                screen.menu.refused(old);
                screen.menu.submit(ask.mutation, command.clone(), now);
            }
            _ => {
                screen.visits.retain(|visit| visit.mutation != old);
                screen.visits.push(ask.clone());
            }
        }
        ask
    }
}
