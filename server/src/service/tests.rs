//! Where loading begins, how often the log is asked, and what a damaged stream costs the others.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;

use async_trait::async_trait;
use domain::floor::{FloorEvent, HouseRules, Joining};
use domain::seating::{Seating, StayEvent};
use domain::stream::EVENT_FORMAT;
use domain::{Currency, Recorded, Time};
use serde_json::value::{RawValue, to_raw_value};

use super::snapshots::{EVERY, RULES};
use super::*;
use crate::log::{Epoch, MemoryLog, Snapshot};

/// Nobody watches.
struct Nobody;

impl Deliver for Nobody {
    fn deliver(&self, _: &VenueId, _: &StreamId, _: &[Encoded]) {}

    fn access_changed(&self, _: &VenueId, _: &Access) {}

    fn house_is_shown(&self, _: &VenueId) -> bool {
        true
    }

    fn is_shown(&self, _: SeatingId) -> bool {
        true
    }
}

/// A log that notes what it is asked for, of which one stream may be damaged.
#[derive(Default)]
struct Noting {
    log: MemoryLog,
    /// After which versions streams were read, one by one.
    reads: Mutex<Vec<(StreamId, Version)>>,
    /// How often several were read in one go.
    reads_of_several: Mutex<usize>,
    damaged: Option<StreamId>,
}

impl Noting {
    fn readable(&self, stream: &StreamId) -> Result<(), LogError> {
        if self.damaged.as_ref() == Some(stream) { Err(LogError::Damaged("so a test says".to_owned())) } else { Ok(()) }
    }

    fn read_after(&self, stream: &StreamId) -> Vec<Version> {
        self.reads.lock().unwrap().iter().filter(|(read, _)| read == stream).map(|(_, after)| *after).collect()
    }
}

#[async_trait]
impl EventLog for Noting {
    async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        self.log.commit(commit).await
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        self.readable(stream)?;
        self.reads.lock().unwrap().push((stream.clone(), after));
        self.log.read(stream, after).await
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        from.iter().try_for_each(|(stream, _)| self.readable(stream))?;
        *self.reads_of_several.lock().unwrap() += 1;
        self.log.read_several(from).await
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        self.log.snapshot(stream, rules).await
    }

    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        self.log.keep(snapshot).await
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        self.log.heads(streams).await
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        self.log.venues().await
    }

    fn epoch(&self) -> &Epoch {
        self.log.epoch()
    }

    async fn check(&self) -> Result<(), LogError> {
        self.log.check().await
    }
}

fn tasca() -> VenueId {
    "tasca".parse().unwrap()
}

fn floor() -> StreamId {
    StreamId::Floor(tasca())
}

fn service(log: &Arc<Noting>) -> Arc<Service> {
    Arc::new(Service::new(Arc::clone(log) as _, Arc::new(Nobody), Arc::new(Bus::alone())))
}

fn recorded<E: serde::Serialize>(version: Version, event: E) -> Encoded {
    let mutation = MutationId::numbered(u128::from(version));
    let recorded = Recorded { version, at: Time(version), mutation, by: Actor::System, format: EVENT_FORMAT, event };
    to_raw_value(&recorded).unwrap().into()
}

/// So many times the house has set other rules.
async fn years_of_a_floor(log: &dyn EventLog, from: Version, events: Version) {
    let of_version = |version: Version| {
        let watch_after_min = u16::try_from(version % 50 + 1).unwrap();
        let rules = HouseRules { watch_after_min, late_after_min: 60, ..HouseRules::default() };
        recorded(version, FloorEvent::HouseRulesSet { rules })
    };
    let mut version = from;
    while version < from + events {
        let upto = (version + 1_000).min(from + events);
        let events = (version + 1..=upto).map(of_version).collect();
        let append = Append { stream: floor(), expected: version, events };
        log.commit(Commit { venue: tasca(), appends: vec![append] }).await.unwrap();
        version = upto;
    }
}

async fn set_rules(service: &Arc<Service>, watch_after_min: u16) -> Version {
    let rules = HouseRules { watch_after_min, late_after_min: 90, ..HouseRules::default() };
    let command = Command::Floor(FloorCommand::SetHouseRules { rules });
    service.execute(tasca(), Actor::System, Sending::first(clock::new_mutation()), command).await.unwrap()
}

