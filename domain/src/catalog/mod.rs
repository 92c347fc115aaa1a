//! The catalog: what a venue serves, as it is published in one piece; and what is served of it now.

mod served;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use served::{Choice, Menu, OptionKey, Priced};

use crate::ids::{CategoryId, DishId, GroupId, OptionId, StationId};
use crate::language::{Language, Localized};
use crate::money::{Amount, Currency};
use crate::sorted::Set;

/// The most stations of one catalog.
pub const MAX_STATIONS: usize = 50;
/// The most headings of one catalog.
pub const MAX_CATEGORIES: usize = 100;
/// The most dishes of one catalog.
pub const MAX_DISHES: usize = 1_000;
/// The most option groups of one dish.
pub const MAX_GROUPS: usize = 20;
/// The most options of one group.
pub const MAX_OPTIONS: usize = 50;
/// The longest text of a catalog, in bytes.
pub const MAX_TEXT_BYTES: usize = 1_000;
/// The highest price, in minor units.
pub const MAX_PRICE: Amount = Amount(10_000_000);

/// What a venue serves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The venue's name as it stands on top of the menu.
    pub title: String,
    /// A line below the title.
    #[serde(default)]
    pub subtitle: Localized,
    /// The currency of every price.
    pub currency: Currency,
    /// The languages of its texts; the first is the venue's own. Those of a later release are passed over.
    #[serde(deserialize_with = "crate::language::known")]
    pub languages: Vec<Language>,
    /// Where things are cooked or poured.
    pub stations: Vec<Station>,
    /// The menu's headings, in order.
    pub categories: Vec<Category>,
}

/// Where something is cooked or poured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// What the staff call it.
    pub name: Localized,
}

/// A heading of the menu, with its dishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// The heading.
    pub name: Localized,
    /// The dishes below it, in order.
    pub dishes: Vec<Dish>,
}

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dish {
    /// Its id, unique in the catalog.
    pub id: DishId,
    /// Its name.
    pub name: Localized,
    /// What it is.
    #[serde(default, skip_serializing_if = "Localized::has_no_text")]
    pub description: Localized,
    /// Its price without options.
    pub price: Amount,
    /// The station that makes it.
    pub station: StationId,
    /// What it contains.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub allergens: Set<Allergen>,
    /// Whom it suits.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub diets: Set<Diet>,
    /// What it asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<OptionGroup>,
    /// A drawing or photo in the venue's assets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// A question a dish asks: between `min` and `max` different answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionGroup {
    /// Its id, unique in the dish.
    pub id: GroupId,
    /// The question.
    pub name: Localized,
    /// The fewest answers.
    pub min: u8,
    /// The most answers.
    pub max: u8,
    /// The answers, in order.
    pub options: Vec<DishOption>,
}

/// An answer to a dish's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DishOption {
    /// Its id, unique in the group.
    pub id: OptionId,
    /// The answer.
    pub name: Localized,
    /// What it adds to the price; may be negative.
    #[serde(default)]
    pub price: Amount,
    /// What it adds to the dish's allergens.
    #[serde(default, skip_serializing_if = "Set::is_empty")]
    pub allergens: Set<Allergen>,
}

/// The fourteen allergens that must be declared (Regulation (EU) No 1169/2011, Annex II).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the regulation's")]
pub enum Allergen {
    Gluten,
    Crustaceans,
    Eggs,
    Fish,
    Peanuts,
    Soy,
    Milk,
    Nuts,
    Celery,
    Mustard,
    Sesame,
    Sulphites,
    Lupin,
    Molluscs,
    /// One that a later release knows. It is shown, so that nobody takes the dish for free of it.
    #[serde(other)]
    Unknown,
}

impl Allergen {
    /// Every allergen of the regulation, in its order.
    pub const ALL: [Self; 14] = [
        Self::Gluten,
        Self::Crustaceans,
        Self::Eggs,
        Self::Fish,
        Self::Peanuts,
        Self::Soy,
        Self::Milk,
        Self::Nuts,
        Self::Celery,
        Self::Mustard,
        Self::Sesame,
        Self::Sulphites,
        Self::Lupin,
        Self::Molluscs,
    ];
}

