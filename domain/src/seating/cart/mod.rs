//! The cart: lines not yet sent.

mod command;
mod event;

use serde::{Deserialize, Serialize};

pub use command::{AddLine, CartCommand, EditLine};
pub use event::CartEvent;

use super::Seating;
use crate::ids::{DishId, GroupId, GuestNo, LineId, OptionId};
use crate::language::Localized;
use crate::menu::Choice;
use crate::money::Amount;
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

impl Seating {
    /// The line of that id, while it is in the cart.
    pub fn line(&self, id: LineId) -> Option<&Line> {
        self.cart.iter().find(|line| line.id == id)
    }

    /// What the cart comes to.
    pub fn cart_total(&self) -> Amount {
        self.cart.iter().map(Line::total).sum()
    }
}
