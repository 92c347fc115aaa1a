//! A server: it executes commands as design.md says (dedupe, decide, commit, only then deliver and
//! answer), over a log that it may share with another server, from a cache that may be behind.

use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;

use domain::floor::Floor;
use domain::fold::record;
use domain::menu::Menu;
use domain::seating::{Coming, Seating};
use domain::visit::{self, Newcomer, Streams, VisitCommand};
use domain::wire::Answer;
use domain::{Actor, Context, Fold, MutationId, Recorded, Rejection, SeatingId, TableId, Time, Version};

use super::figures::Count;
use super::log::{Events, LogError, Stream};
use super::network::{Ask, Command, Message, Place, To};
use super::{Plant, World};
use crate::common::house;

/// How often a command reads again and decides again before its sender is told to come later.
const MAX_ATTEMPTS: u32 = 8;

/// A server.
#[derive(Debug, Default)]
pub(crate) struct Server {
    /// When it comes back, while it is down.
    pub(crate) down_until: Option<u64>,
    /// What it remembers of the log.
    pub(crate) cache: Cache,
    /// Its connections, by number.
    pub(crate) sockets: BTreeMap<u64, Socket>,
    /// Commands that it works on.
    pub(crate) jobs: Vec<Job>,
}

/// Folded streams, as far as a server knows them.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// Who sits where.
    pub(crate) floor: Floor,
    /// What is served.
    pub(crate) menu: Menu,
    /// Stays.
    pub(crate) seatings: BTreeMap<SeatingId, Seating>,
}

/// A connection, with who its cookie proves.
#[derive(Debug, Clone)]
pub(crate) struct Socket {
    /// Whose screen.
    pub(crate) screen: usize,
    /// Who acts.
    pub(crate) actor: Actor,
    /// The only stay that a guest may see.
    pub(crate) seating: Option<SeatingId>,
    /// Whether it has asked to be kept up to date.
    pub(crate) joined: bool,
}

/// A command that a server works on, a stage at a time: anything may happen in between.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// Where its answer goes.
    pub(crate) reply: To,
    /// Who asks.
    pub(crate) actor: Actor,
    /// The only stay that a guest may act upon.
    pub(crate) seating: Option<SeatingId>,
    /// What is asked.
    pub(crate) work: Work,
    /// How far it is.
    pub(crate) stage: Stage,
    /// How many races it lost.
    pub(crate) attempts: u32,
}

/// What a server works on.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// A command over a connection.
    Ask(Ask),
    /// A request to sit down; the server makes its ids.
    Join(MutationId, TableId, SeatingId),
}

/// How far a job is.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// It arrived.
    Arrived,
    /// It may happen, as these events.
    Decided(Taken),
    /// It has happened; nobody knows yet.
    Committed(Taken),
}

/// What a command comes to.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    events: Vec<Events>,
    outcome: Result<Version, Rejection>,
    joined: Option<Place>,
}

/// What a server thinks of a command.
enum Judged {
    /// What became of it stands in the log.
    Known(Result<Version, Rejection>),
    Taken(Taken),
    Refused(Rejection),
    /// It is not even looked at.
    NotTheirs,
}

impl Work {
    const fn mutation(&self) -> MutationId {
        match self {
            Self::Ask(ask) => ask.mutation,
            Self::Join(mutation, _, _) => *mutation,
        }
    }
}

impl Cache {
    /// How far a stream is known.
    pub(crate) fn version(&self, stream: Stream) -> Version {
        match stream {
            Stream::Floor => self.floor.version(),
            Stream::Menu => self.menu.version(),
            Stream::Seating(id) => self.seatings.get(&id).map_or(0, Fold::version),
        }
    }

    /// Folds in what is new and next; gives that, or nothing where something before it is missing.
    pub(crate) fn take(&mut self, events: Events) -> Option<Events> {
        Some(match events {
            Events::Floor(events) => Events::Floor(fold_next(&mut self.floor, events)?),
            Events::Menu(events) => Events::Menu(fold_next(&mut self.menu, events)?),
            Events::Seating(id, events) => Events::Seating(id, fold_next(self.seatings.entry(id).or_default(), events)?),
        })
    }
}

