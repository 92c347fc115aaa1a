//! What guests and waiters ask of the cart.

use serde::Serialize;

use super::{CartEvent, Chosen, Line, MAX_LINES, MAX_LINES_OF_ONE, MAX_QUANTITY};
use crate::fold::Context;
use crate::ids::{DishId, GuestNo, LineId, MutationId};
use crate::menu::{Choice, Priced};
use crate::rejection::Rejection;
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, or_default};
use crate::stream::{Actor, Role};
use crate::text::Note;

/// Puts lines into the cart, changes them, takes them out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CartCommand {
    /// Puts a line into the cart.
    AddLine(AddLine),
    /// Changes a line's quantity by a difference; at zero the line goes.
    ChangeQuantity {
        /// Which.
        line: LineId,
        /// By how many.
        by: i16,
    },
    /// Changes a line's options and note.
    EditLine(EditLine),
    /// Takes a line out of the cart.
    RemoveLine {
        /// Which.
        line: LineId,
    },
}

/// A line for the cart. Its id becomes the mutation's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddLine {
    /// The dish.
    pub dish: DishId,
    /// The chosen options.
    pub options: Vec<Choice>,
    /// For the kitchen.
    pub note: Option<Note>,
    /// How many; 1 to [`MAX_QUANTITY`].
    pub quantity: u16,
    /// For whom, where staff add it; a guest always adds for themselves.
    pub guest: Option<GuestNo>,
}

impl AddLine {
    /// One of a dish as it comes, for whoever asks.
    pub const fn one(dish: DishId) -> Self {
        Self { dish, options: Vec::new(), note: None, quantity: 1, guest: None }
    }
}

/// What a line of the cart is to be like from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditLine {
    /// Which.
    pub line: LineId,
    /// All of its options.
    pub options: Vec<Choice>,
    /// Its note.
    pub note: Option<Note>,
}

impl CartCommand {
    /// The line that it concerns, if that is its mutation.
    pub fn line(&self, mutation: MutationId) -> LineId {
        match self {
            Self::AddLine(_) => mutation.into(),
            Self::ChangeQuantity { line, .. } | Self::EditLine(EditLine { line, .. }) | Self::RemoveLine { line } => *line,
        }
    }

    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        Ok(Some(match &*f.kind {
            "add_line" => Self::AddLine(AddLine {
                dish: need(f.dish.take(), "dish")?,
                options: or_default(f.options.take(), "options")?,
                note: f.note.take(),
                quantity: need(f.quantity, "quantity")?,
                guest: f.guest,
            }),
            "change_quantity" => Self::ChangeQuantity { line: need(f.line, "line")?, by: need(f.by, "by")? },
            "edit_line" => Self::EditLine(EditLine {
                line: need(f.line, "line")?,
                options: or_default(f.options.take(), "options")?,
                note: f.note.take(),
            }),
            "remove_line" => Self::RemoveLine { line: need(f.line, "line")? },
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn decide(&self, seating: &Seating, context: &Context<'_>) -> Result<CartEvent, Rejection> {
        match self {
            Self::AddLine(command) => add(seating, command, context),
            Self::ChangeQuantity { line, by } => change_quantity(seating, *line, *by, context),
            Self::EditLine(command) => edit(seating, command, context),
            Self::RemoveLine { line } => remove(seating, *line, context),
        }
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

fn add(seating: &Seating, command: &AddLine, context: &Context<'_>) -> Result<CartEvent, Rejection> {
    let AddLine { dish, options, note, quantity, guest: for_guest } = command;
    may_fill(&context.actor)?;
    let guest = match context.actor {
        Actor::Guest(number) => Some(number),
        _ => *for_guest,
    };
    if guest.is_some_and(|number| !seating.is_here(number)) {
        return Err(Rejection::NoSuchGuest);
    }
    if !(1..=MAX_QUANTITY).contains(quantity) {
        return Err(Rejection::QuantityOutOfRange);
    }
    // What waits for a waiter may come back into the cart.
    let waiting = seating.waiting.iter().flat_map(|round| &round.items).map(|item| &item.line);
    let unsent: Vec<&Line> = seating.cart.iter().chain(waiting).collect();
    let own = || unsent.iter().filter(|line| line.guest == guest).count();
    if unsent.len() >= MAX_LINES || (guest.is_some() && own() >= MAX_LINES_OF_ONE) {
        return Err(Rejection::CartFull);
    }
    let priced = context.menu.price(dish, options)?;
    Ok(CartEvent::LineAdded {
        line: Line {
            id: context.mutation.into(),
            guest,
            dish: dish.clone(),
            name: priced.dish.name.clone(),
            options: chosen(&priced),
            note: note.clone(),
            quantity: *quantity,
            unit_price: priced.unit_price,
        },
    })
}

fn change_quantity(seating: &Seating, line: LineId, by: i16, context: &Context<'_>) -> Result<CartEvent, Rejection> {
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
    Ok(if quantity == 0 { CartEvent::LineRemoved { line } } else { CartEvent::QuantityChanged { line, by } })
}

fn edit(seating: &Seating, command: &EditLine, context: &Context<'_>) -> Result<CartEvent, Rejection> {
    let EditLine { line, options, note } = command;
    may_fill(&context.actor)?;
    let held = seating.line(*line).ok_or(Rejection::NoSuchLine)?;
    let priced = context.menu.price(&held.dish, options)?;
    let options = chosen(&priced);
    if held.options == options && held.note == *note && held.unit_price == priced.unit_price {
        return Err(Rejection::Unchanged);
    }
    Ok(CartEvent::LineEdited { line: *line, options, note: note.clone(), unit_price: priced.unit_price })
}

fn remove(seating: &Seating, line: LineId, context: &Context<'_>) -> Result<CartEvent, Rejection> {
    may_fill(&context.actor)?;
    seating.line(line).ok_or(Rejection::NoSuchLine)?;
    Ok(CartEvent::LineRemoved { line })
}
