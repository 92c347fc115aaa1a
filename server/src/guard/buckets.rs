//! Rate limits: buckets of tokens that fill with time, by whatever is counted.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often at most it is looked which buckets are full again: it takes as long as there are buckets.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// How many tokens a bucket holds, and how many come to it each second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// In one go.
    pub burst: f64,
    /// In the long run.
    pub per_second: f64,
}

/// A bucket of tokens.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub const fn full(rate: Rate, now: Instant) -> Self {
        Self { tokens: rate.burst, filled_at: now }
    }

    /// Takes so many, if there are as many.
    pub fn take(&mut self, rate: Rate, count: f64, now: Instant) -> bool {
        self.fill(rate, now);
        let may = self.tokens >= count;
        if may {
            self.tokens -= count;
        }
        may
    }

    /// Takes so many even where there are fewer, as long as there is one: who comes next waits until it is made up for.
    /// For what has a size that is known too late.
    pub fn take_in_advance(&mut self, rate: Rate, count: f64, now: Instant) -> bool {
        let may = self.take(rate, 1.0, now);
        if may {
            self.tokens -= count - 1.0;
        }
        may
    }

    /// Puts so many back that were taken.
    pub fn give_back(&mut self, rate: Rate, count: f64) {
        self.tokens = (self.tokens + count).min(rate.burst);
    }

    fn is_full(&self, rate: Rate, now: Instant) -> bool {
        self.tokens + since(self.filled_at, now) * rate.per_second >= rate.burst
    }

    fn fill(&mut self, rate: Rate, now: Instant) {
        self.tokens = (self.tokens + since(self.filled_at, now) * rate.per_second).min(rate.burst);
        self.filled_at = now;
    }
}

fn since(earlier: Instant, now: Instant) -> f64 {
    now.saturating_duration_since(earlier).as_secs_f64()
}

/// A bucket for each key. A full one is not remembered: it is what a stranger has.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    /// How many are remembered at most. Where there is no room, strangers have nothing to take.
    most: usize,
    known: Mutex<Known<K>>,
}

#[derive(Debug)]
struct Known<K> {
    by_key: HashMap<K, Bucket>,
    swept_at: Option<Instant>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// At most so many buckets of that rate.
    pub fn new(rate: Rate, most: usize) -> Self {
        Self { rate, most, known: Mutex::new(Known { by_key: HashMap::new(), swept_at: None }) }
    }

    /// Takes one of the key's tokens, if there is one.
    pub fn take(&self, key: K) -> bool {
        self.take_at(key, Instant::now())
    }

    /// Takes so many of the key's tokens even where there are fewer, as long as there is one.
    pub fn take_in_advance(&self, key: K, count: f64) -> bool {
        let now = Instant::now();
        self.with(key, now, |bucket, rate| bucket.take_in_advance(rate, count, now))
    }

    /// Puts one back.
    pub fn give_back(&self, key: &K) {
        if let Some(bucket) = self.lock().by_key.get_mut(key) {
            bucket.give_back(self.rate, 1.0);
        }
    }

    fn take_at(&self, key: K, now: Instant) -> bool {
        self.with(key, now, |bucket, rate| bucket.take(rate, 1.0, now))
    }

    fn with(&self, key: K, now: Instant, take: impl FnOnce(&mut Bucket, Rate) -> bool) -> bool {
        let mut known = self.lock();
        if let Some(bucket) = known.by_key.get_mut(&key) {
            return take(bucket, self.rate);
        }
        let is_full = |known: &Known<K>| known.by_key.len() >= self.most;
        if is_full(&known) && known.swept_at.is_none_or(|at| now.saturating_duration_since(at) >= SWEEP_EVERY) {
            known.by_key.retain(|_, bucket| !bucket.is_full(self.rate, now));
            known.swept_at = Some(now);
        }
        if is_full(&known) {
            return false;
        }
        let mut bucket = Bucket::full(self.rate, now);
        let may = take(&mut bucket, self.rate);
        known.by_key.insert(key, bucket);
        may
    }

    fn lock(&self) -> MutexGuard<'_, Known<K>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tokens of several buckets that are taken for one thing: all of them, or none. None is put back by itself, since what they
/// were taken for may go on although nobody waits for it any more.
#[must_use]
pub struct Tokens<'a>(Vec<Box<dyn FnOnce() + Send + 'a>>);

impl<'a> Tokens<'a> {
    /// Nothing was taken yet.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// One of the key's tokens more. Where there is none, those that were taken before are put back.
    pub fn and<K: Eq + Hash + Clone + Send + 'a>(mut self, buckets: &'a Buckets<K>, key: K) -> Option<Self> {
        if !buckets.take(key.clone()) {
            self.put_back();
            return None;
        }
        self.0.push(Box::new(move || buckets.give_back(&key)));
        Some(self)
    }

    /// What they were taken for did not happen, or costs nothing.
    pub fn put_back(self) {
        self.0.into_iter().for_each(|put_back| put_back());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RATE: Rate = Rate { burst: 60.0, per_second: 30.0 };

    #[test]
    fn a_flood_is_stopped_and_a_person_is_not() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        assert_eq!((0..1_000).filter(|_| bucket.take(RATE, 1.0, start)).count(), 60);
        let mut bucket = Bucket::full(RATE, start);
        assert!((0..1_000).all(|i| bucket.take(RATE, 1.0, start + Duration::from_millis(i * 100))));
    }

    #[test]
    fn what_was_taken_in_advance_is_made_up_for() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        assert!(bucket.take_in_advance(RATE, 120.0, start));
        assert!(!bucket.take_in_advance(RATE, 1.0, start + Duration::from_millis(1_900)));
        assert!(bucket.take_in_advance(RATE, 1.0, start + Duration::from_millis(2_100)));
    }

    #[test]
    fn keys_that_come_in_masses_are_not_remembered_without_end_and_get_nothing() {
        let start = Instant::now();
        let buckets = Buckets::new(Rate { burst: 2.0, per_second: 1.0 }, 100);
        assert!((0..100).all(|key| buckets.take_at(key, start)));
        assert!((100..10_000).all(|key| !buckets.take_at(key, start)), "what is full fails closed");
        assert!(buckets.take_at(7, start) && !buckets.take_at(7, start), "who is known goes on");
        assert_eq!(buckets.lock().by_key.len(), 100);
        // Whoever has not taken anything for long is what a stranger is.
        assert!(buckets.take_at(100, start + Duration::from_secs(5)));
        assert_eq!(buckets.lock().by_key.len(), 1);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let buckets = Buckets::new(Rate { burst: 1.0, per_second: 0.0 }, 1);
        assert!(buckets.take("ana") && !buckets.take("ana"));
        buckets.give_back(&"ana");
        assert!(buckets.take("ana"));
    }

    #[test]
    fn of_several_buckets_all_give_one_or_none_does() {
        let one_each = || Buckets::new(Rate { burst: 1.0, per_second: 0.0 }, 10);
        let (rooms, tables) = (one_each(), one_each());
        let both = |room, table| Tokens::none().and(&rooms, room)?.and(&tables, table);
        let first = both("a", "x").expect("there is one of each");
        assert!(both("b", "x").is_none());
        assert!(both("b", "y").is_some(), "the token that was in vain is where it was");
        first.put_back();
        assert!(both("a", "x").is_some());
    }
}
