//! What happens at the table, as screen readers are told.

use super::declare::words;

words! {
    /// What happens at the table.
    pub struct NewsWords {
        /// Somebody has joined.
        joined(guest) {
            en: "{guest} joined the table.",
            pt: "{guest} juntou-se à mesa.",
            es: "{guest} se unió a la mesa.",
            fr: "{guest} a rejoint la table.",
            de: "{guest} ist dazugekommen.",
        }
        /// Somebody was removed.
        left(guest) {
            en: "{guest} is not at the table any more.",
            pt: "{guest} já não está à mesa.",
            es: "{guest} ya no está en la mesa.",
            fr: "{guest} n’est plus à la table.",
            de: "{guest} ist nicht mehr am Tisch.",
        }
        /// A guest put a dish into the cart.
        added(guest, dish) {
            en: "{guest} added {dish}.",
            pt: "{guest} juntou {dish}.",
            es: "{guest} añadió {dish}.",
            fr: "{guest} a ajouté {dish}.",
            de: "{guest} hat {dish} hinzugefügt.",
        }
        /// How many of a line there are now.
        changed(dish, quantity) {
            en: "Now {quantity} × {dish}.",
            pt: "Agora {quantity} × {dish}.",
            es: "Ahora {quantity} × {dish}.",
            fr: "Maintenant {quantity} × {dish}.",
            de: "Jetzt {quantity} × {dish}.",
        }
        /// A line was removed.
        removed(dish) {
            en: "{dish} was removed from the order.",
            pt: "{dish} foi retirado do pedido.",
            es: "Se quitó {dish} del pedido.",
            fr: "{dish} : retiré de la commande.",
            de: "{dish} wurde entfernt.",
        }
        /// A round was sent.
        sent(round) {
            en: "Round {round} was sent to the kitchen.",
            pt: "A ronda {round} foi enviada para a cozinha.",
            es: "La ronda {round} se envió a la cocina.",
            fr: "L’envoi {round} est parti en cuisine.",
            de: "Runde {round} ist in der Küche.",
        }
        /// How far something is.
        is_now(what, state) {
            en: "{what}: {state}.",
            pt: "{what}: {state}.",
            es: "{what}: {state}.",
            fr: "{what} : {state}.",
            de: "{what}: {state}.",
        }
        /// A dish of the cart has sold out.
        sold_out(dish) {
            en: "{dish} has just sold out.",
            pt: "{dish} acaba de esgotar.",
            es: "{dish} se acaba de agotar.",
            fr: "{dish} : épuisé à l’instant.",
            de: "{dish} ist gerade ausverkauft.",
        }
    }
}
