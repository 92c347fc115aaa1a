//! The wall of tickets, and marking dishes as sold out.

use super::declare::words;

words! {
    /// The wall of tickets.
    pub struct KitchenWords {
        /// The choice of stations.
        stations { en: "Stations", pt: "Postos", es: "Estaciones", fr: "Postes", de: "Stationen" }
        /// Every station.
        all_stations { en: "All", pt: "Tudo", es: "Todo", fr: "Tout", de: "Alle" }
        /// The tickets on the wall.
        tickets { en: "Tickets", pt: "Talões", es: "Comandas", fr: "Bons", de: "Bons" }
        /// A ticket's age needs an eye.
        watch { en: "Watch", pt: "Atenção", es: "Atención", fr: "À suivre", de: "Achtung" }
        /// A ticket is late.
        late { en: "Late", pt: "Atrasado", es: "Tarde", fr: "En retard", de: "Spät" }
        /// A ticket came just now.
        new { en: "New", pt: "Novo", es: "Nuevo", fr: "Nouveau", de: "Neu" }
        /// Begins with a ticket.
        start { en: "Start", pt: "Iniciar", es: "Empezar", fr: "Commencer", de: "Beginnen" }
        /// Bumps a whole ticket.
        done { en: "Done", pt: "Feito", es: "Hecho", fr: "Terminé", de: "Fertig" }
        /// Takes the last step back.
        undo { en: "Undo", pt: "Desfazer", es: "Deshacer", fr: "Annuler", de: "Zurück" }
        /// Before the other stations of a round.
        also_at { en: "Also at", pt: "Também em", es: "También en", fr: "Aussi à", de: "Auch bei" }
        /// What another station still owes.
        owes(#items) {
            en: "{items} to go",
            pt: "falta {items}" | "faltam {items}",
            es: "falta {items}" | "faltan {items}",
            fr: "reste {items}" | "restent {items}",
            de: "noch {items}",
        }
        /// Nothing is on the wall.
        quiet { en: "All caught up", pt: "Tudo em dia", es: "Todo al día", fr: "Tout est prêt", de: "Alles erledigt" }
        /// Nothing is on the wall: what happens next.
        quiet_hint {
            en: "New tickets appear here by themselves.",
            pt: "Os novos talões aparecem aqui sozinhos.",
            es: "Las nuevas comandas aparecen aquí solas.",
            fr: "Les nouveaux bons arrivent ici tout seuls.",
            de: "Neue Bons erscheinen hier von selbst.",
        }
        /// A ticket whose table was closed.
        withdrawn {
            en: "Table closed: do not make this",
            pt: "Mesa fechada: não preparar",
            es: "Mesa cerrada: no preparar",
            fr: "Table fermée : ne pas préparer",
            de: "Tisch geschlossen: nicht zubereiten",
        }
        /// Somebody has seen it.
        seen { en: "Seen", pt: "Visto", es: "Visto", fr: "Vu", de: "Gesehen" }
        /// The last bumped tickets.
        finished { en: "Just finished", pt: "Acabados de sair", es: "Recién terminados", fr: "Terminés", de: "Gerade fertig" }
        /// No ticket was bumped yet.
        nothing_finished { en: "Nothing yet", pt: "Ainda nada", es: "Nada todavía", fr: "Rien encore", de: "Noch nichts" }
        /// Brings a bumped ticket back.
        recall { en: "Recall", pt: "Repor", es: "Recuperar", fr: "Rappeler", de: "Zurückholen" }
        /// A page of tickets: which, of how many.
        page(number, of) {
            en: "Page {number} of {of}",
            pt: "Página {number} de {of}",
            es: "Página {number} de {of}",
            fr: "Page {number} sur {of}",
            de: "Seite {number} von {of}",
        }
        /// To the page of older tickets.
        earlier { en: "Previous page", pt: "Página anterior", es: "Página anterior", fr: "Page précédente", de: "Vorige Seite" }
        /// To the page of newer tickets.
        later { en: "Next page", pt: "Página seguinte", es: "Página siguiente", fr: "Page suivante", de: "Nächste Seite" }
        /// How many of each dish are open now.
        all_day { en: "All day", pt: "Totais", es: "Totales", fr: "Totaux", de: "Gesamt" }
        /// Beside the all-day counts.
        all_day_hint { en: "open now", pt: "por fazer", es: "pendientes", fr: "en cours", de: "offen" }
        /// The keyboard shortcuts.
        keys { en: "Keys", pt: "Teclas", es: "Teclas", fr: "Touches", de: "Tasten" }
        /// What the keys do.
        keys_hint {
            en: "1–9 choose · Enter start, then done · B done · R recall · ← → pages · ↑ ↓ items",
            pt: "1–9 escolher · Enter iniciar, depois feito · B feito · R repor · ← → páginas · ↑ ↓ itens",
            es: "1–9 elegir · Enter empezar, luego hecho · B hecho · R recuperar · ← → páginas · ↑ ↓ platos",
            fr: "1–9 choisir · Entrée commencer, puis terminé · B terminé · R rappeler · ← → pages · ↑ ↓ plats",
            de: "1–9 wählen · Enter beginnen, dann fertig · B fertig · R zurückholen · ← → Seiten · ↑ ↓ Posten",
        }
        /// The connection is lost: the heading.
        not_live { en: "Not live", pt: "Sem ligação", es: "Sin conexión", fr: "Hors ligne", de: "Nicht verbunden" }
        /// What is shown is old: as of when, and for how many seconds.
        known_at(time, seconds) {
            en: "Showing what was known at {time}, for {seconds} s",
            pt: "A mostrar o que se sabia às {time}, há {seconds} s",
            es: "Se muestra lo que se sabía a las {time}, hace {seconds} s",
            fr: "Affichage de ce qui était connu à {time}, depuis {seconds} s",
            de: "Stand von {time}, seit {seconds} s",
        }
        /// The connection is lost: what happens to taps.
        will_send {
            en: "Keep going: every tap is kept and sent when the connection is back.",
            pt: "Continue: cada toque é guardado e enviado quando a ligação voltar.",
            es: "Siga: cada toque se guarda y se envía cuando vuelva la conexión.",
            fr: "Continuez : chaque geste est gardé et envoyé au retour de la connexion.",
            de: "Einfach weiter: jeder Tipp wird behalten und später gesendet.",
        }
        /// The dialog in which dishes are marked as sold out.
        sold_out_title { en: "Sold out", pt: "Esgotados", es: "Agotados", fr: "Épuisés", de: "Ausverkauft" }
        /// Searches among the dishes.
        find_dish {
            en: "Find a dish",
            pt: "Procurar um prato",
            es: "Buscar un plato",
            fr: "Chercher un plat",
            de: "Gericht suchen",
        }
        /// No dish has that name.
        no_dish_found {
            en: "No dish is called that",
            pt: "Nenhum prato com esse nome",
            es: "Ningún plato se llama así",
            fr: "Aucun plat de ce nom",
            de: "Kein Gericht heißt so",
        }
        /// The options of a dish.
        options { en: "Options", pt: "Opções", es: "Opciones", fr: "Options", de: "Optionen" }
        /// Marks something as sold out.
        mark_sold_out {
            en: "Mark sold out",
            pt: "Marcar esgotado",
            es: "Marcar agotado",
            fr: "Marquer épuisé",
            de: "Ausverkauft melden",
        }
        /// Marks something as back.
        mark_back { en: "Bring back", pt: "Repor à venda", es: "Volver a vender", fr: "Remettre en vente", de: "Wieder da" }
    }
}
