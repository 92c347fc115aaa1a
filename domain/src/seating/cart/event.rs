//! What happens to the cart.

use serde::Serialize;

use super::{Chosen, Line};
use crate::ids::LineId;
use crate::money::Amount;
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, or_default, read};
use crate::text::Note;

/// A line comes, changes or goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CartEvent {
    /// A line went into the cart.
    LineAdded {
        /// The line.
        #[serde(flatten)]
        line: Line,
    },
    /// A line's quantity changed.
    QuantityChanged {
        /// Which.
        line: LineId,
        /// By how many: differences, so that two people's changes both count.
        by: i16,
    },
    /// A line's options or note changed, and with them its price.
    LineEdited {
        /// Which.
        line: LineId,
        /// The options, with what they were called and cost.
        options: Vec<Chosen>,
        /// For the kitchen.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<Note>,
        /// The price of one, options included.
        unit_price: Amount,
    },
    /// A line was taken out of the cart.
    LineRemoved {
        /// Which.
        line: LineId,
    },
}

impl CartEvent {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        Ok(Some(match &*f.kind {
            "line_added" => Self::LineAdded {
                line: Line {
                    id: need(f.line, "line")?,
                    guest: f.guest,
                    dish: need(f.dish.take(), "dish")?,
                    name: read(f.name.take(), "name")?,
                    options: or_default(f.options.take(), "options")?,
                    note: f.note.take(),
                    quantity: need(f.quantity, "quantity")?,
                    unit_price: need(f.unit_price, "unit_price")?,
                },
            },
            "quantity_changed" => Self::QuantityChanged { line: need(f.line, "line")?, by: need(f.by, "by")? },
            "line_edited" => Self::LineEdited {
                line: need(f.line, "line")?,
                options: or_default(f.options.take(), "options")?,
                note: f.note.take(),
                unit_price: need(f.unit_price, "unit_price")?,
            },
            "line_removed" => Self::LineRemoved { line: need(f.line, "line")? },
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn evolve(&self, seating: &mut Seating) {
        match self {
            Self::LineAdded { line } => seating.cart.push(line.clone()),
            Self::QuantityChanged { line, by } => {
                if let Some(held) = line_mut(seating, *line) {
                    held.quantity = held.quantity.saturating_add_signed(*by);
                }
            }
            Self::LineEdited { line, options, note, unit_price } => {
                if let Some(held) = line_mut(seating, *line) {
                    held.options.clone_from(options);
                    held.note.clone_from(note);
                    held.unit_price = *unit_price;
                }
            }
            Self::LineRemoved { line } => seating.cart.retain(|held| held.id != *line),
        }
    }
}

fn line_mut(seating: &mut Seating, id: LineId) -> Option<&mut Line> {
    seating.cart.iter_mut().find(|line| line.id == id)
}
