//! Keeping up with the other servers of an installation.
//!
//! What the bus tells is folded in at once. Whatever it does not tell, because Redis was away, a message was
//! dropped, or a commit's outcome was unknown to the server that made it, is found by comparing the heads of the
//! streams that matter here with the log: one query every second or two, which asks for what is active and costs
//! nothing for what is history.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::{Fold, SeatingId, StreamId, VenueId, Version};
use futures::StreamExt as _;
use futures::stream;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use super::Service;
use super::fresh::{Found, LATEST_WITHIN};
use super::stats::FoundBy;
use super::streams::{Stream, Streams};
use crate::bus::{Heard, Told};
use crate::log::{Encoded, LogError, Several};
use crate::planted::{self, Planted};

/// How often what is held is compared with the log while messages come.
const COMPARE_EVERY: Duration = Duration::from_secs(2);
/// How often while none can come.
const COMPARE_EVERY_WITHOUT_BUS: Duration = Duration::from_secs(1);
/// How many streams are read at once.
const READ_AT_ONCE: usize = 8;

impl Service {
    /// Keeps up with the other servers, for as long as this one lives.
    pub async fn follow_peers(self: Arc<Self>, heard: Option<mpsc::Receiver<Heard>>) {
        let compare_now = Notify::new();
        let hear = async {
            let Some(mut heard) = heard else { return std::future::pending().await };
            while let Some(heard) = heard.recv().await {
                match heard {
                    _ if planted::is(Planted::DropBusMessages) => {}
                    Heard::Told { venue, streams } => streams.into_iter().for_each(|told| self.hear(&venue, told)),
                    Heard::Listening(_) => compare_now.notify_one(),
                }
            }
        };
        let compare = async {
            let mut failed = false;
            loop {
                let every = if self.bus.counts().up.load(Relaxed) { COMPARE_EVERY } else { COMPARE_EVERY_WITHOUT_BUS };
                // Either is fine: it was asked for, or it is time.
                let _ = timeout(every, compare_now.notified()).await;
                let nobody_else = self.bus.is_alone() && !self.in_doubt.swap(false, Relaxed);
                if nobody_else || planted::is(Planted::DropBusMessages) {
                    continue;
                }
                let compared = self.compare(&self.bus.followed()).await;
                match &compared {
                    Err(why) if !failed => tracing::warn!(%why, "what is held can't be compared with the log"),
                    Ok(()) if failed => tracing::info!("what is held is compared with the log again"),
                    _ => {}
                }
                failed = compared.is_err();
                if failed {
                    self.in_doubt.store(true, Relaxed);
                }
            }
        };
        tokio::join!(hear, compare);
    }

    /// Compares what is held of these venues with the log, and reads what is missing.
    async fn compare(&self, venues: &[VenueId]) -> Result<(), LogError> {
        self.open_stays.keep(venues);
        let mut held: Vec<(StreamId, Version)> = venues.iter().flat_map(|venue| self.held_of(venue)).collect();
        let mut asked: HashSet<StreamId> = held.iter().map(|(id, _)| id.clone()).collect();
        let mut failed = Vec::new();
        while !held.is_empty() {
            failed.extend(self.read_what_is_behind(held, Some(FoundBy::Heads)).await?);
            // A floor that was behind may tell of parties that nobody here has heard of.
            held = venues.iter().flat_map(|venue| self.seated_in(venue)).map(|id| (id, 0)).collect();
            held.retain(|(id, _)| asked.insert(id.clone()));
        }
        for (stream, error) in &failed {
            tracing::warn!(%stream, %error, "what is held of a stream can't be brought up to date");
        }
        // One bad stream is its own venue's trouble.
        let troubled: HashSet<VenueId> = failed.iter().filter_map(|(stream, _)| self.venue_of(stream)).collect();
        let current: Vec<VenueId> = venues.iter().filter(|venue| !troubled.contains(venue)).cloned().collect();
        self.bus.are_current(&current);
        Ok(())
    }

    /// What is compared of a venue: its own streams, and the stays that go on. What is not held any more although
    /// somebody here is shown it is read from its beginning.
    fn held_of(&self, venue: &VenueId) -> Vec<(StreamId, Version)> {
        let house = [StreamId::Floor(venue.clone()), StreamId::Menu(venue.clone()), StreamId::Access(venue.clone())];
        let mut held: Vec<_> = house.into_iter().filter_map(|id| Some((id.clone(), self.version_if_held(&id)?))).collect();
        let house_is_shown = self.delivery.house_is_shown(venue);
        for id in self.open_stays.of(venue) {
            let stream = StreamId::Seating(id);
            match self.seatings.peek_and_use(&stream) {
                Some(seating) => held.push((stream, seating.held().version())),
                None if house_is_shown || self.delivery.is_shown(id) => held.push((stream, 0)),
                None => self.open_stays.forget(venue, id),
            }
        }
        held
    }

