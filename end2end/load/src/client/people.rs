//! Who uses a screen: guests, waiters, cooks. Each asks for what a person of that role would tap.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::menu::{Choice, Menu, MenuCommand};
use domain::seating::{AddLine, CartCommand, ItemState, KitchenCommand, Seating, SeatingCommand, TicketItems};
use domain::visit::VisitCommand;
use domain::wire::Answer;
use domain::{DishId, LineId, MutationId, Note, RoundNo, SeatingId, StationId, StreamId, TableId, VenueId};
use serde::Serialize;
use serde_json::to_value;

use super::{Habits, Pass, Screen, Witness};

/// How long a screen may take to be connected and caught up at first.
const LIVE_WITHIN: Duration = Duration::from_secs(30);

/// A guest's phone.
#[derive(Debug)]
pub struct Guest {
    /// The phone.
    pub screen: Screen,
    /// The guest's stay.
    pub seating: SeatingId,
}

impl Guest {
    /// Takes the phone out, and waits until it shows the table's order.
    pub async fn open(pass: Pass, habits: Habits, witness: Arc<dyn Witness>) -> Result<Self> {
        let screen = Screen::open(pass, habits, witness);
        screen.until_live(LIVE_WITHIN).await.context("a guest's phone")?;
        let seating = screen.held().own_seating.context("the server did not say which stay is this guest's")?;
        Ok(Self { screen, seating })
    }

    /// The table's order as this phone shows it.
    pub fn view(&self) -> Seating {
        self.screen.held().view(self.seating).unwrap_or_default()
    }

    /// Does something at the table, and waits for the final answer.
    pub async fn do_this(&self, command: impl Into<SeatingCommand>) -> Result<(MutationId, Answer)> {
        self.screen.ask(StreamId::Seating(self.seating), to_value(command.into())?).await
    }

    /// Puts a dish into the cart; its line has the mutation's id.
    pub async fn add(&self, dish: &Pick, quantity: u16, note: Option<Note>) -> Result<(MutationId, Answer)> {
        self.do_this(dish.line(quantity, note)).await
    }

    /// Changes a line's quantity.
    pub async fn change(&self, line: LineId, by: i16) -> Result<(MutationId, Answer)> {
        self.do_this(CartCommand::ChangeQuantity { line, by }).await
    }

    /// The dishes on the menu.
    pub fn picks(&self) -> Vec<Pick> {
        Pick::all(self.screen.held().menu.confirmed())
    }
}

/// A dish with the fewest options that its rules ask for.
#[derive(Debug, Clone)]
pub struct Pick {
    /// The dish.
    pub dish: DishId,
    /// The options.
    pub options: Vec<Choice>,
}

impl Pick {
    /// Every dish of a menu.
    pub fn all(menu: &Menu) -> Vec<Self> {
        let dishes = menu.catalog.categories.iter().flat_map(|category| &category.dishes);
        dishes
            .map(|dish| Self {
                dish: dish.id.clone(),
                options: (dish.groups.iter())
                    .flat_map(|group| {
                        let answers = group.options.iter().take(usize::from(group.min));
                        answers.map(|answer| Choice { group: group.id.clone(), option: answer.id.clone() })
                    })
                    .collect(),
            })
            .collect()
    }

    /// The command that puts it into the cart.
    pub fn line(&self, quantity: u16, note: Option<Note>) -> CartCommand {
        let (dish, options) = (self.dish.clone(), self.options.clone());
        CartCommand::AddLine(AddLine { dish, options, note, quantity, guest: None })
    }
}

/// A ticket: what a round asks of a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketAt {
    /// Whose.
    pub seating: SeatingId,
    /// Of which round.
    pub round: RoundNo,
    /// For which station.
    pub station: StationId,
    /// How far it is.
    pub state: ItemState,
}

/// The kitchen's wall.
#[derive(Debug)]
pub struct Cook {
    /// The wall.
    pub screen: Screen,
    venue: VenueId,
}

