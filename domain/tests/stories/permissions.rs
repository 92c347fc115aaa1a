//! Who may do what at a table, as one page.

use std::collections::HashSet;

use domain::seating::{Seating, SeatingCommand as Do};
use domain::{Actor, Rejection, Role, RoundNo};

use crate::common::house::{guest, id, staff};
use crate::story::{Story, a_table_where, added, given, line, sent};

/// Somebody asks at a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Guest,
    Waiter,
    Kitchen,
    Manager,
    Installation,
    Visitor,
}

use Who::{Guest, Installation, Kitchen, Manager, Visitor, Waiter};

const EVERYBODY: [Who; 6] = [Guest, Waiter, Kitchen, Manager, Installation, Visitor];

impl Who {
    fn actor(self) -> Actor {
        match self {
            Guest => guest(1),
            Waiter => staff(Role::Waiter),
            Kitchen => staff(Role::Kitchen),
            Manager => staff(Role::Manager),
            Installation => Actor::System,
            Visitor => Actor::Visitor,
        }
    }
}

/// Who may. A command that is added has to be added here, or this does not compile.
const fn who_may(command: &Do) -> &'static [Who] {
    match command {
        Do::Rename { .. } | Do::SetReady { .. } => &[Guest],
        Do::AddLine { .. } | Do::ChangeQuantity { .. } | Do::EditLine { .. } | Do::RemoveLine { .. } | Do::SendRound { .. } => {
            &[Guest, Waiter, Manager, Installation]
        }
        Do::Start { .. } | Do::Bump { .. } | Do::Recall { .. } => &[Kitchen, Manager, Installation],
        Do::Serve { .. } => &[Waiter, Kitchen, Manager, Installation],
    }
}

/// A table at which every command of [`every_command`] would succeed: soup (100) was sent and is to be
/// cooked, beer (101) is ready, wine (102) is in the cart.
fn a_busy_table() -> Story<Seating> {
    let beer_is_ready = domain::seating::SeatingEvent::ItemsReady { round: RoundNo(1), lines: vec![line(101)] };
    given(a_table_where([
        added(100, "soup", 1),
        added(101, "beer", 1),
        sent(1, &[(100, "grill"), (101, "bar")]),
        beer_is_ready,
        added(102, "wine", 1),
    ]))
}

fn every_command() -> Vec<Do> {
    let round = RoundNo(1);
    vec![
        Do::Rename { name: None },
        Do::SetReady { ready: true },
        Do::AddLine { dish: id("soup"), options: vec![], note: None, quantity: 1, guest: None },
        Do::ChangeQuantity { line: line(102), by: 1 },
        Do::EditLine { line: line(102), options: vec![], note: domain::Note::new("cold").ok() },
        Do::RemoveLine { line: line(102) },
        Do::SendRound { round: RoundNo(2) },
        Do::Start { round, station: id("grill") },
        Do::Bump { round, station: id("grill"), lines: vec![] },
        Do::Recall { round, station: id("bar"), lines: vec![] },
        Do::Serve { round, lines: vec![] },
    ]
}

#[test]
fn each_may_do_what_is_theirs_and_nothing_else() {
    for command in every_command() {
        for who in EVERYBODY {
            let outcome = a_busy_table().when(who.actor(), command.clone());
            if who_may(&command).contains(&who) {
                outcome.accepted();
            } else {
                outcome.refused(Rejection::NotAllowed);
            }
        }
    }
}

#[test]
fn the_page_names_every_command() {
    let kinds: HashSet<_> = every_command().iter().map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), 11, "as many as who_may() tells apart");
}
