//! An evening at one table: whoever taps whatever, decided and folded as a server does it.

use domain::floor::{Floor, FloorEvent, HouseRules, Joining};
use domain::fold::record;
use domain::menu::{Choice, Menu, MenuCommand, OptionKey};
use domain::seating::{
    AddLine, CartCommand, Coming, EditLine, GuestsCommand, KitchenCommand, RoundsCommand, Seating, SeatingCommand, SeatingEvent,
    TicketItems,
};
use domain::visit::{self, Joined, Newcomer, Streams, VisitCommand};
use domain::{
    Actor, AskNo, Context, Fold, GuestNo, LineId, MutationId, Note, Recorded, Rejection, Role, RoundNo, SeatingId, Time, VenueId,
};
use proptest::prelude::*;

use crate::common::house::{self, choice, folded, guest, id, staff};

const STAY: SeatingId = SeatingId::numbered(1);

/// Somebody taps something: numbers that [`Evening::tap`] makes sense of, so that they shrink well.
#[derive(Debug, Clone)]
pub(crate) struct Tap {
    who: u8,
    what: u8,
    which: u8,
    how_many: i16,
}

/// Taps of an evening.
pub(crate) fn taps() -> impl Strategy<Value = Vec<Tap>> {
    let how_many = prop_oneof![4 => -3_i16..6, 1 => any::<i16>()];
    let tap = (0_u8..10, 0_u8..20, any::<u8>(), how_many);
    let tap = tap.prop_map(|(who, what, which, how_many)| Tap { who, what, which, how_many });
    prop::collection::vec(tap, 0..120)
}

/// How a house does things.
pub(crate) fn rules() -> impl Strategy<Value = HouseRules> {
    let joining = prop_oneof![
        3 => Just(Joining::Open),
        2 => Just(Joining::Approve),
        1 => Just(Joining::StaffOpens),
        1 => Just(Joining::Staff)
    ];
    (joining, any::<bool>()).prop_map(|(joining, approve_first_round)| HouseRules {
        joining,
        approve_first_round,
        ..HouseRules::default()
    })
}

/// A table, the house around it, and everything that was recorded of the stay.
pub(crate) struct Evening {
    pub(crate) seating: Seating,
    pub(crate) recorded: Vec<Recorded<SeatingEvent>>,
    pub(crate) menu: Menu,
    floor: Floor,
    asked: u128,
}

impl Evening {
    /// Before anybody came.
    pub(crate) fn begins(rules: HouseRules) -> Self {
        let laid = FloorEvent::TablesLaid { tables: house::tables() };
        Self {
            seating: Seating::default(),
            recorded: Vec::new(),
            menu: house::menu(),
            floor: folded([laid, FloorEvent::HouseRulesSet { rules }]),
            asked: 0,
        }
    }

    /// Somebody taps something; whether anything happened at the table.
    pub(crate) fn tap(&mut self, tap: &Tap) -> Result<(), Rejection> {
        self.asked += 1;
        match tap.what {
            0 | 1 => self.join(tap),
            2 if tap.which > 240 => self.close(tap),
            3 if tap.which > 128 => self.change_the_menu(tap),
            _ => self.ask(tap),
        }
    }

