//! A simulated restaurant: a whole service in one thread, in which everything that can go wrong does.
//!
//! - [`random`]: the only source of chance, so that a seed tells the same story each time
//! - [`log`]: the truth, with every state that each stream has had
//! - [`network`]: delays, changes places, doubles and drops, each way
//! - [`server`] and [`rooms`]: one or two servers over one log, as design.md says a server works; they
//!   crash between any two stages of a command, and forget all but the log
//! - [`screen`] and [`people`]: guests' phones, a waiter's tablet, a kitchen's board, a manager; and
//!   what is tapped on them
//! - [`oracle`]: what must hold after every step, and at the end, when the network has healed
//!
//! [`Plant`] puts a fault into it, to show that the oracle sees it.

pub(crate) mod figures;
mod log;
mod network;
mod oracle;
mod people;
mod random;
mod rooms;
mod screen;
mod server;

use std::collections::BTreeMap;

use domain::Role;
use domain::floor::{FloorEvent, HouseRules, Joining};
use domain::menu::MenuEvent;

use crate::common::house;
use figures::{Count, Figures};
use log::{Events, Log};
use network::{Message, Network, To, Weather};
use oracle::Oracle;
use random::Random;
use screen::{Link, Screen, Who};
use server::{Server, Stage};

/// How long after the network has healed everything may take to be quiet.
const MUST_BE_QUIET_AFTER_MS: u64 = 4_000;

/// A fault that is built in on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plant {
    /// A server decides a resent command anew.
    SkipDedupe,
    /// A screen takes events although one before them is missing.
    IgnoreGaps,
    /// A server answers, and dies before it commits.
    AnswerBeforeCommit,
    /// A screen makes a new id when it sends a command again.
    NewIdOnResend,
    /// A server refuses from what it remembers, without reading the log and without keeping it there.
    RefuseFromCache,
    /// A server commits the floor, and dies before it commits the stay.
    TearCommits,
    /// A server sends every event to every screen.
    TellEverybody,
    /// A screen forgets what was not answered when it loses its connection.
    ForgetUnanswered,
    /// A server refuses what was sent before without keeping that in the log.
    KeepNoRefusal,
}

impl Plant {
    /// Every fault that can be built in.
    pub(crate) const ALL: [Self; 9] = [
        Self::SkipDedupe,
        Self::IgnoreGaps,
        Self::AnswerBeforeCommit,
        Self::NewIdOnResend,
        Self::RefuseFromCache,
        Self::TearCommits,
        Self::TellEverybody,
        Self::ForgetUnanswered,
        Self::KeepNoRefusal,
    ];

    /// What the oracle says when it sees it.
    pub(crate) const fn shows_as(self) -> &'static str {
        match self {
            Self::SkipDedupe => "took effect twice",
            Self::IgnoreGaps => "than the log",
            Self::AnswerBeforeCommit => "is not in the log there",
            Self::NewIdOnResend => "happened twice",
            Self::RefuseFromCache => "took effect and is refused",
            Self::TearCommits => "don't agree on who is here",
            Self::TellEverybody => "was sent events of",
            Self::ForgetUnanswered => "was neither done nor refused",
            Self::KeepNoRefusal => "was refused, and took effect",
        }
    }
}

/// What a service is like; its seed determines it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    seed: u64,
    plant: Option<Plant>,
    servers: usize,
    tables: usize,
    phones: usize,
    rules: HouseRules,
    storm_ms: u64,
    weather: Weather,
    cut_permille: u64,
    crash_permille: u64,
    log_away_permille: u64,
    unknown_permille: u64,
}

impl Plan {
    /// The service of that seed, with a fault built in or none.
    pub(crate) fn of(seed: u64, plant: Option<Plant>) -> Self {
        let mut random = Random::new(seed ^ 0x00C0_A9DA);
        let some = |random: &mut Random, least: usize, most: usize| least + random.index(most - least + 1);
        Self {
            seed,
            plant,
            servers: some(&mut random, 1, 2),
            tables: some(&mut random, 1, 3),
            phones: some(&mut random, 2, 5),
            rules: HouseRules {
                joining: match random.below(10) {
                    0..6 => Joining::Open,
                    6 | 7 => Joining::Approve,
                    8 => Joining::StaffOpens,
                    _ => Joining::Staff,
                },
                approve_first_round: random.chance(300),
                ..HouseRules::default()
            },
            storm_ms: 150 + random.below(350),
            weather: Weather {
                drop_permille: random.below(150),
                double_permille: random.below(200),
                delay_max_ms: 1 + random.below(25),
            },
            cut_permille: random.below(25),
            crash_permille: random.below(12),
            log_away_permille: random.below(6),
            unknown_permille: random.below(60),
        }
    }
}

/// What became of a service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What happened how often.
    pub(crate) figures: Figures,
    /// What must not be and was, if anything.
    pub(crate) fault: Option<String>,
    /// What happened, a line each, where that was asked for.
    pub(crate) trace: Vec<String>,
}

/// Everything.
struct World {
    plan: Plan,
    now: u64,
    is_stormy: bool,
    log_away_until: u64,
    random: Random,
    log: Log,
    network: Network,
    servers: Vec<Server>,
    screens: Vec<Screen>,
    /// Which screen made which HTTP request.
    requests: BTreeMap<u64, usize>,
    connections: u64,
    wishes: u64,
    oracle: Oracle,
    figures: Figures,
    fault: Option<String>,
    trace: Option<Vec<String>>,
}