fn fold_next<S: Fold>(state: &mut S, mut events: Vec<Arc<Recorded<S::Event>>>) -> Option<Vec<Arc<Recorded<S::Event>>>> {
    let have = state.version();
    events.retain(|event| event.version > have);
    if events.first().is_some_and(|event| event.version != have + 1) {
        return None;
    }
    for event in &events {
        state.evolve(event);
    }
    Some(events)
}

impl World {
    /// A server takes one of its jobs one stage further.
    pub(crate) fn work(&mut self, s: usize) {
        if self.servers[s].jobs.is_empty() {
            return;
        }
        let i = self.random.index(self.servers[s].jobs.len());
        let mut job = self.servers[s].jobs.swap_remove(i);
        self.figures.count(Count::Step);
        match std::mem::replace(&mut job.stage, Stage::Arrived) {
            Stage::Arrived => self.decide(s, job),
            Stage::Decided(taken) => self.commit(s, job, taken),
            Stage::Committed(taken) => self.deliver(s, &job, taken),
        }
    }

    /// Dedupe, then decide; what would be refused is judged once more from the log itself, since a
    /// cache may be behind: what it lacks may be this very command's effect. And where it was sent before,
    /// the refusal itself is committed, so that no earlier sending can take effect any more.
    fn decide(&mut self, s: usize, mut job: Job) {
        let mut is_fresh = job.attempts > 0;
        loop {
            if !self.load(s, &job, is_fresh) {
                return self.answer(&job, Err(Rejection::Unavailable));
            }
            match self.judge(s, &job) {
                Judged::Known(outcome) => {
                    self.figures.count(if outcome.is_ok() { Count::Suppressed } else { Count::RefusalFound });
                    return self.answer(&job, outcome);
                }
                Judged::NotTheirs => return self.answer(&job, Err(Rejection::NotAllowed)),
                Judged::Refused(reason) if is_fresh || self.plan.plant == Some(Plant::RefuseFromCache) => {
                    let Some(kept) = self.refusal(s, &job, reason) else { return self.answer(&job, Err(reason)) };
                    job.stage = Stage::Decided(Taken { events: vec![kept], outcome: Err(reason), joined: None });
                    return self.servers[s].jobs.push(job);
                }
                Judged::Refused(_) => is_fresh = true,
                Judged::Taken(taken) => {
                    if is_fresh && job.attempts == 0 {
                        self.figures.count(Count::SavedByReading);
                    }
                    job.stage = Stage::Decided(taken);
                    return self.servers[s].jobs.push(job);
                }
            }
        }
    }

    /// Has what a job needs in the cache; from the log where it is not there, or has to be fresh.
    fn load(&mut self, s: usize, job: &Job, fresh: bool) -> bool {
        for stream in [Stream::Floor, Stream::Menu] {
            if (fresh || self.servers[s].cache.version(stream) == 0) && !self.catch_up(s, stream) {
                return false;
            }
        }
        let stay = Stream::Seating(self.concerned(s, job));
        !(fresh || self.servers[s].cache.version(stay) == 0) || self.catch_up(s, stay)
    }

    fn concerned(&self, s: usize, job: &Job) -> SeatingId {
        let floor = &self.servers[s].cache.floor;
        match &job.work {
            Work::Ask(Ask { stream: Stream::Seating(id), .. }) => *id,
            Work::Ask(Ask { command: Command::Visit(command), .. }) => visit::concerns(floor, command, &self.context(s, job)),
            // Nothing else concerns a stay; this one never begins.
            Work::Ask(_) => SeatingId::numbered(0),
            Work::Join(_, table, new) => floor.seated.get(table).map_or(*new, |seated| seated.seating),
        }
    }

