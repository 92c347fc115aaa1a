//! The tables, and what they wait for.

use super::declare::words;

words! {
    /// The tables, and what they wait for.
    pub struct FloorWords {
        /// How many tables are taken, of how many.
        tables_taken(#tables, taken) {
            en: "{taken} of {tables} table taken" | "{taken} of {tables} tables taken",
            pt: "{taken} de {tables} mesa ocupada" | "{taken} de {tables} mesas ocupadas",
            es: "{taken} de {tables} mesa ocupada" | "{taken} de {tables} mesas ocupadas",
            fr: "Tables occupées : {taken} sur {tables}",
            de: "{taken} von {tables} Tisch besetzt" | "{taken} von {tables} Tischen besetzt",
        }
        /// Every table.
        tables { en: "Tables", pt: "Mesas", es: "Mesas", fr: "Tables", de: "Tische" }
        /// How many fit.
        seats(#seats) {
            en: "{seats} seat" | "{seats} seats",
            pt: "{seats} lugar" | "{seats} lugares",
            es: "{seats} plaza" | "{seats} plazas",
            fr: "{seats} place" | "{seats} places",
            de: "{seats} Platz" | "{seats} Plätze",
        }
        /// Guests of seats.
        guests(#seats, guests) {
            en: "{guests} of {seats} seat" | "{guests} of {seats} seats",
            pt: "{guests} de {seats} lugar" | "{guests} de {seats} lugares",
            es: "{guests} de {seats} plaza" | "{guests} de {seats} plazas",
            fr: "{guests} sur {seats} place" | "{guests} sur {seats} places",
            de: "{guests} von {seats} Platz" | "{guests} von {seats} Plätzen",
        }
        /// Nobody sits there.
        free { en: "Free", pt: "Livre", es: "Libre", fr: "Libre", de: "Frei" }
        /// Being opened.
        opening { en: "Opening…", pt: "A abrir…", es: "Abriendo…", fr: "Ouverture…", de: "Wird geöffnet…" }
        /// Being closed.
        closing { en: "Closing…", pt: "A fechar…", es: "Cerrando…", fr: "Fermeture…", de: "Wird geschlossen…" }
        /// A party that has sent nothing yet.
        choosing { en: "Choosing", pt: "A escolher", es: "Eligiendo", fr: "Choix en cours", de: "Wählt" }
        /// Items that the kitchen still owes.
        in_kitchen(items) {
            en: "{items} in kitchen",
            pt: "{items} na cozinha",
            es: "{items} en cocina",
            fr: "{items} en cuisine",
            de: "{items} in Arbeit",
        }
        /// The kitchen is late with items, where there is little room.
        late_count(items) {
            en: "{items} late",
            pt: "{items} com atraso",
            es: "{items} con retraso",
            fr: "{items} en retard",
            de: "{items} verspätet",
        }
        /// Items that can be carried out.
        to_serve(items) {
            en: "{items} ready to serve",
            pt: "{items} para servir",
            es: "{items} para servir",
            fr: "{items} à servir",
            de: "{items} fertig",
        }
        /// Everything that was sent is on the table.
        all_served { en: "All served", pt: "Tudo servido", es: "Todo servido", fr: "Tout est servi", de: "Alles serviert" }
        /// Lines in the cart.
        not_sent(lines) {
            en: "{lines} not sent",
            pt: "{lines} por enviar",
            es: "{lines} sin enviar",
            fr: "{lines} à envoyer",
            de: "{lines} nicht gesendet",
        }
        /// What tables wait for.
        needs { en: "Needs someone", pt: "Precisa de alguém", es: "Hay que atender", fr: "À faire", de: "Zu tun" }
        /// No table waits for anything.
        no_needs {
            en: "No table is waiting.",
            pt: "Nenhuma mesa à espera.",
            es: "Ninguna mesa espera.",
            fr: "Aucune table n’attend.",
            de: "Kein Tisch wartet.",
        }
        /// The kitchen is late with items.
        late_at(items) {
            en: "{items} late in the kitchen",
            pt: "{items} com atraso na cozinha",
            es: "{items} con retraso en cocina",
            fr: "{items} en retard en cuisine",
            de: "{items} verspätet in der Küche",
        }
        /// A party that has waited long without ordering.
        nothing_ordered {
            en: "Nothing ordered yet",
            pt: "Ainda sem pedido",
            es: "Aún sin pedido",
            fr: "Rien commandé",
            de: "Noch nichts bestellt",
        }
        /// How many dishes of a first round wait to be accepted.
        first_round(dishes) {
            en: "First order: look at it ({dishes})",
            pt: "Primeiro pedido: veja-o ({dishes})",
            es: "Primer pedido: véalo ({dishes})",
            fr: "Première commande à voir ({dishes})",
            de: "Erste Bestellung ansehen ({dishes})",
        }
        /// How many ask to be let in.
        asks(#people) {
            en: "{people} at the door",
            pt: "{people} à porta",
            es: "{people} en la puerta",
            fr: "{people} à l’entrée",
            de: "{people} möchte dazukommen" | "{people} möchten dazukommen",
        }
    }
}
