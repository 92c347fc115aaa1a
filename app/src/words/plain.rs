//! The pages that hold no restaurant: the first page, and an address that leads nowhere.

use super::declare::words;

words! {
    /// The pages that hold no restaurant.
    pub struct PlainWords {
        /// The first page: its heading.
        landing {
            en: "Scan the code on your table",
            pt: "Leia o código da sua mesa",
            es: "Escanee el código de su mesa",
            fr: "Scannez le code de votre table",
            de: "Scannen Sie den Code am Tisch",
        }
        /// The first page: what to do.
        landing_hint {
            en: "It opens the menu. Everybody at your table shares one order.",
            pt: "Abre a ementa. Todos na mesa partilham um só pedido.",
            es: "Abre la carta. Todos en la mesa comparten un solo pedido.",
            fr: "Il ouvre la carte. Toute la table partage une seule commande.",
            de: "Er öffnet die Karte. Alle am Tisch teilen eine Bestellung.",
        }
        /// The page of an address that leads nowhere: its heading.
        nothing_here {
            en: "There is nothing here",
            pt: "Não há nada aqui",
            es: "Aquí no hay nada",
            fr: "Il n’y a rien ici",
            de: "Hier ist nichts",
        }
        /// The page of an address that leads nowhere: what to do.
        nothing_here_hint {
            en: "Scan the code on your table to see the menu.",
            pt: "Leia o código da sua mesa para ver a ementa.",
            es: "Escanee el código de su mesa para ver la carta.",
            fr: "Scannez le code de votre table pour voir la carte.",
            de: "Scannen Sie den Code am Tisch, um die Karte zu sehen.",
        }
    }
}
