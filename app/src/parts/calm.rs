//! The second tap of a double tap. What was tapped has gone, and what stood below it lies under the finger: that was not
//! meant.

use domain::Time;
use leptos::prelude::*;

/// How long after a tap that moved things another one counts for nothing, in ms.
const MOVES_FOR_MS: u64 = 600;

/// Tells taps that were meant from those that follow one too soon. Copied freely: it is a handle.
#[derive(Debug, Clone, Copy)]
pub struct Calm {
    moved_at: StoredValue<Time>,
}

impl Default for Calm {
    fn default() -> Self {
        Self { moved_at: StoredValue::new(Time(0)) }
    }
}

impl Calm {
    /// Whether nothing has moved under the finger just now.
    pub fn is_meant(self, now: Time) -> bool {
        is_calm(self.moved_at.get_value(), now)
    }

    /// The same of a tap that moves things itself.
    pub fn moves(self, now: Time) -> bool {
        let is_meant = self.is_meant(now);
        if is_meant {
            self.moved_at.set_value(now);
        }
        is_meant
    }
}

/// A clock that was set back makes nobody wait.
fn is_calm(moved_at: Time, now: Time) -> bool {
    now < moved_at || now.ms_since(moved_at) >= MOVES_FOR_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_tap_too_soon_is_none() {
        let moved = Time(10_000);
        assert_eq!([10_000, 10_250, 10_599, 10_600, 9_000].map(|ms| is_calm(moved, Time(ms))), [false, false, false, true, true]);
    }
}
