//! A dish as a guest is putting it together: options, note, quantity.

use domain::menu::{Choice, Dish, Menu, OptionGroup};
use domain::seating::{AddLine, CartCommand, EditLine, Line, MAX_QUANTITY};
use domain::text::BadText;
use domain::{Amount, DishId, GroupId, LineId, Note, OptionId};

/// A dish being put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Which dish.
    pub(crate) dish: DishId,
    /// The options chosen so far.
    pub(crate) choices: Vec<Choice>,
    /// As it was typed.
    pub(crate) note: String,
    /// How many; 1 or more.
    pub(crate) quantity: u16,
    /// The line that is being changed; none for a new one.
    pub(crate) line: Option<LineId>,
}

impl Draft {
    /// A new line. Where a question has one answer that can be had, it is given.
    pub(crate) fn of_dish(dish: &Dish, menu: &Menu) -> Self {
        let only_answer = |group: &OptionGroup| {
            let mut left = group.options.iter().filter(|o| !menu.is_option_sold_out(&dish.id, &group.id, &o.id));
            let only = left.next().filter(|_| is_one_of(group) && left.next().is_none())?;
            Some(Choice { group: group.id.clone(), option: only.id.clone() })
        };
        let choices = dish.groups.iter().filter_map(only_answer).collect();
        Self { dish: dish.id.clone(), choices, note: String::new(), quantity: 1, line: None }
    }

    /// A line of the cart, to be changed.
    pub(crate) fn of_line(line: &Line) -> Self {
        Self {
            dish: line.dish.clone(),
            choices: line.choices(),
            note: line.note.as_ref().map(|note| note.as_str().to_owned()).unwrap_or_default(),
            quantity: line.quantity,
            line: Some(line.id),
        }
    }

    /// Whether that option is chosen.
    pub(crate) fn has(&self, group: &GroupId, option: &OptionId) -> bool {
        self.choices.iter().any(|choice| choice.group == *group && choice.option == *option)
    }

    /// How many options of that group are chosen.
    pub(crate) fn count(&self, group: &GroupId) -> usize {
        self.choices.iter().filter(|choice| choice.group == *group).count()
    }

    /// Whether the group takes no more answers.
    pub(crate) fn is_full(&self, group: &GroupId, max: u8) -> bool {
        self.count(group) >= usize::from(max)
    }

    /// Gives the group this answer alone, or none.
    pub(crate) fn choose_only(&mut self, group: &GroupId, option: Option<&OptionId>) {
        self.choices.retain(|choice| choice.group != *group);
        self.choices.extend(option.map(|option| Choice { group: group.clone(), option: option.clone() }));
    }

    /// Adds an answer to the group's, or takes it away.
    pub(crate) fn toggle(&mut self, group: &GroupId, max: u8, option: &OptionId) {
        if self.has(group, option) {
            self.choices.retain(|choice| choice.group != *group || choice.option != *option);
        } else if !self.is_full(group, max) {
            self.choices.push(Choice { group: group.clone(), option: option.clone() });
        }
    }

    /// Changes how many, within what a line can hold.
    pub(crate) fn change_quantity(&mut self, by: i16) {
        self.quantity = self.quantity.saturating_add_signed(by).clamp(1, MAX_QUANTITY);
    }

    /// The groups that still want an answer.
    pub(crate) fn unanswered<'a>(&self, dish: &'a Dish) -> impl Iterator<Item = &'a OptionGroup> {
        dish.groups.iter().filter(|group| self.count(&group.id) < usize::from(group.min))
    }

    /// What it comes to as it stands, whether or not it is finished.
    pub(crate) fn total(&self, dish: &Dish) -> Amount {
        dish.total(&self.choices, self.quantity)
    }

    /// The note, if anything was typed.
    pub(crate) fn checked_note(&self) -> Result<Option<Note>, BadText> {
        match Note::new(&self.note) {
            Ok(note) => Ok(Some(note)),
            Err(BadText::Empty) => Ok(None),
            Err(bad) => Err(bad),
        }
    }

    /// The command that puts it into the cart.
    pub(crate) fn add(&self) -> Result<CartCommand, BadText> {
        Ok(CartCommand::AddLine(AddLine {
            dish: self.dish.clone(),
            options: self.choices.clone(),
            note: self.checked_note()?,
            quantity: self.quantity,
            guest: None,
        }))
    }

    /// The commands that turn the line into it, at the price that was shown: the quantity by its difference, so
    /// that somebody else's change counts as well.
    pub(crate) fn changes(&self, line: &Line, dish: &Dish) -> Result<Vec<CartCommand>, BadText> {
        let note = self.checked_note()?;
        let mut commands = Vec::new();
        let same = |a: &[Choice], b: &[Choice]| a.len() == b.len() && a.iter().all(|choice| b.contains(choice));
        if !same(&line.choices(), &self.choices) || line.note != note || line.unit_price != dish.unit_price(&self.choices) {
            commands.push(CartCommand::EditLine(EditLine { line: line.id, options: self.choices.clone(), note }));
        }
        // Both are at most MAX_QUANTITY.
        let by = i16::try_from(i32::from(self.quantity) - i32::from(line.quantity)).unwrap_or(0);
        if by != 0 {
            commands.push(CartCommand::ChangeQuantity { line: line.id, by });
        }
        Ok(commands)
    }
}