    /// The event that keeps a refusal; none where nothing that was sent before could still take effect.
    fn refusal(&self, s: usize, job: &Job, reason: Rejection) -> Option<Events> {
        let Work::Ask(Ask { stream, sending: 2.., .. }) = &job.work else { return None };
        if let Some(Plant::KeepNoRefusal | Plant::RefuseFromCache) = self.plan.plant {
            return None;
        }
        let (cache, context) = (&self.servers[s].cache, self.context(s, job));
        reason.is_kept().then(|| match stream {
            Stream::Floor => Events::Floor(kept(&cache.floor, &context, reason)),
            Stream::Menu => Events::Menu(kept(&cache.menu, &context, reason)),
            Stream::Seating(id) => Events::Seating(*id, kept(&cache.seatings[id], &context, reason)),
        })
    }

    fn context(&self, s: usize, job: &Job) -> Context<'_> {
        // Servers' clocks differ, and a second one may be behind.
        let now = Time(1_000_000 + self.now - u64::try_from(s).expect("servers are few") * 7);
        Context { actor: job.actor.clone(), mutation: job.work.mutation(), now, menu: &self.servers[s].cache.menu }
    }

    fn judge(&self, s: usize, job: &Job) -> Judged {
        let cache = &self.servers[s].cache;
        let context = self.context(s, job);
        let nobody = Seating::default();
        let id = self.concerned(s, job);
        let seating = cache.seatings.get(&id).unwrap_or(&nobody);
        if job.seating.is_some_and(|own| own != id) {
            return Judged::NotTheirs;
        }
        let (progress, stream) = match &job.work {
            Work::Ask(Ask { stream: Stream::Floor, .. }) => (&cache.floor.progress, Stream::Floor),
            Work::Ask(Ask { stream: Stream::Menu, .. }) => (&cache.menu.progress, Stream::Menu),
            Work::Ask(_) | Work::Join(..) => (&seating.progress, Stream::Seating(id)),
        };
        if let Some(reason) = progress.refusal_of(context.mutation) {
            return Judged::Known(Err(reason));
        }
        if self.plan.plant != Some(Plant::SkipDedupe)
            && let Some(version) = progress.effect_of(context.mutation)
        {
            return Judged::Known(Ok(version));
        }
        let venue = house::venue();
        let streams = Streams { venue: &venue, floor: &cache.floor, seatings: vec![(id, seating)] };
        let judged = match &job.work {
            Work::Ask(Ask { command: Command::Seating(command), .. }) => {
                let events = seating.decide(command, &context);
                events.map(|events| (vec![Events::Seating(id, recorded(seating.version(), &context, events))], None))
            }
            Work::Ask(Ask { command: Command::Menu(command), .. }) => {
                let events = cache.menu.decide(command, &context);
                events.map(|events| (vec![Events::Menu(recorded(cache.menu.version(), &context, events))], None))
            }
            Work::Ask(Ask { command: Command::Visit(command), .. }) => {
                visit::decide(&streams, command, &context).map(|together| (all(&streams, together, &context), None))
            }
            Work::Join(_, table, new) => {
                let newcomer = Newcomer { table: table.clone(), name: None, coming: Coming::default() };
                visit::join(&streams, &newcomer, *new, &context).map(|(together, joined)| {
                    let place = Place { table: table.clone(), seating: id, joined };
                    (all(&streams, together, &context), Some(place))
                })
            }
        };
        match judged {
            Err(reason) => Judged::Refused(reason),
            Ok((events, joined)) => {
                let count = events.iter().find(|events| events.stream() == stream).map_or(0, count_of);
                Judged::Taken(Taken { outcome: Ok(cache.version(stream) + count), events, joined })
            }
        }
    }

    fn commit(&mut self, s: usize, mut job: Job, taken: Taken) {
        let plant = self.plan.plant;
        if plant == Some(Plant::AnswerBeforeCommit) && matches!(job.work, Work::Ask(_)) && self.random.chance(100) {
            self.answer(&job, taken.outcome);
            return self.crash(s);
        }
        if plant == Some(Plant::TearCommits) && taken.events.len() > 1 && self.random.chance(100) {
            let half = vec![taken.events[0].clone()];
            if self.log.commit(&half).is_ok() {
                self.was_committed(&half);
            }
            return self.crash(s);
        }
        let outcome = self.log.commit(&taken.events);
        if outcome.is_ok() {
            self.was_committed(&taken.events);
        }
        match outcome {
            Ok(()) if self.is_stormy && self.random.chance(self.plan.unknown_permille) => {
                self.figures.count(Count::UnknownOutcome);
                self.answer(&job, Err(Rejection::Unavailable));
            }
            Ok(()) => {
                job.stage = Stage::Committed(taken);
                self.servers[s].jobs.push(job);
            }
            Err(LogError::Conflict) => {
                self.figures.count(Count::Conflict);
                job.attempts += 1;
                if job.attempts > MAX_ATTEMPTS {
                    return self.answer(&job, Err(Rejection::Unavailable));
                }
                self.servers[s].jobs.push(job);
            }
            Err(LogError::Unavailable) => self.answer(&job, Err(Rejection::Unavailable)),
        }
    }

    /// It is durable: from here on it may leave the server.
    fn deliver(&mut self, s: usize, job: &Job, taken: Taken) {
        for events in taken.events {
            self.hear(s, events.clone());
            for other in (0..self.servers.len()).filter(|other| *other != s) {
                let message = Message::Events(events.clone());
                self.network.send(self.now, To::Bus(other), &message, &mut self.random, &mut self.figures);
            }
        }
        if let (Work::Join(..), Some(place)) = (&job.work, taken.joined) {
            let message = Message::Joined(Ok(place));
            return self.network.send(self.now, job.reply, &message, &mut self.random, &mut self.figures);
        }
        self.answer(job, taken.outcome);
    }

    fn answer(&mut self, job: &Job, outcome: Result<Version, Rejection>) {
        let message = match (&job.work, outcome) {
            (Work::Join(..), Err(reason)) => Message::Joined(Err(reason)),
            // A request's mutation is its server's own; nobody else can have sent it.
            (Work::Join(..), Ok(_)) => return self.broken("a request to join was taken for another"),
            (Work::Ask(ask), Ok(version)) => Message::Answer(ask.clone(), Answer::Accepted { version }),
            (Work::Ask(ask), Err(reason)) => {
                self.is_being_refused(ask, reason);
                Message::Answer(ask.clone(), Answer::Refused { reason, detail: None })
            }
        };
        self.network.send(self.now, job.reply, &message, &mut self.random, &mut self.figures);
    }
}

