//! A screen that stops reading is cut off, so that it catches up later; nobody else waits for it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use domain::replica::Arrival;
use domain::wire::{self, Events, Sync, Synced, Welcome};
use domain::{StreamId, Version};
use load::client::socket::{Incoming, NotConnected, Said, Socket};
use load::client::{Guest, Habits, Held, Pass, Route, Witness};
use load::house::{House, Staff};
use load::ledger::Ledger;
use load::stopwatch::{Spread, Stopwatch};
use load::truth::Truth;
use load::usage;
use tokio::time::sleep;

/// How long anything that has to happen may take.
const WITHIN: Duration = Duration::from_secs(60);
/// From tap to tap; a screen may send 30 a second.
const PACE: Duration = Duration::from_millis(40);
/// For how long a phone asks and does not read until every buffer is full.
const FULL_AFTER: Duration = Duration::from_secs(6);
/// How soon the server holds nothing of it any more.
const LET_GO_WITHIN: Duration = Duration::from_secs(90);
/// How many frames the server keeps for a screen that does not read.
const KEPT_FRAMES: usize = 256;
/// What makes no sense is answered as well, and fills what the server keeps: so often from one `sync` to the next.
const NONSENSE: usize = 4;
/// Half as long as the server leaves a connection unread: whoever waits for the one who does not read waits longer.
const NOBODY_WAITS: Duration = Duration::from_secs(10);

/// A phone that is read by hand, so that it can stop reading.
struct Phone {
    socket: Socket,
    held: Held,
    /// The newest event that came unasked, of any stay.
    told: Version,
    /// The numbers of what it asked that makes no sense.
    nonsense: HashSet<u64>,
}

impl Phone {
    /// Connects with a small buffer, and is brought up to date.
    async fn open(pass: &Pass) -> Result<Self> {
        let route = Route { receive_buffer_bytes: Some(4_096), ..pass.route.clone() };
        let mut socket = Socket::connect(&route, &pass.cookie, &pass.hello()).await?;
        let asked = socket.ask(wire::SYNC, &Sync::default()).await?;
        let mut phone = Self { socket, held: Held::nothing(pass.venue.clone()), told: 0, nonsense: HashSet::new() };
        loop {
            if phone.hear().await? == Some(asked) {
                return Ok(phone);
            }
        }
    }

    /// Asks for everything, again and again, and reads none of the answers: each has some tens of
    /// kilobytes, and fills what the system buffers between two programs (some megabytes).
    async fn ask_and_not_read_until(&mut self, is_so: impl Fn() -> bool) -> Result<()> {
        let began = Instant::now();
        while !is_so() {
            ensure!(began.elapsed() < WITHIN, "nothing was cut off");
            self.socket.ask(wire::SYNC, &Sync::default()).await?;
            for _ in 0..NONSENSE {
                self.nonsense.insert(self.socket.ask("nonsense", &()).await?);
            }
            sleep(PACE).await;
        }
        Ok(())
    }

