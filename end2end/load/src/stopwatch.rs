//! How long it takes from a tap to the other screens, by one clock: all screens are in this process.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::replica::Arrival;
use domain::wire::{Answer, Ask};
use domain::{MutationId, StreamId};
use tokio::time::Instant;

use crate::client::{Arrived, ScreenNo, Witness};

/// Times every command, from its first sending to its answer and to each screen that is told.
#[derive(Debug, Default)]
pub struct Stopwatch(Mutex<Times>);

#[derive(Debug, Default)]
struct Times {
    boards: BTreeSet<ScreenNo>,
    updates: HashMap<MutationId, Update>,
}

#[derive(Debug)]
struct Update {
    sender: ScreenNo,
    sent_at: Instant,
    accepted_after: Option<Duration>,
    /// Each arrival at another screen; one that was known already is a second one.
    arrivals: Vec<(ScreenNo, Duration)>,
}

/// What was timed.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Commands that were accepted.
    pub accepted: usize,
    /// From a tap to the server's word.
    pub answers: Spread,
    /// From a tap to the other phones of the table.
    pub phones: Spread,
    /// From a tap to the house's boards, which gather what comes within some tens of milliseconds.
    pub boards: Spread,
    /// Accepted commands that did not arrive exactly once at so many phones and boards.
    pub not_exactly_once: usize,
}

impl Stopwatch {
    /// That screen is a board of the house.
    pub fn is_board(&self, screen: ScreenNo) {
        self.times().boards.insert(screen);
    }

    /// What was timed, where each update is due at so many other phones and boards.
    pub fn measured(&self, phones_due: usize, boards_due: usize) -> Measured {
        let times = self.times();
        let (mut answers, mut phones, mut boards) = (Vec::new(), Vec::new(), Vec::new());
        let mut not_exactly_once = 0;
        for update in times.updates.values() {
            let Some(accepted_after) = update.accepted_after else { continue };
            answers.push(accepted_after);
            let (at_boards, at_phones): (Vec<_>, Vec<_>) =
                update.arrivals.iter().partition(|(screen, _)| times.boards.contains(screen));
            let screens: BTreeSet<ScreenNo> = update.arrivals.iter().map(|(screen, _)| *screen).collect();
            let once = screens.len() == update.arrivals.len();
            not_exactly_once += usize::from(!(once && at_phones.len() == phones_due && at_boards.len() == boards_due));
            phones.extend(at_phones.into_iter().map(|(_, after)| after));
            boards.extend(at_boards.into_iter().map(|(_, after)| after));
        }
        let accepted = answers.len();
        let [answers, phones, boards] = [answers, phones, boards].map(Spread::of);
        Measured { accepted, answers, phones, boards, not_exactly_once }
    }

    /// From a tap to its answer, of what was sent then and accepted whenever.
    pub fn answers(&self, sent: &Range<Instant>) -> Spread {
        let times = self.times();
        let then = times.updates.values().filter(|update| sent.contains(&update.sent_at));
        Spread::of(then.filter_map(|update| update.accepted_after).collect())
    }

    /// From a tap to its first arrival at each other screen that `fits` the sender's, of what was sent then.
    pub fn arrivals(&self, sent: &Range<Instant>, fits: impl Fn(ScreenNo, ScreenNo) -> bool) -> Spread {
        let times = self.times();
        let then = times.updates.values().filter(|update| sent.contains(&update.sent_at));
        let arrivals = then.flat_map(|update| {
            let mut known = BTreeSet::new();
            let first = update.arrivals.iter().filter(move |(screen, _)| known.insert(*screen));
            first.filter(|(screen, _)| fits(update.sender, *screen)).map(|(_, after)| *after)
        });
        Spread::of(arrivals.collect())
    }

    /// Whether every accepted command has arrived at so many other screens.
    pub fn all_arrived(&self, screens_due: usize) -> bool {
        self.times().updates.values().all(|update| update.accepted_after.is_none() || update.arrivals.len() >= screens_due)
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Witness for Stopwatch {
    fn sending(&self, screen: ScreenNo, ask: &Ask, at: Instant) {
        let new = || Update { sender: screen, sent_at: at, accepted_after: None, arrivals: Vec::new() };
        self.times().updates.entry(ask.mutation).or_insert_with(new);
    }

    fn answered(&self, _: ScreenNo, ask: &Ask, answer: &Answer, at: Instant) {
        if let Answer::Accepted { .. } = answer
            && let Some(update) = self.times().updates.get_mut(&ask.mutation)
        {
            update.accepted_after = Some(at.duration_since(update.sent_at));
        }
    }

    fn arrived(&self, screen: ScreenNo, _: &StreamId, event: &Arrived, at: Instant) {
        if let Some(update) = self.times().updates.get_mut(&event.mutation)
            && update.sender != screen
            && !matches!(event.arrival, Arrival::Gap { .. })
        {
            update.arrivals.push((screen, at.duration_since(update.sent_at)));
        }
    }
}

/// How durations are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: usize,
    /// Half are shorter.
    pub p50: Duration,
    /// All but 5 % are shorter.
    pub p95: Duration,
    /// All but 1 % are shorter.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

impl Spread {
    /// Of these durations (nearest rank); all zero for none.
    pub fn of(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        let rank = |percent: usize| {
            let nth = (durations.len() * percent).div_ceil(100).saturating_sub(1);
            durations.get(nth).copied().unwrap_or_default()
        };
        Self { count: durations.len(), p50: rank(50), p95: rank(95), p99: rank(99), max: rank(100) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |duration: Duration| duration.as_secs_f64() * 1_000.0;
        write!(
            f,
            "{:>8} times   p50 {:>7.1} ms   p95 {:>7.1} ms   p99 {:>7.1} ms   max {:>7.1} ms",
            self.count,
            ms(self.p50),
            ms(self.p95),
            ms(self.p99),
            ms(self.max)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_by_nearest_rank() {
        let ms = Duration::from_millis;
        let spread = Spread::of((1..=200).rev().map(ms).collect());
        assert_eq!(spread, Spread { count: 200, p50: ms(100), p95: ms(190), p99: ms(198), max: ms(200) });
        assert_eq!(Spread::of(vec![ms(7)]).p50, ms(7));
        assert_eq!(Spread::of(Vec::new()).max, Duration::ZERO);
    }
}
