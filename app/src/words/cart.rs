//! The table’s cart: its lines, sending it, what it comes to.

use super::declare::words;

words! {
    /// The table’s cart.
    pub struct CartWords {
        /// Heads the sheet of the order.
        your_order {
            en: "The table's order",
            pt: "O pedido da mesa",
            es: "El pedido de la mesa",
            fr: "La commande de la table",
            de: "Bestellung des Tisches",
        }
        /// Opens that sheet.
        view_order {
            en: "View the order",
            pt: "Ver o pedido",
            es: "Ver el pedido",
            fr: "Voir la commande",
            de: "Bestellung ansehen",
        }
        /// How many items are in the cart.
        items(#items) {
            en: "{items} item" | "{items} items",
            pt: "{items} artigo" | "{items} artigos",
            es: "{items} artículo" | "{items} artículos",
            fr: "{items} article" | "{items} articles",
            de: "{items} Position" | "{items} Positionen",
        }
        /// Heads the lines of the cart, and what they come to.
        not_sent_yet {
            en: "Not sent yet",
            pt: "Por enviar",
            es: "Sin enviar",
            fr: "Pas encore envoyé",
            de: "Noch nicht gesendet",
        }
        /// The cart is empty: the heading.
        empty {
            en: "Nothing waits to be sent",
            pt: "Nada por enviar",
            es: "Nada por enviar",
            fr: "Rien n’attend d’être envoyé",
            de: "Nichts wartet aufs Senden",
        }
        /// The cart is empty: what to do.
        empty_hint {
            en: "Tap + beside a dish. Everybody at the table sees it here.",
            pt: "Toque em + ao lado de um prato. Todos na mesa o veem aqui.",
            es: "Toque + junto a un plato. Todos en la mesa lo ven aquí.",
            fr: "Touchez + à côté d’un plat. Toute la table le voit ici.",
            de: "Tippen Sie auf + neben einem Gericht. Alle am Tisch sehen es hier.",
        }
        /// A line that can’t be had any more.
        line_sold_out {
            en: "Sold out. Remove it before sending.",
            pt: "Esgotado. Retire-o antes de enviar.",
            es: "Agotado. Quítelo antes de enviar.",
            fr: "Épuisé. À retirer avant l’envoi.",
            de: "Ausverkauft. Bitte vor dem Senden entfernen.",
        }
        /// Opens a line to be changed.
        edit(dish) { en: "Change {dish}", pt: "Alterar {dish}", es: "Cambiar {dish}", fr: "Modifier {dish}", de: "{dish} ändern" }
        /// Removes a line.
        remove(dish) {
            en: "Remove {dish}",
            pt: "Retirar {dish}",
            es: "Quitar {dish}",
            fr: "Retirer {dish}",
            de: "{dish} entfernen",
        }
        /// What one of a line costs.
        each(price) { en: "{price} each", pt: "{price} cada", es: "{price} cada uno", fr: "{price} pièce", de: "je {price}" }
        /// A command waits for the server.
        sending { en: "Sending…", pt: "A enviar…", es: "Enviando…", fr: "Envoi…", de: "Wird gesendet…" }
        /// A command waits for the connection.
        waits_for_connection {
            en: "Waits for the connection",
            pt: "À espera de ligação",
            es: "Esperando la conexión",
            fr: "Attend la connexion",
            de: "Wartet auf die Verbindung",
        }
        /// Opens the question whether to send the round.
        send {
            en: "Send to the kitchen",
            pt: "Enviar para a cozinha",
            es: "Enviar a la cocina",
            fr: "Envoyer en cuisine",
            de: "An die Küche senden",
        }
        /// Whether to send the round.
        send_question(#items) {
            en: "Send {items} item to the kitchen?" | "Send {items} items to the kitchen?",
            pt: "Enviar {items} artigo para a cozinha?" | "Enviar {items} artigos para a cozinha?",
            es: "¿Enviar {items} artículo a la cocina?" | "¿Enviar {items} artículos a la cocina?",
            fr: "Envoyer {items} article en cuisine ?" | "Envoyer {items} articles en cuisine ?",
            de: "{items} Position an die Küche senden?" | "{items} Positionen an die Küche senden?",
        }
        /// Sends the round.
        send_now { en: "Send now", pt: "Enviar agora", es: "Enviar ya", fr: "Envoyer", de: "Jetzt senden" }
        /// Does not send it yet.
        not_yet { en: "Not yet", pt: "Ainda não", es: "Todavía no", fr: "Pas encore", de: "Noch nicht" }
        /// Why the round can’t be sent.
        remove_sold_out_first {
            en: "Remove what is sold out first.",
            pt: "Retire primeiro o que esgotou.",
            es: "Quite primero lo que está agotado.",
            fr: "Retirez d’abord ce qui est épuisé.",
            de: "Bitte zuerst entfernen, was ausverkauft ist.",
        }
        /// What the table has sent comes to.
        table_total {
            en: "Table so far",
            pt: "Mesa até agora",
            es: "Mesa hasta ahora",
            fr: "La table jusqu’ici",
            de: "Tisch bisher",
        }
        /// What one’s own part of that comes to.
        your_share { en: "Your share", pt: "A sua parte", es: "Su parte", fr: "Votre part", de: "Ihr Anteil" }
    }
}
