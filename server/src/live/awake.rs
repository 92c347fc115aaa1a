//! Noticing that this process was frozen: suspended with its machine, or starved; and that the machine's clock was set.
//!
//! Where it was frozen, its screens have gone to other servers meanwhile and asked there again what they had asked here.
//! What still lies in their sockets is old: were it executed now, a command could take effect that its sender was told
//! elsewhere to have been refused. So whoever was connected before is let go, and asks anew.
//!
//! Where the clock was set, screens reckon ages by the old one until they are told the new.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{Live, hello};
use crate::clock;

/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A clock that has moved by so much more or less than the time that has passed was set; one that runs a little fast or
/// slow, or is slewed by NTP, was not.
const SET_FROM: Duration = Duration::from_millis(500);

/// Knows whether this process has run all the time.
#[derive(Debug)]
pub(super) struct Awake {
    /// Whoever has not looked for so long was frozen.
    frozen_after: Duration,
    /// When the clock was last looked at, in ms since the machine was started.
    looked_ms: AtomicU64,
    /// How often it was frozen.
    times: AtomicU64,
    /// The wall clock less the time since the machine was started, in ms, when it was last looked at.
    offset_ms: AtomicI64,
}

/// Time that has passed since the machine was started, in ms; also while it slept.
fn running_ms() -> u64 {
    #[cfg(target_os = "linux")]
    let clock = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(clock);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000 + u64::try_from(time.tv_nsec).unwrap_or(0) / 1_000_000
}

fn offset_ms(wall_ms: u64, running_ms: u64) -> i64 {
    wall_ms.cast_signed().wrapping_sub(running_ms.cast_signed())
}

impl Awake {
    /// From now on. A screen leaves after `leaves_after` without a heartbeat; it is noticed some time before that.
    pub(super) fn new(leaves_after: Duration) -> Self {
        Self::begun(leaves_after, running_ms(), clock::now().0)
    }

    fn begun(leaves_after: Duration, running_ms: u64, wall_ms: u64) -> Self {
        Self {
            frozen_after: leaves_after * 3 / 4,
            looked_ms: AtomicU64::new(running_ms),
            times: AtomicU64::new(0),
            offset_ms: AtomicI64::new(offset_ms(wall_ms, running_ms)),
        }
    }

    /// Looks at the clocks again and again, as long as there is a live channel. Screens are told of a clock that was set.
    pub(super) async fn watch(self: Arc<Self>, live: Weak<Live>) {
        while let Some(live) = live.upgrade() {
            self.times_frozen();
            if let Some(by_ms) = self.was_set(running_ms(), clock::now().0) {
                tracing::warn!(by_ms, "the clock of this machine was set: screens are told the new time");
                live.delivery.each(|socket, who| hello::welcome(&live, socket, who));
            }
            drop(live);
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// How often this process was frozen until now, this very moment included.
    pub(super) fn times_frozen(&self) -> u64 {
        self.times_frozen_at(running_ms())
    }

    fn times_frozen_at(&self, now_ms: u64) -> u64 {
        let looked_ms = self.looked_ms.fetch_max(now_ms, SeqCst);
        let gap = Duration::from_millis(now_ms.saturating_sub(looked_ms));
        if gap < self.frozen_after {
            return self.times.load(SeqCst);
        }
        tracing::warn!(?gap, "this server was frozen: its screens are let go, and ask anew");
        self.times.fetch_add(1, SeqCst) + 1
    }

    /// By how much the wall clock was set since it was last looked at, if it was, in ms.
    fn was_set(&self, running_ms: u64, wall_ms: u64) -> Option<i64> {
        let now = offset_ms(wall_ms, running_ms);
        let by_ms = now.wrapping_sub(self.offset_ms.swap(now, SeqCst));
        (u128::from(by_ms.unsigned_abs()) >= SET_FROM.as_millis()).then_some(by_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_in_the_clock_is_noticed_once_by_whoever_looks_first() {
        let awake = Awake::begun(Duration::from_secs(4), 0, 0);
        assert_eq!([100, 350, 3_300].map(|ms| awake.times_frozen_at(ms)), [0, 0, 0]);
        assert_eq!([18_300, 18_301, 18_550].map(|ms| awake.times_frozen_at(ms)), [1, 1, 1]);
        // Whoever looked at the clock before, and comes late, has seen nothing.
        assert_eq!(awake.times_frozen_at(18_000), 1);
        assert_eq!(awake.times_frozen_at(40_000), 2);
    }

    #[test]
    fn a_clock_that_was_set_is_told_from_one_that_runs() {
        let awake = Awake::begun(Duration::from_secs(4), 1_000, 500_000);
        assert_eq!(awake.was_set(2_000, 501_000), None);
        assert_eq!(awake.was_set(3_000, 502_010), None, "a little fast");
        assert_eq!(awake.was_set(4_000, 3_603_010), Some(3_100_000));
        assert_eq!(awake.was_set(5_000, 3_604_010), None, "once");
        assert_eq!(awake.was_set(6_000, 5_010), Some(-3_600_000));
        // While the machine slept, both clocks went on.
        assert_eq!(awake.was_set(7_206_000, 7_205_010), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_clock_goes_on_while_the_machine_sleeps() {
        let told = std::fs::read_to_string("/proc/uptime").expect("Linux tells it");
        let uptime_s: f64 = told.split(' ').next().and_then(|text| text.parse().ok()).expect("a number");
        // What /proc/uptime tells includes sleep.
        assert!((running_ms() as f64 / 1_000.0 - uptime_s).abs() < 5.0);
    }
}
