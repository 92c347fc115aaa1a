//! “86”: marks dishes and options as sold out, or as back.

use domain::menu::{Dish, Menu, MenuCommand, OptionKey};
use leptos::prelude::*;

use super::wall::Wall;
use crate::parts::{Dialog, Erase, Icon, Symbol};
use crate::staff::{flag, in_order, part};
use crate::words::Speech;

/// Something that can be sold out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    name: String,
    /// What has to be asked to change it.
    command: MenuCommand,
    is_sold_out: bool,
    /// A change is under way.
    is_waiting: bool,
    /// The options of a dish.
    options: Vec<Row>,
}

/// The dialog.
#[component]
pub fn SoldOut(
    /// What is shown.
    wall: Wall,
) -> impl IntoView {
    let words = wall.speech.kitchen();
    view! {
        <Dialog
            open=wall.sold_out
            on_close=move |()| wall.sold_out.set(false)
            title=words.sold_out_title.to_owned()
            class="dialog sold-out-dialog"
        >
            <Dishes wall />
        </Dialog>
    }
    .erased()
}

#[component]
fn Dishes(wall: Wall) -> impl IntoView {
    let words = wall.speech.kitchen();
    let wanted = RwSignal::new(String::new());
    let rows = Memo::new(move |_| {
        let wanted = wanted.with(|text| plain(text));
        wall.house.menu_waiting(|waiting| {
            let is_waiting = |command: &MenuCommand| waiting.iter().any(|pending| pending.command == *command);
            wall.house.menu(|menu| rows(menu, wall.speech, &wanted, &is_waiting))
        })
    });
    let list = part(move || rows.get().into_iter().map(|row| dish_row(wall, row)).collect_view().erased());
    view! {
        <div class="sold-out">
            <label class="sold-out-search">
                <Symbol icon=Icon::Search />
                <span class="only-read">{words.find_dish}</span>
                <input
                    type="search"
                    class="text-input"
                    placeholder=words.find_dish
                    autocomplete="off"
                    prop:value=wanted
                    on:input:target=move |event| wanted.set(event.target().value())
                />
            </label>
            <ul class="sold-out-list">{list}</ul>
            <p class="sold-out-none" hidden=flag(move || !rows.with(Vec::is_empty))>{words.no_dish_found}</p>
        </div>
    }
    .erased()
}

fn dish_row(wall: Wall, row: Row) -> AnyView {
    let words = wall.speech.kitchen();
    let options = row.options.clone();
    let has_sold_out = options.iter().any(|option| option.is_sold_out);
    let details = (!options.is_empty()).then(|| {
        let options =
            options.into_iter().map(|option| view! { <li class="sold-out-row">{switch(wall, option)}</li> }).collect_view();
        view! {
            <details class="sold-out-options" open=has_sold_out>
                <summary>{words.options}</summary>
                <ul>{options}</ul>
            </details>
        }
    });
    view! {
        <li class="sold-out-dish">
            <div class="sold-out-row">{switch(wall, row)}</div>
            {details}
        </li>
    }
    .erased()
}

/// The name, and the button that changes it.
fn switch(wall: Wall, row: Row) -> AnyView {
    let words = wall.speech.kitchen();
    let Row { name, command, is_sold_out, is_waiting, .. } = row;
    let label = if is_sold_out { words.mark_back } else { words.mark_sold_out };
    let shown = if is_waiting { wall.speech.staff().sending } else { label };
    let spoken = format!("{shown}: {name}");
    view! {
        <span class="sold-out-name" class:is-sold-out=is_sold_out>
            {name}
            {is_sold_out.then(|| view! { <strong class="sold-out-word">{wall.speech.common().sold_out}</strong> })}
        </span>
        <button
            type="button"
            class="sold-out-switch"
            class:is-waiting=is_waiting
            class:is-sold-out=is_sold_out
            aria-label=spoken
            on:click=move |_| wall.house.ask_menu(command.clone())
        >
            {shown}
        </button>
    }
    .erased()
}

/// The dishes whose name holds `wanted`; what is sold out comes first.
fn rows(menu: &Menu, speech: Speech, wanted: &str, is_waiting: &dyn Fn(&MenuCommand) -> bool) -> Vec<Row> {
    let rows: Vec<Row> = menu
        .catalog
        .dishes()
        .map(|(_, dish)| dish)
        .filter(|dish| plain(&speech.of(&dish.name)).contains(wanted))
        .map(|dish| {
            let is_sold_out = menu.sold_out.contains(&dish.id);
            let command = MenuCommand::SetDishSoldOut { dish: dish.id.clone(), sold_out: !is_sold_out };
            let is_waiting_here = is_waiting(&command);
            let options = options(menu, dish, speech, is_waiting);
            Row { name: speech.of(&dish.name), command, is_sold_out, is_waiting: is_waiting_here, options }
        })
        .collect();
    let is_concerned = |row: &Row| row.is_sold_out || row.options.iter().any(|option| option.is_sold_out);
    in_order(rows, |row| u64::from(!is_concerned(row)))
}

fn options(menu: &Menu, dish: &Dish, speech: Speech, is_waiting: &dyn Fn(&MenuCommand) -> bool) -> Vec<Row> {
    let groups = dish.groups.iter().flat_map(|group| group.options.iter().map(move |option| (group, option)));
    groups
        .map(|(group, option)| {
            let is_sold_out = menu.is_option_sold_out(&dish.id, &group.id, &option.id);
            let key = OptionKey { dish: dish.id.clone(), group: group.id.clone(), option: option.id.clone() };
            let command = MenuCommand::SetOptionSoldOut { option: key, sold_out: !is_sold_out };
            let is_waiting = is_waiting(&command);
            let name = format!("{} · {}", speech.of(&group.name), speech.of(&option.name));
            Row { name, command, is_sold_out, is_waiting, options: Vec::new() }
        })
        .collect()
}

/// A text as it is searched: small letters without accents.
fn plain(text: &str) -> String {
    let bare = |c: char| match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        other => other,
    };
    text.trim().to_lowercase().chars().map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_hides_no_dish() {
        assert_eq!(plain(" Pão de Açúcar "), "pao de acucar");
        assert!(plain("Amêijoas à Bulhão Pato").contains(&plain("AMEIJOAS A")));
    }
}
