//! A log that answers late, or not at all.

use domain::menu::{Dish, MenuCommand};
use domain::seating::{AddLine, CartCommand};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::*;
use crate::log::{Epoch, Snapshot};

/// A log with which a test meddles.
pub(super) struct OddLog {
    log: Arc<MemoryLog>,
    /// Nobody is told how far streams are: who compares learns nothing.
    pub(super) hides_heads: AtomicBool,
    /// The next commit's answer is lost: it is there, and nobody is told.
    loses_answer: AtomicBool,
    /// The next commit is held back on its way to the log.
    holds_back: AtomicBool,
    is_held_back: Notify,
    goes_on: Notify,
}

impl OddLog {
    pub(super) fn over(log: &Arc<MemoryLog>) -> Arc<Self> {
        Arc::new(Self {
            log: Arc::clone(log),
            hides_heads: AtomicBool::default(),
            loses_answer: AtomicBool::default(),
            holds_back: AtomicBool::default(),
            is_held_back: Notify::new(),
            goes_on: Notify::new(),
        })
    }
}

#[async_trait]
impl EventLog for OddLog {
    async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        if self.holds_back.swap(false, Relaxed) {
            self.is_held_back.notify_one();
            self.goes_on.notified().await;
        }
        self.log.commit(commit).await?;
        if self.loses_answer.swap(false, Relaxed) { Err(LogError::Unavailable("the answer is lost".to_owned())) } else { Ok(()) }
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        self.log.read(stream, after).await
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        self.log.read_several(from).await
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        self.log.snapshot(stream, rules).await
    }

    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        self.log.keep(snapshot).await
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        if self.hides_heads.load(Relaxed) {
            return Err(LogError::Unavailable("heads are hidden".to_owned()));
        }
        self.log.heads(streams).await
    }

    fn epoch(&self) -> &Epoch {
        self.log.epoch()
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        self.log.venues().await
    }

    async fn check(&self) -> Result<(), LogError> {
        self.log.check().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_shown_all_the_same_and_happens_once() -> Result<()> {
    let house = House::open().await?;
    let log = house.odd_log();
    let shared = || Arc::clone(&log) as Arc<dyn EventLog>;
    let (one, other) = (house.server_on(shared())?, house.server_on(shared())?);
    one.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    let alone = Server::on(shared(), Bus::alone(), None);
    alone.bus.screen_came(&house.venue);
    for (server, also, table) in [(&one, Some(&other), 0), (&alone, None, 1)] {
        let guest = server.join(&house.venue, &house.tables[table]).await?;
        let stream = StreamId::Seating(guest.0);
        let before = server.screens.version(&stream);
        let mutation = MutationId::new(Uuid::new_v4());
        log.loses_answer.store(true, Relaxed);
        let answer = server.rename_as(mutation, &house.venue, guest, "Ana").await;
        assert_eq!(answer, Err(Rejection::Unavailable.into()), "nobody knows yet");
        for server in [Some(server), also].into_iter().flatten() {
            until("it is shown", || server.screens.version(&stream) == before + 1).await?;
        }
        // Asked again, here or elsewhere, it is answered and not repeated.
        for server in [Some(server), also].into_iter().flatten() {
            assert_eq!(server.rename_as(mutation, &house.venue, guest, "Ana").await, Ok(before + 1));
        }
    }
    [one, other, alone].iter().for_each(Server::assert_no_holes);
    Ok(())
}

/// A command was sent to a server that is slow to save it, and then once more to another, which refuses it: whatever becomes
/// of the first sending, nobody is told that nothing happens where something does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_when_it_was_sent_again_is_not_done_by_an_earlier_sending() -> Result<()> {
    let house = House::open().await?;
    let slow_log = house.odd_log();
    let slow = Arc::new(house.server_on(Arc::clone(&slow_log) as _)?);
    let other = house.server()?;
    slow.shows(&house.venue).await?;
    other.shows(&house.venue).await?;
    let guest = slow.join(&house.venue, &house.tables[0]).await?;
    let menu = slow.service.menu(&house.venue).await.map_err(said)?;
    let asks_nothing = |(_, dish): &(_, &Dish)| dish.groups.iter().all(|group| group.min == 0);
    let (_, dish) = menu.state.catalog.dishes().find(asks_nothing).context("a dish that asks nothing")?;
    let dish = dish.id.clone();
    let add = SeatingCommand::Cart(CartCommand::AddLine(AddLine::one(dish.clone())));
    let mutation = MutationId::new(Uuid::new_v4());

    slow_log.holds_back.store(true, Relaxed);
    let (server, venue, command) = (Arc::clone(&slow), house.venue.clone(), add.clone());
    let first = tokio::spawn(async move { server.ask(Sending::first(mutation), &venue, guest, command).await });
    timeout(WITHIN, slow_log.is_held_back.notified()).await.context("it is on its way")?;
    let gone = Command::Menu(MenuCommand::SetDishSoldOut { dish: dish.clone(), sold_out: true });
    let mark = Sending::first(MutationId::new(Uuid::new_v4()));
    other.service.execute(house.venue.clone(), Actor::System, mark, gone).await.map_err(said)?;
    let again = Sending { mutation, again: true };
    assert_eq!(other.ask(again, &house.venue, guest, add.clone()).await, Err(Rejection::SoldOut.into()));
    // Were it there again, it would still not be this sending that gets it.
    let back = Command::Menu(MenuCommand::SetDishSoldOut { dish, sold_out: false });
    let mark = Sending::first(MutationId::new(Uuid::new_v4()));
    other.service.execute(house.venue.clone(), Actor::System, mark, back).await.map_err(said)?;

    slow_log.goes_on.notify_one();
    assert_eq!(timeout(WITHIN, first).await??, Err(Rejection::SoldOut.into()));
    for server in [&*slow, &other] {
        assert_eq!(server.ask(again, &house.venue, guest, add.clone()).await, Err(Rejection::SoldOut.into()));
        let stay = server.service.seating(guest.0).await.map_err(said)?;
        assert_eq!((stay.state.cart.len(), stay.state.progress.effect_of(mutation)), (0, None));
        server.assert_no_holes();
    }
    Ok(())
}