/// Waits for the snapshot of a version, which nobody else waits for.
async fn kept(log: &Noting, version: Version) -> Snapshot {
    for _ in 0..30_000 {
        if let Some(kept) = log.snapshot(&floor(), RULES).await.unwrap().filter(|kept| kept.version == version) {
            return kept;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("no snapshot is kept of version {version}");
}

#[tokio::test]
async fn a_stream_that_lived_for_years_is_read_from_its_last_snapshot() {
    let log = Arc::new(Noting::default());
    years_of_a_floor(&*log, 0, 12_345).await;
    let first = service(&log).floor(&tasca()).await.unwrap();
    assert_eq!(log.read_after(&floor()), [0, 10_000], "page by page, the first time");
    assert_eq!(kept(&log, 12_345).await.state.get(), first.snapshot().unwrap().get());

    years_of_a_floor(&*log, 12_345, EVERY - 1).await;
    let later = service(&log);
    let held = later.floor(&tasca()).await.unwrap();
    assert_eq!(log.read_after(&floor())[2..], [12_345], "what came since");
    assert_eq!(*held.state, *fold_of_everything(&log).await);
    assert_eq!(log.snapshot(&floor(), RULES).await.unwrap().unwrap().version, 12_345, "one is not made for every start");

    // One more, and it is time for the next.
    let version = set_rules(&later, 70).await;
    assert_eq!(version, 12_345 + EVERY);
    kept(&log, version).await;
    assert_eq!(*service(&log).floor(&tasca()).await.unwrap().state, *fold_of_everything(&log).await);
}

/// What comes of all events, from the first.
async fn fold_of_everything(log: &Noting) -> Arc<Floor> {
    let mut floor_then = Floor::default();
    loop {
        let page = log.log.read(&floor(), floor_then.version()).await.unwrap();
        for event in &page {
            floor_then.evolve(&serde_json::from_str(event.get()).unwrap());
        }
        if page.is_empty() {
            return Arc::new(floor_then);
        }
    }
}

#[tokio::test]
async fn a_snapshot_that_can_t_be_used_is_none() {
    let log = Arc::new(Noting::default());
    years_of_a_floor(&*log, 0, 700).await;
    let state = |text: &str| -> Encoded { RawValue::from_string(text.to_owned()).unwrap().into() };
    let of_version_600 = to_raw_value(&Floor::default()).unwrap();
    for (rules, version, state) in
        [("others", 650, state("{}")), (RULES, 100, state("[\"no floor\"]")), (RULES, 600, of_version_600.into())]
    {
        log.keep(Snapshot { stream: floor(), rules: rules.into(), version, state }).await.unwrap();
        let held = service(&log).floor(&tasca()).await.unwrap();
        assert_eq!(*held.state, *fold_of_everything(&log).await, "{rules} {version}");
        assert_eq!(log.read_after(&floor()).last(), Some(&0), "{rules} {version}");
        kept(&log, 700).await;
        log.log.forget_snapshots();
    }
}

#[tokio::test]
async fn a_snapshot_that_can_t_be_kept_stops_nobody() {
    let log = Arc::new(Noting::default());
    let service = service(&log);
    years_of_a_floor(&*log, 0, 2 * EVERY).await;
    log.log.fail_writing("the disk is full");
    assert_eq!(service.floor(&tasca()).await.unwrap().version(), 2 * EVERY);
    log.log.recover();
    assert_eq!(set_rules(&service, 70).await, 2 * EVERY + 1);
}

/// A party sits at so many tables.
async fn parties(log: &Noting, count: u128) -> Vec<SeatingId> {
    let mut ids = Vec::new();
    for number in 1..=count {
        let id = SeatingId::numbered(number);
        let table: TableId = format!("t{number}").parse().unwrap();
        let (currency, joining) = (Currency::Eur, Joining::Open);
        let opened = StayEvent::Opened { venue: tasca(), table, currency, joining, approve_first_round: false };
        let append = Append { stream: StreamId::Seating(id), expected: 0, events: vec![recorded(1, opened)] };
        log.commit(Commit { venue: tasca(), appends: vec![append] }).await.unwrap();
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn many_stays_are_read_in_one_go() {
    let log = Arc::new(Noting::default());
    let ids = parties(&log, 300).await;
    let service = service(&log);
    let one = service.seating(ids[7]).await.unwrap();
    let held = service.seatings(&tasca(), &ids).await.unwrap();
    assert_eq!(held.len(), 300);
    for (id, held) in ids.iter().zip(&held) {
        let state: Arc<Seating> = Arc::clone(&held.as_ref().unwrap().state);
        assert_eq!((state.version(), state.stay.venue()), (1, Some(&tasca())), "{id}");
    }
    assert!(Arc::ptr_eq(&one.state, &held[7].as_ref().unwrap().state), "what is held is not read again");
    assert_eq!(*log.reads_of_several.lock().unwrap(), 1);
    assert_eq!(log.reads.lock().unwrap().len(), 1, "the one that was asked for alone");
}

#[tokio::test]
async fn a_stay_that_is_damaged_is_told_for_good_and_leaves_the_others_alone() {
    let mut log = Noting::default();
    let ids = parties(&log, 3).await;
    log.damaged = Some(StreamId::Seating(ids[1]));
    let service = service(&Arc::new(log));
    let held = service.seatings(&tasca(), &ids).await.unwrap();
    let found: HashMap<_, _> = ids.iter().zip(held).map(|(id, held)| (*id, held.map(|held| held.version()))).collect();
    let damaged = Refusal::from(Rejection::Damaged);
    assert_eq!(found, HashMap::from([(ids[0], Ok(1)), (ids[1], Err(damaged.clone())), (ids[2], Ok(1))]));
    assert!(!damaged.reason.is_temporary(), "nobody tries again and again");
}

/// What two years of a busy house cost at the first touch; its figures stand in ARCHITECTURE.md. In a release build:
/// `cargo test --release --package server --lib two_years_on -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "it measures"]
async fn two_years_on() {
    let place = tempfile::tempdir().unwrap();
    let log: Arc<dyn EventLog> = Arc::new(crate::log::SqliteLog::open(place.path()).await.unwrap());
    years_of_a_floor(&*log, 0, 200_000).await;
    let touch = async |what: &str| {
        let service = Arc::new(Service::new(Arc::clone(&log), Arc::new(Nobody), Arc::new(Bus::alone())));
        let began = Instant::now();
        let version = service.floor(&tasca()).await.unwrap().version();
        println!("{what}: {version} events in {:?}", began.elapsed());
    };
    touch("without a snapshot").await;
    while log.snapshot(&floor(), RULES).await.unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for _ in 0..3 {
        touch("with a snapshot").await;
    }
    years_of_a_floor(&*log, 200_000, EVERY - 1).await;
    for _ in 0..3 {
        touch("with a snapshot, and all but one of the events before the next").await;
    }
}
