//! What a server tells whom: rooms, catching up with the log, and bringing screens up to date.

use domain::visit::Joined;
use domain::{AskNo, Fold, Rejection, SeatingId, TableId, Version};

use super::figures::Count;
use super::log::{Events, Stream};
use super::network::{Caught, Message, Place, To};
use super::server::{Job, Server, Socket, Stage, Work};
use super::{Plant, World};

/// How often a server compares what it knows with the log.
const HEADS_EVERY_MS: u64 = 40;

impl Socket {
    /// Whether this screen may see that stream.
    fn may_see(&self, stream: Stream) -> bool {
        match (stream, self.seating) {
            (Stream::Menu, _) | (_, None) => true,
            (Stream::Floor, Some(_)) => false,
            (Stream::Seating(id), Some(own)) => id == own,
        }
    }
}

impl World {
    /// A message arrives at a server over a connection or a request.
    pub(crate) fn arrives_at_server(&mut self, s: usize, number: u64, message: Message) {
        if self.servers[s].down_until.is_some() {
            return;
        }
        if let Message::Join(table) = message {
            let mutation = domain::MutationId::numbered(self.random.bits());
            let new = SeatingId::numbered(self.random.bits());
            // The request's number is the screen's, too: see `World::scan`.
            let reply = To::Screen(self.requests[&number], number);
            let work = Work::Join(mutation, table, new);
            let job = Job { reply, actor: domain::Actor::Visitor, seating: None, work, stage: Stage::Arrived, attempts: 0 };
            return self.servers[s].jobs.push(job);
        }
        if let Message::LookIn(table, seating, ask) = message {
            return self.is_looked_in(s, number, table, seating, ask);
        }
        let Some(socket) = self.servers[s].sockets.get(&number).cloned() else { return };
        match message {
            Message::Ask(ask) => {
                let reply = To::Screen(socket.screen, number);
                let (actor, seating) = (socket.actor, socket.seating);
                let job = Job { reply, actor, seating, work: Work::Ask(ask), stage: Stage::Arrived, attempts: 0 };
                self.servers[s].jobs.push(job);
            }
            Message::Sync(named) => self.bring_up_to_date(s, number, &socket, &named),
            other => self.broken(format!("no screen sends {other:?}")),
        }
    }

    /// Tells somebody who asked to be let in what became of that, as the log has it. While they wait they are not answered.
    fn is_looked_in(&mut self, s: usize, number: u64, table: TableId, seating: SeatingId, ask: AskNo) {
        if !self.catch_up(s, Stream::Seating(seating)) {
            return;
        }
        let stay = &self.servers[s].cache.seatings[&seating];
        let outcome = match stay.let_in_as(ask) {
            Some(guest) => Ok(Place { table, seating, joined: Joined::Guest(guest) }),
            None if stay.stay.is_open() && stay.entry.asks.iter().any(|asks| asks.ask == ask) => return,
            None => Err(Rejection::NoSuchAsk),
        };
        let to = To::Screen(self.requests[&number], number);
        self.network.send(self.now, to, &Message::Joined(outcome), &mut self.random, &mut self.figures);
    }

    /// Events arrive, from the bus or from a commit of this server's own.
    pub(crate) fn hear(&mut self, s: usize, events: Events) {
        if self.servers[s].down_until.is_some() {
            return;
        }
        let stream = events.stream();
        match self.servers[s].cache.take(events) {
            Some(new) => self.tell_rooms(s, new),
            None => {
                self.catch_up(s, stream);
            }
        }
        self.check_server(s, stream);
    }

    /// Reads what the log has more of a stream; `false` while the log is away.
    pub(crate) fn catch_up(&mut self, s: usize, stream: Stream) -> bool {
        let after = self.servers[s].cache.version(stream);
        let Some(events) = self.log.read(stream, after) else { return false };
        let new = self.servers[s].cache.take(events).expect("the log has no gaps");
        self.tell_rooms(s, new);
        true
    }

