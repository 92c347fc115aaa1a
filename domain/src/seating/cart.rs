//! The cart: lines not yet sent.

use serde::{Deserialize, Serialize};

use super::{Seating, SeatingEvent};
use crate::ids::{DishId, GroupId, GuestNo, LineId, OptionId};
use crate::language::Localized;
use crate::menu::{Choice, Priced};
use crate::money::Amount;
use crate::rejection::Rejection;
use crate::stream::{Actor, Context, Role};
use crate::text::Note;

/// The most lines of one cart.
pub const MAX_LINES: usize = 200;
/// The most lines of one guest in a cart.
pub const MAX_LINES_OF_ONE: usize = 60;
/// The most of one line.
pub const MAX_QUANTITY: u16 = 99;

/// A line of the cart: a dish with options, how many, and whose it is.
///
/// It holds what the dish was called and cost when it was added, so that a record can be read and a
/// bill be explained after the menu has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id: the mutation that added it.
    #[serde(rename = "line")]
    pub id: LineId,
    /// Whose it is; nobody's own where staff added it for the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestNo>,
    /// The dish.
    pub dish: DishId,
    /// What the dish was called.
    pub name: Localized,
    /// The chosen options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Chosen>,
    /// For the kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// How many.
    pub quantity: u16,
    /// The price of one, options included.
    pub unit_price: Amount,
}

/// A chosen option, with what it was called and cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The group that asked.
    pub group: GroupId,
    /// The answer.
    pub option: OptionId,
    /// What the answer was called.
    pub name: Localized,
    /// What it added to the price of one.
    pub price: Amount,
}

impl Line {
    /// What the line comes to.
    pub fn total(&self) -> Amount {
        self.unit_price * self.quantity
    }

    /// The options as a guest names them.
    pub fn choices(&self) -> Vec<Choice> {
        self.options.iter().map(|o| Choice { group: o.group.clone(), option: o.option.clone() }).collect()
    }
}

fn chosen(priced: &Priced<'_>) -> Vec<Chosen> {
    priced
        .options
        .iter()
        .map(|(group, option)| Chosen {
            group: group.id.clone(),
            option: option.id.clone(),
            name: option.name.clone(),
            price: option.price,
        })
        .collect()
}

/// Guests and waiters fill carts; a kitchen doesn't.
fn may_fill(actor: &Actor) -> Result<(), Rejection> {
    match actor {
        Actor::Guest(_) => Ok(()),
        other => other.must_be(&[Role::Waiter]),
    }
}

pub(super) fn add(
    seating: &Seating,
    dish: &DishId,
    choices: &[Choice],
    note: Option<&Note>,
    quantity: u16,
    for_guest: Option<GuestNo>,
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    may_fill(&context.actor)?;
    let guest = match context.actor {
        Actor::Guest(number) => Some(number),
        _ => for_guest,
    };
    if guest.is_some_and(|number| !seating.is_here(number)) {
        return Err(Rejection::NoSuchGuest);
    }
    if !(1..=MAX_QUANTITY).contains(&quantity) {
        return Err(Rejection::QuantityOutOfRange);
    }
    // What waits for a waiter may come back into the cart.
    let waiting = seating.waiting.iter().flat_map(|round| &round.items).map(|item| &item.line);
    let unsent: Vec<&Line> = seating.cart.iter().chain(waiting).collect();
    let own = || unsent.iter().filter(|line| line.guest == guest).count();
    if unsent.len() >= MAX_LINES || (guest.is_some() && own() >= MAX_LINES_OF_ONE) {
        return Err(Rejection::CartFull);
    }
    let priced = context.menu.price(dish, choices)?;
    Ok(SeatingEvent::LineAdded {
        line: Line {
            id: context.mutation.into(),
            guest,
            dish: dish.clone(),
            name: priced.dish.name.clone(),
            options: chosen(&priced),
            note: note.cloned(),
            quantity,
            unit_price: priced.unit_price,
        },
    })
}

pub(super) fn change_quantity(
    seating: &Seating,
    line: LineId,
    by: i16,
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    may_fill(&context.actor)?;
    let held = seating.line(line).ok_or(Rejection::NoSuchLine)?;
    let quantity = i32::from(held.quantity) + i32::from(by);
    if by == 0 || quantity < 0 || quantity > i32::from(MAX_QUANTITY) {
        return Err(Rejection::QuantityOutOfRange);
    }
    if by > 0 {
        let choices = held.choices();
        context.menu.can_be_had(&held.dish, &choices)?;
        // A line has one price, and it is the one that was seen.
        if context.menu.unit_price(&held.dish, &choices) != Some(held.unit_price) {
            return Err(Rejection::PriceChanged);
        }
    }
    Ok(if quantity == 0 { SeatingEvent::LineRemoved { line } } else { SeatingEvent::QuantityChanged { line, by } })
}

pub(super) fn edit(
    seating: &Seating,
    line: LineId,
    choices: &[Choice],
    note: Option<&Note>,
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    may_fill(&context.actor)?;
    let held = seating.line(line).ok_or(Rejection::NoSuchLine)?;
    let priced = context.menu.price(&held.dish, choices)?;
    let options = chosen(&priced);
    if held.options == options && held.note.as_ref() == note && held.unit_price == priced.unit_price {
        return Err(Rejection::Unchanged);
    }
    Ok(SeatingEvent::LineEdited { line, options, note: note.cloned(), unit_price: priced.unit_price })
}

pub(super) fn remove(seating: &Seating, line: LineId, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    may_fill(&context.actor)?;
    seating.line(line).ok_or(Rejection::NoSuchLine)?;
    Ok(SeatingEvent::LineRemoved { line })
}

pub(super) fn quantity_changed(seating: &mut Seating, line: LineId, by: i16) {
    if let Some(line) = seating.cart.iter_mut().find(|l| l.id == line) {
        line.quantity = line.quantity.saturating_add_signed(by);
    }
}

pub(super) fn edited(seating: &mut Seating, line: LineId, options: &[Chosen], note: Option<&Note>, unit_price: Amount) {
    if let Some(line) = seating.cart.iter_mut().find(|l| l.id == line) {
        line.options = options.to_vec();
        line.note = note.cloned();
        line.unit_price = unit_price;
    }
}