    fn context<'a>(&self, tap: &Tap, menu: &'a Menu) -> Context<'a> {
        let actor = match tap.who {
            0..4 => guest(u16::from(tap.who)),
            4 => staff(Role::Manager),
            5 => Actor::Visitor,
            6 => Actor::System,
            7 => staff(Role::Kitchen),
            _ => staff(Role::Waiter),
        };
        Context { actor, mutation: MutationId::numbered(self.asked), now: Time(self.asked as u64), menu }
    }

    fn take(&mut self, context: &Context<'_>, events: impl IntoIterator<Item = SeatingEvent>) {
        for recorded in record(self.seating.version(), context, events.into_iter().collect()) {
            self.seating.evolve(&recorded);
            self.recorded.push(recorded);
        }
    }

    fn streams<'a>(&'a self, venue: &'a VenueId) -> Streams<'a> {
        Streams { venue, floor: &self.floor, seatings: vec![(STAY, &self.seating)] }
    }

    fn join(&mut self, tap: &Tap) -> Result<(), Rejection> {
        let menu = self.menu.clone();
        let context = self.context(tap, &menu);
        let every = |n| tap.which.is_multiple_of(n);
        let coming = Coming { with_number: every(3), back: every(7), was_removed: every(11) };
        let newcomer = Newcomer { table: id("t1"), name: None, coming };
        let (together, joined) = visit::join(&self.streams(&house::venue()), &newcomer, STAY, &context)?;
        if let Joined::Guest(number) = joined {
            assert_eq!(usize::from(number.0), self.seating.guests.len() + 1);
        }
        for recorded in record(self.floor.version(), &context, together.floor) {
            self.floor.evolve(&recorded);
        }
        self.take(&context, together.seatings.into_iter().flat_map(|(_, events)| events));
        Ok(())
    }

    fn close(&mut self, tap: &Tap) -> Result<(), Rejection> {
        let menu = self.menu.clone();
        let context = self.context(tap, &menu);
        let command = VisitCommand::CloseTable { table: id("t1"), seating: STAY, even_if_unserved: tap.how_many % 2 == 0 };
        let together = visit::decide(&self.streams(&house::venue()), &command, &context)?;
        // The floor keeps the party here, so that taps go on and meet a stay that has ended.
        self.take(&context, together.seatings.into_iter().flat_map(|(_, events)| events));
        Ok(())
    }

    fn change_the_menu(&mut self, tap: &Tap) -> Result<(), Rejection> {
        let menu = self.menu.clone();
        let context = self.context(tap, &menu);
        let sold_out = tap.how_many % 2 == 0;
        let command = match tap.which % 3 {
            0 => MenuCommand::SetDishSoldOut { dish: id(dish(tap.which)), sold_out },
            1 => {
                let option = OptionKey { dish: id("steak"), group: id("sides"), option: id("fries") };
                MenuCommand::SetOptionSoldOut { option, sold_out }
            }
            _ => MenuCommand::Publish { catalog: Box::new(house::catalog_with_price("beer", i64::from(tap.which))) },
        };
        for recorded in record(self.menu.version(), &context, self.menu.decide(&command, &context)?) {
            self.menu.evolve(&recorded);
        }
        Ok(())
    }

    fn ask(&mut self, tap: &Tap) -> Result<(), Rejection> {
        let menu = self.menu.clone();
        let context = self.context(tap, &menu);
        let events = self.seating.decide(&self.command(tap), &context)?;
        assert!(!events.is_empty(), "what is accepted happens");
        self.take(&context, events);
        Ok(())
    }

    fn command(&self, tap: &Tap) -> SeatingCommand {
        let (line, round) = (self.line(tap.which), RoundNo(u16::from(tap.which % 4)));
        let station = id(if tap.which.is_multiple_of(2) { "grill" } else { "bar" });
        let lines = if tap.how_many > 2 { vec![line] } else { vec![] };
        let quantity = tap.how_many.unsigned_abs();
        match tap.what {
            4 => SeatingCommand::Guests(GuestsCommand::Rename { name: None }),
            5 => SeatingCommand::Cart(CartCommand::EditLine(EditLine {
                line,
                options: options(tap.which),
                note: Note::new("no salt").ok(),
            })),
            6 => SeatingCommand::Cart(CartCommand::RemoveLine { line }),
            2 => {
                let ask = AskNo(u16::from(tap.which % 8));
                let guest = (tap.how_many > 2).then_some(GuestNo(u16::from(tap.which % 4)));
                if tap.who.is_multiple_of(3) {
                    SeatingCommand::Guests(GuestsCommand::TurnAway { ask })
                } else {
                    SeatingCommand::Guests(GuestsCommand::LetIn { ask, guest })
                }
            }
            3 => match tap.which % 8 {
                0 => SeatingCommand::Guests(GuestsCommand::RemoveGuest { guest: GuestNo(u16::from(tap.which % 5)) }),
                1..5 => SeatingCommand::Rounds(RoundsCommand::AcceptRound { round: self.seating.next_round() }),
                _ => SeatingCommand::Rounds(RoundsCommand::DeclineRound { round: self.seating.next_round(), reason: None }),
            },
            7 => SeatingCommand::Rounds(RoundsCommand::SetReady { ready: tap.which.is_multiple_of(2) }),
            8 | 9 => SeatingCommand::Rounds(RoundsCommand::SendRound { round: self.seating.next_round() }),
            10 => SeatingCommand::Rounds(RoundsCommand::SendRound { round }),
            11 => SeatingCommand::Kitchen(KitchenCommand::Start { round, station }),
            12 | 13 => SeatingCommand::Kitchen(KitchenCommand::Bump(TicketItems { round, station, lines })),
            14 => SeatingCommand::Kitchen(KitchenCommand::Recall(TicketItems { round, station, lines })),
            15 => SeatingCommand::Kitchen(KitchenCommand::Serve { round, lines }),
            16 => SeatingCommand::Cart(CartCommand::ChangeQuantity { line, by: tap.how_many }),
            _ => SeatingCommand::Cart(CartCommand::AddLine(AddLine {
                dish: id(dish(tap.which)),
                options: options(tap.which),
                note: None,
                quantity,
                guest: (tap.which > 128).then_some(GuestNo(u16::from(tap.which % 5))),
            })),
        }
    }

    /// Some line, mostly one of the cart.
    fn line(&self, which: u8) -> LineId {
        let sent = self.seating.rounds.iter().flat_map(|round| &round.items).map(|item| item.line.id);
        let known: Vec<LineId> = self.seating.cart.iter().map(|line| line.id).chain(sent).collect();
        known.get(usize::from(which) % (known.len() + 1)).copied().unwrap_or(LineId::numbered(0))
    }
}

fn dish(which: u8) -> &'static str {
    ["soup", "steak", "beer", "wine", "lobster"][usize::from(which % 5)]
}

/// Some options, which may or may not be what a dish asks.
fn options(which: u8) -> Vec<Choice> {
    let all = [choice("doneness", "rare"), choice("sides", "fries"), choice("sides", "half"), choice("sides", "fries")];
    if dish(which) == "steak" { all[..usize::from(which / 5 % 5)].to_vec() } else { vec![] }
}
