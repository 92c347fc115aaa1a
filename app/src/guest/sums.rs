//! What the page says of a stay: how many, how far, who is waited for.

use domain::menu::Dish;
use domain::seating::{AddLine, CartCommand, Guest, ItemState, Line, Seating};
use domain::{Amount, DishId, GuestNo};

/// How many things these lines are.
pub(crate) fn pieces<'a>(lines: impl IntoIterator<Item = &'a Line>) -> usize {
    lines.into_iter().map(|line| usize::from(line.quantity)).sum()
}

/// How many of a dish wait in the cart, whoever added them.
pub(crate) fn pieces_of(seating: &Seating, dish: &DishId) -> usize {
    pieces(seating.cart.iter().filter(|line| line.dish == *dish))
}

/// Whether more than one sit here.
pub(crate) fn is_party(seating: &Seating) -> bool {
    seating.guests_here().nth(1).is_some()
}

/// The others who have not said that they are ready.
pub(crate) fn others_choosing(seating: &Seating, me: GuestNo) -> impl Iterator<Item = &Guest> {
    seating.guests_here().filter(move |guest| guest.number != me && !guest.ready)
}

/// How many of what was sent are so far, furthest state that matters to a hungry guest first.
pub(crate) fn progress(seating: &Seating) -> Vec<(ItemState, usize)> {
    let items = || seating.rounds.iter().flat_map(|round| &round.items);
    [ItemState::Ready, ItemState::Cooking, ItemState::Received]
        .into_iter()
        .map(|state| (state, pieces(items().filter(|item| item.state == state).map(|item| &item.line))))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// Whether a dish can go into the cart without a question.
pub(crate) fn asks_nothing(dish: &Dish) -> bool {
    dish.groups.iter().all(|group| group.min == 0)
}

/// One more of a dish as it is, at the price that the menu says. While the connection is live it joins
/// the guest's own plain line of it at that price; otherwise it becomes a line of its own, which stays
/// right whatever happens to that line meanwhile.
pub(crate) fn one_more(seating: &Seating, me: GuestNo, dish: &DishId, price: Option<Amount>, live: bool) -> CartCommand {
    let plain = |line: &&Line| line.dish == *dish && line.guest == Some(me) && line.options.is_empty() && line.note.is_none();
    let joins = |line: &&Line| live && price == Some(line.unit_price);
    match seating.cart.iter().filter(plain).find(joins) {
        Some(line) => CartCommand::ChangeQuantity { line: line.id, by: 1 },
        None => add_plain(dish),
    }
}

/// A new line of a dish as it is.
pub(crate) fn add_plain(dish: &DishId) -> CartCommand {
    CartCommand::AddLine(AddLine::one(dish.clone()))
}

/// One or two letters that stand for a name; the style sheet makes them capitals.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    words.next().into_iter().chain(words.next_back()).collect()
}

/// `Ana`, `Ana and Rui`, `Ana, Rui and Eva`.
pub(crate) fn listed(names: &[String], and: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use domain::seating::{Item, Round};
    use domain::{Actor, LineId, Localized, Note, RoundNo, Time};

    use super::*;

    fn line(id: u128, guest: Option<u16>, dish: &str, quantity: u16) -> Line {
        Line {
            id: LineId::numbered(id),
            guest: guest.map(GuestNo),
            dish: dish.parse().expect("written for this test"),
            name: Localized::default(),
            options: Vec::new(),
            note: None,
            quantity,
            unit_price: Amount(500),
        }
    }

    fn stay() -> Seating {
        let guest = |number, ready| Guest { ready, ..Guest::new(GuestNo(number), None) };
        let item = |line, state| Item { line, station: "bar".parse().expect("written for this test"), state, since: Time(0) };
        Seating {
            guests: vec![guest(1, false), guest(2, false), guest(3, true)],
            cart: vec![
                line(1, None, "bread", 1),
                line(2, Some(1), "soup", 2),
                line(3, Some(2), "soup", 1),
                line(4, Some(1), "tart", 1),
            ],
            rounds: vec![Round {
                number: RoundNo(1),
                by: Actor::Guest(GuestNo(1)),
                at: Time(0),
                items: vec![
                    item(line(5, Some(2), "beer", 2), ItemState::Ready),
                    item(line(6, Some(1), "beer", 1), ItemState::Served),
                    item(line(7, None, "water", 1), ItemState::Received),
                ],
            }],
            ..Seating::default()
        }
    }

    #[test]
    fn pieces_are_counted_not_lines() {
        assert_eq!(pieces_of(&stay(), &"soup".parse().expect("written for this test")), 3);
        assert_eq!(pieces(&stay().cart), 5);
        assert_eq!(progress(&stay()), [(ItemState::Ready, 2), (ItemState::Received, 1)]);
    }

    #[test]
    fn who_is_waited_for_does_not_include_whoever_asks() {
        let waiting: Vec<_> = others_choosing(&stay(), GuestNo(1)).map(|guest| guest.number.0).collect();
        assert_eq!(waiting, [2]);
    }

    #[test]
    fn one_more_joins_ones_own_plain_line_while_live() {
        let soup: DishId = "soup".parse().expect("written for this test");
        let joined = CartCommand::ChangeQuantity { line: LineId::numbered(3), by: 1 };
        let price = Some(Amount(500));
        assert_eq!(one_more(&stay(), GuestNo(2), &soup, price, true), joined);
        assert_eq!(one_more(&stay(), GuestNo(2), &soup, price, false), add_plain(&soup));
        assert_eq!(one_more(&stay(), GuestNo(3), &soup, price, true), add_plain(&soup));
        assert_eq!(one_more(&stay(), GuestNo(2), &soup, Some(Amount(550)), true), add_plain(&soup), "it costs more by now");
        let mut noted = stay();
        noted.cart[2].note = Note::new("hot").ok();
        assert_eq!(one_more(&noted, GuestNo(2), &soup, price, true), add_plain(&soup));
    }

    #[test]
    fn names_are_shortened_and_listed() {
        assert_eq!(initials("ana"), "a");
        assert_eq!(initials("Ana Luísa de Sousa"), "AS");
        let names: Vec<String> = ["Ana", "Rui", "Eva"].map(String::from).into();
        assert_eq!(listed(&names, "and"), "Ana, Rui and Eva");
        assert_eq!(listed(&names[..1], "and"), "Ana");
    }
}
