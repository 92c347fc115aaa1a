//! How far an item is, on the guests' phones and the staff's screens alike.

use domain::seating::ItemState;

use super::declare::words;

words! {
    /// How far an item is.
    pub struct ItemWords {
        /// The station has it.
        received { en: "Received", pt: "Recebido", es: "Recibido", fr: "Reçu", de: "Angenommen" }
        /// It is being made.
        cooking { en: "Cooking", pt: "A preparar", es: "En marcha", fr: "En préparation", de: "In Arbeit" }
        /// It can be carried out.
        ready { en: "Ready", pt: "Pronto", es: "Listo", fr: "Prêt", de: "Fertig" }
        /// It is on the table.
        served { en: "Served", pt: "Servido", es: "Servido", fr: "Servi", de: "Serviert" }
    }
}

impl ItemWords {
    /// The word for a state.
    pub const fn state(&self, state: ItemState) -> &'static str {
        match state {
            ItemState::Received | ItemState::Unknown => self.received,
            ItemState::Cooking => self.cooking,
            ItemState::Ready => self.ready,
            ItemState::Served => self.served,
        }
    }
}
