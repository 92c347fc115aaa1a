//! What every log must do, whatever keeps its streams: [`broken_promises`] runs each check against a
//! [`Maker`] and tells which failed. `planted` shows that a log with a fault is found out.

mod planted;
mod promises;
mod racing;
mod snapshots;
pub(super) mod words;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use super::EventLog;

/// A log under test.
pub(super) type Log = Arc<dyn EventLog>;

/// What a check says: what is wrong, if anything.
type Check = Result<(), String>;

/// How long one check may take: a log that hangs fails.
const CHECK_LIMIT: Duration = Duration::from_secs(60);

/// Makes logs for the suite.
#[async_trait]
pub(super) trait Maker: Send + Sync {
    /// A log that holds nothing.
    async fn fresh(&self) -> Log;

    /// The same log closed and opened again, if it keeps anything when closed.
    async fn reopen(&self, log: Log) -> Option<Log>;
}

/// The names of the checks that a log fails, each with what is wrong; none for a log that keeps its promises.
pub(super) async fn broken_promises(maker: &dyn Maker) -> Vec<(&'static str, String)> {
    let mut broken = Vec::new();
    macro_rules! check {
        ($($room:ident :: $name:ident),* $(,)?) => {$(
            let found = timeout(CHECK_LIMIT, $room::$name(maker)).await.unwrap_or_else(|_| Err("it hangs".to_owned()));
            if let Err(wrong) = found {
                broken.push((stringify!($name), wrong));
            }
        )*};
    }
    check!(
        promises::what_is_appended_reads_back_as_it_was,
        promises::what_never_was_reads_as_nothing,
        promises::a_stale_version_conflicts_and_changes_nothing,
        promises::a_version_too_high_conflicts_and_changes_nothing,
        promises::several_streams_happen_together_or_not_at_all,
        promises::what_no_log_can_take_is_refused,
        promises::a_long_stream_is_read_page_by_page,
        promises::several_streams_are_read_in_one_go,
        snapshots::the_newest_snapshot_by_the_same_rules_is_kept,
        snapshots::no_snapshot_is_beyond_its_stream,
        snapshots::a_snapshot_changes_no_stream,
        promises::heads_are_told_in_the_order_asked,
        promises::venues_are_told_in_order,
        promises::a_big_commit_is_whole,
        promises::what_was_acknowledged_is_there_after_reopening,
        promises::a_log_that_works_says_so,
        racing::racing_writers_each_win_their_own_versions,
        racing::busy_streams_do_not_disturb_each_other,
        racing::racing_commits_of_several_streams_stay_whole,
    );
    broken
}
