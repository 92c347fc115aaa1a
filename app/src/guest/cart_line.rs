//! A line of the cart. Only a line that changed is drawn again.

use domain::LineId;
use domain::seating::{CartCommand, Line, MAX_QUANTITY};
use leptos::prelude::*;

use super::at_table::at_table;
use super::dish_sheet::open_line;
use super::under_way::under_way;
use crate::live::GuestTable;
use crate::parts::{Erase, Icon, Symbol, focus_open_dialog, memo, with_icon};
use crate::words::{Speech, speech};

/// A line of the cart.
#[component]
pub(crate) fn CartLine(
    /// The table.
    table: GuestTable,
    /// Which line.
    line: LineId,
    /// The lines that can't be had any more.
    sold_out: Memo<Vec<LineId>>,
    /// It came while one was looking.
    arrived: bool,
) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.cart();
    let held = memo(move || table.view.with(|stay| stay.line(line).cloned()));
    let part = move |read: fn(&Line) -> u16| held.with(|held| held.as_ref().map(read)).unwrap_or(0);
    let quantity = memo(move || part(|line| line.quantity));
    let is_pending = memo(move || table.is_pending(line));
    let is_gone = memo(move || sold_out.with(|lines| lines.contains(&line)));
    let name = table.view.with_untracked(|stay| stay.line(line).map(|line| speech.of(&line.name))).unwrap_or_default();
    let total = move || at.money(held.with(|held| held.as_ref().map(Line::total)).unwrap_or_default());
    let each = move || {
        let price = held.with(|held| held.as_ref().filter(|line| line.quantity > 1).map(|line| line.unit_price))?;
        Some(view! { <span class="line-each">{words.each(&at.money(price))}</span> }.erased())
    };
    let details = move || held.with(|held| held.as_ref().map(|line| view! { <LineDetails line=line.clone() /> }.erased()));
    let state = move || match (is_gone.get(), is_pending.get()) {
        (true, _) => Some(with_icon("line-state is-bad", Icon::NotHad, words.line_sold_out)),
        (false, true) => {
            let (icon, told) = under_way(speech, table.link.get());
            Some(with_icon("line-state", icon, told))
        }
        (false, false) => None,
    };
    let no_more = move || is_gone.get() || quantity.get() >= MAX_QUANTITY;
    let change = move |by: i16| {
        table.ask(CartCommand::ChangeQuantity { line, by });
    };
    let edit = move |_| {
        if let Some(held) = held.get_untracked() {
            open_line(at, &held);
        }
    };
    view! {
        <li
            class="cart-line"
            class:is-pending=is_pending
            class:is-sold-out=is_gone
            class:has-arrived=arrived
            data-testid="cart-line"
        >
            <div class="line-what">
                <p class="line-name">{name.clone()}</p>
                {details}
                {state}
            </div>
            <p class="line-price">{total}{each}</p>
            <div class="line-actions">
                <button type="button" class="text-button" aria-haspopup="dialog" aria-label=words.edit(&name) on:click=edit>
                    <Symbol icon=Icon::Pencil />
                </button>
                <button
                    type="button"
                    class="text-button"
                    aria-label=words.remove(&name)
                    on:click=move |_| {
                        focus_open_dialog();
                        table.ask(CartCommand::RemoveLine { line });
                    }
                >
                    <Symbol icon=Icon::Trash />
                </button>
                <div class="stepper" role="group" aria-label=speech.dish().quantity>
                    <button
                        type="button"
                        class="stepper-button"
                        aria-label=speech.dish().one_fewer(&name)
                        disabled=move || quantity.get() <= 1
                        on:click=move |_| change(-1)
                    >
                        <Symbol icon=Icon::Minus />
                    </button>
                    <span class="stepper-number">{quantity}</span>
                    <button
                        type="button"
                        class="stepper-button"
                        aria-label=speech.dish().one_more(&name)
                        disabled=no_more
                        on:click=move |_| change(1)
                    >
                        <Symbol icon=Icon::Plus />
                    </button>
                </div>
            </div>
        </li>
    }
    .erased()
}

/// A line's options and note.
#[component]
pub(crate) fn LineDetails(
    /// The line.
    line: Line,
) -> impl IntoView {
    let speech = speech();
    let options = options_of(speech, &line);
    view! {
        {(!options.is_empty()).then(|| view! { <p class="line-options">{options}</p> })}
        {line.note.map(|note| view! { <p class="line-note">{String::from(note)}</p> })}
    }
    .erased()
}

fn options_of(speech: Speech, line: &Line) -> String {
    line.options.iter().map(|option| speech.of(&option.name)).collect::<Vec<_>>().join(" · ")
}
