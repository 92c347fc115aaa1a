//! Search and filters.

use domain::menu::{Allergen, Diet};
use leptos::prelude::*;

use super::at_table::at_table;
use super::menu::Found;
use crate::parts::{Erase, Icon, Symbol};
use crate::words::speech;

/// The longest search that is taken, in characters.
const SEARCH_MAX_CHARS: usize = 60;

/// Search and filters.
#[component]
pub(crate) fn Finder(
    /// What they find.
    found: Found,
) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.menu();
    let result = move || found.with(|found| found.as_ref().map(|found| words.found(found.len())));
    // The search has a cross of its own.
    let any = move || at.wishes.with(|wishes| wishes.diet.is_some() || !wishes.without.is_empty());
    let clear = move || {
        any().then(|| {
            view! {
                <button type="button" class="chip chip-clear" on:click=move |_| at.wishes.set(Default::default())>
                    <Symbol icon=Icon::Cross />
                    {words.clear_filters}
                </button>
            }
            .erased()
        })
    };
    view! {
        <search class="finder">
            <label class="search">
                <Symbol icon=Icon::Search />
                <span class="only-read">{words.search}</span>
                <input
                    type="search"
                    placeholder=words.search
                    maxlength=SEARCH_MAX_CHARS
                    enterkeyhint="search"
                    autocomplete="off"
                    prop:value=move || at.wishes.with(|wishes| wishes.text.clone())
                    on:input=move |event| at.wishes.update(|wishes| wishes.text = event_target_value(&event))
                />
            </label>
            <div class="filters" role="group" aria-label=words.filters>
                <DietChip diet=Diet::Vegetarian icon=Icon::Leaf />
                <DietChip diet=Diet::Vegan icon=Icon::Sprout />
                <Without />
                {clear}
            </div>
            <p class="found" role="status">{result}</p>
        </search>
    }
    .erased()
}

#[component]
fn DietChip(diet: Diet, icon: Icon) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let is_on = move || at.wishes.with(|wishes| wishes.diet == Some(diet));
    let toggle = move |_| at.wishes.update(|wishes| wishes.diet = if wishes.diet == Some(diet) { None } else { Some(diet) });
    view! {
        <button type="button" class="chip" aria-pressed=move || is_on().to_string() on:click=toggle>
            <Symbol icon />
            {speech.diet().diet(diet)}
        </button>
    }
    .erased()
}

/// What must not be in a dish: the allergens that this menu knows of.
#[component]
fn Without() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.menu();
    let count = move || match at.wishes.with(|wishes| wishes.without.len()) {
        0 => None,
        n => Some(view! { <span class="chip-count">{n}</span> }.erased()),
    };
    let is_on_menu = move |allergen: &Allergen| {
        at.menu(|menu| menu.catalog.dishes().any(|(_, dish)| super::wishes::unavoidable(dish).contains(allergen)))
    };
    let choice = move |allergen: Allergen| {
        let is_on = move || at.wishes.with(|wishes| wishes.without.contains(&allergen));
        let toggle = move |_| {
            at.wishes.update(|wishes| match wishes.without.iter().position(|other| *other == allergen) {
                Some(i) => drop(wishes.without.remove(i)),
                None => wishes.without.push(allergen),
            });
        };
        view! {
            <label class="tick">
                <input type="checkbox" autocomplete="off" prop:checked=is_on on:change=toggle />
                <span>{speech.diet().allergen(allergen)}</span>
            </label>
        }
    };
    let choices = untrack(move || Allergen::ALL.into_iter().filter(is_on_menu).map(choice).collect_view());
    view! {
        <details class="without">
            <summary class="chip">
                {words.without}
                {count}
                <Symbol icon=Icon::ChevronDown />
            </summary>
            <fieldset class="without-choices">
                <legend class="only-read">{words.without}</legend>
                {choices}
            </fieldset>
        </details>
    }
    .erased()
}
