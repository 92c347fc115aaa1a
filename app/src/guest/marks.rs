//! Whom a dish suits and what it contains, in icons and words.

use domain::menu::{Allergen, Diet, Dish};
use leptos::prelude::*;

use crate::parts::{Icon, with_icon};
use crate::words::{Speech, speech};

/// Whom a dish suits: vegan says vegetarian too.
#[component]
pub(crate) fn DietMark(
    /// The dish.
    diets: Option<Diet>,
) -> impl IntoView {
    let speech = speech();
    diets.map(|diet| {
        let icon = if diet == Diet::Vegan { Icon::Sprout } else { Icon::Leaf };
        with_icon("mark mark-diet", icon, speech.diet().diet(diet))
    })
}

/// The strictest diet that a dish suits, of those that are known here.
pub(crate) fn strictest_diet(dish: &Dish) -> Option<Diet> {
    dish.diets.iter().copied().rfind(|diet| *diet != Diet::Unknown)
}

/// The names of allergens, separated by commas, in small letters where the language writes them so.
pub(crate) fn allergen_names<'a>(speech: Speech, allergens: impl IntoIterator<Item = &'a Allergen>) -> String {
    let names: Vec<String> = allergens
        .into_iter()
        .map(|allergen| {
            let name = speech.diet().allergen(*allergen);
            if speech.language == domain::Language::De { name.to_owned() } else { uncapitalised(name) }
        })
        .collect();
    names.join(", ")
}

fn uncapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// What something contains; nothing where it has no declared allergens.
pub(crate) fn contains<'a>(speech: Speech, allergens: impl IntoIterator<Item = &'a Allergen>) -> Option<String> {
    let names = allergen_names(speech, allergens);
    (!names.is_empty()).then(|| speech.diet().contains(&names))
}
