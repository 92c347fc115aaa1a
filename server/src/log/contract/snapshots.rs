//! What a log must do with the snapshots that are kept beside it.

use domain::{StreamId, Version};

use super::words::{all, done, equal, event, numbered, one, tasca, texts};
use super::{Check, Log, Maker};
use crate::log::{SNAPSHOT_OF_OTHERS_KEPT, Snapshot};

fn floor() -> StreamId {
    StreamId::Floor(tasca())
}

/// A snapshot of the floor, which tells itself from others by rules and version.
fn snapshot(rules: &str, version: Version) -> Snapshot {
    let state = event(&format!("{{ \"by\": \"{rules}\",  \"at\": {version} }}"));
    Snapshot { stream: floor(), rules: rules.into(), version, state }
}

async fn keep(log: &Log, rules: &str, version: Version) -> Check {
    done("keeping a snapshot", log.keep(snapshot(rules, version)).await)
}

/// Gives back this one, whole, and none where there is no version.
async fn gives(log: &Log, rules: &str, version: impl Into<Option<Version>>) -> Check {
    let found = done("asking for a snapshot", log.snapshot(&floor(), rules).await)?;
    let found = found.map(|found| (found.stream.clone(), found.rules.to_string(), found.version, found.state.get().to_owned()));
    let due = version.into().map(|version| {
        let due = snapshot(rules, version);
        (due.stream.clone(), due.rules.to_string(), version, due.state.get().to_owned())
    });
    equal(&format!("the snapshot by {rules}"), found, due)
}

async fn with_events(log: &Log, before: Version, events: u64) -> Check {
    done("appending", log.commit(one(&floor(), before, numbered("floor", 0..events))).await)
}

pub(super) async fn the_newest_snapshot_by_the_same_rules_is_kept(maker: &dyn Maker) -> Check {
    let mut log = maker.fresh().await;
    gives(&log, "ours", None).await?;
    let mut version = 0;
    while version < SNAPSHOT_OF_OTHERS_KEPT + 100 {
        with_events(&log, version, 1_000).await?;
        version += 1_000;
    }
    keep(&log, "older", 5).await?;
    keep(&log, "ours", 10).await?;
    gives(&log, "older", 5).await?;
    // Beside its own, each keeps the furthest alone: a third is of a release that nobody runs any more.
    keep(&log, "theirs", 20).await?;
    gives(&log, "older", None).await?;
    gives(&log, "ours", 10).await?;
    gives(&log, "theirs", 20).await?;
    gives(&log, "nobody's", None).await?;
    keep(&log, "ours", 30).await?;
    keep(&log, "ours", 29).await?;
    gives(&log, "ours", 30).await?;
    if let Some(again) = maker.reopen(log.clone()).await {
        log = again;
        gives(&log, "ours", 30).await?;
    }
    // Two are in use for a while; then nobody asks for the older one any more.
    gives(&log, "theirs", 20).await?;
    keep(&log, "ours", 20 + SNAPSHOT_OF_OTHERS_KEPT).await?;
    gives(&log, "theirs", 20).await?;
    keep(&log, "ours", 21 + SNAPSHOT_OF_OTHERS_KEPT).await?;
    gives(&log, "theirs", None).await?;
    gives(&log, "ours", 21 + SNAPSHOT_OF_OTHERS_KEPT).await
}

pub(super) async fn no_snapshot_is_beyond_its_stream(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    keep(&log, "ours", 1).await?;
    gives(&log, "ours", None).await?;
    with_events(&log, 0, 5).await?;
    keep(&log, "ours", 6).await?;
    gives(&log, "ours", None).await?;
    keep(&log, "ours", 5).await?;
    gives(&log, "ours", 5).await
}

pub(super) async fn a_snapshot_changes_no_stream(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    with_events(&log, 0, 5).await?;
    keep(&log, "ours", 5).await?;
    equal("the floor", all(&log, &floor()).await?, texts(&numbered("floor", 0..5)))?;
    equal("its head", done("heads", log.heads(&[floor()]).await)?, vec![(floor(), 5)])?;
    with_events(&log, 5, 1).await?;
    gives(&log, "ours", 5).await
}
