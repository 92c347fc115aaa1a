//! Keeping up with the other servers of an installation.
//!
//! What the bus tells is folded in at once. Whatever it does not tell, because Redis was away, a message was
//! dropped, or a commit's outcome was unknown to the server that made it, is found by comparing the heads of the
//! streams that matter here with the log: one query every second or two, which asks for what is active and costs
//! nothing for what is history.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::{Fold, SeatingId, StreamId, VenueId, Version};
use futures::StreamExt as _;
use futures::stream;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use super::stats::FoundBy;
use super::streams::{Stream, Streams};
use super::{Found, Service};
use crate::bus::{Heard, Told};
use crate::log::LogError;
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

    /// Makes sure that what is held of these streams is what the log has: for whoever has just come from another
    /// server, or would be sent away. Where the log does not answer, what is held has to do.
    pub async fn latest(&self, streams: &[StreamId]) {
        if self.bus.is_alone() {
            return;
        }
        let held = streams.iter().map(|stream| (stream.clone(), self.version_held(stream))).collect();
        self.if_the_log_answers(self.read_what_is_behind(held, None)).await;
    }

    /// Compares what is held of these venues with the log, and reads what is missing.
    async fn compare(&self, venues: &[VenueId]) -> Result<(), LogError> {
        let of: HashSet<&VenueId> = venues.iter().collect();
        let mut held = Vec::new();
        for seating in self.seatings.all() {
            let now = seating.held();
            // A stay that has ended stays as it is.
            if now.state.stay.is_open() && now.state.stay.venue().is_some_and(|venue| of.contains(venue)) {
                held.push((seating.id().clone(), now.version()));
            }
        }
        let known: HashSet<StreamId> = held.iter().map(|(id, _)| id.clone()).collect();
        for &venue in &of {
            let Some(floor) = self.floors.peek(&StreamId::Floor(venue.clone())) else { continue };
            if self.delivery.house_is_shown(venue) {
                let seated =
                    floor.held().state.seated.values().map(|seated| StreamId::Seating(seated.seating)).collect::<Vec<_>>();
                held.extend(seated.into_iter().filter(|id| !known.contains(id)).map(|id| (id, 0)));
            }
        }
        for &venue in &of {
            let of_venue = [StreamId::Floor(venue.clone()), StreamId::Menu(venue.clone()), StreamId::Access(venue.clone())];
            held.extend(
                of_venue.into_iter().filter_map(|id| Some((self.version_if_held(&id)?, id))).map(|(version, id)| (id, version)),
            );
        }
        self.read_what_is_behind(held, Some(FoundBy::Heads)).await?;
        self.bus.are_current(venues);
        Ok(())
    }

    /// Reads those of these streams of which the log has more than this version.
    async fn read_what_is_behind(&self, held: Vec<(StreamId, Version)>, by: Option<FoundBy>) -> Result<(), LogError> {
        if held.is_empty() {
            return Ok(());
        }
        let ids: Vec<StreamId> = held.iter().map(|(id, _)| id.clone()).collect();
        let heads = self.log.heads(&ids).await?;
        let versions: std::collections::HashMap<StreamId, Version> = held.into_iter().collect();
        let behind = heads.into_iter().filter(|(id, head)| versions.get(id).is_some_and(|version| version < head));
        let read = stream::iter(behind).map(|(id, head)| async move { self.read_behind(&id, head, by).await });
        read.buffer_unordered(READ_AT_ONCE).fold(Ok(()), |all, one| async move { all.and(one) }).await
    }

    async fn read_behind(&self, id: &StreamId, head: Version, by: Option<FoundBy>) -> Result<(), LogError> {
        match id {
            StreamId::Seating(seating) => {
                let stream = self.seating_stream(*seating).await?;
                let venue = stream.held().state.stay.venue().cloned();
                match venue {
                    Some(venue) => self.read_up_to(&venue, &stream, head, by).await,
                    None => Ok(()),
                }
            }
            StreamId::Floor(venue) => self.read_up_to(venue, &*self.floors.get(&*self.log, id.clone()).await?.0, head, by).await,
            StreamId::Menu(venue) => self.read_up_to(venue, &*self.menus.get(&*self.log, id.clone()).await?.0, head, by).await,
            StreamId::Access(venue) => {
                self.read_up_to(venue, &*self.accesses.get(&*self.log, id.clone()).await?.0, head, by).await
            }
        }
    }

    async fn read_up_to<S: Fold + Send + Sync>(
        &self,
        venue: &VenueId,
        stream: &Stream<S>,
        head: Version,
        by: Option<FoundBy>,
    ) -> Result<(), LogError> {
        let _turn = stream.turn().await;
        if stream.held().version() >= head {
            return Ok(());
        }
        let found = self.read_on(venue, stream).await?;
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
                    Some(stream) => self.hear_of(venue, &stream, told),
                    None if is_shown => self.load(*id),
                    // Nobody here would see it; whoever comes for it reads it.
                    None => {}
                }
            }
            StreamId::Floor(_) => self.hear_of_any(&self.floors, venue, told),
            StreamId::Menu(_) => self.hear_of_any(&self.menus, venue, told),
            StreamId::Access(_) => self.hear_of_any(&self.accesses, venue, told),
        }
    }

    fn hear_of_any<S>(self: &Arc<Self>, streams: &Streams<S>, venue: &VenueId, told: Told)
    where
        S: Fold + Send + Sync + 'static,
    {
        if let Some(stream) = streams.peek(&told.stream) {
            self.hear_of(venue, &stream, told);
        }
    }

    fn hear_of<S>(self: &Arc<Self>, venue: &VenueId, stream: &Arc<Stream<S>>, told: Told)
    where
        S: Fold + Send + Sync + 'static,
    {
        // At once, if nobody is at it: the usual case.
        if let Some(_turn) = stream.try_turn()
            && let Ok(new) = stream.fold_in(&told.events, told.head)
        {
            if !new.is_empty() {
                self.show(venue, stream.id(), &new);
            }
            return;
        }
        // Else by one task, however many messages come meanwhile.
        if !stream.hears_of(told.head) {
            return;
        }
        let (service, venue, stream) = (Arc::clone(self), venue.clone(), Arc::clone(stream));
        tokio::spawn(async move {
            let _turn = stream.turn().await;
            let head = stream.is_no_more_awaited();
            if let Ok(new) = stream.fold_in(&told.events, told.head)
                && !new.is_empty()
            {
                service.show(&venue, stream.id(), &new);
            }
            if stream.held().version() >= head {
                return;
            }
            match service.read_on(&venue, &stream).await {
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

    fn version_held(&self, id: &StreamId) -> Version {
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
