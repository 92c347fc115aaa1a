//! What a log must do for one caller.

use std::collections::HashMap;

use domain::StreamId;

use super::words::{all, append, commit, done, equal, event, numbered, one, seating, tasca, texts, venue};
use super::{Check, Maker};
use crate::log::{COMMIT_MAX_APPENDS, COMMIT_MAX_EVENTS, Commit, LogError, READ_LIMIT, Several};

pub(super) async fn what_is_appended_reads_back_as_it_was(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let stream = seating(1);
    let events = [
        r#"{"e":"plain"}"#,
        r#"{ "spaces" :  [ 1 , 2 ] }"#,
        "{\n\t\"lines\": true\r\n}",
        r#"{"digits":1.0,"big":12345678901234567890123,"exp":1E2}"#,
        r#"{"words":"Água com gás 日本 🍷 e\u0301 \u0000 \ud83c\udf77 \\ \" / \/ '; DROP TABLE events --"}"#,
        r#"{"b":1,"a":2,"b":3}"#,
        r#""""#,
        "null",
    ];
    done("appending", log.commit(one(&stream, 0, events[..3].iter().map(|e| event(e)).collect())).await)?;
    done("appending more", log.commit(one(&stream, 3, events[3..].iter().map(|e| event(e)).collect())).await)?;
    equal("the stream", texts(&done("reading", log.read(&stream, 0).await)?), events.map(str::to_owned).to_vec())
}

pub(super) async fn what_never_was_reads_as_nothing(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    equal("events", done("reading", log.read(&seating(1), 0).await)?.len(), 0)?;
    equal("heads", done("heads", log.heads(&[seating(1), StreamId::Floor(tasca())]).await)?, vec![])?;
    equal("no heads", done("heads", log.heads(&[]).await)?, vec![])?;
    equal("venues", done("venues", log.venues().await)?, vec![])
}

pub(super) async fn a_stale_version_conflicts_and_changes_nothing(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let stream = seating(1);
    done("appending", log.commit(one(&stream, 0, numbered("first", 1..=3))).await)?;
    for stale in 0..3 {
        let refused = log.commit(one(&stream, stale, numbered("late", [1]))).await;
        equal("a commit at a stale version", refused, Err(LogError::Conflict))?;
    }
    equal("the stream", all(&log, &stream).await?, texts(&numbered("first", 1..=3)))?;
    done("appending at the right version", log.commit(one(&stream, 3, numbered("first", [4]))).await)?;
    equal("the stream", all(&log, &stream).await?, texts(&numbered("first", 1..=4)))
}

pub(super) async fn a_version_too_high_conflicts_and_changes_nothing(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let (new, old) = (seating(1), seating(2));
    done("appending", log.commit(one(&old, 0, numbered("old", [1]))).await)?;
    for too_high in [2, 3, u64::from(u32::MAX), i64::MAX as u64, u64::MAX] {
        for stream in [&new, &old] {
            let refused = log.commit(one(stream, too_high, numbered("early", [1]))).await;
            equal("a commit at a version too high", refused, Err(LogError::Conflict))?;
        }
    }
    equal("a stream that never began", all(&log, &new).await?, vec![])?;
    equal("its head", done("heads", log.heads(std::slice::from_ref(&new)).await)?, vec![])?;
    equal("the old stream", all(&log, &old).await?, texts(&numbered("old", [1])))
}

pub(super) async fn several_streams_happen_together_or_not_at_all(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let (floor, first, second) = (StreamId::Floor(tasca()), seating(1), seating(2));
    let opening = commit([append(&floor, 0, numbered("floor", 1..=2)), append(&first, 0, numbered("first", [1]))]);
    done("two streams at once", log.commit(opening).await)?;

    // The one that conflicts comes first, last and in the middle.
    let good = || append(&second, 0, numbered("second", [1]));
    let stale = || append(&floor, 1, numbered("late", [1]));
    let also_good = || append(&first, 1, numbered("first", [2]));
    for appends in [[stale(), good(), also_good()], [good(), stale(), also_good()], [good(), also_good(), stale()]] {
        equal("a commit of which one stream has moved on", log.commit(commit(appends)).await, Err(LogError::Conflict))?;
        equal("the floor", all(&log, &floor).await?, texts(&numbered("floor", 1..=2)))?;
        equal("the first seating", all(&log, &first).await?, texts(&numbered("first", [1])))?;
        equal("the second seating", all(&log, &second).await?, vec![])?;
    }
    done("the same without the stale one", log.commit(commit([good(), also_good()])).await)?;
    equal("the second seating", all(&log, &second).await?, texts(&numbered("second", [1])))
}

