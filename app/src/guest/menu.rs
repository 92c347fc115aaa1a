//! The menu: its sections with their dishes, in the menu's order.

use domain::menu::Category;
use domain::{CategoryId, DishId};
use leptos::prelude::*;

use super::at_table::at_table;
use super::dish_card::DishCard;
use super::finder::Finder;
use super::tabs::Tabs;
use crate::parts::{Erase, Icon, Symbol, memo};
use crate::words::speech;

/// The dishes that are looked for; none: everything is shown.
pub(crate) type Found = Memo<Option<Vec<DishId>>>;

/// The menu with its finder and its tabs.
#[component]
pub(crate) fn MenuBody() -> impl IntoView {
    let at = at_table();
    let speech = speech();
    let words = speech.menu();
    let found: Found = memo(move || {
        at.wishes.with(|wishes| {
            let suits = |(category, dish): &(&Category, &domain::menu::Dish)| wishes.suits(category, dish);
            wishes.any().then(|| at.menu(|menu| menu.catalog.dishes().filter(suits).map(|(_, dish)| dish.id.clone()).collect()))
        })
    });
    let found_none = memo(move || found.with(|found| found.as_ref().is_some_and(Vec::is_empty)));
    // A newly published menu is drawn anew; what is sold out changes its dish alone.
    let sections = move || {
        at.published.track();
        let categories = untrack(move || at.menu(|menu| menu.catalog.categories.clone()));
        categories.into_iter().map(|category| view! { <Section category found /> }).collect_view()
    };
    let nothing = move || {
        found_none.get().then(|| {
            view! {
                <div class="nothing-found">
                    <Symbol icon=Icon::Search />
                    <p class="nothing-found-title">{words.nothing_found}</p>
                    <p>{words.nothing_found_hint}</p>
                    <button type="button" class="button button-quiet" on:click=move |_| at.wishes.set(Default::default())>
                        {words.clear_filters}
                    </button>
                </div>
            }
            .erased()
        })
    };
    view! {
        <main id="menu" class="menu" tabindex="-1">
            <Finder found />
            <Tabs found />
            {sections}
            {nothing}
            <p class="menu-foot">{speech.diet().allergens_footnote}</p>
        </main>
    }
    .erased()
}

/// The id of a section's heading, to which its tab leads.
pub(crate) fn anchor(category: &CategoryId) -> String {
    format!("menu-{category}")
}

/// Whether anything of these dishes is looked for.
pub(crate) fn any_found(found: Found, dishes: Vec<DishId>) -> Memo<bool> {
    memo(move || found.with(|found| found.as_ref().is_none_or(|found| dishes.iter().any(|dish| found.contains(dish)))))
}

#[component]
fn Section(category: Category, found: Found) -> impl IntoView {
    let speech = speech();
    let any = any_found(found, category.dishes.iter().map(|dish| dish.id.clone()).collect());
    let id = anchor(&category.id);
    let heading = format!("{id}-heading");
    view! {
        <section id=id class="menu-section" aria-labelledby=heading hidden=move || !any.get()>
            <h2 id=heading.clone() class="menu-heading">{speech.of(&category.name)}</h2>
            <ul class="dishes">
                {category.dishes.into_iter().map(|dish| view! { <DishCard dish found /> }).collect_view()}
            </ul>
        </section>
    }
    .erased()
}
