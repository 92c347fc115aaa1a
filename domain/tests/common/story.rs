//! How a story is told: *given* events, *when* somebody asks for something, *then* events, or a refusal.

use domain::floor::Joining;
use domain::fold::record;
use domain::menu::{Choice, Menu};
use domain::seating::{CartEvent, Chosen, GuestsEvent, Line, RoundsEvent, Seating, SeatingEvent, SentLine, StayEvent};
use domain::{Actor, Context, Currency, Fold, GuestNo, LineId, MutationId, Name, Recorded, Rejection, RoundNo, Time};

use crate::common::house::{self, id};

/// A stream so far, and what is served.
pub(crate) struct Story<S: Fold> {
    /// The state so far.
    pub(crate) state: S,
    /// What is served now.
    pub(crate) menu: Menu,
    asked: u128,
}

/// What a command came to.
pub(crate) struct Outcome<S: Fold> {
    before: Story<S>,
    recorded: Result<Vec<Recorded<S::Event>>, Rejection>,
}

/// A table at which this has happened.
pub(crate) fn given(events: impl IntoIterator<Item = SeatingEvent>) -> Story<Seating> {
    given_stream(events)
}

/// A stream of any kind to which this has happened.
pub(crate) fn given_stream<S: Fold>(events: impl IntoIterator<Item = S::Event>) -> Story<S> {
    Story { state: house::folded(events), menu: house::menu(), asked: 0 }
}

impl<S: Fold> Story<S> {
    /// Something else is served than what the house's catalog says.
    pub(crate) fn while_the_menu_is(mut self, menu: Menu) -> Self {
        self.menu = menu;
        self
    }

    /// Somebody asks for something. The first mutation of a story is number 1, and so on.
    pub(crate) fn when(mut self, actor: Actor, command: impl Into<S::Command>) -> Outcome<S> {
        self.asked += 1;
        let at = Time(1_000_000 + u64::try_from(self.asked).expect("stories are short"));
        let mutation = MutationId::numbered(self.asked);
        let context = Context { actor, mutation, now: at, menu: &self.menu };
        let decided = self.state.decide(&command.into(), &context);
        let recorded = decided.map(|events| record(self.state.version(), &context, events));
        Outcome { before: self, recorded }
    }

    /// Looks at the state.
    pub(crate) fn and(self, look: impl FnOnce(&S)) -> Self {
        look(&self.state);
        self
    }
}

impl<S: Fold> Outcome<S> {
    /// These events happen, and the story goes on.
    #[track_caller]
    pub(crate) fn then(self, expected: impl IntoIterator<Item = impl Into<S::Event>>) -> Story<S> {
        let recorded = self.recorded.expect("it should have been accepted");
        let events: Vec<S::Event> = recorded.iter().map(|r| r.event.clone()).collect();
        assert_eq!(events, expected.into_iter().map(Into::into).collect::<Vec<_>>());
        let mut story = self.before;
        for event in &recorded {
            story.state.evolve(event);
        }
        story
    }

    /// It is refused for this reason, and the story goes on as if nothing had been asked.
    #[track_caller]
    pub(crate) fn refused(self, reason: Rejection) -> Story<S> {
        assert_eq!(self.recorded.map(|_| "accepted"), Err(reason));
        self.before
    }

    /// It is accepted; what it came to is told elsewhere.
    #[track_caller]
    pub(crate) fn accepted(self) -> Story<S> {
        let events: Vec<S::Event> =
            self.recorded.as_ref().map(|all| all.iter().map(|r| r.event.clone()).collect()).unwrap_or_default();
        self.then(events)
    }
}

/// The party sat down at `t1`.
pub(crate) fn opened() -> SeatingEvent {
    opened_where(Joining::Open, false)
}

/// The party sat down at `t1`, where joining is so and the first round waits or not.
pub(crate) fn opened_where(joining: Joining, approve_first_round: bool) -> SeatingEvent {
    SeatingEvent::Stay(StayEvent::Opened {
        venue: house::venue(),
        table: id("t1"),
        currency: Currency::Eur,
        joining,
        approve_first_round,
    })
}

/// Somebody joined.
pub(crate) fn joined(number: u16, name: &str) -> SeatingEvent {
    SeatingEvent::Guests(GuestsEvent::GuestJoined { guest: GuestNo(number), name: Name::new(name).ok(), ask: None })
}

/// Ana (1) and Ben (2) sit at `t1`.
pub(crate) fn a_table() -> Vec<SeatingEvent> {
    vec![opened(), joined(1, "Ana"), joined(2, "Ben")]
}

/// Ana and Ben sit at `t1`, and this happened.
pub(crate) fn a_table_where(events: impl IntoIterator<Item = SeatingEvent>) -> Vec<SeatingEvent> {
    a_table().into_iter().chain(events).collect()
}

/// The line of that number; the first command of a story adds line 1.
pub(crate) const fn line(n: u128) -> LineId {
    LineId::numbered(n)
}

/// A line of the house's catalog, as Ana has it in the cart.
pub(crate) fn line_of(n: u128, dish: &str, quantity: u16) -> Line {
    with_options(n, dish, quantity, &[])
}

/// A line with options, as Ana has it in the cart.
pub(crate) fn with_options(n: u128, dish: &str, quantity: u16, choices: &[Choice]) -> Line {
    let menu = house::menu();
    let dish = menu.catalog.dish(&id(dish)).expect("the house serves it");
    let options: Vec<Chosen> = choices
        .iter()
        .map(|choice| {
            let group = dish.groups.iter().find(|g| g.id == choice.group).expect("the dish asks it");
            let option = group.options.iter().find(|o| o.id == choice.option).expect("it is an answer");
            Chosen { group: group.id.clone(), option: option.id.clone(), name: option.name.clone(), price: option.price }
        })
        .collect();
    let unit_price = dish.price + options.iter().map(|o| o.price).sum();
    Line {
        id: line(n),
        guest: Some(GuestNo(1)),
        dish: dish.id.clone(),
        name: dish.name.clone(),
        options,
        note: None,
        quantity,
        unit_price,
    }
}

/// A line of Ana's went into the cart.
pub(crate) fn added(n: u128, dish: &str, quantity: u16) -> SeatingEvent {
    SeatingEvent::Cart(CartEvent::LineAdded { line: line_of(n, dish, quantity) })
}

/// These lines went to these stations.
pub(crate) fn sent(round: u16, lines: &[(u128, &str)]) -> SeatingEvent {
    let lines = lines.iter().map(|(n, station)| SentLine { line: line(*n), station: id(station) }).collect();
    SeatingEvent::Rounds(RoundsEvent::RoundSent { round: RoundNo(round), lines })
}
