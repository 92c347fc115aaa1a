//! A question that a dish asks: one answer, or several within its rule.

use domain::menu::{DishOption, OptionGroup};
use domain::{Amount, DishId};
use leptos::prelude::*;

use super::at_table::at_table;
use super::dish_sheet::{edit, with_draft};
use super::marks::contains;
use crate::parts::{Erase, Icon, Symbol, memo, with_icon};
use crate::words::{DishWords, speech};

/// A question with its answers. At most one answer makes radio buttons, with one for none where none
/// will do; more make boxes to tick, of which no more can be ticked than may be.
#[component]
pub(crate) fn Group(
    /// The dish that asks.
    dish: DishId,
    /// The question.
    group: OptionGroup,
) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.dish();
    let OptionGroup { id, name, min, max, options } = group;
    let single = max == 1 && (min == 1 || options.len() > 1);
    let group = StoredValue::new(id);
    let missing =
        memo(move || with_draft(at, |draft| group.with_value(|id| draft.count(id)) < usize::from(min)).unwrap_or(false));
    let answered = move || (min > 0 && !missing.get()).then(|| view! { <Symbol icon=Icon::Check /> }.erased());
    let field = group.with_value(ToString::to_string);
    let none = (single && min == 0).then(|| {
        let is_chosen = move || with_draft(at, |draft| group.with_value(|id| draft.count(id)) == 0).unwrap_or(true);
        view! {
            <label class="option">
                <input
                    type="radio"
                    name=field.clone()
                    prop:checked=is_chosen
                    on:change=move |_| edit(at, |draft| group.with_value(|id| draft.choose_only(id, None)))
                />
                <span class="option-name">{words.nothing_extra}</span>
            </label>
        }
        .erased()
    });
    let dish = StoredValue::new(dish);
    let answers = options
        .into_iter()
        .map(|option| {
            let DishOption { id, name, price, allergens } = option;
            let option = StoredValue::new(id);
            let is_chosen =
                move || with_draft(at, |draft| group.with_value(|g| option.with_value(|o| draft.has(g, o)))).unwrap_or(false);
            let is_gone = memo(move || {
                at.menu(|menu| dish.with_value(|d| group.with_value(|g| option.with_value(|o| menu.is_option_sold_out(d, g, o)))))
            });
            // What is chosen can be taken back, even where it is gone or the group is full.
            let is_closed = move || {
                let full = !single && with_draft(at, |draft| group.with_value(|g| draft.is_full(g, max))).unwrap_or(false);
                (is_gone.get() || full) && (single || !is_chosen())
            };
            let choose = move |_| {
                edit(at, |draft| {
                    group.with_value(|g| {
                        option.with_value(|o| if single { draft.choose_only(g, Some(o)) } else { draft.toggle(g, max, o) });
                    });
                });
            };
            let extra = (price != Amount::ZERO).then(|| {
                let sign = if price > Amount::ZERO { "+" } else { "" };
                view! { <span class="option-price">{sign}{untrack(move || at.money(price))}</span> }
            });
            let allergens = contains(speech, &allergens).map(|text| view! { <span class="option-allergens">{text}</span> });
            let gone = move || is_gone.get().then(|| with_icon("option-gone", Icon::NotHad, speech.common().sold_out));
            view! {
                <label class="option" class:is-sold-out=is_gone>
                    <input
                        type=if single { "radio" } else { "checkbox" }
                        name=field.clone()
                        prop:checked=is_chosen
                        disabled=is_closed
                        on:change=choose
                    />
                    <span class="option-name">{speech.of(&name)} {allergens} {gone}</span>
                    {extra}
                </label>
            }
            .erased()
        })
        .collect_view();
    view! {
        <fieldset class="options" class:is-missing=missing>
            <legend class="options-head">
                <span class="options-name">{speech.of(&name)}</span>
                <span class="options-rule">{rule(words, min, max)} {answered}</span>
            </legend>
            {none}
            {answers}
        </fieldset>
    }
    .erased()
}

/// How many answers a question wants, in words.
fn rule(words: &DishWords, min: u8, max: u8) -> String {
    let (least, most) = (min.to_string(), max.to_string());
    match (min, max) {
        (1, 1) => words.choose_one.to_owned(),
        (0, 1) => words.choose_if_wanted.to_owned(),
        (0, _) => words.choose_up_to(&most),
        (min, max) if min == max => words.choose_exactly(&most),
        _ => words.choose_between(&least, &most),
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn a_rule_is_told_in_words() {
        let words = crate::words::Speech::new(Language::En).dish();
        assert_eq!(rule(words, 1, 1), "Choose one");
        assert_eq!(rule(words, 0, 1), "If you like");
        assert_eq!(rule(words, 2, 2), "Choose 2");
        assert_eq!(rule(words, 0, 3), "Choose up to 3, or none");
        assert_eq!(rule(words, 1, 3), "Choose 1 to 3");
    }
}
