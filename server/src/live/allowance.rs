//! How much one screen may ask: a bucket of tokens that fills with time.

use std::time::Instant;

/// How many commands a screen may send in one go.
const BURST: f64 = 60.0;
/// How many commands a screen may send each second in the long run: more than a person can tap.
const PER_SECOND: f64 = 30.0;

/// What is left of one screen's allowance.
#[derive(Debug)]
pub(super) struct Allowance {
    tokens: f64,
    filled_at: Instant,
}

impl Allowance {
    pub(super) fn full(now: Instant) -> Self {
        Self { tokens: BURST, filled_at: now }
    }

    /// Takes one, if there is one.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + since * PER_SECOND).min(BURST);
        self.filled_at = now;
        let may = self.tokens >= 1.0;
        if may {
            self.tokens -= 1.0;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_flood_is_stopped_and_a_person_is_not() {
        let start = Instant::now();
        let mut allowance = Allowance::full(start);
        assert_eq!((0..1_000).filter(|_| allowance.take(start)).count(), BURST as usize);
        let mut allowance = Allowance::full(start);
        assert!((0..1_000).all(|i| allowance.take(start + Duration::from_millis(i * 100))));
    }
}
