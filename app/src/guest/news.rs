//! What happened at the table between two moments, for those who don't see it happen.

use domain::seating::{ItemState, Line, Round, Seating};
use domain::{GuestNo, LineId, Localized, RoundNo};

/// The most news of one moment; after a lost connection, the page itself tells the rest.
pub(crate) const MAX_NEWS: usize = 4;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// Somebody joined, or is back.
    Joined(GuestNo),
    /// Somebody was taken off the table.
    Left(GuestNo),
    /// Somebody, or staff, added something.
    Added(Option<GuestNo>, Localized),
    /// Somebody changed how many of something there are.
    Changed(Localized, u16),
    /// Something was taken out of the cart.
    Removed(Localized),
    /// A round was sent.
    Sent(RoundNo),
    /// A round is to be sent as soon as a waiter accepts it.
    Waits,
    /// A waiter did not accept a round.
    Declined,
    /// Something that was sent is so far now.
    Is(Localized, ItemState),
}

/// What happened between `before` and `after`, without what this phone's guest did to their own lines.
pub(crate) fn news(before: &Seating, after: &Seating, me: GuestNo) -> Vec<News> {
    let mut news = Vec::new();
    let others_line = |line: &&Line| line.guest != Some(me);
    for guest in after.guests.iter().filter(|guest| guest.number != me) {
        match (before.is_here(guest.number), after.is_here(guest.number)) {
            (false, true) => news.push(News::Joined(guest.number)),
            (true, false) => news.push(News::Left(guest.number)),
            _ => {}
        }
    }
    news.extend(after.rounds.iter().skip(before.rounds.len()).map(|round| News::Sent(round.number)));
    let is_new = |is: bool, was: bool| is && !was;
    news.extend(is_new(after.waiting.is_some(), before.waiting.is_some()).then_some(News::Waits));
    news.extend(is_new(after.declined.is_some(), before.declined.is_some()).then_some(News::Declined));
    let lines = |rounds: &mut dyn Iterator<Item = &Round>| -> Vec<LineId> {
        rounds.flat_map(|round| &round.items).map(|item| item.line.id).collect()
    };
    let sent = lines(&mut after.rounds.iter().skip(before.rounds.len()).chain(&after.waiting));
    let given_back = lines(&mut before.waiting.iter());
    for line in after.cart.iter().filter(others_line) {
        match before.line(line.id) {
            None if given_back.contains(&line.id) => {}
            None => news.push(News::Added(line.guest, line.name.clone())),
            Some(was) if was.quantity != line.quantity => news.push(News::Changed(line.name.clone(), line.quantity)),
            Some(_) => {}
        }
    }
    let gone = |line: &&Line| after.line(line.id).is_none() && !sent.contains(&line.id);
    news.extend(before.cart.iter().filter(others_line).filter(gone).map(|line| News::Removed(line.name.clone())));
    for (was, is) in before.rounds.iter().zip(&after.rounds) {
        for (was, is) in was.items.iter().zip(&is.items).filter(|(was, is)| was.state != is.state) {
            let item = News::Is(is.line.name.clone(), is.state);
            debug_assert_eq!(was.line.id, is.line.id, "what was sent stays as it was sent");
            if !news.contains(&item) {
                news.push(item);
            }
        }
    }
    news.truncate(MAX_NEWS);
    news
}

#[cfg(test)]
mod tests {
    use domain::seating::{Declined, Guest, Item, Round};
    use domain::{Actor, Amount, Language, Time};

    use super::*;

    const ME: GuestNo = GuestNo(1);
    const ANA: GuestNo = GuestNo(2);

    fn soup() -> Localized {
        Localized::from([(Language::En, "Soup")])
    }

    fn line(id: u128, guest: GuestNo) -> Line {
        Line {
            id: LineId::numbered(id),
            guest: Some(guest),
            dish: "soup".parse().expect("written for this test"),
            name: soup(),
            options: Vec::new(),
            note: None,
            quantity: 1,
            unit_price: Amount(100),
        }
    }

    fn stay(cart: Vec<Line>) -> Seating {
        let guest = |number| Guest::new(number, None);
        Seating { guests: vec![guest(ME), guest(ANA)], cart, ..Seating::default() }
    }

    fn sent(state: ItemState) -> Seating {
        let item =
            |id| Item { line: line(id, ANA), station: "bar".parse().expect("written for this test"), state, since: Time(0) };
        let round = Round { number: RoundNo(1), by: Actor::Guest(ANA), at: Time(0), items: vec![item(1), item(2)] };
        Seating { rounds: vec![round], ..stay(Vec::new()) }
    }

    #[test]
    fn what_others_add_change_and_remove_is_news_and_what_one_does_oneself_is_not() {
        let empty = stay(Vec::new());
        let full = stay(vec![line(1, ME), line(2, ANA)]);
        assert_eq!(news(&empty, &full, ME), [News::Added(Some(ANA), soup())]);
        assert_eq!(news(&full, &empty, ME), [News::Removed(soup())]);
        let mut more = full.clone();
        more.cart[0].quantity = 3;
        more.cart[1].quantity = 2;
        assert_eq!(news(&full, &more, ME), [News::Changed(soup(), 2)]);
    }

    #[test]
    fn sending_a_round_removes_nothing() {
        let cart = stay(vec![line(1, ANA), line(2, ANA)]);
        assert_eq!(news(&cart, &sent(ItemState::Received), ME), [News::Sent(RoundNo(1))]);
    }

    #[test]
    fn the_same_thing_is_told_once() {
        let ready = news(&sent(ItemState::Cooking), &sent(ItemState::Ready), ME);
        assert_eq!(ready, [News::Is(soup(), ItemState::Ready)]);
    }

    #[test]
    fn who_joins_is_news() {
        let mut alone = stay(Vec::new());
        alone.guests.truncate(1);
        assert_eq!(news(&alone, &stay(Vec::new()), ME), [News::Joined(ANA)]);
        let mut removed = stay(Vec::new());
        removed.guests[1].removed = true;
        assert_eq!(news(&stay(Vec::new()), &removed, ME), [News::Left(ANA)]);
        assert_eq!(news(&removed, &stay(Vec::new()), ME), [News::Joined(ANA)]);
    }

    #[test]
    fn what_waits_for_a_waiter_was_not_removed_and_what_is_given_back_not_added() {
        let cart = stay(vec![line(1, ANA), line(2, ANA)]);
        let mut waits = sent(ItemState::Received);
        waits.waiting = waits.rounds.pop();
        assert_eq!(news(&cart, &waits, ME), [News::Waits]);
        let declined = Seating { declined: Some(Declined { round: RoundNo(1), reason: None, at: Time(0) }), ..cart.clone() };
        assert_eq!(news(&waits, &declined, ME), [News::Declined]);
        assert_eq!(news(&waits, &sent(ItemState::Received), ME), [News::Sent(RoundNo(1))]);
    }
}
