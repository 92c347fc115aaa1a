//! What breaks when: a list that is made before anything happens, so that a seed tells all of it.

use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

/// What is left in peace after a fault before something happens to the same part again.
const PEACE: Duration = Duration::from_secs(3);
/// How often another fault is drawn where one does not fit.
const MAX_DRAWS: usize = 50;

/// A way to break something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A server is killed (SIGKILL), and started again later.
    ServerKilled,
    /// A server is frozen (SIGSTOP), and goes on later.
    ServerPaused,
    /// Redis is killed, and started again later, empty.
    RedisKilled,
    /// Redis is frozen.
    RedisPaused,
    /// PostgreSQL is killed with all its workers.
    DatabaseKilled,
    /// One server's connections to PostgreSQL are broken, and new ones too.
    DatabaseCut,
    /// One server's line to PostgreSQL is slow.
    DatabaseSlow,
    /// What one server and PostgreSQL send to each other is swallowed.
    DatabaseHalfOpen,
    /// One server's connections to Redis are broken, and new ones too.
    RedisCut,
    /// One server's line to Redis is slow.
    RedisSlow,
    /// What one server and Redis send to each other is swallowed.
    RedisHalfOpen,
    /// Three in ten screens lose their connections at once.
    ScreensDropped,
    /// Many screens lose their connections just after a command was sent, before they have read the answer.
    AnswersLost,
    /// Some screens don't read for a while.
    SlowReaders,
}

impl Kind {
    /// Every way.
    pub const ALL: [Self; 14] = [
        Self::ServerKilled,
        Self::RedisKilled,
        Self::AnswersLost,
        Self::DatabaseCut,
        Self::ServerPaused,
        Self::RedisCut,
        Self::ScreensDropped,
        Self::DatabaseKilled,
        Self::RedisHalfOpen,
        Self::SlowReaders,
        Self::DatabaseHalfOpen,
        Self::RedisPaused,
        Self::DatabaseSlow,
        Self::RedisSlow,
    ];

    /// Whether it can happen to a server that has everything of its own.
    pub const fn concerns_one_alone(self) -> bool {
        matches!(self, Self::ServerKilled | Self::ServerPaused | Self::ScreensDropped | Self::AnswersLost | Self::SlowReaders)
    }

    /// The shortest and the longest that it lasts, in seconds.
    const fn seconds(self) -> (u64, u64) {
        match self {
            Self::ServerKilled | Self::RedisKilled | Self::DatabaseKilled => (1, 6),
            Self::ServerPaused => (15, 15),
            Self::RedisPaused => (10, 10),
            Self::DatabaseCut | Self::RedisCut | Self::RedisHalfOpen | Self::DatabaseHalfOpen => (2, 10),
            Self::DatabaseSlow | Self::RedisSlow | Self::SlowReaders => (5, 15),
            Self::AnswersLost => (3, 6),
            Self::ScreensDropped => (0, 0),
        }
    }

    fn part(self, server: usize) -> Part {
        match self {
            Self::ServerKilled | Self::ServerPaused => Part::Server(server),
            Self::RedisKilled | Self::RedisPaused => Part::Redis,
            Self::DatabaseKilled => Part::Database,
            Self::DatabaseCut | Self::DatabaseSlow | Self::DatabaseHalfOpen => Part::ToDatabase(server),
            Self::RedisCut | Self::RedisSlow | Self::RedisHalfOpen => Part::ToRedis(server),
            Self::ScreensDropped | Self::AnswersLost | Self::SlowReaders => Part::Screens,
        }
    }
}

/// What a fault happens to: one thing at a time happens to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Server(usize),
    Database,
    Redis,
    ToDatabase(usize),
    ToRedis(usize),
    Screens,
}

/// Something that is going to break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// When, from the beginning.
    pub at: Duration,
    /// What.
    pub kind: Kind,
    /// Which server, counted from 0, where it happens to one.
    pub server: usize,
    /// For how long. Recovering takes longer.
    pub lasts: Duration,
}

impl Planned {
    pub(crate) fn part(&self) -> Part {
        self.kind.part(self.server)
    }