    /// The parties that sit in a venue which is shown here as a whole.
    fn seated_in(&self, venue: &VenueId) -> Vec<StreamId> {
        let floor = self.floors.peek(&StreamId::Floor(venue.clone())).filter(|_| self.delivery.house_is_shown(venue));
        floor
            .map(|floor| floor.held().state.seated.values().map(|seated| StreamId::Seating(seated.seating)).collect())
            .unwrap_or_default()
    }

    /// Reads those of these streams of which the log has more than this version; tells which could not be read.
    pub(super) async fn read_what_is_behind(
        &self,
        held: Vec<(StreamId, Version)>,
        by: Option<FoundBy>,
    ) -> Result<Vec<(StreamId, LogError)>, LogError> {
        let ids: Vec<StreamId> = held.iter().map(|(id, _)| id.clone()).collect();
        let heads = self.log.heads(&ids).await?;
        let versions: HashMap<StreamId, Version> = held.into_iter().collect();
        let behind = heads.into_iter().filter(|(id, head)| versions.get(id).is_some_and(|version| version < head));
        let behind: Vec<_> = behind.collect();
        self.read_several_behind(&behind, by).await?;
        // What that did not reach, each by itself: one bad stream, or one whose turn is long, holds up no other.
        let left: Vec<_> = behind.into_iter().filter(|(id, head)| self.version_held(id) < *head).collect();
        let read = stream::iter(left).map(|(id, head)| async move {
            let read = timeout(LATEST_WITHIN, self.read_behind(&id, head, by)).await;
            let slow = || LogError::Unavailable("it takes too long".to_owned());
            read.unwrap_or_else(|_| Err(slow())).err().map(|error| (id, error))
        });
        let read: Vec<Option<_>> = read.buffer_unordered(READ_AT_ONCE).collect().await;
        Ok(read.into_iter().flatten().collect())
    }

    /// Reads on from what is held of these streams, and those stays that are not held, in one go: as far as that can be done
    /// within its time.
    async fn read_several_behind(&self, behind: &[(StreamId, Version)], by: Option<FoundBy>) -> Result<(), LogError> {
        let read = async {
            let held = behind.iter().filter_map(|(id, _)| Some((id.clone(), self.version_if_held(id)?))).collect();
            let unheld =
                |(id, _): &&(StreamId, Version)| matches!(id, StreamId::Seating(_)) && self.version_if_held(id).is_none();
            let unheld: Vec<StreamId> = behind.iter().filter(unheld).map(|(id, _)| id.clone()).collect();
            for (stream, was) in self.seatings.get_several(&unheld).await.into_iter().flatten() {
                self.seating_is_held(&stream, was);
            }
            let mut several = Several::after(held);
            loop {
                let pages = several.next(&*self.log).await?;
                if pages.is_empty() {
                    return Ok(());
                }
                for (id, events) in pages {
                    self.fold_in_any(&id, &events, by).await;
                }
            }
        };
        match timeout(LATEST_WITHIN, read).await {
            Ok(Err(error @ LogError::Unavailable(_))) => Err(error),
            _ => Ok(()),
        }
    }

    /// Folds in what was read of a stream, and shows what is new of it.
    async fn fold_in_any(&self, id: &StreamId, events: &[Encoded], by: Option<FoundBy>) {
        match id {
            StreamId::Seating(_) => self.fold_in_read(self.seatings.peek(id), events, by).await,
            StreamId::Floor(_) => self.fold_in_read(self.floors.peek(id), events, by).await,
            StreamId::Menu(_) => self.fold_in_read(self.menus.peek(id), events, by).await,
            StreamId::Access(_) => self.fold_in_read(self.accesses.peek(id), events, by).await,
        }
    }

    async fn fold_in_read<S: Fold + Send + Sync>(&self, stream: Option<Arc<Stream<S>>>, events: &[Encoded], by: Option<FoundBy>) {
        let Some(stream) = stream else { return };
        let _turn = stream.turn().await;
        // A gap, if somebody has let go of it meanwhile: it is read by itself.
        let Ok(new) = stream.fold_in_page(events) else { return };
        if !new.is_empty() {
            self.show(stream.id(), &new);
            if let Some(by) = by {
                self.stats.gap_found(by);
            }
        }
    }