    /// Compares heads with the log, as each server does every second or two.
    pub(crate) fn compare_heads(&mut self, s: usize) {
        if self.servers[s].down_until.is_some() || !self.now.is_multiple_of(HEADS_EVERY_MS) {
            return;
        }
        for stream in self.known_streams(s) {
            self.catch_up(s, stream);
        }
    }

    /// The floor, the menu, every open stay, and whatever else a server has in its cache.
    fn known_streams(&mut self, s: usize) -> Vec<Stream> {
        self.catch_up(s, Stream::Floor);
        let Server { cache, .. } = &self.servers[s];
        let open = cache.floor.seated.values().map(|seated| seated.seating);
        let mut stays: Vec<SeatingId> = cache.seatings.keys().copied().chain(open).collect();
        stays.sort_unstable();
        stays.dedup();
        [Stream::Floor, Stream::Menu].into_iter().chain(stays.into_iter().map(Stream::Seating)).collect()
    }

    fn tell_rooms(&mut self, s: usize, events: Events) {
        if events.is_empty() {
            return;
        }
        let stream = events.stream();
        let leaks = self.plan.plant == Some(Plant::TellEverybody);
        let sockets = self.servers[s].sockets.iter();
        let listening = sockets.filter(|(_, socket)| socket.joined && (leaks || socket.may_see(stream)));
        let to: Vec<To> = listening.map(|(number, socket)| To::Screen(socket.screen, *number)).collect();
        // Sometimes a frame holds all of it, sometimes each event has its own, and they change places.
        let frames = if self.random.chance(500) { vec![events] } else { events.one_by_one() };
        for frame in frames.into_iter().map(Message::Events) {
            for to in &to {
                self.network.send(self.now, *to, &frame, &mut self.random, &mut self.figures);
            }
        }
    }

    /// Joins the rooms first, then sends what the screen lacks: events, or a snapshot.
    fn bring_up_to_date(&mut self, s: usize, number: u64, socket: &Socket, named: &[(Stream, Version)]) {
        if let Some(socket) = self.servers[s].sockets.get_mut(&number) {
            socket.joined = true;
        }
        let mut streams = match socket.seating {
            Some(own) => vec![Stream::Menu, Stream::Seating(own)],
            None => self.known_streams(s),
        };
        streams.extend(named.iter().map(|(stream, _)| *stream).filter(|stream| socket.may_see(*stream)));
        streams.sort_unstable();
        streams.dedup();
        let mut caught = Vec::new();
        for stream in streams {
            let is_read = self.catch_up(s, stream);
            let have = named.iter().find(|(known, _)| *known == stream).map_or(0, |(_, version)| *version);
            if self.servers[s].cache.version(stream) > have {
                let as_events = is_read && self.random.chance(600);
                let events = as_events.then(|| self.log.read(stream, have)).flatten();
                caught.push(events.map_or_else(|| self.snapshot(s, stream), Caught::Events));
            }
        }
        let message = Message::Synced(caught);
        self.network.send(self.now, To::Screen(socket.screen, number), &message, &mut self.random, &mut self.figures);
    }

    fn snapshot(&mut self, s: usize, stream: Stream) -> Caught {
        self.figures.count(Count::Snapshot);
        // Writing and reading takes longer than the rest of a service; now and then is often enough.
        let as_text = self.random.chance(100);
        let cache = &self.servers[s].cache;
        match stream {
            Stream::Floor => Caught::Floor(sent(&cache.floor, as_text)),
            Stream::Menu => Caught::Menu(sent(&cache.menu, as_text)),
            Stream::Seating(id) => Caught::Seating(id, cache.seatings.get(&id).map(|s| sent(s, as_text)).unwrap_or_default()),
        }
    }
}

/// A state as it arrives, which may include that it was written and read.
fn sent<S: Fold>(state: &S, as_text: bool) -> S {
    if !as_text {
        return state.clone();
    }
    let text = serde_json::to_string(state).expect("a state can be written");
    serde_json::from_str(&text).expect("a state can be read")
}
