//! The menu stream of a venue: how a catalog is published, and dishes sell out. What is served then, and for how much, is
//! [`crate::catalog`]'s.

mod read;

use serde::{Deserialize, Serialize};

pub use crate::catalog::*;

use crate::fold::{Context, Fold};
use crate::ids::DishId;
use crate::rejection::Rejection;
use crate::stream::{Progress, REMEMBERED_FOR_LONG, Recorded, Role};

/// What happens to a menu.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", try_from = "read::Fields<'_>")]
pub enum MenuEvent {
    /// A catalog took the place of the one before.
    Published {
        /// All of it.
        catalog: Box<Catalog>,
    },
    /// The dish can't be had any more.
    DishSoldOut {
        /// Which.
        dish: DishId,
    },
    /// The dish can be had again.
    DishBack {
        /// Which.
        dish: DishId,
    },
    /// The option can't be had any more.
    OptionSoldOut {
        /// Which.
        #[serde(flatten)]
        option: OptionKey,
    },
    /// The option can be had again.
    OptionBack {
        /// Which.
        #[serde(flatten)]
        option: OptionKey,
    },
    /// A command that had been sent before is refused, and stays so (see [`Progress::refusal_of`]).
    Refused {
        /// Why.
        reason: Rejection,
    },
    /// Something that a later release records; it changes nothing here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What can be asked of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MenuCommand {
    /// Publishes a catalog; its currency must stay what it was. Managers.
    Publish {
        /// All of it.
        catalog: Box<Catalog>,
    },
    /// Marks a dish as sold out, or as back. Kitchen and waiters.
    SetDishSoldOut {
        /// Which.
        dish: DishId,
        /// Sold out, or back.
        sold_out: bool,
    },
    /// Marks an option as sold out, or as back. Kitchen and waiters.
    SetOptionSoldOut {
        /// Which.
        #[serde(flatten)]
        option: OptionKey,
        /// Sold out, or back.
        sold_out: bool,
    },
}

impl Fold for Menu {
    type Event = MenuEvent;
    type Command = MenuCommand;

    fn decide(&self, command: &MenuCommand, context: &Context<'_>) -> Result<Vec<MenuEvent>, Rejection> {
        match command {
            MenuCommand::Publish { catalog } => {
                context.actor.must_be(&[])?;
                // Open seatings hold prices in the currency they began with: a venue keeps its own.
                let keeps_currency = self.published_at == 0 || self.catalog.currency == catalog.currency;
                if !catalog.faults().is_empty() || !keeps_currency {
                    return Err(Rejection::NotPublishable);
                }
                if self.catalog == **catalog {
                    return Err(Rejection::Unchanged);
                }
                Ok(vec![MenuEvent::Published { catalog: catalog.clone() }])
            }
            MenuCommand::SetDishSoldOut { dish, sold_out } => {
                context.actor.must_be(&[Role::Kitchen, Role::Waiter])?;
                self.catalog.dish(dish).ok_or(Rejection::NoSuchDish)?;
                if self.sold_out.contains(dish) == *sold_out {
                    return Err(Rejection::Unchanged);
                }
                let dish = dish.clone();
                Ok(vec![if *sold_out { MenuEvent::DishSoldOut { dish } } else { MenuEvent::DishBack { dish } }])
            }
            MenuCommand::SetOptionSoldOut { option, sold_out } => {
                context.actor.must_be(&[Role::Kitchen, Role::Waiter])?;
                let dish = self.catalog.dish(&option.dish).ok_or(Rejection::NoSuchDish)?;
                if !dish.has_option(&option.group, &option.option) {
                    return Err(Rejection::NoSuchOption);
                }
                if self.options_sold_out.contains(option) == *sold_out {
                    return Err(Rejection::Unchanged);
                }
                let option = option.clone();
                Ok(vec![if *sold_out { MenuEvent::OptionSoldOut { option } } else { MenuEvent::OptionBack { option } }])
            }
        }
    }

    fn evolve(&mut self, recorded: &Recorded<MenuEvent>) {
        self.progress.note(recorded, REMEMBERED_FOR_LONG);
        match &recorded.event {
            MenuEvent::Published { catalog } => {
                self.catalog = (**catalog).clone();
                self.published_at = recorded.version;
                let catalog = &self.catalog;
                self.sold_out.retain(|dish| catalog.dish(dish).is_some());
                self.options_sold_out
                    .retain(|key| catalog.dish(&key.dish).is_some_and(|dish| dish.has_option(&key.group, &key.option)));
            }
            MenuEvent::DishSoldOut { dish } => {
                self.sold_out.insert(dish.clone());
            }
            MenuEvent::DishBack { dish } => {
                self.sold_out.remove(dish);
            }
            MenuEvent::OptionSoldOut { option } => {
                if let Err(at) = self.options_sold_out.binary_search(option) {
                    self.options_sold_out.insert(at, option.clone());
                }
            }
            MenuEvent::OptionBack { option } => {
                self.options_sold_out.retain(|gone| gone != option);
            }
            MenuEvent::Refused { reason } => self.progress.note_refusal(recorded.mutation, *reason),
            MenuEvent::Unknown => {}
        }
    }

    fn refusal(reason: Rejection) -> MenuEvent {
        MenuEvent::Refused { reason }
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}
