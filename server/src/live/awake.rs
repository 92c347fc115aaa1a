//! Noticing that this process was frozen: suspended with its machine, or starved.
//!
//! Its screens have gone to other servers meanwhile and asked there again what they had asked here. What still lies
//! in their sockets is old: were it executed now, a command could take effect that its sender was told elsewhere to
//! have been refused. So whoever was connected before is let go, and asks anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// How often the clock is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Knows whether this process has run all the time.
#[derive(Debug)]
pub(super) struct Awake {
    since: Instant,
    /// Who has not looked for so long was frozen.
    frozen_after: Duration,
    /// When the clock was last looked at, in ms after `since`.
    looked_ms: AtomicU64,
    /// How often it was frozen.
    times: AtomicU64,
}

impl Awake {
    /// From now on. A screen leaves after `leaves_after` without a heartbeat; it is noticed some time before that.
    pub(super) fn new(leaves_after: Duration) -> Self {
        let frozen_after = leaves_after * 3 / 4;
        Self { since: Instant::now(), frozen_after, looked_ms: AtomicU64::new(0), times: AtomicU64::new(0) }
    }

    /// Looks at the clock again and again, as long as somebody else wants to know.
    pub(super) async fn watch(self: Arc<Self>) {
        while Arc::strong_count(&self) > 1 {
            self.times_frozen();
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// How often this process was frozen until now, this very moment included.
    pub(super) fn times_frozen(&self) -> u64 {
        self.times_frozen_at(u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX))
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_in_the_clock_is_noticed_once_by_whoever_looks_first() {
        let awake = Awake::new(Duration::from_secs(4));
        assert_eq!([100, 350, 3_300].map(|ms| awake.times_frozen_at(ms)), [0, 0, 0]);
        assert_eq!([18_300, 18_301, 18_550].map(|ms| awake.times_frozen_at(ms)), [1, 1, 1]);
        // Whoever looked at the clock before, and comes late, has seen nothing.
        assert_eq!(awake.times_frozen_at(18_000), 1);
        assert_eq!(awake.times_frozen_at(40_000), 2);
    }
}