impl Cook {
    /// Switches the wall on, and waits until it shows the tickets.
    pub async fn open(pass: Pass, habits: Habits, witness: Arc<dyn Witness>) -> Result<Self> {
        let venue = pass.venue.clone();
        let screen = Screen::open(pass, habits, witness);
        screen.until_live(LIVE_WITHIN).await.context("a kitchen's wall")?;
        Ok(Self { screen, venue })
    }

    /// The tickets that are not on a table yet, as the server has confirmed them.
    pub fn tickets(&self) -> Vec<TicketAt> {
        tickets(&self.screen)
    }

    /// Begins with a ticket, or has it ready if it was begun.
    pub async fn work_on(&self, ticket: TicketAt) -> Result<(MutationId, Answer)> {
        let TicketAt { seating, round, station, state } = ticket;
        let command: SeatingCommand = match state {
            ItemState::Received => KitchenCommand::Start { round, station }.into(),
            _ => KitchenCommand::Bump(TicketItems { round, station, lines: Vec::new() }).into(),
        };
        self.screen.ask(StreamId::Seating(seating), to_value(command)?).await
    }
}

impl Cook {
    /// A dish is sold out, or back.
    pub async fn sold_out(&self, dish: DishId, sold_out: bool) -> Result<(MutationId, Answer)> {
        let menu = StreamId::Menu(self.venue.clone());
        self.screen.ask(menu, to_value(MenuCommand::SetDishSoldOut { dish, sold_out })?).await
    }
}

/// A waiter's tablet.
#[derive(Debug)]
pub struct Waiter {
    /// The tablet.
    pub screen: Screen,
    venue: VenueId,
}

impl Waiter {
    /// Takes the tablet out, and waits until it shows the floor.
    pub async fn open(pass: Pass, habits: Habits, witness: Arc<dyn Witness>) -> Result<Self> {
        let venue = pass.venue.clone();
        let screen = Screen::open(pass, habits, witness);
        screen.until_live(LIVE_WITHIN).await.context("a waiter's tablet")?;
        Ok(Self { screen, venue })
    }

    /// Opens a table; tells the new stay, whether or not it came to be.
    pub async fn open_table(&self, table: &TableId) -> Result<(SeatingId, Answer)> {
        let (mutation, answer) = self.on_the_floor(&VisitCommand::OpenTable { table: table.clone() }).await?;
        Ok((SeatingId::new(mutation.uuid()), answer))
    }

    /// The party leaves.
    pub async fn close_table(&self, table: &TableId, seating: SeatingId) -> Result<Answer> {
        let command = VisitCommand::CloseTable { table: table.clone(), seating, even_if_unserved: true };
        Ok(self.on_the_floor(&command).await?.1)
    }

    /// Carries out everything of a round that is ready.
    pub async fn serve(&self, seating: SeatingId, round: RoundNo) -> Result<(MutationId, Answer)> {
        let command = KitchenCommand::Serve { round, lines: Vec::new() };
        self.screen.ask(StreamId::Seating(seating), to_value(command)?).await
    }

    /// The tickets that are not on a table yet, as the server has confirmed them.
    pub fn tickets(&self) -> Vec<TicketAt> {
        tickets(&self.screen)
    }

    async fn on_the_floor(&self, command: &(impl Serialize + Sync)) -> Result<(MutationId, Answer)> {
        self.screen.ask(StreamId::Floor(self.venue.clone()), to_value(command)?).await
    }
}

fn tickets(screen: &Screen) -> Vec<TicketAt> {
    let held = screen.held();
    let stays = held.seatings.iter().map(|(id, replica)| (*id, replica.confirmed())).filter(|(_, stay)| stay.stay.is_open());
    let of_stay = |(seating, stay): (SeatingId, &Seating)| {
        let tickets = stay.rounds.iter().flat_map(domain::seating::Round::tickets);
        let at = move |ticket: domain::seating::Ticket<'_>| TicketAt {
            seating,
            round: ticket.round.number,
            station: ticket.station.clone(),
            state: ticket.state(),
        };
        tickets.map(at).filter(|ticket| ticket.state != ItemState::Served).collect::<Vec<_>>()
    };
    stays.flat_map(of_stay).collect()
}
