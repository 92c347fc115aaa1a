//! Who owes what, and whose a line is.

use super::Seating;
use crate::ids::GuestNo;
use crate::money::Amount;

impl Seating {
    /// What a guest's own lines come to that went to the kitchen.
    pub fn share_of(&self, guest: GuestNo) -> Amount {
        let items = self.rounds.iter().flat_map(|round| &round.items);
        items.filter(|item| item.line.guest == Some(guest)).map(|item| item.line.total()).sum()
    }

    /// What has not gone to the kitchen: the cart, and a round that waits for a waiter.
    pub fn unsent_total(&self) -> Amount {
        [self.cart_total(), self.waiting_total()].into_iter().sum()
    }

    /// To whom the cart's lines belong: this guest first, then the others, then (none) the table.
    pub fn cart_owners(&self, first: GuestNo) -> Vec<Option<GuestNo>> {
        let has = |owner: &Option<GuestNo>| self.cart.iter().any(|line| line.guest == *owner);
        let others = self.guests.iter().map(|guest| guest.number).filter(|number| *number != first);
        std::iter::once(Some(first)).chain(others.map(Some)).chain([None]).filter(has).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Guest, Item, ItemState, Line, Round};
    use super::*;
    use crate::{Actor, LineId, Localized, RoundNo, Time};

    fn line(id: u128, guest: Option<u16>, quantity: u16) -> Line {
        Line {
            id: LineId::numbered(id),
            guest: guest.map(GuestNo),
            dish: "soup".parse().expect("written for this test"),
            name: Localized::default(),
            options: Vec::new(),
            note: None,
            quantity,
            unit_price: Amount(500),
        }
    }

    fn round(items: Vec<Line>) -> Round {
        let station = || "bar".parse().expect("written for this test");
        let item = |line| Item { line, station: station(), state: ItemState::Received, since: Time(0) };
        Round { number: RoundNo(1), by: Actor::Guest(GuestNo(1)), at: Time(0), items: items.into_iter().map(item).collect() }
    }

    fn stay() -> Seating {
        Seating {
            guests: [1, 2, 3].map(|number| Guest::new(GuestNo(number), None)).into(),
            cart: vec![line(1, None, 1), line(2, Some(1), 2), line(3, Some(2), 1)],
            rounds: vec![round(vec![line(4, Some(2), 2), line(5, Some(1), 1), line(6, None, 1)])],
            waiting: Some(round(vec![line(7, Some(2), 3)])),
            ..Seating::default()
        }
    }

    #[test]
    fn a_share_is_the_guest_s_own_lines_that_were_sent() {
        assert_eq!(stay().share_of(GuestNo(2)), Amount(1_000));
        assert_eq!(stay().share_of(GuestNo(3)), Amount::ZERO);
        assert_eq!(stay().sent_total(), Amount(2_000));
    }

    #[test]
    fn what_waits_for_a_waiter_is_not_sent_yet() {
        assert_eq!(stay().unsent_total(), Amount(2_000 + 1_500));
    }

    #[test]
    fn own_lines_come_first_and_the_table_s_last() {
        assert_eq!(stay().cart_owners(GuestNo(2)), [Some(GuestNo(2)), Some(GuestNo(1)), None]);
    }
}
