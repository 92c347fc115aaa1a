//! What tables need, oldest first.

use domain::TableId;
use leptos::prelude::*;

use super::plan::Plan;
use super::tables::NeedKind;
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::{flag, is_name, rows, text};

/// The list.
#[component]
pub fn NeedList(
    /// What is shown.
    plan: Plan,
) -> impl IntoView {
    let words = plan.speech.floor();
    let keys = move || plan.needs.with(|needs| needs.iter().map(|need| (need.table.clone(), need.kind)).collect::<Vec<_>>());
    let count = move || plan.needs.with(Vec::len);
    view! {
        <section class="needs" aria-labelledby="needs-title">
            <h2 class="needs-title" id="needs-title">
                {words.needs}
                <span class="needs-count" class:is-zero=flag(move || count() == 0)>{text(move || count().to_string())}</span>
            </h2>
            <ol class="needs-list">
                {rows(keys, move |(table, kind)| view! { <NeedRow plan table kind /> }.into_any())}
            </ol>
            <p class="needs-none" hidden=flag(move || count() != 0)>
                <Symbol icon=Icon::CheckTwice />
                {words.no_needs}
            </p>
        </section>
    }
    .erased()
}

#[component]
fn NeedRow(plan: Plan, table: TableId, kind: NeedKind) -> impl IntoView {
    let (words, staff) = (plan.speech.floor(), plan.speech.staff());
    let table = StoredValue::new(table);
    let need = Memo::new(move |_| table.with_value(|table| plan.need(table, kind)));
    let minutes = text(move || {
        let minutes = need.with(|need| need.as_ref().map_or(0, |need| plan.house.clock.minutes_since(need.since)));
        format!("{minutes} {}", staff.minutes)
    });
    let label = need.with_untracked(|need| need.as_ref().map(|need| need.label.clone()));
    let is_named = label.as_ref().is_some_and(|label| is_name(label));
    let what = text(move || {
        let people = need.with(|need| need.as_ref().map_or(0, |need| need.count));
        let count = people.to_string();
        match kind {
            NeedKind::Serve => words.to_serve(&count),
            NeedKind::Late => words.late_at(&count),
            NeedKind::NothingOrdered => words.nothing_ordered.to_owned(),
            NeedKind::FirstRound => words.first_round(&count),
            NeedKind::LetIn => words.asks(people as usize),
        }
    });
    let (icon, class) = match kind {
        NeedKind::Serve => (Icon::Cloche, "need need-serve"),
        NeedKind::Late => (Icon::Warning, "need need-late"),
        NeedKind::NothingOrdered => (Icon::Clock, "need need-unordered"),
        NeedKind::FirstRound => (Icon::Receipt, "need need-first"),
        NeedKind::LetIn => (Icon::People, "need need-ask"),
    };
    let serve = (kind == NeedKind::Serve).then(|| {
        view! {
            <button
                type="button"
                class="need-serve-button"
                on:click=move |_| table.with_value(|table| plan.serve_all(table))
            >
                <Symbol icon=Icon::Check />
                <span>{plan.speech.item().served}</span>
                <span class="only-read">{staff.table} " " {label.clone()}</span>
            </button>
        }
    });
    view! {
        <li class=class>
            <button type="button" class="need-open" on:click=move |_| plan.open.set(Some(table.get_value()))>
                <span class="need-label" class:is-named=is_named><span class="only-read">{staff.table} " "</span>{label.clone()}</span>
                <span class="need-what"><Symbol icon />{what}</span>
                <span class="need-age">{minutes}</span>
            </button>
            {serve}
        </li>
    }
    .erased()
}