pub(super) async fn what_no_log_can_take_is_refused(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let stream = seating(1);
    done("appending", log.commit(one(&stream, 0, numbered("right", [1]))).await)?;
    let next = || append(&stream, 1, numbered("wrong", [2]));
    let elsewhere = venue("marisqueira");
    let malformed = [
        ("of nothing", commit([])),
        ("with an empty append", commit([next(), append(&seating(2), 0, vec![])])),
        ("that names a stream twice", commit([next(), append(&stream, 2, numbered("wrong", [3]))])),
        ("for a floor of another venue", commit([next(), append(&StreamId::Floor(elsewhere.clone()), 0, numbered("f", [1]))])),
        ("for a seating of another venue", Commit { venue: elsewhere, appends: vec![next()] }),
        (
            "of too many streams",
            commit((0..=COMMIT_MAX_APPENDS as u128).map(|n| append(&seating(9 + n), 0, numbered("s", [1]))).collect::<Vec<_>>()),
        ),
        ("of too many events", one(&stream, 1, numbered("wrong", 0..=COMMIT_MAX_EVENTS as u64))),
    ];
    for (what, commit) in malformed {
        match log.commit(commit).await {
            Err(LogError::Malformed(_)) => {}
            other => return Err(format!("a commit {what}: {other:?}")),
        }
    }
    equal("the stream", all(&log, &stream).await?, texts(&numbered("right", [1])))?;
    equal("venues", done("venues", log.venues().await)?, vec![tasca()])
}

pub(super) async fn a_long_stream_is_read_page_by_page(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let stream = seating(1);
    let end = READ_LIMIT as u64 + 5;
    let mut version = 0;
    while version < end {
        let to = end.min(version + COMMIT_MAX_EVENTS as u64);
        done("appending", log.commit(one(&stream, version, numbered("long", version + 1..=to))).await)?;
        version = to;
    }
    // A neighbour's events must not slip into a page.
    done("appending", log.commit(one(&seating(2), 0, numbered("other", [1]))).await)?;

    let due = |range: std::ops::RangeInclusive<u64>| texts(&numbered("long", range));
    let page = READ_LIMIT as u64;
    for (after, range) in [(0, 1..=page), (1, 2..=page + 1), (page, page + 1..=end), (end - 1, end..=end)] {
        let found = texts(&done("reading", log.read(&stream, after).await)?);
        equal(&format!("the page after {after}"), found, due(range))?;
    }
    for beyond in [end, end + 1, i64::MAX as u64, u64::MAX] {
        equal(&format!("the page after {beyond}"), done("reading", log.read(&stream, beyond).await)?.len(), 0)?;
    }
    equal("all of it", all(&log, &stream).await?, due(1..=end))
}

pub(super) async fn several_streams_are_read_in_one_go(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    equal("none of none", done("reading", log.read_several(&[]).await)?.len(), 0)?;
    let long = READ_LIMIT as u64 / 2;
    for (stream, events) in [(1, 5), (2, 1), (4, long), (5, long), (6, 3)] {
        let mut version = 0;
        while version < events {
            let upto = events.min(version + COMMIT_MAX_EVENTS as u64);
            let some = numbered(&stream.to_string(), version..upto);
            done("appending", log.commit(one(&seating(stream), version, some)).await)?;
            version = upto;
        }
    }
    // Out of order, one that is not there, one that has no more, and more events than are told at once.
    let from: Vec<_> = [(5, 1), (1, 2), (2, 1), (3, 0), (4, 0), (6, 0)].map(|(n, after)| (seating(n), after)).to_vec();
    let (mut several, mut found) = (Several::after(from), HashMap::<_, Vec<String>>::new());
    loop {
        let pages = done("reading", several.next(&*log).await)?;
        let told: usize = pages.iter().map(|(_, events)| events.len()).sum();
        if told > READ_LIMIT || pages.iter().any(|(_, events)| events.is_empty()) {
            return Err(format!("{told} events in {} streams", pages.len()));
        }
        if pages.is_empty() {
            break;
        }
        for (stream, events) in pages {
            found.entry(stream).or_default().extend(texts(&events));
        }
    }
    let due = [(5, 1..long), (1, 2..5), (4, 0..long), (6, 0..3)];
    let due = due.map(|(n, numbers)| (seating(n), texts(&numbered(&n.to_string(), numbers))));
    equal("the streams", found, HashMap::from(due))
}