    /// Reads one message; tells the number of an answer. A hole is an error.
    async fn hear(&mut self) -> Result<Option<u64>> {
        let Incoming { what, .. } = self.socket.next().await?;
        match what {
            Said::Event { name, data } if name == wire::WELCOME => {
                self.held.welcomed(&serde_json::from_str::<Welcome>(data.context("a welcome says something")?.get())?);
            }
            Said::Event { name, data } if name == wire::EVENTS => {
                let events: Events = serde_json::from_str(data.context("events say something")?.get())?;
                for told in &events.streams {
                    for event in self.held.arrived(told)? {
                        ensure!(!matches!(event.arrival, Arrival::Gap { .. }), "{}: a hole before {event:?}", told.stream);
                        if matches!(told.stream, StreamId::Seating(_)) {
                            self.told = self.told.max(event.version);
                        }
                    }
                }
            }
            Said::Event { .. } => {}
            Said::Ack { id, .. } if self.nonsense.contains(&id) => return Ok(Some(id)),
            Said::Ack { id, data } => {
                let synced: Synced = serde_json::from_str(data.context("an answer says something")?.get())?;
                for caught in synced.streams {
                    self.held.caught(caught)?;
                }
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// A guest who changes a quantity again and again, until it is so.
async fn tap_until(guest: &Guest, is_so: impl Fn() -> bool) -> Result<()> {
    let pick = guest.picks().into_iter().next().context("the demo has dishes")?;
    let (added, _) = guest.add(&pick, 5, None).await?;
    let began = Instant::now();
    for by in [1, -1].into_iter().cycle() {
        if is_so() {
            break;
        }
        ensure!(began.elapsed() < WITHIN, "nothing was cut off");
        guest.change(added.into(), by).await?;
        sleep(PACE).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_stops_reading_is_cut_off_and_nobody_waits_for_it() -> Result<()> {
    // No heartbeat meanwhile: it is the full buffer that is noticed.
    let house = House::demo_with(|setup, _| {
        setup.heartbeat_seconds = 300;
        Ok(())
    })
    .await?;
    let (ledger, stopwatch) = (Arc::new(Ledger::default()), Arc::new(Stopwatch::default()));
    let witnesses = vec![Arc::clone(&ledger) as Arc<dyn Witness>, Arc::clone(&stopwatch) as Arc<dyn Witness>];
    let witness: Arc<dyn Witness> = Arc::new(witnesses);
    let table = house.tables()?.into_iter().next().context("the demo has tables")?;
    let mut guests = Vec::new();
    for name in ["Ana", "Bruno"] {
        let pass = house.join(&table, name).await?;
        guests.push(Guest::open(pass, Habits::default(), Arc::clone(&witness)).await?);
    }
    let pass = house.join(&table, "Carla").await?;
    let mut phone = Phone::open(&pass).await?;

    let is_cut_off = || house.server().is_ok_and(|server| server.written().contains("fell behind and is cut off"));
    let (one, other) = (tap_until(&guests[0], is_cut_off), tap_until(&guests[1], is_cut_off));
    tokio::try_join!(one, other, phone.ask_and_not_read_until(is_cut_off))?;
    let measured = stopwatch.measured(1, 0);
    println!("cut off after {} updates; meanwhile, to the other phone:\n{}", measured.accepted, measured.phones);
    let Spread { count, max, .. } = measured.phones;
    assert!(count > 0 && max < NOBODY_WAITS, "somebody waited for the one who did not read: {count} times, {max:?}");

    // It reads on: what was under way, without a hole, and then the end.
    let stream = StreamId::Seating(guests[0].seating);
    let mut frames = 0;
    let ended = loop {
        let heard = tokio::time::timeout(WITHIN, phone.hear()).await.context("the connection does not end")?;
        if let Err(error) = heard {
            break error;
        }
        frames += 1;
    };
    assert!(frames >= KEPT_FRAMES, "{frames}: it was cut off although there was room for more");
    ensure!(ended.downcast_ref::<NotConnected>().is_some(), ended);
    let (told, is) = (phone.told, guests[0].screen.held().version(&stream));
    println!("it was told up to version {told} of {is} when it ended: {ended}");
    assert!(told < is, "an event found no room for it, and nothing that came later was told it");

    let again = Guest::open(pass, Habits::default(), witness).await?;
    let truth = Truth::read(&house.sign_in(Staff::Manager).await?, &ledger.seatings()).await?;
    assert_eq!(truth.differs_from(&again.screen.held()), None, "it is back, and caught up");
    assert_eq!(ledger.verify(&truth), []);
    Ok(())
}

/// Who never reads again is found dead by the heartbeat, and the server keeps nothing open for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_never_reads_again_is_let_go() -> Result<()> {
    let house = House::demo().await?;
    let pid = house.server()?.pid().context("the server has ended")?;
    let before = usage::sockets(pid)?;
    let table = house.tables()?.into_iter().next().context("the demo has tables")?;
    let pass = house.join(&table, "Ana").await?;
    let mut phone = Phone::open(&pass).await?;
    sockets(pid, before + 1).await.context("one screen is connected")?;
    // Its answers fill every buffer; then the server hears no pong, and nothing at all can be sent to it.
    let began = Instant::now();
    let asking = phone.ask_and_not_read_until(|| began.elapsed() > FULL_AFTER).await;
    println!("asked for {:.1?}: {asking:?}", began.elapsed());
    sockets(pid, before).await.context("the screen is never heard of again")?;
    println!("let go after {:.1?}", began.elapsed());
    Ok(())
}

/// Waits until a process holds so many sockets.
async fn sockets(pid: u32, due: usize) -> Result<()> {
    let began = Instant::now();
    while usage::sockets(pid)? != due {
        if began.elapsed() > LET_GO_WITHIN {
            bail!("the server holds {} sockets, not {due}", usage::sockets(pid)?);
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