    fn ends(&self) -> Duration {
        self.at + self.lasts
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (server, seconds) = (self.server + 1, self.lasts.as_secs_f64());
        match self.kind {
            Kind::ServerKilled => write!(f, "server {server} killed for {seconds:.1} s"),
            Kind::ServerPaused => write!(f, "server {server} paused for {seconds:.1} s"),
            Kind::RedisKilled => write!(f, "Redis killed for {seconds:.1} s"),
            Kind::RedisPaused => write!(f, "Redis paused for {seconds:.1} s"),
            Kind::DatabaseKilled => write!(f, "PostgreSQL killed for {seconds:.1} s"),
            Kind::DatabaseCut => write!(f, "server {server} cut from PostgreSQL for {seconds:.1} s"),
            Kind::DatabaseSlow => write!(f, "server {server} slow to PostgreSQL for {seconds:.1} s"),
            Kind::DatabaseHalfOpen => write!(f, "server {server} half-open to PostgreSQL for {seconds:.1} s"),
            Kind::RedisCut => write!(f, "server {server} cut from Redis for {seconds:.1} s"),
            Kind::RedisSlow => write!(f, "server {server} slow to Redis for {seconds:.1} s"),
            Kind::RedisHalfOpen => write!(f, "server {server} half-open to Redis for {seconds:.1} s"),
            Kind::ScreensDropped => write!(f, "30 % of screens dropped"),
            Kind::AnswersLost => write!(f, "answers lost just after a commit, for {seconds:.1} s"),
            Kind::SlowReaders => write!(f, "slow readers for {seconds:.1} s"),
        }
    }
}

/// Draws faults for so long, one about every so often. Faults overlap, but each part suffers one at a time,
/// and a server is there at any time.
pub fn drawn(seed: u64, servers: usize, lasts: Duration, every: Duration) -> Vec<Planned> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut planned, mut deck): (Vec<Planned>, Vec<Kind>) = (Vec::new(), Vec::new());
    let mut at = every;
    while at < lasts {
        for _ in 0..MAX_DRAWS {
            if deck.is_empty() {
                deck = kinds(servers);
                deck.shuffle(&mut rng);
            }
            let Some(kind) = deck.pop() else { break };
            let (shortest, longest) = kind.seconds();
            let seconds = rng.random_range(shortest as f64..=longest as f64);
            let (server, lasts_for) = (rng.random_range(0..servers), Duration::from_secs_f64(seconds));
            let next = Planned { at, kind, server, lasts: lasts_for };
            if next.ends() <= lasts && fits(&planned, &next, servers) {
                planned.push(next);
                break;
            }
            // It is put back below some others.
            let below = rng.random_range(0..=deck.len());
            deck.insert(below, kind);
        }
        at += every.mul_f64(rng.random_range(0.75..1.25));
    }
    planned
}

/// Each way once, in a fixed order, none longer than so.
pub fn each_once(servers: usize, every: Duration, at_most: Duration) -> Vec<Planned> {
    let one = |(n, kind): (usize, Kind)| {
        let lasts = Duration::from_secs(kind.seconds().1).min(at_most);
        Planned { at: every * (n as u32 + 1), kind, server: n % servers, lasts }
    };
    kinds(servers).into_iter().enumerate().map(one).collect()
}

fn kinds(servers: usize) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| servers > 1 || kind.concerns_one_alone()).collect()
}

fn fits(planned: &[Planned], next: &Planned, servers: usize) -> bool {
    let under_way = || planned.iter().filter(|other| other.ends() + PEACE > next.at);
    let is_free = under_way().all(|other| other.part() != next.part());
    let away = under_way().filter(|other| matches!(other.part(), Part::Server(_))).count();
    let takes_the_last = servers > 1 && matches!(next.part(), Part::Server(_)) && away + 1 >= servers;
    is_free && !takes_the_last
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTES: Duration = Duration::from_secs(300);
    const EVERY: Duration = Duration::from_secs(10);

    #[test]
    fn a_seed_tells_all_of_it() {
        assert_eq!(drawn(7, 3, MINUTES, EVERY), drawn(7, 3, MINUTES, EVERY));
        assert_ne!(drawn(7, 3, MINUTES, EVERY), drawn(8, 3, MINUTES, EVERY));
    }

    #[test]
    fn five_minutes_hold_every_kind_and_leave_a_server() {
        for seed in 0..200 {
            let planned = drawn(seed, 3, MINUTES, EVERY);
            assert!(planned.len() > 20, "{seed}: {}", planned.len());
            for kind in Kind::ALL {
                assert!(planned.iter().any(|planned| planned.kind == kind), "{seed}: {kind:?}");
            }
            for one in &planned {
                assert!(one.ends() <= MINUTES);
                let away = planned.iter().filter(|other| matches!(other.part(), Part::Server(_)));
                assert!(away.filter(|other| other.at <= one.at && one.at < other.ends()).count() < 3, "{seed}");
            }
        }
    }

    #[test]
    fn one_server_alone_suffers_what_can_happen_to_it() {
        let planned = each_once(1, EVERY, MINUTES);
        assert_eq!(planned.len(), 5);
        assert!(planned.iter().all(|planned| planned.kind.concerns_one_alone() && planned.server == 0));
    }
}