/// Whom a dish suits as it is, without any option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diet {
    /// No meat, no fish.
    Vegetarian,
    /// Nothing from animals.
    Vegan,
    /// One that a later release knows.
    #[serde(other)]
    Unknown,
}

/// What is wrong with a catalog, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct CatalogFault {
    /// Where: `dish caldo-verde, group size`.
    pub place: String,
    /// What, and what to do.
    pub problem: String,
}

impl Catalog {
    /// Every dish with its category, in the menu's order.
    pub fn dishes(&self) -> impl Iterator<Item = (&Category, &Dish)> {
        self.categories.iter().flat_map(|c| c.dishes.iter().map(move |d| (c, d)))
    }

    /// The dish of that id.
    pub fn dish(&self, id: &DishId) -> Option<&Dish> {
        self.dishes().map(|(_, dish)| dish).find(|dish| dish.id == *id)
    }

    /// The station of that id.
    pub fn station(&self, id: &StationId) -> Option<&Station> {
        self.stations.iter().find(|station| station.id == *id)
    }

    /// Everything that keeps this catalog from being published.
    pub fn faults(&self) -> Vec<CatalogFault> {
        let mut faults = Faults::default();
        faults.text("the catalog", "title", &self.title);
        faults.lengths("the catalog", &self.subtitle);
        faults.unless(!self.languages.is_empty(), "the catalog", || "it names no language".into());
        let known = !matches!(self.currency, Currency::Other(_));
        faults.unless(known, "the catalog", || format!("its currency {} is not known here", self.currency.code()));
        faults.unique("language", self.languages.iter().map(|l| l.code()));
        faults.unless((1..=MAX_STATIONS).contains(&self.stations.len()), "the catalog", || {
            format!("it needs 1 to {MAX_STATIONS} stations")
        });
        faults.unless(self.categories.len() <= MAX_CATEGORIES, "the catalog", || {
            format!("it has more than {MAX_CATEGORIES} categories")
        });
        faults.unless(self.dishes().count() <= MAX_DISHES, "the catalog", || format!("it has more than {MAX_DISHES} dishes"));
        faults.unique("station", self.stations.iter().map(|s| s.id.as_str()));
        faults.unique("category", self.categories.iter().map(|c| c.id.as_str()));
        faults.unique("dish", self.dishes().map(|(_, d)| d.id.as_str()));
        for station in &self.stations {
            faults.localized(&format!("station {}", station.id), "name", &station.name);
        }
        for category in &self.categories {
            faults.localized(&format!("category {}", category.id), "name", &category.name);
        }
        for (_, dish) in self.dishes() {
            self.faults_of_dish(dish, &mut faults);
        }
        faults.0
    }

    fn faults_of_dish(&self, dish: &Dish, faults: &mut Faults) {
        let place = format!("dish {}", dish.id);
        faults.localized(&place, "name", &dish.name);
        faults.lengths(&place, &dish.description);
        if let Some(photo) = &dish.photo {
            faults.text(&place, "photo", photo);
        }
        let mut allergens = dish.groups.iter().flat_map(|g| &g.options).flat_map(|o| &o.allergens).chain(&dish.allergens);
        faults.unless(!allergens.any(|a| *a == Allergen::Unknown), &place, || "it names an allergen that there isn't".into());
        faults.unless(!dish.diets.contains(&Diet::Unknown), &place, || "it names a diet that there isn't".into());
        faults.price(&place, dish.price, Amount::ZERO);
        faults.unless(self.station(&dish.station).is_some(), &place, || format!("there is no station {}", dish.station));
        faults.unless(dish.groups.len() <= MAX_GROUPS, &place, || format!("it has more than {MAX_GROUPS} groups"));
        faults.unique(&format!("{place}, group"), dish.groups.iter().map(|g| g.id.as_str()));
        for group in &dish.groups {
            let place = format!("{place}, group {}", group.id);
            faults.localized(&place, "name", &group.name);
            faults.unless(group.min <= group.max && group.max > 0, &place, || {
                "min must not exceed max, and max must be 1 or more".into()
            });
            faults
                .unless(usize::from(group.min) <= group.options.len(), &place, || "it asks for more options than it has".into());
            faults.unless((1..=MAX_OPTIONS).contains(&group.options.len()), &place, || {
                format!("it needs 1 to {MAX_OPTIONS} options")
            });
            faults.unique(&format!("{place}, option"), group.options.iter().map(|o| o.id.as_str()));
            for option in &group.options {
                let place = format!("{place}, option {}", option.id);
                faults.localized(&place, "name", &option.name);
                faults.price(&place, option.price, -MAX_PRICE);
            }
        }
        // A dish must cost something however its questions are answered.
        let cheapest: Amount = dish.groups.iter().map(OptionGroup::cheapest).sum();
        faults.unless(dish.price + cheapest >= Amount::ZERO, &place, || "its options can make its price negative".into());
    }
}