/// The same of a table that two open: the floor keeps the refusal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_not_opened_by_an_earlier_sending_either() -> Result<()> {
    let house = House::open().await?;
    let slow_log = house.odd_log();
    let slow = Arc::new(house.server_on(Arc::clone(&slow_log) as _)?);
    let other = house.server()?;
    let waiter = Actor::Staff { id: "rui".parse()?, role: domain::Role::Waiter, device: None };
    let open = || Command::Visit(VisitCommand::OpenTable { table: house.tables[0].clone() });
    let mutation = MutationId::new(Uuid::new_v4());

    slow_log.holds_back.store(true, Relaxed);
    let (server, venue, actor, command) = (Arc::clone(&slow), house.venue.clone(), waiter.clone(), open());
    let sending = Sending::first(mutation);
    let first = tokio::spawn(async move { server.service.execute(venue, actor, sending, command).await });
    timeout(WITHIN, slow_log.is_held_back.notified()).await.context("it is on its way")?;
    let guest = other.join(&house.venue, &house.tables[0]).await?;
    let again = Sending { mutation, again: true };
    let refused = Err(Rejection::TableTaken.into());
    assert_eq!(other.service.execute(house.venue.clone(), waiter.clone(), again, open()).await, refused);
    // They leave at once: the table is free when the first sending gets through.
    let close =
        Command::Visit(VisitCommand::CloseTable { table: house.tables[0].clone(), seating: guest.0, even_if_unserved: false });
    let leave = Sending::first(MutationId::new(Uuid::new_v4()));
    other.service.execute(house.venue.clone(), waiter, leave, close).await.map_err(said)?;

    slow_log.goes_on.notify_one();
    assert_eq!(timeout(WITHIN, first).await??, refused);
    let floor = slow.service.floor(&house.venue).await.map_err(said)?;
    assert_eq!(floor.state.seated.len(), 0);
    Ok(())
}
