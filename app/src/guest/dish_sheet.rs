//! A dish being put together: its page, its questions, a note, how many, and what that comes to.

use domain::menu::Dish;
use domain::seating::{CartCommand, Line};
use domain::text::NOTE_MAX_CHARS;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::at_table::{AtTable, at_table};
use super::draft::Draft;
use super::marks::{DietMark, contains, strictest_diet};
use super::option_group::Group;
use crate::parts::{Dialog, Erase, Icon, Symbol, memo, with_icon};
use crate::words::speech;

/// The sheet; open while there is a draft.
#[component]
pub(crate) fn DishSheet() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let open = memo(move || at.draft.with(Option::is_some));
    let title = Signal::derive(move || {
        at.draft.with(|draft| {
            draft.as_ref().and_then(|draft| at.dish(&draft.dish)).map(|dish| speech.of(&dish.name)).unwrap_or_default()
        })
    });
    view! {
        <Dialog open on_close=move |()| at.draft.set(None) title class="dialog sheet dish-sheet">
            <DishPage />
        </Dialog>
    }
}

#[component]
fn DishPage() -> impl IntoView {
    let at = at_table();
    let draft = at.draft.get_untracked();
    let dish = draft.as_ref().and_then(|draft| untrack(|| at.dish(&draft.dish)));
    match (draft, dish) {
        (Some(draft), Some(dish)) => view! { <DishForm dish editing=draft.line.is_some() /> }.erased(),
        _ => view! { <p class="dialog-body">{speech().dish().gone}</p> }.erased(),
    }
}

#[component]
fn DishForm(dish: Dish, editing: bool) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.dish();
    let about = speech.of(&dish.description);
    let allergens = contains(speech, &dish.allergens).unwrap_or_else(|| speech.diet().no_allergens.to_owned());
    let initial = speech.of(&dish.name).chars().next().map(|letter| letter.to_string());
    let diets = strictest_diet(&dish);
    let groups = dish.groups.iter().map(|group| view! { <Group dish=dish.id.clone() group=group.clone() /> }).collect_view();
    let dish = StoredValue::new(dish);
    let problem = memo(move || problem(at, dish));
    let total = move || {
        let total = at.money(with_draft(at, |draft| dish.with_value(|dish| draft.total(dish))).unwrap_or_default());
        if editing { words.save_for(&total) } else { words.add_for(&total) }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if untrack(move || problem.get().is_none()) {
            untrack(move || submit(at, dish));
        } else {
            show_what_is_missing();
        }
    };
    let why_not = move || problem.get().map(|why| with_icon("why-not-words", Icon::Info, why));
    view! {
        <form class="dish-form" on:submit=submit>
            <div class="dialog-body">
                <div class="dish-plate" aria-hidden="true"><span>{initial}</span></div>
                {(!about.is_empty()).then(|| view! { <p class="dish-page-about">{about}</p> })}
                <p class="dish-page-marks">
                    <DietMark diets />
                    <span class="mark">{allergens}</span>
                </p>
                {groups}
                <label class="field">
                    <span class="field-label">{words.note}</span>
                    <textarea
                        rows="2"
                        maxlength=NOTE_MAX_CHARS
                        placeholder=words.note_hint
                        prop:value=untrack(move || with_draft(at, |draft| draft.note.clone()))
                        on:input=move |event| edit(at, |draft| draft.note = event_target_value(&event))
                    ></textarea>
                </label>
            </div>
            <footer class="dialog-foot">
                <p class="why-not" id="why-not" role="status">{why_not}</p>
                <div class="add-row">
                    <Quantity name=dish.with_value(|dish| speech.of(&dish.name)) />
                    <button type="submit" class="button button-wide" aria-disabled=move || problem.get().map(|_| "true") aria-describedby="why-not">
                        {total}
                    </button>
                </div>
            </footer>
        </form>
    }
    .erased()
}

#[component]
fn Quantity(name: String) -> impl IntoView {
    let at = at_table();
    let words = speech().dish();
    let quantity = memo(move || with_draft(at, |draft| draft.quantity).unwrap_or(1));
    view! {
        <div class="stepper" role="group" aria-label=words.quantity>
            <button
                type="button"
                class="stepper-button"
                aria-label=words.one_fewer(&name)
                disabled=move || quantity.get() <= 1
                on:click=move |_| edit(at, |draft| draft.change_quantity(-1))
            >
                <Symbol icon=Icon::Minus />
            </button>
            <output class="stepper-number" aria-live="polite">{quantity}</output>
            <button
                type="button"
                class="stepper-button"
                aria-label=words.one_more(&name)
                on:click=move |_| edit(at, |draft| draft.change_quantity(1))
            >
                <Symbol icon=Icon::Plus />
            </button>
        </div>
    }
    .erased()
}

pub(super) fn with_draft<R>(at: AtTable, read: impl FnOnce(&Draft) -> R) -> Option<R> {
    at.draft.with(|draft| draft.as_ref().map(read))
}

pub(super) fn edit(at: AtTable, change: impl FnOnce(&mut Draft)) {
    at.draft.update(|draft| {
        if let Some(draft) = draft {
            change(draft);
        }
    });
}

/// Why it can't go into the cart as it stands, in words.
fn problem(at: AtTable, dish: StoredValue<Dish>) -> Option<String> {
    let speech = at.speech;
    with_draft(at, |draft| {
        let asks = dish.with_value(|dish| {
            let unanswered: Vec<String> = draft.unanswered(dish).map(|group| speech.of(&group.name)).collect();
            (!unanswered.is_empty()).then(|| speech.dish().still_to_choose(&unanswered.join(" · ")))
        });
        let refused = at.menu(|menu| menu.can_be_had(&draft.dish, &draft.choices).err());
        refused
            .map(|reason| speech.reason(reason).to_owned())
            .or(asks)
            .or_else(|| draft.checked_note().err().map(|_| speech.dish().bad_note.to_owned()))
    })?
}

/// Leads to the first question that wants an answer, or to the note, which stands after them.
fn show_what_is_missing() {
    let answer = document().query_selector(".is-missing input:enabled, dialog[open] textarea").ok().flatten();
    if let Some(answer) = answer.and_then(|answer| answer.dyn_into::<HtmlElement>().ok()) {
        let _ = answer.focus();
    }
}

/// Puts it into the cart, or changes the line, and closes.
fn submit(at: AtTable, dish: StoredValue<Dish>) {
    let Some(draft) = at.draft.get() else { return };
    let name = dish.with_value(|dish| at.speech.of(&dish.name));
    let commands = match draft.line {
        None => draft.add().map(|command| vec![command]),
        Some(id) => match at.stay(|stay| stay.line(id).cloned()).flatten() {
            Some(line) => dish.with_value(|dish| draft.changes(&line, dish)),
            // It was sent or removed meanwhile: the server says so in words.
            None => Ok(vec![CartCommand::ChangeQuantity { line: id, by: 1 }]),
        },
    };
    at.draft.set(None);
    for command in commands.unwrap_or_default() {
        at.want(command, name.clone());
    }
}

/// Opens a line of the cart to be changed.
pub(super) fn open_line(at: AtTable, line: &Line) {
    at.draft.set(Some(Draft::of_line(line)));
}
