//! Whether everybody agrees: every server with every other, and every screen with them.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{StreamId, Version};
use futures::future::join_all;
use tokio::time::{Instant, sleep};

use crate::client::{Link, Pass, Screen};
use crate::cluster::Cluster;
use crate::ledger::Ledger;
use crate::truth::Truth;
use crate::violation::Violation;

/// How often we look.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Whether every screen is connected and holds at least these versions of what it may see.
pub fn all_hold<'a>(screens: impl IntoIterator<Item = &'a Screen>, heads: &BTreeMap<StreamId, Version>) -> bool {
    screens.into_iter().all(|screen| why_behind(screen, heads).is_none())
}

/// Why a screen does not hold these versions of what it may see.
pub fn why_behind(screen: &Screen, heads: &BTreeMap<StreamId, Version>) -> Option<String> {
    match screen.link() {
        Link::Live => screen.held().lacks(heads),
        other => Some(format!("it is {other:?} (server {})", screen.server() + 1)),
    }
}

/// How it ended.
#[derive(Debug)]
pub struct Settled {
    /// How long after that moment everybody agreed; `None` for never.
    pub agreed_after: Option<Duration>,
    /// What differed to the end.
    pub differences: Vec<Violation>,
    /// What the server holds that has come furthest.
    pub truth: Truth,
}

/// Waits, once nobody orders any more, until every server tells the same and every screen shows it.
pub async fn reached(
    cluster: &Cluster,
    staff: &Pass,
    screens: &[&Screen],
    ledger: &Ledger,
    since: Instant,
    give_up_after: Duration,
) -> Settled {
    loop {
        // As of this moment, if all is found to be equal.
        let looked_after = since.elapsed();
        let is_over = looked_after > give_up_after;
        // Asking a server what it holds may have it look; so screens have to know by themselves first.
        let behind = behind(screens, ledger);
        if !is_over && !behind.is_empty() {
            sleep(LOOK_EVERY).await;
            continue;
        }
        let (mut differences, truth) = compare(cluster, staff, screens, ledger).await;
        differences.extend(behind);
        let agree = differences.is_empty();
        if agree || is_over {
            return Settled { agreed_after: agree.then_some(looked_after), differences, truth };
        }
        sleep(LOOK_EVERY).await;
    }
}

/// The screens that don't show what others were told.
fn behind(screens: &[&Screen], ledger: &Ledger) -> Vec<Violation> {
    let heads = ledger.heads();
    let behind = |screen: &&Screen| Some(Violation::Differs(screen.number, why_behind(screen, &heads)?));
    screens.iter().filter_map(behind).collect()
}

/// What differs at this moment, and what the server holds that has come furthest.
async fn compare(cluster: &Cluster, staff: &Pass, screens: &[&Screen], ledger: &Ledger) -> (Vec<Violation>, Truth) {
    let seatings = ledger.seatings();
    let read = (0..cluster.members.len()).map(|server| {
        let (staff, seatings) = (staff.beginning_at(server), &seatings);
        async move { Truth::read(&staff, seatings).await }
    });
    let (mut differences, mut truths) = (Vec::new(), Vec::new());
    for (number, read) in (1..).zip(join_all(read).await) {
        match read {
            Ok(truth) => truths.push((number, truth)),
            Err(error) => differences.push(Violation::NotServing(number, format!("{error:#}"))),
        }
    }
    for pair in truths.windows(2) {
        let [(one, told), (other, also)] = pair else { continue };
        differences.extend(told.differs_from_told(also).map(|why| Violation::ServersDiffer(*one, *other, why)));
    }
    let (_, truth) = truths.into_iter().max_by_key(|(_, truth)| truth.events()).unwrap_or_default();
    let differs = |screen: &&Screen| Some(Violation::Differs(screen.number, truth.differs_from(&screen.held())?));
    differences.extend(screens.iter().filter_map(differs));
    (differences, truth)
}
