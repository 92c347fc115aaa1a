//! What a log must do for many callers at once.

use domain::StreamId;
use futures::future::try_join_all;

use super::words::{all, append, commit, done, equal, event, numbered, one, seating, tasca, texts};
use super::{Check, Log, Maker};
use crate::log::{Commit, Encoded, LogError};

/// How many race.
const WRITERS: u64 = 16;

/// How many events each of them must get in.
const EACH: u64 = 20;

/// Reads, decides, commits, and does so again after a conflict, as the service does.
///
/// Whoever loses has lost to somebody who won, so nobody needs more attempts than there are commits.
async fn retry(log: &Log, streams: &[StreamId], decide: impl Fn(&[u64]) -> Commit) -> Check {
    for _ in 0..=WRITERS * EACH {
        let known = done("heads", log.heads(streams).await)?;
        let head = |stream| known.iter().find(|(name, _)| name == stream).map_or(0, |(_, version)| *version);
        let versions: Vec<u64> = streams.iter().map(head).collect();
        // Others may go first between reading and committing.
        tokio::task::yield_now().await;
        match log.commit(decide(&versions)).await {
            Err(LogError::Conflict) => {}
            other => return done("committing", other),
        }
    }
    Err("more conflicts than there are commits to lose to".to_owned())
}

async fn spawn_all<T>(tasks: impl Iterator<Item = T>) -> Check
where
    T: Future<Output = Check> + Send + 'static,
{
    let tasks: Vec<_> = tasks.map(tokio::spawn).collect();
    let ended = try_join_all(tasks).await.map_err(|panic| panic.to_string())?;
    ended.into_iter().collect()
}

pub(super) async fn racing_writers_each_win_their_own_versions(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let stream = seating(1);
    spawn_all((0..WRITERS).map(|writer| {
        let (log, stream) = (log.clone(), stream.clone());
        async move {
            for n in 0..EACH {
                let decide = |at: &[u64]| one(&stream, at[0], vec![decided(writer, n, at[0] + 1)]);
                retry(&log, std::slice::from_ref(&stream), decide).await?;
            }
            Ok(())
        }
    }))
    .await?;

    equal("the head", done("heads", log.heads(std::slice::from_ref(&stream)).await)?, vec![(stream.clone(), WRITERS * EACH)])?;
    let mut next = [0; WRITERS as usize];
    for (found, version) in all(&log, &stream).await?.into_iter().zip(1..) {
        let (writer, n, decided_for): (u64, u64, u64) = serde_json::from_str(&found).map_err(|error| error.to_string())?;
        equal("the version an event was decided for, and its place", decided_for, version)?;
        equal(&format!("the next event of writer {writer}"), n, next[writer as usize])?;
        next[writer as usize] += 1;
    }
    equal("what each writer was told is saved", next, [EACH; WRITERS as usize])
}

/// The writer's `n`th event, decided when the stream was one short of `version`.
fn decided(writer: u64, n: u64, version: u64) -> Encoded {
    event(&format!("[{writer}, {n}, {version}]"))
}

pub(super) async fn busy_streams_do_not_disturb_each_other(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let streams = 64;
    spawn_all((0..streams).map(|n| {
        let (log, stream) = (log.clone(), seating(n));
        async move {
            for version in 0..EACH {
                done("nobody else writes here", log.commit(one(&stream, version, numbered(&n.to_string(), [version]))).await)?;
                let seen = done("reading what was just acknowledged", log.read(&stream, version).await)?;
                equal("it", texts(&seen), texts(&numbered(&n.to_string(), [version])))?;
            }
            Ok(())
        }
    }))
    .await?;
    for n in 0..streams {
        equal("a stream", all(&log, &seating(n)).await?, texts(&numbered(&n.to_string(), 0..EACH)))?;
    }
    Ok(())
}

pub(super) async fn racing_commits_of_several_streams_stay_whole(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let floor = StreamId::Floor(tasca());
    spawn_all((0..WRITERS).map(|writer| {
        let (log, floor) = (log.clone(), floor.clone());
        // Two writers share each seating; all of them share the floor.
        let stay = seating(u128::from(writer / 2));
        async move {
            for n in 0..EACH / 2 {
                let told = event(&format!("\"{stay} by {writer}: {n}\""));
                let decide =
                    |at: &[u64]| commit([append(&stay, at[0], vec![told.clone()]), append(&floor, at[1], vec![told.clone()])]);
                retry(&log, &[stay.clone(), floor.clone()], decide).await?;
            }
            Ok(())
        }
    }))
    .await?;

    let on_the_floor = all(&log, &floor).await?;
    equal("what the floor tells", on_the_floor.len() as u64, WRITERS * EACH / 2)?;
    for n in 0..u128::from(WRITERS / 2) {
        let stay = seating(n);
        let of_it = on_the_floor.iter().filter(|event| event.contains(&format!("\"{stay} by"))).cloned().collect();
        equal("a seating and what the floor tells of it", all(&log, &stay).await?, of_it)?;
    }
    Ok(())
}
