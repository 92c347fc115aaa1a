//! The menu: its sections, what is looked for, its dishes.

use super::declare::words;

words! {
    /// The menu.
    pub struct MenuWords {
        /// Heads the sections.
        categories {
            en: "Menu sections",
            pt: "Secções da ementa",
            es: "Secciones de la carta",
            fr: "Rubriques de la carte",
            de: "Abschnitte der Karte",
        }
        /// The field for a search.
        search {
            en: "Search the menu",
            pt: "Procurar na ementa",
            es: "Buscar en la carta",
            fr: "Chercher dans la carte",
            de: "In der Karte suchen",
        }
        /// Heads the filters.
        filters { en: "Filters", pt: "Filtros", es: "Filtros", fr: "Filtres", de: "Filter" }
        /// Heads the allergens that must not be in a dish.
        without { en: "Without…", pt: "Sem…", es: "Sin…", fr: "Sans…", de: "Ohne…" }
        /// Ends the search and the filters.
        clear_filters {
            en: "Clear filters",
            pt: "Limpar filtros",
            es: "Quitar filtros",
            fr: "Effacer les filtres",
            de: "Filter zurücksetzen",
        }
        /// How many dishes match.
        found(#dishes) {
            en: "{dishes} dish" | "{dishes} dishes",
            pt: "{dishes} prato" | "{dishes} pratos",
            es: "{dishes} plato" | "{dishes} platos",
            fr: "{dishes} plat" | "{dishes} plats",
            de: "{dishes} Gericht" | "{dishes} Gerichte",
        }
        /// No dish matches.
        nothing_found {
            en: "Nothing on the menu matches",
            pt: "Nada na ementa corresponde",
            es: "Nada en la carta coincide",
            fr: "Rien sur la carte ne correspond",
            de: "Nichts auf der Karte passt",
        }
        /// No dish matches: what to do.
        nothing_found_hint {
            en: "Try another word, or fewer filters.",
            pt: "Tente outra palavra, ou menos filtros.",
            es: "Pruebe otra palabra o menos filtros.",
            fr: "Essayez un autre mot, ou moins de filtres.",
            de: "Versuchen Sie ein anderes Wort oder weniger Filter.",
        }
        /// What a dish costs at least.
        from(price) { en: "from {price}", pt: "desde {price}", es: "desde {price}", fr: "dès {price}", de: "ab {price}" }
        /// Adds a dish that asks nothing.
        add_dish(dish) {
            en: "Add {dish}",
            pt: "Juntar {dish}",
            es: "Añadir {dish}",
            fr: "Ajouter {dish}",
            de: "{dish} hinzufügen",
        }
        /// Opens a dish that asks something.
        choose_dish(dish) {
            en: "Choose options for {dish}",
            pt: "Escolher opções de {dish}",
            es: "Elegir opciones de {dish}",
            fr: "Choisir les options : {dish}",
            de: "Optionen wählen: {dish}",
        }
        /// How many of a dish are in the cart.
        in_order(count) {
            en: "{count} in the order",
            pt: "{count} no pedido",
            es: "{count} en el pedido",
            fr: "{count} dans la commande",
            de: "{count} in der Bestellung",
        }
    }
}