    async fn read_behind(&self, id: &StreamId, head: Version, by: Option<FoundBy>) -> Result<(), LogError> {
        match id {
            StreamId::Seating(seating) => self.read_up_to(&*self.seating_stream(*seating).await?, head, by).await,
            StreamId::Floor(_) => self.read_up_to(&*self.floors.get(id.clone()).await?.0, head, by).await,
            StreamId::Menu(_) => self.read_up_to(&*self.menus.get(id.clone()).await?.0, head, by).await,
            StreamId::Access(_) => self.read_up_to(&*self.accesses.get(id.clone()).await?.0, head, by).await,
        }
    }

    async fn read_up_to<S: Fold + Send + Sync>(
        &self,
        stream: &Stream<S>,
        head: Version,
        by: Option<FoundBy>,
    ) -> Result<(), LogError> {
        let _turn = stream.turn().await;
        if stream.held().version() >= head {
            return Ok(());
        }
        let found = self.read_on(stream).await?;
        if let (Found::Something, Some(by)) = (found, by) {
            self.stats.gap_found(by);
        }
        Ok(())
    }

    /// Folds in what another server tells.
    fn hear(self: &Arc<Self>, venue: &VenueId, told: Told) {
        match &told.stream {
            StreamId::Seating(id) => {
                let is_shown = self.delivery.is_shown(*id) || self.delivery.house_is_shown(venue);
                match self.seatings.peek(&told.stream) {
                    Some(stream) => self.hear_of(&stream, told),
                    None if is_shown => self.load(*id),
                    // Nobody here would see it; whoever comes for it reads it.
                    None => {}
                }
            }
            StreamId::Floor(_) => self.hear_of_any(&self.floors, told),
            StreamId::Menu(_) => self.hear_of_any(&self.menus, told),
            StreamId::Access(_) => self.hear_of_any(&self.accesses, told),
        }
    }

    fn hear_of_any<S>(self: &Arc<Self>, streams: &Streams<S>, told: Told)
    where
        S: Fold + Send + Sync + 'static,
    {
        if let Some(stream) = streams.peek(&told.stream) {
            self.hear_of(&stream, told);
        }
    }

    fn hear_of<S>(self: &Arc<Self>, stream: &Arc<Stream<S>>, told: Told)
    where
        S: Fold + Send + Sync + 'static,
    {
        // At once, if nobody is at it: the usual case.
        if let Some(_turn) = stream.try_turn()
            && let Ok(new) = stream.fold_in(&told.events, told.head)
        {
            if !new.is_empty() {
                self.show(stream.id(), &new);
            }
            return;
        }
        // Else by one task, however many messages come meanwhile.
        if !stream.hears_of(told.head) {
            return;
        }
        let (service, stream) = (Arc::clone(self), Arc::clone(stream));
        tokio::spawn(async move {
            let _turn = stream.turn().await;
            let head = stream.is_no_more_awaited();
            if let Ok(new) = stream.fold_in(&told.events, told.head)
                && !new.is_empty()
            {
                service.show(stream.id(), &new);
            }
            if stream.held().version() >= head {
                return;
            }
            match service.read_on(&stream).await {
                Ok(Found::Something) => service.stats.gap_found(FoundBy::Bus),
                Ok(Found::Nothing) => {}
                // The next comparison finds it.
                Err(error) => tracing::debug!(%error, stream = %stream.id(), "a gap could not be read"),
            }
        });
    }

    /// Reads a stay of which another server has told, and shows it.
    fn load(self: &Arc<Self>, id: SeatingId) {
        // Where too many are being read, the next comparison finds the rest.
        let Ok(permit) = Arc::clone(&self.loads).try_acquire_owned() else { return };
        let service = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = service.seating_stream(id).await {
                tracing::debug!(%error, %id, "a stay could not be read");
            }
            drop(permit);
        });
    }

    /// Whether this server holds less of a stream than somebody else knows.
    pub fn is_behind(&self, id: &StreamId, known: Version) -> bool {
        !self.bus.is_alone() && self.version_if_held(id).is_some_and(|version| version < known)
    }

    pub(super) fn version_held(&self, id: &StreamId) -> Version {
        self.version_if_held(id).unwrap_or(0)
    }

    fn version_if_held(&self, id: &StreamId) -> Option<Version> {
        fn of<S: Fold + Send + Sync>(streams: &Streams<S>, id: &StreamId) -> Option<Version> {
            streams.peek(id).map(|stream| stream.held().version())
        }
        match id {
            StreamId::Seating(_) => of(&self.seatings, id),
            StreamId::Floor(_) => of(&self.floors, id),
            StreamId::Menu(_) => of(&self.menus, id),
            StreamId::Access(_) => of(&self.accesses, id),
        }
    }
}
