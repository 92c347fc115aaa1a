//! A dish on the menu: read at a glance, opened by a tap, added by its plus.

use domain::DishId;
use domain::menu::Dish;
use leptos::prelude::*;

use super::at_table::{AtTable, at_table};
use super::draft::{Draft, price_from};
use super::marks::{DietMark, allergen_names, strictest_diet};
use super::menu::Found;
use super::sums::{add_plain, asks_nothing, one_more, pieces_of};
use super::wishes::unavoidable;
use crate::parts::{Erase, Icon, Symbol, memo, with_icon};
use crate::words::speech;

/// A dish on the menu.
#[component]
pub(crate) fn DishCard(
    /// The dish.
    dish: Dish,
    /// What is looked for.
    found: Found,
) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.menu();
    let id = StoredValue::new(dish.id.clone());
    let is_shown = memo(move || found.with(|found| found.as_ref().is_none_or(|found| id.with_value(|id| found.contains(id)))));
    let is_sold_out = memo(move || at.menu(|menu| id.with_value(|id| menu.sold_out.contains(id))));
    let ordered = memo(move || id.with_value(|id| at.stay(|stay| pieces_of(stay, id)).unwrap_or(0)));

    let name = speech.of(&dish.name);
    let about = speech.of(&dish.description);
    let (least, can_cost_more) = price_from(&dish);
    let price = untrack(move || at.money(least));
    let price = if can_cost_more { words.from(&price) } else { price };
    let allergens = allergen_names(speech, &unavoidable(&dish));
    let quick = asks_nothing(&dish);

    let add = {
        let name = name.clone();
        move || {
            if is_sold_out.get() {
                return with_icon("dish-gone", Icon::NotHad, speech.common().sold_out);
            }
            let label = if quick { words.add_dish(&name) } else { words.choose_dish(&name) };
            let name = name.clone();
            let tap = move |_| if quick { add_one(at, id, &name) } else { open(at, id) };
            view! {
                <button type="button" class="dish-add" class:has-count=move || ordered.get() != 0 aria-label=label on:click=tap>
                    <Symbol icon=Icon::Plus />
                </button>
            }
            .erased()
        }
    };
    let count = move || {
        match ordered.get() {
        0 => None,
        n => Some(view! {
            <span class="dish-count"><span class="dish-count-number" aria-hidden="true">{n}</span><span class="only-read">{words.in_order(&n.to_string())}</span></span>
        }.erased()),
    }
    };
    view! {
        <li class="dish" class:is-sold-out=is_sold_out hidden=move || !is_shown.get()>
            <div class="dish-text">
                <div class="dish-head">
                    <h3 class="dish-name">
                        <button type="button" class="dish-open" aria-haspopup="dialog" on:click=move |_| open(at, id)>{name}</button>
                    </h3>
                    <span class="dish-price">{price}</span>
                </div>
                {(!about.is_empty()).then(|| view! { <p class="dish-about">{about}</p> })}
                <p class="dish-marks">
                    <DietMark diets=strictest_diet(&dish) />
                    {(!allergens.is_empty()).then(|| view! { <span class="mark">{speech.diet().contains(&allergens)}</span> })}
                </p>
            </div>
            <div class="dish-side">{add}{count}</div>
        </li>
    }
    .erased()
}

/// Opens the dish to put it together.
fn open(at: AtTable, id: StoredValue<DishId>) {
    let draft = untrack(move || at.menu(|menu| id.with_value(|id| menu.catalog.dish(id).map(|dish| Draft::of_dish(dish, menu)))));
    at.draft.set(draft);
}

/// Adds one of the dish as it is.
fn add_one(at: AtTable, id: StoredValue<DishId>, name: &str) {
    let command = untrack(|| {
        id.with_value(|id| match at.seat() {
            Some(table) => {
                let price = at.menu(|menu| menu.unit_price(id, &[]));
                table.view.with(|stay| one_more(stay, table.me, id, price, table.link.get().is_up()))
            }
            None => add_plain(id),
        })
    });
    at.want(command, name.to_owned());
}
