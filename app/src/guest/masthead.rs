//! The top of the page: the restaurant, the table, the language, who is here.

use domain::Language;
use domain::seating::Seating;
use leptos::html::Select;
use leptos::prelude::*;

use super::at_table::at_table;
use super::party::Party;
use crate::parts::{Erase, Icon, Symbol};
use crate::words::{choose_language, speech};

/// The top of the page.
#[component]
pub(crate) fn Masthead() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.visit();
    let title = move || at.menu(|menu| menu.catalog.title.clone());
    let subtitle = move || at.menu(|menu| speech.of(&menu.catalog.subtitle));
    let farewell = move || {
        at.is_over().then(|| {
            view! {
                <section class="farewell" role="status">
                    <h2>{if at.is_removed() { words.taken_off } else { words.visit_ended }}</h2>
                    <p>{if at.is_removed() { words.taken_off_hint } else { words.visit_ended_hint }}</p>
                </section>
            }
            .erased()
        })
    };
    // It stands here until somebody is taken off the table: from then on everybody is let in by hand.
    let number = move || {
        let table = at.seat().filter(|table| at.can_order() && table.view.with(Seating::has_number))?;
        let number = table.number.get_value()?;
        Some(view! { <p class="join-number-told">{words.join_number(&number)}</p> }.erased())
    };
    view! {
        <header class="masthead">
            <div class="masthead-top">
                <p class="table-label">{words.table(&at.label())}</p>
                <LanguageSwitch />
            </div>
            <h1 class="masthead-title">{title}</h1>
            <p class="masthead-subtitle">{subtitle}</p>
            {move || at.can_order().then(|| view! { <Party /> }.erased())}
            {number}
            {farewell}
        </header>
    }
    .erased()
}

/// The interface's language.
#[component]
fn LanguageSwitch() -> impl IntoView {
    let speech = speech();
    let option = |language: Language| {
        view! { <option value=language.code() lang=language.code() selected=language == speech.language>{language.endonym()}</option> }
    };
    let choose = move |code: String| {
        if let Ok(language) = code.parse() {
            choose_language(language);
        }
    };
    let choices = NodeRef::<Select>::new();
    // Somebody was faster than the script.
    Effect::new(move || {
        let chosen = choices.get().map(|choices| choices.value());
        if let Some(chosen) = chosen.filter(|chosen| chosen != speech.language.code()) {
            choose(chosen);
        }
    });
    view! {
        <label class="language">
            <Symbol icon=Icon::Globe />
            <span class="only-read">{speech.visit().language}</span>
            <select node_ref=choices autocomplete="off" on:change=move |event| choose(event_target_value(&event))>
                {Language::ALL.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .erased()
}