impl Dish {
    /// The price of one of this dish with these options; choices that it doesn't offer add nothing.
    pub fn unit_price(&self, choices: &[Choice]) -> Amount {
        let options = self.groups.iter().flat_map(|group| group.options.iter().map(move |option| (group, option)));
        let is_chosen = |group: &OptionGroup, option: &DishOption| {
            choices.iter().any(|choice| choice.group == group.id && choice.option == option.id)
        };
        self.price + options.filter(|(group, option)| is_chosen(group, option)).map(|(_, option)| option.price).sum()
    }

    /// The price of so many of this dish with these options.
    pub fn total(&self, choices: &[Choice], quantity: u16) -> Amount {
        self.unit_price(choices) * quantity
    }
}

impl OptionGroup {
    /// The least that this group's answers can add to the price.
    fn cheapest(&self) -> Amount {
        let mut prices: Vec<Amount> = self.options.iter().map(|o| o.price).collect();
        prices.sort_unstable();
        let (must, may) = prices.split_at(usize::from(self.min).min(prices.len()));
        let optional = usize::from(self.max.saturating_sub(self.min));
        must.iter().copied().chain(may.iter().copied().take(optional).filter(|p| *p < Amount::ZERO)).sum()
    }
}

/// Gathers what is wrong.
#[derive(Default)]
struct Faults(Vec<CatalogFault>);

impl Faults {
    fn unless(&mut self, fine: bool, place: &str, problem: impl FnOnce() -> String) {
        if !fine {
            self.0.push(CatalogFault { place: place.to_owned(), problem: problem() });
        }
    }

    fn unique<'a>(&mut self, what: &str, ids: impl Iterator<Item = &'a str>) {
        let mut counts = BTreeMap::new();
        for id in ids {
            *counts.entry(id).or_insert(0) += 1;
        }
        for (id, count) in counts {
            self.unless(count == 1, &format!("{what} {id}"), || "this id stands more than once".into());
        }
    }

    fn text(&mut self, place: &str, field: &str, text: &str) {
        self.unless(!text.trim().is_empty(), place, || format!("its {field} is empty"));
        self.unless(text.len() <= MAX_TEXT_BYTES, place, || format!("its {field} is longer than {MAX_TEXT_BYTES} bytes"));
    }

    fn localized(&mut self, place: &str, field: &str, text: &Localized) {
        self.unless(!text.is_empty(), place, || format!("its {field} is empty in every language"));
        self.lengths(place, text);
    }

    fn lengths(&mut self, place: &str, text: &Localized) {
        let fits = text.texts().all(|t| t.len() <= MAX_TEXT_BYTES);
        self.unless(fits, place, || format!("a text is longer than {MAX_TEXT_BYTES} bytes"));
    }

    fn price(&mut self, place: &str, price: Amount, least: Amount) {
        let fits = (least..=MAX_PRICE).contains(&price);
        self.unless(fits, place, || format!("its price must be {} to {} minor units", least.0, MAX_PRICE.0));
    }
}