/// Whether the group wants exactly one answer.
pub(crate) const fn is_one_of(group: &OptionGroup) -> bool {
    group.min == 1 && group.max == 1
}

/// The least that the dish can be had for, and whether it can cost more.
pub(crate) fn price_from(dish: &Dish) -> (Amount, bool) {
    let mut least = dish.price;
    let mut can_cost_more = false;
    for group in dish.groups.iter().filter(|group| group.min > 0) {
        let mut left: Vec<Amount> = group.options.iter().map(|option| option.price).collect();
        can_cost_more |= left.iter().any(|price| *price != left[0]);
        for _ in 0..group.min {
            // The cheapest that is left.
            let Some(i) = (0..left.len()).min_by_key(|i| left[*i]) else { break };
            least += left.swap_remove(i);
        }
    }
    (least, can_cost_more)
}

#[cfg(test)]
mod tests {
    use domain::menu::{DishOption, OptionKey};
    use domain::{GuestNo, Localized};

    use super::*;

    fn group(id: &str, min: u8, max: u8, prices: &[i64]) -> OptionGroup {
        let option = |(i, price): (usize, &i64)| DishOption {
            id: format!("o{i}").parse().expect("written for this test"),
            name: Localized::default(),
            price: Amount(*price),
            allergens: Default::default(),
        };
        OptionGroup {
            id: id.parse().expect("written for this test"),
            name: Localized::default(),
            min,
            max,
            options: prices.iter().enumerate().map(option).collect(),
        }
    }

    fn dish(groups: Vec<OptionGroup>) -> Dish {
        Dish {
            id: "board".parse().expect("written for this test"),
            name: Localized::default(),
            description: Localized::default(),
            price: Amount(1_000),
            station: "cold".parse().expect("written for this test"),
            allergens: Default::default(),
            diets: Default::default(),
            groups,
            photo: None,
        }
    }

    fn option(id: &str) -> OptionId {
        id.parse().expect("written for this test")
    }

    fn line(quantity: u16, note: Option<&str>) -> Line {
        Line {
            id: LineId::numbered(1),
            guest: Some(GuestNo(1)),
            dish: "board".parse().expect("written for this test"),
            name: Localized::default(),
            options: Vec::new(),
            note: note.and_then(|note| Note::new(note).ok()),
            quantity,
            unit_price: Amount(1_000),
        }
    }

    #[test]
    fn a_group_takes_as_many_answers_as_it_may() {
        let dish = dish(vec![group("cheeses", 2, 2, &[150, 0, 0])]);
        let cheeses = &dish.groups[0].id;
        let mut draft = Draft::of_dish(&dish, &Menu::default());
        draft.toggle(cheeses, 2, &option("o0"));
        assert_eq!(draft.unanswered(&dish).count(), 1);
        draft.toggle(cheeses, 2, &option("o1"));
        draft.toggle(cheeses, 2, &option("o2"));
        assert_eq!(draft.count(cheeses), 2);
        assert_eq!(draft.unanswered(&dish).count(), 0);
        draft.change_quantity(1);
        assert_eq!(draft.total(&dish), Amount(2_300));
        draft.toggle(cheeses, 2, &option("o0"));
        assert!(!draft.has(cheeses, &option("o0")));
    }

    #[test]
    fn the_only_answer_left_is_given() {
        let dish = dish(vec![group("size", 1, 1, &[0, 200])]);
        let mut menu = Menu::default();
        assert!(Draft::of_dish(&dish, &menu).choices.is_empty());
        let key = OptionKey { dish: dish.id.clone(), group: dish.groups[0].id.clone(), option: option("o0") };
        menu.options_sold_out.push(key);
        assert!(Draft::of_dish(&dish, &menu).has(&dish.groups[0].id, &option("o1")));
    }

    #[test]
    fn a_change_asks_only_for_what_differs() {
        let (held, dish) = (line(2, Some("no salt")), dish(Vec::new()));
        let mut draft = Draft::of_line(&held);
        assert_eq!(draft.changes(&held, &dish), Ok(Vec::new()));
        let dearer = Dish { price: Amount(1_100), ..dish.clone() };
        let anew = CartCommand::EditLine(EditLine { line: held.id, options: held.choices(), note: held.note.clone() });
        assert_eq!(draft.changes(&held, &dearer), Ok(vec![anew]), "at the price that was shown");
        draft.change_quantity(3);
        let by_three = CartCommand::ChangeQuantity { line: held.id, by: 3 };
        assert_eq!(draft.changes(&held, &dish), Ok(vec![by_three]));
        draft.note.clear();
        assert_eq!(draft.changes(&held, &dish).map(|commands| commands.len()), Ok(2));
        draft.note = "\u{202E}".to_owned();
        assert_eq!(draft.changes(&held, &dish), Err(BadText::Unprintable));
    }

    #[test]
    fn a_dish_is_priced_from_its_cheapest_answers() {
        assert_eq!(price_from(&dish(vec![group("extras", 0, 2, &[100])])), (Amount(1_000), false));
        assert_eq!(price_from(&dish(vec![group("size", 1, 1, &[0, 500])])), (Amount(1_000), true));
        assert_eq!(price_from(&dish(vec![group("size", 1, 1, &[300, 300])])), (Amount(1_300), false));
    }
}
