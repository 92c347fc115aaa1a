//! Several servers over one log, with a real Redis between them; [`reach`] has the other ways to a Redis,
//! [`odd_log`] a log that answers late or not at all, [`house`] what all of them share.

mod house;
mod odd_log;
mod reach;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use async_trait::async_trait;
use domain::access::{Access, AccessCommand};
use domain::floor::Joining;
use domain::seating::{Coming, GuestsCommand, SeatingCommand};
use domain::visit::{Joined, Newcomer, VisitCommand};
use domain::{Actor, GuestNo, MutationId, Name, Recorded, Rejection, SeatingId, StreamId, TableId, Version};
use house::{House, Server, WITHIN, said, until};
use odd_log::OddLog;
use services::{Piece as _, Redis};
use tempfile::TempDir;
use tokio::time::sleep;
use uuid::Uuid;

use super::*;
use crate::identity::Hashing;
use crate::log::{Commit, Encoded, EventLog, LogError, MemoryLog};
use crate::service::{Command, Deliver, Refusal, Sending, Service};
use crate::venue;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_one_message_and_costs_only_those_who_show_it() -> Result<()> {
    let house = House::open().await?;
    let log = house.odd_log();
    let (one, other, idle) = (house.server()?, house.server_on(Arc::clone(&log) as _)?, house.server()?);
    one.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    idle.listens(0).await?;
    // What a comparison finds before the message is there, no message has told.
    log.hides_heads.store(true, Relaxed);

    let before = house.log_commits();
    let guest = one.join(&house.venue, &house.tables[0]).await?;
    // A party that is new is read; what comes after that is told.
    until("the other server shows it", || other.screens.version(&StreamId::Seating(guest.0)) > 0).await?;
    for n in 1..=50 {
        one.rename(&house.venue, guest, &format!("Ana {n}")).await?;
    }
    let commits = house.log_commits() - before;
    assert_eq!(commits, 51, "joining touches two streams, in one commit");
    let stream = StreamId::Seating(guest.0);
    let head = one.screens.version(&stream);
    until("the other server shows it", || other.screens.version(&stream) == head).await?;
    until("Redis has answered", || one.published() == commits).await?;
    until("every message is heard", || other.received() >= commits).await?;
    assert_eq!((other.received(), idle.received()), (commits, 0));
    assert_eq!((one.received(), other.published()), (0, 0));
    assert_eq!(other.service.stats().gaps(), 0, "nothing had to be read again");
    assert_eq!(one.bus.counts().dropped.load(Relaxed), 0);

    // Who shows nobody anything any more is told nothing any more.
    other.bus.screen_left(&house.venue);
    other.listens(0).await?;
    one.rename(&house.venue, guest, "Berta").await?;
    until("Redis has answered", || one.published() == commits + 1).await?;
    assert_eq!(other.received(), commits);
    [one, other, idle].iter().for_each(Server::assert_no_holes);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_of_one_party_can_be_at_different_servers() -> Result<()> {
    let house = House::open().await?;
    let servers = [house.server()?, house.server()?, house.server()?];
    for server in &servers {
        server.shows(&house.venue).await?;
    }
    let mut party = Vec::new();
    for server in &servers {
        party.push(server.join(&house.venue, &house.tables[3]).await?);
    }
    assert!(party.iter().all(|(seating, _)| *seating == party[0].0), "one table, one party");
    let ask = |n: usize| {
        let (server, guest, venue) = (&servers[n], party[n], &house.venue);
        async move {
            for m in 0..30 {
                server.rename(venue, guest, &format!("Guest {n} {m}")).await?;
            }
            Ok::<_, anyhow::Error>(())
        }
    };
    tokio::try_join!(ask(0), ask(1), ask(2))?;
    let stream = StreamId::Seating(party[0].0);
    let head = servers.iter().map(|server| server.screens.version(&stream)).max().context("three")?;
    for server in &servers {
        until("every server shows it", || server.screens.version(&stream) == head).await?;
        server.assert_no_holes();
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_others_are_read_from_the_log_and_with_it_again_it_goes_on_by_itself() -> Result<()> {
    let mut house = House::open().await?;
    let log = house.odd_log();
    let (one, other) = (house.server()?, house.server_on(Arc::clone(&log) as _)?);
    one.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    let guest = one.join(&house.venue, &house.tables[0]).await?;
    let stream = StreamId::Seating(guest.0);
    until("it is shown", || other.screens.version(&stream) > 0).await?;

    house.redis.kill()?;
    until("it is noticed", || !one.bus.counts().up.load(Relaxed) && !other.bus.counts().up.load(Relaxed)).await?;
    let head = one.rename(&house.venue, guest, "Ana").await?;
    assert_eq!(one.screens.version(&stream), head, "here nobody notices anything");
    until("others are late", || other.screens.version(&stream) == head).await?;
    // It is shown first, and counted then.
    until("it is counted", || other.service.stats().gaps() > 0).await?;
    // A party that nobody there has heard of is found by the floor.
    let stranger = one.join(&house.venue, &house.tables[1]).await?;
    until("it is found", || other.screens.version(&StreamId::Seating(stranger.0)) > 0).await?;
    assert!(one.bus.counts().dropped.load(Relaxed) > 0 && one.published() > 0);

    house.redis.start_again()?;
    one.listens(1).await?;
    other.listens(1).await?;
    log.hides_heads.store(true, Relaxed);
    let (gaps, received) = (other.service.stats().gaps(), other.received());
    let head = one.rename(&house.venue, guest, "Berta").await?;
    until("by message again", || other.screens.version(&stream) == head && other.received() > received).await?;
    assert_eq!(other.service.stats().gaps(), gaps);
    [one, other].iter().for_each(Server::assert_no_holes);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_hangs_nobody_waits_for_it_and_nothing_piles_up() -> Result<()> {
    let house = House::open().await?;
    let (one, other) = (house.server()?, house.server()?);
    one.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    let guest = one.join(&house.venue, &house.tables[0]).await?;
    house.redis.pause()?;
    let mut head = 0;
    for n in 0..200 {
        head = one.rename(&house.venue, guest, &format!("Ana {n}")).await?;
    }
    let stream = StreamId::Seating(guest.0);
    until("read from the log", || other.screens.version(&stream) == head).await?;
    until("it is noticed", || !one.bus.counts().up.load(Relaxed)).await?;
    house.redis.resume()?;
    one.listens(1).await?;
    other.listens(1).await?;
    [one, other].iter().for_each(Server::assert_no_holes);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_signed_out_at_one_server_is_signed_out_at_all() -> Result<()> {
    let house = House::open().await?;
    let (one, other) = (house.server()?, house.server()?);
    let hashing = Hashing::start()?;
    venue::keep_staff(&one.service, &hashing, &house.venue, "ana", "Ana", domain::Role::Waiter, "geheim").await?;
    one.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    let id: domain::StaffId = "ana".parse()?;
    let ask = async |command| {
        let sending = Sending::first(MutationId::new(Uuid::new_v4()));
        one.service.execute(house.venue.clone(), Actor::System, sending, Command::Access(command)).await.map_err(said)
    };
    let known = one.service.access(&house.venue).await.map_err(said)?.state;
    let member_generation = known.staff.get(&id).context("she works there")?.generation;
    let version = ask(AccessCommand::SignInDevice { device: None, id: id.clone(), member_generation, kind: None }).await?;
    let access = one.service.access(&house.venue).await.map_err(said)?.state;
    let device = access.device_signed_in_at(version).context("it is signed in")?;
    let sign_in = access.sign_in(&id, device).context("they are known there")?;
    let works = |server: &Server| {
        let access = lock(&server.screens.staff).clone();
        access.is_some_and(|access| access.role_of(&sign_in).is_some())
    };
    until("it is told", || works(&one) && works(&other)).await?;
    ask(AccessCommand::SignOut { id: id.clone() }).await?;
    assert!(!works(&one));
    until("it is told", || !works(&other)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_from_another_server_finds_what_happened_there() -> Result<()> {
    let house = House::open().await?;
    let (one, other) = (house.server()?, house.server()?);
    // Nobody of this venue is connected to the other server: it hears nothing, and asks the log.
    let guest = one.join(&house.venue, &house.tables[0]).await?;
    let seated = other.service.floor(&house.venue).await.map_err(said)?.state.seated.len();
    assert_eq!(seated, 1);
    let head = one.rename(&house.venue, guest, "Ana").await?;
    assert_eq!(other.service.seating(guest.0).await.map_err(said)?.version(), head);
    let head = one.rename(&house.venue, guest, "Berta").await?;
    assert_eq!(other.service.seating(guest.0).await.map_err(said)?.version(), head);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stay_that_was_asked_for_before_it_began_is_shown_all_the_same() -> Result<()> {
    let mut house = House::open().await?;
    let (one, other) = (house.server()?, house.server()?);
    one.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    // As after a commit whose outcome the other server never learned: it holds the stay, and nothing of it.
    let mutation = MutationId::new(Uuid::new_v4());
    let seating = SeatingId::new(mutation.uuid());
    assert_eq!(other.service.seating(seating).await.map_err(said)?.version(), 0);
    house.redis.kill()?;
    until("it is noticed", || !one.bus.counts().up.load(Relaxed) && !other.bus.counts().up.load(Relaxed)).await?;
    let open = Command::Visit(VisitCommand::OpenTable { table: house.tables[0].clone() });
    let waiter = Actor::Staff { id: "rui".parse()?, role: domain::Role::Waiter, device: None };
    one.service.execute(house.venue.clone(), waiter, Sending::first(mutation), open).await.map_err(said)?;
    let stream = StreamId::Seating(seating);
    let head = one.screens.version(&stream);
    assert!(head > 0);
    until("it is shown", || other.screens.version(&stream) == head).await?;
    assert_eq!(other.service.seating(seating).await.map_err(said)?.version(), head);
    [one, other].iter().for_each(Server::assert_no_holes);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_can_not_ask_the_log_says_that_it_does_not_know() -> Result<()> {
    let house = House::open().await?;
    let server = house.server()?;
    server.shows(&house.venue).await?;
    let floor = [StreamId::Floor(house.venue.clone())];
    assert!(server.service.latest(&floor).await);
    house.log.fail("the database is gone");
    assert!(!server.service.latest(&floor).await);
    // What is held is shown all the same.
    assert!(!server.service.floor(&house.venue).await.map_err(said)?.state.tables.is_empty());
    house.log.recover();
    let asked = Instant::now();
    while !server.service.latest(&floor).await {
        ensure!(asked.elapsed() < WITHIN, "it asks again");
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn databases_of_one_redis_are_kept_apart() -> Result<()> {
    let house = House::open().await?;
    let elsewhere = || Server::start(Arc::new(MemoryLog::new()), &format!("{}/1", house.redis.url()));
    let (one, stranger, neighbour) = (house.server()?, elsewhere()?, elsewhere()?);
    one.shows(&house.venue).await?;
    stranger.bus.screen_came(&house.venue);
    stranger.listens(1).await?;
    until("up", || neighbour.bus.counts().up.load(Relaxed)).await?;
    one.join(&house.venue, &house.tables[0]).await?;
    until("Redis has answered", || one.published() == 1).await?;
    // Redis keeps the order: had the first message come to the stranger, it would be here before this.
    neighbour.bus.publish(&house.venue, &[Told { stream: StreamId::Menu(house.venue.clone()), head: 1, events: Vec::new() }]);
    until("it is heard", || stranger.received() > 0).await?;
    assert_eq!(stranger.received(), 1);
    Ok(())
}
