//! One table on the floor: who sits there, what they chose and sent, what can be done.

use super::declare::words;

words! {
    /// One table on the floor.
    pub struct PanelWords {
        /// How long a party has been here.
        seated_for(time) {
            en: "Here for {time}",
            pt: "Aqui há {time}",
            es: "Aquí desde hace {time}",
            fr: "Ici depuis {time}",
            de: "Da seit {time}",
        }
        /// Opens a free table.
        open_table { en: "Open table", pt: "Abrir mesa", es: "Abrir mesa", fr: "Ouvrir la table", de: "Tisch öffnen" }
        /// Who sits there.
        guests_here { en: "Guests", pt: "Clientes", es: "Clientes", fr: "Convives", de: "Gäste" }
        /// Nobody has joined the table yet.
        nobody_yet {
            en: "Nobody has scanned the code yet",
            pt: "Ainda ninguém leu o código",
            es: "Nadie ha escaneado aún el código",
            fr: "Personne n’a encore scanné le code",
            de: "Noch niemand hat den Code gescannt",
        }
        /// What removing a guest does.
        take_off_hint {
            en: "What they chose and nobody has sent goes, too. Whoever comes after has to be let in.",
            pt: "O que escolheu e ninguém enviou também sai. Quem vier depois tem de ser deixado entrar.",
            es: "Lo que eligió y nadie ha enviado también se quita. A quien venga después hay que dejarle entrar.",
            fr: "Ce qui a été choisi sans être envoyé part aussi. Ensuite, il faut laisser entrer chacun.",
            de: "Was gewählt und nicht gesendet ist, geht mit. Wer danach kommt, muss hereingelassen werden.",
        }
        /// Lines not yet sent.
        cart { en: "Not sent yet", pt: "Por enviar", es: "Sin enviar", fr: "Pas encore envoyé", de: "Noch nicht gesendet" }
        /// What was sent comes to.
        total { en: "Total sent", pt: "Total enviado", es: "Total enviado", fr: "Total envoyé", de: "Summe gesendet" }
        /// No round was sent yet.
        sent_nothing {
            en: "Nothing sent yet",
            pt: "Ainda nada enviado",
            es: "Nada enviado aún",
            fr: "Rien d’envoyé",
            de: "Noch nichts gesendet",
        }
        /// Marks what is ready as served.
        serve { en: "Mark served", pt: "Marcar servido", es: "Marcar servido", fr: "Marquer servi", de: "Serviert" }
        /// A first round waits to be accepted.
        waits_for_you {
            en: "First order: send it to the kitchen?",
            pt: "Primeiro pedido: enviar para a cozinha?",
            es: "Primer pedido: ¿enviar a la cocina?",
            fr: "Première commande : l’envoyer en cuisine ?",
            de: "Erste Bestellung: an die Küche senden?",
        }
        /// Accepts it.
        accept { en: "To the kitchen", pt: "Para a cozinha", es: "A la cocina", fr: "En cuisine", de: "An die Küche" }
        /// Does not accept it.
        decline { en: "Don’t accept", pt: "Não aceitar", es: "No aceptar", fr: "Refuser", de: "Nicht annehmen" }
        /// Why it is not accepted: the guests read it.
        decline_reason {
            en: "Why not? The guests read it.",
            pt: "Porquê? Os clientes leem-no.",
            es: "¿Por qué no? Los clientes lo leen.",
            fr: "Pourquoi ? Les clients le lisent.",
            de: "Warum nicht? Die Gäste lesen es.",
        }
        /// Ends a stay.
        close_table { en: "Close table", pt: "Fechar mesa", es: "Cerrar mesa", fr: "Fermer la table", de: "Tisch schließen" }
        /// Asks before a stay is ended.
        close_sure {
            en: "Close this table? The guests can’t order any more.",
            pt: "Fechar esta mesa? Os clientes já não podem pedir.",
            es: "¿Cerrar esta mesa? Los clientes ya no podrán pedir.",
            fr: "Fermer cette table ? Les convives ne pourront plus commander.",
            de: "Diesen Tisch schließen? Die Gäste können dann nicht mehr bestellen.",
        }
        /// Warns before a stay with unserved items is ended.
        close_unserved(items) {
            en: "Not served yet, and dropped: {items}",
            pt: "Por servir, e anulado: {items}",
            es: "Sin servir, y se anula: {items}",
            fr: "Pas encore servi, et annulé : {items}",
            de: "Noch nicht serviert, entfällt: {items}",
        }
        /// Warns before a stay with a filled cart is ended.
        close_unsent(lines) {
            en: "Not sent yet, and dropped: {lines}",
            pt: "Por enviar, e anulado: {lines}",
            es: "Sin enviar, y se anula: {lines}",
            fr: "Pas encore envoyé, et annulé : {lines}",
            de: "Noch nicht gesendet, entfällt: {lines}",
        }
        /// Ends the stay all the same.
        close_yes { en: "Yes, close", pt: "Sim, fechar", es: "Sí, cerrar", fr: "Oui, fermer", de: "Ja, schließen" }
    }
}
