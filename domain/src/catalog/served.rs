//! What is served now: the published catalog, what is sold out, and what anything costs.

use serde::{Deserialize, Serialize};

use super::{Catalog, Dish, DishOption, OptionGroup};
use crate::ids::{DishId, GroupId, OptionId};
use crate::money::Amount;
use crate::rejection::Rejection;
use crate::sorted::Set;
use crate::stream::{Progress, Version};

/// What is served now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// How far the stream was folded.
    pub progress: Progress,
    /// The published catalog; empty before the first.
    pub catalog: Catalog,
    /// The version at which the catalog was published.
    pub published_at: Version,
    /// Dishes that can't be had now.
    pub sold_out: Set<DishId>,
    /// Options that can't be had now, sorted. A set of them would be three kilobytes of what a phone downloads.
    pub options_sold_out: Vec<OptionKey>,
}

/// An option of a group of a dish, written `dish/group/option`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OptionKey {
    /// The dish.
    pub dish: DishId,
    /// Its group.
    pub group: GroupId,
    /// The group's option.
    pub option: OptionId,
}

/// An option as a guest names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// The group that asks.
    pub group: GroupId,
    /// The answer.
    pub option: OptionId,
}

/// A dish with its options, priced: what a line of a cart is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced<'a> {
    /// The dish.
    pub dish: &'a Dish,
    /// The chosen options with their groups, in the menu's order.
    pub options: Vec<(&'a OptionGroup, &'a DishOption)>,
    /// The price of one, options included.
    pub unit_price: Amount,
}

impl Menu {
    /// The menu as guests are sent it. They ask nothing of it, so the memory of who did would only be heavy: after two years of
    /// sold-out dishes, two thirds of a page.
    #[must_use]
    pub fn for_guests(&self) -> Self {
        Self { progress: self.progress.without_memory(), ..self.clone() }
    }

    /// Looks up a dish with chosen options, checks that it can be had, and prices it.
    ///
    /// The price is the catalog's; nothing that a client says about money is ever used.
    pub fn price(&self, dish: &DishId, choices: &[Choice]) -> Result<Priced<'_>, Rejection> {
        let dish = self.catalog.dish(dish).ok_or(Rejection::NoSuchDish)?;
        let options = dish.chosen(choices)?;
        self.can_be_had(&dish.id, choices)?;
        Ok(Priced { dish, options, unit_price: dish.unit_price(choices) })
    }

    /// Whether the dish and these options are on the menu, and on sale now.
    pub fn can_be_had(&self, dish: &DishId, choices: &[Choice]) -> Result<(), Rejection> {
        let on_menu = self.catalog.dish(dish).ok_or(Rejection::NoSuchDish)?;
        if !choices.iter().all(|choice| on_menu.has_option(&choice.group, &choice.option)) {
            return Err(Rejection::NoSuchOption);
        }
        if self.sold_out.contains(dish) {
            return Err(Rejection::SoldOut);
        }
        let gone = choices.iter().any(|choice| self.is_option_sold_out(dish, &choice.group, &choice.option));
        if gone { Err(Rejection::OptionSoldOut) } else { Ok(()) }
    }

    /// The price of one of the dish with these options now, if the dish is on the menu.
    pub fn unit_price(&self, dish: &DishId, choices: &[Choice]) -> Option<Amount> {
        self.catalog.dish(dish).map(|dish| dish.unit_price(choices))
    }

    /// Whether the option is sold out.
    pub fn is_option_sold_out(&self, dish: &DishId, group: &GroupId, option: &OptionId) -> bool {
        self.options_sold_out.iter().any(|key| key.dish == *dish && key.group == *group && key.option == *option)
    }
}

impl Dish {
    /// Whether the dish asks that question and knows that answer.
    pub(crate) fn has_option(&self, group: &GroupId, option: &OptionId) -> bool {
        self.groups.iter().any(|g| g.id == *group && g.options.iter().any(|o| o.id == *option))
    }

    /// The options that `choices` name, in the menu's order, if they keep every group's rule.
    fn chosen(&self, choices: &[Choice]) -> Result<Vec<(&OptionGroup, &DishOption)>, Rejection> {
        for (i, choice) in choices.iter().enumerate() {
            let group = self.groups.iter().find(|g| g.id == choice.group).ok_or(Rejection::NoSuchOption)?;
            if !group.options.iter().any(|o| o.id == choice.option) {
                return Err(Rejection::NoSuchOption);
            }
            if choices[..i].contains(choice) {
                return Err(Rejection::OptionsBreakRules);
            }
        }
        for group in &self.groups {
            let count = choices.iter().filter(|choice| choice.group == group.id).count();
            if !(usize::from(group.min)..=usize::from(group.max)).contains(&count) {
                return Err(Rejection::OptionsBreakRules);
            }
        }
        let is_chosen = |g: &OptionGroup, o: &DishOption| choices.iter().any(|c| c.group == g.id && c.option == o.id);
        Ok(self.groups.iter().flat_map(|g| g.options.iter().filter(|o| is_chosen(g, o)).map(move |o| (g, o))).collect())
    }
}