fn recorded<E>(version: Version, context: &Context<'_>, events: Vec<E>) -> Vec<Arc<Recorded<E>>> {
    record(version, context, events).into_iter().map(Arc::new).collect()
}

fn kept<S: Fold>(state: &S, context: &Context<'_>, reason: Rejection) -> Vec<Arc<Recorded<S::Event>>> {
    recorded(state.version(), context, vec![S::refusal(reason)])
}

fn all(streams: &Streams<'_>, together: visit::Together, context: &Context<'_>) -> Vec<Events> {
    let floor = Events::Floor(recorded(streams.floor.version(), context, together.floor));
    let version = |id| streams.seatings.iter().find(|(held, _)| *held == id).map_or(0, |(_, seating)| seating.version());
    let seatings = together.seatings.into_iter().map(|(id, events)| Events::Seating(id, recorded(version(id), context, events)));
    iter::once(floor).chain(seatings).filter(|events| !events.is_empty()).collect()
}

fn count_of(events: &Events) -> Version {
    let count = match events {
        Events::Floor(events) => events.len(),
        Events::Menu(events) => events.len(),
        Events::Seating(_, events) => events.len(),
    };
    u64::try_from(count).expect("lengths fit in 64 bits")
}

/// Whether a command frees a table.
pub(crate) const fn closes(command: &Command) -> bool {
    matches!(command, Command::Visit(VisitCommand::CloseTable { .. }))
}