/// Runs a service to its end, or until something is so that must not be.
pub(crate) fn run(plan: Plan, with_trace: bool) -> Outcome {
    let mut world = World::new(plan, with_trace);
    while world.now < world.plan.storm_ms && world.fault.is_none() {
        world.somebody_may_act();
        world.something_may_break();
        world.a_millisecond_passes();
    }
    world.heal();
    let end = world.now + MUST_BE_QUIET_AFTER_MS;
    while !world.is_quiet() && world.fault.is_none() {
        world.a_millisecond_passes();
        if world.now > end {
            world.broken("it does not become quiet");
        }
    }
    if world.fault.is_none() {
        world.check_the_end();
    }
    Outcome { figures: world.figures, fault: world.fault, trace: world.trace.unwrap_or_default() }
}

impl World {
    fn new(plan: Plan, with_trace: bool) -> Self {
        let staff = [Role::Waiter, Role::Kitchen, Role::Allrounder, Role::Manager].map(Who::Staff);
        let phones = std::iter::repeat_n(Who::Walking, plan.phones);
        let mut world = Self {
            now: 0,
            is_stormy: true,
            log_away_until: 0,
            random: Random::new(plan.seed),
            log: Log::default(),
            network: Network::new(plan.weather),
            servers: (0..plan.servers).map(|_| Server::default()).collect(),
            screens: staff.into_iter().chain(phones).map(Screen::new).collect(),
            requests: BTreeMap::new(),
            connections: 0,
            wishes: 0,
            oracle: Oracle::default(),
            figures: Figures::default(),
            fault: None,
            trace: with_trace.then(Vec::new),
            plan,
        };
        let plan = world.plan.clone();
        world.say(|| format!("{plan:?}"));
        let tables = FloorEvent::TablesLaid { tables: house::tables() };
        let rules = FloorEvent::HouseRulesSet { rules: plan.rules };
        let catalog = MenuEvent::Published { catalog: Box::new(house::catalog()) };
        let venue_file = [
            Events::Floor(vec![house::recorded(1, tables).into(), house::recorded(2, rules).into()]),
            Events::Menu(vec![house::recorded(1, catalog).into()]),
        ];
        world.log.commit(&venue_file).expect("the log is empty");
        assert_eq!(*world.log.menu.latest(), house::menu(), "a service starts as a story does");
        world
    }

    /// Adds a line to the trace, where there is one.
    fn say(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>5} ms  {}", self.now, line()));
        }
    }

    fn somebody_may_act(&mut self) {
        if self.random.chance(600) {
            self.somebody_acts();
        }
    }

    fn something_may_break(&mut self) {
        if self.random.chance(self.plan.cut_permille) {
            let i = self.random.index(self.screens.len());
            self.cut(i);
        }
        if self.random.chance(self.plan.crash_permille) {
            let s = self.random.index(self.servers.len());
            self.crash(s);
        }
        if self.random.chance(self.plan.log_away_permille) {
            self.log_away_until = self.now + 10 + self.random.below(60);
            self.say(|| "the log is away".to_owned());
        }
        self.log.is_away = self.now < self.log_away_until;
    }

    /// A connection is gone. The server notices, or goes on sending into it.
    fn cut(&mut self, i: usize) {
        let Link::Up(server, number) = self.screens[i].link else { return };
        self.say(|| format!("screen {i} is cut off"));
        self.figures.count(Count::Cut);
        if self.random.chance(500) {
            self.servers[server].sockets.remove(&number);
        }
        self.loses_connection(i);
    }

    /// A server dies: what is not in the log is lost.
    fn crash(&mut self, s: usize) {
        if self.servers[s].down_until.is_some() {
            return;
        }
        self.say(|| format!("server {s} dies"));
        self.figures.count(Count::Crash);
        for job in std::mem::take(&mut self.servers[s].jobs) {
            if matches!(job.stage, Stage::Committed(_)) {
                self.figures.count(Count::LostAnswer);
            }
        }
        let down_until = Some(self.now + 5 + self.random.below(60));
        self.servers[s] = Server { down_until, ..Server::default() };
    }

    fn a_millisecond_passes(&mut self) {
        self.now += 1;
        while let Some((to, message)) = self.network.arrived(self.now) {
            self.figures.count(Count::Step);
            match (to, message) {
                (To::Server(s, number), message) => self.arrives_at_server(s, number, message),
                (To::Screen(i, number), message) => self.arrives_at_screen(i, number, message),
                (To::Bus(s), Message::Events(events)) => self.hear(s, events),
                (To::Bus(_), other) => self.broken(format!("the bus carries events, not {other:?}")),
            }
        }
        for s in 0..self.servers.len() {
            if self.servers[s].down_until.is_some_and(|until| self.now >= until) {
                self.servers[s].down_until = None;
                self.say(|| format!("server {s} is back"));
            }
            self.compare_heads(s);
            // A server does two things a millisecond, so that work piles up now and then.
            self.work(s);
            self.work(s);
        }
        for i in 0..self.screens.len() {
            self.tick(i);
        }
    }

    /// People stop tapping, the network and the log are fine, servers are up, and everybody reconnects.
    fn heal(&mut self) {
        self.say(|| "everything heals".to_owned());
        self.is_stormy = false;
        self.network.weather = Weather::FINE;
        self.log.is_away = false;
        for server in &mut self.servers {
            server.down_until = None;
        }
        for i in 0..self.screens.len() {
            self.screens[i].request = None;
            self.cut(i);
        }
    }

    fn is_quiet(&self) -> bool {
        self.network.is_quiet()
            && self.servers.iter().all(|server| server.jobs.is_empty())
            && self.screens.iter().all(Screen::is_quiet)
    }
}
