//! Guests who come for a moment: they join at whatever table is spare, order something, and are gone when the
//! waiter closes it or they have had enough. Joining is asked until it is answered, as a person would.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::{MutationId, TableId};
use rand::seq::IndexedRandom;
use tokio::time::sleep;
use uuid::Uuid;

use super::service::Stopped;
use crate::client::{Guest, Habits, Link, Pass, Screen, Witness};
use crate::door::{Door, NotNow};
use crate::ledger::Ledger;

/// Between two tries to join.
const ASKS_AGAIN_AFTER: Duration = Duration::from_millis(300);
/// How many things somebody orders at most.
const ORDERS_AT_MOST: usize = 4;

/// One after the other, until the evening ends.
pub(super) async fn come_and_go(
    door: &Door,
    spare: &[TableId],
    habits: Habits,
    ledger: &Arc<Ledger>,
    stopped: &mut Stopped,
    pace: (Duration, Duration),
) -> Result<()> {
    while stopped.goes_on_after(pace).await {
        let table = spare.choose(&mut rand::rng()).context("there is a spare table")?;
        let mutation = MutationId::new(Uuid::new_v4());
        let Some(pass) = join(door, mutation, table).await else { continue };
        let screen = Screen::open(pass, habits, Arc::clone(ledger) as Arc<dyn Witness>);
        // It may be closed before we sit.
        screen.known(|held, link| held.own_seating.is_some() || matches!(link, Link::Ended(_))).await;
        let Some(seating) = screen.held().own_seating else { continue };
        ledger.joined(mutation, seating);
        order(&Guest { screen, seating }, stopped, pace).await;
    }
    Ok(())
}

/// Asks until there is an answer; none where the rules refuse.
async fn join(door: &Door, mutation: MutationId, table: &TableId) -> Option<Pass> {
    loop {
        match door.join_as(mutation, door.next_route(), table, "Walk-in").await {
            Ok(pass) => return Some(pass),
            Err(error) if error.is::<NotNow>() => sleep(ASKS_AGAIN_AFTER).await,
            Err(_) => return None,
        }
    }
}

/// Orders something, until it is enough or the table is closed.
async fn order(guest: &Guest, stopped: &mut Stopped, pace: (Duration, Duration)) {
    for _ in 0..ORDERS_AT_MOST {
        let live = |_: &_, link: &Link| *link != Link::Connecting;
        guest.screen.known(live).await;
        let Some(pick) = guest.picks().choose(&mut rand::rng()).cloned() else { return };
        if guest.add(&pick, 1, None).await.is_err() || !stopped.goes_on_after(pace).await {
            return;
        }
    }
}
