//! What a guest looks for on the menu: words, a diet, and what must not be in it.

use super::marks::strictest_diet;
use domain::Localized;
use domain::menu::{Allergen, Category, Diet, Dish};

/// What a guest looks for. None of it: everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// Words, as they were typed.
    pub(crate) text: String,
    /// Whom it has to suit.
    pub(crate) diet: Option<Diet>,
    /// What must not be in it.
    pub(crate) without: Vec<Allergen>,
}

impl Wishes {
    /// Whether anything is wished at all.
    pub(crate) fn any(&self) -> bool {
        !self.text.trim().is_empty() || self.diet.is_some() || !self.without.is_empty()
    }

    /// Whether the dish, as it can be had at its simplest, is what is looked for.
    pub(crate) fn suits(&self, category: &Category, dish: &Dish) -> bool {
        self.suits_diet(dish)
            && !unavoidable(dish).iter().any(|allergen| self.without.contains(allergen))
            && self.text.split_whitespace().map(folded).all(|word| {
                let has = |text: &Localized| text.texts().any(|text| folded(text).contains(&word));
                has(&dish.name) || has(&dish.description) || has(&category.name)
            })
    }

    fn suits_diet(&self, dish: &Dish) -> bool {
        match self.diet {
            None => true,
            Some(Diet::Vegan) => dish.diets.contains(&Diet::Vegan),
            Some(Diet::Vegetarian | Diet::Unknown) => strictest_diet(dish).is_some(),
        }
    }
}

/// What is in the dish whatever one chooses: its own allergens, and those that a question's answers
/// leave no way around.
pub(crate) fn unavoidable(dish: &Dish) -> Vec<Allergen> {
    let forced = |allergen: &Allergen| {
        dish.groups.iter().any(|group| {
            let free = group.options.iter().filter(|option| !option.allergens.contains(allergen)).count();
            free < usize::from(group.min)
        })
    };
    let all = Allergen::ALL.into_iter().chain([Allergen::Unknown]);
    all.filter(|allergen| dish.allergens.contains(allergen) || forced(allergen)).collect()
}

/// The text in small letters and without accents, so that `acorda` finds `Açorda`.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(without_accent).collect()
}

const fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use domain::menu::{DishOption, OptionGroup};
    use domain::{Amount, Language};

    use super::*;

    fn category() -> Category {
        let name = Localized::from([(Language::En, "Soups"), (Language::Pt, "Sopas")]);
        Category { id: "soups".parse().expect("written for this test"), name, dishes: Vec::new() }
    }

    fn acorda() -> Dish {
        Dish {
            id: "acorda".parse().expect("written for this test"),
            name: Localized::from([(Language::En, "Bread stew"), (Language::Pt, "Açorda de cogumelos")]),
            description: Localized::default(),
            price: Amount(900),
            station: "grill".parse().expect("written for this test"),
            allergens: [Allergen::Gluten].into(),
            diets: [Diet::Vegan].into(),
            groups: Vec::new(),
            photo: None,
        }
    }

    fn with_group(min: u8, allergens: &[Option<Allergen>]) -> Dish {
        let options = allergens
            .iter()
            .enumerate()
            .map(|(i, allergen)| DishOption {
                id: format!("o{i}").parse().expect("written for this test"),
                name: Localized::default(),
                price: Amount::ZERO,
                allergens: allergen.iter().copied().collect(),
            })
            .collect();
        let group =
            OptionGroup { id: "g".parse().expect("written for this test"), name: Localized::default(), min, max: 2, options };
        Dish { groups: vec![group], ..acorda() }
    }

    fn text(text: &str) -> Wishes {
        Wishes { text: text.to_owned(), ..Wishes::default() }
    }

    #[test]
    fn words_are_found_without_their_accents_and_in_every_language_of_the_menu() {
        for found in ["acorda", "AÇORDA", "bread", "cog bread", "sopas", "  "] {
            assert!(text(found).suits(&category(), &acorda()), "{found}");
        }
        assert!(!text("bread octopus").suits(&category(), &acorda()));
    }

    #[test]
    fn what_is_vegan_is_vegetarian_too() {
        let wish = |diet| Wishes { diet: Some(diet), ..Wishes::default() };
        assert!(wish(Diet::Vegetarian).suits(&category(), &acorda()));
        let cheese = Dish { diets: [Diet::Vegetarian].into(), ..acorda() };
        assert!(!wish(Diet::Vegan).suits(&category(), &cheese));
    }

    #[test]
    fn an_allergen_counts_where_no_answer_avoids_it() {
        let milk = Some(Allergen::Milk);
        assert!(!unavoidable(&with_group(0, &[milk, milk])).contains(&Allergen::Milk));
        assert!(!unavoidable(&with_group(1, &[milk, None])).contains(&Allergen::Milk));
        assert!(unavoidable(&with_group(1, &[milk, milk])).contains(&Allergen::Milk));
        assert!(unavoidable(&with_group(2, &[milk, None])).contains(&Allergen::Milk));
        let wish = Wishes { without: vec![Allergen::Milk], ..Wishes::default() };
        assert!(!wish.suits(&category(), &with_group(1, &[milk])));
        assert!(wish.suits(&category(), &acorda()));
    }

    #[test]
    fn blanks_are_no_wish() {
        assert!(!text("  ").any());
        assert!(text("a").any());
    }
}