pub(super) async fn heads_are_told_in_the_order_asked(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    // Enough for more than one query, whatever a log's chunk is.
    let streams = 1_200_u64;
    let length = |n: u64| n % 3 + 1;
    for chunk in (1..=streams).collect::<Vec<_>>().chunks(COMMIT_MAX_APPENDS) {
        let appends = chunk.iter().map(|&n| append(&seating(u128::from(n)), 0, numbered("s", 1..=length(n))));
        done("appending", log.commit(commit(appends.collect::<Vec<_>>())).await)?;
    }
    let never = seating(u128::from(streams) + 1);
    let asked: Vec<_> =
        [never.clone()].into_iter().chain((1..=streams).rev().map(|n| seating(u128::from(n)))).chain([never]).collect();
    let due = (1..=streams).rev().map(|n| (seating(u128::from(n)), length(n))).collect();
    equal("heads", done("heads", log.heads(&asked).await)?, due)
}

pub(super) async fn venues_are_told_in_order(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    for (n, name) in ["tasca", "adega", "zambra", "adega", "marisqueira", "tasca"].into_iter().enumerate() {
        let append = append(&seating(n as u128), 0, numbered("s", [1]));
        done("appending", log.commit(Commit { venue: venue(name), appends: vec![append] }).await)?;
    }
    equal("venues", done("venues", log.venues().await)?, ["adega", "marisqueira", "tasca", "zambra"].map(venue).to_vec())
}

pub(super) async fn a_big_commit_is_whole(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    let menu = StreamId::Menu(tasca());
    let catalog = event(&format!("\"{}\"", "açorda ".repeat(200_000)));
    let per_stream = COMMIT_MAX_EVENTS as u64 / COMMIT_MAX_APPENDS as u64;
    let mut appends: Vec<_> =
        (1..COMMIT_MAX_APPENDS as u128).map(|n| append(&seating(n), 0, numbered(&n.to_string(), 1..=per_stream))).collect();
    appends.push(append(&menu, 0, vec![catalog.clone()]));
    done("a big commit", log.commit(commit(appends)).await)?;
    equal("the catalog", all(&log, &menu).await?, texts(&[catalog]))?;
    for n in 1..COMMIT_MAX_APPENDS as u128 {
        equal("a seating", all(&log, &seating(n)).await?, texts(&numbered(&n.to_string(), 1..=per_stream)))?;
    }
    Ok(())
}

pub(super) async fn what_was_acknowledged_is_there_after_reopening(maker: &dyn Maker) -> Check {
    let mut log = maker.fresh().await;
    let (floor, stay) = (StreamId::Floor(tasca()), seating(1));
    for round in 0..3 {
        let both = commit([
            append(&floor, round, numbered("floor", [round])),
            append(&stay, 2 * round, numbered("stay", 2 * round..2 * round + 2)),
        ]);
        done("appending", log.commit(both).await)?;
        let Some(again) = maker.reopen(log).await else { return Ok(()) };
        log = again;
        equal("the floor", all(&log, &floor).await?, texts(&numbered("floor", 0..=round)))?;
        equal("the seating", all(&log, &stay).await?, texts(&numbered("stay", 0..2 * round + 2)))?;
        equal("a stale commit", log.commit(one(&floor, round, numbered("late", [0]))).await, Err(LogError::Conflict))?;
        equal("heads", done("heads", log.heads(std::slice::from_ref(&stay)).await)?, vec![(stay.clone(), 2 * round + 2)])?;
        equal("venues", done("venues", log.venues().await)?, vec![tasca()])?;
    }
    Ok(())
}

pub(super) async fn a_log_that_works_says_so(maker: &dyn Maker) -> Check {
    let log = maker.fresh().await;
    done("checking an empty log", log.check().await)?;
    done("appending", log.commit(one(&seating(1), 0, numbered("s", [1]))).await)?;
    done("checking", log.check().await)?;
    equal("a check leaves nothing behind", done("venues", log.venues().await)?, vec![tasca()])
}
